//! The crawl: plan → frontier → politeness → fetch → capture → new links. Never judges.

pub mod fetch;

use crate::error::Result;
use crate::plan::Plan;
use crate::run::RunFolder;
use crate::url::CanonicalUrl;

/// What the loop tells while it works; drawn by the terminal, ignored elsewhere.
pub trait Progress: Send + Sync {
    /// After every URL that ended: ended, still waiting, the last URL.
    fn step(&self, ended: u64, waiting: u64, url: &CanonicalUrl);
    /// A sentence worth telling at once (a host given up, a second look begins).
    fn say(&self, message: &str);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _ended: u64, _waiting: u64, _url: &CanonicalUrl) {}
    fn say(&self, _message: &str) {}
}

/// Gathers what the plan asks for into the run folder and finishes it. `Ok` even when nothing was obtained: the folder says so.
pub async fn gather(_plan: &Plan, _folder: &mut RunFolder, _progress: &dyn Progress) -> Result<()> {
    Ok(())
}
