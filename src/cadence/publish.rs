//! Writes the reports of periods that are over, each once, where the office wants them; what was told is kept in the store as it was told.

use super::office::Office;
use super::period::Period;
use super::scheduler::CADENCES;
use super::{daily, quarterly, semiannual};
use crate::checklist::Cadence;
use crate::error::{Error, Result};
use crate::store::Store;
use crate::store::runs::cadence_word;
use jiff::Timestamp;
use std::path::Path;

/// Periods written in one turn at most: after a long silence the others follow.
const MOST_AT_ONCE: usize = 40;

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
            write(store, office, period, &office.reports).await?;
            store.set(&name, &period.to_string()).await?;
            period = period.after();
        }
    }
    Ok(())
}

/// Makes the report of a period and writes its JSON below a folder; returns the JSON.
pub async fn write(store: &Store, office: &Office, period: Period, folder: &Path) -> Result<serde_json::Value> {
    let json = |value: std::result::Result<serde_json::Value, serde_json::Error>| {
        value.map_err(|e| Error::Internal(format!("report: {e}")))
    };
    let value = match period.cadence() {
        Cadence::Daily => json(serde_json::to_value(daily::report(store, office, period.first()).await?))?,
        Cadence::Quarterly => json(serde_json::to_value(quarterly::report(store, office, period).await?))?,
        Cadence::Semiannual => json(serde_json::to_value(semiannual::report(store, office, period).await?))?,
    };
    let folder = folder.join(cadence_word(period.cadence()));
    std::fs::create_dir_all(&folder).map_err(|e| Error::io(&folder, e))?;
    let path = folder.join(format!("{period}.json"));
    let mut text = serde_json::to_vec_pretty(&value).map_err(|e| Error::Internal(format!("report: {e}")))?;
    text.push(b'\n');
    // A reader never sees half a report.
    let partial = path.with_extension("part");
    std::fs::write(&partial, &text).map_err(|e| Error::io(&partial, e))?;
    std::fs::rename(&partial, &path).map_err(|e| Error::io(&path, e))?;
    Ok(value)
}
