//! Time in Asia/Shanghai. The only reader of the wall clock is [`now`]; everything that judges takes its instant as a value.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The zone of every date that we print or compare.
pub fn shanghai() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8)))
}

/// The present instant, to the second, as captures record it.
#[allow(clippy::disallowed_methods)] // the one place that may
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// Microseconds since 1970 by the wall clock: what processes of one machine tell one another; nothing is judged by it.
#[allow(clippy::disallowed_methods)] // like `now`, but fine enough for gaps between requests
pub fn micros() -> i64 {
    Timestamp::now().as_microsecond()
}

/// The civil date in Shanghai at an instant.
pub fn date_of(instant: Timestamp) -> Date {
    instant.to_zoned(shanghai()).date()
}

/// The last second of a civil date in Shanghai: what `--as-of 2026-03-31` means.
pub fn end_of(date: Date) -> Timestamp {
    date.at(23, 59, 59, 0).to_zoned(shanghai()).map(|z| z.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH)
}
