//! A column is updated within the window of its class: news 14 days, notices and policies six months, yearly matters a year.
//!
//! The newest date counts, wherever it stands: a pinned old item may come first. A column whose list is filled by script, whose
//! items show no date, or that is only alike one of the book does not let us decide; an empty one belongs to `column-empty`.

use crate::checklist::columns::{ColumnClass, ColumnEntry, ColumnMatch};
use crate::exchange::Gathering;
use crate::facts::column_list::ListItem;
use crate::facts::site::Column;
use crate::finding::{Location, Observation, RootCause};
use crate::rules::{Context, Rule};
use crate::text::fold;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ColumnFreshness {
    /// Classes that are asked about; empty: every class that has a window.
    class: Vec<ColumnClass>,
    /// Longest time without an update in days, instead of the column's own.
    window_days: Option<u32>,
    /// What a column without dates is.
    undated: Undated,
}

/// What a column without dates is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Undated {
    /// Somebody has to look.
    #[default]
    CannotTell,
    /// 未注明信息发布时间的视为不更新: as a norm may say.
    Stale,
}

/// Words in a column's name or path that say it is closed.
const CLOSED: [&str; 6] = ["归档", "历史", "往年", "旧版", "已停", "存档"];

impl Rule for ColumnFreshness {
    type Subject = Column;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, column: &Column, context: &Context<'_>) -> Vec<Observation> {
        vec![self.answer(column, context)]
    }
}

impl ColumnFreshness {
    fn answer(&self, column: &Column, context: &Context<'_>) -> Observation {
        if is_closed(column, context.as_of) {
            return Observation::inapplicable();
        }
        let entry = match &column.matched {
            ColumnMatch::Is(id) => match context.book.find(id) {
                Some(entry) => entry,
                None => return Observation::inapplicable(),
            },
            ColumnMatch::Like(ids) => {
                let near: Vec<&ColumnEntry> = ids.iter().filter_map(|id| context.book.find(id)).collect();
                if column.items.is_empty() || !near.iter().any(|entry| self.window(entry).is_some()) {
                    return Observation::inapplicable();
                }
                let names: Vec<String> = near.iter().map(|entry| entry.name.clone()).collect();
                return place(Observation::cannot_tell("alike"), column).with("near", names);
            }
            ColumnMatch::None => return Observation::inapplicable(),
        };
        let Some(window) = self.window_of(column, entry) else {
            return Observation::inapplicable();
        };
        let doubt = |observation: Observation| match context.site.is_unbound(column) {
            true => observation.suspected(),
            false => observation,
        };
        if column.items.is_empty() {
            return if column.script_filled {
                place(Observation::cannot_tell("scripted"), column)
            } else {
                Observation::inapplicable()
            };
        }
        let Some(newest) = column.newest else {
            return doubt(self.undated(column, context));
        };
        let days = newest.until(context.as_of).map_or(0, |span| i64::from(span.get_days()));
        if days <= i64::from(window) {
            return Observation::passed();
        }
        if column.script_filled {
            return place(Observation::cannot_tell("scripted"), column);
        }
        if !column.complete && !newest_first(&column.items, context.as_of) {
            return place(Observation::untested("incomplete"), column).with("pages", column.pages.len());
        }
        if has_unknown_dates(column, context) {
            return place(Observation::cannot_tell("undated"), column);
        }
        let title = column.newest_item.as_ref().map_or("", |item| item.title.as_str());
        doubt(place(Observation::failed("stale"), column))
            .with("newest", newest)
            .with("days", days)
            .with("window", i64::from(window))
            .with("title", title)
            .prove("newest", newest.to_string())
            .prove("newest-from", column.newest_from.clone().unwrap_or_default())
            .prove("as-of", context.as_of.to_string())
            .prove("window-days", window.to_string())
            .prove("column-id", entry.id.clone())
            .cause(RootCause::Column)
    }

    /// The window of a column: a person's word for this list wins over the book.
    fn window_of(&self, column: &Column, entry: &ColumnEntry) -> Option<u32> {
        let Some(bound) = column.confirmed() else { return self.window(entry) };
        let class = bound.class.unwrap_or(entry.class);
        if !self.class.is_empty() && !self.class.contains(&class) {
            return None;
        }
        let own = bound.window_days?;
        Some(self.window_days.unwrap_or(own))
    }

    fn window(&self, entry: &ColumnEntry) -> Option<u32> {
        if !self.class.is_empty() && !self.class.contains(&entry.class) {
            return None;
        }
        let own = entry.window()?; // static and archived columns have none, whatever a checklist says
        Some(self.window_days.unwrap_or(own))
    }

    /// No date anywhere: the norm may call it stale, but only when all that could hold a date was seen.
    fn undated(&self, column: &Column, context: &Context<'_>) -> Observation {
        if column.script_filled {
            return place(Observation::cannot_tell("scripted"), column);
        }
        let seen = |item: &ListItem| item.url.as_ref().is_some_and(|url| context.site.pages.contains_key(url));
        if self.undated == Undated::CannotTell || !column.items.iter().all(seen) {
            return place(Observation::cannot_tell("undated"), column);
        }
        if !column.complete {
            return place(Observation::untested("incomplete"), column).with("pages", column.pages.len());
        }
        place(Observation::failed("undated"), column).prove("items", column.items.len().to_string()).cause(RootCause::Column)
    }
}

/// Adds where the column is.
fn place(observation: Observation, column: &Column) -> Observation {
    let mut path = column.path.clone();
    path.push(column.name.clone());
    let text = column.newest_item.as_ref().or(column.items.first()).map(|item| item.title.clone());
    observation.with("column", column.name.as_str()).seen(Location { text, column_path: path, ..Location::page(&column.url) })
}

/// Does its name or path say that nothing new is to come: an archive, or the matters of a past year?
fn is_closed(column: &Column, as_of: Date) -> bool {
    column.path.iter().chain([&column.name]).any(|name| {
        let name = fold(name);
        CLOSED.iter().any(|word| name.contains(word)) || past_year(&name, i32::from(as_of.year()))
    })
}

/// Names like `2019年` or `2020年度工作动态`, of a year before the last one.
fn past_year(name: &str, now: i32) -> bool {
    name.split_once('年').is_some_and(|(before, _)| {
        let digits: String = before.chars().rev().take_while(char::is_ascii_digit).collect();
        let year: String = digits.chars().rev().collect();
        year.len() == 4 && year.parse::<i32>().is_ok_and(|year| (1990..now).contains(&year))
    })
}

/// Do the dated items go from new to old, but for at most three pinned ones at the head? Then pages of the list that were not
/// fetched hold nothing newer.
fn newest_first(items: &[ListItem], as_of: Date) -> bool {
    let dates: Vec<Date> = items.iter().filter_map(|item| item.date).filter(|date| *date <= as_of).collect();
    (0..=3).any(|pinned| dates.len() >= pinned + 3 && dates[pinned..].windows(2).all(|pair| pair[0] >= pair[1]))
}

/// Could an item whose date nobody knows be the newest? Among the first three, or more than a fifth of all.
fn has_unknown_dates(column: &Column, context: &Context<'_>) -> bool {
    let unknown = |item: &ListItem| {
        item.date.is_none()
            && item.url.as_ref().and_then(|url| context.site.pages.get(url)).and_then(|page| page.publish_date).is_none()
    };
    column.items.iter().take(3).any(unknown) || column.items.iter().filter(|i| unknown(i)).count() * 5 > column.items.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_years_close_a_column() {
        for (name, closed) in [("2019年", true), ("2025年度报告", true), ("2026年", false), ("年度报告", false), ("19年", false)]
        {
            assert_eq!(past_year(name, 2026), closed, "{name}");
        }
    }

    #[test]
    fn a_sorted_list_needs_no_second_page() {
        let day = |d: i8| jiff::civil::date(2026, 1, d);
        let list = |days: &[i8]| -> Vec<ListItem> {
            days.iter().map(|d| ListItem { title: String::new(), url: None, date: Some(day(*d)) }).collect()
        };
        assert!(newest_first(&list(&[9, 8, 8, 3]), day(20)));
        assert!(newest_first(&list(&[1, 2, 9, 8, 3]), day(20)), "two pinned items first");
        assert!(!newest_first(&list(&[1, 2, 3, 4, 5]), day(20)));
        assert!(!newest_first(&list(&[9, 8]), day(20)), "too few to see an order");
    }
}
