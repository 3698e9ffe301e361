//! Which links and pages carry the name of a column of the book: asked by many rules for many columns, looked through once.

use super::{LinkTarget, PageSummary};
use crate::checklist::columns::ColumnBook;
use crate::text::fold;
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Link targets and pages by the names of the book's columns, folded.
#[derive(Debug, Clone, Default)]
pub struct Named(HashMap<String, Bearers>);

/// Who bears a name.
#[derive(Debug, Clone, Default)]
struct Bearers {
    targets: BTreeSet<CanonicalUrl>,
    pages: BTreeSet<CanonicalUrl>,
}

impl Named {
    /// Looks through the link texts of targets and the titles of pages.
    pub(super) fn of(
        book: &ColumnBook,
        targets: &BTreeMap<CanonicalUrl, LinkTarget>,
        pages: &BTreeMap<CanonicalUrl, Box<PageSummary>>,
    ) -> Named {
        let names = book.entries.iter().flat_map(|entry| std::iter::once(&entry.name).chain(&entry.synonyms));
        let mut named = Named(names.map(|name| (fold(name), Bearers::default())).filter(|(name, _)| !name.is_empty()).collect());
        for target in targets.values() {
            let mut last: Option<Arc<str>> = None;
            for source in target.sources.iter().filter(|source| !source.text.is_empty()) {
                // A template repeats its link on every page.
                if last.as_ref() != Some(&source.text)
                    && let Some(bearers) = named.0.get_mut(&fold(&source.text))
                {
                    bearers.targets.insert(target.url.clone());
                }
                last = Some(source.text);
            }
        }
        for page in pages.values() {
            if let Some(bearers) = named.0.get_mut(&fold(&page.title)) {
                bearers.pages.insert(page.url.clone());
            }
        }
        named
    }

    /// Targets that some kept link calls by one of these names, in canonical order.
    pub fn targets<'n>(&self, names: impl IntoIterator<Item = &'n String>) -> BTreeSet<&CanonicalUrl> {
        names.into_iter().filter_map(|name| self.0.get(&fold(name))).flat_map(|bearers| &bearers.targets).collect()
    }

    /// Pages with one of these titles, in canonical order.
    pub fn pages<'n>(&self, names: impl IntoIterator<Item = &'n String>) -> BTreeSet<&CanonicalUrl> {
        names.into_iter().filter_map(|name| self.0.get(&fold(name))).flat_map(|bearers| &bearers.pages).collect()
    }
}
