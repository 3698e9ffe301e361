//! What a run knows of one origin and of one address: who waits, when the last request left, which connections stand.

use super::budget::{Budget, Spent};
use super::pace::Pace;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// A connection that was idle for longer may have been closed by the server.
const IDLE: Duration = Duration::from_secs(30);
/// Changes of one host's pace that are told.
const MOST_TOLD: u32 = 12;

/// One origin.
#[derive(Debug)]
pub(super) struct Host {
    /// Requests under way.
    pub(super) room: Arc<Semaphore>,
    /// Whose turn it is.
    pub(super) queue: tokio::sync::Mutex<()>,
    pub(super) budget: Budget,
    pub(super) state: Mutex<HostState>,
}

#[derive(Debug)]
pub(super) struct HostState {
    pub(super) pace: Pace,
    pub(super) spent: Spent,
    /// Asked to come back so late that this run does not: until when, and the pause asked for.
    pub(super) shut: Option<(Instant, Duration)>,
    /// Number of the last request that left, from 1.
    pub(super) number: u64,
    /// From when the next interval counts: when the last request left, or arrived.
    last: Option<Instant>,
    /// As long as the last request is not known to have arrived, so much more.
    slack: Duration,
    closed: Option<Instant>,
    /// Connections that stand unused, and since when at least one does.
    idle: u32,
    idle_since: Option<Instant>,
    told: u32,
}

impl Host {
    /// One request per `interval`, `at_once` under way.
    pub(super) fn new(interval: Duration, at_once: u32, budget: Budget) -> Self {
        let state = HostState {
            pace: Pace::new(interval),
            spent: Spent::default(),
            shut: None,
            number: 0,
            last: None,
            slack: Duration::ZERO,
            closed: None,
            idle: 0,
            idle_since: None,
            told: 0,
        };
        Host {
            room: Arc::new(Semaphore::new(at_once.max(1) as usize)),
            queue: tokio::sync::Mutex::default(),
            budget,
            state: Mutex::new(state),
        }
    }

    /// Would another one made anew be as good?
    pub(super) fn is_plain(&self) -> bool {
        let state = super::lock(&self.state);
        let now = Instant::now();
        let is_past = |moment: Option<Instant>| moment.is_none_or(|moment| moment <= now);
        state.is_over(now)
            && state.pace.is_plain()
            && is_past(state.closed)
            && is_past(state.shut.map(|(until, _)| until))
            && self.budget.is_unlimited()
    }
}

impl HostState {
    fn is_over(&self, now: Instant) -> bool {
        self.last.is_none_or(|last| now.saturating_duration_since(last) > self.pace.interval() * 2)
    }

    /// Time until the next request may leave, or until it is worth another look; none: now.
    pub(super) fn wait(&self, now: Instant, margin: impl Fn(Duration) -> Duration) -> Option<Duration> {
        let interval = margin(self.pace.interval());
        let left = |until: Option<Instant>| until.map(|until| until.saturating_duration_since(now)).unwrap_or_default();
        let closed = left(self.closed);
        let paced = left(self.last.map(|last| last + self.slack + interval));
        // It may arrive any moment.
        let paced = if self.slack.is_zero() { paced } else { paced.min(look(interval)) };
        Some(paced.max(closed)).filter(|left| !left.is_zero())
    }

    /// A request leaves; until it is known to have arrived, its interval begins so much later.
    pub(super) fn released(&mut self, now: Instant, slack: Duration) {
        self.number += 1;
        (self.last, self.slack) = (Some(now), slack);
    }

    /// The last request has arrived.
    pub(super) fn arrived(&mut self, now: Instant) {
        (self.last, self.slack) = (Some(now), Duration::ZERO);
    }

    /// Nothing leaves until then.
    pub(super) fn close(&mut self, until: Instant) {
        self.closed = Some(self.closed.map_or(until, |closed| closed.max(until)));
    }

    /// Does a connection stand that a request can take at once?
    pub(super) fn has_connection(&self, now: Instant) -> bool {
        self.idle > 0 && self.idle_since.is_some_and(|since| now.saturating_duration_since(since) < IDLE)
    }

    /// A request takes one.
    pub(super) fn take_connection(&mut self) {
        self.idle = self.idle.saturating_sub(1);
    }

    /// A request leaves one behind.
    pub(super) fn keep_connection(&mut self, now: Instant) {
        if self.idle_since.is_some_and(|since| now.saturating_duration_since(since) >= IDLE) {
            self.idle = 0;
        }
        self.idle = (self.idle + 1).min(32);
        self.idle_since = Some(now);
    }

    /// Is a change of pace worth another sentence?
    pub(super) fn may_tell(&mut self) -> bool {
        self.told += 1;
        self.told <= MOST_TOLD
    }
}

/// One address.
#[derive(Debug)]
pub(super) struct Address {
    /// Requests under way.
    pub(super) room: Arc<Semaphore>,
    /// Whose turn it is.
    pub(super) queue: tokio::sync::Mutex<()>,
    last: Mutex<Option<Left>>,
}

/// The last request to an address.
#[derive(Debug, Clone, Copy)]
struct Left {
    released: Instant,
    /// From when its interval counts.
    from: Instant,
    interval: Duration,
    slack: Duration,
}

impl Address {
    pub(super) fn new(at_once: u32) -> Self {
        Address {
            room: Arc::new(Semaphore::new(at_once.max(1) as usize)),
            queue: tokio::sync::Mutex::default(),
            last: Mutex::default(),
        }
    }

    /// Time until the next request may leave, or until it is worth another look; none: now.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let last = (*super::lock(&self.last))?;
        let left = (last.from + last.interval + last.slack).saturating_duration_since(now);
        let left = if last.slack.is_zero() { left } else { left.min(look(last.interval)) };
        Some(left).filter(|left| !left.is_zero())
    }

    /// A request leaves.
    pub(super) fn released(&self, now: Instant, interval: Duration, slack: Duration) {
        *super::lock(&self.last) = Some(Left { released: now, from: now, interval, slack });
    }

    /// The request that left at `released` has arrived; if it is still the last, the next interval counts from here.
    pub(super) fn arrived(&self, released: Instant, now: Instant) {
        if let Some(last) = super::lock(&self.last).as_mut().filter(|last| last.released == released) {
            (last.from, last.slack) = (now, Duration::ZERO);
        }
    }
}

/// How often to look whether a request has arrived.
pub(super) fn look(interval: Duration) -> Duration {
    (interval / 5).clamp(Duration::from_millis(2), Duration::from_millis(100))
}
