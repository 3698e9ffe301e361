//! What the rules answered about the subjects of one party: tallies for what is decided at once; failures are put on a shelf, and only
//! what tells a template's fault from others is counted in memory.

use super::Tally;
use super::fingerprint::{fingerprint, locus_key};
use super::questions::{Question, reason, worst};
use super::templates::is_of_template;
use crate::error::{Error, Result};
use crate::finding::{Argument, Certainty, Location, Locus, Observation, Outcome, RootCause};
use crate::plan::Plan;
use crate::rules::Loaded;
use crate::shelf::Shelf;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use xxhash_rust::xxh3::xxh3_128;

/// Distinct reasons kept per tally; the rest is counted together.
const MOST_REASONS: usize = 200;
/// What the rest is called.
const OTHER_REASONS: &str = "其他原因\nother reasons";

/// A failed observation on its way to become (part of) a finding.
#[derive(Debug, Clone)]
pub struct Failure<'a> {
    /// Index of the judgement.
    pub question: usize,
    /// Key of its subject.
    pub subject: &'a str,
    /// URL of its subject.
    pub url: &'a CanonicalUrl,
    /// What the rule said.
    pub observation: &'a Observation,
    /// Key of the template's fault that it is part of.
    pub template: Option<&'a str>,
    /// Identity of its finding.
    pub print: &'a str,
}

/// Answers about one subject, by judgement.
pub type Answered = BTreeMap<usize, Vec<Observation>>;

/// All answers about the subjects of one party.
#[derive(Debug, Default)]
pub struct Answers {
    /// Failed observations, a record per subject, in the order in which they came.
    failures: Shelf,
    /// Tallies by bound item; failures are not in them yet.
    pub tallies: BTreeMap<usize, Tally>,
    /// Subjects that each judgement decided (passed or failed).
    pub decided: BTreeMap<usize, u64>,
    /// Failures of pages that say the same, by a digest of what they say.
    alike: HashMap<u128, Alike>,
    /// Failing subjects so far.
    failing: u64,
}

/// Pages that fail alike.
#[derive(Debug)]
struct Alike {
    question: usize,
    pages: u64,
    /// The last of them.
    last: u64,
}

impl Answers {
    /// No answer yet; what fails goes to the shelf.
    pub fn new(failures: Shelf) -> Self {
        Answers { failures, ..Answers::default() }
    }

    /// Adds what was answered about one subject. `bounds` are the party's items.
    pub fn add(&mut self, subject: &str, url: &CanonicalUrl, answered: Answered, around: &Around<'_>) -> Result<()> {
        let mut outcomes: BTreeMap<usize, Outcome> = BTreeMap::new();
        for (question, observations) in &answered {
            let outcome = worst(observations);
            if matches!(outcome, Outcome::Passed | Outcome::Failed) {
                *self.decided.entry(*question).or_default() += 1;
            }
            outcomes.insert(*question, outcome);
        }
        self.tally(url, &answered, &outcomes, around);
        let failed: Vec<(usize, &Observation)> = answered
            .iter()
            .flat_map(|(question, all)| all.iter().map(|o| (*question, o)))
            .filter(|(_, o)| o.outcome == Outcome::Failed)
            .collect();
        if failed.is_empty() {
            return Ok(());
        }
        self.failing += 1;
        for (question, observation) in &failed {
            if around.questions.get(*question).is_some_and(|q| matches!(q.rule, Loaded::Page(_))) {
                let alike =
                    self.alike.entry(digest(*question, observation)?).or_insert(Alike { question: *question, pages: 0, last: 0 });
                alike.pages += u64::from(alike.last != self.failing);
                alike.last = self.failing;
            }
        }
        let said = failed.into_iter().map(|(question, observation)| (question, Said::of(observation))).collect();
        let record = postcard::to_stdvec(&Failed { subject, url: url.clone(), said }).map_err(internal)?;
        self.failures.put(&record)?;
        Ok(())
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

    /// Shows the failures of each subject, in the order in which they came. Page failures of equal judgement, locus, message and
    /// certainty that hold on nearly all pages which the judgement decided are shown as those of a template.
    pub fn each_failing(&self, questions: &[Question<'_>], show: &mut dyn FnMut(&[Failure<'_>]) -> Result<()>) -> Result<()> {
        let is_template = |alike: &Alike| is_of_template(alike.pages, self.decided.get(&alike.question).copied().unwrap_or(0));
        self.failures.each(&mut |record| {
            let failed: Failed<'_> = postcard::from_bytes(record).map_err(internal)?;
            let mut told = Vec::new();
            for (question, said) in failed.said {
                let Some(asked) = questions.get(question) else { continue };
                let observation = said.observation();
                let alike = self.alike.get(&digest(question, &observation)?).filter(|alike| is_template(alike));
                let rule = asked.judgement.rule.as_str();
                let template = alike.filter(|_| matches!(asked.rule, Loaded::Page(_)));
                let template = template.map(|_| format!("{}{rule}:{}", super::templates::KEY, locus_key(&observation.locus)));
                let print = fingerprint(rule, template.as_deref().unwrap_or(failed.subject), &observation.locus);
                told.push((question, observation, template, print));
            }
            let failures: Vec<Failure<'_>> = told
                .iter()
                .map(|(question, observation, template, print)| Failure {
                    question: *question,
                    subject: failed.subject,
                    url: &failed.url,
                    observation,
                    template: template.as_deref(),
                    print,
                })
                .collect();
            show(&failures)
        })
    }

    /// Counts the failing subjects into the tallies, now that it is known how each failure ended.
    pub fn close(mut self, around: &Around<'_>, end: &dyn Fn(&Failure<'_>) -> End) -> Result<BTreeMap<usize, Tally>> {
        let mut tallies = std::mem::take(&mut self.tallies);
        self.each_failing(around.questions, &mut |failures| {
            let ends: Vec<(&Failure<'_>, End)> = failures.iter().map(|failure| (failure, end(failure))).collect();
            for bound in around.bounds {
                let Some(item) = around.plan.bound.get(*bound) else { continue };
                // In the order in which the item names its judgements.
                let of_item: Vec<&(&Failure<'_>, End)> =
                    item.judgements.iter().flat_map(|j| ends.iter().filter(move |(failure, _)| failure.question == *j)).collect();
                if !of_item.is_empty() {
                    count(tallies.entry(*bound).or_default(), &of_item);
                }
            }
            Ok(())
        })?;
        Ok(tallies)
    }
}

/// Counts one failing subject.
fn count(tally: &mut Tally, failed: &[&(&Failure<'_>, End)]) {
    let here = || failed.iter().filter(|(_, end)| !end.elsewhere);
    let mut open = here().filter(|(_, end)| !end.waived && !end.rejected).peekable();
    if here().next().is_none() {
        tally.inapplicable += 1;
        return;
    }
    if open.peek().is_none() {
        // What a person looked at and found right has passed.
        let all_rejected = here().all(|(_, end)| end.rejected && !end.waived);
        *(if all_rejected { &mut tally.passed } else { &mut tally.waived }) += 1;
        return;
    }
    let mut certain =
        open.filter(|(failure, end)| end.confirmed || failure.observation.certainty == Certainty::Certain).peekable();
    if certain.peek().is_none() {
        tally.suspected += 1;
        return;
    }
    tally.failed += 1;
    for (failure, _) in certain {
        let key = failure.template.unwrap_or(failure.subject);
        if !tally.failed_subjects.contains_key(key) {
            tally.failed_subjects.insert(key.to_owned(), failure.observation.message.clone());
        }
    }
}

/// How a failure ended, when all parties were heard.
#[derive(Debug, Clone, Copy, Default)]
pub struct End {
    /// Its finding is waived.
    pub waived: bool,
    /// A person confirmed what was suspected.
    pub confirmed: bool,
    /// A person rejected what was suspected.
    pub rejected: bool,
    /// It is charged to the operator of the platform, not to this unit.
    pub elsewhere: bool,
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

/// What failures of one template share.
fn digest(question: usize, said: &Observation) -> Result<u128> {
    let said = (question, &said.message, said.certainty, &said.locus);
    Ok(xxh3_128(&postcard::to_stdvec(&said).map_err(internal)?))
}

fn internal(why: postcard::Error) -> Error {
    Error::Internal(format!("answers: {why}"))
}

/// The failures of one subject, as they stand on the shelf.
#[derive(Serialize, Deserialize)]
struct Failed<'a> {
    subject: &'a str,
    url: CanonicalUrl,
    #[serde(borrow)]
    said: Vec<(usize, Said<'a>)>,
}

/// A failed [`Observation`].
#[derive(Serialize, Deserialize)]
struct Said<'a> {
    certainty: Certainty,
    message: &'a str,
    #[serde(borrow)]
    arguments: Vec<(&'a str, Value<'a>)>,
    locus: Locus,
    locations: Vec<Location>,
    occurrences: u64,
    #[serde(borrow)]
    evidence: Vec<(&'a str, &'a str)>,
    root_cause: Option<RootCause>,
}

/// An [`Argument`] that says of which type it is.
#[derive(Serialize, Deserialize)]
enum Value<'a> {
    Number(i64),
    Text(&'a str),
    #[serde(borrow)]
    List(Vec<&'a str>),
}

impl<'a> Said<'a> {
    fn of(observation: &'a Observation) -> Self {
        let value = |argument: &'a Argument| match argument {
            Argument::Number(number) => Value::Number(*number),
            Argument::Text(text) => Value::Text(text),
            Argument::List(list) => Value::List(list.iter().map(String::as_str).collect()),
        };
        Said {
            certainty: observation.certainty,
            message: &observation.message,
            arguments: observation.arguments.iter().map(|(name, argument)| (name.as_str(), value(argument))).collect(),
            locus: observation.locus.clone(),
            locations: observation.locations.clone(),
            occurrences: observation.occurrences,
            evidence: observation.evidence.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            root_cause: observation.root_cause,
        }
    }

    fn observation(self) -> Observation {
        let argument = |value: Value<'_>| match value {
            Value::Number(number) => Argument::Number(number),
            Value::Text(text) => Argument::Text(text.to_owned()),
            Value::List(list) => Argument::List(list.into_iter().map(str::to_owned).collect()),
        };
        Observation {
            outcome: Outcome::Failed,
            certainty: self.certainty,
            message: self.message.to_owned(),
            arguments: self.arguments.into_iter().map(|(name, value)| (name.to_owned(), argument(value))).collect(),
            locus: self.locus,
            locations: self.locations,
            occurrences: self.occurrences,
            evidence: self.evidence.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            root_cause: self.root_cause,
        }
    }
}
