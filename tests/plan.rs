//! Plans: who is judged, what is crawled, which questions are asked, once each.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use xuncha::checklist::Cadence;
use xuncha::config::Config;
use xuncha::error::Error;
use xuncha::plan::{Plan, Request, Target, Unit, make};
use xuncha::scope::{QueryRule, Scope, ScopeRule};
use xuncha::url::CanonicalUrl;

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("parses")
}

fn live(text: &str) -> Request {
    Request::new(Target::Live(vec![url(text)]), Config::default())
}

fn unit(id: &str, kind: Option<&str>, include: Vec<ScopeRule>) -> Unit {
    Unit { id: id.into(), name: id.into(), kind: kind.map(str::to_owned), scope: Scope { include, exclude: Vec::new() } }
}

fn path(path: &str) -> ScopeRule {
    ScopeRule { path: Some(path.into()), ..ScopeRule::default() }
}

const HEAD: &str = "format = 1\nid = \"own\"\nversion = \"1\"\ntitle = { zh = \"自定\", en = \"Own\" }\nsource = \"本单位\"\n";
const MANUAL: &str = "severity = \"error\"\nsource = \"一\"\nconfidence = \"verified\"\n[item.manual]\nwho = { zh = \"人\", en = \"P\" }\n\
    look_at = { zh = \"看\", en = \"L\" }\nevidence = { zh = \"图\", en = \"E\" }\nanswers = [\"是\"]\nwhy = { zh = \"因\", en = \"W\" }\n";

/// A folder with `own.toml` of these items, and its path.
fn own(items: &[String]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("folder");
    let file: PathBuf = folder.path().join("own.toml");
    fs::write(&file, format!("{HEAD}{}", items.concat())).expect("writes");
    let name = file.to_str().expect("plain").to_owned();
    (folder, name)
}

fn manual(id: &str, more: &str) -> String {
    format!("[[item]]\nid = \"{id}\"\ntitle = {{ zh = \"一\", en = \"one\" }}\n{more}{MANUAL}")
}

fn ruled(id: &str, more: &str) -> String {
    format!(
        "[[item]]\nid = \"{id}\"\ntitle = {{ zh = \"一\", en = \"one\" }}\n{more}severity = \"error\"\nsource = \"一\"\nconfidence = \"verified\"\n"
    )
}

/// A plan of manual items only: no rule is needed to settle who and where.
fn places(mut request: Request) -> Result<Plan, Error> {
    let (_folder, name) = own(&[manual("a", "")]);
    request.checklists = vec![name];
    make(request)
}

fn hint(result: Result<Plan, Error>) -> String {
    match result {
        Err(error @ (Error::Usage { .. } | Error::Located { .. })) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bare_url_is_one_unit_and_never_the_city() {
    let plan = places(live("http://www.gaj.example.gov.cn/")).expect("plans");
    assert_eq!((plan.units.len(), plan.operator.as_str()), (1, "www.gaj.example.gov.cn"));
    assert!(plan.scope.contains(&url("https://gaj.example.gov.cn/x"), None));
    assert!(!plan.scope.contains(&url("http://www.example.gov.cn/"), None));
    assert!(plan.book.entries.len() > 50, "the book travels with the plan");
    let stored: Plan = serde_json::from_str(&serde_json::to_string(&plan).expect("writes")).expect("reads");
    assert_eq!(stored.checklists, plan.checklists);
    assert!(stored.book.entries.len() > 50);
}

#[test]
fn folders_and_captures_know_their_site() {
    let folder = Target::Folder { path: "site".into(), base: url("http://www.x.gov.cn/") };
    let plan = places(Request::new(folder, Config::default())).expect("plans");
    assert!(plan.scope.contains(&url("http://www.x.gov.cn/a/b.html"), None));
    let warc = Request::new(Target::Warc(vec!["a.warc.gz".into()]), Config::default());
    assert!(hint(places(warc.clone())).contains("which site of the WARC"));
    let plan = places(Request { seed: Some(url("http://y.gov.cn/")), ..warc.clone() }).expect("plans");
    assert_eq!(plan.units[0].id, "y.gov.cn");
    let units = vec![unit("z", None, vec![ScopeRule { host: Some("z.gov.cn".into()), ..ScopeRule::default() }])];
    assert!(places(Request { units, ..warc }).is_ok_and(|p| p.scope.contains(&url("http://z.gov.cn/"), None)));
    assert!(hint(places(Request::new(Target::Live(Vec::new()), Config::default()))).contains("no URL"));
}

#[test]
fn several_units_on_one_host() {
    let query = ScopeRule { query: Some(QueryRule { key: "dept".into(), value: "12".into() }), ..ScopeRule::default() };
    let mut gaj = unit("gaj", Some("public-security-bureau"), vec![path("/gaj/")]);
    gaj.scope.exclude = vec![path("/gaj/old/")];
    let request = Request {
        units: vec![gaj, unit("rfb", None, vec![path("/rfb/")]), unit("mzj", None, vec![query])],
        ..live("http://www.x.gov.cn/")
    };
    let plan = places(request.clone()).expect("plans");
    assert_eq!(plan.units.iter().map(|u| u.id.as_str()).collect::<Vec<_>>(), ["gaj", "rfb", "mzj", "www.x.gov.cn"]);
    assert_eq!(plan.operator, "www.x.gov.cn", "an implicit unit operates the site");
    assert!(plan.scope.contains(&url("http://www.x.gov.cn/other/"), None), "the site's own pages are crawled for it");
    assert!(plan.units[0].scope.contains(&url("http://x.gov.cn/gaj/a"), None));
    assert!(!plan.units[0].scope.contains(&url("http://elsewhere.cn/gaj/a"), None), "a bare path stays on the site");

    let named = places(Request { operator: Some("rfb".into()), ..request.clone() }).expect("plans");
    assert_eq!((named.units.len(), named.operator.as_str()), (3, "rfb"));
    assert!(!named.scope.contains(&url("http://www.x.gov.cn/other/"), None));
    assert!(named.scope.contains(&url("http://www.x.gov.cn/list?dept=12"), None));

    let text = hint(places(Request { operator: Some("rfbb".into()), ..request.clone() }));
    assert!(text.contains("`rfbb`") && text.contains("`rfb`"), "{text}");
    let mut twice = request.clone();
    twice.units.push(unit("gaj", None, vec![path("/x/")]));
    assert!(hint(places(twice)).contains("two units have the id `gaj`"));
    let mut wrong = request.clone();
    wrong.units[1].kind = Some("civil-air-defense-office".into());
    assert!(hint(places(wrong)).contains("`civil-air-defence-office`"));
    let away = Request {
        units: vec![unit("a", None, vec![ScopeRule { host: Some("a.gov.cn".into()), ..path("/a/") }])],
        ..live("http://b.gov.cn/")
    };
    assert!(hint(places(away)).contains("outside of every unit's scope"));
}

#[test]
fn an_exclusion_stays_unless_another_unit_claims_it() {
    let mut a = unit("a", None, vec![path("/")]);
    a.scope.exclude = vec![path("/b/"), path("/calendar/")];
    let request =
        Request { units: vec![a, unit("b", None, vec![path("/b/")])], operator: Some("a".into()), ..live("http://x.gov.cn/") };
    let plan = places(request).expect("plans");
    assert!(plan.scope.contains(&url("http://x.gov.cn/b/1"), None));
    assert!(!plan.scope.contains(&url("http://x.gov.cn/calendar/1"), None));
    let publisher = ScopeRule { publisher: Some("县公安局".into()), ..ScopeRule::default() };
    let request = Request { units: vec![unit("p", None, vec![publisher])], ..live("http://x.gov.cn/") };
    let plan = places(request).expect("plans");
    assert!(plan.scope.contains(&url("http://x.gov.cn/any"), None), "a publisher is judged, not crawled by");
    assert!(!plan.units[0].scope.contains(&url("http://x.gov.cn/any"), None));
}

#[test]
fn kinds_and_cadences_choose_the_items() {
    let (_folder, name) = own(&[
        manual("all", ""),
        manual("police", "applies_to = [\"public-security-bureau\"]\n"),
        manual("county", "applies_to = [\"county-government\"]\n"),
        manual("daily", "cadence = \"daily\"\n"),
        manual("half", "cadence = \"semiannual\"\n"),
        manual("site", "subject = \"site\"\n"),
    ]);
    let ids = |plan: &Plan| plan.bound.iter().map(|b| plan.checklists[b.checklist].items[b.item].id.clone()).collect::<Vec<_>>();
    let base = Request { checklists: vec![name.clone()], ..live("http://x.gov.cn/") };
    let plan = make(base.clone()).expect("plans");
    assert_eq!(ids(&plan), ["all", "daily", "half", "site"]);
    assert!(plan.bound.iter().all(|bound| plan.concerns(bound, &plan.units[0])));
    let quarterly = make(Request { cadence: Some(Cadence::Quarterly), ..base.clone() }).expect("plans");
    assert_eq!(ids(&quarterly), ["all", "daily", "site"]);
    let units = vec![unit("g", Some("public-security-bureau"), vec![path("/g/")]), unit("r", None, vec![path("/r/")])];
    let plan = make(Request { units, operator: Some("r".into()), ..base.clone() }).expect("plans");
    let concerned = |unit: &str| {
        let unit = plan.unit(unit).expect("there");
        let bound = plan.bound.iter().filter(|b| plan.concerns(b, unit));
        bound.map(|b| plan.checklists[b.checklist].items[b.item].id.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(concerned("g"), ["all", "police", "daily", "half"]);
    assert_eq!(concerned("r"), ["all", "daily", "half", "site"]);
    assert!(
        hint(make(Request { checklists: vec![name.clone(), name.replace("own.toml", "./own.toml")], ..base }))
            .contains("two checklists have the id `own`")
    );
}

#[test]
fn an_unknown_rule_is_told_where_it_stands() {
    let (_folder, name) = own(&[manual("a", ""), ruled("b", "rules = [\n  \"dead_lnk\",\n]\n")]);
    match make(Request { checklists: vec![name], ..live("http://x.gov.cn/") }) {
        Err(Error::Located { line, column, message, .. }) => {
            assert_eq!((line, column), (22, 3));
            assert!(message.contains("unknown rule `dead_lnk`"), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_built_in_checklist_names_known_rules_and_parameters() {
    let plan = make(live("http://x.gov.cn/")).expect("the default checklists plan");
    assert_eq!(plan.checklists.len(), 4);
    for kind in ["public-security-bureau", "civil-air-defence-office", "county-government"] {
        let units = vec![unit("u", Some(kind), Vec::new())];
        let plan = make(Request { units, ..live("http://x.gov.cn/") }).unwrap_or_else(|e| panic!("{e}"));
        assert!(plan.checklists.iter().any(|c| c.id == kind), "its own checklist is among the default ones");
        let named = make(Request { checklists: vec![kind.into()], ..live("http://x.gov.cn/") }).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(named.units[0].kind.as_deref(), Some(kind), "the checklist says what the unit is");
        let asked: BTreeSet<&str> = plan.judgements.iter().map(|j| j.rule.as_str()).collect();
        assert!(asked.len() >= 14, "{asked:?}");
    }
    let both = ["public-security-bureau", "county-government"].map(str::to_owned).to_vec();
    assert!(hint(make(Request { checklists: both, ..live("http://x.gov.cn/") })).contains("different kinds"));
}

#[test]
fn equal_questions_are_asked_once() {
    let items = [
        ruled("a", "rule = \"column-freshness\"\nselect = { class = [\"news\", \"notice\"] }\n"),
        ruled("b", "rule = \"column-freshness\"\nselect = { class = [\"notice\", \"news\"] }\n"),
        ruled("c", "rule = \"column-freshness\"\n"),
        ruled("d", "rules = [\"column-freshness\", \"dead-link\"]\nparams = { dead-link = { external = false } }\n"),
        ruled("e", "rule = \"dead-link\"\nparams = { external = false, own = true }\n"),
        ruled("f", "rule = \"home-freshness\"\nsubject = \"site\"\n"),
    ];
    let (_folder, name) = own(&items);
    let base = Request { checklists: vec![name], ..live("http://x.gov.cn/") };
    let plan = make(base.clone()).expect("plans");
    let judged: Vec<&[usize]> = plan.bound.iter().map(|b| &b.judgements[..]).collect();
    assert_eq!(judged, [&[0][..], &[0], &[1], &[1, 2], &[2], &[3]]);
    assert!(plan.judgements.iter().all(|j| !j.whole_site), "one unit is the site");
    assert!(plan.gatherings.contains(&xuncha::exchange::Gathering::Pages));
    let units = vec![unit("a", None, vec![path("/a/")]), unit("b", None, vec![path("/b/")])];
    let several = make(Request { units, ..base }).expect("plans");
    assert_eq!(several.judgements.iter().filter(|j| j.whole_site).count(), 1);
}

#[test]
fn wrong_parameters_are_told_where_they_stand() {
    let refused = |more: &str, marker: &str| {
        let (_folder, name) = own(&[ruled("a", more)]);
        let text = fs::read_to_string(&name).expect("reads");
        let expected = text.lines().position(|line| line.contains(marker)).expect("there") + 1;
        match make(Request { checklists: vec![name], ..live("http://x.gov.cn/") }) {
            Err(Error::Located { line, message, hint, .. }) => {
                assert_eq!(line, expected, "{message}");
                format!("{message} {}", hint.unwrap_or_default())
            }
            other => panic!("{other:?}"),
        }
    };
    let text = refused("rule = \"dead-lnk\"\n", "dead-lnk");
    assert!(text.contains("did you mean `dead-link`"), "{text}");
    let text = refused("rule = \"dead-link\"\nparams.own = true\nparams.externl = false\n", "externl");
    assert!(text.contains("`externl`") && text.contains("`external`"), "{text}");
    let text = refused("rule = \"home-freshness\"\nparams.window_days = \"two weeks\"\n", "two weeks");
    assert!(text.contains("wrong type"), "{text}");
    refused("rule = \"dead-link\"\nselect = { class = [\"news\"] }\n", "select");
    refused("rule = \"column-empty\"\nselect = { document_kind = [\"news\"] }\n", "select");
    refused("rules = [\"dead-link\"]\nparams = { dead-lin = {} }\n", "dead-lin =");
    let text = refused("rule = \"dead-link\"\ncap = 1\nladder = { deadd = 0.5 }\n", "ladder");
    assert!(text.contains("`dead`"), "{text}");
}

#[test]
fn own_columns_and_bindings_are_stored_with_the_plan_and_only_then() {
    use xuncha::checklist::columns::{ColumnBook, ColumnMatch};
    use xuncha::registry::{Binding, BindingState};
    let plain = make(live("http://www.x.gov.cn/")).expect("plans");
    let text = serde_json::to_string(&plain).expect("writes");
    assert!(!text.contains("\"book\"") && !text.contains("\"bindings\""), "nothing of it where there is none");
    let mut request = live("http://www.x.gov.cn/");
    let mut entry = ColumnBook::load().find("notices").cloned().expect("known");
    entry.synonyms.push("告示牌".into());
    request.columns = vec![entry];
    let unit = plain.units[0].id.clone();
    let binding = |unit: &str, path: &str| Binding {
        unit: unit.into(),
        site: "x".into(),
        url: url(&format!("http://www.x.gov.cn{path}")),
        name: "告示牌".into(),
        path: Vec::new(),
        column: Some("notices".into()),
        class: None,
        window_days: None,
        matched: None,
        confidence: 0.9,
        state: BindingState::Confirmed,
    };
    request.bindings = vec![binding(&unit, "/b/"), binding("somebody", "/c/"), binding(&unit, "/a/")];
    let plan = make(request).expect("plans");
    let urls: Vec<&str> = plan.bindings.iter().map(|binding| binding.url.as_str()).collect();
    assert_eq!(urls, ["http://www.x.gov.cn/a/", "http://www.x.gov.cn/b/"], "those of its units, in order");
    let text = serde_json::to_string(&plan).expect("writes");
    let read: Plan = serde_json::from_str(&text).expect("reads");
    assert_eq!(read.book.lookup("告示牌", &[]), ColumnMatch::Is("notices".into()));
    assert_eq!(read.book.entries.len(), ColumnBook::load().entries.len());
    assert_eq!(serde_json::to_string(&read).expect("writes"), text);
    let (recorded, before) = (xuncha::run::Recorded::of(&plan), xuncha::run::Recorded::of(&plain));
    assert_ne!(recorded.sha256().expect("hashes"), before.sha256().expect("hashes"));
    assert!(before.differences(&recorded).is_empty(), "they are judged by, not fetched by: a run goes on");
}
