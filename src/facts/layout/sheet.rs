//! Declarations that an element gets from in-page style sheets and its own attribute: simple selectors (tag, class, id, `a.b`) only,
//! outside of any `@` block. Linked style sheets are not read: what they say is unknown.

use crate::facts::tree::{Element, Tree};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use xxhash_rust::xxh3::Xxh3;

/// Most bytes read of all style elements of a page.
const MAX_SHEET: usize = 256 * 1_024;
/// Most rules kept.
const MAX_RULES: usize = 2_000;
/// Style sheets that a thread remembers: a site has a few templates, and its pages come mixed.
const MOST_READ: usize = 4;

thread_local! {
    /// The style sheets read last, by a print of their text, the latest first.
    static READ: RefCell<Vec<(u128, Rc<Sheet>)>> = const { RefCell::new(Vec::new()) };
}

/// Declarations by property; values in lower case without blanks.
#[derive(Debug, Default)]
pub(in crate::facts) struct Style(BTreeMap<String, String>);

impl Style {
    /// Value of a property.
    pub(in crate::facts) fn get(&self, property: &str) -> Option<&str> {
        self.0.get(property).map(String::as_str)
    }

    fn declare(&mut self, declarations: &str) {
        for (property, value) in declarations.split(';').take(60).filter_map(|d| d.split_once(':')) {
            let plain = |text: &str| -> String {
                text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).take(80).collect()
            };
            let property = plain(property);
            if matters(&property) {
                let value = plain(value);
                self.0.insert(property, value.trim_end_matches("!important").to_owned());
            }
        }
    }
}

/// Properties that hide or colour.
fn matters(property: &str) -> bool {
    matches!(
        property,
        "display"
            | "visibility"
            | "font-size"
            | "opacity"
            | "position"
            | "left"
            | "top"
            | "right"
            | "bottom"
            | "text-indent"
            | "margin-left"
            | "margin-top"
            | "overflow"
            | "width"
            | "height"
            | "max-height"
            | "color"
            | "background"
            | "background-color"
            | "background-image"
    )
}

/// One simple selector with its declarations.
struct Rule {
    tag: Option<String>,
    class: Option<String>,
    id: Option<String>,
    declared: BTreeMap<String, String>,
}

/// The in-page style sheets of a page, in order of precedence.
#[derive(Default)]
pub(in crate::facts) struct Sheet {
    rules: Vec<Rule>,
    /// Rules by their class, else id, else tag: an element asks for its own few.
    index: HashMap<String, Vec<usize>>,
}

impl Sheet {
    /// Reads every `<style>` that is for screens; those of a template are read once, not on every page.
    pub(in crate::facts) fn of(tree: &Tree) -> Rc<Sheet> {
        let mut left = MAX_SHEET;
        let mut texts: Vec<String> = Vec::new();
        let mut print = Xxh3::new();
        for id in tree.named("style") {
            let media = tree.attr(id, "media").unwrap_or("all").trim().to_ascii_lowercase();
            let text = tree.raw_text(id);
            if !matches!(media.as_str(), "" | "all" | "screen") || text.len() > left {
                continue;
            }
            left -= text.len();
            print.update(&text.len().to_le_bytes());
            print.update(text.as_bytes());
            texts.push(text);
        }
        let print = print.digest128();
        READ.with_borrow_mut(|known| {
            let at = known.iter().position(|(known, _)| *known == print);
            let (_, sheet) = at.map_or_else(|| (print, Rc::new(Sheet::read_all(&texts))), |at| known.remove(at));
            known.insert(0, (print, Rc::clone(&sheet)));
            known.truncate(MOST_READ);
            sheet
        })
    }

    fn read_all(texts: &[String]) -> Sheet {
        let mut sheet = Sheet::default();
        texts.iter().for_each(|text| sheet.read(&without_comments(text)));
        // Later rules of equal weight win: they are applied in this order, and the sort keeps it.
        sheet.rules.sort_by_key(|rule| (rule.id.is_some(), rule.class.is_some()));
        for (at, rule) in sheet.rules.iter().enumerate() {
            let key = match (&rule.class, &rule.id, &rule.tag) {
                (Some(class), ..) => format!(".{class}"),
                (_, Some(id), _) => format!("#{id}"),
                (.., tag) => tag.clone().unwrap_or_default(),
            };
            sheet.index.entry(key).or_default().push(at);
        }
        sheet
    }

    fn read(&mut self, text: &str) {
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let selectors = rest[..open].rsplit([';', '}']).next().unwrap_or_default().trim();
            if selectors.starts_with('@') {
                rest = after_block(&rest[open..]);
                continue;
            }
            let body = &rest[open + 1..];
            let close = body.find('}').unwrap_or(body.len());
            let declarations = &body[..close];
            let mut declared = Style::default();
            declared.declare(declarations.get(..2_000).unwrap_or(declarations));
            for selector in selectors.split(',').map(str::trim).filter(|s| s.len() <= 100 && !declared.0.is_empty()) {
                if self.rules.len() < MAX_RULES
                    && let Some((tag, class, id)) = simple(selector)
                {
                    self.rules.push(Rule { tag, class, id, declared: declared.0.clone() });
                }
            }
            rest = body.get(close + 1..).unwrap_or_default();
        }
    }

    /// What the sheets and its own attributes declare of an element.
    pub(in crate::facts) fn style(&self, element: &Element) -> Style {
        let mut style = Style::default();
        let classes = element.attr("class").unwrap_or_default();
        let id = element.attr("id").unwrap_or_default();
        if !self.rules.is_empty() {
            let own = classes.split_whitespace().take(20).map(|class| format!(".{class}"));
            let keys = own.chain([format!("#{id}"), element.name().to_owned()]);
            let mut asked: Vec<usize> = keys.filter_map(|key| self.index.get(&key)).flatten().copied().collect();
            asked.sort_unstable();
            for rule in asked.into_iter().filter_map(|at| self.rules.get(at)) {
                if rule.tag.as_deref().is_none_or(|tag| tag == element.name()) {
                    style.0.extend(rule.declared.iter().map(|(property, value)| (property.clone(), value.clone())));
                }
            }
        }
        if let Some(colour) = element.attr("bgcolor") {
            style.declare(&format!("background-color:{}", colour.trim()));
        }
        if let Some(colour) = element.attr("color").filter(|_| element.name() == "font") {
            style.declare(&format!("color:{}", colour.trim()));
        }
        if let Some(own) = element.attr("style").filter(|s| s.len() < 4_096) {
            style.declare(own);
        }
        style
    }
}

/// Tag, class and id of a selector without combinators, pseudo-classes or attributes.
#[allow(clippy::type_complexity, reason = "three parts of one selector, taken apart at once")]
fn simple(selector: &str) -> Option<(Option<String>, Option<String>, Option<String>)> {
    if selector.is_empty() || selector.contains([' ', '>', '+', '~', ':', '[', '*', '\n', '\t']) {
        return None;
    }
    let own = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    if let Some((tag, id)) = selector.split_once('#') {
        return (!id.is_empty() && !id.contains(['.', '#'])).then(|| (own(tag).map(|t| t.to_ascii_lowercase()), None, own(id)));
    }
    match selector.split_once('.') {
        Some((tag, class)) if !class.is_empty() && !class.contains('.') => {
            Some((own(tag).map(|t| t.to_ascii_lowercase()), own(class), None))
        }
        Some(_) => None,
        None => Some((Some(selector.to_ascii_lowercase()), None, None)),
    }
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("/*") {
        out.push_str(&rest[..start]);
        rest = rest[start + 2..].find("*/").map_or("", |end| &rest[start + 2 + end + 2..]);
    }
    out.push_str(rest);
    out
}

/// What follows a block with blocks inside.
fn after_block(text: &str) -> &str {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return &text[at + 1..],
            '}' => depth -= 1,
            _ => {}
        }
    }
    ""
}

/// A colour as red, green and blue, where it is one.
pub(in crate::facts) fn colour(value: &str) -> Option<[u8; 3]> {
    let named = match value {
        "white" => Some([255, 255, 255]),
        "black" => Some([0, 0, 0]),
        "red" => Some([255, 0, 0]),
        "blue" => Some([0, 0, 255]),
        _ => None,
    };
    if named.is_some() {
        return named;
    }
    if let Some(inside) = value.strip_prefix("rgb(").and_then(|v| v.strip_suffix(')')) {
        let mut parts = inside.split(',').map(|p| p.parse::<u8>().ok());
        return Some([parts.next()??, parts.next()??, parts.next()??]);
    }
    let hex = value.strip_prefix('#').unwrap_or(value);
    if !hex.is_ascii() {
        return None;
    }
    let digit = |at: usize, len: usize| u8::from_str_radix(hex.get(at..at + len)?, 16).ok();
    match hex.len() {
        3 => Some([digit(0, 1)? * 17, digit(1, 1)? * 17, digit(2, 1)? * 17]),
        6 => Some([digit(0, 2)?, digit(2, 2)?, digit(4, 2)?]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tree::ROOT;

    fn style_of(page: &str) -> Style {
        let tree = Tree::parse(page);
        let p = tree.descendants(ROOT).filter_map(|id| tree.element(id)).find(|e| e.name() == "p").expect("a paragraph");
        Sheet::of(&tree).style(p)
    }

    #[test]
    fn simple_rules_reach_their_elements_in_order() {
        let style = style_of(
            "<style>/* p{left:1px} */ p{left:2px} @media print{.a{left:3px} p{top:9px}} .a, .b{left:4px} #i{left:5px} div .a{left:6px} .a:hover{left:7px}</style><p class='x a' id=i>t",
        );
        assert_eq!((style.get("left"), style.get("top")), (Some("5px"), None));
        let own = style_of("<style>p.a{COLOR : Red !important}</style><p class=a style='font-size: 0PX'>t");
        assert_eq!((own.get("color"), own.get("font-size")), (Some("red"), Some("0px")));
    }

    #[test]
    fn broken_sheets_end() {
        for sheet in ["{", "}", "@media {", "p{", "p{color", "/*", "@import 'x'; p{color:red}"] {
            let _ = style_of(&format!("<style>{sheet}</style><p>t"));
        }
        assert_eq!(style_of("<style>@import 'x'; p{color:red}</style><p>t").get("color"), Some("red"));
    }

    #[test]
    fn colours_have_one_form() {
        for same in ["white", "#fff", "#ffffff", "rgb(255,255,255)", "ffffff"] {
            assert_eq!(colour(same), Some([255; 3]), "{same}");
        }
        for none in ["url(x)", "transparent", "", "#中", "rgb(1,2)"] {
            assert_eq!(colour(none), None, "{none}");
        }
    }
}
