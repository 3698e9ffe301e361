//! Words that are written wrong, as data (`checklists/lexicon/wrong-words.toml`), and looking for them in a page: shared by the rules
//! about ordinary and about severe ones. One word is of one level, so that no two rules tell the same fault.

use crate::facts::links::Role;
use crate::facts::{Page, Site};
use crate::finding::{Location, Locus, Observation};
use crate::text::{narrow, shorten};
use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const WORDS: &str = include_str!("../../checklists/lexicon/wrong-words.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code, reason = "read to refuse another format")]
    format: u32,
    severe: Vec<Word>,
    ordinary: Vec<Word>,
    sources: BTreeMap<String, String>,
}

/// One word of the table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Word {
    /// As it stands on a page.
    pub wrong: String,
    /// What is meant.
    pub right: String,
    /// Right strings that hold the wrong one.
    #[serde(default)]
    pub exceptions: Vec<String>,
    /// Words of which one has to stand in the same line.
    #[serde(default)]
    pub near: Vec<String>,
    /// Where it is from: a key of the table's sources, or a text.
    #[serde(default)]
    pub source: String,
}

/// How grave a wrong word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// Names of the State, of bodies and leaders, set phrases.
    Severe,
    /// Everything else.
    Ordinary,
}

/// The table, ready to search.
pub(super) struct Table {
    words: Vec<(Level, Word)>,
    sources: BTreeMap<String, String>,
    search: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
}

/// The built-in table; a test keeps it readable.
fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| parse(WORDS).unwrap_or(Table { words: Vec::new(), sources: BTreeMap::new(), search: None }))
}

fn parse(text: &str) -> Result<Table, toml::de::Error> {
    let file: File = toml::from_str(text)?;
    let severe = file.severe.into_iter().map(|word| (Level::Severe, word));
    let words: Vec<(Level, Word)> = severe.chain(file.ordinary.into_iter().map(|word| (Level::Ordinary, word))).collect();
    Ok(Table { search: search(words.iter().map(|(_, word)| word)), words, sources: file.sources })
}

fn search<'a>(words: impl Iterator<Item = &'a Word>) -> Option<CharwiseDoubleArrayAhoCorasick<u32>> {
    let patterns: Vec<(&str, u32)> = words.enumerate().map(|(at, word)| (word.wrong.as_str(), at as u32)).collect();
    if patterns.is_empty() {
        return None;
    }
    CharwiseDoubleArrayAhoCorasickBuilder::new().match_kind(MatchKind::LeftmostLongest).build_with_values(patterns).ok()
}

/// A line that speaks about a wrong word quotes it.
const QUOTING: [&str; 14] =
    ["错别字", "错字", "误写", "误为", "写成", "错写", "更正", "勘误", "应为", "纠错", "改为", "错误表述", "表述错误", "误用"];
/// Characters shown around a word.
const AROUND: usize = 14;
/// Places told of one word.
const PLACES: usize = 50;
/// Different words told of one page.
const MOST: usize = 30;

/// One answer for each wrong word of the page; passed when there is none. `more` joins the built-in words of that level.
///
/// A title that a list repeats is told of the page that bears it, not of every list.
pub(super) fn observe(page: &Page, site: &Site, level: Level, more: &[Word]) -> Vec<Observation> {
    let mut found: BTreeMap<&str, (&Word, Vec<String>)> = BTreeMap::new();
    let table = table();
    let own = search(more.iter());
    let title = std::iter::once(page.document.title.as_str());
    let blocks = page.document.main.iter().chain(&page.document.around).map(|block| block.text.as_str());
    for line in title.chain(blocks) {
        let text = narrow(line);
        let built_in = table.search.iter().flat_map(|s| s.leftmost_find_iter(&*text)).filter_map(|hit| {
            let (own, word) = table.words.get(hit.value() as usize)?;
            (*own == level).then_some((word, hit.start(), hit.end()))
        });
        let added = own
            .iter()
            .flat_map(|s| s.leftmost_find_iter(&*text))
            .filter_map(|hit| Some((more.get(hit.value() as usize)?, hit.start(), hit.end())));
        for (word, start, end) in built_in.chain(added) {
            if is_fault(word, &text, start) && !is_other_title(page, site, word, &text) {
                let places = &mut found.entry(&word.wrong).or_insert((word, Vec::new())).1;
                let quote = around(&text, start, end);
                if places.len() < PLACES && !places.contains(&quote) {
                    places.push(quote);
                }
            }
        }
    }
    if found.is_empty() {
        return vec![Observation::passed()];
    }
    found.into_values().take(MOST).map(|(word, places)| told(page, word, &places)).collect()
}

fn is_fault(word: &Word, text: &str, start: usize) -> bool {
    let excepted = word.exceptions.iter().any(|right| {
        right.match_indices(word.wrong.as_str()).any(|(at, _)| {
            start.checked_sub(at).and_then(|from| text.get(from..from + right.len())).is_some_and(|there| there == right)
        })
    });
    let placed = word.near.is_empty() || word.near.iter().any(|near| text.contains(near.as_str()));
    !excepted && placed && !QUOTING.iter().any(|sign| text.contains(sign)) && !text.contains(&format!("“{}”", word.wrong))
}

/// Is the word part of a link's text that repeats the title of another page of the site, which has the word itself?
fn is_other_title(page: &Page, site: &Site, word: &Word, text: &str) -> bool {
    let links = page.links.iter().filter(|link| link.role == Role::Anchor && !link.text.is_empty());
    let mut repeated = links.filter_map(|link| Some((narrow(&link.text), link.target.as_ref()?)));
    repeated.any(|(shown, target)| {
        shown.contains(&word.wrong)
            && text.contains(&*shown)
            && *target != page.url
            && site.pages.get(target).is_some_and(|other| narrow(&other.title).contains(&word.wrong))
    })
}

fn around(text: &str, start: usize, end: usize) -> String {
    let from = text[..start].char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let to = text[end..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| end + at);
    text[from..to].trim().to_owned()
}

fn told(page: &Page, word: &Word, places: &[String]) -> Observation {
    let source = table().sources.get(&word.source).unwrap_or(&word.source);
    let mut observation = Observation::failed("wrong")
        .suspected()
        .at(Locus::Name(word.wrong.clone()))
        .with("wrong", word.wrong.as_str())
        .with("right", word.right.as_str())
        .with("quote", shorten(places.first().map_or("", String::as_str), 60))
        .prove("wrong", word.wrong.as_str())
        .prove("right", word.right.as_str())
        .prove("source", source.as_str())
        .count(places.len() as u64);
    for quote in places {
        observation = observation.seen(Location::text(&page.url, quote.as_str()));
    }
    observation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        let table = parse(WORDS).unwrap();
        assert!(table.search.is_some(), "no word stands twice");
        assert!(table.words.len() >= 300);
        for (_, word) in &table.words {
            assert!(!word.right.contains(&word.wrong) && word.wrong.chars().count() >= 2, "{word:?}");
            assert!(word.exceptions.iter().all(|right| right.contains(&word.wrong) && *right != word.wrong), "{word:?}");
            assert!(table.sources.contains_key(&word.source), "{word:?}");
        }
        // A word inside another one of the other level would be told by the wrong rule.
        for (level, word) in &table.words {
            let inside =
                table.words.iter().find(|(other, w)| other != level && w.wrong != word.wrong && w.wrong.contains(&word.wrong));
            assert!(inside.is_none(), "{word:?} in {inside:?}");
        }
    }

    #[test]
    fn exceptions_and_quotations_are_no_faults() {
        let word =
            Word { wrong: "布署".into(), right: "部署".into(), exceptions: vec!["公布署".into()], ..Word::default() };
        let fault = |text: &str| text.find("布署").is_some_and(|at| is_fault(&word, text, at));
        assert!(fault("认真布署工作"));
        assert!(!fault("名单公布署名单位"));
        assert!(!fault("将“布署”改为“部署”"));
        assert_eq!(around("一二三布署四五六", 9, 15), "一二三布署四五六");
    }
}
