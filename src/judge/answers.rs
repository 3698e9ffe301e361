//! What the rules answered about the subjects of one party: tallies for what is decided at once, failures kept for later.

use super::Tally;
use super::questions::{Question, reason, worst};
use crate::finding::{Certainty, Observation, Outcome};
use crate::plan::Plan;
use crate::url::CanonicalUrl;
use std::collections::BTreeMap;

/// Distinct reasons kept per tally; the rest is counted together.
const MOST_REASONS: usize = 200;
/// What the rest is called.
const OTHER_REASONS: &str = "其他原因\nother reasons";

/// A failed observation, waiting to become (part of) a finding.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Index of the judgement.
    pub question: usize,
    /// Key of its subject.
    pub subject: String,
    /// URL of its subject.
    pub url: CanonicalUrl,
    /// What the rule said.
    pub observation: Observation,
    /// Part of a template's fault: its place among the faults.
    pub template: Option<usize>,
}

/// Answers about one subject, by judgement.
pub type Answered = BTreeMap<usize, Vec<Observation>>;

/// All answers about the subjects of one party.
#[derive(Debug, Default)]
pub struct Answers {
    /// Failed observations in the order in which they came.
    pub failures: Vec<Failure>,
    /// Tallies by bound item; failures are not in them yet.
    pub tallies: BTreeMap<usize, Tally>,
    /// Failing subjects by bound item: indices into `failures`, one list per subject.
    pub failing: BTreeMap<usize, Vec<Vec<usize>>>,
    /// Subjects that each judgement decided (passed or failed).
    pub decided: BTreeMap<usize, u64>,
}

impl Answers {
    /// Adds what was answered about one subject. `bounds` are the party's items.
    pub fn add(&mut self, subject: &str, url: &CanonicalUrl, answered: Answered, around: &Around<'_>) {
        let mut outcomes: BTreeMap<usize, Outcome> = BTreeMap::new();
        for (question, observations) in &answered {
            let outcome = worst(observations);
            if matches!(outcome, Outcome::Passed | Outcome::Failed) {
                *self.decided.entry(*question).or_default() += 1;
            }
            outcomes.insert(*question, outcome);
        }
        self.tally(url, &answered, &outcomes, around);
        let mut kept: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (question, observations) in answered {
            for observation in observations.into_iter().filter(|o| o.outcome == Outcome::Failed) {
                kept.entry(question).or_default().push(self.failures.len());
                self.failures.push(Failure {
                    question,
                    subject: subject.to_owned(),
                    url: url.clone(),
                    observation,
                    template: None,
                });
            }
        }
        for bound in around.bounds {
            let Some(item) = around.plan.bound.get(*bound) else { continue };
            let failed: Vec<usize> = item.judgements.iter().filter_map(|j| kept.get(j)).flatten().copied().collect();
            if !failed.is_empty() {
                self.failing.entry(*bound).or_default().push(failed);
            }
        }
    }

    fn tally(&mut self, url: &CanonicalUrl, answered: &Answered, outcomes: &BTreeMap<usize, Outcome>, around: &Around<'_>) {
        for bound in around.bounds {
            let Some(item) = around.plan.bound.get(*bound) else { continue };
            let asked: Vec<(usize, Outcome)> =
                item.judgements.iter().filter_map(|j| outcomes.get_key_value(j)).map(|(j, o)| (*j, *o)).collect();
            let Some(outcome) = asked.iter().map(|(_, outcome)| *outcome).reduce(super::worse) else { continue };
            let tally = self.tallies.entry(*bound).or_default();
            match outcome {
                Outcome::Passed => tally.passed += 1,
                Outcome::Inapplicable => tally.inapplicable += 1,
                Outcome::Failed => {}
                Outcome::CannotTell => tally.cannot_tell += 1,
                Outcome::Untested => tally.untested += 1,
            }
            if matches!(outcome, Outcome::CannotTell | Outcome::Untested)
                && let Some((question, _)) = asked.iter().find(|(_, o)| *o == outcome)
                && let Some(observation) = answered.get(question).and_then(|all| all.iter().find(|o| o.outcome == outcome))
                && let Some(asked) = around.questions.get(*question)
            {
                undecided(tally, reason(asked, observation), url);
            }
        }
    }

    /// Counts the failing subjects into the tallies, now that it is known how each failure ended.
    pub fn close(&mut self, ends: &[End]) {
        for (bound, subjects) in &self.failing {
            let tally = self.tallies.entry(*bound).or_default();
            for failed in subjects {
                let here = || {
                    failed.iter().filter_map(|i| Some((self.failures.get(*i)?, ends.get(*i)?))).filter(|(_, end)| !end.elsewhere)
                };
                let mut open = here().filter(|(_, end)| !end.waived && !end.rejected).peekable();
                if here().next().is_none() {
                    tally.inapplicable += 1;
                    continue;
                }
                if open.peek().is_none() {
                    // What a person looked at and found right has passed.
                    let all_rejected = here().all(|(_, end)| end.rejected && !end.waived);
                    *(if all_rejected { &mut tally.passed } else { &mut tally.waived }) += 1;
                    continue;
                }
                let is_certain =
                    |(failure, end): &(&Failure, &End)| end.confirmed || failure.observation.certainty == Certainty::Certain;
                let mut certain = open.filter(is_certain).peekable();
                if certain.peek().is_none() {
                    tally.suspected += 1;
                    continue;
                }
                tally.failed += 1;
                for (failure, end) in certain {
                    let key = end.key.as_ref().unwrap_or(&failure.subject).clone();
                    tally.failed_subjects.entry(key).or_insert_with(|| failure.observation.message.clone());
                }
            }
        }
    }
}

/// How a failure ended, when all parties were heard.
#[derive(Debug, Clone, Default)]
pub struct End {
    /// Its finding is waived.
    pub waived: bool,
    /// A person confirmed what was suspected.
    pub confirmed: bool,
    /// A person rejected what was suspected.
    pub rejected: bool,
    /// It is charged to the operator of the platform, not to this unit.
    pub elsewhere: bool,
    /// The key that stands for all pages of a template's fault.
    pub key: Option<String>,
}

/// What every subject of a party shares.
pub struct Around<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its judgements.
    pub questions: &'a [Question<'a>],
    /// The party's items.
    pub bounds: &'a [usize],
}

fn undecided(tally: &mut Tally, reason: String, url: &CanonicalUrl) {
    let full = tally.undecided.len() >= MOST_REASONS && !tally.undecided.contains_key(&reason);
    let reason = if full { OTHER_REASONS.to_owned() } else { reason };
    let (count, example) = tally.undecided.entry(reason).or_default();
    *count += 1;
    example.get_or_insert_with(|| url.clone());
}
