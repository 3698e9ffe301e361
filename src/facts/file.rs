//! Facts of a file offered for download, read in a child process with limits; what is there, and no opinion.

mod archive;
mod contents;
mod doc;
mod docx;
mod kind;
mod listing;
mod ofd;
pub mod pdf;
mod plain;
mod read;
mod sheet;
mod xml;

pub use archive::name as name_of;
use contents::Writing;
pub use contents::{Contents, MAX_CELLS, MAX_ENTRIES, MAX_TABLES, MAX_TEXT};
pub use read::{is_document, kind, read};

use super::table::Table;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// What a program said, in one short line.
pub fn one_line(text: &str) -> String {
    crate::text::shorten(&crate::text::squeeze(text), 120)
}

/// What a file is by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// Portable Document Format.
    Pdf,
    /// Office Open XML text.
    Docx,
    /// Office Open XML workbook.
    Xlsx,
    /// Office Open XML slides.
    Pptx,
    /// Compound file with a Word text (also WPS).
    Doc,
    /// Compound file with a workbook (also ET).
    Xls,
    /// Compound file with slides.
    Ppt,
    /// GB/T 33190.
    Ofd,
    /// ZIP archive of anything else.
    Zip,
    /// RAR archive: listed where it can be, never unpacked.
    Rar,
    /// 7z archive, not unpacked.
    SevenZip,
    /// Rich Text Format.
    Rtf,
    /// Plain text, CSV.
    Text,
    /// An HTML page in place of the file.
    Html,
    /// A picture.
    Image,
    /// Nothing that we know.
    Unknown,
}

/// How reading it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// Read.
    Read,
    /// Needs a password.
    Encrypted,
    /// Not what its bytes claim to be; why, in a word or sentence.
    Damaged(String),
    /// Reading it went past a limit: `memory`, `time`, `output`, `ratio`, `depth`, `entries`, `size`, `crash`.
    Limit(String),
    /// Nothing that we read (slides, pictures, unknown): said, never counted against it.
    Unread,
}

/// One fetched file with its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Where it was fetched.
    pub url: CanonicalUrl,
    /// The first page, in canonical order, that offers it.
    pub via: Option<CanonicalUrl>,
    /// Name shown there.
    pub name: String,
    /// Extension that the link promises, lower case; empty without one.
    pub extension: String,
    /// Media type of the response.
    pub media_type: Option<String>,
    /// `filename` of `Content-Disposition`, decoded.
    pub served_name: Option<String>,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256, hex.
    pub digest: String,
    /// By its bytes.
    pub kind: FileKind,
    /// How reading ended.
    pub reading: Reading,
    /// Paragraphs in order, squeezed; at most 2 MiB in all. A row of a table is a paragraph too, its cells parted by ` | `.
    pub text: Vec<String>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Pages or sheets, where the format tells.
    pub pages: Option<u32>,
    /// Pages without a text layer: a picture and no text, or text whose characters cannot be told. None where the format has none.
    pub scanned_pages: Option<u32>,
    /// Names inside an archive, decoded, at most 1,000.
    pub entries: Vec<String>,
    /// Was text, a table or a list cut at its limit?
    pub cut: bool,
}

impl File {
    /// The text as one string, paragraphs separated by newlines.
    pub fn whole_text(&self) -> String {
        self.text.join("\n")
    }
}

/// What site-level and page rules need of each file: small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSummary {
    /// Where it is.
    pub url: CanonicalUrl,
    /// By its bytes.
    pub kind: FileKind,
    /// How reading ended.
    pub reading: Reading,
    /// Bytes.
    pub bytes: u64,
    /// Characters of text read.
    pub characters: u64,
    /// First 300 characters of its text.
    pub beginning: String,
}

impl FileSummary {
    /// Of a file.
    pub fn of(file: &File) -> Self {
        let characters = file.text.iter().map(|t| t.chars().count() as u64).sum();
        let beginning = file.text.iter().flat_map(|t| t.chars().chain(['\n'])).take(300).collect();
        FileSummary {
            url: file.url.clone(),
            kind: file.kind,
            reading: file.reading.clone(),
            bytes: file.bytes,
            characters,
            beginning,
        }
    }
}
