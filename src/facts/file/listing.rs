//! Archives: what is in them by name; documents in a ZIP are read, archives in it are opened one level deep.

use super::archive::Container;
use super::contents::Writing;
use super::{Contents, FileKind, Reading, kind};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Levels of archives that are opened: one inside another is common, one more is hiding something, from readers at least.
const DEEPEST: u32 = 2;
/// Documents read of one archive.
const MOST_DOCUMENTS: u32 = 20;
/// Bytes of one member that is opened.
const LARGEST: u64 = 32 << 20;

/// Lists a ZIP archive that is no document.
pub(super) fn read_zip(container: &mut Container<'_>) -> Contents {
    let mut listing = Listing::default();
    let reading = match listing.container(container, 1, "") {
        Ok(()) if listing.encrypted => Reading::Encrypted,
        Ok(()) => Reading::Read,
        Err(reading) => reading,
    };
    Contents { reading, ..listing.writing.into_contents(FileKind::Zip) }
}

#[derive(Default)]
struct Listing {
    writing: Writing,
    documents: u32,
    encrypted: bool,
}

impl Listing {
    fn container(&mut self, container: &mut Container<'_>, depth: u32, path: &str) -> Result<(), Reading> {
        for member in container.members()? {
            // What the packer of a Mac adds is nothing that anybody published.
            if member.folder || member.name.starts_with("__MACOSX/") {
                continue;
            }
            let name = format!("{path}{}", member.name);
            self.writing.entry(name.clone());
            self.encrypted |= member.encrypted;
            let extension = member.name.rsplit_once('.').map_or(String::new(), |(_, e)| e.to_ascii_lowercase());
            let wanted = crate::facts::attachments::EXTENSIONS.contains(&extension.as_str());
            if member.encrypted || !wanted || member.size > LARGEST {
                continue;
            }
            match container.read_at(member.index) {
                Ok(bytes) => self.member(&bytes, depth, &name)?,
                Err(Reading::Limit(reason)) => return Err(Reading::Limit(reason)),
                // One member in an unknown compression leaves the others readable.
                Err(_) => self.writing.cut = true,
            }
        }
        Ok(())
    }

    fn member(&mut self, bytes: &[u8], depth: u32, name: &str) -> Result<(), Reading> {
        match kind::mark(bytes) {
            kind::Mark::Kind(FileKind::Rar | FileKind::SevenZip) if depth >= DEEPEST => Err(Reading::Limit("depth".to_owned())),
            kind::Mark::Container => match Container::open(bytes) {
                Ok(mut inner) if inner.kind() == FileKind::Zip => {
                    if depth >= DEEPEST {
                        return Err(Reading::Limit("depth".to_owned()));
                    }
                    self.container(&mut inner, depth + 1, &format!("{name}/"))
                }
                _ => self.document(bytes, name),
            },
            _ => self.document(bytes, name),
        }
    }

    fn document(&mut self, bytes: &[u8], name: &str) -> Result<(), Reading> {
        if self.documents == MOST_DOCUMENTS {
            self.writing.cut = true;
            return Ok(());
        }
        self.documents += 1;
        // One document on which a reader fails leaves the others readable.
        let Ok(contents) = catch_unwind(AssertUnwindSafe(|| super::read(bytes))) else {
            self.writing.cut = true;
            return Ok(());
        };
        if let Reading::Limit(reason) = contents.reading {
            return Err(Reading::Limit(reason));
        }
        if !contents.text.is_empty() {
            self.writing.paragraph(&format!("〔{name}〕"));
            contents.text.iter().for_each(|text| self.writing.paragraph(text));
            contents.tables.into_iter().for_each(|table| self.writing.table(table));
        }
        Ok(())
    }
}

/// Names in a RAR archive, from its headers; nothing is unpacked.
pub(super) fn read_rar(bytes: &[u8]) -> Contents {
    let mut writing = Writing::default();
    let reading = match bytes.get(6) {
        Some(0) => rar4(bytes, &mut writing),
        Some(1) => rar5(bytes, &mut writing),
        _ => Reading::Damaged("no RAR version".to_owned()),
    };
    Contents { reading, ..writing.into_contents(FileKind::Rar) }
}

fn short(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)))
}

fn rar4(bytes: &[u8], writing: &mut Writing) -> Reading {
    let mut at = 7usize;
    let (mut files, mut encrypted, mut ended) = (0u32, false, false);
    while let (Some(kind), Some(flags), Some(size)) = (bytes.get(at + 2), short(bytes, at + 3), short(bytes, at + 5)) {
        let added = if flags & 0x8000 != 0 { long(bytes, at + 7).unwrap_or(0) } else { 0 };
        match kind {
            0x73 if flags & 0x80 != 0 => return Reading::Encrypted,
            0x74 => {
                files += 1;
                encrypted |= flags & 0x04 != 0;
                let name_at = at + 32 + if flags & 0x100 != 0 { 8 } else { 0 };
                let length = short(bytes, at + 26).unwrap_or(0) as usize;
                let Some(raw) = bytes.get(name_at..name_at.saturating_add(length)) else { break };
                let raw = raw.split(|b| *b == 0).next().unwrap_or_default();
                // Folders have a window size of their own.
                if flags & 0xe0 != 0xe0 {
                    writing.entry(super::archive::name(raw).replace('\\', "/"));
                }
            }
            0x7b => {
                ended = true;
                break;
            }
            _ => {}
        }
        let step = size.saturating_add(if matches!(kind, 0x74 | 0x7a) || flags & 0x8000 != 0 { added } else { 0 });
        if size < 7 || files > 100_000 {
            break;
        }
        at = at.saturating_add(usize::try_from(step).unwrap_or(usize::MAX));
        // Older programs leave the end block out.
        ended = at == bytes.len();
    }
    rar_end(files, encrypted, ended)
}

fn rar_end(files: u32, encrypted: bool, ended: bool) -> Reading {
    match (encrypted, ended, files) {
        (true, _, _) => Reading::Encrypted,
        (_, true, _) => Reading::Read,
        (_, false, 0) => Reading::Damaged("no file header".to_owned()),
        _ => Reading::Damaged("ends before its last block".to_owned()),
    }
}

/// A number of seven bits a byte.
fn varied(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0u64;
    for shift in 0..10u32 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f).checked_shl(shift * 7)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn rar5(bytes: &[u8], writing: &mut Writing) -> Reading {
    let mut at = 8usize;
    let (mut files, mut encrypted, mut ended) = (0u32, false, false);
    while !ended && files <= 100_000 {
        match block5(bytes, &mut at, writing) {
            Some(Block::File { locked }) => {
                files += 1;
                encrypted |= locked;
            }
            Some(Block::Locked) => return Reading::Encrypted,
            Some(Block::End) => ended = true,
            Some(Block::Other) => {}
            None => break,
        }
    }
    rar_end(files, encrypted, ended)
}

enum Block {
    File { locked: bool },
    Locked,
    End,
    Other,
}

fn block5(bytes: &[u8], at: &mut usize, writing: &mut Writing) -> Option<Block> {
    let mut place = at.checked_add(4)?;
    let size = usize::try_from(varied(bytes, &mut place)?).ok()?;
    let header_end = place.checked_add(size)?;
    let header = bytes.get(place..header_end)?;
    let mut p = 0;
    let (kind, flags) = (varied(header, &mut p)?, varied(header, &mut p)?);
    let extra = if flags & 1 != 0 { usize::try_from(varied(header, &mut p)?).ok()? } else { 0 };
    let data = if flags & 2 != 0 { varied(header, &mut p)? } else { 0 };
    *at = header_end.checked_add(usize::try_from(data).ok()?)?;
    Some(match kind {
        2 => {
            let file_flags = varied(header, &mut p)?;
            varied(header, &mut p)?;
            varied(header, &mut p)?;
            p += if file_flags & 2 != 0 { 4 } else { 0 } + if file_flags & 4 != 0 { 4 } else { 0 };
            varied(header, &mut p)?;
            varied(header, &mut p)?;
            let length = usize::try_from(varied(header, &mut p)?).ok()?;
            let name = header.get(p..p.checked_add(length)?)?;
            if file_flags & 1 == 0 {
                writing.entry(String::from_utf8_lossy(name).into_owned());
            }
            let mut e = header.len().checked_sub(extra)?;
            let locked = extra > 0 && {
                varied(header, &mut e)?;
                varied(header, &mut e)? == 1
            };
            Block::File { locked }
        }
        4 => Block::Locked,
        5 => Block::End,
        _ => Block::Other,
    })
}

/// A 7z archive keeps its names compressed: only whether it is whole is looked at.
pub(super) fn read_7z(bytes: &[u8]) -> Contents {
    let number = |at: usize| bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes);
    let end = match (number(12), number(20)) {
        (Some(offset), Some(size)) => offset.checked_add(size).and_then(|end| end.checked_add(32)),
        _ => None,
    };
    let whole = end.is_some_and(|end| end <= bytes.len() as u64);
    let reading = if whole { Reading::Unread } else { Reading::Damaged("ends before its header".to_owned()) };
    Contents::ended(FileKind::SevenZip, reading)
}
