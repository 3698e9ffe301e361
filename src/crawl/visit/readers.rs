//! The threads that read pages: as many as there are processors, and always the same ones. Each thread that reads has its own half-built
//! automata of every pattern, and keeps the memory that the largest page took.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use tokio::sync::oneshot;

/// What a thread does next.
type Work = Box<dyn FnOnce() + Send>;

/// The threads; they end with it.
#[derive(Debug)]
pub(super) struct Readers {
    work: Sender<Work>,
}

impl Readers {
    /// Threads that wait for work.
    pub(super) fn new() -> Self {
        let (work, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        let most = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..most {
            let waiting = waiting.clone();
            if let Err(why) = thread::Builder::new().name("reader".into()).spawn(move || read(&waiting)) {
                tracing::warn!("reader: {why}");
            }
        }
        Readers { work }
    }

    /// Has it done by the next thread that is free; none when it panicked, or no thread could be had.
    pub(super) async fn done<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (send, done) = oneshot::channel();
        // Who asked may have given up meanwhile.
        let work = move || drop(send.send(work()));
        self.work.send(Box::new(work)).ok()?;
        done.await.ok()
    }
}

fn read(waiting: &Mutex<Receiver<Work>>) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        // One page that breaks the reader is no reason to read no other; what it waits for is told by its absence.
        let _ = catch_unwind(AssertUnwindSafe(work));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_costs_one_answer() {
        let readers = Readers::new();
        for n in 0..8 {
            assert_eq!(readers.done(move || if n % 2 == 0 { panic!("planted") } else { n }).await, (n % 2 == 1).then_some(n));
        }
    }

    #[tokio::test]
    async fn no_more_at_once_than_processors() {
        let readers = Readers::new();
        let names = (0..40).map(|_| readers.done(|| thread::current().id()));
        let ids: std::collections::HashSet<_> = futures_util::future::join_all(names).await.into_iter().flatten().collect();
        assert!(!ids.is_empty() && ids.len() <= thread::available_parallelism().map_or(1, usize::from));
    }
}
