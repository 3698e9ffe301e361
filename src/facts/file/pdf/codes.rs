//! Text in fonts with a Chinese character map of mixed width. Their codes are one byte for ASCII and two for everything else; the crate
//! takes every two bytes together, so that one digit spoils the rest of its line. Here such strings are written anew with two bytes
//! for every character before the crate sees them: ASCII goes to a row of the map that nobody else uses, and comes back after reading.

use pdf_oxide::document::PdfDocument;
use pdf_oxide::error::Error;
use pdf_oxide::extractors::TextExtractor;
use pdf_oxide::layout::TextChar;
use pdf_oxide::object::Object;
use std::collections::HashSet;

/// Lead byte of the first row that users may fill in GBK; it reads as U+E000 and on.
const ROW: u8 = 0xaa;
/// The crate measures a character of that row as a whole square; ASCII takes half of one, in thousandths.
const HALF: &str = " 500 ";

/// The characters of a page, whatever maps its fonts have.
pub(super) fn chars(document: &PdfDocument, index: usize) -> Result<Vec<TextChar>, Error> {
    let page = document.get_page(index)?;
    let resources = page.as_dict().and_then(|dict| dict.get("Resources")).and_then(|object| resolved(document, object));
    let fonts = resources.as_ref().map(|resources| mixed_fonts(document, resources)).unwrap_or_default();
    let content = if fonts.is_empty() { None } else { document.get_page_content_data(index).ok() };
    let (Some(resources), Some(content)) = (resources, content) else { return document.extract_chars(index) };
    let content = rewritten(&content, &fonts);
    let mut extractor = TextExtractor::new();
    extractor.set_page_index(u32::try_from(index).unwrap_or(0));
    extractor.set_resources(resources.clone());
    extractor.set_document(document);
    document.load_fonts_public(&resources, &mut extractor)?;
    let mut chars = extractor.extract_owned(&content)?;
    for c in &mut chars {
        let row = u32::from(c.char).wrapping_sub(0xe000);
        if row < 94 {
            c.char = char::from(0x21 + row as u8);
            c.bbox.width /= 2.0;
            c.advance_width /= 2.0;
        }
    }
    Ok(chars)
}

fn resolved(document: &PdfDocument, object: &Object) -> Option<Object> {
    match object.as_reference() {
        Some(reference) => document.load_object(reference).ok(),
        None => Some(object.clone()),
    }
}

/// Names of the fonts whose map is of mixed width and whose characters no other map tells.
fn mixed_fonts(document: &PdfDocument, resources: &Object) -> HashSet<Vec<u8>> {
    const MAPS: [&str; 5] = ["GBK-EUC-", "GBKp-EUC-", "GB-EUC-", "GBpc-EUC-", "GBK2K-"];
    let resolved = |object: &Object| resolved(document, object);
    let fonts = resources.as_dict().and_then(|dict| dict.get("Font")).and_then(resolved);
    let Some(fonts) = fonts.as_ref().and_then(Object::as_dict) else { return HashSet::new() };
    let mixed = |font: &Object| {
        let font = resolved(font)?;
        let dict = font.as_dict()?;
        let map = resolved(dict.get("Encoding")?)?;
        let named = MAPS.iter().any(|start| map.as_name().is_some_and(|name| name.starts_with(start)));
        Some(named && !dict.contains_key("ToUnicode"))
    };
    fonts.iter().filter(|(_, font)| mixed(font) == Some(true)).map(|(name, _)| name.as_bytes().to_vec()).collect()
}

/// The content with the strings of these fonts written anew.
fn rewritten(content: &[u8], fonts: &HashSet<Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() * 2);
    let (mut current, mut saved): (Vec<u8>, Vec<Vec<u8>>) = (Vec::new(), Vec::new());
    let (mut at, mut operands) = (0, Vec::new());
    while let Some((token, end)) = token(content, at) {
        at = end;
        let Token::Word(word) = &token else {
            operands.push(token);
            continue;
        };
        match *word {
            b"q" if saved.len() < 1_000 => saved.push(current.clone()),
            b"Q" => current = saved.pop().unwrap_or(current),
            b"Tf" => {
                if let Some(Token::Other(name)) = operands.iter().rev().nth(1) {
                    current = name.strip_prefix(b"/").unwrap_or(name).to_vec();
                }
            }
            _ => {}
        }
        let shows = matches!(*word, b"Tj" | b"TJ") && fonts.contains(&current);
        if shows {
            out.push(b'[');
        }
        for operand in &operands {
            match operand {
                Token::Text(codes) if shows => write_codes(codes, &mut out),
                Token::Other(b"[" | b"]") if shows => {}
                Token::Text(codes) => write_hex(codes, &mut out),
                Token::Other(raw) | Token::Word(raw) => out.extend_from_slice(raw),
            }
            out.push(b' ');
        }
        out.extend_from_slice(if shows { b"] TJ" } else { word });
        out.push(b'\n');
        operands.clear();
        if *word == b"ID" {
            // The bytes of a picture in the line are no tokens.
            let end = content[at..].windows(3).position(|w| w[0].is_ascii_whitespace() && &w[1..] == b"EI");
            let end = end.map_or(content.len(), |end| at + end);
            out.extend_from_slice(&content[at..end]);
            out.push(b'\n');
            at = end;
        }
    }
    out
}

/// Two bytes for every character, each ASCII one drawn back by half a square.
fn write_codes(codes: &[u8], out: &mut Vec<u8>) {
    let mut rest = codes;
    while let Some((first, after)) = rest.split_first() {
        match (first, after.split_first()) {
            (0x81.., Some((second, after))) => {
                write_hex(&[*first, *second], out);
                rest = after;
                continue;
            }
            (0x21..=0x7e, _) => {
                write_hex(&[ROW, first | 0x80], out);
                out.extend_from_slice(HALF.as_bytes());
            }
            (b' ', _) => {
                write_hex(&[0xa1, 0xa1], out);
                out.extend_from_slice(HALF.as_bytes());
            }
            _ => {}
        }
        rest = after;
    }
}

fn write_hex(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'<');
    out.extend(bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()));
    out.push(b'>');
}

/// A piece of a content stream.
enum Token<'a> {
    /// A string, its codes.
    Text(Vec<u8>),
    /// An operator.
    Word(&'a [u8]),
    /// Any other operand, and the brackets.
    Other(&'a [u8]),
}

/// The piece that begins at or after a place, and where it ends.
fn token(content: &[u8], mut at: usize) -> Option<(Token<'_>, usize)> {
    loop {
        match content.get(at)? {
            b'%' => at += content[at..].iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(content.len() - at),
            byte if byte.is_ascii_whitespace() || *byte == 0 => at += 1,
            _ => break,
        }
    }
    let two = content.get(at..at + 2);
    match content[at] {
        b'(' => Some(literal(content, at + 1)),
        b'<' if two != Some(b"<<") => {
            let end = content[at..].iter().position(|b| *b == b'>').map_or(content.len(), |end| at + end);
            let mut digits: Vec<u8> =
                content[at + 1..end].iter().filter_map(|b| (*b as char).to_digit(16)).map(|d| d as u8).collect();
            if digits.len() % 2 == 1 {
                digits.push(0);
            }
            Some((Token::Text(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()), (end + 1).min(content.len())))
        }
        b'<' | b'>' if matches!(two, Some(b"<<" | b">>")) => Some((Token::Other(&content[at..at + 2]), at + 2)),
        b'[' | b']' | b'{' | b'}' | b'>' | b')' => Some((Token::Other(&content[at..at + 1]), at + 1)),
        first => {
            let ends = |b: &u8| b.is_ascii_whitespace() || *b == 0 || b"()<>[]{}/%".contains(b);
            let end = content[at + 1..].iter().position(ends).map_or(content.len(), |end| at + 1 + end);
            let raw = &content[at..end];
            let operand =
                first == b'/' || first.is_ascii_digit() || b"+-.".contains(&first) || matches!(raw, b"true" | b"false" | b"null");
            Some((if operand { Token::Other(raw) } else { Token::Word(raw) }, end))
        }
    }
}

/// A string in brackets, with its escapes undone.
fn literal(content: &[u8], mut at: usize) -> (Token<'_>, usize) {
    let (mut codes, mut depth) = (Vec::new(), 1);
    while let Some(byte) = content.get(at) {
        at += 1;
        match byte {
            b'\\' => {
                let Some(escaped) = content.get(at) else { break };
                at += 1;
                match escaped {
                    b'n' => codes.push(b'\n'),
                    b'r' => codes.push(b'\r'),
                    b't' => codes.push(b'\t'),
                    b'b' => codes.push(8),
                    b'f' => codes.push(12),
                    b'\r' => at += usize::from(content.get(at) == Some(&b'\n')),
                    b'\n' => {}
                    b'0'..=b'7' => {
                        let more = content[at..].iter().take(2).take_while(|b| (b'0'..=b'7').contains(b)).count();
                        let octal = content[at - 1..at + more].iter().fold(0u32, |sum, b| sum * 8 + u32::from(b - b'0'));
                        codes.push((octal & 0xff) as u8);
                        at += more;
                    }
                    other => codes.push(*other),
                }
                continue;
            }
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
        codes.push(*byte);
    }
    (Token::Text(codes), at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strings_of_mixed_fonts_change() {
        let fonts = HashSet::from([b"F1".to_vec()]);
        let content = b"q /F1 12 Tf (1\\322\\273) Tj [<41> -20 (\\(b)] TJ Q /F2 9 Tf (1) Tj /A <</B 1>> BDC";
        let text = String::from_utf8(rewritten(content, &fonts)).unwrap();
        assert!(text.contains("[<aab1> 500 <d2bb> ] TJ"), "{text}");
        assert!(text.contains("[ <aac1> 500  -20 <aaa8> 500 <aae2> 500   ] TJ"), "{text}");
        assert!(text.contains("/F2 9 Tf\n<31> Tj"), "{text}");
        assert!(text.contains("/A << /B 1 >> BDC"), "{text}");
    }

    #[test]
    fn broken_content_ends() {
        for content in [&b"(abc"[..], b"<41", b"BI ID \x00\x01", b"/F1", b"\\", b"(\\", b"%", b">", b")"] {
            rewritten(content, &HashSet::from([b"F1".to_vec()]));
        }
    }
}
