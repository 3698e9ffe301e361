//! Office Open XML text: paragraphs and tables of the main part.

use super::archive::Container;
use super::contents::{Writing, cell};
use super::xml::{Attributes, Node, walk};
use super::{Contents, FileKind, Reading};
use crate::facts::table::{Cell, Table};

/// Where the main part lies in nearly every file.
const MAIN: &str = "word/document.xml";
/// Content type of the main part, where it lies elsewhere.
const MAIN_TYPE: &str = "wordprocessingml.document.main+xml";
/// Tables inside tables inside tables: deeper ones are text.
const DEEPEST: usize = 8;

/// Reads a container that is known to hold a text.
pub(super) fn read(container: &mut Container<'_>) -> Contents {
    let part = match main_part(container) {
        Ok(Some(part)) => part,
        Ok(None) => return Contents::ended(FileKind::Docx, Reading::Damaged("no main part".to_owned())),
        Err(reading) => return Contents::ended(FileKind::Docx, reading),
    };
    let mut text = Walking::default();
    let whole = walk(&part, &mut |node| text.node(node));
    let mut contents = text.writing.into_contents(FileKind::Docx);
    if !whole {
        contents.cut = true;
        if contents.text.is_empty() {
            contents.reading = Reading::Damaged("the main part is no XML".to_owned());
        }
    }
    contents
}

fn main_part(container: &mut Container<'_>) -> Result<Option<Vec<u8>>, Reading> {
    if let Some(part) = container.read(MAIN)? {
        return Ok(Some(part));
    }
    let Some(types) = container.read("[Content_Types].xml")? else { return Ok(None) };
    let mut name = None;
    walk(&types, &mut |node| {
        if let Node::Open("Override", attributes) = node
            && attributes.get("ContentType").is_some_and(|t| t.contains(MAIN_TYPE))
        {
            name = attributes.get("PartName");
        }
        name.is_none()
    });
    match name {
        Some(name) => container.read(&name),
        None => Ok(None),
    }
}

/// A table under way.
#[derive(Default)]
struct OpenTable {
    rows: Vec<Vec<Cell>>,
    row: Vec<Cell>,
    /// Text of the open cell.
    text: String,
    columns: u32,
    /// Does the open cell only continue one above?
    continues: bool,
    /// First column of the open cell.
    at: u32,
    /// Column → row and place in it of the cell that began there.
    above: std::collections::HashMap<u32, (usize, usize)>,
    /// Is the row one of the heading?
    header: bool,
}

#[derive(Default)]
struct Walking {
    writing: Writing,
    paragraphs: Vec<String>,
    tables: Vec<OpenTable>,
    /// Elements whose content is not shown.
    skipped: usize,
    /// Inside `w:t`.
    in_text: bool,
}

impl Walking {
    fn node(&mut self, node: Node<'_>) -> bool {
        match node {
            Node::Open(name, attributes) => self.open(name, attributes),
            Node::Close(name) => self.close(name),
            Node::Text(text) => {
                if self.in_text
                    && self.skipped == 0
                    && let Some(paragraph) = self.paragraphs.last_mut()
                {
                    paragraph.push_str(text);
                }
            }
        }
        !self.writing.is_full()
    }

    fn open(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            // The same content once more for old readers; what was struck out under revision.
            "Fallback" | "del" | "moveFrom" => self.skipped += 1,
            _ if self.skipped > 0 => {}
            "p" => self.paragraphs.push(String::new()),
            "t" => self.in_text = true,
            "tab" | "br" | "cr" | "noBreakHyphen" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.push(if name == "noBreakHyphen" { '-' } else { ' ' });
                }
            }
            "tbl" if self.tables.len() < DEEPEST => self.tables.push(OpenTable::default()),
            _ => self.open_in_table(name, attributes),
        }
    }

    fn open_in_table(&mut self, name: &str, attributes: &Attributes<'_>) {
        let Some(table) = self.tables.last_mut() else { return };
        match name {
            "tr" => {
                table.row.clear();
                table.at = 0;
                table.header = false;
            }
            "tblHeader" => table.header = true,
            "gridBefore" => table.at += attributes.number("val").unwrap_or(0).min(64),
            "tc" => {
                table.text.clear();
                table.columns = 1;
                table.continues = false;
            }
            "gridSpan" => table.columns = attributes.number("val").unwrap_or(1).clamp(1, 64),
            "vMerge" => table.continues = attributes.get("val").is_none_or(|value| value != "restart"),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "Fallback" | "del" | "moveFrom" => self.skipped = self.skipped.saturating_sub(1),
            _ if self.skipped > 0 => {}
            "t" => self.in_text = false,
            "p" => {
                let Some(paragraph) = self.paragraphs.pop() else { return };
                match self.tables.last_mut() {
                    Some(table) => {
                        if !table.text.is_empty() {
                            table.text.push(' ');
                        }
                        table.text.push_str(&paragraph);
                    }
                    None => self.writing.paragraph(&paragraph),
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.end_cell();
                }
            }
            "tr" => self.end_row(),
            "tbl" => self.end_table(),
            _ => {}
        }
    }

    fn end_row(&mut self) {
        let outermost = self.tables.len() == 1;
        let Some(table) = self.tables.last_mut() else { return };
        let header = table.header;
        let mut row = std::mem::take(&mut table.row);
        row.iter_mut().for_each(|cell| cell.header = header);
        if outermost {
            self.writing.row(&row);
        }
        table.rows.push(row);
    }

    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else { return };
        match self.tables.last_mut() {
            // A table inside a cell is that cell's text.
            Some(outer) => {
                for text in table.rows.iter().flatten().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty()) {
                    outer.text.push(' ');
                    outer.text.push_str(text);
                }
            }
            None => {
                let caption = self.writing.last_line();
                self.writing.table(Table { caption, rows: table.rows, line: None, cut: false });
            }
        }
    }
}

impl OpenTable {
    fn end_cell(&mut self) {
        let (at, columns) = (self.at, self.columns.max(1));
        self.at += columns;
        if self.continues
            && let Some((row, place)) = self.above.get(&at).copied()
            && let Some(cell) = self.rows.get_mut(row).and_then(|row| row.get_mut(place))
        {
            cell.rows += 1;
            return;
        }
        self.above.insert(at, (self.rows.len(), self.row.len()));
        self.row.push(cell(&self.text, 1, columns));
    }
}
