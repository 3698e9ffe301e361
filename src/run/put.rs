//! What is written to the tables of `run.db`, row by row; the caller has a batch open.

use super::earlier::put_held;
use super::files::{forget_file, put_content, put_file};
use super::rows::{Kept, PageRow};
use super::together::Together;
use crate::exchange::Gathering;
use crate::facts::site::{Look, UrlState};
use crate::url::CanonicalUrl;

pub(super) fn set(together: &mut Together, name: &str, value: &str) {
    together
        .say("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;")
        .bind(name)
        .bind(value);
}

pub(super) fn put_kept(together: &mut Together, kept: &Kept, version: i64) {
    let Kept { look, page, file, content, held, rendered: _, taken_over } = kept;
    if let Some((number, state)) = look {
        put_look(together, *number, state);
        match page {
            Some(page) => put_page(together, page, version),
            // The latest answer counts: what is no page now has no facts.
            None if state.gathering == Gathering::Pages && !taken_over => forget_page(together, &state.url),
            None => {}
        }
        match file {
            Some(file) => put_file(together, file),
            None if matches!(state.gathering, Gathering::Pages | Gathering::Attachments) && !taken_over => {
                forget_file(together, &state.url);
            }
            None => {}
        }
        if matches!(state.gathering, Gathering::Pages | Gathering::Attachments) {
            put_held(together, &state.url, state.gathering, held.as_ref());
        }
    }
    if let Some(content) = content {
        put_content(together, content);
    }
}

pub(super) fn put_page(together: &mut Together, page: &PageRow, version: i64) {
    if !page.offers.is_empty() {
        let sql = "INSERT OR IGNORE INTO offer (url, via, name, extension)
            SELECT value ->> 0, ?, value ->> 1, value ->> 2 FROM json_each(?);";
        together.say(sql).bind(&page.url).rows(&page.offers);
    }
    together
        .say(
            "INSERT OR REPLACE INTO page (url, version, by_script, rendered, print, glance, links, facts)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?);",
        )
        .bind(&page.url)
        .bind(version)
        .bind(page.by_script)
        .bind(page.rendered)
        .bind(&page.print)
        .bind(&page.glance)
        .bind(&page.links)
        .bind(&page.facts);
}

pub(super) fn forget_page(together: &mut Together, url: &CanonicalUrl) {
    for sql in ["DELETE FROM page WHERE url = ?;", "DELETE FROM offer WHERE via = ?;"] {
        together.say(sql).bind(url.as_str());
    }
}

pub(super) fn put_look(together: &mut Together, number: u8, state: &UrlState) {
    for look in &state.looks {
        together
            .say(
                "INSERT OR REPLACE INTO look
                (url, gathering, look, hops, via, at, status, redirect, media_type, challenge, reason, detail, attempts)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);",
            )
            .bind(state.url.as_str())
            .bind(state.gathering.word())
            .bind(number)
            .bind(state.hops)
            .bind(state.via.as_ref().map(CanonicalUrl::as_str));
        match look {
            Look::Answered { status, redirect, media_type, challenge, at } => together
                .bind(at.to_string())
                .bind(*status)
                .bind(redirect.as_ref().map(CanonicalUrl::as_str))
                .bind(media_type.as_deref())
                .bind(challenge.as_deref())
                .bind(None::<&str>)
                .bind(None::<&str>)
                .bind(None::<u32>),
            Look::Unfetched { reason, detail, attempts, at } => together
                .bind(at.to_string())
                .bind(None::<u16>)
                .bind(None::<&str>)
                .bind(None::<&str>)
                .bind(None::<&str>)
                .bind(reason.word())
                .bind(detail.as_str())
                .bind(*attempts),
        };
    }
}
