//! Codes with check characters: 统一社会信用代码 (GB 32100), 组织机构代码 (GB 11714); and the codes within an 索引号.

use super::provinces;

/// Alphabet of GB 32100: without I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// The check character that the first 17 characters of a 统一社会信用代码 ask for; none when they are not of its alphabet.
pub fn credit_check(code: &str) -> Option<char> {
    let mut sum = 0;
    for (at, weight) in CREDIT_WEIGHTS.iter().enumerate() {
        let value = ALPHABET.iter().position(|c| Some(c) == code.as_bytes().get(at))?;
        sum += value as u32 * weight;
    }
    Some(char::from(ALPHABET[(31 - sum as usize % 31) % 31]))
}

/// Does a 统一社会信用代码 carry its right check character?
pub fn is_credit_code(code: &str) -> bool {
    code.len() == 18 && credit_check(code).is_some_and(|check| code.ends_with(check))
}

/// The check character that the first 8 characters of a 组织机构代码 ask for; none when they are no digits and capital letters.
pub fn organisation_check(code: &str) -> Option<char> {
    let mut sum = 0;
    for (at, weight) in ORGANISATION_WEIGHTS.iter().enumerate() {
        let value = match *code.as_bytes().get(at)? {
            c @ b'0'..=b'9' => c - b'0',
            c @ b'A'..=b'Z' => c - b'A' + 10,
            _ => return None,
        };
        sum += u32::from(value) * weight;
    }
    Some(match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + digit as u8),
    })
}

/// Does a 组织机构代码 of nine characters carry its right check character?
pub fn is_organisation_code(code: &str) -> bool {
    code.len() == 9 && organisation_check(code).is_some_and(|check| code.ends_with(check))
}

/// Which standard code an 索引号 plainly begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexOwner {
    /// A 统一社会信用代码 of a state body or institution.
    Credit,
    /// A 组织机构代码.
    Organisation,
}

/// An 索引号 taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexNumber<'a> {
    /// Which standard.
    pub owner: IndexOwner,
    /// The code before the slash.
    pub code: &'a str,
    /// What follows the slash.
    pub rest: &'a str,
}

impl<'a> IndexNumber<'a> {
    /// Takes a value apart when its structure plainly is `code/…`; house formats give none. Plain means: 18 characters of the right
    /// alphabet that begin as codes of bodies do (11 to 13, or 19) and go on with a province; or nine characters that cannot be a
    /// division code with a serial number.
    pub fn parse(value: &'a str) -> Option<Self> {
        let (code, rest) = value.split_once('/')?;
        if code.len() == 18 {
            let body = matches!(code.as_bytes(), [b'1', b'1' | b'2' | b'3' | b'9', ..]);
            let division = code.get(2..8).is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit()));
            // The State Council's own bodies have the division 100000.
            let place = code.get(2..8).is_some_and(|d| d == "100000" || provinces::of_number(d).is_some());
            return (body && division && place && credit_check(code).is_some()).then_some(IndexNumber {
                owner: IndexOwner::Credit,
                code,
                rest,
            });
        }
        let digits = code.len() == 9 && code.bytes().take(8).all(|b| b.is_ascii_digit());
        let check = matches!(code.as_bytes().last(), Some(b'0'..=b'9' | b'X'));
        (digits && check && provinces::of_number(code).is_none()).then_some(IndexNumber {
            owner: IndexOwner::Organisation,
            code,
            rest,
        })
    }

    /// Is the check character right?
    pub fn checks(&self) -> bool {
        match self.owner {
            IndexOwner::Credit => is_credit_code(self.code),
            IndexOwner::Organisation => is_organisation_code(self.code),
        }
    }

    /// Is the part after the slash `year-serial`, `yearmonth-serial` or `date-serial` with a month and a day that exist? `None` when
    /// it has another form, which a house may have chosen.
    pub fn is_dated(&self) -> Option<bool> {
        let (date, serial) = self.rest.split_once('-')?;
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        // A serial number that begins as a number and has letters in it is a damaged one; letters first may be a house's own series.
        let numeric = serial.is_empty() || serial.starts_with(|c: char| c.is_ascii_digit()) && !serial.contains('-');
        if !digits(date) || !matches!(date.len(), 4 | 6 | 8) || !numeric {
            return None;
        }
        let part = |range: std::ops::Range<usize>| date.get(range).and_then(|s| s.parse::<u32>().ok());
        let year = part(0..4).is_some_and(|year| (1949..2100).contains(&year));
        let month = date.len() < 6 || part(4..6).is_some_and(|month| (1..=12).contains(&month));
        let day = date.len() < 8 || part(6..8).is_some_and(|day| (1..=31).contains(&day));
        Some(year && month && day && digits(serial))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_codes_pass() {
        for code in ["11341600762764234C", "11441700007280420Y", "1137078555222300XQ"] {
            assert!(is_credit_code(code), "{code}");
            assert!(is_organisation_code(&code[8..17]), "{code}");
        }
        for code in ["000014349", "014416330", "011336909"] {
            assert!(is_organisation_code(code), "{code}");
        }
    }

    #[test]
    fn only_plain_structures_are_taken_apart() {
        for (value, owner) in [
            ("11341600762764234C/202112-00008", Some(IndexOwner::Credit)),
            ("000014349/2017-00110", Some(IndexOwner::Organisation)),
            ("340102001/2017-00110", None),
            ("0142768-8/2022-00185", None),
            ("sggzyjyzx/2024-00002", None),
            ("QSHQ--2023-0756", None),
            ("991341600762764234C/1", None),
            ("11341600762764234I/202112-00008", Some(IndexOwner::Credit)),
            ("AA341600762764234C/202112-00008", None),
        ] {
            assert_eq!(IndexNumber::parse(value).map(|n| n.owner), owner, "{value}");
        }
    }

    #[test]
    fn the_dated_part_is_read_where_it_has_that_form() {
        let dated = |rest| IndexNumber { owner: IndexOwner::Credit, code: "", rest }.is_dated();
        assert_eq!(dated("202112-00008"), Some(true));
        assert_eq!(dated("202113-00008"), Some(false));
        assert_eq!(dated("2021-"), Some(false));
        assert_eq!(dated("202505-000x6"), Some(false));
        assert_eq!(dated("2021-A8"), None);
        assert_eq!(dated("2021-8-1"), None);
        assert_eq!(dated("A-2021-1"), None);
    }

    proptest! {
        #[test]
        fn one_wrong_character_never_passes(at in 0usize..17, with in 0usize..31) {
            let mut code = b"11341600762764234C".to_vec();
            prop_assume!(code[at] != ALPHABET[with]);
            code[at] = ALPHABET[with];
            prop_assert!(!is_credit_code(std::str::from_utf8(&code).unwrap()));
        }

        #[test]
        fn no_value_panics(value in "\\PC{0,40}") {
            if let Some(number) = IndexNumber::parse(&value) {
                let _ = (number.checks(), number.is_dated());
            }
        }
    }
}
