//! Findings on real pages, held against what reading the page shows: the first 30 of every rule have a verdict in
//! `tests/verdicts/*.toml`, 98 in 100 of them are right, and a new finding fails until it has been read.
//!
//! Three corpora, none of them part of this repository (without them each test says so and passes):
//!
//! - the labelled pages of many sites, each judged alone at the address of its site, then all of them as the folder that they are;
//! - three provinces of a national site, crawled as a folder: it hangs together, so it stands for the site, and what it lacks is gone;
//! - pages in many languages with known dates, under the list for any site: every fourth page, or all with `XUNCHA_VERDICTS=all`.

#[path = "corpora/archive.rs"]
mod archive;
#[path = "verdicts/book.rs"]
mod book;
#[path = "verdicts/judging.rs"]
mod judging;

use archive::{corpus, untar};
use judging::{Judging, KINDS};
use xuncha::url::CanonicalUrl;

/// Of the pages in many languages this many are passed over for one that is judged.
const EVERY: usize = 4;

fn labels(text: &str) -> Vec<serde_json::Value> {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).expect("a label")).collect()
}

fn address(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("an address")
}

/// Calls for every piece of work, two at a time: that is what the machines of CI have.
fn in_two<T: Sync, F: Send>(work: &[T], call: impl Fn(&T) -> Vec<F> + Sync) -> Vec<F> {
    let half = |odd: usize| work.iter().skip(odd).step_by(2).flat_map(&call).collect::<Vec<F>>();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        let mut all = half(0);
        all.extend(other.join().expect("the other half"));
        all
    })
}

#[test]
fn labelled_pages() {
    let Some(folder) = corpus("gov-pages") else { return };
    let labels = labels(&std::fs::read_to_string(folder.join("labels.jsonl")).expect("labels"));
    let judging = Judging::new(&KINDS);
    let mut found = in_two(&labels, |label| {
        let name = label["file"].as_str().expect("a file");
        let host = label["site"].as_str().unwrap_or("page.invalid");
        // Where the label does not say where the page was, its name stands for its path (some names hold it); a home page is at the
        // door.
        let path = match name.strip_prefix("stats--") {
            Some(path) if host == "www.stats.gov.cn" => format!("tjsj/tjbz/tjyqhdmhcxhfdm/{}", path.replace("--", "/")),
            _ if label["page_type"] == "home" => String::new(),
            _ => name.to_owned(),
        };
        let url = label["url"].as_str().map_or_else(|| address(&format!("http://{host}/{path}")), address);
        judging.page(name, url, std::fs::read(folder.join(name)).expect("a page"))
    });
    let pages = labels.iter().filter(|label| label["file"].as_str().is_some_and(|name| !name.ends_with(".pdf"))).count();
    assert!(pages >= 48, "{pages} pages");
    // As a folder they are loose pages: nothing is dead, nothing is missing, and what is wrong with a page is wrong with it there.
    let whole = Judging::new(&KINDS[..1]).folder(&folder, "http://localhost/");
    for finding in &whole {
        assert!(!["dead-link", "dead-attachment", "required-column"].contains(&finding.rule.as_str()), "{finding:?}");
    }
    found.extend(whole);
    book::hold("gov-pages", found);
}

#[test]
fn three_provinces() {
    let Some(archive) = corpus("stats-mirror-3-provinces.tar.gz") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (name, body) in untar(&archive) {
        let file = folder.path().join(&name);
        std::fs::create_dir_all(file.parent().expect("a folder above")).expect("a folder");
        std::fs::write(file, body).expect("written");
    }
    let found = Judging::new(&KINDS[..1]).folder(&folder.path().join("www.stats.gov.cn"), "http://www.stats.gov.cn/");
    let repeated: Vec<_> = found.iter().filter(|f| f.rule == "dead-link" && f.page.contains("www.miibeian.gov.cn")).collect();
    assert!(matches!(repeated.as_slice(), [one] if one.occurrences >= 1_191), "{repeated:#?}");
    book::hold("stats-mirror", found);
}

#[test]
fn dated_pages() {
    let Some(archive) = corpus("dated-pages.tar.gz") else { return };
    let files = untar(&archive);
    let list = files.iter().find(|(name, _)| name.ends_with("labels.jsonl")).expect("labels").1;
    let mut labels = labels(&String::from_utf8_lossy(list));
    labels.sort_by_key(|label| label["file"].as_str().map(str::to_owned));
    let every = if std::env::var("XUNCHA_VERDICTS").is_ok_and(|which| which == "all") { 1 } else { EVERY };
    let labels: Vec<_> = labels.into_iter().step_by(every).collect();
    let judging = Judging::of_list("international");
    let found = in_two(&labels, |label| {
        let name = label["file"].as_str().expect("a file");
        let body = files.iter().find(|(known, _)| known.ends_with(&format!("/{name}"))).expect("a page").1.clone();
        judging.page(name, address(label["url"].as_str().expect("an address")), body)
    });
    assert!(labels.len() >= 70, "{} pages", labels.len());
    book::hold("dated-pages", found);
}
