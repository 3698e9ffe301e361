//! Scorecards: every line at −1, 0, +1; what each finding took adds up to what its item lost.

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use xuncha::checklist::Checklist;
use xuncha::config::Config;
use xuncha::finding::{Certainty, Finding, FindingItem, Outcome, RootCause, Severity, Text};
use xuncha::judge::{Judged, Tally};
use xuncha::plan::{Bound, Plan, Target, Unit};
use xuncha::scope::Scope;
use xuncha::score::{ItemScore, Scorecard, Verdict, points_text, score};
use xuncha::url::CanonicalUrl;

/// A checklist of one unit with tallies and findings by item id.
struct Case {
    plan: Plan,
    judged: Judged,
    findings: Vec<Finding>,
}

const HEAD: &str = r#"
format = 1
id = "c"
version = "1"
title = { zh = "清单", en = "list" }
source = "s"
"#;

fn case(text: &str) -> Case {
    let checklist: Checklist = toml::from_str(&format!("{HEAD}{text}")).expect("the checklist parses");
    let bound = (0..checklist.items.len())
        .filter(|i| checklist.items[*i].rule_ids().next().is_some())
        .map(|item| Bound { checklist: 0, item, judgements: vec![item] })
        .collect();
    let unit = |id: &str, kind: Option<&str>| Unit {
        id: id.into(),
        name: id.into(),
        kind: kind.map(Into::into),
        scope: Scope::default(),
    };
    let plan = Plan {
        target: Target::Warc(Vec::new()),
        scope: Scope::default(),
        units: vec![unit("u", Some("public-security-bureau"))],
        operator: "u".into(),
        checklists: vec![checklist],
        judgements: Vec::new(),
        bound,
        gatherings: BTreeSet::new(),
        cadence: None,
        as_of: Some(jiff::civil::date(2026, 3, 20)),
        config: Config::default(),
        book: Default::default(),
        bindings: Vec::new(),
    };
    Case { plan, judged: Judged::default(), findings: Vec::new() }
}

fn item(id: &str, rest: &str) -> String {
    format!(
        "[[item]]\nid = \"{id}\"\ntitle = {{ zh = \"甲{id}\", en = \"item {id}\" }}\nrule = \"r\"\nsource = \"s\"\nconfidence = \"verified\"\n{rest}\n"
    )
}

impl Case {
    fn index(&self, id: &str) -> usize {
        let at = self.plan.checklists[0].items.iter().position(|i| i.id == id).expect("item");
        self.plan.bound.iter().position(|b| b.item == at).expect("bound")
    }

    /// Subjects of an item: passed, certain failures (one finding each), suspected, cannot tell, untested.
    fn subjects(mut self, id: &str, passed: u64, failed: u64, suspected: u64, cannot_tell: u64, untested: u64) -> Self {
        let keys: Vec<String> = (0..failed).map(|n| format!("s{n:04}")).collect();
        for key in &keys {
            self.finding(id, &format!("{id}-{key}"), std::slice::from_ref(key), Certainty::Certain);
        }
        for n in 0..suspected {
            self.finding(id, &format!("{id}-z{n:04}"), &[format!("z{n:04}")], Certainty::Suspected);
        }
        let tally = Tally {
            passed,
            failed,
            suspected,
            cannot_tell,
            untested,
            failed_subjects: keys.into_iter().map(|key| (key, "bad".to_owned())).collect(),
            ..Tally::default()
        };
        self.judged.tallies.insert((self.index(id), "u".into()), tally);
        self
    }

    fn finding(&mut self, id: &str, fingerprint: &str, subjects: &[String], certainty: Certainty) {
        let severity = self.plan.checklists[0].items.iter().find(|i| i.id == id).expect("item").severity;
        let entry = FindingItem { checklist: "c".into(), item: id.into(), severity, points: None, basis: "s".into() };
        self.judged.subject_keys.insert((fingerprint.into(), "u".into()), subjects.to_vec());
        self.findings.push(Finding {
            fingerprint: fingerprint.into(),
            rule: "r".into(),
            severity,
            certainty,
            outcome: Outcome::Failed,
            items: vec![entry],
            unit: "u".into(),
            responsible: "u".into(),
            root_cause: RootCause::Page,
            url: CanonicalUrl::parse("http://a.xuncha-demo.gov.cn/").expect("parses"),
            page_title: None,
            message: Text::default(),
            fix: Text::default(),
            locations: Vec::new(),
            occurrences: 1,
            evidence: BTreeMap::new(),
            publish_date: None,
            list_page: None,
            state: None,
            first_seen: None,
            last_seen: None,
        });
    }

    fn card(&mut self) -> Scorecard {
        let mut cards = score(&self.plan, &self.judged, &mut self.findings);
        assert_eq!(cards.len(), 1);
        let card = cards.remove(0);
        let taken: f64 = self.findings.iter().flat_map(|f| &f.items).filter_map(|i| i.points).sum();
        assert!((taken - card.deducted).abs() < 1e-9, "findings took {taken}, the items lost {}", card.deducted);
        for one in &card.items {
            let of = |f: &&FindingItem| f.item == one.id;
            let sum: f64 = self.findings.iter().flat_map(|f| &f.items).filter(of).filter_map(|i| i.points).sum();
            assert!((sum - one.deducted).abs() < 1e-9, "{}: {sum} against {}", one.id, one.deducted);
        }
        card
    }
}

fn of<'a>(card: &'a Scorecard, id: &str) -> &'a ItemScore {
    card.items.iter().find(|i| i.id == id).expect("item")
}

fn note<'a>(card: &'a Scorecard, id: &str) -> Option<&'a str> {
    of(card, id).note.as_deref()
}

/// 100 points lost in steps of one hundredth, with a bonus of 5 above 80.
fn hundred(lost_hundredths: u64) -> Case {
    let text = "full_mark = 100.0\npass_line = 60.0\nbonus_gate = 80.0\nbonus = [\"plus\"]\n".to_owned()
        + &item("a", "severity = \"error\"\npoints = 0.01\ncap = 100.0")
        + &item("plus", "severity = \"notice\"\npoints = 5.0\nper = \"once\"");
    case(&text).subjects("a", 1, lost_hundredths, 0, 0, 0).subjects("plus", 1, 0, 0, 0, 0)
}

#[test]
fn the_pass_line_is_inclusive() {
    for (lost, score, verdict) in [(4001, 59.99, Verdict::Failed), (4000, 60.0, Verdict::Passed), (3999, 60.01, Verdict::Passed)]
    {
        let card = hundred(lost).card();
        assert_eq!((card.score, card.verdict), (Some(score), verdict));
        assert_eq!(card.out_of, Some(100.0));
    }
}

#[test]
fn the_bonus_gate_is_strict() {
    for (lost, score, bonus) in [(2001, 79.99, 0.0), (2000, 80.0, 0.0), (1999, 85.01, 5.0)] {
        let card = hundred(lost).card();
        assert_eq!((card.score, card.bonus), (Some(score), bonus), "{lost}");
        assert_eq!(note(&card, "plus") == Some("bonus"), bonus > 0.0);
    }
}

#[test]
fn the_gate_looks_at_the_score_without_bonus_and_the_cap_holds() {
    let mut case = hundred(0);
    case.plan.checklists[0].bonus_cap = Some(3.0);
    assert_eq!(case.card().score, Some(103.0));
    let mut case = hundred(4001);
    case.plan.checklists[0].bonus_gate = None;
    let card = case.card();
    assert_eq!(
        (card.score, card.verdict),
        (Some(64.99), Verdict::Failed),
        "the pass line is held against the score without bonus"
    );
}

fn veto(threshold: &str, subjects: (u64, u64, u64, u64, u64)) -> Scorecard {
    let (p, f, s, c, u) = subjects;
    case(&item("v", &format!("severity = \"veto\"\n{threshold}"))).subjects("v", p, f, s, c, u).card()
}

#[test]
fn a_count_is_inclusive() {
    for (failed, verdict) in [(4, Verdict::Passed), (5, Verdict::Vetoed), (6, Verdict::Vetoed)] {
        let card = veto("veto_when = { count = 5 }", (95, failed, 0, 0, 0));
        assert_eq!(card.verdict, verdict, "{failed}");
        assert_eq!(card.score, None);
    }
}

#[test]
fn a_share_is_inclusive() {
    // 7 of 140 probes is 5.0 %.
    for (failed, verdict) in [(6, Verdict::Passed), (7, Verdict::Vetoed), (8, Verdict::Vetoed)] {
        assert_eq!(veto("veto_when = { share = 0.05 }", (140 - failed, failed, 0, 0, 0)).verdict, verdict, "{failed}");
    }
}

#[test]
fn a_share_of_too_little_is_not_believed() {
    let card = veto("veto_when = { share = 0.5 }", (1, 2, 0, 0, 7));
    assert_eq!(card.verdict, Verdict::Insufficient);
    let card = veto("veto_when = { count = 2 }", (1, 2, 0, 0, 7));
    assert_eq!(card.verdict, Verdict::Vetoed, "a count stands whatever else may come");
}

#[test]
fn without_a_threshold_one_certain_failure_is_enough() {
    assert_eq!(veto("", (9, 0, 0, 0, 0)).verdict, Verdict::Passed);
    assert_eq!(veto("", (9, 1, 0, 0, 0)).verdict, Verdict::Vetoed);
}

#[test]
fn suspected_never_vetoes() {
    for (failed, suspected, verdict) in [
        (4, 0, Verdict::Passed),
        (4, 1, Verdict::PendingReview),
        (0, 4, Verdict::Passed),
        (0, 5, Verdict::PendingReview),
        (5, 9, Verdict::Vetoed),
    ] {
        let card = veto("veto_when = { count = 5 }", (90, failed, suspected, 0, 0));
        assert_eq!(card.verdict, verdict, "{failed} certain, {suspected} suspected");
    }
}

#[test]
fn the_pages_of_a_template_are_one_fault_for_a_count_and_many_for_a_share() {
    for (threshold, verdict) in [
        ("count = 2", Verdict::Passed),
        ("count = 1", Verdict::Vetoed),
        ("share = 0.5", Verdict::Vetoed),
        ("share = 0.9", Verdict::Passed),
    ] {
        let mut case = case(&item("v", &format!("severity = \"veto\"\nveto_when = {{ {threshold} }}")));
        case.finding("v", "f", &["template:x".into()], Certainty::Certain);
        let failed_subjects = BTreeMap::from([("template:x".to_owned(), "bad".to_owned())]);
        case.judged.tallies.insert((0, "u".into()), Tally { passed: 20, failed: 80, failed_subjects, ..Tally::default() });
        assert_eq!(case.card().verdict, verdict, "{threshold}");
    }
}

#[test]
fn passed_needs_every_veto_item_decided() {
    // Four failed and one undecided could be five.
    assert_eq!(veto("veto_when = { count = 5 }", (90, 3, 0, 1, 0)).verdict, Verdict::Passed);
    let card = veto("veto_when = { count = 5 }", (90, 4, 0, 1, 0));
    assert_eq!(card.verdict, Verdict::NoVetoFound);
    assert_eq!(of(&card, "v").outcome, Outcome::CannotTell);
    assert_eq!((card.applicable, card.decided, card.undecided), (1, 0, 1));
    let card = veto("", (90, 0, 0, 0, 1));
    assert_eq!((card.verdict, note(&card, "v")), (Verdict::NoVetoFound, Some("open")));
    let manual = "[[item]]\nid = \"m\"\ntitle = { zh = \"泄密\", en = \"secrets\" }\nsource = \"s\"\nconfidence = \"verified\"\nseverity = \"veto\"\n\
        [item.manual]\nwho = { zh = \"a\", en = \"a\" }\nlook_at = { zh = \"a\", en = \"a\" }\nevidence = { zh = \"a\", en = \"a\" }\nanswers = [\"yes\"]\nwhy = { zh = \"a\", en = \"a\" }\n";
    let card = case(&(item("v", "severity = \"veto\"") + manual)).subjects("v", 3, 0, 0, 0, 0).card();
    assert_eq!((card.verdict, card.manual, card.applicable), (Verdict::NoVetoFound, 1, 1));
}

#[test]
fn short_of_the_veto_the_severity_is_lowered() {
    let when = "veto_when = { count = 5 }\nwarn_when = { count = 3 }";
    for (failed, severity, word) in [
        (2, Severity::Notice, "below-threshold"),
        (3, Severity::Warning, "warn"),
        (4, Severity::Warning, "warn"),
        (5, Severity::Veto, "veto"),
    ] {
        let mut case = case(&item("v", &format!("severity = \"veto\"\n{when}"))).subjects("v", 10, failed, 0, 0, 0);
        let card = case.card();
        assert_eq!(note(&card, "v"), Some(word));
        assert!(case.findings.iter().all(|f| f.severity == severity && f.items[0].severity == severity), "{failed}");
    }
}

#[test]
fn deductions_stop_at_the_cap() {
    let text = "full_mark = 100.0\npass_line = 60.0\n".to_owned() + &item("a", "severity = \"error\"\npoints = 2.0\ncap = 5.0");
    let mut case = case(&text).subjects("a", 1, 4, 0, 0, 0);
    let card = case.card();
    assert_eq!((card.score, of(&card, "a").deducted), (Some(95.0), 5.0));
    let taken: Vec<Option<f64>> = case.findings.iter().map(|f| f.items[0].points).collect();
    assert_eq!(taken, [Some(2.0), Some(2.0), Some(1.0), Some(0.0)]);
}

#[test]
fn per_once_subject_and_finding_differ() {
    for (per, lost) in [("once", 2.0), ("subject", 8.0), ("finding", 4.0)] {
        let text = "full_mark = 100.0\n".to_owned() + &item("a", &format!("severity = \"error\"\npoints = 2.0\nper = \"{per}\""));
        let mut case = case(&text);
        let keys: Vec<String> = (0..4).map(|n| format!("s{n}")).collect();
        case.finding("a", "template", &keys[..3], Certainty::Certain);
        case.finding("a", "single", &keys[3..], Certainty::Certain);
        let failed_subjects = keys.iter().map(|k| (k.clone(), "bad".to_owned())).collect();
        case.judged.tallies.insert((0, "u".into()), Tally { failed: 4, failed_subjects, ..Tally::default() });
        let card = case.card();
        assert_eq!(of(&card, "a").deducted, lost, "{per}");
    }
}

#[test]
fn suspected_failures_take_no_points() {
    let text =
        "full_mark = 100.0\npass_line = 60.0\n".to_owned() + &item("a", "severity = \"error\"\npoints = 50.0\nper = \"once\"");
    let card = case(&text).subjects("a", 1, 0, 3, 0, 0).card();
    assert_eq!((card.score, note(&card, "a")), (Some(100.0), Some("suspected")));
}

#[test]
fn the_ladder_keeps_its_share() {
    let text = "full_mark = 100.0\n".to_owned()
        + &item("a", "severity = \"error\"\ncap = 3.0\nper = \"once\"\nladder = { note-only = 0.6, old-year = 0.4 }");
    for (message, lost) in [("note-only", 1.2), ("old-year", 1.8), ("missing", 3.0)] {
        let mut case = case(&text);
        case.finding("a", "f", &["s".into()], Certainty::Certain);
        let failed_subjects = BTreeMap::from([("s".to_owned(), message.to_owned())]);
        case.judged.tallies.insert((0, "u".into()), Tally { failed: 1, failed_subjects, ..Tally::default() });
        assert_eq!(of(&case.card(), "a").deducted, lost, "{message}");
    }
}

#[test]
fn a_subject_counted_elsewhere_is_not_counted_again() {
    let text = "full_mark = 100.0\n".to_owned()
        + &item("a", "severity = \"error\"\npoints = 1.0")
        + &item("b", "severity = \"error\"\npoints = 10.0\nexcludes = [\"a\"]");
    let card = case(&text).subjects("a", 1, 2, 0, 0, 0).subjects("b", 1, 2, 0, 0, 0).card();
    assert_eq!((card.score, of(&card, "b").deducted), (Some(98.0), 0.0));
    assert_eq!((note(&card, "b"), of(&card, "b").outcome), (Some("excluded"), Outcome::Passed));
    let card = case(&text).subjects("a", 1, 2, 0, 0, 0).subjects("b", 1, 3, 0, 0, 0).card();
    assert_eq!(of(&card, "b").deducted, 10.0, "the third is counted here");
}

#[test]
fn items_that_exclude_each_other_lose_no_fault() {
    let text = "full_mark = 100.0\n".to_owned()
        + &item("a", "severity = \"error\"\npoints = 1.0\nexcludes = [\"b\"]")
        + &item("b", "severity = \"error\"\npoints = 10.0\nexcludes = [\"a\"]");
    let card = case(&text).subjects("a", 1, 2, 0, 0, 0).subjects("b", 1, 2, 0, 0, 0).card();
    assert_eq!(card.score, Some(98.0));
}

#[test]
fn excluded_subjects_do_not_veto() {
    let text =
        item("a", "severity = \"warning\"") + &item("v", "severity = \"veto\"\nveto_when = { count = 3 }\nexcludes = [\"a\"]");
    let card = case(&text).subjects("a", 9, 1, 0, 0, 0).subjects("v", 9, 3, 0, 0, 0).card();
    assert_eq!(card.verdict, Verdict::Passed);
}

#[test]
fn inapplicable_points_are_scaled_or_spread() {
    // The service block of 25 does not concern a bureau without services: 75 × 4/3.
    let items = item("service", "severity = \"error\"\npoints = 25.0\nper = \"once\"\napplies_to = [\"county-government\"]")
        + &item("a", "severity = \"error\"\npoints = 0.0001\ncap = 50.0")
        + &item("b", "severity = \"error\"\npoints = 25.0\nper = \"once\"");
    let scaled = format!("full_mark = 100.0\npass_line = 60.0\n{items}");
    let lost = |case: Case, hundredths: u64| {
        let mut case = case.subjects("b", 1, 1, 0, 0, 0);
        case.plan.checklists[0].items[1].points = Some(hundredths as f64 / 100.0);
        case.subjects("a", 1, 1, 0, 0, 0).card()
    };
    for (hundredths, expected, verdict) in
        [(501, 59.9866, Verdict::Failed), (500, 60.0, Verdict::Passed), (499, 60.0133, Verdict::Passed)]
    {
        let card = lost(case(&scaled), hundredths);
        assert_eq!((card.score, card.verdict, card.reachable), (Some(expected), verdict, Some(75.0)));
    }
    let spread = format!("full_mark = 100.0\npass_line = 60.0\ninapplicable = \"redistribute\"\n{items}");
    // b is worth 25 + 12.5 now, a 50 + 12.5: 5 of 50 becomes 6.25 of 62.5.
    let card = lost(case(&spread), 500);
    assert_eq!((card.score, of(&card, "b").deducted, of(&card, "b").points), (Some(56.25), 37.5, Some(37.5)));
    assert_eq!(of(&card, "service").outcome, Outcome::Inapplicable);
}

#[test]
fn what_nobody_could_decide_neither_gives_nor_takes() {
    let text = "full_mark = 100.0\npass_line = 60.0\ncoverage_floor = 0.5\n".to_owned()
        + &item("a", "severity = \"error\"\npoints = 60.0\nper = \"once\"")
        + &item("b", "severity = \"error\"\npoints = 40.0\nper = \"once\"");
    let card = case(&text).subjects("a", 4, 0, 0, 0, 0).subjects("b", 0, 0, 0, 0, 3).card();
    assert_eq!((card.score, card.reachable, card.coverage), (Some(100.0), Some(60.0), 0.5));
    assert_eq!((card.applicable, card.decided, card.undecided), (2, 1, 1));
}

#[test]
fn the_coverage_floor_is_inclusive() {
    for (untested, verdict) in [(29, Verdict::Passed), (30, Verdict::Passed), (31, Verdict::Insufficient)] {
        let text = "full_mark = 100.0\npass_line = 60.0\ncoverage_floor = 0.7\n".to_owned()
            + &item("a", "severity = \"error\"\npoints = 1.0");
        let card = case(&text).subjects("a", 100 - untested, 0, 0, 0, untested).card();
        assert_eq!((card.verdict, card.score.is_some()), (verdict, verdict == Verdict::Passed), "{untested}");
    }
}

#[test]
fn nothing_seen_is_never_passed() {
    let text = item("v", "severity = \"veto\"") + &item("a", "severity = \"error\"");
    for card in [case(&text).card(), case(&text).subjects("v", 0, 0, 0, 0, 1).subjects("a", 0, 0, 0, 0, 1).card()] {
        assert_eq!((card.verdict, card.score, card.decided), (Verdict::Insufficient, None, 0));
    }
}

#[test]
fn dates_decide_what_is_held_against_anyone() {
    for (dates, word, outcome) in [
        ("due = 2026-03-21", Some("not-yet-due"), Outcome::Inapplicable),
        ("due = 2026-03-20", None, Outcome::Failed),
        ("valid_from = 2026-03-21", Some("not-in-force"), Outcome::Inapplicable),
        ("valid_until = 2026-03-19", Some("not-in-force"), Outcome::Inapplicable),
        ("valid_from = 2026-03-20\nvalid_until = 2026-03-20", None, Outcome::Failed),
    ] {
        let text = item("a", &format!("severity = \"error\"\n{dates}")) + &item("b", "severity = \"error\"");
        let mut case = case(&text).subjects("a", 1, 1, 0, 0, 0).subjects("b", 1, 0, 0, 0, 0);
        let card = case.card();
        assert_eq!((note(&card, "a"), of(&card, "a").outcome), (word, outcome), "{dates}");
        let (verdict, severity) =
            if word.is_some() { (Verdict::Passed, Severity::Notice) } else { (Verdict::Failed, Severity::Error) };
        assert_eq!((card.verdict, case.findings[0].severity), (verdict, severity), "{dates}");
    }
}

#[test]
fn unverified_points_are_not_scored_without_an_authority() {
    let text = "full_mark = 100.0\n".to_owned()
        + &item("a", "severity = \"error\"\npoints = 10.0").replace("\"verified\"", "\"unverified\"")
        + &item("b", "severity = \"error\"\npoints = 1.0");
    let both = |case: Case| case.subjects("a", 1, 1, 0, 0, 0).subjects("b", 1, 1, 0, 0, 0);
    let card = both(case(&text)).card();
    assert_eq!((card.score, of(&card, "a").points, note(&card, "a")), (Some(99.0), None, Some("unverified")));
    let card = both(case(&format!("authority = \"县政务公开办〔2026〕3号\"\n{text}"))).card();
    assert_eq!(card.score, Some(89.0));
}

#[test]
fn site_items_are_charged_to_the_operator_only() {
    let text = item("site", "severity = \"error\"\nsubject = \"site\"") + &item("own", "severity = \"error\"");
    let mut case = case(&text).subjects("own", 1, 0, 0, 0, 0);
    case.plan.operator = "portal".into();
    let site = Tally { failed: 1, failed_subjects: BTreeMap::from([("x".into(), "bad".into())]), ..Tally::default() };
    case.judged.tallies.insert((0, "portal".into()), site);
    let cards = score(&case.plan, &case.judged, &mut case.findings);
    assert_eq!(
        cards.iter().map(|c| (c.unit.as_str(), c.verdict)).collect::<Vec<_>>(),
        [("u", Verdict::Passed), ("portal", Verdict::Failed)]
    );
    assert_eq!(of(&cards[0], "site").outcome, Outcome::Inapplicable);
}

#[test]
fn checklists_of_other_bodies_give_no_scorecard() {
    let mut case = case(&item("a", "severity = \"error\"")).subjects("a", 1, 0, 0, 0, 0);
    case.plan.checklists[0].applies_to = vec!["county-government".into()];
    assert!(score(&case.plan, &case.judged, &mut case.findings).is_empty());
}

#[test]
fn points_print_with_two_to_four_decimals() {
    for (points, text) in [(60.0, "60.00"), (59.99, "59.99"), (0.1, "0.10"), (59.9866, "59.9866"), (1.205, "1.205")] {
        assert_eq!(points_text(points), text);
    }
}

proptest! {
    /// Whatever the figures: no panic, the score stays within its bounds, and points add up (checked in `card`).
    #[test]
    fn any_figures_add_up(
        points in 0.0f64..20.0, cap in 0.0f64..30.0, failed in 0u64..40, suspected in 0u64..5, untested in 0u64..40,
        per in 0usize..3, spread in any::<bool>(), other in 0u64..3,
    ) {
        let rule = if spread { "redistribute" } else { "scale" };
        let text = format!("full_mark = 100.0\npass_line = 60.0\ninapplicable = \"{rule}\"\n")
            + &item("a", &format!("severity = \"error\"\npoints = {points:.3}\ncap = {cap:.3}\nper = \"{}\"", ["finding", "subject", "once"][per]))
            + &item("b", "severity = \"error\"\npoints = 7.0\ncap = 40.0\nexcludes = [\"a\"]")
            + &item("c", "severity = \"error\"\npoints = 13.0\nper = \"once\"\nsubject = \"site\"");
        let mut case = case(&text).subjects("a", 3, failed, suspected, 0, untested).subjects("b", 1, other, 0, 0, 0);
        let card = case.card();
        if let Some(score) = card.score {
            prop_assert!((0.0..=100.0).contains(&score));
            prop_assert_eq!(score < 60.0, card.verdict == Verdict::Failed);
        }
        prop_assert!(card.decided + card.undecided == card.applicable);
    }
}
