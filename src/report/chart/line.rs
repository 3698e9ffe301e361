//! Lines over time, each point with its value.

use super::{escape, open, size};
use std::fmt::Write;

/// One line: name and its value at each place, none where there is none.
#[derive(Debug, Clone)]
pub struct Line {
    /// Name.
    pub name: String,
    /// Values.
    pub points: Vec<Option<f64>>,
}

const WIDTH: usize = 720;
const HEIGHT: usize = 230;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 30.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 28.0;
/// Height of a line of the legend.
const LEGEND: usize = 20;
/// Classes of lines; signs tell them apart without colour.
const CLASSES: usize = 6;

/// The scale: where it begins and ends, and its step.
fn scale(lines: &[Line]) -> (f64, f64, f64) {
    let values = || lines.iter().flat_map(|line| &line.points).flatten().copied().filter(|value| value.is_finite());
    let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    if !least.is_finite() || !most.is_finite() {
        return (0.0, 1.0, 1.0);
    }
    let span = (most - least).max(most.abs() * 0.02).max(1e-6);
    let rough = span / 4.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|of| of * power).find(|step| *step >= rough).unwrap_or(10.0 * power);
    // Room for the words above and below the points.
    let from = ((least - step * 0.5) / step).floor() * step;
    let to = ((most + step * 0.4) / step).ceil() * step;
    let from = if least >= 0.0 { from.max(0.0) } else { from };
    (from, if to > from { to } else { from + step }, step)
}

/// The sign of a point.
fn sign(out: &mut String, class: usize, x: f64, y: f64) {
    let (x, y) = (size(x), size(y));
    let class = class % CLASSES;
    let _ = match class {
        0 => write!(out, "<circle class=\"dot s0\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>"),
        1 => write!(out, "<rect class=\"dot s1\" x=\"{}\" y=\"{}\" width=\"8\" height=\"8\"/>", x - 4.0, y - 4.0),
        2 => write!(out, "<path class=\"dot s2\" d=\"M{x} {}l5 9h-10z\"/>", size(y - 5.0)),
        3 => write!(out, "<path class=\"dot s3\" d=\"M{x} {}l5 5-5 5-5-5z\"/>", size(y - 5.0)),
        4 => write!(out, "<path class=\"dot s4\" d=\"M{x} {}l-5-9h10z\"/>", size(y + 5.0)),
        _ => write!(out, "<circle class=\"dot hollow s5\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>"),
    };
}

/// Lines over `places`, with a legend. `tell` says a value.
pub fn lines(id: &str, title: &str, places: &[String], lines: &[Line], tell: &dyn Fn(f64) -> String) -> String {
    let height = HEIGHT + LEGEND * lines.len();
    let told: Vec<String> = lines
        .iter()
        .map(|line| {
            let points =
                places.iter().zip(&line.points).filter_map(|(place, value)| Some(format!("{place} {}", tell((*value)?))));
            format!("{}: {}", line.name, points.collect::<Vec<_>>().join(", "))
        })
        .collect();
    let mut out = String::new();
    open(&mut out, id, (WIDTH, height), "lines", title, &told.join("; "));
    let (from, to, step) = scale(lines);
    let room = WIDTH as f64 - LEFT - RIGHT;
    let deep = HEIGHT as f64 - TOP - BOTTOM;
    let y = |value: f64| TOP + deep - (value - from) / (to - from) * deep;
    let x = |at: usize| match places.len() {
        0 | 1 => LEFT + room / 2.0,
        n => LEFT + 24.0 + (room - 48.0) * at as f64 / (n - 1) as f64,
    };
    let steps = ((to - from) / step).round().clamp(1.0, 20.0) as usize;
    for at in 0..=steps {
        let value = from + step * at as f64;
        let level = size(y(value));
        let _ = write!(out, "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{level}\" y2=\"{level}\"/>", WIDTH as f64 - RIGHT);
        let shown = (value * 1e4).round() / 1e4;
        let _ = write!(out, "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{shown}</text>", LEFT - 6.0, level + 4.0);
    }
    for (at, place) in places.iter().enumerate() {
        let _ = write!(
            out,
            "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            size(x(at)),
            HEIGHT as f64 - 8.0,
            escape(place)
        );
    }
    for (which, line) in lines.iter().enumerate() {
        let points: Vec<(usize, f64)> = line
            .points
            .iter()
            .take(places.len())
            .enumerate()
            .filter_map(|(at, value)| value.filter(|value| value.is_finite()).map(|value| (at, value)))
            .collect();
        // A period without a value breaks the line: nothing is made up between.
        for pair in points.windows(2).filter(|pair| pair[1].0 == pair[0].0 + 1) {
            let _ = write!(
                out,
                "<line class=\"path s{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
                which % CLASSES,
                size(x(pair[0].0)),
                size(y(pair[0].1)),
                size(x(pair[1].0)),
                size(y(pair[1].1))
            );
        }
        for (at, value) in points {
            sign(&mut out, which, x(at), y(value));
            let above = if which % 2 == 0 { -8.0 } else { 17.0 };
            let _ = write!(
                out,
                "<text class=\"told\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                size(x(at)),
                size(y(value) + above),
                escape(&tell(value))
            );
        }
        let base = HEIGHT + LEGEND * which + 10;
        sign(&mut out, which, LEFT + 6.0, base as f64);
        let _ = write!(out, "<text x=\"{}\" y=\"{}\">{}</text>", LEFT + 18.0, base + 4, escape(&super::fit(&line.name, 88)));
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[Option<f64>]) -> Line {
        Line { name: "甲".into(), points: points.to_vec() }
    }

    #[test]
    fn scales_hold_their_values() {
        for points in [vec![Some(81.34), Some(90.0)], vec![Some(0.0)], vec![Some(-3.0), Some(1e9)], vec![Some(7.0), Some(7.0)]] {
            let (from, to, step) = scale(&[line(&points)]);
            assert!(step > 0.0 && from < to);
            assert!(points.iter().flatten().all(|value| (from..=to).contains(value)), "{points:?} {from} {to}");
            assert!((to - from) / step < 12.0);
        }
    }

    #[test]
    fn a_gap_is_not_bridged() {
        let places: Vec<String> = (1..=4).map(|q| format!("Q{q}")).collect();
        let drawn = lines("x", "t", &places, &[line(&[Some(1.0), Some(2.0), None, Some(3.0)])], &|v| format!("{v}"));
        assert_eq!(drawn.matches("class=\"path").count(), 1);
        assert_eq!(drawn.matches("class=\"dot").count(), 4, "three points and the legend's");
    }
}
