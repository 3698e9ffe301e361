//! Elements that a plan asks for by CSS selector, looked for while the tree is there.
//!
//! The tree is dropped once a page is read, and keeping every element of it would cost many times what all other facts cost. So the
//! selectors of a plan are given to the reader, and what they match is a fact: how often, and the first places.

mod selector;

pub use selector::Selector;

use super::layout::Layout;
use crate::text::{shorten, squeeze};
use serde::{Deserialize, Serialize};

/// What one selector matched on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// The selector as the plan writes it.
    pub selector: String,
    /// Elements that it matches.
    pub count: u32,
    /// The first of them, at most [`MOST_PLACES`].
    pub places: Vec<Place>,
}

/// One element that was matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its text, squeezed, at most 300 characters; of an element without text what stands for it: `content`, `alt`, `value`.
    pub text: String,
    /// Is it hidden, and by what?
    pub hidden: Option<String>,
    /// CSS path.
    pub path: String,
    /// Line in the source, from 1.
    pub line: u32,
}

/// Places kept of one selector.
pub const MOST_PLACES: usize = 20;

/// Longest text kept of a place, in characters.
const LONGEST: usize = 300;

/// What each selector matches, in the order given.
pub(super) fn read(layout: &Layout<'_>, selectors: &[Selector]) -> Vec<Matched> {
    selectors
        .iter()
        .map(|selector| {
            let ids = selector.matches(layout.tree);
            let places = ids.iter().take(MOST_PLACES).map(|id| place(layout, *id)).collect();
            Matched { selector: selector.to_string(), count: u32::try_from(ids.len()).unwrap_or(u32::MAX), places }
        })
        .collect()
}

fn place(layout: &Layout<'_>, id: super::tree::Id) -> Place {
    let mut text = layout.text(id, LONGEST * 4);
    if text.is_empty() {
        let standing_for = ["content", "alt", "value", "title", "placeholder"];
        let attribute = standing_for.iter().find_map(|name| layout.tree.attr(id, name).filter(|v| !v.trim().is_empty()));
        text = attribute.map(squeeze).unwrap_or_default();
    }
    Place {
        text: shorten(&text, LONGEST),
        hidden: layout.hidden(id).map(str::to_owned),
        path: layout.selector(id),
        line: layout.tree.element(id).map_or(0, |element| element.line),
    }
}
