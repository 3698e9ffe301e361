//! The daily report: what the visits, the daily looks and the events of a day say of every site (regulations.md 8.3, E22, margins of 1.8).

use super::alerts::{LEAST_VISITS, VETO_PERCENT, WARN_PERCENT};
use super::calendar;
use super::movement::Moved;
use super::office::Office;
use super::period::Period;
use super::seen::Seen;
use crate::checklist::Cadence;
use crate::error::Result;
use crate::finding::Text;
use crate::registry::SiteState;
use crate::report::period::{AccountRow, Daily, DailySite, Holiday, Level, NearItem, News, Ratio, RunNote, StaleColumn, Visited};
use crate::store::Store;
use crate::store::cards::RunRow;
use crate::store::findings::severity_of;
use crate::store::jobs::JobState;
use crate::store::probes::Visits;
use crate::store::registry::Watched;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Schema word.
const SCHEMA: &str = "xuncha.daily/1";
/// Days after which a home page is stale, and from which a warning is due (veto “首页不更新”: two weeks; 1.8: ten days).
const HOME: (i64, i64) = (14, 10);
/// Stale columns: veto line, warning above (1.2 V4 (2), 1.8).
const STALE: (u64, u64) = (10, 6);
/// Empty columns: veto line, warning above (1.2 V4 (3), 1.8).
const EMPTY: (u64, u64) = (5, 2);
/// Days that a holiday is looked for ahead, and the days off that make it long.
const HOLIDAY: (i64, i64) = (10, 4);
/// Rules that betray an intrusion.
const INJECTED: [&str; 3] = ["injected-spam", "hijacked-link", "hidden-link"];
/// New findings told of one site.
const MOST_NEWS: usize = 50;
/// Days before its end from which a certificate is told.
pub const CERTIFICATE_DAYS: i64 = 30;

/// Everything of a day that is read once for all sites.
struct Book {
    day: Date,
    visits: BTreeMap<(i64, String), Visits>,
    week: BTreeMap<(i64, String), Visits>,
    runs: BTreeMap<i64, RunRow>,
    moved: Moved,
    names: BTreeMap<i64, String>,
    jobs: BTreeMap<i64, (JobState, Option<String>)>,
}

/// Makes the report of a day.
pub async fn report(store: &Store, office: &Office, day: Date) -> Result<Daily> {
    let period = Period::Day(day);
    let (from, to) = period.bounds();
    let watched = store.watched().await?;
    let runs = store.newest_runs(&[Cadence::Daily], &office.vantage, from, to).await?;
    let keyed = |counts: Vec<(i64, String, Visits)>| counts.into_iter().map(|(site, at, v)| ((site, at), v)).collect();
    let jobs = store.jobs_of(Cadence::Daily, &period.to_string()).await?;
    let book = Book {
        day,
        visits: keyed(store.visit_counts(from, to).await?),
        week: keyed(store.visit_counts(to - 7 * 86_400, to).await?),
        runs: runs.into_iter().map(|run| (run.site_no, run)).collect(),
        moved: Moved { events: store.events(from, to).await?, before: Vec::new(), after: store.standing_at(to).await? },
        names: store.unit_ids().await?,
        jobs: jobs.into_iter().map(|job| (job.site_no, (job.state, job.why))).collect(),
    };
    let mut sites = Vec::with_capacity(watched.len());
    for site in &watched {
        sites.push(row(store, office, &book, site, (from, to)).await?);
    }
    let (rounds, void) = store.round_counts(&office.vantage, from, to).await?;
    let mut states = BTreeMap::new();
    sites.iter().for_each(|site| *states.entry(site.state.clone()).or_default() += 1);
    let share = |level: &dyn Fn(&DailySite) -> Level| {
        let known = sites.iter().filter(|site| level(site) != Level::Unknown);
        let line = known.clone().filter(|site| level(site) == Level::Line).count() as u64;
        Ratio::new(line, known.count() as u64)
    };
    let daily: Vec<&DailySite> = watched
        .iter()
        .zip(&sites)
        .filter(|(watched, site)| watched.site.cadences.contains(&Cadence::Daily) && site.state == SiteState::Running.word())
        .map(|(_, site)| site)
        .collect();
    Ok(Daily {
        schema: SCHEMA.to_owned(),
        day,
        office: office.name.clone(),
        rounds: Ratio::new(void, rounds),
        states,
        unreachable: share(&|site| site.week_level),
        stale_homes: share(&|site| site.home_level),
        looked: Ratio::new(daily.iter().filter(|site| site.run.id.is_some()).count() as u64, daily.len() as u64),
        new_pages: sites.iter().map(|site| site.new_pages).sum(),
        home_dead: sites.iter().map(|site| site.home_dead.len() as u64).sum(),
        findings: book.moved.movement(&|_, _| true),
        holiday: holiday(&book, &watched)?,
        sites,
        alerts: store
            .alerts(from, to)
            .await?
            .into_iter()
            .filter_map(|alert| serde_json::from_str::<Text>(&alert.body).ok())
            .collect(),
        accounts: accounts(store, day, to).await?,
    })
}

async fn row(store: &Store, office: &Office, book: &Book, site: &Watched, (from, to): (i64, i64)) -> Result<DailySite> {
    let key = (site.no, office.vantage.clone());
    let visits = book.visits.get(&key).copied().unwrap_or_default();
    let week = book.week.get(&key).copied().unwrap_or_default();
    let second = book.week.iter().filter(|((no, at), _)| *no == site.no && *at != office.vantage);
    let second =
        second.max_by_key(|(_, visits)| visits.valid()).map(|((_, at), v)| (at.clone(), Ratio::new(v.failed, v.valid())));
    let mut failures = Vec::new();
    if visits.failed > 0 {
        for (probe, _) in store.visits(site.no, Some(&office.vantage), from, to).await? {
            if probe.outcome == crate::facts::history::ProbeOutcome::Failed {
                failures.push((clock(probe.at), probe.cause.unwrap_or_default()));
            }
        }
    }
    let run = book.runs.get(&site.no);
    let seen: Seen = run.and_then(|run| serde_json::from_value(run.facts.clone()).ok()).unwrap_or_default();
    let home_days = seen.home_newest.map(|newest| days(newest, book.day));
    let (stale, dated) = stale(&seen, book.day);
    let mine = |no: i64, _: i64| no == site.no;
    let open = |rules: &[&str]| {
        let of_rule = |rule: &str| rules.contains(&rule);
        book.moved.after.iter().filter(|s| s.open && s.certain && s.site_no == site.no && of_rule(&s.rule)).count() as u64
    };
    let empty = open(&["column-empty"]);
    let news: Vec<&crate::store::findings::Event> = book
        .moved
        .events
        .iter()
        .filter(|event| event.site_no == site.no && matches!(event.kind.as_str(), "appeared" | "returned"))
        .collect();
    let injected = news.iter().filter(|event| INJECTED.contains(&event.rule.as_str())).count() as u64;
    let ends = seen.certificates.iter().filter_map(|c| Some((c.until?, c.host.clone()))).min();
    Ok(DailySite {
        id: site.site.id.clone(),
        name: site.site.name.clone(),
        units: site.units.iter().map(|(unit, _)| unit.id.clone()).collect(),
        state: site.site.standing.on(book.day).word().to_owned(),
        visits: Visited { answered: visits.answered, failed: visits.failed, blocked: visits.blocked, void: visits.void },
        failures,
        week: Ratio::new(week.failed, week.valid()),
        week_level: week_level(week),
        second,
        home_newest: seen.home_newest,
        home_days,
        home_level: level(home_days.map(|days| (days, HOME.0 + 1, HOME.1 + 1))),
        stale: Ratio::new(stale.len() as u64, dated),
        stale_level: level(run.map(|_| (stale.len() as i64, STALE.0 as i64, STALE.1 as i64 + 1))),
        stale_columns: stale,
        empty,
        empty_level: level(run.map(|_| (empty as i64, EMPTY.0 as i64, EMPTY.1 as i64 + 1))),
        new_pages: run.map_or(0, |run| run.new_pages),
        home_dead: seen.home_dead.iter().map(ToString::to_string).collect(),
        certificate: ends.map(|(until, host)| (host, until, days(book.day, until))),
        findings: book.moved.movement(&mine),
        injected,
        news: told(news, &book.names),
        near: near(store, run, &book.names).await?,
        run: note(book, site, run),
    })
}

/// Value, line and warning margin, both inclusive.
fn level(value: Option<(i64, i64, i64)>) -> Level {
    match value {
        None => Level::Unknown,
        Some((value, line, _)) if value >= line => Level::Line,
        Some((value, _, warning)) if value >= warning => Level::Warning,
        Some(_) => Level::Well,
    }
}

/// Seven days of visits; with fewer than the norm asks for nothing is said.
fn week_level(visits: Visits) -> Level {
    let (failed, valid) = (visits.failed, visits.valid());
    if valid < LEAST_VISITS {
        Level::Unknown
    } else if failed * 100 >= valid * VETO_PERCENT {
        Level::Line
    } else if failed * 100 >= valid * WARN_PERCENT {
        Level::Warning
    } else {
        Level::Well
    }
}

fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// Columns beyond their window, and how many could be told.
fn stale(seen: &Seen, day: Date) -> (Vec<StaleColumn>, u64) {
    let mut stale = Vec::new();
    let mut dated = 0;
    for column in &seen.columns {
        let Some(newest) = column.newest else { continue };
        dated += 1;
        let beyond = days(newest, day) - i64::from(column.window);
        if beyond > 0 {
            stale.push(StaleColumn {
                name: column.name.clone(),
                url: column.url.to_string(),
                unit: column.unit.clone(),
                newest,
                window: column.window,
                beyond,
            });
        }
    }
    stale.sort_by(|a, b| b.beyond.cmp(&a.beyond).then_with(|| a.url.cmp(&b.url)));
    (stale, dated)
}

/// New findings in a line each, gravest first.
fn told(mut news: Vec<&crate::store::findings::Event>, names: &BTreeMap<i64, String>) -> Vec<News> {
    news.sort_by(|a, b| (b.severity, b.certain, &a.rule, &a.url).cmp(&(a.severity, a.certain, &b.rule, &b.url)));
    let line = |event: &crate::store::findings::Event| News {
        kind: event.kind.clone(),
        severity: severity_of(event.severity),
        certain: event.certain,
        rule: event.rule.clone(),
        unit: names.get(&event.unit_no).cloned().unwrap_or_default(),
        url: event.url.clone(),
        message: event.message.clone(),
    };
    news.into_iter().take(MOST_NEWS).map(line).collect()
}

/// Items of the day's judgement near a veto.
async fn near(store: &Store, run: Option<&RunRow>, names: &BTreeMap<i64, String>) -> Result<Vec<NearItem>> {
    let Some(run) = run else { return Ok(Vec::new()) };
    let near = |note: &str| matches!(note, "veto" | "pending-review" | "warn" | "below-threshold");
    let items = store.items(run.assessment_no).await?;
    let told = items.into_iter().filter(|item| matches!(item.severity.as_str(), "veto" | "warning")).filter_map(|item| {
        let note = item.note.filter(|note| near(note))?;
        let unit = names.get(&item.unit_no).cloned().unwrap_or_default();
        Some(NearItem { checklist: item.checklist, item: item.item, unit, note })
    });
    Ok(told.collect())
}

/// What is told of a run itself.
pub(super) fn note_of(run: &RunRow) -> RunNote {
    RunNote {
        id: Some(run.id.clone()),
        complete: run.complete,
        coverage: Ratio::new(run.fetched, run.discovered),
        note: run.shrunk.then(|| "页数骤减 / the crawl shrank".to_owned()),
    }
}

fn note(book: &Book, site: &Watched, run: Option<&RunRow>) -> RunNote {
    if let Some(run) = run {
        return note_of(run);
    }
    let why = match book.jobs.get(&site.no) {
        Some((_, Some(why))) => why.clone(),
        Some((state, None)) => state.word().to_owned(),
        None => "未安排 / none was planned".to_owned(),
    };
    RunNote { note: Some(why), ..RunNote::default() }
}

/// Columns that are within their window before a long holiday and pass it inside of it.
fn holiday(book: &Book, watched: &[Watched]) -> Result<Option<Holiday>> {
    let Some((from, to)) = calendar::long_holiday(book.day, HOLIDAY.0, HOLIDAY.1) else { return Ok(None) };
    let mut columns = Vec::new();
    for site in watched {
        let Some(run) = book.runs.get(&site.no) else { continue };
        let seen: Seen = serde_json::from_value(run.facts.clone()).unwrap_or_default();
        for column in &seen.columns {
            let passes =
                column.newest.and_then(|newest| newest.checked_add(jiff::Span::new().days(i64::from(column.window) + 1)).ok());
            if let Some(passes) = passes.filter(|passes| (from..=to).contains(passes)) {
                columns.push((site.site.id.clone(), column.name.clone(), column.url.to_string(), passes));
            }
        }
    }
    columns.sort_by(|a, b| (a.3, &a.0, &a.2).cmp(&(b.3, &b.0, &b.2)));
    Ok(Some(Holiday { from, to, columns }))
}

/// New-media accounts as known at an instant.
pub async fn accounts(store: &Store, day: Date, at: i64) -> Result<Vec<AccountRow>> {
    let mut rows = Vec::new();
    for (no, account) in store.accounts().await? {
        let marks = store.marks(no, at).await?;
        let last = marks.iter().find(|mark| mark.mark == "last-post");
        let age = last.map(|mark| days(mark.on, day));
        let closed = account.state == crate::registry::AccountState::Closed;
        // A later look at the matrix makes what was said before it past.
        let looked = marks.iter().filter(|m| matches!(m.mark.as_str(), "listed" | "missing")).map(|m| (m.on, m.at)).max();
        rows.push(AccountRow {
            unit: account.unit,
            medium: account.medium,
            name: account.name,
            state: account.state.word().to_owned(),
            last_post: last.map(|mark| mark.on),
            days: age,
            // 两周内无更新 (regulations.md 1.3), warned of as early as a home page.
            level: if closed { Level::Unknown } else { level(age.map(|age| (age, HOME.0 + 1, HOME.1 + 1))) },
            said_by: last.map(|mark| mark.by.clone()),
            marks: marks
                .iter()
                .filter(|m| !matches!(m.mark.as_str(), "last-post" | "last-answer" | "listed"))
                .filter(|m| looked.is_none_or(|looked| (m.on, m.at) >= looked))
                .map(|m| m.mark.clone())
                .collect(),
        });
    }
    Ok(rows)
}

fn clock(at: Timestamp) -> String {
    at.to_zoned(crate::clock::shanghai()).strftime("%H:%M:%S").to_string()
}
