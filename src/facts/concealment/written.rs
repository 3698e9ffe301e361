//! What scripts of the page write into it by `document.write`: whole links, and boxes that are opened before links and closed behind.

use crate::facts::layout::Layout;
use crate::facts::layout::hidden::concealment;
use crate::facts::layout::sheet::Sheet;
use crate::facts::tree::{ROOT, Tree};

/// Most bytes read of one script, and of all that scripts of a page write.
const MAX_SCRIPT: usize = 64 * 1_024;
const MAX_WRITTEN: usize = 128 * 1_024;

/// Markup that one script writes.
pub(super) struct Fragment {
    /// The markup.
    pub markup: String,
    /// CSS path of the script.
    pub selector: String,
    /// Its line.
    pub line: Option<u32>,
}

/// Spans of the document, by order of nodes, inside boxes that a script opens hidden and another one closes.
#[derive(Default)]
pub(super) struct Written {
    spans: Vec<(u32, u32, &'static str)>,
}

impl Written {
    /// Finds the spans.
    pub(super) fn of(layout: &Layout<'_>) -> Written {
        let mut written = Written::default();
        let mut open: Option<(u32, &'static str)> = None;
        for id in scripts(layout) {
            let markup = output(&layout.tree.raw_text(id));
            if markup.is_empty() {
                continue;
            }
            match open {
                None => open = opens_hidden(&markup).map(|cause| (layout.order(id), cause)),
                Some((from, cause)) => {
                    if closes(&markup) {
                        written.spans.push((from, layout.order(id), cause));
                        open = None;
                    }
                }
            }
        }
        written
    }

    /// How a node of that order is hidden.
    pub(super) fn around(&self, order: u32) -> Option<&'static str> {
        self.spans.iter().find(|(from, to, _)| *from < order && order < *to).map(|(.., cause)| *cause)
    }
}

/// Everything with links that a script writes.
pub(super) fn fragments(layout: &Layout<'_>) -> Vec<Fragment> {
    let mut left = MAX_WRITTEN;
    let mut all = Vec::new();
    for id in scripts(layout) {
        let markup = output(&layout.tree.raw_text(id));
        if markup.contains("href") && markup.len() <= left {
            left -= markup.len();
            let line = layout.tree.element(id).map(|e| e.line);
            all.push(Fragment { markup, selector: layout.selector(id), line });
        }
    }
    all
}

fn scripts<'l>(layout: &'l Layout<'_>) -> impl Iterator<Item = u32> + 'l {
    let tree = layout.tree;
    tree.named("script").filter(|id| tree.attr(*id, "src").is_none())
}

/// The string literals that a script hands to `document.write`, one after another. Parts that are computed are left out.
fn output(script: &str) -> String {
    let mut out = String::new();
    if script.len() > MAX_SCRIPT {
        return out;
    }
    let mut rest = script;
    while let Some(at) = rest.find("document.write") {
        rest = &rest[at + "document.write".len()..];
        rest = rest.strip_prefix("ln").unwrap_or(rest).trim_start();
        let Some(arguments) = rest.strip_prefix('(') else { continue };
        rest = literals(arguments, &mut out);
    }
    out
}

/// Takes the literals of an argument list; gives back what follows it.
fn literals<'s>(arguments: &'s str, out: &mut String) -> &'s str {
    let mut chars = arguments.char_indices();
    let mut depth = 1;
    while let Some((at, c)) = chars.next() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return &arguments[at + 1..];
                }
            }
            '"' | '\'' | '`' => {
                while let Some((_, inner)) = chars.next() {
                    if inner == c {
                        break;
                    }
                    if inner != '\\' {
                        out.push(inner);
                        continue;
                    }
                    match chars.next() {
                        Some((_, 'n' | 'r' | 't')) => out.push(' '),
                        Some((from, kind @ ('x' | 'u'))) => {
                            let length = if kind == 'x' { 2 } else { 4 };
                            let code = arguments.get(from + 1..from + 1 + length).and_then(|h| u32::from_str_radix(h, 16).ok());
                            if let Some(decoded) = code.and_then(char::from_u32) {
                                out.push(decoded);
                                chars.by_ref().take(length).for_each(|_| ());
                            }
                        }
                        Some((_, other)) => out.push(other),
                        None => {}
                    }
                }
            }
            _ => {}
        }
    }
    ""
}

/// Does the markup open an element that hides itself and leave it open?
fn opens_hidden(markup: &str) -> Option<&'static str> {
    let lower = markup.to_ascii_lowercase();
    if lower.contains("</") || !lower.contains('<') {
        return None;
    }
    let tree = Tree::parse(markup);
    let sheet = Sheet::default();
    tree.descendants(ROOT)
        .filter_map(|id| tree.element(id))
        .filter(|e| matches!(e.name(), "div" | "span" | "p" | "table" | "ul" | "marquee" | "font" | "section"))
        .find_map(|element| concealment(element, &sheet.style(element)))
}

fn closes(markup: &str) -> bool {
    markup.trim_start().starts_with("</")
}
