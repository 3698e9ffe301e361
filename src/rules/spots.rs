//! Places on a page that stumble a visitor, as observations: shared by the rules about accessibility.

use crate::facts::Page;
use crate::facts::accessibility::Place;
use crate::facts::page_kind::PageKind;
use crate::finding::{Location, Locus, Observation};
use crate::url::CanonicalUrl;
use std::collections::BTreeMap;

/// Most places that are told of one page.
const MOST: usize = 50;

/// Is this a page that visitors see as one? Error pages have their own templates, fragments are parts of another page.
pub(super) fn concerns(page: &Page) -> bool {
    (200..300).contains(&page.status) && page.accessibility.whole
}

/// Likewise, and with content of its own: frames, counters and the like are no pages to read.
pub(super) fn is_read(page: &Page) -> bool {
    concerns(page) && page.kind != PageKind::Other
}

/// One failed observation per distinct target (or text, where a place refers to nothing).
pub(super) fn faults(page: &Page, message: &str, places: &[Place]) -> Vec<Observation> {
    let mut grouped: BTreeMap<Locus, Vec<&Place>> = BTreeMap::new();
    for place in places {
        grouped.entry(locus(page, place)).or_default().push(place);
    }
    let group = |(locus, places): (Locus, Vec<&Place>)| {
        let mut observation = Observation::failed(message).at(locus).count(places.len() as u64);
        if let Some(first) = places.first() {
            observation = observation.with("place", first.text.as_str()).prove("source", first.text.as_str());
        }
        places.iter().fold(observation, |observation, place| observation.seen(location(page, place)))
    };
    grouped.into_iter().take(MOST).map(group).collect()
}

/// Where a place is, for people.
pub(super) fn location(page: &Page, place: &Place) -> Location {
    Location {
        selector: Some(place.selector.clone()).filter(|s| !s.is_empty()),
        line: place.line,
        text: Some(place.text.clone()).filter(|t| !t.is_empty()),
        ..Location::page(&page.url)
    }
}

fn locus(page: &Page, place: &Place) -> Locus {
    match &place.target {
        Some(target) => Locus::Target(key(page, target)),
        None => Locus::Name(place.text.clone()),
    }
}

/// Own URLs by their key, others in full.
pub(super) fn key(page: &Page, target: &CanonicalUrl) -> String {
    if target.host() == page.url.host() { target.key() } else { target.to_string() }
}
