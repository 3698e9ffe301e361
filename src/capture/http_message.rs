//! HTTP/1 messages as blocks of WARC records: heads in both directions, and transfer coding of other tools undone.

use super::fields::one_line;
use crate::exchange::{Exchange, Method, Profile, SEARCH_ENGINE, SEARCH_PAGE, browser_agent};

/// Prefix under which a field is kept that would lie about the stored body.
const ORIGINAL: &str = "x-archive-orig-";

/// The response head as stored.
pub fn response_head(exchange: &Exchange) -> Vec<u8> {
    let phrase = http::StatusCode::from_u16(exchange.status).ok().and_then(|s| s.canonical_reason()).unwrap_or("");
    let mut head = format!("HTTP/1.1 {:03} {phrase}\r\n", exchange.status);
    let length = exchange.body.len().to_string();
    for (name, value) in &exchange.headers {
        let renamed = match name.as_str() {
            "transfer-encoding" => true,
            "content-length" => exchange.method == Method::Get && *value != length,
            // The server is an archive itself: the reader takes one prefix off.
            other => other.starts_with(ORIGINAL),
        };
        let prefix = if renamed { ORIGINAL } else { "" };
        let value = value.replace(['\r', '\n', '\0'], " ");
        head.push_str(&format!("{prefix}{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// The request as stored: request line, `Host`, `User-Agent` when known.
pub fn request_head(exchange: &Exchange, user_agent: Option<&str>) -> Vec<u8> {
    let method = method_word(exchange.method);
    let url = &exchange.url;
    let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
    let mut head = format!("{method} {}{query} HTTP/1.1\r\nHost: {}\r\n", url.path(), url.authority());
    let agent = match exchange.profile {
        Profile::SearchEngine => Some(SEARCH_ENGINE.to_owned()),
        Profile::Browser => user_agent.map(browser_agent),
        Profile::Own | Profile::SearchReferrer => user_agent.map(str::to_owned),
    };
    if let Some(agent) = agent {
        head.push_str(&format!("User-Agent: {}\r\n", one_line(&agent)));
    }
    if exchange.profile == Profile::SearchReferrer {
        head.push_str(&format!("Referer: {SEARCH_PAGE}\r\n"));
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// `GET` or `HEAD`.
pub fn method_word(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
    }
}

/// A response read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Status.
    pub status: u16,
    /// Fields in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Where the body begins in the block.
    pub body_at: usize,
}

/// Reads status line and fields. None when the block is no HTTP response.
pub fn read_response(block: &[u8]) -> Option<Response> {
    let (lines, body_at) = head_lines(block)?;
    let mut lines = lines.into_iter();
    let first = lines.next()?;
    let mut words = first.split_ascii_whitespace();
    if !words.next()?.to_ascii_uppercase().starts_with("HTTP/") {
        return None;
    }
    let status = words.next()?.parse::<u16>().ok().filter(|s| (100..=999).contains(s))?;
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            let name = name.trim().to_ascii_lowercase();
            let name = match name.strip_prefix(ORIGINAL) {
                Some(original @ ("transfer-encoding" | "content-length")) => original.to_owned(),
                Some(original) if original.starts_with(ORIGINAL) => original.to_owned(),
                _ => name,
            };
            headers.push((name, value.trim_matches([' ', '\t']).to_owned()));
        }
    }
    Some(Response { status, headers, body_at })
}

/// The method of a stored request.
pub fn read_request_method(block: &[u8]) -> Option<Method> {
    match block.split(|b| b.is_ascii_whitespace()).next()? {
        b"GET" => Some(Method::Get),
        b"HEAD" => Some(Method::Head),
        _ => None,
    }
}

/// Was the transfer coding kept in a record that announces one? Ours says so under another name.
pub fn announces_chunks(block_head: &[u8]) -> bool {
    head_lines(block_head).is_some_and(|(lines, _)| {
        lines.iter().filter_map(|l| l.split_once(':')).any(|(name, value)| {
            name.trim().eq_ignore_ascii_case("transfer-encoding") && value.to_ascii_lowercase().contains("chunked")
        })
    })
}

fn head_lines(block: &[u8]) -> Option<(Vec<String>, usize)> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < block.len().min(super::HEAD_LIMIT) {
        let Some(length) = block[at..].iter().take(super::HEAD_LIMIT).position(|b| *b == b'\n') else {
            break;
        };
        let line = block[at..at + length].strip_suffix(b"\r").unwrap_or(&block[at..at + length]);
        at += length + 1;
        if line.is_empty() {
            return (!lines.is_empty()).then_some((lines, at));
        }
        lines.push(String::from_utf8_lossy(line).into_owned());
    }
    // A head without the empty line: a response without body, cut by its writer.
    let rest = &block[at.min(block.len())..];
    if rest.is_empty() && !lines.is_empty() { Some((lines, block.len())) } else { None }
}

/// Undoes chunked transfer coding. None when the bytes are not chunked after all: some writers undo it and leave the field.
pub fn dechunk(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut at = 0;
    loop {
        let end = at + body.get(at..)?.iter().take(4096).position(|b| *b == b'\n')?;
        let line = std::str::from_utf8(&body[at..end]).ok()?;
        let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        at = end + 1;
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(body.get(at..at.checked_add(size)?)?);
        at += size;
        if body.get(at) == Some(&b'\r') {
            at += 1;
        }
        if body.get(at) != Some(&b'\n') {
            return None;
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_undone_and_plain_bodies_left_alone() {
        assert_eq!(dechunk(b"4\r\nWiki\r\n5;x=1\r\npedia\r\n0\r\nT: 1\r\n\r\n").as_deref(), Some(b"Wikipedia".as_slice()));
        assert_eq!(dechunk(b"0\r\n\r\n").as_deref(), Some(b"".as_slice()));
        for plain in
            [b"<html>".as_slice(), b"", b"4\r\nWi", b"ffffffffffffffff\r\nx", b"fffffffffffffffff\r\nx", b"2\r\nabc\r\n0\r\n\r\n"]
        {
            assert_eq!(dechunk(plain), None, "{plain:?}");
        }
    }

    #[test]
    fn heads_of_other_tools() {
        let read = read_response(b"HTTP/1.0 404 Not Found\nA: 1\n 2\nServer:x\n\nbody").expect("reads");
        assert_eq!((read.status, read.body_at), (404, 41));
        assert_eq!(read.headers, [("a".to_owned(), "1 2".to_owned()), ("server".to_owned(), "x".to_owned())]);
        assert_eq!(read_response(b"GET / HTTP/1.1\r\n\r\n"), None);
        assert_eq!(read_response(b""), None);
        assert_eq!(read_response(b"HTTP/1.1 99999 x\r\n\r\n"), None);
        assert!(read_response(b"HTTP/1.1 204 No Content\r\nA: 1\r\n").is_some());
    }
}
