//! What the bytes of a file hold, whoever offers them: read once for equal bytes, stored by digest.

use super::{File, FileKind, Reading};
use crate::facts::table::{Cell, MAX_COLUMNS, MAX_ROWS, Table};
use crate::text::{shorten, squeeze};
use serde::{Deserialize, Serialize};

/// Bytes of text kept of one file.
pub const MAX_TEXT: usize = 2 << 20;
/// Tables kept of one file.
pub const MAX_TABLES: usize = 200;
/// Cells kept of one file.
pub const MAX_CELLS: usize = 50_000;
/// Bytes of text kept in the cells of one file.
const MAX_CELL_TEXT: usize = 4 << 20;
/// Names kept of one archive.
pub const MAX_ENTRIES: usize = 1_000;
/// Characters kept of one cell.
const MAX_CELL: usize = 2_000;

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// By its bytes.
    pub kind: FileKind,
    /// How reading ended.
    pub reading: Reading,
    /// See [`File::text`].
    #[serde(default)]
    pub text: Vec<String>,
    /// See [`File::tables`].
    #[serde(default)]
    pub tables: Vec<Table>,
    /// See [`File::pages`].
    #[serde(default)]
    pub pages: Option<u32>,
    /// See [`File::scanned_pages`].
    #[serde(default)]
    pub scanned_pages: Option<u32>,
    /// See [`File::entries`].
    #[serde(default)]
    pub entries: Vec<String>,
    /// See [`File::cut`].
    #[serde(default)]
    pub cut: bool,
}

impl Contents {
    /// Of a file whose reading ended without anything to show.
    pub fn ended(kind: FileKind, reading: Reading) -> Self {
        Contents {
            kind,
            reading,
            text: Vec::new(),
            tables: Vec::new(),
            pages: None,
            scanned_pages: None,
            entries: Vec::new(),
            cut: false,
        }
    }

    /// Puts the contents into the facts of the file that has them.
    pub fn put_into(self, file: &mut File) {
        file.kind = self.kind;
        file.reading = self.reading;
        file.text = self.text;
        file.tables = self.tables;
        file.pages = self.pages;
        file.scanned_pages = self.scanned_pages;
        file.entries = self.entries;
        file.cut = self.cut;
    }
}

/// Contents under way: takes paragraphs, tables and names until the limits of one file.
#[derive(Debug, Default)]
pub(super) struct Writing {
    text: Vec<String>,
    bytes: usize,
    tables: Vec<Table>,
    cells: usize,
    cell_text: usize,
    entries: Vec<String>,
    /// Where the rows of the open table begin in the text.
    rows_from: Option<usize>,
    pub(super) cut: bool,
}

impl Writing {
    /// Takes a paragraph, squeezed; blank ones are left out.
    pub(super) fn paragraph(&mut self, text: &str) {
        let text = squeeze(text);
        if text.is_empty() {
            return;
        }
        let room = MAX_TEXT.saturating_sub(self.bytes);
        if text.len() > room {
            self.cut = true;
            return;
        }
        self.bytes += text.len() + 1;
        self.text.push(text);
    }

    /// Takes a row of a table as one paragraph, so that the text holds all that a reader sees.
    pub(super) fn row(&mut self, cells: &[Cell]) {
        let texts: Vec<&str> = cells.iter().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty()).collect();
        self.rows_from.get_or_insert(self.text.len());
        self.paragraph(&texts.join(" | "));
    }

    /// The paragraph just above the table whose rows were taken last: what names it.
    pub(super) fn last_line(&mut self) -> Option<String> {
        let at = self.rows_from.take()?.checked_sub(1)?;
        self.text.get(at).filter(|text| text.chars().count() <= 100).cloned()
    }

    /// Is there room for more text?
    pub(super) fn is_full(&self) -> bool {
        self.cut
    }

    /// Takes a table, bounded.
    pub(super) fn table(&mut self, mut table: Table) {
        if self.tables.len() >= MAX_TABLES {
            self.cut = true;
            return;
        }
        table.cut |= table.rows.len() > MAX_ROWS || table.rows.iter().any(|row| row.len() > MAX_COLUMNS);
        table.rows.truncate(MAX_ROWS);
        for row in &mut table.rows {
            row.truncate(MAX_COLUMNS);
            self.cells += row.len();
            self.cell_text += row.iter().map(|cell| cell.text.len()).sum::<usize>();
            if self.cells > MAX_CELLS || self.cell_text > MAX_CELL_TEXT {
                table.cut = true;
                row.clear();
            }
        }
        self.cut |= table.cut;
        while table.rows.last().is_some_and(|row| row.iter().all(|cell| cell.text.is_empty())) {
            table.rows.pop();
        }
        if !table.rows.is_empty() {
            self.tables.push(table);
        }
    }

    /// Takes a name of an archive.
    pub(super) fn entry(&mut self, name: String) {
        if self.entries.len() < MAX_ENTRIES {
            self.entries.push(shorten(&name, 300));
        } else {
            self.cut = true;
        }
    }

    /// The contents of a file that was read.
    pub(super) fn into_contents(self, kind: FileKind) -> Contents {
        let Writing { text, tables, entries, cut, .. } = self;
        Contents { text, tables, entries, cut, ..Contents::ended(kind, Reading::Read) }
    }
}

/// A cell of a file's table.
pub(super) fn cell(text: &str, rows: u32, columns: u32) -> Cell {
    Cell { text: shorten(&squeeze(text), MAX_CELL), rows, columns, ..Cell::default() }
}
