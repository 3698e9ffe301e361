//! Text folded for comparison: width, blanks, letter case, Traditional to Simplified.
//!
//! Two texts are "the same" for a rule when their folded forms are equal; what we print is always the original.

pub mod pattern;
mod simplified;

use std::borrow::Cow;

/// Traditional characters to Simplified. Characters only, no phrases: the result is for comparison, never for print.
pub fn to_simplified(text: &str) -> Cow<'_, str> {
    simplified::convert(text)
}

/// Full-width ASCII to half-width, every kind of blank and zero-width character removed, lower case, Simplified.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Nearly every character of a page is one of these two kinds.
            c if c.is_ascii() => push_folded(&mut out, c),
            c if simplified::may_change(c) => {
                out.clear();
                to_simplified(&narrow(text)).chars().for_each(|c| push_folded(&mut out, c));
                return out;
            }
            c => push_folded(&mut out, narrowed(c)),
        }
    }
    out
}

fn push_folded(out: &mut String, c: char) {
    match c {
        // Signs, kana, Bopomofo, Han: neither blank nor in two cases.
        '\u{3001}'..='\u{a63f}' => out.push(c),
        c if is_blank(c) => {}
        c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
        c => out.extend(c.to_lowercase()),
    }
}

/// Full-width ASCII forms (U+FF01..U+FF5E) to half-width and U+3000 to a space; nothing else changes.
pub fn narrow(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| narrowed(c) != c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(narrowed).collect())
}

fn narrowed(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// White space and zero-width characters.
pub fn is_blank(c: char) -> bool {
    match c {
        // No white space stands beyond U+3000.
        '\u{3001}'.. => c == '\u{feff}',
        '!'..='~' => false,
        c => c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{00ad}'),
    }
}

/// Runs of blanks to one space, ends trimmed: text as a reader sees it.
pub fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(is_blank).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Is this a Han character (the common blocks)?
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{323af}' | '\u{f900}'..='\u{faff}' | '〇')
}

/// [`char::is_alphanumeric`], without a look into its tables for what nearly every character of a page is.
pub fn is_alphanumeric(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}') || c.is_alphanumeric()
}

/// [`char::is_alphabetic`], likewise.
pub fn is_alphabetic(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}') || c.is_alphabetic()
}

/// At most `limit` characters, with `…` where something was cut.
pub fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_width_blanks_case_and_script() {
        assert_eq!(fold("索　引 号："), fold("索引号:"));
        assert_eq!(fold("政務公開　ＸＸＧＫ"), "政务公开xxgk");
        assert_eq!(squeeze("  a\u{3000}b\n c "), "a b c");
        assert_eq!(shorten("一二三四", 2), "一二…");
    }
}
