//! No link leads to a host that promotes betting or pornography: old domains of friends and subordinates are bought by such promoters.
//!
//! Told by the name of the host, or of a host to which the link is led on. A link whose own words advertise was planted and is named by
//! `injected-spam`; a dead one is a dead link. Always suspected.

use crate::exchange::Gathering;
use crate::facts::site::{LinkTarget, TargetOutcome};
use crate::finding::{Location, Locus, Observation, RootCause};
use crate::rules::{Context, Rule, hosts, lexicon};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HijackedLink {}

/// Places told.
const PLACES: usize = 50;

impl Rule for HijackedLink {
    type Subject = LinkTarget;
    const GATHERINGS: &'static [Gathering] = &[Gathering::LinkCheck];

    fn observe(&self, target: &LinkTarget, _: &Context<'_>) -> Vec<Observation> {
        if target.own || hosts::is_local(target.url.host()) || matches!(target.outcome, TargetOutcome::Dead { .. }) {
            return vec![Observation::inapplicable()];
        }
        let led = target.chain.iter().rev().find_map(|url| hosts::advertises(url.host()).map(|class| (url, class)));
        let found = hosts::advertises(target.url.host()).map(|class| (&target.url, class, "name"));
        let found = found.or_else(|| led.map(|(url, class)| (url, class, "led-on")));
        let Some((url, class, key)) = found else {
            return vec![match &target.outcome {
                TargetOutcome::Unseen { .. } => Observation::untested("unseen"),
                _ => Observation::passed(),
            }];
        };
        // Words that advertise show that the link was planted.
        let planted = |text: &str| lexicon::spam_link(text, target.url.host(), false).is_some();
        if !target.sources.is_empty() && target.sources.iter().all(|source| planted(&source.text)) {
            return vec![Observation::inapplicable()];
        }
        let first = target.sources.first();
        let text = first.as_ref().map(|source| &*source.text).unwrap_or_default();
        let mut observation = told(key)
            .suspected()
            .at(Locus::Target(target.url.host().to_owned()))
            .with("target", target.url.as_str())
            .with("host", url.host())
            .with("class", class)
            .with("text", text)
            .prove("host", url.host())
            .prove("class", class)
            .cause(RootCause::Page)
            .count(target.occurrences.max(1));
        for source in target.sources.iter().take(PLACES) {
            observation = observation.seen(Location {
                selector: Some(source.selector.to_string()).filter(|s| !s.is_empty()),
                line: source.line,
                text: Some(if source.text.is_empty() { source.raw.to_string() } else { source.text.to_string() }),
                ..Location::page(&source.page)
            });
        }
        vec![observation]
    }
}

fn told(key: &str) -> Observation {
    match key {
        "name" => Observation::failed("name"),
        _ => Observation::failed("led-on"),
    }
}
