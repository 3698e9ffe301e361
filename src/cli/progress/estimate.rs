//! How long a crawl will still take, as far as that can be known: what waits, at the pace of the last minutes. Pages lead to pages, so
//! while more is found than ends, the figure is a least one and says so.

use std::collections::VecDeque;
use std::time::Duration;

/// How far back the pace is measured.
const WINDOW: Duration = Duration::from_secs(120);
/// Samples are at least this far apart.
const APART: Duration = Duration::from_secs(1);
/// Before this nothing is said.
const LEAST: Duration = Duration::from_secs(5);

/// What can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remaining {
    /// Too early, or nothing ends.
    Unknown,
    /// What waits gets less: about this long.
    About(Duration),
    /// More is found than ends: at least this long.
    AtLeast(Duration),
}

/// Watches the pace.
#[derive(Debug, Default)]
pub struct Estimate {
    /// When, ended, waiting.
    samples: VecDeque<(Duration, u64, u64)>,
}

impl Estimate {
    /// Notes a moment (since the beginning), what ended by then and what waits, and says how long it will still take.
    pub fn note(&mut self, now: Duration, ended: u64, waiting: u64) -> Remaining {
        if self.samples.back().is_none_or(|(last, ..)| now.saturating_sub(*last) >= APART) {
            self.samples.push_back((now, ended, waiting));
            while self.samples.front().is_some_and(|(first, ..)| now.saturating_sub(*first) > WINDOW) {
                self.samples.pop_front();
            }
        }
        let Some((first, then, waited)) = self.samples.front().copied() else { return Remaining::Unknown };
        let passed = now.saturating_sub(first);
        let done = ended.saturating_sub(then);
        if passed < LEAST || done == 0 {
            return Remaining::Unknown;
        }
        let seconds = waiting as f64 * passed.as_secs_f64() / done as f64;
        let remaining = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        if waiting < waited { Remaining::About(remaining) } else { Remaining::AtLeast(remaining) }
    }
}

impl std::fmt::Display for Remaining {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Remaining::Unknown => f.write_str("剩 left ?"),
            Remaining::About(time) => write!(f, "剩约 left ~{}", shown(*time)),
            Remaining::AtLeast(time) => write!(f, "至少还需 left ≥{}", shown(*time)),
        }
    }
}

/// The two largest units: more would not be true.
fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        (0, 0, _) => format!("{minutes}m"),
        (0, ..) => format!("{hours}h{minutes:02}m"),
        _ => format!("{days}d{hours:02}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn it_says_about_only_where_the_end_comes_nearer() {
        let mut estimate = Estimate::default();
        assert_eq!(estimate.note(at(0), 0, 1), Remaining::Unknown);
        assert_eq!(estimate.note(at(1), 2, 100), Remaining::Unknown, "too early");
        assert_eq!(estimate.note(at(10), 20, 400), Remaining::AtLeast(at(200)), "it still grows");
        for second in 11..200 {
            estimate.note(at(second), 20 + 2 * (second - 10), 400 - 2 * (second - 10));
        }
        assert_eq!(estimate.note(at(200), 400, 20), Remaining::About(at(10)));
        assert!(estimate.samples.len() <= 122, "bounded");
        let mut stuck = Estimate::default();
        stuck.note(at(0), 5, 10);
        assert_eq!(stuck.note(at(100), 5, 10), Remaining::Unknown, "nothing ends");
    }

    #[test]
    fn it_is_shown_no_finer_than_it_is_known() {
        let shown = |seconds| Remaining::About(at(seconds)).to_string();
        assert_eq!(
            [shown(9), shown(150), shown(3_700), shown(90_000)],
            ["剩约 left ~9s", "剩约 left ~2m", "剩约 left ~1h01m", "剩约 left ~1d01h"]
        );
    }
}
