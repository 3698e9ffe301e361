//! Jobs of the cadences: one per site, cadence and period, so that none is lost and none is done twice.

use super::runs::cadence_word;
use super::{Store, failed, on};
use crate::checklist::Cadence;
use crate::error::Result;

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobState {
    /// Due, or going to be.
    Waiting,
    /// Begun; after a kill it goes on in its folder.
    Running,
    /// Its run is imported.
    Done,
    /// Given up: `why` says the cause.
    Failed,
    /// Its period is over, or the site is filed as redesigned or closed.
    Dropped,
}

impl JobState {
    /// The word in the store.
    pub fn word(self) -> &'static str {
        match self {
            JobState::Waiting => "waiting",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Failed => "failed",
            JobState::Dropped => "dropped",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "running" => JobState::Running,
            "done" => JobState::Done,
            "failed" => JobState::Failed,
            "dropped" => JobState::Dropped,
            _ => JobState::Waiting,
        }
    }
}

/// One job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Number.
    pub no: i64,
    /// The site's number.
    pub site_no: i64,
    /// Its cadence.
    pub cadence: Cadence,
    /// Its period: `2026-02-17`, `2026Q1`, `2026H1`.
    pub period: String,
    /// When it may begin, seconds.
    pub due_at: i64,
    /// How it stands.
    pub state: JobState,
    /// Its run folder, once begun.
    pub folder: Option<String>,
    /// Its run, once imported.
    pub run_no: Option<i64>,
    /// How often it was begun.
    pub attempts: i64,
    /// When it was begun first, seconds.
    pub begun_at: Option<i64>,
    /// Why it failed or was dropped.
    pub why: Option<String>,
}

type JobRow = (i64, i64, String, String, i64, String, Option<String>, Option<i64>, i64, Option<i64>, Option<String>);
const JOBS: &str = "SELECT no, site_no, cadence, period, due_at, state, folder, run_no, attempts, begun_at, why FROM job";

fn job(row: JobRow) -> Job {
    let (no, site_no, cadence, period, due_at, state, folder, run_no, attempts, begun_at, why) = row;
    let cadence = match cadence.as_str() {
        "daily" => Cadence::Daily,
        "semiannual" => Cadence::Semiannual,
        _ => Cadence::Quarterly,
    };
    Job { no, site_no, cadence, period, due_at, state: JobState::of(&state), folder, run_no, attempts, begun_at, why }
}

impl Store {
    /// Plans a job; one that is there stays as it is. True: it is new.
    pub async fn plan_job(&self, site_no: i64, cadence: Cadence, period: &str, due_at: i64) -> Result<bool> {
        let sql = "INSERT INTO job (site_no, cadence, period, due_at, state, attempts) VALUES ($1, $2, $3, $4, 'waiting', 0)
            ON CONFLICT (site_no, cadence, period) DO NOTHING";
        let done = on!(&self.db, pool => sqlx::query(sql)
            .bind(site_no).bind(cadence_word(cadence)).bind(period).bind(due_at)
            .execute(pool).await.map(|done| done.rows_affected()));
        Ok(done.map_err(failed)? > 0)
    }

    /// Jobs that were begun and are not over, then those that wait and are due, in the order in which they were due.
    pub async fn due_jobs(&self, now: i64) -> Result<Vec<Job>> {
        let sql = format!("{JOBS} WHERE state = 'running' OR (state = 'waiting' AND due_at <= $1) ORDER BY state, due_at, no");
        self.jobs(sql, now).await
    }

    /// The instant after `now` at which the next job that waits is due.
    pub async fn next_due(&self, now: i64) -> Result<Option<i64>> {
        let sql = "SELECT min(due_at) FROM job WHERE state = 'waiting' AND due_at > $1";
        let (at,): (Option<i64>,) = on!(&self.db, pool => sqlx::query_as(sql).bind(now).fetch_one(pool).await).map_err(failed)?;
        Ok(at)
    }

    /// How often a job was begun.
    pub async fn attempts(&self, no: i64) -> Result<i64> {
        let row: Option<(i64,)> =
            on!(&self.db, pool => sqlx::query_as("SELECT attempts FROM job WHERE no = $1").bind(no).fetch_optional(pool).await)
                .map_err(failed)?;
        Ok(row.map_or(0, |(attempts,)| attempts))
    }

    /// URLs that the newest complete deep scan of a site discovered.
    pub async fn last_discovered(&self, site_no: i64) -> Result<Option<u64>> {
        let sql = "SELECT discovered FROM run WHERE site_no = $1 AND cadence IN ('quarterly', 'semiannual') AND complete = 1
            ORDER BY finished_at DESC, no DESC LIMIT 1";
        let row: Option<(i64,)> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(site_no).fetch_optional(pool).await).map_err(failed)?;
        Ok(row.map(|(discovered,)| discovered.max(0) as u64))
    }

    /// The run folder of a site's newest run of some cadences.
    pub async fn last_folder(&self, site_no: i64, cadences: &[Cadence]) -> Result<Option<String>> {
        let sql =
            "SELECT finished_at, folder FROM run WHERE site_no = $1 AND cadence = $2 AND folder IS NOT NULL AND complete = 1
            ORDER BY finished_at DESC, no DESC LIMIT 1";
        let mut newest: Option<(i64, String)> = None;
        for cadence in cadences {
            let row: Option<(i64, String)> = on!(&self.db, pool => sqlx::query_as(sql)
                .bind(site_no).bind(cadence_word(*cadence)).fetch_optional(pool).await)
            .map_err(failed)?;
            newest = newest.into_iter().chain(row).max_by_key(|(at, _)| *at);
        }
        Ok(newest.map(|(_, folder)| folder))
    }

    /// Every job of a cadence in a period.
    pub async fn jobs_of(&self, cadence: Cadence, period: &str) -> Result<Vec<Job>> {
        let sql = format!("{JOBS} WHERE cadence = $1 AND period = $2 ORDER BY due_at, no");
        let rows: Vec<JobRow> = on!(&self.db, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(cadence_word(cadence)).bind(period).fetch_all(pool).await)
        .map_err(failed)?;
        Ok(rows.into_iter().map(job).collect())
    }

    async fn jobs(&self, sql: String, bound: i64) -> Result<Vec<Job>> {
        let rows: Vec<JobRow> =
            on!(&self.db, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(bound).fetch_all(pool).await).map_err(failed)?;
        Ok(rows.into_iter().map(job).collect())
    }

    /// Notes that a job begins, with the folder of its run: after a kill it goes on there.
    pub async fn begin_job(&self, no: i64, folder: &str, at: i64) -> Result<()> {
        let sql = "UPDATE job SET state = 'running', folder = $1, begun_at = coalesce(begun_at, $2), attempts = attempts + 1 WHERE no = $3";
        on!(&self.db, pool => sqlx::query(sql).bind(folder).bind(at).bind(no).execute(pool).await.map(|_| ())).map_err(failed)
    }

    /// Notes how a job ended.
    pub async fn end_job(&self, no: i64, state: JobState, run_no: Option<i64>, why: Option<&str>, at: i64) -> Result<()> {
        let sql = "UPDATE job SET state = $1, run_no = $2, why = $3, ended_at = $4 WHERE no = $5";
        on!(&self.db, pool => sqlx::query(sql)
            .bind(state.word()).bind(run_no).bind(why).bind(at).bind(no).execute(pool).await.map(|_| ()))
        .map_err(failed)
    }

    /// Puts a job off. `anew`: in another folder, because what its own holds was begun with another plan.
    pub async fn put_off_job(&self, no: i64, due_at: i64, why: &str, anew: bool) -> Result<()> {
        let sql = "UPDATE job SET state = 'waiting', due_at = $1, why = $2, folder = CASE WHEN $3 = 1 THEN NULL ELSE folder END,
            begun_at = CASE WHEN $3 = 1 THEN NULL ELSE begun_at END WHERE no = $4";
        on!(&self.db, pool => sqlx::query(sql)
            .bind(due_at).bind(why).bind(i64::from(anew)).bind(no).execute(pool).await.map(|_| ()))
        .map_err(failed)
    }
}
