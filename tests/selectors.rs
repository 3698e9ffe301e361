//! The CSS path that a link fact carries selects, in an independent tree (`scraper`), an element with that very attribute.

use std::path::{Path, PathBuf};
use xuncha::exchange::{Exchange, Gathering, Method};
use xuncha::facts::links::Role;
use xuncha::facts::page;
use xuncha::url::CanonicalUrl;

fn pages(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("fixture folder reads").flatten() {
        let path = entry.path();
        if path.is_dir() {
            pages(&path, into);
        } else if path.extension().is_some_and(|e| e == "html") {
            into.push(path);
        }
    }
}

fn attribute(role: Role) -> &'static str {
    match role {
        Role::Anchor | Role::Style => "href",
        _ => "src",
    }
}

#[test]
fn css_paths_find_their_elements_in_another_tree() {
    let mut files = Vec::new();
    pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites"), &mut files);
    files.sort();
    let mut checked = 0;
    let mut faults = Vec::new();
    for file in files.iter().step_by(5) {
        let bytes = std::fs::read(file).expect("page reads");
        // The other tree is given text; pages in GB18030 have tests of their own.
        let Ok(text) = String::from_utf8(bytes.clone()) else { continue };
        let exchange = Exchange {
            url: CanonicalUrl::parse("http://www.xuncha-demo.gov.cn/a/b.html").expect("parses"),
            method: Method::Get,
            gathering: Gathering::Pages,
            status: 200,
            headers: vec![("content-type".into(), "text/html; charset=utf-8".into())],
            body: bytes.into(),
            at: jiff::Timestamp::UNIX_EPOCH,
            hops: 0,
            via: None,
            attempts: 1,
            look: 1,
            elapsed: None,
            profile: Default::default(),
        };
        let facts = page::read(&exchange).expect("a fixture page is HTML");
        let tree = scraper::Html::parse_document(&text);
        for link in facts.links.iter().filter(|l| matches!(l.role, Role::Anchor | Role::Image | Role::Frame)) {
            let Ok(selector) = scraper::Selector::parse(&link.selector) else {
                faults.push(format!("{}: {:?} is no selector", file.display(), link.selector));
                continue;
            };
            let wanted = link.raw.trim();
            if tree.select(&selector).any(|e| e.value().attr(attribute(link.role)).is_some_and(|v| v.trim() == wanted)) {
                checked += 1;
            } else {
                faults.push(format!("{}: {:?} does not lead to {wanted:?}", file.display(), link.selector));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), checked + faults.len(), faults[..faults.len().min(20)].join("\n"));
    assert!(checked > 300, "only {checked} links checked");
}
