//! Every file offered for download opens: it holds something, is what its name says, needs no password, and can be read.
//!
//! Names and contents that every office program takes for each other (a `.wps` that is a Word text, a `.doc` in the newer format or
//! in RTF) are one. What only our reader could not manage is suspected: a person opens the file.

use crate::exchange::Gathering;
use crate::facts::File;
use crate::facts::document_kind::DocumentKind;
use crate::facts::file::{FileKind, Reading};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// No byte in it.
    Empty,
    /// Another format than its name says.
    Mismatch,
    /// Needs a password.
    Encrypted,
    /// Breaks its own format.
    Damaged,
    /// Costs more to read than a document does.
    Limit,
    /// An archive in an archive in an archive.
    Nested,
    /// Pictures of pages only.
    Scanned,
}

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AttachmentFormat {
    /// What is looked at.
    checks: Vec<Check>,
    /// Kinds of document whose files need a text layer.
    text_layer: Vec<DocumentKind>,
    /// Share of pages without text from which on a file is a scan.
    scanned_share: f64,
}

impl Default for AttachmentFormat {
    fn default() -> Self {
        use Check::{Damaged, Empty, Encrypted, Limit, Mismatch, Nested, Scanned};
        AttachmentFormat {
            checks: vec![Empty, Mismatch, Encrypted, Damaged, Limit, Nested, Scanned],
            text_layer: vec![DocumentKind::NormativeDocument, DocumentKind::OtherDocument],
            scanned_share: 1.0,
        }
    }
}

impl Rule for AttachmentFormat {
    type Subject = File;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::Attachments];

    fn observe(&self, file: &File, context: &Context<'_>) -> Vec<Observation> {
        let place = |observation: Observation| {
            let at = file.via.as_ref().unwrap_or(&file.url);
            observation
                .with("name", shown_name(file))
                .with("extension", promised(file))
                .prove("file", file.url.as_str())
                .prove("bytes", file.bytes.to_string())
                .prove("sha256", file.digest.as_str())
                .seen(Location::text(at, shown_name(file)))
        };
        let found = self.fault(file, context).map(|(key, observation)| place(observation.at(Locus::Name(key.to_owned()))));
        match found {
            Some(fault) => vec![fault],
            None if file.reading == Reading::Unread && file.bytes > 0 => vec![place(Observation::cannot_tell("unread"))],
            None => vec![Observation::passed()],
        }
    }
}

impl AttachmentFormat {
    fn asks(&self, check: Check) -> bool {
        self.checks.contains(&check)
    }

    /// The one fault of a file: an empty file is not a damaged one as well.
    fn fault(&self, file: &File, context: &Context<'_>) -> Option<(&'static str, Observation)> {
        if file.bytes == 0 {
            return self.asks(Check::Empty).then(|| ("empty", Observation::failed("empty")));
        }
        match &file.reading {
            Reading::Encrypted => {
                let fault = Observation::failed("encrypted");
                // Workbooks that are only protected against changes carry a password that every program knows.
                let sheet = matches!(promised(file).as_str(), "xls" | "xlsx" | "et") || file.kind == FileKind::Xls;
                return self.asks(Check::Encrypted).then(|| ("encrypted", if sheet { fault.suspected() } else { fault }));
            }
            Reading::Limit(reason) if reason == "depth" => {
                return self.asks(Check::Nested).then(|| ("nested", Observation::failed("nested")));
            }
            _ => {}
        }
        if self.asks(Check::Mismatch)
            && let Some(fault) = mismatch(file)
        {
            return Some(("mismatch", fault));
        }
        match &file.reading {
            Reading::Damaged(why) => {
                let fault = Observation::failed("damaged").suspected().with("detail", why.as_str()).prove("reader", why.as_str());
                self.asks(Check::Damaged).then_some(("damaged", fault))
            }
            Reading::Limit(reason) => {
                let fault = Observation::failed("limit").suspected().with("limit", reason.as_str());
                self.asks(Check::Limit).then_some(("limit", fault))
            }
            Reading::Read if self.asks(Check::Scanned) => self.scan(file, context).map(|fault| ("scanned", fault)),
            _ => None,
        }
    }

    /// A scan where text is wanted, unless the same page offers a file with text beside it.
    fn scan(&self, file: &File, context: &Context<'_>) -> Option<Observation> {
        let (pages, scanned) = (file.pages.filter(|pages| *pages > 0)?, file.scanned_pages?);
        let page = context.site.pages.get(file.via.as_ref()?)?;
        let wanted = page.document_kind.is_some_and(|kind| self.text_layer.contains(&kind));
        if !wanted || scanned == 0 || f64::from(scanned) < self.scanned_share * f64::from(pages) {
            return None;
        }
        (!has_text_beside(file, &page.url, context)).then(|| {
            Observation::failed("scanned").suspected().with("pages", i64::from(pages)).with("scanned", i64::from(scanned))
        })
    }
}

/// Does the page offer another file that can be read?
fn has_text_beside(file: &File, page: &CanonicalUrl, context: &Context<'_>) -> bool {
    const ENOUGH: u64 = 100;
    let mut offered = context.site.own_targets(page).filter(|target| target.attachment && target.url != file.url);
    offered.any(|target| context.site.files.get(&target.url).is_some_and(|other| other.characters >= ENOUGH))
}

/// The extension under which a reader saves it.
fn promised(file: &File) -> String {
    let served = file.served_name.as_deref().and_then(|name| name.rsplit_once('.')).map(|(_, e)| e.to_ascii_lowercase());
    served.filter(|e| !e.is_empty() && e.len() <= 5 && e.is_ascii()).unwrap_or_else(|| file.extension.clone())
}

fn shown_name(file: &File) -> String {
    let of_url = || file.url.path().rsplit('/').next().unwrap_or_default().to_owned();
    let name = Some(file.name.clone()).filter(|name| !name.trim().is_empty()).or_else(|| file.served_name.clone());
    name.unwrap_or_else(of_url)
}

/// How a content fits a name.
#[derive(PartialEq)]
enum Fit {
    /// It is that, or opens as that everywhere.
    Same,
    /// Many programs open it all the same.
    Near,
    /// No.
    Other,
}

fn fit(extension: &str, kind: FileKind) -> Fit {
    use FileKind::{Doc, Docx, Html, Image, Ofd, Pdf, Ppt, Pptx, Rar, Rtf, SevenZip, Text, Unknown, Xls, Xlsx, Zip};
    let (same, near): (&[FileKind], &[FileKind]) = match extension {
        "pdf" => (&[Pdf], &[]),
        "ofd" => (&[Ofd], &[]),
        // Older programs write RTF, HTML and XML under this name, and the name is all that the newer ones look at.
        "doc" => (&[Doc, Docx, Rtf], &[Html, Text, Unknown]),
        "docx" => (&[Docx], &[]),
        "wps" => (&[Doc, Docx, Rtf], &[Html, Text, Unknown]),
        "xls" => (&[Xls, Xlsx], &[Html, Text, Unknown]),
        "xlsx" => (&[Xlsx], &[]),
        "et" => (&[Xls, Xlsx], &[Html, Text, Unknown]),
        "ppt" => (&[Ppt, Pptx], &[Html, Unknown]),
        "pptx" => (&[Pptx], &[]),
        "dps" => (&[Ppt, Pptx], &[Unknown]),
        "zip" => (&[Zip], &[Rar, SevenZip]),
        // Programs for RAR and 7z open the others, too.
        "rar" => (&[Rar, Zip, SevenZip], &[]),
        "7z" => (&[SevenZip, Rar, Zip], &[]),
        "rtf" => (&[Rtf, Doc, Docx], &[Text]),
        "txt" | "csv" => (&[Text], &[Html, Unknown]),
        // Formats that we do not know by their bytes.
        _ => (&[Pdf, Ofd, Doc, Docx, Xls, Xlsx, Ppt, Pptx, Zip, Rar, SevenZip, Rtf, Text, Image, Unknown], &[Html]),
    };
    match () {
        () if same.contains(&kind) => Fit::Same,
        () if near.contains(&kind) => Fit::Near,
        () => Fit::Other,
    }
}

fn mismatch(file: &File) -> Option<Observation> {
    let extension = promised(file);
    // A container that does not open does not show what it holds.
    let broken = matches!(file.reading, Reading::Damaged(_)) && matches!(file.kind, FileKind::Zip | FileKind::Unknown);
    if extension.is_empty() || broken {
        return None;
    }
    let key = if file.kind == FileKind::Unknown { "unrecognised" } else { "mismatch" };
    let fault = || Observation::failed(key).with("kind", word(file.kind)).prove("kind", word(file.kind));
    match fit(&extension, file.kind) {
        Fit::Same => None,
        Fit::Near => Some(fault().suspected()),
        Fit::Other => Some(fault()),
    }
}

fn word(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "pdf",
        FileKind::Docx => "docx",
        FileKind::Xlsx => "xlsx",
        FileKind::Pptx => "pptx",
        FileKind::Doc => "doc",
        FileKind::Xls => "xls",
        FileKind::Ppt => "ppt",
        FileKind::Ofd => "ofd",
        FileKind::Zip => "zip",
        FileKind::Rar => "rar",
        FileKind::SevenZip => "seven-zip",
        FileKind::Rtf => "rtf",
        FileKind::Text => "text",
        FileKind::Html => "html",
        FileKind::Image => "image",
        FileKind::Unknown => "unknown",
    }
}
