//! Headings say something, and their levels follow one another (WCAG 1.3.1, 2.4.6; technique G141).

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::accessibility::Heading;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, spots};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HeadingOrder {}

impl Rule for HeadingOrder {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let headings = &page.accessibility.headings;
        if !spots::is_read(page) || headings.is_empty() {
            return vec![Observation::inapplicable()];
        }
        let mut answers: Vec<Observation> = Vec::new();
        let empty: Vec<&Heading> = headings.iter().filter(|heading| heading.text.is_empty()).collect();
        if let Some(first) = empty.first() {
            let level = format!("h{}", first.level);
            let named = Observation::failed("empty").at(Locus::Name("empty".to_owned())).with("level", level.as_str());
            let seen =
                empty.iter().take(50).fold(named, |o, heading| o.seen(place(page, heading, &format!("<h{}", heading.level))));
            answers.push(seen.count(empty.len() as u64));
        }
        // Back to a higher level any step is fine; down it is one at a time.
        let said: Vec<&Heading> = headings.iter().filter(|heading| !heading.text.is_empty()).collect();
        let skipped = said.windows(2).find(|pair| pair[1].level > pair[0].level + 1);
        if let Some([before, after]) = skipped {
            answers.push(
                Observation::failed("skipped")
                    .at(Locus::Text(after.text.clone()))
                    .with("text", after.text.as_str())
                    .with("level", format!("h{}", after.level))
                    .with("before", format!("h{}", before.level))
                    .prove("levels", headings.iter().take(30).map(|h| h.level.to_string()).collect::<Vec<_>>().join(" "))
                    .seen(place(page, after, &after.text)),
            );
        }
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}

fn place(page: &Page, heading: &Heading, text: &str) -> Location {
    Location { line: heading.line, ..Location::text(&page.url, text) }
}
