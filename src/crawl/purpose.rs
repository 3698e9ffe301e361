//! What a link is asked for: a page of the scope, a file to keep, a target whose answer is enough, or nothing.

use crate::exchange::Gathering;
use crate::facts::attachments::EXTENSIONS;
use crate::facts::links::Role;
use crate::plan::Plan;
use crate::url::CanonicalUrl;

/// Extensions of own files that hold no page: their status is enough.
const FILES: [&str; 58] = [
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "dps", "ofd", "rtf", "csv", "txt", "odt", "ods", "odp",
    "ceb", "zip", "rar", "7z", "gz", "tar", "bz2", "exe", "msi", "apk", "dmg", "iso", "jpg", "jpeg", "png", "gif", "bmp", "webp",
    "svg", "ico", "tif", "tiff", "mp3", "mp4", "m4a", "m4v", "wav", "wma", "wmv", "avi", "mov", "flv", "swf", "mkv", "webm",
    "m3u8", "css", "js", "json", "woff", "woff2",
];

/// Is it, by its extension, a file rather than a page?
pub fn is_file(url: &CanonicalUrl) -> bool {
    url.extension().is_some_and(|extension| FILES.contains(&extension.as_str()))
}

/// Is it a file that a reader of documents understands? Films, programs and fonts are never fetched whole.
fn is_attachment(url: &CanonicalUrl) -> bool {
    url.extension().is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

/// What the target of a link is asked for; none when the link is not followed at all. Among URLs that are followed only the URL
/// decides, so that every URL is asked for once, whoever refers to it.
pub fn of_link(plan: &Plan, url: &CanonicalUrl, role: Role) -> Option<Gathering> {
    match role {
        // Nothing judges what a page loads for itself.
        Role::Script | Role::Style => None,
        // A string in a script that is no own page proves nothing about anybody's link.
        Role::Guess if !plan.scope.contains(url, None) => None,
        _ => Some(of_url(plan, url)),
    }
}

/// What a URL is asked for.
pub fn of_url(plan: &Plan, url: &CanonicalUrl) -> Gathering {
    if !plan.scope.contains(url, None) {
        Gathering::LinkCheck
    } else if !is_file(url) {
        Gathering::Pages
    } else if plan.gatherings.contains(&Gathering::Attachments) && is_attachment(url) {
        Gathering::Attachments
    } else {
        Gathering::LinkCheck
    }
}
