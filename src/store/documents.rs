//! What was told, as it was told: reports of periods, later letters, feedback sheets and ledgers. A finding changes; what stood in a report
//! that went out does not.

use super::{Store, damaged, failed, on};
use crate::error::Result;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A document's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// `daily`, `quarterly`, `semiannual` …
    pub kind: String,
    /// Its period.
    pub period: String,
    /// Whom it is about: a unit; empty: all.
    pub holder: String,
    /// `json`, `docx` …
    pub format: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// When it was made, seconds.
    pub made_at: i64,
}

impl Store {
    /// Keeps a document; the same bytes again change nothing. Its digest.
    pub async fn put_document(
        &self,
        (kind, period, holder, format): (&str, &str, &str, &str),
        bytes: &[u8],
        at: i64,
    ) -> Result<String> {
        let sha256 = HEXLOWER.encode(&Sha256::digest(bytes));
        let body = lz4_flex::block::compress_prepend_size(bytes);
        let sql = "INSERT INTO document (kind, period, holder, format, sha256, made_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (kind, period, holder, format, sha256) DO NOTHING";
        on!(&self.db, pool => sqlx::query(sql)
            .bind(kind).bind(period).bind(holder).bind(format).bind(&sha256).bind(at).bind(body).execute(pool).await.map(|_| ()))
        .map_err(failed)?;
        Ok(sha256)
    }

    /// Documents of a kind, newest first.
    pub async fn documents(&self, kind: &str) -> Result<Vec<Document>> {
        let sql =
            "SELECT kind, period, holder, format, sha256, made_at FROM document WHERE kind = $1 ORDER BY made_at DESC, no DESC";
        let rows: Vec<(String, String, String, String, String, i64)> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(kind).fetch_all(pool).await).map_err(failed)?;
        let document =
            |(kind, period, holder, format, sha256, made_at)| Document { kind, period, holder, format, sha256, made_at };
        Ok(rows.into_iter().map(document).collect())
    }

    /// The bytes of a document.
    pub async fn document(&self, sha256: &str) -> Result<Option<Vec<u8>>> {
        let row: Option<(Vec<u8>,)> =
            on!(&self.db, pool => sqlx::query_as("SELECT body FROM document WHERE sha256 = $1").bind(sha256).fetch_optional(pool).await)
                .map_err(failed)?;
        row.map(|(body,)| lz4_flex::block::decompress_size_prepended(&body).map_err(|e| damaged("document", e))).transpose()
    }
}
