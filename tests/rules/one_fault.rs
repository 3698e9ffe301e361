//! A wrong title or date is one fault of one rule, wherever it stands: in the list (`anchor-mismatch`, `date-disagreement`), or in
//! the page or its tags (`meta-agreement`). Every way in which three places can differ is tried.

use super::see;
use std::collections::BTreeSet;
use xuncha::checklist::calendar::Calendar;
use xuncha::finding::{Observation, Outcome};
use xuncha::rules::fixture::cases;
use xuncha::rules::{Context, Loaded};

const RULES: [&str; 3] = ["meta-agreement", "anchor-mismatch", "date-disagreement"];
const TITLES: [&str; 3] = ["关于开展城区道路养护巡查的通知", "森林防火物资储备情况公示", "青年干部业务培训班圆满结束"];
const DATES: [&str; 3] = ["2026-03-12", "2026-01-20", "2025-11-05"];

/// A list with its entry, and what the three rules report of it.
fn report(list: (&str, &str), shown: (&str, &str), tag: (&str, &str)) -> Vec<(&'static str, Observation)> {
    let host = "http://www.gaj.xuncha-demo.gov.cn";
    let other =
        |n: u32| format!("<li><a href=\"/tzgg/{n}.html\">关于公布第{n}批便民服务窗口的公告</a><span>2026-02-0{n}</span></li>");
    let text = format!(
        "+++\n\n+++\n\n## passed: made\n```html {host}/\n<html><head><title>某市公安局</title></head><body><div class=\"nav\"><ul><li><a href=\"/tzgg/\">通知公告</a></li></ul></div></body></html>\n```\n\
         ```html {host}/tzgg/\n<html><head><title>通知公告_某市公安局</title><meta name=\"ColumnName\" content=\"通知公告\"></head><body>\
         <div class=\"position\">当前位置：<a href=\"/\">首页</a> &gt; <a href=\"/tzgg/\">通知公告</a></div><div class=\"main\"><ul class=\"list\">\
         <li><a href=\"/tzgg/9.html\">{}</a><span>{}</span></li>{}{}{}</ul></div></body></html>\n```\n\
         ```html {host}/tzgg/9.html\n<html><head><title>{}_某市公安局</title><meta name=\"SiteName\" content=\"某市公安局\"><meta name=\"ArticleTitle\" content=\"{}\">\
         <meta name=\"PubDate\" content=\"{} 09:30\"><meta name=\"ContentSource\" content=\"某市公安局\"></head><body>\
         <div class=\"position\">当前位置：<a href=\"/\">首页</a> &gt; <a href=\"/tzgg/\">通知公告</a> &gt; 正文</div><div class=\"main\">\
         <h1>{}</h1><div class=\"info\">来源：某市公安局 发布时间：{}</div><div class=\"content\"><p>各科室、直属各单位：</p><p>现将有关事项告知如下，请认真落实，遇有问题及时报告办公室，由办公室统一研究答复。</p></div></div></body></html>\n```\n",
        list.0,
        list.1,
        other(1),
        other(2),
        other(3),
        shown.0,
        tag.0,
        tag.1,
        shown.0,
        shown.1
    );
    let made = cases(&text).unwrap();
    let seen = see(&made[0], &[]);
    let context =
        Context { as_of: made[0].as_of, site: &seen.site, book: &seen.book, calendar: Calendar::built_in(), history: None };
    let mut told = Vec::new();
    for id in RULES {
        let Loaded::Page(rule) = (xuncha::rules::find(id).unwrap().load)(serde_json::json!({})).unwrap() else { panic!("{id}") };
        let said = seen.pages.iter().flat_map(|page| rule.observe(page, &context)).collect::<Vec<_>>();
        // The rule had something to say, or its silence proves nothing.
        assert!(said.iter().any(|o| matches!(o.outcome, Outcome::Passed | Outcome::Failed)), "{id} compared nothing: {text}");
        told.extend(said.into_iter().filter(|o| o.outcome == Outcome::Failed).map(|o| (id, o)));
    }
    told
}

/// Which rule speaks of which place: the list's, or the page's and its tag's.
fn expected(of_list: &'static str, list: usize, shown: usize, tag: usize) -> BTreeSet<&'static str> {
    // The list is wrong where neither the page nor its tag says the same; the tag where the page does not.
    let mut rules = BTreeSet::new();
    if list != shown && list != tag {
        rules.insert(of_list);
    }
    if tag != shown {
        rules.insert("meta-agreement");
    }
    rules
}

#[test]
fn a_title_in_three_places() {
    for at in 0..27 {
        let (list, shown, tag) = (at / 9, at / 3 % 3, at % 3);
        let told = report((TITLES[list], DATES[0]), (TITLES[shown], DATES[0]), (TITLES[tag], DATES[0]));
        let rules: BTreeSet<&str> = told.iter().map(|(id, _)| *id).collect();
        assert_eq!(rules, expected("anchor-mismatch", list, shown, tag), "list {list}, page {shown}, tag {tag}: {told:#?}");
        assert_eq!(told.len(), rules.len(), "once each: {told:#?}");
    }
}

#[test]
fn a_date_in_three_places() {
    for at in 0..27 {
        let (list, shown, tag) = (at / 9, at / 3 % 3, at % 3);
        let told = report((TITLES[0], DATES[list]), (TITLES[0], DATES[shown]), (TITLES[0], DATES[tag]));
        let rules: BTreeSet<&str> = told.iter().map(|(id, _)| *id).collect();
        assert_eq!(rules, expected("date-disagreement", list, shown, tag), "list {list}, page {shown}, tag {tag}: {told:#?}");
        assert_eq!(told.len(), rules.len(), "once each: {told:#?}");
    }
}
