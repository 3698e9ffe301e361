//! Which pages belong together: by links, by the titles and numbers that they quote, at last by likeness of their titles. Everything is
//! looked up in indexes; nothing compares every page with every other.

mod drafts;
mod index;

pub(super) use drafts::{PairDrafts, Paired};

use super::Column;
use super::gathered::{Draft, Drafts};
use crate::error::Result;
use crate::facts::attachments::EXTENSIONS;
use crate::facts::page_kind::PageKind;
use crate::facts::pairs::draft::{PairDraft, Part, interprets, tells_result};
use crate::facts::pairs::wording::{interpreted, likeness, solicited};
use crate::facts::pairs::{Pair, PairKind};
use crate::text::fold;
use crate::url::CanonicalUrl;
use index::{Index, pieces};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};

/// An interpretation that names nothing and is linked by more documents than this stands in a block of the template.
const MOST_LINKING: u32 = 3;
/// Least likeness of two titles that are told as alike.
const ALIKE: f32 = 0.72;
/// Titles of a second beyond these are not looked at.
const MOST_PAIRS_OF_ONE: usize = 60;
/// Of several documents of one name the nearest in time counts, with those of about its day (the same document twice).
const SAME_DAYS: i32 = 60;

/// What may be the second of a pair: a page, or a row of a list whose page was not fetched.
struct Second<'a> {
    url: &'a CanonicalUrl,
    part: Part,
    names: Vec<String>,
    date: Option<Date>,
    pairing: Option<PairDraft>,
}

/// Everything that belongs together, sorted by kind, first and second.
pub(super) fn pairs(drafts: &Drafts, columns: &BTreeMap<CanonicalUrl, Column>, paired: &mut PairDrafts) -> Result<Vec<Pair>> {
    if let Some(failure) = paired.failure() {
        return Err(failure);
    }
    let paired = &*paired;
    let mut index = Index::of(drafts, paired)?;
    let mut asked: HashSet<u64> = HashSet::new();
    each_second(drafts, paired, &mut |second| {
        asked.extend(second.names.last().map(|name| pieces(name)).unwrap_or_default());
        Ok(())
    })?;
    index.find_pieces(&asked, paired)?;
    drop(asked);
    let work = Work { index, paired };
    let mut found: BTreeMap<(PairKind, CanonicalUrl, CanonicalUrl), Pair> = BTreeMap::new();
    let mut add = |pair: Pair| {
        let key = (pair.kind, pair.first.clone(), pair.second.clone());
        match found.get_mut(&key) {
            Some(old) => {
                old.linked_forward |= pair.linked_forward;
                old.linked_back |= pair.linked_back;
                if pair.sure && !old.sure {
                    (old.sure, old.evidence) = (true, pair.evidence);
                }
            }
            None => {
                found.insert(key, pair);
            }
        }
    };
    each_second(drafts, paired, &mut |second| {
        work.by_words(&second, &mut add)?;
        work.by_links_back(&second, &mut add)
    })?;
    each_row(columns, &work.index, &mut |second| work.by_words(&second, &mut add))?;
    work.index.each_first(paired, &mut |at, pairing| work.by_links_forward(at, pairing, &mut add))?;
    Ok(found.into_values().collect())
}

fn kind_of(part: Part) -> PairKind {
    match part {
        Part::Document | Part::Interpretation => PairKind::Interpretation,
        Part::Solicitation | Part::Result => PairKind::SolicitationResult,
    }
}

/// Shows the pages that may be the second of a pair.
fn each_second(drafts: &Drafts, paired: &PairDrafts, show: &mut dyn FnMut(Second<'_>) -> Result<()>) -> Result<()> {
    for draft in drafts.values() {
        if draft.pairing.is_some_and(|paired| matches!(paired.part, Part::Interpretation | Part::Result))
            && let Some(pairing) = paired.of(draft)?
        {
            let names = pairing.names.clone();
            show(Second { url: &draft.url, part: pairing.part, names, date: draft.publish_date, pairing: Some(pairing) })?;
        }
    }
    Ok(())
}

/// Shows the rows of lists that may be it: a row may lead to another site or to a file.
fn each_row(
    columns: &BTreeMap<CanonicalUrl, Column>,
    index: &Index<'_>,
    show: &mut dyn FnMut(Second<'_>) -> Result<()>,
) -> Result<()> {
    for item in columns.values().flat_map(|column| &column.items) {
        let Some(url) = item.url.as_ref().filter(|url| index.at_address(url).is_none()) else { continue };
        let title = fold(&item.title);
        let (part, names) = if tells_result(&title) {
            (Part::Result, solicited(&item.title))
        } else if interprets(&title) {
            (Part::Interpretation, interpreted(&item.title))
        } else {
            continue;
        };
        show(Second { url, part, names, date: item.date, pairing: None })?;
    }
    Ok(())
}

fn fits(first: &Draft, second: &Second<'_>) -> bool {
    let Some(Paired { part, .. }) = first.pairing else { return false };
    let parts = matches!((part, second.part), (Part::Document, Part::Interpretation) | (Part::Solicitation, Part::Result));
    // A result is never older than what it answers.
    let order = second.part != Part::Result
        || match (first.publish_date, second.date) {
            (Some(asked), Some(answered)) => answered >= asked,
            _ => true,
        };
    parts && order && first.url != *second.url
}

fn pair(first: &Draft, second: &Second<'_>, sure: bool, evidence: String) -> Pair {
    Pair {
        kind: kind_of(second.part),
        first: first.url.clone(),
        second: second.url.clone(),
        linked_forward: false,
        linked_back: false,
        sure,
        evidence,
    }
}

/// Of several documents of one name, the nearest in time and its twins are meant; the others are only alike.
fn nearest<'a>(hits: &[(&'a Draft, String)], date: Option<Date>) -> Vec<(&'a Draft, String, bool)> {
    let distance = |draft: &Draft| Some((draft.publish_date? - date?).get_days().abs());
    let best = hits.iter().filter_map(|(draft, _)| distance(draft)).min();
    let sure = |draft: &Draft| match (distance(draft), best) {
        (Some(own), Some(best)) => own <= best + SAME_DAYS,
        (None, Some(_)) => false,
        _ => true,
    };
    hits.iter().map(|(draft, name)| (*draft, name.clone(), sure(draft))).collect()
}

/// The best likeness of two sets of names; a name that holds the other is as good as equal.
fn agree(one: &[String], other: &[String]) -> f32 {
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
    pairs
        .map(|(a, b)| {
            let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
            if short.chars().count() >= 8 && long.contains(short.as_str()) { 0.9 } else { likeness(a, b) }
        })
        .fold(0.0, f32::max)
}

fn is_file(url: &CanonicalUrl) -> bool {
    url.path().rsplit_once('.').is_some_and(|(_, end)| EXTENSIONS.contains(&end.to_ascii_lowercase().as_str()))
}

/// What pairs are found with.
struct Work<'a> {
    index: Index<'a>,
    paired: &'a PairDrafts,
}

impl Work<'_> {
    /// By the titles and numbers that the second names in its title, at the beginning of its text, or by likeness.
    fn by_words(&self, second: &Second<'_>, add: &mut dyn FnMut(Pair)) -> Result<()> {
        let named = |names: &[String]| -> Vec<(&Draft, String)> {
            let hits = names.iter().flat_map(|name| {
                let list = self.index.named(name).take(MOST_PAIRS_OF_ONE);
                list.filter_map(|at| self.index.draft(at)).map(move |draft| (draft, name.clone()))
            });
            hits.filter(|(draft, _)| fits(draft, second)).take(MOST_PAIRS_OF_ONE).collect()
        };
        let by_title = named(&second.names);
        if !by_title.is_empty() {
            for (first, name, near) in nearest(&by_title, second.date) {
                add(pair(first, second, near, format!("title names: {name}")));
            }
            return Ok(());
        }
        let Some(pairing) = &second.pairing else { return Ok(()) };
        // What a text is about stands first in it; what comes later is its background. Certain only where the title names nothing else.
        let mut hit = false;
        for (rank, number) in pairing.numbers.iter().enumerate() {
            for at in self.index.numbered(number).take(MOST_PAIRS_OF_ONE) {
                if let Some(first) = self.index.draft(at).filter(|first| fits(first, second)) {
                    hit = true;
                    add(pair(first, second, rank == 0 && second.names.is_empty(), format!("text names: {number}")));
                }
            }
        }
        for (rank, quote) in pairing.quotes.iter().enumerate() {
            for (first, name, near) in nearest(&named(std::slice::from_ref(quote)), second.date) {
                hit = true;
                let sure = near && rank == 0 && second.names.is_empty();
                add(pair(first, second, sure, format!("text names: {name}")));
            }
        }
        if hit { Ok(()) } else { self.alike(second, add) }
    }

    /// By shared runs of characters, told as alike only.
    fn alike(&self, second: &Second<'_>, add: &mut dyn FnMut(Pair)) -> Result<()> {
        let Some(name) = second.names.last() else { return Ok(()) };
        let mut votes: HashMap<u32, u32> = HashMap::new();
        for piece in pieces(name) {
            for at in self.index.with_piece(piece) {
                *votes.entry(at).or_default() += 1;
            }
        }
        let mut votes: Vec<(u32, u32)> = votes.into_iter().collect();
        votes.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        for (at, _) in votes.into_iter().take(5) {
            if let Some(first) = self.index.draft(at).filter(|first| fits(first, second))
                && let Some(pairing) = self.paired.of(first)?
                && agree(&pairing.names, &second.names) >= ALIKE
            {
                add(pair(first, second, false, format!("title is alike: {name}")));
            }
        }
        Ok(())
    }

    /// Does what the second names belong to other pages, and not to this one?
    fn contradicts(&self, first: &Draft, names: &[String]) -> bool {
        let meant = names.iter().flat_map(|name| self.index.named(name)).filter_map(|at| self.index.draft(at));
        let mut others = false;
        for other in meant.take(MOST_PAIRS_OF_ONE) {
            if other.url == first.url {
                return false;
            }
            others = true;
        }
        others
    }

    /// The second links to the first.
    fn by_links_back(&self, second: &Second<'_>, add: &mut dyn FnMut(Pair)) -> Result<()> {
        let Some(pairing) = &second.pairing else { return Ok(()) };
        // A list of documents beside an interpretation says nothing: one link among few does, or names that agree.
        let few = pairing.links.iter().filter(|(target, _)| self.index.first_at_address(target).is_some()).count() <= 2;
        for (target, text) in &pairing.links {
            let first = self.index.first_at_address(target).and_then(|at| self.index.draft(at));
            let Some(first) = first.filter(|first| fits(first, second) && !self.contradicts(first, &second.names)) else {
                continue;
            };
            let Some(of_first) = self.paired.of(first)? else { continue };
            let sure = agree(&of_first.names, &second.names) >= 0.4 || (second.names.is_empty() && few);
            if sure || few {
                let mut pair = pair(first, second, sure, format!("link: {text}"));
                pair.linked_back = true;
                add(pair);
            }
        }
        Ok(())
    }

    /// The first links to the second.
    fn by_links_forward(&self, at: u32, pairing: &PairDraft, add: &mut dyn FnMut(Pair)) -> Result<()> {
        let Some(first) = self.index.draft(at) else { return Ok(()) };
        for (target, text) in &pairing.links {
            let Some(at) = self.index.at_address(target) else {
                // A file, another site, a page that was not fetched: the text of the link is all that we know of it.
                let (part, names) = match pairing.part {
                    Part::Document => (Part::Interpretation, interpreted(text)),
                    _ => (Part::Result, solicited(text)),
                };
                if self.contradicts(first, &names) {
                    continue;
                }
                // A file called 政策解读 that a document offers is its own; a page elsewhere called so may be a column.
                let sure = agree(&pairing.names, &names) >= 0.4 || (names.is_empty() && is_file(target));
                let second = Second { url: target, part, names, date: None, pairing: None };
                let mut pair = pair(first, &second, sure, format!("link: {text}"));
                pair.linked_forward = true;
                add(pair);
                continue;
            };
            let Some(draft) = self.index.draft(at).filter(|draft| draft.kind == PageKind::Article) else { continue };
            let (part, names) = match (self.paired.of(draft)?, pairing.part) {
                (Some(p), _) if matches!(p.part, Part::Interpretation | Part::Result) => (p.part, p.names),
                // Its own page does not say what it is; the link does.
                (None, Part::Document) if interprets(text) => (Part::Interpretation, interpreted(text)),
                (None, Part::Solicitation) if tells_result(text) => (Part::Result, solicited(text)),
                _ => continue,
            };
            let second = Second { url: &draft.url, part, names, date: draft.publish_date, pairing: None };
            if !fits(first, &second) || self.contradicts(first, &second.names) {
                continue;
            }
            let alone = self.index.linking_to(at) <= MOST_LINKING;
            let sure = agree(&pairing.names, &second.names) >= 0.4 || (second.names.is_empty() && alone);
            if sure || alone {
                let mut pair = pair(first, &second, sure, format!("link: {text}"));
                pair.linked_forward = true;
                add(pair);
            }
        }
        Ok(())
    }
}
