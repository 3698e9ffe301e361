//! A government site stands under a government domain: `.gov.cn` or `.政务` (国办发〔2017〕47号, 国办函〔2018〕55号).

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DomainName {
    /// Endings that are a government's.
    suffixes: Vec<String>,
}

impl Default for DomainName {
    fn default() -> Self {
        DomainName { suffixes: [".gov.cn", ".政务"].map(str::to_owned).to_vec() }
    }
}

impl Rule for DomainName {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, _: &Context<'_>) -> Vec<Observation> {
        let suffixes: Vec<String> = self.suffixes.iter().filter_map(|suffix| ascii(suffix)).collect();
        let mut hosts: BTreeMap<&str, &CanonicalUrl> = BTreeMap::new();
        for url in site.home.iter().map(|home| &home.url).chain(site.pages.keys()) {
            hosts.entry(url.host()).or_insert(url);
        }
        hosts.retain(|_, url| is_public_name(url));
        if hosts.is_empty() {
            return vec![Observation::inapplicable()];
        }
        let is_fine = |host: &str| suffixes.iter().any(|suffix| format!(".{host}").ends_with(suffix.as_str()));
        let faults: Vec<Observation> = hosts
            .iter()
            .filter(|(host, _)| !is_fine(host))
            .map(|(host, url)| {
                Observation::failed("other")
                    .at(Locus::Name((*host).to_owned()))
                    .with("host", *host)
                    .with("suffixes", self.suffixes.clone())
                    .prove("host", *host)
                    .seen(Location::text(url, *host))
            })
            .collect();
        if faults.is_empty() { vec![Observation::passed()] } else { faults }
    }
}

/// Is it a name that the public uses: no address, no name of a machine or a test?
fn is_public_name(url: &CanonicalUrl) -> bool {
    let own = ["localhost", "local", "internal", "lan", "test", "example", "invalid"];
    match url.to_url().host() {
        Some(::url::Host::Domain(name)) => name.contains('.') && name.rsplit('.').next().is_some_and(|last| !own.contains(&last)),
        _ => false,
    }
}

/// The ending in the form in which URLs carry it (`.政务` is `.xn--zfr164b`).
fn ascii(suffix: &str) -> Option<String> {
    let whole = CanonicalUrl::parse(&format!("http://x.{}/", suffix.trim_start_matches('.'))).ok()?;
    whole.host().strip_prefix('x').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{CanonicalUrl, ascii, is_public_name};

    #[test]
    fn endings_and_names() {
        assert_eq!(ascii(".gov.cn").as_deref(), Some(".gov.cn"));
        assert_eq!(ascii(".政务").as_deref(), Some(".xn--zfr164b"));
        let public = |host: &str| is_public_name(&CanonicalUrl::parse(&format!("http://{host}/")).expect("a URL"));
        assert!(public("www.x.com") && public("x.gov.cn"));
        for host in ["localhost", "127.0.0.1", "[::1]", "10.0.0.1", "intranet", "www.x.local"] {
            assert!(!public(host), "{host}");
        }
    }
}
