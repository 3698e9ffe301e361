//! `run.db`: SQLite in WAL mode, one writer. Runtime queries, no macros.
//!
//! Whatever is written joins the open batch: a transaction that begins with the first write and ends with [`Db::commit`], so that
//! discovered URLs, looks, facts and the capture's length become lasting together or not at all.

use super::Discovered;
use super::probes::{ProbeRow, Probed};
use super::put::{forget_page, put_kept, put_page, set};
use super::recorded::Recorded;
use super::rows::{GLANCES, Kept, PAGE, PageRow, damaged, read_glance, read_page, url_column};
use super::together::Together;
use crate::capture::write::Position;
use crate::error::{Error, Result};
use crate::facts::page::Glance;
use crate::facts::site::UrlState;
use crate::facts::{EXTRACTOR_VERSION, Page};
use crate::judge::RunInfo;
use crate::url::CanonicalUrl;
use futures_util::StreamExt;
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use std::path::{Path, PathBuf};

/// Version of the tables below; a folder of another version is not read.
const SCHEMA_VERSION: &str = "4";

const CLEAR: &str = "DELETE FROM page; DELETE FROM offer; DELETE FROM probe; DELETE FROM rendering; DELETE FROM file; DELETE FROM content; DELETE FROM held; DELETE FROM look; DELETE FROM url";
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS url (
        url TEXT NOT NULL, gathering TEXT NOT NULL, hops INTEGER NOT NULL, via TEXT, redirects INTEGER NOT NULL,
        PRIMARY KEY (url, gathering)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS held (
        url TEXT NOT NULL, gathering TEXT NOT NULL, etag TEXT, modified TEXT, content_type TEXT, payload TEXT NOT NULL,
        record TEXT NOT NULL, at TEXT NOT NULL, run TEXT, PRIMARY KEY (url, gathering)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS look (
        url TEXT NOT NULL, gathering TEXT NOT NULL, look INTEGER NOT NULL, hops INTEGER NOT NULL, via TEXT, at TEXT NOT NULL,
        status INTEGER, redirect TEXT, media_type TEXT, challenge TEXT,
        reason TEXT, detail TEXT, attempts INTEGER,
        PRIMARY KEY (url, gathering, look)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS probe (
        gathering TEXT NOT NULL, subject TEXT NOT NULL, profile TEXT NOT NULL, via TEXT, facts BLOB NOT NULL,
        PRIMARY KEY (gathering, subject, profile)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS page (
        url TEXT PRIMARY KEY, version INTEGER NOT NULL, by_script INTEGER NOT NULL, rendered INTEGER NOT NULL, print BLOB NOT NULL,
        glance BLOB NOT NULL, links BLOB NOT NULL, facts BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS rendering (
        url TEXT PRIMARY KEY, facts TEXT NOT NULL, picture TEXT, picture_at INTEGER, file TEXT) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS offer (
        url TEXT NOT NULL, via TEXT NOT NULL, name TEXT NOT NULL, extension TEXT NOT NULL, PRIMARY KEY (url, via)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS offer_via ON offer (via);
    CREATE TABLE IF NOT EXISTS file (
        url TEXT PRIMARY KEY, digest TEXT NOT NULL, bytes INTEGER NOT NULL, media_type TEXT, served_name TEXT) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS content (digest TEXT PRIMARY KEY, version INTEGER NOT NULL, facts BLOB NOT NULL) WITHOUT ROWID;
";

/// What a folder knows about its run.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The plan it was made for.
    pub recorded: Recorded,
    /// About the run; provisional until finished.
    pub info: RunInfo,
    /// Is it over?
    pub finished: bool,
    /// The capture file; none when none is kept.
    pub capture: Option<PathBuf>,
    /// How far the capture is committed.
    pub position: Position,
}

/// The connection.
#[derive(Debug)]
pub struct Db {
    pub(super) connection: SqliteConnection,
    pub(super) path: PathBuf,
    /// Of the facts that are stored from now on.
    pub(super) version: i64,
    /// Is a batch open?
    open: bool,
}

impl Db {
    /// Opens or creates the file and its tables.
    pub async fn open(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            // Facts of a page are some twenty thousand bytes.
            .page_size(16_384)
            .pragma("wal_autocheckpoint", "256")
            .busy_timeout(std::time::Duration::from_secs(10))
            .disable_statement_logging();
        let failed = |e| failed(path, &e);
        let mut connection = options.connect().await.map_err(failed)?;
        sqlx::raw_sql(SCHEMA).execute(&mut connection).await.map_err(failed)?;
        Ok(Db { connection, path: path.to_owned(), version: i64::from(EXTRACTOR_VERSION), open: false })
    }

    /// Opens the file for reading beside its writer.
    pub(super) async fn open_to_read(path: &Path) -> Result<SqliteConnection> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(std::time::Duration::from_secs(10))
            // Rows are read once, in order: what was read need not be kept.
            .pragma("cache_size", "-384")
            .disable_statement_logging();
        options.connect().await.map_err(|e| failed(path, &e))
    }

    /// Wraps the errors of a statement.
    pub(super) fn failed(path: &Path) -> impl Fn(sqlx::Error) -> Error + '_ {
        move |e| failed(path, &e)
    }

    /// What the folder knows; none before the first commit.
    pub async fn stored(&mut self) -> Result<Option<Stored>> {
        let rows: Vec<(String, String)> = sqlx::query_as("SELECT name, value FROM meta")
            .fetch_all(&mut self.connection)
            .await
            .map_err(Self::failed(&self.path))?;
        if rows.is_empty() {
            return Ok(None);
        }
        let get = |name: &str| rows.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        if get("schema") != Some(SCHEMA_VERSION) {
            return Err(Error::usage_with(
                format!("{}: 由其他版本写成 / written by another version", self.path.display()),
                "换一个 --out / choose another --out",
            ));
        }
        fn parsed<T: serde::de::DeserializeOwned>(value: Option<&str>) -> Result<T> {
            serde_json::from_str(value.unwrap_or("null")).map_err(|e| damaged(&e))
        }
        Ok(Some(Stored {
            recorded: parsed(get("plan"))?,
            info: parsed(get("info"))?,
            finished: get("finished") == Some("true"),
            capture: parsed(get("capture"))?,
            position: parsed(get("position"))?,
        }))
    }

    /// First commit of a new run.
    pub async fn begin(&mut self, stored: &Stored) -> Result<()> {
        for (name, value) in [
            ("schema", SCHEMA_VERSION.to_owned()),
            ("plan", json(&stored.recorded)?),
            ("info", json(&stored.info)?),
            ("finished", stored.finished.to_string()),
            ("capture", json(&stored.capture)?),
        ] {
            self.set(name, &value).await?;
        }
        self.commit(Some(&stored.position)).await
    }

    /// Begins a batch, unless one is open.
    pub(super) async fn batch(&mut self) -> Result<()> {
        if !self.open {
            sqlx::raw_sql("BEGIN").execute(&mut self.connection).await.map_err(Self::failed(&self.path))?;
            self.open = true;
        }
        Ok(())
    }

    /// Makes the open batch lasting, with the capture's length when one is written.
    pub async fn commit(&mut self, position: Option<&Position>) -> Result<()> {
        if let Some(position) = position {
            self.set("position", &json(position)?).await?;
        }
        if self.open {
            sqlx::raw_sql("COMMIT").execute(&mut self.connection).await.map_err(Self::failed(&self.path))?;
            self.open = false;
        }
        Ok(())
    }

    /// Sets a value of the run.
    pub(super) async fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let mut together = Together::default();
        set(&mut together, name, value);
        self.send(together).await
    }

    /// Writes into the open batch.
    pub(super) async fn send(&mut self, together: Together) -> Result<()> {
        self.batch().await?;
        together.execute(&mut self.connection).await.map_err(Self::failed(&self.path))
    }

    /// A value of the run.
    pub(super) async fn get(&mut self, name: &str) -> Result<Option<String>> {
        let sql = "SELECT value FROM meta WHERE name = ?";
        sqlx::query_scalar(sql).bind(name).fetch_optional(&mut self.connection).await.map_err(Self::failed(&self.path))
    }

    /// Looks with their facts. The same look again replaces.
    pub async fn keep_all(&mut self, kept: &[Kept]) -> Result<()> {
        for one in kept {
            let mut together = Together::default();
            put_kept(&mut together, one, self.version);
            self.send(together).await?;
            if let Some(row) = &one.rendered {
                self.keep_rendered(row, false).await?;
            }
        }
        Ok(())
    }

    /// Answers to probes.
    pub(super) async fn keep_probes(&mut self, rows: &[ProbeRow]) -> Result<()> {
        let mut together = Together::default();
        for row in rows {
            // A question that got no answer takes nobody's place.
            let sql = match row.facts.is_empty() {
                true => "INSERT OR IGNORE INTO probe (gathering, subject, profile, via, facts) VALUES (?, ?, ?, ?, ?);",
                false => "INSERT OR REPLACE INTO probe (gathering, subject, profile, via, facts) VALUES (?, ?, ?, ?, ?);",
            };
            together
                .say(sql)
                .bind(row.gathering.word())
                .bind(&row.subject)
                .bind(row.profile.word())
                .bind(row.via.as_ref().map(CanonicalUrl::as_str))
                .bind(&row.facts);
        }
        self.send(together).await
    }

    /// See [`super::RunFolder::probed`].
    pub(super) async fn probed(&mut self) -> Result<Vec<Probed>> {
        let rows = sqlx::query("SELECT gathering, subject, profile, facts FROM probe").fetch_all(&mut self.connection).await;
        rows.map_err(Self::failed(&self.path))?.iter().map(Probed::read).collect()
    }

    /// See [`super::RunFolder::show_glances`].
    pub(super) async fn show_glances(&mut self, show: &mut (dyn FnMut(Glance) + Send)) -> Result<()> {
        let path = &self.path;
        let mut rows = sqlx::query(GLANCES).fetch(&mut self.connection);
        while let Some(row) = rows.next().await {
            show(read_glance(&row.map_err(Self::failed(path))?)?);
        }
        Ok(())
    }

    /// The facts of a URL alone, for facts that are read anew; none forgets them.
    pub async fn renew_page(&mut self, url: &CanonicalUrl, page: Option<&PageRow>) -> Result<()> {
        let mut together = Together::default();
        match page {
            Some(page) => put_page(&mut together, page, self.version),
            None => forget_page(&mut together, url),
        }
        self.send(together).await
    }

    /// What a look showed is not to be had any more.
    pub(super) async fn forget(&mut self, look: u8, state: &UrlState) -> Result<()> {
        self.keep_all(&[Kept::of((look, state.clone()))]).await
    }

    /// Targets of the redirects that looks at a URL met; none when there is no look at it.
    pub(super) async fn redirects_of(&mut self, url: &CanonicalUrl) -> Result<Option<Vec<CanonicalUrl>>> {
        let rows = sqlx::query("SELECT redirect FROM look WHERE url = ? ORDER BY gathering, look")
            .bind(url.as_str())
            .fetch_all(&mut self.connection)
            .await
            .map_err(Self::failed(&self.path))?;
        let found: Vec<_> = rows.iter().map(|row| url_column(row, "redirect")).collect::<Result<_>>()?;
        Ok((!found.is_empty()).then(|| found.into_iter().flatten().collect()))
    }

    /// Facts of one page.
    pub(super) async fn page(&mut self, url: &CanonicalUrl) -> Result<Option<Page>> {
        let row = sqlx::query(PAGE).bind(url.as_str()).fetch_optional(&mut self.connection).await;
        row.map_err(Self::failed(&self.path))?.as_ref().map(read_page).transpose()
    }

    /// Sets hop count and via of every look at the URLs.
    pub(super) async fn set_distances(&mut self, found: &[Discovered]) -> Result<()> {
        let sql = "UPDATE look SET hops = value ->> 1, via = value ->> 2 FROM json_each(?) WHERE url = value ->> 0;";
        let mut together = Together::default();
        together.say(sql).rows(&found.iter().map(|one| (&one.url, one.hops, &one.via)).collect::<Vec<_>>());
        self.send(together).await
    }

    /// Forgets pages, and looks and discovered URLs too when the run is read from the start.
    pub async fn clear(&mut self, pages_only: bool) -> Result<()> {
        self.batch().await?;
        let sql =
            if pages_only { "DELETE FROM page; DELETE FROM offer; DELETE FROM probe; DELETE FROM rendering" } else { CLEAR };
        sqlx::raw_sql(sql).execute(&mut self.connection).await.map_err(Self::failed(&self.path))?;
        Ok(())
    }

    /// Last commit.
    pub async fn seal(&mut self, info: &RunInfo, position: Option<&Position>) -> Result<()> {
        self.set("info", &json(info)?).await?;
        self.set("finished", "true").await?;
        self.commit(position).await?;
        // All of it into the one file: who copies run.db has everything. A reader beside us only leaves that for later.
        let done = sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA shrink_memory").execute(&mut self.connection).await;
        done.map(drop).map_err(Self::failed(&self.path))
    }

    /// Pages are read, and stored from now on, as that version of facts says.
    pub fn reads(&mut self, version: i64) {
        self.version = version;
    }

    /// Were facts written by another version of the extractor, or with other selectors? The extractor's version is the lower half.
    pub async fn has_facts_of_another_version(&mut self) -> Result<(bool, bool)> {
        let versions: Vec<i64> = sqlx::query_scalar("SELECT DISTINCT version FROM page")
            .fetch_all(&mut self.connection)
            .await
            .map_err(Self::failed(&self.path))?;
        let lower = i64::from(u32::MAX);
        let extractor = versions.iter().any(|version| version & lower != self.version & lower);
        Ok((extractor, versions.iter().any(|version| *version != self.version)))
    }
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Internal(format!("run.db: {e}")))
}

/// An SQLite error with its file.
pub(super) fn failed(path: &Path, e: &sqlx::Error) -> Error {
    Error::usage_with(
        format!("{}: {e}", path.display()),
        "磁盘已满、无权限，或不是巡查的 run.db / disk full, no permission, or not ours",
    )
}
