//! Distinct link targets, each with the places that refer to it.

use super::ends::Ends;
use super::{LinkSource, LinkTarget, Look};
use crate::facts::attachments::EXTENSIONS;
use crate::facts::links::{Link, Role};
use crate::facts::page::Page;
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Sources kept of one target; the counts are always whole.
pub const MOST_SOURCES: usize = 50;
/// Distinct link texts kept of one target: a name is among the first of them.
const MOST_TEXTS: usize = 12;
/// Longer link texts are titles or teasers, never the name of a column.
const LONGEST_NAME: usize = 24;

/// Links of one sort to one target.
#[derive(Debug, Default)]
struct Group {
    sources: Vec<LinkSource>,
    occurrences: u64,
    pages: u64,
    last_page: Option<CanonicalUrl>,
}

/// One target while pages are still being added.
#[derive(Debug, Default)]
struct Referred {
    /// Links that a reader meets on the page.
    visible: Group,
    /// Hidden links and guesses: kept only where there is no visible one.
    unseen: Group,
    attachment: bool,
    texts: Vec<(Arc<str>, u32)>,
}

/// Texts that were met before: a site of many thousand pages has few different selectors, and names each of its pages alike everywhere.
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
}

impl Targets {
    /// Adds the links of a page.
    pub(super) fn add_page(&mut self, page: &Page) {
        let files: BTreeSet<&CanonicalUrl> = page.attachments.iter().map(|a| &a.url).collect();
        for link in &page.links {
            let Some(target) = &link.target else { continue };
            let referred = match self.referred.get_mut(target) {
                Some(known) => known,
                None => self.referred.entry(target.clone()).or_default(),
            };
            referred.attachment |= files.contains(target)
                || link.role == Role::Anchor && target.extension().is_some_and(|e| EXTENSIONS.contains(&e.as_str()));
            if link.role == Role::Anchor {
                referred.name(&link.text, &mut self.texts);
            }
            let group = if is_seen(link) { &mut referred.visible } else { &mut referred.unseen };
            group.add(&page.url, link, &mut self.texts);
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
    pub(super) fn finish(self, ends: &Ends, own: &dyn Fn(&CanonicalUrl) -> bool) -> BTreeMap<CanonicalUrl, LinkTarget> {
        let finish = |(url, referred): (CanonicalUrl, Referred)| {
            let (outcome, chain) = ends.resolve(&url);
            let looks: Vec<Look> = ends.looks(chain.last().unwrap_or(&url)).to_vec();
            let group = if referred.visible.sources.is_empty() { referred.unseen } else { referred.visible };
            let target = LinkTarget {
                own: own(&url),
                attachment: referred.attachment,
                outcome,
                chain,
                looks,
                sources: group.sources,
                occurrences: group.occurrences,
                pages: group.pages,
                url: url.clone(),
            };
            (url, target)
        };
        self.referred.into_iter().map(finish).collect()
    }
}

impl Referred {
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
    fn add(&mut self, page: &CanonicalUrl, link: &Link, texts: &mut Texts) {
        self.occurrences += u64::from(link.times.max(1));
        if self.last_page.as_ref() != Some(page) {
            self.pages += 1;
            self.last_page = Some(page.clone());
        }
        if self.sources.len() < MOST_SOURCES {
            self.sources.push(LinkSource {
                page: page.clone(),
                text: texts.shared(&link.text),
                raw: texts.shared(&link.raw),
                selector: texts.shared(&link.selector),
                line: link.line,
                role: link.role,
                region: link.region,
                hidden: link.hidden.as_deref().map(|hidden| texts.shared(hidden)),
            });
        }
    }
}

/// A link that a reader can meet: neither hidden nor guessed from script.
pub(super) fn is_seen(link: &Link) -> bool {
    link.hidden.is_none() && link.role != Role::Guess
}
