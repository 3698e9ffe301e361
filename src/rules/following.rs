//! What following a link showed, as an observation: shared by the rules about dead links and dead files.

use crate::facts::links::Role;
use crate::facts::site::{LinkSource, LinkTarget, Look, TargetOutcome};
use crate::finding::{Location, Locus, Observation};

/// Most places that a report shows of one fault.
const LOCATIONS: usize = 50;

/// The answer about one target, for the links of the given roles; `roles` empty takes every role but guesses.
pub(super) fn observe(target: &LinkTarget, roles: &[Role]) -> Vec<Observation> {
    let asked = |source: &LinkSource| source.role != Role::Guess && (roles.is_empty() || roles.contains(&source.role));
    let sources: Vec<LinkSource> = target.sources.iter().filter(asked).collect();
    if sources.is_empty() {
        return vec![Observation::inapplicable()];
    }
    let cause = match &target.outcome {
        TargetOutcome::Works { .. } => return vec![Observation::passed()],
        TargetOutcome::Dead { cause } | TargetOutcome::Blocked { cause } | TargetOutcome::Unseen { cause } => cause.clone(),
    };
    let observation = match &target.outcome {
        TargetOutcome::Dead { .. } => Observation::failed("dead"),
        TargetOutcome::Blocked { .. } => Observation::cannot_tell("blocked"),
        _ => Observation::untested("unseen"),
    };
    // Sources are a sample of 50: the full count holds only when all of them are of the roles asked for.
    let all = sources.len() == target.sources.len();
    let occurrences = if all { target.occurrences.max(1) } else { sources.len() as u64 };
    let pages = if all { target.pages.max(1) } else { distinct_pages(&sources) };
    let locus = if target.own { target.url.key() } else { target.url.to_string() };
    let mut observation = observation
        .at(Locus::Target(locus))
        .with("target", target.url.as_str())
        .with("cause", cause.as_str())
        .with("pages", pages as i64)
        .with("occurrences", occurrences as i64)
        .count(occurrences)
        .prove("cause", cause)
        .prove("looks", looks(&target.looks));
    if let Some(first) = sources.first() {
        observation = observation.with("text", &*first.text).prove("href", &*first.raw);
    }
    if let Some(last) = target.chain.last() {
        observation = observation.prove("redirected-to", last.as_str());
    }
    for source in sources.iter().take(LOCATIONS) {
        observation = observation.seen(Location {
            selector: Some(source.selector.to_string()).filter(|s| !s.is_empty()),
            line: source.line,
            text: Some(if source.text.is_empty() { source.raw.to_string() } else { source.text.to_string() }),
            ..Location::page(&source.page)
        });
    }
    vec![observation]
}

fn distinct_pages(sources: &[LinkSource]) -> u64 {
    sources.iter().map(|s| &s.page).collect::<std::collections::BTreeSet<_>>().len() as u64
}

/// Every look with its answer, oldest first; instants are left out, so that two runs of one site prove the same.
fn looks(looks: &[Look]) -> String {
    let words: Vec<String> = looks
        .iter()
        .map(|look| match look {
            Look::Answered { status, .. } => status.to_string(),
            Look::Unfetched { reason, .. } => reason.word().to_owned(),
        })
        .collect();
    words.join(", ")
}
