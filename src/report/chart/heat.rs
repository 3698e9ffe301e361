//! Units by item: a cell each, shaded and with its value as text; drawn in pieces that fit a page.

use super::{escape, fit, open};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// How a cell looks and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shade {
    /// Its class.
    pub class: &'static str,
    /// Its text.
    pub told: String,
}

/// Rows by columns.
#[derive(Debug, Clone)]
pub struct Heat {
    /// Heads of the columns, short.
    pub heads: Vec<String>,
    /// Rows: name and cells.
    pub rows: Vec<(String, Vec<Shade>)>,
}

/// Columns and rows of one piece.
const PIECE: (usize, usize) = (34, 30);
const CELL: (usize, usize) = (28, 20);
/// Widest name in columns of text.
const NAME: usize = 30;
const CHARACTER: usize = 7;

/// The map in pieces, each a drawing of its own with heads and names.
pub fn heat(id: &str, title: &str, map: &Heat) -> Vec<String> {
    let mut pieces = Vec::new();
    let widest = map.rows.iter().map(|(name, _)| name.width()).max().unwrap_or(0).clamp(4, NAME);
    let (columns, lines) = (even(map.heads.len(), PIECE.0), even(map.rows.len(), PIECE.1));
    for (down, rows) in map.rows.chunks(lines).enumerate() {
        for (across, heads) in map.heads.chunks(columns).enumerate() {
            let first = across * columns;
            let id = format!("{id}-{down}-{across}");
            pieces.push(piece(&id, title, heads, rows, first, widest));
        }
    }
    pieces
}

/// Pieces of one size, none of them a leftover of a few.
fn even(all: usize, most: usize) -> usize {
    all.div_ceil(all.div_ceil(most).max(1)).max(1)
}

fn piece(id: &str, title: &str, heads: &[String], rows: &[(String, Vec<Shade>)], first: usize, widest: usize) -> String {
    let left = widest * CHARACTER + 12;
    let tallest = heads.iter().map(|head| head.width()).max().unwrap_or(0).min(16);
    let top = tallest * 6 + 12;
    // Slanted heads lean over the right edge.
    let size = (left + heads.len() * CELL.0 + top / 2 + 8, top + rows.len() * CELL.1 + 4);
    let mut out = String::new();
    let told = match (rows.first(), rows.last(), heads.first(), heads.last()) {
        (Some((from, _)), Some((to, _)), Some(head), Some(last)) => format!("{from} – {to}; {head} – {last}"),
        _ => String::new(),
    };
    open(&mut out, id, size, "heat", title, &told);
    for (at, head) in heads.iter().enumerate() {
        let x = left + at * CELL.0 + CELL.0 / 2;
        let y = top - 6;
        let _ = write!(
            out,
            "<text class=\"head\" x=\"{x}\" y=\"{y}\" transform=\"rotate(-60 {x} {y})\">{}</text>",
            escape(&fit(head, 16))
        );
    }
    for (down, (name, cells)) in rows.iter().enumerate() {
        let y = top + down * CELL.1;
        let base = y + 14;
        let _ = write!(
            out,
            "<text class=\"label\" x=\"{}\" y=\"{base}\" text-anchor=\"end\">{}</text>",
            left - 6,
            escape(&fit(name, widest))
        );
        for (at, shade) in cells.iter().skip(first).take(heads.len()).enumerate() {
            let x = left + at * CELL.0;
            let _ = write!(
                out,
                "<rect class=\"{}\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\"/><text class=\"in\" x=\"{}\" y=\"{base}\">{}</text>",
                shade.class,
                CELL.0 - 1,
                CELL.1 - 1,
                x + CELL.0 / 2,
                escape(&shade.told)
            );
        }
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_drawn_once_whatever_the_pieces() {
        let shade = Shade { class: "h1", told: "7".into() };
        let map = Heat {
            heads: (0..60).map(|at| format!("V{at}")).collect(),
            rows: (0..200).map(|at| (format!("单位{at}"), vec![shade.clone(); 60])).collect(),
        };
        let pieces = heat("h", "t", &map);
        assert_eq!(pieces.len(), 2 * 7);
        assert_eq!(pieces.iter().map(|piece| piece.matches("class=\"h1\"").count()).sum::<usize>(), 60 * 200);
        assert!(pieces.iter().all(|piece| piece.matches("单位").count() >= 1));
    }
}
