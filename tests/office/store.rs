//! The office's store: the same tests on SQLite and on PostgreSQL.

use crate::bench::{each, folder_run, folder_run_with, site};
use std::collections::BTreeMap;
use xuncha::cadence::work::keep;
use xuncha::facts::history::ProbeOutcome;
use xuncha::registry::{Account, AccountState, Binding, BindingState, Registry, Standing, Unit};
use xuncha::store::Store;
use xuncha::store::probes::{Round, Visit};
use xuncha::url::CanonicalUrl;

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("parses")
}

#[test]
fn a_registry_is_taken_in_once_and_given_back() {
    each("registry", async |store: Store| {
        let registry = site("gaj", "http://localhost/");
        let changes = store.put_registry(&registry).await.unwrap();
        assert_eq!((changes.added, changes.changed, changes.same), (3, 0, 0));
        assert_eq!(store.registry().await.unwrap(), registry);
        let again = store.put_registry(&registry).await.unwrap();
        assert_eq!((again.added, again.changed, again.same), (0, 0, 3));
        let mut renamed = registry.clone();
        renamed.units[0].name = "县公安局（新）".into();
        let changes = store.put_registry(&renamed).await.unwrap();
        assert_eq!((changes.added, changes.changed, changes.same), (0, 1, 2));
        // What a table no longer names stays.
        store.put_registry(&Registry::default()).await.unwrap();
        assert_eq!(store.registry().await.unwrap(), renamed);
        let standing = Standing {
            state: xuncha::registry::SiteState::Redesign,
            basis: Some("备案〔2026〕1号".into()),
            ..Standing::default()
        };
        assert!(store.set_standing("gaj-site", &standing).await.unwrap());
        assert!(!store.set_standing("nobody", &standing).await.unwrap());
        assert_eq!(store.watched().await.unwrap()[0].site.standing, standing);
        assert_eq!(store.watched().await.unwrap()[0].units[0].0.id, "gaj");
    });
}

#[test]
fn a_finding_appears_stays_goes_and_comes_back() {
    each("events", async |store: Store| {
        store.put_registry(&site("gaj", "http://localhost/")).await.unwrap();
        let watched = store.watched().await.unwrap().remove(0);
        let mut told = Vec::new();
        // A dead link is there, is there still, is mended, and is there again.
        for dead in [true, true, false, true] {
            let (_folder, judged) = folder_run(&store, &watched, dead).await;
            let imported = xuncha::cadence::work::keep(&store, &watched, None, "office", None, &judged).await.unwrap();
            assert!(!imported.known);
            let again = xuncha::cadence::work::keep(&store, &watched, None, "office", None, &judged).await.unwrap();
            assert!(again.known, "twice is once");
            assert_eq!(again.assessment_no, imported.assessment_no);
            let dead_links = judged.audited.report.findings.iter().filter(|f| f.rule == "dead-link").count();
            assert_eq!(dead_links, usize::from(dead));
            told.push(imported.told);
            // Instants are whole seconds: the next run is a later one.
            std::thread::sleep(std::time::Duration::from_millis(1_100));
        }
        assert!(told[0].appeared >= 1 && told[0].stayed == 0);
        assert_eq!((told[1].appeared, told[1].returned, told[1].gone), (0, 0, 0));
        assert_eq!(told[1].stayed, told[0].appeared);
        assert_eq!((told[2].appeared, told[2].gone), (0, 1), "{:?}", told[2]);
        assert_eq!((told[3].appeared, told[3].returned), (0, 1), "{:?}", told[3]);
        let kinds: Vec<String> = store
            .events(0, i64::MAX)
            .await
            .unwrap()
            .into_iter()
            .filter(|event| event.rule == "dead-link")
            .map(|event| event.kind)
            .collect();
        assert_eq!(kinds, ["appeared", "gone", "returned"]);
        let runs = store.runs(&[], 0, i64::MAX).await.unwrap();
        assert!(runs.is_empty(), "runs of no cadence are in no period's report");
    });
}

#[test]
fn a_void_round_counts_for_nothing_and_a_round_is_kept_once() {
    each("probes", async |store: Store| {
        store.put_registry(&site("gaj", "http://localhost/")).await.unwrap();
        let site_no = store.watched().await.unwrap()[0].no;
        let visit = |at: i64, outcome| Visit {
            site_no,
            url: url("http://localhost/"),
            at,
            outcome,
            millis: (outcome == ProbeOutcome::Answered).then_some(120),
            status: None,
            cause: (outcome == ProbeOutcome::Failed).then(|| "connect-timeout".to_owned()),
        };
        let round = |at: i64, valid, outcome| Round {
            vantage: "office".into(),
            at,
            valid,
            controls: vec![("http://control/".into(), "answered".into())],
            visits: vec![visit(at + 1, outcome)],
        };
        assert!(store.put_round(&round(1_000, true, ProbeOutcome::Answered)).await.unwrap());
        assert!(!store.put_round(&round(1_000, true, ProbeOutcome::Failed)).await.unwrap(), "the same round again");
        assert!(store.put_round(&round(2_000, true, ProbeOutcome::Failed)).await.unwrap());
        assert!(store.put_round(&round(3_000, false, ProbeOutcome::Failed)).await.unwrap());
        assert!(store.put_round(&round(4_000, true, ProbeOutcome::Blocked)).await.unwrap());
        let counts = store.visit_counts(0, 10_000).await.unwrap();
        let visits = counts[0].2;
        assert_eq!((visits.answered, visits.failed, visits.blocked, visits.void, visits.valid()), (1, 1, 1, 1, 3));
        assert_eq!(store.last_round("office").await.unwrap(), Some(4_000));
        assert_eq!(store.round_counts("office", 0, 10_000).await.unwrap(), (4, 1));
        assert_eq!(store.round_counts("elsewhere", 0, 10_000).await.unwrap(), (0, 0));
        let history = store.history(site_no, 5_000).await.unwrap().expect("visits");
        let outcomes: Vec<ProbeOutcome> = history.probes.iter().map(|probe| probe.outcome).collect();
        assert_eq!(outcomes, [ProbeOutcome::Answered, ProbeOutcome::Failed, ProbeOutcome::Void, ProbeOutcome::Blocked]);
    });
}

#[test]
fn what_was_told_stays_as_it_was_told() {
    each("documents", async |store: Store| {
        let place = ("quarterly", "2026Q1", "", "json");
        let first = store.put_document(place, "季度通报".as_bytes(), 10).await.unwrap();
        assert_eq!(store.put_document(place, "季度通报".as_bytes(), 20).await.unwrap(), first, "once");
        store.put_document(place, "季度通报（更正）".as_bytes(), 30).await.unwrap();
        let known = store.documents("quarterly").await.unwrap();
        assert_eq!(known.iter().map(|document| document.made_at).collect::<Vec<_>>(), [30, 10]);
        assert_eq!(store.document(&first).await.unwrap().as_deref(), Some("季度通报".as_bytes()));
        assert_eq!(store.document("nothing").await.unwrap(), None);
    });
}

#[test]
fn what_a_person_said_of_a_column_outlives_later_proposals() {
    each("bindings", async |store: Store| {
        store.put_registry(&site("gaj", "http://localhost/")).await.unwrap();
        let binding = |path: &str, name: &str, state| Binding {
            unit: "gaj".into(),
            site: "gaj-site".into(),
            url: url(&format!("http://localhost{path}")),
            name: name.into(),
            path: vec!["政务公开".into()],
            column: Some("news".into()),
            class: Some("news".into()),
            window_days: Some(14),
            matched: None,
            confidence: 0.9,
            state,
        };
        use BindingState::{Confirmed, Proposed, Rejected};
        let first = [binding("/a/", "工作动态", Proposed), binding("/b/", "媒体", Proposed)];
        assert_eq!(store.propose(&first, 1).await.unwrap(), 2);
        assert!(store.bind(&[binding("/a/", "工作动态", Confirmed)], " ", 2).await.is_err(), "somebody has to say so");
        store.bind(&[binding("/a/", "工作动态", Confirmed), binding("/b/", "媒体", Rejected)], "政务公开办", 2).await.unwrap();
        let second = [binding("/a/", "动态（改名）", Proposed), binding("/c/", "公告", Proposed)];
        assert_eq!(store.propose(&second, 3).await.unwrap(), 1, "only one is new");
        let states: BTreeMap<String, (String, BindingState)> =
            store.bindings(None).await.unwrap().into_iter().map(|b| (b.url.to_string(), (b.name, b.state))).collect();
        assert_eq!(states["http://localhost/a/"], ("工作动态".into(), Confirmed));
        assert_eq!(states["http://localhost/b/"].1, Rejected);
        assert_eq!(states["http://localhost/c/"].1, Proposed);
    });
}

#[test]
fn a_cadence_that_cannot_finish_is_refused_before_it_begins() {
    each("feasible", async |store: Store| {
        use xuncha::cadence::{feasible, office::Office};
        use xuncha::config::Config;
        let mut registry = site("gaj", "http://localhost/");
        registry.sites[0].cadences.push(xuncha::checklist::Cadence::Quarterly);
        store.put_registry(&registry).await.unwrap();
        let watched = store.watched().await.unwrap().remove(0);
        let (office, config) = (Office::default(), Config::default());
        let now = jiff::Timestamp::from_second(1_780_000_000).unwrap();
        feasible::check(&store, &office, &config, now).await.expect("a site that was never crawled is not reckoned");
        let (_folder, mut judged) = folder_run(&store, &watched, false).await;
        let quarterly = Some(xuncha::checklist::Cadence::Quarterly);
        judged.audited.report.coverage.discovered = 20_000;
        judged.audited.report.run.complete = true;
        xuncha::cadence::work::keep(&store, &watched, quarterly, "office", None, &judged).await.unwrap();
        feasible::check(&store, &office, &config, now).await.expect("20,000 pages at two a second take hours");
        // A later run finds thirty million: at two a second that is half a year.
        judged.audited.report.run.id.push_str("-later");
        judged.audited.report.run.finished_at = "2027-01-01T00:00:00Z".into();
        judged.audited.report.coverage.discovered = 30_000_000;
        xuncha::cadence::work::keep(&store, &watched, quarterly, "office", None, &judged).await.unwrap();
        let refused = feasible::check(&store, &office, &config, now).await.unwrap_err().to_string();
        assert!(refused.contains("quarterly") && refused.contains("gaj-site"), "{refused}");
        let faster = Config { rate: 50.0, ..config };
        feasible::check(&store, &office, &faster, now).await.expect("with consent it can");
    });
}

#[test]
fn what_a_matrix_page_shows_of_accounts_is_noted_until_a_later_look() {
    let account = |id: &str, name: &str, state| Account {
        id: id.into(),
        unit: "gaj".into(),
        medium: "微信公众号".into(),
        name: name.into(),
        number: None,
        address: None,
        state,
        filed_on: None,
        closed_on: None,
    };
    let page = |rows: &str| {
        format!(
            "<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>政务新媒体矩阵</title></head><body><h1>政务新媒体矩阵</h1><ul>{rows}</ul></body></html>"
        )
    };
    each("matrix", async |store: Store| {
        let mut registry = site("gaj", "http://localhost/");
        // A body below: its accounts are not missed here.
        registry.units.push(Unit { id: "pcs".into(), name: "派出所".into(), superior: Some("gaj".into()), ..Unit::default() });
        store.put_registry(&registry).await.unwrap();
        let below = Account { unit: "pcs".into(), ..account("e", "城关派出所", AccountState::Running) };
        let accounts = [
            account("a", "平安某县", AccountState::Running),
            account("b", "某县交警", AccountState::Running),
            account("c", "某县户政", AccountState::Closed),
            account("d", "某县消防", AccountState::Running),
            below,
        ];
        store.put_accounts(&accounts).await.unwrap();
        let watched = store.watched().await.unwrap().remove(0);
        let rows = "<li>平安某县<img src=\"/img/pa.png\" alt=\"平安某县二维码\"></li><li>某县户政</li><li>某县消防</li>";
        let told = async |day: jiff::civil::Date| {
            let rows = xuncha::cadence::daily::accounts(&store, day, i64::MAX).await.unwrap();
            rows.into_iter().map(|row| (row.name, row.marks)).collect::<std::collections::BTreeMap<_, _>>()
        };
        let (_folder, judged) = folder_run_with(&store, &watched, false, &[("matrix.html", &page(rows))]).await;
        // Twice is once.
        for _ in 0..2 {
            keep(&store, &watched, None, "", None, &judged).await.unwrap();
        }
        let day = jiff::civil::date(2026, 3, 20);
        let known = told(day).await;
        assert_eq!(known["平安某县"], ["dead-code"], "{known:?}");
        assert_eq!(known["某县交警"], ["missing"]);
        assert_eq!(known["某县户政"], ["closed-shown"]);
        assert!(known["某县消防"].is_empty() && known["城关派出所"].is_empty());
        // Instants are whole seconds.
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        let (_folder, judged) =
            folder_run_with(&store, &watched, true, &[("matrix.html", &page("<li>平安某县</li><li>某县交警</li>"))]).await;
        keep(&store, &watched, None, "", None, &judged).await.unwrap();
        let known = told(day).await;
        assert!(known["平安某县"].is_empty() && known["某县交警"].is_empty(), "{known:?}");
        assert_eq!(known["某县消防"], ["missing"]);
    });
}
