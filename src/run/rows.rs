//! Rows of `run.db` as values: page facts, looks, states.

use super::Reading;
use super::earlier::HeldRow;
use super::files::{ContentRow, FileRow};
use super::rendered::RenderedRow;
use crate::capture::Rendered;
use crate::error::{Error, Result};
use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::links::Role;
use crate::facts::page::Glance;
use crate::facts::site::{Look, UrlState};
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use std::path::Path;

/// Every look with its URL, in the order in which [`fold`] wants them.
pub(super) const LOOKS: &str =
    "SELECT url, gathering, hops, via, at, status, redirect, media_type, challenge, reason, detail, attempts
    FROM look ORDER BY url, gathering, look";
/// Every page in canonical URL order, by its index: joined the other way round, all facts would be sorted. Hop count and via are those of its last look: a capture of another tool does not tell them, they
/// are measured when every page is there.
pub(super) const PAGES: &str = "SELECT facts, hops, via FROM page p CROSS JOIN look l ON l.url = p.url AND l.gathering = 'pages'
        AND l.look = (SELECT max(look) FROM look m WHERE m.url = p.url AND m.gathering = 'pages')
    ORDER BY p.url";
/// A glance at each, likewise.
pub(super) const GLANCES: &str =
    "SELECT glance, hops, via FROM page p CROSS JOIN look l ON l.url = p.url AND l.gathering = 'pages'
        AND l.look = (SELECT max(look) FROM look m WHERE m.url = p.url AND m.gathering = 'pages')
    ORDER BY p.url";
/// One page.
pub(super) const PAGE: &str = "SELECT facts, hops, via FROM page p JOIN look l ON l.url = p.url AND l.gathering = 'pages'
        AND l.look = (SELECT max(look) FROM look m WHERE m.url = p.url AND m.gathering = 'pages')
    WHERE p.url = ?";

/// Largest facts that are believed: a page is at most 16 MiB.
const MOST_FACTS: usize = 1 << 30;

/// Page facts as stored: packed.
#[derive(Debug, Clone)]
pub struct PageRow {
    pub(super) url: String,
    pub(super) facts: Vec<u8>,
    /// A print of the facts.
    pub(super) print: Vec<u8>,
    /// [`Glance`], not compressed.
    pub(super) glance: Vec<u8>,
    /// What it leads to, by role: a run that goes on from this one follows them without reading the facts.
    pub(super) links: Vec<u8>,
    /// Would a browser show more, and is this what one showed?
    pub(super) by_script: bool,
    pub(super) rendered: bool,
    /// Files that it offers: URL, name, extension.
    pub(super) offers: Vec<(String, String, String)>,
}

impl PageRow {
    /// Of page facts.
    pub fn of(page: &Page) -> Result<Self> {
        let offers = page.attachments.iter().map(|a| (a.url.to_string(), a.name.clone(), a.extension.clone())).collect();
        let links: Vec<(Role, &CanonicalUrl)> = page.links.iter().filter_map(|l| Some((l.role, l.target.as_ref()?))).collect();
        let (facts, links) = (packed(&page.url, page)?, packed(&page.url, &links)?);
        let (by_script, rendered) = (page.by_script.is_some(), page.rendered);
        let print = xxhash_rust::xxh3::xxh3_128(&facts).to_le_bytes().to_vec();
        let glance = postcard::to_stdvec(&Glance::of(page)).map_err(|e| Error::Internal(format!("{}: {e}", page.url)))?;
        Ok(PageRow { url: page.url.to_string(), facts, print, glance, links, by_script, rendered, offers })
    }
}

/// Facts in one LZ4 block: written once and read twice for every page, so speed is worth more than the last third of size. Postcard has
/// no names of fields: facts have all of theirs, always, and another version of the extractor reads none of these.
pub(super) fn packed(name: &dyn std::fmt::Display, facts: &impl serde::Serialize) -> Result<Vec<u8>> {
    let plain = postcard::to_stdvec(facts).map_err(|e| Error::Internal(format!("facts of {name}: {e}")))?;
    Ok(lz4_flex::compress_prepend_size(&plain))
}

/// Facts back.
pub(super) fn unpacked<T: serde::de::DeserializeOwned>(packed: &[u8]) -> Result<T> {
    let (size, block) = lz4_flex::block::uncompressed_size(packed).map_err(|e| damaged(&e))?;
    if size > MOST_FACTS {
        return Err(damaged(&"facts"));
    }
    let plain = lz4_flex::block::decompress(block, size).map_err(|e| damaged(&e))?;
    postcard::from_bytes(&plain).map_err(|e| damaged(&e))
}

/// What one commit holds of one URL: a look with the facts of its answer, or the contents of a file alone.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    pub(super) look: Option<(u8, UrlState)>,
    pub(super) page: Option<PageRow>,
    pub(super) file: Option<FileRow>,
    pub(super) content: Option<ContentRow>,
    /// What a browser showed.
    pub(super) rendered: Option<Box<RenderedRow>>,
    /// Where the body stands.
    pub(super) held: Option<HeldRow>,
    /// Its facts are copied from the earlier run next: nothing is to be forgotten.
    pub(super) taken_over: bool,
}

impl Kept {
    /// A page as a browser showed it, from a capture.
    pub(super) fn rendered(rendered: Rendered, file: Option<&Path>, reading: &Reading) -> Self {
        Kept { rendered: Some(Box::new(RenderedRow::of(rendered, file, reading))), ..Kept::default() }
    }

    /// A look without facts.
    pub(super) fn of(look: (u8, UrlState)) -> Self {
        Kept { look: Some(look), ..Kept::default() }
    }
}

/// Page facts back from a row.
pub(super) fn read_page(row: &SqliteRow) -> Result<Page> {
    let facts: Vec<u8> = column(row, "facts")?;
    let mut page: Page = unpacked(&facts)?;
    page.hops = column(row, "hops")?;
    page.via = url_column(row, "via")?;
    Ok(page)
}

/// A glance at a page, from a row.
pub(super) fn read_glance(row: &SqliteRow) -> Result<Glance> {
    let mut glance: Glance = postcard::from_bytes(&column::<Vec<u8>>(row, "glance")?).map_err(|e| damaged(&e))?;
    glance.hops = column(row, "hops")?;
    glance.via = url_column(row, "via")?;
    Ok(glance)
}

/// A URL that may be absent.
pub(super) fn url_column(row: &SqliteRow, name: &str) -> Result<Option<CanonicalUrl>> {
    let text: Option<String> = column(row, name)?;
    text.map(|t| CanonicalUrl::parse(&t).map_err(|e| damaged(&e))).transpose()
}

/// One look from a row.
pub(super) fn read_look(row: &SqliteRow) -> Result<UrlState> {
    let url = |name| url_column(row, name);
    let at: jiff::Timestamp = column::<String>(row, "at")?.parse().map_err(|e: jiff::Error| damaged(&e))?;
    let look = match column::<Option<u16>>(row, "status")? {
        Some(status) => Look::Answered {
            status,
            redirect: url("redirect")?,
            media_type: column(row, "media_type")?,
            challenge: column(row, "challenge")?,
            at,
        },
        None => Look::Unfetched {
            reason: column::<Option<String>>(row, "reason")?
                .and_then(|w| Reason::of_word(&w))
                .ok_or_else(|| damaged(&"reason"))?,
            detail: column::<Option<String>>(row, "detail")?.unwrap_or_default(),
            attempts: column::<Option<u32>>(row, "attempts")?.unwrap_or(0),
            at,
        },
    };
    Ok(UrlState {
        url: url("url")?.ok_or_else(|| damaged(&"url"))?,
        gathering: Gathering::of_word(&column::<String>(row, "gathering")?).ok_or_else(|| damaged(&"gathering"))?,
        hops: column(row, "hops")?,
        via: url("via")?,
        looks: vec![look],
    })
}

/// Puts the looks of one URL and gathering together: gives a state back when the next row begins another one.
pub(super) fn fold(open: &mut Option<UrlState>, next: Option<UrlState>) -> Option<UrlState> {
    match (open.as_mut(), next) {
        (Some(state), Some(next)) if state.url == next.url && state.gathering == next.gathering => {
            state.looks.extend(next.looks);
            None
        }
        (_, next) => std::mem::replace(open, next),
    }
}

/// A value of a row.
pub(super) fn column<'r, T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>>(
    row: &'r SqliteRow,
    name: &str,
) -> Result<T> {
    row.try_get(name).map_err(|e| damaged(&e))
}

/// What is said of a row that no version of ours wrote.
pub(super) fn damaged(cause: &dyn std::fmt::Display) -> Error {
    Error::usage_with(format!("run.db 已损坏 / is damaged: {cause}"), "换一个 --out / choose another --out")
}
