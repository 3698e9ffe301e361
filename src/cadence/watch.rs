//! Rounds of availability visits: so many a day, spread evenly; a round in which our own line fails says nothing of any site.

use super::office::Office;
use crate::config::Config;
use crate::crawl::availability::{Prober, Visited};
use crate::error::Result;
use crate::facts::history::ProbeOutcome;
use crate::registry::SiteState;
use crate::store::Store;
use crate::store::probes::{Round, Visit};
use crate::store::registry::Watched;
use crate::url::CanonicalUrl;
use futures_util::StreamExt;
use jiff::Timestamp;
use jiff::civil::Date;

/// Visits at once; each host has its own gate beside.
const AT_ONCE: usize = 32;

/// Begin of the slot of a day that holds an instant, seconds; none when no visits are made.
pub fn slot(a_day: u32, at: Timestamp) -> Option<i64> {
    let length = length(a_day)?;
    let midnight = midnight(crate::clock::date_of(at))?;
    Some(midnight + (at.as_second() - midnight) / length * length)
}

/// Begin of the next slot.
pub fn next_slot(a_day: u32, at: Timestamp) -> Option<i64> {
    let (length, slot) = (length(a_day)?, slot(a_day, at)?);
    let tomorrow = midnight(crate::clock::date_of(at).tomorrow().ok()?)?;
    // The last slot of a day takes what is left of it, and the first one of the next begins at midnight.
    Some(if slot + 2 * length > tomorrow + length / 2 { tomorrow } else { slot + length })
}

fn length(a_day: u32) -> Option<i64> {
    (a_day > 0).then(|| 86_400 / i64::from(a_day.min(288)))
}

fn midnight(day: Date) -> Option<i64> {
    day.to_zoned(crate::clock::shanghai()).ok().map(|zoned| zoned.timestamp().as_second())
}

/// Who makes the rounds of a day: one that knows robots.txt of each site, until midnight or until the registry changes.
#[derive(Debug, Default)]
pub struct Rounds {
    of: Option<(Date, Vec<CanonicalUrl>, Prober)>,
}

impl Rounds {
    fn prober(&mut self, office: &Office, config: &Config, sites: &[&Watched], today: Date) -> Result<&Prober> {
        let mut addresses: Vec<CanonicalUrl> = sites.iter().filter_map(|site| site.site.addresses.first().cloned()).collect();
        addresses.extend(office.probes.controls.iter().cloned());
        if self.of.as_ref().is_none_or(|(day, known, _)| (*day, known) != (today, &addresses)) {
            let prober = Prober::new(config, &addresses, office.probes.seconds)?;
            self.of = Some((today, addresses, prober));
        }
        self.of.as_ref().map(|(.., prober)| prober).ok_or_else(|| crate::error::Error::Internal("no prober".into()))
    }
}

/// Makes a round over the sites that run today and keeps it. The round of a slot is kept once; `at` is its slot.
pub async fn round(
    rounds: &mut Rounds,
    store: &Store,
    office: &Office,
    config: &Config,
    sites: &[Watched],
    at: i64,
) -> Result<bool> {
    let today = crate::clock::date_of(crate::clock::now());
    let watched: Vec<&Watched> = sites.iter().filter(|site| site.site.standing.on(today) == SiteState::Running).collect();
    let prober = rounds.prober(office, config, &watched, today)?;
    // Before and after: a line that breaks in the middle of a round must not be told as the sites' fault.
    let mut controls = visit_controls(prober, office).await;
    let visits: Vec<Visit> =
        futures_util::stream::iter(watched.iter().filter_map(|site| Some((site.no, site.site.addresses.first()?))))
            .map(|(site_no, url)| async move { visit(site_no, url, prober.visit(url).await) })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
    let before = line_works(&controls, &visits, office);
    let after = visit_controls(prober, office).await;
    let valid = before && line_works(&after, &visits, office);
    controls.extend(after);
    let controls = controls.into_iter().map(|(url, visited)| (url.to_string(), told(&visited))).collect();
    let mut visits = visits;
    visits.sort_by_key(|visit| visit.site_no);
    store.put_round(&Round { vantage: office.vantage.clone(), at, valid, controls, visits }).await
}

fn visit(site_no: i64, url: &CanonicalUrl, visited: Visited) -> Visit {
    let Visited { outcome, at, millis, status, cause } = visited;
    Visit { site_no, url: url.clone(), at, outcome, millis, status, cause }
}

async fn visit_controls(prober: &Prober, office: &Office) -> Vec<(CanonicalUrl, Visited)> {
    let mut all = Vec::with_capacity(office.probes.controls.len());
    for url in &office.probes.controls {
        all.push((url.clone(), prober.visit(url).await));
    }
    all
}

/// Does our own line work? A control address that was reached says so; without control addresses any site that was reached does. Where
/// nothing at all was reached nobody knows whose fault it is: an office that watches few sites names control addresses.
fn line_works(controls: &[(CanonicalUrl, Visited)], visits: &[Visit], office: &Office) -> bool {
    let reached = |outcome: ProbeOutcome| matches!(outcome, ProbeOutcome::Answered | ProbeOutcome::Blocked);
    if office.probes.controls.is_empty() {
        return visits.iter().any(|visit| reached(visit.outcome));
    }
    controls.iter().any(|(_, visited)| reached(visited.outcome))
}

/// A control's answer in words.
fn told(visited: &Visited) -> String {
    let word = match visited.outcome {
        ProbeOutcome::Answered => "answered",
        ProbeOutcome::Failed => "failed",
        ProbeOutcome::Blocked => "blocked",
        ProbeOutcome::Void => "void",
    };
    visited.cause.as_ref().map_or_else(|| word.to_owned(), |cause| format!("{word}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_so_many_slots_and_begins_at_midnight() {
        for a_day in [1, 7, 20, 24, 25, 288] {
            let midnight = midnight(jiff::civil::date(2026, 2, 17)).unwrap();
            let (mut at, mut slots) = (midnight, 0);
            while at < midnight + 86_400 {
                let now = Timestamp::from_second(at).unwrap();
                assert_eq!(slot(a_day, now), Some(at), "{a_day}");
                slots += 1;
                at = next_slot(a_day, now).unwrap();
            }
            assert_eq!((at, slots), (midnight + 86_400, i64::from(a_day)), "{a_day}");
        }
        assert_eq!(slot(0, Timestamp::UNIX_EPOCH), None);
    }
}
