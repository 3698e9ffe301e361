//! The site can be reached over IPv6: its host has an AAAA record (国办公开办函〔2021〕28号 and the IPv6 plans; RFC 6540).

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ipv6 {}

impl Rule for Ipv6 {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::Aaaa];

    fn observe(&self, site: &Site, _: &Context<'_>) -> Vec<Observation> {
        if site.probes.addresses.is_empty() {
            return vec![Observation::untested("unseen")];
        }
        // Only the host that visitors come to; others may be there for other machines.
        let home = site.home.as_ref().map(|home| home.url.host());
        let asked = site.probes.addresses.iter().filter(|one| home.is_none_or(|host| host == one.host));
        let answers: Vec<Observation> = asked
            .map(|one| {
                let url = CanonicalUrl::parse(&format!("http://{}/", one.host)).ok();
                let place = |observation: Observation| {
                    let named = observation
                        .at(Locus::Name(one.host.clone()))
                        .with("host", one.host.as_str())
                        .prove("addresses", one.v4.join(" "));
                    url.iter().fold(named, |observation, url| observation.seen(Location::text(url, one.host.as_str())))
                };
                match (one.v6.is_empty(), one.control) {
                    (false, _) => Observation::passed(),
                    (true, true) => place(Observation::failed("absent")),
                    (true, false) => place(Observation::cannot_tell("no-control")),
                }
            })
            .collect();
        if answers.is_empty() { vec![Observation::untested("unseen")] } else { answers }
    }
}
