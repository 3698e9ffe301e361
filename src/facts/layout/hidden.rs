//! Why an element is hidden.
//!
//! [`cause`] reads the element's own attributes only: it decides what counts as text of the page. [`concealment`] reads the declarations
//! that in-page style sheets and attributes give it, and tells the causes by which links are kept from readers.

use super::sheet::Style;
use crate::facts::tree::Element;
use regex::Regex;
use std::sync::LazyLock;

/// Far outside of any screen, to the left or above.
static OFF_SCREEN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|;)(?:left|top|margin-left|margin-top|text-indent):-\d{3,}").ok());
static NO_SIZE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|;)font-size:0(?:px|pt|em|rem|%)?(?:;|!|$)").ok());
static NO_OPACITY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|;)opacity:0(?:\.0+)?(?:;|!|$)").ok());
static NO_BOX: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|;)(?:width|height|max-height):[01](?:px|pt|em|%)?(?:;|!|$)").ok());

/// The cause in a word, when the element hides itself.
pub(super) fn cause(element: &Element) -> Option<&'static str> {
    if element.name() == "noscript" {
        return Some("noscript");
    }
    if element.attr("hidden").is_some() {
        return Some("hidden-attribute");
    }
    let style = element.attr("style").filter(|s| !s.is_empty() && s.len() < 4_096)?;
    let style: String = style.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let matches = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|p| p.is_match(&style));
    if style.contains("display:none") {
        Some("display-none")
    } else if style.contains("visibility:hidden") {
        Some("visibility-hidden")
    } else if style.contains("font-size:0") && matches(&NO_SIZE) {
        Some("font-size-zero")
    } else if style.contains("opacity:0") && matches(&NO_OPACITY) {
        Some("opacity-zero")
    } else if style.contains(":-") && (style.contains("position:") || style.contains("text-indent")) && matches(&OFF_SCREEN) {
        Some("off-screen")
    } else if style.contains("overflow:hidden") && matches(&NO_BOX) {
        Some("zero-size")
    } else {
        None
    }
}

/// So far off a screen that no slide or menu is parked there, in pixels.
const FAR: f32 = 500.0;

/// The cause in a word why an element with these declarations is kept from readers: those of [`cause`], and a box or a ticker of a pixel.
/// `same-colour` is no matter of one element and is told elsewhere.
pub(in crate::facts) fn concealment(element: &Element, style: &Style) -> Option<&'static str> {
    if element.name() == "noscript" {
        return Some("noscript");
    }
    if element.attr("hidden").is_some() {
        return Some("hidden-attribute");
    }
    let is = |name: &str, value: &str| style.get(name).is_some_and(|v| v == value);
    let length = |name: &str| style.get(name).and_then(pixels);
    if is("display", "none") {
        return Some("display-none");
    }
    if is("visibility", "hidden") || is("visibility", "collapse") {
        return Some("visibility-hidden");
    }
    if length("font-size").is_some_and(|size| size < 1.0) {
        return Some("font-size-zero");
    }
    if style.get("opacity").and_then(|v| v.parse::<f32>().ok()).is_some_and(|v| v <= 0.01) {
        return Some("opacity-zero");
    }
    let placed = ["absolute", "fixed", "relative"].iter().any(|v| is("position", v));
    let away = |name: &str| length(name).is_some_and(|v| v <= -FAR);
    if (placed && ["left", "top", "right", "bottom"].iter().any(|n| away(n)))
        || ["text-indent", "margin-left", "margin-top"].iter().any(|n| away(n))
    {
        return Some("off-screen");
    }
    let tiny = |name: &str| {
        let own = element.attr(name).filter(|_| matches!(element.name(), "marquee" | "iframe" | "div")).and_then(pixels);
        length(name).or(own).is_some_and(|v| (0.0..=2.0).contains(&v))
    };
    if element.name() == "marquee" && (tiny("width") || tiny("height")) {
        return Some("marquee");
    }
    let cut = is("overflow", "hidden") && (tiny("width") || tiny("height") || tiny("max-height"));
    cut.then_some("zero-size")
}

/// A length in pixels, roughly: relative units count as they would on a plain page. None for what is no length.
fn pixels(value: &str) -> Option<f32> {
    let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let number: f32 = digits.parse().ok()?;
    Some(match &value[digits.len()..] {
        "em" | "rem" => number * 16.0,
        "%" | "vw" | "vh" => number * 10.0,
        _ => number,
    })
}

#[cfg(test)]
mod tests {
    use super::cause;
    use crate::facts::tree::{ROOT, Tree};

    #[test]
    fn causes() {
        for (attributes, expected) in [
            ("style='DISPLAY : NONE'", Some("display-none")),
            ("style='visibility:hidden'", Some("visibility-hidden")),
            ("style='color:red;font-size: 0px'", Some("font-size-zero")),
            ("style='opacity:0.0;'", Some("opacity-zero")),
            ("style='position:absolute;left:-9999px'", Some("off-screen")),
            ("style='text-indent:-1000em'", Some("off-screen")),
            ("style='height:0;overflow:hidden'", Some("zero-size")),
            ("hidden", Some("hidden-attribute")),
            ("style='font-size:0.8em;left:-1px;opacity:0.5'", None),
            ("style='height:100px;overflow:hidden'", None),
        ] {
            let tree = Tree::parse(&format!("<p {attributes}>x"));
            let p = tree.descendants(ROOT).filter_map(|id| tree.element(id)).find(|e| e.name() == "p").expect("a paragraph");
            assert_eq!(cause(p), expected, "{attributes}");
        }
    }
}
