//! What rules ask of a whole site once for many subjects: made when it is first asked for, by one walk over all link sources, which stand
//! on a shelf.

use super::{LinkTarget, Site, sorted};
use crate::text::fold;
use crate::url::CanonicalUrl;
use std::collections::HashSet;
use std::sync::OnceLock;
use xxhash_rust::xxh3::xxh3_64;

/// A link that so many pages show belongs to the template, not to a page.
pub const OF_TEMPLATE: u64 = 3;

/// Indices of a site.
#[derive(Debug, Clone, Default)]
pub(super) struct Lookups {
    /// Prints of pages with targets, sorted: a map of pages would weigh as much as the summaries of the pages.
    own: OnceLock<Box<[(u64, CanonicalUrl)]>>,
    called: OnceLock<HashSet<u64>>,
}

impl Site {
    /// Targets that stand on a page and are not its template's, and every file that it offers (of a file on many pages: on the first of
    /// them), in canonical order.
    pub fn own_targets(&self, page: &CanonicalUrl) -> impl Iterator<Item = &LinkTarget> {
        let print = |page: &CanonicalUrl| xxh3_64(page.as_str().as_bytes());
        let index = self.lookups.own.get_or_init(|| {
            let mut index = Vec::new();
            for target in self.targets.values().filter(|target| target.attachment || target.pages < OF_TEMPLATE) {
                index.extend(target.sources.iter().map(|source| (print(&source.page), target.url.clone())));
            }
            index.sort_unstable();
            index.dedup();
            index.into_boxed_slice()
        });
        sorted::of(index, print(page)).iter().filter_map(|(_, url)| self.targets.get(url))
    }

    /// Is some page or link called so, names folded?
    pub fn calls(&self, name: &str) -> bool {
        let print = |text: &str| xxh3_64(fold(text).as_bytes());
        let called = self.lookups.called.get_or_init(|| {
            let mut called: HashSet<u64> = self.pages.values().map(|page| print(&page.title)).collect();
            for target in self.targets.values() {
                called.extend(target.sources.iter().map(|source| print(&source.text)));
            }
            called
        });
        called.contains(&print(name))
    }
}
