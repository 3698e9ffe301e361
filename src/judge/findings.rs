//! Failures become findings: one per identity and party, with words, places and whom they concern.

use super::answers::{Answers, Failure};
use super::parties::Party;
use super::questions::Question;
use super::templates;
use crate::error::Result;
use crate::facts::Site;
use crate::finding::{Certainty, Finding, FindingItem, Location, Observation, Outcome, RootCause};
use crate::plan::Plan;
use crate::rules::Loaded;
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, BTreeSet};

/// Locations told of one finding.
const MOST_LOCATIONS: usize = 50;

/// The findings of one party, by fingerprint, and the subjects that each stands for.
#[derive(Debug, Default)]
pub struct Found {
    /// Findings.
    pub findings: Vec<Finding>,
    /// Subject keys by fingerprint.
    pub subjects: BTreeMap<String, BTreeSet<String>>,
}

/// Failures that are one finding.
#[derive(Default)]
struct Gathered {
    template: bool,
    questions: BTreeSet<usize>,
    subjects: BTreeSet<String>,
    /// The first certain failure, and the first suspected one.
    certain: Option<First>,
    suspected: Option<First>,
    locations: Vec<Location>,
    /// Places by the URL of their subject: two judgements of one subject count once.
    places: BTreeMap<CanonicalUrl, u64>,
    /// Places of a template's fault: one a page, however many judgements saw it.
    pages: u64,
    last: Option<CanonicalUrl>,
}

/// The failure that a finding tells.
struct First {
    question: usize,
    url: CanonicalUrl,
    observation: Observation,
}

impl Gathered {
    fn add(&mut self, failure: &Failure<'_>, site: &Site) {
        self.template |= failure.template.is_some();
        self.questions.insert(failure.question);
        let subject = failure.template.unwrap_or(failure.subject);
        if !self.subjects.contains(subject) {
            self.subjects.insert(subject.to_owned());
        }
        if failure.template.is_some() {
            // All answers about a page come together.
            if self.last.as_ref() != Some(failure.url) {
                self.pages += 1;
                self.last = Some(failure.url.clone());
            }
        } else {
            let count = self.places.entry(failure.url.clone()).or_default();
            *count = failure.observation.occurrences.max(1).max(*count);
        }
        self.locate(failure, site);
        let first = match failure.observation.certainty {
            Certainty::Certain => &mut self.certain,
            Certainty::Suspected => &mut self.suspected,
        };
        first.get_or_insert_with(|| {
            let locations = failure.observation.locations.iter().take(1).cloned().collect();
            let observation = Observation { locations, ..failure.observation.clone() };
            First { question: failure.question, url: failure.url.clone(), observation }
        });
    }

    /// Takes the first places, without repetition, each with the columns above its page.
    fn locate(&mut self, failure: &Failure<'_>, site: &Site) {
        let whole = [Location::page(failure.url)];
        let shown: &[Location] = match failure.observation.locations.as_slice() {
            [] => &whole,
            many if failure.template.is_some() => &many[..1],
            many => many,
        };
        for location in shown {
            if self.locations.len() == MOST_LOCATIONS {
                return;
            }
            let mut location = location.clone();
            if location.column_path.is_empty()
                && let Some(summary) = site.pages.get(&location.url)
            {
                location.column_path = summary.column_path.to_vec();
            }
            if !self.locations.contains(&location) {
                self.locations.push(location);
            }
        }
    }
}

/// Makes the findings of a party.
pub fn find(plan: &Plan, party: &Party, questions: &[Question<'_>], answers: &Answers) -> Result<Found> {
    let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
    answers.each_failing(questions, &mut |failures| {
        for failure in failures {
            match gathered.get_mut(failure.print) {
                Some(known) => known.add(failure, &party.site),
                None => gathered.entry(failure.print.to_owned()).or_default().add(failure, &party.site),
            }
        }
        Ok(())
    })?;
    let mut found = Found::default();
    for (print, mut group) in gathered {
        let subjects = std::mem::take(&mut group.subjects);
        if let Some(finding) = finding(plan, party, questions, &print, group) {
            found.findings.push(finding);
            found.subjects.insert(print, subjects);
        }
    }
    Ok(found)
}

fn finding(plan: &Plan, party: &Party, questions: &[Question<'_>], print: &str, group: Gathered) -> Option<Finding> {
    // What is proved speaks for what is suspected.
    let certainty = if group.certain.is_some() { Certainty::Certain } else { Certainty::Suspected };
    let first = group.certain.or(group.suspected)?;
    let question = questions.get(first.question)?;
    let items = items(plan, party, &group.questions);
    let severity = items.iter().map(|item| item.severity).max()?;
    let site = &*party.site;
    let summary = site.pages.get(&first.url);
    let target = site.targets.get(&first.url).filter(|_| matches!(question.rule, Loaded::Target(_)));
    let root_cause = if group.template {
        RootCause::Template
    } else {
        first.observation.root_cause.unwrap_or_else(|| match (&question.rule, target) {
            (Loaded::Page(_), _) => RootCause::Page,
            (Loaded::Column(_), _) => RootCause::Column,
            (Loaded::Target(_), Some(target)) if !target.own => RootCause::External,
            (Loaded::Target(_), Some(target)) if target.attachment => RootCause::Attachment,
            (Loaded::Target(_), Some(target)) if templates::refers(target, site) => RootCause::Template,
            (Loaded::Target(_), _) => RootCause::Page,
            (Loaded::File(_), _) => RootCause::Attachment,
            (Loaded::Report(_), _) => RootCause::Page,
            (Loaded::Site(_), _) if question.entry.category == "columns" => RootCause::Column,
            (Loaded::Site(_), _) if plan.units.len() > 1 => RootCause::Platform,
            (Loaded::Site(_), _) => RootCause::Template,
        })
    };
    let is_site = matches!(question.rule, Loaded::Site(_));
    let url = match first.observation.locations.first() {
        Some(location) if is_site => location.url.clone(),
        _ => first.url.clone(),
    };
    let summary = summary.or_else(|| site.pages.get(&url));
    Some(Finding {
        fingerprint: print.to_owned(),
        rule: question.judgement.rule.clone(),
        severity,
        certainty,
        outcome: Outcome::Failed,
        items,
        unit: party.id.clone(),
        responsible: party.name.clone(),
        root_cause,
        page_title: summary.map(|s| s.title.clone()).filter(|t| !t.is_empty()),
        message: question.message(&first.observation),
        fix: question.texts().fix_on(site.platform.as_ref().map(|(platform, ..)| platform.word())),
        locations: group.locations,
        occurrences: group.pages + group.places.values().sum::<u64>(),
        evidence: first.observation.evidence,
        publish_date: summary.and_then(|s| s.publish_date).map(|date| date.to_string()),
        list_page: summary.and_then(|s| s.column.clone()).filter(|column| *column != url),
        url,
        state: None,
        first_seen: None,
        last_seen: None,
    })
}

/// Every item of the party that asks one of the judgements, in plan order.
fn items(plan: &Plan, party: &Party, asked: &BTreeSet<usize>) -> Vec<FindingItem> {
    let mut items: Vec<FindingItem> = Vec::new();
    for bound in party.bounds.iter().filter_map(|index| plan.bound.get(*index)) {
        if !bound.judgements.iter().any(|j| asked.contains(j)) {
            continue;
        }
        let Some(list) = plan.checklists.get(bound.checklist) else { continue };
        let Some(item) = list.items.get(bound.item) else { continue };
        items.push(FindingItem {
            checklist: list.id.clone(),
            item: item.id.clone(),
            severity: item.severity,
            points: None,
            basis: item.source.clone(),
        });
    }
    items
}

/// Puts together what all parties found: one finding per identity and unit. A template's fault that several units show is one finding
/// of the operator, who alone can mend it; the fingerprints of those are told.
pub fn settle(plan: &Plan, parties: &[Party], found: Vec<(usize, Finding)>) -> (Vec<Finding>, BTreeSet<String>) {
    let mut groups: BTreeMap<String, Vec<(bool, Finding)>> = BTreeMap::new();
    for (party, finding) in found {
        let whole = parties.get(party).is_some_and(|party| party.unit.is_none());
        groups.entry(finding.fingerprint.clone()).or_default().push((whole, finding));
    }
    let (mut settled, mut shared) = (Vec::new(), BTreeSet::new());
    for (print, group) in groups {
        let units: BTreeSet<&str> = group.iter().map(|(_, finding)| finding.unit.as_str()).collect();
        if units.len() > 1 && group.iter().all(|(_, finding)| finding.root_cause == RootCause::Template) {
            let operator = plan.units.iter().find(|unit| unit.id == plan.operator).map_or(&plan.operator, |unit| &unit.name);
            let (unit, responsible) = (plan.operator.clone(), operator.clone());
            settled.extend(merged(group).map(|finding| Finding { unit, responsible, ..finding }));
            shared.insert(print);
        } else {
            let mut by_unit: BTreeMap<String, Vec<(bool, Finding)>> = BTreeMap::new();
            for (whole, finding) in group {
                by_unit.entry(finding.unit.clone()).or_default().push((whole, finding));
            }
            settled.extend(by_unit.into_values().filter_map(merged));
        }
    }
    (settled, shared)
}

/// One finding of several of the same identity. What the whole site shows holds what its units show.
fn merged(group: Vec<(bool, Finding)>) -> Option<Finding> {
    let counted = |whole: bool| group.iter().filter(|(w, _)| *w == whole).map(|(_, finding)| finding.occurrences).sum::<u64>();
    let occurrences = counted(true).max(counted(false));
    let mut all = group.into_iter().map(|(_, finding)| finding);
    let mut one = all.next()?;
    for other in all {
        for item in other.items {
            if !one.items.iter().any(|known| (&known.checklist, &known.item) == (&item.checklist, &item.item)) {
                one.items.push(item);
            }
        }
        for location in other.locations {
            if one.locations.len() < MOST_LOCATIONS && !one.locations.contains(&location) {
                one.locations.push(location);
            }
        }
        one.severity = one.severity.max(other.severity);
        one.certainty = one.certainty.min(other.certainty);
    }
    one.occurrences = occurrences;
    Some(one)
}
