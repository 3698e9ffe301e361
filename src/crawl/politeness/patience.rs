//! Time that a visit spends waiting for its turn is ours, not the server's: the patience for a seed does not tick meanwhile.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Time spent waiting within one visit.
#[derive(Debug, Default)]
struct Waited {
    total: Duration,
    /// Nested waits and when the outermost began.
    depth: u32,
    since: Option<Instant>,
}

tokio::task_local! {
    static WAITED: Arc<Mutex<Waited>>;
}

fn so_far(waited: &Mutex<Waited>, now: Instant) -> (Duration, bool) {
    let waited = waited.lock().unwrap_or_else(PoisonError::into_inner);
    let running = waited.since.map(|since| now.saturating_duration_since(since));
    (waited.total + running.unwrap_or_default(), running.is_some())
}

/// Runs a visit until an instant that moves on by all the time that it spent in [`turn`]. The result, none when time ran out, and
/// where the instant stands now.
pub async fn until<F: Future>(until: Instant, visit: F) -> (Option<F::Output>, Instant) {
    let waited: Arc<Mutex<Waited>> = Arc::default();
    let visit = WAITED.scope(waited.clone(), visit);
    tokio::pin!(visit);
    loop {
        let now = Instant::now();
        let (so_far, waiting) = so_far(&waited, now);
        let end = until + so_far;
        if end <= now && !waiting {
            return (None, end);
        }
        // While it waits its end runs ahead of us; a look now and then is enough.
        let look = if waiting { now + Duration::from_millis(100).max(end.saturating_duration_since(now)) } else { end };
        match tokio::time::timeout_at(look, &mut visit).await {
            Ok(result) => return (Some(result), until + self::so_far(&waited, Instant::now()).0),
            Err(_) => continue,
        }
    }
}

/// A clock for several requests together that stands still while any of them waits for its turn.
#[derive(Debug, Clone)]
pub struct Clock {
    began: Instant,
    waited: Arc<Mutex<Waited>>,
}

impl Clock {
    /// Starts now.
    pub fn start() -> Self {
        Clock { began: Instant::now(), waited: Arc::default() }
    }

    /// Runs a request by this clock.
    pub async fn watch<F: Future>(&self, request: F) -> F::Output {
        WAITED.scope(self.waited.clone(), request).await
    }

    /// Time that was not spent waiting.
    pub fn spent(&self) -> Duration {
        let now = Instant::now();
        now.saturating_duration_since(self.began).saturating_sub(so_far(&self.waited, now).0)
    }
}

/// Waits for what is our own doing: a turn at the gate, or another visit that waits for one.
pub async fn turn<F: Future>(wait: F) -> F::Output {
    // Ends the wait also when the visit is dropped inside it.
    struct Ends(Option<Arc<Mutex<Waited>>>);
    impl Drop for Ends {
        fn drop(&mut self) {
            let Some(waited) = &self.0 else { return };
            let mut waited = waited.lock().unwrap_or_else(PoisonError::into_inner);
            waited.depth = waited.depth.saturating_sub(1);
            if waited.depth == 0
                && let Some(since) = waited.since.take()
            {
                waited.total += since.elapsed();
            }
        }
    }
    let waited = WAITED.try_with(Arc::clone).ok();
    if let Some(waited) = &waited {
        let mut waited = waited.lock().unwrap_or_else(PoisonError::into_inner);
        waited.depth += 1;
        waited.since.get_or_insert_with(Instant::now);
    }
    let _ends = Ends(waited);
    wait.await
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn waiting_for_a_turn_costs_no_patience() {
        let visit = async {
            turn(tokio::time::sleep(MS * 400)).await;
            tokio::time::sleep(MS * 5).await;
            turn(async { turn(tokio::time::sleep(MS * 200)).await }).await;
            7
        };
        let start = Instant::now();
        let (result, end) = until(start + MS * 200, visit).await;
        assert_eq!(result, Some(7));
        assert!(end >= start + MS * 800, "{:?}", end - start);
    }

    #[tokio::test]
    async fn a_server_that_gives_nothing_does() {
        let visit = async {
            turn(tokio::time::sleep(MS * 100)).await;
            std::future::pending::<()>().await;
        };
        let start = Instant::now();
        let (result, _) = until(start + MS * 40, visit).await;
        assert_eq!(result, None);
        assert!(start.elapsed() >= MS * 140);
    }
}
