//! Named steps of a commit at which tests end the process, as SIGKILL would: at once, without a destructor.
//!
//! `XUNCHA_KILL_AT=STEP` or `STEP:N` (the Nth time) is read in builds with debug assertions only; in others nothing here does anything.
//! The steps: `opened` (run.db knows the run, the capture is empty), `record-half` (half of a record is written), `record-written`
//! (the record is written, its look is in no batch), `links-found` (what a page leads to is in the batch, its own look is not),
//! `batch-full` (everything is in the batch, nothing is lasting), `committed`, `ending` (the last record is written, the run is not
//! sealed) and `sealed`.

/// Every step, for tests that try each.
pub const STEPS: [&str; 8] =
    ["opened", "record-half", "record-written", "links-found", "batch-full", "committed", "ending", "sealed"];

/// Ends the process when this is the step and the time that were asked for.
pub fn point(step: &str) {
    if is_now(step) {
        end();
    }
}

/// Is this the step and the time that were asked for?
pub fn is_now(step: &str) -> bool {
    if !cfg!(debug_assertions) {
        return false;
    }
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};
    static WANTED: OnceLock<Option<(String, u32)>> = OnceLock::new();
    static MET: AtomicU32 = AtomicU32::new(0);
    let wanted = WANTED.get_or_init(|| {
        let text = std::env::var("XUNCHA_KILL_AT").ok()?;
        let (step, time) = text.split_once(':').unwrap_or((&text, "1"));
        Some((step.to_owned(), time.parse().unwrap_or(1)))
    });
    let Some((name, time)) = wanted else { return false };
    name == step && MET.fetch_add(1, Ordering::SeqCst) + 1 == *time
}

/// Ends the process at once.
pub fn end() -> ! {
    std::process::abort()
}
