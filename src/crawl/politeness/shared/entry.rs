//! What the processes of a machine know of one key together. Moments are microseconds of the wall clock.

use super::super::host::look;
use super::{Want, micros};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// No entry makes anybody wait longer: more than this was not written by us.
const LONGEST: i64 = 15 * 60 * 1_000_000;
/// What a process asked for holds for the others for at least so long after its last request.
const CONCERNED: i64 = 10 * 1_000_000;

/// One key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// When this was written.
    pub(super) at: i64,
    /// When the next request may leave.
    next: i64,
    /// Is the last request not known to have arrived?
    under_way: bool,
    /// Name of the process that passed last.
    last: String,
    /// Longest interval of those concerned, until when it holds, and whose it is.
    slow: (i64, i64, String),
    /// Least room of those concerned, and until when it holds.
    room: (u32, i64),
    /// Who goes ahead of the others next, and until when the place is kept.
    #[serde(default)]
    ahead: (String, i64),
    /// Requests in flight by process.
    held: BTreeMap<String, Held>,
}

/// Requests of a process in flight.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) count: u32,
    /// When the last of them has ended at the latest.
    pub(super) until: i64,
}

impl Entry {
    /// An entry from the future was written before the clock was set back: as if it had been written now.
    pub(super) fn settle_clock(&mut self, now: i64) {
        let back = self.at.saturating_sub(now);
        if back > 0 {
            let move_back = |moment: &mut i64| *moment = moment.saturating_sub(back);
            [&mut self.at, &mut self.next, &mut self.slow.1, &mut self.room.1, &mut self.ahead.1].into_iter().for_each(move_back);
            self.held.values_mut().for_each(|held| move_back(&mut held.until));
        }
        self.next = self.next.min(now.saturating_add(LONGEST));
    }

    /// Time until the next request may leave, or until it is worth another look.
    pub(super) fn wait(&self, now: i64, interval: Duration) -> Duration {
        let left = Duration::from_micros(u64::try_from(self.next.saturating_sub(now)).unwrap_or(0));
        if self.under_way { left.min(look(interval)) } else { left }
    }

    /// Requests of other living processes in flight.
    pub(super) fn others(&mut self, own: &str, now: i64, lives: &dyn Fn(&str) -> bool) -> u32 {
        self.held.retain(|name, held| name == own || held.until > now && lives(name));
        self.held.iter().filter(|(name, _)| *name != own).map(|(_, held)| held.count).sum()
    }

    /// Requests at once: the least that anybody concerned wants.
    pub(super) fn room(&self, own: u32, now: i64) -> u32 {
        let (least, until) = self.room;
        if until > now && least > 0 { own.min(least) } else { own }.max(1)
    }

    /// Longest interval that somebody else concerned keeps, microseconds.
    fn slowest_other(&self, name: &str, now: i64) -> i64 {
        let (slowest, until, whose) = &self.slow;
        if *until > now && whose != name { *slowest } else { 0 }
    }

    /// A request leaves now.
    pub(super) fn pass(&mut self, now: i64, want: &Want, name: &str, held: Held) {
        let (own, other) = (micros(want.interval), self.slowest_other(name, now));
        let concerned_until = now.saturating_add(CONCERNED.max(own.saturating_mul(3)));
        if own >= other {
            self.slow = (own, concerned_until, name.to_owned());
        }
        if want.at_once <= self.room(want.at_once, now) {
            self.room = (want.at_once, concerned_until);
        }
        self.at = now;
        self.next = now.saturating_add(own.max(other)).saturating_add(micros(want.slack));
        self.under_way = !want.slack.is_zero();
        name.clone_into(&mut self.last);
        if self.ahead.0 == name {
            self.ahead = Default::default();
        }
        self.held.insert(name.to_owned(), held);
    }

    /// The request that passed last, if it was ours, has arrived by now.
    pub(super) fn arrived(&mut self, now: i64, want: &Want, name: &str) {
        if self.last == name {
            self.under_way = false;
            self.at = now;
            self.next = now.saturating_add(micros(want.interval).max(self.slowest_other(name, now)));
        }
    }

    /// Nothing leaves for so long.
    pub(super) fn close(&mut self, now: i64, pause: Duration) {
        self.at = now;
        self.next = self.next.max(now.saturating_add(micros(pause).min(LONGEST)));
    }

    /// Does somebody else wait who goes before us?
    pub(super) fn is_another_ahead(&self, name: &str, now: i64) -> bool {
        let (whose, until) = &self.ahead;
        *until > now && *until <= now.saturating_add(LONGEST) && whose != name
    }

    /// Keeps the next turn for a process that goes ahead; who came first keeps it.
    pub(super) fn keep_place(&mut self, now: i64, name: &str, until: i64) {
        if !self.is_another_ahead(name, now) {
            self.at = now;
            self.ahead = (name.to_owned(), until);
        }
    }

    /// A process has so many in flight.
    pub(super) fn hold(&mut self, name: &str, count: u32) {
        if count == 0 {
            self.held.remove(name);
        } else if let Some(held) = self.held.get_mut(name) {
            held.count = count;
        }
    }

    /// Does it say nothing any more?
    pub(super) fn is_over(&self, now: i64) -> bool {
        self.next <= now
            && self.slow.1 <= now
            && self.room.1 <= now
            && self.ahead.1 <= now
            && self.held.values().all(|held| held.until <= now)
    }
}
