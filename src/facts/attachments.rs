//! Files offered for download on a page.

use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// One file link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Where it is.
    pub url: CanonicalUrl,
    /// Name shown.
    pub name: String,
    /// Extension, lower case: pdf, doc, docx, wps, ofd, xls, xlsx, et, ppt, pptx, zip, rar, 7z, txt, csv.
    pub extension: String,
}

/// Extensions that make a link an attachment.
pub const EXTENSIONS: [&str; 18] = [
    "pdf", "doc", "docx", "wps", "ofd", "xls", "xlsx", "et", "ppt", "pptx", "zip", "rar", "7z", "txt", "csv", "rtf", "dps", "ceb",
];
