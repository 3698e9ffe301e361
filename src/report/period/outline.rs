//! A report of a period in the order of reading, before any format: figures, sections, tables, charts. What a chart shows stands in a
//! table, so that every format tells the same.

use super::{Cell as Heat, Level, Ratio, Visited};
use crate::finding::Language;
use crate::report::plain;
use jiff::civil::Date;
use std::ops::Range;

/// A report to be read.
#[derive(Debug, Clone)]
pub struct Outline {
    /// Its language.
    pub language: Language,
    /// Title.
    pub title: String,
    /// What stands below the title.
    pub facts: Vec<String>,
    /// What matters first.
    pub figures: Vec<Figure>,
    /// The rest.
    pub sections: Vec<Section>,
}

/// A figure that stands by itself.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Of what.
    pub label: String,
    /// The figure.
    pub value: Value,
    /// What it is made from.
    pub detail: String,
    /// How it is to be taken.
    pub mark: Mark,
}

/// How something is to be taken. It colours; the words say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    /// As any.
    #[default]
    Plain,
    /// Well.
    Good,
    /// Worth a look.
    Warning,
    /// Grave.
    Bad,
    /// Suspected only.
    Doubtful,
    /// Of less weight, or unknown.
    Quiet,
}

impl Mark {
    /// Its word in style sheets.
    pub fn key(self) -> &'static str {
        match self {
            Mark::Plain => "plain",
            Mark::Good => "good",
            Mark::Warning => "warning",
            Mark::Bad => "bad",
            Mark::Doubtful => "doubtful",
            Mark::Quiet => "quiet",
        }
    }
}

impl From<Level> for Mark {
    fn from(level: Level) -> Self {
        match level {
            Level::Unknown => Mark::Quiet,
            Level::Well => Mark::Good,
            Level::Warning => Mark::Warning,
            Level::Line => Mark::Bad,
        }
    }
}

/// A section.
#[derive(Debug, Clone)]
pub struct Section {
    /// Anchor.
    pub id: String,
    /// Title.
    pub title: String,
    /// What is to be known of it.
    pub lead: Vec<String>,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Debug, Clone)]
pub enum Block {
    /// Rows and columns.
    Table(Table),
    /// Units by item.
    Heat(HeatMap),
    /// Words.
    Note(Mark, String),
}

/// Where a table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// In every format.
    #[default]
    Everywhere,
    /// Not in a workbook.
    OnPage,
    /// In a workbook alone.
    InBook,
}

/// Rows and columns.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Name of its sheet in a workbook.
    pub sheet: String,
    /// What stands above it.
    pub caption: Option<String>,
    /// Columns.
    pub heads: Vec<Head>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
    /// What is said when there are no rows.
    pub empty: String,
    /// Charts of its rows.
    pub charts: Vec<Chart>,
    /// On a page, do the charts tell all of it?
    pub drawn: bool,
    /// Rows on a terminal; 0: it is left out there.
    pub brief: usize,
    /// On a terminal, is its first column told in a line?
    pub listed: bool,
    /// Where it stands.
    pub shown: Shown,
    /// Does it need the width of a page on its side?
    pub wide: bool,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Head {
    /// Its name.
    pub text: String,
    /// Width in a workbook, in characters.
    pub width: f64,
    /// Do its cells hold figures?
    pub figures: bool,
    /// Do they hold shares? In a workbook these take three columns.
    pub share: bool,
    /// Does it stand on a terminal, too?
    pub brief: bool,
}

impl Head {
    /// A column of words.
    pub fn words(text: &str, width: f64) -> Self {
        Head { text: text.to_owned(), width, figures: false, share: false, brief: false }
    }

    /// A column of figures.
    pub fn figures(text: &str) -> Self {
        Head { text: text.to_owned(), width: 11.0, figures: true, share: false, brief: false }
    }

    /// A column of shares.
    pub fn share(text: &str) -> Self {
        Head { text: text.to_owned(), width: 11.0, figures: true, share: true, brief: false }
    }

    /// Stands on a terminal, too.
    pub fn first(mut self) -> Self {
        self.brief = true;
        self
    }
}

/// A chart of rows of a table.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Title.
    pub title: String,
    /// How it is drawn.
    pub kind: ChartKind,
    /// Column of the labels.
    pub label: usize,
    /// Columns of the values.
    pub values: Vec<usize>,
    /// How each of the values is to be taken.
    pub marks: Vec<Mark>,
    /// Column whose text says the value of a row in words.
    pub told: Option<usize>,
    /// Rows that it draws.
    pub rows: Range<usize>,
    /// Where the scale ends; none: at the greatest value.
    pub top: Option<f64>,
    /// Does it stand in a workbook alone?
    pub in_book: bool,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Bars that lie, values of a row one after the other.
    Bars,
    /// Bars that stand.
    Columns,
    /// Lines over the rows.
    Lines,
}

/// Units by item.
#[derive(Debug, Clone)]
pub struct HeatMap {
    /// Name of its sheet in a workbook.
    pub sheet: String,
    /// What stands above it.
    pub caption: String,
    /// Items: id and title.
    pub items: Vec<(String, String)>,
    /// Units with their cells.
    pub rows: Vec<(String, Vec<Heat>)>,
}

/// A cell of a table.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// How it is to be taken.
    pub mark: Mark,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    None,
    /// Text, harmless for eye and terminal.
    Text(String),
    /// An address.
    Address(String),
    /// A count.
    Count(u64),
    /// A whole number, perhaps below 0.
    Whole(i64),
    /// Points.
    Points(f64),
    /// A change: points or ranks, with its sign.
    Change(f64),
    /// A share.
    Share(Ratio),
    /// A share of which nobody told the parts, 0 to 1.
    Percent(f64),
    /// A day.
    Day(Date),
    /// Visits of a day.
    Visits(Visited),
}

impl Value {
    /// In words and figures, as pages and terminals show it.
    pub fn text(&self) -> String {
        match self {
            Value::None => "–".to_owned(),
            Value::Text(text) | Value::Address(text) => text.clone(),
            Value::Count(count) => count.to_string(),
            Value::Whole(number) => number.to_string(),
            Value::Points(points) => points_text(*points),
            Value::Change(change) => change_text(*change),
            Value::Share(ratio) => ratio.text(),
            Value::Percent(share) if share.is_finite() => crate::report::summary::percent(*share),
            Value::Percent(_) => "–".to_owned(),
            Value::Day(day) => day.to_string(),
            Value::Visits(visits) => format!("{}/{}", visits.answered + visits.blocked, visits.valid()),
        }
    }

    /// As a number, for charts.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Count(count) => Some(*count as f64),
            Value::Whole(number) => Some(*number as f64),
            Value::Points(points) | Value::Change(points) if points.is_finite() => Some(*points),
            Value::Share(ratio) => ratio.tenths().map(|tenths| tenths as f64 / 10.0),
            _ => None,
        }
    }
}

/// Points as offices print them.
pub fn points_text(points: f64) -> String {
    if points.is_finite() { crate::score::points_text(points) } else { "–".to_owned() }
}

fn change_text(change: f64) -> String {
    if !change.is_finite() {
        return "–".to_owned();
    }
    // Differences of points carry the dust of binary fractions.
    let change = (change * 10_000.0).round() / 10_000.0;
    let whole = change.fract() == 0.0 && change.abs() < 1e15;
    let size = if whole { format!("{:.0}", change.abs()) } else { points_text(change.abs()) };
    match change {
        c if c > 0.0 => format!("+{size}"),
        c if c < 0.0 => format!("−{size}"),
        _ => "0".to_owned(),
    }
}

/// Characters of a text of whoever's: more is of no use to a reader, and of much to who wants a report to burst.
const LONGEST: usize = 2_000;

/// Text of whoever's made harmless for eye and terminal, and bounded.
pub fn harmless(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", plain::line(&text[..end])),
        None => plain::line(text).into_owned(),
    }
}

impl Cell {
    /// A cell that is to be taken in some way.
    pub fn marked(value: Value, mark: Mark) -> Self {
        Cell { value, mark }
    }

    /// Text of whoever's: made harmless.
    pub fn text(text: &str) -> Self {
        Value::Text(harmless(text)).into()
    }

    /// The same with a mark.
    pub fn said(text: &str, mark: Mark) -> Self {
        Cell { mark, ..Cell::text(text) }
    }

    /// An address of whoever's.
    pub fn address(url: &str) -> Self {
        Value::Address(harmless(url)).into()
    }

    /// A count; 0 is quiet, more is to be taken as said.
    pub fn count(count: u64, more: Mark) -> Self {
        Cell { value: Value::Count(count), mark: if count == 0 { Mark::Quiet } else { more } }
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Cell { value, mark: Mark::Plain }
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Value::Count(count).into()
    }
}

impl From<Ratio> for Cell {
    fn from(ratio: Ratio) -> Self {
        Value::Share(ratio).into()
    }
}

impl From<Date> for Cell {
    fn from(day: Date) -> Self {
        Value::Day(day).into()
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(|| Cell { value: Value::None, mark: Mark::Quiet }, Into::into)
    }
}

/// Words in the language of an outline.
#[derive(Debug, Clone, Copy)]
pub struct Tongue(pub Language);

impl Tongue {
    /// One of two.
    pub fn say<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self.0 {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// One of two, owned.
    pub fn own(self, zh: &str, en: &str) -> String {
        self.say(zh, en).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_their_sign_and_no_dust() {
        assert_eq!(Value::Change(0.1 + 0.2 - 0.3).text(), "0");
        assert_eq!(Value::Change(81.34 - 80.0).text(), "+1.34");
        assert_eq!(Value::Change(-3.0).text(), "−3");
        assert_eq!(Value::Points(f64::NAN).text(), "–");
        assert_eq!(Cell::text("a\u{1b}[2J\u{202e}b").value.text(), "a\\u{1b}[2J\\u{202e}b");
    }
}
