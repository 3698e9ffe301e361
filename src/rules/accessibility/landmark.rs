//! A visitor without a mouse can pass over the navigation: by landmarks, headings or a skip link (WCAG 2.4.1).

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::links::{Link, Region, Role};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, spots};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Landmark {}

impl Rule for Landmark {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let facts = &page.accessibility;
        let is_repeated = |link: &&Link| link.role == Role::Anchor && link.region == Region::Header && link.hidden.is_none();
        let repeated: Vec<&Link> = page.links.iter().filter(is_repeated).collect();
        if !spots::is_read(page) || repeated.len() < BLOCK {
            return vec![Observation::inapplicable()];
        }
        let marked = facts.landmarks.iter().any(|name| matches!(name.as_str(), "main" | "nav"));
        if marked || facts.skip_link || facts.headings.iter().any(|heading| !heading.text.is_empty()) {
            return vec![Observation::passed()];
        }
        let first = repeated.first().map(|link| link.text.as_str()).filter(|text| !text.is_empty());
        let place = Location { text: first.map(str::to_owned), ..Location::page(&page.url) };
        vec![
            Observation::failed("absent")
                .at(Locus::Name("bypass".to_owned()))
                .with("links", repeated.len())
                .prove("links", repeated.len().to_string())
                .seen(place),
        ]
    }
}

/// Fewer links at the head of a page are no block that anybody wants to pass over.
const BLOCK: usize = 5;
