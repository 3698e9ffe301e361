//! The disclosure page leads to each of its parts (guide, rules, statutory content, annual reports, requests), none of them is a blank
//! page, and it can be searched.
//!
//! That a column exists at all is `required-column`'s, that its list is filled `column-empty`'s, that its link works `dead-link`'s: here
//! only what is wrong on the disclosure page itself.

use crate::checklist::columns::{ColumnEntry, ColumnMatch};
use crate::checklist::platforms;
use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::form::Purpose;
use crate::facts::site::{Column, LinkTarget, TargetOutcome};
use crate::finding::{Location, Locus, Observation, RootCause};
use crate::rules::places::{all_sources_known, columns_of, is_linked_as, is_named};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Id of the disclosure column in the book.
const PLATFORM: &str = "disclosure";
/// Fewer characters than this say nothing.
const BLANK: u32 = 8;

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlatformColumn {
    /// Ids of the columns to which the disclosure page has to lead.
    columns: Vec<String>,
    /// Has it to have a search box?
    search: bool,
}

impl Default for PlatformColumn {
    fn default() -> Self {
        let columns = ["disclosure-guide", "disclosure-rules", "statutory-disclosure", "disclosure-annual-report"];
        PlatformColumn { columns: columns.map(str::to_owned).to_vec(), search: true }
    }
}

impl Rule for PlatformColumn {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let ids = [PLATFORM.to_owned()];
        // Several pages may be called so: the one nearest to the home page is the way in.
        let Some(platform) = columns_of(site, &ids).min_by_key(|c| (c.hops, &c.url)) else {
            return vec![Observation::inapplicable()];
        };
        let mut answers: Vec<Observation> =
            self.columns.iter().filter_map(|id| context.book.find(id)).map(|entry| part(site, platform, entry)).collect();
        if self.search {
            answers.push(search(site, platform));
        }
        answers
    }
}

fn at_platform(platform: &Column, entry: &ColumnEntry, observation: Observation) -> Observation {
    let place =
        Location { text: Some(entry.name.clone()), column_path: vec![platform.name.clone()], ..Location::page(&platform.url) };
    observation
        .at(Locus::Name(entry.id.clone()))
        .with("column", entry.name.as_str())
        .with("platform", platform.name.as_str())
        .seen(place)
        .cause(RootCause::Column)
}

/// One part of the platform.
fn part(site: &Site, platform: &Column, entry: &ColumnEntry) -> Observation {
    let say = |observation: Observation| at_platform(platform, entry, observation);
    let is = |column: &Column| column.matched == ColumnMatch::Is(entry.id.clone());
    let of_platform =
        |target: &&LinkTarget| target.sources.iter().any(|s| platform.pages.contains(&s.page) && is_named(entry, &s.text));
    let named: Vec<&LinkTarget> = site.targets.values().filter(|t| is_linked_as(t, entry)).collect();
    let linked: Vec<&LinkTarget> = named.iter().copied().filter(of_platform).collect();
    let child = site.columns.values().find(|c| is(c) && platform.children.contains(&c.url));
    if linked.is_empty() && child.is_none() {
        let exists = site.columns.values().any(is) || !named.is_empty();
        if !exists {
            return say(Observation::inapplicable());
        }
        // A link in a template that is on many pages: the sample may leave the platform's page out.
        if !named.iter().all(|t| all_sources_known(t)) {
            return say(Observation::passed());
        }
        if platform.script_filled {
            return say(Observation::cannot_tell("scripted"));
        }
        let sub = site.columns.values().any(|c| is(c) && c.path.contains(&platform.name));
        return if sub || !site.complete { say(Observation::passed()) } else { say(Observation::failed("not-on-platform")) };
    }
    for target in linked {
        match &target.outcome {
            TargetOutcome::Dead { .. } => {}
            TargetOutcome::Blocked { .. } | TargetOutcome::Unseen { .. } => {
                return say(Observation::cannot_tell("link-unclear").with("url", target.url.as_str()));
            }
            TargetOutcome::Works { .. } if !target.own => {
                let platform = platforms::of_host(target.url.host());
                if platform.is_some_and(|p| p.hidden) {
                    return say(Observation::cannot_tell("link-unclear").with("url", target.url.as_str()));
                }
            }
            TargetOutcome::Works { .. } => {
                if let Some(blank) = blank(site, target) {
                    return say(Observation::failed("blank").with("url", blank.as_str()).prove("url", blank.as_str()));
                }
            }
        }
    }
    say(Observation::passed())
}

/// The address of a page that shows nothing at all and is no list.
fn blank<'a>(site: &'a Site, target: &'a LinkTarget) -> Option<&'a crate::url::CanonicalUrl> {
    let landed = target.chain.last().unwrap_or(&target.url);
    let page = site.pages.get(landed).filter(|page| !site.columns.contains_key(&page.url))?;
    let listed = site.columns.values().any(|c| c.pages.contains(&page.url));
    (page.offers.is_blank(BLANK) && !listed).then_some(&page.url)
}

fn search(site: &Site, platform: &Column) -> Observation {
    let say = |observation: Observation| {
        observation
            .at(Locus::Name("search".to_owned()))
            .with("platform", platform.name.as_str())
            .seen(Location::page(&platform.url))
            .cause(RootCause::Template)
    };
    let Some(page) = site.pages.get(&platform.url) else {
        return say(Observation::untested("unseen"));
    };
    let home_searches = site.home.as_ref().is_none_or(|home| home.forms.iter().any(|f| f.purpose() == Purpose::Search));
    if page.offers.forms.contains(&Purpose::Search) {
        return say(Observation::passed());
    }
    // A site without any search box is judged as a site, not here.
    if !home_searches {
        return say(Observation::inapplicable());
    }
    if page.offers.speaks_of_search || page.offers.frames > 0 || page.offers.scripted || platform.script_filled {
        return say(Observation::cannot_tell("search-unclear"));
    }
    say(Observation::failed("no-search").suspected())
}
