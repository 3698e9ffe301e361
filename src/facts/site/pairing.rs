//! Which pages belong together: by links, by the titles and numbers that they quote, at last by likeness of their titles. Everything is
//! looked up in indexes; nothing compares every page with every other.

use super::Column;
use super::gathered::{Draft, Drafts};
use super::paging::place;
use crate::facts::attachments::EXTENSIONS;
use crate::facts::page_kind::PageKind;
use crate::facts::pairs::draft::{PairDraft, Part, interprets, tells_result};
use crate::facts::pairs::wording::{interpreted, likeness, solicited};
use crate::facts::pairs::{Pair, PairKind};
use crate::text::fold;
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};

/// An interpretation that names nothing and is linked by more documents than this stands in a block of the template.
const MOST_LINKING: u32 = 3;
/// Candidates kept of one piece of a title: a piece of more titles says nothing.
const MOST_OF_A_PIECE: usize = 40;
/// Least likeness of two titles that are told as alike.
const ALIKE: f32 = 0.72;
/// Titles of a second beyond these are not looked at.
const MOST_PAIRS_OF_ONE: usize = 60;
/// Of several documents of one name the nearest in time counts, with those of about its day (the same document twice).
const SAME_DAYS: i32 = 60;

/// A page that may be the first of a pair.
struct First<'a> {
    draft: &'a Draft,
    pairing: &'a PairDraft,
}

/// What may be the second of a pair: a page, or a row of a list whose page was not fetched.
struct Second<'a> {
    url: &'a CanonicalUrl,
    part: Part,
    names: Vec<String>,
    date: Option<Date>,
    pairing: Option<&'a PairDraft>,
}

struct Firsts<'a> {
    all: Vec<First<'a>>,
    by_name: HashMap<&'a str, Vec<usize>>,
    by_number: HashMap<&'a str, Vec<usize>>,
    by_address: HashMap<u128, usize>,
    /// Digests of pieces of titles with the places of their documents, sorted.
    by_piece: Vec<(u64, u32)>,
}

/// Everything that belongs together, sorted by kind, first and second.
pub(super) fn pairs(drafts: &Drafts, columns: &BTreeMap<CanonicalUrl, Column>) -> Vec<Pair> {
    let mut firsts = firsts(drafts);
    let known: HashMap<u128, &CanonicalUrl> = drafts.keys().map(|url| (place(url), url)).collect();
    let linking = linking(&firsts, &known);
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
    let seconds = seconds(drafts, columns, &known);
    firsts.index_pieces(&seconds);
    for second in seconds {
        by_words(&firsts, &second, &mut add);
        if let Some(pairing) = second.pairing {
            by_links_back(&firsts, &second, pairing, &mut add);
        }
    }
    for first in &firsts.all {
        by_links_forward(&firsts, first, drafts, &known, &linking, &mut add);
    }
    found.into_values().collect()
}

fn kind_of(part: Part) -> PairKind {
    match part {
        Part::Document | Part::Interpretation => PairKind::Interpretation,
        Part::Solicitation | Part::Result => PairKind::SolicitationResult,
    }
}

fn firsts<'a>(drafts: &'a Drafts) -> Firsts<'a> {
    let mut firsts = Firsts {
        all: Vec::new(),
        by_name: HashMap::new(),
        by_number: HashMap::new(),
        by_address: HashMap::new(),
        by_piece: Vec::new(),
    };
    for draft in drafts.values() {
        let Some(pairing) = draft.pairing.as_deref().filter(|p| matches!(p.part, Part::Document | Part::Solicitation)) else {
            continue;
        };
        let at = firsts.all.len();
        for name in &pairing.names {
            firsts.by_name.entry(name).or_default().push(at);
        }
        if let Some(number) = &pairing.number {
            firsts.by_number.entry(number).or_default().push(at);
        }
        firsts.by_address.insert(place(&draft.url), at);
        firsts.all.push(First { draft, pairing });
    }
    firsts
}

impl Firsts<'_> {
    /// Looks through the titles of documents for the pieces that some second may ask for: all pieces of all titles would be many.
    fn index_pieces(&mut self, seconds: &[Second<'_>]) {
        let asking = seconds.iter().filter(|second| second.pairing.is_some());
        let asked: HashSet<u64> = asking.filter_map(|second| second.names.last()).flat_map(|name| pieces(name)).collect();
        if asked.is_empty() {
            return;
        }
        for (at, first) in self.all.iter().enumerate() {
            let of_title = first.pairing.names.last().map(|name| pieces(name)).unwrap_or_default();
            self.by_piece.extend(of_title.into_iter().filter(|piece| asked.contains(piece)).map(|piece| (piece, at as u32)));
        }
        self.by_piece.sort_unstable();
    }

    /// The documents whose titles hold a piece; none when they are so many that it says nothing.
    fn of_piece(&self, piece: u64) -> &[(u64, u32)] {
        let from = self.by_piece.partition_point(|(known, _)| *known < piece);
        let to = from + self.by_piece[from..].partition_point(|(known, _)| *known == piece);
        let all = &self.by_piece[from..to];
        if all.len() <= MOST_OF_A_PIECE { all } else { &[] }
    }
}

/// Digests of the runs of five characters of a name, each once.
fn pieces(name: &str) -> Vec<u64> {
    let chars: Vec<char> = name.chars().take(80).collect();
    let digest = |run: &[char]| xxhash_rust::xxh3::xxh3_64(run.iter().collect::<String>().as_bytes());
    let mut pieces: Vec<u64> = chars.windows(5).map(digest).collect();
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}

/// How many first pages link to each page.
fn linking(firsts: &Firsts<'_>, known: &HashMap<u128, &CanonicalUrl>) -> HashMap<u128, u32> {
    let mut count = HashMap::new();
    for first in &firsts.all {
        for (target, _) in &first.pairing.links {
            let at = place(target);
            if known.contains_key(&at) {
                *count.entry(at).or_default() += 1;
            }
        }
    }
    count
}

fn seconds<'a>(
    drafts: &'a Drafts,
    columns: &'a BTreeMap<CanonicalUrl, Column>,
    known: &HashMap<u128, &CanonicalUrl>,
) -> Vec<Second<'a>> {
    let mut seconds = Vec::new();
    for draft in drafts.values() {
        if let Some(pairing) = draft.pairing.as_deref().filter(|p| matches!(p.part, Part::Interpretation | Part::Result)) {
            let names = pairing.names.clone();
            seconds.push(Second { url: &draft.url, part: pairing.part, names, date: draft.publish_date, pairing: Some(pairing) });
        }
    }
    // A row may lead to another site or to a file.
    for item in columns.values().flat_map(|column| &column.items) {
        let Some(url) = &item.url else { continue };
        if known.contains_key(&place(url)) {
            continue;
        }
        let title = fold(&item.title);
        let (part, names) = if tells_result(&title) {
            (Part::Result, solicited(&item.title))
        } else if interprets(&title) {
            (Part::Interpretation, interpreted(&item.title))
        } else {
            continue;
        };
        seconds.push(Second { url, part, names, date: item.date, pairing: None });
    }
    seconds
}

fn fits(first: &First<'_>, second: &Second<'_>) -> bool {
    let parts =
        matches!((first.pairing.part, second.part), (Part::Document, Part::Interpretation) | (Part::Solicitation, Part::Result));
    // A result is never older than what it answers.
    let order = second.part != Part::Result
        || match (first.draft.publish_date, second.date) {
            (Some(asked), Some(answered)) => answered >= asked,
            _ => true,
        };
    parts && order && first.draft.url != *second.url
}

fn pair(first: &First<'_>, second: &Second<'_>, sure: bool, evidence: String) -> Pair {
    Pair {
        kind: kind_of(second.part),
        first: first.draft.url.clone(),
        second: second.url.clone(),
        linked_forward: false,
        linked_back: false,
        sure,
        evidence,
    }
}

/// By the titles and numbers that the second names in its title, at the beginning of its text, or by likeness.
fn by_words(firsts: &Firsts<'_>, second: &Second<'_>, add: &mut impl FnMut(Pair)) {
    let named = |names: &[String]| -> Vec<(usize, String)> {
        let hits = names.iter().flat_map(|name| {
            let list = firsts.by_name.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
            list.iter().take(MOST_PAIRS_OF_ONE).map(move |at| (*at, name.clone()))
        });
        hits.filter(|(at, _)| fits(&firsts.all[*at], second)).take(MOST_PAIRS_OF_ONE).collect()
    };
    let by_title = named(&second.names);
    if !by_title.is_empty() {
        for (at, name, near) in nearest(firsts, &by_title, second.date) {
            add(pair(&firsts.all[at], second, near, format!("title names: {name}")));
        }
        return;
    }
    let Some(pairing) = second.pairing else { return };
    // What a text is about stands first in it; what comes later is its background. Certain only where the title names nothing else.
    let mut hit = false;
    for (rank, number) in pairing.numbers.iter().enumerate() {
        for at in firsts.by_number.get(number.as_str()).map(Vec::as_slice).unwrap_or_default().iter().take(MOST_PAIRS_OF_ONE) {
            if fits(&firsts.all[*at], second) {
                hit = true;
                add(pair(&firsts.all[*at], second, rank == 0 && second.names.is_empty(), format!("text names: {number}")));
            }
        }
    }
    for (rank, quote) in pairing.quotes.iter().enumerate() {
        for (at, name, near) in nearest(firsts, &named(std::slice::from_ref(quote)), second.date) {
            hit = true;
            let sure = near && rank == 0 && second.names.is_empty();
            add(pair(&firsts.all[at], second, sure, format!("text names: {name}")));
        }
    }
    if !hit {
        alike(firsts, second, add);
    }
}

/// Of several documents of one name, the nearest in time and its twins are meant; the others are only alike.
fn nearest(firsts: &Firsts<'_>, hits: &[(usize, String)], date: Option<Date>) -> Vec<(usize, String, bool)> {
    let distance = |at: usize| Some((firsts.all[at].draft.publish_date? - date?).get_days().abs());
    let best = hits.iter().filter_map(|(at, _)| distance(*at)).min();
    let sure = |at: usize| match (distance(at), best) {
        (Some(own), Some(best)) => own <= best + SAME_DAYS,
        (None, Some(_)) => false,
        _ => true,
    };
    hits.iter().map(|(at, name)| (*at, name.clone(), sure(*at))).collect()
}

/// By shared runs of characters, told as alike only.
fn alike(firsts: &Firsts<'_>, second: &Second<'_>, add: &mut impl FnMut(Pair)) {
    let Some(name) = second.names.last() else { return };
    let mut votes: HashMap<usize, u32> = HashMap::new();
    for piece in pieces(name) {
        for (_, at) in firsts.of_piece(piece) {
            *votes.entry(*at as usize).or_default() += 1;
        }
    }
    let mut votes: Vec<(usize, u32)> = votes.into_iter().collect();
    votes.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    for (at, _) in votes.into_iter().take(5) {
        let first = &firsts.all[at];
        if fits(first, second) && agree(&first.pairing.names, &second.names) >= ALIKE {
            add(pair(first, second, false, format!("title is alike: {name}")));
        }
    }
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

/// Does what the second names belong to other pages, and not to this one?
fn contradicts(firsts: &Firsts<'_>, first: &First<'_>, names: &[String]) -> bool {
    let meant = names.iter().filter_map(|name| firsts.by_name.get(name.as_str())).flatten();
    let mut others = false;
    for at in meant.take(MOST_PAIRS_OF_ONE) {
        if firsts.all[*at].draft.url == first.draft.url {
            return false;
        }
        others = true;
    }
    others
}

/// The second links to the first.
fn by_links_back(firsts: &Firsts<'_>, second: &Second<'_>, pairing: &PairDraft, add: &mut impl FnMut(Pair)) {
    for (target, text) in &pairing.links {
        let Some(first) = firsts.by_address.get(&place(target)).map(|at| &firsts.all[*at]).filter(|f| fits(f, second)) else {
            continue;
        };
        let agreed = agree(&first.pairing.names, &second.names);
        if contradicts(firsts, first, &second.names) {
            continue;
        }
        // A list of documents beside an interpretation says nothing: one link among few does, or names that agree.
        let few = pairing.links.iter().filter(|(t, _)| firsts.by_address.contains_key(&place(t))).count() <= 2;
        let sure = agreed >= 0.4 || (second.names.is_empty() && few);
        if sure || few {
            let mut pair = pair(first, second, sure, format!("link: {text}"));
            pair.linked_back = true;
            add(pair);
        }
    }
}

fn is_file(url: &CanonicalUrl) -> bool {
    url.path().rsplit_once('.').is_some_and(|(_, end)| EXTENSIONS.contains(&end.to_ascii_lowercase().as_str()))
}

/// The first links to the second.
fn by_links_forward(
    firsts: &Firsts<'_>,
    first: &First<'_>,
    drafts: &Drafts,
    known: &HashMap<u128, &CanonicalUrl>,
    linking: &HashMap<u128, u32>,
    add: &mut impl FnMut(Pair),
) {
    for (target, text) in &first.pairing.links {
        let at = place(target);
        let Some(url) = known.get(&at).copied() else {
            // A file, another site, a page that was not fetched: the text of the link is all that we know of it.
            let (part, names) = match first.pairing.part {
                Part::Document => (Part::Interpretation, interpreted(text)),
                _ => (Part::Result, solicited(text)),
            };
            if contradicts(firsts, first, &names) {
                continue;
            }
            // A file called 政策解读 that a document offers is its own; a page elsewhere called so may be a column.
            let sure = agree(&first.pairing.names, &names) >= 0.4 || (names.is_empty() && is_file(target));
            let second = Second { url: target, part, names, date: None, pairing: None };
            let mut pair = pair(first, &second, sure, format!("link: {text}"));
            pair.linked_forward = true;
            add(pair);
            continue;
        };
        let Some(draft) = drafts.get(url) else { continue };
        if draft.kind != PageKind::Article {
            continue;
        }
        let (part, names) = match (&draft.pairing, first.pairing.part) {
            (Some(p), _) if matches!(p.part, Part::Interpretation | Part::Result) => (p.part, p.names.clone()),
            // Its own page does not say what it is; the link does.
            (None, Part::Document) if interprets(text) => (Part::Interpretation, interpreted(text)),
            (None, Part::Solicitation) if tells_result(text) => (Part::Result, solicited(text)),
            _ => continue,
        };
        let second = Second { url, part, names, date: draft.publish_date, pairing: draft.pairing.as_deref() };
        if !fits(first, &second) || contradicts(firsts, first, &second.names) {
            continue;
        }
        let alone = linking.get(&at).copied().unwrap_or(0) <= MOST_LINKING;
        let sure = agree(&first.pairing.names, &second.names) >= 0.4 || (second.names.is_empty() && alone);
        if sure || alone {
            let mut pair = pair(first, &second, sure, format!("link: {text}"));
            pair.linked_forward = true;
            add(pair);
        }
    }
}
