//! Content coding of a body: gzip, deflate and br undone, never into more bytes than allowed.

use super::Exchange;
use crate::unfetched::Reason;
use std::borrow::Cow;
use std::io::Read;

/// More codings on one body than this is an attack, not a page.
const MOST_CODINGS: usize = 4;

/// Undoes the content coding of a body. `max` bounds the decoded size, so that a decompression bomb costs no more than a page.
///
/// A body that plainly is not in the coding its header names is returned as it is: other tools keep decoded bodies under the
/// original header, and some servers name a coding that they do not apply.
///
/// # Errors
/// [`Reason::Coding`] when the coding is broken or unknown, [`Reason::TooLarge`] beyond `max`.
pub fn decode_body(exchange: &Exchange, max: u64) -> Result<Cow<'_, [u8]>, Reason> {
    let mut body: Cow<'_, [u8]> = Cow::Borrowed(&exchange.body);
    let codings: Vec<String> = exchange
        .headers
        .iter()
        .filter(|(name, _)| name == "content-encoding")
        .flat_map(|(_, value)| value.split(','))
        .map(|coding| coding.trim().to_ascii_lowercase())
        .filter(|coding| !coding.is_empty() && coding != "identity")
        .collect();
    if codings.len() > MOST_CODINGS {
        return Err(Reason::Coding);
    }
    // The last coding named was applied last.
    for coding in codings.iter().rev() {
        if body.is_empty() {
            break;
        }
        if let Some(plain) = undo(coding, &body, max)? {
            body = Cow::Owned(plain);
        }
    }
    if body.len() as u64 > max { Err(Reason::TooLarge) } else { Ok(body) }
}

/// The body without one coding; none when it does not have it in the first place.
fn undo(coding: &str, body: &[u8], max: u64) -> Result<Option<Vec<u8>>, Reason> {
    match coding {
        "gzip" | "x-gzip" => {
            if body.starts_with(&[0x1f, 0x8b]) {
                gzip_members(body, max).map(Some)
            } else {
                Ok(None)
            }
        }
        "deflate" => {
            // RFC 9110 means the zlib format; servers that send a bare deflate stream are common.
            let bare = |_| read_all(flate2::read::DeflateDecoder::new(body), max);
            match read_all(flate2::read::ZlibDecoder::new(body), max).or_else(|reason| match reason {
                Reason::TooLarge => Err(reason),
                _ => bare(reason),
            }) {
                Ok(plain) => Ok(Some(plain)),
                Err(reason) => plain_after_all(body, reason),
            }
        }
        "br" => match read_all(brotli_decompressor::Decompressor::new(body, 8192), max) {
            Ok(plain) => Ok(Some(plain)),
            Err(reason) => plain_after_all(body, reason),
        },
        _ => plain_after_all(body, Reason::Coding),
    }
}

/// deflate and br have no magic number: markup at the start says that the body was never coded.
fn plain_after_all(body: &[u8], reason: Reason) -> Result<Option<Vec<u8>>, Reason> {
    let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    if reason == Reason::Coding && start.starts_with(b"<") { Ok(None) } else { Err(reason) }
}

/// One gzip member after another; bytes after the last one that start no member are padding, which browsers ignore too.
fn gzip_members(body: &[u8], max: u64) -> Result<Vec<u8>, Reason> {
    let mut plain = Vec::new();
    let mut rest = body;
    while rest.starts_with(&[0x1f, 0x8b]) {
        let mut member = flate2::bufread::GzDecoder::new(rest);
        let left = max.saturating_sub(plain.len() as u64);
        let read = (&mut member).take(left.saturating_add(1)).read_to_end(&mut plain);
        if plain.len() as u64 > max {
            return Err(Reason::TooLarge);
        }
        read.map_err(|_| Reason::Coding)?;
        rest = member.into_inner();
    }
    Ok(plain)
}

fn read_all(decoder: impl Read, max: u64) -> Result<Vec<u8>, Reason> {
    let mut plain = Vec::new();
    let read = decoder.take(max.saturating_add(1)).read_to_end(&mut plain);
    if plain.len() as u64 > max {
        return Err(Reason::TooLarge);
    }
    read.map_err(|_| Reason::Coding)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Gathering, Method};
    use flate2::Compression;
    use std::io::Write;

    fn exchange(coding: &str, body: Vec<u8>) -> Exchange {
        Exchange {
            url: crate::url::CanonicalUrl::parse("http://x.gov.cn/").unwrap(),
            method: Method::Get,
            gathering: Gathering::Pages,
            status: 200,
            headers: vec![("content-encoding".into(), coding.into())],
            body: body.into(),
            at: jiff::Timestamp::UNIX_EPOCH,
            hops: 0,
            via: None,
            attempts: 1,
            look: 1,
            elapsed: None,
            profile: Default::default(),
        }
    }

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn codings_are_undone_in_reverse_order() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(b"<p>text").unwrap();
        let zlib = zlib.finish().unwrap();
        let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(b"<p>text").unwrap();
        let bare = bare.finish().unwrap();
        for (coding, body) in [
            ("gzip", gzip(b"<p>text")),
            ("deflate", zlib.clone()),
            ("deflate", bare),
            ("deflate, GZIP", gzip(&zlib)),
            ("identity", b"<p>text".to_vec()),
            ("br", b"<p>text".to_vec()),
            ("gzip", b"<p>text".to_vec()),
        ] {
            assert_eq!(decode_body(&exchange(coding, body), 100).unwrap().as_ref(), b"<p>text", "{coding}");
        }
        let two = [gzip(b"<p>"), gzip(b"text"), vec![0; 3]].concat();
        assert_eq!(decode_body(&exchange("gzip", two), 100).unwrap().as_ref(), b"<p>text", "two members and padding");
    }

    #[test]
    fn broken_and_hostile_bodies_have_a_reason() {
        let whole = gzip(&b"government ".repeat(200));
        for cut in 3..whole.len() {
            let short = exchange("gzip", whole[..cut].to_vec());
            assert_eq!(decode_body(&short, 1 << 20), Err(Reason::Coding), "cut after {cut} bytes");
        }
        let bomb = gzip(&vec![0; 1 << 20]);
        assert_eq!(decode_body(&exchange("gzip", bomb), 1000), Err(Reason::TooLarge));
        assert_eq!(decode_body(&exchange("snake-oil", b"abc".to_vec()), 1000), Err(Reason::Coding));
        assert_eq!(decode_body(&exchange("br", vec![0xff; 40]), 1000), Err(Reason::Coding));
        assert_eq!(decode_body(&exchange("gzip,gzip,gzip,gzip,gzip", b"abc".to_vec()), 1000), Err(Reason::Coding));
    }
}
