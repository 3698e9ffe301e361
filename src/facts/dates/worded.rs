//! Dates as other languages write them: names of months, day before month.

use super::written::{self, Found};
use jiff::civil::Date;
use regex::{Captures, Regex};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Names and short forms of the months, in the languages of public sites; a name means the same month wherever it occurs.
const MONTHS: [&str; 12] = [
    "january jan januar jänner jaenner janvier janv enero ene gennaio gen janeiro januari tammikuuta stycznia sty ledna január ianuarie ian ocak января янв січня ιανουαρίου leden",
    "february feb februar feber février fevrier févr fevr fév febrero febbraio fevereiro fev februari helmikuuta lutego lut února február febr februarie şubat февраля фев февр лютого φεβρουαρίου",
    "march mar märz maerz mrz mär mars marzo março marco maart mrt marts maaliskuuta marca března március márc martie mart maret марта мар березня μαρτίου",
    "april apr avril avr abril abr aprile huhtikuuta kwietnia kwi dubna április ápr aprilie nisan апреля апр квітня απριλίου",
    "may mai mayo maggio mag maio mei maj toukokuuta maja května május máj mayıs мая травня μαΐου",
    "june jun juni juin junio giugno giu junho kesäkuuta czerwca cze června június jún iunie iun haziran июня июн червня ιουνίου",
    "july jul juli juillet juil julio luglio lug julho heinäkuuta lipca lip července július júl iulie iul temmuz июля июл липня ιουλίου",
    "august aug août aout agosto ago augustus augusti elokuuta sierpnia sie srpna augusztus ağustos agustus августа авг серпня αυγούστου",
    "september sep sept septembre septiembre setiembre settembre setembro set syyskuuta września wrz září szeptember szept septembrie eylül сентября сен сент вересня σεπτεμβρίου",
    "october oct oktober okt octobre octubre ottobre ott outubro out lokakuuta października paź října október octombrie ekim октября окт жовтня οκτωβρίου",
    "november nov novembre noviembre novembro marraskuuta listopada lis listopadu noiembrie noi kasım ноября ноя нояб листопада νοεμβρίου",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro desember des joulukuuta grudnia gru prosince decembrie aralık декабря дек грудня δεκεμβρίου",
];

static NAMES: LazyLock<HashMap<&'static str, i8>> =
    LazyLock::new(|| MONTHS.iter().zip(1i8..).flat_map(|(names, month)| names.split(' ').map(move |n| (n, month))).collect());

const YEAR: &str = r"(?P<y>(?:19|20)\d{2})";

static DAY_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?P<d>\d{{1,2}})\s?(?:st|nd|rd|th|er|\.|º|°|ª)?[\s,./-]*(?:de\s|of\s|del\s|di\s)?(?P<m>\p{{L}}{{3,14}})[.,]?[\s,./'’-]*(?:de\s|del\s)?{YEAR}"
    ))
    .ok()
});

static MONTH_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r"(?P<m>\p{{L}}{{3,14}})\.?[\s-]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?[,.]\s?|[\s-]+){YEAR}")).ok()
});

static YEAR_FIRST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"{YEAR}(?:\.,?\s|,?\s)\s?(?P<m>\p{{L}}{{3,14}})\.?\s(?P<d>\d{{1,2}})\b")).ok());

static NUMERIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?P<a>\d{1,2})\s?(?P<s1>[./|-])\s?(?P<b>\d{1,2})\s?(?P<s2>[./|-])\s?(?P<y>(?:19|20)\d{2}|\d{2})(?:\b|$)|(?P<y2>(?:19|20)\d{2})\s?[년年]\s?(?P<m2>\d{1,2})\s?[월月]\s?(?P<d2>\d{1,2})",
    )
    .ok()
});

/// Which number comes first where both may be a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// 3/4/2023 is the third of April.
    DayMonth,
    /// 3/4/2023 is the fourth of March.
    MonthDay,
}

/// Every date in the text, in order: names of months, day-first numbers, and the forms of [`written`].
pub(super) fn find_all(text: &str, order: Order) -> Vec<Found> {
    let mut found = written::find_all(text);
    // Most lines hold no date: a glance at their bytes is far cheaper than a pattern, and than the automata that patterns build.
    if written::may_hold_year(text) && may_name_month(text) {
        for pattern in [&DAY_FIRST, &MONTH_FIRST, &YEAR_FIRST].into_iter().filter_map(|p| p.as_ref()) {
            found.extend(pattern.captures_iter(text).filter_map(|c| worded(text, &c)));
        }
    }
    let may_hold_numbers = || text.bytes().any(|b| b.is_ascii_digit()) && text.contains(['.', '/', '|', '-', '년', '年']);
    if let Some(pattern) = NUMERIC.as_ref().filter(|_| may_hold_numbers()) {
        found.extend(pattern.captures_iter(text).filter_map(|c| numeric(text, &c, order)));
    }
    found.sort_by_key(|f| (f.range.start, std::cmp::Reverse(f.range.end)));
    let mut end = 0;
    found.retain(|f| {
        let keep = f.range.start >= end;
        end = end.max(f.range.end);
        keep
    });
    found
}

/// Every name of a month is written in Latin, Cyrillic or Greek letters.
fn may_name_month(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_alphabetic() || (0xC3..=0xD4).contains(&b))
}

/// The first date of a text.
pub(super) fn first(text: &str, order: Order) -> Option<Found> {
    find_all(text, order).into_iter().next()
}

fn apart(text: &str, range: &std::ops::Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let mut after = text[range.end..].chars();
    let next = after.next();
    let runs_on = next.is_some_and(|c| c.is_ascii_digit() || (c == '.' && after.next().is_some_and(|d| d.is_ascii_digit())));
    !before.is_some_and(|c| c.is_ascii_digit() || c == '.') && !runs_on
}

fn worded(text: &str, captures: &Captures<'_>) -> Option<Found> {
    let range = captures.get(0)?.range();
    if !apart(text, &range) {
        return None;
    }
    let month = *NAMES.get(captures["m"].to_lowercase().as_str())?;
    let date = Date::new(captures["y"].parse().ok()?, month, captures["d"].parse().ok()?).ok()?;
    Some(Found { date, time: None, range })
}

fn numeric(text: &str, captures: &Captures<'_>, order: Order) -> Option<Found> {
    let range = captures.get(0)?.range();
    let number = |name: &str| captures.name(name).and_then(|m| m.as_str().parse::<i16>().ok());
    if let Some(year) = number("y2") {
        let date = Date::new(year, i8::try_from(number("m2")?).ok()?, i8::try_from(number("d2")?).ok()?).ok()?;
        return Some(Found { date, time: None, range });
    }
    let separator = &captures["s1"];
    if separator != &captures["s2"] || !apart(text, &range) {
        return None;
    }
    let (a, b) = (number("a")?, number("b")?);
    let year = match number("y")? {
        // Two digits of a year are written with points, or with strokes on both sides of a day and a month of two digits.
        short if short < 100 => {
            if separator == "-" || separator == "|" || (separator == "/" && captures["b"].len() < 2) {
                return None;
            }
            if short < 60 { 2000 + short } else { 1900 + short }
        }
        full => full,
    };
    let (day, month) = match order {
        Order::MonthDay if separator != "." && a <= 12 => (b, a),
        _ if b > 12 => (b, a),
        _ => (a, b),
    };
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(Found { date, time: None, range })
}

/// A date written for machines: ISO 8601, `20231102`, RFC 2822; and what people put in its place.
pub(super) fn machine(text: &str, order: Order) -> Option<Found> {
    let text = text.trim();
    let compact = text.len() >= 8 && text.bytes().take(8).all(|b| b.is_ascii_digit());
    if compact && !text.as_bytes().get(8).is_some_and(u8::is_ascii_digit) {
        let (year, rest) = text.split_at(4);
        let date = Date::new(year.parse().ok()?, rest[..2].parse().ok()?, rest[2..4].parse().ok()?).ok()?;
        return (1990..2100).contains(&date.year()).then_some(Found { date, time: None, range: 0..8 });
    }
    first(text, order).filter(|f| f.date.year() >= 1990)
}

/// Is the instant given in UTC, so that its day may be another one than the page's own?
pub(super) fn is_utc(text: &str) -> bool {
    let text = text.trim();
    let timed = text.contains('T') || text.contains(':');
    timed && (text.ends_with('Z') || text.ends_with("+00:00") || text.ends_with("+0000") || text.ends_with("GMT"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_languages() {
        for (text, expected) in [
            ("Posted on November 8, 2023 by X", "2023-11-08"),
            ("Nov. 8, 2023", "2023-11-08"),
            ("8th of November 2023", "2023-11-08"),
            ("06-Nov-2023", "2023-11-06"),
            ("Veröffentlicht am 3. März 2021", "2021-03-03"),
            ("Di., 25.01.2022 - 14:45", "2022-01-25"),
            ("4.\u{2009}2.\u{2009}2022", "2022-02-04"),
            ("21.03.21", "2021-03-21"),
            ("le 1er août 2019", "2019-08-01"),
            ("01 September 2017", "2017-09-01"),
            ("12 de octubre de 2020", "2020-10-12"),
            ("27 giugno 2019", "2019-06-27"),
            ("15 серпня 2016", "2016-08-15"),
            ("5 октября 2020 года", "2020-10-05"),
            ("2020. október 5.", "2020-10-05"),
            ("2023년 11월 2일", "2023-11-02"),
            ("26 | 01 | 2022", "2022-01-26"),
            ("Wed, 02 Feb 2022 09:12:22 +0100", "2022-02-02"),
            ("2022-1-26T14:32:06+02:00", "2022-01-26"),
        ] {
            assert_eq!(first(text, Order::DayMonth).map(|f| f.date.to_string()).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(first("11/08/2023", Order::MonthDay).map(|f| f.date.to_string()).as_deref(), Some("2023-11-08"));
        assert_eq!(first("08/11/2023", Order::DayMonth).map(|f| f.date.to_string()).as_deref(), Some("2023-11-08"));
        assert_eq!(machine("20231102", Order::DayMonth).map(|f| f.date.to_string()).as_deref(), Some("2023-11-02"));
    }

    #[test]
    fn what_is_no_date() {
        for text in
            ["1.2.3", "version 10.12.11.5", "Call 12 people 2020", "192.168.10.20", "31.02.2020", "Chapter 12 2020", "2-3-21"]
        {
            assert_eq!(first(text, Order::DayMonth), None, "{text}");
        }
    }

    #[test]
    fn every_name_is_one_month() {
        let all: Vec<&str> = MONTHS.iter().flat_map(|m| m.split(' ')).collect();
        assert_eq!(all.len(), NAMES.len(), "a name stands for two months");
        assert!([&DAY_FIRST, &MONTH_FIRST, &YEAR_FIRST, &NUMERIC].iter().all(|p| p.is_some()));
    }
}
