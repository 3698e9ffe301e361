//! Dates on a page, each with where it came from.

mod declared;
pub(super) mod read;
mod shown;
mod worded;
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
    /// A visible date in an element made for it, beside the title, of a page that is not Chinese.
    VisibleMarked,
    /// What the page declares to machines: `datePublished` of JSON-LD and microdata, `article:published_time`.
    Declared,
    /// The header block's 成文日期 and its synonyms.
    WrittenLabel,
    /// `PubDate` and similar metas: often the page-generation time.
    Meta,
    /// A date in the URL path.
    Url,
    /// A date at the end of the text (落款).
    SignOff,
    /// Script data or the path of a post, of a page that is not Chinese and says nothing else.
    Derived,
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

/// The publish date to believe: visible label, declared, near the title, then meta, the newest record, derived; never the URL alone.
/// Where an instant is declared in UTC and the page shows the day before or after, the page's own day counts; where declarations
/// disagree, the one that a reader sees.
pub fn publish_date(dates: &[DateFact]) -> Option<Date> {
    publish_fact(dates).map(|d| d.date)
}

/// The fact behind [`publish_date`].
pub fn publish_fact(dates: &[DateFact]) -> Option<&DateFact> {
    use DateOrigin::{Declared, Derived, Meta, NewestRecord, VisibleLabel, VisibleMarked, VisibleNearTitle};
    let of = |origin: DateOrigin| dates.iter().find(|d| d.origin == origin);
    let best = [VisibleLabel, VisibleMarked, Declared, VisibleNearTitle, Meta, NewestRecord, Derived].into_iter().find_map(of)?;
    let corrects = |seen: &&DateFact| {
        let by_zone = worded::is_utc(&best.text) && (seen.date - best.date).get_days().abs() == 1;
        let backed = dates.iter().any(|d| d.origin == Declared && d.date == seen.date);
        best.origin == Declared && (by_zone || backed)
    };
    Some(of(VisibleNearTitle).filter(corrects).unwrap_or(best))
}

/// The time of day of the publication: that of the fact behind [`publish_date`], else of another that names the same day. The labelled
/// date in the block of a document has none, where the line below the title has.
pub fn publish_time(dates: &[DateFact]) -> Option<&str> {
    use DateOrigin::{Declared, Meta, VisibleLabel, VisibleMarked, VisibleNearTitle};
    let fact = publish_fact(dates)?;
    let says = |d: &&DateFact| {
        d.date == fact.date && matches!(d.origin, VisibleLabel | VisibleMarked | VisibleNearTitle | Declared | Meta)
    };
    fact.time.as_deref().or_else(|| dates.iter().filter(says).find_map(|d| d.time.as_deref()))
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
