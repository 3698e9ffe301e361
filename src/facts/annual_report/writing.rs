//! Text of reports folded for comparison, and what their cells say.

use super::Amount;
use crate::text::{fold, is_han};

/// Folded as elsewhere, and without pinyin that a converter put behind characters: 公開(kāi) is 公开.
pub(super) fn plain(text: &str) -> String {
    fold(&without_pinyin(text))
}

/// Longest syllable of pinyin: zhuāng.
const LONGEST_SYLLABLE: usize = 6;

fn without_pinyin(text: &str) -> String {
    if !text.contains(['(', '（']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['(', '（']) {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        let open = behind.chars().next().map_or(1, char::len_utf8);
        let inside = &behind[open..];
        let end = inside.char_indices().take(LONGEST_SYLLABLE + 1).find(|(_, c)| matches!(c, ')' | '）'));
        match end {
            Some((end, close)) if out.chars().next_back().is_some_and(is_han) && is_syllable(&inside[..end]) => {
                rest = &inside[end + close.len_utf8()..];
            }
            _ => {
                out.push_str(&behind[..open]);
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Letters with exactly one tone mark.
fn is_syllable(text: &str) -> bool {
    const TONES: &str = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ";
    let marks = text.chars().filter(|c| TONES.contains(*c)).count();
    marks == 1 && text.chars().all(|c| c.is_ascii_lowercase() || c == 'ü' || c == 'ɡ' || TONES.contains(c))
}

/// What a cell says.
pub(super) fn amount(text: &str) -> Amount {
    let plain: String = fold(text).chars().filter(|c| !matches!(c, ',' | '，')).collect();
    if plain.is_empty() {
        return Amount::Blank;
    }
    let number = ["件", "条", "项", "万元", "亿元", "元", "万", "宗", "个", "份"]
        .iter()
        .find_map(|unit| plain.strip_suffix(unit))
        .unwrap_or(&plain);
    let number = number.strip_prefix('+').unwrap_or(number);
    let number = number.replacen(['−', '－'], "-", 1);
    let digits = number.strip_prefix('-').unwrap_or(&number);
    let all_digits = |t: &str| !t.is_empty() && t.len() <= 15 && t.bytes().all(|b| b.is_ascii_digit());
    if all_digits(digits) {
        return number.parse().map_or(Amount::Unreadable, Amount::Whole);
    }
    match digits.split_once('.') {
        // 3.00 is a whole number, written for accountants.
        Some((whole, rest)) if all_digits(whole) && all_digits(rest) => match rest.bytes().all(|b| b == b'0') {
            true => number[..number.len() - rest.len() - 1].parse().map_or(Amount::Unreadable, Amount::Whole),
            false => Amount::Decimal,
        },
        _ => Amount::Unreadable,
    }
}

/// The number of a heading: 一、 二． （三） 4. …, from 1, and what follows it.
pub(super) fn numbered(plain: &str) -> Option<(u32, &str)> {
    const DIGITS: [char; 10] = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
    let plain = plain.strip_prefix('第').unwrap_or(plain);
    let end = plain.find(|c: char| !DIGITS.contains(&c) && !c.is_ascii_digit())?;
    let (digits, rest) = plain.split_at(end);
    let rest = rest.strip_prefix("部分").unwrap_or(rest);
    let behind = rest.strip_prefix(['、', '.', '．', ',', '，', ':', '：', '。'])?;
    let number = match digits.parse::<u32>() {
        Ok(number) => number,
        Err(_) => {
            let place = |c: char| DIGITS.iter().position(|d| *d == c).map(|at| at as u32 + 1);
            let mut chars = digits.chars();
            match (chars.next().and_then(place)?, chars.next().and_then(place)) {
                (one, None) => one,
                (10, Some(ones)) => 10 + ones,
                _ => return None,
            }
        }
    };
    (1..=20).contains(&number).then_some((number, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pinyin_goes_and_brackets_stay() {
        assert_eq!(plain("《中華人民共和國(guó)政府信息公開(kāi)條例》"), "《中华人民共和国政府信息公开条例》");
        assert_eq!(plain("以下簡(jiǎn)稱(chēng)"), "以下简称");
        for kept in ["地址(abc)", "系统(OA)", "某某(一)", "（二）部分公开"] {
            assert_eq!(plain(kept), fold(kept), "{kept}");
        }
    }

    #[test]
    fn cells_are_numbers_blank_or_unreadable() {
        for (text, amount_) in [
            ("０", Amount::Whole(0)),
            ("3,985,758", Amount::Whole(3_985_758)),
            (" 12 件", Amount::Whole(12)),
            ("-3", Amount::Whole(-3)),
            ("+3", Amount::Whole(3)),
            ("3.00", Amount::Whole(3)),
            ("96171.6", Amount::Decimal),
            ("\u{a0}", Amount::Blank),
            ("/", Amount::Unreadable),
            ("—", Amount::Unreadable),
            ("无", Amount::Unreadable),
            ("1.2.3", Amount::Unreadable),
        ] {
            assert_eq!(amount(text), amount_, "{text}");
        }
    }

    #[test]
    fn headings_have_numbers() {
        assert_eq!(numbered("一、总体情况"), Some((1, "总体情况")));
        assert_eq!(numbered("十二、其他"), Some((12, "其他")));
        assert_eq!(numbered("第三部分:收到"), Some((3, "收到")));
        assert_eq!(numbered("六.其他"), Some((6, "其他")));
        for none in ["一方面,我局", "(一)主动公开", "2024年", "总体情况", "一"] {
            assert_eq!(numbered(none), None, "{none}");
        }
    }
}
