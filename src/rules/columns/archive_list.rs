//! Documents of earlier years (annual reports, statements, budgets) can still be reached, year by year, in their column.
//!
//! Years are read from the titles of the list, of its sub-columns and of the pages in it. A body may be younger than a year that is asked
//! for: a missing year is suspected. The newest year is another rule's.

use crate::checklist::columns::ColumnMatch;
use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::site::Column;
use crate::finding::{Location, Locus, Observation, RootCause};
use crate::rules::{Context, Rule};
use crate::text::fold;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveList {
    /// Id of the column in the book.
    column: String,
    /// First year that has to be there.
    since: i16,
    /// Last year that has to be there; none: two years before the year of judgement.
    #[serde(default)]
    until: Option<i16>,
}

impl Rule for ArchiveList {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let columns: Vec<&Column> = site.columns.values().filter(|c| c.matched == ColumnMatch::Is(self.column.clone())).collect();
        let Some(first) = columns.first() else {
            return vec![Observation::inapplicable()];
        };
        let until = self.until.unwrap_or(context.as_of.year() - 2);
        let mut years: BTreeSet<i16> = BTreeSet::new();
        let mut unnamed = 0;
        let mut held: Vec<&Column> = columns.clone();
        held.extend(columns.iter().flat_map(|c| &c.children).filter_map(|url| site.columns.get(url)));
        for column in &held {
            years.extend(years_in(&column.name));
            for item in &column.items {
                let found = years_in(&item.title);
                unnamed += usize::from(found.is_empty());
                years.extend(found);
            }
        }
        let of_column = |url: &crate::url::CanonicalUrl| held.iter().any(|c| c.url == *url);
        years.extend(site.pages.values().filter(|p| p.column.as_ref().is_some_and(of_column)).flat_map(|p| years_in(&p.title)));
        // A link anywhere in the pages of the column, beside its list.
        let linked =
            site.targets.values().flat_map(|t| t.sources.iter()).filter(|s| held.iter().any(|c| c.pages.contains(&s.page)));
        years.extend(linked.flat_map(|s| years_in(&s.text)));
        let missing: Vec<String> = (self.since..=until).filter(|year| !years.contains(year)).map(|y| y.to_string()).collect();
        if missing.is_empty() {
            return vec![Observation::passed()];
        }
        let place = Location { text: Some(first.name.clone()), column_path: first.path.clone(), ..Location::page(&first.url) };
        let say = |observation: Observation| {
            let observation = observation.at(Locus::Name(self.column.clone())).with("column", first.name.as_str());
            vec![observation.with("years", missing.clone()).seen(place.clone()).cause(RootCause::Column)]
        };
        if held.iter().any(|c| c.script_filled) {
            return say(Observation::cannot_tell("scripted"));
        }
        if held.iter().any(|c| !c.complete) || !site.complete {
            return say(Observation::untested("incomplete"));
        }
        if unnamed > 0 || years.is_empty() {
            return say(Observation::cannot_tell("no-years"));
        }
        let seen: Vec<String> = years.iter().map(i16::to_string).collect();
        say(Observation::failed("missing-years").suspected().prove("years-seen", seen.join("、")))
    }
}

/// Every year that a title names: 2019年, 2019-2020.
fn years_in(title: &str) -> Vec<i16> {
    let folded = fold(title);
    folded
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| run.len() == 4 && run.starts_with("20"))
        .filter_map(|run| run.parse().ok())
        .collect()
}
