//! The working days of `checklists/calendar/` against an independent calendar.

use jiff::civil::{Date, Weekday, date};
use std::collections::BTreeMap;
use tyme4rs::tyme::holiday::LEGAL_HOLIDAY_DATA;
use xuncha::checklist::calendar::Calendar;

/// What the other calendar says of days that are no plain workday or weekend: is it worked?
fn theirs() -> BTreeMap<Date, bool> {
    let bytes = LEGAL_HOLIDAY_DATA.as_bytes();
    let number = |digits: &[u8]| std::str::from_utf8(digits).expect("ASCII").parse::<i16>().expect("digits");
    // YYYYMMDD, 0 for a day of work, the holiday, its distance from it.
    let entry = |e: &[u8]| {
        let day = date(number(&e[..4]), number(&e[4..6]) as i8, number(&e[6..8]) as i8);
        (day, e[8] == b'0')
    };
    bytes.chunks_exact(13).map(entry).collect()
}

#[test]
fn two_calendars_agree() {
    let (ours, theirs) = (Calendar::built_in(), theirs());
    let mut differences = Vec::new();
    let mut days = 0;
    for year in ours.years() {
        for day in date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(|d| d.year() == year) {
            let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            let expected = theirs.get(&day).copied().unwrap_or(!weekend);
            if ours.is_working(day) != Some(expected) {
                differences.push(day);
            }
            days += 1;
        }
    }
    assert!(days >= 12 * 365, "all years were compared");
    assert_eq!(differences, Vec::<Date>::new());
}

#[test]
fn notices_are_numbered_and_work_falls_on_weekends() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("checklists/calendar");
    for file in std::fs::read_dir(folder).expect("calendar files").flatten() {
        let text = std::fs::read_to_string(file.path()).expect("a calendar file");
        let year: xuncha::checklist::calendar::Year = toml::from_str(&text).expect("a calendar file");
        assert!(year.notice.starts_with("国办发明电〔") && year.notice.ends_with('号'), "{}", year.notice);
        assert!(
            year.notice.contains(&format!("〔{}〕", year.year - 1)),
            "a notice comes out in the year before: {}",
            year.notice
        );
        for day in &year.working {
            assert!(matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday), "{day} is no weekend day");
        }
        assert!(year.holidays.iter().all(|h| h.from <= h.to && h.to.year() == year.year));
    }
}

#[test]
fn working_days_over_the_years() {
    let calendar = Calendar::built_in();
    assert_eq!(calendar.working_days_between(date(2018, 12, 28), date(2019, 1, 2)), Some(2), "29 December is worked, 31 is off");
    assert_eq!(calendar.working_days_between(date(2020, 1, 23), date(2020, 2, 3)), Some(1), "the festival was made longer");
    assert_eq!(calendar.working_days_between(date(2014, 12, 31), date(2015, 1, 5)), None);
}
