//! What a run has spent of its budgets, as it is kept in the run folder: a run that goes on does not begin its budgets anew.

use super::budget::{Budget, Spent};
use super::{Gates, lock};
use crate::config::Config;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// Spent by a run, and by origin where origins have budgets of their own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    run: Line,
    hosts: BTreeMap<String, Line>,
}

/// One line of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Line {
    requests: u64,
    bytes: u64,
    /// Since the first request, without pauses by the clock.
    seconds: f64,
}

impl Line {
    fn of(spent: &Spent, active: Duration) -> Self {
        Line { requests: spent.requests, bytes: spent.bytes, seconds: spent.time(active).as_secs_f64() }
    }

    fn spent(self) -> Spent {
        let before = Duration::try_from_secs_f64(self.seconds).unwrap_or_default();
        Spent::before(self.requests, self.bytes, before)
    }
}

impl Gates {
    /// What has been spent so far; none where nothing is limited.
    pub fn ledger(&self) -> Option<Ledger> {
        if !has_limits(&self.gate.config) {
            return None;
        }
        let active = self.gate.active(Instant::now());
        let hosts = lock(&self.gate.hosts);
        let limited = hosts.iter().filter(|(_, host)| !host.budget.is_unlimited());
        Some(Ledger {
            run: Line::of(&lock(&self.gate.spent), active),
            hosts: limited.map(|(origin, host)| (origin.clone(), Line::of(&lock(&host.state).spent, active))).collect(),
        })
    }

    /// Goes on from what an earlier part of the run had spent.
    pub fn take_up(&self, ledger: &Ledger) {
        *lock(&self.gate.spent) = ledger.run.spent();
        for (origin, line) in &ledger.hosts {
            if let Ok(url) = CanonicalUrl::parse(origin) {
                lock(&self.gate.host(&url).state).spent = line.spent();
            }
        }
    }
}

fn has_limits(config: &Config) -> bool {
    !(Budget::of_run(config).is_unlimited() && Budget::of_host(config, "").is_unlimited())
}
