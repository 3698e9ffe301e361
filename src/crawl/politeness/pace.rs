//! How fast one host is asked: the strictest of the configured rate and its Crawl-delay, and less while it shows that this is too much.
//!
//! Too much is a 429, a 503, a time-out, or answers that take far longer than they used to. Each halves the share of the allowed rate
//! that is used; every good answer gives a twentieth of it back (additive increase, multiplicative decrease, as TCP does it).

use std::time::Duration;
use tokio::time::Instant;

/// Least share of the allowed rate.
const LEAST_SHARE: f64 = 1.0 / 16.0;
/// What a good answer gives back.
const STEP: f64 = 1.0 / 20.0;
/// Backing off alone makes no interval longer than this.
const LONGEST_EASED: Duration = Duration::from_secs(30);
/// Answers whose times are averaged.
const SAMPLE: u32 = 8;
/// Answers this many times slower than the host's own best are a sign of load …
const SLOWER: f64 = 3.0;
/// … when they are also slower by so many seconds.
const SLOWER_BY: f64 = 0.3;
/// The best average forgets a little with every sample: a site may be slower in the afternoon.
const FORGETS: f64 = 1.02;

/// What a request showed of its host's load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sign {
    /// An answer; seconds to its head, where the connection stood already.
    Answered(Option<f64>),
    /// 429 or 503, or no answer in time: the word for it.
    TooMuch(&'static str),
    /// Nothing about load.
    None,
}

/// A change worth telling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Change {
    /// Slower from now on, and why.
    Slowed(&'static str),
    /// At full pace again.
    Recovered,
}

/// The pace of one host.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    base: Duration,
    delay: Duration,
    share: f64,
    eased: Option<Instant>,
    samples: u32,
    sum: f64,
    best: Option<f64>,
}

impl Pace {
    /// One request per `base`.
    pub(super) fn new(base: Duration) -> Self {
        Pace { base, delay: Duration::ZERO, share: 1.0, eased: None, samples: 0, sum: 0.0, best: None }
    }

    /// Takes a Crawl-delay.
    pub(super) fn delay(&mut self, delay: Duration) {
        self.delay = delay;
    }

    /// Is nothing known that a new one would not know?
    pub(super) fn is_plain(&self) -> bool {
        self.delay.is_zero() && self.share >= 1.0
    }

    /// Time between two requests, now.
    pub(super) fn interval(&self) -> Duration {
        let allowed = self.base.max(self.delay);
        allowed.div_f64(self.share).min(allowed.max(LONGEST_EASED))
    }

    /// Takes what a request that was sent at `released` showed at `now`.
    pub(super) fn heard(&mut self, sign: Sign, released: Instant, now: Instant) -> Option<Change> {
        match sign {
            Sign::TooMuch(why) => self.ease(why, released, now),
            Sign::Answered(seconds) => {
                if seconds.is_some_and(|seconds| self.is_slow(seconds)) {
                    return self.ease("slow", released, now);
                }
                if self.share >= 1.0 {
                    return None;
                }
                self.share = (self.share + STEP).min(1.0);
                (self.share >= 1.0).then_some(Change::Recovered)
            }
            Sign::None => None,
        }
    }

    /// Halves the share, once for all requests that were under way.
    fn ease(&mut self, why: &'static str, released: Instant, now: Instant) -> Option<Change> {
        if self.eased.is_some_and(|eased| released < eased) {
            return None;
        }
        self.eased = Some(now);
        let before = self.share;
        self.share = (self.share / 2.0).max(LEAST_SHARE);
        (self.share < before).then_some(Change::Slowed(why))
    }

    /// Averages answer times; true when an average is far above the best one.
    fn is_slow(&mut self, seconds: f64) -> bool {
        self.samples += 1;
        self.sum += seconds;
        if self.samples < SAMPLE {
            return false;
        }
        let mean = self.sum / f64::from(self.samples);
        (self.samples, self.sum) = (0, 0.0);
        let best = self.best.map_or(mean, |best| (best * FORGETS).min(mean));
        self.best = Some(best);
        mean > best * SLOWER && mean > best + SLOWER_BY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_strictest_holds() {
        let mut pace = Pace::new(SECOND / 2);
        assert_eq!(pace.interval(), SECOND / 2);
        pace.delay(SECOND * 4);
        assert_eq!(pace.interval(), SECOND * 4);
        pace.delay(SECOND / 4);
        assert_eq!(pace.interval(), SECOND / 2);
    }

    #[test]
    fn trouble_halves_and_answers_give_back() {
        let mut pace = Pace::new(SECOND / 2);
        let mut now = Instant::now();
        for interval in [1, 2, 4, 8, 8] {
            pace.heard(Sign::TooMuch("503"), now, now);
            // Those that were sent before are not counted again.
            pace.heard(Sign::TooMuch("503"), now - SECOND, now);
            assert_eq!(pace.interval(), SECOND * interval);
            now += SECOND;
        }
        let mut answers = 0;
        while pace.heard(Sign::Answered(None), now, now) != Some(Change::Recovered) {
            answers += 1;
            assert!(answers < 20);
        }
        assert_eq!(pace.interval(), SECOND / 2);
        assert!(answers > 15, "{answers}: back to full pace at once");
    }

    #[test]
    fn backing_off_is_bounded_but_never_above_a_delay() {
        let mut pace = Pace::new(SECOND * 10);
        let now = Instant::now();
        for n in 0..9 {
            pace.heard(Sign::TooMuch("429"), now + SECOND * n, now + SECOND * n);
        }
        assert_eq!(pace.interval(), LONGEST_EASED);
        pace.delay(SECOND * 60);
        assert_eq!(pace.interval(), SECOND * 60);
    }

    #[test]
    fn growing_latency_slows_and_a_steady_one_does_not() {
        let mut pace = Pace::new(SECOND / 2);
        let now = Instant::now();
        let mut times =
            |seconds: f64, n: u32| (0..n).filter_map(|_| pace.heard(Sign::Answered(Some(seconds)), now, now)).collect::<Vec<_>>();
        assert!(times(2.0, 40).is_empty(), "slow from the beginning is how it is");
        assert!(times(0.1, 40).is_empty());
        assert!(times(0.25, 40).is_empty(), "a little slower is no sign");
        assert_eq!(times(0.9, 8), [Change::Slowed("slow")]);
    }
}
