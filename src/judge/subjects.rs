//! Asks the questions of one party about its pages, columns, link targets and its site.

use super::Given;
use super::answers::{Answered, Answers, Around};
use super::fingerprint::{external_key, own_key};
use super::parties::Party;
use super::questions::Question;
use super::select;
use crate::checklist::calendar::Calendar;
use crate::error::Result;
use crate::facts::links::Role;
use crate::facts::site::LinkTarget;
use crate::facts::{File, Page};
use crate::finding::Outcome;
use crate::plan::Plan;
use crate::rules::{Context, Loaded};
use crate::shelf::Shelf;
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Asking under way.
pub struct Asking<'a, 'p> {
    plan: &'p Plan,
    party: &'a Party,
    questions: &'a [Question<'p>],
    as_of: Date,
    given: &'a Given,
    answers: Answers,
    watched: Watched,
    panics: Vec<String>,
}

/// How watched subjects ended, by rule and key.
pub type Watched = BTreeMap<(String, String), Outcome>;

impl<'a, 'p> Asking<'a, 'p> {
    /// Nothing asked yet.
    pub fn new(
        plan: &'p Plan,
        party: &'a Party,
        questions: &'a [Question<'p>],
        as_of: Date,
        given: &'a Given,
        failures: Shelf,
    ) -> Self {
        let answers = Answers::new(failures);
        Asking { plan, party, questions, as_of, given, answers, watched: Watched::new(), panics: Vec::new() }
    }

    /// Does any question concern pages?
    pub fn asks_pages(&self) -> bool {
        self.asked().any(|(_, question)| matches!(question.rule, Loaded::Page(_)))
    }

    /// Does any question concern files?
    pub fn asks_files(&self) -> bool {
        self.asked().any(|(_, question)| matches!(question.rule, Loaded::File(_)))
    }

    fn asked(&self) -> impl Iterator<Item = (usize, &'a Question<'p>)> + use<'a, 'p> {
        let questions = self.questions;
        self.party.questions.iter().filter_map(move |index| questions.get(*index).map(|question| (*index, question)))
    }

    fn context(&self) -> Context<'a> {
        let party: &'a Party = self.party;
        Context {
            as_of: self.as_of,
            site: &party.site,
            book: self.book(),
            calendar: Calendar::built_in(),
            history: self.given.history.as_ref(),
        }
    }

    fn add(&mut self, subject: &str, url: &CanonicalUrl, answered: Answered) -> Result<()> {
        if answered.is_empty() {
            return Ok(());
        }
        self.watch(subject, &answered);
        let around = Around { plan: self.plan, questions: self.questions, bounds: &self.party.bounds };
        self.answers.add(subject, url, answered, &around)
    }

    /// Notes how a subject ended that the office has something open about.
    fn watch(&mut self, subject: &str, answered: &Answered) {
        if self.given.watch.is_empty() {
            return;
        }
        for (question, observations) in answered {
            let Some(question) = self.questions.get(*question) else { continue };
            let key = (question.judgement.rule.clone(), subject.to_owned());
            if self.given.watch.contains(&key) {
                note(&mut self.watched, key, super::questions::worst(observations));
            }
        }
    }

    /// A template's fault has no subject of its own: where its rule decided pages, it was looked for.
    fn watch_templates(&mut self) {
        for key in self.given.watch.iter().filter(|(_, key)| key.starts_with(super::templates::KEY)) {
            let asked = self.asked().filter(|(_, question)| question.judgement.rule == key.0);
            let decided: Vec<bool> = asked.map(|(index, _)| self.answers.decided.get(&index).is_some_and(|n| *n > 0)).collect();
            if !decided.is_empty() {
                let outcome = if decided.iter().any(|d| *d) { Outcome::Passed } else { Outcome::Untested };
                note(&mut self.watched, key.clone(), outcome);
            }
        }
    }

    /// Asks about a page.
    pub fn page(&mut self, page: &Page) -> Result<()> {
        let context = self.context();
        let mut answered = Answered::new();
        for (index, question) in self.asked() {
            if let Loaded::Page(rule) = &question.rule
                && select::takes_page(&question.judgement.select, page, context.site, context.book)
            {
                let observations = match question.needs_a_sure_kind() && !page.document_kind.sure {
                    true => vec![question.unsure_kind()],
                    false => question.ask(&**rule, page, &page.url, &context, &mut self.panics),
                };
                answered.insert(index, observations);
            }
        }
        self.add(&own_key("page", &page.url), &page.url, answered)
    }

    /// Asks about everything that is no page, and ends.
    pub fn finish(mut self) -> Result<(Answers, Watched, Vec<String>)> {
        self.columns()?;
        self.targets()?;
        self.files_not_gathered()?;
        self.reports()?;
        self.site()?;
        self.watch_templates();
        Ok((self.answers, self.watched, self.panics))
    }

    fn columns(&mut self) -> Result<()> {
        let context = self.context();
        for column in context.site.columns.values() {
            let mut answered = Answered::new();
            for (index, question) in self.asked() {
                if let Loaded::Column(rule) = &question.rule
                    && select::takes_column(&question.judgement.select, column, context.book)
                {
                    answered.insert(index, question.ask(&**rule, column, &column.url, &context, &mut self.panics));
                }
            }
            self.add(&own_key("column", &column.url), &column.url, answered)?;
        }
        Ok(())
    }

    /// Asks about a file.
    pub fn file(&mut self, file: &File) -> Result<()> {
        let context = self.context();
        let mut answered = Answered::new();
        for (index, question) in self.asked() {
            if let Loaded::File(rule) = &question.rule {
                answered.insert(index, question.ask(&**rule, file, &file.url, &context, &mut self.panics));
            }
        }
        let own = self.party.site.targets.get(&file.url).is_none_or(|target| target.own);
        let key = if own { own_key("attachment", &file.url) } else { external_key("attachment", &file.url) };
        self.add(&key, &file.url, answered)
    }

    /// Files that are offered and were not gathered are subjects, too: untested ones.
    fn files_not_gathered(&mut self) -> Result<()> {
        let context = self.context();
        for target in context.site.targets.values().filter(|t| t.attachment && t.own && is_offered(t)) {
            if context.site.files.contains_key(&target.url) {
                continue;
            }
            let mut answered = Answered::new();
            for (index, question) in self.asked().filter(|(_, question)| matches!(question.rule, Loaded::File(_))) {
                answered.insert(index, vec![question.not_gathered(crate::exchange::Gathering::Attachments)]);
            }
            self.add(&own_key("attachment", &target.url), &target.url, answered)?;
        }
        Ok(())
    }

    fn reports(&mut self) -> Result<()> {
        let context = self.context();
        for report in &context.site.reports {
            let mut answered = Answered::new();
            for (index, question) in self.asked() {
                if let Loaded::Report(rule) = &question.rule {
                    answered.insert(index, question.ask(&**rule, report, &report.url, &context, &mut self.panics));
                }
            }
            self.add(&own_key("report", &report.url), &report.url, answered)?;
        }
        Ok(())
    }

    fn targets(&mut self) -> Result<()> {
        let context = self.context();
        for target in context.site.targets.values().filter(|target| is_offered(target)) {
            let mut answered = Answered::new();
            for (index, question) in self.asked() {
                if let Loaded::Target(rule) = &question.rule {
                    answered.insert(index, question.ask(&**rule, target, &target.url, &context, &mut self.panics));
                }
            }
            let key = if target.own { own_key("target", &target.url) } else { external_key("target", &target.url) };
            self.add(&key, &target.url, answered)?;
        }
        Ok(())
    }

    fn site(&mut self) -> Result<()> {
        let context = self.context();
        let Some(url) = self.address() else { return Ok(()) };
        let mut answered = Answered::new();
        for (index, question) in self.asked() {
            if let Loaded::Site(rule) = &question.rule {
                answered.insert(index, question.ask(&**rule, context.site, &url, &context, &mut self.panics));
            }
        }
        // One site has one key wherever it is served from; units that share a site are told apart.
        let key = match self.party.unit {
            Some(_) if self.plan.units.len() > 1 => format!("unit:{}", self.party.id),
            _ => "site".to_owned(),
        };
        self.add(&key, &url, answered)
    }

    /// Where the site is: its home page, else its first page, else where the target says.
    fn address(&self) -> Option<CanonicalUrl> {
        let site = &self.party.site;
        let seen = site.home.as_ref().map(|home| &home.url).or_else(|| site.pages.keys().next());
        seen.cloned().or_else(|| match &self.plan.target {
            crate::plan::Target::Live(seeds) => seeds.first().cloned(),
            crate::plan::Target::Folder { base, .. } => Some(base.clone()),
            crate::plan::Target::Warc(_) => None,
        })
    }
}

impl<'p> Asking<'_, 'p> {
    fn book(&self) -> &'p crate::checklist::columns::ColumnBook {
        &self.plan.book
    }
}

/// Several answers about one subject: the least decided one counts.
fn note(watched: &mut Watched, key: (String, String), outcome: Outcome) {
    let undecided = |outcome: Outcome| matches!(outcome, Outcome::CannotTell | Outcome::Untested);
    let known = watched.entry(key).or_insert(outcome);
    if undecided(outcome) && !undecided(*known) {
        *known = outcome;
    }
}

/// A target that a reader can meet: one that is only hidden or guessed from script is nobody's broken link.
fn is_offered(target: &LinkTarget) -> bool {
    target.sources.iter().any(|source| source.hidden.is_none() && source.role != Role::Guess)
}
