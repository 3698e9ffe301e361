//! Workbooks that an office fills in: heads that stay in sight, filters, lists to choose from, and every text as text.

use crate::error::{Error, Result};
use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet};
use std::collections::BTreeMap;

/// Blue of the heads.
const HEAD: Color = Color::RGB(0x1F_4E_79);
/// Fill of cells that a person may change.
const OPEN: Color = Color::RGB(0xFF_FB_E6);
/// Line between cells.
const LINE: Color = Color::RGB(0xD0_D7_DE);
/// Characters of a list that stands in its cell's own rule; longer ones stand in a sheet of their own.
const MOST_INLINE: usize = 200;
/// Rows prepared with lists below the written ones.
const SPARE: u32 = 200;

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Look {
    /// As any.
    #[default]
    Plain,
    /// To be filled in or corrected.
    Open,
    /// Sure.
    Good,
    /// Worth a look.
    Doubtful,
    /// Wrong or missing.
    Bad,
    /// Said by a person before.
    Settled,
}

fn wrong(error: &rust_xlsxwriter::XlsxError) -> Error {
    Error::Internal(format!("workbook: {error}"))
}

/// A workbook under way.
#[derive(Default)]
pub struct Book {
    sheets: Vec<Worksheet>,
    /// Lists to choose from that are too long for a rule, by name.
    lists: Vec<Vec<String>>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, never a formula.
    Text(String),
    /// A number.
    Number(f64),
}

/// A sheet that is a table.
pub struct Table<'b> {
    book: &'b mut Book,
    sheet: Worksheet,
    heads: usize,
    next: u32,
    formats: BTreeMap<(Look, bool), Format>,
}

impl Book {
    /// Without sheets.
    pub fn new() -> Self {
        Book::default()
    }

    /// Adds a sheet of lines to be read: the first is its title, those that begin with `#` are heads.
    pub fn text(&mut self, name: &str, lines: &[String]) -> Result<()> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name).map_err(|e| wrong(&e))?;
        sheet.set_column_width(0, 110.0).map_err(|e| wrong(&e))?;
        sheet.set_screen_gridlines(false);
        sheet.set_print_fit_to_pages(1, 0);
        let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_font_size(11);
        let head = Format::new().set_bold().set_font_size(12).set_font_color(HEAD);
        let title = Format::new().set_bold().set_font_size(16).set_font_color(HEAD);
        for (row, line) in (0..).zip(lines) {
            let (text, format) = match line.strip_prefix('#') {
                _ if row == 0 => (line.as_str(), &title),
                Some(text) => (text.trim(), &head),
                None => (line.as_str(), &plain),
            };
            sheet.write_string_with_format(row, 0, text, format).map_err(|e| wrong(&e))?;
            // Excel does not fit rows of wrapped text that it did not wrap itself.
            let wide: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
            let lines = wide.div_ceil(108).max(1);
            let height = if row == 0 { 28.0 } else { 18.0 * lines as f64 };
            sheet.set_row_height(row, height).map_err(|e| wrong(&e))?;
        }
        self.sheets.push(sheet);
        Ok(())
    }

    /// Begins a sheet that is a table: heads with the widths of their columns in characters.
    pub fn table(&mut self, name: &str, heads: &[(String, f64)]) -> Result<Table<'_>> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name).map_err(|e| wrong(&e))?;
        let format = Format::new()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(HEAD)
            .set_align(FormatAlign::VerticalCenter)
            .set_align(FormatAlign::Center)
            .set_border(FormatBorder::Thin)
            .set_border_color(LINE)
            .set_text_wrap();
        for (column, (head, width)) in (0..).zip(heads) {
            sheet.write_string_with_format(0, column, head, &format).map_err(|e| wrong(&e))?;
            sheet.set_column_width(column, *width).map_err(|e| wrong(&e))?;
        }
        sheet.set_row_height(0, 30.0).map_err(|e| wrong(&e))?;
        Ok(Table { book: self, sheet, heads: heads.len(), next: 1, formats: BTreeMap::new() })
    }

    /// The bytes of the file. The same book gives the same bytes.
    pub fn save(self) -> Result<Vec<u8>> {
        let mut workbook = Workbook::new();
        let epoch = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 1, 1).map_err(|e| wrong(&e))?;
        workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&epoch).set_author("xuncha"));
        for sheet in self.sheets {
            workbook.push_worksheet(sheet);
        }
        if !self.lists.is_empty() {
            let mut sheet = Worksheet::new();
            sheet.set_name(LISTS).map_err(|e| wrong(&e))?;
            sheet.set_hidden(true);
            for (column, list) in (0..).zip(&self.lists) {
                for (row, word) in (0..).zip(list) {
                    sheet.write_string(row, column, word).map_err(|e| wrong(&e))?;
                }
            }
            workbook.push_worksheet(sheet);
        }
        workbook.save_to_buffer().map_err(|e| wrong(&e))
    }
}

/// Name of the sheet with the lists to choose from.
pub const LISTS: &str = "可选值";

impl Table<'_> {
    /// Adds a row of texts.
    pub fn row(&mut self, cells: &[String]) -> Result<()> {
        let cells: Vec<(Value, Look)> = cells.iter().map(|text| (Value::Text(text.clone()), Look::Plain)).collect();
        self.looking(&cells)
    }

    /// Adds a row.
    pub fn looking(&mut self, cells: &[(Value, Look)]) -> Result<()> {
        for (column, (value, look)) in (0..).zip(cells) {
            // What begins like a formula stays text even when somebody edits the cell.
            let quoted = matches!(value, Value::Text(text) if text.starts_with(['=', '+', '-', '@']));
            let format = self.formats.entry((*look, quoted)).or_insert_with(|| format(*look, quoted));
            match value {
                Value::Text(text) => self.sheet.write_string_with_format(self.next, column, text, format),
                Value::Number(number) => self.sheet.write_number_with_format(self.next, column, *number, format),
            }
            .map_err(|e| wrong(&e))?;
        }
        self.next += 1;
        Ok(())
    }

    /// Gives a column a list to choose from; `strict` refuses anything else.
    pub fn choices(&mut self, column: usize, list: &[String], strict: bool) -> Result<()> {
        let letters: usize = list.iter().map(|word| word.chars().count() + 1).sum();
        let rule = DataValidation::new().ignore_blank(true).show_error_message(strict);
        let rule = if letters <= MOST_INLINE && !list.iter().any(|word| word.contains(',')) {
            rule.allow_list_strings(list).map_err(|e| wrong(&e))?
        } else {
            let at = match self.book.lists.iter().position(|known| known == list) {
                Some(at) => at,
                None => {
                    self.book.lists.push(list.to_vec());
                    self.book.lists.len() - 1
                }
            };
            let letter = super::sheet::letters(at as u32);
            rule.allow_list_formula(Formula::new(format!("='{LISTS}'!${letter}$1:${letter}${}", list.len().max(1))))
        };
        let column = column as u16;
        self.sheet.add_data_validation(1, column, self.next + SPARE, column, &rule).map_err(|e| wrong(&e))?;
        Ok(())
    }

    /// Adds a note to the head of a column: what it means.
    pub fn note(&mut self, column: usize, text: &str) -> Result<()> {
        let note = rust_xlsxwriter::Note::new(text).set_author("xuncha").set_width(260).set_height(110);
        self.sheet.insert_note(0, column as u16, &note).map_err(|e| wrong(&e))?;
        Ok(())
    }

    /// Columns that stay in sight at the left.
    pub fn keep_in_sight(&mut self, columns: usize) -> Result<()> {
        self.sheet.set_freeze_panes(1, columns as u16).map_err(|e| wrong(&e))?;
        Ok(())
    }

    /// Hides a column.
    pub fn hide(&mut self, column: usize) -> Result<()> {
        self.sheet.set_column_hidden(column as u16).map_err(|e| wrong(&e))?;
        Ok(())
    }

    /// Ends it.
    pub fn finish(mut self) -> Result<()> {
        if self.next > 1 {
            self.sheet.autofilter(0, 0, self.next - 1, self.heads.saturating_sub(1) as u16).map_err(|e| wrong(&e))?;
        }
        self.sheet.set_landscape().set_print_fit_to_pages(1, 0);
        self.sheet.set_repeat_rows(0, 0).map_err(|e| wrong(&e))?;
        self.book.sheets.push(self.sheet);
        Ok(())
    }
}

fn format(look: Look, quoted: bool) -> Format {
    let format = Format::new()
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
        .set_num_format("@");
    let format = match look {
        Look::Plain => format,
        Look::Open => format.set_background_color(OPEN),
        Look::Good => format.set_background_color(Color::RGB(0xE6_F4_EA)),
        Look::Doubtful => format.set_background_color(Color::RGB(0xFF_E8_B3)),
        Look::Bad => format.set_background_color(Color::RGB(0xF8_D3_CF)).set_font_color(Color::RGB(0x8A_1C_12)),
        Look::Settled => format.set_background_color(Color::RGB(0xEC_EF_F3)).set_font_color(Color::RGB(0x57_60_6A)),
    };
    if quoted { format.set_quote_prefix() } else { format }
}
