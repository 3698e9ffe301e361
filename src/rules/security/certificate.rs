//! The certificate of every own encrypted host is valid: in its time, for its name, from a known issuer (RFC 5280, RFC 9525).

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::probes::Certificate as Shown;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Certificate {
    /// A certificate that ends within so many days is told; by default only what is wrong today.
    days_left: u32,
}

impl Rule for Certificate {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::Certificate];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let encrypted = site.home.iter().map(|home| &home.url).chain(site.pages.keys()).any(|url| url.scheme() == "https");
        if site.probes.certificates.is_empty() {
            return vec![if encrypted { Observation::untested("unseen") } else { Observation::inapplicable() }];
        }
        site.probes.certificates.iter().map(|shown| self.answer(shown, context)).collect()
    }
}

impl Certificate {
    fn answer(&self, shown: &Shown, context: &Context<'_>) -> Observation {
        let Ok(url) = CanonicalUrl::parse(&format!("https://{}/", shown.host)) else { return Observation::inapplicable() };
        let ends = shown.not_after.map(|day| day.to_string()).unwrap_or_default();
        let place = |observation: Observation| {
            observation
                .at(Locus::Name(shown.host.clone()))
                .with("host", shown.host.as_str())
                .with("ends", ends.as_str())
                .with("issuer", shown.issuer.as_str())
                .with("names", shown.names.iter().take(5).cloned().collect::<Vec<_>>())
                .prove("issuer", shown.issuer.as_str())
                .prove("not-after", ends.as_str())
                .prove("names", shown.names.join(" "))
                .prove("detail", shown.detail.as_str())
                .seen(Location::text(&url, shown.host.as_str()))
        };
        let observation = match shown.fault.as_deref() {
            Some("expired") => Observation::failed("expired"),
            Some("not-yet-valid") => Observation::failed("not-yet-valid"),
            Some("wrong-name") => Observation::failed("wrong-name"),
            Some("self-signed") => Observation::failed("self-signed"),
            Some("revoked") => Observation::failed("revoked"),
            // Browsers may know the missing link from elsewhere.
            Some("incomplete-chain") => Observation::failed("incomplete-chain").suspected(),
            // An issuer that this machine does not know may be known to browsers; a protocol that we do not speak, too.
            Some("outdated-protocol") => Observation::cannot_tell("outdated-protocol"),
            Some(_) => Observation::cannot_tell("unknown"),
            None => match shown.not_after.and_then(|day| context.as_of.until(day).ok()) {
                Some(left) if i64::from(left.get_days()) < i64::from(self.days_left) => {
                    Observation::failed("ends-soon").with("days", i64::from(left.get_days()))
                }
                _ => return Observation::passed(),
            },
        };
        place(observation)
    }
}
