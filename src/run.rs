//! The run folder (`--out`): `run.db` (URL states, page facts), the capture, the resolved plan, the reports.
//!
//! Whatever grows per page or link lives here, not in memory. Crawl and replay write it, judge reads it as
//! [`Material`](crate::judge::Material).

use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering};
use crate::facts::Page;
use crate::judge::RunInfo;
use crate::plan::Plan;
use crate::unfetched::Unfetched;
use crate::url::CanonicalUrl;
use std::path::{Path, PathBuf};

/// A URL that was discovered and waits for its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovered {
    /// The URL.
    pub url: CanonicalUrl,
    /// What it will be asked for.
    pub gathering: Gathering,
    /// Links followed from a seed.
    pub hops: u32,
    /// The page that led here; none for a seed.
    pub via: Option<CanonicalUrl>,
}

/// What an `--out` folder holds for a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Empty: a new run.
    New,
    /// Unfinished, same plan: goes on.
    Unfinished,
    /// Complete, same plan: reported again from its capture, no request.
    Complete,
}

/// An open run folder.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    info: Option<RunInfo>,
}

impl RunFolder {
    /// Opens or creates the folder for a plan. A run of another plan is [`Error::OtherPlan`] with the differences; checklists and
    /// `as_of` may differ (they are judged anew), everything that decides what is fetched may not.
    pub async fn open(_path: &Path, _plan: &Plan) -> Result<(Self, State)> {
        Err(Error::Internal("not yet".into()))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Records discovered URLs; known ones are ignored (hop count and via of the first stay).
    pub async fn discover(&mut self, _found: &[Discovered]) -> Result<()> {
        Ok(())
    }

    /// Discovered URLs without an end, in frontier order (hop count, then canonical URL): what a resumed run begins with.
    pub async fn pending(&self) -> Result<Vec<Discovered>> {
        Ok(Vec::new())
    }

    /// Every URL already ended, with its gathering: what a resumed run must not fetch again.
    pub async fn ended(&self) -> Result<Vec<(CanonicalUrl, Gathering)>> {
        Ok(Vec::new())
    }

    /// Appends an exchange to the capture and its state (and page facts) to `run.db`, in one commit.
    pub async fn keep(&mut self, _exchange: &Exchange, _page: Option<&Page>) -> Result<()> {
        Ok(())
    }

    /// Appends an unfetched URL likewise (a WARC metadata record).
    pub async fn keep_unfetched(&mut self, _unfetched: &Unfetched) -> Result<()> {
        Ok(())
    }

    /// Writes the last record (completeness, counts), closes the capture, fixes [`RunInfo`].
    pub async fn finish(&mut self, _complete: bool) -> Result<()> {
        Ok(())
    }

    /// About the run; known when it is finished or was replayed.
    pub fn info(&self) -> Option<&RunInfo> {
        self.info.as_ref()
    }

    /// Reads WARC files (ours or another tool's) into this folder: states, page facts, [`RunInfo`]. A truncated or broken file is
    /// an error that says where it breaks and what was kept.
    pub async fn replay(&mut self, _warcs: &[PathBuf]) -> Result<()> {
        Ok(())
    }
}
