//! Other machines: their keys, and what they shipped.

use super::probes::{Round, Visit};
use super::registry::read;
use super::{Store, damaged, failed, on};
use crate::error::Result;
use crate::url::CanonicalUrl;

type VisitRow = (i64, i64, String, String, Option<i64>, Option<i64>, Option<String>);

impl Store {
    /// Registers an outpost by its public key; a known name takes the new key.
    pub async fn add_outpost(&self, name: &str, public_key: &str, by: Option<&str>, at: i64) -> Result<()> {
        let sql = "INSERT INTO outpost (name, public_key, added_at, added_by) VALUES ($1, $2, $3, $4)
            ON CONFLICT (name) DO UPDATE SET public_key = excluded.public_key, added_at = excluded.added_at, added_by = excluded.added_by";
        on!(&self.db, pool => sqlx::query(sql).bind(name).bind(public_key).bind(at).bind(by).execute(pool).await.map(|_| ()))
            .map_err(failed)
    }

    /// Outposts with their public keys.
    pub async fn outposts(&self) -> Result<Vec<(String, String)>> {
        on!(&self.db, pool => sqlx::query_as("SELECT name, public_key FROM outpost ORDER BY name").fetch_all(pool).await)
            .map_err(failed)
    }

    /// Notes that a file was taken in whole.
    pub async fn note_shipment(
        &self,
        outpost: &str,
        sha256: &str,
        made_at: i64,
        at: i64,
        (runs, probes): (u64, u64),
    ) -> Result<()> {
        let sql = "INSERT INTO shipment (outpost, sha256, made_at, imported_at, runs, probes) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (sha256) DO NOTHING";
        on!(&self.db, pool => sqlx::query(sql)
            .bind(outpost).bind(sha256).bind(made_at).bind(at).bind(runs as i64).bind(probes as i64).execute(pool).await.map(|_| ()))
        .map_err(failed)
    }

    /// Rounds of a vantage after `from` up to and with `to`, with their visits, oldest first.
    pub async fn rounds(&self, vantage: &str, from: i64, to: i64) -> Result<Vec<Round>> {
        let sql = "SELECT no, at, valid, controls FROM probe_round WHERE vantage = $1 AND at > $2 AND at <= $3 ORDER BY at";
        let heads: Vec<(i64, i64, i64, String)> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(vantage).bind(from).bind(to).fetch_all(pool).await).map_err(failed)?;
        let sql = "SELECT site_no, at, url, outcome, millis, status, cause FROM probe WHERE round_no = $1 ORDER BY site_no";
        let mut rounds = Vec::with_capacity(heads.len());
        for (no, at, valid, controls) in heads {
            let rows: Vec<VisitRow> =
                on!(&self.db, pool => sqlx::query_as(sql).bind(no).fetch_all(pool).await).map_err(failed)?;
            let mut visits = Vec::with_capacity(rows.len());
            for (site_no, at, url, outcome, millis, status, cause) in rows {
                visits.push(Visit {
                    site_no,
                    url: CanonicalUrl::parse(&url).map_err(|e| damaged("probe.url", e))?,
                    at,
                    outcome: serde_json::from_value(outcome.into()).map_err(|e| damaged("probe.outcome", e))?,
                    millis,
                    status: status.and_then(|status| u16::try_from(status).ok()),
                    cause,
                });
            }
            rounds.push(Round {
                vantage: vantage.to_owned(),
                at,
                valid: valid != 0,
                controls: read("controls", &controls)?,
                visits,
            });
        }
        Ok(rounds)
    }
}
