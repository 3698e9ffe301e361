//! A small generated site and the program run on it.

use crate::fault::{Reply, Seen, Server, html, redirect, sitemap, status};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// Columns, and articles of each.
const COLUMNS: usize = 4;
const ARTICLES: usize = 8;

/// Answers as the site does.
pub fn answer(seen: &Seen) -> Reply {
    let path = seen.path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts[..] {
        ["robots.txt"] => status(404),
        ["sitemap.xml"] => sitemap(&["/only/in/map.html", "/c0/a1.html"]),
        [""] => {
            let columns: String = (0..COLUMNS).map(|c| format!("<li><a href='/c{c}/'>栏目第{c}号</a>")).collect();
            page("市公安局", &format!("<ul>{columns}</ul><a href='/moved/0'>旧址</a>"))
        }
        [column] if number(column, "c").is_some_and(|c| c < COLUMNS) => {
            let items: String = (0..ARTICLES)
                .map(|a| format!("<li><a href='/{column}/a{a}.html'>关于第{a}项工作的通知</a><span>2026-03-{:02}</span>", a + 1))
                .collect();
            page(&format!("栏目 {column}"), &format!("<ul>{items}</ul>"))
        }
        [column, article] if number(column, "c").is_some_and(|c| c < COLUMNS) => {
            let Some(a) = article.strip_suffix(".html").and_then(|name| number(name, "a")).filter(|a| *a < ARTICLES) else {
                return status(404);
            };
            let dead = if a % 5 == 0 { format!("<a href='/gone/{column}/{a}.html'>附件</a>") } else { String::new() };
            let moved = if a % 7 == 0 { format!("<a href='/moved/{a}'>原文</a>") } else { String::new() };
            page(
                &format!("关于第{a}项工作的通知"),
                &format!("<p>{}</p>{dead}{moved}", "现将有关事项通知如下，请遵照执行。".repeat(20)),
            )
        }
        ["moved", a] => redirect(format!("/c1/a{a}.html")),
        ["only", "in", "map.html"] => page("只在地图里", "<p>只有站点地图指向这里。</p>"),
        _ => status(404),
    }
}

/// Answers likewise, in editions: from the first on one article says something else. With validators, if wanted, and true to them.
pub fn changing(seen: &Seen, edition: u32, validators: bool) -> Reply {
    let Reply::Full(200, mut headers, mut body) = answer(seen) else { return answer(seen) };
    if seen.path.ends_with("/c1/a3.html") && edition > 0 {
        body = String::from_utf8(body)
            .expect("UTF-8")
            .replace("现将有关事项", "<a href='/gone/new.html'>见此</a>现将有关事项")
            .into_bytes();
    }
    if validators {
        let etag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(&body));
        if seen.head.lines().any(|line| line.to_lowercase().starts_with("if-none-match:") && line.contains(&etag)) {
            return Reply::Full(304, vec![("ETag", etag)], Vec::new());
        }
        headers.push(("ETag", etag));
    }
    Reply::Full(200, headers, body)
}

fn number(text: &str, prefix: &str) -> Option<usize> {
    text.strip_prefix(prefix)?.parse().ok()
}

fn page(title: &str, body: &str) -> Reply {
    html(format!(
        "<!DOCTYPE html><html lang='zh-CN'><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>{body}\
         <footer>主办：市公安局 网站标识码：4401000001</footer></body></html>"
    ))
}

/// `xuncha audit` of the server.
pub fn command(server: &Server, out: &Path, rate: u32, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xuncha"));
    command
        .args(["audit", &server.url("/"), "--as-of", "2026-03-31", "--format", "json"])
        .args(["--rate", &rate.to_string(), "--out"])
        .arg(out)
        .args(more)
        .env_remove("XUNCHA_KILL_AT")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Starts it.
pub fn start(mut command: Command) -> Child {
    command.spawn().expect("the program starts")
}

/// Runs it to its end.
pub async fn run(command: Command) -> Output {
    tokio::task::spawn_blocking(move || start(command).wait_with_output().expect("ends")).await.expect("joins")
}

/// Runs it to a good end: findings or none.
pub async fn audit(server: &Server, out: &Path, more: &[&str]) -> Output {
    let output = run(command(server, out, 100, more)).await;
    assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    output
}

/// A report as it was written.
pub fn report(out: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(out.join("report.json")).expect("a report")).expect("JSON")
}

/// Pages that a run read or took over.
pub fn pages(out: &Path) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let file = format!("sqlite://{}", out.join("run.db").display());
    let count = std::thread::spawn(move || {
        runtime.block_on(async {
            let mut db = <sqlx::SqliteConnection as sqlx::Connection>::connect(&file).await.expect("connects");
            sqlx::query_scalar::<_, i64>("SELECT count(*) FROM page").fetch_one(&mut db).await.expect("counts")
        })
    });
    count.join().expect("joins") as u64
}

/// What a report says, run by run the same: findings by fingerprint, scorecards, coverage.
pub fn told(out: &Path) -> serde_json::Value {
    let report = report(out);
    let findings: BTreeSet<&str> =
        report["findings"].as_array().expect("a list").iter().filter_map(|f| f["fingerprint"].as_str()).collect();
    assert_eq!(report["run"]["complete"], true);
    assert!(!findings.is_empty());
    serde_json::json!({ "findings": findings, "scorecards": report["scorecards"], "coverage": report["coverage"] })
}

/// The capture as an independent reader sees it: how often each URL was kept, by record type. Every record has an id of its own.
pub fn records(capture: &Path) -> BTreeMap<(String, String), u32> {
    let reader = warc::WarcReader::from_path_gzip(capture).expect("opens");
    let (mut ids, mut records) = (BTreeSet::new(), BTreeMap::new());
    for record in reader.iter_records() {
        let record = record.expect("a whole record");
        assert!(ids.insert(record.warc_id().to_owned()), "{} is there twice", record.warc_id());
        let target = record.header(warc::WarcHeader::TargetURI).map(|target| target.into_owned()).unwrap_or_default();
        *records.entry((record.warc_type().to_string(), target)).or_default() += 1;
    }
    records
}
