//! Is a body HTML? By its content; what the header says only helps where the content leaves it open.

use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Bytes looked at.
const HEAD: usize = 8 * 1_024;

/// First look at the bytes: no known binary format, no body full of control characters.
pub(super) fn may_be_html(body: &[u8], media_type: Option<&str>) -> bool {
    const MAGIC: [&[u8]; 12] = [
        b"%PDF-",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0",
        b"\x89PNG",
        b"GIF8",
        b"\xff\xd8\xff",
        b"Rar!",
        b"7z\xbc\xaf",
        b"RIFF",
        b"\x1f\x8b",
        b"BM",
        b"\x00\x00",
    ];
    let head = &body[..body.len().min(HEAD)];
    if head.trim_ascii().is_empty() || MAGIC.iter().any(|m| head.starts_with(m)) {
        return false;
    }
    if media_type
        .is_some_and(|m| m.starts_with("image/") || m.starts_with("video/") || m.starts_with("audio/") || m.starts_with("font/"))
    {
        return false;
    }
    let utf16 = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    let control = head.iter().filter(|b| **b < 9 || (14..32).contains(*b) && **b != 27).count();
    utf16 || control * 50 <= head.len()
}

static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)<(?:!doctype\s+html|html|head|body|meta|title|link|script|style|iframe|frameset|div|table|center|font|h[1-6]|p|ul|ol|a|img|br|b|span|form|section|article|main|header|footer|nav|noscript|input|base|td|tr|li|strong|em|pre|canvas|object)[\s/>]",
    )
    .ok()
});

/// The list of a directory that the server makes itself (nginx, Apache, Python): nobody's page, so nobody's fault shows on it.
pub(super) fn is_server_listing(text: &str) -> bool {
    let head = text[..floor(text, HEAD)].to_ascii_lowercase();
    ["index of /", "directory listing for /"]
        .iter()
        .any(|words| head.contains(&format!("<title>{words}")) && head.contains(&format!("<h1>{words}")))
}

/// Second look, at the decoded text.
pub(super) fn is_html(text: &str, media_type: Option<&str>) -> bool {
    let declared =
        media_type.is_none_or(|m| m.is_empty() || m.contains("html") || m == "application/octet-stream" || m == "text/plain");
    let says_html = media_type.is_some_and(|m| m.contains("html"));
    let start = after_preamble(text);
    let head = &start[..floor(start, HEAD)];
    let tag = TAG.as_ref().and_then(|p| p.find(head));
    if head.starts_with("<?xml") || head.starts_with("<rss") || head.starts_with("<feed") || head.starts_with("<urlset") {
        return head.to_ascii_lowercase().contains("<html");
    }
    match head.chars().next() {
        Some('<') => tag.is_some_and(|t| t.start() == 0) || (declared && tag.is_some()) || says_html,
        Some('{' | '[') => says_html && tag.is_some() && serde_json::from_str::<serde::de::IgnoredAny>(start.trim()).is_err(),
        // Text before the first tag: a template's blank or warning, or a text file that happens to show markup.
        Some(_) => says_html || (declared && media_type != Some("text/plain") && tag.is_some()),
        None => false,
    }
}

/// Blanks, byte order mark, comments, server code and an XML declaration before the page proper.
fn after_preamble(text: &str) -> &str {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|e| e + 3)
        } else if rest.starts_with("<%") {
            rest.find("%>").map(|e| e + 2)
        } else if rest.starts_with("<?xml") && rest[..floor(rest, 400)].to_ascii_lowercase().contains("<html") {
            rest.find("?>").map(|e| e + 2)
        } else {
            None
        };
        match end {
            Some(end) => rest = &rest[end..],
            None => return rest,
        }
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Saved server pages: `<% … %>` is taken out, its line breaks stay so that lines keep their numbers.
pub(super) fn without_server_code(text: &str) -> Cow<'_, str> {
    if !text.contains("<%") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("<%") {
        let Some(length) = rest[start..].find("%>") else { break };
        out.push_str(&rest[..start]);
        out.extend(rest[start..start + length].chars().filter(|c| *c == '\n'));
        rest = &rest[start + length + 2..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(body: &[u8], media_type: Option<&str>) -> bool {
        may_be_html(body, media_type) && is_html(&String::from_utf8_lossy(body), media_type)
    }

    #[test]
    fn content_decides() {
        assert!(html(b"<!DOCTYPE html><p>x", Some("text/plain")));
        assert!(html(b"<div class=wrap>x</div>", None));
        assert!(html(b"\n<!-- c -->\n<%@ page %>\n<html>", Some("application/octet-stream")));
        assert!(html(b"<?xml version='1.0'?><html xmlns='x'>", Some("application/xhtml+xml")));
        assert!(html(b"Not found", Some("text/html")));
        assert!(!html(b"%PDF-1.7 <html>", Some("text/html")));
        assert!(!html(br#"{"html":"<p>x</p>"}"#, Some("text/html")));
        assert!(!html(b"<?xml version='1.0'?><urlset>", Some("text/html")));
        assert!(!html(b"User-agent: *", Some("text/plain")));
        assert!(!html(b"", Some("text/html")));
        assert!(!html(b"var a = '<div>';", Some("application/javascript")));
    }

    #[test]
    fn server_code_keeps_lines() {
        assert_eq!(without_server_code("a<% b\nc %>d\n<%-- e"), "a\nd\n<%-- e");
    }
}
