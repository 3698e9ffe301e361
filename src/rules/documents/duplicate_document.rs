//! A document stands on a site once, however many columns list it.
//!
//! The same title and the same text (near-duplicates by simhash) under several addresses of one site, in different columns: a correction
//! reaches one of them only. Listing one address in several columns is how it should be. Short texts and series under one title (notices of
//! permits, of penalties) are not compared.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::page_kind::PageKind;
use crate::facts::site::PageSummary;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::{fold, shorten};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DuplicateDocument {
    /// Fewest letters of a text that is compared.
    letters: u32,
}

impl Default for DuplicateDocument {
    fn default() -> Self {
        DuplicateDocument { letters: 200 }
    }
}

/// Bits in which prints of one text may differ: a frame of another column around it.
const BITS: u32 = 3;
/// Pages under one title that are compared; more are a series.
const SERIES: usize = 40;
/// Addresses told of one document.
const PLACES: usize = 50;

impl Rule for DuplicateDocument {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, _: &Context<'_>) -> Vec<Observation> {
        let mut by_title: BTreeMap<String, Vec<&PageSummary>> = BTreeMap::new();
        for page in site.pages.values() {
            let long = page.simhash.is_some_and(|print| print.letters >= self.letters);
            let title = fold(&page.title);
            if page.kind == PageKind::Article && long && page.column.is_some() && title.chars().count() >= 6 {
                by_title.entry(title).or_default().push(page);
            }
        }
        let mut answers = Vec::new();
        for pages in by_title.into_values().filter(|pages| (2..=SERIES).contains(&pages.len())) {
            answers.extend(groups(pages).iter().map(|group| told(group)));
        }
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}

/// Pages of one title that hold one text in different columns.
fn groups(mut pages: Vec<&PageSummary>) -> Vec<Vec<&PageSummary>> {
    let mut all = Vec::new();
    while !pages.is_empty() {
        let first = pages.remove(0);
        let (same, others): (Vec<_>, Vec<_>) = pages.into_iter().partition(|page| is_same(first, page));
        pages = others;
        // One path on two hosts, or with and without its index file, is one address.
        let mut keys = BTreeSet::from([first.url.key()]);
        let mut group = vec![first];
        group.extend(same.into_iter().filter(|page| keys.insert(page.url.key())));
        let columns: BTreeSet<_> = group.iter().filter_map(|page| page.column.as_ref()).map(|column| column.key()).collect();
        if group.len() >= 2 && columns.len() >= 2 {
            all.push(group);
        }
    }
    all
}

fn is_same(one: &PageSummary, other: &PageSummary) -> bool {
    let (Some(a), Some(b)) = (one.simhash, other.simhash) else { return false };
    let dated = one.publish_date.is_some() && one.publish_date == other.publish_date;
    let sized = a.letters.abs_diff(b.letters) * 20 <= a.letters;
    // Under another date only what is the same to the letter: forms that are filled anew look alike.
    (dated && sized && a.distance(b) <= BITS) || (a.hash == b.hash && a.letters == b.letters)
}

fn told(group: &[&PageSummary]) -> Observation {
    let columns: Vec<String> = group.iter().map(|page| page.column_path.join(" > ")).collect();
    let first = group[0];
    let mut observation = Observation::failed("several")
        .at(Locus::Target(first.url.key()))
        .with("title", shorten(&first.title, 80))
        .with("count", group.len())
        .with("addresses", group.iter().take(5).map(|page| page.url.to_string()).collect::<Vec<_>>())
        .prove("columns", columns.join("；"))
        .prove("letters", first.simhash.map_or(0, |print| print.letters).to_string())
        .count(group.len() as u64);
    for page in group.iter().take(PLACES) {
        observation = observation
            .seen(Location { column_path: page.column_path.to_vec(), ..Location::text(&page.url, page.title.as_str()) });
    }
    observation
}
