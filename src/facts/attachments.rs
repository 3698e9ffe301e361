//! Files offered for download on a page.

use super::links::{Link, Role};
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

/// Every file link of a page in document order: by the extension of the path, of a query value (`download?file=a.pdf`), or of the
/// name shown.
pub(super) fn collect(links: &[Link]) -> Vec<Attachment> {
    let mut found = Vec::new();
    for link in links.iter().filter(|l| l.role == Role::Anchor) {
        let Some(url) = &link.target else { continue };
        let of_query = || url.query().and_then(|q| q.split('&').find_map(known_extension));
        let download = || link.raw.contains("download") || link.raw.contains("attach") || link.raw.contains("file");
        let of_text = || if download() { known_extension(&link.text) } else { None };
        let Some(extension) = known_extension(url.path()).or_else(of_query).or_else(of_text) else { continue };
        let name = if link.text.is_empty() { link.title.clone().unwrap_or_default() } else { link.text.clone() };
        found.push(Attachment { url: url.clone(), name, extension });
    }
    found
}

fn known_extension(name: &str) -> Option<String> {
    let (stem, extension) = name.trim().rsplit_once('.')?;
    let extension = extension.to_ascii_lowercase();
    (!stem.is_empty() && EXTENSIONS.contains(&extension.as_str())).then_some(extension)
}
