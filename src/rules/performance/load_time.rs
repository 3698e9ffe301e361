//! Pages load in time: the median of the responses, not the one that met a busy moment (国办发〔2017〕47号: 不宜超过3秒).
//!
//! What is measured is the page itself, from the request to the end of the response, as one machine saw it once. Pictures and scripts
//! come on top, so what is too slow here is too slow for visitors, and what is fast may still be.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LoadTime {
    /// Longest time, in seconds.
    seconds: f64,
    /// Fewest pages that have to be measured.
    at_least: usize,
}

impl Default for LoadTime {
    fn default() -> Self {
        LoadTime { seconds: 3.0, at_least: 5 }
    }
}

/// Slowest pages that are named.
const SHOWN: usize = 10;

impl Rule for LoadTime {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, _: &Context<'_>) -> Vec<Observation> {
        if site.load_times.len() < self.at_least.max(1) {
            return vec![Observation::untested("unmeasured").with("pages", site.load_times.len())];
        }
        let mut times: Vec<_> = site.load_times.iter().map(|(url, time)| (*time, url)).collect();
        times.sort_unstable();
        let median = times.get(times.len() / 2).map_or(0, |(time, _)| *time);
        let most = (self.seconds.max(0.0) * 1000.0) as u64;
        if u64::from(median) <= most {
            return vec![Observation::passed()];
        }
        let slow = times.iter().filter(|(time, _)| u64::from(*time) > most).count();
        let observation = Observation::failed("slow")
            .at(Locus::Name("median".to_owned()))
            .with("seconds", seconds(median))
            .with("limit", format!("{}", self.seconds))
            .with("slow", slow)
            .with("pages", times.len())
            .prove("median-milliseconds", median.to_string())
            .count(slow as u64);
        let place = |time: u32, url| Location { text: Some(seconds(time)), ..Location::page(url) };
        vec![times.iter().rev().take(SHOWN).fold(observation, |observation, (time, url)| observation.seen(place(*time, url)))]
    }
}

/// With one decimal.
fn seconds(milliseconds: u32) -> String {
    format!("{:.1} s", f64::from(milliseconds) / 1000.0)
}
