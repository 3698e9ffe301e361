//! The WHATWG prescan of the first bytes of a page for a charset declared in a meta element.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, X_USER_DEFINED};

/// The label that a meta declares, lower case, as written; none when there is no usable one.
pub(super) fn meta_label(bytes: &[u8]) -> Option<String> {
    let mut scan = Scan { bytes, at: 0 };
    while scan.at < bytes.len() {
        let rest = &bytes[scan.at..];
        if rest.starts_with(b"<!--") {
            // "<!-->" is a whole comment.
            let end = find(&rest[2..], b"-->")?;
            scan.at += 2 + end + 3;
        } else if starts_with_tag(rest, b"<meta") {
            scan.at += 5;
            if let Some(label) = scan.meta() {
                return Some(label);
            }
        } else if rest.len() > 2
            && rest[0] == b'<'
            && (rest[1].is_ascii_alphabetic() || (rest[1] == b'/' && rest[2].is_ascii_alphabetic()))
        {
            scan.at += rest.iter().position(|b| b.is_ascii_whitespace() || *b == b'>')?;
            while scan.attribute().is_some() {}
        } else if rest.len() > 1 && rest[0] == b'<' && matches!(rest[1], b'!' | b'/' | b'?') {
            scan.at += rest.iter().position(|b| *b == b'>')?;
        }
        scan.at += 1;
    }
    None
}

/// The encoding of a meta label: UTF-16 in a meta that was read as ASCII can only be UTF-8.
pub(super) fn encoding_of_meta(label: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label.as_bytes())?;
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return Some(UTF_8);
    }
    Some(if encoding == X_USER_DEFINED { encoding_rs::WINDOWS_1252 } else { encoding })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

fn starts_with_tag(bytes: &[u8], tag: &[u8]) -> bool {
    bytes.len() > tag.len()
        && bytes[..tag.len()].eq_ignore_ascii_case(tag)
        && (bytes[tag.len()].is_ascii_whitespace() || bytes[tag.len()] == b'/')
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Attributes of a meta, after its name.
    fn meta(&mut self) -> Option<String> {
        let (mut got_pragma, mut need_pragma, mut label) = (false, None, None);
        let mut seen: Vec<Vec<u8>> = Vec::new();
        while let Some((name, value)) = self.attribute() {
            if seen.contains(&name) || seen.len() > 32 {
                continue;
            }
            match name.as_slice() {
                b"http-equiv" if value == b"content-type" => got_pragma = true,
                b"content" if label.is_none() => {
                    if let Some(found) = charset_in_content(&value) {
                        (label, need_pragma) = (Some(found), Some(true));
                    }
                }
                b"charset" => {
                    (label, need_pragma) = (Some(String::from_utf8_lossy(&value).trim().to_owned()), Some(false));
                }
                _ => {}
            }
            seen.push(name);
        }
        if need_pragma? && !got_pragma {
            return None;
        }
        label.filter(|l| Encoding::for_label(l.as_bytes()).is_some())
    }

    /// The next attribute, names and values in lower case.
    fn attribute(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        while self.byte().is_some_and(|b| b.is_ascii_whitespace() || b == b'/') {
            self.at += 1;
        }
        if matches!(self.byte()?, b'>') {
            return None;
        }
        let (mut name, mut value) = (Vec::new(), Vec::new());
        loop {
            match self.byte()? {
                b'=' if !name.is_empty() => break,
                b if b.is_ascii_whitespace() => {
                    while self.byte().is_some_and(|b| b.is_ascii_whitespace()) {
                        self.at += 1;
                    }
                    if self.byte()? != b'=' {
                        return Some((name, value));
                    }
                    break;
                }
                b'/' | b'>' => return Some((name, value)),
                b => name.push(b.to_ascii_lowercase()),
            }
            self.at += 1;
        }
        self.at += 1;
        while self.byte().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
        match self.byte()? {
            quote @ (b'"' | b'\'') => {
                self.at += 1;
                loop {
                    let byte = self.byte()?;
                    self.at += 1;
                    if byte == quote {
                        return Some((name, value));
                    }
                    value.push(byte.to_ascii_lowercase());
                }
            }
            b'>' => Some((name, value)),
            _ => loop {
                match self.byte()? {
                    b if b.is_ascii_whitespace() || b == b'>' => return Some((name, value)),
                    b => value.push(b.to_ascii_lowercase()),
                }
                self.at += 1;
            },
        }
    }
}

/// The WHATWG algorithm for extracting a character encoding from a meta element's content.
fn charset_in_content(content: &[u8]) -> Option<String> {
    let mut rest = content;
    loop {
        rest = &rest[find(rest, b"charset")? + 7..];
        let trimmed = rest.trim_ascii_start();
        let Some(value) = trimmed.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let label = match value.first()? {
            quote @ (b'"' | b'\'') => {
                let inner = &value[1..];
                &inner[..inner.iter().position(|b| b == quote)?]
            }
            _ => &value[..value.iter().position(|b| b.is_ascii_whitespace() || *b == b';').unwrap_or(value.len())],
        };
        return Some(String::from_utf8_lossy(label).into_owned());
    }
}
