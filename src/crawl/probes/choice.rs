//! What is probed: decided by the pages that were kept, so that a run that goes on decides the same.

use crate::crawl::frontier::fingerprint;
use crate::exchange::{Exchange, decode_body};
use crate::facts::page::Glance;
use crate::facts::page_kind::PageKind;
use crate::facts::search_box::SearchForm;
use crate::scope::Scope;
use crate::url::CanonicalUrl;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Own origins that are probed.
const MOST_ORIGINS: usize = 5;
/// Column fronts that are asked for again, beside the home page.
const MOST_COLUMNS: usize = 3;
/// Titles that the site's own search is asked for.
const MOST_TITLES: usize = 5;
/// Articles among which those titles are chosen: the first by fingerprint, which is no order that a site could know.
const MOST_CANDIDATES: usize = 40;
/// A search engine needs time to take an article in.
const LEAST_AGE_DAYS: i64 = 30;

/// Gathers what may be probed.
pub(super) struct Choice<'a> {
    scope: &'a Scope,
    /// Origins in the order met: seeds first.
    origins: Vec<CanonicalUrl>,
    /// Home page and column fronts: hop count and whether it is a column, then URL; with the digest of the body.
    fronts: BTreeMap<(u32, CanonicalUrl), String>,
    candidates: BTreeMap<u128, (CanonicalUrl, String, jiff::civil::Date)>,
    form: Option<(u32, CanonicalUrl, SearchForm)>,
}

impl<'a> Choice<'a> {
    pub(super) fn new(scope: &'a Scope) -> Self {
        Choice { scope, origins: Vec::new(), fronts: BTreeMap::new(), candidates: BTreeMap::new(), form: None }
    }

    pub(super) fn add_seed(&mut self, url: &CanonicalUrl) {
        self.add_ended(url);
    }

    /// A URL of the scope that was asked for, whatever came of it.
    pub(super) fn add_ended(&mut self, url: &CanonicalUrl) {
        if self.origins.len() < MOST_ORIGINS
            && self.scope.contains(url, None)
            && !self.origins.iter().any(|known| known.origin() == url.origin())
            && let Ok(root) = url.join("/", encoding_rs::UTF_8)
        {
            self.origins.push(root);
        }
    }
}

impl Choice<'_> {
    pub(super) fn add_page(&mut self, page: Glance) {
        if page.status != 200 || !self.scope.contains(&page.url, None) {
            return;
        }
        if matches!(page.kind, PageKind::Home | PageKind::Column) || page.hops == 0 {
            self.fronts.insert((page.hops, page.url.clone()), page.digest);
            while self.fronts.len() > 1 + MOST_COLUMNS {
                self.fronts.pop_last();
            }
        }
        if let Some(form) = page.search.filter(|form| self.scope.contains(&form.action, None)) {
            let place = (page.hops, &page.url);
            if self.form.as_ref().is_none_or(|(hops, url, _)| place < (*hops, url)) {
                self.form = Some((page.hops, page.url.clone(), form));
            }
        }
        if page.kind == PageKind::Article
            && (8..=40).contains(&page.title.chars().count())
            && let Some(date) = page.publish_date
        {
            self.candidates.insert(fingerprint(&page.url), (page.url, page.title, date));
            while self.candidates.len() > MOST_CANDIDATES {
                self.candidates.pop_last();
            }
        }
    }
}

impl Choice<'_> {
    /// The root of every own origin.
    pub(super) fn origins(&self) -> Vec<CanonicalUrl> {
        self.origins.clone()
    }

    pub(super) fn security_texts(&self) -> Vec<CanonicalUrl> {
        self.pages_origins().filter_map(|root| root.join("/.well-known/security.txt", encoding_rs::UTF_8).ok()).collect()
    }

    /// Origins that answered with pages: those of the fronts.
    fn pages_origins(&self) -> impl Iterator<Item = &CanonicalUrl> {
        let answered: BTreeSet<String> = self.fronts.keys().map(|(_, url)| url.origin()).collect();
        self.origins.iter().filter(move |root| answered.contains(&root.origin()))
    }

    /// Per origin one path at the root and one beside a column: servers answer them by different rules.
    pub(super) fn random_paths(&self) -> Vec<CanonicalUrl> {
        let mut paths = Vec::new();
        for root in self.pages_origins() {
            let name = format!("xuncha-{:016x}.html", fingerprint(root) as u64);
            paths.extend(root.join(&format!("/{name}"), encoding_rs::UTF_8).ok());
            let column = self
                .fronts
                .keys()
                .map(|(_, url)| url)
                .find(|url| url.origin() == root.origin() && url.path().matches('/').count() > 1);
            paths.extend(column.and_then(|url| url.join(&name, encoding_rs::UTF_8).ok()));
        }
        paths
    }

    /// Home page and column fronts with the digests of their bodies.
    pub(super) fn fronts(&self) -> Vec<(CanonicalUrl, String)> {
        self.fronts.iter().map(|((_, url), digest)| (url.clone(), digest.clone())).collect()
    }

    /// Addresses that ask the site's search for titles, each with the page whose title it is.
    pub(super) fn searches(&self, now: Timestamp) -> Vec<(CanonicalUrl, CanonicalUrl)> {
        let Some((_, _, form)) = &self.form else { return Vec::new() };
        let today = now.to_zoned(crate::clock::shanghai()).date();
        let old_enough =
            |date: jiff::civil::Date| date.until(today).is_ok_and(|span| i64::from(span.get_days()) >= LEAST_AGE_DAYS);
        let old = self.candidates.values().filter(|(.., date)| old_enough(*date)).take(MOST_TITLES);
        old.filter_map(|(url, title, _)| Some((form.ask(title)?, url.clone()))).collect()
    }
}

/// SHA-256 of the decoded body, hex, as page facts have it.
pub(super) fn digest(exchange: &Exchange) -> Option<String> {
    decode_body(exchange, 16 << 20).ok().map(|body| data_encoding::HEXLOWER.encode(&Sha256::digest(&body)))
}
