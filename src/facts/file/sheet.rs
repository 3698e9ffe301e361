//! Workbooks of every Excel generation and of ET: each sheet a table.

use super::contents::{Writing, cell};
use super::{Contents, FileKind, Reading};
use crate::facts::file::archive::damaged;
use crate::facts::table::{Cell, MAX_COLUMNS, MAX_ROWS, Table};
use calamine::{Data, DataRef, DataType, Dimensions, Reader, Xls, XlsError, Xlsx, XlsxError};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Cursor;

/// Sheets read of one workbook.
const MOST_SHEETS: usize = 100;

/// Filled cells of one sheet by row and column, counted from the first filled row.
#[derive(Default)]
struct Sheet {
    cells: BTreeMap<(u32, u32), String>,
    merged: Vec<Dimensions>,
    first: Option<u32>,
    cut: bool,
}

impl Sheet {
    /// False when the sheet has no more room.
    fn put(&mut self, (row, column): (u32, u32), text: String) -> bool {
        if text.trim().is_empty() {
            return true;
        }
        let first = *self.first.get_or_insert(row);
        if row.saturating_sub(first) as usize >= MAX_ROWS {
            self.cut = true;
            return false;
        }
        if (column as usize) < MAX_COLUMNS {
            self.cells.insert((row, column), text);
        } else {
            self.cut = true;
        }
        true
    }

    fn into_table(self, name: &str) -> Table {
        let last = self.cells.keys().map(|(row, _)| *row).max();
        let wide = self.cells.keys().map(|(_, column)| *column).max();
        let (Some(first), Some(last), Some(wide)) = (self.cells.keys().next().map(|(row, _)| *row), last, wide) else {
            return Table::default();
        };
        let mut spans: HashMap<(u32, u32), (u32, u32)> = HashMap::new();
        let mut covered: HashSet<(u32, u32)> = HashSet::new();
        for merge in &self.merged {
            let (start, end) = (merge.start, (merge.end.0.min(last), merge.end.1.min(wide)));
            if start.0 < first || start.0 > end.0 || start.1 > end.1 {
                continue;
            }
            spans.insert(start, (end.0 - start.0 + 1, end.1 - start.1 + 1));
            covered.extend((start.0..=end.0).flat_map(|row| (start.1..=end.1).map(move |column| (row, column))));
            covered.remove(&start);
        }
        let mut cells = self.cells;
        let mut rows: Vec<Vec<Cell>> = Vec::with_capacity((last - first + 1) as usize);
        for row in first..=last {
            let mut line = Vec::with_capacity(wide as usize + 1);
            for column in (0..=wide).filter(|column| !covered.contains(&(row, *column))) {
                let (high, across) = spans.get(&(row, column)).copied().unwrap_or((1, 1));
                line.push(cell(&cells.remove(&(row, column)).unwrap_or_default(), high, across));
            }
            rows.push(line);
        }
        Table { caption: Some(name.to_owned()), rows, line: None, cut: self.cut }
    }
}

/// Reads an Office Open XML workbook.
pub(super) fn read_xlsx(bytes: &[u8]) -> Contents {
    let mut book: Xlsx<_> = match Xlsx::new(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(XlsxError::Password) => return Contents::ended(FileKind::Xlsx, Reading::Encrypted),
        Err(error) => return Contents::ended(FileKind::Xlsx, damaged(&error)),
    };
    let names = book.sheet_names();
    let mut writing = Writing::default();
    let mut broken = None;
    for name in names.iter().take(MOST_SHEETS) {
        let mut sheet = Sheet::default();
        match book.worksheet_cells_reader(name) {
            Ok(mut cells) => loop {
                match cells.next_cell() {
                    Ok(Some(found)) => {
                        if !sheet.put(found.get_position(), shown(found.get_value())) {
                            break;
                        }
                    }
                    Ok(None) => break,
                    Err(error) => {
                        broken = Some(damaged(&error));
                        sheet.cut = true;
                        break;
                    }
                }
            },
            // A sheet that is a chart or a dialogue has no cells.
            Err(_) => continue,
        }
        sheet.merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
        put(&mut writing, sheet, name);
    }
    ended(writing, FileKind::Xlsx, names.len(), broken)
}

/// Reads a workbook in a compound file.
pub(super) fn read_xls(bytes: &[u8]) -> Contents {
    let mut book: Xls<_> = match Xls::new(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(XlsError::Password) => return Contents::ended(FileKind::Xls, Reading::Encrypted),
        Err(error) => return Contents::ended(FileKind::Xls, damaged(&error)),
    };
    let names = book.sheet_names();
    let mut writing = Writing::default();
    for name in names.iter().take(MOST_SHEETS) {
        let Ok(range) = book.worksheet_range(name) else { continue };
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut sheet = Sheet { merged: book.merge_cells_by_sheet_name(name).unwrap_or_default(), ..Sheet::default() };
        for (row, column, value) in range.used_cells() {
            let at = (top.saturating_add(row as u32), left.saturating_add(column as u32));
            if !sheet.put(at, text_of(value)) {
                break;
            }
        }
        put(&mut writing, sheet, name);
    }
    ended(writing, FileKind::Xls, names.len(), None)
}

fn put(writing: &mut Writing, sheet: Sheet, name: &str) {
    let table = sheet.into_table(name);
    if !table.rows.is_empty() {
        writing.paragraph(name);
        table.rows.iter().for_each(|row| writing.row(row));
        writing.table(table);
    }
}

fn ended(mut writing: Writing, kind: FileKind, sheets: usize, broken: Option<Reading>) -> Contents {
    writing.cut |= sheets > MOST_SHEETS || broken.is_some();
    let mut contents = writing.into_contents(kind);
    contents.pages = Some(u32::try_from(sheets).unwrap_or(u32::MAX));
    if contents.tables.is_empty()
        && let Some(broken) = broken
    {
        contents.reading = broken;
    }
    contents
}

fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        other => text_of(&Data::from(other.clone())),
    }
}

/// A value as a reader of the sheet sees it, more or less: whole numbers without a point, dates as such.
fn text_of(value: &Data) -> String {
    match value {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::Float(number) => number.to_string(),
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            match (hour, minute, second) {
                (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        other => other.as_string().unwrap_or_else(|| if other.is_empty() { String::new() } else { other.to_string() }),
    }
}
