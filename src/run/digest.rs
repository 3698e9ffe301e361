//! A digest of everything that judging sees of a run: equal digests, equal answers. Moments of looks and of probes are left out: no rule
//! asks for them.

use super::RunFolder;
use super::material::stream;
use super::probes::{Kept, read};
use super::rows::{column, damaged};
use crate::error::Result;
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteRow;
use sqlx::{Column, Row, TypeInfo, ValueRef};

/// Via is judged of pages and files only; of other URLs it depends on who answered first.
const LOOKS: &str = "SELECT l.url, l.gathering, l.look, l.hops,
        CASE WHEN p.url IS NULL AND f.url IS NULL THEN NULL ELSE l.via END AS via,
        l.status, l.redirect, l.media_type, l.challenge, l.reason, l.detail, l.attempts
    FROM look l LEFT JOIN page p ON p.url = l.url LEFT JOIN file f ON f.url = l.url
    ORDER BY l.url, l.gathering, l.look";
const PAGES: &str = "SELECT url, version, print FROM page ORDER BY url";
const FILES: &str = "SELECT url, digest, bytes, media_type, served_name FROM file ORDER BY url";
const CONTENTS: &str = "SELECT digest, version, facts FROM content ORDER BY digest";
const RENDERINGS: &str = "SELECT url, facts FROM rendering ORDER BY url";
const PROBES: &str = "SELECT gathering, subject, profile, via, facts FROM probe ORDER BY gathering, subject, profile";

impl RunFolder {
    /// The digest, hex.
    pub fn material_digest(&self) -> Result<String> {
        let mut all = Sha256::new();
        for (sql, bytes) in [
            (LOOKS, row_bytes as fn(&SqliteRow) -> Result<Vec<u8>>),
            (PAGES, row_bytes),
            (FILES, row_bytes),
            (CONTENTS, row_bytes),
            (RENDERINGS, row_bytes),
            (PROBES, probe_bytes),
        ] {
            all.update(sql);
            stream(&self.path, sql, bytes, &mut |bytes| {
                all.update((bytes.len() as u64).to_le_bytes());
                all.update(&bytes);
                Ok(())
            })?;
        }
        all.update(
            serde_json::to_vec(&(self.info.complete, &self.info.seeds, &self.info.gatherings, self.info.shrunk))
                .unwrap_or_default(),
        );
        Ok(data_encoding::HEXLOWER.encode(&all.finalize()))
    }
}

/// Every column with its kind and length: no two rows run together. Long ones by a 128-bit print.
fn row_bytes(row: &SqliteRow) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for column in row.columns() {
        let value = row.try_get_raw(column.ordinal()).map_err(|e| damaged(&e))?;
        let kind = if value.is_null() { "NULL".to_owned() } else { value.type_info().name().to_owned() };
        let held: Vec<u8> = match kind.as_str() {
            "NULL" => Vec::new(),
            "INTEGER" => row.try_get::<i64, _>(column.ordinal()).map_err(|e| damaged(&e))?.to_le_bytes().to_vec(),
            "BLOB" => {
                let blob: Vec<u8> = row.try_get(column.ordinal()).map_err(|e| damaged(&e))?;
                xxhash_rust::xxh3::xxh3_128(&blob).to_le_bytes().to_vec()
            }
            _ => row.try_get::<String, _>(column.ordinal()).map_err(|e| damaged(&e))?.into_bytes(),
        };
        bytes.extend_from_slice(kind.as_bytes());
        bytes.extend_from_slice(&(held.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&held);
    }
    Ok(bytes)
}

/// Likewise of an answer to a probe, without how long it took.
fn probe_bytes(row: &SqliteRow) -> Result<Vec<u8>> {
    let mut kept = read(row)?;
    if let Some(Kept::Answered(answer)) = &mut kept
        && let Some(page) = &mut answer.page
    {
        page.transport.elapsed = None;
    }
    let names: (String, String, String, Option<String>) =
        (column(row, "gathering")?, column(row, "subject")?, column(row, "profile")?, column(row, "via")?);
    serde_json::to_vec(&(names, kept)).map_err(|e| damaged(&e))
}
