//! The breadcrumb trail (当前位置).

use super::layout::{Layout, Line};
use super::links::{Region, Resolver};
use super::tree::{Id, NONE};
use crate::text::{shorten, squeeze};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Crumb {
    /// Name as shown.
    pub name: String,
    /// Its link, where it has one.
    pub url: Option<CanonicalUrl>,
}

/// The trail from the home page to here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Breadcrumb {
    /// Outermost first; 首页 included when shown.
    pub steps: Vec<Crumb>,
}

impl Breadcrumb {
    /// Names of the steps without 首页 and 正文, outermost first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|s| s.name.as_str()).filter(|n| !is_home(n) && !matches!(*n, "正文" | "内容" | "列表" | "详情"))
    }
}

const MARKERS: [&str; 9] =
    ["当前位置", "您的位置", "所在位置", "现在位置", "您的当前位置", "您现在的位置", "你的位置", "當前位置", "现在的位置"];

/// Most steps of a trail.
const MAX_STEPS: usize = 12;

fn is_home(name: &str) -> bool {
    matches!(name, "首页" | "网站首页" | "首 页" | "主页" | "首頁" | "Home" | "HOME" | "返回首页")
}

/// Does a line begin as a trail does?
pub(super) fn begins_trail(line: &str) -> bool {
    let line = line.trim_start();
    MARKERS.iter().any(|marker| line.starts_with(marker))
}

/// Finds the trail: after a marker (当前位置), in an element that is named a trail, or as `首页 > …`.
pub(super) fn read(layout: &Layout<'_>, resolver: &Resolver) -> Option<Breadcrumb> {
    let lines = || {
        layout
            .lines
            .iter()
            .filter(|l| l.hidden.is_none() && layout.region(l.node) != Region::Footer && l.text.len() < 900)
            .take(800)
    };
    let marked = lines().find(|l| MARKERS.iter().any(|m| l.text.contains(m)));
    let shown = || {
        lines().find(|l| {
            let text = l.text.trim_start_matches(|c: char| !crate::text::is_alphanumeric(c));
            l.linked > 0
                && ["首页", "网站首页", "首頁"].iter().any(|h| text.starts_with(h))
                && l.text.contains(['>', '»', '›', '＞', '→'])
        })
    };
    let named = || lines().find(|l| is_trail(layout, l) && l.linked > 0);
    [marked, shown(), named()].into_iter().flatten().find_map(|line| trail(layout, resolver, line))
}

fn is_trail(layout: &Layout<'_>, line: &Line) -> bool {
    let tree = layout.tree;
    std::iter::once(line.node).chain(tree.ancestors(line.node)).take(3).enumerate().any(|(above, id)| {
        // <nav aria-label="breadcrumb"><ol><li>: as people who cannot see it are told.
        let said = tree.attr(id, "aria-label").map(str::to_ascii_lowercase).unwrap_or_default();
        if ["breadcrumb", "面包屑", "当前位置", "所在位置"].iter().any(|word| said.contains(word)) {
            return true;
        }
        // Names say less than labels: only near the line.
        if above > 1 {
            return false;
        }
        let names = tree.attr(id, "class").unwrap_or_default().split_whitespace().chain(tree.attr(id, "id"));
        names.map(str::to_ascii_lowercase).any(|n| {
            ["breadcrumb", "crumb", "dqwz", "curmb", "currentloc", "weizhi", "position"].iter().any(|w| n.contains(w))
                || n == "location"
                || n == "local"
        })
    })
}

fn trail(layout: &Layout<'_>, resolver: &Resolver, line: &Line) -> Option<Breadcrumb> {
    let tree = layout.tree;
    // The steps stand in the block of the marker, or beside it in one of the next larger blocks.
    let mut holder = line.node;
    for _ in 0..3 {
        if layout.weight(holder).links > 0 {
            break;
        }
        let parent = tree.parent(holder);
        if parent == NONE || parent == layout.body || layout.weight(parent).text > 400 {
            break;
        }
        holder = parent;
    }
    // A list of steps: each stands in an item of its own.
    let list = tree.parent(holder);
    let whole = |list: Id| layout.weight(list).links <= MAX_STEPS as u32 && layout.weight(list).text <= 400;
    if tree.name(holder) == "li" && layout.weight(holder).links == 1 && matches!(tree.name(list), "ul" | "ol") && whole(list) {
        holder = list;
    }
    if layout.weight(holder).links == 0 || layout.weight(holder).links > 30 || layout.weight(holder).text > 600 {
        return None;
    }
    let start = if holder == line.node { line.node } else { holder };
    let mut steps: Vec<Crumb> = Vec::new();
    let mut last_link: Option<Id> = None;
    for id in tree.descendants(start) {
        if tree.name(id) != "a" || steps.len() >= MAX_STEPS {
            continue;
        }
        let name = clean(&layout.text(id, 400));
        if name.is_empty() || name.chars().count() > 40 {
            continue;
        }
        steps.push(Crumb { name, url: tree.attr(id, "href").and_then(|h| resolver.resolve(h)) });
        last_link = Some(id);
    }
    if let Some(last) = last_link {
        let whole = layout.text(start, 2_000);
        let name = layout.text(last, 400);
        if let Some(at) = whole.rfind(&name) {
            let rest = clean(&whole[at + name.len()..]);
            let rest = rest.split(['>', '»', '›', '＞']).map(clean).rfind(|r| !r.is_empty()).unwrap_or_default();
            if !rest.is_empty() && rest.chars().count() <= 80 && steps.len() < MAX_STEPS {
                steps.push(Crumb { name: rest, url: None });
            }
        }
    }
    (!steps.is_empty()).then_some(Breadcrumb { steps })
}

fn clean(text: &str) -> String {
    let mut text = squeeze(text);
    for marker in MARKERS {
        if let Some(at) = text.find(marker) {
            text = text[at + marker.len()..].to_owned();
        }
    }
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || ">»›＞→:：|/\\-·".contains(c));
    shorten(trimmed, 80)
}
