//! No page publishes whole numbers of people: identity numbers (check digit, region and birth date hold), bank cards (Luhn) or mobile
//! telephones of the people in a list.
//!
//! Masked numbers are as they should be. Codes of organisations, serials and office lines are no numbers of people. Where a notice may
//! have a basis in law (wanted notices, service by announcement, who answers for a neighbourhood or a river, procurement), the answer
//! is cannot tell. What is printed is masked.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::finding::Observation;
use crate::rules::privacy::{self, Reading};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PrivacyLeak {}

impl Rule for PrivacyLeak {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let mut about = format!("{} {}", page.title(), page.document.title);
        if let Some(trail) = &page.breadcrumb {
            trail.names().for_each(|name| about.push_str(name));
        }
        let document = &page.document;
        let lines = document.main.iter().chain(&document.around).map(|block| block.text.as_str()).collect();
        let answers = privacy::observe(&Reading { url: &page.url, about, lines, own: document.main.len() }, context.as_of);
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}
