//! The tables beside the rankings: classes of problems, rates per page, units by item.

use super::Names;
use crate::error::Result;
use crate::finding::Text;
use crate::report::period::{Cell, Group, Heat, Problem, Ratio};
use crate::rules;
use crate::store::Store;
use crate::store::cards::{ItemRow, RunRow};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Classes of problems over all runs of the period.
pub(super) async fn problems(store: &Store, runs: &[RunRow]) -> Result<Vec<Problem>> {
    let mut by_rule: BTreeMap<String, (BTreeSet<i64>, u64, u64, u64)> = BTreeMap::new();
    for run in runs {
        for count in store.counts(run.assessment_no).await? {
            let slot = by_rule.entry(count.rule).or_default();
            slot.0.insert(count.unit_no);
            *(if count.certain { &mut slot.1 } else { &mut slot.2 }) += count.findings;
            slot.3 += count.occurrences;
        }
    }
    let mut problems: Vec<Problem> = by_rule
        .into_iter()
        .map(|(rule, (units, findings, suspected, occurrences))| {
            let title = rules::find(&rule).map(|entry| rules::fixture::texts(entry).title.clone());
            let title = title.unwrap_or_else(|| Text { zh: rule.clone(), en: rule.clone() });
            Problem { rule, title, units: units.len() as u64, findings, suspected, occurrences }
        })
        .collect();
    problems.sort_by(|a, b| {
        b.findings.cmp(&a.findings).then_with(|| b.suspected.cmp(&a.suspected)).then_with(|| a.rule.cmp(&b.rule))
    });
    Ok(problems)
}

/// Units by item for every group; and failed pages per judged pages of items about pages.
pub(super) async fn heat(store: &Store, names: &Names, runs: &[RunRow], groups: &[Group]) -> Result<Vec<Heat>> {
    let mut by_list: BTreeMap<String, BTreeMap<i64, Vec<ItemRow>>> = BTreeMap::new();
    let mut of_entry: BTreeMap<(String, i64), i64> = BTreeMap::new();
    for run in runs {
        for item in store.items(run.assessment_no).await? {
            if names.entries.contains(&(run.site_no, item.unit_no)) {
                of_entry.insert((item.checklist.clone(), item.unit_no), run.assessment_no);
                by_list.entry(item.checklist.clone()).or_default().entry(item.unit_no).or_default().push(item);
            }
        }
    }
    let wanted: BTreeSet<&str> = groups.iter().map(|group| group.checklist.as_str()).collect();
    let mut heats = Vec::new();
    for (checklist, units) in by_list.into_iter().filter(|(list, _)| wanted.contains(list.as_str())) {
        let Some((first, _)) = units.iter().max_by_key(|(_, items)| items.len()) else { continue };
        let card = match of_entry.get(&(checklist.clone(), *first)) {
            Some(assessment_no) => store.card(*assessment_no, *first, &checklist).await?,
            None => None,
        };
        let titles: BTreeMap<String, Text> =
            card.into_iter().flat_map(|card| card.items).map(|item| (item.id, item.title)).collect();
        let items: Vec<(String, Text)> = units[first]
            .iter()
            .map(|item| {
                (
                    item.item.clone(),
                    titles.get(&item.item).cloned().unwrap_or_else(|| Text { zh: item.item.clone(), en: item.item.clone() }),
                )
            })
            .collect();
        let rows = units
            .iter()
            .map(|(unit_no, of_unit)| {
                let by_id: HashMap<&str, &ItemRow> = of_unit.iter().map(|item| (item.item.as_str(), item)).collect();
                let cells =
                    items.iter().map(|(id, _)| by_id.get(id.as_str()).map_or(Cell::Inapplicable, |item| cell(item))).collect();
                (names.units.get(unit_no).map(|(id, ..)| id.clone()).unwrap_or_default(), cells)
            })
            .collect();
        heats.push(Heat { checklist, items, rows });
    }
    Ok(heats)
}

/// Items about pages of every ranked or vetoed unit: failed pages of judged ones, to be told per 1,000.
pub(super) async fn rates(store: &Store, names: &Names, runs: &[RunRow], groups: &mut [Group]) -> Result<()> {
    let mut by_entry: HashMap<(String, String, String), Vec<(String, Ratio)>> = HashMap::new();
    for run in runs {
        let site = names.sites.get(&run.site_no).cloned().unwrap_or_default();
        for item in store.items(run.assessment_no).await?.into_iter().filter(|item| item.per_page) {
            let judged = item.passed + item.failed + item.suspected + item.waived;
            let Some((unit, ..)) = names.units.get(&item.unit_no).filter(|_| judged > 0) else { continue };
            let key = (item.checklist, unit.clone(), site.clone());
            by_entry.entry(key).or_default().push((item.item, Ratio::new(item.failed, judged)));
        }
    }
    for group in groups {
        for standing in group.ranked.iter_mut().chain(&mut group.vetoed) {
            let key = (group.checklist.clone(), standing.unit.clone(), standing.site.clone());
            standing.per_page = by_entry.remove(&key).unwrap_or_default();
        }
    }
    Ok(())
}

fn cell(item: &ItemRow) -> Cell {
    match item.outcome.as_str() {
        "passed" => Cell::Passed,
        "failed" if item.failed == 0 => Cell::Suspected,
        "failed" => match item.points.filter(|points| *points > 0.0) {
            Some(points) => Cell::Lost(((item.deducted / points) * 1_000.0).round().clamp(0.0, 1_000.0) as u32),
            None => Cell::Lost(1_000),
        },
        "inapplicable" => Cell::Inapplicable,
        _ => Cell::Undecided,
    }
}
