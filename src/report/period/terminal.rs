//! A report of a period on one screen: what matters first. Colour only where the reader has a terminal; nothing of a page can steer it.

use super::Periodic;
use super::outline::{Block, Cell, Mark, Outline, Shown, Table};
use crate::report::plain;
use crate::report::terminal::{Style, tables};
use comfy_table::{Attribute, CellAlignment, Color, LineStyle, TableStyle};
use std::io::{self, Write};
use std::path::PathBuf;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Characters of a cell: the rest is in the files.
const LONGEST: usize = 90;
/// A line below the heads alone: a screen holds more tables.
const LINES: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
/// Names that are told in a line, and characters of each.
const LISTED: usize = 8;
const NAME: usize = 24;

/// Prints a report. `files` are the paths of what was written for it.
pub fn write(report: &Periodic, style: &Style, files: &[PathBuf], out: &mut dyn Write) -> io::Result<()> {
    let outline = report.outline(style.language);
    say(&outline.title, "1", style, out)?;
    say(&outline.facts.join(" · "), "", style, out)?;
    writeln!(out, "{}", figures(&outline, style))?;
    for section in &outline.sections {
        let mut said = false;
        for block in &section.blocks {
            match block {
                Block::Table(table) if table.brief > 0 && table.shown != Shown::InBook => {
                    if table.rows.is_empty() {
                        say(&format!("{}{}{}", section.title, style.say("：", ": "), table.empty), "", style, out)?;
                        continue;
                    }
                    writeln!(out)?;
                    let head = match &table.caption {
                        Some(caption) if said => caption.clone(),
                        Some(caption) => format!("{} · {caption}", section.title),
                        None => section.title.clone(),
                    };
                    said = true;
                    say(&head, "1", style, out)?;
                    writeln!(out, "{}", brief(table, style))?;
                    let left = table.rows.len().saturating_sub(table.brief);
                    if left > 0 {
                        say(&format!("  {} {left}", style.say("其余", "more:")), "2", style, out)?;
                    }
                }
                Block::Table(table) if table.listed && !table.rows.is_empty() => {
                    let caption = table.caption.as_deref().unwrap_or(&section.title);
                    let rows = table.rows.len();
                    let names: Vec<String> =
                        table.rows.iter().take(LISTED).filter_map(|row| Some(short(row.first()?, NAME))).collect();
                    let more = if rows > LISTED { "…" } else { "" };
                    let (colon, comma) = (style.say("：", ": "), style.say("、", ", "));
                    say(&format!("  {caption} {rows}{colon}{}{more}", names.join(comma)), "", style, out)?;
                }
                Block::Note(_, text) => {
                    writeln!(out)?;
                    say(&format!("{}{}{text}", section.title, style.say("：", ": ")), "", style, out)?;
                }
                _ => {}
            }
        }
    }
    if !files.is_empty() {
        writeln!(out, "\n{}", style.paint("1", style.say("报告文件", "Files")))?;
        for file in files {
            writeln!(out, "  {}", plain::line(&file.display().to_string()))?;
        }
    }
    Ok(())
}

/// A line, folded to the width.
fn say(text: &str, paint: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for line in fold(text, usize::from(style.width)) {
        let line = if paint.is_empty() { line } else { style.paint(paint, &line) };
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Breaks a text into lines of at most so many columns: at blanks where there are any, else anywhere, as Chinese is broken.
fn fold(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut blank: Option<usize> = None;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if line.width() + wide > width && !line.is_empty() {
            let ascii = c.is_ascii_alphanumeric();
            match blank.filter(|at| ascii && *at > 0) {
                Some(at) => {
                    let rest = line.split_off(at);
                    lines.push(std::mem::replace(&mut line, rest.trim_start().to_owned()));
                }
                None => lines.push(std::mem::take(&mut line)),
            }
            blank = None;
        }
        if c == ' ' {
            blank = Some(line.len());
        } else if !c.is_ascii() {
            blank = Some(line.len() + c.len_utf8());
        }
        line.push(c);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

fn colour(mark: Mark) -> Option<Color> {
    match mark {
        Mark::Plain => None,
        Mark::Good => Some(Color::Green),
        Mark::Warning => Some(Color::Yellow),
        Mark::Bad => Some(Color::Red),
        Mark::Doubtful => Some(Color::Magenta),
        Mark::Quiet => Some(Color::DarkGrey),
    }
}

fn cell(text: String, mark: Mark) -> comfy_table::Cell {
    let cell = comfy_table::Cell::new(text);
    match colour(mark) {
        Some(colour) => cell.fg(colour),
        None => cell,
    }
}

fn figures(outline: &Outline, style: &Style) -> comfy_table::Table {
    let mut table = tables::table(style);
    for figure in &outline.figures {
        let value = cell(figure.value.text(), figure.mark).add_attribute(Attribute::Bold);
        table.add_row([cell(figure.label.clone(), Mark::Plain), value, cell(figure.detail.clone(), Mark::Quiet)]);
    }
    table
}

/// The first rows, and the columns that matter first.
fn brief(table: &Table, style: &Style) -> comfy_table::Table {
    let mut shown = tables::table(style);
    shown.load_style(LINES);
    let columns: Vec<usize> = table.heads.iter().enumerate().filter(|(_, head)| head.brief).map(|(at, _)| at).collect();
    let align = |cell: comfy_table::Cell, at: usize| {
        if table.heads[at].figures { cell.set_alignment(CellAlignment::Right) } else { cell }
    };
    shown.set_header(
        columns.iter().map(|at| align(cell(table.heads[*at].text.clone(), Mark::Plain).add_attribute(Attribute::Bold), *at)),
    );
    for row in table.rows.iter().take(table.brief) {
        let cells = columns.iter().filter_map(|at| Some((*at, row.get(*at)?)));
        shown.add_row(cells.map(|(at, value)| align(one(value), at)).collect::<Vec<_>>());
    }
    shown
}

fn one(value: &Cell) -> comfy_table::Cell {
    cell(short(value, LONGEST), value.mark)
}

fn short(value: &Cell, characters: usize) -> String {
    crate::text::shorten(&value.value.text(), characters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_blanks_and_between_characters() {
        assert_eq!(fold("every share with numerator", 12), ["every share", "with", "numerator"]);
        assert_eq!(fold("网站检查季度通报", 6), ["网站检", "查季度", "通报"]);
        assert_eq!(fold("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(fold("", 4), [""]);
        for width in [2, 5, 9, 40] {
            assert!(fold("单位 unit 覆盖率 71.5% 低于 85.0%，未评 aaaaaaaaaaaa", width).iter().all(|line| line.width() <= width));
        }
    }
}
