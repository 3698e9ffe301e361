//! No link to somebody else's site is hidden from readers (暗链).
//!
//! Pages hide much for good reasons, so a hidden link is told only where its cause is one that no menu, tab or popup uses (parked far off the
//! screen, letters without size or in the colour of the paper, a box or ticker of a pixel, written hidden by a script), or where an element
//! without any name hides text links to unknown hosts outside of every part that opens. Hosts of state bodies, media, statistics and
//! services are known and pass. What advertises by its words is named by `injected-spam` and not told again here.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::concealment::Concealed;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, hosts, lexicon};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HiddenLink {}

/// Hosts named in a message.
const NAMED: usize = 5;
/// Links in noscript from which they are a block.
const BLOCK: usize = 3;
/// Links told of one cause.
const PLACES: usize = 50;

impl Rule for HiddenLink {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let mut by_cause: BTreeMap<&str, Vec<&Concealed>> = BTreeMap::new();
        for link in page.concealed.iter().filter(|link| is_dark(link)) {
            by_cause.entry(&link.cause).or_default().push(link);
        }
        // What stands in for a script names who made it; a block of links is something else.
        if by_cause.get("noscript").is_some_and(|links| links.len() < BLOCK) {
            by_cause.remove("noscript");
        }
        let answers: Vec<Observation> = by_cause.into_iter().map(|(cause, links)| told(page, cause, &links)).collect();
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}

/// Does what is known of a hidden link speak for 暗链?
fn is_dark(link: &Concealed) -> bool {
    let host = link.target.host();
    if link.text.is_empty() || hosts::is_trusted(host) || lexicon::spam_link(&link.text, host, true).is_some() {
        return false;
    }
    match link.cause.as_str() {
        "same-colour" | "marquee" => true,
        "off-screen" | "font-size-zero" | "zero-size" => !link.widget,
        "noscript" => true,
        // Anything may be shown again by whoever knows its name.
        _ => !link.widget && (link.scripted || !link.named),
    }
}

fn told(page: &Page, cause: &str, links: &[&Concealed]) -> Observation {
    let mut hosts: Vec<String> = links.iter().map(|link| link.target.host().to_owned()).collect();
    hosts.sort();
    hosts.dedup();
    let count = hosts.len();
    hosts.truncate(NAMED);
    let mut observation = Observation::failed("hidden")
        .suspected()
        .at(Locus::Name(cause.to_owned()))
        .with("cause", cause)
        .with("links", links.len())
        .with("hosts", hosts)
        .prove("cause", cause)
        .prove("hosts", count.to_string())
        .count(links.len() as u64);
    if let Some(first) = links.first() {
        observation = observation.prove("href", first.target.as_str()).prove("text", first.text.as_str());
    }
    for link in links.iter().take(PLACES) {
        observation = observation.seen(Location {
            selector: Some(link.selector.clone()).filter(|s| !s.is_empty()),
            line: link.line,
            ..Location::text(&page.url, link.text.as_str())
        });
    }
    observation
}
