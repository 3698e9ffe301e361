//! Fetched files in `run.db`: which URL gave which bytes, what is in those bytes, which page offers them.

use super::db::Db;
use super::rows::{column, packed, unpacked, url_column};
use super::together::Together;
use crate::error::Result;
use crate::exchange::{Exchange, Gathering, Method, decode_body};
use crate::extract::{Extractor, Fetched, digest, served_name};
use crate::facts::file::{Contents, FileKind, Reading};
use crate::facts::{EXTRACTOR_VERSION, File};
use crate::url::CanonicalUrl;
use sqlx::sqlite::SqliteRow;

/// Every file in canonical URL order, with the first page that offers it: the file itself, or the URL that redirected to it.
pub(super) const FILES: &str = "
    SELECT f.url, f.digest, f.bytes, f.media_type, f.served_name, c.facts, l.via AS led,
        coalesce(o.via, r.via) AS via, coalesce(o.name, r.name, '') AS name, coalesce(o.extension, r.extension, '') AS extension
    FROM file f JOIN content c ON c.digest = f.digest
    LEFT JOIN look l ON l.url = f.url AND l.gathering IN ('attachments', 'pages') AND l.status IS NOT NULL
        AND l.look = (SELECT max(look) FROM look m WHERE m.url = f.url AND m.gathering = l.gathering)
    LEFT JOIN offer o ON o.url = f.url AND o.via = (SELECT min(via) FROM offer m WHERE m.url = f.url)
    LEFT JOIN offer r ON r.url = l.via AND r.via = (SELECT min(via) FROM offer m WHERE m.url = l.via)
    ORDER BY f.url";

/// Which bytes a URL gave.
#[derive(Debug, Clone)]
pub struct FileRow {
    url: String,
    digest: String,
    bytes: i64,
    media_type: Option<String>,
    served_name: Option<String>,
}

impl FileRow {
    pub(super) fn of(url: &CanonicalUrl, file: &Fetched) -> Self {
        FileRow {
            url: url.to_string(),
            digest: file.digest.clone(),
            bytes: i64::try_from(file.bytes).unwrap_or(i64::MAX),
            media_type: file.media_type.clone(),
            served_name: file.served_name.clone(),
        }
    }
}

/// What is in some bytes: JSON, deflated.
#[derive(Debug, Clone)]
pub struct ContentRow {
    digest: String,
    facts: Vec<u8>,
}

impl ContentRow {
    pub(super) fn of(digest: &str, contents: &Contents) -> Result<Self> {
        Ok(ContentRow { digest: digest.to_owned(), facts: packed(&digest, contents)? })
    }
}

/// A file with its facts back from a row.
pub(super) fn read_file_row(row: &SqliteRow) -> Result<File> {
    let url = url_column(row, "url")?.ok_or_else(|| super::rows::damaged(&"url"))?;
    let contents: Contents = unpacked(&column::<Vec<u8>>(row, "facts")?)?;
    let (name, extension): (String, String) = (column(row, "name")?, column(row, "extension")?);
    let via = match url_column(row, "via")? {
        Some(via) => Some(via),
        None => url_column(row, "led")?,
    };
    let mut file = File {
        extension: if extension.is_empty() { url.extension().unwrap_or_default() } else { extension },
        via,
        name,
        media_type: column(row, "media_type")?,
        served_name: column(row, "served_name")?,
        bytes: u64::try_from(column::<i64>(row, "bytes")?).unwrap_or(0),
        digest: column(row, "digest")?,
        kind: FileKind::Unknown,
        reading: Reading::Unread,
        text: Vec::new(),
        tables: Vec::new(),
        pages: None,
        scanned_pages: None,
        entries: Vec::new(),
        cut: false,
        url,
    };
    contents.put_into(&mut file);
    Ok(file)
}

/// The body of an exchange that gave a file: a successful GET of an attachment, or of something taken for a page whose bytes are those
/// of a document. `page`: were page facts read from it?
pub(super) fn body_of_file(exchange: &Exchange, challenge: Option<&str>, page: bool, most: u64) -> Option<Vec<u8>> {
    let wanted = exchange.method == Method::Get && (200..300).contains(&exchange.status) && challenge.is_none() && !page;
    let asked = matches!(exchange.gathering, Gathering::Attachments | Gathering::Pages);
    if !wanted || !asked {
        return None;
    }
    let body = decode_body(exchange, most).ok()?.into_owned();
    (exchange.gathering == Gathering::Attachments || crate::facts::file::is_document(&body)).then_some(body)
}

/// A file of an exchange before it is read: the caller reads it where it may take time.
pub(super) fn fetched(exchange: &Exchange, body: &[u8]) -> Fetched {
    Fetched {
        digest: digest(body),
        bytes: body.len() as u64,
        media_type: exchange.media_type(),
        served_name: served_name(exchange),
        contents: None,
    }
}

/// The file of an exchange with its contents, unless somebody else reads equal bytes. Blocks while it is read.
pub fn file_of(exchange: &Exchange, extractor: &Extractor, most: u64) -> Option<Fetched> {
    let challenge = crate::capture::challenge::sign(exchange);
    let body = body_of_file(exchange, challenge.as_deref(), false, most)?;
    let mut file = fetched(exchange, &body);
    if extractor.claim(&file.digest) {
        file.contents = extractor.read(&body);
    }
    Some(file)
}

pub(super) fn put_file(together: &mut Together, file: &FileRow) {
    together
        .say("INSERT OR REPLACE INTO file (url, digest, bytes, media_type, served_name) VALUES (?, ?, ?, ?, ?);")
        .bind(&file.url)
        .bind(&file.digest)
        .bind(file.bytes)
        .bind(&file.media_type)
        .bind(&file.served_name);
}

pub(super) fn forget_file(together: &mut Together, url: &CanonicalUrl) {
    together.say("DELETE FROM file WHERE url = ?;").bind(url.as_str());
}

pub(super) fn put_content(together: &mut Together, content: &ContentRow) {
    together
        .say("INSERT OR REPLACE INTO content (digest, version, facts) VALUES (?, ?, ?);")
        .bind(&content.digest)
        .bind(EXTRACTOR_VERSION)
        .bind(&content.facts);
}

impl Db {
    /// Contents alone.
    pub(super) async fn put_contents(&mut self, content: &ContentRow) -> Result<()> {
        let mut together = Together::default();
        put_content(&mut together, content);
        self.send(together).await
    }

    /// Digests of files whose contents nobody has read, or another version has: a run that was killed, or one without a reader.
    pub(super) async fn unread(&mut self) -> Result<Vec<String>> {
        sqlx::query_scalar(
            "SELECT DISTINCT f.digest FROM file f
             WHERE NOT EXISTS (SELECT 1 FROM content c WHERE c.digest = f.digest AND c.version = ?) ORDER BY f.digest",
        )
        .bind(EXTRACTOR_VERSION)
        .fetch_all(&mut self.connection)
        .await
        .map_err(Self::failed(&self.path))
    }

    /// Is there any file?
    pub(super) async fn has_files(&mut self) -> Result<bool> {
        let found = sqlx::query("SELECT 1 FROM file LIMIT 1").fetch_optional(&mut self.connection).await;
        found.map(|row| row.is_some()).map_err(Self::failed(&self.path))
    }
}
