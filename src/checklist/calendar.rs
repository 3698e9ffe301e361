//! Working days, from `checklists/calendar/`: one file a year with the number of the State Council's notice. Beyond the data there is
//! no answer, and never a guess.

use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// One year as written in its file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// The year.
    pub year: i16,
    /// Number of the notice.
    pub notice: String,
    /// Holidays with the days off joined to them.
    pub holidays: Vec<Holiday>,
    /// Weekend days on which people work.
    pub working: Vec<Date>,
}

/// One holiday.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// Its name.
    pub name: String,
    /// First day off.
    pub from: Date,
    /// Last day off.
    pub to: Date,
}

/// The years that we know.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    years: BTreeMap<i16, (BTreeSet<Date>, BTreeSet<Date>)>,
}

const FILES: &[&str] = &[include_str!("../../checklists/calendar/2026.toml")];

impl Calendar {
    /// A calendar of these years.
    pub fn of(years: Vec<Year>) -> Self {
        let days = |year: &Year| {
            year.holidays.iter().flat_map(|h| h.from.series(jiff::Span::new().days(1)).take_while(|d| *d <= h.to)).collect()
        };
        Calendar { years: years.iter().map(|y| (y.year, (days(y), y.working.iter().copied().collect()))).collect() }
    }

    /// The calendar built in.
    pub fn built_in() -> &'static Calendar {
        static CALENDAR: OnceLock<Calendar> = OnceLock::new();
        // A test keeps the embedded files right.
        CALENDAR.get_or_init(|| Calendar::of(FILES.iter().filter_map(|text| toml::from_str(text).ok()).collect()))
    }

    /// Is it a working day? None beyond the data.
    pub fn is_working(&self, day: Date) -> Option<bool> {
        let (off, on) = self.years.get(&day.year())?;
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        Some(!off.contains(&day) && (!weekend || on.contains(&day)))
    }

    /// Working days after `from` up to and with `to`: 0 for the same day, negative when `to` comes first; none beyond the data.
    pub fn working_days_between(&self, from: Date, to: Date) -> Option<i64> {
        if to < from {
            return self.working_days_between(to, from).map(|days| -days);
        }
        // Ten years of days bound the work.
        if (to - from).get_days() > 4_000 {
            return None;
        }
        let mut count = 0;
        for day in from.series(jiff::Span::new().days(1)).skip(1).take_while(|day| *day <= to) {
            count += i64::from(self.is_working(day)?);
        }
        self.is_working(from)?;
        Some(count)
    }

    /// Last day for which there is data.
    pub fn ends(&self) -> Option<Date> {
        self.years.keys().next_back().and_then(|year| Date::new(*year, 12, 31).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_spring_festival_of_2026() {
        let calendar = Calendar::built_in();
        assert_eq!(calendar.is_working(date(2026, 2, 14)), Some(true), "a Saturday made up for");
        assert_eq!(calendar.working_days_between(date(2026, 2, 13), date(2026, 2, 24)), Some(2));
        assert_eq!(calendar.working_days_between(date(2026, 2, 24), date(2026, 2, 13)), Some(-2));
        assert_eq!(calendar.working_days_between(date(2026, 12, 30), date(2027, 1, 4)), None, "2027 is not loaded");
    }
}
