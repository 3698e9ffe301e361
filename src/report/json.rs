//! `report.json`: streamed, in canonical order, the same bytes for the same report.
//!
//! Head and scorecards are indented for people; each finding and each page is one line, so that `diff` and `grep` work on them.

use super::{PageRow, Report};
use serde::Serialize;
use std::io::{self, Write};

/// Writes a report with the pages that it holds.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    match &report.pages {
        None => write_streamed(report, None, out),
        Some(rows) => write_streamed(report, Some(&mut |emit| rows.iter().try_for_each(emit)), out),
    }
}

/// Gives each page row, in canonical URL order, to what it is called with.
pub type Pages<'a> = &'a mut dyn FnMut(&mut dyn FnMut(&PageRow) -> io::Result<()>) -> io::Result<()>;

/// Writes a report whose pages come one by one from elsewhere and are never in memory together; `report.pages` is not looked at.
pub fn write_streamed(report: &Report, pages: Option<Pages<'_>>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"{")?;
    field(out, "schema", &report.schema, true)?;
    field(out, "run", &report.run, false)?;
    field(out, "site", &report.site, false)?;
    field(out, "coverage", &report.coverage, false)?;
    field(out, "scorecards", &report.scorecards, false)?;
    field(out, "rules", &report.rules, false)?;
    out.write_all(b",\n  \"findings\": [")?;
    let mut first = true;
    for finding in &report.findings {
        row(out, finding, &mut first)?;
    }
    out.write_all(if first { b"]" } else { b"\n  ]" })?;
    if let Some(pages) = pages {
        out.write_all(b",\n  \"pages\": [")?;
        let mut first = true;
        pages(&mut |page| row(out, page, &mut first))?;
        out.write_all(if first { b"]" } else { b"\n  ]" })?;
    }
    out.write_all(b"\n}\n")
}

/// The report as text, for small ones.
pub fn text(report: &Report) -> io::Result<String> {
    let mut bytes = Vec::new();
    write(report, &mut bytes)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// JSON Schema of `xuncha.report/1`, indented.
pub fn schema() -> String {
    let mut schema = schemars::schema_for!(Report).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("$id".into(), "https://xuncha.invalid/schema/report-1.json".into());
        object.insert("title".into(), super::SCHEMA.into());
        if let Some(name) = object.get_mut("properties").and_then(|p| p.get_mut("schema")).and_then(|s| s.as_object_mut()) {
            name.insert("const".into(), super::SCHEMA.into());
        }
    }
    // A map with a fixed order prints the same text every time.
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// A field of the top level, indented.
fn field(out: &mut dyn Write, name: &str, value: &impl Serialize, first: bool) -> io::Result<()> {
    write!(out, "{}\n  \"{name}\": ", if first { "" } else { "," })?;
    let mut inner = Indented { out, pending: false };
    serde_json::to_writer_pretty(&mut inner, value).map_err(io::Error::from)
}

/// An element of a list, on one line.
fn row(out: &mut dyn Write, value: &impl Serialize, first: &mut bool) -> io::Result<()> {
    out.write_all(if *first { b"\n    " } else { b",\n    " })?;
    *first = false;
    serde_json::to_writer(out, value).map_err(io::Error::from)
}

/// Puts two blanks after each line break of the indented JSON inside; strings hold no raw line break.
struct Indented<'a> {
    out: &'a mut dyn Write,
    pending: bool,
}

impl Write for Indented<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|b| *b == b'\n') {
            if std::mem::replace(&mut self.pending, piece.ends_with(b"\n")) {
                self.out.write_all(b"  ")?;
            }
            self.out.write_all(piece)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
