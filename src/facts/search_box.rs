//! Does the page offer a search? Any sign of one in the source counts: boxes are drawn in many ways.

use super::layout::Layout;
use super::tree::{Element, ROOT};
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// What shows a search.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SearchBox {
    /// The first control, form, link or button that speaks of searching: its line and what says so.
    pub seen: Option<(u32, String)>,
    /// Does a script, a style or a comment of the source speak of searching, so that a box may come by script?
    pub mentioned: bool,
}

/// Words in names, addresses and labels, folded.
const WORDS: [&str; 24] = [
    "search",
    "sousuo",
    "jiansuo",
    "jsearch",
    "搜索",
    "检索",
    "搜一搜",
    "搜本站",
    "全文搜",
    "站内搜",
    "recherche",
    "suche",
    "buscar",
    "busca",
    "buscador",
    "cerca",
    "ricerca",
    "zoek",
    "поиск",
    "検索",
    "검색",
    "szukaj",
    "sök",
    "بحث",
];

/// Bytes of the source that are searched for a word.
const MOST: usize = 1 << 20;

/// Reads the page.
pub(super) fn read(layout: &Layout<'_>, source: &str) -> SearchBox {
    let tree = layout.tree;
    let seen = tree.descendants(ROOT).filter_map(|id| Some((id, tree.element(id)?))).find_map(|(id, element)| {
        let said = match element.name() {
            "form" | "input" | "button" | "img" => {
                sign(element, &["id", "class", "name", "action", "placeholder", "value", "title", "alt", "type", "aria-label"])
            }
            "a" => {
                sign(element, &["href", "title", "class", "id"]).or_else(|| Some(layout.text(id, 60)).filter(|text| speaks(text)))
            }
            "div" | "span" | "li" | "iframe" | "search" => {
                if element.name() == "search" {
                    Some("<search>".to_owned())
                } else {
                    sign(element, &["id", "class", "role", "src"])
                }
            }
            _ => None,
        }?;
        Some((element.line, crate::text::shorten(&said, 100)))
    });
    let mentioned = seen.is_some() || WORDS.iter().any(|word| contains_ascii(source, word));
    SearchBox { seen, mentioned }
}

fn sign(element: &Element, attributes: &[&str]) -> Option<String> {
    attributes.iter().filter_map(|name| element.attr(name)).find(|value| value.len() < 400 && speaks(value)).map(str::to_owned)
}

fn speaks(text: &str) -> bool {
    let text = fold(text);
    WORDS.iter().any(|word| text.contains(word))
}

/// Without folding the whole source: letters of ASCII words in either case.
fn contains_ascii(source: &str, word: &str) -> bool {
    let (source, word) = (&source.as_bytes()[..source.len().min(MOST)], word.as_bytes());
    source.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tree::Tree;

    #[test]
    fn signs_of_a_search() {
        let of = |source: &str| {
            let tree = Tree::parse(source);
            read(&Layout::of(&tree), source)
        };
        for source in [
            "<input type=search>",
            "<form action=/jsearch/>",
            "<a href=/s>站内搜索</a>",
            "<input placeholder=请输入搜索内容>",
            "<div class=SearchBox>",
        ] {
            assert!(of(source).seen.is_some(), "{source}");
        }
        let scripted = of("<script>document.write(searchHtml)</script><p>x");
        assert!(scripted.seen.is_none() && scripted.mentioned);
        assert!(!of("<p>研究</p><a href=/a>新闻</a>").mentioned);
    }
}
