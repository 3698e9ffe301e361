//! What is written to the tables of `run.db`, row by row; the caller has a batch open.

use super::earlier::put_held;
use super::files::{forget_file, put_content, put_file};
use super::rows::{Kept, PageRow};
use crate::exchange::Gathering;
use crate::facts::site::{Look, UrlState};
use crate::url::CanonicalUrl;
use sqlx::sqlite::SqliteConnection;

pub(super) async fn set(connection: &mut SqliteConnection, name: &str, value: &str) -> sqlx::Result<()> {
    let sql = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    sqlx::query(sql).bind(name).bind(value).execute(connection).await.map(drop)
}

pub(super) async fn put_kept(connection: &mut SqliteConnection, kept: &Kept, version: i64) -> sqlx::Result<()> {
    let Kept { look, page, file, content, held, rendered: _, taken_over } = kept;
    if let Some((number, state)) = look {
        put_look(connection, *number, state).await?;
        match page {
            Some(page) => put_page(connection, page, version).await?,
            // The latest answer counts: what is no page now has no facts.
            None if state.gathering == Gathering::Pages && !taken_over => forget_page(connection, &state.url).await?,
            None => {}
        }
        match file {
            Some(file) => put_file(connection, file).await?,
            None if matches!(state.gathering, Gathering::Pages | Gathering::Attachments) && !taken_over => {
                forget_file(connection, &state.url).await?;
            }
            None => {}
        }
        if matches!(state.gathering, Gathering::Pages | Gathering::Attachments) {
            put_held(connection, &state.url, state.gathering, held.as_ref()).await?;
        }
    }
    match content {
        Some(content) => put_content(connection, content).await,
        None => Ok(()),
    }
}

pub(super) async fn put_page(connection: &mut SqliteConnection, page: &PageRow, version: i64) -> sqlx::Result<()> {
    for (url, name, extension) in &page.offers {
        sqlx::query("INSERT OR IGNORE INTO offer (url, via, name, extension) VALUES (?, ?, ?, ?)")
            .bind(url)
            .bind(&page.url)
            .bind(name)
            .bind(extension)
            .execute(&mut *connection)
            .await?;
    }
    let sql = "INSERT OR REPLACE INTO page (url, version, by_script, rendered, print, glance, links, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    sqlx::query(sql)
        .bind(&page.url)
        .bind(version)
        .bind(page.by_script)
        .bind(page.rendered)
        .bind(&page.print)
        .bind(&page.glance)
        .bind(&page.links)
        .bind(&page.facts)
        .execute(connection)
        .await
        .map(drop)
}

pub(super) async fn forget_page(connection: &mut SqliteConnection, url: &CanonicalUrl) -> sqlx::Result<()> {
    // Nearly always there is nothing to forget, and then it offered nothing.
    let gone = sqlx::query("DELETE FROM page WHERE url = ?").bind(url.as_str()).execute(&mut *connection).await?;
    if gone.rows_affected() > 0 {
        sqlx::query("DELETE FROM offer WHERE via = ?").bind(url.as_str()).execute(connection).await?;
    }
    Ok(())
}

pub(super) async fn put_look(connection: &mut SqliteConnection, number: u8, state: &UrlState) -> sqlx::Result<()> {
    let sql = "INSERT OR REPLACE INTO look
        (url, gathering, look, hops, via, at, status, redirect, media_type, challenge, reason, detail, attempts)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    for look in &state.looks {
        let query = sqlx::query(sql)
            .bind(state.url.as_str())
            .bind(state.gathering.word())
            .bind(number)
            .bind(state.hops)
            .bind(state.via.as_ref().map(CanonicalUrl::as_str));
        let query = match look {
            Look::Answered { status, redirect, media_type, challenge, at } => query
                .bind(at.to_string())
                .bind(*status)
                .bind(redirect.as_ref().map(CanonicalUrl::as_str))
                .bind(media_type.as_deref())
                .bind(challenge.as_deref())
                .bind(None::<&str>)
                .bind(None::<&str>)
                .bind(None::<u32>),
            Look::Unfetched { reason, detail, attempts, at } => query
                .bind(at.to_string())
                .bind(None::<u16>)
                .bind(None::<&str>)
                .bind(None::<&str>)
                .bind(None::<&str>)
                .bind(reason.word())
                .bind(detail.as_str())
                .bind(*attempts),
        };
        query.execute(&mut *connection).await?;
    }
    Ok(())
}
