//! A page has, or has not, an element that a CSS selector names: the office says which and why.
//!
//! Elements are looked for in the static page. A page that is drawn by script, or that was cut at a limit, does not let us decide that
//! something is missing; what is there is there.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::selected::{Matched, Place, Selector};
use crate::finding::{Location, Locus, Observation, Text};
use crate::rules::own_words::{self, Pattern};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// The selector; has to be given.
    selector: Option<Selector>,
    /// What is asked of it.
    #[serde(default)]
    must: Must,
    /// Fewest elements, with `present` and `text`.
    #[serde(default)]
    at_least: Option<u32>,
    /// What the text of the element has to hold, with `text`.
    #[serde(default)]
    pattern: Option<Pattern>,
    /// The finding in the office's own words.
    #[serde(default)]
    says: Option<Text>,
}

/// What is asked of the element.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Must {
    /// It is there.
    #[default]
    Present,
    /// It is not there.
    Absent,
    /// It is there and has a text (which holds the pattern, when one is given).
    Text,
}

impl Rule for Element {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn selectors(&self) -> Vec<Selector> {
        self.selector.iter().cloned().collect()
    }

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let Some(selector) = &self.selector else {
            return vec![Observation::untested("unread").with("selector", "")];
        };
        let name = selector.to_string();
        let Some(matched) = page.selected.iter().find(|matched| matched.selector == name) else {
            return vec![Observation::untested("unread").with("selector", name)];
        };
        let answers = self.answers(page, matched);
        answers.into_iter().map(|observation| observation.with("selector", name.as_str())).collect()
    }
}

impl Element {
    fn answers(&self, page: &Page, matched: &Matched) -> Vec<Observation> {
        let locus = |observation: Observation| observation.at(Locus::Name(matched.selector.clone()));
        let failed = |key: &str| locus(own_words::failed(key, self.says.as_ref())).prove("selector", matched.selector.as_str());
        if self.must == Must::Absent {
            if matched.count == 0 {
                return vec![Observation::passed()];
            }
            let first = matched.places.first().map_or("", |place| place.text.as_str());
            let mut observation = failed("there").with("text", first).with("count", i64::from(matched.count));
            observation = observation.count(u64::from(matched.count)).prove("text", first);
            return vec![matched.places.iter().fold(observation, |o, place| o.seen(at(page, place)))];
        }
        let least = self.at_least.unwrap_or(1);
        if matched.count < least {
            if page.document.cut || own_words::is_drawn(page) {
                return vec![locus(Observation::cannot_tell("drawn"))];
            }
            let observation = failed("absent").with("count", i64::from(matched.count)).with("least", i64::from(least));
            return vec![observation.prove("count", matched.count.to_string()).seen(Location::text(&page.url, page.title()))];
        }
        if self.must == Must::Present {
            return vec![Observation::passed()];
        }
        let holds = |place: &&Place| match &self.pattern {
            Some(pattern) => pattern.is_in(&place.text),
            None => !place.text.is_empty(),
        };
        let good = matched.places.iter().filter(holds).count() as u64;
        if good >= u64::from(least) {
            return vec![Observation::passed()];
        }
        // Not every element was kept with its text.
        if matched.count as usize > matched.places.len() {
            return vec![locus(Observation::cannot_tell("many")).with("count", i64::from(matched.count))];
        }
        let Some(bad) = matched.places.iter().find(|place| !holds(place)) else { return vec![Observation::passed()] };
        if bad.text.is_empty() {
            return vec![failed("empty").seen(at(page, bad))];
        }
        let pattern = self.pattern.as_ref().map_or("", Pattern::text);
        vec![
            failed("differs")
                .with("text", bad.text.as_str())
                .with("pattern", pattern)
                .prove("text", bad.text.as_str())
                .seen(at(page, bad)),
        ]
    }
}

fn at(page: &Page, place: &Place) -> Location {
    Location {
        selector: Some(place.path.clone()).filter(|path| !path.is_empty()),
        line: Some(place.line).filter(|line| *line > 0),
        text: Some(place.text.clone()).filter(|text| !text.is_empty()),
        ..Location::page(&page.url)
    }
}
