//! Importing what a run found: one transaction, idempotent by run id; a judgement of another plan of the same capture is kept beside.

use super::findings::{self, Told};
use super::registry::written;
use super::{Store, Tx, failed, on, within};
use crate::checklist::Cadence;
use crate::error::{Error, Result};
use crate::finding::Outcome;
use crate::report::Report;
use crate::score::Scorecard;
use std::collections::{BTreeMap, BTreeSet};

/// Why something was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// By the plan of its cadence: findings appear and go by it.
    Official,
    /// Again, with other checklists: scores beside the first ones, nothing else.
    Again,
}

/// A page as the site served it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageMark {
    /// Its canonical URL.
    pub url: String,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub modified: Option<String>,
    /// SHA-256 of its body.
    pub digest: Option<String>,
}

/// What is imported of one judged run.
#[derive(Debug)]
pub struct Import<'a> {
    /// The site's number.
    pub site_no: i64,
    /// What was told.
    pub report: &'a Report,
    /// Subjects of each finding, by fingerprint and unit.
    pub subject_keys: &'a BTreeMap<(String, String), Vec<String>>,
    /// How the subjects of open findings ended this time, by unit, rule and subject key.
    pub watched: &'a BTreeMap<(String, String, String), Outcome>,
    /// Rules that were asked.
    pub asked: &'a BTreeSet<String>,
    /// Items that were asked, by checklist: a daily look asks the same rule of fewer subjects.
    pub asked_items: &'a BTreeSet<(String, String)>,
    /// Rules whose subjects are pages.
    pub page_rules: &'a BTreeSet<String>,
    /// In which cadence.
    pub cadence: Option<Cadence>,
    /// From where.
    pub vantage: &'a str,
    /// Its run folder, where it is still there.
    pub folder: Option<String>,
    /// Did it get far fewer pages than the run before?
    pub shrunk: bool,
    /// What daily reports tell of it, as JSON.
    pub facts: serde_json::Value,
    /// Pages that were fetched.
    pub pages: &'a [PageMark],
    /// Why it was judged.
    pub basis: Basis,
    /// SHA-256 of the plan.
    pub plan_sha256: &'a str,
    /// The instant of the import, seconds.
    pub at: i64,
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Number of the run.
    pub run_no: i64,
    /// Number of the judgement.
    pub assessment_no: i64,
    /// Was it there before? Then nothing was written.
    pub known: bool,
    /// What became of findings.
    pub told: Told,
    /// Pages never seen before.
    pub new_pages: u64,
}

/// Word of a cadence in the store.
pub fn cadence_word(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Daily => "daily",
        Cadence::Quarterly => "quarterly",
        Cadence::Semiannual => "semiannual",
    }
}

impl Store {
    /// Imports. Twice is once: a run and plan that are there are left as they are.
    pub async fn import(&self, import: &Import<'_>) -> Result<Imported> {
        let run = &import.report.run;
        let seconds =
            |text: &str| text.parse::<jiff::Timestamp>().map(|at| at.as_second()).map_err(|e| super::damaged("report.run", e));
        let (started, finished) = (seconds(&run.started_at)?, seconds(&run.finished_at)?);
        let mut tx = self.begin().await?;
        let known: Option<(i64,)> = within!(&mut tx, conn => sqlx::query_as("SELECT no FROM run WHERE id = $1 AND site_no = $2")
            .bind(&run.id).bind(import.site_no).fetch_optional(conn).await)
        .map_err(failed)?;
        let (run_no, new_pages) = match known {
            Some((no,)) => (no, 0),
            None if import.basis == Basis::Again => {
                return Err(Error::usage_with(
                    format!(
                        "运行 {} 尚未导入，不能重新评判 / run {} was not imported, and cannot be judged again",
                        run.id, run.id
                    ),
                    "先 xuncha runs import / import it first",
                ));
            }
            None => {
                let new_pages = put_pages(&mut tx, import, finished).await?;
                (put_run(&mut tx, import, started, finished, new_pages).await?, new_pages)
            }
        };
        let basis = if import.basis == Basis::Official { "official" } else { "again" };
        let sql = "SELECT no FROM assessment WHERE run_no = $1 AND basis = $2 AND plan_sha256 = $3";
        let judged: Option<(i64,)> = within!(&mut tx, conn => sqlx::query_as(sql)
            .bind(run_no).bind(basis).bind(import.plan_sha256).fetch_optional(conn).await)
        .map_err(failed)?;
        if let Some((assessment_no,)) = judged {
            return Ok(Imported { run_no, assessment_no, known: true, ..Imported::default() });
        }
        let sql = "INSERT INTO assessment (run_no, basis, plan_sha256, as_of, inputs, made_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING no";
        let inputs = written(&run.inputs)?;
        let (assessment_no,): (i64,) = within!(&mut tx, conn => sqlx::query_as(sql)
            .bind(run_no).bind(basis).bind(import.plan_sha256).bind(&run.as_of).bind(inputs).bind(import.at).fetch_one(conn).await)
        .map_err(failed)?;
        let units = units(&mut tx, import).await?;
        for card in &import.report.scorecards {
            if let Some(unit_no) = units.get(&card.unit) {
                put_card(&mut tx, import, assessment_no, *unit_no, card).await?;
            }
        }
        let mut told = Told::default();
        if import.basis == Basis::Official && known.is_none() {
            told = findings::merge(&mut tx, import, &units, (run_no, assessment_no), finished).await?;
        } else {
            findings::count_only(&mut tx, import, &units, assessment_no).await?;
        }
        tx.commit().await?;
        Ok(Imported { run_no, assessment_no, known: false, told, new_pages })
    }

    /// The cadence of a run.
    pub async fn cadence_of(&self, run_no: i64) -> Result<Option<Cadence>> {
        let row: Option<(Option<String>,)> =
            on!(&self.db, pool => sqlx::query_as("SELECT cadence FROM run WHERE no = $1").bind(run_no).fetch_optional(pool).await)
                .map_err(failed)?;
        Ok(row.and_then(|(word,)| word).and_then(|word| serde_json::from_value(word.into()).ok()))
    }

    /// Is this run of a site there?
    pub async fn knows_run(&self, site_no: i64, id: &str) -> Result<bool> {
        let row: Option<(i64,)> = on!(&self.db, pool => sqlx::query_as("SELECT no FROM run WHERE id = $1 AND site_no = $2")
            .bind(id).bind(site_no).fetch_optional(pool).await)
        .map_err(failed)?;
        Ok(row.is_some())
    }
}

/// Numbers of the units that a report speaks of. One that is in no registry (the implicit operator of a shared host) gets a row that is
/// neither watched nor ranked.
async fn units(tx: &mut Tx, import: &Import<'_>) -> Result<BTreeMap<String, i64>> {
    let mut names: BTreeMap<&str, &str> = import.report.site.units.iter().map(|u| (u.id.as_str(), u.name.as_str())).collect();
    let cards = import.report.scorecards.iter().map(|card| card.unit.as_str());
    for id in cards.chain(import.report.findings.iter().map(|finding| finding.unit.as_str())) {
        names.entry(id).or_insert(id);
    }
    let mut numbers = BTreeMap::new();
    for (id, name) in names {
        let sql = "INSERT INTO unit (id, name, contacts, active) VALUES ($1, $2, '[]', 0) ON CONFLICT (id) DO NOTHING";
        within!(&mut *tx, conn => sqlx::query(sql).bind(id).bind(name).execute(conn).await.map(|_| ())).map_err(failed)?;
        let (no,): (i64,) =
            within!(&mut *tx, conn => sqlx::query_as("SELECT no FROM unit WHERE id = $1").bind(id).fetch_one(conn).await)
                .map_err(failed)?;
        numbers.insert(id.to_owned(), no);
    }
    Ok(numbers)
}

async fn put_run(tx: &mut Tx, import: &Import<'_>, started: i64, finished: i64, new_pages: u64) -> Result<i64> {
    let sql = "INSERT INTO run (id, site_no, cadence, vantage, started_at, finished_at, complete, shrunk, version, capture_sha256, folder,
        discovered, fetched, unfetched, pages, new_pages, facts, imported_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING no";
    let (run, coverage) = (&import.report.run, &import.report.coverage);
    let (unfetched, facts) = (written(&coverage.unfetched)?, import.facts.to_string());
    let (no,): (i64,) = within!(tx, conn => sqlx::query_as(sql)
        .bind(&run.id).bind(import.site_no).bind(import.cadence.map(cadence_word)).bind(import.vantage)
        .bind(started).bind(finished).bind(i64::from(run.complete)).bind(i64::from(import.shrunk)).bind(&run.version)
        .bind(&run.capture_sha256).bind(&import.folder).bind(coverage.discovered as i64).bind(coverage.fetched as i64).bind(unfetched)
        .bind(import.pages.len() as i64).bind(new_pages as i64).bind(facts).bind(import.at)
        .fetch_one(conn).await)
    .map_err(failed)?;
    Ok(no)
}

/// Notes the pages of a run; how many no run before had.
async fn put_pages(tx: &mut Tx, import: &Import<'_>, at: i64) -> Result<u64> {
    let (before,): (i64,) = within!(&mut *tx, conn => sqlx::query_as("SELECT count(*) FROM page WHERE site_no = $1")
        .bind(import.site_no).fetch_one(conn).await)
    .map_err(failed)?;
    let sql = "INSERT INTO page (site_no, url, etag, modified, digest, first_at, last_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
        ON CONFLICT (site_no, url) DO UPDATE SET etag = excluded.etag, modified = excluded.modified, digest = excluded.digest,
        last_at = excluded.last_at WHERE page.last_at <= excluded.last_at";
    for page in import.pages {
        within!(&mut *tx, conn => sqlx::query(sql)
            .bind(import.site_no).bind(&page.url).bind(&page.etag).bind(&page.modified).bind(&page.digest).bind(at)
            .execute(conn).await.map(|_| ()))
        .map_err(failed)?;
    }
    let (after,): (i64,) = within!(&mut *tx, conn => sqlx::query_as("SELECT count(*) FROM page WHERE site_no = $1")
        .bind(import.site_no).fetch_one(conn).await)
    .map_err(failed)?;
    // The first run of a site finds pages, not new ones.
    Ok(if before == 0 { 0 } else { (after - before).max(0) as u64 })
}

async fn put_card(tx: &mut Tx, import: &Import<'_>, assessment_no: i64, unit_no: i64, card: &Scorecard) -> Result<()> {
    let list = import.report.run.checklists.iter().find(|list| list.id == card.checklist);
    let (version, sha256) = list.map_or(("", ""), |list| (list.version.as_str(), list.sha256.as_str()));
    let sql = "INSERT INTO scorecard (assessment_no, unit_no, checklist, version, sha256, verdict, score, out_of, coverage, coverage_floor,
        findings, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let findings: u64 = card.items.iter().map(|item| item.findings).sum();
    let body = lz4_flex::block::compress_prepend_size(written(card)?.as_bytes());
    within!(&mut *tx, conn => sqlx::query(sql)
        .bind(assessment_no).bind(unit_no).bind(&card.checklist).bind(version).bind(sha256).bind(word(&card.verdict)?)
        .bind(card.score).bind(card.out_of).bind(card.coverage).bind(card.coverage_floor).bind(findings as i64).bind(body)
        .execute(conn).await.map(|_| ()))
    .map_err(failed)?;
    let sql = "INSERT INTO score_item (assessment_no, unit_no, checklist, place, item, severity, outcome, note, points, deducted, findings,
        per_page, passed, failed, suspected, waived, undecided)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    for (place, item) in card.items.iter().enumerate() {
        let per_page = !item.rule.is_empty() && item.rule.iter().all(|rule| import.page_rules.contains(rule));
        within!(&mut *tx, conn => sqlx::query(sql)
            .bind(assessment_no).bind(unit_no).bind(&card.checklist).bind(place as i64).bind(&item.id).bind(item.severity.word())
            .bind(word(&item.outcome)?).bind(&item.note).bind(item.points).bind(item.deducted).bind(item.findings as i64)
            .bind(i64::from(per_page)).bind(item.passed as i64).bind(item.failed as i64).bind(item.suspected as i64)
            .bind(item.waived as i64).bind((item.cannot_tell + item.untested) as i64)
            .execute(conn).await.map(|_| ()))
        .map_err(failed)?;
    }
    Ok(())
}

/// The word of a unit variant, as it is serialised.
pub(super) fn word(value: &impl serde::Serialize) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(Error::Internal("store: a word was expected".into())),
    }
}
