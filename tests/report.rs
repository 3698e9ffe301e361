//! Reports in every form: the JSON against its schema, the terminal without tricks, the page without holes.

#[path = "report/sample.rs"]
mod sample;

use std::path::Path;
use xuncha::finding::{Language, Severity};
use xuncha::report::{Report, html, json, summary, terminal};
use xuncha::score::Verdict;

fn all() -> [(&'static str, Report); 3] {
    [("full", sample::report()), ("nothing", sample::nothing()), ("clean", sample::clean())]
}

fn page(report: &Report, language: Language) -> String {
    let mut bytes = Vec::new();
    html::write(report, language, &mut bytes).expect("renders");
    String::from_utf8(bytes).expect("text")
}

fn screen(report: &Report, language: Language, width: u16) -> String {
    let mut bytes = Vec::new();
    let files = ["out/report.html".into(), "out/report.json".into()];
    terminal::write(report, &terminal::Style::plain(language, width), &files, &mut bytes).expect("writes");
    String::from_utf8(bytes).expect("text")
}

#[test]
fn the_sample_is_as_rich_as_it_claims() {
    let report = sample::report();
    assert!(report.findings.len() >= 37, "{}", report.findings.len());
    let verdicts: Vec<(&str, &str, Verdict)> =
        report.scorecards.iter().map(|c| (c.checklist.as_str(), c.unit.as_str(), c.verdict)).collect();
    assert_eq!(
        verdicts,
        [
            ("national-inspection-2019", "portal", Verdict::Vetoed),
            ("national-inspection-2019", "gaj", Verdict::PendingReview),
            ("national-inspection-2019", "rfb", Verdict::Insufficient),
            ("linxi-quarterly", "portal", Verdict::Failed),
            ("linxi-quarterly", "gaj", Verdict::Passed),
            ("linxi-quarterly", "rfb", Verdict::Insufficient),
        ]
    );
}

#[test]
fn the_schema_in_the_repository_is_the_one_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/schema/report-1.json");
    let schema = json::schema();
    if std::env::var_os("XUNCHA_BLESS").is_some() {
        std::fs::write(&path, &schema).expect("the schema is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == schema, "{} is out of date: run with XUNCHA_BLESS=1 and commit it", path.display());
}

#[test]
fn reports_are_valid_json_of_the_schema() {
    let schema: serde_json::Value = serde_json::from_str(&json::schema()).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    for (name, report) in all() {
        let text = json::text(&report).expect("writes");
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let errors: Vec<String> = validator.iter_errors(&value).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        let again: Report = serde_json::from_str(&text).expect("reads back");
        assert_eq!(again, report, "{name}: nothing is lost");
        assert_eq!(json::text(&again).expect("writes"), text, "{name}: the same bytes");
    }
    let broken = serde_json::json!({ "schema": "xuncha.report/2" });
    assert!(!validator.is_valid(&broken), "the schema refuses what is none");
}

#[test]
fn findings_are_in_canonical_order_one_per_line() {
    let report = sample::report();
    let key =
        |f: &xuncha::finding::Finding| (std::cmp::Reverse(f.severity), f.rule.clone(), f.url.clone(), f.fingerprint.clone());
    assert!(report.findings.windows(2).all(|w| key(&w[0]) <= key(&w[1])));
    assert_eq!(report.findings[0].severity, Severity::Veto);
    let text = json::text(&report).expect("writes");
    assert_eq!(text.lines().filter(|l| l.starts_with("    {\"fingerprint\"")).count(), report.findings.len());
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["scorecards"][4]["score"].to_string(), "80.0", "the shortest decimal of a figure");
}

#[test]
fn the_order_of_what_comes_in_does_not_matter() {
    let (plan, judged) = sample::judged();
    let text = |reverse: bool| {
        let mut judged = judged.clone();
        if reverse {
            judged.findings.reverse();
        }
        let mut findings = std::mem::take(&mut judged.findings);
        let cards = xuncha::score::score(&plan, &judged, &mut findings);
        judged.findings = findings;
        json::text(&Report::build(&plan, &sample::info(true), judged, cards, Default::default(), None)).expect("writes")
    };
    assert_eq!(text(false), text(true));
}

#[test]
fn streamed_pages_equal_held_pages() {
    let mut report = sample::clean();
    let url = xuncha::url::CanonicalUrl::parse("http://a.xuncha-demo.gov.cn/x").expect("a URL");
    let mut page = xuncha::judge::memory::blank(url);
    page.kind = xuncha::facts::page_kind::PageKind::Article;
    page.charset.meta = Some("gb2312".into());
    page.meta = serde_json::from_value(serde_json::json!([{"name": "siteidcode", "content": "3415260001"}])).expect("a tag");
    page.header = serde_json::from_value(serde_json::json!({
        "values": [{"field": "document-number", "label": "文号", "value": "林政〔2026〕1号"}], "block": true
    }))
    .expect("a header");
    let rows = vec![xuncha::report::PageRow::of(&page), xuncha::report::PageRow::of(&page)];
    assert_eq!(rows[0].document_number.as_deref(), Some("林政〔2026〕1号"));
    assert_eq!((rows[0].site_id_code.as_deref(), rows[0].declared_charset.as_deref()), (Some("3415260001"), Some("gb2312")));
    report.pages = Some(rows.clone());
    let held = json::text(&report).expect("writes");
    report.pages = None;
    let mut bytes = Vec::new();
    json::write_streamed(&report, Some(&mut |emit| rows.iter().try_for_each(emit)), &mut bytes).expect("writes");
    assert_eq!(String::from_utf8(bytes).expect("text"), held);
    assert!(!json::text(&report).expect("writes").contains("\"pages\""), "without --facts there is no such field");
}

#[test]
fn nothing_from_a_page_steers_the_terminal() {
    for (_, report) in all() {
        for language in [Language::Zh, Language::En] {
            let text = screen(&report, language, 100);
            assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "control character");
            assert!(!text.contains(['\u{202e}', '\u{2066}']), "direction override");
        }
    }
    assert!(screen(&sample::report(), Language::Zh, 100).contains("report.html"));
}

#[test]
fn the_terminal_says_what_matters_in_words() {
    let text = screen(&sample::report(), Language::Zh, 120);
    for wanted in ["单项否决", "待复核", "依据不足，不作结论", "合格", "林溪县公安局", "疑似", "覆盖率", "人工", "/ 100.00"]
    {
        assert!(text.contains(wanted), "{wanted} is missing in\n{text}");
    }
    let text = screen(&sample::nothing(), Language::En, 120);
    assert!(text.contains("Nothing was obtained") && !text.to_lowercase().contains("passed"), "{text}");
    assert!(screen(&sample::clean(), Language::En, 120).contains("No findings."));
}

#[test]
fn the_terminal_adapts_to_its_width() {
    use unicode_width::UnicodeWidthStr;
    for width in [60u16, 80, 100, 160] {
        let text = screen(&sample::report(), Language::Zh, width);
        let table = text.lines().filter(|l| l.contains('─'));
        assert!(table.map(UnicodeWidthStr::width).all(|w| w <= usize::from(width)), "a table is wider than {width}");
    }
}

#[test]
fn one_line_per_scorecard_at_the_end() {
    let lines = summary::one_line_each(&sample::report(), Language::Zh);
    assert_eq!(lines.len(), 7);
    assert!(lines[0].contains("单项否决") && lines[4].contains("80.00 / 100.00") && lines[6].starts_with("发现"), "{lines:#?}");
    let lines = summary::one_line_each(&sample::nothing(), Language::En);
    assert!(lines.iter().all(|l| !l.to_lowercase().contains("passed")), "{lines:?}");
}

#[test]
fn the_page_is_whole_and_needs_nothing_from_elsewhere() {
    for (name, report) in all() {
        for language in [Language::Zh, Language::En] {
            let text = page(&report, language);
            if let Some(folder) = std::env::var_os("XUNCHA_PAGES") {
                let file = Path::new(&folder).join(format!("{name}-{language:?}.html"));
                std::fs::write(file, &text).expect("written");
            }
            for outside in ["<link", "src=\"", "@import", "url(", "http-equiv=\"refresh\"", "javascript:"] {
                assert!(!text.contains(outside), "{name}: {outside}");
            }
            assert_eq!(text.matches("<script>").count(), 1, "{name}: only our script");
            assert!(text.contains(&format!("<html lang=\"{}\">", if language == Language::Zh { "zh-CN" } else { "en" })));
        }
    }
}

#[test]
fn hostile_text_stays_text() {
    let text = page(&sample::report(), Language::Zh);
    assert!(!text.contains("<script>alert") && !text.contains("<img src=x"), "markup from a page came through");
    assert!(text.contains("&lt;script&gt;alert(1)"), "it is shown");
    assert!(text.contains("{{ 7 * 7 }}") || text.contains("&#x7b;"), "template syntax in data is data");
    assert!(text.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()), "control characters are shown, not sent");
    assert!(!text.contains('\u{202e}'));
    let links = text.matches("target=\"_blank\"").count();
    assert_eq!(links, text.matches("target=\"_blank\" rel=\"noopener noreferrer\"").count());
    assert!(links > 40);
    let hrefs = text.match_indices("href=\"").map(|(at, _)| &text[at + 6..]);
    assert!(
        hrefs
            .into_iter()
            .all(|h| h.starts_with("http:&#x2f;&#x2f;") || h.starts_with("https:&#x2f;&#x2f;") || h.starts_with('#')),
        "a foreign scheme"
    );
}

#[test]
fn the_policy_allows_only_our_script() {
    use sha2::Digest;
    let text = page(&sample::clean(), Language::Zh);
    let script = text.split("<script>").nth(1).and_then(|t| t.split("</script>").next()).expect("script");
    let hash = data_encoding::BASE64.encode(&sha2::Sha256::digest(script.as_bytes()));
    assert!(
        text.contains(&format!("script-src &#x27;sha256-{}", hash.replace('/', "&#x2f;")))
            || text.contains(&format!("sha256-{hash}")),
        "the hash is that of the script"
    );
    assert!(
        !text.contains(" onclick=") && !text.contains(" onsubmit=") && !text.contains(" style=\""),
        "nothing inline that the policy would stop"
    );
}

#[test]
fn the_page_tells_what_a_webmaster_needs() {
    let text = page(&sample::report(), Language::Zh);
    for wanted in [
        "只改一次",
        "疑似",
        "新闻中心 › 政务要闻",
        "所在列表页",
        "2026-03-11",
        "报名表0.docx",
        "怎样改",
        "未发现 none",
        "看不到的部分",
        "列表由脚本生成",
        "The list is filled by script",
        "按已判定的",
    ] {
        assert!(text.contains(wanted), "{wanted} is missing");
    }
    let nothing = page(&sample::nothing(), Language::Zh);
    assert!(nothing.contains("没有取得任何页面") && !nothing.contains(">合格<"));
}

#[test]
fn a_template_that_asks_for_what_is_not_there_is_an_error() {
    let mut sink = Vec::new();
    let error = html::write_with("{{ r.nothing_of_the_kind }}", &sample::clean(), Language::Zh, &mut sink).expect_err("strict");
    assert!(error.to_string().contains("undefined"), "{error}");
    assert!(html::write_with("{% if %}", &sample::clean(), Language::Zh, &mut sink).is_err());
}
