//! Charset by BOM, header, meta, detection, in that order; gb2312 and gbk mean GB18030 (WHATWG labels).
//!
//! A declaration that is plainly wrong is not followed: when the bytes break under the declared charset and decode cleanly under
//! another, a browser's reader would see garbage, but we want to read the page. What was declared stays on record.

mod prescan;

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What was declared and what was used.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Charset {
    /// Label in the Content-Type header, lower case, as written.
    pub header: Option<String>,
    /// Label in the page's own meta, lower case, as written.
    pub meta: Option<String>,
    /// WHATWG name of the encoding that was used, lower case.
    pub used: String,
    /// Which of bom, header, meta, detection decided.
    pub by: String,
    /// Characters that could not be decoded (U+FFFD produced by decoding).
    pub damaged: u64,
}

impl Charset {
    /// What the page says of itself: its meta, else its header.
    pub fn declared(&self) -> Option<&str> {
        self.meta.as_deref().or(self.header.as_deref())
    }

    /// The encoding that was used.
    pub fn encoding(&self) -> &'static Encoding {
        Encoding::for_label(self.used.as_bytes()).unwrap_or(UTF_8)
    }
}

/// Bytes looked at for a meta declaration; the standard says 1,024, real pages put long comments and scripts first.
const PRESCAN: usize = 16 * 1_024;

/// Bytes given to the detector.
const DETECT: usize = 64 * 1_024;

/// Multi-byte sequences of valid UTF-8 beyond which it can be nothing else.
const CERTAIN_UTF8: usize = 12;

/// Decodes a body. `content_type` is the header's value.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> (Cow<'a, str>, Charset) {
    let header = content_type.and_then(header_label);
    let meta = prescan::meta_label(&bytes[..bytes.len().min(PRESCAN)]);
    let (declared, by) = declared_encoding(bytes, header.as_deref(), meta.as_deref());
    let (encoding, by) = match declared {
        Some(encoding) if by == "bom" => (encoding, by),
        Some(encoding) => match contradicted(bytes, encoding) {
            Some(better) => (better, "detection"),
            None => (encoding, by),
        },
        None => (detect(bytes), "detection"),
    };
    let (text, damaged) = decode_as(bytes, encoding);
    let charset = Charset { header, meta, used: name(encoding), by: by.to_owned(), damaged };
    (text, charset)
}

fn name(encoding: &'static Encoding) -> String {
    // GBK and GB18030 share one decoder: what was used is GB18030, whatever the label.
    let encoding = if encoding == GBK { GB18030 } else { encoding };
    encoding.name().to_ascii_lowercase()
}

/// `charset=` of a Content-Type value.
fn header_label(content_type: &str) -> Option<String> {
    let lower = content_type.to_ascii_lowercase();
    let rest = lower.split_once("charset")?.1.trim_start().strip_prefix('=')?;
    let label = rest.trim_start().trim_start_matches(['"', '\'']);
    let end = label.find([';', '"', '\'', ' ', ',']).unwrap_or(label.len());
    (end > 0).then(|| label[..end].chars().take(40).collect())
}

fn declared_encoding(bytes: &[u8], header: Option<&str>, meta: Option<&str>) -> (Option<&'static Encoding>, &'static str) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (Some(encoding), "bom");
    }
    if let Some(encoding) = header.and_then(|l| Encoding::for_label(l.as_bytes())) {
        return (Some(encoding), "header");
    }
    (meta.and_then(prescan::encoding_of_meta), "meta")
}

/// The encoding that the bytes speak for when they plainly contradict the declared one.
fn contradicted(bytes: &[u8], declared: &'static Encoding) -> Option<&'static Encoding> {
    if bytes.is_ascii() || declared == UTF_16LE || declared == UTF_16BE {
        return None;
    }
    if declared != UTF_8 {
        // Valid UTF-8 of some length is no other charset by chance; GBK decodes it into garbage with few errors.
        let multibyte = bytes.iter().filter(|b| (0xc0..0xf8).contains(*b)).take(CERTAIN_UTF8 + 1).count();
        return (multibyte > CERTAIN_UTF8 && valid_but_for_its_end(bytes)).then_some(UTF_8);
    }
    if valid_but_for_its_end(bytes) {
        return None;
    }
    let (_, damaged) = decode_as(bytes, UTF_8);
    let high = bytes.iter().filter(|b| **b >= 0x80).count() as u64;
    if damaged * 10 < high {
        return None;
    }
    let (_, other) = decode_as(bytes, GB18030);
    (other == 0 && detect(bytes) != UTF_8).then_some(GB18030)
}

/// A body cut in the middle of a character is still UTF-8.
fn valid_but_for_its_end(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(DETECT)];
    if valid_but_for_its_end(sample) {
        return UTF_8;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
    if encoding == GBK { GB18030 } else { encoding }
}

/// The text and how many replacement characters decoding produced.
fn decode_as<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> (Cow<'a, str>, u64) {
    let (text, _, errors) = encoding.decode(bytes);
    if !errors {
        return (text, 0);
    }
    let replaced = text.matches('\u{fffd}').count() as u64;
    // Replacement characters that the author already wrote are not damage of our decoding.
    let written = if encoding == UTF_8 { bytes.windows(3).filter(|w| *w == [0xef, 0xbf, 0xbd]).count() as u64 } else { 0 };
    (text, replaced.saturating_sub(written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_belief() {
        let (_, c) = decode(b"\xef\xbb\xbf<meta charset=gbk>", Some("text/html; charset=big5"));
        assert_eq!((c.used.as_str(), c.by.as_str()), ("utf-8", "bom"));
        let (_, c) = decode(b"<meta charset=gbk>", Some("text/html; charset=\"Big5\""));
        assert_eq!((c.used.as_str(), c.by.as_str(), c.header.as_deref()), ("big5", "header", Some("big5")));
        assert_eq!(c.meta.as_deref(), Some("gbk"));
        let (_, c) = decode(b"<meta http-equiv=Content-Type content='text/html;charset=gb2312'>", Some("text/html"));
        assert_eq!((c.used.as_str(), c.by.as_str(), c.declared()), ("gb18030", "meta", Some("gb2312")));
        let (_, c) = decode(b"plain", None);
        assert_eq!((c.used.as_str(), c.by.as_str()), ("utf-8", "detection"));
    }

    #[test]
    fn gb2312_label_reads_gb18030_bytes() {
        // 鄚 is in GBK only, 㐀 in GB18030 only.
        let (bytes, _, _) = GB18030.encode("<meta charset=gb2312>鄚州镇㐀");
        let (text, c) = decode(&bytes, None);
        assert!(text.ends_with("鄚州镇㐀"));
        assert_eq!(c.damaged, 0);
    }

    #[test]
    fn a_plainly_wrong_declaration_is_not_followed() {
        let page = format!("<meta charset=utf-8>{}", "政务公开工作要点".repeat(20));
        let (bytes, _, _) = GB18030.encode(&page);
        let (text, c) = decode(&bytes, None);
        assert_eq!(text, page);
        assert_eq!((c.used.as_str(), c.by.as_str(), c.declared()), ("gb18030", "detection", Some("utf-8")));
        let page = format!("<meta charset=gb2312>{}", "政务公开工作要点".repeat(20));
        let (text, c) = decode(page.as_bytes(), Some("text/html; charset=gbk"));
        assert_eq!(text, page);
        assert_eq!((c.used.as_str(), c.by.as_str()), ("utf-8", "detection"));
    }

    #[test]
    fn a_few_broken_bytes_do_not_overturn_the_declaration() {
        let mut bytes = format!("<meta charset=utf-8>{}", "政务公开".repeat(50)).into_bytes();
        bytes[40] = b'?';
        let (_, c) = decode(&bytes, None);
        assert_eq!(c.used, "utf-8");
        assert!(c.damaged > 0 && c.damaged < 5);
    }
}
