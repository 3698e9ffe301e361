//! Hop counts of a capture that does not tell them: measured from its first page along links and redirects.
//!
//! Every page is read once, level by level. In memory are one level of URLs and a fingerprint of each URL seen. What no link leads to
//! keeps hop count 0, like a seed.

use super::Discovered;
use super::db::Db;
use crate::error::Result;
use crate::exchange::Gathering;
use crate::facts::links::Role;
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, HashSet};
use xxhash_rust::xxh3::xxh3_128;

/// Sets hop count and via of every look that a chain of links from the seeds leads to.
pub(super) async fn measure(db: &mut Db, seeds: &[CanonicalUrl]) -> Result<()> {
    let mut seen: HashSet<u128> = HashSet::new();
    let mut level: BTreeMap<CanonicalUrl, Option<CanonicalUrl>> = seeds.iter().map(|s| (s.clone(), None)).collect();
    let mut hops = 0;
    while !level.is_empty() {
        let mut next: BTreeMap<CanonicalUrl, Option<CanonicalUrl>> = BTreeMap::new();
        let mut measured = Vec::new();
        // A redirect costs no hop: its target joins the level that is under way.
        while let Some((url, via)) = level.pop_first() {
            if !seen.insert(xxh3_128(url.as_str().as_bytes())) {
                continue;
            }
            let Some(redirects) = db.redirects_of(&url).await? else {
                continue;
            };
            for target in redirects {
                level.entry(target).or_insert_with(|| Some(url.clone()));
            }
            if let Some(page) = db.page(&url).await? {
                let followed = page.links.into_iter().filter(|link| link.role != Role::Guess);
                for target in followed.filter_map(|link| link.target) {
                    if !seen.contains(&xxh3_128(target.as_str().as_bytes())) {
                        next.entry(target).or_insert_with(|| Some(url.clone()));
                    }
                }
            }
            measured.push(Discovered { url, gathering: Gathering::Pages, hops, via, redirects: 0 });
        }
        db.set_distances(&measured).await?;
        level = next;
        hops += 1;
    }
    Ok(())
}
