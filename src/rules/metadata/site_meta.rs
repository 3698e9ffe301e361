//! Every page carries the site tags of 国办发〔2017〕47号: SiteName, SiteDomain, SiteIDCode.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::page_kind::PageKind;
use crate::finding::Observation;
use crate::rules::{Context, Rule, meta_tags};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SiteMeta {
    /// Tags that have to be there.
    names: Vec<String>,
}

impl Default for SiteMeta {
    fn default() -> Self {
        SiteMeta { names: ["SiteName", "SiteDomain", "SiteIDCode"].map(str::to_owned).to_vec() }
    }
}

impl Rule for SiteMeta {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        // Frames, forms and search pages are made by other programs; the norm speaks of pages of the site.
        if page.kind == PageKind::Other || !meta_tags::concerns(page) {
            return vec![Observation::inapplicable()];
        }
        meta_tags::observe(page, &self.names)
    }
}
