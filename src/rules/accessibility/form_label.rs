//! Every control for input has a label that belongs to it in the source (WCAG 1.3.1, 3.3.2, 4.1.2).

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::finding::Observation;
use crate::rules::{Context, Rule, spots};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FormLabel {}

impl Rule for FormLabel {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        if !spots::concerns(page) || page.accessibility.controls == 0 {
            return vec![Observation::inapplicable()];
        }
        if page.accessibility.unlabelled.is_empty() {
            return vec![Observation::passed()];
        }
        spots::faults(page, "unlabelled", &page.accessibility.unlabelled)
    }
}
