//! The validity (有效性) that a document's header shows is one of the known states, and 有效 does not stand over a term that has run
//! out: a repeal date in the header, or the term that the document's own last article states.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::dates::DateOrigin;
use crate::facts::header::Field;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::{fold, shorten};
use jiff::ToSpan;
use jiff::civil::Date;
use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ValidityExpired {
    /// States that the header may show.
    values: Vec<String>,
}

impl Default for ValidityExpired {
    fn default() -> Self {
        const VALUES: [&str; 26] = [
            "有效",
            "现行有效",
            "继续有效",
            "长期有效",
            "部分有效",
            "失效",
            "已失效",
            "自动失效",
            "部分失效",
            "废止",
            "已废止",
            "部分废止",
            "宣布失效",
            "宣布废止",
            "修改",
            "已修改",
            "部分修改",
            "已修订",
            "修订",
            "已被修改",
            "尚未生效",
            "尚未施行",
            "待生效",
            "是",
            "否",
            "无效",
        ];
        ValidityExpired { values: VALUES.map(str::to_owned).to_vec() }
    }
}

/// 本办法自2020年1月1日起施行，有效期五年（或：有效期至2024年12月31日）。
static TERM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"本[^。；;]{1,12}自(?:(?<y>\d{4})年(?<m>\d{1,2})月(?<d>\d{1,2})日|(?<issued>印发|发布|公布|下发|颁布)之日)起(?:正式)?(?:施行|实施|执行|生效)[，,；;]?[^。；;]{0,12}?有效期(?:为|限|限为)?(?:(?<until>至|到)(?<uy>\d{4})年(?<um>\d{1,2})月(?<ud>\d{1,2})日|(?<years>[一二两三四五六七八十\d]{1,2})年)",
    )
    .ok()
});

impl Rule for ValidityExpired {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let Some(entry) = page.header.values.iter().find(|v| v.field == Field::Validity && !v.value.is_empty()) else {
            return vec![Observation::inapplicable()];
        };
        let value = fold(&entry.value);
        let place = |o: Observation| {
            o.at(Locus::Name("validity".to_owned()))
                .with("value", entry.value.as_str())
                .prove("validity", format!("{}: {}", entry.label, entry.value))
                .seen(Location::text(&page.url, entry.value.clone()))
        };
        if matches!(value.as_str(), "无" | "-" | "--" | "/") {
            return vec![Observation::inapplicable()];
        }
        let known = self.values.iter().any(|known| fold(known) == value);
        if !known {
            // A longer value says something of its own: a term, a note.
            let short = value.chars().count() <= 4;
            return vec![place(if short {
                Observation::failed("unknown-value")
            } else {
                Observation::cannot_tell("unread-value")
            })];
        }
        if !matches!(value.as_str(), "有效" | "现行有效" | "继续有效") {
            return vec![Observation::passed()];
        }
        let ended = |o: Observation, end: Date, quote: &str| place(o).with("end", end).prove("term", shorten(quote, 200));
        if let Some(repealed) = page.header.value(Field::RepealDate).and_then(first_date).filter(|d| *d < context.as_of) {
            let quote = page.header.value(Field::RepealDate).unwrap_or_default();
            return vec![ended(Observation::failed("repealed"), repealed, quote)];
        }
        match term(page) {
            // A later notice may have prolonged it.
            Some((end, quote)) if end < context.as_of => vec![ended(Observation::failed("term-over"), end, &quote).suspected()],
            _ => vec![Observation::passed()],
        }
    }
}

/// The end of the one term that the document states of itself.
fn term(page: &Page) -> Option<(Date, String)> {
    let pattern = TERM.as_ref()?;
    let mut found = None;
    for block in page.document.main.iter().filter(|b| b.hidden.is_none() && b.text.contains("有效期")) {
        let text: String = block.text.chars().filter(|c| !crate::text::is_blank(*c)).collect();
        for captures in pattern.captures_iter(&text) {
            let end = end_of(&captures, page)?;
            if found.as_ref().is_some_and(|(other, _)| *other != end) {
                return None;
            }
            found = Some((end, captures[0].to_owned()));
        }
    }
    found
}

fn end_of(captures: &Captures<'_>, page: &Page) -> Option<Date> {
    let date = |y: &str, m: &str, d: &str| {
        let part = |name: &str| captures.name(name).map(|m| m.as_str());
        Date::new(part(y)?.parse().ok()?, part(m)?.parse().ok()?, part(d)?.parse().ok()?).ok()
    };
    if captures.name("until").is_some() {
        return date("uy", "um", "ud");
    }
    let issued = || {
        let written = page.dates.iter().find(|d| d.origin == DateOrigin::WrittenLabel)?;
        Some(written.date.max(page.publish_date().unwrap_or(written.date)))
    };
    let start = if captures.name("issued").is_some() { issued() } else { date("y", "m", "d") }?;
    let years = years(captures.name("years")?.as_str())?;
    start.checked_add(years.years()).ok()
}

fn years(text: &str) -> Option<i16> {
    match text.parse() {
        Ok(number) => Some(number),
        Err(_) => "一二三四五六七八".chars().position(|c| text.chars().eq([c])).map(|n| n as i16 + 1).or(match text {
            "两" => Some(2),
            "十" => Some(10),
            _ => None,
        }),
    }
}

fn first_date(text: &str) -> Option<Date> {
    static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(\d{4})[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})").ok());
    let found = DATE.as_ref()?.captures(text)?;
    Date::new(found[1].parse().ok()?, found[2].parse().ok()?, found[3].parse().ok()?).ok()
}
