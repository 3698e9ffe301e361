//! `<meta name content>`: the page tags of 国办发〔2017〕47号 and others.

use serde::{Deserialize, Serialize};

/// One tag as written; markup inside the content is stripped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetaTag {
    /// `name` (or `property`) as written.
    pub name: String,
    /// `content`, squeezed.
    pub content: String,
}
