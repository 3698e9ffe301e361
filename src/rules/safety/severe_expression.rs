//! The names of the State, of bodies and of leaders, and set phrases are written right: 严重表述错误 is a veto of the national indicators.
//!
//! The table (`checklists/lexicon/wrong-words.toml`, level severe) holds what notices quote and strings that right text never holds; an office
//! adds the names of its leaders through `words`. The answer is always suspected: a person confirms before anybody is told.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::finding::Observation;
use crate::rules::words::{self, Level, Word};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SevereExpression {
    /// Words of an office's own, such as its leaders' names written wrong, beside the table.
    words: Vec<Word>,
}

impl Rule for SevereExpression {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        words::observe(page, context.site, Level::Severe, &self.words)
    }
}
