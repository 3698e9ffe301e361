//! A list and the page that it leads to show the same date: a reader of the list is told when the page was published.
//!
//! Only dates that a reader sees are compared. `PubDate` and its like are left out: systems write the time of page generation there.
//! A list that shows the day of writing says so by agreeing with it.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::dates::{DateFact, DateOrigin};
use crate::facts::page_kind::PageKind;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DateDisagreement {
    /// Days that the two may differ.
    tolerance_days: i32,
}

impl Default for DateDisagreement {
    fn default() -> Self {
        // A row is written when the page goes out: past midnight, or after a weekend.
        DateDisagreement { tolerance_days: 3 }
    }
}

impl Rule for DateDisagreement {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        vec![self.compare(page, context).unwrap_or_else(Observation::inapplicable)]
    }
}

impl DateDisagreement {
    fn compare(&self, page: &Page, context: &Context<'_>) -> Option<Observation> {
        let published = page.dates.iter().find(|d| seen(d)).filter(|_| page.kind == PageKind::Article)?;
        let column = context.site.columns.get(context.site.pages.get(&page.url)?.column.as_ref()?)?;
        let item = column.items.iter().find(|item| item.url.as_ref() == Some(&page.url))?;
        let listed = item.date?;
        // Any date that the page gives for itself is a date that the list may show.
        let agrees = |d: &DateFact| (listed - d.date).get_days().abs() <= self.tolerance_days;
        if page.dates.iter().filter(|d| d.origin != DateOrigin::Url).any(agrees) {
            return Some(Observation::passed());
        }
        Some(
            Observation::failed("list-differs")
                .at(Locus::Name("publish-date".to_owned()))
                .with("listed", listed)
                .with("published", published.date)
                .with("column", column.name.as_str())
                .prove("listed", format!("{} {listed}", item.title))
                .prove("publish-date", published.text.clone())
                .seen(Location::text(&page.url, published.text.clone()))
                .seen(Location::text(&column.url, item.title.clone())),
        )
    }
}

fn seen(date: &DateFact) -> bool {
    matches!(date.origin, DateOrigin::VisibleLabel | DateOrigin::VisibleNearTitle)
}
