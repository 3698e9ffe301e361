//! A cadence that cannot finish in its period is refused before it begins: by pages known of the last run, rates, hours, and the hosts
//! that sites share.

use super::office::Office;
use super::period::Period;
use super::scheduler::CADENCES;
use crate::checklist::Cadence;
use crate::config::Config;
use crate::crawl::forecast::{Load, forecast};
use crate::error::{Error, Result};
use crate::store::Store;
use crate::store::runs::cadence_word;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Pages of a daily look: a home page, column fronts and what they lead to.
const DAILY_PAGES: u64 = 400;
/// Requests beside each page: links that are checked, files.
const REQUESTS_A_PAGE: f64 = 1.4;

/// Refuses what cannot finish. A site that was never crawled is not reckoned: its first run will tell.
pub async fn check(store: &Store, office: &Office, config: &Config, now: Timestamp) -> Result<()> {
    let today = crate::clock::date_of(now);
    let watched = store.watched().await?;
    for cadence in CADENCES {
        if office.table(cadence).at.is_empty() {
            continue;
        }
        // Sites on one host wait for one another at its gate.
        let mut hosts: BTreeMap<String, (Load, Vec<String>)> = BTreeMap::new();
        for site in watched.iter().filter(|site| site.site.cadences.contains(&cadence)) {
            let Some(url) = site.site.addresses.first() else { continue };
            let Some(known) = store.last_discovered(site.no).await? else { continue };
            let pages = if cadence == Cadence::Daily { known.min(DAILY_PAGES) } else { known };
            let slot = hosts.entry(url.origin()).or_insert_with(|| {
                let load = Load {
                    origin: url.origin(),
                    host: url.host().to_owned(),
                    addresses: Vec::new(),
                    pages: 0,
                    requests: 0,
                    delay: None,
                };
                (load, Vec::new())
            });
            slot.0.pages += pages;
            slot.0.requests += (pages as f64 * REQUESTS_A_PAGE) as u64;
            slot.1.push(site.site.id.clone());
        }
        let period = Period::of(cadence, today).after();
        let Some(start) = super::calendar::due(office, period) else { continue };
        let (_, end) = period.bounds();
        for (load, sites) in hosts.into_values() {
            let told = forecast(config, std::slice::from_ref(&load), start);
            if told.finish.is_some_and(|finish| finish.as_second() <= end) {
                continue;
            }
            let days = told.days.map_or_else(|| "∞".to_owned(), |days| format!("{days:.1}"));
            return Err(Error::usage_with(
                format!(
                    "{} 不能在一期内完成：{} 约 {} 个请求，需 {days} 天 / {} cannot finish in its period: {} takes {} requests and {days} days ({})",
                    cadence_word(cadence),
                    load.origin,
                    load.requests,
                    cadence_word(cadence),
                    load.origin,
                    load.requests,
                    sites.join(", ")
                ),
                "减少频次、放宽抓取时段，或取得平台运营者同意提高速率（[[authority]]）/ a rarer cadence, longer hours, or a recorded authority for a higher rate",
            ));
        }
    }
    Ok(())
}
