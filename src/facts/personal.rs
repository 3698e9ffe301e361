//! Numbers of people in a text: identity numbers by their check digit, bank cards by Luhn's, mobile telephones by their shape.
//!
//! Nothing here is stored: facts of a page never hold such a list. What a rule prints is the masked form.

use super::identifiers::is_credit_code;
use super::provinces;
use crate::text::narrow;
use jiff::civil::Date;
use regex::Regex;
use std::sync::LazyLock;

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 居民身份证号码 of 18 characters: region, birth date and check digit (GB 11643) hold.
    Identity,
    /// 银行卡号: an issuer's range that people's cards have, and Luhn's check digit.
    Card,
    /// 手机号码.
    Mobile,
}

/// One number in a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number {
    /// What it is.
    pub kind: Kind,
    /// Its digits without blanks; never printed.
    digits: String,
    /// Where it begins in the text, in characters.
    pub at: usize,
}

impl Number {
    /// First six and last four (a mobile: first three and last four); what lies between is masked.
    pub fn masked(&self) -> String {
        let head = if self.kind == Kind::Mobile { 3 } else { 6 };
        let hidden = self.digits.len().saturating_sub(head + 4);
        let (first, last) = (self.digits.get(..head), self.digits.get(head + hidden..));
        format!("{}{}{}", first.unwrap_or_default(), "*".repeat(hidden), last.unwrap_or_default())
    }

    /// The beginning that a masked form shows, as a text to search for.
    pub fn beginning(&self) -> &str {
        self.digits.get(..if self.kind == Kind::Mobile { 3 } else { 6 }).unwrap_or_default()
    }

    /// Are two numbers equal?
    pub fn is(&self, other: &Number) -> bool {
        (self.kind, &self.digits) == (other.kind, &other.digits)
    }

    /// Does it also hold as a 统一社会信用代码? One in some thirty identity numbers does by chance.
    pub fn is_credit_code(&self) -> bool {
        is_credit_code(&self.digits)
    }

    /// The birth year of an identity number.
    pub fn birth_year(&self) -> Option<i16> {
        self.digits.get(6..10).filter(|_| self.kind == Kind::Identity)?.parse().ok()
    }
}

/// What a text holds.
#[derive(Debug, Default)]
pub struct Numbers {
    /// The numbers, in order.
    pub found: Vec<Number>,
    /// Of 18 characters with a region and a date where identity numbers have them, but a wrong check digit: serials look like this.
    pub near_misses: usize,
}

// Anchored by hand: what stands before and behind a number is looked at character by character.
static IDENTITY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[1-8]\d{5} ?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) ?\d{3}[0-9Xx]").ok());
static CARD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[4-6]\d{3} ?\d{4} ?\d{4} ?\d{4}(?: ?\d{1,3})?").ok());
static MOBILE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}").ok());

/// Every number of people in one line of text. `until`: nobody is born after it.
pub fn numbers(line: &str, until: Date) -> Numbers {
    let mut all = Numbers::default();
    // Most lines hold no long number.
    if line.chars().filter(|c| c.is_ascii_digit() || ('０'..='９').contains(c)).take(11).count() < 11 {
        return all;
    }
    let text = narrow(line);
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (kind, pattern) in [(Kind::Identity, &IDENTITY), (Kind::Card, &CARD), (Kind::Mobile, &MOBILE)] {
        let Some(pattern) = pattern.as_ref() else { continue };
        for found in pattern.find_iter(&text) {
            let (start, end) = (found.start(), found.end());
            if !stands_alone(&text, start, end) || taken.iter().any(|(from, to)| start < *to && *from < end) {
                continue;
            }
            let digits: String =
                found.as_str().chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
            let holds = match kind {
                Kind::Identity => match identity(&digits, until) {
                    Some(true) => true,
                    Some(false) => {
                        all.near_misses += 1;
                        false
                    }
                    None => false,
                },
                Kind::Card => is_card(&digits),
                Kind::Mobile => true,
            };
            if holds {
                taken.push((start, end));
                all.found.push(Number { kind, digits, at: text[..start].chars().count() });
            }
        }
    }
    all.found.sort_by_key(|number| number.at);
    all
}

/// Neither part of a longer number, word, file name or address, nor masked at an end.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let part =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '=' | '*' | '%' | '&' | '#' | '\\' | '@' | '×');
    let before = text[..start].chars().next_back();
    let mut behind = text[end..].chars();
    let after = behind.next();
    let goes_on = after == Some('.') && behind.next().is_some_and(|c| c.is_ascii_alphanumeric());
    let dotted = before == Some('.') && text[..start].chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit());
    !before.is_some_and(part) && !after.is_some_and(part) && !goes_on && !dotted
}

/// Does an 18-character number hold as an identity number? None when region or date already say no.
fn identity(digits: &str, until: Date) -> Option<bool> {
    let province = digits.get(..2)?;
    // 71 Taiwan, 81 Hong Kong, 82 Macao, 83 Taiwan residents' permits.
    if provinces::of_number(digits).is_none() && !matches!(province, "71" | "81" | "82" | "83") || province == "66" {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to).and_then(|d| d.parse::<i16>().ok());
    let (month, day) = (i8::try_from(number(10, 12)?).ok()?, i8::try_from(number(12, 14)?).ok()?);
    let born = Date::new(number(6, 10)?, month, day).ok()?;
    if born > until || born.year() < 1900 || digits.get(14..17)? == "000" {
        return None;
    }
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight).sum();
    Some(digits.as_bytes().get(17) == Some(&b"10X98765432"[(sum % 11) as usize]))
}

/// UnionPay cards of 16 to 19 digits, others of 16.
fn is_card(digits: &str) -> bool {
    let range = digits.starts_with("62") || (digits.len() == 16 && matches!(digits.as_bytes()[0], b'4' | b'5'));
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0') << (at % 2);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    range && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(line: &str) -> Vec<String> {
        numbers(line, jiff::civil::date(2026, 3, 20)).found.iter().map(Number::masked).collect()
    }

    // Made up: regions that exist, people that do not.
    #[test]
    fn numbers_of_people_are_found_and_masked() {
        for (line, masked) in [
            ("张某，身份证号：110101199003070935。", "110101********0935"),
            ("１１０１０１１９９００３０７０９３５", "110101********0935"),
            ("身份证号 110101 19900307 0935", "110101********0935"),
            ("卡号6222 0212 3456 7890 128", "622202*********0128"),
            ("手机13800138000", "138****8000"),
            ("手机 138-0013-8000", "138****8000"),
        ] {
            assert_eq!(told(line), [masked], "{line}");
        }
    }

    #[test]
    fn other_numbers_are_not() {
        for line in [
            "110101199003070936",                 // wrong check digit
            "110101199002300935",                 // no such day
            "990101199003070935",                 // no such province
            "110101209003070935",                 // not born yet
            "统一社会信用代码11341600762764234C", // letters
            "11341600762764234C/202112-00008",    // an index number
            "t20260101_110101199003070935.html",  // a file name
            "1101011990030709351",                // longer
            "110101********0935",                 // masked
            "138****8000",                        //
            "电话0660-3291234",                   // an office line
            "订单20260313800138000123",           // within a serial
            "http://x.gov.cn/13800138000.html",   //
            "账号 6222021234567890129",           // Luhn
        ] {
            assert_eq!(told(line), [] as [String; 0], "{line}");
        }
    }

    #[test]
    fn near_misses_are_counted() {
        assert_eq!(numbers("110101199003070936 110101199003070937", jiff::civil::date(2026, 3, 20)).near_misses, 2);
    }

    proptest! {
        #[test]
        fn no_line_panics_and_no_number_is_shown(line in "[0-9０-９ Xx*身份证号：-]{0,60}") {
            for number in numbers(&line, jiff::civil::date(2026, 3, 20)).found {
                prop_assert!(number.masked().contains("****"));
            }
        }
    }
}
