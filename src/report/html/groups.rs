//! Findings grouped as a webmaster works: by root cause, then by rule.

use super::charts::colour;
use crate::finding::{Certainty, Finding, Text};
use crate::report::{Report, words};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Places shown per finding; all that were kept are in report.json.
const PLACES: usize = 20;

/// Findings of one root cause.
#[derive(Debug, Serialize)]
pub(super) struct Cause {
    /// Word in data.
    pub key: &'static str,
    /// In words.
    pub label: Text,
    /// Who mends it, and how far that reaches.
    pub hint: Text,
    /// Findings.
    pub count: usize,
    /// Places in all.
    pub places: u64,
    /// By rule.
    pub rules: Vec<Rule>,
}

/// Findings of one rule under one root cause.
#[derive(Debug, Serialize)]
pub(super) struct Rule {
    /// Rule id.
    pub id: String,
    /// What is looked at.
    pub title: Text,
    /// Why it matters; empty for an unknown rule.
    pub why: Text,
    /// How to mend it, when all findings of the group say the same.
    pub fix: Option<Text>,
    /// Findings.
    pub count: usize,
    /// Rows.
    pub findings: Vec<Row>,
}

/// One finding.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// Id of its place in the page.
    pub anchor: String,
    /// The finding as in report.json.
    pub f: Finding,
    /// Colour class.
    pub colour: &'static str,
    /// Severity in words.
    pub severity: Text,
    /// Is it suspected?
    pub suspected: bool,
    /// Name of its unit.
    pub unit: String,
    /// Name of who can mend it.
    pub responsible: String,
    /// Column path of the first place that has one.
    pub path: Vec<String>,
    /// The exact text to search for.
    pub search: Option<String>,
    /// Further places: the first is told already.
    pub places: Vec<crate::finding::Location>,
    /// Places that are kept elsewhere or not at all.
    pub more: u64,
    /// Does it say how to mend in other words than its group?
    pub own_fix: bool,
    /// Title of its page; empty when there is none.
    pub title: String,
    /// New, known or waived, in words.
    pub state: Option<Text>,
    /// Evidence: name in words, value as found.
    pub evidence: Vec<(Text, String)>,
    /// The page as a browser showed it, where the report holds its picture.
    pub picture: Option<Picture>,
    /// Clauses, each once, with severity and points.
    pub clauses: Vec<Clause>,
}

/// A screenshot. A file holds each once, with the first finding that names it.
#[derive(Debug, Serialize)]
pub(super) struct Picture {
    /// Id of its place in the page.
    pub anchor: String,
    /// PNG in Base64; none where an earlier finding shows it.
    pub png: Option<String>,
}

/// A clause that asks for it.
#[derive(Debug, Serialize)]
pub(super) struct Clause {
    /// Checklist title.
    pub checklist: Text,
    /// Item id.
    pub item: String,
    /// Item title.
    pub title: Text,
    /// Clause and where it is printed.
    pub basis: String,
    /// Points taken, as text.
    pub points: Option<String>,
}

/// Titles of checklists and items by id.
pub(super) struct Titles<'a> {
    items: HashMap<(&'a str, &'a str), (&'a Text, &'a Text)>,
}

impl<'a> Titles<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let mut items = HashMap::new();
        for card in &report.scorecards {
            for item in &card.items {
                items.insert((card.checklist.as_str(), item.id.as_str()), (&card.title, &item.title));
            }
        }
        Titles { items }
    }
}

/// Groups in working order. Inside a rule the canonical order stays: severity first.
pub(super) fn causes(report: &Report) -> Vec<Cause> {
    let titles = Titles::of(report);
    let mut used = HashSet::new();
    let rows: Vec<Row> = report.findings.iter().map(|f| row(report, &titles, f, &mut used)).collect();
    let mut by_cause: BTreeMap<usize, BTreeMap<String, Vec<Row>>> = BTreeMap::new();
    for row in rows {
        let place = words::CAUSES.iter().position(|c| *c == row.f.root_cause).unwrap_or_default();
        by_cause.entry(place).or_default().entry(row.f.rule.clone()).or_default().push(row);
    }
    by_cause
        .into_iter()
        .map(|(place, by_rule)| {
            let cause = words::CAUSES[place];
            let mut rules: Vec<Rule> = by_rule.into_iter().map(|(id, rows)| rule(report, id, rows)).collect();
            // The rule with the worst finding first; the longest list last among equals would hide the short ones.
            rules.sort_by(|a, b| {
                let worst = |r: &Rule| r.findings.iter().map(|row| (row.f.severity, !row.suspected)).max();
                worst(b).cmp(&worst(a)).then_with(|| a.count.cmp(&b.count)).then_with(|| a.id.cmp(&b.id))
            });
            Cause {
                key: words::cause_key(cause),
                label: words::cause(cause),
                hint: words::cause_hint(cause),
                count: rules.iter().map(|r| r.count).sum(),
                places: rules.iter().flat_map(|r| &r.findings).map(|row| row.f.occurrences).sum(),
                rules,
            }
        })
        .collect()
}

fn rule(report: &Report, id: String, mut findings: Vec<Row>) -> Rule {
    let known = report.rules.iter().find(|r| r.id == id);
    let first = findings.first().map(|row| row.f.fix.clone()).filter(|fix| !fix.zh.is_empty());
    let same = findings.iter().all(|row| Some(&row.f.fix) == first.as_ref());
    for row in &mut findings {
        row.own_fix = !same && !row.f.fix.zh.is_empty();
    }
    Rule {
        title: report.rule_title(&id),
        why: known.map(|r| r.why.clone()).unwrap_or_default(),
        fix: first.filter(|_| same),
        count: findings.len(),
        findings,
        id,
    }
}

fn row(report: &Report, titles: &Titles<'_>, finding: &Finding, used: &mut HashSet<String>) -> Row {
    let path = finding.locations.iter().map(|l| &l.column_path).find(|p| !p.is_empty()).cloned().unwrap_or_default();
    let title = finding.page_title.clone().unwrap_or_default();
    // A column told by its own name alone says nothing more.
    let path = if path.len() == 1 && path.first() == Some(&title) { Vec::new() } else { path };
    let search = finding.locations.iter().find_map(|l| l.text.clone()).filter(|t| !t.is_empty());
    let places: Vec<_> = finding.locations.iter().take(PLACES).cloned().collect();
    let more = finding.occurrences.saturating_sub(places.len() as u64);
    Row {
        anchor: anchor(finding, used),
        colour: colour(finding),
        severity: words::severity(finding.severity),
        suspected: finding.certainty == Certainty::Suspected,
        unit: report.unit_name(&finding.unit).to_owned(),
        responsible: report.unit_name(&finding.responsible).to_owned(),
        path,
        search,
        places,
        more,
        own_fix: false,
        title,
        state: finding.state.as_deref().map(words::state),
        evidence: finding.evidence.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (words::evidence(k), v.clone())).collect(),
        picture: picture(report, finding, used),
        clauses: clauses(titles, finding),
        f: finding.clone(),
    }
}

fn picture(report: &Report, finding: &Finding, used: &mut HashSet<String>) -> Option<Picture> {
    let digest = finding.evidence.get("screenshot")?.strip_prefix("sha256:")?;
    let png = report.pictures.get(digest)?;
    let anchor = format!("p-{}", digest.get(..32).unwrap_or(digest));
    let first = used.insert(anchor.clone());
    Some(Picture { png: first.then(|| data_encoding::BASE64.encode(png)), anchor })
}

/// `f-` and the fingerprint: a link to a finding stays good in the next report. Units that share one get a number.
fn anchor(finding: &Finding, used: &mut HashSet<String>) -> String {
    let plain: String = finding.fingerprint.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    let base = format!("f-{plain}");
    let mut name = base.clone();
    let mut number = 2;
    while !used.insert(name.clone()) {
        name = format!("{base}-{number}");
        number += 1;
    }
    name
}

fn clauses(titles: &Titles<'_>, finding: &Finding) -> Vec<Clause> {
    finding
        .items
        .iter()
        .map(|item| {
            let known = titles.items.get(&(item.checklist.as_str(), item.item.as_str()));
            let plain = |text: &str| Text { zh: text.to_owned(), en: text.to_owned() };
            Clause {
                checklist: known.map_or_else(|| plain(&item.checklist), |(checklist, _)| (*checklist).clone()),
                title: known.map_or_else(|| plain(&item.item), |(_, title)| (*title).clone()),
                item: item.item.clone(),
                basis: item.basis.clone(),
                points: item.points.map(crate::score::points_text),
            }
        })
        .collect()
}
