//! Finds the three tables among the tables of a page or file, by the labels of their rows and the headings of their columns.
//!
//! A table may come in pieces (a page break, one HTML table for each block): a later piece without headings takes those of the piece
//! before it, where it is as wide.

use super::writing::{amount, plain};
use super::{Column, Format, PROCEEDINGS, ReportCell, ReportTable, Row, TableKind};
use crate::facts::table::{Cell, Table};
use crate::text::shorten;
use std::collections::BTreeMap;

/// Headings by place in the grid.
type Headings = BTreeMap<usize, Column>;

/// The grid with folded texts.
struct Grid<'a> {
    cells: Vec<Vec<Option<&'a Cell>>>,
    plain: BTreeMap<*const Cell, String>,
}

impl<'a> Grid<'a> {
    fn of(table: &'a Table) -> Self {
        let plain =
            table.rows.iter().flatten().map(|cell| (std::ptr::from_ref(cell), plain(&shorten(&cell.text, 300)))).collect();
        Grid { cells: table.grid(), plain }
    }

    fn width(&self) -> usize {
        self.cells.first().map_or(0, Vec::len)
    }

    fn text(&self, y: usize, x: usize) -> &str {
        let cell = self.cells.get(y).and_then(|row| row.get(x)).copied().flatten();
        cell.and_then(|cell| self.plain.get(&std::ptr::from_ref(cell))).map_or("", String::as_str)
    }

    fn cell(&self, y: usize, x: usize) -> Option<&'a Cell> {
        self.cells.get(y)?.get(x).copied().flatten()
    }

    /// The last filled cell of a row before a column: its label, whatever groups stand before it.
    fn label(&self, y: usize, before: usize) -> &str {
        (0..before).rev().map(|x| self.text(y, x)).find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// Different texts above a place, from the top.
    fn above(&self, y: usize, x: usize) -> Vec<&str> {
        let mut texts: Vec<&str> = Vec::new();
        for text in (0..y).map(|y| self.text(y, x)).filter(|text| !text.is_empty()) {
            if texts.last() != Some(&text) {
                texts.push(text);
            }
        }
        texts
    }
}

/// Finds the tables; also tells which of the given ones were taken, by index.
pub(super) fn find(tables: &[Table]) -> (Vec<ReportTable>, Vec<(usize, TableKind)>) {
    let mut found = Vec::new();
    let mut taken = Vec::new();
    let mut requests: Option<ReportTable> = None;
    let mut disclosure: Option<ReportTable> = None;
    let mut proceedings: Option<ReportTable> = None;
    let mut before: Option<(usize, Headings)> = None;
    for (index, table) in tables.iter().enumerate() {
        let grid = Grid::of(table);
        if let Some((cells, headings)) = requests_of(&grid, table, before.as_ref()) {
            let into = requests.get_or_insert_with(|| empty(TableKind::Requests, table));
            add(into, cells);
            before = Some((grid.width(), headings));
            taken.push((index, TableKind::Requests));
        } else if let Some(cells) = proceedings_of(&grid) {
            add(proceedings.get_or_insert_with(|| empty(TableKind::Proceedings, table)), cells);
            taken.push((index, TableKind::Proceedings));
        } else {
            let (cells, belongs) = disclosure_of(&grid);
            if belongs {
                add(disclosure.get_or_insert_with(|| empty(TableKind::Disclosure, table)), cells);
                taken.push((index, TableKind::Disclosure));
            }
        }
    }
    for mut table in [disclosure, requests, proceedings].into_iter().flatten() {
        table.format = format(&table);
        found.push(table);
    }
    (found, taken)
}

fn empty(kind: TableKind, table: &Table) -> ReportTable {
    ReportTable { kind, format: None, cells: Vec::new(), line: table.line }
}

/// The first of a row and column counts.
fn add(table: &mut ReportTable, cells: Vec<ReportCell>) {
    for cell in cells {
        if table.cell(cell.row, cell.column).is_none() {
            table.cells.push(cell);
        }
    }
}

fn report_cell(row: Row, column: Column, cell: Option<&Cell>) -> ReportCell {
    let text = cell.map_or("", |cell| cell.text.as_str());
    ReportCell { row, column, text: shorten(text, 60), amount: amount(text) }
}

/// Rows of requests that a table has to have before it is taken for theirs.
const FEWEST_ROWS: usize = 3;

/// The table of part 三.
fn requests_of(grid: &Grid<'_>, table: &Table, before: Option<&(usize, Headings)>) -> Option<(Vec<ReportCell>, Headings)> {
    let start =
        (0..grid.cells.len()).find(|y| (0..grid.width()).any(|x| Row::of_request(grid.text(*y, x)) == Some(Row::NewRequests)));
    let own = start.and_then(|y| applicants(grid, y));
    let headings = own.or_else(|| before.filter(|(width, _)| *width == grid.width()).map(|(_, headings)| headings.clone()))?;
    let first = *headings.keys().next()?;
    let mut cells = Vec::new();
    let mut rows = 0;
    for y in start.unwrap_or(0)..grid.cells.len() {
        // Spans that do not add up shift the places of a row; the label with as many cells behind it as there are headings does not.
        if let Some(written) = as_written(&table.rows[y], &headings) {
            rows += 1;
            cells.extend(written);
            continue;
        }
        let Some(row) = Row::of_request(grid.label(y, first)) else { continue };
        rows += 1;
        cells.extend(headings.iter().map(|(x, column)| report_cell(row, *column, grid.cell(y, *x))));
    }
    (rows >= FEWEST_ROWS || (start.is_some() && rows > 0)).then_some((cells, headings))
}

/// Headings of the applicants above the first row: at least six of the seven, each once.
fn applicants(grid: &Grid<'_>, y: usize) -> Option<Headings> {
    let mut headings = Headings::new();
    for x in 0..grid.width() {
        // The lowest one that is a heading: below it may stand units.
        let column = grid.above(y, x).into_iter().rev().find_map(Column::of_applicant);
        if let Some(column) = column {
            headings.insert(x, column);
        }
    }
    // A heading over several places counts at its first.
    let mut seen = std::collections::BTreeSet::new();
    headings.retain(|_, column| seen.insert(*column));
    (headings.len() >= 6).then_some(headings)
}

/// A row as written: its label, and the cells behind it in the order of the headings where there are exactly as many.
fn as_written(row: &[Cell], headings: &Headings) -> Option<Vec<ReportCell>> {
    let label = |cell: &Cell| Row::of_request(&plain(&shorten(&cell.text, 300)));
    let (at, found) = row.iter().enumerate().rev().find_map(|(at, cell)| label(cell).map(|found| (at, found)))?;
    let values = row.get(at + 1..).filter(|values| values.len() == headings.len())?;
    Some(headings.values().zip(values).map(|(column, cell)| report_cell(found, *column, Some(cell))).collect())
}

/// The table of part 四: three blocks of five results over one row of numbers.
fn proceedings_of(grid: &Grid<'_>) -> Option<Vec<ReportCell>> {
    let han = |text: &str| text.chars().any(crate::text::is_han);
    let is_heading = |y: usize| (0..grid.width()).any(|x| han(grid.text(y, x)));
    let values = (1..grid.cells.len()).find(|y| !is_heading(*y) && is_heading(*y - 1))?;
    let mut cells: Vec<ReportCell> = Vec::new();
    for x in 0..grid.width() {
        let above = grid.above(values, x);
        let Some(column) = above.last().and_then(|leaf| Column::of_result(leaf)) else { continue };
        let Some(row) = Row::of_proceeding(&above.concat()) else { continue };
        if !cells.iter().any(|c| c.row == row && c.column == column) {
            cells.push(report_cell(row, column, grid.cell(values, x)));
        }
    }
    let blocks = PROCEEDINGS.iter().filter(|row| cells.iter().any(|c| c.row == **row)).count();
    (blocks >= 2 && cells.len() >= 8).then_some(cells)
}

/// Cells of part 二, and whether the table is (a piece of) its table.
fn disclosure_of(grid: &Grid<'_>) -> (Vec<ReportCell>, bool) {
    let mut cells = Vec::new();
    let mut headings = Headings::new();
    let mut named = false;
    for y in 0..grid.cells.len() {
        let texts: Vec<&str> = (0..grid.width()).map(|x| grid.text(y, x)).collect();
        named |= texts.iter().any(|t| t.starts_with("第二十条"));
        if texts.iter().any(|t| t.starts_with("信息内容")) {
            named = true;
            headings.clear();
            let mut seen = std::collections::BTreeSet::new();
            for (x, text) in texts.iter().enumerate() {
                if let Some(column) = Column::of_disclosure(text).filter(|c| seen.insert(*c)) {
                    headings.insert(x, column);
                }
            }
            continue;
        }
        let Some(first) = headings.keys().next().copied() else { continue };
        let Some(row) = Row::of_disclosure(grid.label(y, first)) else { continue };
        cells.extend(headings.iter().map(|(x, column)| report_cell(row, *column, grid.cell(y, *x))));
    }
    let belongs = !cells.is_empty() || named && grid.cells.len() >= 2;
    (cells, belongs)
}

/// Which format a table has, by what only one of them has.
fn format(table: &ReportTable) -> Option<Format> {
    match table.kind {
        TableKind::Disclosure => {
            let old = table.cells.iter().any(|c| c.column.is_of_2019());
            let new = table.cells.iter().any(|c| c.column.is_of_2021());
            match (old, new) {
                (true, false) => Some(Format::Of2019),
                (false, true) => Some(Format::Of2021),
                _ => None,
            }
        }
        TableKind::Requests => {
            let new = table.has_row(Row::NotCorrected) || table.has_row(Row::FeeUnpaid);
            let old = table.has_row(Row::OtherHandling) && table.has_row(Row::Reconfirm) && table.has_row(Row::Handled);
            if new { Some(Format::Of2021) } else { old.then_some(Format::Of2019) }
        }
        TableKind::Proceedings => None,
    }
}
