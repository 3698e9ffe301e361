//! The run that this one goes on from (`--since`): what it holds of a URL, so that only what has changed is fetched and read again.
//!
//! Its `run.db` is attached to ours, so that facts are taken over row by row without being read.

use super::db::{Db, json};
use super::put::put_kept;
use super::rows::{Kept, column, damaged, unpacked, url_column};
use super::together::Together;
use crate::capture::{Original, Shrunk};
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering, Method};
use crate::facts::EXTRACTOR_VERSION;
use crate::facts::links::Role;
use crate::judge::RunInfo;
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Pages may fall by this share, in per cent, before a run says that it shrank.
pub const SHRINKS_BY: u64 = 20;
/// Fewer pages than this prove nothing.
const LEAST_PAGES: u64 = 10;

/// What the earlier run holds of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub modified: Option<String>,
    /// `Content-Type` as sent.
    pub content_type: Option<String>,
    /// Media type as it was understood.
    pub media_type: Option<String>,
    /// Digest of the body as received: Base32 of SHA-1.
    pub payload: String,
    /// Hop count and via then.
    pub reached: (u32, Option<CanonicalUrl>),
    /// The record with the body; none when no capture was kept.
    pub original: Option<Original>,
    /// What the page led to, packed.
    links: Option<Vec<u8>>,
}

impl Held {
    /// What the page led to then.
    pub fn links(&self) -> Result<Vec<(Role, CanonicalUrl)>> {
        self.links.as_deref().map_or(Ok(Vec::new()), unpacked)
    }

    /// Is it the same answer again?
    pub fn is_same(&self, exchange: &Exchange) -> bool {
        exchange.status == 200
            && exchange.header("content-type") == self.content_type.as_deref()
            && crate::capture::draft::payload_digest(&exchange.body) == self.payload
    }
}

/// A row of the table `held`.
#[derive(Debug, Clone)]
pub(super) struct HeldRow {
    etag: Option<String>,
    modified: Option<String>,
    content_type: Option<String>,
    payload: String,
    /// Empty when no capture is kept.
    record: String,
    at: String,
    /// The run whose capture has the record; none: this one's.
    run: Option<String>,
}

impl HeldRow {
    /// Of an answer whose body may be had again from its record: a page or file that was there.
    pub(super) fn of(exchange: &Exchange, written: Option<crate::capture::Written>) -> Option<Self> {
        let asked = matches!(exchange.gathering, Gathering::Pages | Gathering::Attachments);
        if !asked || exchange.method != Method::Get || exchange.status != 200 {
            return None;
        }
        let header = |name: &str| exchange.header(name).map(str::to_owned);
        let (record, payload) = match written {
            Some(written) => (written.record, written.payload),
            None => (String::new(), crate::capture::draft::payload_digest(&exchange.body)),
        };
        Some(HeldRow {
            etag: header("etag"),
            modified: header("last-modified"),
            content_type: header("content-type"),
            payload,
            record,
            at: exchange.at.to_string(),
            run: None,
        })
    }

    /// Of an answer that has not changed.
    pub(super) fn again(exchange: &Exchange, held: &Held, run: &str) -> Self {
        let header = |name: &str, before: &Option<String>| exchange.header(name).map(str::to_owned).or_else(|| before.clone());
        let original = held.original.as_ref();
        HeldRow {
            etag: header("etag", &held.etag),
            modified: header("last-modified", &held.modified),
            content_type: held.content_type.clone(),
            payload: held.payload.clone(),
            record: original.map(|o| o.record.clone()).unwrap_or_default(),
            at: original.map_or(exchange.at, |o| o.at).to_string(),
            run: Some(original.map_or(run, |o| &o.run).to_owned()),
        }
    }
}

pub(super) fn put_held(together: &mut Together, url: &CanonicalUrl, gathering: Gathering, held: Option<&HeldRow>) {
    let Some(held) = held else {
        together.say("DELETE FROM held WHERE url = ? AND gathering = ?;").bind(url.as_str()).bind(gathering.word());
        return;
    };
    together
        .say(
            "INSERT OR REPLACE INTO held (url, gathering, etag, modified, content_type, payload, record, at, run)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);",
        )
        .bind(url.as_str())
        .bind(gathering.word())
        .bind(held.etag.as_deref())
        .bind(held.modified.as_deref())
        .bind(held.content_type.as_deref())
        .bind(&held.payload)
        .bind(&held.record)
        .bind(&held.at)
        .bind(held.run.as_deref());
}

/// Takes the facts of a URL over from the attached run, as they are.
fn take_over(together: &mut Together, url: &CanonicalUrl) {
    // A page is no file: of these some find nothing to copy.
    for sql in [
        "INSERT OR REPLACE INTO main.page SELECT * FROM earlier.page WHERE url = ?;",
        "INSERT OR IGNORE INTO main.offer (url, via, name, extension)
            SELECT url, via, name, extension FROM earlier.offer WHERE via = ?;",
        "INSERT OR REPLACE INTO main.file (url, digest, bytes, media_type, served_name)
            SELECT url, digest, bytes, media_type, served_name FROM earlier.file WHERE url = ?;",
        "INSERT OR IGNORE INTO main.content (digest, version, facts)
            SELECT digest, version, facts FROM earlier.content
            WHERE digest = (SELECT digest FROM earlier.file WHERE url = ?);",
    ] {
        together.say(sql).bind(url.as_str());
    }
}

/// A capture that holds originals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureOf {
    /// Where it was.
    pub path: PathBuf,
    /// SHA-256, hex.
    pub sha256: String,
}

/// What this run knows of the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Since {
    /// Its run id.
    pub(super) run: String,
    /// Its pages.
    pub(super) pages: u64,
    /// Was it planned to gather the same?
    pub(super) same_plan: bool,
    /// Captures that hold originals, by run id.
    pub(super) captures: BTreeMap<String, CaptureOf>,
    /// Did it cut anything off as a trap?
    pub(super) cut_traps: bool,
}

impl Since {
    /// Did this run get far fewer pages, although it was planned to gather the same?
    pub(super) fn shrunk(&self, now: u64) -> Option<Shrunk> {
        let far_fewer = self.pages >= LEAST_PAGES && now * 100 < self.pages * (100 - SHRINKS_BY);
        (self.same_plan && far_fewer).then_some(Shrunk { before: self.pages, now })
    }
}

/// Of a page whose scripts fill it the answer says nothing of what they fill it with: one that was rendered is fetched whole, and rendered,
/// again. A table of the attached database may be named in a query only where one is attached.
const HELD: &str =
    "SELECT h.etag, h.modified, h.content_type, h.payload, h.record, h.at, h.run, l.media_type, l.hops, l.via, p.version AS page, p.links,
        c.version AS content
    FROM earlier.held h
    JOIN earlier.look l ON l.url = h.url AND l.gathering = h.gathering AND l.status = 200 AND l.challenge IS NULL
        AND l.look = (SELECT max(look) FROM earlier.look m WHERE m.url = h.url AND m.gathering = h.gathering)
    LEFT JOIN earlier.page p ON p.url = h.url AND h.gathering = 'pages'
    LEFT JOIN earlier.file f ON f.url = h.url
    LEFT JOIN earlier.content c ON c.digest = f.digest
    WHERE h.url = ? AND h.gathering = ? AND p.rendered IS NOT 1";

impl Db {
    /// Attaches the `run.db` of an earlier run and tells of it. `plan_of`: were both planned to gather the same?
    pub(super) async fn attach(
        &mut self,
        folder: &Path,
        plan_of: impl FnOnce(&super::Recorded) -> Result<bool>,
    ) -> Result<Since> {
        let file = folder.join("run.db");
        if !file.is_file() {
            return Err(Error::usage_with(
                format!("--since {}: 不是巡查的运行目录 / is no run folder", folder.display()),
                "给出以前某次 --out 的目录 / give the folder of an earlier --out",
            ));
        }
        let mut other = Db::open(&file).await?;
        let stored = other.stored().await?;
        let stored = stored.filter(|stored| stored.finished).ok_or_else(|| {
            Error::usage_with(
                format!("--since {}: 该次运行尚未完成 / that run is not finished", folder.display()),
                "先用原命令把它跑完 / finish it with its own command first",
            )
        })?;
        let same_plan = plan_of(&stored.recorded)?;
        let count = sqlx::query_scalar("SELECT count(*) FROM page").fetch_one(&mut other.connection).await;
        let pages: i64 = count.map_err(Self::failed(&file))?;
        let trap = "SELECT EXISTS (SELECT 1 FROM look WHERE reason = ?)";
        let cut = sqlx::query_scalar(trap).bind(Reason::Trap.word()).fetch_one(&mut other.connection).await;
        let cut_traps: bool = cut.map_err(Self::failed(&file))?;
        let mut captures = other.since().await?.map(|since| since.captures).unwrap_or_default();
        drop(other);
        let RunInfo { id, capture_sha256, .. } = stored.info;
        if let Some(path) = stored.capture {
            captures.insert(id.clone(), CaptureOf { path, sha256: capture_sha256 });
        }
        let since = Since { run: id, pages: u64::try_from(pages).unwrap_or(0), same_plan, captures, cut_traps };
        sqlx::query("ATTACH DATABASE ? AS earlier")
            .bind(file.to_string_lossy().into_owned())
            .execute(&mut self.connection)
            .await
            .map_err(Self::failed(&file))?;
        self.set("since", &json(&since)?).await?;
        self.commit(None).await?;
        Ok(since)
    }

    /// What this run knows of the one before.
    pub(super) async fn since(&mut self) -> Result<Option<Since>> {
        let text: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE name = 'since'")
            .fetch_optional(&mut self.connection)
            .await
            .map_err(Self::failed(&self.path))?;
        text.map(|text| serde_json::from_str(&text).map_err(|e| damaged(&e))).transpose()
    }

    /// What the attached run holds of a URL, if its facts are what we would read. `needs_record`: is a body of use only with its record?
    pub(super) async fn held(
        &mut self,
        since: &Since,
        url: &CanonicalUrl,
        gathering: Gathering,
        needs_record: bool,
    ) -> Result<Option<Held>> {
        let row = sqlx::query(HELD).bind(url.as_str()).bind(gathering.word()).fetch_optional(&mut self.connection).await;
        let Some(row) = row.map_err(Self::failed(&self.path))? else { return Ok(None) };
        let (page, content): (Option<i64>, Option<i64>) = (column(&row, "page")?, column(&row, "content")?);
        let current = match page {
            Some(version) => version == self.version,
            None => content == Some(i64::from(EXTRACTOR_VERSION)),
        };
        let original = read_original(&row, since)?;
        if !current || (needs_record && original.is_none()) {
            return Ok(None);
        }
        Ok(Some(Held {
            etag: column(&row, "etag")?,
            modified: column(&row, "modified")?,
            content_type: column(&row, "content_type")?,
            media_type: column(&row, "media_type")?,
            payload: column(&row, "payload")?,
            reached: (column(&row, "hops")?, url_column(&row, "via")?),
            original,
            links: column(&row, "links")?,
        }))
    }

    /// Takes a look at a URL whose answer has not changed, with its facts as the attached run has them.
    pub(super) async fn keep_again(&mut self, kept: &Kept, url: &CanonicalUrl) -> Result<()> {
        let mut together = Together::default();
        put_kept(&mut together, kept, self.version);
        take_over(&mut together, url);
        self.send(together).await
    }

    /// The evidence on which the attached run cut a URL off as one of a trap, if the page that leads to it has been taken over.
    pub(super) async fn earlier_cut(&mut self, url: &CanonicalUrl, via: &CanonicalUrl) -> Result<Option<String>> {
        let sql = "SELECT l.detail FROM earlier.look l
            JOIN main.held h ON h.url = ? AND h.gathering = 'pages' AND h.run IS NOT NULL
            WHERE l.url = ? AND l.gathering = 'pages' AND l.reason = ?";
        sqlx::query_scalar(sql)
            .bind(via.as_str())
            .bind(url.as_str())
            .bind(Reason::Trap.word())
            .fetch_optional(&mut self.connection)
            .await
            .map_err(Self::failed(&self.path))
    }

    /// Has the page been taken over from the attached run?
    pub(super) async fn is_taken_over(&mut self, url: &CanonicalUrl) -> Result<bool> {
        let sql = "SELECT 1 FROM main.held WHERE url = ? AND gathering = 'pages' AND run IS NOT NULL";
        let found = sqlx::query(sql).bind(url.as_str()).fetch_optional(&mut self.connection).await;
        found.map(|row| row.is_some()).map_err(Self::failed(&self.path))
    }

    /// Pages with facts, and how many of them were taken over from an earlier run.
    pub(super) async fn pages_and_taken_over(&mut self) -> Result<(u64, u64)> {
        let row: (i64, i64) = sqlx::query_as(
            "SELECT count(*), count(h.run) FROM page p LEFT JOIN held h ON h.url = p.url AND h.gathering = 'pages'",
        )
        .fetch_one(&mut self.connection)
        .await
        .map_err(Self::failed(&self.path))?;
        Ok((u64::try_from(row.0).unwrap_or(0), u64::try_from(row.1).unwrap_or(0)))
    }
}

fn read_original(row: &SqliteRow, since: &Since) -> Result<Option<Original>> {
    let record: String = column(row, "record")?;
    let run = column::<Option<String>>(row, "run")?.unwrap_or_else(|| since.run.clone());
    let Some(capture) = since.captures.get(&run).filter(|_| !record.is_empty()) else { return Ok(None) };
    Ok(Some(Original {
        record,
        at: column::<String>(row, "at")?.parse().map_err(|e: jiff::Error| damaged(&e))?,
        payload: column(row, "payload")?,
        run,
        capture: capture.sha256.clone(),
    }))
}
