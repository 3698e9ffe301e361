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
        let mut counts = Counts::default();
        let (mut letters, mut before) = (0usize, ['\0'; 2]);
        let mut shingle = [0u8; 12];
        for piece in pieces {
            for c in narrow(piece).chars().filter(|c| crate::text::is_alphanumeric(*c)) {
                let c = if crate::text::is_han(c) { c } else { c.to_lowercase().next().unwrap_or(c) };
                letters += 1;
                if letters > 2 && letters <= MOST {
                    for (at, part) in [before[0], before[1], c].into_iter().enumerate() {
                        shingle[at * 4..at * 4 + 4].copy_from_slice(&u32::from(part).to_le_bytes());
                    }
                    counts.add(xxh3_64(&shingle));
                }
                before = [before[1], c];
            }
        }
        if letters < LEAST {
            return None;
        }
        Some(Simhash { hash: counts.majority(), letters: u32::try_from(letters).unwrap_or(u32::MAX) })
    }

    /// Bits in which two prints differ: 0 for equal texts, about 32 for texts that have nothing in common.
    pub fn distance(self, other: Simhash) -> u32 {
        distance(self.hash, other.hash)
    }
}

/// Each byte with its bits spread over the bytes of a word.
const SPREAD: [u64; 256] = {
    let mut spread = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            spread[byte] |= ((byte as u64 >> bit) & 1) << (8 * bit);
            bit += 1;
        }
        byte += 1;
    }
    spread
};

/// How often each bit was set: eight bits are counted by one addition.
#[derive(Default)]
struct Counts {
    lanes: [u64; 8],
    in_lanes: u32,
    total: u32,
    ones: [[u32; 8]; 8],
}

impl Counts {
    fn add(&mut self, hash: u64) {
        for (lane, byte) in self.lanes.iter_mut().zip(hash.to_le_bytes()) {
            *lane += SPREAD[usize::from(byte)];
        }
        self.in_lanes += 1;
        if self.in_lanes == 255 {
            self.flush();
        }
    }

    fn flush(&mut self) {
        for (lane, ones) in self.lanes.iter_mut().zip(&mut self.ones) {
            for (count, ones) in std::mem::take(lane).to_le_bytes().into_iter().zip(ones) {
                *ones += u32::from(count);
            }
        }
        self.total += std::mem::take(&mut self.in_lanes);
    }

    /// The bits that were set more often than not.
    fn majority(mut self) -> u64 {
        self.flush();
        let bits = self.ones.as_flattened().iter().enumerate();
        bits.filter(|(_, ones)| **ones * 2 > self.total).fold(0, |hash, (bit, _)| hash | 1 << bit)
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
