//! Progress of a crawl on a terminal; silent elsewhere, so that logs and pipes stay clean.

mod estimate;

use crate::crawl::Progress;
use crate::report::plain;
use crate::url::CanonicalUrl;
use estimate::Estimate;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A bar on stderr: ended, waiting, rate, an honest estimate, the last URL.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
    began: Instant,
    estimate: Mutex<Estimate>,
}

impl Bar {
    /// Draws only when stderr is a terminal.
    pub fn new(name: &str) -> Self {
        let target =
            if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr_with_hz(8) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:24} {pos}/{len} {per_sec:.1} {wide_msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(crate::text::shorten(&plain::line(name), 24));
        Bar { bar, began: Instant::now(), estimate: Mutex::default() }
    }

    /// Takes the bar away.
    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn step(&self, ended: u64, waiting: u64, url: &CanonicalUrl) {
        self.bar.set_length(ended + waiting);
        self.bar.set_position(ended);
        if !self.bar.is_hidden() {
            let mut estimate = self.estimate.lock().unwrap_or_else(PoisonError::into_inner);
            let remaining = estimate.note(self.began.elapsed(), ended, waiting);
            self.bar.set_message(format!("{remaining} {}", plain::line(url.as_str())));
        }
    }

    fn say(&self, message: &str) {
        // Where no bar is drawn (a log, CI) the sentence is as much worth telling.
        if self.bar.is_hidden() {
            eprintln!("{}", plain::lines(message));
        } else {
            self.bar.println(plain::lines(message));
        }
        tracing::info!("{message}");
    }
}
