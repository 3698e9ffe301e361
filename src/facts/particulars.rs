//! What is read of a document beyond the facts of every page, by its kind. Small: the fold of a site keeps it.

use super::accounts::Accounts;
use super::interpretation::{self, Interpretation};
use super::solicitation::{self, Solicitation, SolicitationResult};
use super::{attachments::Attachment, dates::DateFact, document::Document, document_kind::DocumentKind, links::Link};
use crate::text::to_simplified;
use serde::{Deserialize, Serialize};

/// Of one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Particulars {
    /// 意见征集
    Solicitation(Solicitation),
    /// 意见反馈
    Result(SolicitationResult),
    /// 政策解读
    Interpretation(Interpretation),
    /// 部门决算
    Accounts(Accounts),
    /// 规范性文件
    Document(Related),
}

/// What a document's page shows of a block for related pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// Does a script of the page speak of interpretations or related documents? It may fill the block.
    pub scripted: bool,
}

/// What it is read from.
pub(super) struct Sources<'a> {
    /// The page's kind of document.
    pub(super) kind: DocumentKind,
    /// Names of the columns above, outermost first.
    pub(super) path: Vec<&'a str>,
    /// Title and text.
    pub(super) document: &'a Document,
    /// Links.
    pub(super) links: &'a [Link],
    /// Files.
    pub(super) attachments: &'a [Attachment],
    /// Dates.
    pub(super) dates: &'a [DateFact],
    /// Is there a film or a sound in the page?
    pub(super) film: bool,
    /// Is there a field to write a text in?
    pub(super) writes: bool,
    /// Does an own script hold one of these words?
    pub(super) script_holds: &'a dyn Fn(&[&str]) -> bool,
}

impl Sources<'_> {
    /// Does a script speak of related pages?
    pub(super) fn scripted(&self) -> bool {
        (self.script_holds)(&[
            "相关解读",
            "相关文件",
            "政策解读",
            "文件解读",
            "相关政策",
            "解读链接",
            "xgjd",
            "xgwj",
            "xgzc",
            "wjjd",
        ])
    }
}

/// Of a page, when it is of a kind that has particulars.
pub(super) fn read(sources: &Sources<'_>) -> Option<Box<Particulars>> {
    use DocumentKind::{Interpretation as OfInterpretation, Solicitation as OfSolicitation, SolicitationResult as OfResult};
    // The words that are looked for are Simplified; a page in Traditional characters says the same.
    let simplified = matches!(sources.kind, OfSolicitation | OfResult | OfInterpretation).then(|| simplified(sources.document));
    let sources = &Sources { document: simplified.as_ref().unwrap_or(sources.document), path: sources.path.clone(), ..*sources };
    let particulars = match sources.kind {
        DocumentKind::Solicitation => Particulars::Solicitation(solicitation::read::solicitation(sources)),
        DocumentKind::SolicitationResult => Particulars::Result(solicitation::read::result(sources)),
        DocumentKind::Interpretation => Particulars::Interpretation(interpretation::read(sources)),
        DocumentKind::NormativeDocument => Particulars::Document(Related { scripted: sources.scripted() }),
        _ => Particulars::Accounts(Accounts::of(
            &sources.document.best_title,
            sources.document.main.iter().map(|b| b.text.as_str()),
        )?),
    };
    Some(Box::new(particulars))
}

fn simplified(document: &Document) -> Document {
    let mut copy = document.clone();
    let texts = copy.main.iter_mut().chain(&mut copy.around).map(|block| &mut block.text);
    for text in texts.chain([&mut copy.best_title]) {
        if let std::borrow::Cow::Owned(converted) = to_simplified(text)
            && converted != *text
        {
            *text = converted;
        }
    }
    copy
}
