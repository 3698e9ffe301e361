//! Tries the judge with rules of its own, so that it is tested whatever rules the registry holds.

mod confirmed;
mod spilled;

use super::memory::{Memory, blank};
use super::questions::Question;
use super::{Given, Judged, Tally, answer};
use crate::checklist::Checklist;
use crate::checklist::columns::ColumnBook;
use crate::config::Config;
use crate::exchange::Gathering;
use crate::facts::column_list::{ColumnList, ListItem};
use crate::facts::links::{Link, Region, Role};
use crate::facts::page_kind::PageKind;
use crate::facts::site::{Column, LinkTarget, TargetOutcome};
use crate::facts::{Page, Site};
use crate::finding::{Certainty, Location, Locus, Observation, RootCause, Severity};
use crate::plan::{Bound, Judgement, Plan, Target, Unit};
use crate::rules::{Context, Entry, Rule};
use crate::scope::{Scope, ScopeRule};
use crate::url::CanonicalUrl;
use serde::Deserialize;
use serde_json::json;
use std::path::Path;

#[derive(Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, default)]
struct Word {
    word: String,
    suspected: bool,
}
impl Default for Word {
    fn default() -> Self {
        Word { word: "错".into(), suspected: false }
    }
}
impl Rule for Word {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];
    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let title = page.title();
        assert!(title != "崩溃", "planted panic");
        if title.is_empty() {
            return vec![Observation::cannot_tell("untitled")];
        }
        if !title.contains(&self.word) {
            return vec![Observation::passed()];
        }
        let failed = Observation::failed("word").with("word", self.word.as_str()).at(Locus::Name("title".into()));
        vec![if self.suspected { failed.suspected() } else { failed }]
    }
}

#[derive(Deserialize, serde::Serialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Dead {}
impl Rule for Dead {
    type Subject = LinkTarget;
    const GATHERINGS: &'static [Gathering] = &[Gathering::LinkCheck];
    fn observe(&self, target: &LinkTarget, _: &Context<'_>) -> Vec<Observation> {
        vec![match &target.outcome {
            TargetOutcome::Dead { .. } => Observation::failed("dead").count(target.occurrences),
            TargetOutcome::Works { .. } => Observation::passed(),
            TargetOutcome::Blocked { .. } => Observation::cannot_tell("blocked"),
            TargetOutcome::Unseen { .. } => Observation::untested("unseen"),
        }]
    }
}

#[derive(Deserialize, serde::Serialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Void {}
impl Rule for Void {
    type Subject = Column;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];
    fn observe(&self, column: &Column, _: &Context<'_>) -> Vec<Observation> {
        vec![if column.items.is_empty() { Observation::failed("void") } else { Observation::passed() }]
    }
}

#[derive(Deserialize, serde::Serialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Large {}
impl Rule for Large {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];
    fn observe(&self, site: &Site, _: &Context<'_>) -> Vec<Observation> {
        vec![if site.pages.len() < 1000 { Observation::failed("small") } else { Observation::passed() }]
    }
}

static ENTRIES: [Entry; 5] = [
    Entry::of::<Word>("word", "trial", "", ""),
    Entry::of::<Dead>("dead", "trial", "", ""),
    Entry::of::<Void>("void", "trial", "", ""),
    Entry::of::<Large>("large", "trial", "", ""),
    Entry::of::<spilled::Referred>("referred", "trial", "", ""),
];

fn url(path: &str) -> CanonicalUrl {
    let whole = if path.starts_with('/') { format!("http://www.x.gov.cn{path}") } else { path.to_owned() };
    CanonicalUrl::parse(&whole).expect("parses")
}

fn judgement(rule: &str, params: serde_json::Value) -> Judgement {
    Judgement { rule: rule.into(), params, select: Default::default(), whole_site: false }
}

fn unit(id: &str, path: Option<&str>) -> Unit {
    let rule = ScopeRule { host: Some("www.x.gov.cn".into()), path: path.map(str::to_owned), ..ScopeRule::default() };
    Unit { id: id.into(), name: format!("单位 {id}"), kind: None, scope: Scope { include: vec![rule], exclude: Vec::new() } }
}

/// One checklist with an item per judgement; severities as given.
fn plan(judgements: Vec<(Judgement, &str)>) -> Plan {
    let mut text = "format = 1\nid = 'c'\nversion = '1'\ntitle = { zh = '', en = '' }\nsource = ''\n".to_owned();
    let mut bound = Vec::new();
    for (index, (_, severity)) in judgements.iter().enumerate() {
        text.push_str(&format!(
            "[[item]]\nid = '{index}'\ntitle = {{ zh = '', en = '' }}\nseverity = '{severity}'\nsource = '第{index}条'\nconfidence = 'verified'\n"
        ));
        bound.push(Bound { checklist: 0, item: index, judgements: vec![index] });
    }
    let checklist: Checklist = toml::from_str(&text).expect("parses");
    Plan {
        target: Target::Live(vec![url("/")]),
        scope: unit("x", None).scope,
        units: vec![unit("x", None)],
        operator: "x".into(),
        checklists: vec![checklist],
        judgements: judgements.into_iter().map(|(judgement, _)| judgement).collect(),
        bound,
        gatherings: [Gathering::Pages].into(),
        cadence: None,
        as_of: None,
        config: Config::default(),
        book: ColumnBook::default(),
        bindings: Vec::new(),
    }
}

fn page(path: &str, title: &str) -> Page {
    let mut page = blank(url(path));
    page.kind = PageKind::Article;
    page.document.best_title = title.into();
    page
}

fn link(target: &str, region: Region) -> Link {
    Link {
        target: Some(url(target)),
        raw: target.into(),
        text: String::new(),
        title: None,
        role: Role::Anchor,
        region,
        rel: Vec::new(),
        hidden: None,
        selector: String::new(),
        line: None,
        times: 1,
        other_texts: Vec::new(),
    }
}

fn memory(pages: Vec<Page>) -> Memory {
    let mut memory = Memory::new("2026-03-20T00:00:00Z".parse().expect("parses"));
    pages.into_iter().for_each(|page| memory.add_page(page));
    memory
}

fn judged_with(plan: &Plan, memory: &Memory, given: &Given) -> Judged {
    use super::Material;
    let entry = |id: &str| ENTRIES.iter().find(|e| e.id == id).expect("is one of ours");
    let questions: Vec<Question<'_>> =
        plan.judgements.iter().map(|j| Question::with(j, entry(&j.rule), &memory.info().gatherings).expect("loads")).collect();
    answer(plan, memory, given, &questions, &mut |_| ()).expect("judges")
}

fn judged(plan: &Plan, memory: &Memory) -> Judged {
    judged_with(plan, memory, &Given::default())
}

fn tally(judged: &Judged, bound: usize, unit: &str) -> Tally {
    judged.tallies.get(&(bound, unit.to_owned())).cloned().unwrap_or_default()
}

#[test]
fn subjects_are_tallied_by_their_worst_observation() {
    let plan = plan(vec![(judgement("word", json!({})), "error")]);
    let result = judged(&plan, &memory(vec![page("/a", "错了"), page("/b", "好"), page("/c", ""), page("/d", "好")]));
    let tally = tally(&result, 0, "x");
    assert_eq!((tally.passed, tally.failed, tally.cannot_tell), (2, 1, 1));
    assert_eq!(tally.undecided.get("untitled\nuntitled"), Some(&(1, Some(url("/c")))));
    assert_eq!(tally.failed_subjects.iter().next(), Some((&"page:/a".to_owned(), &"word".to_owned())));
    let [finding] = &result.findings[..] else { panic!("one finding: {:?}", result.findings) };
    assert_eq!((finding.url.clone(), finding.severity, finding.root_cause), (url("/a"), Severity::Error, RootCause::Page));
    assert_eq!((finding.page_title.as_deref(), finding.items[0].basis.as_str()), (Some("错了"), "第0条"));
    assert_eq!(finding.locations.len(), 1);
    assert_eq!(result.subject_keys[&(finding.fingerprint.clone(), "x".into())], ["page:/a"]);
}

#[test]
fn a_panic_is_caught_and_named() {
    let plan = plan(vec![(judgement("word", json!({})), "error")]);
    let result = judged(&plan, &memory(vec![page("/a", "崩溃"), page("/b", "错")]));
    assert_eq!(result.panics, ["word: http://www.x.gov.cn/a: planted panic"]);
    let tally = tally(&result, 0, "x");
    assert_eq!((tally.untested, tally.failed), (1, 1), "the rest is still judged");
}

#[test]
fn a_fault_on_nearly_all_pages_is_one_of_the_template() {
    let plan = plan(vec![(judgement("word", json!({})), "error"), (judgement("word", json!({"word": "甲"})), "warning")]);
    let mut pages: Vec<Page> = (0..80).map(|n| page(&format!("/p{n:02}"), "错")).collect();
    pages.extend((0..19).map(|n| page(&format!("/q{n}"), "好")));
    pages.push(page("/r", "甲"));
    let result = judged(&plan, &memory(pages.clone()));
    let [template, single] = &result.findings[..] else { panic!("{:?}", result.findings) };
    assert_eq!((template.root_cause, template.occurrences, template.locations.len()), (RootCause::Template, 80, 50));
    assert_eq!(template.url, url("/p00"));
    assert_eq!((single.root_cause, single.occurrences), (RootCause::Page, 1));
    let tally = tally(&result, 0, "x");
    assert_eq!((tally.failed, tally.failed_subjects.len()), (80, 1));
    assert!(tally.failed_subjects.contains_key("template:word:name:title"));

    pages.push(page("/s", "好"));
    let result = judged(&plan, &memory(pages));
    assert_eq!(result.findings.len(), 81, "79.2 % is no template");
}

#[test]
fn equal_faults_of_two_judgements_are_one_finding() {
    let plan = plan(vec![
        (judgement("word", json!({})), "warning"),
        (judgement("word", json!({"word": "错误", "suspected": true})), "veto"),
    ]);
    let result = judged(&plan, &memory(vec![page("/a", "错误"), page("/b", "好")]));
    let [finding] = &result.findings[..] else { panic!("{:?}", result.findings) };
    assert_eq!(finding.items.len(), 2);
    assert_eq!((finding.severity, finding.certainty, finding.occurrences), (Severity::Veto, Certainty::Certain, 1));
    assert_eq!(tally(&result, 1, "x").suspected, 1);
    assert_eq!(tally(&result, 1, "x").failed_subjects.len(), 0, "suspected fails no subject for certain");
}

#[test]
fn what_was_not_gathered_is_untested() {
    let plan = plan(vec![(judgement("word", json!({})), "error"), (judgement("dead", json!({})), "error")]);
    let mut linked = page("/a", "错");
    linked.links = vec![link("/gone", Region::Main), link("http://other.cn/", Region::Main)];
    let mut memory = memory(vec![linked]);
    memory.add_status(&url("/gone"), 404, 2);
    memory.info_mut().gatherings = vec![Gathering::Pages];
    let result = judged(&plan, &memory);
    assert_eq!(result.findings.len(), 2, "what was looked at is judged without link checks, too");
    assert_eq!(tally(&result, 1, "x").untested, 1);
    memory.info_mut().gatherings = vec![Gathering::Robots];
    let result = judged(&plan, &memory);
    assert!(result.findings.is_empty());
    assert_eq!(tally(&result, 0, "x").untested, 1);
    assert!(tally(&result, 0, "x").undecided.keys().next().is_some_and(|reason| reason.contains("pages")));
}

#[test]
fn the_cause_of_a_dead_link_is_where_it_stands() {
    let plan = plan(vec![(judgement("dead", json!({})), "error")]);
    let mut pages = Vec::new();
    for n in 0..10 {
        let mut page = page(&format!("/p{n}"), "好");
        page.links = vec![link("/everywhere", Region::Main), link("http://other.cn/x", Region::Main)];
        if n < 4 {
            page.links.push(link("/in-footer", Region::Footer));
        }
        if n == 0 {
            page.links.extend([link("/once", Region::Main), link("/f.pdf", Region::Main)]);
            page.links.push(Link { role: Role::Guess, ..link("/guess", Region::Main) });
        }
        pages.push(page);
    }
    let mut memory = memory(pages);
    for target in ["/everywhere", "http://other.cn/x", "/in-footer", "/once", "/f.pdf", "/guess"] {
        memory.add_status(&url(target), 404, 2);
    }
    let result = judged(&plan, &memory);
    let causes: Vec<(String, RootCause, u64)> =
        result.findings.iter().map(|f| (f.url.to_string(), f.root_cause, f.occurrences)).collect();
    let own = |path: &str| url(path).to_string();
    assert_eq!(
        causes,
        [
            ("http://other.cn/x".to_owned(), RootCause::External, 10),
            (own("/everywhere"), RootCause::Template, 10),
            (own("/f.pdf"), RootCause::Attachment, 1),
            (own("/in-footer"), RootCause::Template, 4),
            (own("/once"), RootCause::Page, 1),
        ]
    );
    let elsewhere = result.findings.iter().find(|f| f.root_cause == RootCause::External).expect("is there");
    assert_eq!(result.subject_keys[&(elsewhere.fingerprint.clone(), "x".into())], ["target:http://other.cn/x"]);
}

#[test]
fn pages_belong_to_units_and_the_whole_is_the_operators() {
    let mut plan = plan(vec![(judgement("word", json!({})), "error"), (judgement("large", json!({})), "error")]);
    plan.judgements[1].whole_site = true;
    plan.units = vec![unit("portal", None), unit("gaj", Some("/gaj")), unit("xfj", Some("/gaj/xf"))];
    plan.operator = "portal".into();
    let pages = vec![page("/a", "错"), page("/gaj/b", "错"), page("/gaj/xf/c", "错"), page("/gajx", "好")];
    let result = judged(&plan, &memory(pages));
    let found: Vec<(&str, &str, &str)> =
        result.findings.iter().map(|f| (f.rule.as_str(), f.unit.as_str(), f.url.path())).collect();
    assert_eq!(
        found,
        [("large", "portal", "/a"), ("word", "portal", "/a"), ("word", "gaj", "/gaj/b"), ("word", "xfj", "/gaj/xf/c")]
    );
    assert_eq!((tally(&result, 0, "gaj").failed, tally(&result, 0, "portal").passed), (1, 1));
    assert_eq!(tally(&result, 1, "portal").failed, 1);
    assert!(!result.tallies.contains_key(&(1, "gaj".into())), "charged once");
    assert_eq!(result.findings[0].responsible, "单位 portal");
}

#[test]
fn a_fault_of_the_platforms_template_is_the_operators_alone() {
    let mut plan = plan(vec![(judgement("word", json!({})), "error")]);
    plan.units = vec![unit("portal", None), unit("gaj", Some("/gaj")), unit("xfj", Some("/xfj"))];
    plan.operator = "portal".into();
    let mut pages = vec![page("/x", "好")];
    for n in 0..4 {
        pages.extend(["/a", "/gaj/b", "/xfj/c"].map(|path| page(&format!("{path}{n}"), "错")));
    }
    let result = judged(&plan, &memory(pages));
    let [finding] = &result.findings[..] else { panic!("{:?}", result.findings) };
    assert_eq!((finding.unit.as_str(), finding.responsible.as_str()), ("portal", "单位 portal"));
    assert_eq!((finding.root_cause, finding.occurrences, finding.locations.len()), (RootCause::Template, 12, 12));
    assert_eq!((tally(&result, 0, "portal").failed, tally(&result, 0, "gaj").failed), (4, 0));
    assert_eq!(tally(&result, 0, "gaj").inapplicable, 4);
    let keys = &result.subject_keys[&(finding.fingerprint.clone(), "portal".into())];
    assert_eq!(keys, &["template:word:name:title"]);
    assert!(keys.iter().all(|key| tally(&result, 0, "portal").failed_subjects.contains_key(key)));
}

#[test]
fn items_for_other_kinds_of_body_are_not_asked() {
    let mut plan = plan(vec![(judgement("word", json!({})), "error")]);
    plan.checklists[0].items[0].applies_to = vec!["public-security-bureau".into()];
    let memory = memory(vec![page("/a", "错")]);
    assert!(judged(&plan, &memory).findings.is_empty());
    plan.units[0].kind = Some("public-security-bureau".into());
    assert_eq!(judged(&plan, &memory).findings.len(), 1);
}

#[test]
fn only_selected_subjects_are_subjects() {
    let mut plan = plan(vec![(judgement("word", json!({})), "error"), (judgement("void", json!({})), "error")]);
    plan.judgements[0].select.page_kind = vec![PageKind::Article];
    plan.judgements[1].select.column = vec!["notice".into()];
    let entry = "id = 'notice'\nname = '通知公告'\nname_en = 'Notices'\nclass = 'notice'\n";
    plan.book = ColumnBook::of(vec![toml::from_str(entry).expect("parses")]);
    let list = |path: &str, name: &str| {
        let mut list = page(path, name);
        list.kind = PageKind::Column;
        list.list = Some(ColumnList::default());
        list
    };
    let mut full = list("/f/", "通知公告");
    let row = ListItem { title: "错".into(), url: Some(url("/a")), date: None };
    full.list = Some(ColumnList { items: vec![row], ..ColumnList::default() });
    let result = judged(&plan, &memory(vec![page("/a", "错"), full, list("/n/", "通知公告"), list("/m/", "错")]));
    let found: Vec<(&str, &str)> = result.findings.iter().map(|f| (f.rule.as_str(), f.url.path())).collect();
    assert_eq!(found, [("void", "/n/"), ("word", "/a")]);
    assert_eq!((tally(&result, 0, "x").passed, tally(&result, 1, "x").passed), (0, 1));
    assert_eq!(result.findings[0].root_cause, RootCause::Column);
    assert_eq!(result.findings[1].list_page, Some(url("/f/")));
    assert_eq!(result.findings[1].locations[0].column_path, ["通知公告"]);

    plan.judgements[0].select.column = vec!["notice".into()];
    plan.judgements[0].select.page_kind.clear();
    let result = judged(&plan, &memory(vec![page("/a", "错")]));
    assert_eq!(tally(&result, 0, "x"), Tally::default(), "a page of no column is not of the named one");
}

#[test]
fn error_pages_and_challenges_are_no_pages() {
    let plan = plan(vec![(judgement("word", json!({})), "error")]);
    let gone = Page { status: 404, ..page("/gone", "错") };
    let mut memory = memory(vec![gone, page("/wall", "错"), page("/a", "好")]);
    let mut wall = memory.states().iter().find(|s| s.url == url("/wall")).cloned().expect("has a state");
    if let crate::facts::site::Look::Answered { challenge, .. } = &mut wall.looks[0] {
        *challenge = Some("script".into());
    }
    memory.add_state(wall);
    let result = judged(&plan, &memory);
    assert!(result.findings.is_empty());
    assert_eq!(tally(&result, 0, "x").passed, 1);
}

#[test]
fn a_baseline_tells_known_from_new_and_counts_the_gone() {
    let plan = plan(vec![(judgement("word", json!({})), "error")]);
    let first = judged(&plan, &memory(vec![page("/a", "错"), page("/b", "错"), page("/c", "好")]));
    let report = json!({"schema": "xuncha.report/1", "findings": first.findings}).to_string();
    let baseline = super::baseline::Baseline::parse(&report, Path::new("report.json")).expect("reads");
    let given = Given { baseline: Some(baseline), ..Given::default() };
    let second = judged_with(&plan, &memory(vec![page("/a", "错"), page("/c", "错"), page("/d", "好")]), &given);
    let states: Vec<(&str, Option<&str>)> = second.findings.iter().map(|f| (f.url.path(), f.state.as_deref())).collect();
    assert_eq!(states, [("/a", Some("known")), ("/c", Some("new"))]);
    assert_eq!(second.gone, Some(1));
    assert!(super::baseline::Baseline::parse("{\"schema\": \"other\", \"findings\": []}", Path::new("x")).is_err());
}

#[test]
fn a_waived_finding_is_told_and_not_counted() {
    let plan = plan(vec![(judgement("word", json!({})), "error")]);
    let memory = memory(vec![page("/a/1", "错"), page("/ab", "错"), page("/c", "好"), page("/d", "好")]);
    let waiver = |place: &str, until: jiff::civil::Date| super::waiver::Waiver {
        rule: "word".into(),
        place: place.into(),
        reason: "旧文原样保留".into(),
        by: "办公室".into(),
        until,
        line: 1,
    };
    let late = jiff::civil::date(2026, 12, 31);
    let given =
        |waivers: Vec<super::waiver::Waiver>| Given { waivers: super::waiver::Waivers { all: waivers }, ..Given::default() };
    let result = judged_with(&plan, &memory, &given(vec![waiver("http://www.x.gov.cn/a", late)]));
    let states: Vec<(&str, Option<&str>)> = result.findings.iter().map(|f| (f.url.path(), f.state.as_deref())).collect();
    assert_eq!(states, [("/a/1", Some("waived")), ("/ab", None)], "a prefix ends where a name ends");
    let tally = tally(&result, 0, "x");
    assert_eq!((tally.waived, tally.failed, tally.failed_subjects.len()), (1, 1, 1));
    assert!(result.notes.is_empty());

    let print = result.findings[1].fingerprint.clone();
    let many = vec![waiver(&print, late), waiver("http://www.x.gov.cn/z", late), waiver(&print, jiff::civil::date(2026, 3, 19))];
    let result = judged_with(&plan, &memory, &given(many));
    assert_eq!(result.findings[1].state.as_deref(), Some("waived"));
    assert_eq!(result.notes.len(), 2, "one covers nothing, one has expired: {:?}", result.notes);
}
