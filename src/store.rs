//! The office's memory: registry, imported runs, findings with their events, probes, jobs. A SQLite file by default, PostgreSQL by URL;
//! the same statements for both.
//!
//! It takes no part in a crawl: a finished run is imported in one transaction, idempotent by run id (design.md 3).

pub mod accounts;
pub mod alerts;
pub mod bindings;
pub mod cards;
pub mod documents;
pub mod findings;
pub mod jobs;
pub mod outposts;
pub mod probes;
pub mod registry;
pub mod runs;
mod schema;
pub mod snapshots;

use crate::error::{Error, Result};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Postgres, Sqlite, Transaction};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

/// Connections at once: the scheduler, a report and a person.
const CONNECTIONS: u32 = 6;
/// How long a writer waits for another before it gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database of either dialect.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) db: Db,
    /// Where it is, without a password.
    pub place: String,
}

/// The pool.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A transaction of either dialect.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs the same statement on whichever pool it is.
macro_rules! on {
    ($db:expr, $pool:ident => $body:expr) => {
        match $db {
            $crate::store::Db::Sqlite($pool) => $body,
            $crate::store::Db::Postgres($pool) => $body,
        }
    };
}
/// Runs the same statement inside of a transaction.
macro_rules! within {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::store::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use {on, within};

/// An error of the database as one of ours: who runs the store can mend it.
pub(crate) fn failed(e: sqlx::Error) -> Error {
    Error::usage_with(
        format!("库 / store: {e}"),
        "检查 --store 的位置、权限和磁盘空间 / look at the place of --store, its rights and the disk",
    )
}

/// What the store holds makes no sense: written by another program, or damaged.
pub(crate) fn damaged(what: &str, e: impl std::fmt::Display) -> Error {
    Error::usage_with(
        format!("库中的 {what} 不可读 / {what} in the store cannot be read: {e}"),
        "用写入它的版本，或从备份恢复 / use the version that wrote it, or a backup",
    )
}

impl Store {
    /// Opens or creates a store: `postgres://…`, or the path of a SQLite file (`sqlite:PATH`, too). Applies the migrations that are missing.
    pub async fn open(place: &str) -> Result<Self> {
        if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(place).map_err(failed)?.disable_statement_logging();
            let shown =
                format!("postgres://{}:{}/{}", options.get_host(), options.get_port(), options.get_database().unwrap_or(""));
            // A pool would ask a server that is not there again and again; one connection tells at once.
            sqlx::Connection::close(options.connect().await.map_err(failed)?).await.map_err(failed)?;
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect_with(options).await;
            let pool = pool.map_err(failed)?;
            schema::of_postgres().run(&pool).await.map_err(schema::failed)?;
            return Ok(Store { db: Db::Postgres(pool), place: shown });
        }
        let path = place.strip_prefix("sqlite:").unwrap_or(place);
        if let Some(folder) = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .page_size(8_192)
            .pragma("cache_size", "-32768")
            .busy_timeout(PATIENCE)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect_with(options).await;
        let pool = pool.map_err(failed)?;
        schema::of_sqlite().run(&pool).await.map_err(schema::failed)?;
        Ok(Store { db: Db::Sqlite(pool), place: path.to_owned() })
    }

    /// Begins a transaction that writes. SQLite takes its lock at once, so that two writers wait for one another instead of failing late.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        Ok(match &self.db {
            Db::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await.map_err(failed)?),
        })
    }

    /// The word of the dialect, for messages and benchmarks.
    pub fn dialect(&self) -> &'static str {
        match self.db {
            Db::Sqlite(_) => "sqlite",
            Db::Postgres(_) => "postgresql",
        }
    }

    /// Closes all connections; the file is whole afterwards.
    pub async fn close(&self) {
        on!(&self.db, pool => pool.close().await);
    }

    /// A value of the store's own.
    pub async fn setting(&self, name: &str) -> Result<Option<String>> {
        let sql = "SELECT value FROM setting WHERE name = $1";
        let row: Option<(String,)> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(name).fetch_optional(pool).await).map_err(failed)?;
        Ok(row.map(|(value,)| value))
    }

    /// Sets a value of the store's own.
    pub async fn set(&self, name: &str, value: &str) -> Result<()> {
        let sql = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        on!(&self.db, pool => sqlx::query(sql).bind(name).bind(value).execute(pool).await.map(|_| ())).map_err(failed)
    }
}

impl Tx {
    /// Makes all of it lasting.
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await,
            Tx::Postgres(tx) => tx.commit().await,
        }
        .map_err(failed)
    }
}
