//! A page that comes encrypted loads everything encrypted: browsers block or warn of the rest (W3C Mixed Content).

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::links::{Link, Role};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, spots};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MixedContent {
    /// Are pictures told, too? Browsers try them encrypted first, and show nothing when that fails.
    pictures: bool,
}

impl Default for MixedContent {
    fn default() -> Self {
        MixedContent { pictures: true }
    }
}

impl Rule for MixedContent {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        if page.url.scheme() != "https" || !spots::concerns(page) {
            return vec![Observation::inapplicable()];
        }
        if page.transport.upgrades_insecure {
            return vec![Observation::passed()];
        }
        let insecure = page.links.iter().filter(|link| self.loads(link)).filter_map(|link| Some((link, link.target.as_ref()?)));
        let faults: Vec<Observation> =
            insecure.filter(|(_, target)| is_insecure(target)).map(|(link, target)| fault(page, link, target)).collect();
        if faults.is_empty() { vec![Observation::passed()] } else { faults }
    }
}

impl MixedContent {
    /// Does the browser load it with the page? What only stands there without script is not loaded with it.
    fn loads(&self, link: &Link) -> bool {
        let role = match link.role {
            Role::Script | Role::Style | Role::Frame => true,
            Role::Image => self.pictures,
            Role::Anchor | Role::Refresh | Role::Guess => false,
        };
        role && link.hidden.as_deref() != Some("noscript")
    }
}

/// Unencrypted, and not on the visitor's own machine.
fn is_insecure(target: &CanonicalUrl) -> bool {
    let host = target.host();
    let local =
        host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]" || host == "::1";
    target.scheme() == "http" && !local
}

fn fault(page: &Page, link: &Link, target: &CanonicalUrl) -> Observation {
    let observation = match link.role {
        Role::Image => Observation::failed("picture"),
        _ => Observation::failed("blocked"),
    };
    let kind = match link.role {
        Role::Script => "script",
        Role::Style => "style",
        Role::Frame => "frame",
        _ => "image",
    };
    observation
        .at(Locus::Target(spots::key(page, target)))
        .with("target", target.as_str())
        .with("kind", kind)
        .prove("reference", link.raw.as_str())
        .count(u64::from(link.times.max(1)))
        .seen(Location {
            selector: Some(link.selector.clone()).filter(|s| !s.is_empty()),
            line: link.line,
            ..Location::text(&page.url, link.raw.as_str())
        })
}
