//! How long a crawl will take, reckoned from what is known before anything is asked: pages, rates, delays, hours.

use super::politeness::interval;
use crate::config::{Config, Hours};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

/// Between two requests lies a little more than the interval; the gate's margin.
const MARGIN: f64 = 1.02;

/// What one origin will be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// The origin, `https://www.example.gov.cn`.
    pub origin: String,
    /// Its host.
    pub host: String,
    /// Where it is; empty: not known.
    pub addresses: Vec<IpAddr>,
    /// Pages.
    pub pages: u64,
    /// Requests, pages included.
    pub requests: u64,
    /// Its Crawl-delay, where known.
    pub delay: Option<Duration>,
}

/// What decides the pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strictest {
    /// The configured rate.
    Rate,
    /// The rate of a recorded authority.
    Authority,
    /// The host's Crawl-delay.
    CrawlDelay,
    /// The origins at the address.
    Origins,
}

/// An origin or an address.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Origin or address.
    pub name: String,
    /// Origins at the address; 1 for an origin.
    pub origins: usize,
    /// Pages expected.
    pub pages: u64,
    /// Requests expected.
    pub requests: u64,
    /// Least seconds between two requests.
    pub interval: f64,
    /// What decides it.
    pub strictest: Strictest,
    /// Seconds of sending.
    pub seconds: f64,
    /// Days from the beginning to the end, hours without requests included.
    pub days: Option<f64>,
    /// When it is done; none: never, in these hours.
    pub finish: Option<Timestamp>,
}

/// The whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecast {
    /// When it begins.
    pub start: Timestamp,
    /// When requests are first allowed.
    pub opens: Option<Timestamp>,
    /// By origin, longest first.
    pub hosts: Vec<Row>,
    /// By address, longest first.
    pub addresses: Vec<Row>,
    /// Pages.
    pub pages: u64,
    /// Requests.
    pub requests: u64,
    /// Requests that the run's budgets leave undone.
    pub beyond_budget: u64,
    /// Days until all is done.
    pub days: Option<f64>,
    /// When all is done; none: never, in these hours.
    pub finish: Option<Timestamp>,
}

/// Reckons. Nothing is assumed of the servers but that they answer faster than they may be asked.
pub fn forecast(config: &Config, loads: &[Load], start: Timestamp) -> Forecast {
    let hours = Hours::of(config);
    let done = |seconds: f64| {
        let finish = hours.finish(start, seconds);
        (finish, finish.map(|at| (at.as_second() - start.as_second()) as f64 / 86_400.0))
    };
    let mut hosts: Vec<Row> = Vec::with_capacity(loads.len());
    let mut by_address: BTreeMap<IpAddr, Row> = BTreeMap::new();
    let mut beyond = 0;
    for load in loads {
        let most = if config.max_host_requests == 0 { u64::MAX } else { config.max_host_requests };
        let requests = load.requests.min(most);
        beyond += load.requests - requests;
        let (pace, strictest) = pace(config, load);
        let seconds = requests.saturating_sub(1) as f64 * pace * MARGIN;
        let (finish, days) = done(seconds);
        let name = load.origin.clone();
        let pages = load.pages.min(requests);
        hosts.push(Row { name, origins: 1, pages, requests, interval: pace, strictest, seconds, days, finish });
        let step = interval(config.rate_for(&load.host).max(config.rate)).as_secs_f64() / 2.0;
        for address in &load.addresses {
            let row = by_address.entry(address.to_canonical()).or_insert_with(|| Row {
                name: address.to_canonical().to_string(),
                origins: 0,
                pages: 0,
                requests: 0,
                interval: step,
                strictest: Strictest::Rate,
                seconds: 0.0,
                days: None,
                finish: None,
            });
            row.origins += 1;
            row.pages += pages;
            row.requests += requests;
            row.interval = row.interval.max(step);
            // Until the slowest of its origins is done; its own sending is added up below.
            row.seconds = row.seconds.max(seconds);
        }
    }
    let mut addresses: Vec<Row> = by_address.into_values().collect();
    for row in &mut addresses {
        let own = row.requests.saturating_sub(1) as f64 * row.interval * MARGIN;
        if row.seconds > own {
            row.strictest = Strictest::Origins;
        }
        row.seconds = row.seconds.max(own);
        (row.finish, row.days) = done(row.seconds);
    }
    let longest = hosts.iter().chain(&addresses).map(|row| row.seconds).fold(0.0, f64::max);
    let (finish, days) = done(longest);
    let requests: u64 = hosts.iter().map(|row| row.requests).sum();
    if config.max_requests > 0 {
        beyond += requests.saturating_sub(config.max_requests);
    }
    let longest_first = |rows: &mut Vec<Row>| rows.sort_by(|a, b| b.seconds.total_cmp(&a.seconds).then(a.name.cmp(&b.name)));
    longest_first(&mut hosts);
    longest_first(&mut addresses);
    Forecast {
        start,
        opens: hours.opens(start),
        pages: hosts.iter().map(|row| row.pages).sum(),
        requests,
        beyond_budget: beyond,
        hosts,
        addresses,
        days,
        finish,
    }
}

/// Least seconds between two requests to an origin.
fn pace(config: &Config, load: &Load) -> (f64, Strictest) {
    let authority = config.authority_for(&load.host);
    let rate = interval(config.rate_for(&load.host)).as_secs_f64();
    let is_own = authority.is_some_and(|authority| authority.rate.is_some());
    let is_free = is_own || authority.is_some_and(|authority| authority.ignore_robots);
    match load.delay.map(|delay| delay.as_secs_f64()).filter(|delay| *delay > rate && !is_free) {
        Some(delay) => (delay, Strictest::CrawlDelay),
        None => (rate, if is_own { Strictest::Authority } else { Strictest::Rate }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(n: u32, requests: u64, address: &str, delay: Option<u64>) -> Load {
        let host = format!("h{n}.gov.cn");
        Load {
            origin: format!("http://{host}"),
            host,
            addresses: vec![address.parse().unwrap()],
            pages: requests / 2,
            requests,
            delay: delay.map(Duration::from_secs),
        }
    }

    fn start() -> Timestamp {
        // Friday, 20 November 2026, 20:00 in Shanghai.
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_shared_address_and_a_crawl_delay_each_take_their_time() {
        let loads: Vec<Load> = (0..5).map(|n| load(n, 10_001, "192.0.2.1", None)).collect();
        let all = forecast(&Config::default(), &loads, start());
        assert_eq!(all.hosts[0].seconds.round(), 5_100.0, "ten thousand gaps of half a second, and a fiftieth");
        assert_eq!((all.addresses[0].seconds / 100.0).round(), 128.0, "fifty thousand at four a second");
        assert_eq!(all.addresses[0].origins, 5);
        assert_eq!(all.requests, 50_005);
        let slow = forecast(&Config::default(), &[load(1, 101, "192.0.2.1", Some(10))], start());
        assert_eq!((slow.hosts[0].seconds.round(), slow.hosts[0].strictest), (1_020.0, Strictest::CrawlDelay));
        assert_eq!(slow.addresses[0].strictest, Strictest::Origins);
    }

    #[test]
    fn nights_only_take_days() {
        let config = Config { allowed_hours: vec!["working@22:00-06:00".into()], ..Config::default() };
        let all = forecast(&config, &[load(1, 80_001, "192.0.2.1", None)], start());
        // 11 hours and 20 minutes: Friday's night, and the rest in Monday's.
        assert_eq!(all.finish, Some("2026-11-23T17:20:00Z".parse().unwrap()));
        assert_eq!(all.opens, Some("2026-11-20T14:00:00Z".parse().unwrap()));
        let budget = Config { max_requests: 1_000, ..config };
        assert_eq!(forecast(&budget, &[load(1, 80_001, "192.0.2.1", None)], start()).beyond_budget, 79_001);
    }
}
