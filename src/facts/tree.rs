//! A page as an arena tree: parsed once, walked without recursion, dropped at once.
//!
//! html5ever parses into our own nodes, because facts need the source line of each element and because hostile input (deep
//! nesting, tags with a hundred thousand attributes, formatting elements that multiply) must be bounded while it is parsed.

mod bound;
mod sink;

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, local_name};
use std::cell::OnceCell;

/// Index of a node.
pub(super) type Id = u32;

/// No node.
pub(super) const NONE: Id = u32::MAX;

/// The document node.
pub(super) const ROOT: Id = 0;

/// What a node is.
pub(super) enum Kind {
    /// The document, or the contents of a template.
    Document,
    /// An element.
    Element(Box<Element>),
    /// Text.
    Text(StrTendril),
    /// Comments and processing instructions.
    Other,
}

/// An element with its source line.
pub(super) struct Element {
    name: QualName,
    attrs: Vec<Attribute>,
    /// Source line, from 1.
    pub(super) line: u32,
    template: Id,
}

struct Node {
    parent: Id,
    first: Id,
    last: Id,
    prev: Id,
    next: Id,
    depth: u32,
    kind: Kind,
}

/// The parsed page.
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// Was something left out at a limit?
    pub(super) cut: bool,
    /// Elements that are asked for by name or attribute; made when it is asked for.
    index: OnceCell<Index>,
}

/// Elements in document order, by what collectors look for in the whole page: one walk finds them all.
#[derive(Default)]
struct Index {
    named: Vec<(LocalName, Vec<Id>)>,
    bearing: [Vec<Id>; BORNE.len()],
}

/// Attributes that few elements have, and of which collectors want every one; those of a row are asked for together.
const BORNE: [&[&str]; 2] = [&["sitecode", "site_code"], &["include", "data-include", "w3-include-html"]];

/// Names of elements of which collectors want every one.
fn is_asked_for(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("a")
            | local_name!("base")
            | local_name!("form")
            | local_name!("h1")
            | local_name!("script")
            | local_name!("style")
            | local_name!("textarea")
            | local_name!("title")
    )
}

impl Element {
    /// Local name, lower case.
    pub(super) fn name(&self) -> &str {
        &self.name.local
    }

    /// Value of an attribute; `name` in lower case.
    pub(super) fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|a| &*a.name.local == name).map(|a| &*a.value)
    }
}

impl Tree {
    /// Parses decoded source.
    pub(super) fn parse(source: &str) -> Tree {
        bound::parse(source)
    }

    /// Number of nodes; ids are below it.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    fn node(&self, id: Id) -> &Node {
        // Ids come from this tree only; the root stands in for anything else.
        self.nodes.get(id as usize).unwrap_or(&self.nodes[0])
    }

    /// What a node is.
    pub(super) fn kind(&self, id: Id) -> &Kind {
        &self.node(id).kind
    }

    /// The element, when the node is one.
    pub(super) fn element(&self, id: Id) -> Option<&Element> {
        match &self.node(id).kind {
            Kind::Element(element) => Some(element),
            _ => None,
        }
    }

    /// Local name of an element; empty for other nodes.
    pub(super) fn name(&self, id: Id) -> &str {
        self.element(id).map_or("", Element::name)
    }

    /// Attribute of an element.
    pub(super) fn attr(&self, id: Id, name: &str) -> Option<&str> {
        self.element(id)?.attr(name)
    }

    /// Parent, or [`NONE`].
    pub(super) fn parent(&self, id: Id) -> Id {
        self.node(id).parent
    }

    /// First child, or [`NONE`].
    pub(super) fn first(&self, id: Id) -> Id {
        self.node(id).first
    }

    /// Next sibling, or [`NONE`].
    pub(super) fn next(&self, id: Id) -> Id {
        self.node(id).next
    }

    /// Next sibling that is an element, or [`NONE`].
    pub(super) fn next_element(&self, id: Id) -> Id {
        let mut next = self.next(id);
        while next != NONE && self.element(next).is_none() {
            next = self.next(next);
        }
        next
    }

    /// Previous sibling that is an element, or [`NONE`].
    pub(super) fn previous_element(&self, id: Id) -> Id {
        let mut previous = self.node(id).prev;
        while previous != NONE && self.element(previous).is_none() {
            previous = self.node(previous).prev;
        }
        previous
    }

    /// The node after `id` in document order within the subtree of `root`, or [`NONE`].
    pub(super) fn following(&self, id: Id, root: Id) -> Id {
        if self.first(id) != NONE {
            return self.first(id);
        }
        self.following_outside(id, root)
    }

    /// The node after the whole subtree of `id`, within the subtree of `root`, or [`NONE`].
    pub(super) fn following_outside(&self, id: Id, root: Id) -> Id {
        let mut at = id;
        while at != root && at != NONE {
            let next = self.next(at);
            if next != NONE {
                return next;
            }
            at = self.parent(at);
        }
        NONE
    }

    /// Every node of the subtree in document order, `root` first.
    pub(super) fn descendants(&self, root: Id) -> impl Iterator<Item = Id> + '_ {
        let mut at = root;
        std::iter::from_fn(move || {
            if at == NONE {
                return None;
            }
            let now = at;
            at = self.following(now, root);
            Some(now)
        })
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            for id in self.descendants(ROOT) {
                let Some(element) = self.element(id) else { continue };
                for attr in &element.attrs {
                    if let Some(at) = BORNE.iter().position(|row| row.contains(&&*attr.name.local))
                        && let Some(ids) = index.bearing.get_mut(at)
                        && ids.last() != Some(&id)
                    {
                        ids.push(id);
                    }
                }
                if is_asked_for(&element.name.local) {
                    match index.named.iter_mut().find(|(name, _)| *name == element.name.local) {
                        Some((_, ids)) => ids.push(id),
                        None => index.named.push((element.name.local.clone(), vec![id])),
                    }
                }
            }
            index
        })
    }

    /// Every element of a name in document order, `name` in lower case.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = Id> + '_ {
        debug_assert!(is_asked_for(&LocalName::from(name)), "{name} is not indexed");
        let named = &self.index().named;
        named.iter().find(|(known, _)| &**known == name).into_iter().flat_map(|(_, ids)| ids.iter().copied())
    }

    /// Every element with an attribute, or with one of those asked for together with it, in document order; `name` in lower case.
    pub(super) fn bearing(&self, name: &str) -> impl Iterator<Item = Id> + '_ {
        let at = BORNE.iter().position(|row| row.contains(&name));
        debug_assert!(at.is_some(), "{name} is not indexed");
        at.and_then(|at| self.index().bearing.get(at)).into_iter().flatten().copied()
    }

    /// Ancestors, nearest first, without the document.
    pub(super) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut at = self.parent(id);
        std::iter::from_fn(move || {
            if at == NONE || at == ROOT {
                return None;
            }
            let now = at;
            at = self.parent(now);
            Some(now)
        })
    }

    /// Direct text of an element, scripts included.
    pub(super) fn raw_text(&self, id: Id) -> String {
        let mut out = String::new();
        let mut child = self.first(id);
        while child != NONE {
            if let Kind::Text(text) = self.kind(child) {
                out.push_str(text);
            }
            child = self.next(child);
        }
        out
    }

    /// Text of the subtree without scripts and styles, at most about `limit` bytes, not squeezed.
    pub(super) fn text(&self, root: Id, limit: usize) -> String {
        let mut out = String::new();
        let mut at = root;
        while at != NONE && out.len() < limit {
            match self.kind(at) {
                Kind::Text(text) => out.push_str(text),
                Kind::Element(element) if matches!(element.name(), "script" | "style" | "template") => {
                    at = self.following_outside(at, root);
                    continue;
                }
                Kind::Element(element)
                    if !out.ends_with(' ') && matches!(element.name(), "br" | "td" | "th" | "p" | "div" | "li") =>
                {
                    out.push(' ');
                }
                _ => {}
            }
            at = self.following(at, root);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_know_their_line() {
        let tree = Tree::parse("<html>\n<body>\n<p>a</p>\n\n<p>b</p>");
        let lines: Vec<u32> =
            tree.descendants(ROOT).filter_map(|id| tree.element(id)).filter(|e| e.name() == "p").map(|e| e.line).collect();
        assert_eq!(lines, [3, 5]);
    }

    #[test]
    fn deep_nesting_is_bounded() {
        for tag in ["<div>", "<b>", "<table>", "<a href=x><p>", "<ul><li>", "<template>", "<svg><g>", "<font color=1><p>"] {
            let tree = Tree::parse(&tag.repeat(20_000));
            let deepest = tree.descendants(ROOT).map(|id| tree.ancestors(id).count()).max().unwrap_or(0);
            assert!(deepest < 1_000, "{tag} gave depth {deepest}");
        }
    }

    #[test]
    fn text_after_a_bounded_part_is_kept() {
        let tree = Tree::parse(&format!("{}x{}<p>after</p>", "<div>".repeat(2_000), "</div>".repeat(2_000)));
        assert!(tree.text(ROOT, 100).contains("after"));
        let body = tree.descendants(ROOT).find(|id| tree.name(*id) == "p").expect("a paragraph");
        assert_eq!(tree.name(tree.parent(body)), "body", "the end tags of dropped elements are dropped too");
    }

    #[test]
    fn multiplying_formatting_elements_are_bounded() {
        let mut source = String::new();
        for n in 0..20_000 {
            source.push_str(&format!("<p><font size={n}>"));
        }
        let tree = Tree::parse(&source);
        assert!(tree.len() < 800_000);
        let tree = Tree::parse(&format!("<p{}>x</p>", (0..200_000).map(|n| format!(" a{n}")).collect::<String>()));
        assert!(tree.cut);
    }
}
