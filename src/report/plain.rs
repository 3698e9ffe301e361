//! Text from pages made harmless for a terminal and for the eye: control characters and bidirectional overrides are shown, not obeyed.

use std::borrow::Cow;

/// Is this a character that would act on its surroundings instead of being seen?
fn acts(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}'                       // C0, DEL, C1: ESC sequences, bells, line games
        | '\u{200e}' | '\u{200f}' | '\u{061c}'                         // direction marks
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'            // embeddings, overrides, isolates
        | '\u{2028}' | '\u{2029}'                                      // line and paragraph separators
        | '\u{fff9}'..='\u{fffb}' | '\u{feff}' | '\u{200b}' | '\u{2060}' // annotations and zero-width characters
        | '\u{e0000}'..='\u{e007f}') // invisible tags
}

/// On one line: control characters and direction marks as `\u{…}`, line breaks and tabs as a blank.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if acts(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Several lines: like [`line`], but line breaks stay.
pub fn lines(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push('\n'),
            '\t' => out.push(' '),
            '\r' => {}
            c if acts(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown() {
        assert_eq!(line("\u{1b}[31m红\u{7}"), "\\u{1b}[31m红\\u{7}");
        assert_eq!(line("a\u{202e}b\nc\td"), "a\\u{202e}b c d");
        assert_eq!(lines("a\r\nb\u{9b}2J"), "a\nb\\u{9b}2J");
        assert_eq!(line("公安局 ok"), "公安局 ok");
    }
}
