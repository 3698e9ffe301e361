//! The home page leads to something new: its newest dated item is not older than the window.
//!
//! A home page that shows no dates, or one whose columns are fresher than anything it shows, does not let us decide: it may be a mere
//! index of columns, for which the second-level pages count.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::links::{Region, Role};
use crate::facts::site::{Column, TargetOutcome};
use crate::finding::{Location, Observation};
use crate::rules::{Context, Rule};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HomeFreshness {
    /// Longest time without an update, in days.
    window_days: u32,
}

impl Default for HomeFreshness {
    fn default() -> Self {
        HomeFreshness { window_days: 14 }
    }
}

impl Rule for HomeFreshness {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        vec![self.answer(site, context)]
    }
}

impl HomeFreshness {
    fn answer(&self, site: &Site, context: &Context<'_>) -> Observation {
        let Some(home) = &site.home else {
            return Observation::untested("unseen");
        };
        let age = |date: Date| date.until(context.as_of).map_or(0, |span| i64::from(span.get_days()));
        let window = i64::from(self.window_days);
        // Of the columns one step away, the one updated last.
        let freshest: Option<(&Column, Date)> = site
            .columns
            .values()
            .filter(|column| column.hops <= 1 && column.url != home.url)
            .filter_map(|column| column.newest.filter(|date| *date <= context.as_of).map(|date| (column, date)))
            .max_by_key(|(_, date)| *date);
        let here = |observation: Observation| observation.seen(Location::page(&home.url));
        let Some((newest, title, origin)) = &site.home_newest else {
            return match freshest {
                Some((_, date)) if age(date) <= window => Observation::passed(),
                _ if !seen_all_of_home(site) => here(Observation::untested("links-unseen")),
                _ => here(Observation::cannot_tell("undated")),
            };
        };
        if age(*newest) <= window {
            return Observation::passed();
        }
        if home.list.as_ref().is_some_and(|list| list.script_filled) {
            return here(Observation::cannot_tell("scripted"));
        }
        if !seen_all_of_home(site) {
            return here(Observation::untested("links-unseen"));
        }
        // A home page that shows dates of its own is no mere index of columns.
        let shows_dates = origin == "list" || home.list.as_ref().is_some_and(|list| list.newest().is_some());
        if let Some((column, date)) = freshest.filter(|(_, date)| !shows_dates && age(*date) <= window) {
            return here(Observation::cannot_tell("elsewhere"))
                .with("newest", *newest)
                .with("column", column.name.as_str())
                .with("updated", date);
        }
        Observation::failed("stale")
            .with("newest", *newest)
            .with("days", age(*newest))
            .with("window", window)
            .with("title", title.as_str())
            .prove("newest", newest.to_string())
            .prove("newest-from", origin.clone())
            .prove("as-of", context.as_of.to_string())
            .seen(Location::text(&home.url, title.clone()))
    }
}

/// Was every own link in the body of the home page followed? One that was not may lead to the newest item.
fn seen_all_of_home(site: &Site) -> bool {
    let Some(home) = &site.home else { return false };
    home.links.iter().filter(|l| l.role == Role::Anchor && matches!(l.region, Region::Main | Region::Unknown)).all(|link| {
        link.target
            .as_ref()
            .and_then(|url| site.targets.get(url))
            .is_none_or(|target| !target.own || target.attachment || !matches!(target.outcome, TargetOutcome::Unseen { .. }))
    })
}
