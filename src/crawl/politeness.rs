//! Politeness: the one gate that every request passes, per origin and per address.
//!
//! A gate opens once per interval (burst 1), and lets a bounded number of requests be under way. Many bureaus share the one address of
//! their province's platform, so an address has a gate of its own, at twice the rate and room of an origin. A request leaves when both
//! are open at once. The processes of a machine share their gates ([`shared`]). Rate, Crawl-delay, Retry-After, back-off: the strictest
//! holds. Budgets and the hours in which nothing is sent are kept here too, because nothing can pass them here.

mod budget;
mod gate;
mod host;
mod ledger;
mod pace;
mod pass;
pub mod patience;
mod shared;
mod told;

pub use budget::Spent;
pub use ledger::Ledger;
pub use pass::{Pass, connected};

use crate::config::{Config, Hours};
use crate::crawl::fetch::Failure;
use crate::crawl::fetch::names::Way;
use crate::url::CanonicalUrl;
use budget::Budget;
use gate::Gate;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Longest Crawl-delay under which a host is crawled; a longer one is taken as a refusal, never shortened.
pub const LONGEST_DELAY: Duration = Duration::from_secs(10 * 60);
/// Longest Retry-After for which a run waits; who asks for a longer pause is not asked again in this run.
pub const LONGEST_RETRY: Duration = Duration::from_secs(10 * 60);
/// Rates above this are no politeness (a server of one's own under test): no interval is kept, and nothing shared.
const UNPACED: f64 = 1_000.0;
/// All gates of a run.
#[derive(Debug)]
pub struct Gates {
    gate: Arc<Gate>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Time between requests at a rate per second.
pub fn interval(rate: f64) -> Duration {
    let rate = if rate.is_finite() { rate.clamp(0.001, 1e6) } else { 1.0 };
    Duration::from_secs_f64(1.0 / rate)
}

impl Gates {
    /// Gates as configured.
    pub fn new(config: &Config) -> Self {
        Self::with_clock(config, crate::clock::now)
    }

    /// Likewise with another clock for the hours in which requests may be sent.
    pub fn with_clock(config: &Config, clock: fn() -> Timestamp) -> Self {
        let gate = Gate {
            hours: Hours::of(config),
            clock,
            paced: config.rate <= UNPACED,
            shared: OnceLock::new(),
            alone: OnceLock::new(),
            ahead: OnceLock::new(),
            budget: Budget::of_run(config),
            spent: Mutex::default(),
            hosts: Mutex::default(),
            addresses: Mutex::default(),
            told: told::Told::default(),
            began: Instant::now(),
            paused: Mutex::default(),
            config: config.clone(),
        };
        Gates { gate: Arc::new(gate) }
    }

    /// Waits until a request to this URL by this way is polite, and lets it go. `fresh`: on a connection of its own.
    ///
    /// # Errors
    /// The budget that is spent, or the host that asked for a pause longer than a run waits.
    pub async fn pass(&self, url: &CanonicalUrl, way: &Way, fresh: bool) -> Result<Pass, Failure> {
        patience::turn(self.gate.clone().pass(url, way, fresh)).await
    }

    /// From now on what passes here goes before what waits at the same shared gates elsewhere.
    pub fn go_ahead(&self) {
        self.gate.ahead.get_or_init(|| ());
    }

    /// Why nothing may be asked of this origin any more; none while it may.
    pub fn refusal(&self, url: &CanonicalUrl) -> Option<Failure> {
        let host = self.gate.host(url);
        self.gate.refusal(&host)
    }

    /// Takes the Crawl-delay of an origin; the strictest holds. Returns the interval that holds now.
    pub fn slow_down(&self, url: &CanonicalUrl, delay: Duration) -> Duration {
        let host = self.gate.host(url);
        let mut state = lock(&host.state);
        state.pace.delay(delay);
        state.pace.interval()
    }

    /// What the run has sent and received so far.
    pub fn spent(&self) -> Spent {
        lock(&self.gate.spent).clone()
    }

    /// The next thing that the gates have to say, when they say it: a pause, its end, a host that is asked more slowly.
    pub async fn told(&self) -> String {
        self.gate.told.next().await
    }
}

/// Seconds or date of a Retry-After, of answers that say "later" and came at that moment.
pub fn retry_after(status: u16, field: Option<&str>, at: Timestamp) -> Option<Duration> {
    if !matches!(status, 429 | 503) {
        return None;
    }
    let value = field?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    u64::try_from(date.as_second() - at.as_second()).ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests;
