//! What the office says of columns, held against what a run saw: which list is which column of the book, and what became of the lists
//! that it named.

use super::gathered::Around;
use super::paging::address;
use super::{Column, LinkTarget, PageSummary, Site, TargetOutcome};
use crate::checklist::columns::{ColumnClass, ColumnMatch};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Fewest lists that have to be gone before the site counts as rebuilt.
const FEWEST_GONE: usize = 3;
/// And their share of the lists that people confirmed, in hundredths.
const SHARE_GONE: usize = 30;

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// A first crawl proposed it; nobody has looked.
    Proposed,
    /// A person said so.
    Confirmed,
    /// A person said that it is not this column.
    Rejected,
}

/// What is said of one list or page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// First page of the list.
    pub url: CanonicalUrl,
    /// Its name on the site.
    pub name: String,
    /// Id in the column book; none: a column that no duty names.
    pub column: Option<String>,
    /// Its class, in the place of the book's.
    pub class: Option<ColumnClass>,
    /// Longest time without an update, in days, in the place of the book's; none: no rhythm is asked of it.
    pub window_days: Option<u32>,
    /// Who says so.
    pub said: Said,
}

impl Bound {
    /// Does a person say that it is this column?
    pub fn confirms(&self, column: &str) -> bool {
        self.said == Said::Confirmed && self.column.as_deref() == Some(column)
    }
}

impl Site {
    /// Does a person say which list is this column?
    pub fn is_confirmed(&self, column: &str) -> bool {
        self.bound.iter().any(|bound| bound.confirms(column))
    }

    /// Have columns been bound here, and nobody has confirmed what this one is?
    pub fn is_unbound(&self, column: &Column) -> bool {
        !self.bound.is_empty() && column.confirmed().is_none()
    }

    /// Have columns been bound here, and nobody has said which list is this one?
    pub fn is_unconfirmed(&self, column: &str) -> bool {
        !self.bound.is_empty() && !self.is_confirmed(column)
    }
}

impl Column {
    /// What a person confirmed of it.
    pub fn confirmed(&self) -> Option<&Bound> {
        self.bound.as_ref().filter(|bound| bound.said == Said::Confirmed)
    }
}

/// Lists that people named and that stand there no more, so many that the site was rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The lists, in canonical order.
    pub gone: Vec<Bound>,
    /// Lists that people confirmed.
    pub confirmed: u64,
}

/// Puts what is said in the place of what the book says.
pub(super) fn apply(columns: &mut BTreeMap<CanonicalUrl, Column>, bound: &[Bound]) {
    if bound.is_empty() {
        return;
    }
    let by_address: BTreeMap<String, &Bound> = bound.iter().map(|bound| (address(&bound.url), bound)).collect();
    for column in columns.values_mut() {
        let Some(bound) = by_address.get(&address(&column.url)) else { continue };
        match (bound.said, &bound.column) {
            (Said::Confirmed, Some(id)) => column.matched = ColumnMatch::Is(id.clone()),
            (Said::Confirmed, None) => column.matched = ColumnMatch::None,
            (Said::Rejected, Some(id)) => column.matched = without(&column.matched, id),
            (Said::Rejected, None) | (Said::Proposed, _) => {}
        }
        column.bound = Some((*bound).clone());
    }
}

fn without(matched: &ColumnMatch, rejected: &str) -> ColumnMatch {
    match matched {
        ColumnMatch::Is(id) if id == rejected => ColumnMatch::None,
        ColumnMatch::Like(ids) => {
            let left: Vec<String> = ids.iter().filter(|id| *id != rejected).cloned().collect();
            if left.is_empty() { ColumnMatch::None } else { ColumnMatch::Like(left) }
        }
        other => other.clone(),
    }
}

/// Whether the site was rebuilt under the lists that people named; none in a run that did not see everything.
pub(super) fn moved(
    pages: &BTreeMap<CanonicalUrl, Box<PageSummary>>,
    targets: &BTreeMap<CanonicalUrl, LinkTarget>,
    around: &Around<'_>,
    complete: bool,
) -> Option<Moved> {
    let confirmed: Vec<&Bound> =
        around.bound.iter().filter(|bound| bound.said == Said::Confirmed && bound.column.is_some()).collect();
    if !complete || confirmed.len() < FEWEST_GONE {
        return None;
    }
    let seen: BTreeSet<String> = pages.keys().map(address).collect();
    let linked: BTreeMap<String, &LinkTarget> = targets.values().map(|target| (address(&target.url), target)).collect();
    let is_gone = |bound: &&&Bound| {
        let here = address(&bound.url);
        if seen.contains(&here) {
            return false;
        }
        // What was asked for answers for itself; what was not is gone when nothing leads there any more.
        let asked =
            if around.ends.looks(&bound.url).is_empty() { linked.get(&here).map(|target| &target.url) } else { Some(&bound.url) };
        let Some(asked) = asked else { return !linked.contains_key(&here) };
        match around.ends.resolve(asked) {
            (TargetOutcome::Dead { .. }, _) => true,
            (TargetOutcome::Works { .. }, chain) => chain.last().is_some_and(|end| address(end) != here),
            (TargetOutcome::Blocked { .. } | TargetOutcome::Unseen { .. }, _) => false,
        }
    };
    let mut gone: Vec<Bound> = confirmed.iter().filter(is_gone).map(|bound| (*bound).clone()).collect();
    gone.sort_by(|a, b| a.url.cmp(&b.url));
    let enough = gone.len() >= FEWEST_GONE && gone.len() * 100 >= confirmed.len() * SHARE_GONE;
    enough.then_some(Moved { gone, confirmed: confirmed.len() as u64 })
}
