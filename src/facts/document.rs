//! Title, headings and text of a page.

pub(super) mod content;
mod scripted;
pub(super) mod title;

use super::layout::Layout;
use super::links::Region;
use super::tree::{Id, ROOT};
use crate::text::{shorten, squeeze};
use serde::{Deserialize, Serialize};

/// The readable part of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Document {
    /// `<title>`, squeezed.
    pub title: String,
    /// The first title that a script of the page puts in its place, where it is written out.
    #[serde(default)]
    pub scripted_title: Option<String>,
    /// Every `<h1>`, squeezed.
    pub h1: Vec<String>,
    /// Title to show: header value, `<h1>`, ArticleTitle, ColumnName, `<title>` without the site's name.
    pub best_title: String,
    /// `<html lang>`.
    pub lang: Option<String>,
    /// Text of the main content in document order, one block per paragraph-like element, squeezed; at most 2 MiB in all.
    pub main: Vec<TextBlock>,
    /// Text outside the main content (navigation, footer …), squeezed, in document order; at most 256 KiB.
    pub around: Vec<TextBlock>,
    /// Was text cut at its limit?
    pub cut: bool,
}

impl Document {
    /// The main text as one string, blocks separated by newlines.
    pub fn main_text(&self) -> String {
        let mut text = String::new();
        for block in &self.main {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&block.text);
        }
        text
    }
}

/// One paragraph-like piece of text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TextBlock {
    /// Squeezed text.
    pub text: String,
    /// Hidden by an inline style, the hidden attribute or an enclosing `<noscript>`; the cause in a word.
    pub hidden: Option<String>,
}

/// Most bytes of main text.
const MAX_MAIN: usize = 2 * 1_024 * 1_024;

/// Most bytes of text around it.
const MAX_AROUND: usize = 256 * 1_024;

/// `<title>`, squeezed. The first one in document order that is no part of a drawing.
pub(super) fn title_tag(layout: &Layout<'_>) -> String {
    let tree = layout.tree;
    let own = tree
        .descendants(ROOT)
        .find(|id| tree.name(*id) == "title" && !tree.ancestors(*id).any(|a| matches!(tree.name(a), "svg" | "math")));
    own.map(|id| shorten(&squeeze(&tree.raw_text(id)), 600)).unwrap_or_default()
}

/// Headings and text; the title to show is set later, when more is known. `content` is the container of an article's text.
pub(super) fn read(layout: &Layout<'_>, title: String, content: Option<Id>) -> Document {
    let tree = layout.tree;
    let h1 = tree.named("h1").take(20);
    let mut document = Document {
        title,
        scripted_title: scripted::title(tree),
        h1: h1.map(|id| shorten(&layout.text(id, 1_200), 300)).filter(|t| !t.is_empty()).collect(),
        lang: tree
            .descendants(ROOT)
            .find(|id| tree.name(*id) == "html")
            .and_then(|id| tree.attr(id, "lang"))
            .map(|l| shorten(l, 40)),
        cut: tree.cut,
        ..Document::default()
    };
    let frame = content.map(|c| frame_of(layout, c));
    // Whether a block lies inside the frame is asked for many lines of few blocks.
    let mut last = (u32::MAX, false);
    let (mut main, mut around) = (0, 0);
    for line in &layout.lines {
        if line.node != last.0 {
            last = (line.node, layout.region(line.node) == Region::Main && frame.is_none_or(|f| layout.holds(f, line.node)));
        }
        let (blocks, size, limit) =
            if last.1 { (&mut document.main, &mut main, MAX_MAIN) } else { (&mut document.around, &mut around, MAX_AROUND) };
        if *size + line.text.len() > limit {
            document.cut = true;
            continue;
        }
        *size += line.text.len();
        blocks.push(TextBlock { text: line.text.clone(), hidden: line.hidden.map(str::to_owned) });
    }
    document
}

/// The container with what belongs to its article: title, dates, attachments, whatever was put behind the text. It grows as long
/// as it takes in no navigation to speak of.
fn frame_of(layout: &Layout<'_>, content: Id) -> Id {
    let mut frame = content;
    let own = layout.weight(content);
    for above in layout.tree.ancestors(content) {
        let weight = layout.weight(above);
        let (text, linked) = (weight.text - own.text, weight.linked - own.linked.min(weight.linked));
        if above == layout.body
            || layout.region(above) != Region::Main
            || linked > 120 + own.text / 10
            || text > 400 + own.text / 2
        {
            break;
        }
        frame = above;
    }
    frame
}
