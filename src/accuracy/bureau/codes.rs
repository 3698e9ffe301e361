//! Numbers of a body that agree with one another.

use super::super::random::Random;
use super::super::words;

/// Provinces used: code, ICP letter, police letter.
const PROVINCES: [(&str, &str); 8] =
    [("34", "皖"), ("43", "湘"), ("44", "粤"), ("33", "浙"), ("37", "鲁"), ("42", "鄂"), ("61", "陕"), ("36", "赣")];

/// Numbers of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    /// Six digits of the division.
    pub division: String,
    /// 网站标识码.
    pub site: String,
    /// ICP备案编号.
    pub icp: String,
    /// 公安机关备案号, digits.
    pub police: String,
    /// The letter before 公网安备 and ICP备.
    pub letter: String,
    /// 统一社会信用代码.
    pub credit: String,
    /// Telephone of the office.
    pub phone: String,
    /// Letters before the year in document numbers.
    pub number_word: String,
}

impl Codes {
    /// Codes of an invented body.
    pub fn make(random: &mut Random, place: &str) -> Self {
        let (province, letter) = PROVINCES[random.below(PROVINCES.len())];
        let division = format!("{province}{:02}{:02}", random.between(1, 18), random.between(21, 29));
        let first: String = place.chars().take(1).collect();
        Codes {
            site: format!("{division}{:04}", random.between(1, 99)),
            icp: format!("{letter}ICP备{:02}{}号", random.between(5, 22), random.digits(6)),
            police: format!("{division}02{:06}", random.between(1, 999)),
            letter: letter.to_owned(),
            credit: words::credit_code(random, &division),
            phone: words::office_phone(random),
            number_word: format!("{first}{}", random.word(&["公发", "政办", "局发", "办字", "函"])),
            division,
        }
    }
}
