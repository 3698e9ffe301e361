//! Periods in Asia/Shanghai: a day, a quarter, a half-year.

use crate::checklist::Cadence;
use crate::error::{Error, Result};
use jiff::civil::{Date, date};
use jiff::{Span, Timestamp};
use std::fmt;

/// A period that is reported on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A day.
    Day(Date),
    /// Year and quarter, 1 to 4.
    Quarter(i16, i8),
    /// Year and half, 1 or 2.
    Half(i16, i8),
}

impl Period {
    /// The period of a cadence that holds a day.
    pub fn of(cadence: Cadence, day: Date) -> Self {
        match cadence {
            Cadence::Daily => Period::Day(day),
            Cadence::Quarterly => Period::Quarter(day.year(), (day.month() - 1) / 3 + 1),
            Cadence::Semiannual => Period::Half(day.year(), (day.month() - 1) / 6 + 1),
        }
    }

    /// Reads `2026-02-17`, `2026Q1` or `2026H1` (also `2026年一季度`, `2026年上半年`).
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            Error::usage_with(
                format!("{text:?} 不是日期、季度或半年 / is no day, quarter or half-year"),
                "2026-02-17 · 2026Q1 · 2026H1",
            )
        };
        let text_folded = crate::text::fold(text).to_ascii_uppercase();
        if let Ok(day) = text_folded.parse::<Date>() {
            return Ok(Period::Day(day));
        }
        let year: i16 = text_folded.get(..4).and_then(|year| year.parse().ok()).ok_or_else(wrong)?;
        let rest = text_folded.get(4..).unwrap_or_default().trim_start_matches('-').trim_start_matches('年');
        let place = |words: &[&str]| words.iter().position(|word| *word == rest).map(|at| (at % 4 + 1) as i8);
        if let Some(quarter) = place(&[
            "Q1",
            "Q2",
            "Q3",
            "Q4",
            "一季度",
            "二季度",
            "三季度",
            "四季度",
            "第一季度",
            "第二季度",
            "第三季度",
            "第四季度",
        ]) {
            return Ok(Period::Quarter(year, quarter));
        }
        match rest {
            "H1" | "上半年" => Ok(Period::Half(year, 1)),
            "H2" | "下半年" => Ok(Period::Half(year, 2)),
            _ => Err(wrong()),
        }
    }

    /// Its cadence.
    pub fn cadence(self) -> Cadence {
        match self {
            Period::Day(_) => Cadence::Daily,
            Period::Quarter(..) => Cadence::Quarterly,
            Period::Half(..) => Cadence::Semiannual,
        }
    }

    /// Its first day.
    pub fn first(self) -> Date {
        match self {
            Period::Day(day) => day,
            Period::Quarter(year, quarter) => date(year, (quarter.clamp(1, 4) - 1) * 3 + 1, 1),
            Period::Half(year, half) => date(year, (half.clamp(1, 2) - 1) * 6 + 1, 1),
        }
    }

    /// Its last day.
    pub fn last(self) -> Date {
        let months = match self {
            Period::Day(day) => return day,
            Period::Quarter(..) => 2,
            Period::Half(..) => 5,
        };
        self.first().saturating_add(Span::new().months(months)).last_of_month()
    }

    /// The instants that bound it: after the first, up to and with the second, in seconds. What ends in its last second is in it.
    pub fn bounds(self) -> (i64, i64) {
        let before = self.first().yesterday().map_or(Timestamp::UNIX_EPOCH, crate::clock::end_of);
        (before.as_second(), crate::clock::end_of(self.last()).as_second())
    }

    /// The one before.
    pub fn before(self) -> Self {
        Self::of(self.cadence(), self.first().yesterday().unwrap_or_else(|_| self.first()))
    }

    /// The one after.
    pub fn after(self) -> Self {
        Self::of(self.cadence(), self.last().tomorrow().unwrap_or_else(|_| self.last()))
    }

    /// As it is said: `2026年第一季度`, `2026年上半年`, `2026年2月17日`.
    pub fn zh(self) -> String {
        match self {
            Period::Day(day) => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
            Period::Quarter(year, quarter) => {
                format!("{year}年第{}季度", ["一", "二", "三", "四"].get(quarter as usize - 1).unwrap_or(&"?"))
            }
            Period::Half(year, 1) => format!("{year}年上半年"),
            Period::Half(year, _) => format!("{year}年下半年"),
        }
    }
}

/// As in data: `2026-02-17`, `2026Q1`, `2026H1`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Day(day) => write!(f, "{day}"),
            Period::Quarter(year, quarter) => write!(f, "{year}Q{quarter}"),
            Period::Half(year, half) => write!(f, "{year}H{half}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_follow_one_another_without_a_gap() {
        for text in ["2026-12-31", "2025Q4", "2026H2", "2024-02-28"] {
            let period = Period::parse(text).unwrap();
            assert_eq!(period.to_string(), text);
            let next = period.after();
            assert_eq!(next.bounds().0, period.bounds().1);
            assert_eq!(next.before(), period);
            assert_eq!(period.last().tomorrow().unwrap(), next.first());
        }
        assert_eq!(Period::parse("2026Q1").unwrap().last(), date(2026, 3, 31));
        assert_eq!(Period::parse("2026年上半年").unwrap(), Period::Half(2026, 1));
        assert_eq!(Period::parse("2026年第三季度").unwrap(), Period::Quarter(2026, 3));
        assert_eq!(Period::Quarter(2026, 2).zh(), "2026年第二季度");
    }

    #[test]
    fn a_day_is_bounded_by_midnight_in_shanghai() {
        let (from, to) = Period::Day(date(2026, 2, 17)).bounds();
        assert_eq!(to - from, 86_400);
        assert_eq!(Timestamp::from_second(to).unwrap().to_string(), "2026-02-17T15:59:59Z");
    }

    #[test]
    fn what_is_no_period_is_told() {
        for wrong in ["", "2026", "2026Q5", "2026-13-01", "Q1", "二〇二六", "2026年"] {
            assert!(Period::parse(wrong).is_err(), "{wrong}");
        }
    }
}
