//! Tables out of a page: its ruled lines make the cells, its characters fill them.
//!
//! Characters decide, not runs: a run may reach over several cells.
//! A table without ruled lines is not found; nothing is guessed from columns of figures.

use super::{PdfPage, Rule, Span};
use crate::facts::table::{Cell, MAX_COLUMNS, Table};
use crate::text::{is_blank, shorten, squeeze};
use std::collections::BTreeMap;

/// Lines closer than this are one.
const NEAR: f32 = 3.0;
/// Lines looked at on one page.
const MOST_RULINGS: usize = 4_000;
/// Rows of one table on one page.
const MOST_ROWS: usize = 200;
/// Characters kept of one cell.
const MOST_TEXT: usize = 2_000;

/// The tables of one page, from the top.
pub(super) fn tables(page: &PdfPage) -> Vec<Table> {
    let sane = |r: &&Rule| [r.x, r.y, r.x2, r.y2].iter().all(|v| v.is_finite() && v.abs() < 50_000.0);
    let rulings: Vec<Rule> = page.rules.iter().filter(sane).take(MOST_RULINGS).copied().collect();
    let mut grids: Vec<Grid> = groups(&rulings).into_iter().filter_map(|group| Grid::of(&group)).collect();
    grids.sort_by(|a, b| a.ys[0].total_cmp(&b.ys[0]).then(a.xs[0].total_cmp(&b.xs[0])));
    grids.iter().filter_map(|grid| grid.table(page)).collect()
}

/// Rules that touch one another, directly or through others.
fn groups(rulings: &[Rule]) -> Vec<Vec<Rule>> {
    let touch = |a: &Rule, b: &Rule| a.x - NEAR <= b.x2 && b.x - NEAR <= a.x2 && a.y - NEAR <= b.y2 && b.y - NEAR <= a.y2;
    let mut left: Vec<Rule> = rulings.to_vec();
    let mut groups = Vec::new();
    while let Some(first) = left.pop() {
        let mut group = vec![first];
        let mut at = 0;
        while at < group.len() {
            let now = group[at];
            let mut n = 0;
            while n < left.len() {
                if touch(&now, &left[n]) {
                    group.push(left.swap_remove(n));
                } else {
                    n += 1;
                }
            }
            at += 1;
        }
        groups.push(group);
    }
    groups
}

/// The lines of one table: places of columns and rows, and which stretches of them are drawn.
struct Grid {
    xs: Vec<f32>,
    ys: Vec<f32>,
    /// By place in `xs`: drawn stretches from top to bottom.
    down: Vec<Vec<(f32, f32)>>,
    /// By place in `ys`: drawn stretches from left to right.
    across: Vec<Vec<(f32, f32)>>,
}

/// Different values, those that are near taken as one.
fn places(mut values: Vec<f32>) -> Vec<f32> {
    values.sort_by(f32::total_cmp);
    values.dedup_by(|b, a| *b - *a < NEAR);
    values
}

fn nearest(places: &[f32], value: f32) -> Option<usize> {
    let at = places.partition_point(|p| *p < value - NEAR);
    places.get(at).filter(|p| (**p - value).abs() <= NEAR).map(|_| at)
}

impl Grid {
    fn of(rulings: &[Rule]) -> Option<Grid> {
        let is_down = |r: &Rule| r.y2 - r.y > r.x2 - r.x;
        let xs = places(rulings.iter().filter(|r| is_down(r)).map(|r| r.x).collect());
        let ys = places(rulings.iter().filter(|r| !is_down(r)).map(|r| r.y).collect());
        if xs.len() < 2 || ys.len() < 2 || xs.len() > MAX_COLUMNS + 1 || ys.len() > MOST_ROWS + 1 {
            return None;
        }
        let mut grid = Grid { down: vec![Vec::new(); xs.len()], across: vec![Vec::new(); ys.len()], xs, ys };
        for ruling in rulings {
            if is_down(ruling) {
                if let Some(at) = nearest(&grid.xs, ruling.x) {
                    grid.down[at].push((ruling.y, ruling.y2));
                }
            } else if let Some(at) = nearest(&grid.ys, ruling.y) {
                grid.across[at].push((ruling.x, ruling.x2));
            }
        }
        Some(grid)
    }

    fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    fn rows(&self) -> usize {
        self.ys.len() - 1
    }

    /// Is there a line between a place and the next one to the right?
    fn is_parted_right(&self, row: usize, column: usize) -> bool {
        let middle = (self.ys[row] + self.ys[row + 1]) / 2.0;
        self.down[column + 1].iter().any(|(from, to)| *from <= middle && middle <= *to)
    }

    /// Is there a line between a place and the next one below?
    fn is_parted_below(&self, row: usize, column: usize) -> bool {
        let middle = (self.xs[column] + self.xs[column + 1]) / 2.0;
        self.across[row + 1].iter().any(|(from, to)| *from <= middle && middle <= *to)
    }

    /// By place: the place at the upper left of its cell, and the spans of the cell at that place. A cell reaches to the right as
    /// far as no line parts it, then down as long as its whole width goes on.
    fn cells(&self) -> (Vec<usize>, BTreeMap<usize, (u32, u32)>) {
        let (rows, columns) = (self.rows(), self.columns());
        let mut owner = vec![usize::MAX; rows * columns];
        let mut spans = BTreeMap::new();
        for row in 0..rows {
            for column in 0..columns {
                let at = row * columns + column;
                if owner[at] != usize::MAX {
                    continue;
                }
                let mut right = column;
                while right + 1 < columns && owner[at + right + 1 - column] == usize::MAX && !self.is_parted_right(row, right) {
                    right += 1;
                }
                let mut below = row;
                while below + 1 < rows && (column..=right).all(|c| !self.is_parted_below(below, c)) {
                    below += 1;
                }
                for y in row..=below {
                    owner[y * columns + column..=y * columns + right].fill(at);
                }
                spans.insert(at, ((below - row + 1) as u32, (right - column + 1) as u32));
            }
        }
        (owner, spans)
    }

    /// The place of a point.
    fn place(&self, x: f32, y: f32) -> Option<usize> {
        let find = |places: &[f32], value: f32| {
            let at = places.partition_point(|p| *p <= value);
            (at > 0 && at < places.len()).then(|| at - 1)
        };
        Some(find(&self.ys, y)? * self.columns() + find(&self.xs, x)?)
    }

    fn table(&self, page: &PdfPage) -> Option<Table> {
        let (owner, cells) = self.cells();
        let mut letters: BTreeMap<usize, Vec<Letter>> = BTreeMap::new();
        for span in &page.spans {
            for letter in letters_of(span) {
                if let Some(place) = self.place(letter.x + letter.w / 2.0, letter.y + letter.h / 2.0) {
                    letters.entry(owner[place]).or_default().push(letter);
                }
            }
        }
        let mut table = Table { line: Some(page.number), rows: vec![Vec::new(); self.rows()], ..Table::default() };
        for (at, (rows, columns)) in &cells {
            let text = letters.remove(at).map(text_of).unwrap_or_default();
            table.rows[at / self.columns()].push(Cell { text, rows: *rows, columns: *columns, ..Cell::default() });
        }
        let filled = table.rows.iter().flatten().filter(|cell| !cell.text.is_empty()).count();
        (filled >= 2 && cells.len() >= 2).then_some(table)
    }
}

/// One character at its place.
struct Letter {
    c: char,
    x: f32,
    y: f32,
    w: f32,
    h: f32,
}

/// The characters of a run, set evenly where it has several.
fn letters_of(span: &Span) -> impl Iterator<Item = Letter> + '_ {
    let count = span.text.chars().count().max(1) as f32;
    let w = span.width / count;
    let letters = span.text.chars().enumerate().filter(|(_, c)| !is_blank(*c));
    letters.map(move |(n, c)| Letter { c, x: span.x + w * n as f32, y: span.y, w, h: span.height })
}

/// Characters of one cell line by line, lines joined; a gap in a line is a blank.
fn text_of(mut letters: Vec<Letter>) -> String {
    letters.sort_by(|a, b| (a.y + a.h).total_cmp(&(b.y + b.h)));
    let mut lines: Vec<(f32, Vec<Letter>)> = Vec::new();
    for letter in letters {
        let foot = letter.y + letter.h;
        match lines.last_mut() {
            Some((at, line)) if foot - *at < letter.h.clamp(2.0, 40.0) * 0.5 => line.push(letter),
            _ => lines.push((foot, vec![letter])),
        }
    }
    let mut text = String::new();
    for (_, mut line) in lines {
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
        // Drawn twice at one place to make it bold.
        line.dedup_by(|b, a| a.c == b.c && (a.x - b.x).abs() < a.w.max(2.0) * 0.4);
        let mut right: Option<f32> = None;
        for letter in line {
            let gap = right.is_some_and(|right| letter.x - right > letter.h.max(4.0) * 0.5);
            let broken_word =
                right.is_none() && text.ends_with(|c: char| c.is_ascii_alphabetic()) && letter.c.is_ascii_alphabetic();
            if gap || broken_word {
                text.push(' ');
            }
            text.push(letter.c);
            right = Some(letter.x + letter.w);
        }
    }
    shorten(&squeeze(&text), MOST_TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(x: f32, y: f32, x2: f32, y2: f32) -> Rule {
        Rule { x, y, x2, y2 }
    }

    fn span(x: f32, y: f32, text: &str) -> Span {
        Span { x, y, width: 8.0 * text.chars().count() as f32, height: 8.0, size: 8.0, text: text.to_owned() }
    }

    fn page(spans: &[Span], rules: &[Rule]) -> PdfPage {
        PdfPage { number: 1, spans: spans.to_vec(), rules: rules.to_vec(), ..PdfPage::default() }
    }

    /// Two columns, three rows, the first row in one cell.
    fn rulings() -> Vec<Rule> {
        let mut all: Vec<Rule> = [0.0, 20.0, 40.0, 60.0].iter().map(|y| line(0.0, *y, 100.0, *y)).collect();
        all.extend([line(0.0, 0.0, 0.0, 60.0), line(100.0, 0.0, 100.0, 60.0), line(50.0, 20.0, 50.0, 60.0)]);
        all
    }

    #[test]
    fn rulings_make_cells_and_characters_fill_them() {
        // The run of the last row reaches over the line between the columns.
        let spans = [
            span(10.0, 5.0, "情况"),
            span(5.0, 25.0, "甲"),
            span(55.0, 25.0, "12"),
            span(34.0, 45.0, "7264"),
            span(5.0, 80.0, "外"),
        ];
        let found = tables(&page(&spans, &rulings()));
        assert_eq!(found.len(), 1);
        let texts: Vec<Vec<&str>> = found[0].rows.iter().map(|row| row.iter().map(|c| c.text.as_str()).collect()).collect();
        assert_eq!(texts, [vec!["情况"], vec!["甲", "12"], vec!["72", "64"]]);
        assert_eq!(found[0].rows[0][0].columns, 2);
    }

    #[test]
    fn hostile_rulings_are_bounded() {
        let many: Vec<Rule> = (0..20_000).map(|n| line(n as f32, 0.0, n as f32, 9_000.0)).collect();
        assert!(tables(&page(&[], &many)).is_empty());
        let wild = [line(f32::NAN, 0.0, f32::INFINITY, 1.0), line(0.0, 0.0, 0.0, 0.0), line(9.0, 9.0, -9.0, -9.0)];
        assert!(tables(&page(&[span(f32::NAN, f32::NEG_INFINITY, "x")], &wild)).is_empty());
        assert!(tables(&page(&[], &[])).is_empty());
    }
}
