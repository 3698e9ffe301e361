//! Failures become findings: one per identity and party, with words, places and whom they concern.

use super::answers::{Answers, Failure};
use super::fingerprint::fingerprint;
use super::parties::Party;
use super::questions::Question;
use super::templates;
use crate::facts::Site;
use crate::finding::{Certainty, Finding, FindingItem, Location, Outcome, RootCause};
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
    pub findings: BTreeMap<String, Finding>,
    /// Subject keys by fingerprint.
    pub subjects: BTreeMap<String, BTreeSet<String>>,
    /// Fingerprint of each failure.
    pub of_failure: Vec<Option<String>>,
}

/// Failures that are one finding.
#[derive(Default)]
struct Gathered {
    failures: Vec<usize>,
    template: bool,
    questions: BTreeSet<usize>,
    subjects: BTreeSet<String>,
    /// Places by the URL of their subject: two judgements of one subject count once.
    places: BTreeMap<CanonicalUrl, u64>,
}

/// Makes the findings of a party.
pub fn find(plan: &Plan, party: &Party, questions: &[Question<'_>], answers: &Answers, faults: &[String]) -> Found {
    let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
    let mut of_failure = vec![None; answers.failures.len()];
    for (index, failure) in answers.failures.iter().enumerate() {
        let Some(question) = questions.get(failure.question) else { continue };
        let fault = failure.template.and_then(|at| faults.get(at));
        let subject = fault.unwrap_or(&failure.subject);
        let print = fingerprint(&question.judgement.rule, subject, &failure.observation.locus);
        let group = gathered.entry(print.clone()).or_default();
        group.failures.push(index);
        group.template |= fault.is_some();
        group.questions.insert(failure.question);
        group.subjects.insert(subject.clone());
        let places = if fault.is_some() { 1 } else { failure.observation.occurrences.max(1) };
        let count = group.places.entry(failure.url.clone()).or_default();
        *count = places.max(*count);
        of_failure[index] = Some(print);
    }
    let mut found = Found { of_failure, ..Found::default() };
    for (print, group) in gathered {
        if let Some(finding) = finding(plan, party, questions, answers, &print, &group) {
            found.findings.insert(print.clone(), finding);
            found.subjects.insert(print, group.subjects);
        }
    }
    found
}

fn finding(
    plan: &Plan,
    party: &Party,
    questions: &[Question<'_>],
    answers: &Answers,
    print: &str,
    group: &Gathered,
) -> Option<Finding> {
    let failures: Vec<&Failure> = group.failures.iter().filter_map(|i| answers.failures.get(*i)).collect();
    // What is proved speaks for what is suspected.
    let certainty = if failures.iter().any(|f| f.observation.certainty == Certainty::Certain) {
        Certainty::Certain
    } else {
        Certainty::Suspected
    };
    let first = failures.iter().find(|f| f.observation.certainty == certainty)?;
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
        locations: locations(&failures, group.template, site),
        occurrences: group.places.values().sum(),
        evidence: first.observation.evidence.clone(),
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

/// The first places, without repetition, each with the columns above its page.
fn locations(failures: &[&Failure], template: bool, site: &Site) -> Vec<Location> {
    let mut all: Vec<Location> = Vec::new();
    for failure in failures {
        let own = &failure.observation.locations;
        let whole = [Location::page(&failure.url)];
        let shown: &[Location] = match own.as_slice() {
            [] => &whole,
            many if template => &many[..1],
            many => many,
        };
        for location in shown {
            if all.len() == MOST_LOCATIONS {
                return all;
            }
            let mut location = location.clone();
            if location.column_path.is_empty()
                && let Some(summary) = site.pages.get(&location.url)
            {
                location.column_path = summary.column_path.clone();
            }
            if !all.contains(&location) {
                all.push(location);
            }
        }
    }
    all
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
