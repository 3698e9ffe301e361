//! What the store of a large office costs: the quarterly ranking and one unit's page, over 1,000 sites with so many findings each, on SQLite
//! and, where `XUNCHA_TEST_POSTGRES` names a server, on PostgreSQL.
//!
//! `XUNCHA_STORE_FINDINGS` findings a site (100 when not said; the promise is for 10,000), `XUNCHA_STORE_SITES` sites. Prints one line a
//! measurement: `sqlite ranking 0.412 s`. The median of five.

use std::time::Instant;
use xuncha::cadence::office::Office;
use xuncha::cadence::period::Period;
use xuncha::cadence::quarterly::{Names, ranking};
use xuncha::checklist::Cadence;
use xuncha::registry::{Holding, Registry, Site, Standing, Unit};
use xuncha::score::Scorecard;
use xuncha::store::Store;
use xuncha::url::CanonicalUrl;

const RULES: [&str; 8] = [
    "dead-link",
    "column-freshness",
    "meta-tags",
    "publish-date",
    "index-number",
    "attachment-dead",
    "image-text",
    "footer-elements",
];

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn main() {
    // `cargo test --benches` only asks whether it runs.
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let (sites, findings) =
        if quick { (20, 20) } else { (number("XUNCHA_STORE_SITES", 1_000), number("XUNCHA_STORE_FINDINGS", 100)) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db").display().to_string();
    runtime.block_on(async {
        let store = Store::open(&path).await.expect("SQLite opens");
        let pool =
            sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect(&format!("sqlite:{path}")).await.expect("connects");
        fill(&store, sites, findings, async |sql: String| {
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&pool).await.expect("filled");
        })
        .await;
        measure(&store, sites, findings).await;
        store.close().await;
    });
    let Ok(server) = std::env::var("XUNCHA_TEST_POSTGRES") else {
        println!("skipped: PostgreSQL (XUNCHA_TEST_POSTGRES names no server)");
        return;
    };
    let name = format!("xuncha_bench_{}", std::process::id());
    let client = |sql: String| {
        let done = std::process::Command::new("psql").args([server.as_str(), "-qc", &sql]).status().expect("psql runs");
        assert!(done.success(), "{sql}");
    };
    client(format!("CREATE DATABASE {name}"));
    let (before, after) = server.split_once("/postgres?").expect("a URL of scripts/postgres");
    let place = format!("{before}/{name}?{after}");
    runtime.block_on(async {
        let store = Store::open(&place).await.expect("PostgreSQL opens");
        let pool = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect(&place).await.expect("connects");
        fill(&store, sites, findings, async |sql: String| {
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&pool).await.expect("filled");
        })
        .await;
        measure(&store, sites, findings).await;
        pool.close().await;
        store.close().await;
    });
    client(format!("DROP DATABASE {name}"));
}

fn registry(sites: u64) -> Registry {
    let mut registry = Registry::default();
    for n in 1..=sites {
        let id = format!("u{n:05}");
        let kind = ["public-security-bureau", "civil-air-defence-office", "county-government"][n as usize % 3];
        registry.units.push(Unit { id: id.clone(), name: format!("第{n}局"), kind: Some(kind.into()), ..Unit::default() });
        registry.sites.push(Site {
            id: format!("{id}-site"),
            name: format!("第{n}局网站"),
            code: None,
            addresses: vec![CanonicalUrl::parse(&format!("http://{id}.example.gov.cn/")).expect("parses")],
            operator: Some(id.clone()),
            platform: None,
            cadences: vec![Cadence::Quarterly],
            standing: Standing::default(),
        });
        registry.holdings.push(Holding { unit: id.clone(), site: format!("{id}-site"), scope: Default::default() });
    }
    registry
}

/// A scorecard as a body, for every unit the same.
fn card() -> String {
    let card = serde_json::json!({
        "checklist": "c", "title": { "zh": "清单", "en": "list" }, "unit": "u", "verdict": "passed", "score": 80.0, "out_of": 100.0,
        "reachable": 100.0, "deducted": 20.0, "bonus": 0.0, "pass_line": 60.0, "reason": { "zh": "", "en": "" }, "coverage": 0.9,
        "coverage_floor": 0.7, "applicable": 60, "decided": 55, "undecided": 5, "waived": 0, "manual": 0, "items": [],
    });
    serde_json::from_value::<Scorecard>(card.clone()).expect("a scorecard");
    data_encoding::HEXLOWER.encode(&lz4_flex::block::compress_prepend_size(card.to_string().as_bytes()))
}

/// Two quarters of runs with their scorecards, counts and findings, made by the database itself.
async fn fill(store: &Store, sites: u64, findings: u64, run: impl AsyncFn(String)) {
    let began = Instant::now();
    store.put_registry(&registry(sites)).await.expect("a registry");
    let blob = if store.dialect() == "sqlite" { format!("x'{}'", card()) } else { format!("decode('{}', 'hex')", card()) };
    let numbers = |most: u64| format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most})");
    for (at, period) in ["2026Q1", "2026Q2"].iter().enumerate() {
        let (from, _) = Period::parse(period).expect("a period").bounds();
        let at = at as u64;
        run(format!(
            "INSERT INTO run (id, site_no, cadence, vantage, started_at, finished_at, complete, shrunk, version, capture_sha256, discovered,
             fetched, unfetched, pages, new_pages, facts, imported_at)
             SELECT 'r{at}-' || no, no, 'quarterly', 'office', {from} + 100, {from} + 3600 + no, 1, 0, '0.1', '', 5000, 4900, '{{}}', 4000, 0, '{{}}', {from}
             FROM site;
             INSERT INTO assessment (run_no, basis, plan_sha256, as_of, inputs, made_at)
             SELECT no, 'official', 'p', '2026-02-05', '{{}}', {from} FROM run WHERE id LIKE 'r{at}-%';
             INSERT INTO scorecard (assessment_no, unit_no, checklist, version, sha256, verdict, score, out_of, coverage, coverage_floor, findings, body)
             SELECT a.no, h.unit_no, 'c', '1', 's', CASE WHEN h.unit_no % 50 = 0 THEN 'vetoed' ELSE 'passed' END,
             CASE WHEN h.unit_no % 50 = 0 THEN NULL ELSE 50 + (h.unit_no * 7919 % 500) / 10.0 END, 100.0, 0.9, 0.7, {findings}, {blob}
             FROM assessment a JOIN run r ON r.no = a.run_no JOIN holding h ON h.site_no = r.site_no WHERE r.id LIKE 'r{at}-%'"
        ))
        .await;
        run(format!(
            "INSERT INTO score_item (assessment_no, unit_no, checklist, place, item, severity, outcome, points, deducted, findings, per_page,
             passed, failed, suspected, waived, undecided) {} SELECT c.assessment_no, c.unit_no, 'c', n.i, 'i' || n.i, 'error', 'failed', 5.0, 1.0,
             3, n.i % 2, 4000, 3, 0, 0, 10 FROM scorecard c, n WHERE c.assessment_no IN (SELECT a.no FROM assessment a JOIN run r ON r.no = a.run_no WHERE r.id LIKE 'r{at}-%')",
            numbers(60)
        ))
        .await;
        run(format!(
            "INSERT INTO finding_count (assessment_no, unit_no, rule, severity, certain, findings, occurrences) {} SELECT c.assessment_no,
             c.unit_no, 'rule-' || n.i, n.i % 4, 1, {findings} / 8, {findings} FROM scorecard c, n WHERE c.assessment_no IN
             (SELECT a.no FROM assessment a JOIN run r ON r.no = a.run_no WHERE r.id LIKE 'r{at}-%')",
            numbers(8)
        ))
        .await;
    }
    let rule = RULES.iter().enumerate().map(|(n, rule)| format!("WHEN {n} THEN '{rule}'")).collect::<Vec<_>>().join(" ");
    let rule = format!("CASE n.i % 8 {rule} END");
    let message = "链接打不开：两次访问都返回 404";
    // A finding as it is told: read back by the page of a unit.
    let body = format!(
        "'{{\"fingerprint\":\"' || s.no || '-' || n.i || '\",\"rule\":\"' || {rule} || '\",\"severity\":\"error\",\"certainty\":\"certain\",\
         \"outcome\":\"failed\",\"items\":[],\"unit\":\"u\",\"responsible\":\"u\",\"root_cause\":\"page\",\"url\":\"http://u.example.gov.cn/a/' || n.i || '.html\",\
         \"page_title\":null,\"message\":{{\"zh\":\"{message}\",\"en\":\"The link is dead\"}},\"fix\":{{\"zh\":\"更正\",\"en\":\"Mend it\"}},\"locations\":[],\
         \"occurrences\":1,\"evidence\":{{}},\"publish_date\":null,\"list_page\":null,\"state\":null,\"first_seen\":null,\"last_seen\":null}}'"
    );
    run(format!(
        "INSERT INTO finding (site_no, unit_no, fingerprint, rule, severity, certain, root_cause, url, title, message_zh, message_en, occurrences,
         state, subjects, places, items, first_at, last_at, returns, body) {} SELECT s.no, h.unit_no, s.no || '-' || n.i, {rule}, n.i % 4, 1, 'page',
         'http://u.example.gov.cn/a/' || n.i || '.html', NULL, '{message}', 'The link is dead', 1, 'open', 'page:/a/' || n.i || '.html', '', '',
         1770000000, 1780000000, 0, {body} FROM site s JOIN holding h ON h.site_no = s.no, n",
        numbers(findings)
    ))
    .await;
    run("INSERT INTO sighting (assessment_no, unit_no, severity, finding_no, items)
         SELECT a.no, f.unit_no, f.severity, f.no, '[]' FROM finding f JOIN run r ON r.site_no = f.site_no AND r.id LIKE 'r1-%'
         JOIN assessment a ON a.run_no = r.no"
        .to_owned())
    .await;
    run("ANALYZE".to_owned()).await;
    println!("{} filled {} sites x {findings} findings in {:.0} s", store.dialect(), sites, began.elapsed().as_secs_f64());
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

async fn measure(store: &Store, sites: u64, findings: u64) {
    let office = Office::default();
    let period = Period::parse("2026Q2").expect("a period");
    let (from, to) = period.bounds();
    let mut times = Vec::new();
    for _ in 0..5 {
        let began = Instant::now();
        let watched = store.watched().await.expect("watched");
        let names = Names::of(store, &watched).await.expect("names");
        let groups = ranking(store, &office, &names, &watched, period).await.expect("ranked");
        times.push(began.elapsed().as_secs_f64());
        let told: usize = groups.iter().map(|group| group.ranked.len() + group.vetoed.len() + group.unrated.len()).sum();
        assert_eq!(told as u64, sites, "every unit stands somewhere");
        assert!(groups.iter().all(|group| group.ranked.iter().all(|standing| standing.before.is_some())));
    }
    println!("{} ranking {:.3} s", store.dialect(), median(times));
    let runs = store.newest_runs(&[Cadence::Quarterly], &office.vantage, from, to).await.expect("runs");
    let mut times = Vec::new();
    for run in runs.iter().step_by((runs.len() / 15).max(1)) {
        let began = Instant::now();
        let card = store.cards_of(run.assessment_no).await.expect("cards").remove(0);
        let whole = store.card(run.assessment_no, card.unit_no, &card.checklist).await.expect("a card").expect("is there");
        let items = store.items(run.assessment_no).await.expect("items");
        let counts = store.counts(run.assessment_no).await.expect("counts");
        let first = store.sighted(run.assessment_no, card.unit_no, 0, 50).await.expect("findings");
        let later = store.sighted(run.assessment_no, card.unit_no, findings as i64 / 2, 50).await.expect("findings");
        times.push(began.elapsed().as_secs_f64());
        assert_eq!((items.len(), counts.len(), first.len() as u64), (60, 8, findings.min(50)), "{}", whole.unit);
        assert_eq!(later.len() as u64, (findings - findings / 2).min(50));
    }
    println!("{} unit-page {:.4} s", store.dialect(), median(times));
}
