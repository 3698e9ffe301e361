//! Traditional to Simplified, at the price of a look at each character where there is nothing to convert.
//!
//! The converter looks up every place of a text in two dictionaries, which costs a thousand times more than reading the text; pages are
//! Simplified but for single characters. So it is shown only the surroundings of characters that it may change.

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

/// Longest entry of the dictionary of phrases, in characters: what stands farther away from a character does not matter to it.
const LONGEST_PHRASE: usize = 14;
/// Characters that stand for themselves alone and are changed inside of phrases.
const IN_PHRASES: [char; 9] = ['彷', '牴', '瞭', '祇', '藉', '衹', '覆', '阪', '沈'];

/// What is known of a character: not asked yet, never changed, changed somewhere.
const UNKNOWN: u8 = 0;
const KEPT: u8 = 1;
const CHANGED: u8 = 2;

/// By character of the basic plane; learned as they occur.
static KNOWN: [AtomicU8; 0x1_0000] = [const { AtomicU8::new(UNKNOWN) }; 0x1_0000];

fn converter() -> Option<&'static OpenCC> {
    static CONVERTER: OnceLock<Option<OpenCC>> = OnceLock::new();
    CONVERTER.get_or_init(|| OpenCC::from_config(BuiltinConfig::T2s).ok()).as_ref()
}

/// May the conversion change the character, alone or in a phrase?
pub(super) fn may_change(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    let Some(known) = KNOWN.get(c as usize) else { return true };
    match known.load(Ordering::Relaxed) {
        UNKNOWN => {
            let changed = IN_PHRASES.contains(&c)
                || converter().is_some_and(|all| !all.convert(c.encode_utf8(&mut [0; 4])).eq(&c.to_string()));
            known.store(if changed { CHANGED } else { KEPT }, Ordering::Relaxed);
            changed
        }
        known => known == CHANGED,
    }
}

/// See [`super::to_simplified`].
pub(super) fn convert(text: &str) -> Cow<'_, str> {
    let Some(first) = text.char_indices().find(|(_, c)| may_change(*c)).map(|(at, _)| at) else { return Cow::Borrowed(text) };
    let Some(converter) = converter() else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for part in parts(text, first) {
        out.push_str(&text[done..part.start]);
        out.push_str(&converter.convert(&text[part.clone()]));
        done = part.end;
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// The surroundings of characters that may change, from the one at `first` on; what overlaps is one.
fn parts(text: &str, first: usize) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let changing =
        text[first..].char_indices().filter(|(_, c)| may_change(*c)).map(|(at, c)| first + at..first + at + c.len_utf8());
    for one in changing {
        if let Some(last) = parts.last_mut()
            && one.start < last.end
        {
            last.end = after(text, one.end);
            continue;
        }
        let start = text[..one.start].char_indices().rev().take(LONGEST_PHRASE).last().map_or(one.start, |(at, _)| at);
        let own = start..after(text, one.end);
        match parts.last_mut() {
            Some(last) if own.start <= last.end => last.end = own.end,
            _ => parts.push(own),
        }
    }
    parts
}

/// The end of what may belong to a phrase that ends behind `from`.
fn after(text: &str, from: usize) -> usize {
    text[from..].char_indices().nth(LONGEST_PHRASE).map_or(text.len(), |(at, _)| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(text: &str) -> String {
        converter().expect("the dictionary is built in").convert(text)
    }

    #[test]
    fn phrases_are_converted_as_in_the_whole_text() {
        for text in [
            "政務公開",
            "一目瞭然，請回覆",
            "大目乾連冥間救母變文",
            "乾坤大挪移乾坤大挪移",
            "有序推进覆盖",
            "沈阳沈船沈默",
            "某市人民政府关于进一步加强政务公开工作的通知要求各单位认真落实反覆检查并及时回覆社会关切的问题藉口不得",
        ] {
            assert_eq!(convert(text), whole(text), "{text}");
        }
        assert!(matches!(convert("某市人民政府办公室"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn any_text_is_converted_as_a_whole(
            text in "([一二三有序人民政府a。]{0,9}|[覆瞭藉沈乾後裏祇]|一目瞭然|宫商角徵羽|旋轉乾坤之力|答覆|不瞭解|\u{20000}|神祇){0,12}"
        ) {
            prop_assert_eq!(convert(&text).into_owned(), whole(&text));
        }
    }
}
