//! Bytes to contents: what they are, then the reader for it. Pure; hostile bytes may still cost time and memory, so whoever reads
//! fetched files does it in a child process with limits.

use super::archive::{Container, damaged};
use super::kind::{Mark, mark};
use super::{Contents, FileKind, Reading, doc, docx, listing, ofd, pdf, plain, sheet};
use cfb::CompoundFile;
use std::io::Cursor;

/// What a file is, before it is read.
pub fn kind(bytes: &[u8]) -> FileKind {
    match mark(bytes) {
        Mark::Kind(kind) => kind,
        Mark::Container => Container::open(bytes).map_or(FileKind::Zip, |container| container.kind()),
        Mark::Compound => CompoundFile::open(Cursor::new(bytes)).map_or(FileKind::Unknown, |file| of_streams(&file)),
    }
}

/// Are these the bytes of a document or an archive, rather than of a page, a picture or plain text? By their first bytes only.
pub fn is_document(bytes: &[u8]) -> bool {
    use FileKind::{Pdf, Rar, Rtf, SevenZip};
    matches!(mark(bytes), Mark::Container | Mark::Compound | Mark::Kind(Pdf | Rar | SevenZip | Rtf))
}

/// Reads a file.
pub fn read(bytes: &[u8]) -> Contents {
    match mark(bytes) {
        Mark::Container => container(bytes),
        Mark::Compound => compound(bytes),
        Mark::Kind(kind) => match kind {
            FileKind::Pdf => pdf::read(bytes),
            FileKind::Rar => listing::read_rar(bytes),
            FileKind::SevenZip => listing::read_7z(bytes),
            FileKind::Rtf => plain::read_rtf(bytes),
            FileKind::Html => plain::read_html(bytes),
            FileKind::Text => plain::read_text(bytes),
            other => Contents::ended(other, Reading::Unread),
        },
    }
}

/// What is in a ZIP container.
fn container(bytes: &[u8]) -> Contents {
    let mut container = match Container::open(bytes) {
        Ok(container) => container,
        Err(reading) => return Contents::ended(FileKind::Zip, reading),
    };
    let kind = container.kind();
    if kind != FileKind::Zip
        && let Err(reading) = container.members()
    {
        return Contents::ended(kind, reading);
    }
    match kind {
        FileKind::Docx => docx::read(&mut container),
        FileKind::Xlsx => sheet::read_xlsx(bytes),
        FileKind::Ofd => ofd::read(&mut container),
        FileKind::Zip => listing::read_zip(&mut container),
        other => Contents::ended(other, Reading::Unread),
    }
}

/// What is in a compound file.
fn compound(bytes: &[u8]) -> Contents {
    let mut file = match CompoundFile::open(Cursor::new(bytes)) {
        Ok(file) => file,
        Err(error) => return Contents::ended(FileKind::Unknown, damaged(&error)),
    };
    if file.is_stream("EncryptedPackage") {
        // Which of the Office Open XML kinds it is, only the password tells.
        return Contents::ended(FileKind::Unknown, Reading::Encrypted);
    }
    match of_streams(&file) {
        FileKind::Doc => doc::read(&mut file),
        FileKind::Xls => sheet::read_xls(bytes),
        other => Contents::ended(other, Reading::Unread),
    }
}

fn of_streams(file: &CompoundFile<Cursor<&[u8]>>) -> FileKind {
    if file.is_stream("WordDocument") {
        FileKind::Doc
    } else if file.is_stream("Workbook") || file.is_stream("Book") {
        FileKind::Xls
    } else if file.is_stream("PowerPoint Document") {
        FileKind::Ppt
    } else {
        FileKind::Unknown
    }
}
