//! Politeness: the one gate that every request passes, per origin and per address.
//!
//! A gate opens once per interval (GCRA, burst 1). Many bureaus share the one address of their province's platform, so an address
//! has a gate of its own, at twice the rate of an origin.

use governor::clock::Clock;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Longest Crawl-delay that is honoured; beyond it a site could make its own audit impossible.
pub const LONGEST_DELAY: Duration = Duration::from_secs(30);

/// All gates of a run.
#[derive(Debug)]
pub struct Gates {
    interval: Duration,
    origins: Mutex<HashMap<String, Arc<Gate>>>,
    addresses: Mutex<HashMap<IpAddr, Arc<Gate>>>,
}

#[derive(Debug)]
struct Gate {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    interval: Duration,
    limiter: Arc<DefaultDirectRateLimiter>,
    closed_until: Option<Instant>,
}

impl Gates {
    /// Gates for `rate` requests per second and origin.
    pub fn new(rate: f64) -> Self {
        let rate = if rate.is_finite() { rate.clamp(0.01, 10_000.0) } else { 1.0 };
        Gates {
            interval: Duration::from_secs_f64(1.0 / rate),
            origins: Mutex::new(HashMap::new()),
            addresses: Mutex::new(HashMap::new()),
        }
    }

    fn origin(&self, origin: &str) -> Arc<Gate> {
        let mut gates = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        gates.entry(origin.to_owned()).or_insert_with(|| Arc::new(Gate::new(self.interval))).clone()
    }

    fn address(&self, address: IpAddr) -> Arc<Gate> {
        let mut gates = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        gates.entry(address.to_canonical()).or_insert_with(|| Arc::new(Gate::new(self.interval / 2))).clone()
    }

    /// Waits until a request to this origin at these addresses is polite.
    pub async fn pass(&self, origin: &str, addresses: &[IpAddr]) {
        self.origin(origin).pass().await;
        for address in addresses {
            self.address(*address).pass().await;
        }
    }

    /// Takes the Crawl-delay of an origin; the stricter of it and the configured rate holds. Returns the interval that holds now.
    pub fn slow_down(&self, origin: &str, delay: Duration) -> Duration {
        self.origin(origin).slow_down(delay.min(LONGEST_DELAY))
    }

    /// Closes the gate of an origin for a while: it asked us to come back later.
    pub fn close(&self, origin: &str, pause: Duration) {
        let gate = self.origin(origin);
        let mut state = gate.lock();
        let until = Instant::now() + pause;
        state.closed_until = Some(state.closed_until.map_or(until, |old| old.max(until)));
    }
}

impl Gate {
    fn new(interval: Duration) -> Self {
        Gate { state: Mutex::new(State { interval, limiter: limiter(interval), closed_until: None }) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn pass(&self) {
        loop {
            let pause = {
                let state = self.lock();
                match state.closed_until.and_then(|until| until.checked_duration_since(Instant::now())) {
                    Some(left) if !left.is_zero() => left,
                    _ => match state.limiter.check() {
                        Ok(()) => return,
                        Err(not_yet) => not_yet.wait_time_from(state.limiter.clock().now()),
                    },
                }
            };
            // The timer counts whole milliseconds; one more keeps the gap on the long side.
            tokio::time::sleep(pause + Duration::from_millis(1)).await;
        }
    }

    fn slow_down(&self, delay: Duration) -> Duration {
        let mut state = self.lock();
        if delay > state.interval {
            state.interval = delay;
            state.limiter = limiter(delay);
            // The request that told us the delay counts as the first one.
            let _ = state.limiter.check();
        }
        state.interval
    }
}

fn limiter(interval: Duration) -> Arc<DefaultDirectRateLimiter> {
    let quota = Quota::with_period(interval.max(Duration::from_micros(1)));
    // The interval is never zero; a quota of one per second is what remains if the library ever disagrees.
    Arc::new(RateLimiter::direct(quota.unwrap_or(Quota::per_second(std::num::NonZeroU32::MIN))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn gaps_hold_for_origin_address_and_crawl_delay() {
        let gates = Gates::new(20.0);
        let address: IpAddr = "192.0.2.1".parse().unwrap();
        let start = Instant::now();
        for _ in 0..4 {
            gates.pass("http://a.cn", &[]).await;
        }
        assert!(start.elapsed() >= Duration::from_millis(150), "three gaps of 50 ms");
        let start = Instant::now();
        for origin in ["http://b.cn", "http://c.cn", "http://d.cn", "http://e.cn", "http://f.cn"] {
            gates.pass(origin, &[address]).await;
        }
        assert!(start.elapsed() >= Duration::from_millis(100), "four gaps of 25 ms at the shared address");
        assert_eq!(gates.slow_down("http://g.cn", Duration::from_millis(1)), Duration::from_millis(50), "the stricter holds");
        gates.slow_down("http://a.cn", Duration::from_millis(200));
        let start = Instant::now();
        gates.pass("http://a.cn", &[]).await;
        assert!(start.elapsed() >= Duration::from_millis(200), "the delay counts from the answer that named it");
        assert_eq!(gates.slow_down("http://h.cn", Duration::from_secs(86_400)), LONGEST_DELAY);
    }

    #[tokio::test]
    async fn a_closed_gate_stays_closed() {
        let gates = Gates::new(1000.0);
        gates.close("http://a.cn", Duration::from_millis(120));
        gates.close("http://a.cn", Duration::from_millis(10));
        let start = Instant::now();
        gates.pass("http://a.cn", &[]).await;
        assert!(start.elapsed() >= Duration::from_millis(120));
    }
}
