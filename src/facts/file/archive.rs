//! A ZIP container read within bounds: names decoded, members inflated no further than a reader of documents needs.

use super::{FileKind, Reading};
use crate::text::is_han;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// Members of one container.
const MOST_MEMBERS: usize = 20_000;
/// Bytes of one member from which on its ratio is looked at: small members of blanks compress very well.
const RATIO_FROM: u64 = 8 << 20;
/// Bytes out of one byte in beyond which nobody writes documents. XML of large sheets reaches some sixty.
const RATIO: u64 = 200;
/// Bytes inflated of one file in all.
const MOST_BYTES: u64 = 192 << 20;

/// An open container.
pub(super) struct Container<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    inflated: u64,
}

/// A member by its directory entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    /// Place in the directory.
    pub index: usize,
    /// Decoded name.
    pub name: String,
    /// Bytes when inflated, as the directory says.
    pub size: u64,
    /// Needs a password?
    pub encrypted: bool,
    /// A folder?
    pub folder: bool,
}

impl<'a> Container<'a> {
    /// Opens a container.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Reading> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| ending(&e))?;
        if archive.len() > MOST_MEMBERS {
            return Err(Reading::Limit("entries".to_owned()));
        }
        Ok(Container { archive, inflated: 0 })
    }

    /// Every member. A directory that promises a bomb is one, whether or not anybody inflates it.
    pub(super) fn members(&mut self) -> Result<Vec<Member>, Reading> {
        let mut members = Vec::with_capacity(self.archive.len());
        for index in 0..self.archive.len() {
            let file = self.archive.by_index_raw(index).map_err(|e| ending(&e))?;
            if file.size() > RATIO_FROM && file.size() / file.compressed_size().max(1) > RATIO {
                return Err(Reading::Limit("ratio".to_owned()));
            }
            members.push(Member {
                index,
                name: name(file.name_raw()),
                size: file.size(),
                encrypted: file.encrypted(),
                folder: file.is_dir(),
            });
        }
        Ok(members)
    }

    /// What it is by the names of its members.
    pub(super) fn kind(&self) -> FileKind {
        super::kind::of_members(self.archive.file_names_raw().filter_map(|name| std::str::from_utf8(name).ok()))
    }

    /// A member by its name; none when there is none.
    pub(super) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Reading> {
        let name = name.trim_start_matches('/');
        match self.archive.index_for_name(name) {
            Some(index) => self.read_at(index).map(Some),
            None => Ok(None),
        }
    }

    /// A member by its place.
    pub(super) fn read_at(&mut self, index: usize) -> Result<Vec<u8>, Reading> {
        let file = self.archive.by_index(index).map_err(|e| ending(&e))?;
        let compressed = file.compressed_size().max(1);
        // What the directory says of its size proves nothing: the bytes that come out are counted.
        let most = (compressed.saturating_mul(RATIO)).max(RATIO_FROM).min(MOST_BYTES.saturating_sub(self.inflated));
        let mut bytes = Vec::new();
        file.take(most + 1).read_to_end(&mut bytes).map_err(|e| damaged(&e))?;
        self.inflated += bytes.len() as u64;
        if bytes.len() as u64 > most {
            let reason = if self.inflated > MOST_BYTES { "size" } else { "ratio" };
            return Err(Reading::Limit(reason.to_owned()));
        }
        Ok(bytes)
    }
}

/// A name as its writer meant it: UTF-8 where it is valid, else GB18030 as archivers in China write it, else the Western code page.
/// A few words in GBK (通知) are valid UTF-8 by chance: two-byte characters that no name here is written in.
pub fn name(raw: &[u8]) -> String {
    let gbk = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(raw);
    match (std::str::from_utf8(raw), gbk) {
        (Ok(text), Some(gbk)) if !text.is_ascii() && text.chars().all(|c| c < '\u{800}') && gbk.chars().any(is_han) => {
            gbk.into_owned()
        }
        (Ok(text), _) => text.to_owned(),
        (Err(_), Some(gbk)) => gbk.into_owned(),
        (Err(_), None) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(raw).0.into_owned(),
    }
}

fn ending(error: &ZipError) -> Reading {
    match error {
        ZipError::UnsupportedArchive(why) if why.to_ascii_lowercase().contains("password") => Reading::Encrypted,
        other => damaged(other),
    }
}

/// Said of a file that breaks its own format; memory that ran out is no fault of the format.
pub(super) fn damaged(cause: &dyn std::fmt::Display) -> Reading {
    if cause.to_string().contains("out of memory") {
        return Reading::Limit("memory".to_owned());
    }
    Reading::Damaged(super::one_line(&cause.to_string()))
}
