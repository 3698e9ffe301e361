//! What a run knows of one origin and of one address: who waits, when the last request left, which connections stand.

use super::budget::{Budget, Spent};
use super::pace::Pace;
use std::sync::{Arc, Mutex, PoisonError};
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

    /// Time until the next request may leave; none: now.
    pub(super) fn wait(&self, now: Instant, margin: impl Fn(Duration) -> Duration) -> Option<Duration> {
        let paced = self.last.map(|last| last + margin(self.pace.interval()));
        let until = paced.into_iter().chain(self.closed).max()?;
        Some(until.saturating_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// A request leaves; until it is known to have arrived, its interval begins so much later.
    pub(super) fn released(&mut self, now: Instant, slack: Duration) {
        self.number += 1;
        self.last = Some(now + slack);
    }

    /// The last request has arrived.
    pub(super) fn arrived(&mut self, now: Instant) {
        self.last = Some(now);
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
    /// When the last request left, and when the next one may.
    times: Mutex<Option<(Instant, Instant)>>,
}

impl Address {
    pub(super) fn new(at_once: u32) -> Self {
        Address {
            room: Arc::new(Semaphore::new(at_once.max(1) as usize)),
            queue: tokio::sync::Mutex::default(),
            times: Mutex::default(),
        }
    }

    /// Time until the next request may leave; none: now.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let (_, next) = (*self.times.lock().unwrap_or_else(PoisonError::into_inner))?;
        Some(next.saturating_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// A request leaves; the next one after `interval`.
    pub(super) fn released(&self, now: Instant, interval: Duration) {
        *self.times.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, now + interval));
    }

    /// The request that left at `released` has arrived; if it is still the last, the next interval counts from here.
    pub(super) fn arrived(&self, released: Instant, now: Instant, interval: Duration) {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        if times.is_some_and(|(last, _)| last == released) {
            *times = Some((released, now + interval));
        }
    }
}
