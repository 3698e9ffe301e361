//! The run folder (`--out`): `run.db` (URL states, page facts), the capture, the resolved plan, the reports.
//!
//! Whatever grows per page or link lives here, not in memory. Crawl and replay write it, judge reads it as
//! [`Material`](crate::judge::Material).
//!
//! The order of a commit: records are appended to the capture, their states, page facts and the URLs that they lead to join a batch,
//! and the batch becomes lasting in one transaction together with the capture's new length. After a kill at any moment the capture is
//! cut at the length that `run.db` knows, so both agree. A batch is small ([`Batch`]): what a kill costs is what was under way and at
//! most one batch, and that is asked for again.

pub mod db;
mod digest;
pub mod distance;
pub mod earlier;
pub mod files;
pub mod folder;
mod keeping;
pub mod left;
pub mod marks;
pub mod material;
mod originals;
pub mod pack;
mod probes;
mod put;
pub mod recorded;
mod rendered;
pub mod replay;
pub mod rows;
mod together;

use crate::capture::{Last, Origin, Writer, challenge, kill};
use crate::error::Result;
use crate::exchange::{Exchange, Gathering, Method};
use crate::extract::Extractor;
use crate::facts::page::Glance;
use crate::facts::selected::Selector;
use crate::facts::site::{Look, UrlState};
use crate::facts::{EXTRACTOR_VERSION, Page};
use crate::judge::RunInfo;
use crate::plan::Plan;
use crate::unfetched::{Reason, Unfetched};
use crate::url::CanonicalUrl;
use db::Db;
use earlier::Since;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

pub use earlier::Held;
pub use left::{Ended, Left};
pub use probes::Probed;
pub use recorded::Recorded;
pub use replay::Replayed;

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
    /// Redirects followed without a link in between.
    pub redirects: u32,
}

/// How much is committed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    /// Ends of URLs.
    pub ends: u32,
    /// Time from its first write.
    pub time: Duration,
}

impl Batch {
    /// Each write for itself.
    pub const EACH: Batch = Batch { ends: 1, time: Duration::ZERO };
    /// What a crawl commits together: a kill costs half a second at most.
    pub const CRAWL: Batch = Batch { ends: 64, time: Duration::from_millis(500) };
}

impl Default for Batch {
    fn default() -> Self {
        Batch::EACH
    }
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

/// Where the capture goes (`--capture`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CaptureChoice {
    /// `capture.warc.gz` in the run folder.
    #[default]
    InFolder,
    /// A file of the user's; it must not exist yet.
    File(PathBuf),
    /// None is kept; the report has an empty `capture_sha256`.
    None,
}

/// What [`RunFolder::open_with`] takes beside the plan.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Where the capture goes.
    pub capture: CaptureChoice,
    /// Recorded in the request records.
    pub user_agent: Option<String>,
    /// Reads attachments; none: they are kept and not read, and rules about them answer untested.
    pub extractor: Option<Arc<Extractor>>,
    /// How much is committed together.
    pub batch: Batch,
    /// `--since`: the folder of an earlier run; what has not changed is not fetched and read again.
    pub since: Option<PathBuf>,
    /// `--full`: everything is fetched and read, whatever the earlier run holds.
    pub full: bool,
}

/// An open run folder. One process at a time: the folder is locked until this is dropped.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    capture: Option<Writer>,
    /// Where the run's own capture is, also of one that is over.
    own_capture: Option<PathBuf>,
    db: Mutex<Db>,
    /// Provisional until finished.
    info: RunInfo,
    finished: bool,
    /// Largest record that replay reads.
    block_limit: u64,
    /// What pages are read with.
    reading: Reading,
    /// Are attachments wanted, and who reads them?
    attachments: bool,
    extractor: Option<Arc<Extractor>>,
    batch: Batch,
    /// Ends of URLs in the open batch.
    in_batch: u32,
    /// When the open batch began.
    batch_began: Option<Instant>,
    /// The run before, attached.
    since: Option<Since>,
    full: bool,
    _lock: std::fs::File,
}

impl RunFolder {
    /// Opens or creates the folder for a plan, with the capture inside. See [`RunFolder::open_with`].
    pub async fn open(path: &Path, plan: &Plan) -> Result<(Self, State)> {
        Self::open_with(path, plan, RunOptions::default()).await
    }

    /// Opens or creates the folder for a plan. A run of another plan is [`Error::OtherPlan`] with the differences; checklists and
    /// `as_of` may differ (they are judged anew), everything that decides what is fetched may not.
    pub async fn open_with(path: &Path, plan: &Plan, options: RunOptions) -> Result<(Self, State)> {
        folder::open(path, plan, options).await
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The capture file, when one is written.
    pub fn capture_path(&self) -> Option<&Path> {
        self.capture.as_ref().map(Writer::path)
    }

    /// Records discovered URLs; of known ones a shorter way is taken over. Call it for the links of a page before [`RunFolder::keep`]
    /// of that page: after a kill in between the page is fetched again, and no link is lost.
    pub async fn discover(&mut self, found: &[Discovered]) -> Result<()> {
        self.db.get_mut().discover(found).await?;
        kill::point("links-found");
        self.written(0).await
    }

    /// When the open batch has to be committed; none when nothing waits for that.
    pub fn due(&self) -> Option<Instant> {
        self.batch_began.map(|began| began + self.batch.time)
    }

    /// Makes everything lasting that was written so far.
    pub async fn commit(&mut self) -> Result<()> {
        if self.batch_began.take().is_none() {
            return Ok(());
        }
        self.in_batch = 0;
        kill::point("batch-full");
        self.db.get_mut().commit(self.capture.as_ref().map(Writer::position)).await?;
        kill::point("committed");
        Ok(())
    }

    /// Counts what was just written, and commits when it is time.
    async fn written(&mut self, ends: u32) -> Result<()> {
        self.in_batch += ends;
        let began = *self.batch_began.get_or_insert_with(Instant::now);
        if self.in_batch >= self.batch.ends || began.elapsed() >= self.batch.time { self.commit().await } else { Ok(()) }
    }

    /// Shows what an earlier part of this run left: what ended, in canonical order, then what waits, in frontier order, then what was
    /// looked at once in vain.
    pub async fn left(&mut self, show: &mut (dyn FnMut(Left) + Send)) -> Result<()> {
        self.db.get_mut().left(show).await
    }

    /// Discovered URLs without an end, in frontier order (hop count, then canonical URL): what a resumed run begins with.
    pub async fn pending(&self) -> Result<Vec<Discovered>> {
        self.db.lock().await.pending().await
    }

    /// Every URL already ended, with its gathering: what a resumed run must not fetch again.
    pub async fn ended(&self) -> Result<Vec<(CanonicalUrl, Gathering)>> {
        self.db.lock().await.ended().await
    }

    /// States with one look only that answered with an error or not at all, in canonical order: whether any of them deserves a second
    /// look is for the crawl to say, also of a resumed run.
    pub async fn looked_once(&self) -> Result<Vec<UrlState>> {
        self.db.lock().await.looked_once().await
    }

    /// Who reads attachments, where this run wants them read.
    pub fn extractor(&self) -> Option<Arc<Extractor>> {
        self.extractor.clone().filter(|_| self.attachments)
    }

    /// Shows a glance at every page kept so far, in canonical order.
    pub async fn show_glances(&mut self, show: &mut (dyn FnMut(Glance) + Send)) -> Result<()> {
        self.db.get_mut().show_glances(show).await
    }

    /// One page as it was kept.
    pub async fn page(&mut self, url: &CanonicalUrl) -> Result<Option<Page>> {
        self.db.get_mut().page(url).await
    }

    /// Notes something about the run under a name of its own; it becomes lasting with the next commit.
    pub async fn note(&mut self, name: &str, value: &str) -> Result<()> {
        self.db.get_mut().set(name, value).await
    }

    /// What was noted under that name.
    pub async fn noted(&mut self, name: &str) -> Result<Option<String>> {
        self.db.get_mut().get(name).await
    }

    /// Probes of an earlier part of this run.
    pub async fn probed(&mut self) -> Result<Vec<Probed>> {
        self.db.get_mut().probed().await
    }

    /// Writes the last record (completeness, counts), closes the capture, fixes [`RunInfo`]. URLs that are still pending end as
    /// [`Reason::Stopped`], and then the run is not complete whatever is said here: the counts must add up.
    pub async fn finish(&mut self, complete: bool) -> Result<()> {
        if self.finished {
            return Ok(());
        }
        let finished = crate::clock::now();
        let mut complete = complete;
        loop {
            let waiting = self.db.get_mut().some_pending(1000).await?;
            if waiting.is_empty() {
                break;
            }
            complete = false;
            for Discovered { url, gathering, hops, via, .. } in waiting {
                let (reason, detail) = (Reason::Stopped, String::new());
                self.keep_unfetched(&Unfetched { url, reason, detail, attempts: 0, via, gathering, hops, look: 1, at: finished })
                    .await?;
            }
        }
        self.commit().await?;
        let shrunk = match &self.since {
            Some(since) => since.shrunk(self.db.get_mut().pages_and_taken_over().await?.0),
            None => None,
        };
        // What is missing then must not count as gone.
        complete &= shrunk.is_none();
        self.info.shrunk = shrunk.map(|shrunk| (shrunk.before, shrunk.now));
        if let Some(capture) = &mut self.capture {
            capture.end(complete, finished, shrunk).await?;
            kill::point("ending");
            let path = capture.path().to_owned();
            self.info.capture_sha256 = folder::digest_of(&path).await?;
            replay::read_files_left(self, &[path]).await?;
        }
        self.info.complete = complete;
        self.info.finished_at = finished;
        self.seal().await
    }

    /// Records that the run is over, with everything that it tells about itself.
    async fn seal(&mut self) -> Result<()> {
        let position = self.capture.as_ref().map(Writer::position);
        self.db.get_mut().seal(&self.info, position).await?;
        self.finished = true;
        kill::point("sealed");
        Ok(())
    }

    /// About the run; known when it is finished or was replayed.
    pub fn info(&self) -> Option<&RunInfo> {
        self.finished.then_some(&self.info)
    }

    /// Reads WARC files (ours or another tool's) into this folder: states, page facts, [`RunInfo`]. Of a truncated or broken file
    /// everything before the break is kept, the run is not complete, and [`Replayed::notes`] say where it breaks; a file without one
    /// whole record is an error.
    pub async fn replay(&mut self, warcs: &[PathBuf]) -> Result<Replayed> {
        replay::replay(self, warcs).await
    }
}

/// Page facts of an exchange, where there are any: a successful GET for a page that is no challenge. Crawl and replay both ask here.
pub fn page_of(exchange: &Exchange, reading: &Reading) -> Option<Page> {
    if !is_page(exchange, challenge::sign(exchange).as_deref()) {
        return None;
    }
    crate::facts::page::read_with(exchange, &reading.selectors)
}

/// How the pages of a run are read: what decides their facts beside their bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// CSS selectors of the plan.
    pub selectors: Arc<[Selector]>,
}

impl Reading {
    /// As a plan wants it.
    pub fn of(plan: &Plan) -> Self {
        Reading { selectors: plan.selectors().into() }
    }

    /// Stored facts of another version are read anew: that of the extractor, and above it a digest of the selectors, if any.
    pub fn version(&self) -> i64 {
        if self.selectors.is_empty() {
            return i64::from(EXTRACTOR_VERSION);
        }
        let text: Vec<String> = self.selectors.iter().map(Selector::to_string).collect();
        let digest = xxhash_rust::xxh3::xxh3_64(text.join("\n").as_bytes());
        i64::from(EXTRACTOR_VERSION) | ((digest >> 33) as i64) << 32
    }
}

fn is_page(exchange: &Exchange, challenge: Option<&str>) -> bool {
    exchange.gathering == Gathering::Pages
        && exchange.method == Method::Get
        && (200..300).contains(&exchange.status)
        && challenge.is_none()
}

/// The state of a URL after an exchange, of one look.
pub(crate) fn answered(exchange: &Exchange, challenge: Option<String>) -> (u8, UrlState) {
    let look = Look::Answered {
        status: exchange.status,
        redirect: exchange.redirect(),
        media_type: exchange.media_type(),
        challenge,
        at: exchange.at,
    };
    let state = UrlState {
        url: exchange.url.clone(),
        gathering: exchange.gathering,
        hops: exchange.hops,
        via: exchange.via.clone(),
        looks: vec![look],
    };
    (exchange.look, state)
}

/// The state of a URL without response, of one look.
pub(crate) fn not_answered(unfetched: &Unfetched) -> (u8, UrlState) {
    let look = Look::Unfetched {
        reason: unfetched.reason,
        detail: crate::capture::fields::one_line(&unfetched.detail),
        attempts: unfetched.attempts,
        at: unfetched.at,
    };
    let state = UrlState {
        url: unfetched.url.clone(),
        gathering: unfetched.gathering,
        hops: unfetched.hops,
        via: unfetched.via.clone(),
        looks: vec![look],
    };
    (unfetched.look, state)
}

/// Is the record that ends a capture in keeping with what was read before it?
pub(crate) fn counts_hold(last: &Last, responses: u64, unfetched: u64) -> bool {
    last.responses == responses && last.unfetched.values().sum::<u64>() == unfetched
}

/// What a run tells about itself as long as it is under way.
pub(crate) fn provisional(origin: &Origin) -> RunInfo {
    RunInfo {
        id: origin.run_id.clone(),
        started_at: origin.started,
        finished_at: origin.started,
        complete: false,
        capture_sha256: String::new(),
        seeds: origin.seeds.clone(),
        gatherings: origin.gatherings.clone(),
        inputs: Default::default(),
        shrunk: None,
    }
}
