//! A page shows a search engine nothing that it keeps from its readers.
//!
//! Break-ins often show their links to the user agent or the referrer of a search engine only. Pages that were fetched a second time with
//! such a profile are compared: links to unknown hosts and advertising words that only that profile is shown are suspected. Texts that
//! change from visit to visit (counters, news) say nothing.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::probes::SecondProfile;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, hosts, lexicon};
use crate::text::{fold, shorten};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CloakedContent {}

/// Links of unknown hosts, without advertising words, from which a difference is told: one may be a rotating picture.
const LINKS: usize = 2;

impl Rule for CloakedContent {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::SecondProfile];

    fn observe(&self, site: &Site, _: &Context<'_>) -> Vec<Observation> {
        let second = &site.probes.second_profiles;
        if second.is_empty() {
            return vec![Observation::untested("not-compared")];
        }
        let answers: Vec<Observation> = second.iter().filter_map(|page| compared(site, page)).collect();
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}

fn compared(site: &Site, page: &SecondProfile) -> Option<Observation> {
    let spam = lexicon::spam();
    let advertising = |text: &str| {
        let folded = fold(text);
        spam.phrase(&folded).filter(|_| !spam.warns(&folded)).map(|(class, _)| class.id.as_str())
    };
    let found = |key: &str, quote: &str| {
        let quote = shorten(quote, 100);
        Observation::failed(key)
            .suspected()
            .at(Locus::Target(page.url.key()))
            .with("profile", page.profile.as_str())
            .with("quote", quote.as_str())
            .with("page", page.url.as_str())
            .prove("profile", page.profile.as_str())
            .prove("quote", quote.as_str())
            .seen(Location::page(&page.url))
    };
    let own_title = site.pages.get(&page.url).map(|known| fold(&known.title)).unwrap_or_default();
    if let Some(class) = advertising(&page.title).filter(|_| !own_title.is_empty() && !fold(&page.title).contains(&own_title)) {
        return Some(found("title", &page.title).prove("class", class));
    }
    let foreign: Vec<(&String, String)> = page
        .only_there
        .iter()
        .filter_map(|(target, text)| CanonicalUrl::parse(target).ok().map(|url| (text, url.host().to_owned())))
        .filter(|(_, host)| !hosts::is_trusted(host) && host != page.url.host())
        .collect();
    let loud =
        foreign.iter().find(|(text, host)| lexicon::spam_link(text, host, true).is_some() || hosts::advertises(host).is_some());
    if let Some((text, host)) = loud.or_else(|| foreign.first().filter(|_| foreign.len() >= LINKS)) {
        let mut names: Vec<String> = foreign.iter().map(|(_, host)| host.clone()).collect();
        names.sort();
        names.dedup();
        names.truncate(5);
        return Some(found("links", if text.is_empty() { host } else { text }).with("links", foreign.len()).with("hosts", names));
    }
    let text = page.text_only_there.iter().find(|text| text.chars().count() <= 80 && advertising(text).is_some())?;
    Some(found("text", text))
}
