//! Dates on a page, each with where it came from.

pub(super) mod read;
pub(super) mod written;

use crate::url::CanonicalUrl;
use jiff::civil::Date;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Where a date was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrigin {
    /// A visible label 发布日期, 发布时间, 时间, 日期 …
    VisibleLabel,
    /// A visible date without a label, near the title.
    VisibleNearTitle,
    /// The header block's 成文日期 and its synonyms.
    WrittenLabel,
    /// `PubDate` and similar metas: often the page-generation time.
    Meta,
    /// A date in the URL path.
    Url,
    /// A date at the end of the text (落款).
    SignOff,
    /// The newest row of a page of records whose rows lead nowhere: the page itself is the record.
    NewestRecord,
}

/// One date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateFact {
    /// The civil date.
    pub date: Date,
    /// Hour and minute, where given, as `HH:MM`.
    pub time: Option<String>,
    /// Where it was read.
    pub origin: DateOrigin,
    /// Label or meta name as written.
    pub label: String,
    /// Text as written.
    pub text: String,
}

/// The publish date to believe: visible label, near the title, then meta, then the newest record; never the URL alone.
pub fn publish_date(dates: &[DateFact]) -> Option<Date> {
    [DateOrigin::VisibleLabel, DateOrigin::VisibleNearTitle, DateOrigin::Meta, DateOrigin::NewestRecord]
        .iter()
        .find_map(|origin| dates.iter().find(|d| d.origin == *origin).map(|d| d.date))
}

/// The written date to believe: the header label.
pub fn written_date(dates: &[DateFact]) -> Option<Date> {
    dates.iter().find(|d| d.origin == DateOrigin::WrittenLabel).map(|d| d.date)
}

static IN_URL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // t20200802_1, /2020-08/02/, /202008/02, /20200802/, /2020/8/2/, /art/2020/1/1/
    Regex::new(
        r"(?:/t|/|_)((?:19|20)\d{2})(?:[-/]?(0[1-9]|1[0-2])[-/]?([0-2]\d|3[01])|/([1-9]|1[0-2])/([1-9]|[12]\d|3[01]))(?:[_/.]|$)",
    )
    .ok()
});

/// A date in the path of a URL.
pub(super) fn in_url(url: &CanonicalUrl) -> Option<Date> {
    let captures = IN_URL.as_ref()?.captures(url.path())?;
    let number = |a: usize, b: usize| captures.get(a).or(captures.get(b)).and_then(|m| m.as_str().parse::<i8>().ok());
    Date::new(captures[1].parse().ok()?, number(2, 4)?, number(3, 5)?).ok()
}

/// The date of a page of records.
pub(super) fn newest_record(date: Date) -> DateFact {
    DateFact { date, time: None, origin: DateOrigin::NewestRecord, label: String::new(), text: date.to_string() }
}
