//! Dates as people write them, found in text.

use jiff::civil::Date;
use regex::{Captures, Regex};
use std::ops::Range;
use std::sync::LazyLock;

/// A date found in text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::facts) struct Found {
    /// The date.
    pub(in crate::facts) date: Date,
    /// `HH:MM`, where given right behind.
    pub(in crate::facts) time: Option<String>,
    /// Where in the text, time included.
    pub(in crate::facts) range: Range<usize>,
}

static NUMERIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?P<y>(?:19|20)\d{2})\s*(?:年\s*(?P<m1>\d{1,2})\s*月\s*(?P<d1>\d{1,2})\s*日?|(?P<s>[-./－—])\s*(?P<m2>\d{1,2})\s*[-./－—]\s*(?P<d2>\d{1,2}))(?:(?:日|\s|T|-|　){0,4}(?P<h>[012]?\d)[:：时](?P<n>[0-5]\d)(?:[:：分][0-5]\d秒?)?)?",
    )
    .ok()
});

/// 二〇二一年十二月二十一日
static CHINESE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"([一二][〇○零Ｏ九OО][〇○零Ｏ一二三四五六七八九OО][〇○零Ｏ一二三四五六七八九OО])\s*年\s*([一二三四五六七八九十]{1,2})\s*月\s*([一二三四五六七八九十]{1,3})\s*日",
    )
    .ok()
});

/// Every year in figures begins so.
pub(super) fn may_hold_year(text: &str) -> bool {
    text.contains("19") || text.contains("20")
}

/// Every date in the text, in order. Numbers that run on (`2020-01-0123`, `12020-01-01`) are none.
pub(in crate::facts) fn find_all(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    if may_hold_year(text)
        && let Some(pattern) = NUMERIC.as_ref()
    {
        for captures in pattern.captures_iter(text) {
            found.extend(numeric(text, &captures));
        }
    }
    if text.contains('年')
        && let Some(pattern) = CHINESE.as_ref()
    {
        for captures in pattern.captures_iter(text) {
            found.extend(chinese(&captures));
        }
    }
    found.sort_by_key(|f| f.range.start);
    found
}

/// The first date of a text.
pub(in crate::facts) fn first(text: &str) -> Option<Found> {
    find_all(text).into_iter().next()
}

/// Is the text nothing but a date, with brackets or a time?
pub(in crate::facts) fn is_only_date(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 60
        && first(text).is_some_and(|f| {
            let rest = |s: &str| s.chars().all(|c| c.is_whitespace() || "[]()【】（）〔〕:：-|/·".contains(c));
            rest(&text[..f.range.start]) && rest(&text[f.range.end..])
        })
}

fn numeric(text: &str, captures: &Captures<'_>) -> Option<Found> {
    let whole = captures.get(0)?;
    let number = |name: &str| captures.name(name).and_then(|m| m.as_str().parse::<i16>().ok());
    let (month, day) = (number("m1").or(number("m2"))?, number("d1").or(number("d2"))?);
    let before = text[..whole.start()].chars().next_back();
    if before.is_some_and(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let date_end = captures.name("d1").or(captures.name("d2"))?.end();
    if text[date_end..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let date = Date::new(number("y")?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let time = captures.name("h").zip(captures.name("n")).and_then(|(h, n)| {
        let hour: u8 = h.as_str().parse().ok()?;
        (hour < 24).then(|| format!("{hour:02}:{}", n.as_str()))
    });
    Some(Found { date, time, range: whole.range() })
}

fn chinese(captures: &Captures<'_>) -> Option<Found> {
    let year = captures[1].chars().try_fold(0i16, |sum, c| Some(sum * 10 + digit(c)?))?;
    let date = Date::new(year, small_number(&captures[2])?, small_number(&captures[3])?).ok()?;
    Some(Found { date, time: None, range: captures.get(0)?.range() })
}

fn digit(c: char) -> Option<i16> {
    Some(match c {
        '〇' | '○' | '零' | 'Ｏ' | 'O' | 'О' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// 一 to 三十一.
fn small_number(text: &str) -> Option<i8> {
    let value = match text.split_once('十') {
        None => digit(text.chars().next().filter(|_| text.chars().count() == 1)?)?,
        Some((tens, ones)) => {
            let one = |s: &str| s.chars().next().map_or(Some(0), digit);
            let tens = if tens.is_empty() { 1 } else { one(tens)? };
            tens * 10 + one(ones)?
        }
    };
    i8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(text: &str) -> Vec<String> {
        find_all(text).into_iter().map(|f| format!("{}{}", f.date, f.time.map(|t| format!("T{t}")).unwrap_or_default())).collect()
    }

    #[test]
    fn the_forms_of_real_pages() {
        for (text, expected) in [
            ("发布时间：2021年06月10日 17:35", "2021-06-10T17:35"),
            ("2007-08-20-23:59:59", "2007-08-20T23:59"),
            ("[2020/1/2]", "2020-01-02"),
            ("2020.01.02", "2020-01-02"),
            ("2023-05-16 12:34:05", "2023-05-16T12:34"),
            ("二〇〇五年三月三日", "2005-03-03"),
            ("二○二一年十二月二十一日", "2021-12-21"),
            ("2018年 12 月 24日", "2018-12-24"),
        ] {
            assert_eq!(dates(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in
            ["2020-13-01", "12020-01-01", "2020-01-0123", "1.2020.01.02", "二〇〇五年十三月三日", "2020年1月", "2019-2020-1"]
        {
            assert_eq!(dates(text), Vec::<String>::new(), "{text}");
        }
    }
}
