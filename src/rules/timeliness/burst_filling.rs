//! A column that lay still for months and was then filled at one go: what is put up before an inspection serves nobody.
//!
//! Only columns that are kept up to date by their class, only the last two years, and never days on which the site was moved.
//! Suspected: a busy week after a quiet quarter looks the same.

use crate::checklist::columns::{ColumnClass, ColumnMatch};
use crate::exchange::Gathering;
use crate::facts::site::Column;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BurstFilling {
    /// Longest gap between neighbours, in days.
    gap_days: i32,
    /// Items after the gap that are "many".
    items: usize,
    /// Days within which they were put up.
    within_days: i32,
    /// How far back is looked, in days.
    look_back_days: i32,
    /// Classes that are asked about.
    class: Vec<ColumnClass>,
}

impl Default for BurstFilling {
    fn default() -> Self {
        use ColumnClass::{News, Notice, Policy};
        BurstFilling { gap_days: 90, items: 6, within_days: 2, look_back_days: 731, class: vec![News, Notice, Policy] }
    }
}

impl Rule for BurstFilling {
    type Subject = Column;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, column: &Column, context: &Context<'_>) -> Vec<Observation> {
        let id = match &column.matched {
            ColumnMatch::Is(id) => id,
            ColumnMatch::Like(_) | ColumnMatch::None => return vec![Observation::inapplicable()],
        };
        let class = context.book.entries.iter().find(|entry| entry.id == *id).map(|entry| entry.class);
        if !class.is_some_and(|class| self.class.contains(&class)) {
            return vec![Observation::inapplicable()];
        }
        let mut days: BTreeMap<Date, usize> = BTreeMap::new();
        for date in column.items.iter().filter_map(|item| item.date).filter(|d| *d <= context.as_of) {
            *days.entry(date).or_default() += 1;
        }
        if days.values().sum::<usize>() < self.items {
            return vec![Observation::inapplicable()];
        }
        vec![self.burst(column, context, &days).unwrap_or_else(Observation::passed)]
    }
}

impl BurstFilling {
    fn burst(&self, column: &Column, context: &Context<'_>, days: &BTreeMap<Date, usize>) -> Option<Observation> {
        let dates: Vec<Date> = days.keys().copied().collect();
        let gap = |pair: &&[Date]| {
            (pair[1] - pair[0]).get_days() > self.gap_days && (context.as_of - pair[1]).get_days() <= self.look_back_days
        };
        for pair in dates.windows(2).filter(gap) {
            let (before, after) = (pair[0], pair[1]);
            let burst = days.range(after..).take_while(|(d, _)| (**d - after).get_days() <= self.within_days);
            let count: usize = burst.map(|(_, n)| n).sum();
            if count < self.items {
                continue;
            }
            let place = |o: Observation| {
                let o = o.at(Locus::Text(after.to_string())).with("column", column.name.as_str()).with("count", count);
                let o = o.with("before", before).with("after", after).with("gap", i64::from((after - before).get_days()));
                o.count(count as u64).seen(Location {
                    text: Some(after.to_string()),
                    column_path: column.path.clone(),
                    ..Location::page(&column.url)
                })
            };
            let trust = &context.site.trust;
            let moved =
                trust.backfilled.contains_key(&after) || trust.migrations.keys().any(|m| m.starts_with(&after.to_string()));
            return Some(if moved {
                place(Observation::cannot_tell("moved"))
            } else {
                place(Observation::failed("burst")).suspected().prove("days", format!("{before} … {after}: {count}"))
            });
        }
        None
    }
}
