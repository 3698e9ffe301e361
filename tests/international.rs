//! The checklist for any government site speaks of nothing Chinese: on real pages in many languages no rule of it looks for a Chinese
//! label. The pages are not part of this repository; without them the second test says so and passes.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
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

/// Files of a gzipped tar archive.
fn untar(path: &PathBuf) -> BTreeMap<String, Vec<u8>> {
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(path).expect("an archive")).read_to_end(&mut bytes).expect("gzip");
    let text = |b: &[u8]| String::from_utf8_lossy(b).trim_end_matches(['\0', ' ']).to_owned();
    let (mut at, mut long, mut files) = (0, None, BTreeMap::new());
    while at + 512 <= bytes.len() && bytes[at] != 0 {
        let header = &bytes[at..at + 512];
        let size = usize::from_str_radix(text(&header[124..136]).trim(), 8).expect("a size");
        let body = bytes[at + 512..at + 512 + size].to_vec();
        match header[156] {
            b'L' => long = Some(text(&body)),
            b'0' | 0 => {
                files.insert(long.take().unwrap_or_else(|| text(&header[..100])), body);
            }
            _ => long = None,
        }
        at += 512 + size.div_ceil(512) * 512;
    }
    files
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
    let folder = std::env::var_os("XUNCHA_CORPORA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"), PathBuf::from);
    let archive = folder.join("dated-pages.tar.gz");
    if !archive.exists() {
        eprintln!("skipped: no dated-pages.tar.gz (set XUNCHA_CORPORA)");
        return;
    }
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
