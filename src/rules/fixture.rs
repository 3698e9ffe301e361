//! The fixture of a rule: front matter with its texts, then cases whose headings state the outcome.
//!
//! ````text
//! +++
//! title = { zh = "…", en = "…" }
//! why = { zh = "…", en = "…" }
//! fix = { zh = "…", en = "…" }
//! [messages]
//! dead = { zh = "链接 {target} 无法打开（{cause}）", en = "The link to {target} does not open ({cause})" }
//! +++
//!
//! ## failed: what the case shows
//! params: at_least = 3
//! as-of: 2026-03-31
//!
//! ```html http://www.example.gov.cn/ [status=200] [header-name: value]
//! <html>…</html>
//! ```
//! ```unfetched http://www.example.gov.cn/gone name-not-found
//! ```
//! ````
//!
//! Each case is a small site: its blocks become exchanges, facts are read from them, the one rule judges them. The heading's outcome is
//! that of the worst observation (failed, cannot-tell, untested, passed, inapplicable); `suspected:` in place of `failed:` asks for
//! certainty suspected. A case may add `count: N` (number of failed observations), `message: key` and `text: quoted` (in a location).

use super::Entry;
use crate::finding::{Argument, Arguments, Text};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// Texts of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// What is looked at.
    pub title: Text,
    /// Why it matters, with the clause.
    pub why: Text,
    /// How to mend it.
    pub fix: Text,
    /// Messages by key, with `{argument}` places.
    pub messages: BTreeMap<String, Text>,
}

/// The texts of a registered rule; empty where its fixture is broken, which a test prevents.
pub fn texts(entry: &Entry) -> &'static Texts {
    static TEXTS: OnceLock<HashMap<&'static str, Texts>> = OnceLock::new();
    static NONE: OnceLock<Texts> = OnceLock::new();
    let read = |fixture: &str| {
        let front = fixture.strip_prefix("+++\n")?.split_once("\n+++\n")?.0;
        toml::from_str(front).ok()
    };
    let all = TEXTS.get_or_init(|| super::all().iter().filter_map(|e| Some((e.id, read(e.fixture)?))).collect());
    all.get(entry.id).unwrap_or_else(|| NONE.get_or_init(Texts::default))
}

impl Texts {
    /// A message with its arguments in both languages; the key itself where there is no such message.
    pub fn message(&self, key: &str, arguments: &Arguments) -> Text {
        let Some(text) = self.messages.get(key) else { return Text { zh: key.to_owned(), en: key.to_owned() } };
        let fill = |template: &str, between: &str| {
            arguments.iter().fold(template.to_owned(), |text, (name, argument)| {
                let value = match argument {
                    Argument::Number(number) => number.to_string(),
                    Argument::Text(text) => text.clone(),
                    Argument::List(list) => list.join(between),
                };
                text.replace(&format!("{{{name}}}"), &value)
            })
        };
        Text { zh: fill(&text.zh, "、"), en: fill(&text.en, ", ") }
    }
}
