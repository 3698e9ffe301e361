//! Near-duplicates of texts: a 64-bit simhash over three-character shingles. Texts that differ in a few words differ in a few bits.

use crate::text::narrow;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// Fewest letters from which a text is hashed: below, a few words decide every bit.
pub const LEAST: usize = 24;
/// Letters that are hashed at most; the count goes on.
const MOST: usize = 60_000;

/// The print of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Simhash {
    /// The bits.
    pub hash: u64,
    /// Letters and digits of the text: how much the print stands for.
    pub letters: u32,
}

impl Simhash {
    /// The print of a text in pieces; blanks, punctuation, width and letter case do not matter. None for a text of fewer than
    /// [`LEAST`] letters.
    pub fn of<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Option<Simhash> {
        let mut counts = [0i32; 64];
        let (mut letters, mut before) = (0usize, ['\0'; 2]);
        let mut shingle = [0u8; 12];
        for piece in pieces {
            for c in narrow(piece).chars().filter(|c| c.is_alphanumeric()) {
                let c = c.to_lowercase().next().unwrap_or(c);
                letters += 1;
                if letters > 2 && letters <= MOST {
                    for (at, part) in [before[0], before[1], c].into_iter().enumerate() {
                        shingle[at * 4..at * 4 + 4].copy_from_slice(&u32::from(part).to_le_bytes());
                    }
                    let hash = xxh3_64(&shingle);
                    for (bit, count) in counts.iter_mut().enumerate() {
                        *count += if hash >> bit & 1 == 1 { 1 } else { -1 };
                    }
                }
                before = [before[1], c];
            }
        }
        if letters < LEAST {
            return None;
        }
        let hash = counts.iter().enumerate().filter(|(_, count)| **count > 0).fold(0, |hash, (bit, _)| hash | 1u64 << bit);
        Some(Simhash { hash, letters: u32::try_from(letters).unwrap_or(u32::MAX) })
    }

    /// Bits in which two prints differ: 0 for equal texts, about 32 for texts that have nothing in common.
    pub fn distance(self, other: Simhash) -> u32 {
        distance(self.hash, other.hash)
    }
}

/// Bits in which two hashes differ.
pub fn distance(one: u64, other: u64) -> u32 {
    (one ^ other).count_ones()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "根据《中华人民共和国政府信息公开条例》规定，现公布某市公安局2025年政府信息公开工作年度报告。本报告由总体情况、主动公开政府信息情况、\
        收到和处理政府信息公开申请情况、政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六部分组成。";

    #[test]
    fn near_texts_are_near_and_others_far() {
        let own = Simhash::of([TEXT]).unwrap();
        let pieces = Simhash::of(TEXT.split('，')).unwrap();
        assert_eq!(own.distance(pieces), 0, "pieces and punctuation do not matter");
        let near = Simhash::of([TEXT.replace("某市公安局", "某市财政局").as_str()]).unwrap();
        assert!(own.distance(near) <= 10, "{}", own.distance(near));
        let far = Simhash::of([
            "为进一步加强森林防灭火工作，保护森林资源和人民群众生命财产安全，现就禁止野外用火有关事项通告如下，请遵照执行。",
        ])
        .unwrap();
        assert!(own.distance(far) > 16, "{}", own.distance(far));
        assert_eq!(Simhash::of(["页面不存在"]), None);
    }
}
