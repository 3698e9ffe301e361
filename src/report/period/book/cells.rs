//! Cells of a workbook: numbers as numbers with their format, texts as texts, colours by what they are to be taken for.

use super::super::Ratio;
use super::super::outline::{Mark, Value};
use super::Done;
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet};
use std::collections::BTreeMap;

/// Blue of the heads.
pub const HEAD: Color = Color::RGB(0x1F_4E_79);
/// Line between cells.
const LINE: Color = Color::RGB(0xD0_D7_DE);
/// UTF-16 units that a cell holds, with room to spare.
pub const LONGEST: usize = 32_000;

/// What a cell holds, by its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Text.
    Text,
    /// Text that begins like a formula.
    Quoted,
    /// A whole number.
    Whole,
    /// Points.
    Points,
    /// A change with its sign.
    Change,
    /// A share in percent with a decimal.
    Percent,
    /// A share lost, in percent.
    Lost,
    /// A sign in place of a number.
    Sign,
    /// A day.
    Day,
}

/// Formats, each made once.
#[derive(Default)]
pub struct Looks {
    made: BTreeMap<(Kind, &'static str), Format>,
}

/// At most so many UTF-16 units, with `…` where something was cut.
pub fn cut(text: &str, units: usize) -> String {
    if text.len() <= units || text.encode_utf16().count() <= units {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.len_utf16();
        if used > units {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// Lines that a text takes in a column of that width.
pub fn lines(text: &str, width: f64) -> usize {
    let wide: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    (wide as f64 / (width - 1.0).max(1.0)).ceil().max(1.0) as usize
}

impl Looks {
    /// Of heads.
    pub fn head(&self) -> Format {
        Format::new()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(HEAD)
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_border(FormatBorder::Thin)
            .set_border_color(LINE)
            .set_text_wrap()
    }

    fn of(&mut self, kind: Kind, mark: Mark) -> &Format {
        self.made.entry((kind, mark.key())).or_insert_with(|| {
            let format = Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Thin).set_border_color(LINE);
            let format = match kind {
                Kind::Text => format.set_num_format("@").set_text_wrap(),
                Kind::Quoted => format.set_num_format("@").set_text_wrap().set_quote_prefix(),
                Kind::Whole => format.set_num_format("0"),
                Kind::Points => format.set_num_format("0.00##"),
                Kind::Change => format.set_num_format("+General;-General;0"),
                Kind::Percent => format.set_num_format("0.0%"),
                Kind::Lost => format.set_num_format("0%").set_align(FormatAlign::Center),
                Kind::Sign => format.set_align(FormatAlign::Center),
                Kind::Day => format.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            };
            match mark {
                Mark::Plain => format,
                Mark::Good => format.set_font_color(Color::RGB(0x1A_70_46)),
                Mark::Warning => format.set_background_color(Color::RGB(0xFB_F3_D9)).set_font_color(Color::RGB(0x7D_58_00)),
                Mark::Bad => format.set_background_color(Color::RGB(0xFB_E9_EE)).set_font_color(Color::RGB(0xA3_12_3A)),
                Mark::Doubtful => format.set_background_color(Color::RGB(0xF1_EA_FC)).set_font_color(Color::RGB(0x6D_3F_B5)),
                Mark::Quiet => format.set_font_color(Color::RGB(0x6B_75_84)),
            }
        })
    }

    /// Writes a value.
    pub fn write(&mut self, sheet: &mut Worksheet, row: u32, column: u16, value: &Value, mark: Mark) -> Done<()> {
        let number = |value: f64| value.is_finite().then_some(value);
        let (kind, number) = match value {
            Value::None => (Kind::Text, None),
            Value::Text(text) | Value::Address(text) => return self.text(sheet, row, column, text, mark),
            Value::Visits(_) => return self.text(sheet, row, column, &value.text(), mark),
            Value::Share(ratio) => return self.text(sheet, row, column, &ratio.text(), mark),
            Value::Count(count) => (Kind::Whole, Some(*count as f64)),
            Value::Whole(whole) => (Kind::Whole, Some(*whole as f64)),
            Value::Points(points) => (Kind::Points, number(*points)),
            Value::Change(change) => (Kind::Change, number((change * 10_000.0).round() / 10_000.0)),
            Value::Percent(share) => (Kind::Percent, number((share * 1_000.0 + 1e-6).floor() / 1_000.0)),
            Value::Day(day) => {
                let known = (1900..=9999).contains(&day.year());
                let date = known.then(|| {
                    ExcelDateTime::from_ymd(day.year().unsigned_abs(), day.month().unsigned_abs(), day.day().unsigned_abs())
                });
                return match date {
                    Some(date) => {
                        sheet.write_datetime_with_format(row, column, date?, self.of(Kind::Day, mark))?;
                        Ok(())
                    }
                    None => self.text(sheet, row, column, &day.to_string(), mark),
                };
            }
        };
        match number {
            Some(number) => sheet.write_number_with_format(row, column, number, self.of(kind, mark))?,
            None => sheet.write_blank(row, column, self.of(kind, mark))?,
        };
        Ok(())
    }

    fn text(&mut self, sheet: &mut Worksheet, row: u32, column: u16, text: &str, mark: Mark) -> Done<()> {
        // What begins like a formula stays text even when somebody edits the cell.
        let kind = if text.starts_with(['=', '+', '-', '@']) { Kind::Quoted } else { Kind::Text };
        sheet.write_string_with_format(row, column, cut(text, LONGEST), self.of(kind, mark))?;
        Ok(())
    }

    /// A share in three cells: numerator, denominator, percent.
    pub fn share(&mut self, sheet: &mut Worksheet, row: u32, column: u16, ratio: Ratio, mark: Mark) -> Done<()> {
        self.write(sheet, row, column, &Value::Count(ratio.part), mark)?;
        self.write(sheet, row, column.saturating_add(1), &Value::Count(ratio.of), mark)?;
        let column = column.saturating_add(2);
        match ratio.tenths() {
            // Rounded as everywhere, so that no other format shows another figure.
            Some(tenths) => sheet.write_number_with_format(row, column, tenths as f64 / 1_000.0, self.of(Kind::Percent, mark))?,
            None => sheet.write_blank(row, column, self.of(Kind::Percent, mark))?,
        };
        Ok(())
    }

    /// A number.
    pub fn number(&mut self, sheet: &mut Worksheet, row: u32, column: u16, number: f64, kind: Kind) -> Done<()> {
        sheet.write_number_with_format(row, column, number, self.of(kind, Mark::Plain))?;
        Ok(())
    }

    /// A sign in place of a number.
    pub fn sign(&mut self, sheet: &mut Worksheet, row: u32, column: u16, sign: &str) -> Done<()> {
        sheet.write_string_with_format(row, column, sign, self.of(Kind::Sign, Mark::Plain))?;
        Ok(())
    }
}
