//! What has to be told at once: veto-level findings, sites that do not open, overdue items, a crawl that suddenly shrank, a run that was
//! missed or given up, a scheduler that was silent. Each is raised once, under its name.

use super::office::Office;
use super::outbox::{self, Outbox};
use crate::checklist::calendar::Calendar;
use crate::error::{Error, Result};
use crate::finding::{Severity, Text};
use crate::report::Report;
use crate::store::Store;
use crate::store::findings::severity_number;
use crate::store::jobs::Job;
use crate::store::probes::Visits;
use crate::store::registry::Watched;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A scheduler that was not heard of for so long was silent, seconds: longer than its longest rest.
const SILENT: i64 = 2 * 3_600;
/// Valid visits in seven days below which nothing is said of a share (指标: 7 days of 20 visits).
pub const LEAST_VISITS: u64 = 140;
/// Share of failed visits from which a site does not open: 5 %, inclusive (国办秘函〔2019〕19号), and the early warning at 3 %.
pub const VETO_PERCENT: u64 = 5;
/// See [`VETO_PERCENT`].
pub const WARN_PERCENT: u64 = 3;

async fn raise(store: &Store, name: &str, kind: &str, site_no: Option<i64>, now: Timestamp, text: &Text) -> Result<()> {
    let body = serde_json::to_string(text).map_err(|e| Error::Internal(format!("alert: {e}")))?;
    store.raise(name, kind, site_no, now.as_second(), &body).await.map(|_| ())
}

/// Was nothing heard of the scheduler for longer than it ever rests, or never?
pub async fn is_silent(store: &Store, now: Timestamp) -> Result<bool> {
    let last = store.setting("scheduler.at").await?.and_then(|text| text.parse::<i64>().ok());
    Ok(last.is_none_or(|last| now.as_second() - last > SILENT))
}

/// Was the scheduler silent before this turn?
pub async fn silence(store: &Store, now: Timestamp) -> Result<()> {
    let Some(last) = store.setting("scheduler.at").await?.and_then(|text| text.parse::<i64>().ok()) else { return Ok(()) };
    if now.as_second() - last <= SILENT {
        return Ok(());
    }
    let (from, to) = (shown(last), shown(now.as_second()));
    let text = Text {
        zh: format!("调度自 {from} 至 {to} 没有运行，其间的探测和巡查缺失，报告会注明"),
        en: format!(
            "the scheduler did not run from {from} to {to}: visits and runs of that time are missing, and reports say so"
        ),
    };
    raise(store, &format!("silent:{last}"), "silent", None, now, &text).await
}

/// Sites whose visits of the last seven days reach a line.
pub async fn reachability(store: &Store, office: &Office, sites: &[Watched], now: Timestamp) -> Result<()> {
    let to = now.as_second();
    let mut counts: BTreeMap<i64, Visits> = BTreeMap::new();
    for (site_no, vantage, visits) in store.visit_counts(to - 7 * 86_400, to).await? {
        if vantage == office.vantage {
            counts.insert(site_no, visits);
        }
    }
    for site in sites {
        let Some(visits) = counts.get(&site.no) else { continue };
        let (failed, valid) = (visits.failed, visits.valid());
        if valid < LEAST_VISITS || failed * 100 < valid * WARN_PERCENT {
            continue;
        }
        let over = failed * 100 >= valid * VETO_PERCENT;
        let week = crate::clock::date_of(now).iso_week_date();
        let kind = if over { "unreachable" } else { "unreachable-warning" };
        let name = format!("{kind}:{}:{}-{}", site.no, week.year(), week.week());
        let line = if over { VETO_PERCENT } else { WARN_PERCENT };
        let text = Text {
            zh: format!(
                "{}：近 7 天有效访问 {valid} 次，打不开 {failed} 次，达到 {line}% 线；须由第二网络或人工核实",
                site.site.name
            ),
            en: format!(
                "{}: of {valid} valid visits in seven days {failed} failed, at or above {line}%; a second network or a person has to confirm",
                site.site.name
            ),
        };
        raise(store, &name, kind, Some(site.no), now, &text).await?;
    }
    Ok(())
}

/// Veto-level findings that a run met for the first time or again, and a crawl that shrank.
pub async fn of_run(store: &Store, site_no: i64, run_no: i64, report: &Report, now: Timestamp) -> Result<()> {
    for event in store.events_of_run(run_no).await? {
        if !matches!(event.kind.as_str(), "appeared" | "returned") || event.severity < severity_number(Severity::Veto) {
            continue;
        }
        let sure = if event.certain { ("", "") } else { ("疑似", "suspected: ") };
        let text = Text {
            zh: format!("{}否决级问题：{}（{}）", sure.0, event.message.zh, event.url),
            en: format!("veto-level finding: {}{} ({})", sure.1, event.message.en, event.url),
        };
        raise(store, &format!("veto:{}:{}", event.finding_no, event.at), "veto", Some(site_no), now, &text).await?;
    }
    let shrunk = report.run.notes.iter().find(|note| note.en.contains("fewer: more likely the crawl was hindered"));
    if let Some(note) = shrunk {
        raise(store, &format!("shrunk:{run_no}"), "shrunk", Some(site_no), now, note).await?;
    }
    Ok(())
}

/// A run that was due and never began in its period.
pub async fn missed(store: &Store, site: &Watched, job: &Job, now: Timestamp) -> Result<()> {
    let text = Text {
        zh: format!("{}：{} 的运行未能进行，本期已过", site.site.name, job.period),
        en: format!("{}: the run of {} was missed, its period is over", site.site.name, job.period),
    };
    raise(store, &format!("missed:{}:{}", site.no, job.period), "missed", Some(site.no), now, &text).await
}

/// A run that was given up.
pub async fn failed(store: &Store, site_no: i64, job_no: i64, why: &str, now: Timestamp) -> Result<()> {
    let text = Text { zh: format!("运行 {job_no} 已放弃：{why}"), en: format!("job {job_no} was given up: {why}") };
    raise(store, &format!("failed:{job_no}"), "failed", Some(site_no), now, &text).await
}

/// Findings that are open for longer than the office allows, told once a day and site, when one more is.
pub async fn overdue(store: &Store, office: &Office, sites: &[Watched], now: Timestamp) -> Result<()> {
    let today = crate::clock::date_of(now);
    for site in sites {
        let mut late: Vec<(Date, String)> = Vec::new();
        for (first_at, severity, message) in store.open_since(site.no, severity_number(Severity::Error)).await? {
            let days = if severity >= severity_number(Severity::Veto) {
                office.rectify_within.veto
            } else {
                office.rectify_within.error
            };
            let Some(since) = Timestamp::from_second(first_at).ok().map(crate::clock::date_of) else { continue };
            if let Some(days) = days
                && Calendar::built_in().working_days_between(since, today).is_some_and(|gone| gone > i64::from(days))
            {
                late.push((since, message));
            }
        }
        let Some(newest) = late.iter().map(|(since, _)| *since).max() else { continue };
        let count = late.len();
        let text = Text {
            zh: format!("{}：{count} 个问题逾期未整改，其中：{}", site.site.name, late[0].1),
            en: format!("{}: {count} findings are overdue, among them: {}", site.site.name, late[0].1),
        };
        raise(store, &format!("overdue:{}:{newest}", site.no), "overdue", Some(site.no), now, &text).await?;
    }
    Ok(())
}

/// Sends what is open, all of one turn in one message. A channel that does not take it is tried again, less and less often.
pub async fn send(store: &Store, office: &Office, now: Timestamp) -> Result<()> {
    let open = store.open_alerts().await?;
    let due: Vec<_> =
        open.into_iter().filter(|alert| now.as_second() - alert.at >= alert.tries * alert.tries * outbox::AGAIN_AFTER).collect();
    if due.is_empty() {
        return Ok(());
    }
    let outbox = Outbox::of(office)?;
    let mut sent: Vec<Vec<String>> = due.iter().map(|alert| serde_json::from_str(&alert.sent).unwrap_or_default()).collect();
    for channel in outbox.channels() {
        let waiting: Vec<usize> = (0..due.len()).filter(|at| !sent[*at].contains(&channel)).collect();
        let texts: Vec<Text> = waiting.iter().filter_map(|at| serde_json::from_str(&due[*at].body).ok()).collect();
        if texts.is_empty() {
            continue;
        }
        match outbox.send(&channel, &office.name, &texts).await {
            Ok(()) => waiting.into_iter().for_each(|at| sent[at].push(channel.clone())),
            Err(why) => tracing::warn!("{channel}: {why}"),
        }
    }
    for (alert, sent) in due.iter().zip(sent) {
        // What every channel took, or was tried in vain for days, is over; without a channel there is nobody to tell.
        let open = !outbox.channels().all(|channel| sent.contains(&channel)) && alert.tries + 1 < outbox::MOST_TRIES;
        let sent = serde_json::to_string(&sent).map_err(|e| Error::Internal(e.to_string()))?;
        store.note_sent(alert.no, &sent, open).await?;
    }
    Ok(())
}

fn shown(at: i64) -> String {
    Timestamp::from_second(at)
        .map(|at| at.to_zoned(crate::clock::shanghai()).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}
