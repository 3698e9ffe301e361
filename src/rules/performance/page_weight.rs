//! A page is not heavier than a checklist allows: the HTML itself, after decoding. No norm prints a figure, so none is assumed.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, spots};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PageWeight {
    /// Most kilobytes (1,024 bytes) of a page; none: nothing is asked.
    most_kilobytes: Option<u64>,
}

impl Rule for PageWeight {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let Some(most) = self.most_kilobytes.filter(|_| spots::is_read(page)) else {
            return vec![Observation::inapplicable()];
        };
        let kilobytes = page.bytes.div_ceil(1024);
        if kilobytes <= most {
            return vec![Observation::passed()];
        }
        let title = Some(page.document.title.clone()).filter(|title| !title.is_empty());
        vec![
            Observation::failed("heavy")
                .at(Locus::Name("bytes".to_owned()))
                .with("kilobytes", i64::try_from(kilobytes).unwrap_or(i64::MAX))
                .with("most", i64::try_from(most).unwrap_or(i64::MAX))
                .prove("bytes", page.bytes.to_string())
                .seen(Location { text: title, ..Location::page(&page.url) }),
        ]
    }
}
