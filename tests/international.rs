//! The checklist for any government site speaks of nothing Chinese: on real pages in many languages no rule of it looks for a Chinese
//! label. The pages are not part of this repository; without them the second test says so and passes.

#[path = "corpora/archive.rs"]
mod archive;

use archive::{corpus, untar};
use std::collections::BTreeMap;
use xuncha::checklist::calendar::Calendar;
use xuncha::checklist::columns::ColumnBook;
use xuncha::checklist::library;
use xuncha::exchange::{Exchange, Gathering, Method};
use xuncha::facts::page;
use xuncha::facts::site::SiteBuilder;
use xuncha::finding::{Argument, Observation, Outcome};
use xuncha::rules::{Context, Entry, Loaded, find};
use xuncha::text::is_han;
use xuncha::url::CanonicalUrl;

/// Categories whose rules look for what only Chinese sites have to show.
const CHINESE: [&str; 3] = ["metadata", "identity", "documents"];

fn rules() -> Vec<(&'static Entry, Loaded)> {
    let list = library::resolve("international", &ColumnBook::load()).expect("built in").checklist;
    let mut rules = Vec::new();
    for item in &list.items {
        for id in item.rule_ids() {
            let entry = find(id).expect("registered");
            let params = serde_json::to_value(&item.params).expect("JSON");
            rules.push((entry, (entry.load)(params).expect("parameters")));
        }
    }
    rules
}

#[test]
fn no_rule_of_the_list_is_about_chinese_labels() {
    let rules = rules();
    assert!(rules.len() >= 20);
    for (entry, _) in rules {
        assert!(!CHINESE.contains(&entry.category), "{}", entry.id);
    }
}

fn said(observation: &Observation) -> String {
    let mut all: Vec<String> = observation.evidence.values().cloned().collect();
    all.extend(observation.locations.iter().filter_map(|l| l.text.clone()));
    for argument in observation.arguments.values() {
        match argument {
            Argument::Text(text) => all.push(text.clone()),
            Argument::List(list) => all.extend(list.iter().cloned()),
            Argument::Number(_) => {}
        }
    }
    all.join("\n")
}

#[test]
fn foreign_pages_raise_no_finding_about_a_chinese_label() {
    let Some(archive) = corpus("dated-pages.tar.gz") else { return };
    let (rules, book) = (rules(), ColumnBook::load());
    let (mut pages, mut findings, mut by_rule) = (0, 0, BTreeMap::<&str, usize>::new());
    // Every second page: all of them take too long without optimisation.
    for (name, body) in untar(&archive).into_iter().filter(|(name, _)| name.ends_with(".html")).step_by(2) {
        let hex: String = name.bytes().map(|b| format!("{b:02x}")).collect();
        let url = CanonicalUrl::parse(&format!("https://www.agency-demo.gov/{hex}.html")).expect("a URL");
        let exchange = Exchange {
            url: url.clone(),
            method: Method::Get,
            gathering: Gathering::Pages,
            status: 200,
            headers: vec![("content-type".to_owned(), "text/html".to_owned())],
            body: body.into(),
            at: jiff::Timestamp::UNIX_EPOCH,
            hops: 0,
            via: None,
            attempts: 1,
            look: 1,
            elapsed: Some(100),
            profile: Default::default(),
        };
        let Some(page) = page::read(&exchange) else { continue };
        pages += 1;
        let mut builder = SiteBuilder::new(|other: &CanonicalUrl| other.host() == url.host(), &book).homes(vec![url.clone()]);
        builder.add_page(&page);
        let site = builder.finish();
        let day = jiff::civil::date(2026, 3, 20);
        let context = Context { as_of: day, site: &site, book: &book, calendar: Calendar::built_in(), history: None };
        let own_han = page.document.main.iter().chain(&page.document.around).any(|block| block.text.chars().any(is_han));
        for (entry, rule) in &rules {
            let answers = match rule {
                Loaded::Page(rule) => rule.observe(&page, &context),
                Loaded::Site(rule) => rule.observe(&site, &context),
                Loaded::Target(rule) => site.targets.values().flat_map(|target| rule.observe(target, &context)).collect(),
                Loaded::Column(rule) => site.columns.values().flat_map(|column| rule.observe(column, &context)).collect(),
                Loaded::File(_) | Loaded::Report(_) => Vec::new(),
            };
            for answer in answers.iter().filter(|a| a.outcome == Outcome::Failed) {
                findings += 1;
                *by_rule.entry(entry.id).or_default() += 1;
                assert!(own_han || !said(answer).chars().any(is_han), "{name}: {}: {answer:#?}", entry.id);
            }
        }
    }
    assert!(pages > 100, "only {pages} pages");
    assert!(findings > 100, "only {findings} findings: {by_rule:?}");
    eprintln!("{pages} pages, {by_rule:?}");
}
