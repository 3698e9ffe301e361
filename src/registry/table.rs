//! The office's table of units and sites: one row for each unit and site, read whole or not at all.
//!
//! Every mistake is named with its row and column; as long as there is one, nothing of the table is taken. Ids that the table does not
//! give are made of what it says, so that the same table gives the same ids.

mod cells;
mod entry;
mod heads;
mod identity;
mod references;
mod settle;
mod write;

pub use heads::Field;
pub use write::write_xlsx;

use super::Registry;
use super::fault::Fault;
use super::sheet::{self, Sheet};
use crate::error::{Error, Result};
use crate::finding::Text;
use std::collections::BTreeMap;
use std::path::Path;

/// Most rows of units and sites.
pub const MOST_ROWS: usize = 20_000;
/// A row of heads names so many things at least.
const LEAST_HEADS: usize = 2;

/// What became of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    /// It is right.
    Whole {
        /// What it says, by id.
        registry: Registry,
        /// Heads of columns that nobody asked for; they are passed over.
        ignored: Vec<String>,
    },
    /// It is wrong at these places, and nothing of it is taken.
    Nothing(Vec<Fault>),
}

/// One row of the table as written.
#[derive(Debug, Clone, Default)]
struct Row {
    /// Its number as a spreadsheet shows it.
    number: u32,
    /// Filled cells.
    cells: BTreeMap<Field, String>,
}

impl Row {
    fn get(&self, field: Field) -> Option<&str> {
        self.cells.get(&field).map(String::as_str)
    }
}

/// The rows of a table with what their columns are called.
#[derive(Debug, Default)]
struct Rows {
    rows: Vec<Row>,
    /// Letters and head of each column, as the office wrote them.
    called: BTreeMap<Field, String>,
}

impl Rows {
    /// A fault at a cell.
    fn fault(&self, row: &Row, field: Field, message: Text, hint: Text) -> Fault {
        let column = self.called.get(&field).cloned().unwrap_or_else(|| field.word().to_owned());
        Fault::new(row.number, &column, row.get(field).unwrap_or_default(), message, hint)
    }
}

/// Reads a table. Superiors and operators may be units that are `known` beside it.
pub fn read(file: &Path, known: &Registry) -> Result<Taken> {
    of_sheets(file, &sheet::read(file)?, known)
}

/// Reads a table out of the bytes of a file; its name is for messages.
pub fn read_bytes(file: &Path, bytes: &[u8], known: &Registry) -> Result<Taken> {
    of_sheets(file, &sheet::read_bytes(file, bytes)?, known)
}

fn of_sheets(file: &Path, sheets: &[Sheet], known: &Registry) -> Result<Taken> {
    let heads = sheets.iter().find_map(|sheet| Some((sheet, sheet::head(sheet, LEAST_HEADS, Field::of)?)));
    let Some((sheet, head)) = heads else {
        return Err(Error::usage_with(
            format!("{}: 没有找到表头 / no row of heads was found", file.display()),
            "表头应有：单位 网站名称 网址 …… / heads such as: unit, site, addresses …",
        ));
    };
    let mut faults = Vec::new();
    let mut ignored = Vec::new();
    let rows = rows(sheet, head, &mut faults, &mut ignored);
    let registry = settle::settle(&rows, known, &mut faults);
    if !faults.is_empty() {
        faults.sort();
        faults.dedup();
        return Ok(Taken::Nothing(faults));
    }
    if rows.rows.is_empty() {
        return Err(Error::usage(format!("{}: 表头下面没有内容 / there is nothing below the heads", file.display())));
    }
    Ok(Taken::Whole { registry, ignored })
}

/// The rows below the heads.
fn rows(sheet: &Sheet, head: u32, faults: &mut Vec<Fault>, ignored: &mut Vec<String>) -> Rows {
    let mut found = Rows::default();
    let mut fields: BTreeMap<u32, Field> = BTreeMap::new();
    for (column, text) in sheet.rows.get(&head).into_iter().flatten() {
        let name = crate::text::squeeze(text);
        let shown = format!("{} {}", sheet::letters(*column), crate::text::shorten(&name, 20));
        match Field::of(&name) {
            Some(field) if found.called.contains_key(&field) => faults.push(Fault::new(
                head,
                &shown,
                &name,
                Text::both("与另一列意思相同", "means the same as another column"),
                Text::both("两列合成一列", "make one column of the two"),
            )),
            Some(field) => {
                found.called.insert(field, shown);
                fields.insert(*column, field);
            }
            None => match Field::nearly(&name) {
                Some(near) => faults.push(Fault::new(
                    head,
                    &shown,
                    &name,
                    Text::both("没有这样的列", "no column is called so"),
                    Text {
                        zh: format!("是不是“{}”？不是就换一个名称", near.word()),
                        en: format!("did you mean `{}`? Otherwise call it something else", near.english()),
                    },
                )),
                None => ignored.push(shown),
            },
        }
    }
    for field in [Field::Unit, Field::Addresses] {
        if !found.called.contains_key(&field) {
            faults.push(Fault::new(
                head,
                field.word(),
                "",
                Text {
                    zh: format!("缺少“{}”列", field.word()), en: format!("the column `{}` is missing", field.english())
                },
                Text::both("加上这一列", "add it"),
            ));
        }
    }
    for (number, cells) in sheet.rows.range(head + 1..) {
        if found.rows.len() >= MOST_ROWS {
            faults.push(Fault::new(
                *number,
                "",
                "",
                Text {
                    zh: format!("超过 {MOST_ROWS} 行，此行起没有读"),
                    en: format!("more than {MOST_ROWS} rows: nothing was read from this one on"),
                },
                Text::both("拆成几个文件", "split the table"),
            ));
            break;
        }
        let mut row = Row { number: *number, cells: BTreeMap::new() };
        for (column, text) in cells {
            if let Some(field) = fields.get(column) {
                row.cells.insert(*field, text.clone());
            } else if !sheet.rows.get(&head).is_some_and(|heads| heads.contains_key(column)) {
                faults.push(Fault::new(
                    *number,
                    &sheet::letters(*column),
                    text,
                    Text::both("这一列没有表头", "this column has no head"),
                    Text::both("写上表头，或删去内容", "give it one, or remove the text"),
                ));
            }
        }
        if !row.cells.is_empty() {
            found.rows.push(row);
        }
    }
    found
}
