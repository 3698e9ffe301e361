//! A pattern that is asked only where a word of it occurs: an automaton is built of what it meets, in every thread that asks, and most
//! texts need not be met.

use regex::{Match, Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};

/// Bytes of the automaton that a thread builds of one pattern. Short texts are matched without one nearly as fast.
const AUTOMATON: usize = 96 << 10;
/// Likewise of a pattern for lines.
const AUTOMATON_OF_LINES: usize = 128 << 10;
/// Characters of a class beyond which they are no words that somebody would look for.
const FEW: usize = 12;
/// Words beyond which looking for them costs more than the pattern.
const MOST_WORDS: usize = 80;

/// A pattern for the lines of a page. What a thread builds of a pattern lives as long as the program, long after pages were read: by
/// itself it would grow to two megabytes.
pub fn bounded(text: &str) -> Option<Regex> {
    RegexBuilder::new(text).dfa_size_limit(AUTOMATON_OF_LINES).build().ok()
}

/// A pattern for short texts: titles, names, lines.
#[derive(Debug)]
pub struct Pattern {
    regex: Regex,
    /// One of these is in every match; none: nothing is known.
    words: Vec<String>,
}

impl Pattern {
    /// Compiles a pattern; none when it is none.
    pub fn new(text: &str) -> Option<Self> {
        let regex = RegexBuilder::new(text).dfa_size_limit(AUTOMATON).build().ok()?;
        let parsed = regex_syntax::parse(text).ok()?;
        Some(Pattern { regex, words: needed(&parsed).filter(|words| words.len() <= MOST_WORDS).unwrap_or_default() })
    }

    /// Does it match anywhere?
    pub fn is_match(&self, text: &str) -> bool {
        self.may_match(text) && self.regex.is_match(text)
    }

    /// The first match.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        // Where it begins is asked for only where it matches at all.
        if self.is_match(text) { self.regex.find(text) } else { None }
    }

    fn may_match(&self, text: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| text.contains(word.as_str()))
    }
}

/// Words of which every match holds one; none when there are none such.
fn needed(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![std::str::from_utf8(&literal.0).ok()?.to_owned()]),
        HirKind::Class(Class::Unicode(class)) => {
            let many = class.ranges().iter().map(|range| range.len()).sum::<usize>() > FEW;
            let all = || class.ranges().iter().flat_map(|range| (range.start()..=range.end()).map(String::from));
            (!many).then(|| all().collect())
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub),
        HirKind::Capture(capture) => needed(&capture.sub),
        // The part whose shortest word is longest says most.
        HirKind::Concat(parts) => {
            let shortest = |words: &Vec<String>| words.iter().map(String::len).min();
            parts.iter().filter_map(needed).max_by_key(|words| (shortest(words), std::cmp::Reverse(words.len())))
        }
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(needed(part)?);
            }
            Some(all)
        }
        _ => None,
    }
    .filter(|words| !words.is_empty() && words.iter().all(|word| !word.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PATTERNS: [&str; 8] = [
        r"网站(?:与政务新媒体)?(?:监管)?(?:工作)?报表|网站工作年报",
        r"提案[^,。]{0,40}(?:答复|复函)(?:函|意见)?(?:\([^)]{1,30}\))?$|(?:人大|第?[\da-z]{1,8}号)[^,。]{0,6}(?:建议|提案)$",
        r"^关于.{2,8}(?:建议|提案)$",
        r"(?i)标识码[^0-9]{0,6}(bm\d{2}|\d{4})",
        r"[京津冀]ICP[备证]?\d{2,3}号?",
        r"(?:关于)*",
        r"\d{4}年|第[一二三]号",
        r"(?:办法|规定)?",
    ];

    #[test]
    fn words_are_found_in_what_must_be_there() {
        let words = |pattern: &str| Pattern::new(pattern).map(|p| p.words).unwrap_or_default();
        assert_eq!(words(PATTERNS[0]), ["报表", "网站工作年报"]);
        assert_eq!(words(PATTERNS[2]), ["关于"], "one word rather than two");
        assert_eq!(words(PATTERNS[3]), ["标识码"]);
        assert!(words(PATTERNS[5]).is_empty(), "what may be nothing needs nothing");
        assert!(words(PATTERNS[7]).is_empty());
        assert!(Pattern::new("(").is_none());
    }

    proptest! {
        #[test]
        fn nothing_is_missed(pieces in proptest::collection::vec(proptest::sample::select(vec![
            "网站", "报表", "工作", "提案", "答复", "复函", "人大", "建议", "关于", "号", "第", "一", "12", "2024", "年", "(", ")", "京",
            "ICP", "备", "icp", "标识码", "bm", "办法", ",", "与政务新媒体", "网站工作年报", "a",
        ]), 0..9)) {
            let text = pieces.concat();
            for pattern in PATTERNS {
                let (ours, plain) = (Pattern::new(pattern).expect("compiles"), Regex::new(pattern).expect("compiles"));
                prop_assert_eq!(ours.find(&text).map(|m| m.range()), plain.find(&text).map(|m| m.range()), "{} {}", pattern, text);
                prop_assert_eq!(ours.is_match(&text), plain.is_match(&text));
            }
        }
    }
}
