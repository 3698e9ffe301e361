//! The time for comments, as texts and tables state it.

use super::{Length, Period};
use crate::facts::dates::written;
use crate::text::{narrow, shorten};
use jiff::civil::Date;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Two days with a word or a dash between; year and month of the second may be left out, the year of the first where known otherwise.
static RANGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:(?P<y1>20\d{2})\s*(?:年|[-./])\s*)?(?P<m1>\d{1,2})\s*(?:月|[-./])\s*(?P<d1>\d{1,2})\s*日?(?:\s*\d{1,2}[:时]\d{0,2}(?:[:分]\d{0,2})?)?\s*起?\s*[,，]?\s*(?:至|到|截至|截止到|—+|–+|-+|~+|～+|－+)\s*(?:(?P<y2>20\d{2})\s*(?:年|[-./])\s*)?(?:(?P<m2>\d{1,2})\s*(?:月|[-./])\s*)?(?P<d2>\d{1,2})\s*(?:日|[^\d:时./年月-]|$)",
    )
    .ok()
});
/// 3月31日前
static UNTIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:截[止至][^\d。;；]{0,10}(?P<m1>\d{1,2})\s*月\s*(?P<d1>\d{1,2})\s*日|(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日\s*(?:[(（][^)）]{1,6}[)）])?\s*(?:上午|下午)?\s*(?:\d{1,2}[:时]\d{0,2}分?)?\s*[(（]?(?:前|之前|以前|止|截止|为止|下班前))",
    )
    .ok()
});
static LENGTH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?P<lead>为期|期限|征求意见期|公示期|公告期|征集期|征集时间|意见征集时间|公示时间|征求意见时间|征询期|之日起|发布起|公布起|即日起|日起)[^\d一二三四五六七八九十。;；\n]{0,8}(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})\s*个?(?P<unit>工作日|自然日|日|天)",
    )
    .ok()
});

/// Words of a line that speaks of the time for comments.
const SPEAKS: [&str; 17] = [
    "征集时间",
    "征求意见",
    "征求",
    "征集",
    "征询",
    "意见",
    "期限",
    "截止",
    "公示",
    "公告",
    "反馈",
    "起止",
    "建议",
    "开始",
    "结束",
    "时间",
    "公众参与",
];

/// Reads the period from the lines of a text. `published` gives the year where a date has none.
pub(super) fn read<'a>(lines: impl Iterator<Item = &'a str>, published: Option<Date>) -> Period {
    let mut period = Period::default();
    let mut before = [String::new(), String::new()];
    for line in lines.take(2_000) {
        let line: String = narrow(line).chars().take(1_200).collect();
        // A table has the label in a cell before.
        let short = |text: &str| text.chars().count() <= 20;
        let mut context = String::new();
        for earlier in before.iter().filter(|l| short(l)) {
            context.push_str(earlier);
            context.push('\n');
        }
        if SPEAKS.iter().any(|word| line.contains(word) || context.contains(word)) {
            period.hinted |= ["截止", "截至", "期限", "为期", "日前", "月底", "日内", "工作日", "之前", "起止"]
                .iter()
                .any(|w| line.contains(w));
            line_of(&mut period, &line, &context, published);
        }
        before.rotate_left(1);
        before[1] = line;
    }
    if let (Some(start), Some(end)) = (period.start, period.end)
        && end < start
    {
        period.start = None;
    }
    period
}

fn line_of(period: &mut Period, line: &str, context: &str, published: Option<Date>) {
    let quote = |at: usize| {
        let from = line[..at].char_indices().rev().nth(30).map_or(0, |(i, _)| i);
        shorten(line[from..].trim(), 120)
    };
    if period.start.is_none() || period.end.is_none() {
        for found in RANGE.iter().flat_map(|range| range.captures_iter(line)) {
            if let Some((start, end)) = range(&found, published) {
                (period.start, period.end) = (Some(start), Some(end));
                period.quote = quote(found.get(0).map_or(0, |m| m.start()));
                return;
            }
        }
    }
    for found in written::find_all(line) {
        let lead: String = line[..found.range.start].chars().rev().take(14).collect::<Vec<_>>().into_iter().rev().collect();
        let lead =
            if found.range.start == 0 || lead.trim_matches([':', ' ']).is_empty() { format!("{context}{lead}") } else { lead };
        let behind: String = line[found.range.end..].chars().take(5).collect();
        let ends = ["截止", "截至", "结束", "止于"].iter().any(|w| lead.contains(w))
            || ["前", "之前", "以前", "止", "(含", "下班前"].iter().any(|w| behind.trim_start().starts_with(w));
        let starts = ["开始", "起始", "自"].iter().any(|w| lead.contains(w)) || behind.trim_start().starts_with('起');
        if ends && period.end.is_none() {
            (period.end, period.quote) = (Some(found.date), quote(found.range.start));
        } else if starts && !ends && period.start.is_none() {
            period.start = Some(found.date);
        }
    }
    if period.end.is_none()
        && let Some(found) = UNTIL.as_ref().and_then(|until| until.captures(line))
        && let Some(end) = published.and_then(|day| {
            near(day, number(&found, "m").or(number(&found, "m1"))?, number(&found, "d").or(number(&found, "d1"))?)
        })
    {
        (period.end, period.quote) = (Some(end), quote(found.get(0).map_or(0, |m| m.start())));
    }
    if period.length.is_none()
        && let Some(found) = LENGTH.as_ref().and_then(|length| length.captures(line))
    {
        let days = found["n"].parse().ok().or_else(|| chinese(&found["n"])).filter(|n| (1..=366).contains(n));
        // 之日起30日内 needs a word of the matter beside: answers and appeals have such times too.
        let matter =
            ["征求", "征集", "意见", "公示", "反馈", "期限", "建议"].iter().any(|w| line.contains(w) || context.contains(w));
        let other = ["复议", "诉讼", "异议", "施行", "答复"].iter().any(|w| line.contains(w));
        if let Some(days) = days.filter(|_| matter && !other) {
            period.length = Some(Length { days, working: &found["unit"] == "工作日" });
            if period.quote.is_empty() {
                period.quote = quote(found.get(0).map_or(0, |m| m.start()));
            }
        }
    }
}

fn number(found: &Captures<'_>, name: &str) -> Option<i16> {
    found.name(name).and_then(|m| m.as_str().parse().ok())
}

fn range(found: &Captures<'_>, published: Option<Date>) -> Option<(Date, Date)> {
    let day = |year: i16, month: i16, day: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    let (month, first) = (number(found, "m1")?, number(found, "d1")?);
    let start = match number(found, "y1") {
        Some(year) => day(year, month, first)?,
        // Without a year it must be written as a date at least: 3-5 may be anything.
        None if found.get(0)?.as_str().contains('月') => near(published?, month, first)?,
        None => return None,
    };
    let (last_month, last) = (number(found, "m2").unwrap_or(month), number(found, "d2")?);
    let end = match number(found, "y2") {
        Some(year) => day(year, last_month, last)?,
        None => {
            let same = day(start.year(), last_month, last)?;
            if same < start { day(start.year() + 1, last_month, last)? } else { same }
        }
    };
    // Years apart: two dates of something else.
    ((end - start).get_days().abs() <= 400 && end >= start).then_some((start, end))
}

/// The day of that month that lies nearest to another day.
fn near(day: Date, month: i16, of_month: i16) -> Option<Date> {
    let (month, of_month) = (i8::try_from(month).ok()?, i8::try_from(of_month).ok()?);
    (day.year() - 1..=day.year() + 1)
        .filter_map(|year| Date::new(year, month, of_month).ok())
        .min_by_key(|other| (*other - day).get_days().abs())
}

/// 七, 十五, 三十
fn chinese(text: &str) -> Option<u32> {
    let digit = |c: char| "一二三四五六七八九".chars().position(|d| d == c).map(|n| n as u32 + 1);
    let mut chars = text.chars();
    match text.split_once('十') {
        None => digit(chars.next()?).filter(|_| chars.next().is_none()),
        Some((tens, ones)) => {
            let value = |part: &str, empty| if part.is_empty() { Some(empty) } else { part.chars().next().and_then(digit) };
            Some(value(tens, 1)? * 10 + value(ones, 0)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn of(text: &str) -> (Option<Date>, Option<Date>, Option<u32>) {
        let period = read(text.lines(), Some(date(2024, 3, 1)));
        (period.start, period.end, period.length.map(|l| if l.working { l.days + 1_000 } else { l.days }))
    }

    #[test]
    fn the_forms_of_real_pages() {
        let (start, end) = (Some(date(2024, 3, 1)), Some(date(2024, 3, 31)));
        for text in [
            "征求意见时间：2024年3月1日至2024年3月31日。",
            "征集时间：2024年3月1日-3月31日",
            "征求意见期限为2024年3月1日至31日。",
            "意见征集时间：2024-03-01 至 2024-03-31",
            "征集时间：2024-03-01 00:00 ~ 2024-03-31 23:59",
            "公示时间：2024.03.01—2024.03.31",
            "现向社会公开征求意见，时间为3月1日至3月31日。",
            "开始时间\n2024-03-01\n结束时间\n2024-03-31",
            "自2024年3月1日起至2024年3月31日止，欢迎提出意见。",
        ] {
            assert_eq!(of(text), (start, end, None), "{text}");
        }
        assert_eq!(of("请于2024年3月31日前将意见反馈至我局。"), (None, end, None));
        assert_eq!(of("意见反馈截止时间为2024年3月31日。"), (None, end, None));
        assert_eq!(of("有关意见请于3月31日前反馈"), (None, end, None));
        assert_eq!(of("意见反馈截止日期：2024年3月31日"), (None, end, None));
        assert_eq!(of("意见反馈截止时间：3月31日"), (None, end, None));
        assert_eq!(of("请于3月31日（星期日）下午5时前反馈意见"), (None, end, None));
        assert_eq!(of("两份修订稿意见征求期为2024年3月1日—3月31日"), (start, end, None));
        assert_eq!(of("自公告发布之日起30日内提出意见").2, Some(30));
        assert_eq!(of("征求意见期限为7个工作日。").2, Some(1_007));
        assert_eq!(of("公示期三十天，欢迎提出意见").2, Some(30));
    }

    #[test]
    fn what_states_no_time() {
        for text in [
            "根据2020年1月1日施行的条例，现征求意见。",
            "联系电话：0731-8459-7746，征求意见",
            "申请行政复议的，自收到之日起60日内提出；公开征求意见",
            "2024年3月1日",
        ] {
            assert_eq!(of(text).1, None, "{text}");
            assert_eq!(of(text).2, None, "{text}");
        }
    }
}
