//! The home page: which page it is, and the newest dated item that it leads to.

use super::gathered::{Around, Drafts};
use super::paging::address;
use crate::facts::links::Role;
use crate::facts::page::Page;
use crate::facts::page_kind::PageKind;
use crate::url::CanonicalUrl;
use jiff::civil::Date;

/// Order of candidates: place among the homes asked for, redirected or not, hop count, length, URL.
pub(super) type Rank = (usize, bool, u32, usize, CanonicalUrl);

/// How good a page is as home page; none when it is none.
pub(super) fn rank(page: &Page, homes: &[CanonicalUrl]) -> Option<Rank> {
    let place = |url: &CanonicalUrl| homes.iter().position(|home| address(home) == address(url));
    let direct = place(&page.url);
    // A home that answers with a redirect: the target keeps the hop count of the seed.
    let redirected = || page.via.as_ref().filter(|_| page.hops == 0).and_then(place);
    let called = || (page.kind == PageKind::Home).then_some(homes.len());
    let at = direct.or_else(redirected).or_else(called)?;
    Some((at, direct.is_none(), page.hops, page.url.key().len(), page.url.clone()))
}

/// The newest of the dated rows on the home page and of the pages that it links to: date, title, `list` or `article`.
pub(super) fn newest(page: &Page, drafts: &Drafts, around: &Around<'_>) -> Option<(Date, String, String)> {
    let rows = page.list.iter().flat_map(|list| &list.items);
    let shown = rows.filter_map(|row| Some((around.believe(row.date)?, row.title.clone(), "list")));
    // Hidden ones too: a module under a tab is content.
    let links = page.links.iter().filter(|link| link.role == Role::Anchor);
    let led_to = links.filter_map(|link| {
        let draft = drafts.get(link.target.as_ref()?)?;
        let date = around.believe(draft.publish_date).filter(|_| draft.kind == PageKind::Article)?;
        Some((date, draft.title.clone(), "article"))
    });
    // Of equal dates the first in document order, rows before articles.
    let mut newest: Option<(Date, String, &str)> = None;
    for candidate in shown.chain(led_to) {
        if newest.as_ref().is_none_or(|(date, ..)| candidate.0 > *date) {
            newest = Some(candidate);
        }
    }
    newest.map(|(date, title, from)| (date, title, from.to_owned()))
}
