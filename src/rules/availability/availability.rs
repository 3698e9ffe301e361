//! The share of visits in a week that found no usable answer within fifteen seconds, from the visits of a history.
//!
//! Only with at least the number of valid visits that the norm asks for. Visits that failed on our side count for nothing; a refusal
//! proves that the site was reached. Each network (vantage) is reckoned by itself: what only one of them saw is suspected until a person
//! confirms it, because the line in between may be at fault; where a second one with enough visits did not see it, nobody can tell.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::history::{Probe, ProbeOutcome};
use crate::finding::{Location, Observation, RootCause};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Failures that are listed with time and cause: more than a week of visits has.
const MOST_FAILURES: usize = 2_100;

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
        let mut vantages: Vec<Option<&str>> = valid.iter().map(|probe| probe.vantage.as_deref()).collect();
        vantages.sort_unstable();
        vantages.dedup();
        let weeks: Vec<Week<'_>> = vantages.iter().map(|at| self.week(&valid, *at)).collect();
        let most = weeks.iter().map(|week| week.valid).max().unwrap_or(0);
        if most < self.visits.max(1) {
            return vec![Observation::untested("too-few").with("visits", most as i64).with("least", self.visits as i64)];
        }
        let told: Vec<&Week<'_>> = weeks.iter().filter(|week| week.valid >= self.visits.max(1) && week.spans).collect();
        if told.is_empty() {
            return vec![Observation::untested("too-short").with("days", self.days)];
        }
        let over: Vec<&&Week<'_>> = told.iter().filter(|week| self.is_over(week)).collect();
        let Some(worst) = over.iter().max_by_key(|week| (week.failed.len() as u64 * 10_000 / week.valid, week.valid)) else {
            return vec![Observation::passed()];
        };
        let (visits, failures) = (worst.valid, worst.failed.len() as u64);
        // In hundredths of a percent, without rounding up to the limit.
        let hundredths = failures * 10_000 / visits;
        let share = format!("{}.{:02}%", hundredths / 100, hundredths % 100);
        let Some(url) = place.or_else(|| worst.failed.first().map(|p| &p.url)) else {
            return vec![Observation::untested("no-history")];
        };
        if over.len() < told.len() {
            return vec![Observation::cannot_tell("vantages-disagree").with("share", share.as_str()).seen(Location::page(url))];
        }
        let causes: Vec<String> =
            worst.failed.iter().take(MOST_FAILURES).map(|p| format!("{} {}", p.at, p.cause.as_deref().unwrap_or("-"))).collect();
        let names: Vec<&str> = over.iter().filter_map(|week| week.vantage).collect();
        let observation = Observation::failed("unreachable")
            .with("visits", visits as i64)
            .with("failures", failures as i64)
            .with("share", share.as_str())
            .with("limit", format!("{}%", self.percent))
            .prove("visits", visits.to_string())
            .prove("failures", failures.to_string())
            .prove("vantages", if names.is_empty() { "1".to_owned() } else { names.join(", ") })
            .prove("failed-at", causes.join("; "))
            .seen(Location::page(url))
            .cause(RootCause::Platform);
        vec![if over.len() > 1 { observation } else { observation.suspected() }]
    }
}

/// What one network saw in the days looked back.
struct Week<'a> {
    vantage: Option<&'a str>,
    valid: u64,
    failed: Vec<&'a Probe>,
    /// A week of visits, not an afternoon of them?
    spans: bool,
}

impl Availability {
    fn week<'a>(&self, valid: &[&'a Probe], vantage: Option<&'a str>) -> Week<'a> {
        let mine: Vec<&Probe> = valid.iter().copied().filter(|probe| probe.vantage.as_deref() == vantage).collect();
        let at = |probe: &&&Probe| probe.at.as_second();
        let span = mine.iter().max_by_key(at).map_or(0, |p| p.at.as_second())
            - mine.iter().min_by_key(at).map_or(0, |p| p.at.as_second());
        Week {
            vantage,
            valid: mine.len() as u64,
            failed: mine.iter().copied().filter(|probe| self.is_failed(probe)).collect(),
            spans: span >= (self.days - 1) * 24 * 3_600,
        }
    }

    fn is_over(&self, week: &Week<'_>) -> bool {
        let at_least = |percent: f64| week.failed.len() as f64 * 100.0 >= percent * week.valid as f64;
        at_least(self.percent) && !self.below.is_some_and(at_least)
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
