//! Labels, words and forms of each element.

use super::Element;
use crate::text::fold;
use daachorse::CharwiseDoubleArrayAhoCorasick;
use regex::Regex;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

/// Labels and hints by element.
const WORDS: &str = include_str!("../../../checklists/lexicon/elements.toml");

/// What the file holds of one element.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    /// Labels as they stand on real pages.
    labels: Vec<String>,
    /// Words that speak of an element without being its label: while one occurs, nobody says that it is missing.
    hints: Vec<String>,
}

// A test keeps the embedded file right.
static OF_ELEMENT: LazyLock<BTreeMap<Element, Words>> = LazyLock::new(|| toml::from_str(WORDS).unwrap_or_default());

static OF_LABEL: LazyLock<HashMap<String, Vec<Element>>> = LazyLock::new(|| {
    let mut of: HashMap<String, Vec<Element>> = HashMap::new();
    for (element, words) in &*OF_ELEMENT {
        for label in &words.labels {
            of.entry(fold(label)).or_default().push(*element);
        }
    }
    of
});

/// Longest label, in characters.
pub(super) static LONGEST: LazyLock<usize> =
    LazyLock::new(|| OF_LABEL.keys().map(|label| label.chars().count()).max().unwrap_or_default());

/// The elements of a folded label, exactly.
pub(super) fn exactly(label: &str) -> &'static [Element] {
    OF_LABEL.get(label).map_or(&[], Vec::as_slice)
}

/// Endings that leave a heading what it is.
const TAILS: [&str; 19] = [
    "如下",
    "目录",
    "清单",
    "图",
    "说明",
    "要求",
    "信息",
    "一览表",
    "情况",
    "表",
    "简介",
    "介绍",
    "及要求",
    "和要求",
    "明细",
    "下载",
    "示意图",
    "规定",
    "标准",
];

/// The elements of a heading: its name, with or without an ending, or several names joined (办理时间和地点).
pub(super) fn heading(folded: &str) -> Vec<Element> {
    let whole = named(folded);
    if !whole.is_empty() {
        return whole.to_vec();
    }
    let parts: Vec<&str> = folded.split(['和', '及', '与', '、', '/', ',']).filter(|p| !p.is_empty()).collect();
    if !(2..=4).contains(&parts.len()) {
        return Vec::new();
    }
    let first: String = parts[0].chars().take(2).collect();
    let mut found = Vec::new();
    for part in &parts {
        // 办理时间和地点 is 办理时间 and 办理地点.
        let joined = format!("{first}{part}");
        let of = [named(part), named(&joined)].into_iter().find(|e| !e.is_empty());
        found.extend_from_slice(of.unwrap_or_default());
    }
    found
}

fn named(folded: &str) -> &'static [Element] {
    let own = exactly(folded);
    if !own.is_empty() {
        return own;
    }
    TAILS.iter().filter_map(|tail| folded.strip_suffix(tail)).map(exactly).find(|e| !e.is_empty()).unwrap_or_default()
}

static TELEPHONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\d])(?:\(?0\d{2,3}\)?[-—–－ ]{0,2}\d{7,8}|1[3-9]\d{9}|400[-— ]?\d{3}[-— ]?\d{4}|12345|110)(?:[^\d]|$)")
        .ok()
});
static BARE_TELEPHONE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"电\s*话[^\d。；]{0,12}\d{7,8}(?:[^\d]|$)").ok());
static FAX: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"传\s*真[^\d。；邮电]{0,12}\(?\d[\d\-—－ ()]{5,}").ok());
static MAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9_.\-]{2,}(?:@|＠|\(at\)|#)[A-Za-z0-9\-]+\.[A-Za-z]{2,}|https?://|www\.[a-z0-9]|\.gov\.cn").ok()
});
static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\d{1,2}\s*[:：时点]\s*\d{0,2}\s*分?\s*[-—–－~至到]{1,2}\s*(?:下午|上午|次日)?\s*\d{1,2}\s*[:：时点]").ok()
});
static PLACE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\p{Han}(?:路|街|道|巷|大道|大街)\p{Han}{0,6}\s*\d+\s*号").ok());

/// Does the text show the element by its form, label or no label?
pub(super) fn shown(element: Element, text: &str) -> bool {
    // Each pattern with words of which one occurs wherever it matches: looking for them is far cheaper.
    type Pattern = (&'static LazyLock<Option<Regex>>, &'static [&'static str]);
    let patterns: &[Pattern] = match element {
        Element::Phone => &[(&TELEPHONE, &[]), (&BARE_TELEPHONE, &["电"])],
        Element::Fax => &[(&FAX, &["传"])],
        Element::Internet => &[(&MAIL, &["@", "＠", "(at)", "#", "http", "www.", ".gov.cn"])],
        Element::Hours => &[(&CLOCK, &[":", "：", "时", "点"])],
        Element::Address => &[(&PLACE, &["号"])],
        _ => &[],
    };
    patterns
        .iter()
        .filter(|(_, words)| words.is_empty() || words.iter().any(|word| text.contains(word)))
        .any(|(p, _)| p.as_ref().is_some_and(|p| p.find_iter(text).any(|found| !is_of_fax(element, &text[..found.start()]))))
}

/// Is a number that looks like a telephone that of a fax (传真：0752-2808111)?
fn is_of_fax(element: Element, before: &str) -> bool {
    let ahead = before.rsplit('\n').next().unwrap_or_default().chars().rev().take(8).filter(|c| !c.is_whitespace());
    let ahead: String = ahead.collect::<Vec<_>>().into_iter().rev().collect();
    element == Element::Phone && ahead.contains("传真") && !ahead.contains("电话")
}

/// Every word of every element in one automaton, with the elements of each word.
static HINTS: LazyLock<Option<Hints>> = LazyLock::new(Hints::read);

struct Hints {
    automaton: CharwiseDoubleArrayAhoCorasick<u32>,
    elements: Vec<Vec<Element>>,
}

impl Hints {
    fn read() -> Option<Hints> {
        let mut of: BTreeMap<&str, Vec<Element>> = BTreeMap::new();
        for (element, words) in &*OF_ELEMENT {
            for word in words.labels.iter().chain(&words.hints).filter(|w| !w.is_empty()) {
                of.entry(word).or_default().push(*element);
            }
        }
        let automaton = CharwiseDoubleArrayAhoCorasick::new(of.keys()).ok()?;
        Some(Hints { automaton, elements: of.into_values().collect() })
    }
}

/// The elements of which the text has words.
pub(super) fn hinted(text: &str) -> BTreeSet<Element> {
    let mut found = BTreeSet::new();
    let Some(hints) = &*HINTS else { return found };
    for hit in hints.automaton.find_overlapping_iter(text) {
        for element in hints.elements.get(hit.value() as usize).into_iter().flatten() {
            // 20个工作日 is a time limit and speaks of no hours.
            if *element != Element::Hours || !text[..hit.start()].ends_with('个') {
                found.insert(*element);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_knows_labels_of_every_element_in_it() {
        let words: BTreeMap<Element, Words> = toml::from_str(WORDS).expect("parses");
        assert_eq!(words.len(), 19);
        assert!(words.values().all(|w| !w.labels.is_empty()));
    }

    #[test]
    fn headings() {
        for (text, expected) in [
            ("设定依据", vec![Element::Basis]),
            ("申请材料清单", vec![Element::Materials]),
            ("办理流程图", vec![Element::Process]),
            ("办理时间和地点", vec![Element::Hours, Element::Address]),
            ("办公地址、电话", vec![Element::Address, Element::Phone]),
            ("常见问题", vec![]),
            ("我局依据法律办事", vec![]),
        ] {
            assert_eq!(heading(text), expected, "{text}");
        }
    }

    #[test]
    fn hints() {
        assert!(!hinted("本机关自收到申请之日起20个工作日内答复").contains(&Element::Hours));
        assert!(hinted("工作日均可前来").contains(&Element::Hours));
        assert!(hinted("20个工作日").contains(&Element::TimeLimit));
    }

    #[test]
    fn forms() {
        for (element, text, expected) in [
            (Element::Phone, "请拨打0752-2808111。", true),
            (Element::Phone, "电话：2808111", true),
            (Element::Phone, "共计20210305号", false),
            (Element::Phone, "联系电话：\n传真：0752-2808111", false),
            (Element::Phone, "电话及传真：0752-2808111", true),
            (Element::Phone, "传真：0752-2808111　值班：0752-2808112", true),
            (Element::Fax, "传真：0752—2808111", true),
            (Element::Fax, "通过传真方式提交", false),
            (Element::Internet, "xxgk@a.gov.cn", true),
            (Element::Hours, "上午9:00—12:00", true),
            (Element::Hours, "2026年3月2日", false),
            (Element::Address, "某市市民大道10号", true),
            (Element::Address, "国办发10号", false),
        ] {
            assert_eq!(shown(element, text), expected, "{text}");
        }
    }
}
