//! Links with their position on the page.

use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// What kind of element refers to the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// `<a href>`, `<area href>`.
    Anchor,
    /// `<img src>`.
    Image,
    /// `<iframe src>`, `<frame src>`.
    Frame,
    /// `<script src>`.
    Script,
    /// `<link rel=stylesheet href>`.
    Style,
    /// `<meta http-equiv=refresh>`.
    Refresh,
    /// A URL in script or an option value that looks like an own page; never judged dead.
    Guess,
}

/// Region of the page in which a link or text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    /// Head area and navigation.
    Header,
    /// Main content.
    Main,
    /// Bottom area.
    Footer,
    /// In `<head>` or not to be told.
    Unknown,
}

/// One reference to another resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Resolved target; none when the reference is no http(s) URL (mailto, javascript, malformed).
    pub target: Option<CanonicalUrl>,
    /// The attribute as written, at most 2,048 characters.
    pub raw: String,
    /// Link text, or alternative text of an image inside, squeezed, at most 300 characters.
    pub text: String,
    /// `title` attribute.
    pub title: Option<String>,
    /// Element that refers.
    pub role: Role,
    /// Where on the page.
    pub region: Region,
    /// `rel` tokens, lower case.
    pub rel: Vec<String>,
    /// Hidden by inline style, attribute or enclosing element; the cause in a word.
    pub hidden: Option<String>,
    /// CSS path from the nearest element with an id, `tag:nth-of-type(n)` steps, at most 6 steps.
    pub selector: String,
    /// Line in the source, from 1, where known.
    pub line: Option<u32>,
    /// How many times the same target occurs with the same role on this page (this entry is the first).
    pub times: u32,
}
