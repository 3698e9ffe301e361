//! A PDF as positioned text: per page its spans in reading order and the ruled lines between them.
//!
//! The crate below survives most damaged files, not all: whoever reads a fetched file does so in a child process with limits.

mod codes;
mod grid;
mod lines;
mod runs;

pub use lines::Line;

use super::{Contents, FileKind, Reading, Writing};
use crate::facts::table::Table;
use pdf_oxide::document::PdfDocument;
use pdf_oxide::elements::{PathContent, PathOperation};
use pdf_oxide::error::Error;
use runs::Frame;
use serde::{Deserialize, Serialize};

/// Pages read of one file.
pub const MAX_PAGES: u32 = 300;
/// Spans kept of one page.
pub const MAX_SPANS: usize = 20_000;
/// Ruled lines kept of one page.
pub const MAX_RULES: usize = 4_000;
/// Characters kept of all pages.
const MAX_CHARACTERS: usize = 1_000_000;

/// The pages of a PDF.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Layout {
    /// Pages that were read, in order.
    pub pages: Vec<PdfPage>,
    /// Pages that the file has.
    pub count: u32,
    /// Was anything left out at a limit?
    pub cut: bool,
}

/// One page; lengths are points, the origin is the upper left corner of the visible page.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PdfPage {
    /// From 1.
    pub number: u32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// Text in reading order, line by line from the top: a span is a run of characters, seldom a whole line or cell.
    pub spans: Vec<Span>,
    /// Ruled lines: strokes, and the sides of thin filled boxes. What a table draws round its cells.
    pub rules: Vec<Rule>,
    /// Does it show a picture?
    pub picture: bool,
}

/// A run of text with its box.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Span {
    /// As read; blanks inside are kept.
    pub text: String,
    /// Left edge.
    pub x: f32,
    /// Upper edge, growing downwards.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// Size of the type.
    pub size: f32,
}

/// A horizontal or vertical line, from the upper left to the lower right end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Left end.
    pub x: f32,
    /// Upper end.
    pub y: f32,
    /// Right end.
    pub x2: f32,
    /// Lower end.
    pub y2: f32,
}

impl Rule {
    /// Does it run from left to right?
    pub fn is_horizontal(&self) -> bool {
        self.x2 - self.x >= self.y2 - self.y
    }
}

impl PdfPage {
    /// The page's lines from the top, spans of one line joined.
    pub fn lines(&self) -> Vec<Line> {
        lines::lines(self)
    }

    /// Tables drawn with ruled lines, from the top; one that goes on over pages is a table on each.
    pub fn tables(&self) -> Vec<Table> {
        grid::tables(self)
    }

    /// Puts spans that were placed one by one into reading order.
    pub fn order(&mut self) {
        self.spans = lines::order(std::mem::take(&mut self.spans));
    }

    /// Does it show a picture and no text, or text whose characters nobody can tell?
    pub fn is_scan(&self) -> bool {
        let (mut known, mut unknown) = (0usize, 0usize);
        for c in self.spans.iter().flat_map(|span| span.text.chars()).filter(|c| !c.is_whitespace()) {
            match c {
                '\u{fffd}' | '\u{e000}'..='\u{f8ff}' => unknown += 1,
                _ => known += 1,
            }
        }
        if known + unknown == 0 { self.picture } else { unknown > known }
    }

    /// The page's text, wrapped lines joined.
    pub fn paragraphs(&self) -> Vec<String> {
        lines::paragraphs(self)
    }
}

/// Reads every page. The error says how reading ended.
pub fn layout(bytes: &[u8]) -> Result<Layout, Reading> {
    let document = PdfDocument::from_bytes(bytes.to_vec()).map_err(ending)?;
    if document.is_encrypted() && !document.is_authenticated() {
        return Err(Reading::Encrypted);
    }
    let count = document.page_count().map_err(ending)?;
    let mut layout = Layout { count: u32::try_from(count).unwrap_or(u32::MAX), ..Layout::default() };
    let mut characters = 0;
    let mut trouble = None;
    for index in 0..count.min(MAX_PAGES as usize) {
        match page(&document, index) {
            Ok(page) => {
                characters += page.spans.iter().map(|span| span.text.chars().count()).sum::<usize>();
                layout.cut |= page.spans.len() == MAX_SPANS;
                layout.pages.push(page);
            }
            // One broken page among others is no broken file.
            Err(error) => {
                trouble = Some(error);
                layout.cut = true;
            }
        }
        document.clear_search_index();
        if characters >= MAX_CHARACTERS {
            break;
        }
    }
    layout.cut |= layout.pages.len() < count;
    match trouble {
        Some(error) if layout.pages.is_empty() => Err(ending(error)),
        _ if count == 0 => Err(Reading::Damaged("no page".to_owned())),
        _ => Ok(layout),
    }
}

fn page(document: &PdfDocument, index: usize) -> Result<PdfPage, Error> {
    let chars = codes::chars(document, index)?;
    let frame = Frame::new(visible(document, index), &chars);
    let mut spans = lines::order(runs::spans(&chars, &frame));
    spans.truncate(MAX_SPANS);
    let mut rules = Vec::new();
    for path in document.extract_paths(index).unwrap_or_default() {
        if rules.len() < MAX_RULES {
            add_rules(&path, &frame, &mut rules);
        }
    }
    rules.truncate(MAX_RULES);
    let picture = document.page_image_handles(index).is_ok_and(|pictures| !pictures.is_empty());
    let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
    let (width, height) = frame.size();
    Ok(PdfPage { number, width, height, spans, rules, picture })
}

/// Left, bottom, width, height of what a reader sees; A4 where the file does not tell.
fn visible(document: &PdfDocument, index: usize) -> (f32, f32, f32, f32) {
    let found = document.get_page_visible_box(index).ok();
    let (x0, y0, x1, y1) = found.filter(|b| b.2 > b.0 && b.3 > b.1).unwrap_or((0.0, 0.0, 595.0, 842.0));
    (x0, y0, x1 - x0, y1 - y0)
}

/// Lines of a path that run straight across or down.
fn add_rules(path: &PathContent, frame: &Frame, rules: &mut Vec<Rule>) {
    const THIN: f32 = 2.5;
    const SHORTEST: f32 = 4.0;
    let mut add = |x0: f32, y0: f32, x1: f32, y1: f32| {
        let (dx, dy) = ((x1 - x0).abs(), (y1 - y0).abs());
        if dx.min(dy) <= THIN && dx.max(dy) >= SHORTEST {
            let ((xa, ya), (xb, yb)) = (frame.place(x0, y0), frame.place(x1, y1));
            rules.push(Rule { x: xa.min(xb), y: ya.min(yb), x2: xa.max(xb), y2: ya.max(yb) });
        }
    };
    let mut at: Option<(f32, f32)> = None;
    let mut start = None;
    for operation in &path.operations {
        match operation {
            PathOperation::MoveTo(x, y) => {
                at = Some((*x, *y));
                start = at;
            }
            PathOperation::LineTo(x, y) => {
                if let Some((x0, y0)) = at {
                    add(x0, y0, *x, *y);
                }
                at = Some((*x, *y));
            }
            PathOperation::Rectangle(x, y, width, height) => {
                let (x2, y2) = (x + width, y + height);
                if width.abs() <= THIN || height.abs() <= THIN {
                    add(*x, *y, x2, y2);
                } else if path.stroke_color.is_some() {
                    add(*x, *y, x2, *y);
                    add(*x, y2, x2, y2);
                    add(*x, *y, *x, y2);
                    add(x2, *y, x2, y2);
                }
            }
            PathOperation::ClosePath => {
                if let (Some((x0, y0)), Some((x, y))) = (at, start) {
                    add(x0, y0, x, y);
                }
                at = start;
            }
            PathOperation::CurveTo(_, _, _, _, x, y) => at = Some((*x, *y)),
        }
    }
}

/// What an error of the crate says about the file.
fn ending(error: Error) -> Reading {
    match error {
        Error::EncryptedPdf => Reading::Encrypted,
        other => Reading::Damaged(super::one_line(&other.to_string())),
    }
}

/// Text, page count and scanned pages.
pub(super) fn read(bytes: &[u8]) -> Contents {
    let layout = match layout(bytes) {
        Ok(layout) => layout,
        Err(reading) => return Contents::ended(FileKind::Pdf, reading),
    };
    let scanned = layout.pages.iter().filter(|page| page.is_scan()).count();
    let mut writing = Writing::default();
    for page in layout.pages.iter().filter(|page| !page.is_scan()) {
        page.paragraphs().iter().for_each(|text| writing.paragraph(text));
        page.tables().into_iter().for_each(|table| writing.table(table));
    }
    let mut contents = writing.into_contents(FileKind::Pdf);
    contents.pages = Some(layout.count);
    contents.scanned_pages = Some(u32::try_from(scanned).unwrap_or(u32::MAX));
    contents.cut |= layout.cut;
    contents
}
