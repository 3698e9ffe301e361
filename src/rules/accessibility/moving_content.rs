//! What moves or sounds by itself can be stopped (WCAG 2.2.2, 1.4.2).

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::accessibility::Moving;
use crate::finding::{Locus, Observation};
use crate::rules::{Context, Rule, spots};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MovingContent {}

impl Rule for MovingContent {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let moving = &page.accessibility.moving;
        if !spots::concerns(page) || moving.is_empty() {
            return vec![Observation::inapplicable()];
        }
        let faults: Vec<Observation> = moving.iter().filter(|m| !m.stoppable).map(|m| fault(page, m)).collect();
        if faults.is_empty() { vec![Observation::passed()] } else { faults }
    }
}

fn fault(page: &Page, moving: &Moving) -> Observation {
    let is_text = matches!(moving.element.as_str(), "marquee" | "blink");
    let observation = match (is_text, moving.silent) {
        (true, _) => Observation::failed("moves"),
        // How long it plays is not in the page.
        (false, true) => Observation::failed("plays").suspected(),
        (false, false) => Observation::failed("sounds").suspected(),
    };
    let place = spots::location(page, &moving.place);
    observation.at(Locus::Name(moving.element.clone())).with("element", moving.element.as_str()).seen(place)
}
