//! What a plant moves in time: a page with its address and rows, a whole list, what an earlier run saw.

use super::What;
use super::tree::redate;
use crate::accuracy::bureau::{Bureau, Earlier, PageModel, Row};
use crate::error::{Error, Result};
use crate::facts::History;
use jiff::Span;
use std::collections::BTreeSet;

/// The rows of a list become that many days old, in their order; the pages follow.
pub(super) fn rows(bureau: &mut Bureau, path: &str, ages: &[i64]) {
    let Some(page) = bureau.pages.get(path) else { return };
    let as_of = bureau.as_of;
    let paths: Vec<String> = page.rows.iter().map(|row| row.path.clone()).collect();
    for (path, age) in paths.iter().zip(ages) {
        redate(bureau, path, as_of.saturating_sub(Span::new().days(*age)));
    }
    for gone in paths.iter().skip(ages.len()) {
        bureau.remove(gone);
    }
    if let Some(page) = bureau.pages.get_mut(path) {
        page.rows.sort_by_key(|row| std::cmp::Reverse(row.date));
    }
}

/// The rows that lead to a page show another day than it does.
pub(super) fn row_shift(bureau: &mut Bureau, path: &str, days: i64) {
    for row in bureau.pages.values_mut().flat_map(|page| &mut page.rows).filter(|row| row.path == path) {
        row.date = row.date.saturating_add(Span::new().days(days));
    }
}

/// Removes the reports about the newest year.
pub(super) fn drop_newest_reports(bureau: &mut Bureau) {
    let newest = |page: &&PageModel| page.report.as_ref().is_some_and(|report| report.newest);
    let gone: Vec<String> = bureau.pages.values().filter(newest).map(|page| page.path.clone()).collect();
    gone.iter().for_each(|path| bureau.remove(path));
}

/// Notes what an earlier run saw.
pub(super) fn earlier(what: &What, bureau: &mut Bureau, path: Option<&str>) {
    let Some(days) = what.earlier_run else { return };
    let day = bureau.as_of.saturating_sub(Span::new().days(days));
    let list = path.and_then(|path| bureau.pages.get(path)?.crumbs.last().map(|(_, path)| path.clone()));
    let kept = list.zip(what.kept_days.map(|days| bureau.as_of.saturating_sub(Span::new().days(days))));
    let earlier = bureau.earlier.get_or_insert(Earlier { day, unseen: Vec::new(), moved: Vec::new(), kept: Vec::new() });
    earlier.kept.extend(kept);
    if let Some(path) = path {
        if what.unseen {
            earlier.unseen.push(path.to_owned());
        }
        if what.seen_elsewhere {
            earlier.moved.push(path.to_owned());
        }
    }
}

/// The history of a site: what plants give, and the lists as the earlier run saw them.
pub fn history(bureau: &Bureau) -> Result<Option<History>> {
    let given: Option<History> = (!bureau.history.is_empty())
        .then(|| serde_json::from_str(&bureau.history))
        .transpose()
        .map_err(|e| Error::Internal(format!("history of a plant: {e}")))?;
    let Some(earlier) = &bureau.earlier else { return Ok(given) };
    let unseen: BTreeSet<&str> = earlier.unseen.iter().map(String::as_str).collect();
    let origin = bureau.origin();
    let columns: Vec<serde_json::Value> = bureau
        .pages
        .values()
        .filter(|page| !page.rows.is_empty())
        .map(|page| {
            // An overview shows what its sub-columns list, too.
            let below = page.children.iter().filter_map(|(_, path)| bureau.pages.get(path)).flat_map(|child| &child.rows);
            let rows = page.rows.iter().chain(below).filter(|row| row.date <= earlier.day && !unseen.contains(row.path.as_str()));
            let left = |row: &Row| earlier.kept.iter().any(|(list, day)| *list == page.path && row.date < *day);
            let rows = rows.filter(|row| !left(row));
            let items: Vec<serde_json::Value> = rows
                .map(|row| {
                    let moved = if earlier.moved.contains(&row.path) { "/old" } else { "" };
                    serde_json::json!({ "title": row.title, "url": format!("{origin}{moved}{}", row.path), "date": row.date.to_string() })
                })
                .collect();
            serde_json::json!({ "url": format!("{origin}{}", page.path), "name": page.title, "complete": true, "items": items })
        })
        .collect();
    let at = format!("{}T10:00:00+08:00", earlier.day).parse::<jiff::Timestamp>().map_err(|e| Error::Internal(e.to_string()))?;
    let run = serde_json::json!({ "id": "earlier", "at": at.to_string(), "capture_sha256": "0".repeat(64), "columns": columns });
    let run = serde_json::from_value(run).map_err(|e| Error::Internal(format!("earlier run: {e}")))?;
    let mut history = given.unwrap_or(History {
        schema: crate::facts::history::SCHEMA.to_owned(),
        until: at,
        probes: Vec::new(),
        runs: Vec::new(),
    });
    history.runs.push(run);
    Ok(Some(history))
}
