//! What a file is, by its magic bytes; containers are told apart by what they hold.

use super::FileKind;

/// Bytes in which a mark is looked for.
const HEAD: usize = 4_096;

/// What the first bytes say. A ZIP and a compound file are only containers yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Decided.
    Kind(FileKind),
    /// A ZIP container.
    Container,
    /// A compound file.
    Compound,
}

/// Looks at the first bytes.
pub(super) fn mark(bytes: &[u8]) -> Mark {
    let head = &bytes[..bytes.len().min(HEAD)];
    const MARKS: [(&[u8], Mark); 16] = [
        (b"PK\x03\x04", Mark::Container),
        (b"PK\x05\x06", Mark::Container),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Mark::Compound),
        (b"%PDF-", Mark::Kind(FileKind::Pdf)),
        (b"Rar!\x1a\x07", Mark::Kind(FileKind::Rar)),
        (b"7z\xbc\xaf\x27\x1c", Mark::Kind(FileKind::SevenZip)),
        (b"{\\rtf", Mark::Kind(FileKind::Rtf)),
        (b"\x89PNG\r\n\x1a\n", Mark::Kind(FileKind::Image)),
        (b"\xff\xd8\xff", Mark::Kind(FileKind::Image)),
        (b"GIF87a", Mark::Kind(FileKind::Image)),
        (b"GIF89a", Mark::Kind(FileKind::Image)),
        (b"II*\0", Mark::Kind(FileKind::Image)),
        (b"MM\0*", Mark::Kind(FileKind::Image)),
        (b"RIFF", Mark::Kind(FileKind::Unknown)),
        (b"OggS", Mark::Kind(FileKind::Unknown)),
        (b"\x1f\x8b", Mark::Kind(FileKind::Unknown)),
    ];
    if let Some((_, mark)) = MARKS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *mark;
    }
    // Readers of PDF take a little junk before the header.
    if head[..head.len().min(1_024)].windows(5).any(|w| w == b"%PDF-") {
        return Mark::Kind(FileKind::Pdf);
    }
    if is_html(head) {
        return Mark::Kind(FileKind::Html);
    }
    Mark::Kind(if is_text(bytes) { FileKind::Text } else { FileKind::Unknown })
}

/// Markup of a page at the very beginning, after blanks and comments at most.
fn is_html(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let mut start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    while let Some(rest) = start.strip_prefix("<!--") {
        start = rest.split_once("-->").map_or("", |(_, after)| after).trim_start();
    }
    if start.starts_with("<?xml") {
        return start.contains("<html");
    }
    ["<!doctype html", "<html", "<head", "<body", "<script", "<meta", "<title"].iter().any(|tag| start.starts_with(tag))
        || start.starts_with('<') && start.contains("<html")
}

/// No byte that no text has, and, without a byte order mark, no run of zero bytes.
fn is_text(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return bytes.len().is_multiple_of(2);
    }
    let head = &bytes[..bytes.len().min(64 << 10)];
    let odd = head.iter().filter(|b| matches!(**b, 0..=8 | 14..=26 | 28..=31 | 127)).count();
    if head.is_empty() || head.contains(&0) || odd * 200 > head.len() {
        return false;
    }
    // Bytes above ASCII that make no text in any Chinese character set are no text.
    std::str::from_utf8(&head[..floor(head)]).is_ok()
        || encoding_rs::GB18030.decode_without_bom_handling(head).0.chars().filter(|c| *c == '\u{fffd}').count() * 100
            < head.len()
            && head.iter().filter(|b| b.is_ascii_graphic() || b.is_ascii_whitespace() || **b >= 0x80).count() * 100
                >= head.len() * 99
            && looks_written(head)
}

/// Where the head may be cut without cutting a character of UTF-8.
fn floor(head: &[u8]) -> usize {
    (0..4).map(|back| head.len().saturating_sub(back)).find(|at| head.get(*at).is_none_or(|b| b & 0xc0 != 0x80)).unwrap_or(0)
}

/// Random bytes decode as GB18030 now and then, to characters that nobody writes: text has blanks, line ends or common Han.
fn looks_written(head: &[u8]) -> bool {
    let text = encoding_rs::GB18030.decode_without_bom_handling(head).0;
    let all = text.chars().count().max(1);
    let common = text
        .chars()
        .filter(|c| c.is_ascii() || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}' | '\u{4e00}'..='\u{9fa5}'))
        .count();
    common * 100 >= all * 95
}

/// What a ZIP container is by the names of its members.
pub(super) fn of_members<'a>(names: impl Iterator<Item = &'a str>) -> FileKind {
    let (mut types, mut found) = (false, None);
    for name in names {
        match name {
            "OFD.xml" => return FileKind::Ofd,
            "[Content_Types].xml" => types = true,
            _ if name.starts_with("word/") => found = found.or(Some(FileKind::Docx)),
            _ if name.starts_with("xl/") => found = found.or(Some(FileKind::Xlsx)),
            _ if name.starts_with("ppt/") => found = found.or(Some(FileKind::Pptx)),
            _ => {}
        }
    }
    found.filter(|_| types).unwrap_or(FileKind::Zip)
}
