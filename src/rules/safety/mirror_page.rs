//! A page that calls itself a government site's stands on that site's host.
//!
//! Copies of official pages on other people's hosts keep the site tags of the original: SiteDomain, or the Url of the article, names a
//! `.gov.cn` host, the page came from another one that is none. Such a page says nothing about the body whose name it carries. A site of a body
//! on an own domain that is no `.gov.cn` is another rule's business.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, hosts};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MirrorPage {}

impl Rule for MirrorPage {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let host = page.url.host();
        if hosts::is_local(host) {
            return vec![Observation::inapplicable()];
        }
        if hosts::is_government(host) {
            return vec![Observation::passed()];
        }
        let Some((tag, claimed)) = claimed(page) else { return vec![Observation::passed()] };
        let name = page.meta("SiteName").filter(|name| !name.trim().is_empty()).unwrap_or(claimed.as_str());
        vec![
            Observation::failed("copy")
                .suspected()
                .at(Locus::Name(tag.to_owned()))
                .with("host", host)
                .with("claimed", claimed.as_str())
                .with("name", name)
                .prove("tag", tag)
                .prove("claimed", claimed.as_str())
                .prove("host", host)
                .seen(Location::text(&page.url, claimed.as_str())),
        ]
    }
}

/// The government host that the page calls its own, and the tag that says so.
fn claimed(page: &Page) -> Option<(&'static str, String)> {
    ["SiteDomain", "Url", "og:url"].into_iter().find_map(|tag| {
        let value = page.meta(tag)?.trim();
        let url =
            if value.contains("://") { CanonicalUrl::parse(value) } else { CanonicalUrl::parse(&format!("http://{value}")) }
                .ok()?;
        // An article may name the page that it was taken from: only the same path is a copy.
        let same = tag == "SiteDomain" || url.path() == page.url.path() && url.path().len() > 1;
        (hosts::is_government(url.host()) && same).then(|| (tag, url.host().to_owned()))
    })
}
