//! Scorecards of a period: the newest official judgement of each site in it, with its counts. All rates of the reports are reckoned from
//! these rows again (regulations.md 8, E11: published figures can be inconsistent).

use super::runs::cadence_word;
use super::{Store, damaged, failed, on};
use crate::checklist::Cadence;
use crate::error::Result;
use crate::score::Scorecard;
use std::collections::BTreeMap;

/// A run with its official judgement.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRow {
    /// Number of the run.
    pub no: i64,
    /// Its id.
    pub id: String,
    /// The site's number.
    pub site_no: i64,
    /// From which network.
    pub vantage: String,
    /// Number of the judgement.
    pub assessment_no: i64,
    /// When it ended, seconds.
    pub finished_at: i64,
    /// Did every discovered URL end?
    pub complete: bool,
    /// Far fewer pages than before?
    pub shrunk: bool,
    /// URLs in scope.
    pub discovered: u64,
    /// Of these, with a response.
    pub fetched: u64,
    /// Pages kept.
    pub pages: u64,
    /// Pages that no run before had.
    pub new_pages: u64,
    /// Day of judgement.
    pub as_of: String,
    /// Where its capture is.
    pub folder: Option<String>,
    /// What daily reports tell of it.
    pub facts: serde_json::Value,
}

/// One scorecard without its items.
#[derive(Debug, Clone, PartialEq)]
pub struct CardRow {
    /// The judgement.
    pub assessment_no: i64,
    /// The unit's number.
    pub unit_no: i64,
    /// Checklist id.
    pub checklist: String,
    /// Its version.
    pub version: String,
    /// Its digest.
    pub sha256: String,
    /// Verdict, as a word.
    pub verdict: String,
    /// Score, where there is one.
    pub score: Option<f64>,
    /// Full mark.
    pub out_of: Option<f64>,
    /// Coverage, 0 to 1.
    pub coverage: f64,
    /// Below it there is no verdict.
    pub coverage_floor: f64,
    /// Findings under its items.
    pub findings: u64,
}

/// One item of a scorecard.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemRow {
    /// The judgement.
    pub assessment_no: i64,
    /// The unit's number.
    pub unit_no: i64,
    /// Checklist id.
    pub checklist: String,
    /// Place in the checklist.
    pub place: i64,
    /// Item id.
    pub item: String,
    /// Severity, as a word.
    pub severity: String,
    /// Outcome, as a word.
    pub outcome: String,
    /// State of the item, as a word.
    pub note: Option<String>,
    /// Points it can take.
    pub points: Option<f64>,
    /// Points taken.
    pub deducted: f64,
    /// Findings.
    pub findings: u64,
    /// Are its subjects pages?
    pub per_page: bool,
    /// Subjects by end.
    pub passed: u64,
    /// See `passed`.
    pub failed: u64,
    /// See `passed`.
    pub suspected: u64,
    /// See `passed`.
    pub waived: u64,
    /// Cannot tell and untested.
    pub undecided: u64,
}

/// Findings of a judgement by unit and rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountRow {
    /// The judgement.
    pub assessment_no: i64,
    /// The unit's number.
    pub unit_no: i64,
    /// Rule id.
    pub rule: String,
    /// Severity as a number; `findings::severity_of`.
    pub severity: i64,
    /// Proved, or suspected?
    pub certain: bool,
    /// Findings.
    pub findings: u64,
    /// Places.
    pub occurrences: u64,
}

type RunTuple = (i64, String, i64, String, i64, i64, i64, i64, i64, i64, i64, i64, String, Option<String>, String);

type CardTuple = (i64, i64, String, String, String, String, Option<f64>, Option<f64>, f64, f64, i64);

impl Store {
    /// The newest official run of each site in cadences and a period (after `from`, up to and with `to`), in order of site: of this vantage,
    /// or of another where this one has none.
    pub async fn newest_runs(&self, cadences: &[Cadence], vantage: &str, from: i64, to: i64) -> Result<Vec<RunRow>> {
        let mut newest: BTreeMap<i64, RunRow> = BTreeMap::new();
        for row in self.runs(cadences, from, to).await? {
            if row.vantage == vantage || newest.get(&row.site_no).is_none_or(|known| known.vantage != vantage) {
                newest.insert(row.site_no, row);
            }
        }
        Ok(newest.into_values().collect())
    }

    /// Every official run of cadences in a period, oldest first.
    pub async fn runs(&self, cadences: &[Cadence], from: i64, to: i64) -> Result<Vec<RunRow>> {
        let sql = "SELECT r.no, r.id, r.site_no, r.vantage, a.no, r.finished_at, r.complete, r.shrunk, r.discovered, r.fetched, r.pages, r.new_pages,
            a.as_of, r.folder, r.facts FROM run r JOIN assessment a ON a.run_no = r.no AND a.basis = 'official'
            WHERE r.cadence = $1 AND r.finished_at > $2 AND r.finished_at <= $3 ORDER BY r.finished_at, r.no";
        let mut rows = Vec::new();
        for cadence in cadences {
            let some: Vec<RunTuple> = on!(&self.db, pool => sqlx::query_as(sql)
                .bind(cadence_word(*cadence)).bind(from).bind(to).fetch_all(pool).await)
            .map_err(failed)?;
            for row in some {
                rows.push(run_row(row)?);
            }
        }
        rows.sort_by_key(|row| (row.finished_at, row.no));
        Ok(rows)
    }

    /// Scorecards of official judgements whose runs ended in a period, of some cadences.
    pub async fn cards(&self, cadences: &[Cadence], from: i64, to: i64) -> Result<Vec<CardRow>> {
        let sql = "SELECT c.assessment_no, c.unit_no, c.checklist, c.version, c.sha256, c.verdict, c.score, c.out_of, c.coverage,
            c.coverage_floor, c.findings FROM run r JOIN assessment a ON a.run_no = r.no AND a.basis = 'official'
            JOIN scorecard c ON c.assessment_no = a.no WHERE r.cadence = $1 AND r.finished_at > $2 AND r.finished_at <= $3
            ORDER BY c.assessment_no, c.unit_no, c.checklist";
        let mut cards = Vec::new();
        for cadence in cadences {
            let rows: Vec<CardTuple> = on!(&self.db, pool => sqlx::query_as(sql)
                .bind(cadence_word(*cadence)).bind(from).bind(to).fetch_all(pool).await)
            .map_err(failed)?;
            cards.extend(rows.into_iter().map(card_row));
        }
        Ok(cards)
    }

    /// Scorecards of a judgement that is no official one: of a run judged again.
    pub async fn cards_of(&self, assessment_no: i64) -> Result<Vec<CardRow>> {
        let sql = "SELECT c.assessment_no, c.unit_no, c.checklist, c.version, c.sha256, c.verdict, c.score, c.out_of, c.coverage,
            c.coverage_floor, c.findings FROM scorecard c WHERE c.assessment_no = $1 ORDER BY c.unit_no, c.checklist";
        let rows: Vec<CardTuple> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(assessment_no).fetch_all(pool).await).map_err(failed)?;
        Ok(rows.into_iter().map(card_row).collect())
    }

    /// Judgements of a run beside the official one: number, digest of the plan, day of judgement, newest last.
    pub async fn judged_again(&self, run_no: i64) -> Result<Vec<(i64, String, String)>> {
        let sql = "SELECT no, plan_sha256, as_of FROM assessment WHERE run_no = $1 AND basis = 'again' ORDER BY no";
        on!(&self.db, pool => sqlx::query_as(sql).bind(run_no).fetch_all(pool).await).map_err(failed)
    }

    /// Items of one judgement, in checklist order.
    pub async fn items(&self, assessment_no: i64) -> Result<Vec<ItemRow>> {
        type Tuple =
            (i64, String, i64, String, String, String, Option<String>, Option<f64>, f64, i64, i64, i64, i64, i64, i64, i64);
        let sql = "SELECT unit_no, checklist, place, item, severity, outcome, note, points, deducted, findings, per_page, passed, failed,
            suspected, waived, undecided FROM score_item WHERE assessment_no = $1 ORDER BY unit_no, checklist, place";
        let rows: Vec<Tuple> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(assessment_no).fetch_all(pool).await).map_err(failed)?;
        let item = |row: Tuple| {
            let (unit_no, checklist, place, item, severity, outcome, note, points, deducted, findings, per_page, ..) = row;
            let (.., passed, failed, suspected, waived, undecided) = row;
            ItemRow {
                assessment_no,
                unit_no,
                checklist,
                place,
                item,
                severity,
                outcome,
                note,
                points,
                deducted,
                findings: findings as u64,
                per_page: per_page != 0,
                passed: passed as u64,
                failed: failed as u64,
                suspected: suspected as u64,
                waived: waived as u64,
                undecided: undecided as u64,
            }
        };
        Ok(rows.into_iter().map(item).collect())
    }

    /// Findings of one judgement by unit, rule, severity and certainty.
    pub async fn counts(&self, assessment_no: i64) -> Result<Vec<CountRow>> {
        let sql = "SELECT unit_no, rule, severity, certain, findings, occurrences FROM finding_count WHERE assessment_no = $1
            ORDER BY unit_no, rule, severity DESC, certain DESC";
        let rows: Vec<(i64, String, i64, i64, i64, i64)> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(assessment_no).fetch_all(pool).await).map_err(failed)?;
        let count = |(unit_no, rule, severity, certain, findings, occurrences): (i64, String, i64, i64, i64, i64)| CountRow {
            assessment_no,
            unit_no,
            rule,
            severity,
            certain: certain != 0,
            findings: findings as u64,
            occurrences: occurrences as u64,
        };
        Ok(rows.into_iter().map(count).collect())
    }

    /// A whole scorecard with its items.
    pub async fn card(&self, assessment_no: i64, unit_no: i64, checklist: &str) -> Result<Option<Scorecard>> {
        let sql = "SELECT body FROM scorecard WHERE assessment_no = $1 AND unit_no = $2 AND checklist = $3";
        let row: Option<(Vec<u8>,)> = on!(&self.db, pool => sqlx::query_as(sql)
            .bind(assessment_no).bind(unit_no).bind(checklist).fetch_optional(pool).await)
        .map_err(failed)?;
        let Some((body,)) = row else { return Ok(None) };
        let text = lz4_flex::block::decompress_size_prepended(&body).map_err(|e| damaged("scorecard", e))?;
        serde_json::from_slice(&text).map(Some).map_err(|e| damaged("scorecard", e))
    }
}

fn run_row(row: RunTuple) -> Result<RunRow> {
    let (
        no,
        id,
        site_no,
        vantage,
        assessment_no,
        finished_at,
        complete,
        shrunk,
        discovered,
        fetched,
        pages,
        new_pages,
        as_of,
        folder,
        facts,
    ) = row;
    Ok(RunRow {
        no,
        id,
        site_no,
        vantage,
        assessment_no,
        finished_at,
        complete: complete != 0,
        shrunk: shrunk != 0,
        discovered: discovered as u64,
        fetched: fetched as u64,
        pages: pages as u64,
        new_pages: new_pages as u64,
        as_of,
        folder,
        facts: serde_json::from_str(&facts).map_err(|e| damaged("run.facts", e))?,
    })
}

fn card_row(row: CardTuple) -> CardRow {
    let (assessment_no, unit_no, checklist, version, sha256, verdict, score, out_of, coverage, coverage_floor, findings) = row;
    let findings = findings as u64;
    CardRow { assessment_no, unit_no, checklist, version, sha256, verdict, score, out_of, coverage, coverage_floor, findings }
}
