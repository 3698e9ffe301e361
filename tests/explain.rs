//! The pages of the rules are those of today.

use std::collections::BTreeMap;
use std::path::Path;
use xuncha::cli::explain::pages;

#[test]
fn the_pages_of_the_rules_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let committed: BTreeMap<String, String> = std::fs::read_dir(&folder)
        .map(|entries| entries.flatten().collect::<Vec<_>>())
        .unwrap_or_default()
        .into_iter()
        .filter_map(|e| Some((e.file_name().into_string().ok()?, std::fs::read_to_string(e.path()).ok()?)))
        .collect();
    let current = pages::all().expect("every rule is explained");
    let stale: Vec<&String> =
        current.iter().filter(|(name, text)| committed.get(*name) != Some(text)).map(|(name, _)| name).collect();
    let gone: Vec<&String> = committed.keys().filter(|name| !current.contains_key(*name)).collect();
    assert!(stale.is_empty() && gone.is_empty(), "xuncha explain --all --out docs/rules: stale {stale:?}, gone {gone:?}");
}

#[test]
fn a_page_shows_clause_parameters_and_both_examples() {
    let pages = pages::all().expect("every rule is explained");
    let page = &pages["column-freshness.md"];
    for part in [
        "国办秘函〔2019〕19号",
        "verified",
        "`national-inspection-2019` V4-1",
        "window_days",
        "好的例子",
        "坏的例子",
        "怎么改",
        "http://",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    assert!(pages["README.md"].contains("[dead-link](dead-link.md)"));
    assert!(pages["article-meta.md"].contains("`hanweb`:"));
}
