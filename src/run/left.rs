//! What an earlier part of a run left in `run.db`: URLs that ended, URLs that wait, doubtful ones. Rows are shown one by one, so that a
//! resumed run needs no more memory than one that never stopped.

use super::Discovered;
use super::db::Db;
use super::rows::{column, damaged, read_look, url_column};
use super::together::Together;
use crate::error::Result;
use crate::exchange::Gathering;
use crate::facts::site::UrlState;
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use futures_util::StreamExt;
use sqlx::sqlite::SqliteRow;

/// One thing that an earlier part of the run left.
#[derive(Debug, Clone, PartialEq)]
pub enum Left {
    /// A URL that ended.
    Ended(Ended),
    /// A URL that waits.
    Waits(Discovered),
    /// A URL that was looked at once, in vain, and how many redirects led there.
    LookedOnce(UrlState, u32),
}

/// A URL that ended, by its last look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The URL.
    pub url: CanonicalUrl,
    /// What it was asked for.
    pub gathering: Gathering,
    /// Did it answer?
    pub answered: bool,
    /// Why it was not had, if so.
    pub reason: Option<Reason>,
    /// Where it redirected to.
    pub redirect: Option<CanonicalUrl>,
}

const ENDED: &str =
    "SELECT url, gathering, max(look), status, reason, redirect FROM look GROUP BY url, gathering ORDER BY url, gathering";
const WAITING: &str = "SELECT url, gathering, hops, via, redirects FROM url u
    WHERE NOT EXISTS (SELECT 1 FROM look l WHERE l.url = u.url AND l.gathering = u.gathering)
    ORDER BY hops, url, gathering";
const LOOKED_ONCE: &str =
    "SELECT l.url, l.gathering, l.hops, l.via, at, status, redirect, media_type, challenge, reason, detail, attempts,
        coalesce(u.redirects, 0) AS redirects
    FROM look l LEFT JOIN url u ON u.url = l.url AND u.gathering = l.gathering
    WHERE look = 1 AND (status IS NULL OR status >= 400)
      AND NOT EXISTS (SELECT 1 FROM look m WHERE m.url = l.url AND m.gathering = l.gathering AND m.look > 1)
    ORDER BY l.url, l.gathering";

impl Db {
    /// See [`super::RunFolder::discover`].
    pub async fn discover(&mut self, found: &[Discovered]) -> Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        // A shorter way counts, so that a run that goes on knows the distance that the frontier knew.
        let sql = "INSERT INTO url (url, gathering, hops, via, redirects)
            SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?) WHERE true
            ON CONFLICT (url, gathering) DO UPDATE SET hops = excluded.hops, via = excluded.via, redirects = excluded.redirects
            WHERE excluded.hops < url.hops;";
        let mut together = Together::default();
        let row = |one: &'_ Discovered| (one.url.clone(), one.gathering.word(), one.hops, one.via.clone(), one.redirects);
        together.say(sql).rows(&found.iter().map(row).collect::<Vec<_>>());
        self.send(together).await
    }

    /// See [`super::RunFolder::left`].
    pub async fn left(&mut self, show: &mut (dyn FnMut(Left) + Send)) -> Result<()> {
        self.show(ENDED, read_ended, &mut |ended| show(Left::Ended(ended))).await?;
        self.show(WAITING, read_waiting, &mut |waits| show(Left::Waits(waits))).await?;
        self.show(LOOKED_ONCE, |row| Ok((read_look(row)?, column(row, "redirects")?)), &mut |(state, redirects)| {
            show(Left::LookedOnce(state, redirects));
        })
        .await
    }

    async fn show<T>(
        &mut self,
        sql: &'static str,
        read: impl Fn(&SqliteRow) -> Result<T> + Send,
        show: &mut (dyn FnMut(T) + Send),
    ) -> Result<()> {
        let path = &self.path;
        let mut rows = sqlx::query(sql).fetch(&mut self.connection);
        while let Some(row) = rows.next().await {
            show(read(&row.map_err(Self::failed(path))?)?);
        }
        Ok(())
    }

    /// See [`super::RunFolder::pending`].
    pub async fn pending(&mut self) -> Result<Vec<Discovered>> {
        let mut all = Vec::new();
        self.show(WAITING, read_waiting, &mut |one| all.push(one)).await?;
        Ok(all)
    }

    /// Some of those that wait, in their order.
    pub(super) async fn some_pending(&mut self, most: u32) -> Result<Vec<Discovered>> {
        let sql = format!("{WAITING} LIMIT {most}");
        let rows =
            sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut self.connection).await.map_err(Self::failed(&self.path))?;
        rows.iter().map(read_waiting).collect()
    }

    /// See [`super::RunFolder::ended`].
    pub async fn ended(&mut self) -> Result<Vec<(CanonicalUrl, Gathering)>> {
        let mut all = Vec::new();
        self.show(ENDED, read_ended, &mut |one: Ended| all.push((one.url, one.gathering))).await?;
        Ok(all)
    }

    /// See [`super::RunFolder::looked_once`].
    pub async fn looked_once(&mut self) -> Result<Vec<UrlState>> {
        let mut all = Vec::new();
        self.show(LOOKED_ONCE, read_look, &mut |one| all.push(one)).await?;
        Ok(all)
    }
}

fn read_ended(row: &SqliteRow) -> Result<Ended> {
    let reason: Option<String> = column(row, "reason")?;
    Ok(Ended {
        url: url_column(row, "url")?.ok_or_else(|| damaged(&"url"))?,
        gathering: gathering(row)?,
        answered: column::<Option<u16>>(row, "status")?.is_some(),
        reason: reason.and_then(|word| Reason::of_word(&word)),
        redirect: url_column(row, "redirect")?,
    })
}

fn read_waiting(row: &SqliteRow) -> Result<Discovered> {
    Ok(Discovered {
        url: url_column(row, "url")?.ok_or_else(|| damaged(&"url"))?,
        gathering: gathering(row)?,
        hops: column(row, "hops")?,
        via: url_column(row, "via")?,
        redirects: column(row, "redirects")?,
    })
}

fn gathering(row: &SqliteRow) -> Result<Gathering> {
    Gathering::of_word(&column::<String>(row, "gathering")?).ok_or_else(|| damaged(&"gathering"))
}
