//! What a browser showed of pages, in `run.db`: how it went by page, and the facts as shown in place of those as sent.

use super::db::Db;
use super::material::stream;
use super::put::{put_look, put_page};
use super::rows::{PAGE, PageRow, column, damaged, read_page, url_column};
use super::together::Together;
use super::{Discovered, RunFolder, answered};
use crate::capture::rendered::{self, Rendered};
use crate::config::Render;
use crate::error::{Error, Result};
use crate::exchange::Gathering;
use crate::facts::{Page, Rendering};
use crate::url::CanonicalUrl;
use bytes::Bytes;
use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use std::path::{Path, PathBuf};

/// Every rendering, in canonical order.
pub(super) const RENDERINGS: &str = "SELECT facts FROM rendering ORDER BY url";
/// Where the screenshot with a digest is.
const PICTURE: &str = "SELECT picture_at, file FROM rendering WHERE picture = ? AND picture_at IS NOT NULL ORDER BY url LIMIT 1";
/// Pages that have not been shown to a browser: with those that it may show more of, or all.
const LEFT: &str = "SELECT l.url, l.gathering, l.hops, l.via, 0 AS redirects
    FROM look l LEFT JOIN page p ON p.url = l.url
    WHERE l.gathering = 'pages'
      AND l.look = (SELECT max(look) FROM look m WHERE m.url = l.url AND m.gathering = 'pages')
      AND (l.challenge IS NOT NULL OR (p.url IS NOT NULL AND (p.by_script OR ?)))
      AND NOT EXISTS (SELECT 1 FROM rendering r WHERE r.url = l.url)
    ORDER BY l.hops, l.url LIMIT ?";

/// A rendering on its way into `run.db`.
#[derive(Debug, Clone)]
pub struct RenderedRow {
    rendering: Rendering,
    /// The facts as shown, and the look that they come from.
    shown: Option<(Box<Page>, Box<crate::facts::site::UrlState>)>,
    picture_at: Option<u64>,
    /// The capture that holds the screenshot; none: the folder's own.
    file: Option<PathBuf>,
}

impl RenderedRow {
    /// Of the records of a capture. What was shown and is no page after all counts as not shown.
    pub(super) fn of(rendered: Rendered, file: Option<&Path>, reading: &super::Reading) -> Self {
        let Rendered { rendering, page, picture_at } = rendered;
        let shown = page.and_then(|exchange| {
            let page = super::page_of(&exchange, reading)?;
            Some((Box::new(page), Box::new(answered(&exchange, None).1)))
        });
        RenderedRow { rendering, shown, picture_at, file: file.map(Path::to_owned) }
    }
}

/// Puts a rendering into the tables; the page as sent is there already. `facts_only`: its look is known.
pub(super) async fn put_rendered(
    connection: &mut SqliteConnection,
    row: &RenderedRow,
    version: i64,
    facts_only: bool,
) -> Result<Option<Page>> {
    let failed = |e: sqlx::Error| Error::Internal(format!("run.db: {e}"));
    let url = &row.rendering.url;
    let json = serde_json::to_string(&row.rendering).map_err(|e| Error::Internal(format!("rendering: {e}")))?;
    sqlx::query("INSERT OR REPLACE INTO rendering (url, facts, picture, picture_at, file) VALUES (?, ?, ?, ?, ?)")
        .bind(url.as_str())
        .bind(json)
        .bind(row.rendering.picture.as_ref().map(|picture| picture.sha256.as_str()))
        .bind(row.picture_at.and_then(|at| i64::try_from(at).ok()))
        .bind(row.file.as_ref().map(|file| file.to_string_lossy().into_owned()))
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    let Some((shown, state)) = &row.shown else { return Ok(None) };
    let sent = sqlx::query(PAGE).bind(url.as_str()).fetch_optional(&mut *connection).await.map_err(failed)?;
    let sent = sent.as_ref().map(read_page).transpose()?;
    let page = row.rendering.put_over((**shown).clone(), sent);
    let mut together = Together::default();
    put_page(&mut together, &PageRow::of(&page)?, version);
    if !facts_only {
        put_look(&mut together, rendered::LOOK, state);
    }
    together.execute(connection).await.map_err(failed)?;
    Ok(Some(page))
}

impl Db {
    /// Takes a rendering. The facts that hold after it.
    pub(super) async fn keep_rendered(&mut self, row: &RenderedRow, facts_only: bool) -> Result<Option<Page>> {
        self.batch().await?;
        put_rendered(&mut self.connection, row, self.version, facts_only).await
    }

    async fn unrendered(&mut self, render: Render, most: u32) -> Result<Vec<Discovered>> {
        let rows = sqlx::query(LEFT).bind(render == Render::Always).bind(most).fetch_all(&mut self.connection).await;
        rows.map_err(Self::failed(&self.path))?
            .iter()
            .map(|row| {
                Ok(Discovered {
                    url: url_column(row, "url")?.ok_or_else(|| damaged(&"url"))?,
                    gathering: Gathering::Pages,
                    hops: column(row, "hops")?,
                    via: url_column(row, "via")?,
                    redirects: 0,
                })
            })
            .collect()
    }

    /// The record of the response that was sent for a page.
    async fn record_of(&mut self, url: &CanonicalUrl) -> Result<Option<String>> {
        let sql = "SELECT record FROM held WHERE url = ? AND gathering = 'pages' AND record <> ''";
        let found = sqlx::query_scalar(sql).bind(url.as_str()).fetch_optional(&mut self.connection).await;
        found.map_err(Self::failed(&self.path))
    }
}

impl RunFolder {
    /// Pages that are to be shown to a browser and have not been, nearest first, at most so many.
    pub async fn unrendered(&mut self, render: Render, most: u32) -> Result<Vec<Discovered>> {
        if render == Render::Never { Ok(Vec::new()) } else { self.db.get_mut().unrendered(render, most).await }
    }

    /// Appends what a browser showed of a page to the capture, and puts the facts as shown in place of those as sent; `at` is when
    /// it ended, where there is no page to say so. The facts that hold after it, where there are any.
    pub async fn keep_rendered(&mut self, rendered: Rendered, picture: Option<&Bytes>, at: Timestamp) -> Result<Option<Page>> {
        let mut rendered = rendered;
        let original = self.db.get_mut().record_of(&rendered.rendering.url).await?;
        if let Some(capture) = &mut self.capture {
            let page = rendered.page.as_ref();
            let at = page.map_or(at, |page| page.at);
            rendered.picture_at = capture.rendered(&rendered.rendering, page, picture, original.as_deref(), at).await?;
        }
        let reading = self.reading.clone();
        let read = tokio::task::spawn_blocking(move || RenderedRow::of(rendered, None, &reading)).await;
        let row = read.map_err(|e| Error::Internal(format!("page facts: {e}")))?;
        let page = self.db.get_mut().keep_rendered(&row, false).await?;
        self.written(1).await?;
        Ok(page)
    }

    /// The screenshot with that digest, if the capture still holds it.
    pub fn picture(&self, sha256: &str) -> Result<Option<Vec<u8>>> {
        let own = self.own_capture.clone();
        let mut places = Vec::new();
        let digest = sha256.to_owned();
        super::material::stream_with(&self.path, PICTURE, Some(digest), place, &mut |place| {
            places.push(place);
            Ok(())
        })?;
        let place = places.into_iter().next();
        Ok(place.and_then(|(at, file)| rendered::picture(&file.or(own)?, at, sha256)))
    }

    /// Every rendering, in canonical order.
    pub(super) fn all_renderings(&self) -> Result<Vec<Rendering>> {
        let mut all = Vec::new();
        stream(&self.path, RENDERINGS, read, &mut |rendering| {
            all.push(rendering);
            Ok(())
        })?;
        Ok(all)
    }
}

fn read(row: &SqliteRow) -> Result<Rendering> {
    serde_json::from_str(&column::<String>(row, "facts")?).map_err(|e| damaged(&e))
}

fn place(row: &SqliteRow) -> Result<(u64, Option<PathBuf>)> {
    let at: i64 = column(row, "picture_at")?;
    let file: Option<String> = column(row, "file")?;
    Ok((u64::try_from(at).map_err(|e| damaged(&e))?, file.map(PathBuf::from)))
}
