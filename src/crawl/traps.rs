//! Traps: families of URLs that only lead to more of themselves. Calendars that run into the far future, session ids, paths that feed
//! on themselves, lists in every order and with every filter, list pages past the last.
//!
//! A family is cut by what its pages showed and by nothing else. A page is *news* when it says or links to something that its family
//! has not shown before; the later pages of a list that goes on are always news, so paging is followed to its end. Evidence are
//! members without news that were found on members without news, and only such are cut: what a page with news links to, and what any
//! other page of the site links to, is asked for. Decisions fall between the turns, over pages in the order of hop count and URL, so
//! that they do not depend on who answered first.

mod family;

use super::frontier::Waiting;
use crate::error::{Error, Result};
use crate::facts::Page;
use crate::facts::links::Role;
use crate::shelf::{Place, Shelf};
use crate::url::CanonicalUrl;
use family::{Family, bare, family, kin, shared_tokens};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

/// Pages in a row without any news after which a family is cut.
pub const ROW: u32 = 32;
/// Members of a family that led to themselves which are asked for before the first of them has been looked at.
const FIRST_WAVE: u32 = ROW;
/// Longest wave: a family that goes on saying something new is not held up.
const LONGEST_WAVE: u32 = 1 << 16;
/// Things remembered of a family; one that has said so much is no trap, and begins anew.
const MOST_SEEN: usize = 100_000;
/// Things remembered of all families: beyond, those that have just said something new begin anew, the greatest first.
const MOST_SEEN_OF_ALL: usize = 400_000;
/// Families remembered; beyond, new ones are neither weighed nor cut.
const MOST_FAMILIES: usize = 200_000;
/// New letters below which a text is no news, where they are less than a twentieth of it, too.
const FEW_LETTERS: usize = 4;
/// New numbers from which a page of figures is news.
const FIGURES: usize = 3;

/// What shall become of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// It is asked for.
    Go,
    /// Not before the pages under way have been looked at.
    Hold,
    /// It is not asked for; the evidence.
    Cut(String),
}

/// What one page showed.
#[derive(Debug, Serialize, Deserialize)]
struct Shown {
    url: CanonicalUrl,
    via: Option<u64>,
    family: Family,
    /// Was it found on a page of its own path?
    own: bool,
    /// Targets outside of the family; none where nobody asks for the family.
    links: Option<Vec<u64>>,
    /// Last segments of targets, for links that lead down and down.
    names: Vec<u64>,
    /// Texts without digits, and their letters.
    texts: Vec<(u64, usize)>,
    figures: Vec<u64>,
}

/// One family.
#[derive(Debug)]
struct Known {
    seen: HashSet<u64>,
    members: u32,
    /// Members without news since the last one with.
    row: u32,
    first: String,
    last: String,
    taken: u32,
    wave: u32,
    cut: Option<String>,
}

impl Known {
    fn new() -> Self {
        Known {
            seen: HashSet::new(),
            members: 0,
            row: 0,
            first: String::new(),
            last: String::new(),
            taken: 0,
            wave: FIRST_WAVE,
            cut: None,
        }
    }

    /// May a member that the family led to be asked for now?
    fn say(&mut self) -> Say {
        if let Some(cut) = &self.cut {
            return Say::Cut(cut.clone());
        }
        if self.taken >= self.wave {
            return Say::Hold;
        }
        self.taken += 1;
        Say::Go
    }

    /// Takes what a member showed. False when the family had shown all of it before; `counts` then as evidence.
    fn weigh(&mut self, key: &str, shown: &Shown, links: &[u64], counts: bool) -> bool {
        if self.seen.len() > MOST_SEEN {
            self.seen.clear();
        }
        let new_links = links.iter().filter(|link| self.seen.insert(**link)).count();
        let (mut letters, mut new_letters) = (0, 0);
        for (text, length) in &shown.texts {
            letters += length;
            if self.seen.insert(*text) {
                new_letters += length;
            }
        }
        let new_figures = shown.figures.iter().filter(|figure| self.seen.insert(**figure)).count();
        let little = new_letters < FEW_LETTERS || new_letters * 20 <= letters;
        let news = new_links > 0 || !little || new_figures >= FIGURES;
        self.members += 1;
        if news {
            self.row = 0;
        } else if counts {
            if self.row == 0 {
                self.first = shown.url.to_string();
            }
            self.row += 1;
            self.last = shown.url.to_string();
        }
        if self.row >= ROW && self.cut.is_none() {
            self.cut = Some(format!(
                "{key}: {} pages, the last {} of them from {} to {} say nothing and link to nothing that the family had not shown before",
                self.members, self.row, self.first, self.last
            ));
            self.seen = HashSet::new();
        }
        news
    }
}

/// A place in URLs where a token stands.
#[derive(Debug, Default)]
struct Tokened {
    /// URLs without their token, and what they showed.
    pages: HashMap<u64, u64>,
    alike: u32,
    other: u32,
    example: String,
    cut: Option<String>,
}

/// All families of a crawl.
#[derive(Debug, Default)]
pub struct Traps {
    families: HashMap<String, Known>,
    tokened: HashMap<String, Tokened>,
    /// Lists of which a page was asked for, by the address of the first.
    lists: HashSet<u64>,
    /// Pages that showed nothing which their family, or their part of the site, had not shown before.
    stale: HashSet<u64>,
    /// Families of which members were asked for in this wave.
    taken: HashSet<String>,
    /// What pages have shown since the last weighing: hop count and URL, by which it is weighed, and where the rest stands.
    fresh: Vec<(u32, CanonicalUrl, Place)>,
    shown: Shelf,
}

impl Traps {
    /// Nothing seen yet; what pages show is on the shelf until it is weighed.
    pub fn new(shown: Shelf) -> Self {
        Traps { shown, ..Traps::default() }
    }

    /// Keeps memory within its bound. A family under suspicion is left alone: what it repeats is the evidence.
    fn forget(&mut self) {
        let mut all: usize = self.families.values().map(|known| known.seen.len()).sum();
        if all <= MOST_SEEN_OF_ALL {
            return;
        }
        let mut talkers: Vec<(&String, &mut Known)> =
            self.families.iter_mut().filter(|(_, known)| known.row == 0 && !known.seen.is_empty()).collect();
        talkers.sort_by(|(key, known), (other, than)| (than.seen.len(), *key).cmp(&(known.seen.len(), *other)));
        for (_, known) in talkers {
            if all <= MOST_SEEN_OF_ALL / 2 {
                break;
            }
            all -= known.seen.len();
            known.seen = HashSet::new();
        }
    }

    /// Shall a page be asked for now?
    pub fn say(&mut self, waiting: &Waiting) -> Say {
        let family = family(&waiting.url, waiting.via.as_ref());
        if let Some(cut) = self.token_cut(&family) {
            return Say::Cut(cut);
        }
        let own = is_own(&family, waiting.via.as_ref());
        if let Some((list, first)) = &family.list {
            let begun = self.lists.contains(&hash(first));
            // Later pages of a list that was cut before it was ever looked at.
            if own
                && !begun
                && let Some(cut) = self.families.get(list).and_then(|known| known.cut.clone())
            {
                return Say::Cut(cut);
            }
        }
        let sinks = waiting.via.as_ref().is_some_and(|via| self.stale.contains(&hash(via.as_str())));
        for key in [Some(&family.key).filter(|_| own && sinks), family.down.as_ref().filter(|_| sinks)].into_iter().flatten() {
            if let Some(known) = known(&mut self.families, key) {
                match known.say() {
                    Say::Go if known.taken == 1 => drop(self.taken.insert(key.clone())),
                    Say::Go => {}
                    other => return other,
                }
            }
        }
        // A list is begun by its first page or by any other.
        let first = family.list.as_ref().map_or_else(|| address(&waiting.url), |(_, first)| first.clone());
        self.lists.insert(hash(&first));
        Say::Go
    }

    /// Does it matter what a page shows? A family that has never led to itself needs no memory.
    pub fn weighs(&self, waiting: &Waiting) -> bool {
        let family = family(&waiting.url, waiting.via.as_ref());
        self.has_use_for(&family, is_own(&family, waiting.via.as_ref()))
    }

    fn has_use_for(&self, family: &Family, own: bool) -> bool {
        own || family.token.is_some() || family.down.is_some() || self.families.contains_key(&family.key)
    }

    /// Notes what a page showed.
    pub fn saw(&mut self, waiting: &Waiting, page: &Page) -> Result<()> {
        let family = family(&waiting.url, waiting.via.as_ref());
        let own = is_own(&family, waiting.via.as_ref());
        if !self.has_use_for(&family, own) {
            return Ok(());
        }
        let weighed = own || self.families.contains_key(&family.key);
        // Nothing judges what a page loads for itself.
        let followed = page.links.iter().filter(|link| !matches!(link.role, Role::Script | Role::Style));
        let targets: Vec<&CanonicalUrl> = followed.filter_map(|link| link.target.as_ref()).collect();
        let links = weighed.then(|| {
            let shared = shared_tokens(targets.iter().copied());
            targets.iter().filter(|url| kin(url) != family.kin).map(|url| hash(&bare(url, &shared))).collect()
        });
        let names = if family.down.is_some() { targets.iter().map(|url| hash(name(url))).collect() } else { Vec::new() };
        let mut figures = Vec::new();
        let texts = page.document.main.iter().filter(|block| block.hidden.is_none()).map(|block| {
            figures.extend(numbers(&block.text));
            let letters: String = block.text.chars().filter(|c| matches!(c, '一'..='鿿') || c.is_alphabetic()).collect();
            (hash(&letters), letters.chars().count())
        });
        let texts = texts.collect();
        let via = waiting.via.as_ref().map(|via| hash(via.as_str()));
        let shown = Shown { url: waiting.url.clone(), via, family, own, links, names, texts, figures };
        let place = self.shown.put(&postcard::to_stdvec(&shown).map_err(internal)?)?;
        self.fresh.push((waiting.hops, shown.url, place));
        Ok(())
    }

    /// Weighs what was seen since the last time, and lets the next waves begin. Gives the evidence against families that are cut now.
    pub fn weigh(&mut self) -> Result<Vec<String>> {
        let mut cuts = Vec::new();
        let mut fresh = std::mem::take(&mut self.fresh);
        let empty = self.shown.another();
        let shelf = std::mem::replace(&mut self.shown, empty);
        fresh.sort_by(|(hops, url, _), (others, other, _)| (hops, url).cmp(&(others, other)));
        let mut record = Vec::new();
        for (_, _, place) in fresh {
            shelf.get(place, &mut record)?;
            let shown: Shown = postcard::from_bytes(&record).map_err(internal)?;
            let shown = &shown;
            cuts.extend(self.weigh_token(shown));
            let sinks = shown.via.is_some_and(|via| self.stale.contains(&via));
            let mut news = true;
            if let Some(links) = &shown.links
                && let Some(known) = known(&mut self.families, &shown.family.key)
            {
                let before = known.cut.is_some();
                news &= known.weigh(&shown.family.key, shown, links, shown.own && sinks);
                cuts.extend(known.cut.clone().filter(|_| !before));
            }
            if let Some(down) = &shown.family.down
                && let Some(known) = known(&mut self.families, down)
            {
                let before = known.cut.is_some();
                news &= known.weigh(down, shown, &shown.names, sinks);
                cuts.extend(known.cut.clone().filter(|_| !before));
            }
            if !news && self.stale.len() < MOST_FAMILIES {
                self.stale.insert(hash(shown.url.as_str()));
            }
        }
        self.forget();
        for key in std::mem::take(&mut self.taken) {
            let Some(known) = self.families.get_mut(&key) else { continue };
            if known.taken >= known.wave {
                known.wave = (known.wave * 2).min(LONGEST_WAVE);
            }
            known.taken = 0;
        }
        Ok(cuts)
    }

    /// The same page under another token: alike or not.
    fn weigh_token(&mut self, shown: &Shown) -> Option<String> {
        let (place, without) = shown.family.token.as_ref()?;
        if self.tokened.len() >= MOST_FAMILIES && !self.tokened.contains_key(place) {
            return None;
        }
        let known = self.tokened.entry(place.clone()).or_default();
        if known.pages.len() > MOST_SEEN {
            *known = Tokened::default();
        }
        let texts: BTreeSet<u64> = shown.texts.iter().map(|(text, _)| *text).collect();
        let said = texts.iter().fold(0_u64, |sum, text| sum.rotate_left(7) ^ text);
        match known.pages.insert(hash(without), said) {
            Some(before) if before == said => known.alike += 1,
            Some(_) => known.other += 1,
            None => return None,
        }
        known.example = shown.url.to_string();
        if known.cut.is_none() && known.alike >= ROW && known.alike >= 4 * known.other {
            known.cut = Some(format!(
                "{place}: {} pages under another token say what the same page said before, {} do not; for example {}",
                known.alike, known.other, known.example
            ));
            return known.cut.clone();
        }
        None
    }

    /// The evidence against a URL whose page was had under another token.
    fn token_cut(&self, family: &Family) -> Option<String> {
        let (place, without) = family.token.as_ref()?;
        let known = self.tokened.get(place)?;
        known.cut.clone().filter(|_| known.pages.contains_key(&hash(without)))
    }
}

fn internal(why: postcard::Error) -> Error {
    Error::Internal(format!("traps: {why}"))
}

/// What is known of a family; none when too many are known.
fn known<'a>(families: &'a mut HashMap<String, Known>, key: &str) -> Option<&'a mut Known> {
    if !families.contains_key(key) {
        if families.len() >= MOST_FAMILIES {
            return None;
        }
        families.insert(key.to_owned(), Known::new());
    }
    families.get_mut(key)
}

/// The last segment of a URL, with its query.
fn name(url: &CanonicalUrl) -> &str {
    let whole = url.as_str();
    let path = whole.find('?').unwrap_or(whole.len());
    whole[..path].trim_end_matches('/').rfind('/').map_or(whole, |slash| &whole[slash..])
}

/// Was the URL found on a page of its own family, or of one that differs in the query only?
fn is_own(own: &Family, via: Option<&CanonicalUrl>) -> bool {
    via.is_some_and(|via| {
        let via = family(via, None);
        via.kin == own.kin || via.key == own.key || own.list.as_ref().is_some_and(|(_, first)| via.key == *first)
    })
}

fn address(url: &CanonicalUrl) -> String {
    let host = url.authority();
    format!("{}{}", host.strip_prefix("www.").unwrap_or(host), url.key())
}

/// Numbers that no calendar and no pager shows: of three digits and more, years apart.
fn numbers(text: &str) -> Vec<u64> {
    let pieces = text.split(|c: char| !c.is_ascii_digit()).filter(|piece| piece.len() >= 3);
    pieces
        .filter(|piece| !(piece.len() == 4 && (piece.starts_with("19") || piece.starts_with("20") || piece.starts_with("21"))))
        .map(hash)
        .collect()
}

fn hash(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}
