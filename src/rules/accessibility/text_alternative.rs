//! Every picture that a visitor sees has a text alternative, be it an empty one (WCAG 1.1.1).

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::finding::Observation;
use crate::rules::{Context, Rule, spots};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextAlternative {}

impl Rule for TextAlternative {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let facts = &page.accessibility;
        if !spots::concerns(page) || facts.images == 0 {
            return vec![Observation::inapplicable()];
        }
        if facts.without_alt.is_empty() {
            return vec![Observation::passed()];
        }
        spots::faults(page, "absent", &facts.without_alt)
    }
}
