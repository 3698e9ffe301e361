//! The scheduler: plans the jobs of each period, makes probes, runs what is due, tells what has to be told, and writes the reports of
//! periods that are over. Everything it knows is in the store; a kill at any moment loses no job and doubles none.

use super::office::Office;
use super::period::Period;
use super::{alerts, calendar, publish, watch, work};
use crate::checklist::Cadence;
use crate::config::Config;
use crate::crawl::Progress;
use crate::error::{Error, Result};
use crate::registry::SiteState;
use crate::store::Store;
use crate::store::jobs::{Job, JobState};
use crate::store::registry::Watched;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Attempts of a job before it is given up.
const MOST_ATTEMPTS: i64 = 5;
/// A job that failed is tried again after so long.
const AGAIN_AFTER: i64 = 3_600;
/// Longest sleep: the heartbeat that says the scheduler is alive.
const HEARTBEAT: i64 = 60;
/// Missed periods that are told of, at most.
const MOST_MISSED: usize = 400;
/// Cadences in the order in which they are planned.
pub const CADENCES: [Cadence; 3] = [Cadence::Daily, Cadence::Quarterly, Cadence::Semiannual];

/// A scheduler of one office.
pub struct Scheduler {
    store: Store,
    office: Arc<Office>,
    config: Arc<Config>,
    progress: Arc<dyn Progress>,
    running: JoinSet<(i64, i64, Result<work::Done>)>,
    /// Sites that are being crawled: one run per site at a time.
    busy: BTreeSet<i64>,
    rounds: watch::Rounds,
    _lock: std::fs::File,
}

impl Scheduler {
    /// A scheduler; there is one per folder of runs.
    pub fn new(store: Store, office: Office, config: Config, progress: Arc<dyn Progress>) -> Result<Self> {
        std::fs::create_dir_all(&office.runs).map_err(|e| Error::io(&office.runs, e))?;
        let path = office.runs.join("lock");
        let lock = std::fs::File::create(&path).map_err(|e| Error::io(&path, e))?;
        if lock.try_lock().is_err() {
            return Err(Error::usage_with(
                format!("{}: 另一个调度正在运行 / another scheduler is running", office.runs.display()),
                "每个运行目录只用一个调度 / there is one scheduler for a folder of runs",
            ));
        }
        let (office, config) = (Arc::new(office), Arc::new(config));
        Ok(Scheduler {
            store,
            office,
            config,
            progress,
            running: JoinSet::new(),
            busy: BTreeSet::new(),
            rounds: watch::Rounds::default(),
            _lock: lock,
        })
    }

    /// Runs until told to stop, or until an instant (a rehearsal ends). What is under way is committed and goes on the next time.
    pub async fn run(&mut self, until: Option<Timestamp>) -> Result<()> {
        loop {
            let now = crate::clock::now();
            if self.progress.wants_stop() || until.is_some_and(|until| now >= until) {
                break;
            }
            self.turn(now).await?;
            let next = self.next(now).await?;
            self.rest(now, until.map_or(next, |until| next.min(until))).await?;
        }
        while let Some(ended) = self.running.join_next().await {
            self.ended(ended).await?;
        }
        self.store.set("scheduler.at", &crate::clock::now().as_second().to_string()).await
    }

    /// One turn at an instant: everything that is due.
    async fn turn(&mut self, now: Timestamp) -> Result<()> {
        let sites = self.store.watched().await?;
        alerts::silence(&self.store, now).await?;
        self.store.set("scheduler.at", &now.as_second().to_string()).await?;
        self.plan_jobs(&sites, now).await?;
        if let Some(slot) = watch::slot(self.office.probes.a_day, now)
            && self.store.last_round(&self.office.vantage).await?.is_none_or(|last| last < slot)
            && !sites.is_empty()
        {
            watch::round(&mut self.rounds, &self.store, &self.office, &self.config, &sites, slot).await?;
            alerts::reachability(&self.store, &self.office, &sites, now).await?;
        }
        let day = crate::clock::date_of(now).to_string();
        if self.store.setting("scheduler.overdue").await?.as_ref() != Some(&day) {
            alerts::overdue(&self.store, &self.office, &sites, now).await?;
            self.store.set("scheduler.overdue", &day).await?;
        }
        self.start_jobs(&sites, now).await?;
        if crate::clock::simulated().is_some() {
            // A rehearsal's clock stands still while something runs.
            while let Some(ended) = self.running.join_next().await {
                self.ended(ended).await?;
                self.start_jobs(&sites, now).await?;
            }
        }
        publish::ended_periods(&self.store, &self.office, now).await?;
        alerts::send(&self.store, &self.office, now).await
    }

    /// Jobs of the present periods; periods that went by without the scheduler are told as missed, not made up.
    async fn plan_jobs(&self, sites: &[Watched], now: Timestamp) -> Result<()> {
        let today = crate::clock::date_of(now);
        for cadence in CADENCES {
            let present = Period::of(cadence, today);
            let name = format!("scheduler.planned.{}", crate::store::runs::cadence_word(cadence));
            let last = self.store.setting(&name).await?.and_then(|text| Period::parse(&text).ok());
            let mut missed = Vec::new();
            let mut period = last.map_or(present, Period::after);
            while period < present && missed.len() < MOST_MISSED {
                missed.push(period);
                period = period.after();
            }
            for site in sites.iter().filter(|site| site.site.cadences.contains(&cadence)) {
                for period in &missed {
                    if let Some(due) = calendar::due(&self.office, *period) {
                        self.store.plan_job(site.no, cadence, &period.to_string(), due.as_second()).await?;
                    }
                }
                if let Some(due) = calendar::due(&self.office, present) {
                    self.store.plan_job(site.no, cadence, &present.to_string(), due.as_second()).await?;
                }
            }
            if last != Some(present) {
                self.store.set(&name, &present.to_string()).await?;
            }
        }
        Ok(())
    }

    /// Begins what is due, as many as may run at once.
    async fn start_jobs(&mut self, sites: &[Watched], now: Timestamp) -> Result<()> {
        let by_no: BTreeMap<i64, &Watched> = sites.iter().map(|site| (site.no, site)).collect();
        let today = crate::clock::date_of(now);
        for job in self.store.due_jobs(now.as_second()).await? {
            if self.running.len() >= self.office.at_once || self.progress.wants_stop() {
                break;
            }
            if self.busy.contains(&job.site_no) {
                continue;
            }
            let Some(site) = by_no.get(&job.site_no) else {
                self.drop_job(&job, "网站已不在名册 / the site is no longer watched", now).await?;
                continue;
            };
            let period = Period::parse(&job.period)?;
            if job.state == JobState::Waiting && period.last() < today {
                self.drop_job(&job, "本期已过，未运行 / its period is over, and it did not run", now).await?;
                alerts::missed(&self.store, site, &job, now).await?;
                continue;
            }
            if site.site.standing.on(today) != SiteState::Running {
                self.drop_job(&job, "网站已报备改版或关停 / the site is filed as redesigned or closed", now).await?;
                continue;
            }
            self.start_job((*site).clone(), job, now).await?;
        }
        Ok(())
    }

    async fn drop_job(&self, job: &Job, why: &str, now: Timestamp) -> Result<()> {
        self.store.end_job(job.no, JobState::Dropped, None, Some(why), now.as_second()).await
    }

    async fn start_job(&mut self, site: Watched, job: Job, now: Timestamp) -> Result<()> {
        let known = job.folder.as_ref().map(PathBuf::from);
        let folder = known.unwrap_or_else(|| folder_of(&self.office.runs, &site.site.id, &job));
        // The moment of its first begin is part of what is judged: it must be the same after a kill.
        let begun = job.begun_at.and_then(|at| Timestamp::from_second(at).ok()).unwrap_or(now);
        self.store.begin_job(job.no, &folder.display().to_string(), now.as_second()).await?;
        let since = self.since(&site, job.cadence).await?;
        let order = work::Order { site, cadence: job.cadence, begun, folder, since };
        self.busy.insert(job.site_no);
        let (store, office, config) = (self.store.clone(), self.office.clone(), self.config.clone());
        let progress = self.progress.clone();
        self.running.spawn(async move {
            let done = work::run(&store, &office, &config, order, progress).await;
            (job.no, job.site_no, done)
        });
        Ok(())
    }

    /// The run folder of the last full crawl of a site, for conditional requests; a daily look stands alone.
    async fn since(&self, site: &Watched, cadence: Cadence) -> Result<Option<PathBuf>> {
        if cadence == Cadence::Daily {
            return Ok(None);
        }
        let folder = self.store.last_folder(site.no, &[Cadence::Quarterly, Cadence::Semiannual]).await?;
        Ok(folder.map(PathBuf::from).filter(|folder| folder.join("run.db").is_file()))
    }

    /// Notes how a job ended.
    async fn ended(&mut self, ended: std::result::Result<(i64, i64, Result<work::Done>), tokio::task::JoinError>) -> Result<()> {
        let (job_no, site_no, done) = ended.map_err(|e| Error::Internal(format!("a run: {e}")))?;
        self.busy.remove(&site_no);
        let now = crate::clock::now();
        match done {
            Ok(work::Done { report, imported: Some(imported) }) => {
                alerts::of_run(&self.store, site_no, imported.run_no, &report, now).await?;
                self.store.end_job(job_no, JobState::Done, Some(imported.run_no), None, now.as_second()).await
            }
            Ok(work::Done { imported: None, .. }) => {
                let why = "什么也没有取到 / nothing was obtained";
                if self.store.attempts(job_no).await? >= MOST_ATTEMPTS {
                    self.store.end_job(job_no, JobState::Failed, None, Some(why), now.as_second()).await?;
                    return alerts::failed(&self.store, site_no, job_no, why, now).await;
                }
                self.store.put_off_job(job_no, now.as_second() + AGAIN_AFTER, why, true).await
            }
            // The user stops: it is running still, and goes on the next time.
            Err(Error::Stopped { .. }) => Ok(()),
            Err(error) => {
                let why = error.to_string();
                self.progress.say(&format!("运行 {job_no} 未完成 / job {job_no} did not end: {why}"));
                let attempts = self.store.attempts(job_no).await?;
                if attempts >= MOST_ATTEMPTS {
                    self.store.end_job(job_no, JobState::Failed, None, Some(&why), now.as_second()).await?;
                    return alerts::failed(&self.store, site_no, job_no, &why, now).await;
                }
                // Registry or configuration changed between two parts of a run: what was begun with the old plan is left behind.
                let anew = matches!(error, Error::OtherPlan { .. });
                let after = if anew { 0 } else { AGAIN_AFTER };
                self.store.put_off_job(job_no, now.as_second() + after, &why, anew).await
            }
        }
    }

    /// When something has to be done next.
    async fn next(&self, now: Timestamp) -> Result<Timestamp> {
        let tomorrow = crate::clock::end_of(crate::clock::date_of(now)) + SignedDuration::from_secs(1);
        let mut next = tomorrow;
        let slot = watch::next_slot(self.office.probes.a_day, now).and_then(|at| Timestamp::from_second(at).ok());
        next = slot.map_or(next, |slot| next.min(slot));
        if let Some(due) = self.store.next_due(now.as_second()).await?.and_then(|at| Timestamp::from_second(at).ok()) {
            next = next.min(due);
        }
        Ok(next)
    }

    /// Rests until then, or until a run ends. A rehearsal moves its clock on instead.
    async fn rest(&mut self, now: Timestamp, next: Timestamp) -> Result<()> {
        if let Some(file) = crate::clock::simulated() {
            return crate::clock::advance(next).map_err(|e| Error::io(file, e));
        }
        let seconds = (next.as_second() - now.as_second()).clamp(1, HEARTBEAT) as u64;
        let ended = tokio::select! {
            ended = self.running.join_next(), if !self.running.is_empty() => ended,
            () = tokio::time::sleep(std::time::Duration::from_secs(seconds)) => None,
            () = stopped(&*self.progress) => None,
        };
        match ended {
            Some(ended) => self.ended(ended).await,
            None => Ok(()),
        }
    }
}

/// Ends when the user wants to stop.
async fn stopped(progress: &dyn Progress) {
    while !progress.wants_stop() {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

/// `RUNS/SITE/PERIOD`, with the attempt where it is begun anew.
fn folder_of(runs: &Path, site: &str, job: &Job) -> PathBuf {
    let safe: String =
        site.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' }).collect();
    let again = if job.attempts == 0 { String::new() } else { format!("-{}", job.attempts + 1) };
    runs.join(safe.trim_start_matches('.')).join(format!("{}{again}", job.period))
}
