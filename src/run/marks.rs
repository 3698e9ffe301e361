//! What the site said of its pages: validators and digests, for whoever compares runs.

use super::{RunFolder, db::Db, material};
use crate::error::{Error, Result};
use crate::url::CanonicalUrl;
use sqlx::Row;

const MARKS: &str = "SELECT p.url, h.etag, h.modified, h.payload FROM page p
    LEFT JOIN held h ON h.url = p.url AND h.gathering = 'pages'
    WHERE EXISTS (SELECT 1 FROM look l WHERE l.url = p.url AND l.gathering = 'pages' AND l.status IN (200, 304))
    ORDER BY p.url";

/// One page with what tells whether it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The page.
    pub url: CanonicalUrl,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub modified: Option<String>,
    /// Digest of its payload, as the capture states it.
    pub digest: Option<String>,
}

impl RunFolder {
    /// Every page that answered, in canonical order.
    pub fn for_each_mark(&self, visit: &mut dyn FnMut(Mark) -> Result<()>) -> Result<()> {
        let file = self.path().join("run.db");
        let text = |row: &sqlx::sqlite::SqliteRow, at: usize| row.try_get::<Option<String>, _>(at).map_err(Db::failed(&file));
        let read = |row: &sqlx::sqlite::SqliteRow| {
            let url: String = row.try_get(0).map_err(Db::failed(&file))?;
            let url = CanonicalUrl::parse(&url).map_err(|e| Error::Internal(format!("run.db: {e}")))?;
            Ok(Mark { url, etag: text(row, 1)?, modified: text(row, 2)?, digest: text(row, 3)? })
        };
        material::stream(self.path(), MARKS, read, visit)
    }
}
