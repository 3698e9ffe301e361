//! Units, sites, platforms and holdings in the store. Importing never deletes: what a table no longer names stays until a person closes it.

use super::{Store, Tx, damaged, failed, on, within};
use crate::checklist::Cadence;
use crate::error::Result;
use crate::registry::{Holding, Platform, Registry, Site, SiteState, Standing, Unit};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// What an import changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows that were not there.
    pub added: u64,
    /// Rows that say something else now.
    pub changed: u64,
    /// Rows as they were.
    pub same: u64,
}

/// A site as the cadences see it: with its number in the store and who has pages on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// Number in the store.
    pub no: i64,
    /// The site.
    pub site: Site,
    /// Units with their scopes, in order of id.
    pub units: Vec<(Unit, crate::scope::Scope)>,
    /// Its operator, also where it has no pages of its own.
    pub operator: Option<Unit>,
}

const UNITS: &str = "SELECT no, id, name, superior, region, unit_group, kind, contacts FROM unit WHERE active = 1 ORDER BY id";
const SITES: &str = "SELECT no, id, name, code, addresses, operator, platform, cadences, state, since, until, basis
    FROM site WHERE active = 1 ORDER BY id";
const HOLDINGS: &str = "SELECT s.id, u.id, h.scope FROM holding h JOIN site s ON s.no = h.site_no JOIN unit u ON u.no = h.unit_no
    WHERE s.active = 1 AND u.active = 1 ORDER BY s.id, u.id";

type UnitRow = (i64, String, String, Option<String>, Option<String>, Option<String>, Option<String>, String);
type SiteRow = (
    i64,
    String,
    String,
    Option<String>,
    String,
    Option<String>,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
);

impl Store {
    /// Takes a registry in, all of it or nothing.
    pub async fn put_registry(&self, registry: &Registry) -> Result<Changes> {
        let before = self.registry().await?;
        let mut changes = Changes::default();
        let mut tx = self.begin().await?;
        for unit in &registry.units {
            if tell(&mut changes, before.units.iter().find(|known| known.id == unit.id), unit) {
                put_unit(&mut tx, unit).await?;
            }
        }
        for platform in &registry.platforms {
            if tell(&mut changes, before.platforms.iter().find(|known| known.id == platform.id), platform) {
                put_platform(&mut tx, platform).await?;
            }
        }
        for site in &registry.sites {
            if tell(&mut changes, before.sites.iter().find(|known| known.id == site.id), site) {
                put_site(&mut tx, site).await?;
            }
        }
        for holding in &registry.holdings {
            let known = before.holdings.iter().find(|known| (&known.site, &known.unit) == (&holding.site, &holding.unit));
            if tell(&mut changes, known, holding) {
                put_holding(&mut tx, holding).await?;
            }
        }
        tx.commit().await?;
        Ok(changes)
    }

    /// All that is watched.
    pub async fn registry(&self) -> Result<Registry> {
        let platforms: Vec<(String, String, Option<String>)> =
            on!(&self.db, pool => sqlx::query_as("SELECT id, name, operator FROM platform ORDER BY id").fetch_all(pool).await)
                .map_err(failed)?;
        Ok(Registry {
            units: self.units().await?.into_iter().map(|(_, unit)| unit).collect(),
            sites: self.sites().await?.into_iter().map(|(_, site)| site).collect(),
            platforms: platforms.into_iter().map(|(id, name, operator)| Platform { id, name, operator }).collect(),
            holdings: self.holdings().await?,
        })
    }

    /// Units with their numbers, in order of id.
    pub async fn units(&self) -> Result<Vec<(i64, Unit)>> {
        let rows: Vec<UnitRow> = on!(&self.db, pool => sqlx::query_as(UNITS).fetch_all(pool).await).map_err(failed)?;
        rows.into_iter()
            .map(|(no, id, name, superior, region, group, kind, contacts)| {
                Ok((no, Unit { id, name, superior, region, group, kind, contacts: read("unit.contacts", &contacts)? }))
            })
            .collect()
    }

    /// Sites with their numbers, in order of id.
    pub async fn sites(&self) -> Result<Vec<(i64, Site)>> {
        let rows: Vec<SiteRow> = on!(&self.db, pool => sqlx::query_as(SITES).fetch_all(pool).await).map_err(failed)?;
        rows.into_iter().map(site).collect()
    }

    async fn holdings(&self) -> Result<Vec<Holding>> {
        let rows: Vec<(String, String, String)> =
            on!(&self.db, pool => sqlx::query_as(HOLDINGS).fetch_all(pool).await).map_err(failed)?;
        rows.into_iter().map(|(site, unit, scope)| Ok(Holding { site, unit, scope: read("holding.scope", &scope)? })).collect()
    }

    /// Sites with their units, in order of id: what cadences go through.
    pub async fn watched(&self) -> Result<Vec<Watched>> {
        let units: BTreeMap<String, Unit> = self.units().await?.into_iter().map(|(_, unit)| (unit.id.clone(), unit)).collect();
        let mut holders: BTreeMap<String, Vec<(Unit, crate::scope::Scope)>> = BTreeMap::new();
        for holding in self.holdings().await? {
            if let Some(unit) = units.get(&holding.unit) {
                holders.entry(holding.site).or_default().push((unit.clone(), holding.scope));
            }
        }
        let sites = self.sites().await?;
        Ok(sites
            .into_iter()
            .map(|(no, site)| Watched {
                no,
                units: holders.remove(&site.id).unwrap_or_default(),
                operator: site.operator.as_ref().and_then(|id| units.get(id)).cloned(),
                site,
            })
            .collect())
    }

    /// Ids of all units by number, those that a run alone knows included.
    pub async fn unit_ids(&self) -> Result<BTreeMap<i64, String>> {
        let rows: Vec<(i64, String)> =
            on!(&self.db, pool => sqlx::query_as("SELECT no, id FROM unit").fetch_all(pool).await).map_err(failed)?;
        Ok(rows.into_iter().collect())
    }

    /// Files a state of a site: redesign, suspended, closed, running again. False: no such site.
    pub async fn set_standing(&self, site: &str, standing: &Standing) -> Result<bool> {
        let sql = "UPDATE site SET state = $1, since = $2, until = $3, basis = $4 WHERE id = $5";
        let (since, until) = (standing.since.map(|day| day.to_string()), standing.until.map(|day| day.to_string()));
        let done = on!(&self.db, pool => sqlx::query(sql)
            .bind(standing.state.word()).bind(since).bind(until).bind(&standing.basis).bind(site)
            .execute(pool).await.map(|done| done.rows_affected()));
        Ok(done.map_err(failed)? > 0)
    }
}

/// Is there anything to write? Counted either way.
fn tell<T: PartialEq>(changes: &mut Changes, known: Option<&T>, now: &T) -> bool {
    match known {
        None => changes.added += 1,
        Some(known) if known == now => {
            changes.same += 1;
            return false;
        }
        Some(_) => changes.changed += 1,
    }
    true
}

fn site(row: SiteRow) -> Result<(i64, Site)> {
    let (no, id, name, code, addresses, operator, platform, cadences, state, since, until, basis) = row;
    let day = |text: Option<String>| text.map(|text| text.parse().map_err(|e| damaged("site.since", e))).transpose();
    let state: SiteState = serde_json::from_value(state.into()).map_err(|e| damaged("site.state", e))?;
    let cadences: Vec<Cadence> = read("site.cadences", &cadences)?;
    let standing = Standing { state, since: day(since)?, until: day(until)?, basis };
    Ok((no, Site { id, name, code, addresses: read("site.addresses", &addresses)?, operator, platform, cadences, standing }))
}

/// A value kept as JSON.
pub(super) fn read<T: DeserializeOwned>(what: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| damaged(what, e))
}

/// A value to be kept as JSON.
pub(super) fn written(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| crate::error::Error::Internal(format!("store: {e}")))
}

async fn put_unit(tx: &mut Tx, unit: &Unit) -> Result<()> {
    let sql =
        "INSERT INTO unit (id, name, superior, region, unit_group, kind, contacts, active) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, superior = excluded.superior, region = excluded.region,
        unit_group = excluded.unit_group, kind = excluded.kind, contacts = excluded.contacts, active = 1";
    let contacts = written(&unit.contacts)?;
    within!(tx, conn => sqlx::query(sql)
        .bind(&unit.id).bind(&unit.name).bind(&unit.superior).bind(&unit.region).bind(&unit.group).bind(&unit.kind).bind(contacts)
        .execute(conn).await.map(|_| ()))
    .map_err(failed)
}

async fn put_platform(tx: &mut Tx, platform: &Platform) -> Result<()> {
    let sql = "INSERT INTO platform (id, name, operator) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, operator = excluded.operator";
    within!(tx, conn => sqlx::query(sql).bind(&platform.id).bind(&platform.name).bind(&platform.operator)
        .execute(conn).await.map(|_| ()))
    .map_err(failed)
}

async fn put_site(tx: &mut Tx, site: &Site) -> Result<()> {
    let sql = "INSERT INTO site (id, name, code, addresses, operator, platform, cadences, state, since, until, basis, active)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, code = excluded.code, addresses = excluded.addresses,
        operator = excluded.operator, platform = excluded.platform, cadences = excluded.cadences, state = excluded.state,
        since = excluded.since, until = excluded.until, basis = excluded.basis, active = 1";
    let standing = &site.standing;
    let (addresses, cadences) = (written(&site.addresses)?, written(&site.cadences)?);
    let (since, until) = (standing.since.map(|day| day.to_string()), standing.until.map(|day| day.to_string()));
    within!(tx, conn => sqlx::query(sql)
        .bind(&site.id).bind(&site.name).bind(&site.code).bind(addresses).bind(&site.operator).bind(&site.platform).bind(cadences)
        .bind(standing.state.word()).bind(since).bind(until).bind(&standing.basis)
        .execute(conn).await.map(|_| ()))
    .map_err(failed)
}

async fn put_holding(tx: &mut Tx, holding: &Holding) -> Result<()> {
    let sql = "INSERT INTO holding (site_no, unit_no, scope)
        VALUES ((SELECT no FROM site WHERE id = $1), (SELECT no FROM unit WHERE id = $2), $3)
        ON CONFLICT (site_no, unit_no) DO UPDATE SET scope = excluded.scope";
    let scope = written(&holding.scope)?;
    within!(tx, conn => sqlx::query(sql).bind(&holding.site).bind(&holding.unit).bind(scope).execute(conn).await.map(|_| ()))
        .map_err(failed)
}
