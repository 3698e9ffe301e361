//! Which column of a unit is which column of the book: proposed from a finished run, corrected by people.
//!
//! A proposal is never more than that. How sure it is: the exact name under a parent that the book accepts, then other names of the
//! book, then names with the unit's own before or after them; what is only alike never comes above [`MOST_OF_ALIKE`].

mod names;

pub use names::OwnNames;

use super::{Binding, BindingState};
use crate::checklist::columns::{ColumnBook, ColumnEntry, ColumnMatch};
use crate::facts::Site;
use crate::facts::links::Region;
use crate::facts::page_kind::PageKind;
use crate::facts::site::{Column, LinkTarget, TargetOutcome};
use crate::text::{fold, squeeze};
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What is only alike is no surer than this.
pub const MOST_OF_ALIKE: f64 = 0.5;
/// From here on a proposal is sure enough not to be coloured.
pub const SURE: f64 = 0.8;
/// What a link leads to on another host, and an article that bears the name of a column, are no surer than this.
const MOST_ELSEWHERE: f64 = 0.7;
/// Longest link text that can be the name of a column.
const LONGEST_NAME: usize = 24;
/// Rows of one unit.
const MOST_LINES: usize = 2_000;

/// A column that some checklist of the unit asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Required {
    /// Id in the column book.
    pub column: String,
    /// Id of the column above it that the checklist names.
    pub within: Option<String>,
}

/// A unit as a run saw it.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// Unit id.
    pub unit: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Site id.
    pub site: &'a str,
    /// Kind of body.
    pub kind: Option<&'a str>,
    /// What was seen of it.
    pub facts: &'a Site,
    /// The column book.
    pub book: &'a ColumnBook,
    /// What its checklists ask for.
    pub required: &'a [Required],
}

/// What stands behind a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// Nothing of the book.
    Nothing,
    /// Only alike.
    Alike,
    /// The unit's name before or after a name of the book.
    OwnName,
    /// Another name of the book.
    Synonym,
    /// The name of the book.
    Name,
    /// A name that means it only under its parent, and stands there.
    UnderParent,
}

/// One line of the proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Unit id.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// Site id.
    pub site: String,
    /// The binding proposed; none: a required column for which nothing was found.
    pub binding: Option<Binding>,
    /// Id of the column that is missing, where there is no binding.
    pub missing: Option<String>,
    /// Ids that are near, nearest first, where it is only alike.
    pub near: Vec<String>,
    /// What stands behind it.
    pub ground: Ground,
    /// Rows of its list.
    pub items: u64,
    /// Its newest date.
    pub newest: Option<Date>,
    /// Does a checklist of the unit ask for the column?
    pub required: bool,
}

/// Proposes for one unit: its columns in the order of their paths, then what is missing.
pub fn propose(seen: &Seen<'_>) -> Vec<Line> {
    let own = OwnNames::of(seen.name);
    let mut lines: Vec<Line> = Vec::new();
    for column in seen.facts.columns.values() {
        lines.push(of_column(seen, column, &own));
    }
    let listed: BTreeSet<String> = lines.iter().filter(|line| is_sure(line)).filter_map(column_id).collect();
    lines.extend(pages(seen, &own, &listed));
    lines.truncate(MOST_LINES);
    lines.sort_by_cached_key(order);
    let found: BTreeSet<String> = lines.iter().filter_map(column_id).collect();
    let missing: BTreeSet<&String> =
        seen.required.iter().map(|required| &required.column).filter(|id| !found.contains(*id)).collect();
    for id in missing {
        lines.push(Line {
            unit: seen.unit.to_owned(),
            unit_name: seen.name.to_owned(),
            site: seen.site.to_owned(),
            binding: None,
            missing: Some(id.clone()),
            near: Vec::new(),
            ground: Ground::Nothing,
            items: 0,
            newest: None,
            required: true,
        });
    }
    lines
}

fn column_id(line: &Line) -> Option<String> {
    line.binding.as_ref()?.column.clone()
}

fn is_sure(line: &Line) -> bool {
    line.binding.as_ref().is_some_and(|binding| binding.confidence > MOST_OF_ALIKE)
}

fn order(line: &Line) -> (Vec<String>, String) {
    match &line.binding {
        Some(binding) => (binding.path.iter().chain([&binding.name]).cloned().collect(), binding.url.to_string()),
        None => (Vec::new(), String::new()),
    }
}

fn of_column(seen: &Seen<'_>, column: &Column, own: &OwnNames) -> Line {
    let mut meant = meaning(seen, &column.name, &column.path, own);
    // The site facts look at every name that the column goes by, not only at the one shown.
    if let ColumnMatch::Is(id) = &column.matched
        && meant.ground <= Ground::Alike
        && let Some(entry) = seen.book.find(id)
    {
        meant = Meaning {
            column: Some(id.clone()),
            matched: Some(entry.name.clone()),
            near: Vec::new(),
            ground: Ground::Synonym,
            confidence: 0.85,
        };
    }
    line(seen, &column.url, &column.name, &column.path, meant, column.items.len() as u64, column.newest)
}

/// What a name means for this unit.
#[derive(Debug, Clone, PartialEq)]
struct Meaning {
    column: Option<String>,
    matched: Option<String>,
    near: Vec<String>,
    ground: Ground,
    confidence: f64,
}

impl Meaning {
    fn nothing() -> Self {
        Meaning { column: None, matched: None, near: Vec::new(), ground: Ground::Nothing, confidence: 0.0 }
    }
}

fn meaning(seen: &Seen<'_>, name: &str, path: &[String], own: &OwnNames) -> Meaning {
    let plain = own.without(name);
    // The names above lose the unit's own, too: 县公安局信息公开 is an accepted parent.
    let above: Vec<String> = path.iter().flat_map(|name| [Some(name.clone()), own.without(name)]).flatten().collect();
    let straight = seen.book.lookup(name, &above);
    let meant = match (&straight, &plain) {
        (ColumnMatch::Is(id), _) => exact(seen.book, id, name, &above, false),
        (_, Some(rest)) => match seen.book.lookup(rest, &above) {
            ColumnMatch::Is(id) => exact(seen.book, &id, rest, &above, true),
            // 县公安局动态: whose it is the unit's name says as well as a parent would.
            ColumnMatch::Like(near) => match ambiguous(seen.book, rest) {
                Some(entry) => Meaning {
                    column: Some(entry.id.clone()),
                    matched: Some(rest.clone()),
                    near: Vec::new(),
                    ground: Ground::OwnName,
                    confidence: 0.8,
                },
                None => alike(seen.book, &near, rest),
            },
            ColumnMatch::None => Meaning::nothing(),
        },
        (ColumnMatch::Like(near), None) => alike(seen.book, near, name),
        (ColumnMatch::None, None) => Meaning::nothing(),
    };
    fitting(seen, meant)
}

/// A column that this kind of body does not have is no more than alike.
fn fitting(seen: &Seen<'_>, mut meant: Meaning) -> Meaning {
    let entry = meant.column.as_deref().and_then(|id| seen.book.find(id));
    if let (Some(entry), Some(kind)) = (entry, seen.kind)
        && !entry.kinds.is_empty()
        && !entry.kinds.iter().any(|known| known == kind)
    {
        meant.confidence = meant.confidence.min(0.4);
        meant.ground = Ground::Alike;
    }
    meant
}

fn exact(book: &ColumnBook, id: &str, name: &str, above: &[String], own: bool) -> Meaning {
    let key = |text: &str| plain(text);
    let wanted = key(name);
    let Some(entry) = book.find(id) else { return Meaning::nothing() };
    let under = || {
        let parents = entry.parents.iter().flat_map(|parent| match book.find(parent) {
            Some(parent) => names_of(parent).map(|name| key(name)).collect::<Vec<_>>(),
            None => vec![key(parent)],
        });
        let above: BTreeSet<String> = above.iter().map(|name| key(name)).collect();
        parents.into_iter().any(|parent| above.contains(&parent))
    };
    let written = |names: &[String]| names.iter().find(|known| key(known) == wanted).cloned();
    let (ground, matched, confidence) = if key(&entry.name) == wanted {
        (Ground::Name, Some(entry.name.clone()), if under() { 0.99 } else { 0.97 })
    } else if let Some(matched) = written(&entry.synonyms) {
        (Ground::Synonym, Some(matched), 0.92)
    } else if let Some(matched) = written(&entry.ambiguous) {
        (Ground::UnderParent, Some(matched), 0.95)
    } else {
        (Ground::Synonym, entry.starts.iter().find(|start| wanted.starts_with(&key(start))).cloned(), 0.85)
    };
    match own {
        true => Meaning {
            column: Some(id.to_owned()),
            matched,
            near: Vec::new(),
            ground: Ground::OwnName,
            confidence: confidence - 0.08,
        },
        false => Meaning { column: Some(id.to_owned()), matched, near: Vec::new(), ground, confidence },
    }
}

fn names_of(entry: &ColumnEntry) -> impl Iterator<Item = &String> {
    std::iter::once(&entry.name).chain(&entry.synonyms)
}

fn plain(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric() || crate::text::is_han(*c)).collect()
}

/// The only entry that has the name among its ambiguous ones.
fn ambiguous<'b>(book: &'b ColumnBook, name: &str) -> Option<&'b ColumnEntry> {
    let wanted = plain(name);
    let mut having = book.entries.iter().filter(|entry| entry.ambiguous.iter().any(|known| plain(known) == wanted));
    having.next().filter(|_| having.next().is_none())
}

fn alike(book: &ColumnBook, near: &[String], name: &str) -> Meaning {
    let wanted = plain(name);
    // 法定主动公开信息一览 holds the whole name of one column: that says more than how many letters others share.
    let holds = |entry: &ColumnEntry| {
        let held = names_of(entry).map(|name| plain(name)).filter(|name| wanted.contains(name.as_str()));
        held.map(|name| name.chars().count()).max()
    };
    let held = book.entries.iter().filter_map(|entry| Some((holds(entry)?, entry))).max_by_key(|(count, _)| *count);
    let held = held.filter(|(count, _)| *count >= 3 && count * 2 > wanted.chars().count()).map(|(_, entry)| entry);
    let Some(entry) = held.or_else(|| near.first().and_then(|id| book.find(id))) else { return Meaning::nothing() };
    let likeness = names_of(entry).chain(&entry.ambiguous).map(|known| strsim::normalized_levenshtein(&wanted, &plain(known)));
    let confidence = (likeness.fold(0.0, f64::max) * MOST_OF_ALIKE).clamp(0.1, MOST_OF_ALIKE);
    let confidence = (confidence * 100.0).round() / 100.0;
    let mut ids = vec![entry.id.clone()];
    ids.extend(near.iter().filter(|id| **id != entry.id).take(2).cloned());
    Meaning { column: Some(entry.id.clone()), matched: None, near: ids, ground: Ground::Alike, confidence }
}

fn line(
    seen: &Seen<'_>,
    url: &CanonicalUrl,
    name: &str,
    path: &[String],
    meant: Meaning,
    items: u64,
    newest: Option<Date>,
) -> Line {
    let entry = meant.column.as_deref().and_then(|id| seen.book.find(id));
    let required = seen.required.iter().any(|required| Some(&required.column) == meant.column.as_ref());
    Line {
        unit: seen.unit.to_owned(),
        unit_name: seen.name.to_owned(),
        site: seen.site.to_owned(),
        binding: Some(Binding {
            unit: seen.unit.to_owned(),
            site: seen.site.to_owned(),
            url: url.clone(),
            name: squeeze(name),
            path: path.iter().map(|name| squeeze(name)).collect(),
            class: entry.map(|entry| entry.class.word().to_owned()),
            window_days: entry.and_then(ColumnEntry::window),
            column: meant.column,
            matched: meant.matched,
            confidence: meant.confidence,
            state: BindingState::Proposed,
        }),
        missing: None,
        near: meant.near,
        ground: meant.ground,
        items,
        newest,
        required,
    }
}

/// Pages and links that stand in the place of a column that no list is: a text (机构职能), a form, a system on another host.
fn pages(seen: &Seen<'_>, own: &OwnNames, listed: &BTreeSet<String>) -> Vec<Line> {
    let mut best: BTreeMap<String, (f64, Line)> = BTreeMap::new();
    for target in seen.facts.targets.values() {
        if seen.facts.columns.contains_key(&target.url) || target.attachment || !may_stand_for_a_column(seen, target) {
            continue;
        }
        let path = seen.facts.pages.get(&target.url).map(|page| page.column_path.clone()).unwrap_or_default();
        for text in link_texts(target) {
            let meant = meaning(seen, &text, &path, own);
            let Some(id) = meant.column.clone().filter(|id| meant.ground > Ground::Alike && !listed.contains(id)) else {
                continue;
            };
            // A page of one's own is more than a link to elsewhere, an answer more than none.
            let seen_here = seen.facts.pages.contains_key(&target.url);
            let works = matches!(target.outcome, TargetOutcome::Works { .. });
            let confidence = meant.confidence - if seen_here { 0.03 } else { 0.08 } - if works { 0.0 } else { 0.05 };
            // What stands on another host somebody has to look at.
            let own_place = target.own && !is_listed_article(seen, target);
            let confidence = if own_place { confidence } else { confidence.min(MOST_ELSEWHERE) };
            let confidence = (confidence * 100.0).round() / 100.0;
            let rank = confidence + target.pages.min(1_000) as f64 / 100_000.0;
            if best.get(&id).is_none_or(|(known, _)| rank > *known) {
                let meant = Meaning { confidence, ..meant };
                best.insert(id, (rank, line(seen, &target.url, &text, &path, meant, 0, None)));
            }
        }
    }
    best.into_values().map(|(_, line)| line).collect()
}

/// A page of the unit, or another host.
fn may_stand_for_a_column(seen: &Seen<'_>, target: &LinkTarget) -> bool {
    !matches!(target.outcome, TargetOutcome::Dead { .. }) && (seen.facts.pages.contains_key(&target.url) || !target.own)
}

/// An article in some list: where it bears the very name of a column it may be the duty's text (指南), and somebody has to look.
fn is_listed_article(seen: &Seen<'_>, target: &LinkTarget) -> bool {
    seen.facts.pages.get(&target.url).is_some_and(|page| page.kind == PageKind::Article && page.column.is_some())
}

/// Texts by which menus and lists of columns call it.
fn link_texts(target: &LinkTarget) -> BTreeSet<String> {
    let texts = target.sources.iter().filter(|source| source.region != Region::Footer && source.hidden.is_none());
    texts.map(|source| squeeze(&source.text)).filter(|text| !text.is_empty() && text.chars().count() <= LONGEST_NAME).collect()
}
