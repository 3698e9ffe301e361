//! Who finds a weakness finds whom to tell: `/.well-known/security.txt` with a contact and a date that has not passed (RFC 9116).

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::probes::SecurityTxt as Shown;
use crate::finding::{Location, Locus, Observation, Outcome};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecurityTxt {}

impl Rule for SecurityTxt {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::SecurityTxt];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let home = site.home.as_ref().map(|home| home.url.host());
        let asked = site.probes.security.iter().filter(|one| home.is_none_or(|host| host == one.url.host()));
        // One of the twins of a host is enough.
        let answers: Vec<Vec<Observation>> = asked.map(|one| answer(one, context)).collect();
        let best =
            answers.into_iter().min_by_key(|answers| answers.iter().filter(|answer| answer.outcome != Outcome::Passed).count());
        best.unwrap_or_else(|| vec![Observation::untested("unseen")])
    }
}

fn answer(shown: &Shown, context: &Context<'_>) -> Vec<Observation> {
    let place = |observation: Observation, part: &str| {
        observation
            .at(Locus::Name(part.to_owned()))
            .with("url", shown.url.as_str())
            .prove("status", shown.status.to_string())
            .seen(Location::page(&shown.url))
    };
    match shown.status {
        404 | 410 => return vec![place(Observation::failed("absent"), "file")],
        // A page in its place: the soft answer of a server to everything that it does not have.
        200 if shown.html => return vec![place(Observation::failed("absent"), "file")],
        200 => {}
        _ => return vec![place(Observation::cannot_tell("blocked"), "file").with("status", shown.status)],
    }
    let mut faults = Vec::new();
    if !shown.contacts.iter().any(|contact| contact.contains(':')) {
        faults.push(place(Observation::failed("no-contact"), "contact"));
    }
    match shown.expires.as_slice() {
        [] => faults.push(place(Observation::failed("no-expiry"), "expires")),
        [one] => match one.parse::<jiff::Timestamp>().map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date()) {
            Ok(day) if day < context.as_of => {
                faults.push(
                    place(Observation::failed("expired"), "expires").with("expires", one.as_str()).prove("expires", one.as_str()),
                );
            }
            Ok(_) => {}
            Err(_) => faults.push(
                place(Observation::failed("bad-expiry"), "expires").with("expires", one.as_str()).prove("expires", one.as_str()),
            ),
        },
        [one, ..] => {
            faults.push(
                place(Observation::failed("bad-expiry"), "expires")
                    .with("expires", one.as_str())
                    .prove("expires", shown.expires.join(" ")),
            );
        }
    }
    if faults.is_empty() { vec![Observation::passed()] } else { faults }
}
