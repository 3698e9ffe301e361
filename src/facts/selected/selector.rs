//! CSS selectors: type, `#id`, `.class`, attributes, `:not()`, the four combinators, lists. Matched in one pass over the tree, whatever
//! the selector: every element knows how many steps of it end at the element, at an ancestor, at an earlier sibling.

use crate::facts::tree::{Element, Id, NONE, ROOT, Tree};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest selector, in characters.
const LONGEST: usize = 500;
/// Most steps of one alternative.
const MOST_STEPS: usize = 16;
/// Most alternatives of a list.
const MOST_ALTERNATIVES: usize = 16;

/// A selector that was understood; written and read as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Selector {
    text: String,
    alternatives: Vec<Vec<Step>>,
}

/// A compound with what joins it to the one before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Step {
    combinator: Combinator,
    compound: Vec<Simple>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Combinator {
    /// First step.
    None,
    /// A blank.
    Descendant,
    /// `>`
    Child,
    /// `+`
    Next,
    /// `~`
    Later,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Simple {
    Any,
    Tag(String),
    Id(String),
    Class(String),
    Attribute { name: String, test: Test, value: String, fold_case: bool },
    Not(Vec<Simple>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Test {
    Present,
    Equals,
    Word,
    Prefix,
    Suffix,
    Contains,
    Dash,
}

impl TryFrom<String> for Selector {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let alternatives = Reader { rest: text.trim() }.list().map_err(|e| format!("CSS 选择器 selector “{text}”: {e}"))?;
        Ok(Selector { text, alternatives })
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> String {
        selector.text
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Selector {
    /// Every element that it matches, in document order.
    pub(in crate::facts) fn matches(&self, tree: &Tree) -> Vec<Id> {
        let mut found = vec![false; tree.len()];
        for steps in &self.alternatives {
            mark(tree, steps, &mut found);
        }
        tree.descendants(ROOT).filter(|id| found.get(*id as usize).copied().unwrap_or(false)).collect()
    }
}

/// Steps that end at an element (bit n: the first n + 1 steps).
#[derive(Clone, Copy, Default)]
struct Ends {
    here: u32,
    /// At it or an ancestor.
    above: u32,
    /// At it or an earlier sibling.
    before: u32,
}

fn mark(tree: &Tree, steps: &[Step], found: &mut [bool]) {
    let mut ends = vec![Ends::default(); tree.len()];
    let at =
        |ends: &[Ends], id: Id| if id == NONE { Ends::default() } else { ends.get(id as usize).copied().unwrap_or_default() };
    for id in tree.descendants(ROOT) {
        let parent = at(&ends, tree.parent(id));
        let Some(element) = tree.element(id) else {
            if let Some(own) = ends.get_mut(id as usize) {
                own.above = parent.above;
            }
            continue;
        };
        let sibling = at(&ends, tree.previous_element(id));
        let mut here = 0u32;
        for (n, step) in steps.iter().enumerate() {
            let led = match step.combinator {
                Combinator::None => true,
                Combinator::Descendant => parent.above >> (n - 1) & 1 == 1,
                Combinator::Child => parent.here >> (n - 1) & 1 == 1,
                Combinator::Next => sibling.here >> (n - 1) & 1 == 1,
                Combinator::Later => sibling.before >> (n - 1) & 1 == 1,
            };
            if led && step.compound.iter().all(|simple| simple.holds(element)) {
                here |= 1 << n;
            }
        }
        if let Some(own) = ends.get_mut(id as usize) {
            *own = Ends { here, above: parent.above | here, before: sibling.before | here };
        }
        if here >> (steps.len() - 1) & 1 == 1
            && let Some(found) = found.get_mut(id as usize)
        {
            *found = true;
        }
    }
}

impl Simple {
    fn holds(&self, element: &Element) -> bool {
        match self {
            Simple::Any => true,
            Simple::Tag(name) => element.name().eq_ignore_ascii_case(name),
            Simple::Id(id) => element.attr("id") == Some(id),
            Simple::Class(class) => element.attr("class").is_some_and(|all| all.split_ascii_whitespace().any(|c| c == class)),
            Simple::Not(compound) => !compound.iter().all(|simple| simple.holds(element)),
            Simple::Attribute { name, test, value, fold_case } => {
                let Some(has) = element.attr(name) else { return false };
                let (has, value) = match fold_case {
                    true => (has.to_ascii_lowercase(), value.to_ascii_lowercase()),
                    false => (has.to_owned(), value.clone()),
                };
                // An empty value matches nothing but equality, as CSS has it.
                match test {
                    Test::Present => true,
                    Test::Equals => has == value,
                    Test::Word => has.split_ascii_whitespace().any(|word| word == value),
                    Test::Prefix => !value.is_empty() && has.starts_with(&value),
                    Test::Suffix => !value.is_empty() && has.ends_with(&value),
                    Test::Contains => !value.is_empty() && has.contains(&value),
                    Test::Dash => has == value || has.strip_prefix(&value).is_some_and(|rest| rest.starts_with('-')),
                }
            }
        }
    }
}

/// Reads a selector from its text.
struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn list(mut self) -> Result<Vec<Vec<Step>>, String> {
        if self.rest.chars().count() > LONGEST {
            return Err(format!("longer than {LONGEST} characters"));
        }
        let mut alternatives = vec![Vec::new()];
        let mut combinator = Combinator::None;
        loop {
            let compound = self.compound(false)?;
            let steps = match alternatives.last_mut() {
                Some(steps) => steps,
                None => return Err("empty".into()),
            };
            steps.push(Step { combinator, compound });
            if steps.len() > MOST_STEPS {
                return Err(format!("more than {MOST_STEPS} steps"));
            }
            let blank = self.blanks();
            combinator = match self.rest.chars().next() {
                None => return Ok(alternatives),
                Some(',') => {
                    alternatives.push(Vec::new());
                    if alternatives.len() > MOST_ALTERNATIVES {
                        return Err(format!("more than {MOST_ALTERNATIVES} alternatives"));
                    }
                    self.skip(1);
                    Combinator::None
                }
                Some(sign @ ('>' | '+' | '~')) => {
                    self.skip(1);
                    match sign {
                        '>' => Combinator::Child,
                        '+' => Combinator::Next,
                        _ => Combinator::Later,
                    }
                }
                Some(_) if blank => Combinator::Descendant,
                Some(other) => return Err(format!("“{other}” is not understood here")),
            };
            self.blanks();
        }
    }

    fn compound(&mut self, inside_not: bool) -> Result<Vec<Simple>, String> {
        let mut compound = Vec::new();
        loop {
            match self.rest.chars().next() {
                Some('*') if compound.is_empty() => {
                    self.skip(1);
                    compound.push(Simple::Any);
                }
                Some('#') => {
                    self.skip(1);
                    compound.push(Simple::Id(self.name()?));
                }
                Some('.') => {
                    self.skip(1);
                    compound.push(Simple::Class(self.name()?));
                }
                Some('[') => {
                    self.skip(1);
                    compound.push(self.attribute()?);
                }
                Some(':') if !inside_not && self.rest.starts_with(":not(") => {
                    self.skip(5);
                    self.blanks();
                    let not = self.compound(true)?;
                    self.blanks();
                    if !self.rest.starts_with(')') {
                        return Err(":not( is not closed".into());
                    }
                    self.skip(1);
                    compound.push(Simple::Not(not));
                }
                Some(':') => return Err("of pseudo-classes only :not() is understood".into()),
                Some(c) if compound.is_empty() && is_name(c) => compound.push(Simple::Tag(self.name()?)),
                _ if compound.is_empty() => return Err("a step is empty".into()),
                _ => return Ok(compound),
            }
        }
    }

    fn attribute(&mut self) -> Result<Simple, String> {
        self.blanks();
        let name = self.name()?.to_ascii_lowercase();
        self.blanks();
        let mut test = Test::Present;
        for (sign, meaning) in [
            ("=", Test::Equals),
            ("~=", Test::Word),
            ("^=", Test::Prefix),
            ("$=", Test::Suffix),
            ("*=", Test::Contains),
            ("|=", Test::Dash),
        ] {
            if self.rest.starts_with(sign) {
                self.skip(sign.len());
                test = meaning;
                break;
            }
        }
        let mut value = String::new();
        let mut fold_case = false;
        if test != Test::Present {
            self.blanks();
            value = match self.rest.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    self.skip(1);
                    let end = self.rest.find(quote).ok_or("a quote is not closed")?;
                    let value = self.rest[..end].to_owned();
                    self.skip(end + 1);
                    value
                }
                _ => self.name()?,
            };
            self.blanks();
            if self.rest.starts_with(['i', 'I']) {
                self.skip(1);
                fold_case = true;
                self.blanks();
            }
        }
        if !self.rest.starts_with(']') {
            return Err("an attribute is not closed by ]".into());
        }
        self.skip(1);
        Ok(Simple::Attribute { name, test, value, fold_case })
    }

    fn name(&mut self) -> Result<String, String> {
        let end = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        if end == 0 {
            return Err("a name is missing".into());
        }
        let name = self.rest[..end].to_owned();
        self.skip(end);
        Ok(name)
    }

    fn blanks(&mut self) -> bool {
        let trimmed = self.rest.trim_start();
        let any = trimmed.len() < self.rest.len();
        self.rest = trimmed;
        any
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or("");
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(selector: &str, source: &str) -> Vec<String> {
        let tree = Tree::parse(source);
        let selector = Selector::try_from(selector.to_owned()).unwrap();
        selector.matches(&tree).into_iter().map(|id| tree.attr(id, "id").unwrap_or("?").to_owned()).collect()
    }

    const PAGE: &str = r#"<div id=a class="nav top"><ul id=b><li id=c><a id=d href="/x/1.PDF" lang=zh-CN>x</a></li>
        <li id=e><span id=f><a id=g href="http://y.cn/">y</a></span></li><li id=h></li></ul></div><a id=i>z</a>"#;

    #[test]
    fn selectors_match_as_css_has_it() {
        for (selector, expected) in [
            ("a", "d g i"),
            ("a[href]", "d g"),
            ("div.nav a", "d g"),
            ("div.top.nav > ul > li", "c e h"),
            ("li > a", "d"),
            ("#a li a[href^='http://']", "g"),
            ("a[href$=\".pdf\" i]", "d"),
            ("a[href$='.pdf']", ""),
            ("a:not([href])", "i"),
            ("li + li", "e h"),
            ("li ~ li", "e h"),
            ("div + a", "i"),
            ("div a, li:not(#c)", "d e g h"),
            ("[lang|=zh]", "d"),
            ("A[HREF*=y]", "g"),
            ("span li", ""),
            ("* > span", "f"),
        ] {
            assert_eq!(select(selector, PAGE).join(" "), expected, "{selector}");
        }
    }

    #[test]
    fn they_match_as_another_implementation_does() {
        let tags = ["div", "p", "span", "ul", "li"];
        let mut source = String::new();
        let mut seed = 7u64;
        for n in 0..400 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let tag = tags[(seed >> 33) as usize % 3];
            source.push_str(&format!("<{tag} id=n{n} class='c{} d{}'>", (seed >> 40) % 4, (seed >> 45) % 3));
            for _ in 0..(seed >> 50) % 4 {
                source.push_str(&format!("</{}>", tags[(seed >> 55) as usize % 3]));
            }
        }
        let other = scraper::Html::parse_document(&source);
        for selector in
            ["div p", "div > p + p", ".c1 ~ .d2 span", "div.c0 > span:not(.d1)", "p p p, .c3 .c2 > .d0", "div + p ~ span"]
        {
            let parsed = scraper::Selector::parse(selector).unwrap();
            let expected: Vec<&str> = other.select(&parsed).filter_map(|e| e.attr("id")).collect();
            assert!(!expected.is_empty(), "{selector} matches something");
            let found: Vec<String> = select(selector, &source).into_iter().filter(|id| id != "?").collect();
            assert_eq!(found, expected, "{selector}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for wrong in ["", "a:hover", "a >", "> a", "a,,b", "[x", "a[x=\"1]", "a..b", ":not(a", "a!", &"a ".repeat(40)] {
            assert!(Selector::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
