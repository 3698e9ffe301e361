//! The plan's judgements made ready to be asked, and asking them safely.

use crate::error::{Error, Result};
use crate::exchange::Gathering;
use crate::finding::{Observation, Outcome, Text};
use crate::plan::{Judgement, Plan};
use crate::rules::fixture::{self, Texts};
use crate::rules::{self, Context, Entry, Judge, Loaded};
use crate::url::CanonicalUrl;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Message key of a judgement whose gathering the capture does not hold.
const NOT_GATHERED: &str = "judge:not-gathered";
/// Message key of a page whose kind of document is not sure.
const UNSURE_KIND: &str = "judge:unsure-kind";
/// Message key of a judgement in which we failed.
const PANICKED: &str = "judge:panicked";

/// One judgement with its rule at hand.
pub struct Question<'p> {
    /// From the plan.
    pub judgement: &'p Judgement,
    /// The registered rule.
    pub entry: &'static Entry,
    /// The rule with its parameters.
    pub rule: Loaded,
    /// Gatherings that the capture lacks.
    missing: Vec<Gathering>,
}

impl<'p> Question<'p> {
    /// Makes every judgement of a plan ready. The plan was checked, so what fails here is our own fault.
    pub fn all(plan: &'p Plan, gathered: &[Gathering]) -> Result<Vec<Question<'p>>> {
        plan.judgements.iter().map(|judgement| Question::of(judgement, gathered)).collect()
    }

    fn of(judgement: &'p Judgement, gathered: &[Gathering]) -> Result<Question<'p>> {
        let entry = rules::find(&judgement.rule).ok_or_else(|| Error::Internal(format!("no rule {}", judgement.rule)))?;
        Question::with(judgement, entry, gathered)
    }

    /// Makes one judgement ready with the rule of an entry.
    pub fn with(judgement: &'p Judgement, entry: &'static Entry, gathered: &[Gathering]) -> Result<Question<'p>> {
        let rule = (entry.load)(judgement.params.clone())
            .map_err(|e| Error::Internal(format!("parameters of {}: {e}", judgement.rule)))?;
        // A link target tells by itself that it was not looked at: own pages are judged where links were not checked. So does an
        // annual report whose file was not read: those on pages are judged without files.
        let needed =
            if matches!(rule, Loaded::Target(_) | Loaded::Report(_)) { &[Gathering::Pages][..] } else { entry.gatherings };
        let missing = needed.iter().copied().filter(|g| !gathered.contains(g)).collect();
        Ok(Question { judgement, entry, rule, missing })
    }

    /// The texts of its rule.
    pub fn texts(&self) -> &'static Texts {
        fixture::texts(self.entry)
    }

    /// Asks a rule about a subject: untested where the gathering is absent; a panic is caught, told to `panics`, and untested.
    pub fn ask<S>(
        &self,
        rule: &dyn Judge<S>,
        subject: &S,
        name: &CanonicalUrl,
        context: &Context<'_>,
        panics: &mut Vec<String>,
    ) -> Vec<Observation> {
        if !self.missing.is_empty() {
            let words: Vec<String> = self.missing.iter().map(|g| g.word().to_owned()).collect();
            return vec![Observation::untested(NOT_GATHERED).with("gatherings", words)];
        }
        match catch_unwind(AssertUnwindSafe(|| rule.observe(subject, context))) {
            Ok(observations) => observations,
            Err(cause) => {
                let text = cause.downcast_ref::<&str>().copied().or_else(|| cause.downcast_ref::<String>().map(String::as_str));
                let cause = text.unwrap_or("panic");
                panics.push(format!("{}: {name}: {cause}", self.judgement.rule));
                vec![Observation::untested(PANICKED).with("rule", self.judgement.rule.as_str())]
            }
        }
    }

    /// Says that what is needed was not gathered.
    pub fn not_gathered(&self, gathering: Gathering) -> Observation {
        Observation::untested(NOT_GATHERED).with("gatherings", vec![gathering.word().to_owned()])
    }

    /// Is it asked about certain kinds of document by a rule that does not look at the kind itself? The generic rules do not: a page
    /// whose kind is not sure is not theirs to judge.
    pub fn needs_a_sure_kind(&self) -> bool {
        self.entry.category == "generic" && !self.judgement.select.document_kind.is_empty()
    }

    /// Says that the kind of document is not sure.
    pub fn unsure_kind(&self) -> Observation {
        Observation::cannot_tell(UNSURE_KIND)
    }

    /// The message of an observation, the judge's own ones included.
    pub fn message(&self, observation: &Observation) -> Text {
        let argument = |name: &str| match observation.arguments.get(name) {
            Some(crate::finding::Argument::Text(text)) => text.clone(),
            Some(crate::finding::Argument::List(list)) => list.join(", "),
            Some(crate::finding::Argument::Number(number)) => number.to_string(),
            None => String::new(),
        };
        match observation.message.as_str() {
            NOT_GATHERED => Text {
                zh: format!("本次采集未包含所需内容（{}）", argument("gatherings")),
                en: format!("the capture does not hold what is needed ({})", argument("gatherings")),
            },
            UNSURE_KIND => Text {
                zh: "看不准这是哪一类文件，请人工判断是否适用".to_owned(),
                en: "what kind of document this is, is not sure: please decide whether it is meant".to_owned(),
            },
            PANICKED => Text {
                zh: format!("程序在规则 {} 中出错，请报告", argument("rule")),
                en: format!("the program failed inside rule {}; please report it", argument("rule")),
            },
            key => self.texts().message(key, &observation.arguments),
        }
    }
}

/// Why a subject stays undecided, as the tally keeps it: Chinese, a newline, English.
pub fn reason(question: &Question<'_>, observation: &Observation) -> String {
    let text = question.message(observation);
    format!("{}\n{}", text.zh, text.en)
}

/// Outcome of several observations of one subject; none says nothing, which concerns nobody.
pub fn worst<'a>(observations: impl IntoIterator<Item = &'a Observation>) -> Outcome {
    observations.into_iter().map(|o| o.outcome).fold(Outcome::Inapplicable, super::worse)
}
