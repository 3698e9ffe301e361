//! What a page looks like to a reader, as far as its source tells: text lines, regions, hidden parts, weights.
//!
//! One walk over the tree; every other fact reads from its result, so that a page costs one parse and a few linear passes.

pub(super) mod hidden;
mod region;
pub(super) mod sheet;

use super::links::Region;
use super::tree::{Id, Kind, NONE, ROOT, Tree};
use crate::text::is_blank;
use std::collections::HashMap;
use std::fmt::Write;

/// Most steps of a selector.
const STEPS: usize = 6;

/// Text and links of a subtree.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weight {
    /// Visible characters that are no blanks.
    pub(super) text: u32,
    /// Of these, inside links.
    pub(super) linked: u32,
    /// Links.
    pub(super) links: u32,
}

/// One line as a reader sees it: text between block boundaries and line breaks, squeezed, never empty.
pub(super) struct Line {
    /// Squeezed text.
    pub(super) text: String,
    /// The block element it stands in.
    pub(super) node: Id,
    /// Cause, when it is hidden.
    pub(super) hidden: Option<&'static str>,
    /// Characters inside links.
    pub(super) linked: u32,
}

/// The page laid out.
pub(super) struct Layout<'t> {
    /// The tree it was made from.
    pub(super) tree: &'t Tree,
    /// `<body>`, or the root when there is none.
    pub(super) body: Id,
    /// Lines in document order.
    pub(super) lines: Vec<Line>,
    /// By node: weight of the subtree.
    weights: Vec<Weight>,
    /// By node: cause why it is hidden.
    hidden: Vec<Option<&'static str>>,
    /// By node: region.
    regions: Vec<Region>,
    /// By node: place in document order.
    order: Vec<u32>,
    /// By node: how many siblings of its name come up to it.
    nth: Vec<u32>,
}

/// Elements that start a new line.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "frameset"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "marquee"
    )
}

/// Elements whose text no reader sees as text.
fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "head" | "script" | "style" | "template" | "select" | "textarea" | "title" | "object" | "svg" | "math" | "iframe"
    )
}

struct Pending {
    visible: String,
    linked: u32,
    hidden: String,
    cause: Option<&'static str>,
}

impl<'t> Layout<'t> {
    /// Lays a page out.
    pub(super) fn of(tree: &'t Tree) -> Layout<'t> {
        let n = tree.len();
        let body = tree.descendants(ROOT).find(|id| matches!(tree.name(*id), "body" | "frameset")).unwrap_or(ROOT);
        let mut layout = Layout {
            tree,
            body,
            lines: Vec::new(),
            weights: vec![Weight::default(); n],
            hidden: vec![None; n],
            regions: vec![Region::Unknown; n],
            order: vec![u32::MAX; n],
            nth: vec![0; n],
        };
        let preorder: Vec<Id> = tree.descendants(ROOT).collect();
        layout.walk(&preorder);
        layout.write_lines();
        region::mark(&mut layout, &preorder);
        layout
    }

    /// Weight of a subtree.
    pub(super) fn weight(&self, id: Id) -> Weight {
        self.weights.get(id as usize).copied().unwrap_or_default()
    }

    /// Cause why a node is hidden.
    pub(super) fn hidden(&self, id: Id) -> Option<&'static str> {
        self.hidden.get(id as usize).copied().flatten()
    }

    /// Region of a node.
    pub(super) fn region(&self, id: Id) -> Region {
        self.regions.get(id as usize).copied().unwrap_or(Region::Unknown)
    }

    /// Place of a node in document order.
    pub(super) fn order(&self, id: Id) -> u32 {
        self.order.get(id as usize).copied().unwrap_or(u32::MAX)
    }

    /// Does `root` hold `id` (or equal it)?
    pub(super) fn holds(&self, root: Id, id: Id) -> bool {
        root == id || self.tree.ancestors(id).any(|a| a == root)
    }

    /// Text of a subtree, squeezed, about `limit` bytes.
    pub(super) fn text(&self, id: Id, limit: usize) -> String {
        crate::text::squeeze(&self.tree.text(id, limit))
    }

    /// CSS path from the nearest element with a usable id, at most six steps.
    pub(super) fn selector(&self, id: Id) -> String {
        // Every link of every page has one: the way up is noted first, then written in one piece.
        let mut way: [(&str, Option<u32>); STEPS] = [("", None); STEPS];
        let (mut steps, mut begin) = (0, "");
        let mut at = id;
        while at != NONE && at != ROOT && steps < STEPS {
            let Some(element) = self.tree.element(at) else { break };
            if let Some(own) = element.attr("id").filter(|v| is_plain_id(v)) {
                way[steps] = (own, None);
                begin = "#";
                steps += 1;
                break;
            }
            way[steps] = match element.name() {
                name @ ("html" | "body" | "head") => (name, None),
                name if name.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                    (name, Some(self.nth.get(at as usize).copied().unwrap_or(1)))
                }
                _ => ("*", None),
            };
            steps += 1;
            at = self.tree.parent(at);
        }
        let mut selector = String::with_capacity(steps * 24);
        selector.push_str(begin);
        for (number, (name, nth)) in way[..steps].iter().rev().enumerate() {
            if number > 0 {
                selector.push_str(" > ");
            }
            selector.push_str(name);
            if let Some(nth) = nth {
                let _ = write!(selector, ":nth-of-type({nth})");
            }
        }
        selector
    }

    /// Hidden causes, order, names counted among siblings, weights.
    fn walk(&mut self, preorder: &[Id]) {
        let tree = self.tree;
        let mut in_link = vec![false; tree.len()];
        let mut silent = vec![false; tree.len()];
        let mut counts: HashMap<&str, u32> = HashMap::new();
        for (place, &id) in preorder.iter().enumerate() {
            let at = id as usize;
            self.order[at] = place as u32;
            let parent = tree.parent(id);
            if parent != NONE {
                let up = parent as usize;
                (self.hidden[at], in_link[at], silent[at]) = (self.hidden[up], in_link[up], silent[up]);
            }
            match tree.kind(id) {
                Kind::Element(element) => {
                    if self.hidden[at].is_none() {
                        self.hidden[at] = hidden::cause(element);
                    }
                    silent[at] |= is_silent(element.name());
                    if element.name() == "a" && element.attr("href").is_some() {
                        in_link[at] = true;
                        self.weights[at].links = 1;
                    }
                    counts.clear();
                    // The last name is nearly always the one that comes again.
                    let mut run = ("", 0);
                    let mut child = tree.first(id);
                    while child != NONE {
                        if let Some(element) = tree.element(child) {
                            let name = element.name();
                            if run.0 != name {
                                counts.insert(run.0, run.1);
                                run = (name, counts.get(name).copied().unwrap_or_default());
                            }
                            run.1 += 1;
                            self.nth[child as usize] = run.1;
                        }
                        child = tree.next(child);
                    }
                }
                Kind::Text(text) if !silent[at] && self.hidden[at].is_none() => {
                    let count = text.chars().filter(|c| !is_blank(*c)).count() as u32;
                    self.weights[at].text = count;
                    self.weights[at].linked = if in_link[at] { count } else { 0 };
                }
                _ => {}
            }
        }
        for &id in preorder.iter().rev() {
            let parent = tree.parent(id);
            if parent != NONE {
                let own = self.weights[id as usize];
                let sum = &mut self.weights[parent as usize];
                sum.text += own.text;
                sum.linked += own.linked;
                sum.links += own.links;
            }
        }
    }

    /// Visible and hidden text apart, cut at block boundaries and line breaks.
    fn write_lines(&mut self) {
        let tree = self.tree;
        let mut pending = Pending { visible: String::new(), linked: 0, hidden: String::new(), cause: None };
        let mut block = self.body;
        let (mut links, mut preformatted) = (0u32, 0u32);
        let mut at = self.body;
        // A walk with entering and leaving, without recursion.
        'walk: while at != NONE {
            let mut descend = true;
            match tree.kind(at) {
                Kind::Text(text) => {
                    for (n, piece) in text.split('\n').enumerate() {
                        if n > 0 && preformatted > 0 {
                            self.flush(&mut pending, block);
                        } else if n > 0 {
                            pending.visible.push(' ');
                        }
                        match self.hidden[at as usize] {
                            None => {
                                pending.visible.push_str(piece);
                                if links > 0 {
                                    pending.linked += piece.chars().filter(|c| !is_blank(*c)).count() as u32;
                                }
                            }
                            cause => {
                                pending.hidden.push_str(piece);
                                pending.cause = cause;
                            }
                        }
                    }
                }
                Kind::Element(element) => {
                    let name = element.name();
                    if is_silent(name) {
                        descend = false;
                    } else if is_block(name) {
                        self.flush(&mut pending, block);
                        block = at;
                    } else if name == "br" {
                        self.flush(&mut pending, block);
                    }
                    links += u32::from(name == "a");
                    preformatted += u32::from(name == "pre");
                }
                _ => {}
            }
            if descend && tree.first(at) != NONE {
                at = tree.first(at);
                continue;
            }
            loop {
                // Leaving `at`.
                let name = tree.name(at);
                links -= u32::from(name == "a");
                preformatted -= u32::from(name == "pre");
                if is_block(name) {
                    self.flush(&mut pending, block);
                    block = tree.ancestors(at).find(|a| is_block(tree.name(*a))).unwrap_or(self.body);
                }
                if at == self.body {
                    break 'walk;
                }
                if tree.next(at) != NONE {
                    at = tree.next(at);
                    continue 'walk;
                }
                at = tree.parent(at);
                if at == NONE {
                    break 'walk;
                }
            }
        }
        self.flush(&mut pending, block);
    }

    fn flush(&mut self, pending: &mut Pending, node: Id) {
        let visible = crate::text::squeeze(&pending.visible);
        if !visible.is_empty() {
            self.lines.push(Line { text: visible, node, hidden: None, linked: pending.linked });
        }
        if pending.cause.is_some() {
            let text = crate::text::squeeze(&pending.hidden);
            if !text.is_empty() {
                self.lines.push(Line { text, node, hidden: pending.cause, linked: 0 });
            }
        }
        pending.visible.clear();
        pending.hidden.clear();
        pending.linked = 0;
        pending.cause = None;
    }
}

fn is_plain_id(id: &str) -> bool {
    id.len() <= 60
        && id.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blocks_and_hidden_text_stands_apart() {
        let tree = Tree::parse(
            "<body>a <b>b</b><p>c<span style='display: none'>d</span>e<br>f</p><noscript>g</noscript><pre>h\ni</pre><script>x</script>",
        );
        let layout = Layout::of(&tree);
        let lines: Vec<(&str, Option<&str>)> = layout.lines.iter().map(|l| (l.text.as_str(), l.hidden)).collect();
        assert_eq!(
            lines,
            [
                ("a b", None),
                ("ce", None),
                ("d", Some("display-none")),
                ("f", None),
                ("g", Some("noscript")),
                ("h", None),
                ("i", None)
            ]
        );
    }

    #[test]
    fn selectors_start_at_the_nearest_id() {
        let tree = Tree::parse("<div id=main><ul><li>a<li><a href=x>b</a></ul></div><p><a href=y>c</a>");
        let layout = Layout::of(&tree);
        let links: Vec<String> = tree.named("a").map(|id| layout.selector(id)).collect();
        assert_eq!(
            links,
            [
                "#main > ul:nth-of-type(1) > li:nth-of-type(2) > a:nth-of-type(1)",
                "html > body > p:nth-of-type(1) > a:nth-of-type(1)"
            ]
        );
    }
}
