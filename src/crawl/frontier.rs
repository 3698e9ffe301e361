//! The frontier: what waits to be asked for, in an order that does not depend on who answers first.
//!
//! Pages wait by hop count, then canonical URL. A round is everything that waits at the lowest hop count when it begins; it ends
//! before the next begins, so a budget cuts the same pages in every run, however many requests are in flight.
//!
//! Memory is bounded: 16 bytes for every URL ever seen, and of what waits a fixed number; the rest waits in a file.

mod line;
mod seen;

pub use line::{Line, Sorted, Spill};

use crate::error::Result;
use crate::exchange::{Gathering, Profile};
use crate::run::Discovered;
use crate::url::CanonicalUrl;
use seen::{Known, Seen};
use std::collections::BTreeMap;

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
        Discovered {
            url: self.url.clone(),
            gathering: self.gathering,
            hops: self.hops,
            via: self.via.clone(),
            redirects: self.redirects,
        }
    }
}

/// 128-bit fingerprint of a URL: 16 bytes a URL in memory, however long it is.
pub fn fingerprint(url: &CanonicalUrl) -> u128 {
    xxhash_rust::xxh3::xxh3_128(url.as_str().as_bytes())
}

/// What offering a URL did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// It was not known.
    New,
    /// It waits, and now with fewer hops.
    Nearer,
    /// Nothing that has to be recorded.
    Known,
}

/// Everything seen, and what of it still waits.
#[derive(Debug, Default)]
pub struct Frontier {
    seen: Seen,
    spill: Spill,
    pages: BTreeMap<u32, Line>,
    checks: Line,
    /// URLs that have to have their turn; a line may hold one twice after a nearer offer.
    waiting: u64,
    deepest: u32,
}

/// URLs that have their turn now, in order, each once.
#[derive(Debug)]
pub struct Round {
    /// Hop count of its pages.
    hops: u32,
    line: Sorted,
    /// How many of them may still come out.
    left: u64,
}

impl Round {
    /// Hop count of its pages; 0 for checked links, which have any.
    pub fn hops(&self) -> u32 {
        self.hops
    }
}

impl Frontier {
    /// A frontier that spills there.
    pub fn new(spill: Spill) -> Self {
        Frontier { checks: Line::new(&spill), spill, ..Frontier::default() }
    }

    /// Takes a URL that already ended in an earlier part of the run.
    pub fn ended(&mut self, url: &CanonicalUrl) {
        self.seen.set(fingerprint(url), Known { taken: true, hops: 0, redirects: 0 });
    }

    /// Was the URL ever offered?
    pub fn knows(&self, url: &CanonicalUrl) -> bool {
        self.seen.get(fingerprint(url)).is_some()
    }

    /// Takes a URL that was found. One that already waits keeps the fewer hops and redirects.
    pub fn offer(&mut self, waiting: Waiting) -> Result<Offered> {
        let print = fingerprint(&waiting.url);
        let Some(known) = self.seen.get(print) else {
            self.seen.set(print, Known { taken: false, hops: waiting.hops, redirects: waiting.redirects });
            self.waiting += 1;
            self.put(waiting)?;
            return Ok(Offered::New);
        };
        if known.taken {
            return Ok(Offered::Known);
        }
        let nearer = waiting.gathering == Gathering::Pages && waiting.hops < known.hops;
        let hops = if nearer { waiting.hops } else { known.hops };
        self.seen.set(print, Known { hops, redirects: known.redirects.min(waiting.redirects), ..known });
        if nearer {
            // The farther one is passed over when its turn comes.
            self.put(waiting)?;
        }
        Ok(if nearer { Offered::Nearer } else { Offered::Known })
    }

    fn put(&mut self, waiting: Waiting) -> Result<()> {
        if waiting.gathering == Gathering::Pages {
            self.pages.entry(waiting.hops).or_insert_with(|| Line::new(&self.spill)).push(waiting)
        } else {
            self.checks.push(waiting)
        }
    }

    /// The pages that wait at the lowest hop count, in order, at most `most`; none when no page waits. What is left of it goes
    /// [back](Frontier::put_back).
    pub fn round(&mut self, most: u64) -> Result<Option<Round>> {
        let Some((hops, line)) = self.pages.pop_first() else { return Ok(None) };
        self.deepest = self.deepest.max(hops);
        Ok(Some(Round { hops, line: line.close()?, left: most }))
    }

    /// Every link that waits to be checked, in order.
    pub fn checks(&mut self) -> Result<Round> {
        let line = std::mem::replace(&mut self.checks, Line::new(&self.spill));
        Ok(Round { hops: 0, line: line.close()?, left: u64::MAX })
    }

    /// The next URL of a round; none when it is over.
    pub fn next(&mut self, round: &mut Round) -> Result<Option<Waiting>> {
        while round.left > 0
            && let Some(waiting) = round.line.pop()?
        {
            let print = fingerprint(&waiting.url);
            let Some(known) = self.seen.get(print).filter(|known| !known.taken) else { continue };
            if waiting.gathering == Gathering::Pages && known.hops < waiting.hops {
                continue;
            }
            self.seen.set(print, Known { taken: true, ..known });
            self.waiting = self.waiting.saturating_sub(1);
            round.left -= 1;
            return Ok(Some(Waiting { redirects: known.redirects, ..waiting }));
        }
        Ok(None)
    }

    /// Takes back a page whose turn comes later in its round.
    pub fn hold(&mut self, waiting: Waiting) -> Result<()> {
        let known = Known { taken: false, hops: waiting.hops, redirects: waiting.redirects };
        self.seen.set(fingerprint(&waiting.url), known);
        self.waiting += 1;
        self.put(waiting)
    }

    /// Takes back what a round has not given.
    pub fn put_back(&mut self, mut round: Round) -> Result<()> {
        while let Some(waiting) = round.line.pop()? {
            self.put(waiting)?;
        }
        Ok(())
    }

    /// Highest hop count of a round so far.
    pub fn deepest(&self) -> u32 {
        self.deepest
    }

    /// Does any page wait?
    pub fn has_pages(&self) -> bool {
        !self.pages.is_empty()
    }

    /// How many URLs wait, those of open rounds included.
    pub fn len(&self) -> u64 {
        self.waiting
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

    fn all(frontier: &mut Frontier, mut round: Round) -> Vec<Waiting> {
        let mut all = Vec::new();
        while let Some(next) = frontier.next(&mut round).unwrap() {
            all.push(next);
        }
        frontier.put_back(round).unwrap();
        all
    }

    fn round(frontier: &mut Frontier, most: u64) -> Vec<String> {
        match frontier.round(most).unwrap() {
            Some(round) => all(frontier, round).iter().map(|waiting| waiting.url.path().to_owned()).collect(),
            None => Vec::new(),
        }
    }

    #[test]
    fn pops_by_hops_then_url_and_a_budget_cuts_the_tail() {
        let mut frontier = Frontier::default();
        for path in ["/c", "/a", "/b", "/d"] {
            assert_eq!(frontier.offer(waiting(path, Gathering::Pages, 1)).unwrap(), Offered::New);
        }
        frontier.offer(waiting("/z", Gathering::Pages, 0)).unwrap();
        assert_eq!(frontier.offer(waiting("/a", Gathering::Pages, 1)).unwrap(), Offered::Known);
        assert_eq!(round(&mut frontier, 3), ["/z"]);
        assert_eq!(round(&mut frontier, 3), ["/a", "/b", "/c"]);
        assert_eq!(frontier.len(), 1);
        assert_eq!(round(&mut frontier, 3), ["/d"]);
        assert!(round(&mut frontier, 3).is_empty());
        assert_eq!((frontier.deepest(), frontier.len()), (1, 0));
    }

    #[test]
    fn what_is_found_during_a_round_waits_for_the_next() {
        let mut frontier = Frontier::default();
        frontier.offer(waiting("/b", Gathering::Pages, 1)).unwrap();
        frontier.offer(waiting("/c", Gathering::Pages, 1)).unwrap();
        let mut open = frontier.round(9).unwrap().unwrap();
        assert_eq!(frontier.next(&mut open).unwrap().unwrap().url.path(), "/b");
        frontier.offer(waiting("/bb", Gathering::Pages, 1)).unwrap();
        assert_eq!(frontier.next(&mut open).unwrap().unwrap().url.path(), "/c", "whoever answers first");
        assert_eq!(frontier.next(&mut open).unwrap(), None);
        assert_eq!(round(&mut frontier, 9), ["/bb"]);
    }

    #[test]
    fn a_waiting_url_takes_the_better_offer() {
        let mut frontier = Frontier::default();
        frontier.offer(Waiting { redirects: 2, ..waiting("/a", Gathering::Pages, 3) }).unwrap();
        assert_eq!(frontier.offer(waiting("/a", Gathering::Pages, 1)).unwrap(), Offered::Nearer);
        assert_eq!(frontier.offer(waiting("/a", Gathering::Pages, 2)).unwrap(), Offered::Known);
        frontier.offer(Waiting { redirects: 3, ..waiting("/b.pdf", Gathering::LinkCheck, 1) }).unwrap();
        frontier.offer(waiting("/b.pdf", Gathering::LinkCheck, 2)).unwrap();
        assert_eq!(frontier.len(), 2);
        let first = frontier.round(9).unwrap().unwrap();
        let first = all(&mut frontier, first);
        assert_eq!(first.iter().map(|w| (w.hops, w.redirects)).collect::<Vec<_>>(), [(1, 0)]);
        assert!(round(&mut frontier, 9).is_empty(), "the farther one is passed over");
        assert!(!frontier.has_pages());
        let checks = frontier.checks().unwrap();
        assert_eq!(all(&mut frontier, checks)[0].redirects, 0);
        assert_eq!(frontier.offer(waiting("/a", Gathering::Pages, 0)).unwrap(), Offered::Known, "what was taken stays taken");
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
