//! The program as a user meets it: exit codes, what bad input is told, and that judging a capture repeats its audit byte for byte.

use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};

/// The program without anything of the machine's that could change its answer.
fn xuncha(arguments: &[&str]) -> std::process::Output {
    let mut command = Command::cargo_bin("xuncha").expect("the program is built");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("XUNCHA_")) {
        command.env_remove(name);
    }
    command.env("NO_COLOR", "1").args(arguments).output().expect("runs")
}

fn fixture() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites/psb-yunxi/www").to_string_lossy().into_owned()
}

const BASE: &str = "http://gaj.yunxi.xuncha-demo.gov.cn/";

fn spell(path: &Path) -> &str {
    path.to_str().expect("temporary paths are text")
}

fn stderr(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn judging_the_capture_repeats_the_audit_byte_for_byte() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (audited, judged) = (folder.path().join("audited"), folder.path().join("judged"));
    let asked = ["--facts", "--as-of", "2026-03-20", "--kind", "public-security-bureau"];
    let mut audit = vec!["audit", "FOLDER", "--base", BASE, "--out", spell(&audited)];
    let site = fixture();
    audit[1] = &site;
    audit.extend(asked);
    let output = xuncha(&audit);
    assert_eq!(output.status.code(), Some(1), "planted faults are findings: {}", stderr(&output));
    // Everything but --facts is known from the capture itself.
    let capture = audited.join("capture.warc.gz");
    let output = xuncha(&["judge", spell(&capture), "--facts", "--out", spell(&judged)]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let read = |path: PathBuf| fs::read(path).expect("report reads");
    let first = read(audited.join("report.json"));
    assert!(first.len() > 10_000);
    assert!(first == read(judged.join("report.json")), "the two reports differ");
    // A complete run is reported again without gathering.
    let output = xuncha(&audit);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(first == read(audited.join("report.json")), "reporting again changed the report");
    // Another plan does not touch it.
    let before = read(audited.join("run.db")).len();
    audit[3] = "http://other.xuncha-demo.gov.cn/";
    let output = xuncha(&audit);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("another plan") && said.contains("other.xuncha-demo.gov.cn"), "{said}");
    assert_eq!(before, read(audited.join("run.db")).len());
}

#[test]
fn a_host_that_answers_nothing_is_never_passed() {
    let folder = tempfile::tempdir().expect("temporary folder");
    // A port that was free a moment ago: nobody listens.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("loopback").port();
    let url = format!("http://127.0.0.1:{port}/");
    let output = xuncha(&["audit", &url, "--out", spell(&folder.path().join("run"))]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output);
    assert!(said.contains("什么也没有取到") && said.contains("refused"), "{said}");
    let report = fs::read_to_string(folder.path().join("run/report.json")).expect("a report is written all the same");
    let report: serde_json::Value = serde_json::from_str(&report).expect("it parses");
    for card in report["scorecards"].as_array().expect("scorecards") {
        assert_eq!(card["verdict"], "insufficient");
    }
    assert!(!said.contains("passed") && !said.contains("符合要求"), "{said}");
}

#[test]
fn a_malformed_checklist_is_told_with_place_and_nearest_name() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let file = folder.path().join("office.toml");
    let text = "format = 1\nid = \"office\"\nversion = \"1\"\ntitle = { zh = \"本办\", en = \"Office\" }\nsource = \"本办\"\n\n[[item]]\nid = \"1\"\ntitle = { zh = \"死链\", en = \"Dead links\" }\nrule = \"dead-lnik\"\nseverity = \"error\"\nsource = \"本办\"\nconfidence = \"verified\"\n";
    fs::write(&file, text).expect("writes");
    let out = folder.path().join("run");
    let site = fixture();
    let output = xuncha(&["audit", &site, "--base", BASE, "-c", spell(&file), "--out", spell(&out)]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("office.toml:10:") && said.contains("dead-link"), "{said}");
    assert!(!out.exists(), "nothing is gathered or written for a wrong checklist");
}

#[test]
fn what_makes_no_sense_is_told_before_anything_is_done() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let waivers = folder.path().join("waivers.toml");
    fs::write(&waivers, "[[waiver]]\nrule = \"dead-link\"\nwhere = \"http://x/\"\nby = \"甲\"\n").expect("writes");
    let site = fixture();
    for (arguments, wanted) in [
        (vec!["audit", "no such target"], "no URL, folder or WARC"),
        (vec!["audit", "www.xuncha-demo.gov.cn"], "https://www.xuncha-demo.gov.cn"),
        (vec!["audit", "http://"], "no usable URL"),
        (vec!["audit", &site, "--rate", "-1"], "rate"),
        (vec!["audit", &site, "--format", "pdf"], "--format"),
        (vec!["audit", &site, "--fail-on", "grave"], "fail-on"),
        (vec!["audit", &site, "--as-of", "soon"], "as-of"),
        (vec!["audit", &site, "--resolve", "x"], "resolve"),
        (vec!["audit", &site, "--waivers", spell(&waivers)], "waivers.toml:"),
        (vec!["audit", &site, "-c", "national-inspection"], "national-inspection-2019"),
        (vec!["judge", &site], "captures only"),
        (vec!["explain", "dead-lnk"], "dead-link"),
        (vec!["audit"], "TARGET"),
    ] {
        let mut command = Command::cargo_bin("xuncha").expect("the program is built");
        let output = command.current_dir(folder.path()).args(&arguments).output().expect("runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(wanted), "{arguments:?}: {}", stderr(&output));
        assert!(!folder.path().join("xuncha-out").exists(), "{arguments:?} left a run behind");
    }
}

#[test]
fn help_lists_and_explanations_go_to_standard_output() {
    for (arguments, wanted) in [
        (vec!["--version"], "xuncha"),
        (vec!["audit", "--help"], "--checklist"),
        (vec!["rules", "--lang", "en"], "injected-spam"),
        (vec!["explain", "column-freshness"], "column-freshness"),
        (vec!["checklists"], "national-inspection-2019"),
        (vec!["checklists", "show", "county-government"], "county-government"),
    ] {
        let output = xuncha(&arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
        assert!(String::from_utf8_lossy(&output.stdout).contains(wanted), "{arguments:?}");
    }
}

#[test]
fn a_capture_of_wget_is_judged() {
    if std::process::Command::new("wget").arg("--version").output().is_err() {
        eprintln!("skipped: wget is not installed");
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut server = python_serving(&fixture());
    let warc = folder.path().join("by-wget");
    let status = std::process::Command::new("wget")
        .args(["--no-verbose", "--recursive", "--level=2", "--tries=1", "--timeout=5", "--no-directories", "--no-proxy"])
        .arg(format!("--warc-file={}", warc.display()))
        .arg(format!("--directory-prefix={}", folder.path().join("files").display()))
        .arg(format!("http://127.0.0.1:{}/", server.1))
        .stderr(std::process::Stdio::from(fs::File::create(folder.path().join("wget.txt")).expect("log")))
        .status();
    let _ = server.0.kill();
    let _ = server.0.wait();
    // 4 and 8: some link gave nothing or an error; the fixture plants such links.
    let code = status.expect("wget runs").code();
    let said = fs::read_to_string(folder.path().join("wget.txt")).expect("log reads");
    assert!(
        matches!(code, Some(0 | 4 | 8)),
        "wget ended with {code:?}: {}",
        said.lines().filter(|l| !l.contains(" URL:")).collect::<Vec<_>>().join("\n")
    );
    let out = folder.path().join("judged");
    let output =
        xuncha(&["judge", spell(&warc.with_extension("warc.gz")), "--facts", "--as-of", "2026-03-20", "--out", spell(&out)]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", stderr(&output));
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("report.json")).expect("report")).expect("report parses");
    assert!(report["pages"].as_array().expect("pages").len() > 10, "pages were read from the capture");
    assert_eq!(report["site"]["name"], "云汐市公安局");
}

/// A plain static server of the machine's own Python on loopback: nothing of ours, so nothing of ours can hide a mistake.
fn python_serving(folder: &str) -> (std::process::Child, u16) {
    use std::io::{BufRead, BufReader};
    let mut child = std::process::Command::new("python3")
        .args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("python3 is on every machine that builds this; scripts/test installs it");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("the server says its port");
    let port = line.split(" port ").nth(1).and_then(|rest| rest.split_whitespace().next()).and_then(|port| port.parse().ok());
    (child, port.expect("a port"))
}

/// Every page in a browser is more than this build can do; where one is needed is told instead.
#[cfg(not(feature = "browser"))]
#[test]
fn without_a_browser_always_is_refused_and_auto_tells_what_was_not_shown() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let output = xuncha(&["audit", "http://127.0.0.1:9/", "--render", "always", "--out", spell(&folder.path().join("x"))]);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("--features browser") && said.contains("--render"), "{said}");
    assert!(!folder.path().join("x").exists(), "nothing is begun");

    let site = folder.path().join("site");
    fs::create_dir_all(site.join("app")).expect("made");
    let head = "<html lang=zh-CN><head><meta charset=utf-8><title>青麓县人民政府</title></head>";
    let links: String = (1..=6).map(|n| format!("<a href=/{n}.html>第{n}号通知</a>")).collect();
    fs::write(site.join("index.html"), format!("{head}<body><a href=/app/>专题</a>{links}")).expect("written");
    fs::write(site.join("app/index.html"), format!("{head}<body><div id=app></div><script src=/app.js></script>"))
        .expect("written");
    let out = folder.path().join("run");
    let output = xuncha(&["audit", spell(&site), "--out", spell(&out)]);
    assert!(output.status.code().is_some_and(|code| code <= 3), "{}", stderr(&output));
    let report = fs::read_to_string(out.join("report.json")).expect("written");
    assert!(report.contains("1 pages that scripts fill") && report.contains("no browser was used 1"), "{report}");
}
