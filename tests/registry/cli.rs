//! The commands, from a folder of pages to bindings.

use assert_cmd::Command;
use std::fs;
use std::path::Path;

fn xuncha(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("xuncha").expect("built");
    command.current_dir(folder).env_clear();
    command
}

fn said(command: &mut Command, code: i32) -> String {
    let output = command.output().expect("runs");
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

#[test]
fn a_table_is_checked_and_every_bad_row_named() {
    let folder = tempfile::tempdir().expect("folder");
    fs::write(folder.path().join("good.csv"), "单位,网址\n县公安局,http://gaj.x.gov.cn/\n").expect("written");
    fs::write(folder.path().join("bad.csv"), "单位,网址\n县公安局,无\n,http://x.gov.cn/\n").expect("written");
    let good = said(xuncha(folder.path()).args(["sites", "check", "good.csv"]), 0);
    assert!(good.contains("1 个单位，1 个网站"), "{good}");
    let bad = said(xuncha(folder.path()).args(["sites", "check", "bad.csv", "--lang", "en"]), 2);
    assert!(bad.contains("row 2, column B 网址") && bad.contains("row 3") && bad.contains("nothing was taken"), "{bad}");
    said(xuncha(folder.path()).args(["sites", "check", "absent.csv"]), 2);
}

#[test]
fn a_run_proposes_and_the_workbook_binds() {
    let folder = tempfile::tempdir().expect("folder");
    let site = folder.path().join("site");
    let page = |path: &str, title: &str, body: &str| {
        let file = site.join(path);
        fs::create_dir_all(file.parent().expect("parent")).expect("made");
        let html = format!(
            "<html><head><meta charset=\"utf-8\"><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
        );
        fs::write(file, html).expect("written");
    };
    let nav = "<div class=\"nav\"><a href=\"/tzgg/index.html\">通知公告</a><a href=\"/ywdt/index.html\">本局新闻速览</a></div>";
    page("index.html", "云栖县公安局", nav);
    let rows = |name: &str| {
        (1..4)
            .map(|n| format!("<li><a href=\"{n}.html\">云栖县公安局关于{name}的第{n}号通告</a><span>2026-03-0{n}</span></li>"))
            .collect::<String>()
    };
    for (path, name) in [("tzgg", "通知公告"), ("ywdt", "本局新闻速览")] {
        page(&format!("{path}/index.html"), name, &format!("{nav}<ul>{}</ul>", rows(name)));
        for n in 1..4 {
            page(&format!("{path}/{n}.html"), &format!("云栖县公安局关于{name}的第{n}号通告"), "<p>全文如下，请遵照执行。</p>");
        }
    }
    let audit = [
        "audit",
        "site",
        "--base",
        "http://www.yunxi-gaj.gov.cn/",
        "--out",
        "out",
        "--as-of",
        "2026-03-10",
        "--unit",
        "云栖县公安局",
        "--kind",
        "public-security-bureau",
    ];
    let output = xuncha(folder.path()).args(audit).output().expect("runs");
    assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
    let proposed = said(xuncha(folder.path()).args(["sites", "propose", "out", "--out", "columns.xlsx"]), 0);
    assert!(proposed.contains("1 个单位"), "{proposed}");
    let bound = said(xuncha(folder.path()).args(["sites", "bindings", "columns.xlsx"]), 0);
    assert!(bound.contains("确认 0，否定 0"), "{bound}");
    said(xuncha(folder.path()).args(["sites", "propose", "site", "--out", "columns.xlsx"]), 2);
    said(xuncha(folder.path()).args(["sites", "bindings", "site/index.html"]), 2);
    fs::write(folder.path().join("profile.toml"), "[region.\"云栖县\"]\nmax_pages = 5\n").expect("written");
    let profile = said(xuncha(folder.path()).args(["sites", "profile", "profile.toml", "--region", "云栖县"]), 0);
    assert!(profile.contains("max_pages = 5  # 来自地区“云栖县”"), "{profile}");
}
