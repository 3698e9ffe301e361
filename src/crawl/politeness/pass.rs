//! Leave to send one request, and what came of it.

use super::budget::{Budget, Spent};
use super::gate::Gate;
use super::host::{Address, Host};
use super::pace::{Change, Sign};
use super::shared::Want;
use super::{LONGEST_RETRY, lock, retry_after};
use crate::crawl::fetch::{Answer, Failure};
use crate::unfetched::Reason;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

/// Leave to send one request; what it holds is given back when this is dropped.
#[derive(Debug)]
pub struct Pass {
    pub(super) gate: Arc<Gate>,
    pub(super) host: Arc<Host>,
    pub(super) addresses: Vec<Arc<Address>>,
    pub(super) wants: Vec<Want>,
    pub(super) is_shared: bool,
    pub(super) released: Instant,
    pub(super) number: u64,
    pub(super) cold: bool,
    /// When it is known to have arrived: its connection stood, or its answer began.
    pub(super) arrived: OnceLock<Instant>,
    pub(super) heard: OnceLock<Instant>,
    pub(super) ended: OnceLock<()>,
    pub(super) _room: Vec<OwnedSemaphorePermit>,
}

tokio::task_local! {
    /// Set when the connection of the request under way stands.
    static CONNECTED: Arc<AtomicBool>;
}

/// The connection that the present request opened stands.
pub fn connected() {
    let _ = CONNECTED.try_with(|connected| connected.store(true, Ordering::Release));
}

impl Pass {
    /// Sends the request: notes at once when a connection that it opens stands, as [`connected`] tells.
    pub async fn sending<F: Future>(&self, request: F) -> F::Output {
        let flag = Arc::new(AtomicBool::new(false));
        let request = CONNECTED.scope(flag.clone(), request);
        tokio::pin!(request);
        std::future::poll_fn(|context| {
            let polled = request.as_mut().poll(context);
            if flag.swap(false, Ordering::Acquire) {
                self.has_arrived();
            }
            polled
        })
        .await
    }

    /// The response has begun: by now the server had the request.
    pub fn heard(&self) {
        if self.heard.set(Instant::now()).is_ok() && self.cold {
            self.has_arrived();
        }
    }

    /// Of a request whose connection had to be opened, the next interval counts from its arrival.
    fn has_arrived(&self) {
        let now = Instant::now();
        if self.number == 0 || self.arrived.set(now).is_err() {
            return;
        }
        let mut state = lock(&self.host.state);
        if state.number != self.number {
            return;
        }
        state.arrived(now);
        drop(state);
        for address in &self.addresses {
            address.arrived(self.released, now);
        }
        if let (true, Some(shared)) = (self.is_shared, self.gate.shared()) {
            shared.arrived(&self.wants);
        }
    }

    /// So many bytes came in. An error when they spend a budget: the rest is not to be read.
    pub fn took(&self, bytes: usize) -> Result<(), Failure> {
        let bytes = bytes as u64;
        let active = self.gate.active(Instant::now());
        let mut state = lock(&self.host.state);
        let mut run = lock(&self.gate.spent);
        let over = |budget: &Budget, spent: &Spent| budget.bytes_left(spent).is_some_and(|left| bytes > left);
        let (run_over, host_over) = (over(&self.gate.budget, &run), over(&self.host.budget, &state.spent));
        run.bytes = run.bytes.saturating_add(bytes);
        state.spent.bytes = state.spent.bytes.saturating_add(bytes);
        let failure = if run_over {
            self.gate.budget.spent(&run, active)
        } else if host_over {
            self.host.budget.spent(&state.spent, active)
        } else {
            None
        };
        failure.map_or(Ok(()), Err)
    }

    /// Takes what came of the request: back-off and recovery, Retry-After.
    pub fn ended(&self, result: &Result<Answer, Failure>) {
        if self.ended.set(()).is_err() {
            return;
        }
        let now = Instant::now();
        let latency = self.heard.get().filter(|_| !self.cold).map(|heard| (*heard - self.released).as_secs_f64());
        let sign = match result {
            Ok(answer) if answer.status == 429 => Sign::TooMuch("429"),
            Ok(answer) if answer.status == 503 => Sign::TooMuch("503"),
            Ok(_) => Sign::Answered(latency),
            Err(failure) if is_timeout(failure.reason) => Sign::TooMuch("time-out"),
            Err(_) => Sign::None,
        };
        let mut state = lock(&self.host.state);
        if let Ok(answer) = result
            && answer.header("connection").is_none_or(|value| !value.to_ascii_lowercase().contains("close"))
        {
            state.keep_connection(now);
        }
        let change = state.pace.heard(sign, self.released, now);
        let interval = state.pace.interval();
        let told = match change {
            Some(Change::Slowed(_)) | Some(Change::Recovered) if state.may_tell() => change,
            _ => None,
        };
        if let Ok(answer) = result
            && let Some(wanted) = retry_after(answer.status, answer.header("retry-after"), answer.at)
        {
            if wanted <= LONGEST_RETRY {
                state.close(now + wanted);
                drop(state);
                if let (true, Some(shared)) = (self.is_shared, self.gate.shared()) {
                    shared.close(&self.wants[0].key, wanted);
                }
            } else if answer.status == 429 {
                // It speaks of us, not of one page: asking for the others would be asking again.
                state.shut = Some((now + wanted.min(Duration::from_secs(366 * 86_400)), wanted));
            }
        }
        let rate = 1.0 / interval.as_secs_f64().max(1e-6);
        let name = &self.wants[0].key;
        match told {
            Some(Change::Slowed(why)) => self
                .gate
                .told
                .say(format!("{name}: 放慢到每秒 {rate:.2} 次（{why}） / slowed down to {rate:.2} requests a second ({why})")),
            Some(Change::Recovered) => {
                self.gate.told.say(format!("{name}: 恢复到每秒 {rate:.2} 次 / back at {rate:.2} requests a second"));
            }
            None => {}
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if self.cold {
            self.has_arrived();
        }
        if let (true, Some(shared)) = (self.is_shared, self.gate.shared.get().and_then(Option::as_ref)) {
            shared.free(&self.wants);
        }
    }
}

fn is_timeout(reason: Reason) -> bool {
    use Reason::{BodyTimeout, ConnectTimeout, FirstByteTimeout, ReadTimeout, TlsTimeout};
    matches!(reason, ReadTimeout | ConnectTimeout | FirstByteTimeout | BodyTimeout | TlsTimeout)
}
