//! Judging the captures of a period again: by another checklist, without the site.

use assert_cmd::Command;
use std::fs;
use std::path::Path;

fn said(folder: &Path, arguments: &[&str], codes: &[i32]) -> String {
    let output =
        Command::cargo_bin("xuncha").expect("built").current_dir(folder).env_clear().args(arguments).output().expect("runs");
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.code().is_some_and(|code| codes.contains(&code)), "{arguments:?}: {text}");
    text
}

fn checklist(points: u32) -> String {
    format!(
        "format = 1\nid = \"links\"\nversion = \"{points}\"\ntitle = {{ zh = \"链接\", en = \"Links\" }}\nsource = \"test\"\nfull_mark = 10.0\ncoverage_floor = 0.5\n\
         [[item]]\nid = \"L1\"\ntitle = {{ zh = \"死链\", en = \"Dead links\" }}\nrule = \"dead-link\"\nseverity = \"error\"\npoints = {points}.0\nper = \"once\"\n\
         cadence = \"quarterly\"\nsource = \"test\"\nconfidence = \"verified\"\n\
         [[item]]\nid = \"L2\"\ntitle = {{ zh = \"页面语言\", en = \"Language\" }}\nrule = \"page-language\"\nseverity = \"error\"\npoints = 2.0\nper = \"once\"\n\
         cadence = \"quarterly\"\nsource = \"test\"\nconfidence = \"verified\"\n"
    )
}

#[test]
fn last_quarters_captures_are_scored_anew_without_the_site() {
    let folder = tempfile::tempdir().expect("folder");
    let root = folder.path();
    crate::bench::write_pages(&root.join("site"), true);
    fs::write(root.join("then.toml"), checklist(3)).expect("written");
    fs::write(root.join("now.toml"), checklist(7)).expect("written");
    fs::write(
        root.join("sites.csv"),
        "单位,单位编码,网站编码,网址,类别\n县公安局,gaj,gaj-site,http://www.gaj.gov.cn/,public-security-bureau\n",
    )
    .expect("written");
    said(root, &["sites", "import", "sites.csv"], &[0]);
    let audit = [
        "audit",
        "site",
        "--base",
        "http://www.gaj.gov.cn/",
        "--out",
        "out",
        "--unit",
        "县公安局",
        "--kind",
        "public-security-bureau",
        "-c",
        "then.toml",
        "--cadence",
        "quarterly",
        "--lang",
        "en",
    ];
    said(root, &audit, &[1]);
    let told = said(root, &["runs", "import", "out", "--site", "gaj-site"], &[0]);
    assert!(told.contains(" new,"), "{told}");
    assert!(said(root, &["runs", "import", "out", "--site", "gaj-site"], &[0]).contains("was imported before"));
    // The site is gone: what is judged again is what was kept.
    fs::remove_dir_all(root.join("site")).expect("removed");
    let day = xuncha::clock::date_of(xuncha::clock::now());
    let quarter = format!("{}Q{}", day.year(), (day.month() + 2) / 3);
    for _ in 0..2 {
        let told = said(root, &["runs", "again", "--period", &quarter, "-c", "now.toml"], &[0]);
        let row = told.lines().find(|line| line.contains("links")).expect("a row").split_whitespace().collect::<Vec<_>>();
        // The run knew the unit by a name of its own; the office charges it to the unit that the site has.
        assert_eq!(row, ["gaj", "links", "7.00", "3.00"], "{told}");
    }
    // What was told then stays: the ranking of the quarter is of the old checklist.
    said(root, &["report", "quarterly", "--period", &quarter, "--format", "json"], &[0, 1, 3]);
    let json = root.join("xuncha-reports").join("quarterly").join(format!("{quarter}.json"));
    let ranking = fs::read_to_string(json).expect("read");
    let ranking: serde_json::Value = serde_json::from_str(&ranking).expect("JSON");
    assert!(ranking.to_string().contains("\"score\":7"), "{ranking}");
    // What is sent to the unit: its score, what took points, where it is and how to mend it.
    said(root, &["report", "quarterly", "--period", &quarter, "--unit", "gaj"], &[0]);
    let sent = fs::read_to_string(root.join("xuncha-reports/quarterly").join(&quarter).join("gaj.json")).expect("read");
    let sent: serde_json::Value = serde_json::from_str(&sent).expect("JSON");
    assert_eq!(
        (sent["sites"][0]["cards"][0]["score"].as_f64(), &sent["sites"][0]["certain"]["error"]),
        (Some(7.0), &1.into()),
        "{sent}"
    );
    let finding = &sent["sites"][0]["findings"][0];
    assert_eq!((finding["rule"].as_str(), finding["since"].as_str()), (Some("dead-link"), Some(&*day.to_string())), "{finding}");
    assert!(finding["url"].as_str().is_some_and(|url| url.ends_with("/tzgg/gone.html")), "{finding}");
    let every = said(root, &["report", "quarterly", "--period", &quarter, "--every-unit", "--format", "html"], &[0]);
    assert!(every.contains("gaj.html"), "{every}");
    let none = said(root, &["report", "quarterly", "--period", &quarter, "--unit", "gai"], &[2]);
    assert!(none.contains("gaj"), "the nearest name is told: {none}");
    fs::rename(root.join("out"), root.join("moved")).expect("moved");
    let told = said(root, &["runs", "again", "--period", &quarter, "-c", "now.toml"], &[0, 1, 2, 3, 4]);
    assert!(told.contains("cannot be judged again"), "{told}");
}
