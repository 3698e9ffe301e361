//! 雷同: how much of one report's words stands in another one, by shingles of characters.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::collections::HashSet;
use xxhash_rust::xxh3::xxh3_64;

/// Characters of one shingle.
const SHINGLE: usize = 10;
/// Hashes kept of a sketch.
const SKETCH: usize = 96;
/// Characters of narrative compared at most.
const MOST: usize = 20_000;

/// The smallest hashes of a text's shingles: enough to pass over reports that are nothing alike.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sketch(Vec<u64>);

impl Sketch {
    /// Of paragraphs.
    pub fn of(paragraphs: &[String]) -> Self {
        let text = letters(paragraphs);
        let mut hashes: Vec<u64> = shingles(&text).map(|(_, hash)| hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes.truncate(SKETCH);
        Sketch(hashes)
    }

    /// May the texts have much in common? Roughly, from the smallest hashes of both.
    pub fn is_near(&self, other: &Sketch) -> bool {
        if self.0.is_empty() || other.0.is_empty() {
            return false;
        }
        let theirs: HashSet<u64> = other.0.iter().copied().collect();
        let common = self.0.iter().filter(|hash| theirs.contains(hash)).count();
        // Half of the words of a report in one that is three times as long leave about a sixth.
        common * 8 >= self.0.len().min(other.0.len())
    }
}

/// What two texts have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// Share of the first text that stands in the second, from 0 to 1.
    pub share: f64,
    /// Characters of the first text that were compared.
    pub characters: usize,
    /// The longest passage of the first text that stands in the second.
    pub passage: String,
}

/// Letters without numbers, blanks and punctuation: a new year's figures make no new text.
fn letters(paragraphs: &[String]) -> Vec<char> {
    let folded = paragraphs.iter().flat_map(|p| super::writing::plain(p).chars().collect::<Vec<_>>());
    folded.filter(|c| crate::text::is_alphabetic(*c)).take(MOST).collect()
}

fn shingles(text: &[char]) -> impl Iterator<Item = (usize, u64)> + '_ {
    text.windows(SHINGLE).enumerate().map(|(at, window)| {
        let mut bytes = [0u8; SHINGLE * 4];
        for (n, c) in window.iter().enumerate() {
            bytes[n * 4..n * 4 + 4].copy_from_slice(&(*c as u32).to_le_bytes());
        }
        (at, xxh3_64(&bytes))
    })
}

/// How much of `text` stands in `other`.
pub fn compare(text: &[String], other: &[String]) -> Likeness {
    let (own, theirs) = (letters(text), letters(other));
    let known: HashMap<u64, ()> = shingles(&theirs).map(|(_, hash)| (hash, ())).collect();
    let mut covered = vec![false; own.len()];
    let (mut run, mut longest, mut end) = (0usize, 0usize, 0usize);
    for (at, hash) in shingles(&own) {
        if known.contains_key(&hash) {
            run += 1;
            covered[at..at + SHINGLE].iter_mut().for_each(|c| *c = true);
            if run > longest {
                (longest, end) = (run, at + SHINGLE);
            }
        } else {
            run = 0;
        }
    }
    let common = covered.iter().filter(|c| **c).count();
    let passage = if longest == 0 { String::new() } else { own[end - SHINGLE - (longest - 1)..end].iter().collect() };
    let share = if own.is_empty() { 0.0 } else { common as f64 / own.len() as f64 };
    Likeness { share, characters: own.len(), passage }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Vec<String> {
        vec![words.to_owned()]
    }

    #[test]
    fn other_figures_are_the_same_text_and_other_words_are_not() {
        let one = text("我局全年主动公开信息120条，健全信息发布审核机制，明确专人负责，优化栏目设置，提升服务群众的水平和能力。");
        let same = text("我局全年主动公开信息98条，健全信息发布审核机制，明确专人负责，优化栏目设置，提升服务群众的水平和能力。");
        let other =
            text("今年以来围绕项目审批、企业帮扶开展政策宣讲八场，制作短视频若干，并在镇街设立查阅点，方便居民就近了解。");
        let likeness = compare(&one, &same);
        assert_eq!(likeness.share, 1.0);
        assert!(likeness.passage.contains("明确专人负责优化栏目设置"));
        assert_eq!(compare(&one, &other).share, 0.0);
        assert!(Sketch::of(&one).is_near(&Sketch::of(&same)) && !Sketch::of(&one).is_near(&Sketch::of(&other)));
        assert_eq!(compare(&[], &one).share, 0.0);
    }
}
