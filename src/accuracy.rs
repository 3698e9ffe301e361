//! How often the rules are right: measured on seeded synthetic bureau sites in which every fault is planted and known.
//!
//! A round grows one faultless site (every column that the checklists ask for, documents with their headers, footers, forms), dresses it
//! in the manner of one of four content management systems, plants faults and near-misses that the rules' own fixtures describe
//! (`## plant:` and `## near-miss:`), and has it judged by every built-in checklist at once. Whatever is reported and was not planted is
//! a false alarm; whatever was planted and is not reported is a miss; a fault that two rules report is a false alarm of one of them.

pub mod bureau;
pub mod content;
pub mod manner;
pub mod plant;
pub mod random;
pub mod round;
pub mod table;
pub mod words;

use crate::error::Result;
use std::collections::BTreeMap;

/// How much is measured.
#[derive(Debug, Clone)]
pub struct Options {
    /// Same seed, same sites, same figures.
    pub seed: u64,
    /// Sites to grow; each holds one planted fault and one near-miss of every rule that has them.
    pub rounds: u64,
    /// Only these rules are planted; empty: all.
    pub only: Vec<String>,
}

/// What became of one rule's plants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Faults planted.
    pub planted: u64,
    /// Planted faults that were reported.
    pub found: u64,
    /// Near-misses planted.
    pub near: u64,
    /// Near-misses reported as faults.
    pub near_alarms: u64,
    /// Other reports that nobody planted.
    pub alarms: u64,
}

impl Tally {
    /// Share of reports that are right; 1 without reports.
    pub fn precision(&self) -> f64 {
        let all = self.found + self.near_alarms + self.alarms;
        if all == 0 { 1.0 } else { self.found as f64 / all as f64 }
    }

    /// Share of planted faults that are reported; 1 without plants.
    pub fn recall(&self) -> f64 {
        if self.planted == 0 { 1.0 } else { self.found as f64 / self.planted as f64 }
    }
}

/// What was measured.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// By rule id; every registered rule has a row.
    pub rules: BTreeMap<String, Tally>,
    /// Pages read in all rounds.
    pub pages: u64,
    /// Rounds run.
    pub rounds: u64,
    /// What went wrong, in words, with the round's seed: at most 200.
    pub wrong: Vec<String>,
}

/// Most wrongs kept in words.
const MOST_WRONG: usize = 200;

/// Runs the rounds. `progress` is told after each one.
pub fn measure(options: &Options, progress: &mut dyn FnMut(u64)) -> Result<Measured> {
    let content = content::Content::built_in();
    let plants = plant::all(&options.only)?;
    let mut measured = Measured::default();
    for entry in crate::rules::all() {
        measured.rules.insert(entry.id.to_owned(), Tally::default());
    }
    for number in 0..options.rounds {
        let outcome = round::run(options.seed, number, &plants, &content)?;
        measured.pages += outcome.pages;
        measured.rounds += 1;
        for (rule, tally) in outcome.rules {
            let sum = measured.rules.entry(rule).or_default();
            sum.planted += tally.planted;
            sum.found += tally.found;
            sum.near += tally.near;
            sum.near_alarms += tally.near_alarms;
            sum.alarms += tally.alarms;
        }
        let room = MOST_WRONG.saturating_sub(measured.wrong.len());
        measured.wrong.extend(outcome.wrong.into_iter().take(room));
        progress(number + 1);
    }
    Ok(measured)
}
