//! Ctrl-C: once, the crawl ends what is under way, commits and says how to go on; twice, the program ends at once. So does SIGTERM.
//!
//! Nothing is lost either way: what was not committed is asked for again when the run goes on.

use crate::crawl::Progress;
use crate::exit;
use crate::url::CanonicalUrl;
use std::sync::Once;
use std::sync::atomic::{AtomicU8, Ordering};

/// No crawl: the program ends at once.
const IDLE: u8 = 0;
/// A crawl is under way.
const CRAWLING: u8 = 1;
/// It was asked to end.
const STOPPING: u8 = 2;

static PHASE: AtomicU8 = AtomicU8::new(IDLE);

/// A crawl that the user may stop, as long as this lives.
pub struct Stoppable<'a>(&'a dyn Progress);

impl<'a> Stoppable<'a> {
    /// Watches for signals from now on.
    pub fn new(progress: &'a dyn Progress) -> Self {
        static WATCH: Once = Once::new();
        PHASE.store(CRAWLING, Ordering::SeqCst);
        WATCH.call_once(|| {
            std::thread::spawn(watch);
        });
        Stoppable(progress)
    }
}

impl Drop for Stoppable<'_> {
    fn drop(&mut self) {
        PHASE.store(IDLE, Ordering::SeqCst);
    }
}

impl Progress for Stoppable<'_> {
    fn step(&self, ended: u64, waiting: u64, url: &CanonicalUrl) {
        self.0.step(ended, waiting, url);
    }
    fn say(&self, message: &str) {
        self.0.say(message);
    }
    fn wants_stop(&self) -> bool {
        PHASE.load(Ordering::SeqCst) == STOPPING || self.0.wants_stop()
    }
}

/// Waits for signals as long as the program runs.
fn watch() {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        loop {
            if signal().await.is_err() {
                return;
            }
            if PHASE.compare_exchange(CRAWLING, STOPPING, Ordering::SeqCst, Ordering::SeqCst).is_err() {
                std::process::exit(i32::from(exit::STOPPED));
            }
            eprintln!(
                "正在收尾：等在途请求结束并保存；再按一次 Ctrl-C 立即退出 / ending: requests under way are waited for and kept; Ctrl-C again \
                 ends at once"
            );
        }
    });
}

#[cfg(unix)]
async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
