//! The share of visits in a week that found no usable answer within fifteen seconds, from the visits of a history.
//!
//! Only with at least the number of valid visits that the norm asks for. Visits that failed on our side count for nothing; a refusal
//! proves that the site was reached.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::history::{Probe, ProbeOutcome};
use crate::finding::{Location, Observation, RootCause};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Availability {
    /// Days looked back.
    days: i64,
    /// Fewest valid visits.
    visits: u64,
    /// Seconds after which an answer is none.
    seconds: f64,
    /// Share of failed visits from which it fails, in percent, inclusive.
    percent: f64,
    /// Share from which another item takes over, in percent: for warnings.
    below: Option<f64>,
}

impl Default for Availability {
    fn default() -> Self {
        Availability { days: 7, visits: 140, seconds: 15.0, percent: 5.0, below: None }
    }
}

impl Rule for Availability {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let place = site.home.as_ref().map(|home| &home.url).or_else(|| site.pages.keys().next());
        let Some(history) = context.history else {
            return vec![Observation::untested("no-history")];
        };
        let host = place.map(|url| plain(url.host()));
        let since = history.until.as_second() - self.days * 24 * 3_600;
        let asked = |probe: &&Probe| {
            probe.at.as_second() > since && probe.at <= history.until && host.is_none_or(|host| plain(probe.url.host()) == host)
        };
        let valid: Vec<&Probe> = history.probes.iter().filter(asked).filter(|p| p.outcome != ProbeOutcome::Void).collect();
        let failed: Vec<&&Probe> = valid.iter().filter(|p| self.is_failed(p)).collect();
        let (visits, failures) = (valid.len() as u64, failed.len() as u64);
        if visits < self.visits.max(1) {
            return vec![Observation::untested("too-few").with("visits", visits as i64).with("least", self.visits as i64)];
        }
        let span =
            valid.iter().map(|p| p.at.as_second()).max().unwrap_or(0) - valid.iter().map(|p| p.at.as_second()).min().unwrap_or(0);
        // A week of visits, not an afternoon of them.
        if span < (self.days - 1) * 24 * 3_600 {
            return vec![Observation::untested("too-short").with("days", self.days)];
        }
        let at_least = |percent: f64| failures as f64 * 100.0 >= percent * visits as f64;
        if !at_least(self.percent) || self.below.is_some_and(at_least) {
            return vec![Observation::passed()];
        }
        // In hundredths of a percent, without rounding up to the limit.
        let hundredths = failures * 10_000 / visits;
        let share = format!("{}.{:02}%", hundredths / 100, hundredths % 100);
        let Some(url) = place.or_else(|| failed.first().map(|p| &p.url)) else {
            return vec![Observation::untested("no-history")];
        };
        let causes: Vec<String> =
            failed.iter().take(20).map(|p| format!("{} {}", p.at, p.cause.as_deref().unwrap_or("-"))).collect();
        vec![
            Observation::failed("unreachable")
                .with("visits", visits as i64)
                .with("failures", failures as i64)
                .with("share", share.as_str())
                .with("limit", format!("{}%", self.percent))
                .prove("visits", visits.to_string())
                .prove("failures", failures.to_string())
                .prove("failed-at", causes.join("; "))
                .seen(Location::page(url))
                .cause(RootCause::Platform),
        ]
    }
}

impl Availability {
    fn is_failed(&self, probe: &Probe) -> bool {
        match probe.outcome {
            ProbeOutcome::Failed => true,
            ProbeOutcome::Answered => probe.seconds.is_some_and(|s| s >= self.seconds),
            ProbeOutcome::Blocked | ProbeOutcome::Void => false,
        }
    }
}

fn plain(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}
