//! The places that refer to link targets: on a shelf, since they grow with the links of a site.

use crate::error::{Error, Result};
use crate::facts::links::{Link, Region, Role};
use crate::shelf::{Place, Shelf};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Sources wait in memory until they take so many times what the shelf keeps there: the more of them, the longer their chains.
const WAITING: usize = 4;

/// One place that refers to a target.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkSource {
    /// The page.
    pub page: CanonicalUrl,
    /// Link text.
    pub text: Arc<str>,
    /// The attribute as written.
    pub raw: Arc<str>,
    /// CSS path.
    pub selector: Arc<str>,
    /// Line in the source.
    pub line: Option<u32>,
    /// Element that refers.
    pub role: Role,
    /// Where on the page.
    pub region: Region,
    /// Hidden, and by what.
    pub hidden: Option<Arc<str>>,
}

/// The places kept of one target, read when they are asked for.
#[derive(Clone, Default)]
pub struct Sources {
    kept: Option<(Arc<Kept>, Place)>,
    count: u8,
}

impl Sources {
    /// How many are kept.
    pub fn len(&self) -> usize {
        usize::from(self.count)
    }

    /// Is none kept?
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// All of them, in canonical page order.
    pub fn iter(&self) -> std::vec::IntoIter<LinkSource> {
        let all = match &self.kept {
            Some((kept, place)) => kept.read(*place),
            None => Vec::new(),
        };
        all.into_iter()
    }

    /// The first.
    pub fn first(&self) -> Option<LinkSource> {
        self.iter().next()
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Sources {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count && self.iter().eq(other.iter())
    }
}

/// The sources of all targets of a site.
#[derive(Debug, Default)]
pub(super) struct Kept {
    shelf: Shelf,
    /// What kept them from being written or read.
    failed: Mutex<Option<Error>>,
}

impl Kept {
    /// The first thing that went wrong with what a fold keeps on disk: what was judged without it does not hold.
    pub(super) fn failure(&self) -> Option<Error> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn fail(&self, error: Error) {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    fn read(&self, place: Place) -> Vec<LinkSource> {
        let mut record = Vec::new();
        let read = self.shelf.get(place, &mut record).and_then(|()| whole(&record));
        read.unwrap_or_else(|error| {
            self.fail(error);
            Vec::new()
        })
    }
}

/// Takes sources page by page and puts those of one target together. Targets have numbers, from 0.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    shelf: Shelf,
    /// Rows that wait, one behind the other: target, begin and end of each.
    waiting: Vec<u8>,
    rows: Vec<(u32, u32, u32)>,
    /// Where the last rows of each target stand on the shelf; those before them are told there.
    last: Vec<Option<Place>>,
    failed: Option<Error>,
}

impl Gathering {
    /// Nothing yet; what does not fit into memory goes to the shelf.
    pub(super) fn new(shelf: Shelf) -> Self {
        Gathering { shelf, ..Gathering::default() }
    }

    /// Takes a source of a target: among those that a reader meets, or not.
    pub(super) fn add(&mut self, target: u32, visible: bool, page: &CanonicalUrl, link: &Link) {
        let begin = self.waiting.len();
        let row = Row {
            visible,
            page: page.as_str(),
            text: &link.text,
            raw: &link.raw,
            selector: &link.selector,
            line: link.line,
            role: link.role,
            region: link.region,
            hidden: link.hidden.as_deref(),
        };
        match postcard::to_extend(&row, std::mem::take(&mut self.waiting)) {
            Ok(waiting) => self.waiting = waiting,
            Err(why) => self.failed = self.failed.take().or(Some(internal(why))),
        }
        self.rows.push((target, begin as u32, self.waiting.len() as u32));
        if self.waiting.len() >= WAITING * self.shelf.bound()
            && let Err(error) = self.put_away()
        {
            self.failed.get_or_insert(error);
        }
    }

    /// Puts what waits behind the chains of its targets.
    fn put_away(&mut self) -> Result<()> {
        // Stable: those of one target stay in the order of their pages.
        self.rows.sort_by_key(|(target, ..)| *target);
        let mut record = Vec::new();
        for rows in self.rows.chunk_by(|a, b| a.0 == b.0) {
            let target = rows.first().map_or(0, |row| row.0 as usize);
            if self.last.len() <= target {
                self.last.resize(target + 1, None);
            }
            let Some(last) = self.last.get_mut(target) else { continue };
            record.clear();
            record = postcard::to_extend(last, record).map_err(internal)?;
            for (_, begin, end) in rows {
                record.extend_from_slice(self.waiting.get(*begin as usize..*end as usize).unwrap_or_default());
            }
            *last = Some(self.shelf.put(&record)?);
        }
        self.rows.clear();
        self.waiting.clear();
        Ok(())
    }

    /// Ends the taking. `chosen` tells of each target in turn its number, whether its visible sources count, and how many there are.
    pub(super) fn finish(mut self, chosen: impl Iterator<Item = (u32, bool, u8)>) -> (Vec<Sources>, Arc<Kept>) {
        let mut kept = Kept { shelf: self.shelf.another(), failed: Mutex::default() };
        let mut places = Vec::new();
        let work = || {
            self.put_away()?;
            let (mut record, mut chain) = (Vec::new(), Vec::new());
            for (target, visible, count) in chosen {
                chain.clear();
                let mut at = self.last.get(target as usize).copied().flatten();
                while let Some(place) = at {
                    self.shelf.get(place, &mut record)?;
                    let (before, rows) = postcard::take_from_bytes::<Option<Place>>(&record).map_err(internal)?;
                    chain.push(rows.to_vec());
                    at = before;
                }
                let whole = joined(chain.iter().rev(), visible)?;
                places.push((kept.shelf.put(&whole)?, count));
            }
            Ok(())
        };
        if let Some(error) = work().err().or(self.failed) {
            kept.fail(error);
        }
        let kept = Arc::new(kept);
        (places.into_iter().map(|(place, count)| Sources { kept: Some((kept.clone(), place)), count }).collect(), kept)
    }
}

/// A source as it waits.
#[derive(Serialize, Deserialize)]
struct Row<'a> {
    visible: bool,
    page: &'a str,
    text: &'a str,
    raw: &'a str,
    selector: &'a str,
    line: Option<u32>,
    role: Role,
    region: Region,
    hidden: Option<&'a str>,
}

/// A source as it is kept: what it shares with the one before is left out, and of the page's URL the beginning that both have.
#[derive(Serialize, Deserialize)]
struct Short<'a> {
    shared: u32,
    page: &'a str,
    text: Option<&'a str>,
    raw: Option<&'a str>,
    selector: Option<&'a str>,
    line: Option<u32>,
    role: Role,
    region: Region,
    hidden: Option<&'a str>,
}

/// The rows of a target in their final form.
fn joined<'c>(chain: impl Iterator<Item = &'c Vec<u8>>, visible: bool) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut last: Option<Row<'_>> = None;
    for rows in chain {
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let (row, behind) = postcard::take_from_bytes::<Row<'_>>(rest).map_err(internal)?;
            rest = behind;
            if row.visible != visible {
                continue;
            }
            let before = last.as_ref();
            let shared = before.map_or(0, |before| shared(before.page, row.page));
            let short = Short {
                shared: shared as u32,
                page: &row.page[shared..],
                text: Some(row.text).filter(|text| before.is_none_or(|b| b.text != *text)),
                raw: Some(row.raw).filter(|raw| before.is_none_or(|b| b.raw != *raw)),
                selector: Some(row.selector).filter(|selector| before.is_none_or(|b| b.selector != *selector)),
                line: row.line,
                role: row.role,
                region: row.region,
                hidden: row.hidden,
            };
            out = postcard::to_extend(&short, out).map_err(internal)?;
            last = Some(row);
        }
    }
    Ok(out)
}

/// Bytes that two texts begin with alike, whole characters.
fn shared(one: &str, other: &str) -> usize {
    let mut shared = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    while !other.is_char_boundary(shared) || !one.is_char_boundary(shared) {
        shared -= 1;
    }
    shared
}

/// All sources of a record.
fn whole(record: &[u8]) -> Result<Vec<LinkSource>> {
    let mut all: Vec<LinkSource> = Vec::new();
    let mut rest = record;
    while !rest.is_empty() {
        let (short, behind) = postcard::take_from_bytes::<Short<'_>>(rest).map_err(internal)?;
        rest = behind;
        let before = all.last();
        let same = |text: Option<&str>, of: fn(&LinkSource) -> &Arc<str>| match (text, before) {
            (None, Some(before)) => of(before).clone(),
            (text, _) => text.unwrap_or_default().into(),
        };
        let beginning = before.and_then(|before| before.page.as_str().get(..short.shared as usize)).unwrap_or_default();
        let page = match before {
            Some(before) if short.page.is_empty() && beginning.len() == before.page.as_str().len() => before.page.clone(),
            _ => CanonicalUrl::as_written(&format!("{beginning}{}", short.page)),
        };
        all.push(LinkSource {
            text: same(short.text, |source| &source.text),
            raw: same(short.raw, |source| &source.raw),
            selector: same(short.selector, |source| &source.selector),
            page,
            line: short.line,
            role: short.role,
            region: short.region,
            hidden: short.hidden.map(Into::into),
        });
    }
    Ok(all)
}

fn internal(why: postcard::Error) -> Error {
    Error::Internal(format!("link sources: {why}"))
}
