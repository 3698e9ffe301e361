//! The fixture sites and their server: complete, consistent, served as `site.toml` says; and the demo as a whole.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use xuncha::cli::demo::{FixtureSite, Server, SiteFile, compare, ids};
use xuncha::report::Report;

/// One request over one connection; status, head and body.
fn ask(port: u16, method: &str, host: &str, path: &str) -> Option<(u16, String, Vec<u8>)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("timeout");
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, head, answer[end + 4..].to_vec()))
}

#[test]
fn every_site_loads_and_its_faults_lie_on_its_own_hosts() {
    let ids = ids();
    assert!(ids.len() >= 4, "{ids:?}");
    for id in ids {
        let site = FixtureSite::load(&id).expect("loads");
        assert!(!site.expected.faults.is_empty(), "{id}");
        for fault in &site.expected.faults {
            assert!(site.file.hosts.iter().any(|h| h.name == fault.url.host()), "{id}: {}", fault.url);
            assert!(!fault.note.is_empty());
        }
        for host in &site.file.hosts {
            assert!(host.name.ends_with(".xuncha-demo.gov.cn"), "{}", host.name);
        }
    }
}

#[test]
fn unknown_fields_of_site_toml_are_refused() {
    let site = FixtureSite::load("psb-yunxi").expect("loads");
    let text = String::from_utf8(site.files["site.toml"].to_vec()).expect("UTF-8");
    assert_eq!(toml::from_str::<SiteFile>(&text).expect("parses"), site.file);
    for line in ["colour = 1\n", "[[host]]\nname = \"x\"\nfolde = \"www\"\n"] {
        let broken = if line.starts_with('[') { format!("{text}\n{line}") } else { format!("{line}{text}") };
        assert!(toml::from_str::<SiteFile>(&broken).is_err(), "{line}");
    }
    assert!(FixtureSite::load("nowhere").is_err());
}

#[test]
fn the_server_answers_as_the_site_file_says() {
    let site = Arc::new(FixtureSite::load("psb-yunxi").expect("loads"));
    let server = Server::start(Arc::clone(&site)).expect("starts");
    let port = server.port();
    let host = "gaj.yunxi.xuncha-demo.gov.cn";
    let (status, head, body) = ask(port, "GET", host, "/").expect("answers");
    assert_eq!(status, 200);
    assert!(head.contains("content-type: text/html; charset=utf-8"), "{head}");
    assert_eq!(body, site.files["www/index.html"].as_ref());
    assert_eq!(ask(port, "GET", host, "/robots.txt").expect("answers").0, 200);
    let (status, head, _) = ask(port, "GET", host, "/jwdt").expect("answers");
    assert_eq!((status, head.contains("location: /jwdt/")), (301, true), "{head}");
    assert_eq!(ask(port, "GET", host, "/../site.toml").expect("answers").0, 404);
    assert_eq!(ask(port, "GET", host, "/%2e%2e/site.toml").expect("answers").0, 404);
    assert_eq!(ask(port, "GET", "elsewhere.example", "/").expect("answers").0, 421);
    assert_eq!(ask(port, "POST", host, "/").expect("answers").0, 405);
    let (status, _, body) = ask(port, "HEAD", host, "/").expect("answers");
    assert_eq!((status, body.len()), (200, 0));
    assert_eq!(ask(port, "GET", "news.xuncha-demo.gov.cn", "/").expect("answers").0, 412);
    assert_eq!(ask(port, "GET", "old.yunxi.xuncha-demo.gov.cn", "/hd/2019.html").expect("answers").0, 410);
    assert!(ask(port, "GET", "wzxk.yunxi.xuncha-demo.gov.cn", "/").is_none(), "closed without an answer");
    // Gone at the first look, there at the second, two seconds later.
    let first = Instant::now();
    assert_eq!(ask(port, "GET", host, "/tzgg/lukuang.html").expect("answers").0, 404);
    std::thread::sleep(Duration::from_secs(2).saturating_sub(first.elapsed()));
    assert_eq!(ask(port, "GET", host, "/tzgg/lukuang.html").expect("answers").0, 200);
}

#[test]
fn query_routes_choose_by_their_parameters() {
    let site = Arc::new(FixtureSite::load("portal-chengxiu").expect("loads"));
    let server = Server::start(Arc::clone(&site)).expect("starts");
    let host = "www.chengxiu.xuncha-demo.gov.cn";
    let (status, _, body) = ask(server.port(), "GET", host, "/list.jsp?colid=11&deptcode=104").expect("answers");
    assert_eq!(status, 200);
    assert_eq!(body, site.files["www/jsp/list-11.html"].as_ref());
    assert_eq!(ask(server.port(), "GET", host, "/list.jsp?colid=11&deptcode=105").expect("answers").0, 404);
}

#[test]
fn a_stopped_server_is_gone() {
    let site = Arc::new(FixtureSite::load("cad-linzhi").expect("loads"));
    let server = Server::start(site).expect("starts");
    let port = server.port();
    let answers = || ask(port, "GET", "www.rfb.linzhi.xuncha-demo.gov.cn", "/").is_some_and(|(status, ..)| status == 200);
    assert!(answers());
    drop(server);
    // The port may be somebody else's by now: what counts is that nobody serves the site on it.
    assert!(!answers());
}

#[test]
fn nothing_found_means_every_fault_is_missing() {
    let site = FixtureSite::load("psb-yunxi").expect("loads");
    let difference = compare(&site.expected.faults, &[]);
    assert_eq!(difference.missing.len(), site.expected.faults.len());
    assert!(difference.unexpected.is_empty() && !difference.is_empty());
}

/// The demo as a user runs it, and what it wrote.
#[test]
fn every_planted_fault_is_found_and_nothing_else_reported() {
    let out = tempfile::tempdir().expect("temporary folder");
    let folder = out.path().join("demo");
    let run =
        assert_cmd::Command::cargo_bin("xuncha").expect("built").arg("demo").arg("--out").arg(&folder).output().expect("runs");
    let told = String::from_utf8_lossy(&run.stdout);
    assert_eq!(run.status.code(), Some(0), "{told}\n{}", String::from_utf8_lossy(&run.stderr));
    for id in ids() {
        let site = FixtureSite::load(&id).expect("loads");
        let html = std::fs::read_to_string(folder.join(&id).join("report.html")).expect("report.html");
        assert!(html.contains("</html>") && told.contains(&format!("{id}/report.html")), "{id}");
        let json = std::fs::read_to_string(folder.join(&id).join("report.json")).expect("report.json");
        let report: Report = serde_json::from_str(&json).expect("a report");
        assert!(report.run.complete, "{id}");
        assert!(compare(&site.expected.faults, &report.findings).is_empty(), "{id}");
        // The comparison sees what is missing and what is too much.
        let (first, rest) = site.expected.faults.split_first().expect("faults");
        let fewer = compare(rest, &report.findings);
        assert_eq!((fewer.missing.len(), fewer.unexpected.len()), (0, 1), "{id}");
        let more: Vec<_> = site.expected.faults.iter().chain([first]).cloned().collect();
        let more = compare(&more, &report.findings);
        assert_eq!((more.missing.len(), more.unexpected.len()), (1, 0), "{id}");
        undecided_as_planted(&id, &report);
    }
    // Its own old output is replaced; anybody else's folder is left alone.
    let strange = out.path().join("strange");
    std::fs::create_dir(&strange).expect("folder");
    std::fs::write(strange.join("a.txt"), "mine").expect("file");
    let refused =
        assert_cmd::Command::cargo_bin("xuncha").expect("built").arg("demo").arg("--out").arg(&strange).output().expect("runs");
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(std::fs::read(strange.join("a.txt")).expect("still there"), b"mine");
}

/// Blocked is not dead, and a list filled by script is not empty: these are told as undecided, never as findings.
fn undecided_as_planted(id: &str, report: &Report) {
    let undecided = |rule: &str, page: &str| {
        let items = report.scorecards.iter().flat_map(|card| &card.items).filter(|item| item.rule.iter().any(|r| r == rule));
        items.flat_map(|item| &item.undecided).any(|u| u.example.as_ref().is_some_and(|url| url.as_str() == page))
    };
    let expected: &[(&str, &str)] = match id {
        "psb-yunxi" => &[
            ("dead-link", "http://news.xuncha-demo.gov.cn/"),
            ("dead-link", "http://wzxk.yunxi.xuncha-demo.gov.cn/"),
            ("column-empty", "http://gaj.yunxi.xuncha-demo.gov.cn/zwgk/sjfb/"),
        ],
        "cad-linzhi" => {
            &[("dead-link", "http://gcxx.linzhi.xuncha-demo.gov.cn/"), ("dead-link", "http://map.linzhi.xuncha-demo.gov.cn/")]
        }
        "county-qinglu" => {
            &[("dead-link", "http://tjj.qinglu.xuncha-demo.gov.cn/"), ("dead-link", "http://bdc.qinglu.xuncha-demo.gov.cn/")]
        }
        _ => &[("dead-link", "http://tv.xuncha-demo.gov.cn/")],
    };
    for (rule, page) in expected {
        assert!(undecided(rule, page), "{id}: {rule} {page} is not told as undecided");
    }
}

#[test]
fn an_audit_of_a_fixture_site_ends_with_findings() {
    let site = Arc::new(FixtureSite::load("cad-linzhi").expect("loads"));
    let server = Server::start(Arc::clone(&site)).expect("starts");
    let out = tempfile::tempdir().expect("temporary folder");
    let mut command = assert_cmd::Command::cargo_bin("xuncha").expect("built");
    command.arg("audit").arg(site.file.seeds[0].as_str()).arg("--out").arg(out.path().join("run"));
    for resolve in site.resolve(server.port()) {
        command.arg("--resolve").arg(resolve);
    }
    command.args(["--only-resolved", "--allow-private", "--rate", "100", "--as-of", "2026-03-20"]);
    let run = command.args(["--kind", "civil-air-defence-office"]).output().expect("runs");
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(out.path().join("run/report.json").exists() && out.path().join("run/report.html").exists());
}

/// The generator and its output go together; skipped, saying so, where Python is absent.
#[test]
fn the_sites_are_what_the_generator_writes() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/make-fixture-sites.py");
    match std::process::Command::new("python3").arg(script).arg("--check").output() {
        Ok(run) => assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout)),
        Err(error) => eprintln!("skipped: python3: {error}"),
    }
}
