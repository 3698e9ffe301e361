//! Configuration: defaults ◄ file ◄ environment ◄ flags; each value knows its origin.

mod authority;
mod check;
pub mod hours;
mod layers;
pub mod per_unit;
mod render;
mod resolve;
mod units;

pub use authority::Authority;
pub use hours::Hours;
pub use layers::{Loaded, Source, load};
pub use render::Render;
pub use resolve::Resolve;

use serde::{Deserialize, Serialize};

/// Effective values. Durations are seconds, sizes bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Requests per second and origin; an address takes twice that.
    pub rate: f64,
    /// Requests at once per origin; an address takes twice that.
    pub at_once: u32,
    /// Windows in which nothing is sent, see [`Hours`].
    pub quiet_hours: Vec<String>,
    /// Windows in which alone something is sent; none: always.
    pub allowed_hours: Vec<String>,
    /// Folder in which the processes of this machine share their gates; empty: that of the user's state, `none`: not shared.
    pub shared_gates: String,
    /// Most requests of a run, repeated ones included; 0: no limit.
    pub max_requests: u64,
    /// Most bytes received in a run; 0: no limit.
    pub max_total_bytes: u64,
    /// Most seconds of a run, pauses by the clock not counted; 0: no limit.
    pub max_time: f64,
    /// Most requests to one origin; 0: no limit.
    pub max_host_requests: u64,
    /// Most bytes from one origin; 0: no limit.
    pub max_host_bytes: u64,
    /// Most seconds after the first request to an origin, pauses by the clock not counted; 0: no limit.
    pub max_host_time: f64,
    /// Seconds to connect.
    pub connect_timeout: f64,
    /// Seconds for one response, headers to last byte.
    pub timeout: f64,
    /// Seconds after which seeds that gave nothing end the run.
    pub seed_patience: f64,
    /// Largest body, as received and after decoding.
    pub max_bytes: u64,
    /// Largest attachment that is fetched whole, likewise.
    pub max_attachment_bytes: u64,
    /// Redirects followed from one URL.
    pub max_redirects: u32,
    /// Most pages fetched; 0: no limit.
    pub max_pages: u64,
    /// Most links followed from a seed.
    pub max_hops: u32,
    /// Attempts per URL.
    pub max_attempts: u32,
    /// Seconds before the second look at a possibly dead link; at least 2.
    pub second_look_after: f64,
    /// Are external links checked?
    pub external: bool,
    /// Is any request sent for a folder target?
    pub folder_external: bool,
    /// `HOST:PORT:ADDR` with ADDR = IP or IP:PORT.
    pub resolve: Vec<String>,
    /// Only hosts with a `resolve` are reached.
    pub only_resolved: bool,
    /// May redirects and links lead to private addresses?
    pub allow_private: bool,
    /// When pages are shown to a browser.
    pub render: Render,
    /// Seconds for one page in the browser, waits at the gate not counted.
    pub render_timeout: f64,
    /// Command of the browser; empty: Chromium or Chrome, where it is found.
    pub browser: String,
    /// Contact in the user agent.
    pub contact: String,
    /// What was allowed for single hosts, by whom and until when.
    pub authority: Vec<Authority>,
    /// Least severity that makes exit code 1.
    pub fail_on: crate::finding::Severity,
    /// Least score of every scorecard that has one.
    pub min_score: Option<f64>,
}

/// The defaults with comments in both languages: also the template that a user copies.
pub const TEMPLATE: &str = include_str!("config/defaults.toml");

impl Config {
    /// Where hosts really are, parsed; [`load`] has checked them.
    pub fn resolved(&self) -> Vec<Resolve> {
        self.resolve.iter().filter_map(|text| Resolve::parse(text).ok()).collect()
    }

    /// The recorded authority for a host.
    pub fn authority_for(&self, host: &str) -> Option<&Authority> {
        self.authority.iter().find(|authority| authority.covers(host))
    }

    /// Requests per second to a host.
    pub fn rate_for(&self, host: &str) -> f64 {
        self.authority_for(host).and_then(|authority| authority.rate).unwrap_or(self.rate)
    }

    /// Requests at once to a host.
    pub fn at_once_for(&self, host: &str) -> u32 {
        self.authority_for(host).and_then(|authority| authority.at_once).unwrap_or(self.at_once).max(1)
    }
}

impl Default for Config {
    fn default() -> Self {
        Config {
            rate: 2.0,
            at_once: 2,
            quiet_hours: Vec::new(),
            allowed_hours: Vec::new(),
            shared_gates: String::new(),
            max_requests: 0,
            max_total_bytes: 0,
            max_time: 0.0,
            max_host_requests: 0,
            max_host_bytes: 0,
            max_host_time: 0.0,
            connect_timeout: 10.0,
            timeout: 30.0,
            seed_patience: 40.0,
            max_bytes: 32 << 20,
            max_attachment_bytes: 20 << 20,
            max_redirects: 5,
            max_pages: 0,
            max_hops: 20,
            max_attempts: 3,
            second_look_after: 2.0,
            external: true,
            folder_external: false,
            resolve: Vec::new(),
            only_resolved: false,
            allow_private: false,
            render: Render::default(),
            render_timeout: 15.0,
            browser: String::new(),
            contact: String::new(),
            authority: Vec::new(),
            fail_on: crate::finding::Severity::Error,
            min_score: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_says_what_the_code_does() {
        assert_eq!(toml::from_str::<Config>(TEMPLATE).expect("parses"), Config::default());
    }
}
