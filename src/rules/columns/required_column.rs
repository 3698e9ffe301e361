//! A site has the column that a norm asks for, where it asks for it.
//!
//! A column is looked for under its name and synonyms (`columns.toml`): as a list, as a page, or as a link that answers, on an official
//! platform for example. It is missing only when the whole site was seen and nothing is even alike.

use crate::checklist::columns::{ColumnEntry, ColumnMatch};
use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::links::Role;
use crate::facts::site::{LinkTarget, Said, TargetOutcome};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::fold;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredColumn {
    /// Id of the column in the column book.
    column: String,
    /// Id of the column under which it has to be.
    #[serde(default)]
    within: Option<String>,
    /// Most links from the home page.
    #[serde(default)]
    max_hops: Option<u32>,
}

/// Fewer links than this make a home page that is drawn by script, not one that we have read.
const FEWEST_LINKS: usize = 5;

/// One place where the column was found.
struct Found<'a> {
    url: &'a CanonicalUrl,
    /// Links from the home page, where known.
    hops: Option<u32>,
    /// Is it under the column that was asked for?
    within: bool,
}

impl Rule for RequiredColumn {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        vec![self.answer(site, context).at(Locus::Name(self.locus()))]
    }
}

impl RequiredColumn {
    /// One column may be asked for in two places, by two items: two faults.
    fn locus(&self) -> String {
        match &self.within {
            Some(parent) => format!("{parent}/{}", self.column),
            None => self.column.clone(),
        }
    }

    fn answer(&self, site: &Site, context: &Context<'_>) -> Observation {
        let Some(entry) = context.book.find(&self.column) else {
            return Observation::untested("incomplete").with("column", self.column.as_str());
        };
        let parent = self.within.as_deref().and_then(|id| context.book.find(id));
        // Where to look: the column above, else the home page.
        let above = parent.and_then(|p| columns_of(site, &p.id).next());
        let place = above.or(site.home.as_ref().map(|home| &home.url)).map(|url| Location {
            column_path: above.and(parent).map(|p| p.name.clone()).into_iter().collect(),
            ..Location::page(url)
        });
        let name = |observation: Observation| {
            let observation = observation.with("column", entry.name.as_str());
            match &place {
                Some(place) => observation.seen(place.clone()),
                None => observation,
            }
        };
        // Bound columns of which nobody has confirmed this one: the office still has to look.
        let doubt = |observation: Observation| match site.is_unconfirmed(&entry.id) {
            true => observation.suspected(),
            false => observation,
        };
        let found = find(site, entry, parent);
        let placed: Vec<&Found<'_>> = found.iter().filter(|f| f.within || self.within.is_none()).collect();
        if placed.is_empty() && !found.is_empty() {
            let observation = name(Observation::cannot_tell("elsewhere"));
            return observation.with("within", parent.map_or("", |p| p.name.as_str())).with("url", found[0].url.as_str());
        }
        if let Some(limit) = self.max_hops.filter(|_| !placed.is_empty()) {
            let nearest = placed.iter().filter_map(|f| f.hops.map(|hops| (hops, f.url))).min();
            return match nearest {
                Some((hops, url)) if hops > limit && placed.iter().all(|f| f.hops.is_some()) => {
                    doubt(name(Observation::failed("too-deep")))
                        .with("hops", i64::from(hops))
                        .with("limit", i64::from(limit))
                        .prove("url", url.as_str())
                        .prove("hops", hops.to_string())
                }
                _ => Observation::passed(),
            };
        }
        if !placed.is_empty() {
            return Observation::passed();
        }
        if let Some(target) = undecided_link(site, entry) {
            return name(Observation::cannot_tell("link-unclear")).with("url", target.url.as_str());
        }
        let alike: BTreeSet<String> = site
            .columns
            .values()
            .filter(|column| matches!(&column.matched, ColumnMatch::Like(ids) if ids.contains(&entry.id)))
            .map(|column| column.name.clone())
            .collect();
        if !alike.is_empty() {
            return name(Observation::cannot_tell("alike")).with("near", alike.into_iter().take(3).collect::<Vec<_>>());
        }
        let Some(home) = &site.home else {
            return name(Observation::untested("incomplete"));
        };
        if !site.complete {
            return name(Observation::untested("incomplete"));
        }
        let anchors = home.links.iter().filter(|l| l.role == Role::Anchor && l.target.is_some()).count();
        let parent_scripted =
            parent.is_some_and(|p| site.columns.values().any(|c| c.matched == ColumnMatch::Is(p.id.clone()) && c.script_filled));
        if anchors < FEWEST_LINKS || parent_scripted || home.list.as_ref().is_some_and(|list| list.script_filled) {
            return name(Observation::cannot_tell("scripted"));
        }
        if let Some(moved) = &site.moved
            && let Some(gone) = moved.gone.iter().find(|bound| bound.confirms(&entry.id))
        {
            return name(Observation::cannot_tell("moved")).with("url", gone.url.as_str());
        }
        doubt(name(Observation::failed("missing")))
            .prove("pages-seen", site.pages.len().to_string())
            .prove("names", names(entry).map(String::as_str).collect::<Vec<_>>().join("、"))
    }
}

fn columns_of<'a>(site: &'a Site, id: &'a str) -> impl Iterator<Item = &'a CanonicalUrl> {
    site.columns.values().filter(move |c| matches!(&c.matched, ColumnMatch::Is(is) if is == id)).map(|c| &c.url)
}

fn names(entry: &ColumnEntry) -> impl Iterator<Item = &String> {
    std::iter::once(&entry.name).chain(&entry.synonyms)
}

/// Is a text exactly one of the column's names?
fn is_named(entry: &ColumnEntry, text: &str) -> bool {
    let text = fold(text);
    !text.is_empty() && names(entry).any(|name| fold(name) == text)
}

/// As a list, as a page, or as a link that answers.
fn find<'a>(site: &'a Site, entry: &ColumnEntry, parent: Option<&ColumnEntry>) -> Vec<Found<'a>> {
    let under = |path: &[String]| parent.is_some_and(|p| path.iter().any(|name| is_named(p, name)));
    let parents: Vec<&CanonicalUrl> = parent.map(|p| columns_of(site, &p.id).collect()).unwrap_or_default();
    let child = |url: &CanonicalUrl| {
        parents.iter().any(|p| site.columns.get(*p).is_some_and(|c| c.children.contains(url)))
            || site
                .targets
                .get(url)
                .is_some_and(|t| t.sources.iter().any(|s| parents.contains(&&s.page) && is_named(entry, &s.text)))
    };
    let said = |url: &CanonicalUrl| site.bound.iter().find(|bound| bound.url == *url);
    let rejected = |url: &CanonicalUrl| {
        said(url).is_some_and(|bound| bound.said == Said::Rejected && bound.column.as_deref() == Some(&entry.id))
    };
    let mut found = Vec::new();
    // Pages and systems elsewhere that a person named; lists come with the columns.
    for bound in site.bound.iter().filter(|bound| bound.confirms(&entry.id) && !site.columns.contains_key(&bound.url)) {
        let page = site.pages.get(&bound.url);
        let works =
            site.targets.get(&bound.url).is_some_and(|t| matches!(t.outcome, TargetOutcome::Works { .. }) && t.chain.is_empty());
        if page.is_some() || works {
            let within = page.is_some_and(|page| under(&page.column_path)) || child(&bound.url);
            found.push(Found { url: &bound.url, hops: None, within });
        }
    }
    for column in site.columns.values() {
        if matches!(&column.matched, ColumnMatch::Is(id) if *id == entry.id) {
            let within = under(&column.path) || child(&column.url);
            found.push(Found { url: &column.url, hops: Some(column.hops), within });
        }
    }
    for page in site.named.pages(names(entry)).into_iter().filter_map(|url| site.pages.get(url)) {
        if !site.columns.contains_key(&page.url) && !rejected(&page.url) {
            found.push(Found { url: &page.url, hops: None, within: under(&page.column_path) || child(&page.url) });
        }
    }
    for target in linked_as(site, entry).filter(|t| matches!(t.outcome, TargetOutcome::Works { .. })) {
        if !site.columns.contains_key(&target.url) && !rejected(&target.url) {
            let home = site.home.as_ref().map(|home| &home.url);
            let hops = target.sources.iter().any(|s| Some(&s.page) == home).then_some(1);
            let within = child(&target.url) || target.sources.iter().any(|s| parents.contains(&&s.page));
            found.push(Found { url: &target.url, hops, within });
        }
    }
    found
}

/// A link that carries the column's name and was not seen to answer: behind a login, a script, or the end of the budget.
fn undecided_link<'a>(site: &'a Site, entry: &ColumnEntry) -> Option<&'a LinkTarget> {
    linked_as(site, entry).find(|target| matches!(target.outcome, TargetOutcome::Blocked { .. } | TargetOutcome::Unseen { .. }))
}

/// Link targets that some link calls by the column's name, in canonical order.
fn linked_as<'a>(site: &'a Site, entry: &ColumnEntry) -> impl Iterator<Item = &'a LinkTarget> + use<'a> {
    site.named.targets(names(entry)).into_iter().filter_map(|url| site.targets.get(url))
}
