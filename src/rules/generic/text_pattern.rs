//! The text of a page holds, or does not hold, what a pattern describes: the office says which and why.
//!
//! Patterns are matched in linear time and bounded in size. Hidden text is no text of the page. What must be there is missing only
//! from a page that was read whole and is not drawn by script.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::document::TextBlock;
use crate::finding::{Location, Locus, Observation, Text};
use crate::rules::own_words::{self, Pattern};
use crate::rules::{Context, Rule};
use crate::text::{fold, shorten};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextPattern {
    /// The pattern; has to be given.
    pattern: Option<Pattern>,
    /// Must it be there or not?
    #[serde(default)]
    must: Must,
    /// Which text; default: the main text.
    #[serde(default)]
    parts: Vec<Part>,
    /// Compare folded text: width, blanks, letter case and Traditional forms do not matter.
    #[serde(default)]
    folded: bool,
    /// The finding in the office's own words.
    #[serde(default)]
    says: Option<Text>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Must {
    /// It is found.
    #[default]
    Match,
    /// It is not found.
    NotMatch,
}

/// A part of the page's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Part {
    /// Title as a reader sees it, and `<title>`.
    Title,
    /// Main content, line by line.
    Main,
    /// The labelled values above a document, as `label：value`.
    Header,
    /// The footer.
    Footer,
    /// Everything around the main content: navigation, sides, footer.
    Around,
}

/// Most places told of one page.
const MOST: usize = 20;
impl Rule for TextPattern {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let Some(pattern) = &self.pattern else {
            return vec![Observation::inapplicable()];
        };
        let parts: &[Part] = if self.parts.is_empty() { &[Part::Main] } else { &self.parts };
        // Distinct matches with how often they occur and the line that holds the first.
        let mut found: BTreeMap<String, (u64, String)> = BTreeMap::new();
        let mut first = None;
        for line in parts.iter().flat_map(|part| lines(page, *part)) {
            let line = if self.folded { fold(&line) } else { line };
            if self.must == Must::Match {
                if pattern.is_in(&line) {
                    first = Some(line);
                    break;
                }
                continue;
            }
            for text in pattern.find_all(&line) {
                if let Some((times, _)) = found.get_mut(text) {
                    *times += 1;
                } else if found.len() < MOST {
                    found.insert(text.to_owned(), (1, shorten(&line, 200)));
                }
            }
        }
        let failed = |key: &str| {
            let observation = own_words::failed(key, self.says.as_ref()).with("pattern", pattern.text());
            observation.with("title", page.title()).prove("pattern", pattern.text())
        };
        if self.must == Must::NotMatch {
            let told = found.into_iter().map(|(text, (times, line))| {
                let place = Location::text(&page.url, text.as_str());
                failed("found")
                    .with("text", shorten(&text, 100))
                    .at(Locus::Text(text.clone()))
                    .count(times)
                    .prove("line", line)
                    .seen(place)
            });
            let told: Vec<Observation> = told.collect();
            return if told.is_empty() { vec![Observation::passed()] } else { told };
        }
        if first.is_some() {
            return vec![Observation::passed()];
        }
        let locus = Locus::Name(pattern.text().to_owned());
        if page.document.cut || own_words::is_drawn(page) {
            return vec![Observation::cannot_tell("drawn").with("pattern", pattern.text()).at(locus)];
        }
        vec![failed("absent").at(locus).seen(Location::text(&page.url, page.title()))]
    }
}

/// The lines of a part, hidden ones left out.
fn lines(page: &Page, part: Part) -> Vec<String> {
    let shown = |blocks: &[TextBlock]| blocks.iter().filter(|b| b.hidden.is_none()).map(|b| b.text.clone()).collect();
    match part {
        Part::Title => vec![page.title().to_owned(), page.document.title.clone()],
        Part::Main => shown(&page.document.main),
        Part::Around => shown(&page.document.around),
        Part::Footer => vec![page.footer.text.clone()],
        Part::Header => page.header.values.iter().map(|v| format!("{}：{}", v.label, v.value)).collect(),
    }
}
