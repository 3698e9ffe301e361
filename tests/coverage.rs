//! Every numbered obligation of the documents is looked after, and COVERAGE.md says so truly.

use regex::Regex;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use xuncha::checklist::obligations::{Document, How, Items, Named, Numbers, coverage, load};
use xuncha::text::fold;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn coverage_is_that_of_today() {
    let text = coverage(&load().expect("reads"), &Items::load().expect("resolve"));
    let committed = std::fs::read_to_string(root().join("checklists/COVERAGE.md")).unwrap_or_default();
    assert!(text == committed, "stale: xuncha checklists coverage > checklists/COVERAGE.md");
}

#[test]
fn every_duty_is_looked_after_as_it_says() {
    let (obligations, items) = (load().expect("reads"), Items::load().expect("resolve"));
    assert_eq!(obligations.format, 1);
    for document in &obligations.documents {
        for clause in &document.clauses {
            assert!(!clause.duties.is_empty(), "{} {}", document.id, clause.number);
            for duty in &clause.duties {
                let place = format!("{} {} {}", document.id, clause.number, duty.quote);
                assert!(!duty.items.is_empty(), "{place}");
                let (mut machine, mut manual) = (0, 0);
                for name in &duty.items {
                    let item = items.find(document, name).unwrap_or_else(|| panic!("{place}: no item {name}"));
                    match item.manual {
                        Some(_) => manual += 1,
                        None => machine += 1,
                    }
                }
                let agrees = match duty.how {
                    How::Machine => machine > 0 && manual == 0 && duty.why.is_none() && duty.awaits.is_empty(),
                    How::PartMachine => machine > 0 && duty.why.is_some(),
                    How::Manual => machine == 0 && duty.why.is_some(),
                };
                assert!(agrees, "{place}: {:?} with {machine} rules' and {manual} people's items", duty.how);
                let named = duty.names.iter().any(|named| *named != Named::Entry);
                assert!(duty.how != How::Manual || !named || !duty.awaits.is_empty(), "{place} names {:?}", duty.names);
            }
        }
    }
}

/// Words that name something which a site shows: a duty that quotes one has to say what it names.
const TELLING: [&str; 14] = [
    "专栏",
    "栏目",
    "清单",
    "办事指南",
    "年度报告",
    "预决算",
    "征求意见",
    "政策解读",
    "问答库",
    "文件库",
    "目录",
    "收费",
    "索引号",
    "复文",
];

#[test]
fn what_names_something_says_so() {
    for document in load().expect("reads").documents {
        for duty in document.clauses.iter().flat_map(|clause| &clause.duties) {
            let told = TELLING.iter().find(|word| fold(&duty.quote).contains(*word));
            assert!(told.is_none() || !duty.names.is_empty(), "{} {}: {told:?}", document.id, duty.quote);
        }
    }
}

#[test]
fn a_rule_that_is_awaited_is_not_there_yet() {
    for document in load().expect("reads").documents {
        for duty in document.clauses.iter().flat_map(|clause| &clause.duties) {
            for rule in &duty.awaits {
                if xuncha::rules::find(rule).is_some() {
                    eprintln!("{} {}: {rule} is there; bind it", document.id, duty.quote);
                }
            }
        }
    }
}

fn texts() -> Option<PathBuf> {
    let folder = std::env::var_os("XUNCHA_SEEDS").map_or_else(|| root().join("../shared/seeds"), PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// The text without the pinyin that a mirror put behind many characters.
fn plain(text: &str) -> String {
    let pinyin = Regex::new(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,7}\)").expect("compiles");
    fold(&pinyin.replace_all(text, ""))
}

/// The numbers of a text's clauses as it prints them.
fn numbers(text: &str, how: Numbers) -> BTreeSet<String> {
    let section = Regex::new(r"^\s*([一二三四五六七八九十]+)、").expect("compiles");
    let clause = Regex::new(r"^\s*[（(]([一二三四五六七八九十]+)[）)]").expect("compiles");
    let point = Regex::new(r"^\s*(\d{1,2})\.").expect("compiles");
    let mut found = BTreeSet::new();
    let mut above: Option<String> = None;
    for line in text.lines() {
        match how {
            Numbers::Clauses => found.extend(clause.captures(line).map(|c| format!("（{}）", &c[1]))),
            Numbers::Points => found.extend(point.captures(line).map(|c| c[1].to_owned())),
            Numbers::Sections => {
                if let Some(c) = section.captures(line) {
                    above = Some(c[1].to_owned());
                    found.insert(c[1].to_owned());
                } else if let (Some(c), Some(above)) = (clause.captures(line), &above) {
                    // A section with clauses is covered by them.
                    found.remove(above);
                    found.insert(format!("{above}（{}）", &c[1]));
                }
            }
        }
    }
    found
}

#[test]
fn every_number_of_the_texts_is_covered_and_every_quote_is_theirs() {
    let Some(folder) = texts() else {
        eprintln!("skipped: the documents are absent");
        return;
    };
    let obligations = load().expect("reads");
    assert_eq!(obligations.documents.len(), 5);
    for document in &obligations.documents {
        let text = std::fs::read_to_string(folder.join(&document.file)).expect("the text reads");
        let plain = plain(&text);
        for duty in document.clauses.iter().flat_map(|clause| &clause.duties) {
            assert!(plain.contains(&fold(&duty.quote)), "{}: not in the text: {}", document.id, duty.quote);
        }
        let printed = numbers(&text, document.numbers);
        let covered: BTreeSet<String> = document.clauses.iter().map(|clause| clause.number.clone()).collect();
        assert_eq!(covered.len(), document.clauses.len(), "{}: a number twice", document.id);
        let missing: Vec<&String> = printed.difference(&covered).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", document.id);
        assert_eq!(unprinted(document, &printed), expected(&document.id), "{}", document.id);
    }
}

/// Clauses of ours that the text does not number.
fn unprinted(document: &Document, printed: &BTreeSet<String>) -> Vec<String> {
    document.clauses.iter().map(|clause| clause.number.clone()).filter(|number| !printed.contains(number)).collect()
}

fn expected(document: &str) -> Vec<&'static str> {
    match document {
        "001" => vec!["元数据"],
        "002" => vec!["结尾"],
        "004" => vec!["前言"],
        _ => Vec::new(),
    }
}
