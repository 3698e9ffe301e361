//! What has to be told at once, each once: by name, with where it was sent.

use super::{Store, failed, on};
use crate::error::Result;

/// One alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Number.
    pub no: i64,
    /// Its name: the same event has the same name, and is told once.
    pub name: String,
    /// `veto`, `overdue`, `shrunk`, `silent`, `unreachable` …
    pub kind: String,
    /// Its site, where it has one.
    pub site_no: Option<i64>,
    /// When, seconds.
    pub at: i64,
    /// What is told, JSON of a `finding::Text`.
    pub body: String,
    /// Channels that took it, JSON.
    pub sent: String,
    /// How often sending was tried.
    pub tries: i64,
}

type AlertRow = (i64, String, String, Option<i64>, i64, String, String, i64);

impl Store {
    /// Raises an alert; true: it is new.
    pub async fn raise(&self, name: &str, kind: &str, site_no: Option<i64>, at: i64, body: &str) -> Result<bool> {
        let sql = "INSERT INTO alert (name, kind, site_no, at, body, sent, tries, open) VALUES ($1, $2, $3, $4, $5, '[]', 0, 1)
            ON CONFLICT (name) DO NOTHING";
        let done = on!(&self.db, pool => sqlx::query(sql)
            .bind(name).bind(kind).bind(site_no).bind(at).bind(body).execute(pool).await.map(|done| done.rows_affected()));
        Ok(done.map_err(failed)? > 0)
    }

    /// Alerts that some channel has not taken yet, oldest first.
    pub async fn open_alerts(&self) -> Result<Vec<Alert>> {
        let sql = "SELECT no, name, kind, site_no, at, body, sent, tries FROM alert WHERE open = 1 ORDER BY at, no LIMIT 500";
        let rows: Vec<AlertRow> = on!(&self.db, pool => sqlx::query_as(sql).fetch_all(pool).await).map_err(failed)?;
        let alert = |row: AlertRow| {
            let (no, name, kind, site_no, at, body, sent, tries) = row;
            Alert { no, name, kind, site_no, at, body, sent, tries }
        };
        Ok(rows.into_iter().map(alert).collect())
    }

    /// Alerts raised after `from` up to and with `to`.
    pub async fn alerts(&self, from: i64, to: i64) -> Result<Vec<Alert>> {
        let sql = "SELECT no, name, kind, site_no, at, body, sent, tries FROM alert WHERE at > $1 AND at <= $2 ORDER BY at, no";
        let rows: Vec<AlertRow> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(from).bind(to).fetch_all(pool).await).map_err(failed)?;
        let alert = |row: AlertRow| {
            let (no, name, kind, site_no, at, body, sent, tries) = row;
            Alert { no, name, kind, site_no, at, body, sent, tries }
        };
        Ok(rows.into_iter().map(alert).collect())
    }

    /// Notes which channels took an alert; `open` while one is left.
    pub async fn note_sent(&self, no: i64, sent: &str, open: bool) -> Result<()> {
        let sql = "UPDATE alert SET sent = $1, tries = tries + 1, open = $2 WHERE no = $3";
        on!(&self.db, pool => sqlx::query(sql).bind(sent).bind(i64::from(open)).bind(no).execute(pool).await.map(|_| ()))
            .map_err(failed)
    }
}
