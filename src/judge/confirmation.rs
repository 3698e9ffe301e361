//! What a person said of suspected findings (疑似): confirmed, they count as certain; rejected, they do not count (design.md 2.4).

use crate::error::{Error, Result};
use crate::finding::{Certainty, Finding, Text};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is a fault.
    Confirmed,
    /// It is none.
    Rejected,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Fingerprint of the finding.
    pub fingerprint: String,
    /// What was said.
    pub verdict: Verdict,
    /// Only for this unit; none: for every one.
    pub unit: Option<String>,
    /// Who said so.
    pub by: String,
    /// When.
    pub on: Date,
    /// Why.
    pub reason: String,
    /// Line in the file, from 1 (of JSON: number in the list).
    pub line: usize,
}

/// All statements of a file, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Confirmations {
    /// The statements.
    pub all: Vec<Confirmation>,
}

/// Findings by fingerprint and unit that a person spoke of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// Counted as certain.
    pub confirmed: BTreeSet<(String, String)>,
    /// Not counted.
    pub rejected: BTreeSet<(String, String)>,
    /// What a reader of the report should know.
    pub notes: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TomlFile {
    #[serde(default)]
    confirmation: Vec<toml::Spanned<TomlRow>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TomlRow {
    fingerprint: String,
    verdict: Verdict,
    unit: Option<String>,
    by: String,
    on: toml::value::Datetime,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonFile {
    #[serde(default)]
    confirmation: Vec<JsonRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonRow {
    fingerprint: String,
    verdict: Verdict,
    unit: Option<String>,
    by: String,
    on: Date,
    reason: String,
}

/// What a statement looks like.
const SHAPE: &str = "[[confirmation]] fingerprint, verdict = \"confirmed\" | \"rejected\", by, on = YYYY-MM-DD, reason";

impl Confirmations {
    /// Parses a file, TOML or JSON (what begins with a brace); `file` is named in errors. Every field but `unit` is mandatory.
    pub fn parse(text: &str, file: &Path) -> Result<Self> {
        let located = |line: usize, column: usize, message: String| Error::Located {
            file: file.to_owned(),
            line: line.max(1),
            column: column.max(1),
            message,
            hint: Some(SHAPE.into()),
        };
        let all: Vec<Confirmation> = if text.trim_start().starts_with('{') {
            let file: JsonFile = serde_json::from_str(text).map_err(|e| located(e.line(), e.column(), e.to_string()))?;
            let rows = file.confirmation.into_iter().enumerate();
            rows.map(|(n, row)| Confirmation {
                fingerprint: row.fingerprint,
                verdict: row.verdict,
                unit: row.unit,
                by: row.by,
                on: row.on,
                reason: row.reason,
                line: n + 1,
            })
            .collect()
        } else {
            let parsed: TomlFile = toml::from_str(text).map_err(|e| {
                let (line, column) = place(text, e.span().map_or(0, |span| span.start));
                located(line, column, e.message().to_owned())
            })?;
            let mut all = Vec::new();
            for row in parsed.confirmation {
                let (line, column) = place(text, row.span().start);
                let row = row.into_inner();
                let date = row.on.date.and_then(|d| {
                    Date::new(i16::try_from(d.year).ok()?, i8::try_from(d.month).ok()?, i8::try_from(d.day).ok()?).ok()
                });
                let Some(on) = date else {
                    return Err(located(line, column, "on 应为日期 / on must be a date".into()));
                };
                let TomlRow { fingerprint, verdict, unit, by, reason, .. } = row;
                all.push(Confirmation { fingerprint, verdict, unit, by, on, reason, line });
            }
            all
        };
        let mut known: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
        for one in &all {
            let print = one.fingerprint.as_str();
            if print.len() != 32 || !print.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                let message = format!("{print:?} 不是指纹 / is no fingerprint (32 位十六进制 / hex digits)");
                return Err(located(one.line, 1, message));
            }
            for (name, value) in [("by", &one.by), ("reason", &one.reason)] {
                if value.trim().is_empty() {
                    return Err(located(one.line, 1, format!("{name} 不能为空 / {name} must not be empty")));
                }
            }
            if let Some(first) = known.insert((print, one.unit.as_deref()), one.line) {
                let message = format!("指纹 {print} 已在第 {first} 行 / fingerprint was given before, in line {first}");
                return Err(located(one.line, 1, message));
            }
        }
        Ok(Confirmations { all })
    }

    /// Marks the suspected findings that a person spoke of. What is certain needs no confirmation and takes no rejection: that is what
    /// waivers are for.
    pub fn apply(&self, findings: &mut [Finding]) -> Heard {
        let mut heard = Heard::default();
        // A statement about one unit goes before one about all.
        let mut ordered: Vec<&Confirmation> = self.all.iter().collect();
        ordered.sort_by_key(|one| one.unit.is_none());
        for one in ordered {
            let (mut met, mut certain) = (false, false);
            for finding in findings.iter_mut() {
                let meant = finding.fingerprint == one.fingerprint && one.unit.as_ref().is_none_or(|unit| *unit == finding.unit);
                let key = (finding.fingerprint.clone(), finding.unit.clone());
                if !meant || heard.confirmed.contains(&key) || heard.rejected.contains(&key) {
                    met |= meant;
                    continue;
                }
                met = true;
                if finding.certainty == Certainty::Certain {
                    certain = true;
                    continue;
                }
                let said = format!("{} — {}（{}）", one.reason, one.by, one.on);
                match one.verdict {
                    Verdict::Confirmed => {
                        finding.certainty = Certainty::Certain;
                        finding.evidence.insert("confirmed".into(), said);
                        heard.confirmed.insert(key);
                    }
                    Verdict::Rejected => {
                        finding.state = Some("rejected".into());
                        finding.evidence.insert("rejected".into(), said);
                        heard.rejected.insert(key);
                    }
                }
            }
            if !met {
                heard.notes.push(Text {
                    zh: format!("复核意见没有对应的发现（第 {} 行，{}）", one.line, one.fingerprint),
                    en: format!("the confirmation in line {} speaks of no finding ({})", one.line, one.fingerprint),
                });
            } else if certain && one.verdict == Verdict::Rejected {
                heard.notes.push(Text {
                    zh: format!("第 {} 行驳回的是确定的问题，未采纳；确需不计的请用豁免（{}）", one.line, one.fingerprint),
                    en: format!(
                        "line {} rejects a certain finding and was not followed; use a waiver ({})",
                        one.line, one.fingerprint
                    ),
                });
            }
        }
        if !heard.confirmed.is_empty() || !heard.rejected.is_empty() {
            let (confirmed, rejected) = (heard.confirmed.len(), heard.rejected.len());
            heard.notes.push(Text {
                zh: format!("人工复核：{confirmed} 项疑似已确认，按确定计；{rejected} 项已驳回，不计"),
                en: format!("reviewed by people: {confirmed} suspected findings confirmed and counted, {rejected} rejected and not counted"),
            });
        }
        heard
    }
}

/// Line and column in characters, both from 1, of a byte offset.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    (before.matches('\n').count() + 1, before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[[confirmation]]\nfingerprint = \"00112233445566778899aabbccddeeff\"\nverdict = \"confirmed\"\nby = \"政务公开办\"\non = 2026-03-01\nreason = \"已核对\"\n";

    fn line(text: &str) -> (usize, String) {
        match Confirmations::parse(text, Path::new("c.toml")) {
            Err(Error::Located { line, message, .. }) => (line, message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_forms_say_the_same() {
        let toml = Confirmations::parse(GOOD, Path::new("c")).unwrap();
        let json = r#"{"confirmation":[{"fingerprint":"00112233445566778899aabbccddeeff","verdict":"confirmed","by":"政务公开办","on":"2026-03-01","reason":"已核对"}]}"#;
        assert_eq!(Confirmations::parse(json, Path::new("c")).unwrap().all, toml.all);
        assert!(Confirmations::parse("", Path::new("c")).unwrap().all.is_empty());
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        for field in ["fingerprint", "verdict", "by", "on", "reason"] {
            let without: String = GOOD.lines().filter(|l| !l.starts_with(field)).map(|l| format!("{l}\n")).collect();
            assert!(line(&without).1.contains(field), "{field}");
        }
        assert_eq!(line(&GOOD.replace("confirmed", "maybe")).0, 3);
        assert_eq!(line(&GOOD.replace("已核对", " ")).0, 1);
        assert!(line(&GOOD.replace("eeff", "eefg")).1.contains("fingerprint"));
        assert_eq!(line(&format!("{GOOD}{}", GOOD.replace("confirmed", "rejected"))).0, 7, "said twice");
        assert!(line(&GOOD.replace("by =", "who =")).1.contains("who"));
    }
}
