//! The home page, or every selected page, has a link of a certain name or target, and the target answers.
//!
//! A link that answers behind a login, or that was not looked at, does not let us decide; a dead one does. A page with hardly any
//! links is drawn by script.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::links::{Link, Region, Role};
use crate::facts::site::TargetOutcome;
use crate::finding::{Location, Locus, Observation, Text};
use crate::rules::own_words::{self, Pattern};
use crate::rules::{Context, Rule};
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkPresent {
    /// What the text, title or picture text of the link holds, folded.
    text: Option<Pattern>,
    /// What the address of the link holds.
    target: Option<Pattern>,
    /// Where on the page; default: anywhere.
    region: Option<Region>,
    /// On which pages.
    pages: Pages,
    /// Must the target answer?
    answers: bool,
    /// The finding in the office's own words.
    says: Option<Text>,
}

impl Default for LinkPresent {
    fn default() -> Self {
        LinkPresent { text: None, target: None, region: None, pages: Pages::Home, answers: true, says: None }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Pages {
    /// The home page only.
    #[default]
    Home,
    /// Every page that the item selects.
    Selected,
}

/// Fewer links than this make a page that is drawn by script, not one that we have read.
const FEWEST_LINKS: usize = 5;

impl Rule for LinkPresent {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let is_home = context.site.home.as_ref().is_some_and(|home| home.url == page.url);
        if self.text.is_none() && self.target.is_none() || self.pages == Pages::Home && !is_home {
            return vec![Observation::inapplicable()];
        }
        let named = self.name();
        let say = |observation: Observation| observation.with("link", named.as_str()).at(Locus::Name(named.clone()));
        let links: Vec<&Link> = page.links.iter().filter(|link| self.takes(link)).collect();
        let failed =
            |key: &str| say(own_words::failed(key, self.says.as_ref())).with("title", page.title()).prove("link", named.as_str());
        if links.is_empty() {
            let anchors = page.links.iter().filter(|l| l.role == Role::Anchor && l.target.is_some()).count();
            if page.document.cut || anchors < FEWEST_LINKS {
                return vec![say(Observation::cannot_tell("drawn"))];
            }
            let elsewhere = page.links.iter().find(|link| self.region.is_some() && self.is_named(link));
            let observation = failed("missing").seen(Location::text(&page.url, page.title()));
            return vec![match elsewhere {
                Some(link) => observation.prove("elsewhere", link.selector.as_str()),
                None => observation,
            }];
        }
        if !self.answers {
            return vec![Observation::passed()];
        }
        let outcome = |link: &Link| link.target.as_ref().and_then(|t| context.site.targets.get(t)).map(|t| &t.outcome);
        let fetched = |link: &Link| link.target.as_ref().is_some_and(|t| context.site.pages.contains_key(t));
        if links.iter().any(|link| fetched(link) || matches!(outcome(link), Some(TargetOutcome::Works { .. }))) {
            return vec![Observation::passed()];
        }
        let unsure = links.iter().find(|link| !matches!(outcome(link), Some(TargetOutcome::Dead { .. })));
        if let Some(link) = unsure {
            let cause = match outcome(link) {
                Some(TargetOutcome::Blocked { cause }) => {
                    return vec![
                        say(Observation::cannot_tell("blocked")).with("target", raw(link)).with("cause", cause.as_str()),
                    ];
                }
                Some(TargetOutcome::Unseen { cause }) => cause.as_str(),
                _ if link.target.is_none() => {
                    return vec![say(Observation::cannot_tell("scripted")).with("target", raw(link))];
                }
                _ => "unseen",
            };
            return vec![say(Observation::untested("unseen")).with("target", raw(link)).with("cause", cause)];
        }
        let dead = links.iter().fold(failed("dead").with("target", raw(links[0])), |o, link| {
            o.seen(Location {
                selector: Some(link.selector.clone()),
                line: link.line,
                text: Some(if link.text.is_empty() { link.raw.clone() } else { link.text.clone() }),
                ..Location::page(&page.url)
            })
        });
        vec![dead.prove("href", raw(links[0]))]
    }
}

impl LinkPresent {
    /// What it is called in messages: the patterns, without the signs that only a machine reads.
    fn name(&self) -> String {
        let of = |pattern: &Option<Pattern>| pattern.as_ref().map(|p| p.text().to_owned());
        [of(&self.text), of(&self.target)].into_iter().flatten().collect::<Vec<_>>().join(" → ")
    }

    fn takes(&self, link: &Link) -> bool {
        let shown = link.hidden.is_none() || !link.other_texts.is_empty();
        self.region.is_none_or(|region| region == link.region) && shown && self.is_named(link)
    }

    fn is_named(&self, link: &Link) -> bool {
        let is_way = matches!(link.role, Role::Anchor | Role::Frame | Role::Image);
        let text = |pattern: &Pattern| {
            let own = link.hidden.is_none().then_some(&link.text);
            own.into_iter().chain(&link.other_texts).chain(&link.title).any(|text| pattern.is_in(&fold(text)))
        };
        let target = |pattern: &Pattern| {
            pattern.is_in(&link.raw) || link.target.as_ref().is_some_and(|target| pattern.is_in(target.as_str()))
        };
        is_way && self.text.as_ref().is_none_or(text) && self.target.as_ref().is_none_or(target)
    }
}

fn raw(link: &Link) -> &str {
    link.target.as_ref().map_or(link.raw.as_str(), |target| target.as_str())
}
