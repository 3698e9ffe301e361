//! Availability visits: rounds with their control addresses, and what each site answered.

use super::registry::written;
use super::{Store, damaged, failed, on, within};
use crate::error::Result;
use crate::facts::history::{Probe, ProbeOutcome};
use crate::url::CanonicalUrl;
use jiff::Timestamp;

/// One visit with what the store keeps beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The site's number.
    pub site_no: i64,
    /// What was asked for.
    pub url: CanonicalUrl,
    /// When it left the gate, seconds.
    pub at: i64,
    /// How it ended.
    pub outcome: ProbeOutcome,
    /// Milliseconds until the response was usable.
    pub millis: Option<i64>,
    /// HTTP status.
    pub status: Option<u16>,
    /// Phase and cause of a failure.
    pub cause: Option<String>,
}

/// One round: every site that was due, and the addresses that tell our own line from the sites'.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// From where.
    pub vantage: String,
    /// When it began, seconds.
    pub at: i64,
    /// Did the control addresses answer? A round that failed on our side counts for nothing.
    pub valid: bool,
    /// What they answered, for evidence: address and outcome.
    pub controls: Vec<(String, String)>,
    /// The visits.
    pub visits: Vec<Visit>,
}

/// Visits of a site counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Visits {
    /// A usable response came in time.
    pub answered: u64,
    /// None came.
    pub failed: u64,
    /// The site was reached and refused us.
    pub blocked: u64,
    /// Our side failed.
    pub void: u64,
}

impl Visits {
    /// Visits that count: all but the void ones.
    pub fn valid(&self) -> u64 {
        self.answered + self.failed + self.blocked
    }
}

type VisitRow = (String, i64, String, Option<i64>, Option<String>, String);

impl Store {
    /// Keeps a round, once: the same vantage and instant again changes nothing. True: it was new.
    pub async fn put_round(&self, round: &Round) -> Result<bool> {
        let mut tx = self.begin().await?;
        let sql = "INSERT INTO probe_round (vantage, at, valid, controls) VALUES ($1, $2, $3, $4)
            ON CONFLICT (vantage, at) DO NOTHING RETURNING no";
        let controls = written(&round.controls)?;
        let row: Option<(i64,)> = within!(&mut tx, conn => sqlx::query_as(sql)
            .bind(&round.vantage).bind(round.at).bind(i64::from(round.valid)).bind(controls).fetch_optional(conn).await)
        .map_err(failed)?;
        let Some((round_no,)) = row else { return Ok(false) };
        let sql = "INSERT INTO probe (site_no, at, vantage, round_no, url, outcome, millis, status, cause)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (site_no, at, vantage) DO NOTHING";
        for visit in &round.visits {
            // What was seen in a round that failed on our side is kept as void, with its cause.
            let outcome = if round.valid { visit.outcome } else { ProbeOutcome::Void };
            within!(&mut tx, conn => sqlx::query(sql)
                .bind(visit.site_no).bind(visit.at).bind(&round.vantage).bind(round_no).bind(visit.url.as_str())
                .bind(super::runs::word(&outcome)?).bind(visit.millis).bind(visit.status.map(i64::from)).bind(&visit.cause)
                .execute(conn).await.map(|_| ()))
            .map_err(failed)?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Visits of a site after `from` up to and with `to`, in order: of one vantage, or of all.
    pub async fn visits(&self, site_no: i64, vantage: Option<&str>, from: i64, to: i64) -> Result<Vec<(Probe, String)>> {
        let sql = "SELECT url, at, outcome, millis, cause, vantage FROM probe
            WHERE site_no = $1 AND at > $2 AND at <= $3 AND ($4 = '' OR vantage = $4) ORDER BY at, vantage";
        let rows: Vec<VisitRow> = on!(&self.db, pool => sqlx::query_as(sql)
            .bind(site_no).bind(from).bind(to).bind(vantage.unwrap_or_default()).fetch_all(pool).await)
        .map_err(failed)?;
        rows.into_iter()
            .map(|(url, at, outcome, millis, cause, vantage)| {
                let probe = Probe {
                    url: CanonicalUrl::parse(&url).map_err(|e| damaged("probe.url", e))?,
                    at: Timestamp::from_second(at).map_err(|e| damaged("probe.at", e))?,
                    outcome: serde_json::from_value(outcome.into()).map_err(|e| damaged("probe.outcome", e))?,
                    seconds: millis.map(|millis| millis as f64 / 1_000.0),
                    cause,
                    vantage: None,
                };
                Ok((probe, vantage))
            })
            .collect()
    }

    /// Visits by site and vantage after `from` up to and with `to`, counted.
    pub async fn visit_counts(&self, from: i64, to: i64) -> Result<Vec<(i64, String, Visits)>> {
        let sql = "SELECT site_no, vantage, outcome, count(*) FROM probe WHERE at > $1 AND at <= $2
            GROUP BY site_no, vantage, outcome ORDER BY site_no, vantage, outcome";
        let rows: Vec<(i64, String, String, i64)> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(from).bind(to).fetch_all(pool).await).map_err(failed)?;
        let mut counted: Vec<(i64, String, Visits)> = Vec::new();
        for (site_no, vantage, outcome, count) in rows {
            if counted.last().is_none_or(|(site, at, _)| (*site, at) != (site_no, &vantage)) {
                counted.push((site_no, vantage, Visits::default()));
            }
            let Some((_, _, visits)) = counted.last_mut() else { continue };
            let count = count as u64;
            match outcome.as_str() {
                "answered" => visits.answered += count,
                "failed" => visits.failed += count,
                "blocked" => visits.blocked += count,
                _ => visits.void += count,
            }
        }
        Ok(counted)
    }

    /// The instant of a vantage's last round, seconds.
    pub async fn last_round(&self, vantage: &str) -> Result<Option<i64>> {
        let sql = "SELECT max(at) FROM probe_round WHERE vantage = $1";
        let (at,): (Option<i64>,) =
            on!(&self.db, pool => sqlx::query_as(sql).bind(vantage).fetch_one(pool).await).map_err(failed)?;
        Ok(at)
    }

    /// Rounds of a vantage after `from` up to and with `to`: all, and those that failed on our side.
    pub async fn round_counts(&self, vantage: &str, from: i64, to: i64) -> Result<(u64, u64)> {
        // CAST, because PostgreSQL sums into NUMERIC.
        let sql = "SELECT count(*), CAST(count(*) - sum(valid) AS BIGINT) FROM probe_round
            WHERE vantage = $1 AND at > $2 AND at <= $3";
        let (all, void): (i64, Option<i64>) =
            on!(&self.db, pool => sqlx::query_as(sql).bind(vantage).bind(from).bind(to).fetch_one(pool).await).map_err(failed)?;
        Ok((all as u64, void.unwrap_or(0) as u64))
    }
}
