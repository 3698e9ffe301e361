//! Word's binary texts (also WPS): the file information block and the piece table of [MS-DOC], text only.

use super::archive::damaged;
use super::contents::Writing;
use super::{Contents, FileKind, Reading};
use cfb::CompoundFile;
use std::io::{Cursor, Read};

/// Bytes read of one stream.
const MOST: u64 = 64 << 20;
/// First version of the block that Word 97 writes; older ones have no piece table where we look.
const WORD_97: u16 = 0x00c1;

/// Reads a compound file that holds a `WordDocument`.
pub(super) fn read(file: &mut CompoundFile<Cursor<&[u8]>>) -> Contents {
    let ended = |reading| Contents::ended(FileKind::Doc, reading);
    let main = match stream(file, "WordDocument") {
        Ok(main) => main,
        Err(reading) => return ended(reading),
    };
    let Some(head) = Head::read(&main) else {
        return ended(Reading::Damaged("no file information block".to_owned()));
    };
    if head.encrypted {
        return ended(Reading::Encrypted);
    }
    let text = if head.version < WORD_97 {
        main.get(head.first..head.last).map(|bytes| eight_bit(bytes, head.chinese))
    } else {
        match stream(file, if head.second_table { "1Table" } else { "0Table" }) {
            Ok(table) => pieces(&main, &table, &head),
            Err(reading) => return ended(reading),
        }
    };
    match text {
        Some(text) => write(&text),
        None => ended(Reading::Damaged("no piece table".to_owned())),
    }
}

fn stream(file: &mut CompoundFile<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>, Reading> {
    let mut bytes = Vec::new();
    let stream = file.open_stream(name).map_err(|e| damaged(&e))?;
    stream.take(MOST).read_to_end(&mut bytes).map_err(|e| damaged(&e))?;
    Ok(bytes)
}

/// What matters of the file information block.
struct Head {
    version: u16,
    chinese: bool,
    encrypted: bool,
    second_table: bool,
    /// Characters of the main text; headers, notes and boxes follow it.
    characters: usize,
    /// Where the text of an old version begins and ends.
    first: usize,
    last: usize,
    /// Place and length of the piece table.
    pieces: (usize, usize),
}

impl Head {
    fn read(main: &[u8]) -> Option<Head> {
        // The mark of Word; 0xa5dc is that of versions 6 and 95.
        if !matches!(short(main, 0)?, 0xa5ec | 0xa5dc) {
            return None;
        }
        let flags = short(main, 0x0a)?;
        let version = short(main, 2)?;
        let modern = version >= WORD_97;
        Some(Head {
            version,
            chinese: matches!(short(main, 6)?, 0x0804 | 0x0404 | 0x1004 | 0x0c04),
            encrypted: flags & 0x0100 != 0,
            second_table: flags & 0x0200 != 0,
            characters: if modern { long(main, 0x4c)? } else { 0 },
            first: long(main, 0x18)?,
            last: long(main, 0x1c)?,
            pieces: if modern { (long(main, 0x1a2)?, long(main, 0x1a6)?) } else { (0, 0) },
        })
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?)).ok()
}

/// The text of all pieces in order, no longer than the main text.
fn pieces(main: &[u8], table: &[u8], head: &Head) -> Option<String> {
    let clx = table.get(head.pieces.0..head.pieces.0.checked_add(head.pieces.1)?)?;
    let mut at = 0;
    // Properties come first.
    while *clx.get(at)? == 1 {
        at = at.checked_add(3)?.checked_add(short(clx, at + 1)? as usize)?;
    }
    if *clx.get(at)? != 2 {
        return None;
    }
    let length = long(clx, at + 1)?;
    let plc = clx.get(at + 5..(at + 5).checked_add(length)?)?;
    let count = plc.len().checked_sub(4)? / 12;
    let mut text = String::new();
    for piece in 0..count {
        let (start, end) = (long(plc, piece * 4)?, long(plc, piece * 4 + 4)?.min(head.characters));
        if start >= end {
            continue;
        }
        let place = long(plc, (count + 1) * 4 + piece * 8 + 2)?;
        let (compressed, place) = (place & 0x4000_0000 != 0, place & 0x3fff_ffff);
        let length = end - start;
        if compressed {
            let from = place / 2;
            let bytes = main.get(from..from.checked_add(length)?.min(main.len()))?;
            text.push_str(&eight_bit(bytes, head.chinese));
        } else {
            let bytes = main.get(place..place.checked_add(length.checked_mul(2)?)?.min(main.len()))?;
            text.push_str(&encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0);
        }
        if text.len() > super::MAX_TEXT * 2 {
            break;
        }
    }
    Some(text)
}

/// Eight-bit text is Windows-1252 by the format; Chinese programs put GBK there, which shows in bytes that decode as such.
fn eight_bit(bytes: &[u8], chinese: bool) -> String {
    let gbk = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    match gbk {
        Some(text) if chinese && bytes.iter().filter(|b| **b >= 0x80).count() >= 2 => text.into_owned(),
        _ => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Paragraphs without field codes and marks. Cells end like paragraphs; where rows end, only their formatting would tell.
fn write(text: &str) -> Contents {
    let mut writing = Writing::default();
    let mut paragraph = String::new();
    let mut codes = 0usize;
    for c in text.chars() {
        match c {
            '\u{13}' => codes += 1,
            '\u{14}' => codes = codes.saturating_sub(1),
            // The end of a field without a result closes its code.
            '\u{15}' => {}
            _ if codes > 0 && c != '\r' => {}
            '\r' | '\u{7}' | '\u{c}' => {
                if c == '\r' {
                    codes = 0;
                }
                writing.paragraph(&paragraph);
                paragraph.clear();
            }
            '\u{b}' => paragraph.push(' '),
            '\u{1e}' => paragraph.push('-'),
            c if c.is_control() && c != '\t' => {}
            c => paragraph.push(c),
        }
        if writing.is_full() {
            break;
        }
    }
    writing.paragraph(&paragraph);
    writing.into_contents(FileKind::Doc)
}
