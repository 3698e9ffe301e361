//! Hours in which requests may be sent, by the clock of Asia/Shanghai and the working days of the State Council's notices.
//!
//! A window is written `[days]HH:MM-HH:MM`; days are `working` (工作日), `off` (休息日) or `daily` (每天, the default). A window that
//! ends before it begins runs past midnight and belongs to the day on which it begins. Days beyond the calendar's data count as working
//! from Monday to Friday.

use super::Config;
use crate::checklist::calendar::Calendar;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::{Span, Timestamp};

/// How far ahead an open moment is looked for: longer than any holiday.
const AHEAD_DAYS: i64 = 40;
const DAY: i64 = 24 * 60;

/// The days of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Days {
    Working,
    Off,
    Daily,
}

/// One window: minutes of the day on which it begins; `to` may lie past midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    days: Days,
    from: i64,
    to: i64,
}

/// Quiet and allowed hours together: open is what lies in an allowed window (or none is given) and in no quiet one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hours {
    quiet: Vec<Window>,
    allowed: Vec<Window>,
}

impl Window {
    /// Reads `[days]HH:MM-HH:MM`; the error says what is wrong.
    fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let digit = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
        let (days, times) = text.split_at(digit);
        let days = match days.trim().trim_end_matches(['@', ':', '：']).trim() {
            "working" | "工作日" => Days::Working,
            "off" | "休息日" => Days::Off,
            "" | "daily" | "每天" | "每日" => Days::Daily,
            other => {
                return Err(format!(
                    "`{other}` 不是 working（工作日）、off（休息日）或 daily（每天） / is none of working, off, daily"
                ));
            }
        };
        let wrong = || format!("`{text}` 不是 HH:MM-HH:MM / is not HH:MM-HH:MM");
        let (from, to) = times.split_once(['-', '–', '至']).ok_or_else(wrong)?;
        let (from, mut to) = (minutes(from).ok_or_else(wrong)?, minutes(to).ok_or_else(wrong)?);
        if from == to || from >= DAY {
            return Err(format!("`{text}` 没有时长 / is empty"));
        }
        if to < from {
            to += DAY;
        }
        Ok(Window { days, from, to })
    }

    /// Does it hold a minute of a day, with the part past midnight of the day before?
    fn holds(self, date: Date, minute: i64) -> bool {
        let within = |date: Date, minute: i64| self.days.hold(date) && (self.from..self.to).contains(&minute);
        within(date, minute) || date.yesterday().is_ok_and(|before| within(before, minute + DAY))
    }
}

impl Days {
    fn hold(self, date: Date) -> bool {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let working = || Calendar::built_in().is_working(date).unwrap_or(!weekend);
        match self {
            Days::Daily => true,
            Days::Working => working(),
            Days::Off => !working(),
        }
    }
}

fn minutes(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once([':', '：'])?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..=23).contains(&hour) && (0..60).contains(&minute) || (hour, minute) == (24, 0)).then_some(hour * 60 + minute)
}

impl Hours {
    /// Those of a configuration that [`load`](super::load) has checked; what cannot be read is left out.
    pub fn of(config: &Config) -> Self {
        let read = |texts: &[String]| texts.iter().filter_map(|text| Window::parse(text).ok()).collect();
        Hours { quiet: read(&config.quiet_hours), allowed: read(&config.allowed_hours) }
    }

    /// What is wrong with one window as written.
    pub fn check(text: &str) -> Result<(), String> {
        Window::parse(text).map(|_| ())
    }

    /// Is every moment open?
    pub fn is_always(&self) -> bool {
        self.quiet.is_empty() && self.allowed.is_empty()
    }

    fn holds(&self, at: DateTime) -> bool {
        let (date, minute) = (at.date(), i64::from(at.hour()) * 60 + i64::from(at.minute()));
        let any = |windows: &[Window]| windows.iter().any(|window| window.holds(date, minute));
        (self.allowed.is_empty() || any(&self.allowed)) && !any(&self.quiet)
    }

    /// May a request be sent at this instant?
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.is_always() || self.holds(local(at))
    }

    /// The next instant, this one included, at which requests may be sent; none within forty days: never.
    pub fn opens(&self, at: Timestamp) -> Option<Timestamp> {
        if self.is_open(at) { Some(at) } else { self.next(at, true) }
    }

    /// The next instant at which requests may no longer be sent; none: no end in sight.
    pub fn closes(&self, at: Timestamp) -> Option<Timestamp> {
        if self.is_open(at) { self.next(at, false) } else { Some(at) }
    }

    /// The first boundary of a window, or midnight, after an instant from which the answer is `open`.
    fn next(&self, at: Timestamp, open: bool) -> Option<Timestamp> {
        if self.is_always() {
            return None;
        }
        let now = local(at);
        let both = self.quiet.iter().chain(&self.allowed);
        let mut bounds: Vec<i64> = both.flat_map(|window| [window.from, window.to % DAY]).chain([0]).collect();
        bounds.sort_unstable();
        bounds.dedup();
        for ahead in 0..=AHEAD_DAYS {
            let day = now.date().checked_add(Span::new().days(ahead)).ok()?;
            for bound in &bounds {
                let moment = day.at((bound / 60) as i8, (bound % 60) as i8, 0, 0);
                if moment > now && self.holds(moment) == open {
                    return moment.to_zoned(crate::clock::shanghai()).ok().map(|zoned| zoned.timestamp());
                }
            }
        }
        None
    }

    /// When so many seconds of work that begins at `at` and rests while closed are done; none: never.
    pub fn finish(&self, mut at: Timestamp, seconds: f64) -> Option<Timestamp> {
        let mut left = seconds.max(0.0);
        // A year of days, each with a handful of windows.
        for _ in 0..10_000 {
            at = self.opens(at)?;
            let open = match self.closes(at) {
                Some(end) => (end.as_second() - at.as_second()) as f64,
                None => return at.checked_add(jiff::SignedDuration::try_from_secs_f64(left).ok()?).ok(),
            };
            if left <= open {
                return at.checked_add(jiff::SignedDuration::try_from_secs_f64(left).ok()?).ok();
            }
            left -= open;
            at = self.closes(at)?;
        }
        None
    }
}

fn local(at: Timestamp) -> DateTime {
    at.to_zoned(crate::clock::shanghai()).datetime()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(quiet: &[&str], allowed: &[&str]) -> Hours {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Hours::of(&Config { quiet_hours: owned(quiet), allowed_hours: owned(allowed), ..Config::default() })
    }

    fn at(text: &str) -> Timestamp {
        text.parse::<DateTime>().expect("a date").to_zoned(crate::clock::shanghai()).expect("exists").timestamp()
    }

    #[test]
    fn office_hours_are_quiet_on_working_days_only() {
        let hours = hours(&["working 08:30-12:00", "工作日14:00-17:30"], &[]);
        assert!(!hours.is_open(at("2026-11-20T09:00:00")), "a Friday");
        assert!(hours.is_open(at("2026-11-20T12:00:00")));
        assert!(hours.is_open(at("2026-11-21T09:00:00")), "a Saturday");
        assert!(!hours.is_open(at("2026-02-14T09:00:00")), "a Saturday that is worked");
        assert!(hours.is_open(at("2026-02-17T09:00:00")), "a Tuesday of the Spring Festival");
        assert_eq!(hours.opens(at("2026-11-20T08:31:10")), Some(at("2026-11-20T12:00:00")));
        assert_eq!(hours.closes(at("2026-11-20T18:00:00")), Some(at("2026-11-23T08:30:00")), "over the weekend");
    }

    #[test]
    fn nights_run_past_midnight_and_belong_to_their_evening() {
        let nights = hours(&[], &["working@22:00-06:00"]);
        assert!(nights.is_open(at("2026-11-20T23:00:00")));
        assert!(nights.is_open(at("2026-11-21T05:59:00")), "Friday's night ends on Saturday");
        assert!(!nights.is_open(at("2026-11-21T22:30:00")));
        assert_eq!(nights.opens(at("2026-11-21T06:00:00")), Some(at("2026-11-23T22:00:00")));
        assert_eq!(nights.finish(at("2026-11-20T21:00:00"), 9.0 * 3600.0), Some(at("2026-11-23T23:00:00")));
        assert_eq!(hours(&[], &[]).finish(at("2026-11-20T21:00:00"), 60.0), Some(at("2026-11-20T21:01:00")));
        assert_eq!(hours(&["00:00-24:00"], &[]).opens(at("2026-11-20T21:00:00")), None, "never");
    }

    #[test]
    fn what_is_no_window_is_told() {
        for wrong in ["", "08:30", "25:00-26:00", "mondays 08:00-09:00", "08:00-08:00", "8-9", "24:00-06:00"] {
            assert!(Hours::check(wrong).is_err(), "{wrong}");
        }
        assert!(Hours::check("每天08:00-24:00").is_ok());
    }
}
