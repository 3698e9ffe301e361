//! A whole audit of a site with good and hostile files, over loopback, and the judgement of its capture.

use super::fault::{Reply, Seen, Server, html, status};
use super::hostile::{loops, program};
use super::made::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

const CHECKLIST: &str = r#"
format = 1
id = "files-test"
version = "1"
title = { zh = "附件", en = "Files" }
source = "测试"

[[item]]
id = "F1"
title = { zh = "附件能打开", en = "Files open" }
rule = "attachment-format"
severity = "error"
source = "测试"
confidence = "single-source"

[[item]]
id = "F2"
title = { zh = "附件可下载", en = "Files are there" }
rule = "dead-attachment"
severity = "error"
source = "测试"
confidence = "single-source"
"#;

/// Path → bytes, and what the audit has to say of it: message keys by a word of the message; none for a good file.
fn files() -> BTreeMap<&'static str, (Vec<u8>, Option<&'static str>)> {
    let nested = zip(&[("2.zip", &zip(&[("1.zip", &zip(&[("a.txt", b"x")]))]))]);
    BTreeMap::from([
        ("/f/good.docx", (docx(&paragraph("申请表")), None)),
        ("/f/twin.docx", (docx(&paragraph("申请表")), None)),
        ("/f/good.xlsx", (xlsx("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>", ""), None)),
        ("/f/good.pdf", (pdf_chinese("GBK-EUC-H", &[encoding_rs::GBK.encode("通知").0.into_owned()]), None)),
        ("/f/good.wps", (doc("文字\r", b"x"), None)),
        ("/f/good.zip", (zip(&[("a.docx", &docx(&paragraph("甲")))]), None)),
        ("/f/bomb.docx", (docx_bomb(64), Some("膨胀"))),
        ("/f/loop.pdf", (loops().remove(0).1, Some("损坏"))),
        ("/f/locked.docx", (docx_encrypted(), Some("密码"))),
        ("/f/locked.pdf", (pdf_encrypted(), Some("密码"))),
        ("/f/nested.zip", (nested, Some("嵌套"))),
        ("/f/empty.doc", (Vec::new(), Some("空文件"))),
        ("/f/cut.docx", (docx(&paragraph("申请表"))[..200].to_vec(), Some("损坏"))),
        ("/f/error.pdf", (b"<!DOCTYPE html><html><body>404</body></html>".to_vec(), Some("网页"))),
    ])
}

fn site(seen: &Seen, files: &BTreeMap<&'static str, (Vec<u8>, Option<&'static str>)>) -> Reply {
    let path = seen.path.as_str();
    match path {
        "/" => {
            let mut links: String = files.keys().map(|path| format!("<li><a href=\"{path}\">文件{path}</a></li>")).collect();
            links.push_str("<li><a href=\"/f/gone.doc\">已删除.doc</a></li><li><a href=\"/f/huge.zip\">大文件.zip</a></li>");
            links.push_str("<li><a href=\"/down?id=7\">说明</a></li><li><a href=\"/two.html\">另一页</a></li>");
            html(format!("<html><head><title>县公安局</title></head><body><ul>{links}</ul></body></html>"))
        }
        "/two.html" => html("<html><head><title>下载</title></head><body><a href=\"/f/good.docx\">申请表.docx</a></body></html>"),
        "/down?id=7" => Reply::Full(
            200,
            vec![
                ("Content-Type", "application/octet-stream".into()),
                ("Content-Disposition", "attachment; filename=a.docx".into()),
            ],
            docx(&paragraph("动态下载")),
        ),
        "/f/huge.zip" => Reply::Full(200, vec![("Content-Type", "application/zip".into())], vec![0; 1 << 20]),
        _ => match files.get(path) {
            Some((bytes, _)) => Reply::Full(200, vec![("Content-Type", "application/octet-stream".into())], bytes.clone()),
            None => status(404),
        },
    }
}

/// The program as a user starts it.
fn xuncha(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(program());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("XUNCHA_")) {
        command.env_remove(name);
    }
    let output = command.args(arguments).output().expect("runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("reads")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_files_cost_a_finding_each_and_the_capture_tells_the_same() {
    let space = tempfile::tempdir().expect("space");
    let checklist = space.path().join("files.toml");
    std::fs::write(&checklist, CHECKLIST).expect("writes");
    let config = space.path().join("xuncha.toml");
    std::fs::write(&config, "max_attachment_bytes = \"512K\"\nrate = 100.0\n").expect("writes");
    let files = Arc::new(files());
    let served = files.clone();
    let server = Server::start(move |seen| site(seen, &served)).await;
    let seed = format!("http://{}/", server.address);
    let (audited, judged) = (space.path().join("a"), space.path().join("j"));
    let spell = |path: &Path| path.to_str().expect("text").to_owned();
    let arguments = [
        "audit".to_owned(),
        seed,
        "--out".into(),
        spell(&audited),
        "--checklist".into(),
        spell(&checklist),
        "--config".into(),
        spell(&config),
    ];
    let (code, said) =
        tokio::task::spawn_blocking(move || xuncha(&arguments.each_ref().map(String::as_str))).await.expect("joins");
    assert_eq!(code, Some(1), "{said}");

    let report: serde_json::Value = serde_json::from_str(&text(&audited.join("report.json"))).expect("a report");
    assert_eq!(report["run"]["complete"], true, "the crawl is unharmed");
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in report["findings"].as_array().expect("findings") {
        let file = finding["evidence"]["file"].as_str().unwrap_or(finding["url"].as_str().unwrap_or_default());
        let path = format!("/{}", file.splitn(4, '/').nth(3).unwrap_or_default());
        found.entry(path).or_default().push(finding["message"]["zh"].as_str().unwrap_or_default().to_owned());
    }
    for (path, (_, expected)) in files.iter() {
        let messages = found.remove(*path).unwrap_or_default();
        match expected {
            None => assert!(messages.is_empty(), "{path}: {messages:?}"),
            Some(word) => assert!(messages.len() == 1 && messages[0].contains(word), "{path}: {messages:?}"),
        }
    }
    let gone: Vec<String> = found.into_values().flatten().collect();
    assert!(gone.len() == 1 && gone[0].contains("gone.doc"), "only the file that is gone is left: {gone:?}");
    let unfetched = &report["coverage"]["unfetched"];
    assert_eq!(unfetched["too-large"], 1, "{unfetched}");

    // One exchange serves both the link and the file: no request but one GET, save for the second look at what is gone.
    for path in files.keys().copied().chain(["/down?id=7", "/f/huge.zip"]) {
        let asked: Vec<String> = server.log().iter().filter(|seen| seen.path == path).map(|seen| seen.method.clone()).collect();
        assert_eq!(asked, ["GET"], "{path}");
    }

    let capture = spell(&audited.join("capture.warc.gz"));
    let arguments = ["judge".to_owned(), capture, "--out".into(), spell(&judged), "--checklist".into(), spell(&checklist)];
    let (code, said) =
        tokio::task::spawn_blocking(move || xuncha(&arguments.each_ref().map(String::as_str))).await.expect("joins");
    assert_eq!(code, Some(1), "{said}");
    assert!(text(&audited.join("report.json")) == text(&judged.join("report.json")), "the reports differ");
}

#[test]
fn a_folder_of_pages_gives_its_files_from_the_disk() {
    let space = tempfile::tempdir().expect("space");
    let site = space.path().join("site");
    std::fs::create_dir_all(site.join("f")).expect("creates");
    std::fs::write(
        site.join("index.html"),
        "<html><head><title>县公安局</title></head><body><a href=\"f/a.docx\">甲.docx</a><a href=\"f/b.docx\">乙.docx</a></body></html>",
    )
    .expect("writes");
    std::fs::write(site.join("f/a.docx"), docx(&paragraph("甲"))).expect("writes");
    std::fs::write(site.join("f/b.docx"), docx_encrypted()).expect("writes");
    let checklist = space.path().join("files.toml");
    std::fs::write(&checklist, CHECKLIST).expect("writes");
    let spell = |path: &Path| path.to_str().expect("text").to_owned();
    let (audited, judged) = (space.path().join("a"), space.path().join("j"));
    let (code, said) = xuncha(&["audit", &spell(&site), "--out", &spell(&audited), "--checklist", &spell(&checklist)]);
    assert_eq!(code, Some(1), "{said}");
    let report: serde_json::Value = serde_json::from_str(&text(&audited.join("report.json"))).expect("a report");
    let findings = report["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert!(findings[0]["message"]["zh"].as_str().is_some_and(|m| m.contains("乙.docx") && m.contains("密码")), "{findings:#?}");
    let capture = spell(&audited.join("capture.warc.gz"));
    let (code, said) = xuncha(&["judge", &capture, "--out", &spell(&judged), "--checklist", &spell(&checklist)]);
    assert_eq!(code, Some(1), "{said}");
    assert!(text(&audited.join("report.json")) == text(&judged.join("report.json")), "the reports differ");
}
