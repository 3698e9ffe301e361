//! One index number (索引号), one document: the same number on different documents of the site shows that numbers are typed in or
//! copied, and a reader who searches by number finds the wrong one.
//!
//! The same document under two addresses is one document, and an interpretation may quote the number of what it interprets.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::document_kind::DocumentKind;
use crate::facts::page_kind::PageKind;
use crate::facts::site::PageSummary;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::fold;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IndexUniqueness {}

impl Rule for IndexUniqueness {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, _: &Context<'_>) -> Vec<Observation> {
        let mut holders: BTreeMap<String, Vec<&PageSummary>> = BTreeMap::new();
        for page in site.pages.values().filter(|p| p.kind == PageKind::Article) {
            if let Some(number) = page.index_number.as_deref().map(fold).filter(|n| is_number(n)) {
                holders.entry(number).or_default().push(page);
            }
        }
        if holders.is_empty() {
            return vec![Observation::inapplicable()];
        }
        let faults: Vec<Observation> = holders.values().filter_map(|pages| fault(pages)).collect();
        if faults.is_empty() { vec![Observation::passed()] } else { faults }
    }
}

/// A number that can be one document's: it has a serial part. Placeholders and bare codes are another rule's.
fn is_number(folded: &str) -> bool {
    folded.chars().count() >= 8
        && folded.chars().filter(char::is_ascii_digit).count() >= 5
        && folded.contains(['/', '-', '_', '〔', '['])
        && !folded.contains("null")
}

fn fault(pages: &[&PageSummary]) -> Option<Observation> {
    let own = pages.iter().filter(|p| p.document_kind != Some(DocumentKind::Interpretation));
    let mut documents: Vec<(String, &PageSummary)> = Vec::new();
    for page in own {
        let title = fold(&page.title);
        // A title within another is the same matter: an attachment, a version for telephones, an interpretation.
        let same =
            |(other, _): &(String, &PageSummary)| title.is_empty() || other.contains(&title) || title.contains(other.as_str());
        if title.chars().count() >= 4 && !documents.iter().any(same) {
            documents.push((title, page));
        }
    }
    let (_, first) = documents.first().filter(|_| documents.len() > 1)?;
    let number = first.index_number.clone().unwrap_or_default();
    let titles: Vec<String> = documents.iter().take(3).map(|(_, page)| page.title.clone()).collect();
    let mut observation = Observation::failed("shared")
        .at(Locus::Text(number.clone()))
        .with("value", number.as_str())
        .with("documents", documents.len())
        .with("titles", titles)
        .count(documents.len() as u64)
        .prove("value", number.as_str());
    for (_, page) in documents.iter().take(50) {
        let location = Location { column_path: page.column_path.to_vec(), ..Location::text(&page.url, number.as_str()) };
        observation = observation.seen(location);
    }
    Some(observation)
}
