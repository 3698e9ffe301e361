//! Plain text and CSV, RTF, and HTML that stands in place of a file.

use super::contents::Writing;
use super::{Contents, FileKind};
use std::borrow::Cow;

/// Bytes from which a character set is guessed.
const GUESSED: usize = 256 << 10;

/// Text in its character set: byte order mark, else UTF-8 where it is valid, else what its bytes look like.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESSED)], bytes.len() <= GUESSED);
    detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny).decode(bytes).0
}

/// Lines of a text.
pub(super) fn read_text(bytes: &[u8]) -> Contents {
    let mut writing = Writing::default();
    for line in decode(bytes).lines() {
        writing.paragraph(line);
        if writing.is_full() {
            break;
        }
    }
    writing.into_contents(FileKind::Text)
}

/// What a reader of the page sees, without its scripts and styles: enough to tell an error page from a sheet saved as HTML.
pub(super) fn read_html(bytes: &[u8]) -> Contents {
    let text = decode(bytes);
    let mut writing = Writing::default();
    let mut rest = &*text;
    let mut open = String::new();
    while let Some((before, tag)) = rest.split_once('<') {
        open.push_str(before);
        let name: String =
            tag.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '!').take(12).collect();
        let name = name.to_ascii_lowercase();
        let inside = tag.split_once('>').map_or("", |(_, after)| after);
        rest = match name.as_str() {
            "script" | "style" if !tag.starts_with('/') => {
                let end = format!("</{name}");
                let lower = inside.to_ascii_lowercase();
                lower.find(&end).map_or("", |at| &inside[at..])
            }
            _ if tag.starts_with("!--") => tag.split_once("-->").map_or("", |(_, after)| after),
            _ => inside,
        };
        if matches!(name.as_str(), "p" | "div" | "tr" | "br" | "li" | "h1" | "h2" | "h3" | "title" | "table" | "body") {
            writing.paragraph(&open);
            open.clear();
        } else if matches!(name.as_str(), "td" | "th") {
            open.push(' ');
        }
        if writing.is_full() {
            break;
        }
    }
    writing.paragraph(&open);
    writing.into_contents(FileKind::Html)
}

/// Groups of RTF whose content is no text of the document.
const HIDDEN: [&str; 14] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "footer",
    "listtable",
    "listoverridetable",
    "generator",
    "themedata",
    "datastore",
    "latentstyles",
];

/// Plain text of an RTF: `\u` and `\'` characters, the latter in the code page of the file.
pub(super) fn read_rtf(bytes: &[u8]) -> Contents {
    let mut reading = Rtf::new();
    let mut at = 0;
    while at < bytes.len() && !reading.writing.is_full() {
        at = reading.step(bytes, at);
    }
    reading.end_paragraph();
    reading.writing.into_contents(FileKind::Rtf)
}

struct Rtf {
    encoding: &'static encoding_rs::Encoding,
    writing: Writing,
    text: String,
    raw: Vec<u8>,
    /// Per open group: is its content left out, how many characters stand in for a `\u`.
    groups: Vec<(bool, usize)>,
    /// Characters still to be left out after a `\u`.
    skip: usize,
}

impl Rtf {
    fn new() -> Self {
        Rtf {
            encoding: encoding_rs::WINDOWS_1252,
            writing: Writing::default(),
            text: String::new(),
            raw: Vec::new(),
            groups: vec![(false, 1)],
            skip: 0,
        }
    }

    fn hidden(&self) -> bool {
        self.groups.last().is_some_and(|group| group.0)
    }

    fn flush(&mut self) {
        if !self.raw.is_empty() {
            self.text.push_str(&self.encoding.decode_without_bom_handling(&self.raw).0);
            self.raw.clear();
        }
    }

    fn end_paragraph(&mut self) {
        self.flush();
        self.writing.paragraph(&self.text);
        self.text.clear();
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if !self.hidden() {
            self.raw.push(byte);
        }
    }

    /// Takes what begins at a place; gives the place after it.
    fn step(&mut self, bytes: &[u8], at: usize) -> usize {
        match bytes[at] {
            b'{' => {
                let group = self.groups.last().copied().unwrap_or((false, 1));
                if self.groups.len() < 1_000 {
                    self.groups.push(group);
                }
            }
            b'}' => {
                self.flush();
                if self.groups.len() > 1 {
                    self.groups.pop();
                }
            }
            b'\\' => return self.control(bytes, at + 1),
            b'\r' | b'\n' => {}
            byte => self.byte(byte),
        }
        at + 1
    }

    fn control(&mut self, bytes: &[u8], at: usize) -> usize {
        let Some(first) = bytes.get(at) else { return at };
        match first {
            b'\'' => {
                let hex = bytes.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
                if let Some(byte) = hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
                    self.byte(byte);
                }
                return at + 3;
            }
            b'*' => {
                if let Some(group) = self.groups.last_mut() {
                    group.0 = true;
                }
                return at + 1;
            }
            b'\\' | b'{' | b'}' => {
                self.byte(*first);
                return at + 1;
            }
            b'~' => {
                self.byte(b' ');
                return at + 1;
            }
            letter if !letter.is_ascii_alphabetic() => return at + 1,
            _ => {}
        }
        let word_end = at + bytes[at..].iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        let number_end = word_end + bytes[word_end..].iter().take(11).take_while(|b| b.is_ascii_digit() || **b == b'-').count();
        let word = std::str::from_utf8(&bytes[at..word_end]).unwrap_or_default();
        let number = std::str::from_utf8(&bytes[word_end..number_end]).ok().and_then(|n| n.parse::<i64>().ok());
        self.word(word, number);
        number_end + usize::from(bytes.get(number_end) == Some(&b' '))
    }

    fn word(&mut self, word: &str, number: Option<i64>) {
        match word {
            "par" | "row" | "sect" | "page" if !self.hidden() => self.end_paragraph(),
            "cell" | "tab" | "line" if !self.hidden() => {
                self.flush();
                self.text.push(' ');
            }
            "ansicpg" => {
                self.encoding = match number {
                    Some(936 | 54936) => encoding_rs::GB18030,
                    Some(950) => encoding_rs::BIG5,
                    _ => self.encoding,
                }
            }
            "uc" => {
                if let Some(group) = self.groups.last_mut() {
                    group.1 = number.unwrap_or(1).clamp(0, 8) as usize;
                }
            }
            "u" => {
                let unit = number.unwrap_or(0).rem_euclid(65_536) as u32;
                if !self.hidden() {
                    self.flush();
                    self.text.extend(char::from_u32(unit));
                }
                self.skip = self.groups.last().map_or(1, |group| group.1);
            }
            _ if HIDDEN.contains(&word) => {
                if let Some(group) = self.groups.last_mut() {
                    group.0 = true;
                }
            }
            _ => {}
        }
    }
}
