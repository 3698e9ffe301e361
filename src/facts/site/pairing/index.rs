//! Pages by address, and those that may be the first of a pair by the names, numbers and pieces of titles that others speak of them by.
//! A page is its place among all drafts; what it is looked up by is a digest: there is an entry for every page of a site.

use super::super::gathered::{Draft, Drafts};
use super::super::paging::place;
use super::super::sorted;
use super::PairDrafts;
use crate::error::Result;
use crate::facts::pairs::draft::{PairDraft, Part};
use crate::url::CanonicalUrl;
use std::collections::{HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

/// Candidates kept of one piece of a title: a piece of more titles says nothing.
const MOST_OF_A_PIECE: usize = 40;

/// Digests with the places of pages, sorted.
#[derive(Debug, Default)]
struct Table(Vec<(u64, u32)>);

impl Table {
    fn sorted(mut entries: Vec<(u64, u32)>) -> Self {
        entries.sort_unstable();
        entries.shrink_to_fit();
        Table(entries)
    }

    fn get(&self, digest: u64) -> &[(u64, u32)] {
        sorted::of(&self.0, digest)
    }
}

/// Everything that a page is looked up by.
pub(super) struct Index<'a> {
    /// Every page, in canonical order.
    all: Vec<&'a Draft>,
    /// Digests of addresses with places, sorted.
    addresses: Vec<(u128, u32)>,
    names: Table,
    numbers: Table,
    pieces: Table,
    /// How many first pages link to a page.
    linking: HashMap<u32, u32>,
}

impl<'a> Index<'a> {
    /// Of all pages.
    pub(super) fn of(drafts: &'a Drafts, paired: &PairDrafts) -> Result<Self> {
        let all: Vec<&Draft> = drafts.values().map(|draft| &**draft).collect();
        let mut addresses: Vec<(u128, u32)> = all.iter().zip(0..).map(|(draft, at)| (place(&draft.url), at)).collect();
        addresses.sort_unstable();
        let none = Table::default;
        let mut index = Index { all, addresses, names: none(), numbers: none(), pieces: none(), linking: HashMap::new() };
        let (mut names, mut numbers) = (Vec::new(), Vec::new());
        let mut linking: HashMap<u32, u32> = HashMap::new();
        index.each_first(paired, &mut |at, pairing| {
            names.extend(pairing.names.iter().map(|name| (xxh3_64(name.as_bytes()), at)));
            numbers.extend(pairing.number.iter().map(|number| (xxh3_64(number.as_bytes()), at)));
            for (target, _) in &pairing.links {
                if let Some(target) = index.at_address(target) {
                    *linking.entry(target).or_default() += 1;
                }
            }
            Ok(())
        })?;
        (index.names, index.numbers, index.linking) = (Table::sorted(names), Table::sorted(numbers), linking);
        Ok(index)
    }

    /// Looks through the titles of documents for pieces that are asked for: all pieces of all titles would be many.
    pub(super) fn find_pieces(&mut self, asked: &HashSet<u64>, paired: &PairDrafts) -> Result<()> {
        let mut found = Vec::new();
        if !asked.is_empty() {
            self.each_first(paired, &mut |at, pairing| {
                let of_title = pairing.names.last().map(|name| pieces(name)).unwrap_or_default();
                found.extend(of_title.into_iter().filter(|piece| asked.contains(piece)).map(|piece| (piece, at)));
                Ok(())
            })?;
        }
        self.pieces = Table::sorted(found);
        Ok(())
    }

    /// Shows every page that may be the first of a pair, in canonical order.
    pub(super) fn each_first(&self, paired: &PairDrafts, show: &mut dyn FnMut(u32, &PairDraft) -> Result<()>) -> Result<()> {
        for (draft, at) in self.all.iter().zip(0..) {
            if is_first(draft)
                && let Some(pairing) = paired.of(draft)?
            {
                show(at, &pairing)?;
            }
        }
        Ok(())
    }

    /// The page at a place.
    pub(super) fn draft(&self, at: u32) -> Option<&'a Draft> {
        self.all.get(at as usize).copied()
    }

    /// The page at an address; of several the last.
    pub(super) fn at_address(&self, url: &CanonicalUrl) -> Option<u32> {
        sorted::of(&self.addresses, place(url)).last().map(|(_, at)| *at)
    }

    /// The last page at an address that may be the first of a pair.
    pub(super) fn first_at_address(&self, url: &CanonicalUrl) -> Option<u32> {
        let mut all = sorted::of(&self.addresses, place(url)).iter().rev().map(|(_, at)| *at);
        all.find(|at| self.draft(*at).is_some_and(is_first))
    }

    /// Firsts of that name.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = u32> + '_ {
        self.names.get(xxh3_64(name.as_bytes())).iter().map(|(_, at)| *at)
    }

    /// Firsts of that number.
    pub(super) fn numbered(&self, number: &str) -> impl Iterator<Item = u32> + '_ {
        self.numbers.get(xxh3_64(number.as_bytes())).iter().map(|(_, at)| *at)
    }

    /// Firsts whose titles hold a piece; none when they are so many that it says nothing.
    pub(super) fn with_piece(&self, piece: u64) -> impl Iterator<Item = u32> + '_ {
        let all = self.pieces.get(piece);
        let telling = if all.len() <= MOST_OF_A_PIECE { all } else { &[] };
        telling.iter().map(|(_, at)| *at)
    }

    /// How many firsts link to a page.
    pub(super) fn linking_to(&self, at: u32) -> u32 {
        self.linking.get(&at).copied().unwrap_or(0)
    }
}

fn is_first(draft: &Draft) -> bool {
    draft.pairing.is_some_and(|paired| matches!(paired.part, Part::Document | Part::Solicitation))
}

/// Digests of the runs of five characters of a name, each once.
pub(super) fn pieces(name: &str) -> Vec<u64> {
    let chars: Vec<char> = name.chars().take(80).collect();
    let digest = |run: &[char]| xxh3_64(run.iter().collect::<String>().as_bytes());
    let mut pieces: Vec<u64> = chars.windows(5).map(digest).collect();
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}
