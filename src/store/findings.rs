//! Findings over time: one row per identity (unit, site, fingerprint), an event for each thing that became of it.
//!
//! A finding is gone only when a later run looked: its rule was asked and each of its subjects was decided without it, or is not there
//! any more in a complete run. What could not be seen stays open.

use super::registry::written;
use super::runs::Import;
use super::{Store, Tx, damaged, failed, on, within};
use crate::error::Result;
use crate::finding::{Certainty, Finding, Outcome, Severity};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What became of findings by one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Seen for the first time.
    pub appeared: u64,
    /// Seen again after they were gone.
    pub returned: u64,
    /// Looked for and not there any more.
    pub gone: u64,
    /// Still there.
    pub stayed: u64,
    /// Open, and not decided this time.
    pub unseen: u64,
}

/// Number of a severity in the store: higher is graver.
pub fn severity_number(severity: Severity) -> i64 {
    match severity {
        Severity::Notice => 0,
        Severity::Warning => 1,
        Severity::Error => 2,
        Severity::Veto => 3,
    }
}

/// The severity of a number.
pub fn severity_of(number: i64) -> Severity {
    match number {
        3.. => Severity::Veto,
        2 => Severity::Error,
        1 => Severity::Warning,
        _ => Severity::Notice,
    }
}

/// A finding that is open, with what has to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Open {
    no: i64,
    state: String,
    rule: String,
    subjects: Vec<String>,
    /// The pages that showed it; none when there were more than are kept.
    places: Vec<String>,
    /// Checklist and item of everything that asked for it.
    items: Vec<(String, String)>,
    seen: bool,
}

type OpenRow = (i64, i64, String, String, String, String, String, String);

/// Merges the findings of an official run into what is known of the site.
pub(super) async fn merge(
    tx: &mut Tx,
    import: &Import<'_>,
    units: &BTreeMap<String, i64>,
    (run_no, assessment_no): (i64, i64),
    at: i64,
) -> Result<Told> {
    let (later,): (i64,) = within!(&mut *tx, conn =>
        sqlx::query_as("SELECT count(*) FROM run WHERE site_no = $1 AND finished_at > $2").bind(import.site_no).bind(at).fetch_one(conn).await)
    .map_err(failed)?;
    let rows: Vec<OpenRow> = within!(&mut *tx, conn =>
        sqlx::query_as("SELECT no, unit_no, fingerprint, state, rule, subjects, places, items FROM finding WHERE site_no = $1")
            .bind(import.site_no).fetch_all(conn).await)
    .map_err(failed)?;
    let mut known: HashMap<(i64, String), Open> = HashMap::with_capacity(rows.len());
    for (no, unit_no, fingerprint, state, rule, subjects, places, items) in rows {
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        let pair = |line: &str| line.split_once('\t').map(|(list, item)| (list.to_owned(), item.to_owned()));
        let items = items.lines().filter_map(pair).collect();
        let open = Open { no, state, rule, subjects: lines(&subjects), places: lines(&places), items, seen: false };
        known.insert((unit_no, fingerprint), open);
    }
    let fetched: BTreeSet<&str> = import.pages.iter().map(|page| page.url.as_str()).collect();
    let mut told = Told::default();
    let mut numbers = Vec::with_capacity(import.report.findings.len());
    for finding in &import.report.findings {
        let Some(unit_no) = units.get(&finding.unit).copied() else { continue };
        let said = finding.state.as_deref().filter(|state| matches!(*state, "waived" | "rejected"));
        let state = said.unwrap_or("open");
        let (no, event) = match known.get_mut(&(unit_no, finding.fingerprint.clone())) {
            Some(open) => {
                open.seen = true;
                let event = match (open.state.as_str(), state) {
                    ("gone" | "past", "open") => Some("returned"),
                    (was, now) if was != now => Some(now),
                    _ => None,
                };
                // A run that is imported late tells when a finding was there, not whether it is.
                if later == 0 {
                    update(tx, import, open.no, finding, state, at, event == Some("returned")).await?;
                }
                told.stayed += u64::from(event != Some("returned"));
                told.returned += u64::from(event == Some("returned") && later == 0);
                (open.no, event.filter(|_| later == 0))
            }
            None => {
                let state = if later == 0 { state } else { "past" };
                told.appeared += 1;
                let no = insert(tx, import, unit_no, finding, state, at).await?;
                put_event(tx, (no, import.site_no), at, "appeared", Some(run_no)).await?;
                // Waived or rejected before it was ever met.
                (no, Some(state).filter(|state| !matches!(*state, "open" | "past")))
            }
        };
        if let Some(event) = event {
            put_event(tx, (no, import.site_no), at, event, Some(run_no)).await?;
        }
        numbers.push((unit_no, no, finding));
    }
    put_sightings(tx, assessment_no, &numbers).await?;
    put_counts(tx, assessment_no, units, &import.report.findings).await?;
    if later > 0 {
        return Ok(told);
    }
    let ids: BTreeMap<i64, &str> = units.iter().map(|(id, no)| (*no, id.as_str())).collect();
    for ((unit_no, _), open) in
        known.iter().filter(|(_, open)| !open.seen && matches!(open.state.as_str(), "open" | "waived" | "rejected"))
    {
        let unit = ids.get(unit_no).copied().unwrap_or_default();
        if !is_gone(import, unit, open, &fetched) {
            told.unseen += 1;
            continue;
        }
        told.gone += 1;
        let sql = "UPDATE finding SET state = 'gone', gone_at = $1 WHERE no = $2";
        within!(&mut *tx, conn => sqlx::query(sql).bind(at).bind(open.no).execute(conn).await.map(|_| ())).map_err(failed)?;
        put_event(tx, (open.no, import.site_no), at, "gone", Some(run_no)).await?;
    }
    Ok(told)
}

/// Was it looked for, and is it not there any more?
fn is_gone(import: &Import<'_>, unit: &str, open: &Open, fetched: &BTreeSet<&str>) -> bool {
    // A daily look goes a step from the home page and asks fewer items: what it did not meet may well be there.
    let deep = import.cadence != Some(crate::checklist::Cadence::Daily);
    let lists = &import.report.run.checklists;
    let of_other_lists = deep && !open.items.iter().any(|(list, _)| lists.iter().any(|known| known.id == *list));
    let asked =
        open.items.iter().any(|item| import.asked_items.contains(item)) || of_other_lists && import.asked.contains(&open.rule);
    if !asked || open.subjects.is_empty() {
        return false;
    }
    let whole = deep && import.report.run.complete && !import.shrunk;
    // Every page that showed it was looked at again, and none of them leads to it any more.
    let everywhere =
        !open.places.is_empty() && !import.shrunk && open.places.iter().all(|place| fetched.contains(place.as_str()));
    open.subjects.iter().all(|subject| {
        match import.watched.get(&(unit.to_owned(), open.rule.clone(), subject.clone())) {
            Some(Outcome::Passed | Outcome::Inapplicable | Outcome::Failed) => true,
            Some(Outcome::CannotTell | Outcome::Untested) => false,
            // A page that a complete run does not meet is not there any more; a target is not, where no page refers to it.
            None => whole || everywhere && subject.starts_with("target:"),
        }
    })
}

/// Counts and sightings of a judgement that changes no finding: of those that are known.
pub(super) async fn count_only(
    tx: &mut Tx,
    import: &Import<'_>,
    units: &BTreeMap<String, i64>,
    assessment_no: i64,
) -> Result<()> {
    put_counts(tx, assessment_no, units, &import.report.findings).await
}

async fn insert(tx: &mut Tx, import: &Import<'_>, unit_no: i64, finding: &Finding, state: &str, at: i64) -> Result<i64> {
    let sql = "INSERT INTO finding (site_no, unit_no, fingerprint, rule, severity, certain, root_cause, url, title, message_zh, message_en,
        occurrences, state, subjects, places, items, first_at, last_at, returns, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $18, $16, $16, 0, $17) RETURNING no";
    let (no,): (i64,) = within!(tx, conn => sqlx::query_as(sql)
        .bind(import.site_no).bind(unit_no).bind(&finding.fingerprint).bind(&finding.rule).bind(severity_number(finding.severity))
        .bind(i64::from(finding.certainty == Certainty::Certain)).bind(super::runs::word(&finding.root_cause)?)
        .bind(finding.url.as_str()).bind(&finding.page_title).bind(&finding.message.zh).bind(&finding.message.en)
        .bind(finding.occurrences as i64).bind(state).bind(subjects(import, finding)).bind(places(finding)).bind(at)
        .bind(written(finding)?).bind(items(finding)).fetch_one(conn).await)
    .map_err(failed)?;
    Ok(no)
}

async fn update(
    tx: &mut Tx,
    import: &Import<'_>,
    no: i64,
    finding: &Finding,
    state: &str,
    at: i64,
    returned: bool,
) -> Result<()> {
    let sql = "UPDATE finding SET severity = $1, certain = $2, url = $3, title = $4, message_zh = $5, message_en = $6, occurrences = $7,
        state = $8, subjects = $9, last_at = $10, gone_at = NULL, returns = returns + $11, body = $12, places = $14, items = $15 WHERE no = $13";
    within!(tx, conn => sqlx::query(sql)
        .bind(severity_number(finding.severity)).bind(i64::from(finding.certainty == Certainty::Certain)).bind(finding.url.as_str())
        .bind(&finding.page_title).bind(&finding.message.zh).bind(&finding.message.en).bind(finding.occurrences as i64).bind(state)
        .bind(subjects(import, finding)).bind(at).bind(i64::from(returned)).bind(written(finding)?).bind(no)
        .bind(places(finding)).bind(items(finding)).execute(conn).await.map(|_| ()))
    .map_err(failed)
}

/// Subject keys of a finding, one a line.
fn subjects(import: &Import<'_>, finding: &Finding) -> String {
    let key = (finding.fingerprint.clone(), finding.unit.clone());
    import.subject_keys.get(&key).map(|keys| keys.join("\n")).unwrap_or_default()
}

/// Checklist and item of everything that asked for a finding, one a line.
fn items(finding: &Finding) -> String {
    finding.items.iter().map(|item| format!("{}\t{}", item.checklist, item.item)).collect::<Vec<_>>().join("\n")
}

/// Pages that show a finding, one a line; nothing when there are more places than are told.
fn places(finding: &Finding) -> String {
    if finding.occurrences > finding.locations.len() as u64 {
        return String::new();
    }
    let places: BTreeSet<&str> = finding.locations.iter().map(|location| location.url.as_str()).collect();
    places.into_iter().collect::<Vec<_>>().join("\n")
}

async fn put_event(tx: &mut Tx, (no, site_no): (i64, i64), at: i64, kind: &str, run_no: Option<i64>) -> Result<()> {
    let sql = "INSERT INTO finding_event (finding_no, site_no, at, kind, run_no) VALUES ($1, $2, $3, $4, $5)";
    within!(tx, conn => sqlx::query(sql).bind(no).bind(site_no).bind(at).bind(kind).bind(run_no).execute(conn).await.map(|_| ()))
        .map_err(failed)
}

async fn put_sightings(tx: &mut Tx, assessment_no: i64, findings: &[(i64, i64, &Finding)]) -> Result<()> {
    let sql = "INSERT INTO sighting (assessment_no, unit_no, severity, finding_no, items) VALUES ($1, $2, $3, $4, $5)";
    for (unit_no, no, finding) in findings {
        let items: Vec<_> =
            finding.items.iter().map(|item| (&item.checklist, &item.item, item.severity.word(), item.points)).collect();
        let (severity, items) = (severity_number(finding.severity), written(&items)?);
        within!(&mut *tx, conn => sqlx::query(sql).bind(assessment_no).bind(unit_no).bind(severity).bind(no).bind(items)
            .execute(conn).await.map(|_| ()))
        .map_err(failed)?;
    }
    Ok(())
}

/// Findings of each unit by rule, severity and certainty; what is waived or rejected is not counted.
async fn put_counts(tx: &mut Tx, assessment_no: i64, units: &BTreeMap<String, i64>, findings: &[Finding]) -> Result<()> {
    let mut counts: BTreeMap<(i64, &str, i64, bool), (i64, i64)> = BTreeMap::new();
    for finding in findings.iter().filter(|f| !matches!(f.state.as_deref(), Some("waived" | "rejected"))) {
        let Some(unit_no) = units.get(&finding.unit) else { continue };
        let key = (*unit_no, finding.rule.as_str(), severity_number(finding.severity), finding.certainty == Certainty::Certain);
        let count = counts.entry(key).or_default();
        count.0 += 1;
        count.1 += finding.occurrences as i64;
    }
    let sql = "INSERT INTO finding_count (assessment_no, unit_no, rule, severity, certain, findings, occurrences)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    for ((unit_no, rule, severity, certain), (findings, occurrences)) in counts {
        within!(&mut *tx, conn => sqlx::query(sql)
            .bind(assessment_no).bind(unit_no).bind(rule).bind(severity).bind(i64::from(certain)).bind(findings).bind(occurrences)
            .execute(conn).await.map(|_| ()))
        .map_err(failed)?;
    }
    Ok(())
}

/// How a finding stood at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stood {
    /// Its number.
    pub no: i64,
    /// Its site.
    pub site_no: i64,
    /// Its unit.
    pub unit_no: i64,
    /// Its rule.
    pub rule: String,
    /// Its severity.
    pub severity: i64,
    /// Is it certain?
    pub certain: bool,
    /// When it was first seen, seconds.
    pub first_at: i64,
    /// Was it open?
    pub open: bool,
}

/// One event of a finding, for reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The finding's number.
    pub finding_no: i64,
    /// Site and unit numbers.
    pub site_no: i64,
    /// The unit.
    pub unit_no: i64,
    /// Instant, seconds.
    pub at: i64,
    /// `appeared`, `returned`, `gone`, `waived`, `rejected`, `confirmed`.
    pub kind: String,
    /// The finding's rule.
    pub rule: String,
    /// Its severity.
    pub severity: i64,
    /// Is it certain?
    pub certain: bool,
    /// Its first place.
    pub url: String,
    /// What is wrong.
    pub message: crate::finding::Text,
}

type EventRow = (i64, i64, i64, i64, String, String, i64, i64, String, String, String);

fn event(row: EventRow) -> Event {
    let (finding_no, site_no, unit_no, at, kind, rule, severity, certain, url, zh, en) = row;
    let (certain, message) = (certain != 0, crate::finding::Text { zh, en });
    Event { finding_no, site_no, unit_no, at, kind, rule, severity, certain, url, message }
}

impl Store {
    /// What has to be looked at again on a site: rule and subject key of every finding that is not gone.
    pub async fn watch(&self, site_no: i64) -> Result<BTreeSet<(String, String)>> {
        let sql = "SELECT rule, subjects FROM finding WHERE site_no = $1 AND state IN ('open', 'waived', 'rejected')";
        let rows: Vec<(String, String)> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(site_no).fetch_all(pool).await).map_err(failed)?;
        let each = |(rule, subjects): (String, String)| {
            let keys: Vec<String> = subjects.lines().map(str::to_owned).collect();
            keys.into_iter().map(move |key| (rule.clone(), key))
        };
        Ok(rows.into_iter().flat_map(each).collect())
    }

    /// What became of findings after `from` up to and with `to`, in order.
    pub async fn events(&self, from: i64, to: i64) -> Result<Vec<Event>> {
        let sql = "SELECT e.finding_no, e.site_no, f.unit_no, e.at, e.kind, f.rule, f.severity, f.certain, f.url, f.message_zh, f.message_en
            FROM finding_event e JOIN finding f ON f.no = e.finding_no WHERE e.at > $1 AND e.at <= $2 ORDER BY e.at, e.no";
        let rows: Vec<EventRow> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(from).bind(to).fetch_all(pool).await).map_err(failed)?;
        Ok(rows.into_iter().map(event).collect())
    }

    /// How every finding that was known at an instant stood then, in order of number.
    pub async fn standing_at(&self, at: i64) -> Result<Vec<Stood>> {
        type Tuple = (i64, i64, i64, String, i64, i64, i64, Option<String>);
        let sql = "SELECT f.no, f.site_no, f.unit_no, f.rule, f.severity, f.certain, f.first_at,
            (SELECT e.kind FROM finding_event e WHERE e.finding_no = f.no AND e.at <= $1 ORDER BY e.at DESC, e.no DESC LIMIT 1)
            FROM finding f WHERE f.first_at <= $1 AND f.state <> 'past' ORDER BY f.no";
        let rows: Vec<Tuple> = on!(&self.db, pool => sqlx::query_as(sql).bind(at).fetch_all(pool).await).map_err(failed)?;
        let stood = |(no, site_no, unit_no, rule, severity, certain, first_at, last): Tuple| Stood {
            no,
            site_no,
            unit_no,
            rule,
            severity,
            certain: certain != 0,
            first_at,
            open: matches!(last.as_deref(), Some("appeared" | "returned" | "open" | "confirmed")),
        };
        Ok(rows.into_iter().map(stood).collect())
    }

    /// Where and what some findings are, by number.
    pub async fn told(&self, numbers: &[i64]) -> Result<BTreeMap<i64, (String, crate::finding::Text)>> {
        let mut told = BTreeMap::new();
        for no in numbers {
            let row: Option<(String, String, String)> = on!(&self.db, pool =>
                sqlx::query_as("SELECT url, message_zh, message_en FROM finding WHERE no = $1").bind(no).fetch_optional(pool).await)
            .map_err(failed)?;
            if let Some((url, zh, en)) = row {
                told.insert(*no, (url, crate::finding::Text { zh, en }));
            }
        }
        Ok(told)
    }

    /// What a run made of findings.
    pub async fn events_of_run(&self, run_no: i64) -> Result<Vec<Event>> {
        let sql = "SELECT e.finding_no, e.site_no, f.unit_no, e.at, e.kind, f.rule, f.severity, f.certain, f.url, f.message_zh, f.message_en
            FROM finding_event e JOIN finding f ON f.no = e.finding_no WHERE e.run_no = $1 ORDER BY e.no";
        let rows: Vec<EventRow> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(run_no).fetch_all(pool).await).map_err(failed)?;
        Ok(rows.into_iter().map(event).collect())
    }

    /// Open findings of a site from a severity on: since when, how severe, what; the oldest first.
    pub async fn open_since(&self, site_no: i64, severity: i64) -> Result<Vec<(i64, i64, String)>> {
        let sql = "SELECT coalesce((SELECT max(e.at) FROM finding_event e WHERE e.finding_no = f.no AND e.kind IN ('appeared', 'returned')),
            f.first_at) AS since, f.severity, f.message_zh FROM finding f
            WHERE f.site_no = $1 AND f.state = 'open' AND f.severity >= $2 AND f.certain = 1 ORDER BY since, f.no";
        on!(&self.db, pool => sqlx::query_as(sql).bind(site_no).bind(severity).fetch_all(pool).await).map_err(failed)
    }

    /// One page of a unit's findings in a judgement, gravest first, from `skip` on: the findings as told, and when each appeared or came
    /// back, as known then.
    pub async fn sighted(&self, assessment_no: i64, unit_no: i64, skip: i64, most: i64) -> Result<Vec<(Finding, i64)>> {
        let sql = "SELECT f.body, coalesce((SELECT max(e.at) FROM finding_event e WHERE e.finding_no = f.no
                AND e.kind IN ('appeared', 'returned')
                AND e.at <= (SELECT r.finished_at FROM assessment a JOIN run r ON r.no = a.run_no WHERE a.no = $1)), f.first_at)
            FROM sighting s JOIN finding f ON f.no = s.finding_no
            WHERE s.assessment_no = $1 AND s.unit_no = $2 ORDER BY s.severity DESC, s.finding_no DESC LIMIT $3 OFFSET $4";
        let rows: Vec<(String, i64)> = on!(&self.db, pool => sqlx::query_as(sql)
            .bind(assessment_no).bind(unit_no).bind(most).bind(skip).fetch_all(pool).await)
        .map_err(failed)?;
        let finding = |body: String| serde_json::from_str(&body).map_err(|e| damaged("finding", e));
        rows.into_iter().map(|(body, since)| Ok((finding(body)?, since))).collect()
    }
}
