//! The block that holds the text of an article.

use crate::facts::layout::Layout;
use crate::facts::links::Region;
use crate::facts::tree::{Id, NONE, ROOT};
use std::collections::HashMap;

/// Names that content systems give to the container of the text, without `-` and `_`, lower case.
const CONTAINERS: [&str; 34] = [
    "ucapcontent",
    "trseditorview",
    "trseditor",
    "trsueditor",
    "pagescontent",
    "articlecontent",
    "articleconter",
    "artcon",
    "artcontent",
    "zoom",
    "zoomcon",
    "ivscontent",
    "newsbodytxta",
    "vsbcontent",
    "vfdetailcontent",
    "newscontent",
    "newscon",
    "contenttext",
    "contenttxt",
    "detailcontent",
    "infocontent",
    "xxgkcontent",
    "articletext",
    "articlebody",
    "article",
    "wznr",
    "conzw",
    "viewcontent",
    "bmsgcontent",
    "easysiteText",
    "txtcontent",
    "maincontent",
    "content",
    "nr",
];

/// The container of an article's text, when the page has one.
pub(in crate::facts) fn find(layout: &Layout<'_>) -> Option<Id> {
    let dense = by_density(layout);
    if let Some(named) = by_name(layout)
        && dense.is_none_or(|d| layout.holds(named, d) || layout.weight(named).text * 2 > layout.weight(d).text)
    {
        return Some(named);
    }
    dense
}

/// Is most of the subtree text, not links?
fn is_text(layout: &Layout<'_>, id: Id) -> bool {
    let weight = layout.weight(id);
    weight.text >= 30 && weight.linked * 2 < weight.text
}

fn by_name(layout: &Layout<'_>) -> Option<Id> {
    let tree = layout.tree;
    let mut best: Option<(usize, Id)> = None;
    for id in tree.descendants(ROOT) {
        let Some(element) = tree.element(id) else { continue };
        if !matches!(element.name(), "div" | "td" | "article" | "section" | "main" | "ucapcontent") {
            continue;
        }
        let names = element.attr("class").unwrap_or_default().split_whitespace().chain(element.attr("id"));
        for name in names.take(8) {
            let plain: String = name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect();
            if let Some(rank) = CONTAINERS.iter().position(|c| c.eq_ignore_ascii_case(&plain))
                && best.is_none_or(|(r, _)| rank < r)
                && layout.region(id) == Region::Main
                && is_text(layout, id)
            {
                best = Some((rank, id));
            }
        }
    }
    best.map(|(_, id)| id)
}

/// Paragraphs vote for their parent and, with half a voice, for its parent.
fn by_density(layout: &Layout<'_>) -> Option<Id> {
    let tree = layout.tree;
    let mut votes: HashMap<Id, f32> = HashMap::new();
    for line in layout.lines.iter().filter(|l| l.hidden.is_none() && layout.region(l.node) == Region::Main) {
        let length = line.text.chars().count() as u32;
        if length < 20 || line.linked * 3 > length {
            continue;
        }
        let stops = line.text.chars().filter(|c| matches!(c, '，' | '。' | '；' | '、' | ',' | '.' | ';')).count() as f32;
        if stops == 0.0 {
            continue;
        }
        let voice = 1.0 + stops.min(20.0) * 0.5 + (length as f32 / 100.0).min(3.0);
        let parent =
            if matches!(tree.name(line.node), "p" | "li" | "h1" | "h2" | "h3") { tree.parent(line.node) } else { line.node };
        if parent == NONE {
            continue;
        }
        *votes.entry(parent).or_default() += voice;
        let above = tree.parent(parent);
        if above != NONE && above != ROOT {
            *votes.entry(above).or_default() += voice * 0.5;
        }
    }
    votes
        .into_iter()
        .filter(|(id, votes)| *votes >= 3.0 && is_text(layout, *id))
        // Equal votes: the earlier one, so that the answer never depends on the map's order.
        .max_by(|a, b| a.1.total_cmp(&b.1).then(layout.order(b.0).cmp(&layout.order(a.0))))
        .map(|(id, _)| id)
}
