//! Which column a page belongs to, and the names above it.

use super::gathered::{Draft, Drafts};
use super::naming;
use super::paging::{address, folder, place};
use super::{Column, PageSummary, sorted};
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// Summaries of all pages.
pub(super) fn summaries(
    drafts: Drafts,
    columns: &BTreeMap<CanonicalUrl, Column>,
    of_page: &BTreeMap<CanonicalUrl, CanonicalUrl>,
    home: Option<&str>,
) -> BTreeMap<CanonicalUrl, Box<PageSummary>> {
    let rows = columns.iter().flat_map(|(id, column)| column.items.iter().filter_map(move |item| Some((item.url.as_ref()?, id))));
    let mut listed: Vec<(u128, &CanonicalUrl)> = rows.map(|(url, id)| (place(url), id)).collect();
    // Stable: the lists that hold a page stay in canonical order.
    listed.sort_by_key(|(digest, _)| *digest);
    let by_address: BTreeMap<String, &CanonicalUrl> = of_page.iter().map(|(page, column)| (address(page), column)).collect();
    let mut paths: HashSet<Arc<[String]>> = HashSet::new();
    let mut summary = |draft: Box<Draft>| {
        let at = address(&draft.url);
        let trailed = || {
            let steps = draft.crumbs.iter().rev().filter_map(|step| step.url.as_ref());
            steps.map(address).filter(|step| *step != at).find_map(|step| by_address.get(&step).copied())
        };
        let holders: Vec<&CanonicalUrl> = sorted::of(&listed, place(&draft.url)).iter().map(|(_, id)| *id).collect();
        let column = match of_page.get(&draft.url) {
            Some(own) => Some(own),
            None if home == Some(at.as_str()) => None,
            None => closest(&holders, trailed(), &at),
        };
        let trail = naming::trail(&draft, home);
        let column_path = match column.and_then(|id| columns.get(id)) {
            Some(own) if of_page.contains_key(&draft.url) => own.path.clone(),
            Some(holder) if trail.above.is_empty() => {
                holder.path.iter().chain(Some(&holder.name).filter(|n| !n.is_empty())).cloned().collect()
            }
            _ => trail.above,
        };
        let column = column.cloned();
        let column_path = match paths.get(column_path.as_slice()) {
            Some(known) => known.clone(),
            None => {
                let new: Arc<[String]> = column_path.into();
                paths.insert(new.clone());
                new
            }
        };
        let Draft { url, kind, document_kind, title, publish_date, publish_time, written_date, index_number, .. } = *draft;
        let (offers, simhash) = (draft.offers, draft.simhash);
        Box::new(PageSummary {
            url,
            kind,
            document_kind,
            title,
            publish_date,
            publish_time,
            written_date,
            index_number,
            column,
            column_path,
            offers,
            simhash,
        })
    };
    drafts.into_iter().map(|(url, draft)| (url, summary(draft))).collect()
}

/// Of the lists that hold a page: the one its breadcrumb names, else the one in the nearest folder above it, else the first. A page
/// in no list belongs where its breadcrumb says.
fn closest<'a>(holders: &[&'a CanonicalUrl], trailed: Option<&'a CanonicalUrl>, at: &str) -> Option<&'a CanonicalUrl> {
    if let Some(trailed) = trailed
        && (holders.is_empty() || holders.contains(&trailed))
    {
        return Some(trailed);
    }
    let depth = |id: &CanonicalUrl| {
        let column = address(id);
        let mine = folder(&column);
        if at.starts_with(mine) { mine.len() } else { 0 }
    };
    // max_by_key keeps the last of equals; reversed, the first in canonical order wins.
    holders.iter().rev().max_by_key(|id| depth(id)).copied()
}
