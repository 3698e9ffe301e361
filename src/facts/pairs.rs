//! Pages that belong together: document ↔ interpretation, solicitation ↔ result.

pub(super) mod draft;
pub(super) mod wording;

use crate::url::CanonicalUrl;

/// What ties two pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PairKind {
    /// A document and what interprets it.
    Interpretation,
    /// A solicitation of comments and its result.
    SolicitationResult,
}

/// Two pages that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// What ties them.
    pub kind: PairKind,
    /// The document, the solicitation.
    pub first: CanonicalUrl,
    /// The interpretation, the result.
    pub second: CanonicalUrl,
    /// Does the first link to the second?
    pub linked_forward: bool,
    /// Does the second link to the first?
    pub linked_back: bool,
    /// Is it certain (a link, a quoted title or number), or only alike by title?
    pub sure: bool,
    /// What speaks for it, in words.
    pub evidence: String,
}

/// The pairs whose first is this page. Pairs are sorted by kind, first and second, as [`super::Site::pairs`] is.
pub fn of_first<'a>(pairs: &'a [Pair], kind: PairKind, first: &CanonicalUrl) -> &'a [Pair] {
    let from = pairs.partition_point(|pair| (pair.kind, &pair.first) < (kind, first));
    let length = pairs[from..].partition_point(|pair| (pair.kind, &pair.first) == (kind, first));
    &pairs[from..from + length]
}
