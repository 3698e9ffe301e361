//! Is a folder a site, or are its pages loose? Only a site can lack something: what loose pages lead to may well exist elsewhere.

use super::{Folder, Found, read_at_most};
use crate::url::CanonicalUrl;
use regex::bytes::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Of a site without a home page in the folder, this share of the pages hangs together by links, in per cent.
const TOGETHER: usize = 90;
/// And this share of the distinct own addresses that they link to is there, in per cent.
const HELD: usize = 50;
/// Bytes of a page that are searched for links.
const SEARCHED: u64 = 1 << 20;

/// Addresses of anchors and areas, as they are written; a rough look is enough to tell a site from a heap of pages.
static LINK: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)<(?:a|area)\s[^>]{0,400}?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#).ok());

/// Do these pages, none of which is a home page at the root, make a site: do they hang together, and is most of what they link to
/// there? A single page is none.
pub(super) fn is_site(folder: &Folder, pages: &[CanonicalUrl]) -> bool {
    if pages.len() < 2 {
        return false;
    }
    let numbers: BTreeMap<String, usize> = pages.iter().enumerate().map(|(at, url)| (place(url), at)).collect();
    let mut groups = Groups((0..pages.len()).collect());
    let (mut held, mut missing) = (BTreeSet::new(), BTreeSet::new());
    for (at, page) in pages.iter().enumerate() {
        for target in links(folder, page) {
            let place = place(&target);
            if let Some(other) = numbers.get(&place) {
                groups.join(at, *other);
                held.insert(place);
            } else if folder.lacks(&target) {
                missing.insert(place);
            }
        }
    }
    groups.largest() * 100 >= pages.len() * TOGETHER && held.len() * 100 >= (held.len() + missing.len()) * HELD
}

/// What tells two addresses of the folder apart, whatever twin of the host they name.
fn place(url: &CanonicalUrl) -> String {
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

/// Own addresses that a page of the folder links to.
fn links(folder: &Folder, page: &CanonicalUrl) -> BTreeSet<CanonicalUrl> {
    let Some(relative) = page.path().strip_prefix(folder.prefix()) else { return BTreeSet::new() };
    let (Found::File(path), Some(link)) = (folder.find(relative, page.query()), LINK.as_ref()) else { return BTreeSet::new() };
    let bytes = read_at_most(&path, SEARCHED).unwrap_or_default();
    let raw = link.captures_iter(&bytes).filter_map(|found| found.iter().skip(1).flatten().next().map(|m| m.as_bytes().to_vec()));
    raw.filter_map(|raw| page.join(String::from_utf8_lossy(&raw).trim(), encoding_rs::UTF_8).ok())
        .filter(|url| folder.holds(url) && url != page)
        .collect()
}

/// Pages in groups: each names another of its group, or itself.
struct Groups(Vec<usize>);

impl Groups {
    fn first(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.0[a.max(b)] = a.min(b);
    }

    fn largest(&mut self) -> usize {
        let mut sizes = BTreeMap::new();
        for at in 0..self.0.len() {
            *sizes.entry(self.first(at)).or_insert(0) += 1;
        }
        sizes.into_values().max().unwrap_or(0)
    }
}
