//! What runs saw of columns and annual reports: the snapshots that later runs are judged with (`--history`), kept as they were.

use super::{Store, damaged, failed, on};
use crate::error::{Error, Result};
use crate::facts::history::{EarlierRun, History, Probe, SCHEMA};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Runs that a snapshot tells of at most: the newest. A rule compares with the last year's.
const MOST_RUNS: i64 = 12;

impl Store {
    /// Keeps what a run saw.
    pub async fn put_earlier_run(&self, site_no: i64, run_no: i64, seen: &EarlierRun) -> Result<()> {
        let text = serde_json::to_vec(seen).map_err(|e| Error::Internal(format!("snapshot: {e}")))?;
        let digest = HEXLOWER.encode(&Sha256::digest(&text));
        let body = lz4_flex::block::compress_prepend_size(&text);
        let sql = "INSERT INTO snapshot (site_no, run_no, until_at, sha256, body) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (site_no, run_no, sha256) DO NOTHING";
        on!(&self.db, pool => sqlx::query(sql)
            .bind(site_no).bind(run_no).bind(seen.at.as_second()).bind(digest).bind(body)
            .execute(pool).await.map(|_| ()))
        .map_err(failed)
    }

    /// The history of a site as it was known at an instant: runs that ended by then, and the visits of the week before from every network. None when there is
    /// neither. The same instant gives the same snapshot for ever, late imports aside.
    pub async fn history(&self, site_no: i64, until: i64) -> Result<Option<History>> {
        let sql = "SELECT body FROM snapshot WHERE site_no = $1 AND until_at <= $2 ORDER BY until_at DESC, no DESC LIMIT $3";
        let rows: Vec<(Vec<u8>,)> = on!(&self.db, pool => sqlx::query_as(sql)
            .bind(site_no).bind(until).bind(MOST_RUNS).fetch_all(pool).await)
        .map_err(failed)?;
        let mut runs: Vec<EarlierRun> = Vec::with_capacity(rows.len());
        for (body,) in rows.into_iter().rev() {
            let text = lz4_flex::block::decompress_size_prepended(&body).map_err(|e| damaged("snapshot", e))?;
            runs.push(serde_json::from_slice(&text).map_err(|e| damaged("snapshot", e))?);
        }
        let visits = self.visits(site_no, None, until - 7 * 86_400, until).await?;
        let probes: Vec<Probe> = visits.into_iter().map(|(probe, vantage)| Probe { vantage: Some(vantage), ..probe }).collect();
        if runs.is_empty() && probes.is_empty() {
            return Ok(None);
        }
        let until = Timestamp::from_second(until).map_err(|e| damaged("snapshot", e))?;
        Ok(Some(History { schema: SCHEMA.to_owned(), until, probes, runs }))
    }
}
