//! Tables that people keep, read as plain text: workbooks of every Excel generation, ET, and CSV, within bounds.
//!
//! A merged cell gives its text to every row and column that it covers: offices merge the name of a unit over its rows.

mod csv;
mod workbook;

use crate::error::{Error, Result};
use crate::text::squeeze;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Largest file, in bytes.
pub const MOST_BYTES: u64 = 32 << 20;
/// Most rows of one sheet, heads included.
pub const MOST_ROWS: usize = 100_000;
/// Most columns of one sheet.
pub const MOST_COLUMNS: u32 = 200;
/// Most characters of all cells of a file together.
const MOST_CHARACTERS: usize = 64 << 20;

/// A sheet: its filled cells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Name; of CSV empty.
    pub name: String,
    /// Rows by number, counted from 1 as spreadsheets show them, with their cells by column, counted from 0. Empty cells are left out.
    pub rows: BTreeMap<u32, BTreeMap<u32, String>>,
}

/// Room that is left for the cells of a file.
#[derive(Debug)]
struct Room {
    characters: usize,
}

/// A cell that has no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Full {
    Rows,
    Columns,
    Characters,
}

impl Room {
    fn new() -> Self {
        Room { characters: MOST_CHARACTERS }
    }

    /// Puts a cell where there is room.
    fn put(&mut self, sheet: &mut Sheet, (row, column): (u32, u32), text: String) -> std::result::Result<(), Full> {
        if text.trim().is_empty() {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            return Err(Full::Columns);
        }
        if !sheet.rows.contains_key(&row) && sheet.rows.len() >= MOST_ROWS {
            return Err(Full::Rows);
        }
        self.characters = self.characters.checked_sub(text.len()).ok_or(Full::Characters)?;
        sheet.rows.entry(row).or_default().insert(column, text);
        Ok(())
    }
}

impl Full {
    fn error(self, file: &Path, sheet: &str) -> Error {
        let message = match self {
            Full::Rows => format!("超过 {MOST_ROWS} 行 / more than {MOST_ROWS} rows"),
            Full::Columns => format!("超过 {MOST_COLUMNS} 列 / more than {MOST_COLUMNS} columns"),
            Full::Characters => "文字太多 / too much text".to_owned(),
        };
        let place = if sheet.is_empty() { String::new() } else { format!("，工作表 / sheet {sheet}") };
        Error::usage_with(
            format!("{}{place}: {message}", file.display()),
            "拆成几个文件，删去无关内容 / split it into several files, and leave out what does not belong",
        )
    }
}

/// Reads a file. What it is its content tells, not its name.
pub fn read(file: &Path) -> Result<Vec<Sheet>> {
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(|e| Error::io(file, e))?;
    opened.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|e| Error::io(file, e))?;
    read_bytes(file, &bytes)
}

/// Reads the bytes of a file; its name is for messages.
pub fn read_bytes(file: &Path, bytes: &[u8]) -> Result<Vec<Sheet>> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::usage(format!(
            "{}: 大于 {} MB / is larger than {} MB",
            file.display(),
            MOST_BYTES >> 20,
            MOST_BYTES >> 20
        )));
    }
    const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    match bytes {
        [b'P', b'K', ..] => workbook::read_xlsx(file, bytes),
        _ if bytes.starts_with(COMPOUND) => workbook::read_xls(file, bytes),
        _ => csv::read(file, bytes).map(|sheet| vec![sheet]),
    }
}

/// The row that heads a table: among the first 20 filled rows the one in which most cells are known, at least `least` of them. `known`
/// says what a folded head names.
pub fn head<T: PartialEq>(sheet: &Sheet, least: usize, known: impl Fn(&str) -> Option<T>) -> Option<u32> {
    const AMONG: usize = 20;
    let mut best = None;
    for (number, cells) in sheet.rows.iter().take(AMONG) {
        let mut met: Vec<T> = Vec::new();
        for found in cells.values().filter_map(|cell| known(&squeeze(cell))) {
            if !met.contains(&found) {
                met.push(found);
            }
        }
        if met.len() >= least && best.is_none_or(|(most, _)| met.len() > most) {
            best = Some((met.len(), *number));
        }
    }
    best.map(|(_, number)| number)
}

/// `A`, `B` … `AA`: what a spreadsheet calls a column.
pub fn letters(column: u32) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_called_as_in_a_spreadsheet() {
        let called: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(super::letters).into();
        assert_eq!(called, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
