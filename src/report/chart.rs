//! Charts as inline SVG: bars that lie, lines over time, units by item, a strip of visits. Each has a title and a description, and says its
//! values as text, so that nothing hangs on colour; colours are classes of the page's style. Every text is escaped here.

mod heat;
mod line;

pub use heat::{Heat, Shade, heat};
pub use line::{Line, lines};

use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// A text inside of an element or an attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What XML cannot hold.
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A bar that lies.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its parts: class and value.
    pub parts: Vec<(&'static str, f64)>,
    /// The value in words.
    pub told: String,
}

/// Height of a bar with the room around it.
const ROW: usize = 26;
/// Height of the bar itself.
const THICK: usize = 16;
/// Width of a chart.
const WIDTH: usize = 720;
/// Room for the words at the end of a bar.
const TOLD: usize = 150;
/// Width of an ASCII character of a label, a wide one takes two.
const CHARACTER: usize = 7;

/// Cuts a text to a width in columns.
fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used > columns {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// A size on the drawing, one decimal.
fn size(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn open(out: &mut String, id: &str, (width, height): (usize, usize), class: &str, title: &str, told: &str) {
    let (id, title, told) = (escape(id), escape(title), escape(told));
    let _ = write!(
        out,
        "<svg class=\"chart {class}\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{told}</desc>"
    );
}

/// Bars that lie, the parts of each one after the other. `legend` names the classes when there are several.
pub fn bars(id: &str, title: &str, bars: &[Bar], legend: &[(&str, String)]) -> String {
    let widest = bars.iter().map(|bar| bar.label.width()).max().unwrap_or(0).clamp(4, 34);
    let left = widest * CHARACTER + 14;
    let room = (WIDTH - left - TOLD) as f64;
    let sum = |bar: &Bar| bar.parts.iter().map(|(_, value)| value.max(0.0)).filter(|value| value.is_finite()).sum::<f64>();
    let top = bars.iter().map(sum).fold(0.0, f64::max);
    let head = if legend.len() > 1 { 24 } else { 2 };
    let height = head + bars.len() * ROW + 4;
    let told: Vec<String> = bars.iter().map(|bar| format!("{}: {}", bar.label, bar.told)).collect();
    let mut out = String::new();
    open(&mut out, id, (WIDTH, height), "bars", title, &told.join("; "));
    if legend.len() > 1 {
        let mut x = left;
        for (class, name) in legend {
            let _ = write!(out, "<rect class=\"{class}\" x=\"{x}\" y=\"5\" width=\"12\" height=\"12\"/>");
            let _ = write!(out, "<text x=\"{}\" y=\"16\">{}</text>", x + 17, escape(name));
            x += 17 + name.width() * CHARACTER + 24;
        }
    }
    for (at, bar) in bars.iter().enumerate() {
        let y = head + at * ROW;
        let base = y + 16;
        let _ = write!(
            out,
            "<text class=\"label\" x=\"{}\" y=\"{base}\" text-anchor=\"end\">{}</text>",
            left - 8,
            escape(&fit(&bar.label, widest))
        );
        let mut x = left as f64;
        for (class, value) in bar.parts.iter().filter(|(_, value)| value.is_finite() && *value > 0.0) {
            // What is there is seen.
            let long = (value / top * room).max(2.0);
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{THICK}\"/>",
                size(x),
                y + 4,
                size(long)
            );
            x += long;
        }
        let _ = write!(out, "<text class=\"told\" x=\"{}\" y=\"{base}\">{}</text>", size(x + 7.0), escape(&bar.told));
    }
    let _ = write!(out, "<line class=\"axis\" x1=\"{left}\" x2=\"{left}\" y1=\"{head}\" y2=\"{}\"/></svg>", height - 4);
    out
}

/// A strip of what was counted, as wide as a cell: class, how many, in words.
pub fn strip(title: &str, parts: &[(&'static str, u64, String)]) -> String {
    let all: u64 = parts.iter().map(|(_, count, _)| *count).sum();
    if all == 0 {
        return String::new();
    }
    let told: Vec<String> = parts.iter().filter(|(_, count, _)| *count > 0).map(|(_, n, name)| format!("{name} {n}")).collect();
    let mut out = format!(
        "<svg class=\"strip\" viewBox=\"0 0 60 10\" width=\"60\" height=\"10\" preserveAspectRatio=\"none\" role=\"img\"><title>{}</title>",
        escape(&format!("{title}: {}", told.join(", ")))
    );
    let mut x = 0.0;
    for (class, count, _) in parts.iter().filter(|(_, count, _)| *count > 0) {
        let long = *count as f64 * 60.0 / all as f64;
        let _ = write!(out, "<rect class=\"{class}\" x=\"{}\" y=\"0\" width=\"{}\" height=\"10\"/>", size(x), size(long));
        x += long;
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_in_markup_is_escaped() {
        let bar = Bar { label: "<b>&\"'\u{1}".into(), parts: vec![("plain", 3.0)], told: "</text><script>".into() };
        let drawn = bars("x", "]]><x>", &[bar], &[]);
        assert!(!drawn.contains("<b>") && !drawn.contains("<script") && !drawn.contains("<x>") && !drawn.contains('\u{1}'));
        assert!(drawn.contains("&lt;b&gt;&amp;&quot;&#39;"));
    }

    #[test]
    fn the_longest_bar_takes_the_room_and_the_others_their_share() {
        let bar = |value: f64| Bar { label: "甲".into(), parts: vec![("plain", value)], told: String::new() };
        let drawn = bars("x", "t", &[bar(50.0), bar(100.0), bar(f64::NAN), bar(0.0)], &[]);
        let widths: Vec<f64> = drawn
            .match_indices("width=\"")
            .skip(1)
            .filter_map(|(at, word)| drawn[at + word.len()..].split('"').next()?.parse().ok())
            .collect();
        assert_eq!(widths.len(), 2, "nothing and no number draw nothing: {drawn}");
        assert!((widths[1] / widths[0] - 2.0).abs() < 0.01, "{widths:?}");
    }

    #[test]
    fn labels_are_cut_by_their_width() {
        assert_eq!(fit("公安局政务公开", 7), "公安局…");
        assert_eq!(fit("公安局", 6), "公安局");
        assert_eq!(strip("t", &[("good", 0, String::new())]), "");
    }
}
