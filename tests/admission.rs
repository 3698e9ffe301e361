//! What an office does before and after a crawl: the plan, the letter, recorded authority, and what the report says of all this.

#[path = "server/fault.rs"]
mod fault;

use fault::{Reply, Server, html, status};
use std::path::Path;
use std::process::{Command, Output};

fn xuncha(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xuncha"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("XUNCHA_")) {
        command.env_remove(name);
    }
    command.env("XUNCHA_SHARED_GATES", "none").env("NO_COLOR", "1").args(arguments).output().expect("runs")
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_str(&stdout(output)).expect("JSON")
}

const PLAN: [&str; 7] =
    ["plan", "http://a.gov.cn/", "http://b.gov.cn/", "--only-resolved", "--resolve", "a.gov.cn:80:192.0.2.1", "--resolve"];

#[test]
fn a_plan_adds_up_by_host_and_by_address() {
    let start = ["b.gov.cn:80:192.0.2.1", "--pages", "10000", "--start", "2026-11-20T12:00:00Z"];
    let plan = json(&xuncha(&[&PLAN[..], &start, &["--format", "json", "--allowed-hours", "22:00-06:00"]].concat()));
    assert_eq!(plan["schema"], "xuncha.plan/1");
    assert_eq!(plan["targets"][0]["basis"], serde_json::json!({"from": "stated", "pages": 10000}));
    let forecast = &plan["forecast"];
    assert_eq!(forecast["pages"], 20_000);
    let (host, address) = (&forecast["hosts"][0], &forecast["addresses"][0]);
    assert_eq!((host["interval"].as_f64(), address["interval"].as_f64()), (Some(0.5), Some(0.25)));
    assert_eq!(address["origins"], 2);
    assert_eq!(address["requests"], forecast["requests"]);
    // Two hosts at twice the rate take as long as one: 12,020 requests at two a second.
    let seconds = host["seconds"].as_f64().expect("seconds");
    assert!((seconds - 12_019.0 * 0.51).abs() < 1.0, "{seconds}");
    assert_eq!(forecast["opens"], "2026-11-20T14:00:00Z", "ten in the evening in Shanghai");
    let table = stdout(&xuncha(&[&PLAN[..], &start, &["--lang", "en", "--rate", "0.1"]].concat()));
    assert!(table.contains("http://a.gov.cn") && table.contains("192.0.2.1"), "{table}");
    assert!(table.contains("1.4 days") && table.contains("2026-11-22"), "{table}");
    assert!(table.contains("No contact is set"), "{table}");
}

#[test]
fn a_plan_refuses_what_it_cannot_plan() {
    for (arguments, said) in [
        (&["plan", "src"][..], "only URLs"),
        (&["plan", "http://a.gov.cn/", "--since", "src"], "is no run folder"),
        (&["plan", "http://a.gov.cn/", "--quiet-hours", "mondays"], "is none of working"),
        (&["plan", "http://a.gov.cn/", "--quiet-hours", "00:00-24:00"], "leaves no hour"),
        (&["letter", "access", "src"], "URL"),
    ] {
        let output = xuncha(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(said), "{arguments:?}: {}", stderr(&output));
    }
}

fn config(folder: &Path, until: &str) -> String {
    let file = folder.join(format!("{until}.toml"));
    let text = format!(
        "[[authority]]\nhost = \"www.xuncha-demo.gov.cn\"\nwho = \"县数据局\"\ndocument_number = \"数函〔2026〕1号\"\nuntil = \"{until}\"\n\
         ignore_robots = true\n"
    );
    std::fs::write(&file, text).expect("writes");
    file.display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn exclusion_is_told_and_authority_is_named() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/robots.txt" => Reply::Full(
            200,
            vec![("Content-Type", "text/plain".into())],
            b"User-agent: *\nDisallow: /closed\nCrawl-delay: 0.3\n".to_vec(),
        ),
        "/" => {
            html("<html lang=zh><title>x</title><a href=/closed/1.html>a</a><a href=/closed/2.html>b</a><a href=/open.html>c</a>")
        }
        path if path.ends_with(".html") => html("<html lang=zh><title>y</title>"),
        _ => status(404),
    })
    .await;
    let folder = tempfile::tempdir().expect("folder");
    let resolve = server.resolve("www.xuncha-demo.gov.cn");
    let audit = |out: &str, more: &[&str]| {
        let out = folder.path().join(out).display().to_string();
        let own = ["audit", "http://www.xuncha-demo.gov.cn/", "--only-resolved", "--allow-private", "--rate", "50"];
        xuncha(&[&own[..], &["--resolve", &resolve, "--out", &out, "--lang", "en"], more].concat())
    };
    let report = |out: &str| -> serde_json::Value {
        let text = std::fs::read(folder.path().join(out).join("report.json")).expect("a report");
        serde_json::from_slice(&text).expect("JSON")
    };
    let output = tokio::task::block_in_place(|| audit("one", &[]));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("robots.txt excludes 2 own URLs (www.xuncha-demo.gov.cn: 2)"), "{printed}\n{}", stderr(&output));
    assert!(printed.contains("xuncha letter access"), "{printed}");
    assert!(report("one")["run"]["notes"].to_string().contains("robots.txt 不允许访问 2 个站内网址"));
    // The next run is planned from this one, its Crawl-delay included.
    let since = folder.path().join("one").display().to_string();
    let plan = json(&tokio::task::block_in_place(|| {
        xuncha(&[
            "plan",
            "http://www.xuncha-demo.gov.cn/",
            "--since",
            &since,
            "--rate",
            "50",
            "--only-resolved",
            "--format",
            "json",
        ])
    }));
    assert_eq!(plan["targets"][0]["pages"], 4, "{plan}");
    assert_eq!(plan["targets"][0]["basis"]["from"], "run");
    assert_eq!(plan["forecast"]["hosts"][0]["strictest"], "crawl-delay");
    // The letter tells it, too.
    let from = folder.path().join("one/report.json").display().to_string();
    let letter = stdout(&tokio::task::block_in_place(|| {
        xuncha(&[
            "letter",
            "access",
            "http://www.xuncha-demo.gov.cn/",
            "--report",
            &from,
            "--format",
            "txt",
            "--contact",
            "zwgk@x.gov.cn",
        ])
    }));
    assert!(letter.contains("不允许访问其中 2 个网址") && letter.contains("xuncha/0.1 (+zwgk@x.gov.cn)"), "{letter}");
    // With authority the pages are had, and the report names it; past authority is refused before anything is asked.
    let asked = server.log().len();
    let past = config(folder.path(), "2026-01-31");
    let output = tokio::task::block_in_place(|| audit("two", &["--config", &past]));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the authority ended on 2026-01-31"), "{}", stderr(&output));
    assert_eq!(server.log().len(), asked);
    let valid = config(folder.path(), "2999-12-31");
    tokio::task::block_in_place(|| audit("two", &["--config", &valid]));
    assert!(!server.asked("/closed/1.html").is_empty());
    let notes = report("two")["run"]["notes"].to_string();
    assert!(
        notes.contains("数函〔2026〕1号") && notes.contains("robots.txt disregarded") && notes.contains("2999-12-31"),
        "{notes}"
    );
    assert!(!notes.contains("robots.txt excludes"), "{notes}");
}
