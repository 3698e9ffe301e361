//! Time in Asia/Shanghai. The only reader of the wall clock is [`now`]; everything that judges takes its instant as a value.

//!
//! A rehearsal of a year does not wait for it: where `XUNCHA_SIMULATED_CLOCK` names a file, the seconds since 1970 in that file are the
//! present instant, for every process that has it; the scheduler moves it on instead of sleeping.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static SIMULATED: LazyLock<Option<PathBuf>> =
    LazyLock::new(|| std::env::var_os("XUNCHA_SIMULATED_CLOCK").filter(|name| !name.is_empty()).map(PathBuf::from));

/// The file that stands in for the wall clock, in a rehearsal.
pub fn simulated() -> Option<&'static Path> {
    SIMULATED.as_deref()
}

/// Moves the simulated clock on; never back.
pub fn advance(to: Timestamp) -> std::io::Result<()> {
    let Some(file) = simulated() else { return Ok(()) };
    if to <= now() {
        return Ok(());
    }
    // A reader never sees half a number.
    let partial = file.with_extension(format!("{}.part", std::process::id()));
    std::fs::write(&partial, format!("{}\n", to.as_second()))?;
    std::fs::rename(&partial, file)
}

/// The zone of every date that we print or compare.
pub fn shanghai() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8)))
}

/// The present instant, to the second, as captures record it.
#[allow(clippy::disallowed_methods)] // the one place that may
pub fn now() -> Timestamp {
    if let Some(file) = simulated()
        && let Ok(text) = std::fs::read_to_string(file)
        && let Some(at) = text.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok())
    {
        return at;
    }
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
