//! Duties that come back every year (budget, plan, replies to proposals …): what stands in a column, or anywhere on the site, about
//! which year. One rule says which words a duty is known by; the ladder of answers is the same for all.

use super::Context;
use super::holdings::{self, Holdings};
use crate::facts::Site;
use crate::finding::{Location, Locus, Observation};
use crate::text::{fold, shorten};
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A day of the year, written `MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayOfYear {
    month: i8,
    day: i8,
}

impl TryFrom<String> for DayOfYear {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let date: Date = format!("2024-{text}").parse().map_err(|_| format!("{text}: MM-DD"))?;
        Ok(DayOfYear { month: date.month(), day: date.day() })
    }
}

impl From<DayOfYear> for String {
    fn from(day: DayOfYear) -> String {
        format!("{:02}-{:02}", day.month, day.day)
    }
}

impl DayOfYear {
    /// Is the day over in the year of another day?
    fn is_over(self, as_of: Date) -> bool {
        (as_of.month(), as_of.day()) > (self.month, self.day)
    }
}

/// The newest year whose matter is due: this year once the day is over, else the last one. Without a day a year is due when it ends.
pub(super) fn newest_due(due: Option<DayOfYear>, as_of: Date) -> i16 {
    if due.is_some_and(|day| day.is_over(as_of)) { as_of.year() } else { as_of.year() - 1 }
}

/// One thing that was published.
pub(super) struct Entry<'a> {
    /// Folded title.
    pub(super) title: String,
    /// Title as shown.
    pub(super) shown: Cow<'a, str>,
    /// Where it leads.
    pub(super) url: &'a CanonicalUrl,
    /// Year of its date.
    pub(super) dated: Option<i16>,
    /// Does it stand in one of the columns?
    pub(super) inside: bool,
    /// Year that its column is about.
    of_column: Option<i16>,
}

impl Entry<'_> {
    /// The years that it is about: those of its title, else its column's, else that of its date.
    pub(super) fn years(&self) -> Vec<i16> {
        let named: Vec<i16> = years(&self.title).into_iter().map(|(year, _)| year).collect();
        if named.is_empty() { self.of_column.or(self.dated).into_iter().collect() } else { named }
    }
}

/// Years that a folded title names, each with what follows it up to the next. 下一年 and its like are the year after.
pub(super) fn years(folded: &str) -> Vec<(i16, String)> {
    let chars: Vec<char> = folded.chars().collect();
    let mut marks: Vec<(usize, usize, i16)> = Vec::new();
    let mut at = 0;
    while at < chars.len() && at < 400 {
        let run = chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        if run == 4 {
            let text: String = chars[at..at + 4].iter().collect();
            if let Some(year) = text.parse().ok().filter(|year| (1990..2100).contains(year)) {
                marks.push((at, at + 4, year));
            }
        }
        if run > 0 {
            at += run;
            continue;
        }
        if let Some(year) = chinese_year(&chars[at..]) {
            marks.push((at, at + 4, year));
            at += 4;
            continue;
        }
        for word in ["下一年", "下年", "次年", "明年", "来年"] {
            let length = word.chars().count();
            if chars[at..].iter().take(length).copied().eq(word.chars())
                && let Some((.., year)) = marks.last()
            {
                marks.push((at, at + length, year + 1));
                at += length - 1;
                break;
            }
        }
        at += 1;
    }
    (0..marks.len())
        .map(|n| {
            let until = marks.get(n + 1).map_or(chars.len(), |next| next.0);
            (marks[n].2, chars[marks[n].1..until.max(marks[n].1)].iter().collect())
        })
        .collect()
}

/// A folded title without its years in Chinese digits: the 五年 of 二〇二五年 is no five years.
pub(super) fn without_chinese_years(folded: &str) -> String {
    let chars: Vec<char> = folded.chars().collect();
    let mut rest = String::with_capacity(folded.len());
    let mut at = 0;
    while at < chars.len() {
        if chinese_year(&chars[at..]).is_some() {
            at += 5;
        } else {
            rest.push(chars[at]);
            at += 1;
        }
    }
    rest
}

/// 二〇二五年
fn chinese_year(chars: &[char]) -> Option<i16> {
    if chars.len() < 5 || chars[4] != '年' || chars[0] != '二' {
        return None;
    }
    chars[..4].iter().try_fold(0, |sum, c| {
        let digit = match c {
            '〇' | '○' | '零' => 0,
            _ => "一二三四五六七八九".chars().position(|d| d == *c)? as i16 + 1,
        };
        Some(sum * 10 + digit)
    })
}

/// Everything published that a duty may be fulfilled by, with how much was seen.
pub(super) struct Published<'a> {
    /// Of the columns.
    pub(super) holdings: Holdings<'a>,
    /// Rows of the columns, pages of the site, files.
    pub(super) entries: Vec<Entry<'a>>,
}

/// Gathers it.
pub(super) fn published<'a>(site: &'a Site, columns: &[String]) -> Published<'a> {
    let holdings = holdings::of(site, columns);
    let inside: BTreeSet<&CanonicalUrl> = holdings.columns.iter().map(|column| &column.url).collect();
    let mut entries = Vec::new();
    for column in site.columns.values() {
        let is_inside = inside.contains(&column.url);
        let of_column =
            std::iter::once(&column.name).chain(column.path.last()).find_map(|name| years(&fold(name)).first().map(|y| y.0));
        for item in &column.items {
            let Some(url) = &item.url else { continue };
            let page = site.pages.get(url);
            let dated = item.date.or(page.and_then(|page| page.publish_date)).map(Date::year);
            entries.push(Entry {
                title: fold(&item.title),
                shown: Cow::from(&item.title),
                url,
                dated,
                inside: is_inside,
                of_column,
            });
        }
    }
    for page in site.pages.values() {
        let is_inside = page.column.as_ref().is_some_and(|column| inside.contains(column)) || inside.contains(&page.url);
        let dated = page.publish_date.map(Date::year);
        entries.push(Entry {
            title: fold(&page.title),
            shown: Cow::from(&page.title),
            url: &page.url,
            dated,
            inside: is_inside,
            of_column: None,
        });
    }
    for target in site.targets.values().filter(|target| target.attachment) {
        let Some(source) = target.sources.iter().find(|source| !source.text.is_empty()) else { continue };
        let page = site.pages.get(&source.page);
        let is_inside =
            inside.contains(&source.page) || page.is_some_and(|p| p.column.as_ref().is_some_and(|c| inside.contains(c)));
        let dated = page.and_then(|page| page.publish_date).map(Date::year);
        entries.push(Entry {
            title: fold(&source.text),
            shown: Cow::from(source.text.to_string()),
            url: &target.url,
            dated,
            inside: is_inside,
            of_column: None,
        });
    }
    Published { holdings, entries }
}

/// How a duty of one year stands.
pub(super) enum Standing {
    /// Fulfilled.
    Full,
    /// Only a note says why there is nothing, quoted.
    Note(String, Option<CanonicalUrl>),
    /// Fulfilled in an earlier year only.
    Old(i16, String, CanonicalUrl),
    /// Nothing.
    Missing,
}

/// Words that say that there is nothing. 情况说明 alone may as well be the matter itself: 办理工作完成情况说明.
const NOTHING: [&str; 24] = [
    "暂无",
    "未承办",
    "无承办",
    "没有",
    "未收到",
    "未产生",
    "无相关",
    "不涉及",
    "未涉及",
    "无此",
    "未制定",
    "未列入",
    "无重大",
    "无人大",
    "无建议",
    "无提案",
    "无政协",
    "无决算",
    "无预算",
    "无规范性",
    "无该",
    "无本",
    "无办理",
    "未安排",
];

/// How it stands in a year: `is` knows the entries that fulfil it, `of` gives the years that such an entry is about.
pub(super) fn standing(
    published: &Published<'_>,
    year: i16,
    is: impl Fn(&Entry<'_>) -> bool,
    of: impl Fn(&Entry<'_>) -> Vec<i16>,
    notes: impl Fn(&Entry<'_>) -> bool,
) -> Standing {
    let says_nothing = |title: &str| NOTHING.iter().any(|word| title.contains(word));
    let mut newest: Option<(i16, &Entry<'_>)> = None;
    for entry in published.entries.iter().filter(|entry| is(entry) && !(notes(entry) && says_nothing(&entry.title))) {
        let years = of(entry);
        // What is there of a later year shows that the duty is kept up.
        if years.iter().any(|of| *of >= year) {
            return Standing::Full;
        }
        if let Some(other) = years.into_iter().max()
            && newest.is_none_or(|(known, _)| other > known)
        {
            newest = Some((other, entry));
        }
    }
    let is_note = |title: &str| says_nothing(title) || title.contains("情况说明");
    let note = published.entries.iter().find(|entry| notes(entry) && is_note(&entry.title) && entry.years().contains(&year));
    if let Some(note) = note {
        return Standing::Note(note.shown.to_string(), Some(note.url.clone()));
    }
    let of_column =
        published.holdings.columns.iter().filter(|c| c.items.is_empty()).find_map(|c| c.note.as_ref().map(|n| (n, &c.url)));
    if let Some((text, url)) = of_column.filter(|(text, _)| {
        let folded = fold(text);
        // A note of an older year says nothing of this one.
        let named = years(&folded);
        is_note(&folded) && (named.is_empty() || named.iter().any(|(y, _)| *y == year))
    }) {
        return Standing::Note(text.clone(), Some(url.clone()));
    }
    match newest {
        Some((year, entry)) => Standing::Old(year, entry.shown.to_string(), entry.url.clone()),
        None => Standing::Missing,
    }
}

/// A duty that is asked about.
pub(super) struct Duty<'a> {
    /// Word of what is asked for.
    pub(super) element: &'a str,
    /// Of which year.
    pub(super) year: i16,
    /// Columns that hold it.
    pub(super) columns: &'a [String],
    /// Is a note enough?
    pub(super) note: bool,
}

/// The answer about one duty.
pub(super) fn observe(duty: &Duty<'_>, standing: Standing, published: &Published<'_>, context: &Context<'_>) -> Observation {
    let site = context.site;
    let first = published.holdings.columns.first();
    let here = first.map(|column| {
        let mut path = column.path.clone();
        path.push(column.name.clone());
        Location { column_path: path, text: Some(column.name.clone()), ..Location::page(&column.url) }
    });
    let here = here.or(site.home.as_ref().map(|home| Location::page(&home.url)));
    let place = |observation: Observation| {
        let observation = observation
            .at(Locus::Name(duty.element.to_owned()))
            .with("element", duty.element)
            .with("year", i64::from(duty.year))
            .with("column", first.map_or("", |column| column.name.as_str()));
        match &here {
            Some(here) => observation.seen(here.clone()),
            None => observation,
        }
    };
    let quoted = |observation: Observation, text: &str, url: Option<&CanonicalUrl>| {
        let observation = observation.prove("found", shorten(text, 120)).with("found", shorten(text, 60));
        match url {
            Some(url) => observation.seen(Location::text(url, shorten(text, 120))),
            None => observation,
        }
    };
    if matches!(standing, Standing::Full) {
        return Observation::passed();
    }
    if let Standing::Note(text, url) = &standing {
        return if duty.note {
            Observation::passed()
        } else {
            quoted(place(Observation::failed("note-only")), text, url.as_ref())
        };
    }
    if published.holdings.scripted {
        return place(Observation::cannot_tell("scripted"));
    }
    if !site.complete || !published.holdings.complete {
        return place(Observation::untested("incomplete"));
    }
    if published.holdings.columns.is_empty() {
        return place(Observation::cannot_tell("no-column"));
    }
    // Something of the column that was not read may be it: a row that names neither year nor matter, a page behind a link.
    if let Some(url) = holdings::elsewhere(site, context.book, duty.columns) {
        return place(Observation::cannot_tell("elsewhere")).with("url", url);
    }
    match standing {
        Standing::Old(year, text, url) => {
            let observation = quoted(place(Observation::failed("old-year-only")), &text, Some(&url));
            observation.with("newest", i64::from(year)).prove("newest", year.to_string())
        }
        _ => {
            let rows: usize = published.holdings.columns.iter().map(|column| column.items.len()).sum();
            place(Observation::failed("missing"))
                .prove("rows-seen", rows.to_string())
                .prove("pages-seen", site.pages.len().to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn years_of_titles() {
        let read = |title: &str| years(title).into_iter().map(|(y, rest)| format!("{y}{rest}")).collect::<Vec<_>>();
        assert_eq!(read("测试市公安局2025年工作总结及2026年工作计划"), ["2025年工作总结及", "2026年工作计划"]);
        assert_eq!(read("2025年度工作总结和下一年度工作计划"), ["2025年度工作总结和", "2026度工作计划"]);
        assert_eq!(read("二〇二五年部门预算"), ["2025年部门预算"]);
        assert!(read("电话12345678").is_empty());
        assert!(read(&"二".repeat(500)).is_empty());
    }

    #[test]
    fn a_year_is_due_when_its_day_is_over() {
        let day = DayOfYear::try_from("03-31".to_owned()).ok();
        assert_eq!(newest_due(day, date(2026, 3, 31)), 2025);
        assert_eq!(newest_due(day, date(2026, 4, 1)), 2026);
        assert_eq!(newest_due(None, date(2026, 12, 31)), 2025);
        assert!(DayOfYear::try_from("13-01".to_owned()).is_err());
    }
}
