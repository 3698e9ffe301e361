//! Writes the reports of periods that are over, each once, where the office wants them; what was told is kept in the store as it was told.

use super::office::Office;
use super::period::Period;
use super::scheduler::CADENCES;
use super::{daily, quarterly, semiannual, unit};
use crate::checklist::Cadence;
use crate::error::{Error, Result};
use crate::finding::Language;
use crate::report::period::{OfUnit, Periodic, book, html};
use crate::store::Store;
use crate::store::runs::cadence_word;
use crate::whole;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Periods written in one turn at most: after a long silence the others follow.
const MOST_AT_ONCE: usize = 40;
/// Reports of units written in one turn at most: visits do not wait for those of a thousand units.
const MOST_UNITS_AT_ONCE: usize = 20;

/// Writes what is over and was not written yet. The first period is the one in which the scheduler first ran.
pub async fn ended_periods(store: &Store, office: &Office, now: Timestamp) -> Result<()> {
    if office.reports.as_os_str().is_empty() {
        return Ok(());
    }
    let today = crate::clock::date_of(now);
    for cadence in CADENCES {
        if office.table(cadence).at.is_empty() {
            continue;
        }
        let name = format!("scheduler.reported.{}", cadence_word(cadence));
        let present = Period::of(cadence, today);
        let Some(last) = store.setting(&name).await?.and_then(|text| Period::parse(&text).ok()) else {
            store.set(&name, &present.before().to_string()).await?;
            continue;
        };
        let mut period = last.after();
        for _ in 0..MOST_AT_ONCE {
            if period >= present {
                break;
            }
            let report = make(store, office, period).await?;
            keep(&report, period, &File::ALL, Language::Zh, &office.reports)?;
            let json = File::Json.bytes(&report, Language::Zh)?;
            let place = (cadence_word(cadence), &*period.to_string(), "", "json");
            store.put_document(place, &json, now.as_second()).await?;
            store.set(&name, &period.to_string()).await?;
            period = period.after();
        }
        if cadence != Cadence::Daily {
            of_units(store, office, period.before(), now).await?;
        }
    }
    Ok(())
}

/// Writes reports of single units up to the period whose report was written last: some in each turn, each once.
async fn of_units(store: &Store, office: &Office, written: Period, now: Timestamp) -> Result<()> {
    let cadence = cadence_word(written.cadence());
    let name = format!("scheduler.reported-units.{cadence}");
    // A period alone: its units are done. With a unit: those up to it are.
    let Some(done) = store.setting(&name).await? else { return store.set(&name, &written.to_string()).await };
    let (period, unit) = done.split_once(' ').map_or((&*done, None), |(period, unit)| (period, Some(unit)));
    let period = match (Period::parse(period)?, unit) {
        (period, Some(_)) => period,
        (period, None) if period < written => period.after(),
        _ => return Ok(()),
    };
    let desk = unit::Desk::of(store, office, period).await?;
    let left: Vec<String> = desk.units().into_iter().filter(|id| unit.is_none_or(|unit| id.as_str() > unit)).collect();
    let mut last = None;
    for id in left.iter().take(MOST_UNITS_AT_ONCE) {
        let report = desk.report(store, id).await?;
        keep_unit(report.clone(), period, &File::ALL, Language::Zh, &office.reports)?;
        let json = File::Json.bytes(&Periodic::Unit(Box::new(report)), Language::Zh)?;
        store.put_document((cadence, &*period.to_string(), id, "json"), &json, now.as_second()).await?;
        last = Some(id);
    }
    let reached = match last.filter(|_| left.len() > MOST_UNITS_AT_ONCE) {
        Some(id) => format!("{period} {id}"),
        None => period.to_string(),
    };
    store.set(&name, &reached).await
}

/// A file of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum File {
    /// The values.
    Json,
    /// A page to be read and printed.
    Html,
    /// A workbook.
    Xlsx,
}

impl File {
    /// What the scheduler writes.
    pub const ALL: [File; 3] = [File::Json, File::Html, File::Xlsx];

    fn extension(self) -> &'static str {
        match self {
            File::Json => "json",
            File::Html => "html",
            File::Xlsx => "xlsx",
        }
    }

    fn bytes(self, report: &Periodic, language: Language) -> Result<Vec<u8>> {
        match self {
            File::Json => {
                let mut text = serde_json::to_vec_pretty(report).map_err(|e| Error::Internal(format!("report: {e}")))?;
                text.push(b'\n');
                Ok(text)
            }
            File::Html => Ok(html::render(report, language)?.into_bytes()),
            File::Xlsx => book::render(report, language),
        }
    }
}

/// Makes the report of a period.
pub async fn make(store: &Store, office: &Office, period: Period) -> Result<Periodic> {
    Ok(match period.cadence() {
        Cadence::Daily => Periodic::Daily(Box::new(daily::report(store, office, period.first()).await?)),
        Cadence::Quarterly => Periodic::Quarterly(Box::new(quarterly::report(store, office, period).await?)),
        Cadence::Semiannual => Periodic::Semiannual(Box::new(semiannual::report(store, office, period).await?)),
    })
}

/// Writes files of a report below a folder, named after the period. A reader never sees half a file; JSON comes first, it needs nothing else.
pub fn keep(report: &Periodic, period: Period, files: &[File], language: Language, folder: &Path) -> Result<Vec<PathBuf>> {
    write(report, &folder.join(cadence_word(period.cadence())), &period.to_string(), files, language)
}

/// Writes files of a unit's report into a folder of the period.
pub fn keep_unit(report: OfUnit, period: Period, files: &[File], language: Language, folder: &Path) -> Result<Vec<PathBuf>> {
    let (folder, name) = (folder.join(cadence_word(period.cadence())).join(period.to_string()), report.unit.clone());
    write(&Periodic::Unit(Box::new(report)), &folder, &name, files, language)
}

fn write(report: &Periodic, folder: &Path, name: &str, files: &[File], language: Language) -> Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
    let mut written = Vec::new();
    for file in files {
        let path = folder.join(format!("{name}.{}", file.extension()));
        whole::write_bytes(&path, &file.bytes(report, language)?)?;
        written.push(path);
    }
    Ok(written)
}
