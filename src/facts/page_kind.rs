//! home, column, article, other.

use serde::{Deserialize, Serialize};

/// What a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PageKind {
    /// The first page of a site.
    Home,
    /// A list of items or of sub-columns.
    Column,
    /// One article or document.
    Article,
    /// Forms, search pages, frames, what cannot be told.
    Other,
}
