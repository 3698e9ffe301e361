//! Spans to lines and paragraphs: official documents are set in one column, so place decides, not the order of drawing.

use super::{PdfPage, Rule, Span};

/// One line of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Squeezed text.
    pub text: String,
    /// Left edge.
    pub x: f32,
    /// Right edge.
    pub right: f32,
    /// Upper edge.
    pub y: f32,
    /// Size of the type.
    pub size: f32,
    /// Does it fall into parts that stand well apart, as cells of a table do?
    pub parted: bool,
}

/// Puts spans into reading order: lines from the top, spans from the left. Text drawn twice at one place (a way to make it bold)
/// stands once.
pub(super) fn order(spans: Vec<Span>) -> Vec<Span> {
    into_lines(spans).into_iter().flatten().collect()
}

fn into_lines(mut spans: Vec<Span>) -> Vec<Vec<Span>> {
    spans.retain(|span| !span.text.trim().is_empty() && span.x.is_finite() && span.y.is_finite());
    let base = |span: &Span| span.y + span.height;
    spans.sort_by(|a, b| base(a).total_cmp(&base(b)).then(a.x.total_cmp(&b.x)));
    let mut lines: Vec<(f32, Vec<Span>)> = Vec::new();
    for span in spans {
        let foot = base(&span);
        match lines.last_mut() {
            Some((at, line)) if foot - *at < span.height.clamp(2.0, 40.0) * 0.4 => line.push(span),
            _ => lines.push((foot, vec![span])),
        }
    }
    let sorted = |(_, mut line): (f32, Vec<Span>)| {
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
        line.dedup_by(|b, a| a.text == b.text && (a.x - b.x).abs() < a.size.max(4.0) * 0.3);
        line
    };
    lines.into_iter().map(sorted).collect()
}

/// Lines of a page whose spans are in reading order.
pub(super) fn lines(page: &PdfPage) -> Vec<Line> {
    into_lines(page.spans.clone()).iter().map(|line| joined(line)).filter(|line| !line.text.is_empty()).collect()
}

fn joined(line: &[Span]) -> Line {
    let mut text = String::new();
    let mut right = f32::NEG_INFINITY;
    let mut parted = false;
    for span in line {
        if !text.is_empty() && span.x - right > span.size.max(4.0) * 0.4 {
            text.push(' ');
            parted |= span.x - right > span.size * 1.5;
        }
        text.push_str(&span.text);
        right = right.max(span.x + span.width);
    }
    let first = line.first();
    Line {
        text: crate::text::squeeze(&text),
        x: first.map_or(0.0, |span| span.x),
        right,
        y: line.iter().map(|span| span.y).fold(f32::INFINITY, f32::min),
        size: line.iter().map(|span| span.size).fold(0.0, f32::max),
        parted,
    }
}

/// Lines that run to the right margin go on in the next one, unless that is indented, set in another size or parted by a rule.
pub(super) fn paragraphs(page: &PdfPage) -> Vec<String> {
    let lines = lines(page);
    let right = lines.iter().map(|line| line.right).fold(0.0, f32::max);
    let left = lines.iter().map(|line| line.x).fold(f32::INFINITY, f32::min);
    let mut out: Vec<String> = Vec::new();
    let mut before: Option<&Line> = None;
    for line in &lines {
        let goes_on = before.is_some_and(|above| {
            !(above.parted || line.parted)
                // A page of short lines has a margin that is none.
                && above.right > page.width * 0.75
                && above.right > right - above.size * 2.0
                && above.right - above.x > (right - left) * 0.7
                && line.x < left + line.size
                && (line.size - above.size).abs() < 1.0
                && line.y - above.y < above.size * 3.5
                && !page.rules.iter().any(|rule| parts(rule, above, line))
        });
        match out.last_mut() {
            Some(paragraph) if goes_on => {
                let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                if latin(paragraph.chars().last()) && latin(line.text.chars().next()) && !all_digits_around(paragraph, &line.text)
                {
                    paragraph.push(' ');
                }
                paragraph.push_str(&line.text);
            }
            _ => out.push(line.text.clone()),
        }
        before = Some(line);
    }
    out
}

/// A number broken at the end of a line is one number.
fn all_digits_around(above: &str, below: &str) -> bool {
    above.ends_with(|c: char| c.is_ascii_digit()) && below.starts_with(|c: char| c.is_ascii_digit())
}

fn parts(rule: &Rule, above: &Line, below: &Line) -> bool {
    rule.is_horizontal() && rule.y > above.y && rule.y < below.y + below.size && rule.x < above.right && rule.x2 > above.x
}
