//! Distinct link targets, each with the places that refer to it.

use super::ends::Ends;
use super::sources::{Gathering, Kept, Sources};
use super::{LinkTarget, Look, TargetOutcome};
use crate::facts::attachments::EXTENSIONS;
use crate::facts::links::{Link, Role};
use crate::facts::page::Page;
use crate::shelf::Shelf;
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Sources kept of one target; the counts are always whole.
pub const MOST_SOURCES: u8 = 50;
/// Distinct link texts kept of one target: a name is among the first of them.
const MOST_TEXTS: usize = 12;
/// Longer link texts are titles or teasers, never the name of a column.
const LONGEST_NAME: usize = 24;

/// Links of one sort to one target.
#[derive(Debug, Default)]
struct Group {
    occurrences: u64,
    pages: u32,
    /// Number of the last page.
    last_page: u32,
    /// Sources kept.
    kept: u8,
}

/// One target while pages are still being added.
#[derive(Debug)]
struct Referred {
    /// Its sources are gathered under this number.
    number: u32,
    /// Links that a reader meets on the page.
    visible: Group,
    /// Hidden links and guesses: kept only where there is no visible one.
    unseen: Group,
    attachment: bool,
    texts: Vec<(Arc<str>, u32)>,
}

/// Texts that were met before: a site names each of its pages alike everywhere.
#[derive(Debug, Default)]
struct Texts(HashSet<Arc<str>>);

impl Texts {
    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        self.0.insert(new.clone());
        new
    }
}

/// The fold.
#[derive(Debug, Default)]
pub(super) struct Targets {
    referred: BTreeMap<CanonicalUrl, Referred>,
    texts: Texts,
    sources: Gathering,
    pages: u32,
}

impl Targets {
    /// An empty fold whose sources go to the shelf.
    pub(super) fn new(shelf: Shelf) -> Self {
        Targets { sources: Gathering::new(shelf), ..Targets::default() }
    }

    /// Adds the links of a page.
    pub(super) fn add_page(&mut self, page: &Page) {
        self.pages += 1;
        let files: BTreeSet<&CanonicalUrl> = page.attachments.iter().map(|a| &a.url).collect();
        for link in &page.links {
            let Some(target) = &link.target else { continue };
            let number = self.referred.len() as u32;
            let referred = match self.referred.get_mut(target) {
                Some(known) => known,
                None => self.referred.entry(target.clone()).or_insert_with(|| Referred::new(number)),
            };
            referred.attachment |= files.contains(target)
                || link.role == Role::Anchor && target.extension().is_some_and(|e| EXTENSIONS.contains(&e.as_str()));
            if link.role == Role::Anchor {
                referred.name(&link.text, &mut self.texts);
            }
            let visible = is_seen(link);
            let group = if visible { &mut referred.visible } else { &mut referred.unseen };
            if group.add(self.pages, link) {
                self.sources.add(referred.number, visible, &page.url, link);
            }
        }
    }

    /// The name that links give to a target, most frequent first.
    pub(super) fn names(&self, target: &CanonicalUrl) -> Vec<(&str, u32)> {
        let mut names: Vec<(&str, u32)> =
            self.referred.get(target).map(|r| r.texts.iter().map(|(text, n)| (&**text, *n)).collect()).unwrap_or_default();
        names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        names
    }

    /// Ends the fold: what following each link leads to.
    pub(super) fn finish(
        self,
        ends: &Ends,
        own: &dyn Fn(&CanonicalUrl) -> bool,
    ) -> (BTreeMap<CanonicalUrl, LinkTarget>, Arc<Kept>) {
        let Targets { referred, sources, texts, .. } = self;
        drop(texts);
        let chosen = referred.values().map(|one| {
            let visible = one.visible.kept > 0;
            (one.number, visible, if visible { one.visible.kept } else { one.unseen.kept })
        });
        let (sources, kept) = sources.finish(chosen);
        let finish = |((url, referred), sources): ((CanonicalUrl, Referred), Sources)| {
            let (outcome, chain) = ends.resolve(&url);
            let looks: Vec<Look> = match &outcome {
                TargetOutcome::Works { .. } => Vec::new(),
                _ => ends.looks(chain.last().unwrap_or(&url)),
            };
            let group = if referred.visible.kept > 0 { referred.visible } else { referred.unseen };
            let target = LinkTarget {
                own: own(&url),
                attachment: referred.attachment,
                outcome,
                chain,
                looks,
                sources,
                occurrences: group.occurrences,
                pages: group.pages.into(),
                url: url.clone(),
            };
            (url, target)
        };
        // Sources that could not be read are told by `kept`; no target is lost for them.
        let sources = sources.into_iter().chain(std::iter::repeat_with(Sources::default));
        (referred.into_iter().zip(sources).map(finish).collect(), kept)
    }
}

impl Referred {
    fn new(number: u32) -> Self {
        Referred { number, visible: Group::default(), unseen: Group::default(), attachment: false, texts: Vec::new() }
    }

    fn name(&mut self, text: &str, texts: &mut Texts) {
        if text.is_empty() || text.chars().count() > LONGEST_NAME {
            return;
        }
        if let Some((_, times)) = self.texts.iter_mut().find(|(known, _)| **known == *text) {
            *times += 1;
        } else if self.texts.len() < MOST_TEXTS {
            self.texts.push((texts.shared(text), 1));
        }
    }
}

impl Group {
    /// Counts a link. Is it one of the first, whose places are kept?
    fn add(&mut self, page: u32, link: &Link) -> bool {
        self.occurrences += u64::from(link.times.max(1));
        if self.last_page != page {
            self.pages += 1;
            self.last_page = page;
        }
        let first = self.kept < MOST_SOURCES;
        self.kept += u8::from(first);
        first
    }
}

/// A link that a reader can meet: neither hidden nor guessed from script.
pub(super) fn is_seen(link: &Link) -> bool {
    link.hidden.is_none() && link.role != Role::Guess
}
