//! Where on a site a duty is done: columns of the book and the pages that belong to them, shared by the rules about duties.

use crate::checklist::columns::{ColumnEntry, ColumnMatch};
use crate::facts::Site;
use crate::facts::site::{Column, LinkTarget, PageSummary};
use crate::rules::Context;
use crate::text::fold;
use crate::url::CanonicalUrl;

/// Text of which a page shows less may stand in a picture, a file or a frame instead.
pub(super) const LITTLE_TEXT: u32 = 400;

/// Most bytes of a column's name, blanks between its characters included.
const LONGEST_NAME: usize = 120;

/// Sources of a link target are a sample of this many.
const SAMPLE: usize = 50;

/// Columns of the site that are one of the book's.
pub(super) fn columns_of<'a>(site: &'a Site, ids: &'a [String]) -> impl Iterator<Item = &'a Column> {
    site.columns.values().filter(move |c| matches!(&c.matched, ColumnMatch::Is(id) if ids.contains(id)))
}

/// The column to which a page belongs: its own list, or the list that holds it.
pub(super) fn column_of<'a>(site: &'a Site, page: &CanonicalUrl) -> Option<&'a Column> {
    site.columns.get(site.pages.get(page)?.column.as_ref()?)
}

/// Is the page in one of these columns, by its list or by the names above it?
pub(super) fn is_in(context: &Context<'_>, page: &CanonicalUrl, ids: &[String]) -> bool {
    let site = context.site;
    let column = column_of(site, page);
    if column.is_some_and(|c| matches!(&c.matched, ColumnMatch::Is(id) if ids.contains(id))) {
        return true;
    }
    let names = site.pages.get(page).map(|p| &*p.column_path).unwrap_or_default();
    let own = column.map(|c| c.path.iter().chain([&c.name]).collect::<Vec<_>>()).unwrap_or_default();
    let entries: Vec<&ColumnEntry> = ids.iter().filter_map(|id| context.book.find(id)).collect();
    names.iter().chain(own).any(|name| entries.iter().any(|entry| is_named(entry, name)))
}

/// Is a text exactly one of the column's names?
pub(super) fn is_named(entry: &ColumnEntry, text: &str) -> bool {
    // Names are short; titles of articles need no folding.
    if text.is_empty() || text.len() > LONGEST_NAME {
        return false;
    }
    let text = fold(text);
    let same = |name: &String| *name == text || name.chars().count() >= text.chars().count() && fold(name) == text;
    !text.is_empty() && std::iter::once(&entry.name).chain(&entry.synonyms).any(same)
}

/// The targets that carry one of the column's names as their link text, in canonical order.
pub(super) fn linked_as<'a>(site: &'a Site, entry: &'a ColumnEntry) -> impl Iterator<Item = &'a LinkTarget> {
    let named = site.named.targets(std::iter::once(&entry.name).chain(&entry.synonyms));
    named
        .into_iter()
        .filter_map(|url| site.targets.get(url))
        .filter(move |target| target.sources.iter().any(|s| is_named(entry, &s.text)))
}

/// Are all places known that refer to the target?
pub(super) fn all_sources_known(target: &LinkTarget) -> bool {
    target.sources.len() < SAMPLE
}

/// May what is asked for stand in a picture, a file or a frame of the page?
pub(super) fn may_stand_elsewhere(page: &PageSummary) -> bool {
    page.offers.characters < LITTLE_TEXT && page.offers.has_other_content()
}
