//! What is wrong in a table of the office: row, column, why, and what to do.

use crate::finding::{Language, Text};
use crate::text::{shorten, squeeze};
use std::fmt;

/// One mistake. Their order is that of the table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Row as a spreadsheet shows it, from 1.
    pub row: u32,
    /// Sheet, where the file has several that are read.
    pub sheet: String,
    /// Letters and head of the column; empty: the row as a whole.
    pub column: String,
    /// What stands there, shortened.
    pub value: String,
    /// What is wrong.
    pub message: Text,
    /// What to do.
    pub hint: Text,
}

impl Fault {
    /// A mistake of the only sheet. Control characters of the value do not reach a terminal.
    pub fn new(row: u32, column: &str, value: &str, message: Text, hint: Text) -> Self {
        let value: String = squeeze(value).chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        Fault { row, sheet: String::new(), column: column.to_owned(), value: shorten(&value, 60), message, hint }
    }

    /// In one language, as one line.
    pub fn line(&self, language: Language) -> String {
        let zh = language == Language::Zh;
        let (message, hint) = (self.message.get(language), self.hint.get(language));
        let mut place = if zh { format!("第 {} 行", self.row) } else { format!("row {}", self.row) };
        if !self.sheet.is_empty() {
            place = format!("{} {place}", self.sheet);
        }
        if !self.column.is_empty() {
            place.push_str(&if zh { format!("，{} 列", self.column) } else { format!(", column {}", self.column) });
        }
        let value = match (self.value.is_empty(), zh) {
            (true, _) => String::new(),
            (false, true) => format!("“{}”", self.value),
            (false, false) => format!("`{}` ", self.value),
        };
        format!("{place}: {value}{message} → {hint}")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(Language::Zh))
    }
}
