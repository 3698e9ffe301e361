//! Working days, from `checklists/calendar/`: one file a year with the number of the State Council's notice. Beyond the data there is
//! no answer, and never a guess.

use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use std::collections::BTreeSet;
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
    years: BTreeSet<i16>,
    off: BTreeSet<Date>,
    on: BTreeSet<Date>,
}

/// A notice arranges the turn of the year too, so the days of all years are put together.
const FILES: &[&str] = &[
    include_str!("../../checklists/calendar/2015.toml"),
    include_str!("../../checklists/calendar/2016.toml"),
    include_str!("../../checklists/calendar/2017.toml"),
    include_str!("../../checklists/calendar/2018.toml"),
    include_str!("../../checklists/calendar/2019.toml"),
    include_str!("../../checklists/calendar/2020.toml"),
    include_str!("../../checklists/calendar/2021.toml"),
    include_str!("../../checklists/calendar/2022.toml"),
    include_str!("../../checklists/calendar/2023.toml"),
    include_str!("../../checklists/calendar/2024.toml"),
    include_str!("../../checklists/calendar/2025.toml"),
    include_str!("../../checklists/calendar/2026.toml"),
];

/// Days before the end of the data from which a warning is due: the next notice comes out in autumn.
const NOTICE_DAYS: i64 = 92;

impl Calendar {
    /// A calendar of these years.
    pub fn of(years: Vec<Year>) -> Self {
        let mut calendar = Calendar::default();
        for year in years {
            calendar.years.insert(year.year);
            for holiday in year.holidays {
                let days = holiday.from.series(jiff::Span::new().days(1)).take_while(|d| *d <= holiday.to);
                calendar.off.extend(days);
            }
            calendar.on.extend(year.working);
        }
        calendar
    }

    /// The calendar built in.
    pub fn built_in() -> &'static Calendar {
        static CALENDAR: OnceLock<Calendar> = OnceLock::new();
        // A test keeps the embedded files right.
        CALENDAR.get_or_init(|| Calendar::of(FILES.iter().filter_map(|text| toml::from_str(text).ok()).collect()))
    }

    /// Is it a working day? None beyond the data.
    pub fn is_working(&self, day: Date) -> Option<bool> {
        if !self.years.contains(&day.year()) {
            return None;
        }
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        Some(!self.off.contains(&day) && (!weekend || self.on.contains(&day)))
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

    /// Years for which there is data.
    pub fn years(&self) -> impl Iterator<Item = i16> + '_ {
        self.years.iter().copied()
    }

    /// Last day for which there is data.
    pub fn ends(&self) -> Option<Date> {
        self.years.last().and_then(|year| Date::new(*year, 12, 31).ok())
    }

    /// The day on which the data ends, when that is past or less than three months away: time to add the next year.
    pub fn ends_soon(&self, today: Date) -> Option<Date> {
        self.ends().filter(|end| i64::from((*end - today).get_days()) < NOTICE_DAYS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_warning_comes_three_months_before_the_end() {
        let calendar = Calendar::built_in();
        let end = calendar.ends().expect("data");
        assert_eq!(calendar.ends_soon(end.saturating_sub(jiff::Span::new().days(100))), None);
        assert_eq!(calendar.ends_soon(end.saturating_sub(jiff::Span::new().days(60))), Some(end));
        assert_eq!(calendar.ends_soon(end.saturating_add(jiff::Span::new().days(60))), Some(end));
    }

    #[test]
    fn every_file_is_read() {
        let years: Vec<i16> = Calendar::built_in().years().collect();
        assert_eq!(years.len(), FILES.len());
        assert!(years.windows(2).all(|y| y[0] + 1 == y[1]), "a year is missing");
    }

    #[test]
    fn the_spring_festival_of_2026() {
        let calendar = Calendar::built_in();
        assert_eq!(calendar.is_working(date(2026, 2, 14)), Some(true), "a Saturday made up for");
        assert_eq!(calendar.working_days_between(date(2026, 2, 13), date(2026, 2, 24)), Some(2));
        assert_eq!(calendar.working_days_between(date(2026, 2, 24), date(2026, 2, 13)), Some(-2));
        assert_eq!(calendar.working_days_between(date(2026, 12, 30), date(2027, 1, 4)), None, "2027 is not loaded");
    }
}
