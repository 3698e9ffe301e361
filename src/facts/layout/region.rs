//! Header, main, footer: by element, by the words that templates use for them, and by what stands there.

use super::Layout;
use crate::facts::links::Region;
use crate::facts::tree::{Element, Id, NONE};

/// Text of a footer never is longer, whatever its class is called.
const MAX_FOOTER: u32 = 2_500;

/// Marks every node; parents come before children in `preorder`.
pub(super) fn mark(layout: &mut Layout<'_>, preorder: &[Id]) {
    let tree = layout.tree;
    let total = layout.weight(layout.body).text.max(1);
    let by_content = footer_by_content(layout, total);
    for &id in preorder {
        let parent = tree.parent(id);
        let inherited = if parent == NONE { Region::Unknown } else { layout.region(parent) };
        let own = match tree.element(id) {
            None => inherited,
            Some(_) if id == layout.body => Region::Main,
            Some(element) if inherited == Region::Main => {
                let weight = layout.weight(id);
                let small = weight.text <= MAX_FOOTER && weight.text * 2 < total + 200;
                if Some(id) == by_content || (small && is_footer(element)) {
                    Region::Footer
                } else if is_header(element) && !is_article_part(layout, id) {
                    Region::Header
                } else {
                    Region::Main
                }
            }
            Some(_) => inherited,
        };
        layout.regions[id as usize] = own;
    }
}

/// Class names and the id of an element, lower case.
fn words(element: &Element) -> Vec<String> {
    let classes = element.attr("class").unwrap_or_default();
    let id = element.attr("id").unwrap_or_default();
    classes
        .split_whitespace()
        .chain(std::iter::once(id))
        .filter(|w| !w.is_empty())
        .take(12)
        .map(str::to_ascii_lowercase)
        .collect()
}

fn is_footer(element: &Element) -> bool {
    if element.name() == "footer" || element.attr("role") == Some("contentinfo") {
        return true;
    }
    words(element).iter().any(|word| {
        (word.contains("foot") && !word.contains("note"))
            || word.contains("copyright")
            || word.contains("copyr")
            || word == "bottom"
            || word == "banquan"
            || word == "bq"
    })
}

fn is_header(element: &Element) -> bool {
    if matches!(element.name(), "header" | "nav") || matches!(element.attr("role"), Some("banner" | "navigation")) {
        return true;
    }
    if !matches!(element.name(), "div" | "ul" | "table" | "td" | "section" | "center") {
        return false;
    }
    words(element).iter().any(|word| {
        matches!(
            word.as_str(),
            "header" | "head" | "nav" | "navbar" | "menu" | "topbar" | "banner" | "logo" | "topnav" | "mainnav" | "navi"
        ) || word.starts_with("header_")
            || word.starts_with("header-")
            || word.starts_with("nav_")
            || word.starts_with("nav-")
            || word.starts_with("menu_")
            || word.starts_with("menu-")
            || word.ends_with("_nav")
            || word.ends_with("-nav")
            || word.ends_with("_menu")
            || word.ends_with("-menu")
    })
}

/// The header of an article is no header of the page: it holds little beside a title and no navigation.
fn is_article_part(layout: &Layout<'_>, id: Id) -> bool {
    let tree = layout.tree;
    let mut inside = tree.ancestors(id);
    if inside.any(|a| matches!(tree.name(a), "article" | "main")) {
        return true;
    }
    let weight = layout.weight(id);
    weight.links <= 2 && weight.text > 20 && tree.descendants(id).take(40).any(|n| matches!(tree.name(n), "h1" | "h2" | "h3"))
}

/// The block around the last filing number or site code: the largest one that is still small.
fn footer_by_content(layout: &Layout<'_>, total: u32) -> Option<Id> {
    let markers = ["ICP备", "icp备", "网站标识码", "公网安备", "版权所有", "網站標識碼"];
    let line = layout
        .lines
        .iter()
        .rev()
        .take(400)
        .find(|l| markers.iter().any(|m| l.text.contains(m)) && l.text.chars().count() < 600)?;
    let mut found = None;
    let mut at = line.node;
    while at != NONE && at != layout.body {
        let weight = layout.weight(at);
        let has_heading = || layout.tree.descendants(at).take(300).any(|n| layout.tree.name(n) == "h1");
        if weight.text > 800 || weight.text * 2 > total || weight.links > 60 || has_heading() {
            break;
        }
        found = Some(at);
        at = layout.tree.parent(at);
    }
    found
}
