//! No commercial advertisement on the page: nothing of an advertising network, no link that sells goods from official text.
//!
//! Networks and shops are known by their hosts (`checklists/lexicon/known-hosts.toml`). Statistics, sharing and maps of the same companies are no
//! advertisements. Always suspected: farm produce of a poor county may be sold with a purpose.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::links::Role;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, hosts};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Advertisement {}

/// Places told of one host.
const PLACES: usize = 50;

impl Rule for Advertisement {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let mut answers: Vec<Observation> = Vec::new();
        for link in &page.links {
            let Some(host) = link.target.as_ref().map(|target| target.host()) else { continue };
            let observation = match (hosts::class(host), link.role) {
                (Some("advertising"), Role::Script | Role::Frame | Role::Anchor | Role::Image) => Observation::failed("network"),
                (Some("shop"), Role::Anchor) if link.hidden.is_none() => Observation::failed("shop"),
                _ => continue,
            };
            let shown = if link.text.is_empty() { link.raw.as_str() } else { link.text.as_str() };
            let place = Location {
                selector: Some(link.selector.clone()).filter(|s| !s.is_empty()),
                line: link.line,
                ..Location::text(&page.url, shown)
            };
            let locus = Locus::Target(host.to_owned());
            match answers.iter_mut().find(|answer| answer.locus == locus) {
                Some(known) => {
                    known.occurrences += 1;
                    if known.locations.len() < PLACES {
                        known.locations.push(place);
                    }
                }
                None => answers.push(
                    observation
                        .suspected()
                        .at(locus)
                        .with("host", host)
                        .with("quote", crate::text::shorten(shown, 60))
                        .prove("host", host)
                        .prove("href", link.raw.as_str())
                        .seen(place),
                ),
            }
        }
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}
