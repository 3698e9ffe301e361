//! From the tally of an item to its outcome: what counts, what is excluded, and how far it is from its veto.

use super::marks::{millionths, ratio};
use crate::checklist::{Item, Threshold};
use crate::finding::{Outcome, Severity};
use crate::judge::Tally;
use std::collections::{BTreeMap, BTreeSet};

/// How near a veto item is to its threshold. An item of lesser severity is always [`Level::Plain`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not a veto item.
    Plain,
    /// No failure.
    Clear,
    /// Failures, fewer than `warn_when`.
    Below,
    /// Failures, short of the veto.
    Warn,
    /// The veto is reached if suspected failures are confirmed.
    Pending,
    /// The veto is reached by certain failures.
    Veto,
}

/// The subjects of one item for one unit that count.
#[derive(Debug, Clone, PartialEq)]
pub struct Counts {
    /// Certain failures that are not counted elsewhere: what a count is held against. All pages of a template's fault are one.
    pub failed: u64,
    /// Certain failures that another item has counted already.
    pub excluded: u64,
    /// See [`Tally`].
    pub suspected: u64,
    /// Passed, failed, suspected or waived.
    pub decided: u64,
    /// Cannot tell or untested.
    pub undecided: u64,
    /// decided / (decided + undecided) in millionths.
    pub coverage: Option<u64>,
    /// Distance to the veto.
    pub level: Level,
    /// Could the undecided subjects alone still reach the veto?
    pub open: bool,
    /// Outcome of the item as a whole.
    pub outcome: Outcome,
}

/// Subject keys, with the worst message of each, that failed here and count here.
pub fn counted<'a>(tally: &'a Tally, excluded: &BTreeSet<&str>) -> BTreeMap<&'a str, &'a str> {
    tally
        .failed_subjects
        .iter()
        .filter(|(key, _)| !excluded.contains(key.as_str()))
        .map(|(key, message)| (key.as_str(), message.as_str()))
        .collect()
}

/// Weighs a tally. `floor` is the checklist's coverage floor in millionths.
///
/// A veto item fails only as a veto: short of its threshold its outcome is passed, and the failures are told as warnings (or notices
/// below `warn_when`). It counts as decided only when its undecided subjects could not reach the threshold, were they all at fault.
pub fn weigh(item: &Item, tally: &Tally, counted: usize, floor: u64) -> Counts {
    let known = tally.failed_subjects.len() as u64;
    let excluded = known.saturating_sub(counted as u64);
    // Without keys the tally stands for itself.
    let failed = if known == 0 { tally.failed } else { counted as u64 };
    // Shares and coverage are reckoned from pages, the pages of a template's fault each for itself.
    let pages = if failed == 0 { 0 } else { tally.failed.max(known).saturating_sub(excluded).max(failed) };
    let decided = tally.passed + tally.failed.max(known) + tally.suspected + tally.waived;
    let undecided = tally.cannot_tell + tally.untested;
    let coverage = ratio(decided, decided + undecided);
    let mut counts = Counts {
        failed,
        excluded,
        suspected: tally.suspected,
        decided,
        undecided,
        coverage,
        level: Level::Plain,
        open: false,
        outcome: Outcome::Inapplicable,
    };
    let undecided_outcome = if tally.cannot_tell >= tally.untested { Outcome::CannotTell } else { Outcome::Untested };
    let enough = coverage.is_some_and(|c| c >= floor);
    if item.severity == Severity::Veto {
        let one = Threshold { count: Some(1), share: None };
        let veto = item.veto_when.unwrap_or(one);
        let (suspected, all) = (tally.suspected, decided + undecided);
        let certain = Failures { count: failed, pages };
        let with = |more: u64| Failures { count: failed + more, pages: pages + more };
        counts.open = undecided > 0 && reached(&veto, with(suspected + undecided), all, true);
        counts.level = if reached(&veto, certain, decided, enough) {
            Level::Veto
        } else if reached(&veto, with(suspected), decided, enough) {
            Level::Pending
        } else if failed + suspected == 0 {
            Level::Clear
        } else if item.warn_when.is_none_or(|warn| reached(&warn, with(suspected), decided, true)) {
            Level::Warn
        } else {
            Level::Below
        };
        counts.outcome = match counts.level {
            Level::Veto | Level::Pending => Outcome::Failed,
            _ if counts.open => undecided_outcome,
            _ if decided > 0 => Outcome::Passed,
            _ if undecided > 0 => undecided_outcome,
            _ => Outcome::Inapplicable,
        };
    } else {
        counts.outcome = if failed + tally.suspected > 0 {
            Outcome::Failed
        } else if decided > 0 && enough {
            Outcome::Passed
        } else if undecided > 0 {
            undecided_outcome
        } else {
            Outcome::Inapplicable
        };
    }
    counts
}

/// Failures twice: as faults, and as the pages that show them.
#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u64,
    pages: u64,
}

/// Is a threshold reached, inclusively, by its count or by its share? Nothing failed reaches nothing. A share is believed only when
/// enough was seen: two of two is no 100 % of a site of which nothing else was had. A count stands whatever else may come.
fn reached(threshold: &Threshold, failed: Failures, of: u64, enough: bool) -> bool {
    if failed.count == 0 {
        return false;
    }
    let by_count = threshold.count.is_some_and(|count| failed.count >= count);
    let by_share = threshold.share.is_some_and(|share| {
        enough && of > 0 && u128::from(failed.pages) * 1_000_000 >= u128::from(millionths(share)) * u128::from(of)
    });
    by_count || by_share || (threshold.count.is_none() && threshold.share.is_none())
}

/// The subject keys that other items named in `excludes` have counted. Of two items that exclude each other (directly or through a
/// chain) the earlier one keeps its subjects, so that no fault is lost between them.
pub fn excluded<'a>(items: &'a [Item], index: usize, tally_of: &dyn Fn(usize) -> Option<&'a Tally>) -> BTreeSet<&'a str> {
    let mut keys = BTreeSet::new();
    for other in targets(items, index) {
        if other > index && leads_to(items, other, index) {
            continue;
        }
        if let Some(tally) = tally_of(other) {
            keys.extend(tally.failed_subjects.keys().map(String::as_str));
        }
    }
    keys
}

fn targets(items: &[Item], index: usize) -> Vec<usize> {
    let Some(item) = items.get(index) else { return Vec::new() };
    let named = |id: &String| items.iter().position(|other| other.id == *id);
    item.excludes.iter().filter_map(named).filter(|other| *other != index).collect()
}

fn leads_to(items: &[Item], from: usize, to: usize) -> bool {
    let (mut seen, mut open) = (BTreeSet::from([from]), vec![from]);
    while let Some(at) = open.pop() {
        for next in targets(items, at) {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}
