//! Configuration: defaults ◄ file ◄ environment ◄ flags; each value knows its origin.

mod check;
mod layers;
mod resolve;
mod units;

pub use layers::{Loaded, Source, load};
pub use resolve::Resolve;

use serde::{Deserialize, Serialize};

/// Effective values. Durations are seconds, sizes bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Requests per second and origin (and address).
    pub rate: f64,
    /// Requests at once per origin.
    pub at_once: u32,
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
    /// Contact in the user agent.
    pub contact: String,
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
}

impl Default for Config {
    fn default() -> Self {
        Config {
            rate: 2.0,
            at_once: 2,
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
            contact: String::new(),
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
