//! Waivers: findings that an office accepts, by whom, why and until when. A waived finding is told and not counted.

use crate::error::{Error, Result};
use crate::finding::{Finding, Text};
use jiff::civil::Date;
use serde::Deserialize;
use std::path::Path;

/// One waiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Rule id.
    pub rule: String,
    /// A fingerprint, or the beginning of a URL.
    pub place: String,
    /// Why it is accepted.
    pub reason: String,
    /// Who accepts it.
    pub by: String,
    /// Last day on which it holds.
    pub until: Date,
    /// Line in the file, from 1.
    pub line: usize,
}

/// All waivers of a file, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waivers {
    /// The waivers.
    pub all: Vec<Waiver>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    waiver: Vec<toml::Spanned<Row>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    rule: toml::Spanned<String>,
    #[serde(rename = "where")]
    place: toml::Spanned<String>,
    reason: toml::Spanned<String>,
    by: toml::Spanned<String>,
    until: toml::Spanned<toml::value::Datetime>,
}

impl Waivers {
    /// Parses a waiver file; `file` is named in errors. Every field is mandatory: a waiver without reason, name and end is none.
    pub fn parse(text: &str, file: &Path) -> Result<Self> {
        let located = |at: usize, message: String, hint: Option<String>| {
            let (line, column) = place_of(text, at);
            Error::Located { file: file.to_owned(), line, column, message, hint }
        };
        let parsed: File = toml::from_str(text).map_err(|e| {
            let at = e.span().map_or(0, |span| span.start);
            located(at, e.message().to_owned(), Some("[[waiver]] rule, where, reason, by, until = YYYY-MM-DD".into()))
        })?;
        let mut all = Vec::new();
        for row in parsed.waiver {
            let line = place_of(text, row.span().start).0;
            let row = row.into_inner();
            for (name, value) in [("rule", &row.rule), ("where", &row.place), ("reason", &row.reason), ("by", &row.by)] {
                if value.get_ref().trim().is_empty() {
                    return Err(located(value.span().start, format!("{name} 不能为空 / {name} must not be empty"), None));
                }
            }
            if crate::rules::find(row.rule.get_ref()).is_none() {
                let near = nearest(row.rule.get_ref());
                let message = format!("没有规则 {0} / no rule {0}", row.rule.get_ref());
                return Err(located(row.rule.span().start, message, near));
            }
            let place = row.place.get_ref();
            if !is_fingerprint(place) && !place.starts_with("http://") && !place.starts_with("https://") {
                let message = "where 应为指纹或网址开头 / where must be a fingerprint or the beginning of a URL".to_owned();
                return Err(located(row.place.span().start, message, None));
            }
            let until = row.until.get_ref().date.and_then(|d| {
                Date::new(i16::try_from(d.year).ok()?, i8::try_from(d.month).ok()?, i8::try_from(d.day).ok()?).ok()
            });
            let Some(until) = until else {
                let message = "until 应为日期 / until must be a date".to_owned();
                return Err(located(row.until.span().start, message, Some("until = 2026-12-31".into())));
            };
            all.push(Waiver {
                rule: row.rule.into_inner(),
                place: row.place.into_inner(),
                reason: row.reason.into_inner(),
                by: row.by.into_inner(),
                until,
                line,
            });
        }
        Ok(Waivers { all })
    }

    /// Marks the findings that a waiver in force covers, and tells which waivers have expired or cover nothing.
    pub fn apply(&self, findings: &mut [Finding], today: Date) -> Vec<Text> {
        let mut notes = Vec::new();
        for waiver in &self.all {
            if waiver.until < today {
                notes.push(Text {
                    zh: format!("豁免已于 {} 到期（第 {} 行，{}）", waiver.until, waiver.line, waiver.rule),
                    en: format!("the waiver in line {} ({}) expired on {}", waiver.line, waiver.rule, waiver.until),
                });
                continue;
            }
            let mut used = false;
            for finding in findings.iter_mut().filter(|finding| waiver.covers(finding)) {
                finding.state = Some("waived".into());
                finding.evidence.insert("waived".into(), format!("{} — {}（{}）", waiver.reason, waiver.by, waiver.until));
                used = true;
            }
            if !used {
                notes.push(Text {
                    zh: format!("豁免没有对应的发现（第 {} 行，{} {}）", waiver.line, waiver.rule, waiver.place),
                    en: format!("the waiver in line {} covers nothing ({} {})", waiver.line, waiver.rule, waiver.place),
                });
            }
        }
        notes
    }
}

impl Waiver {
    /// Does it cover a finding: by fingerprint, or because the finding, or every place that shows it, lies below its URL?
    pub fn covers(&self, finding: &Finding) -> bool {
        if self.rule != finding.rule {
            return false;
        }
        if is_fingerprint(&self.place) {
            return self.place == finding.fingerprint;
        }
        let places = &finding.locations;
        let all_told = places.len() as u64 >= finding.occurrences.min(places.len() as u64 + 1);
        below(&self.place, finding.url.as_str())
            || all_told && !places.is_empty() && places.iter().all(|place| below(&self.place, place.url.as_str()))
    }
}

fn is_fingerprint(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A prefix ends where a part of the URL ends: `/a` covers `/a`, `/a/b` and `/a?c`, not `/ab`.
fn below(prefix: &str, url: &str) -> bool {
    url.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || prefix.ends_with(['/', '?', '&', '=']) || rest.starts_with(['/', '?', '&']))
}

fn nearest(rule: &str) -> Option<String> {
    let near = |id: &str| strsim::normalized_damerau_levenshtein(id, rule);
    let best = crate::rules::all().iter().map(|e| e.id).max_by(|a, b| near(a).total_cmp(&near(b)))?;
    Some(format!("{best}?"))
}

/// Line and column in characters, both from 1, of a byte offset.
fn place_of(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line, column)
}
