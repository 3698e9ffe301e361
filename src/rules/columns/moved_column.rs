//! Lists that the office confirmed still stand where they stood: a redesign that moves them is one fault, not one for every column.
//!
//! What rests on the lists that are gone cannot be told until the office has bound the new ones (`site.moved`, `required-column`).

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::finding::{Location, Observation, RootCause};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MovedColumn {}

/// Names that the message quotes.
const MOST_NAMES: usize = 5;

impl Rule for MovedColumn {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let confirmed = context.book.entries.iter().any(|entry| site.is_confirmed(&entry.id));
        if !confirmed {
            return vec![Observation::inapplicable()];
        }
        let Some(moved) = &site.moved else {
            return vec![if site.complete { Observation::passed() } else { Observation::untested("incomplete") }];
        };
        let names: Vec<String> = moved.gone.iter().take(MOST_NAMES).map(|bound| bound.name.clone()).collect();
        let mut observation = Observation::failed("moved")
            .with("gone", moved.gone.len())
            .with("confirmed", moved.confirmed as i64)
            .with("names", names)
            .prove("gone", moved.gone.len().to_string())
            .prove("confirmed", moved.confirmed.to_string())
            .count(moved.gone.len() as u64)
            .cause(RootCause::Column);
        for bound in &moved.gone {
            observation = observation.seen(Location::text(&bound.url, bound.name.clone()));
        }
        vec![observation]
    }
}
