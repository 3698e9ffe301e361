//! Real texts that came with planted or damaged parts, made into pages: what is wrong with each is found by name, and nothing else is said to
//! be planted. The texts are not part of this repository; without them each test says so and passes.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its page has failed")]

use std::path::PathBuf;
use xuncha::checklist::calendar::Calendar;
use xuncha::checklist::columns::ColumnBook;
use xuncha::exchange::{Exchange, Gathering, Method};
use xuncha::facts::{Page, Site, page};
use xuncha::finding::{Observation, Outcome};
use xuncha::rules::{Context, Loaded, find};
use xuncha::url::CanonicalUrl;

/// The text whose file name begins with a number; `XUNCHA_SEEDS` names another folder.
fn seed(number: &str) -> Option<String> {
    let folder = std::env::var_os("XUNCHA_SEEDS")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds"));
    let Ok(files) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: no {} (set XUNCHA_SEEDS)", folder.display());
        return None;
    };
    let file = files
        .flatten()
        .map(|f| f.path())
        .find(|p| p.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with(number)))?;
    std::fs::read_to_string(file).ok()
}

/// A page as a content system would show the text: a title, a line of origin, one paragraph per line.
fn made(title: &str, text: &str) -> Page {
    let paragraphs: String = text.lines().filter(|l| !l.trim().is_empty()).map(|l| format!("<p>{}</p>\n", l.trim())).collect();
    let html = format!(
        "<!DOCTYPE html><html><head><title>{title}_政府信息公开</title><meta name=\"ArticleTitle\" content=\"{title}\"></head><body>\
        <div class=\"position\">当前位置：<a href=\"/\">首页</a> &gt; <a href=\"/zwgk/\">政务公开</a></div><h1>{title}</h1>\
        <p>发布时间：2021-12-21　来源：本站</p><div class=\"content\">{paragraphs}</div><div class=\"footer\">主办单位：某市政府</div></body></html>"
    );
    page::read(&Exchange {
        url: CanonicalUrl::parse("http://www.seeds.xuncha-demo.gov.cn/zwgk/202112/t20211221_1.html").unwrap(),
        method: Method::Get,
        gathering: Gathering::Pages,
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        body: html.into_bytes().into(),
        at: jiff::Timestamp::UNIX_EPOCH,
        hops: 1,
        via: None,
        attempts: 1,
        look: 1,
        elapsed: None,
        profile: xuncha::exchange::Profile::Own,
    })
    .unwrap()
}

/// Failed observations of a rule about a page, and what stays undecided.
fn ask(rule: &str, page: &Page) -> Vec<Observation> {
    let book = ColumnBook::load();
    let site = Site::default();
    let context = Context {
        as_of: jiff::civil::date(2026, 3, 20),
        site: &site,
        book: &book,
        calendar: Calendar::built_in(),
        history: None,
    };
    let Loaded::Page(rule) = (find(rule).unwrap().load)(serde_json::json!({})).unwrap() else { panic!("{rule} is about pages") };
    let mut answers = rule.observe(page, &context);
    answers.retain(|answer| !matches!(answer.outcome, Outcome::Passed | Outcome::Inapplicable));
    answers
}

/// Rules that must say nothing about a page.
fn silent(page: &Page, rules: &[&str]) {
    for rule in rules {
        assert_eq!(ask(rule, page), [], "{rule}");
    }
}

#[test]
fn the_line_of_spam_after_a_plan_is_found() {
    let Some(text) = seed("001") else { return };
    let page = made("亳州市人防办(地震局)政务公开政务服务工作实施方案", &text);
    let answers = ask("injected-spam", &page);
    let [answer] = answers.as_slice() else { panic!("{answers:#?}") };
    assert_eq!((answer.outcome, answer.message.as_str()), (Outcome::Failed, "text"));
    assert_eq!(answer.locations[0].text.as_deref(), text.lines().rfind(|l| !l.trim().is_empty()).map(str::trim));
    assert_eq!(answer.evidence["class"], "streaming");
    silent(&page, &["garbled-text", "privacy-leak", "wrong-word", "severe-expression", "hidden-link"]);
}

#[test]
fn a_plan_in_traditional_characters_is_a_plan() {
    // Converted as a whole and otherwise sound: its script is no damage, no spam and no wrong word.
    let Some(text) = seed("002") else { return };
    let page = made("2021年象山縣政務公開工作要點", &text);
    silent(&page, &["injected-spam", "garbled-text", "privacy-leak", "wrong-word", "severe-expression", "hidden-link"]);
}

#[test]
fn pinyin_all_over_a_report_is_found() {
    let Some(text) = seed("004") else { return };
    let page = made("湖南省公安厅2019年政府信息公开工作年度报告", &text);
    let answers = ask("garbled-text", &page);
    let [answer] = answers.as_slice() else { panic!("{answers:#?}") };
    assert_eq!((answer.outcome, answer.message.as_str()), (Outcome::Failed, "pinyin"));
    assert!(answer.evidence["glosses"].parse::<u32>().unwrap() >= 300, "{:?}", answer.evidence);
    assert!(answer.locations[0].text.as_deref().is_some_and(|quote| quote.contains("(bào)")), "{:?}", answer.locations);
    silent(&page, &["injected-spam", "privacy-leak", "wrong-word", "severe-expression", "hidden-link"]);
}
