//! Characters to spans. The crate joins its own runs by rules for forms ("72" and "64" in neighbouring cells become "72.64"), so runs
//! are made here from single characters: what the file does not write is never read.

use super::Span;
use pdf_oxide::layout::TextChar;

/// How the text of a page stands: most characters decide, so that a sheet printed sideways reads upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Upright.
    None,
    /// Runs upwards.
    Left,
    /// Runs downwards.
    Right,
    /// Upside down.
    Over,
}

/// The frame that text and rules are put into: origin at the upper left of the page as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    left: f32,
    bottom: f32,
    wide: f32,
    high: f32,
    turn: Turn,
}

fn turn_of(degrees: f32) -> Option<Turn> {
    let near = |angle: f32| (degrees - angle).abs() < 5.0;
    match () {
        () if near(0.0) => Some(Turn::None),
        () if near(90.0) => Some(Turn::Left),
        () if near(-90.0) || near(270.0) => Some(Turn::Right),
        () if near(180.0) || near(-180.0) => Some(Turn::Over),
        () => None,
    }
}

impl Frame {
    /// Of a page box (left, bottom, width, height) and the characters on it.
    pub(super) fn new((left, bottom, wide, high): (f32, f32, f32, f32), chars: &[TextChar]) -> Self {
        let count = |turn| chars.iter().filter(|c| turn_of(c.rotation_degrees) == Some(turn)).count();
        let all = [Turn::None, Turn::Left, Turn::Right, Turn::Over];
        // The first of equals: upright.
        let turn = all.into_iter().rev().max_by_key(|turn| count(*turn)).unwrap_or(Turn::None);
        Frame { left, bottom, wide, high, turn }
    }

    /// Width and height as read.
    pub(super) fn size(&self) -> (f32, f32) {
        match self.turn {
            Turn::None | Turn::Over => (self.wide, self.high),
            Turn::Left | Turn::Right => (self.high, self.wide),
        }
    }

    /// A point of the file's space as read.
    pub(super) fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - self.left, y - self.bottom);
        match self.turn {
            Turn::None => (x, self.high - y),
            Turn::Left => (y, x),
            Turn::Right => (self.high - y, self.wide - x),
            Turn::Over => (self.wide - x, y),
        }
    }
}

/// Spans of the characters that stand as most do. Those drawn at another angle (a watermark, a note at the margin) are left out.
pub(super) fn spans(chars: &[TextChar], frame: &Frame) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut letters: Vec<Span> = chars
        .iter()
        .filter(|c| turn_of(c.rotation_degrees) == Some(frame.turn) && !c.char.is_control())
        .map(|c| letter(c, frame))
        .filter(|s| s.x.is_finite() && s.y.is_finite() && s.width.is_finite() && s.height.is_finite())
        .collect();
    // Letters of a line share a foot, up to the roundings of the file.
    let foot = |s: &Span| s.y + s.height;
    letters.sort_by(|a, b| foot(a).total_cmp(&foot(b)));
    let mut line: Vec<Span> = Vec::new();
    let mut at = f32::NEG_INFINITY;
    for letter in letters {
        if foot(&letter) - at > 1.0 {
            join(&mut line, &mut out);
            at = foot(&letter);
        }
        line.push(letter);
    }
    join(&mut line, &mut out);
    out
}

/// Letters of one line to spans: a gap wider than a third of the type, or another size of type, parts them.
fn join(line: &mut Vec<Span>, out: &mut Vec<Span>) {
    line.sort_by(|a, b| a.x.total_cmp(&b.x));
    let mut open: Option<Span> = None;
    for letter in line.drain(..) {
        if let Some(span) = &mut open {
            let gap = letter.x - (span.x + span.width);
            let twice = span.text.ends_with(letter.text.as_str()) && gap < -0.6 * letter.width.max(1.0);
            if twice {
                continue;
            }
            let same = (letter.size - span.size).abs() <= span.size * 0.1;
            if same && gap < span.size.max(3.0) * 0.33 {
                span.text.push_str(&letter.text);
                span.width = (letter.x + letter.width - span.x).max(span.width);
                continue;
            }
        }
        if !letter.text.trim().is_empty() {
            out.extend(open.replace(letter));
        }
    }
    out.extend(open);
    out.retain_mut(|span| {
        span.text.truncate(span.text.trim_end().len());
        !span.text.is_empty()
    });
}

fn letter(c: &TextChar, frame: &Frame) -> Span {
    let size = c.font_size.abs();
    let text = c.char.to_string();
    if frame.turn == Turn::None {
        let (x, y) = frame.place(c.bbox.x, c.bbox.y + c.bbox.height);
        return Span { text, x, y, width: c.bbox.width, height: c.bbox.height, size };
    }
    let (x, foot) = frame.place(c.origin_x, c.origin_y);
    let width = if c.advance_width > 0.0 { c.advance_width } else { size };
    Span { text, x, y: foot - size, width, height: size, size }
}
