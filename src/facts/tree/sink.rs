//! The tree sink: html5ever's orders, carried out on the arena.

use super::{Element, Id, Kind, NONE, Node, ROOT, Tree};
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, QualName};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, Ref, RefCell};

/// Collects nodes while the parser runs.
pub(super) struct Sink {
    tree: RefCell<Tree>,
    line: Cell<u32>,
    /// The element made last: where the parser stands, as far as the sink can tell.
    pub(super) current: Cell<Id>,
}

impl Sink {
    pub(super) fn new() -> Self {
        let root = Node { parent: NONE, first: NONE, last: NONE, prev: NONE, next: NONE, depth: 0, kind: Kind::Document };
        Sink {
            tree: RefCell::new(Tree { nodes: vec![root], cut: false, index: OnceCell::new() }),
            line: Cell::new(1),
            current: Cell::new(ROOT),
        }
    }

    /// Nodes made so far.
    pub(super) fn len(&self) -> usize {
        self.tree.borrow().nodes.len()
    }

    /// Depth of the element made last, or of the one that closing tags have led back to.
    pub(super) fn depth(&self) -> u32 {
        self.tree.borrow().node(self.current.get()).depth
    }

    /// Something is left out.
    pub(super) fn mark_cut(&self) {
        self.tree.borrow_mut().cut = true;
    }

    /// An end tag of that name comes: the place to stand is the parent of the nearest such element.
    pub(super) fn close(&self, name: &str) {
        let tree = self.tree.borrow();
        let mut at = self.current.get();
        while at != NONE && at != ROOT {
            if tree.name(at) == name {
                self.current.set(tree.parent(at));
                return;
            }
            at = tree.parent(at);
        }
    }

    fn make(&self, kind: Kind) -> Id {
        let mut tree = self.tree.borrow_mut();
        let id = tree.nodes.len() as Id;
        tree.nodes.push(Node { parent: NONE, first: NONE, last: NONE, prev: NONE, next: NONE, depth: 0, kind });
        id
    }
}

impl Tree {
    fn detach(&mut self, id: Id) {
        let Node { parent, prev, next, .. } = self.nodes[id as usize];
        if prev != NONE {
            self.nodes[prev as usize].next = next;
        } else if parent != NONE {
            self.nodes[parent as usize].first = next;
        }
        if next != NONE {
            self.nodes[next as usize].prev = prev;
        } else if parent != NONE {
            self.nodes[parent as usize].last = prev;
        }
        let node = &mut self.nodes[id as usize];
        (node.parent, node.prev, node.next) = (NONE, NONE, NONE);
    }

    fn attach_last(&mut self, parent: Id, child: Id) {
        self.detach(child);
        let (last, depth) = (self.nodes[parent as usize].last, self.nodes[parent as usize].depth);
        let node = &mut self.nodes[child as usize];
        (node.parent, node.prev, node.depth) = (parent, last, depth + 1);
        match last {
            NONE => self.nodes[parent as usize].first = child,
            last => self.nodes[last as usize].next = child,
        }
        self.nodes[parent as usize].last = child;
    }

    fn attach_before(&mut self, sibling: Id, child: Id) {
        self.detach(child);
        let Node { parent, prev, depth, .. } = self.nodes[sibling as usize];
        let node = &mut self.nodes[child as usize];
        (node.parent, node.prev, node.next, node.depth) = (parent, prev, sibling, depth);
        match prev {
            NONE if parent != NONE => self.nodes[parent as usize].first = child,
            NONE => {}
            prev => self.nodes[prev as usize].next = child,
        }
        self.nodes[sibling as usize].prev = child;
    }

    /// Adds text to an existing text node; false when the node is none.
    fn join_text(&mut self, id: Id, text: &StrTendril) -> bool {
        match self.nodes.get_mut(id as usize).map(|n| &mut n.kind) {
            Some(Kind::Text(old)) => {
                old.push_tendril(text);
                true
            }
            _ => false,
        }
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Tree;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Ref<'a, QualName> {
        Ref::map(self.tree.borrow(), |tree| match &tree.nodes[*target as usize].kind {
            Kind::Element(element) => &element.name,
            _ => unreachable!("the parser asks for names of elements only"),
        })
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Id {
        let template = if flags.template { self.make(Kind::Document) } else { NONE };
        self.make(Kind::Element(Box::new(Element { name, attrs, line: self.line.get(), template })))
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.make(Kind::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.make(Kind::Other)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        match child {
            NodeOrText::AppendNode(id) => {
                let mut tree = self.tree.borrow_mut();
                tree.attach_last(*parent, id);
                let depth = tree.nodes[id as usize].depth;
                if let Kind::Element(element) = &tree.nodes[id as usize].kind {
                    let template = element.template;
                    if template != NONE {
                        // Contents of a template stand apart from the tree, but count as nested in it.
                        tree.nodes[template as usize].depth = depth;
                    }
                    self.current.set(id);
                }
            }
            NodeOrText::AppendText(text) => {
                let last = self.tree.borrow().nodes[*parent as usize].last;
                if !self.tree.borrow_mut().join_text(last, &text) {
                    let id = self.make(Kind::Text(text));
                    self.tree.borrow_mut().attach_last(*parent, id);
                }
            }
        }
    }

    fn append_before_sibling(&self, sibling: &Id, new_node: NodeOrText<Id>) {
        match new_node {
            NodeOrText::AppendNode(id) => {
                self.tree.borrow_mut().attach_before(*sibling, id);
                self.current.set(id);
            }
            NodeOrText::AppendText(text) => {
                let previous = self.tree.borrow().nodes[*sibling as usize].prev;
                if !self.tree.borrow_mut().join_text(previous, &text) {
                    let id = self.make(Kind::Text(text));
                    self.tree.borrow_mut().attach_before(*sibling, id);
                }
            }
        }
    }

    fn append_based_on_parent_node(&self, element: &Id, prev_element: &Id, child: NodeOrText<Id>) {
        let has_parent = self.tree.borrow().nodes[*element as usize].parent != NONE;
        if has_parent { self.append_before_sibling(element, child) } else { self.append(prev_element, child) }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        match &self.tree.borrow().nodes[*target as usize].kind {
            Kind::Element(element) if element.template != NONE => element.template,
            _ => *target,
        }
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, target: &Id, attrs: Vec<Attribute>) {
        if let Kind::Element(element) = &mut self.tree.borrow_mut().nodes[*target as usize].kind {
            for attr in attrs {
                if element.attrs.len() < 256 && !element.attrs.iter().any(|a| a.name == attr.name) {
                    element.attrs.push(attr);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        self.tree.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        let mut tree = self.tree.borrow_mut();
        loop {
            let child = tree.nodes[*node as usize].first;
            if child == NONE {
                return;
            }
            tree.attach_last(*new_parent, child);
        }
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(u32::try_from(line).unwrap_or(u32::MAX));
    }
}
