//! The fixture of a rule: front matter with its texts, then cases whose headings state the outcome.
//!
//! ````text
//! +++
//! title = { zh = "…", en = "…" }
//! why = { zh = "…", en = "…" }
//! fix = { zh = "…", en = "…" }
//! [messages]
//! dead = { zh = "链接 {target} 无法打开（{word:cause}）", en = "The link to {target} does not open ({word:cause})" }
//! [words]
//! name-not-found = { zh = "域名不存在", en = "the name does not exist" }
//! [params]
//! own = { zh = "…", en = "…" }
//! +++
//!
//! ## failed: what the case shows
//! params: at_least = 3
//! as-of: 2026-03-31
//!
//! ```html http://www.example.gov.cn/ status=200 charset=gb18030
//! <html>…</html>
//! ```
//! ```unfetched http://www.example.gov.cn/gone reason=name-not-found
//! ```
//! ```columns
//! [[column]]
//! …
//! ```
//! ````
//!
//! `{name}` in a message is an argument of the observation, put in as plain text; `{word:name}` is an argument that is one of our own
//! words, looked up in `[words]`. `[params]` tells what each parameter means. `[fix_by_platform]` may say what to do in a certain
//! content management system (`trs`, `hanweb`, `kaipu`, `boda`, `webplus`, `gkmlpt`).
//!
//! Each case is a small site: its blocks become exchanges, facts are read from them, the one rule judges them. Of a block's
//! attributes `status` is the HTTP status, `type` the media type (default `text/html`), `charset` the encoding in which the text
//! is sent, `declared` the one that the header names (default: the same), `location` a redirect's target, `hops` the distance from the seed (default: 0 for the first block, 1 for the others),
//! `elapsed` how many milliseconds it took, `reason` why there was no answer, `looks` how often it was looked at (default: twice what looks dead, else once). `columns` holds columns of a column book of its own; without one the built-in book is used.
//! `file URL` holds facts of a fetched file as TOML (`kind`, `reading`, `text`, `tables` …), `history` a snapshot as JSON, `probes` the
//! answers to probes as TOML.
//!
//! Headings `plant: …` and `near-miss: …` with a `plant` block describe what the accuracy measurement puts into synthetic sites.
//!
//! The heading's outcome is that of the worst observation (failed, cannot-tell, untested, passed, inapplicable); `suspected:` in
//! place of `failed:` asks for certainty suspected. Lines below the heading may add `params:` (the inside of a TOML inline table),
//! `as-of:` (default 2026-03-20), `subject:` (only the subject with that URL is asked; default: all of the case), `count:` (number
//! of failed observations), `message:` (key of the worst observation) and `text:` (quoted in a location or as evidence).

use super::Entry;
use crate::finding::{Argument, Arguments, Language, Outcome, Text};
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
    /// What to do in a certain content management system, by its word ([`crate::facts::platform`]), beside `fix`.
    #[serde(default)]
    pub fix_by_platform: BTreeMap<String, Text>,
    /// Messages by key, with `{argument}` places.
    pub messages: BTreeMap<String, Text>,
    /// Our own words that may be arguments (causes, fields), in both languages.
    #[serde(default)]
    pub words: BTreeMap<String, Text>,
    /// What each parameter means.
    #[serde(default)]
    pub params: BTreeMap<String, Text>,
}

/// One case of a fixture.
#[derive(Debug, Clone)]
pub struct Case {
    /// Whole heading, for messages.
    pub heading: String,
    /// Expected outcome of the worst observation.
    pub outcome: Outcome,
    /// Is certainty suspected expected (for a failed outcome)?
    pub suspected: bool,
    /// Parameters.
    pub params: serde_json::Value,
    /// Day of judgement.
    pub as_of: jiff::civil::Date,
    /// URL of the only subject that is asked.
    pub subject: Option<String>,
    /// Expected number of failed observations.
    pub count: Option<usize>,
    /// Expected message key of the worst observation.
    pub message: Option<String>,
    /// Expected in a location or as evidence.
    pub text: Option<String>,
    /// What the site consists of.
    pub blocks: Vec<Block>,
}

/// One fenced block of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// `html`, `unfetched`, `file`, `columns`, `history`, `probes`.
    pub kind: String,
    /// URL, where the kind has one.
    pub url: String,
    /// `name=value` attributes.
    pub attributes: BTreeMap<String, String>,
    /// Lines between the fences.
    pub body: String,
}

/// The texts of a registered rule; parsed once. The fixtures are part of the program and tested, so a broken one has empty texts.
pub fn texts(entry: &Entry) -> &'static Texts {
    static TEXTS: OnceLock<HashMap<&'static str, Texts>> = OnceLock::new();
    static NONE: OnceLock<Texts> = OnceLock::new();
    let all = TEXTS.get_or_init(|| super::all().iter().filter_map(|e| parse_texts(e.fixture).ok().map(|t| (e.id, t))).collect());
    all.get(entry.id).unwrap_or_else(|| NONE.get_or_init(Texts::default))
}

/// Reads the front matter.
pub fn parse_texts(fixture: &str) -> Result<Texts, String> {
    toml::from_str(split(fixture)?.0).map_err(|e| e.to_string())
}

/// Front matter and cases.
fn split(fixture: &str) -> Result<(&str, &str), String> {
    let rest = fixture.strip_prefix("+++\n").ok_or("does not start with +++")?;
    rest.split_once("\n+++\n").ok_or_else(|| "front matter has no closing +++".to_owned())
}

impl Texts {
    /// How to mend it, with what to do in the content management system that the site betrays.
    pub fn fix_on(&self, platform: Option<&str>) -> Text {
        match platform.and_then(|platform| self.fix_by_platform.get(platform)) {
            Some(variant) => Text { zh: format!("{}{}", self.fix.zh, variant.zh), en: format!("{} {}", self.fix.en, variant.en) },
            None => self.fix.clone(),
        }
    }

    /// A message with its arguments in both languages; the key itself where there is no such message.
    pub fn message(&self, key: &str, arguments: &Arguments) -> Text {
        self.try_message(key, arguments).unwrap_or_else(|_| Text { zh: key.to_owned(), en: key.to_owned() })
    }

    /// Like [`Texts::message`], but an unknown key or place is told: tests are strict where a report is not.
    pub fn try_message(&self, key: &str, arguments: &Arguments) -> Result<Text, String> {
        let text = self.messages.get(key).ok_or_else(|| format!("no message {key}"))?;
        Ok(Text {
            zh: self.fill(&text.zh, arguments, Language::Zh).map_err(|e| format!("{key}.zh: {e}"))?,
            en: self.fill(&text.en, arguments, Language::En).map_err(|e| format!("{key}.en: {e}"))?,
        })
    }

    fn fill(&self, template: &str, arguments: &Arguments, language: Language) -> Result<String, String> {
        let mut out = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (place, after) = after.split_once('}').ok_or("a place has no closing brace")?;
            out.push_str(before);
            let (name, is_word) = place.strip_prefix("word:").map_or((place, false), |name| (name, true));
            let argument = arguments.get(name).ok_or_else(|| format!("no argument {name}"))?;
            let word = |text: &String| match self.words.get(text) {
                Some(word) if is_word => word.get(language).to_owned(),
                _ => text.clone(),
            };
            match argument {
                Argument::Number(number) => out.push_str(&number.to_string()),
                Argument::Text(text) => out.push_str(&word(text)),
                Argument::List(list) => {
                    let separator = if language == Language::Zh { "、" } else { ", " };
                    out.push_str(&list.iter().map(word).collect::<Vec<_>>().join(separator));
                }
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// Reads the cases.
pub fn cases(fixture: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let mut lines = split(fixture)?.1.lines();
    let mut planting = false;
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            // Plants are read by the accuracy measurement.
            planting = heading.starts_with("plant:") || heading.starts_with("near-miss:");
            if !planting {
                cases.push(case(heading)?);
            }
        } else if planting {
            continue;
        } else if let Some(info) = line.strip_prefix("```") {
            let case = cases.last_mut().ok_or("a block stands before the first case")?;
            let mut body = String::new();
            loop {
                match lines.next() {
                    None => return Err(format!("{}: a block is not closed", case.heading)),
                    Some("```") => break,
                    Some(line) => {
                        body.push_str(line);
                        body.push('\n');
                    }
                }
            }
            case.blocks.push(block(info, body).map_err(|e| format!("{}: {e}", case.heading))?);
        } else if let Some(case) = cases.last_mut().filter(|case| case.blocks.is_empty())
            && let Some((name, value)) = line.split_once(": ")
        {
            setting(case, name, value.trim()).map_err(|e| format!("{}: {e}", case.heading))?;
        }
    }
    Ok(cases)
}

fn case(heading: &str) -> Result<Case, String> {
    let (word, _) = heading.split_once(':').ok_or_else(|| format!("{heading}: a heading is `outcome: what it shows`"))?;
    let suspected = word == "suspected";
    let outcome = serde_json::from_value(serde_json::Value::from(if suspected { "failed" } else { word }))
        .map_err(|e| format!("{heading}: {e}"))?;
    Ok(Case {
        heading: heading.to_owned(),
        outcome,
        suspected,
        params: serde_json::Value::Object(serde_json::Map::new()),
        as_of: jiff::civil::date(2026, 3, 20),
        subject: None,
        count: None,
        message: None,
        text: None,
        blocks: Vec::new(),
    })
}

fn setting(case: &mut Case, name: &str, value: &str) -> Result<(), String> {
    match name {
        "params" => {
            let table: BTreeMap<String, toml::Table> =
                toml::from_str(&format!("params = {{ {value} }}")).map_err(|e| e.to_string())?;
            case.params = serde_json::to_value(&table["params"]).map_err(|e| e.to_string())?;
        }
        "as-of" => case.as_of = value.parse().map_err(|e| format!("as-of: {e}"))?,
        "subject" => case.subject = Some(value.to_owned()),
        "count" => case.count = Some(value.parse().map_err(|e| format!("count: {e}"))?),
        "message" => case.message = Some(value.to_owned()),
        "text" => case.text = Some(value.to_owned()),
        other => return Err(format!("unknown setting {other}")),
    }
    Ok(())
}

fn block(info: &str, body: String) -> Result<Block, String> {
    let mut words = info.split_whitespace();
    let kind = words.next().unwrap_or_default().to_owned();
    let has_url = match kind.as_str() {
        "html" | "unfetched" | "file" => true,
        "bindings" | "columns" | "history" | "probes" => false,
        other => return Err(format!("unknown kind of block {other:?}")),
    };
    let url = if has_url { words.next().ok_or("a block has no URL")?.to_owned() } else { String::new() };
    let mut attributes = BTreeMap::new();
    for word in words {
        let (name, value) = word.split_once('=').ok_or_else(|| format!("{word} is not name=value"))?;
        if !matches!(name, "status" | "type" | "charset" | "declared" | "looks" | "location" | "hops" | "reason" | "elapsed") {
            return Err(format!("unknown attribute {name}"));
        }
        attributes.insert(name.to_owned(), value.to_owned());
    }
    Ok(Block { kind, url, attributes, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIXTURE: &str = "+++\n[title]\nzh = \"题\"\nen = \"title\"\n[why]\nzh = \"因\"\nen = \"why\"\n[fix]\nzh = \"改\"\nen = \"fix\"\n\
        [messages]\ndead = { zh = \"{word:cause}：{names}\", en = \"{word:cause}: {names}\" }\n[words]\ngone = { zh = \"没了\", en = \"gone\" }\n+++\n\
        \n## suspected: one\nparams: own = false, roles = [\"image\"]\nas-of: 2025-01-31\ncount: 2\n\nProse.\n\
        \n```html http://a.gov.cn/ status=404\n<p>a: b</p>\n```\n```unfetched http://b.cn/ reason=reset\n```\n";

    #[test]
    fn texts_take_words_and_lists() {
        let texts = parse_texts(FIXTURE).unwrap();
        let mut arguments = Arguments::new();
        arguments.insert("cause".into(), "gone".into());
        arguments.insert("names".into(), vec!["{a}".to_owned(), "gone".to_owned()].into());
        let message = texts.try_message("dead", &arguments).unwrap();
        assert_eq!((message.zh.as_str(), message.en.as_str()), ("没了：{a}、gone", "gone: {a}, gone"));
        assert_eq!(texts.message("absent", &arguments).zh, "absent");
        assert!(texts.try_message("dead", &Arguments::new()).unwrap_err().contains("no argument"));
    }

    #[test]
    fn cases_hold_settings_and_blocks() {
        let cases = cases(FIXTURE).unwrap();
        let case = &cases[0];
        assert!(case.suspected && case.outcome == Outcome::Failed && case.count == Some(2));
        assert_eq!(case.params["roles"][0], "image");
        assert_eq!(case.as_of, jiff::civil::date(2025, 1, 31));
        assert_eq!(case.blocks.len(), 2);
        assert_eq!(case.blocks[0].attributes["status"], "404");
        assert_eq!(case.blocks[0].body, "<p>a: b</p>\n");
        assert_eq!(case.blocks[1].attributes["reason"], "reset");
    }

    #[test]
    fn mistakes_are_told() {
        for (wrong, word) in [
            ("## nonsense: x\n", "nonsense"),
            ("## passed: x\ncolour: red\n", "colour"),
            ("## passed: x\n```html\n", "not closed"),
        ] {
            assert!(cases(&format!("+++\n\n+++\n{wrong}")).unwrap_err().contains(word), "{wrong}");
        }
    }
}
