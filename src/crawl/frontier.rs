//! The frontier: what waits to be asked for, in an order that does not depend on who answers first.
//!
//! Pages wait by hop count, then canonical URL. A round is everything that waits at the lowest hop count; it ends before the next
//! begins, so a budget cuts the same pages in every run, however many requests are in flight.

use crate::exchange::{Gathering, Profile};
use crate::run::Discovered;
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, HashSet};

/// Longest URL that is followed; servers refuse longer ones, and endless paths grow beyond it.
const LONGEST_URL: usize = 2048;
/// A path segment that comes this often in one path is a relative link that feeds on itself.
const REPEATED_SEGMENT: usize = 4;

/// A URL that waits for its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The URL.
    pub url: CanonicalUrl,
    /// What it will be asked for.
    pub gathering: Gathering,
    /// Links followed from a seed.
    pub hops: u32,
    /// The page that led here; none for a seed.
    pub via: Option<CanonicalUrl>,
    /// Redirects followed without a link in between.
    pub redirects: u32,
    /// When a seed and the redirects from it have to have given something.
    pub until: Option<tokio::time::Instant>,
    /// 1, or 2 for the second look.
    pub look: u8,
    /// As whom.
    pub profile: Profile,
}

impl Waiting {
    /// As the run folder records it.
    pub fn discovered(&self) -> Discovered {
        Discovered { url: self.url.clone(), gathering: self.gathering, hops: self.hops, via: self.via.clone() }
    }
}

/// 128-bit fingerprint of a URL: 16 bytes a URL in memory, however long it is.
pub fn fingerprint(url: &CanonicalUrl) -> u128 {
    xxhash_rust::xxh3::xxh3_128(url.as_str().as_bytes())
}

/// Everything seen, and what of it still waits.
#[derive(Debug, Default)]
pub struct Frontier {
    seen: HashSet<u128>,
    pages: BTreeMap<u32, BTreeMap<CanonicalUrl, Waiting>>,
    checks: BTreeMap<CanonicalUrl, Waiting>,
    deepest: u32,
}

impl Frontier {
    /// Takes a URL that already ended in an earlier part of the run.
    pub fn ended(&mut self, url: &CanonicalUrl) {
        self.seen.insert(fingerprint(url));
    }

    /// Was the URL ever offered?
    pub fn knows(&self, url: &CanonicalUrl) -> bool {
        self.seen.contains(&fingerprint(url))
    }

    /// Takes a URL that was found. True when it is new. One that already waits keeps the fewer hops and redirects.
    pub fn offer(&mut self, waiting: Waiting) -> bool {
        if self.seen.insert(fingerprint(&waiting.url)) {
            self.put(waiting);
            return true;
        }
        if let Some(old) = self.checks.get_mut(&waiting.url) {
            old.redirects = old.redirects.min(waiting.redirects);
            return false;
        }
        let level = self.pages.iter().find_map(|(level, urls)| urls.contains_key(&waiting.url).then_some(*level));
        if let Some(level) = level
            && let Some(old) = self.pages.get_mut(&level).and_then(|urls| urls.remove(&waiting.url))
        {
            let redirects = old.redirects.min(waiting.redirects);
            let better = if waiting.hops < old.hops { Waiting { gathering: old.gathering, ..waiting } } else { old };
            self.put(Waiting { redirects, ..better });
            self.pages.retain(|_, urls| !urls.is_empty());
        }
        false
    }

    fn put(&mut self, waiting: Waiting) {
        if waiting.gathering == Gathering::Pages {
            self.pages.entry(waiting.hops).or_default().insert(waiting.url.clone(), waiting);
        } else {
            self.checks.insert(waiting.url.clone(), waiting);
        }
    }

    /// The pages that wait at the lowest hop count, in order, at most `most`.
    pub fn round(&mut self, most: u64) -> Vec<Waiting> {
        let Some(mut entry) = self.pages.first_entry() else {
            return Vec::new();
        };
        self.deepest = self.deepest.max(*entry.key());
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let level = entry.get_mut();
        let rest = match level.keys().nth(most).cloned() {
            Some(first_left) => level.split_off(&first_left),
            None => BTreeMap::new(),
        };
        let round = std::mem::replace(level, rest);
        if level.is_empty() {
            entry.remove();
        }
        round.into_values().collect()
    }

    /// Every link that waits to be checked, in order.
    pub fn checks(&mut self) -> Vec<Waiting> {
        std::mem::take(&mut self.checks).into_values().collect()
    }

    /// Highest hop count of a round so far.
    pub fn deepest(&self) -> u32 {
        self.deepest
    }

    /// Does any page wait?
    pub fn has_pages(&self) -> bool {
        !self.pages.is_empty()
    }

    /// How many URLs wait.
    pub fn len(&self) -> u64 {
        (self.pages.values().map(BTreeMap::len).sum::<usize>() + self.checks.len()) as u64
    }

    /// Does nothing wait?
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty() && self.checks.is_empty()
    }
}

/// Does the URL look like one of an endless family: too long, or a path that repeats itself?
pub fn looks_endless(url: &CanonicalUrl) -> bool {
    if url.as_str().len() > LONGEST_URL {
        return true;
    }
    let mut segments: Vec<&str> = url.path().split('/').filter(|segment| segment.len() > 1).collect();
    segments.sort_unstable();
    segments.chunk_by(|a, b| a == b).any(|same| same.len() >= REPEATED_SEGMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(path: &str, gathering: Gathering, hops: u32) -> Waiting {
        let url = CanonicalUrl::parse(&format!("http://x.gov.cn{path}")).unwrap();
        Waiting { url, gathering, hops, via: None, redirects: 0, until: None, look: 1, profile: Profile::Own }
    }

    fn paths(round: &[Waiting]) -> Vec<&str> {
        round.iter().map(|w| w.url.path()).collect()
    }

    #[test]
    fn pops_by_hops_then_url_and_a_budget_cuts_the_tail() {
        let mut frontier = Frontier::default();
        for path in ["/c", "/a", "/b", "/d"] {
            assert!(frontier.offer(waiting(path, Gathering::Pages, 1)));
        }
        frontier.offer(waiting("/z", Gathering::Pages, 0));
        assert!(!frontier.offer(waiting("/a", Gathering::Pages, 1)), "known");
        assert_eq!(paths(&frontier.round(3)), ["/z"]);
        assert_eq!(paths(&frontier.round(3)), ["/a", "/b", "/c"]);
        assert_eq!(paths(&frontier.round(3)), ["/d"]);
        assert!(frontier.round(3).is_empty());
        assert_eq!(frontier.deepest(), 1);
    }

    #[test]
    fn a_waiting_url_takes_the_better_offer() {
        let mut frontier = Frontier::default();
        frontier.offer(waiting("/a", Gathering::Pages, 3));
        frontier.offer(waiting("/a", Gathering::Pages, 1));
        frontier.offer(waiting("/a", Gathering::Pages, 2));
        frontier.offer(Waiting { redirects: 3, ..waiting("/b.pdf", Gathering::LinkCheck, 1) });
        frontier.offer(waiting("/b.pdf", Gathering::LinkCheck, 2));
        assert_eq!(frontier.len(), 2);
        assert_eq!(frontier.round(9)[0].hops, 1);
        assert!(!frontier.has_pages());
        assert_eq!(frontier.checks()[0].redirects, 0);
        assert!(!frontier.offer(waiting("/a", Gathering::Pages, 0)), "what was taken stays taken");
    }

    #[test]
    fn endless_families_are_seen() {
        let url = |text: &str| CanonicalUrl::parse(text).unwrap();
        assert!(looks_endless(&url("http://x.cn/xw/xw/xw/xw/")));
        assert!(looks_endless(&url(&format!("http://x.cn/{}", "a".repeat(3000)))));
        assert!(!looks_endless(&url("http://x.cn/art/2024/1/1/art_1_1.html")));
        assert!(!looks_endless(&url("http://x.cn/col/0/0/0/0/0/1.html")), "dates and ids repeat single digits");
    }
}
