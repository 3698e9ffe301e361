//! Sampling plans (抽查): which sites are drawn, by a published seed that anyone can draw again, with quotas per region and level.
//!
//! Sites of a stratum are ordered by the SHA-256 of seed and site id; the first ones are drawn. Who knows the seed and the registry gets
//! the same sites, and nobody who published the seed beforehand can choose.

use super::{Registry, SiteState};
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// How many are drawn of a stratum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quota {
    /// So many, or all where there are fewer.
    Count(u64),
    /// So many of a hundred, rounded up: of every stratum at least one.
    Percent(u32),
}

/// By what sites are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stratum {
    /// The region of the site's first unit.
    Region,
    /// How many units stand above it: 1 is the topmost level.
    Level,
    /// The kind of body.
    Kind,
}

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The seed, to be published before.
    pub seed: String,
    /// The day: sites that are filed as redesigned or closed on it are not drawn.
    pub day: Date,
    /// By what sites were told apart.
    pub by: Vec<Stratum>,
    /// Strata by name.
    pub strata: Vec<Drawn>,
}

/// One stratum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// Its name: region, level, kind, joined by a slash.
    pub name: String,
    /// Sites in it.
    pub of: u64,
    /// Sites drawn, with the number that orders them, smallest first.
    pub sites: Vec<(String, String)>,
}

/// Draws. Same registry, seed, day and quota: same sample.
pub fn draw(registry: &Registry, seed: &str, day: Date, by: &[Stratum], quota: Quota) -> Sample {
    let mut strata: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for site in registry.sites.iter().filter(|site| site.standing.on(day) == SiteState::Running) {
        let holder = registry.holdings.iter().find(|held| held.site == site.id).map(|held| held.unit.as_str());
        let unit = holder.or(site.operator.as_deref()).and_then(|id| registry.units.iter().find(|unit| unit.id == id));
        let name = |stratum: &Stratum| match stratum {
            Stratum::Region => unit.and_then(|unit| unit.region.clone()).unwrap_or_else(|| "–".to_owned()),
            Stratum::Kind => unit.and_then(|unit| unit.kind.clone()).unwrap_or_else(|| "–".to_owned()),
            Stratum::Level => unit.map_or(0, |unit| level(registry, &unit.id)).to_string(),
        };
        let name = by.iter().map(name).collect::<Vec<_>>().join("/");
        strata.entry(name).or_default().push((number(seed, &site.id), site.id.clone()));
    }
    let drawn = |(name, mut sites): (String, Vec<(String, String)>)| {
        sites.sort();
        let of = sites.len() as u64;
        let most = match quota {
            Quota::Count(count) => count.min(of),
            Quota::Percent(percent) => (of * u64::from(percent)).div_ceil(100).min(of),
        };
        sites.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Drawn { name, of, sites: sites.into_iter().map(|(number, id)| (id, number)).collect() }
    };
    Sample { seed: seed.to_owned(), day, by: by.to_vec(), strata: strata.into_iter().map(drawn).collect() }
}

/// The number by which a site is ordered: anyone can reckon it, `printf 'SEED\n SITE' | sha256sum`.
fn number(seed: &str, site: &str) -> String {
    let digest = Sha256::digest(format!("{seed}\n{site}").as_bytes());
    HEXLOWER.encode(&digest[..8])
}

/// Units above, and itself. A circle, which the table refuses, ends.
fn level(registry: &Registry, id: &str) -> usize {
    let (mut level, mut at) = (1, id);
    while let Some(superior) = registry.units.iter().find(|unit| unit.id == at).and_then(|unit| unit.superior.as_deref()) {
        level += 1;
        at = superior;
        if level > registry.units.len() {
            break;
        }
    }
    level
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::{Holding, Site, Standing, Unit};
    use jiff::civil::date;

    fn registry() -> Registry {
        let mut registry = Registry::default();
        registry.units.push(Unit { id: "top".into(), name: "市政府".into(), ..Unit::default() });
        for n in 0..40 {
            let id = format!("u{n:02}");
            registry.units.push(Unit {
                id: id.clone(),
                name: id.clone(),
                superior: (n % 4 != 0).then(|| "top".to_owned()),
                region: Some(if n < 30 { "东区" } else { "西区" }.to_owned()),
                kind: Some("public-security-bureau".into()),
                ..Unit::default()
            });
            registry.sites.push(Site {
                id: format!("{id}-site"),
                name: id.clone(),
                code: None,
                addresses: Vec::new(),
                operator: None,
                platform: None,
                cadences: Vec::new(),
                standing: Standing::default(),
            });
            registry.holdings.push(Holding { unit: id.clone(), site: format!("{id}-site"), scope: Default::default() });
        }
        registry
    }

    #[test]
    fn the_same_seed_draws_the_same_and_another_does_not() {
        let registry = registry();
        let drawn = |seed: &str| draw(&registry, seed, date(2026, 3, 1), &[Stratum::Region], Quota::Percent(30));
        let first = drawn("2026-Q1 福彩 12345");
        assert_eq!(first, drawn("2026-Q1 福彩 12345"));
        let told: Vec<(&str, u64, usize)> = first.strata.iter().map(|s| (s.name.as_str(), s.of, s.sites.len())).collect();
        assert_eq!(told, [("东区", 30, 9), ("西区", 10, 3)]);
        assert_ne!(first.strata[0].sites, drawn("another").strata[0].sites);
        let levels = draw(&registry, "s", date(2026, 3, 1), &[Stratum::Level, Stratum::Kind], Quota::Count(7));
        let told: Vec<(&str, u64, usize)> = levels.strata.iter().map(|s| (s.name.as_str(), s.of, s.sites.len())).collect();
        assert_eq!(told, [("1/public-security-bureau", 10, 7), ("2/public-security-bureau", 30, 7)]);
    }

    #[test]
    fn a_closed_site_is_not_drawn_and_a_small_stratum_gives_one() {
        let mut registry = registry();
        for site in registry.sites.iter_mut().skip(31) {
            site.standing.state = SiteState::Closed;
        }
        let sample = draw(&registry, "s", date(2026, 3, 1), &[Stratum::Region], Quota::Percent(5));
        assert_eq!(sample.strata.iter().map(|s| (s.of, s.sites.len())).collect::<Vec<_>>(), [(30, 2), (1, 1)]);
    }
}
