//! Every link has a name that can be read out (WCAG 2.4.4, 4.1.2).

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::finding::Observation;
use crate::rules::{Context, Rule, spots};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkName {}

impl Rule for LinkName {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let facts = &page.accessibility;
        if !spots::concerns(page) || page.links.is_empty() {
            return vec![Observation::inapplicable()];
        }
        if facts.nameless_links.is_empty() {
            return vec![Observation::passed()];
        }
        spots::faults(page, "nameless", &facts.nameless_links)
    }
}
