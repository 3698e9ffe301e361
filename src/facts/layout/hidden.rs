//! Why an element is hidden, from its own attributes; style sheets are not read.

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
    } else if matches(&NO_SIZE) {
        Some("font-size-zero")
    } else if matches(&NO_OPACITY) {
        Some("opacity-zero")
    } else if (style.contains("position:") || style.contains("text-indent")) && matches(&OFF_SCREEN) {
        Some("off-screen")
    } else if style.contains("overflow:hidden") && matches(&NO_BOX) {
        Some("zero-size")
    } else {
        None
    }
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
