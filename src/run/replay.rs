//! Replay: WARC files, ours or another tool's, into states and page facts. No request is sent.

use super::rows::PageRow;
use super::{Reading, RunFolder, answered, counts_hold, folder, is_page, not_answered, provisional};
use crate::capture::entry::Understanding;
use crate::capture::{Entry, Last, Origin, Reader, challenge};
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering};
use crate::facts::site::UrlState;
use crate::judge::RunInfo;
use crate::url::CanonicalUrl;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

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
    /// What people should know: where a file breaks, which records were left out. In Chinese and English.
    pub notes: Vec<String>,
}

/// One row for `run.db`.
type Row = ((u8, UrlState), Option<PageRow>);

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
    whole: bool,
}

pub(super) async fn replay(folder: &mut RunFolder, warcs: &[PathBuf]) -> Result<Replayed> {
    folder.db.get_mut().clear(false).await?;
    let digest = folder::digest_of_all(warcs).await?;
    let (sender, mut rows) = tokio::sync::mpsc::channel::<Row>(BATCH);
    let (files, limit, reading_with) = (warcs.to_vec(), folder.block_limit, folder.reading.clone());
    let reading = tokio::task::spawn_blocking(move || {
        let mut summary = Summary { whole: true, ..Summary::default() };
        for file in &files {
            read_file(file, limit, &reading_with, &mut summary, &mut |row| sender.blocking_send(row).is_ok())?;
        }
        Ok::<_, Error>(summary)
    });
    let mut batch = Vec::with_capacity(BATCH);
    while rows.recv_many(&mut batch, BATCH).await > 0 {
        folder.db.get_mut().keep_all(&batch, None).await?;
        batch.clear();
    }
    let mut summary = reading.await.map_err(|e| Error::Internal(format!("replay: {e}")))??;
    folder.info = info_of(&mut summary, warcs.len(), digest);
    if summary.origins.is_empty() {
        super::distance::measure(folder.db.get_mut(), &folder.info.seeds).await?;
    }
    folder.seal().await?;
    Ok(summary.replayed)
}

/// Page facts of another extractor version, read again; states stay.
pub(super) async fn read_facts_anew(folder: &mut RunFolder, warcs: &[PathBuf]) -> Result<()> {
    let (sender, mut rows) = tokio::sync::mpsc::channel::<Row>(BATCH);
    let (files, limit, reading_with) = (warcs.to_vec(), folder.block_limit, folder.reading.clone());
    folder.db.get_mut().clear(true).await?;
    let reading = tokio::task::spawn_blocking(move || {
        let mut summary = Summary::default();
        files.iter().try_for_each(|file| {
            read_file(file, limit, &reading_with, &mut summary, &mut |row| sender.blocking_send(row).is_ok())
        })
    });
    while let Some(((_, state), page)) = rows.recv().await {
        if state.gathering == Gathering::Pages {
            folder.db.get_mut().renew_page(&state.url, page.as_ref()).await?;
        }
    }
    reading.await.map_err(|e| Error::Internal(format!("replay: {e}")))?
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

fn read_file(path: &Path, limit: u64, reading: &Reading, summary: &mut Summary, send: &mut dyn FnMut(Row) -> bool) -> Result<()> {
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
        let row = match understanding.of(record) {
            Entry::Answer { exchange, has_body } => {
                summary.replayed.responses += 1;
                if !started && exchange.gathering == Gathering::Pages {
                    started = true;
                    summary.starts.push(exchange.url.clone());
                }
                row_of(&exchange, has_body, reading)?
            }
            Entry::Unfetched(unfetched) => {
                summary.replayed.unfetched += 1;
                (not_answered(&unfetched), None)
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
        if !send(row) {
            return Err(Error::Internal("run.db stopped listening".into()));
        }
    }
    if read == 0 {
        return Err(no_warc(path, &EMPTY));
    }
    Ok(())
}

fn row_of(exchange: &Exchange, has_body: bool, reading: &Reading) -> Result<Row> {
    let challenge = challenge::sign(exchange);
    let wanted = has_body && is_page(exchange, challenge.as_deref());
    let page = wanted.then(|| crate::facts::page::read_with(exchange, &reading.selectors)).flatten();
    Ok((answered(exchange, challenge), page.as_ref().map(PageRow::of).transpose()?))
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
    };
    let adds_up = ended && counts_hold(&sums, summary.replayed.responses, summary.replayed.unfetched);
    if ended && !adds_up {
        summary.replayed.notes.push("末条记录的计数与内容不符 / the counts of the last record do not fit the file".to_owned());
    }
    let complete = adds_up && summary.whole && sums.complete;
    if let ([origin], true) = (summary.origins.as_slice(), ours) {
        let finished_at = if ended { sums.finished } else { last };
        return RunInfo { finished_at, complete, capture_sha256: digest, ..provisional(origin) };
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
    }
}
