//! The lexicon of injected advertising, as data: `checklists/lexicon/spam.toml`.

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use serde::Deserialize;
use std::sync::OnceLock;

const SPAM: &str = include_str!("../../checklists/lexicon/spam.toml");

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    class: Vec<Class>,
    warning: Warning,
    lottery: Lottery,
}

/// One kind of advertising.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Class {
    /// Word of the kind.
    pub id: String,
    /// Name for people.
    #[allow(dead_code, reason = "the fixture's words print it; the file keeps it beside the phrases")]
    name: crate::finding::Text,
    phrases: Vec<String>,
    /// Wares that with one of `tails` behind are phrases, too.
    #[serde(default)]
    promoted: Vec<String>,
    #[serde(default)]
    tails: Vec<String>,
    words: Vec<String>,
    /// Words that say all as the whole text of an open link to an unknown host, or as a whole part of a title.
    #[serde(default)]
    open: Vec<String>,
    /// A page that holds one of these writes of the subject.
    pub related: Vec<String>,
    /// So does one that holds two of these.
    #[serde(default)]
    pub hints: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Warning {
    words: Vec<String>,
}

/// Hosts that may speak of betting by law.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lottery {
    /// Host names; their subdomains count too.
    pub hosts: Vec<String>,
}

/// The lexicon, ready to search.
pub(super) struct Lexicon {
    classes: Vec<Class>,
    warning: Vec<String>,
    /// See [`Lottery`].
    pub lottery: Lottery,
    phrases: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    words: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    open: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
}

/// The built-in lexicon. The file is part of the program; a test keeps it readable.
pub(super) fn spam() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| parse(SPAM).unwrap_or_else(|_| Lexicon::of(Vec::new(), Vec::new(), Lottery { hosts: Vec::new() })))
}

/// Does a link advertise by its words? `hidden`: kept from readers, or to a host whose own name advertises: then words count that elsewhere
/// would say nothing. The class and the phrase, of a text shorter than a sentence that does not warn of what it names.
pub(super) fn spam_link(text: &str, host: &str, hidden: bool) -> Option<(&'static Class, String)> {
    const LINE: usize = 80;
    let folded = crate::text::fold(text);
    let loud = || hidden || super::hosts::advertises(host).is_some();
    let (class, phrase) =
        spam().phrase(&folded).or_else(|| spam().segment(&folded)).or_else(|| spam().word(&folded).filter(|_| loud()))?;
    (!spam().warns(&folded) && folded.chars().count() <= LINE).then(|| (class, phrase.to_owned()))
}

fn parse(text: &str) -> Result<Lexicon, toml::de::Error> {
    let file: File = toml::from_str(text)?;
    debug_assert_eq!(file.format, 1);
    Ok(Lexicon::of(file.class, file.warning.words, file.lottery))
}

impl Lexicon {
    fn of(classes: Vec<Class>, warning: Vec<String>, lottery: Lottery) -> Self {
        let phrases = search(&classes, Class::phrases);
        let words = search(&classes, |class| class.words.clone());
        let open = search(&classes, |class| class.open.clone());
        Lexicon { classes, warning, lottery, phrases, words, open }
    }

    /// The first promotional phrase in a folded text.
    pub(super) fn phrase<'a>(&'static self, folded: &'a str) -> Option<(&'static Class, &'a str)> {
        self.first(self.phrases.as_ref()?, folded)
    }

    /// The first word that counts only in links.
    pub(super) fn word<'a>(&'static self, folded: &'a str) -> Option<(&'static Class, &'a str)> {
        self.first(self.words.as_ref()?, folded)
    }

    /// A part of a title between dashes and the like that is nothing but a word of `open`.
    pub(super) fn segment<'a>(&'static self, folded: &'a str) -> Option<(&'static Class, &'a str)> {
        let parts = folded.split(['-', '_', '|', ',', '，', '—', '–', '·', '、']).filter(|part| !part.is_empty());
        let mut whole = parts.filter_map(|part| self.first(self.open.as_ref()?, part).filter(|(_, word)| *word == part));
        whole.next()
    }

    /// Does a folded text warn of what it names?
    pub(super) fn warns(&self, folded: &str) -> bool {
        self.warning.iter().any(|word| folded.contains(word.as_str()))
    }

    fn first<'a>(
        &'static self,
        search: &CharwiseDoubleArrayAhoCorasick<u32>,
        folded: &'a str,
    ) -> Option<(&'static Class, &'a str)> {
        let found = search.leftmost_find_iter(folded).find(|found| is_whole(folded, found.start(), found.end()))?;
        Some((self.classes.get(found.value() as usize)?, &folded[found.start()..found.end()]))
    }
}

/// Latin letters and digits at the ends of a phrase must not go on: `365bet` is not in `1365bet`.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let phrase = &text[start..end];
    let goes_back = latin(phrase.chars().next()) && latin(text[..start].chars().next_back());
    let goes_on = latin(phrase.chars().next_back()) && latin(text[end..].chars().next());
    !goes_back && !goes_on
}

impl Class {
    /// Phrases as written, and every ware with every tail.
    fn phrases(&self) -> Vec<String> {
        let made = self.promoted.iter().flat_map(|ware| self.tails.iter().map(move |tail| format!("{ware}{tail}")));
        let mut all: Vec<String> = self.phrases.iter().cloned().chain(made).collect();
        all.sort();
        all.dedup();
        all
    }
}

fn search(classes: &[Class], of: impl Fn(&Class) -> Vec<String>) -> Option<CharwiseDoubleArrayAhoCorasick<u32>> {
    let patterns: Vec<(String, u32)> =
        classes.iter().enumerate().flat_map(|(at, class)| of(class).into_iter().map(move |p| (p, at as u32))).collect();
    CharwiseDoubleArrayAhoCorasickBuilder::new().match_kind(MatchKind::LeftmostLongest).build_with_values(patterns).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_folded_and_without_repetition() {
        let lexicon = parse(SPAM).unwrap();
        assert!(lexicon.phrases.is_some() && lexicon.words.is_some() && lexicon.open.is_some(), "every list is searchable");
        for class in &lexicon.classes {
            let mut written: Vec<&String> = class.phrases.iter().collect();
            written.dedup();
            assert_eq!(written.len(), class.phrases.len(), "no phrase stands twice");
            let lists =
                [&class.words, &class.open, &class.related, &class.hints, &class.promoted, &class.tails, &lexicon.warning];
            for phrase in class.phrases.iter().chain(lists.into_iter().flatten()) {
                assert_eq!(*phrase, crate::text::fold(phrase));
                assert!(!phrase.is_empty());
            }
        }
    }

    #[test]
    fn phrases_are_whole_and_classed() {
        fn found(text: &str) -> Option<(&str, &str)> {
            spam().phrase(text).map(|(class, phrase)| (class.id.as_str(), phrase))
        }
        assert_eq!(found("cba直播,cba直播在线观看"), Some(("streaming", "cba直播")));
        assert_eq!(found("欢迎来到365bet官网"), Some(("betting", "365bet官网")));
        assert_eq!(found("欢迎来到365bet"), Some(("betting", "365bet")));
        assert_eq!(found("买球登录,六合彩官方网站"), Some(("betting", "买球登录")));
        assert_eq!(found("编号1365better"), None);
        assert_eq!(found("防范网络赌博"), None);
    }
}
