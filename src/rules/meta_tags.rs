//! Required page tags (国办发〔2017〕47号), tag by tag: shared by the rules about the three groups of tags.

use crate::facts::Page;
use crate::finding::{Location, Locus, Observation};

/// One observation per missing or empty tag; a single passed one when all are there.
pub(super) fn observe(page: &Page, names: &[String]) -> Vec<Observation> {
    let mut faults = Vec::new();
    for name in names {
        let tags: Vec<&str> =
            page.meta.iter().filter(|m| m.name.trim().eq_ignore_ascii_case(name)).map(|m| m.content.trim()).collect();
        let key = match tags.iter().any(|content| !content.is_empty()) {
            true => continue,
            false if tags.is_empty() => "absent",
            false => "empty",
        };
        faults.push(
            Observation::failed(key)
                .at(Locus::Name(name.clone()))
                .with("name", name.as_str())
                .prove("tag", if tags.is_empty() { String::new() } else { format!("<meta name=\"{name}\" content=\"\">") })
                .seen(Location { text: Some(format!("name=\"{name}\"")), ..Location::page(&page.url) }),
        );
    }
    if faults.is_empty() { vec![Observation::passed()] } else { faults }
}

/// Is this an answer whose tags count? Error pages and redirects have their own templates, and a fragment that another page takes in
/// (no `<html>`, no title, no tag at all) has none of its own.
pub(super) fn concerns(page: &Page) -> bool {
    let whole = page.accessibility.whole || !page.document.title.is_empty() || !page.meta.is_empty();
    (200..300).contains(&page.status) && whole
}
