//! The program itself with a browser: its reports, and that nothing of the browser is left, however it ends.

use crate::fault::{Reply, Seen, Server};
use crate::site::*;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn site(seen: &Seen) -> Reply {
    match seen.path.as_str() {
        "/" => whole("首页", "", "<a href=/tzgg/>通知公告</a><a href=/empty/>政策解读</a>"),
        "/tzgg/" => column(FILLS),
        "/api/list.json" => rows(),
        "/empty/" => {
            column("fetch('/api/none.json').then(r => r.json()).then(rows => document.title = '政策解读_' + rows.length)")
        }
        "/api/none.json" => json("[]"),
        _ => rest(seen),
    }
}

/// The program on the site, its temporary files in a folder of the test's.
fn program(server: &Server, space: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xuncha"));
    command.args(arguments).args(["--resolve", &server.resolve(HOST), "--only-resolved", "--rate", "100"]);
    command.env("TMPDIR", space.join("tmp")).env("XUNCHA_SHARED_GATES", "none");
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn space() -> tempfile::TempDir {
    let space = tempfile::Builder::new().prefix("r").tempdir().expect("space");
    std::fs::create_dir(space.path().join("tmp")).expect("made");
    space
}

/// Processes that were started with a folder of the test's.
fn processes(space: &Path) -> Vec<String> {
    let name = space.join("tmp").display().to_string();
    let lines = std::fs::read_dir("/proc").expect("Linux").flatten().filter_map(|entry| {
        entry.file_name().to_str()?.parse::<u32>().ok()?;
        let line = std::fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        line.contains(&name).then_some(line)
    });
    lines.collect()
}

fn assert_nothing_left(space: &Path) {
    let until = Instant::now() + Duration::from_secs(8);
    let mut left = processes(space);
    while !left.is_empty() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
        left = processes(space);
    }
    assert!(left.is_empty(), "{left:#?}");
    let files: Vec<_> = std::fs::read_dir(space.join("tmp")).expect("there").flatten().map(|entry| entry.file_name()).collect();
    assert!(files.is_empty(), "{files:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn judge_of_the_capture_gives_the_bytes_of_the_audit() {
    let server = Server::start(site).await;
    let space = space();
    let (run, again) = (space.path().join("run"), space.path().join("again"));
    let url = format!("http://{HOST}/");
    let out = run.display().to_string();
    let mut command = program(&server, space.path(), &["audit", &url, "--out", &out, "--facts", "--as-of", "2026-11-20"]);
    let ended = tokio::task::spawn_blocking(move || command.output()).await.expect("runs").expect("runs");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(matches!(ended.status.code(), Some(0 | 1)), "{said}");
    assert_nothing_left(space.path());

    let capture = run.join("capture.warc.gz");
    let mut judge = Command::new(env!("CARGO_BIN_EXE_xuncha"));
    judge.args(["judge", &capture.display().to_string(), "--out", &again.display().to_string(), "--facts"]);
    judge.args(["--as-of", "2026-11-20"]).stdout(Stdio::null());
    assert!(judge.status().expect("runs").code().is_some_and(|code| code <= 1));
    let read = |folder: &Path, name: &str| std::fs::read(folder.join(name)).expect("written");
    assert_eq!(read(&run, "report.json"), read(&again, "report.json"));
    assert_eq!(read(&run, "report.html"), read(&again, "report.html"));

    let report: serde_json::Value = serde_json::from_slice(&read(&run, "report.json")).expect("JSON");
    let pages = report["pages"].as_array().expect("pages");
    let rendered: Vec<&str> =
        pages.iter().filter(|page| page["rendered"] == true).filter_map(|page| page["url"].as_str()).collect();
    assert_eq!(rendered, [format!("http://{HOST}/empty/"), format!("http://{HOST}/tzgg/")]);
    let notes = report["run"]["notes"].to_string();
    assert!(notes.contains("2 pages were judged as a browser showed them"), "{notes}");
    // A finding on a page that was shown carries its picture, and the HTML report shows it.
    let findings = report["findings"].as_array().expect("findings");
    let proved: Vec<&serde_json::Value> =
        findings.iter().filter(|finding| finding["evidence"]["screenshot"].is_string()).collect();
    assert!(!proved.is_empty(), "{findings:#?}");
    let html = String::from_utf8(read(&run, "report.html")).expect("text");
    assert!(html.contains("src=\"data:image/png;base64,"));
    if let Some(keep) = std::env::var_os("XUNCHA_KEEP_REPORT") {
        std::fs::copy(run.join("report.html"), keep).expect("kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_browser_however_the_program_ends() {
    for signal in ["-INT", "-KILL"] {
        let server = Server::start(|seen: &Seen| match seen.path.as_str() {
            "/" => whole("首页", "", "<a href=/spin/>专题</a>"),
            // Nobody who waits for this page to be polite would ever end.
            "/spin/" => shell("setInterval(() => {}, 1); fetch('/never').then(() => { for (;;) {} })"),
            "/never" => Reply::Flow {
                head: "HTTP/1.1 200 OK\r\n\r\n".into(),
                piece: vec![b' '],
                times: 1_000,
                pause: Duration::from_millis(50),
            },
            _ => rest(seen),
        })
        .await;
        let space = space();
        let (url, out) = (format!("http://{HOST}/"), space.path().join("run").display().to_string());
        let mut child = program(&server, space.path(), &["crawl", &url, "--out", &out]).spawn().expect("starts");
        let until = Instant::now() + Duration::from_secs(40);
        while server.asked("/never").is_empty() {
            assert!(Instant::now() < until, "the page was never shown: {:?}", server.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(processes(space.path()).len() > 1, "a browser runs");
        let killed = Command::new("/bin/sh").args(["-c", &format!("kill {signal} {}", child.id())]).status();
        assert!(killed.expect("runs").success());
        let ended = tokio::task::spawn_blocking(move || child.wait()).await.expect("waits").expect("ends");
        assert_eq!(ended.code(), if signal == "-INT" { Some(130) } else { None });
        assert_nothing_left(space.path());

        // The same command goes on, and ends.
        if signal == "-INT" {
            let mut command = program(&server, space.path(), &["crawl", &url, "--out", &out]);
            command.env("XUNCHA_RENDER_TIMEOUT", "2");
            let ended = tokio::task::spawn_blocking(move || command.output()).await.expect("runs").expect("runs");
            assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
            assert_nothing_left(space.path());
        }
    }
}
