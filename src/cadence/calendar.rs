//! When the run of a period is due: the first moment of its cron expression in the period, on a working day where that is asked, outside
//! of quiet hours.

use super::office::Office;
use super::period::Period;
use crate::checklist::calendar::Calendar;
use crate::config::{Config, Hours};
use croner::Cron;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use std::str::FromStr;

/// When the run of a period is due; none: this cadence does not run in it. A moment that the rules push out of the period is its last open one.
pub fn due(office: &Office, period: Period) -> Option<Timestamp> {
    let table = office.table(period.cadence());
    if table.at.is_empty() {
        return None;
    }
    let cron = Cron::from_str(&table.at).ok()?;
    let start = period.first().to_zoned(crate::clock::shanghai()).ok()?;
    let found = cron.find_next_occurrence(&start, true).ok()?;
    if found.date() > period.last() {
        return None;
    }
    let mut day = found.date();
    if table.working_days {
        day = working_day(day, period);
    }
    let at = day.to_datetime(found.time()).to_zoned(crate::clock::shanghai()).ok()?.timestamp();
    let hours = hours(office);
    let opens = hours.opens(at)?;
    Some(if crate::clock::date_of(opens) > period.last() { at } else { opens })
}

/// The first working day from a day on within a period; that day itself where there is none. Beyond the calendar's data Monday to Friday.
fn working_day(day: Date, period: Period) -> Date {
    let weekend = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let working = |day: &Date| Calendar::built_in().is_working(*day).unwrap_or(!weekend(*day));
    day.series(jiff::Span::new().days(1)).take_while(|day| *day <= period.last()).find(working).unwrap_or(day)
}

/// Quiet hours of the office.
pub fn hours(office: &Office) -> Hours {
    Hours::of(&Config { quiet_hours: office.quiet_hours.clone(), ..Config::default() })
}

/// A holiday of at least so many days off begins within so many days: its first and last day off. Weekends that join it count.
pub fn long_holiday(day: Date, ahead: i64, least: i64) -> Option<(Date, Date)> {
    let calendar = Calendar::built_in();
    let off = |day: Date| calendar.is_working(day) == Some(false);
    for from in day.series(jiff::Span::new().days(1)).skip(1).take(usize::try_from(ahead).unwrap_or(0)) {
        if off(from) && !from.yesterday().is_ok_and(off) {
            let days: Vec<Date> = from.series(jiff::Span::new().days(1)).take_while(|day| off(*day)).take(60).collect();
            if days.len() as i64 >= least {
                return days.last().map(|last| (from, *last));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(office: &Office, period: &str) -> String {
        let due = due(office, Period::parse(period).unwrap()).unwrap();
        due.to_zoned(crate::clock::shanghai()).strftime("%Y-%m-%d %H:%M").to_string()
    }

    #[test]
    fn a_run_is_due_once_a_period_on_a_working_day() {
        let mut office = Office::default();
        assert_eq!(at(&office, "2026-02-17"), "2026-02-17 05:00");
        // 5 February 2026 is a Thursday, 5 May falls on the last day of the Labour Day holiday.
        assert_eq!(at(&office, "2026Q1"), "2026-02-05 19:00");
        assert_eq!(at(&office, "2026Q2"), "2026-05-06 19:00");
        office.quiet_hours = vec!["working 18:00-20:30".into()];
        assert_eq!(at(&office, "2026Q1"), "2026-02-05 20:30");
        office.daily.at = "0 5 * * 1-5".into();
        assert_eq!(due(&office, Period::parse("2026-02-15").unwrap()), None, "a Sunday");
        office.daily.at = String::new();
        assert_eq!(due(&office, Period::parse("2026-02-16").unwrap()), None);
    }

    #[test]
    fn a_run_never_leaves_its_period() {
        let mut office = Office::default();
        office.quarterly.at = "0 19 28 3,6,9,12 *".into();
        // 28 March 2026 is a Saturday.
        assert_eq!(at(&office, "2026Q1"), "2026-03-30 19:00");
        office.quarterly.at = "0 19 31 10,11,12 *".into();
        assert_eq!(at(&office, "2022Q4"), "2022-10-31 19:00");
    }

    #[test]
    fn long_holidays_are_seen_ten_days_before() {
        // Spring Festival 2026: 15 to 23 February.
        assert_eq!(long_holiday(date(2026, 2, 5), 10, 4), Some((date(2026, 2, 15), date(2026, 2, 23))));
        assert_eq!(long_holiday(date(2026, 2, 4), 10, 4), None);
        assert_eq!(long_holiday(date(2026, 3, 1), 10, 4), None);
    }
}
