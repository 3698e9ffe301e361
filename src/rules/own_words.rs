//! What the generic rules share: bounded patterns, and the office's own words for a finding.

use crate::facts::Page;
use crate::facts::links::Role;
use crate::finding::{Observation, Text};
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

/// Longest pattern, in characters.
const LONGEST: usize = 500;
/// Most bytes of a compiled pattern, and of its cache.
const MOST_BYTES: usize = 1 << 20;

/// A regular expression of a checklist: matched in linear time, bounded in size; written and read as text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Pattern {
    text: String,
    regex: Regex,
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() || text.chars().count() > LONGEST {
            return Err(format!("a pattern has 1 to {LONGEST} characters"));
        }
        let regex = RegexBuilder::new(&text).size_limit(MOST_BYTES).dfa_size_limit(MOST_BYTES).build();
        let regex = regex.map_err(|e| format!("pattern “{text}”: {}", e.to_string().replace('\n', " ")))?;
        if regex.is_match("") {
            return Err(format!("pattern “{text}” matches nothing at all, so it would hold everywhere"));
        }
        Ok(Pattern { text, regex })
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> String {
        pattern.text
    }
}

impl Pattern {
    /// As the checklist writes it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Is it found in a text?
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Every match in a text.
    pub(super) fn find_all<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.regex.find_iter(text).map(|found| found.as_str())
    }
}

/// Characters of text below which a page with scripts is taken to be drawn by them.
const DRAWN: usize = 40;

/// Is a page drawn by script, so that its source shows little of what a reader sees?
pub(super) fn is_drawn(page: &Page) -> bool {
    let text: usize = page.document.main.iter().map(|block| block.text.chars().count()).sum();
    text < DRAWN && page.links.iter().any(|link| link.role == Role::Script)
}

/// A failure in the words of the office that wrote the checklist, else in ours.
pub(super) fn failed(key: &str, says: Option<&Text>) -> Observation {
    match says {
        Some(says) => Observation::failed("own").with("says", says.zh.as_str()).with("says_en", says.en.as_str()),
        None => Observation::failed(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_bounded() {
        for wrong in ["", "(", "a*", r"(?:\pL{1000}){1000}", &"a".repeat(501), r"(a)\1"] {
            assert!(Pattern::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
        let pattern = Pattern::try_from("电话[:：]\\s*\\d{7,}".to_owned()).unwrap();
        assert_eq!(pattern.find_all("咨询电话：  5580001").next(), Some("电话：  5580001"));
    }
}
