//! What the template is given: the report, put into the order of reading, every text made harmless.

use super::charts::{self, Bar, Ring, Segment};
use super::groups::{self, Cause, Row, Rule};
use crate::finding::{Severity, Text};
use crate::report::summary::{Counts, percent, score_text};
use crate::report::{Report, plain, words};
use crate::score::{ItemScore, Scorecard, points_text};
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
struct View<'a> {
    run: &'a crate::report::Run,
    started: String,
    finished: String,
    site: &'a crate::report::SiteInfo,
    name: &'a str,
    coverage: &'a crate::report::Coverage,
    nothing: bool,
    total: u64,
    counts: Vec<Segment>,
    ring: Ring,
    bars: Vec<Bar>,
    cards: Vec<Card<'a>>,
    first: Vec<First>,
    causes: Vec<Cause>,
    people: Vec<People<'a>>,
    unseen: Vec<Unseen<'a>>,
    lost: Vec<Lost>,
    doubts: Vec<Lost>,
    known: Vec<Known>,
    rules: Vec<(String, Text)>,
    units: Vec<(String, String)>,
    config: String,
}

#[derive(Serialize)]
struct Card<'a> {
    card: &'a Scorecard,
    key: &'static str,
    unit: &'a str,
    verdict: Text,
    score: String,
    points: Option<f64>,
    pass_line: Option<String>,
    pass_at: Option<f64>,
    score_at: Option<f64>,
    reachable: Option<String>,
    deducted: String,
    bonus: Option<String>,
    coverage: String,
    coverage_at: f64,
    floor: String,
    floor_at: f64,
    items: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    item: &'a ItemScore,
    key: &'static str,
    severity: Text,
    outcome: Text,
    points: Option<String>,
    deducted: Option<String>,
    decided: u64,
}

/// A fault whose mending reaches furthest.
#[derive(Serialize)]
struct First {
    anchor: String,
    message: Text,
    occurrences: u64,
    /// Does one mend reach every place?
    once: bool,
    /// Further findings of this rule and root cause.
    alike: usize,
    colour: &'static str,
    severity: Text,
    suspected: bool,
    cause: Text,
    unit: String,
}

/// Duties left to people, of one scorecard.
#[derive(Serialize)]
struct People<'a> {
    title: &'a Text,
    unit: &'a str,
    checklist: &'a str,
    items: Vec<&'a ItemScore>,
}

/// What could not be decided, of one scorecard.
#[derive(Serialize)]
struct Unseen<'a> {
    title: &'a Text,
    unit: &'a str,
    items: Vec<&'a ItemScore>,
}

/// URLs without a response, by reason.
#[derive(Serialize)]
struct Lost {
    reason: Text,
    own: u64,
    external: u64,
}

/// What is known of the URLs inside or outside the scope.
#[derive(Serialize)]
struct Known {
    label: Text,
    works: u64,
    dead: u64,
    unverified: u64,
    share: String,
}

/// Findings told at the top.
const FIRST: usize = 5;

/// The value for the template.
pub(super) fn of(report: &Report) -> minijinja::Value {
    let causes = groups::causes(report);
    let mut rules: Vec<(String, Text)> = causes.iter().flat_map(|c| &c.rules).map(|r| (r.id.clone(), r.title.clone())).collect();
    rules.sort_by(|a, b| a.0.cmp(&b.0));
    rules.dedup_by(|a, b| a.0 == b.0);
    let mut units: Vec<(String, String)> =
        report.findings.iter().map(|f| (f.unit.clone(), report.unit_name(&f.unit).to_owned())).collect();
    units.sort();
    units.dedup();
    let counts = Counts::of(report.findings.iter());
    let by_class = [counts.veto, counts.error, counts.warning, counts.notice, counts.suspected];
    let counted = charts::classes().into_iter().zip(by_class).map(|((key, label), count)| Segment {
        key: key.to_owned(),
        label,
        count,
        start: 0,
        length: 0,
    });
    let view = View {
        run: &report.run,
        started: moment(&report.run.started_at),
        finished: moment(&report.run.finished_at),
        site: &report.site,
        name: report.site.name.as_deref().filter(|n| !n.is_empty()).unwrap_or(&report.site.host),
        coverage: &report.coverage,
        nothing: report.coverage.fetched == 0,
        total: counts.total(),
        counts: counted.collect(),
        ring: charts::ring(&report.coverage),
        bars: charts::causes(&report.findings),
        cards: report.scorecards.iter().map(|c| card(report, c)).collect(),
        first: first(report, &causes),
        people: people(report),
        unseen: unseen(report),
        lost: lost(report),
        doubts: doubts(report),
        known: known(report),
        causes,
        rules,
        units,
        config: serde_json::to_string_pretty(&report.run.config).unwrap_or_default(),
    };
    let mut value = serde_json::to_value(&view).unwrap_or_default();
    scrub(&mut value);
    convert(value)
}

/// The same value for the template engine.
pub(crate) fn convert(value: Value) -> minijinja::Value {
    match value {
        Value::Null => minijinja::Value::from(()),
        Value::Bool(bool) => bool.into(),
        Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(whole), _, _) => whole.into(),
            (_, Some(whole), _) => whole.into(),
            (_, _, float) => float.unwrap_or_default().into(),
        },
        Value::String(text) => text.into(),
        Value::Array(list) => list.into_iter().map(convert).collect::<Vec<_>>().into(),
        Value::Object(map) => minijinja::Value::from_pairs(map.into_iter().map(|(key, value)| (key, convert(value)))),
    }
}

/// Control characters and direction marks in any text are shown, not obeyed.
fn scrub(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let std::borrow::Cow::Owned(clean) = plain::lines(text) {
                *text = clean;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(scrub),
        Value::Object(map) => map.values_mut().for_each(scrub),
        _ => {}
    }
}

/// An instant as a reader in China sees it; as it is when it is none.
fn moment(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(instant) => instant.to_zoned(crate::clock::shanghai()).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => text.to_owned(),
    }
}

fn card<'a>(report: &'a Report, card: &'a Scorecard) -> Card<'a> {
    let at = |points: f64| card.out_of.filter(|full| *full > 0.0).map(|full| (points / full * 100.0).clamp(0.0, 100.0));
    Card {
        key: words::verdict_key(card.verdict),
        unit: report.unit_name(&card.unit),
        verdict: words::card_verdict(card),
        score: score_text(card),
        points: card.score,
        pass_line: card.pass_line.map(points_text),
        pass_at: card.pass_line.and_then(at),
        score_at: card.score.and_then(at),
        reachable: card.reachable.filter(|r| Some(*r) != card.out_of).map(points_text),
        deducted: points_text(card.deducted),
        bonus: (card.bonus > 0.0).then(|| points_text(card.bonus)),
        coverage: percent(card.coverage),
        coverage_at: card.coverage * 100.0,
        floor: percent(card.coverage_floor),
        floor_at: card.coverage_floor * 100.0,
        items: card.items.iter().map(line).collect(),
        card,
    }
}

fn line(item: &ItemScore) -> Line<'_> {
    let manual = item.note.as_deref() == Some("manual");
    Line {
        key: match item.note.as_deref() {
            Some("manual") => "manual",
            Some("pending-review" | "suspected") => "suspected",
            Some("warn") => "warning",
            Some("other-cadence") => "inapplicable",
            _ => words::outcome_key(item.outcome),
        },
        severity: words::severity(item.severity),
        outcome: match item.note.as_deref() {
            Some("veto") => words::both("触发否决", "Vetoes"),
            Some("pending-review") => words::both("疑似否决，待复核", "Suspected veto"),
            Some("suspected") => words::both("疑似，待复核", "Suspected"),
            Some("warn") => words::both("接近否决线", "Near the veto line"),
            Some("not-yet-due") => words::both("尚未到期", "Not yet due"),
            Some("not-in-force") => words::both("此日不适用", "Not in force"),
            Some("other-cadence") => words::both("本次不查", "Other cadence"),
            _ if manual => words::both("人工核查", "For people"),
            _ => words::outcome(item.outcome),
        },
        points: item.points.map(points_text),
        deducted: (item.deducted > 0.0).then(|| points_text(item.deducted)),
        decided: item.passed + item.failed + item.suspected + item.waived,
        item,
    }
}

/// What to begin with, one per rule and root cause: vetoes, then what shows in most places; a template is mended once.
fn first(report: &Report, causes: &[Cause]) -> Vec<First> {
    let weight = |row: &Row| {
        let f = &row.f;
        let veto = f.severity == Severity::Veto;
        (veto && !row.suspected, veto, f.severity >= Severity::Error, !row.suspected, f.occurrences, f.severity)
    };
    let mut rows: Vec<(&Cause, &Rule, &Row)> = causes
        .iter()
        .flat_map(|cause| cause.rules.iter().map(move |rule| (cause, rule)))
        .filter_map(|(cause, rule)| {
            let counts = |row: &&Row| {
                row.f.severity >= Severity::Warning && !matches!(row.f.state.as_deref(), Some("waived" | "rejected"))
            };
            // Of equals the first in canonical order.
            let worst = rule.findings.iter().rev().filter(counts).max_by_key(|row| weight(row))?;
            Some((cause, rule, worst))
        })
        .collect();
    rows.sort_by(|a, b| weight(b.2).cmp(&weight(a.2)).then_with(|| a.2.anchor.cmp(&b.2.anchor)));
    let several = report.site.units.len() > 1;
    rows.into_iter()
        .take(FIRST)
        .map(|(cause, rule, row)| First {
            anchor: row.anchor.clone(),
            message: row.f.message.clone(),
            occurrences: row.f.occurrences,
            once: cause.key == "template",
            alike: rule.count - 1,
            colour: row.colour,
            severity: row.severity.clone(),
            suspected: row.suspected,
            cause: cause.label.clone(),
            unit: if several { row.unit.clone() } else { String::new() },
        })
        .collect()
}

fn people(report: &Report) -> Vec<People<'_>> {
    report
        .scorecards
        .iter()
        .map(|card| People {
            title: &card.title,
            unit: report.unit_name(&card.unit),
            checklist: &card.checklist,
            items: card.items.iter().filter(|i| i.note.as_deref() == Some("manual")).collect(),
        })
        .filter(|p| !p.items.is_empty())
        .collect()
}

fn unseen(report: &Report) -> Vec<Unseen<'_>> {
    report
        .scorecards
        .iter()
        .map(|card| Unseen {
            title: &card.title,
            unit: report.unit_name(&card.unit),
            items: card.items.iter().filter(|i| !i.undecided.is_empty()).collect(),
        })
        .filter(|u| !u.items.is_empty())
        .collect()
}

fn lost(report: &Report) -> Vec<Lost> {
    told(&report.coverage.unfetched, &report.coverage.external.unfetched)
}

/// URLs that could not be verified, by cause.
fn doubts(report: &Report) -> Vec<Lost> {
    told(&report.coverage.truth.unverified, &report.coverage.external.truth.unverified)
}

/// What is known of the URLs, own and external.
fn known(report: &Report) -> Vec<Known> {
    let coverage = &report.coverage;
    let sorts = [
        (words::both("站内", "own"), coverage.discovered, &coverage.truth),
        (words::both("站外", "external"), coverage.external.discovered, &coverage.external.truth),
    ];
    let known = sorts.into_iter().filter(|(_, discovered, _)| *discovered > 0).map(|(label, _, truth)| Known {
        label,
        works: truth.works,
        dead: truth.dead.values().sum(),
        unverified: truth.unverified.values().sum(),
        share: percent(truth.unverified_share),
    });
    known.collect()
}

fn told(own: &std::collections::BTreeMap<String, u64>, external: &std::collections::BTreeMap<String, u64>) -> Vec<Lost> {
    let mut words_used: Vec<&String> = own.keys().chain(external.keys()).collect();
    words_used.sort();
    words_used.dedup();
    let count = |map: &std::collections::BTreeMap<String, u64>, word: &str| map.get(word).copied().unwrap_or(0);
    let mut lost: Vec<Lost> = words_used
        .into_iter()
        .map(|word| Lost { reason: words::reason(word), own: count(own, word), external: count(external, word) })
        .collect();
    lost.sort_by_key(|l| std::cmp::Reverse(l.own + l.external));
    lost
}
