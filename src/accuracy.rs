//! How often the rules are right: measured on seeded synthetic bureau sites in which every fault is planted and known.
//!
//! A round grows one faultless site (every column that the checklists ask for, documents with their headers, footers, forms), dresses it
//! in the manner of one of four content management systems, plants faults and near-misses that the rules' own fixtures describe
//! (`## plant:` and `## near-miss:`), and has it judged by every built-in checklist at once. Whatever is reported and was not planted is
//! a false alarm; whatever was planted and is not reported is a miss; a fault that two rules report is a false alarm of one of them.

pub mod bureau;
pub mod columns;
pub mod content;
pub mod fields;
pub mod ground;
pub mod manner;
pub mod plant;
pub mod random;
pub mod reports;
pub mod round;
pub mod source;
pub mod table;
pub mod words;

use crate::error::{Error, Result};
use source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// How much is measured.
#[derive(Debug, Clone)]
pub struct Options {
    /// Same seed, same sites, same figures.
    pub seed: u64,
    /// Rounds; each holds one planted fault and one near-miss of every rule that has them, as far as they fit beside one another.
    pub rounds: std::ops::Range<u64>,
    /// So many faults and near-misses of every rule at least: further rounds plant only the rules that lack some, until none does.
    pub least: u64,
    /// Where the pages of each round are written, for people to look at.
    pub keep: Option<PathBuf>,
}

impl Options {
    /// These rounds and no more.
    pub fn of_rounds(seed: u64, rounds: std::ops::Range<u64>) -> Self {
        Options { seed, rounds, least: 0, keep: None }
    }
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
    /// Rules that were to be planted.
    pub asked: BTreeSet<String>,
    /// Pages read in all rounds.
    pub pages: u64,
    /// Rounds run.
    pub rounds: u64,
    /// What went wrong, in words, with the round's seed: at most 2,000.
    pub wrong: Vec<String>,
}

/// Most wrongs kept in words.
const MOST_WRONG: usize = 2_000;

/// Rounds that are added at a time while rules lack plants: every manner and kind of body comes in.
const ADDED: u64 = 12 * round::ON_ONE_SITE;
/// Most rounds that are added; what lacks plants then has no place for them.
const MOST_ADDED: u64 = 50 * ADDED;

/// Runs the rounds on every processor; the figures do not depend on how many there are. `progress` is told how many are done and how
/// many are to be.
pub fn measure(options: &Options, source: &Source, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<Measured> {
    let asked = source.rules().into_iter().map(str::to_owned).collect();
    let mut measured = Measured { asked, ..Measured::default() };
    for entry in crate::rules::all() {
        measured.rules.insert(entry.id.to_owned(), Tally::default());
    }
    let end = options.rounds.end;
    measured.take(batch(options, options.rounds.clone(), source, &|done| progress(done, end - options.rounds.start))?);
    let mut next = end;
    while next < end.saturating_add(MOST_ADDED) {
        let lacking = source.only(&measured.lacking(options.least));
        if lacking.plants.is_empty() {
            break;
        }
        tracing::info!("round {next}: these lack plants: {:?}", lacking.rules());
        let (before, until) = (measured.rounds, next + ADDED);
        measured.take(batch(options, next..until, &lacking, &|done| progress(before + done, before + ADDED))?);
        next = until;
    }
    Ok(measured)
}

/// Runs rounds, and gives what each showed.
fn batch(
    options: &Options,
    rounds: std::ops::Range<u64>,
    source: &Source,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<BTreeMap<u64, round::Outcome>> {
    let sites: Vec<u64> = (rounds.start / round::ON_ONE_SITE..=rounds.end.saturating_sub(1) / round::ON_ONE_SITE).collect();
    let next = AtomicU64::new(0);
    let done = AtomicU64::new(0);
    let outcomes: Mutex<BTreeMap<u64, round::Outcome>> = Mutex::new(BTreeMap::new());
    let work = || -> Result<()> {
        while let Some(site) = usize::try_from(next.fetch_add(1, Ordering::Relaxed)).ok().and_then(|at| sites.get(at)) {
            let ground = ground::Ground::grow(options.seed, *site, source)?;
            let first = site * round::ON_ONE_SITE;
            for number in (first..first + round::ON_ONE_SITE).filter(|n| rounds.contains(n)) {
                let outcome = round::run(options, number, source, &ground)?;
                outcomes.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(number, outcome);
                progress(done.fetch_add(1, Ordering::Relaxed) + 1);
            }
        }
        Ok(())
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let hands: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        hands.into_iter().try_for_each(|hand| hand.join().unwrap_or_else(|_| Err(Error::Internal("a round panicked".into()))))
    })?;
    Ok(outcomes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

impl Measured {
    /// Rules with fewer faults or near-misses than that.
    fn lacking(&self, least: u64) -> BTreeSet<&str> {
        let few = |rule: &&String| self.rules.get(*rule).is_none_or(|tally| tally.planted.min(tally.near) < least);
        self.asked.iter().filter(few).map(String::as_str).collect()
    }

    fn take(&mut self, outcomes: BTreeMap<u64, round::Outcome>) {
        for outcome in outcomes.into_values() {
            self.pages += outcome.pages;
            self.rounds += 1;
            for (rule, tally) in outcome.rules {
                let sum = self.rules.entry(rule).or_default();
                sum.planted += tally.planted;
                sum.found += tally.found;
                sum.near += tally.near;
                sum.near_alarms += tally.near_alarms;
                sum.alarms += tally.alarms;
            }
            let room = MOST_WRONG.saturating_sub(self.wrong.len());
            self.wrong.extend(outcome.wrong.into_iter().take(room));
        }
    }
}
