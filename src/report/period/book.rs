//! A report of a period as an Excel workbook: a summary, the charts, then a sheet for each table, with heads that stay in sight, filters, and
//! every text as text. Charts are Excel's own and draw the cells of the sheets.

mod cells;
mod charts;

use super::Periodic;
use super::outline::{Block, Chart, Head, HeatMap, Outline, Shown, Table, Tongue, Value};
use crate::error::{Error, Result};
use crate::finding::Language;
use cells::{Kind, Looks};
use rust_xlsxwriter::{
    Color, ConditionalFormat3ColorScale, ConditionalFormatFormula, ConditionalFormatType, DocProperties, ExcelDateTime, Format,
    Workbook, Worksheet,
};
use std::collections::BTreeSet;

/// UTF-16 units of a sheet's name.
const LONGEST_NAME: usize = 31;
/// A4.
const PAPER: u8 = 9;

/// A table that is written: where its columns stand, for the charts.
struct Written {
    sheet: String,
    /// First column of each head, and whether it takes three.
    columns: Vec<(u16, bool)>,
}

fn wrong(error: &rust_xlsxwriter::XlsxError) -> Error {
    Error::Internal(format!("workbook: {error}"))
}

/// The bytes of the file. The same report gives the same bytes.
pub fn render(report: &Periodic, language: Language) -> Result<Vec<u8>> {
    let outline = report.outline(language);
    let mut book = Book { tongue: Tongue(language), names: BTreeSet::new(), looks: Looks::default() };
    // Named first, so that they have the names that they are known by.
    let summary = book.name(book.tongue.say("摘要", "Summary"));
    let drawn = book.name(book.tongue.say("图表", "Charts"));
    let mut sheets = vec![book.summary(&summary, &outline).map_err(|e| wrong(&e))?];
    let mut tables = Vec::new();
    let mut to_draw: Vec<(Written, &Table, &Chart)> = Vec::new();
    for block in outline.sections.iter().flat_map(|section| &section.blocks) {
        match block {
            Block::Table(table) if table.shown != Shown::OnPage => {
                let name = book.name(&table.sheet);
                let (sheet, columns) = book.table(&name, table).map_err(|e| wrong(&e))?;
                tables.push(sheet);
                to_draw.extend(
                    table.charts.iter().map(|chart| (Written { sheet: name.clone(), columns: columns.clone() }, table, chart)),
                );
            }
            Block::Heat(map) => {
                let name = book.name(&map.sheet);
                tables.push(book.heat(&name, map).map_err(|e| wrong(&e))?);
            }
            _ => {}
        }
    }
    if !to_draw.is_empty() {
        sheets.push(charts::sheet(&drawn, &to_draw).map_err(|e| wrong(&e))?);
    }
    sheets.extend(tables);
    save(sheets).map_err(|e| wrong(&e))
}

type Done<T> = std::result::Result<T, rust_xlsxwriter::XlsxError>;

fn save(sheets: Vec<Worksheet>) -> Done<Vec<u8>> {
    let mut workbook = Workbook::new();
    let epoch = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&epoch).set_author("xuncha"));
    for mut sheet in sheets {
        sheet.set_paper_size(PAPER).set_landscape().set_print_fit_to_pages(1, 0);
        workbook.push_worksheet(sheet);
    }
    workbook.save_to_buffer()
}

struct Book {
    tongue: Tongue,
    names: BTreeSet<String>,
    looks: Looks,
}

impl Book {
    /// A name that Excel takes and no other sheet has.
    fn name(&mut self, wanted: &str) -> String {
        let clean: String = wanted
            .chars()
            .map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') || c.is_control() { ' ' } else { c })
            .collect();
        let clean = Some(clean.trim()).filter(|name| !name.is_empty()).unwrap_or("-");
        for at in 1_usize.. {
            let tail = if at == 1 { String::new() } else { format!(" {at}") };
            let name = cells::cut(clean, LONGEST_NAME - tail.len()).trim_end().to_owned() + &tail;
            if self.names.insert(name.to_lowercase()) {
                return name;
            }
        }
        clean.to_owned()
    }

    fn summary(&mut self, name: &str, outline: &Outline) -> Done<Worksheet> {
        let tongue = self.tongue;
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        sheet.set_screen_gridlines(false);
        let title = Format::new().set_bold().set_font_size(18).set_font_color(cells::HEAD);
        let soft = Format::new().set_font_color(Color::RGB(0x56_61_73));
        sheet.write_string_with_format(0, 0, cells::cut(&outline.title, cells::LONGEST), &title)?;
        sheet.set_row_height(0, 30)?;
        sheet.write_string_with_format(1, 0, cells::cut(&outline.facts.join(" · "), cells::LONGEST), &soft)?;
        let heads = [
            (tongue.say("指标", "Figure"), 24.0),
            (tongue.say("数值", "Value"), 14.0),
            (tongue.say("分子", "Numerator"), 12.0),
            (tongue.say("分母", "Denominator"), 12.0),
            (tongue.say("占比", "Share"), 11.0),
            (tongue.say("说明", "What it is made from"), 64.0),
        ];
        let head = self.looks.head();
        for (column, (text, width)) in (0..).zip(heads) {
            sheet.write_string_with_format(3, column, text, &head)?;
            sheet.set_column_width(column, width)?;
        }
        sheet.set_row_height(3, 22)?;
        let mut row = 4;
        for figure in &outline.figures {
            self.looks.write(&mut sheet, row, 0, &Value::Text(figure.label.clone()), figure.mark)?;
            match &figure.value {
                Value::Share(ratio) => {
                    self.looks.write(&mut sheet, row, 1, &Value::Text(ratio.text()), figure.mark)?;
                    self.looks.share(&mut sheet, row, 2, *ratio, figure.mark)?;
                }
                value => {
                    self.looks.write(&mut sheet, row, 1, value, figure.mark)?;
                    for column in 2..5 {
                        self.looks.write(&mut sheet, row, column, &Value::None, figure.mark)?;
                    }
                }
            }
            self.looks.write(&mut sheet, row, 5, &Value::Text(figure.detail.clone()), figure.mark)?;
            row += 1;
        }
        let strong = Format::new().set_bold().set_font_color(cells::HEAD);
        for section in outline.sections.iter().filter(|section| !section.lead.is_empty()) {
            row += 1;
            sheet.write_string_with_format(row, 0, cells::cut(&section.title, cells::LONGEST), &strong)?;
            for lead in &section.lead {
                row += 1;
                sheet.write_string_with_format(row, 0, cells::cut(lead, cells::LONGEST), &soft)?;
            }
            row += 1;
        }
        Ok(sheet)
    }

    /// A table, and where its columns stand.
    fn table(&mut self, name: &str, table: &Table) -> Done<(Worksheet, Vec<(u16, bool)>)> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        let head = self.looks.head();
        let mut columns = Vec::new();
        let mut next: u16 = 0;
        let mut deepest = 1;
        for Head { text, width, share, .. } in &table.heads {
            columns.push((next, *share));
            let parts = match share {
                true => vec![
                    format!("{text}{}", self.tongue.say("·分子", ": numerator")),
                    format!("{text}{}", self.tongue.say("·分母", ": denominator")),
                    format!("{text}{}", self.tongue.say("·占比", ": share")),
                ],
                false => vec![text.clone()],
            };
            for part in parts {
                let width = width.min(70.0);
                sheet.write_string_with_format(0, next, cells::cut(&part, cells::LONGEST), &head)?;
                sheet.set_column_width(next, width)?;
                deepest = deepest.max(cells::lines(&part, width));
                next = next.saturating_add(1);
            }
        }
        sheet.set_row_height(0, 18.0 * deepest.min(6) as f64 + 6.0)?;
        for (row, cells) in (1..).zip(&table.rows) {
            for (cell, (column, share)) in cells.iter().zip(&columns) {
                match (&cell.value, share) {
                    (Value::Share(ratio), true) => self.looks.share(&mut sheet, row, *column, *ratio, cell.mark)?,
                    (Value::None, true) => {
                        for at in 0..3 {
                            self.looks.write(&mut sheet, row, column.saturating_add(at), &Value::None, cell.mark)?;
                        }
                    }
                    (value, _) => self.looks.write(&mut sheet, row, *column, value, cell.mark)?,
                }
            }
        }
        if table.rows.is_empty() {
            sheet.write_string(1, 0, cells::cut(&table.empty, cells::LONGEST))?;
        } else {
            let last = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
            sheet.autofilter(0, 0, last, next.saturating_sub(1))?;
        }
        sheet.set_freeze_panes(1, 1)?;
        sheet.set_repeat_rows(0, 0)?;
        Ok((sheet, columns))
    }

    /// Units by item: shares lost as numbers that the sheet shades itself.
    fn heat(&mut self, name: &str, map: &HeatMap) -> Done<Worksheet> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        let head = self.looks.head();
        let undecided = "?";
        let suspected = self.tongue.say("疑", "s");
        let inapplicable = "–";
        sheet.write_string_with_format(0, 0, self.tongue.say("单位", "Unit"), &head)?;
        sheet.set_column_width(0, 30)?;
        let mut deepest = 1;
        for (column, (id, title)) in (1..).zip(&map.items) {
            let text = format!("{id} {title}");
            sheet.write_string_with_format(0, column, cells::cut(&text, cells::LONGEST), &head)?;
            sheet.set_column_width(column, 11)?;
            deepest = deepest.max(cells::lines(&text, 11.0));
        }
        sheet.set_row_height(0, 17.0 * deepest.min(9) as f64 + 6.0)?;
        for (row, (unit, cells)) in (1..).zip(&map.rows) {
            self.looks.write(&mut sheet, row, 0, &Value::Text(unit.clone()), Default::default())?;
            for (column, cell) in (1..).zip(cells) {
                match cell {
                    super::Cell::Inapplicable => self.looks.sign(&mut sheet, row, column, inapplicable)?,
                    super::Cell::Undecided => self.looks.sign(&mut sheet, row, column, undecided)?,
                    super::Cell::Suspected => self.looks.sign(&mut sheet, row, column, suspected)?,
                    super::Cell::Passed => self.looks.number(&mut sheet, row, column, 0.0, Kind::Lost)?,
                    super::Cell::Lost(share) => {
                        self.looks.number(&mut sheet, row, column, f64::from(*share) / 1_000.0, Kind::Lost)?;
                    }
                }
            }
        }
        let last = u32::try_from(map.rows.len()).unwrap_or(u32::MAX);
        let right = u16::try_from(map.items.len()).unwrap_or(u16::MAX);
        let scale = ConditionalFormat3ColorScale::new()
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_midpoint(ConditionalFormatType::Number, 0.3)
            .set_maximum(ConditionalFormatType::Number, 1)
            .set_minimum_color(Color::RGB(0xDF_F1_E6))
            .set_midpoint_color(Color::RGB(0xFB_DC_97))
            .set_maximum_color(Color::RGB(0xE8_81_7F));
        sheet.add_conditional_format(1, 1, last, right, &scale)?;
        for (sign, colour) in [(undecided, 0xD8_DD_E5), (suspected, 0xD9_C8_F5)] {
            let shade = ConditionalFormatFormula::new()
                .set_rule(format!("=B2=\"{sign}\"").as_str())
                .set_format(Format::new().set_background_color(Color::RGB(colour)));
            sheet.add_conditional_format(1, 1, last, right, &shade)?;
        }
        let legend = self.tongue.say(
            "数字为失去的份额；? 未判定；疑 只有疑似；– 不适用",
            "Numbers: share lost; ? undecided; s suspected only; – does not apply",
        );
        sheet.write_string(last.saturating_add(2), 0, legend)?;
        sheet.autofilter(0, 0, last, right)?;
        sheet.set_freeze_panes(1, 1)?;
        sheet.set_repeat_rows(0, 0)?;
        sheet.set_repeat_columns(0, 0)?;
        Ok(sheet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_taken_by_excel_and_distinct() {
        let mut book = Book { tongue: Tongue(Language::Zh), names: BTreeSet::new(), looks: Looks::default() };
        assert_eq!(book.name("a/b[c]:*?"), "a b c");
        assert_eq!(book.name("A B C"), "A B C 2");
        let long = "清单".repeat(40);
        let (first, second) = (book.name(&long), book.name(&long));
        assert_eq!(first.encode_utf16().count(), 31);
        assert!(second.encode_utf16().count() <= 31 && second.ends_with(" 2"));
        assert_eq!(book.name("''"), "-");
        assert_eq!(book.name(&"😀".repeat(30)).encode_utf16().count(), 31, "fifteen and the sign of a cut");
    }
}
