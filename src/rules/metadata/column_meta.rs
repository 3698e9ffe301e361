//! A column page carries the column tags of 国办发〔2017〕47号: ColumnName, ColumnDescription, ColumnKeywords, ColumnType.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::page_kind::PageKind;
use crate::finding::Observation;
use crate::rules::{Context, Rule, meta_tags};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ColumnMeta {
    /// Tags that have to be there.
    names: Vec<String>,
}

impl Default for ColumnMeta {
    fn default() -> Self {
        ColumnMeta { names: ["ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"].map(str::to_owned).to_vec() }
    }
}

impl Rule for ColumnMeta {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        if page.kind != PageKind::Column || !meta_tags::concerns(page) {
            return vec![Observation::inapplicable()];
        }
        meta_tags::observe(page, &self.names)
    }
}
