//! The verdicts: read from their file, held against findings.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

/// Findings of each rule that are read, in the order of their fingerprints.
const READ: usize = 30;
/// Share of the verdicts that have to say right, in per cent.
const RIGHT: usize = 98;

/// A finding with what tells it from all others, and what a reader of the page needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub rule: String,
    pub fingerprint: String,
    /// Name of the page's file; of a site its path.
    pub page: String,
    pub message: String,
    pub places: Vec<String>,
    pub occurrences: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    verdict: Vec<Verdict>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdict {
    rule: String,
    page: String,
    fingerprint: String,
    right: bool,
    why: String,
}

type Key = (String, String, String);

fn key(found: &Found) -> Key {
    (found.rule.clone(), found.fingerprint.clone(), found.page.clone())
}

/// Fails on findings without a verdict, on verdicts without their finding, and when too few are right.
pub fn hold(corpus: &str, found: Vec<Found>) {
    let name = format!("tests/verdicts/{corpus}.toml");
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(&name);
    let text = std::fs::read_to_string(&file).expect("verdicts");
    let book: Book = toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    let mut verdicts: BTreeMap<Key, &Verdict> = BTreeMap::new();
    for verdict in &book.verdict {
        assert!(verdict.why.chars().count() > 3, "{name}: a verdict says why: {verdict:?}");
        let key = (verdict.rule.clone(), verdict.fingerprint.clone(), verdict.page.clone());
        assert!(verdicts.insert(key, verdict).is_none(), "{name}: twice: {verdict:?}");
    }
    let all: BTreeSet<Key> = found.iter().map(key).collect();
    let mut rules: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    // One finding seen in several runs is one: the page and the fault are the same.
    let mut seen = BTreeSet::new();
    for finding in found.into_iter().collect::<BTreeSet<_>>() {
        if seen.insert(key(&finding)) {
            rules.entry(finding.rule.clone()).or_default().push(finding);
        }
    }
    let (mut unread, mut right, mut wrong) = (String::new(), 0, Vec::new());
    for (rule, findings) in &rules {
        println!("{corpus}: {rule}: {} findings", findings.len());
        for finding in findings.iter().take(READ) {
            match verdicts.get(&key(finding)) {
                Some(verdict) if verdict.right => right += 1,
                Some(verdict) => wrong.push(format!("{rule} on {}: {}", finding.page, verdict.why)),
                None => ask(&mut unread, finding),
            }
        }
    }
    println!("{corpus}: {right} right, {} wrong", wrong.len());
    wrong.iter().for_each(|line| println!("  wrong: {line}"));
    let stale: Vec<&Key> = verdicts.keys().filter(|key| !all.contains(*key)).collect();
    assert!(
        unread.is_empty(),
        "{corpus}: findings that nobody has read. Open each page, see whether the fault is there, and add to {name}, with \
         `right` and `why` filled in:\n{unread}"
    );
    assert!(
        stale.is_empty(),
        "{name}: these findings are gone; remove their verdicts (or ask why the rule lost them):\n{stale:#?}"
    );
    assert!(right > 0, "{corpus}: nothing was found");
    let read = right + wrong.len();
    assert!(right * 100 >= read * RIGHT, "{corpus}: only {right} of {read} findings are right:\n{}", wrong.join("\n"));
}

/// The entry to be filled in, with what the finding says as a comment.
fn ask(text: &mut String, finding: &Found) {
    let Found { rule, fingerprint, page, message, places, occurrences } = finding;
    let _ = writeln!(text, "\n# {message} (× {occurrences})");
    for place in places.iter().take(4) {
        let _ = writeln!(text, "#   {place}");
    }
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let _ = writeln!(text, "[[verdict]]\nrule = {}\npage = {}", quoted(rule), quoted(page));
    let _ = writeln!(text, "fingerprint = {}\nright = \nwhy = \"\"", quoted(fingerprint));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_a_verdict() {
        let finding = Found {
            rule: "dead-link".into(),
            fingerprint: "00ff".into(),
            page: "a \"b\".html".into(),
            message: "…".into(),
            places: Vec::new(),
            occurrences: 1,
        };
        let mut text = String::new();
        ask(&mut text, &finding);
        let filled = text.replace("right = ", "right = true").replace("why = \"\"", "why = \"read\"");
        let book: Book = toml::from_str(&filled).expect("a verdict");
        assert_eq!((book.verdict[0].page.as_str(), book.verdict[0].right), ("a \"b\".html", true));
    }
}
