//! No word of the page is one of the wrong words of the rule table (`checklists/lexicon/wrong-words.toml`, level ordinary).
//!
//! Only strings that right text does not hold are in the table, each with its exceptions and its source; a line that speaks of wrong words is
//! passed over. The answer is always suspected. Names of the State, of bodies and set phrases belong to `severe-expression`.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::finding::Observation;
use crate::rules::words::{self, Level, Word};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WrongWord {
    /// Words of an office's own, beside the table.
    words: Vec<Word>,
}

impl Rule for WrongWord {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        words::observe(page, context.site, Level::Ordinary, &self.words)
    }
}
