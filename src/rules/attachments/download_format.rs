//! A document that is published to be used is offered for download in the forms asked for: WORD to copy from, PDF to keep.
//!
//! Only kinds of document that the page surely is. Files whose names say that they are annexes are not the document itself: where only
//! such files have the form, a person has to look. A button without a file address counts by what is written on it.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::document_kind::DocumentKind;
use crate::facts::links::Role;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// A form of download.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A text that can be edited.
    Word,
    /// A fixed page.
    Pdf,
    /// The national fixed page.
    Ofd,
}

impl Form {
    fn word(self) -> &'static str {
        match self {
            Form::Word => "word",
            Form::Pdf => "pdf",
            Form::Ofd => "ofd",
        }
    }

    fn extensions(self) -> &'static [&'static str] {
        match self {
            Form::Word => &["doc", "docx", "wps"],
            Form::Pdf => &["pdf"],
            Form::Ofd => &["ofd"],
        }
    }

    /// What buttons say.
    fn labels(self) -> &'static [&'static str] {
        match self {
            Form::Word => &["word", "wps", "doc", "文字版"],
            Form::Pdf => &["pdf"],
            Form::Ofd => &["ofd"],
        }
    }
}

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DownloadFormat {
    /// Kinds of document that have to be offered for download.
    kinds: Vec<DocumentKind>,
    /// The forms, every one.
    forms: Vec<Form>,
}

impl Default for DownloadFormat {
    fn default() -> Self {
        DownloadFormat { kinds: vec![DocumentKind::NormativeDocument], forms: vec![Form::Word, Form::Pdf] }
    }
}

/// How a page offers a form.
#[derive(PartialEq)]
enum Offer {
    Document,
    /// By files that are annexes by name, or in a way that shows no file.
    Unclear,
    Nothing,
}

impl Rule for DownloadFormat {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        if !page.document_kind.sure || !self.kinds.contains(&page.document_kind.kind) || self.forms.is_empty() {
            return vec![Observation::inapplicable()];
        }
        let of = |wanted: &Offer| -> Vec<String> {
            self.forms.iter().filter(|form| offer(page, **form) == *wanted).map(|form| form.word().to_owned()).collect()
        };
        let (missing, unclear) = (of(&Offer::Nothing), of(&Offer::Unclear));
        let offered: Vec<String> = page.attachments.iter().take(10).map(|a| a.name.clone()).collect();
        let place = |observation: Observation, forms: Vec<String>| {
            observation
                .with("forms", forms)
                .with("title", page.title())
                .prove("files", offered.join("\n"))
                .seen(Location::text(&page.url, page.title()))
        };
        match (missing.is_empty(), unclear.is_empty()) {
            (true, true) => vec![Observation::passed()],
            (true, false) => vec![place(Observation::cannot_tell("unclear"), unclear)],
            (false, _) => {
                let locus = Locus::Name(missing.join("+"));
                vec![place(Observation::failed("missing"), missing).at(locus)]
            }
        }
    }
}

fn offer(page: &Page, form: Form) -> Offer {
    let files = page.attachments.iter().filter(|a| form.extensions().contains(&a.extension.as_str()));
    let (annexes, own): (Vec<_>, Vec<_>) = files.partition(|a| is_annex(&a.name));
    if !own.is_empty() {
        return Offer::Document;
    }
    // A button that a script serves, a viewer in a frame.
    let says = |text: &str| form.labels().iter().any(|label| fold(text).contains(label));
    let button = page.links.iter().any(|link| {
        let text = link.title.as_deref().unwrap_or_default();
        match link.role {
            Role::Anchor => says(&link.text) || says(text),
            Role::Frame | Role::Guess => {
                form.extensions().iter().any(|e| link.raw.to_ascii_lowercase().contains(&format!(".{e}")))
            }
            Role::Image => link.raw.rsplit('/').next().is_some_and(says) && fold(&link.text).contains("下载"),
            _ => false,
        }
    });
    if button || !annexes.is_empty() { Offer::Unclear } else { Offer::Nothing }
}

/// 附件1：…, 附表 …: a part of the document, not the whole.
fn is_annex(name: &str) -> bool {
    let name = fold(name);
    ["附件", "附表", "附录", "附图"].iter().any(|word| name.starts_with(word) || name.starts_with(&format!("({word}")))
        || ["申请表", "登记表", "一览表", "汇总表"].iter().any(|word| name.contains(word))
}
