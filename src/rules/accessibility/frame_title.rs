//! Every frame says by its title what it holds (WCAG 4.1.2, 2.4.1).

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::links::Role;
use crate::finding::Observation;
use crate::rules::{Context, Rule, spots};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FrameTitle {}

impl Rule for FrameTitle {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let has_frames = page.links.iter().any(|link| link.role == Role::Frame);
        if !spots::concerns(page) || !has_frames {
            return vec![Observation::inapplicable()];
        }
        if page.accessibility.untitled_frames.is_empty() {
            return vec![Observation::passed()];
        }
        spots::faults(page, "untitled", &page.accessibility.untitled_frames)
    }
}
