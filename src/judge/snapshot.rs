//! A history snapshot: read strictly for `--history`, made of earlier runs by `xuncha history`.

use super::RunInfo;
use crate::error::{Error, Result};
use crate::facts::history::{EarlierColumn, EarlierItem, EarlierRun, Probe, SCHEMA};
use crate::facts::{History, Site};
use std::path::Path;

/// Largest snapshot that is read.
pub const MOST_BYTES: u64 = 256 << 20;
/// Rows kept of one column; a longer one counts as not complete.
const MOST_ROWS: usize = 20_000;

/// Parses a snapshot; `file` is named in errors.
pub fn parse(text: &str, file: &Path) -> Result<History> {
    let located = |line: usize, column: usize, message: String| Error::Located {
        file: file.to_owned(),
        line: line.max(1),
        column: column.max(1),
        message,
        hint: Some("xuncha history RUN_FOLDER --out FILE 生成 / makes one".into()),
    };
    // The schema is told first: of another version nothing else would be understood.
    #[derive(serde::Deserialize)]
    struct Head {
        schema: Option<String>,
    }
    let head: Head = serde_json::from_str(text).map_err(|e| located(e.line(), e.column(), e.to_string()))?;
    if head.schema.as_deref() != Some(SCHEMA) {
        let found = head.schema.unwrap_or_default();
        return Err(located(1, 1, format!("schema 应为 {SCHEMA} / schema must be {SCHEMA}, not {found:?}")));
    }
    let history: History = serde_json::from_str(text).map_err(|e| located(e.line(), e.column(), e.to_string()))?;
    check(&history).map_err(|message| located(1, 1, message))?;
    Ok(history)
}

/// What the shape does not say: order, and nothing after the end.
fn check(history: &History) -> std::result::Result<(), String> {
    let late = |what: &str, at: jiff::Timestamp| format!("{what} {at} 晚于 until / is after `until` ({})", history.until);
    let unsorted = |what: &str| format!("{what} 应按时间先后排列 / `{what}` must be in order of time");
    if !history.probes.is_sorted_by_key(|probe| probe.at) {
        return Err(unsorted("probes"));
    }
    if !history.runs.is_sorted_by_key(|run| run.at) {
        return Err(unsorted("runs"));
    }
    if let Some(probe) = history.probes.last().filter(|probe| probe.at > history.until) {
        return Err(late("probes", probe.at));
    }
    if let Some(run) = history.runs.last().filter(|run| run.at > history.until) {
        return Err(late("runs", run.at));
    }
    if let Some(probe) = history.probes.iter().find(|probe| probe.seconds.is_some_and(|s| !s.is_finite() || s < 0.0)) {
        return Err(format!("probes: seconds 不合理 / makes no sense ({}, {})", probe.url, probe.at));
    }
    Ok(())
}

/// A snapshot of runs and probes, in order of time; none when there is neither.
pub fn of(mut runs: Vec<EarlierRun>, mut probes: Vec<Probe>) -> Option<History> {
    runs.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.id.cmp(&b.id)));
    runs.dedup_by(|a, b| a.id == b.id);
    probes.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.url.cmp(&b.url)));
    let until = runs.iter().map(|run| run.at).chain(probes.iter().map(|probe| probe.at)).max()?;
    Some(History { schema: SCHEMA.to_owned(), until, probes, runs })
}

/// What is kept of a run.
pub fn earlier_run(info: &RunInfo, site: &Site) -> EarlierRun {
    let column = |column: &crate::facts::site::Column| EarlierColumn {
        url: column.url.clone(),
        name: column.name.clone(),
        complete: column.complete && !column.script_filled && column.items.len() <= MOST_ROWS,
        items: column.items.iter().take(MOST_ROWS).map(item).collect(),
    };
    EarlierRun {
        id: info.id.clone(),
        at: info.finished_at,
        capture_sha256: info.capture_sha256.clone(),
        columns: site.columns.values().map(column).collect(),
        reports: site.reports.clone(),
    }
}

fn item(item: &crate::facts::column_list::ListItem) -> EarlierItem {
    EarlierItem { title: item.title.clone(), url: item.url.clone(), date: item.date }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> (usize, String) {
        match parse(text, Path::new("history.json")) {
            Err(Error::Located { line, message, hint, .. }) => {
                assert!(hint.is_some_and(|hint| hint.contains("xuncha history")));
                (line, message)
            }
            other => panic!("{other:?}"),
        }
    }

    const WHOLE: &str = r#"{
  "schema": "xuncha.history/1",
  "until": "2026-03-20T00:00:00Z",
  "probes": [
    { "url": "http://x.gov.cn/", "at": "2026-03-19T00:00:00Z", "outcome": "answered", "seconds": 1.5 }
  ],
  "runs": [
    { "id": "r", "at": "2026-03-01T00:00:00Z", "capture_sha256": "",
      "columns": [ { "url": "http://x.gov.cn/a/", "name": "甲", "complete": true, "items": [ { "title": "一" } ] } ] }
  ]
}"#;

    #[test]
    fn a_whole_snapshot_is_read() {
        let history = parse(WHOLE, Path::new("h")).unwrap();
        assert_eq!((history.probes.len(), history.runs[0].columns[0].items.len()), (1, 1));
        let again = serde_json::to_string(&history).unwrap();
        assert_eq!(parse(&again, Path::new("h")).unwrap(), history);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        assert_eq!(wrong(&WHOLE.replace("\"outcome\"", "\"outcom\"")).0, 5);
        assert_eq!(wrong(&WHOLE.replace("\"answered\"", "\"fine\"")).0, 5);
        assert!(wrong(&WHOLE.replace("history/1", "history/9")).1.contains("history/9"));
        assert!(wrong("[]").0 == 1 && wrong("{").0 == 1);
        assert!(wrong(&WHOLE.replace("2026-03-19", "2026-03-29")).1.contains("until"));
        assert!(wrong(&WHOLE.replace("2026-03-01", "2026-05-01")).1.contains("until"));
        assert!(wrong(&WHOLE.replace("1.5", "-1.5")).1.contains("seconds"));
    }
}
