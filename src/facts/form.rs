//! Forms of a page: what a visitor can ask, send or search for.

use super::links::Region;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// One control of a form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Control {
    /// `name` attribute.
    pub name: String,
    /// `text`, `search`, `hidden`, `select`, `textarea`, `submit` …
    pub kind: String,
    /// Its label: `<label>`, `aria-label`, `title`, `placeholder`, or the text before it.
    pub label: String,
}

/// One form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Where it sends; the page itself without `action`.
    pub action: Option<CanonicalUrl>,
    /// `get` or `post`.
    pub method: String,
    /// Its controls in order, at most 60.
    pub controls: Vec<Control>,
    /// Text inside and the nearest heading above, squeezed, at most 400 characters.
    pub text: String,
    /// Where on the page.
    pub region: Region,
    /// Hidden, and by what.
    pub hidden: Option<String>,
    /// CSS path.
    pub selector: String,
    /// Line in the source, from 1, where known.
    pub line: Option<u32>,
}
