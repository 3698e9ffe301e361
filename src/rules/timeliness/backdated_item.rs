//! An item that an earlier run did not see in a complete list, and that now stands there with a date before that run: it was put up
//! later than it says. Needs a history; suspected, because a page may have been taken down and put back.

use crate::exchange::Gathering;
use crate::facts::column_list::ListItem;
use crate::facts::history::{EarlierColumn, EarlierRun};
use crate::facts::site::Column;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::fold;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BackdatedItem {
    /// Days that an item may be older than the run that did not see it.
    tolerance_days: i32,
}

impl Default for BackdatedItem {
    fn default() -> Self {
        BackdatedItem { tolerance_days: 3 }
    }
}

impl Rule for BackdatedItem {
    type Subject = Column;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, column: &Column, context: &Context<'_>) -> Vec<Observation> {
        let Some(history) = context.history else { return vec![Observation::untested("no-history")] };
        let seen =
            |run: &EarlierRun| run.columns.iter().find(|c| c.url.key() == column.url.key()).filter(|c| c.complete).cloned();
        let runs: Vec<(Date, EarlierColumn)> = history.runs.iter().filter_map(|r| Some((day_of(r), seen(r)?))).collect();
        if runs.is_empty() {
            return vec![Observation::untested("no-complete-list")];
        }
        // What an overview shows of its sub-columns is told where it stands.
        let elsewhere = |item: &ListItem| {
            let page = item.url.as_ref().and_then(|url| context.site.pages.get(url));
            let own = page.and_then(|page| page.column.as_ref()).filter(|own| **own != column.url);
            own.and_then(|own| context.site.columns.get(own)).is_some_and(|own| own.items.iter().any(|i| i.url == item.url))
        };
        let items = column.items.iter().filter(|item| !elsewhere(item));
        let faults: Vec<Observation> = items.filter_map(|item| self.fault(column, item, &runs)).take(50).collect();
        if faults.is_empty() { vec![Observation::passed()] } else { faults }
    }
}

impl BackdatedItem {
    fn fault(&self, column: &Column, item: &ListItem, runs: &[(Date, EarlierColumn)]) -> Option<Observation> {
        let (date, url) = (item.date?, item.url.as_ref()?);
        let title = fold(&item.title);
        let listed = |earlier: &EarlierColumn| {
            earlier.items.iter().any(|i| i.url.as_ref().is_some_and(|u| u.key() == url.key()) || fold(&i.title) == title)
        };
        // Seen by any run: it may have been away for a while.
        if runs.iter().any(|(_, earlier)| listed(earlier)) {
            return None;
        }
        let last = date.checked_add(self.tolerance_days.days()).ok()?;
        let (day, earlier) = runs.iter().rev().find(|(day, _)| last < *day)?;
        // A list that keeps its newest items only shows nothing of older ones.
        let oldest = earlier.items.iter().filter_map(|i| i.date).min()?;
        (oldest <= date).then(|| {
            Observation::failed("appeared-later")
                .suspected()
                .at(Locus::Target(url.key()))
                .with("title", item.title.as_str())
                .with("date", date)
                .with("run", *day)
                .with("column", column.name.as_str())
                .prove("row", format!("{} {date}", item.title))
                .prove("complete-list-without-it", day.to_string())
                .seen(Location {
                    text: Some(item.title.clone()),
                    column_path: column.path.clone(),
                    ..Location::page(&column.url)
                })
        })
    }
}

/// The day of a run, in China.
fn day_of(run: &EarlierRun) -> Date {
    run.at.to_zoned(TimeZone::fixed(offset(8))).date()
}
