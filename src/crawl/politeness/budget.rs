//! Budgets of a run and of each host: requests, bytes, time. A spent one ends what is left, named.

use crate::config::Config;
use crate::crawl::fetch::Failure;
use crate::unfetched::Reason;
use std::time::Duration;

/// Limits; none where there is no limit.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Budget {
    /// Words before each limit's name, and its owner behind: empty for the run.
    host: Option<String>,
    requests: Option<u64>,
    bytes: Option<u64>,
    time: Option<Duration>,
}

/// What was spent of it.
#[derive(Debug, Clone, Default)]
pub struct Spent {
    /// Requests sent.
    pub requests: u64,
    /// Bytes received: header fields and bodies.
    pub bytes: u64,
    /// When the first request was sent, in time of the run without its pauses by the clock.
    began: Option<Duration>,
    /// Time that earlier parts of the run took.
    before: Duration,
}

impl Budget {
    /// That of a run.
    pub(super) fn of_run(config: &Config) -> Self {
        Budget {
            host: None,
            requests: limit(config.max_requests),
            bytes: limit(config.max_total_bytes),
            time: seconds(config.max_time),
        }
    }

    /// That of one origin.
    pub(super) fn of_host(config: &Config, origin: &str) -> Self {
        Budget {
            host: Some(origin.to_owned()),
            requests: limit(config.max_host_requests),
            bytes: limit(config.max_host_bytes),
            time: seconds(config.max_host_time),
        }
    }

    /// Is there no limit?
    pub(super) fn is_unlimited(&self) -> bool {
        (self.requests, self.bytes, self.time) == (None, None, None)
    }

    /// The limit that is reached, as the reason for what is not asked for any more. `now` is time of the run without its pauses.
    pub(super) fn spent(&self, spent: &Spent, now: Duration) -> Option<Failure> {
        let reached = |name: &str, limit: String| {
            let detail = match &self.host {
                Some(host) => format!("max_host_{name} {limit} ({host})"),
                None => format!("max_{} {limit}", if name == "bytes" { "total_bytes" } else { name }),
            };
            Some(Failure::new(Reason::Budget, detail))
        };
        match (self.requests, self.bytes, self.time) {
            (Some(most), ..) if spent.requests >= most => reached("requests", most.to_string()),
            (_, Some(most), _) if spent.bytes >= most => reached("bytes", most.to_string()),
            (.., Some(most)) if self.left(spent, now) == Some(Duration::ZERO) => reached("time", most.as_secs_f64().to_string()),
            _ => None,
        }
    }

    /// Time that is left; none: no limit, or not begun.
    pub(super) fn left(&self, spent: &Spent, now: Duration) -> Option<Duration> {
        spent.began.or(Some(now).filter(|_| !spent.before.is_zero()))?;
        Some(self.time?.saturating_sub(spent.time(now)))
    }

    /// Bytes that are left; none: no limit.
    pub(super) fn bytes_left(&self, spent: &Spent) -> Option<u64> {
        Some(self.bytes?.saturating_sub(spent.bytes))
    }
}

impl Spent {
    /// What earlier parts of the run took.
    pub(super) fn before(requests: u64, bytes: u64, before: Duration) -> Self {
        Spent { requests, bytes, began: None, before }
    }

    /// Time since the first request, that of earlier parts of the run included.
    pub(super) fn time(&self, now: Duration) -> Duration {
        self.before + self.began.map(|began| now.saturating_sub(began)).unwrap_or_default()
    }

    /// A request leaves.
    pub(super) fn request(&mut self, now: Duration) {
        self.requests += 1;
        self.began.get_or_insert(now);
    }
}

fn limit(most: u64) -> Option<u64> {
    (most > 0).then_some(most)
}

fn seconds(most: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(most).ok().filter(|time| !time.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_named() {
        let config = Config { max_requests: 2, max_host_bytes: 100, max_time: 10.0, ..Config::default() };
        let (run, host) = (Budget::of_run(&config), Budget::of_host(&config, "http://a.cn"));
        let mut spent = Spent::default();
        let told = |budget: &Budget, spent: &Spent, at: u64| {
            budget.spent(spent, Duration::from_secs(at)).map(|failure| (failure.reason, failure.detail))
        };
        assert_eq!(told(&run, &spent, 99), None, "not begun");
        spent.request(Duration::from_secs(5));
        assert_eq!(told(&run, &spent, 14), None);
        assert_eq!(told(&run, &spent, 15), Some((Reason::Budget, "max_time 10".into())));
        spent.request(Duration::from_secs(6));
        assert_eq!(told(&run, &spent, 7), Some((Reason::Budget, "max_requests 2".into())));
        assert_eq!(host.bytes_left(&spent), Some(100));
        spent.bytes = 100;
        assert_eq!(told(&host, &spent, 7), Some((Reason::Budget, "max_host_bytes 100 (http://a.cn)".into())));
    }
}
