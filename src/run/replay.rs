//! Replay: WARC files, ours or another tool's, into states and page facts. No request is sent.

mod anew;
mod readers;

pub(super) use anew::{read_facts_anew, read_files_left};

use super::files::{self, FileRow};
use super::probes::ProbeRow;
use super::rows::{Kept, PageRow};
use super::{Reading, RunFolder, answered, counts_hold, folder, is_page, not_answered, provisional};
use crate::capture::entry::Understanding;
use crate::capture::{Entry, Last, Origin, Original, Reader, Rendered, challenge};
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering};
use crate::extract::Extractor;
use crate::judge::RunInfo;
use crate::unfetched::{Reason, Unfetched};
use crate::url::CanonicalUrl;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows per commit.
const BATCH: usize = 128;
/// Largest block that is read at least; what is larger ends as too-large. A plan that allows larger bodies raises it.
pub(super) const BLOCK_LIMIT: u64 = 64 << 20;

/// What replay met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Records read.
    pub records: u64,
    /// Responses among them.
    pub responses: u64,
    /// URLs without response.
    pub unfetched: u64,
    /// Answers whose body is in another capture: untested.
    pub elsewhere: u64,
    /// What people should know: where a file breaks, which records were left out. In Chinese and English.
    pub notes: Vec<String>,
}

/// Answers to probes that are read of a capture.
const MOST_PROBES: usize = 2_000;

/// Everything but the rows.
#[derive(Debug, Default)]
struct Summary {
    replayed: Replayed,
    origins: Vec<Origin>,
    lasts: Vec<Last>,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    /// First page of every file: where another tool began.
    starts: Vec<CanonicalUrl>,
    /// Answers to probes: a run has a few dozen.
    probes: Vec<ProbeRow>,
    whole: bool,
}

impl Summary {
    fn add_probe(&mut self, row: ProbeRow) {
        if self.probes.len() < MOST_PROBES {
            self.probes.push(row);
        }
    }
}

pub(super) async fn replay(folder: &mut RunFolder, warcs: &[PathBuf]) -> Result<Replayed> {
    folder.db.get_mut().clear(false).await?;
    let digest = folder::digest_of_all(warcs).await?;
    let (sender, mut rows) = tokio::sync::mpsc::channel::<Kept>(BATCH);
    let (files, wanted) = (warcs.to_vec(), Wanted::of(folder));
    let reading = tokio::task::spawn_blocking(move || {
        let mut summary = Summary { whole: true, ..Summary::default() };
        readers::with(&wanted, &sender, |readers| {
            let mut take = |exchange: &Exchange, has_body| {
                let row = wanted.row_of(exchange, has_body, readers)?;
                Ok(sender.blocking_send(row).is_ok())
            };
            files.iter().try_for_each(|file| {
                read_file(file, wanted.limit, &mut summary, &mut take, &mut |gone| {
                    let kept = match gone {
                        Gone::Unfetched(unfetched) => Kept::of(not_answered(&unfetched)),
                        Gone::Elsewhere(exchange, original) => Kept::of(not_answered(&absent(&exchange, &original))),
                        Gone::Rendered(rendered) => Kept::rendered(*rendered, Some(file), &wanted.reading),
                    };
                    sender.blocking_send(kept).is_ok()
                })
            })
        })?;
        Ok::<_, Error>(summary)
    });
    let mut batch = Vec::with_capacity(BATCH);
    while rows.recv_many(&mut batch, BATCH).await > 0 {
        folder.db.get_mut().keep_all(&batch).await?;
        folder.db.get_mut().commit(None).await?;
        batch.clear();
    }
    let mut summary = reading.await.map_err(|e| Error::Internal(format!("replay: {e}")))??;
    let ours = !summary.origins.is_empty();
    if summary.replayed.elsewhere > 0 {
        summary.replayed.notes.push(format!(
            "{} 个页面未变、内容在以前的采集文件里，此处按未检查处理；先用 xuncha capture pack 合成一个完整文件 / {} unchanged pages have \
             their contents in an earlier capture and are untested here; xuncha capture pack makes one whole file",
            summary.replayed.elsewhere, summary.replayed.elsewhere
        ));
    }
    folder.db.get_mut().keep_probes(&summary.probes).await?;
    folder.info = info_of(&mut summary, warcs.len(), digest);
    if !ours {
        super::distance::measure(folder.db.get_mut(), &folder.info.seeds).await?;
        // Another tool does not say what it fetched for what: files that it has are files that it gathered.
        if folder.db.get_mut().has_files().await? {
            folder.info.gatherings.push(Gathering::Attachments);
        }
    }
    folder.seal().await?;
    Ok(summary.replayed)
}

/// What a reading thread has to know of the folder.
pub(super) struct Wanted {
    limit: u64,
    reading: Reading,
    attachments: bool,
    pub(super) extractor: Option<Arc<Extractor>>,
}

impl Wanted {
    fn of(folder: &RunFolder) -> Self {
        Wanted {
            limit: folder.block_limit,
            reading: folder.reading.clone(),
            attachments: folder.attachments,
            extractor: folder.extractor(),
        }
    }

    fn row_of(&self, exchange: &Exchange, has_body: bool, readers: &readers::Readers) -> Result<Kept> {
        let (mut row, challenge) = read_page(exchange, has_body, &self.reading)?;
        if self.attachments
            && has_body
            && let Some(body) = files::body_of_file(exchange, challenge.as_deref(), row.page.is_some(), self.limit)
        {
            let file = files::fetched(exchange, &body);
            row.file = Some(FileRow::of(&exchange.url, &file));
            if self.extractor.as_ref().is_some_and(|extractor| extractor.claim(&file.digest)) {
                readers.read(file.digest, body);
            }
        }
        Ok(row)
    }
}

/// Is the first record of every file whole? Said before anything is written.
pub(super) fn check(warcs: &[PathBuf]) -> Result<()> {
    for path in warcs {
        let file = File::open(path).map_err(|e| Error::io(path, e))?;
        let mut reader = Reader::new(file, BLOCK_LIMIT).map_err(|b| no_warc(path, &b))?;
        match reader.next_record() {
            Some(Ok(_)) => {}
            Some(Err(broken)) => return Err(no_warc(path, &broken)),
            None => return Err(no_warc(path, &EMPTY)),
        }
    }
    Ok(())
}

/// Said of a file without content.
const EMPTY: &str = "空文件 / empty";

fn no_warc(path: &Path, cause: &dyn std::fmt::Display) -> Error {
    Error::usage_with(
        format!("{}: 不是 WARC 文件 / is no WARC file ({cause})", path.display()),
        "TARGET 应为网址、目录或 WARC 文件 / TARGET is a URL, a folder or a WARC file",
    )
}

/// Reads one file: `take` gets every response and whether its body is there, `gone` the end of every URL without one. Both say whether
/// anybody still listens.
fn read_file(
    path: &Path,
    limit: u64,
    summary: &mut Summary,
    take: &mut dyn FnMut(&Exchange, bool) -> Result<bool>,
    gone: &mut dyn FnMut(Gone) -> bool,
) -> Result<()> {
    let file = File::open(path).map_err(|e| Error::io(path, e))?;
    let mut reader = Reader::new(file, limit).map_err(|b| no_warc(path, &b))?;
    let mut understanding = Understanding::default();
    let (mut read, mut started) = (0u64, false);
    while let Some(record) = reader.next_record() {
        let record = match record {
            Ok(record) => record,
            Err(broken) if read == 0 => return Err(no_warc(path, &broken)),
            Err(broken) => {
                summary.whole = false;
                summary
                    .replayed
                    .notes
                    .push(format!("{}: {broken}；此前 {read} 条记录已读取 / {read} records before it were kept", path.display()));
                break;
            }
        };
        read += 1;
        summary.replayed.records += 1;
        let offset = record.offset;
        if record.digest_holds == Some(false) {
            summary.whole = false;
            summary.replayed.notes.push(format!(
                "{}: 字节 / byte {offset}: 摘要不符，记录略去 / digest does not match, the record was left out",
                path.display()
            ));
            continue;
        }
        if let Some(date) = record.date() {
            summary.first = Some(summary.first.map_or(date, |d| d.min(date)));
            summary.last = Some(summary.last.map_or(date, |d| d.max(date)));
        }
        let heard = match understanding.of(record) {
            Entry::Answer { exchange, .. } if exchange.gathering == Gathering::Render => {
                summary.replayed.responses += 1;
                continue;
            }
            Entry::Unfetched(unfetched) if unfetched.gathering == Gathering::Render => {
                summary.replayed.unfetched += 1;
                continue;
            }
            Entry::Rendered(rendered) => gone(Gone::Rendered(rendered)),
            Entry::Answer { exchange, .. } if exchange.gathering.is_probe() => {
                summary.replayed.responses += 1;
                summary.add_probe(ProbeRow::of_exchange(&exchange)?);
                continue;
            }
            Entry::Unfetched(unfetched) if unfetched.gathering.is_probe() => {
                summary.replayed.unfetched += 1;
                summary.add_probe(ProbeRow::of_unfetched(&unfetched));
                continue;
            }
            Entry::Looked(looked) => {
                summary.add_probe(ProbeRow::of_looked(&looked)?);
                continue;
            }
            Entry::Answer { exchange, has_body } => {
                summary.replayed.responses += 1;
                if !started && exchange.gathering == Gathering::Pages {
                    started = true;
                    summary.starts.push(exchange.url.clone());
                }
                take(&exchange, has_body)?
            }
            Entry::Unfetched(unfetched) => {
                summary.replayed.unfetched += 1;
                gone(Gone::Unfetched(unfetched))
            }
            Entry::Revisit { exchange, original } => {
                summary.replayed.responses += 1;
                summary.replayed.elsewhere += 1;
                gone(Gone::Elsewhere(exchange, original))
            }
            Entry::Origin(origin) => {
                summary.origins.push(*origin);
                continue;
            }
            Entry::Last(last) => {
                summary.lasts.push(last);
                continue;
            }
            Entry::Plan(_) | Entry::Nothing => continue,
        };
        if !heard {
            return Err(Error::Internal("run.db stopped listening".into()));
        }
    }
    if read == 0 {
        return Err(no_warc(path, &EMPTY));
    }
    Ok(())
}

/// What is no answer to a request: mostly that there was none.
enum Gone {
    /// A URL without response.
    Unfetched(Box<Unfetched>),
    /// One whose body is in another capture.
    Elsewhere(Box<Exchange>, Box<Original>),
    /// A page as a browser showed it.
    Rendered(Box<Rendered>),
}

/// An answer whose original is not here: what it says is not known, and nobody may take it for missing.
pub(super) fn absent(exchange: &Exchange, original: &Original) -> Unfetched {
    Unfetched {
        url: exchange.url.clone(),
        reason: Reason::NotInCapture,
        detail: format!("revisit of <{}> in the capture of run {} (sha256 {})", original.record, original.run, original.capture),
        attempts: exchange.attempts,
        via: exchange.via.clone(),
        gathering: exchange.gathering,
        hops: exchange.hops,
        look: exchange.look,
        at: exchange.at,
    }
}

/// The look of an exchange with its page facts, and the sign of a challenge.
fn read_page(exchange: &Exchange, has_body: bool, reading: &Reading) -> Result<(Kept, Option<String>)> {
    let challenge = challenge::sign(exchange);
    let wanted = has_body && is_page(exchange, challenge.as_deref());
    let page = wanted.then(|| crate::facts::page::read_with(exchange, &reading.selectors)).flatten();
    let page = page.as_ref().map(PageRow::of).transpose()?;
    Ok((Kept { page, ..Kept::of(answered(exchange, challenge.clone())) }, challenge))
}

/// Of one of our captures what it says itself; of anything else its digest, dates and what can be known.
fn info_of(summary: &mut Summary, files: usize, digest: String) -> RunInfo {
    let epoch = Timestamp::UNIX_EPOCH;
    let (first, last) = (summary.first.unwrap_or(epoch), summary.last.unwrap_or(epoch));
    let ours = !summary.origins.is_empty() && summary.origins.len() == files;
    let ended = ours && summary.lasts.len() == files;
    let sums = Last {
        complete: summary.lasts.iter().all(|l| l.complete),
        finished: summary.lasts.iter().map(|l| l.finished).max().unwrap_or(last),
        responses: summary.lasts.iter().map(|l| l.responses).sum(),
        unfetched: summary.lasts.iter().flat_map(|l| &l.unfetched).fold(Default::default(), |mut all, (reason, count)| {
            *std::collections::BTreeMap::entry(&mut all, *reason).or_default() += count;
            all
        }),
        shrunk: summary.lasts.first().and_then(|last| last.shrunk),
    };
    let adds_up = ended && counts_hold(&sums, summary.replayed.responses, summary.replayed.unfetched);
    if ended && !adds_up {
        summary.replayed.notes.push("末条记录的计数与内容不符 / the counts of the last record do not fit the file".to_owned());
    }
    let complete = adds_up && summary.whole && sums.complete;
    if let ([origin], true) = (summary.origins.as_slice(), ours) {
        let finished_at = if ended { sums.finished } else { last };
        let shrunk = sums.shrunk.map(|shrunk| (shrunk.before, shrunk.now));
        return RunInfo { finished_at, complete, capture_sha256: digest, shrunk, ..provisional(origin) };
    }
    let mut seeds: Vec<CanonicalUrl> = Vec::new();
    let mut gatherings = BTreeSet::from([Gathering::Pages]);
    for origin in &summary.origins {
        seeds.extend(origin.seeds.iter().filter(|s| !seeds.contains(s)).cloned().collect::<Vec<_>>());
        gatherings.extend(&origin.gatherings);
    }
    if seeds.is_empty() {
        seeds.extend(summary.starts.iter().cloned().collect::<BTreeSet<_>>());
    }
    RunInfo {
        id: digest.clone(),
        started_at: first,
        finished_at: last,
        complete,
        capture_sha256: digest,
        seeds,
        gatherings: if ours { gatherings.into_iter().collect() } else { vec![Gathering::Pages] },
        inputs: Default::default(),
        shrunk: None,
    }
}
