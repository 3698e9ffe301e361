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

use crate::finding::Text;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Texts of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
