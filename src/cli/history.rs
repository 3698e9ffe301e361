//! `xuncha history RUN_FOLDER… --out FILE`: a snapshot of what earlier runs saw, for `--history`.
//!
//! Of each run its columns with their rows and its annual reports are kept; availability visits come from `--probes`.

use super::{finished, pipeline, request, target};
use crate::error::{Error, Result};
use crate::exit;
use crate::facts::history::{EarlierRun, Probe};
use crate::judge::{self, snapshot};
use crate::plan::{self, Plan, Target};
use crate::run::RunFolder;
use crate::whole;
use clap::Args;
use serde::Deserialize;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Options of `history`.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 运行目录（--out 所写）或 WARC 文件 / run folders (as --out writes them) or WARC files
    #[arg(value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// 写到哪里 / where the snapshot goes
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// 可用性探测记录：CSV（url,at,outcome,seconds,cause,vantage）或 JSON / availability visits as CSV or JSON
    #[arg(long, value_name = "FILE")]
    pub probes: Vec<PathBuf>,
}

/// Makes the snapshot.
pub fn run(options: &Options) -> Result<u8> {
    if options.runs.is_empty() && options.probes.is_empty() {
        return Err(Error::usage_with(
            "没有运行目录也没有探测记录 / neither a run nor probes",
            "xuncha history OUT_FOLDER --out history.json",
        ));
    }
    let mut probes = Vec::new();
    for path in &options.probes {
        probes.extend(read_probes(&fs::read_to_string(path).map_err(|e| Error::io(path, e))?, path)?);
    }
    let mut runs = Vec::new();
    for path in &options.runs {
        runs.push(earlier_run(path)?);
    }
    let (seen, visits) = (runs.len(), probes.len());
    let Some(history) = snapshot::of(runs, probes) else {
        return Err(Error::usage("没有可写的内容 / there is nothing to write"));
    };
    let mut text = serde_json::to_vec_pretty(&history).map_err(|e| Error::Internal(format!("history: {e}")))?;
    text.push(b'\n');
    whole::write_bytes(&options.out, &text)?;
    let said = format!("{}: {seen} 次运行 runs, {visits} 次探测 visits, 截至 until {}", options.out.display(), history.until);
    let _ = writeln!(std::io::stdout().lock(), "{said}");
    Ok(exit::CLEAN)
}

/// What is kept of a run folder, or of a capture, which is read into a folder of its own for the moment.
fn earlier_run(path: &Path) -> Result<EarlierRun> {
    if path.is_dir() {
        return of_folder(path);
    }
    let name = path.to_string_lossy();
    let Target::Warc(files) = target::parse(&name, None)? else {
        return Err(Error::usage(format!("{name}: 不是运行目录或 WARC / is neither a run folder nor a WARC")));
    };
    let plan = plan::make(request::of_capture(files)?)?;
    let folder = Passing::new()?;
    let wishes = pipeline::Wishes::default();
    let run = pipeline::gather(&plan, &folder.path, &wishes, &crate::crawl::Silent)?;
    kept(&plan, &run)
}

fn of_folder(path: &Path) -> Result<EarlierRun> {
    let (plan, run) = finished::open(path)?;
    kept(&plan, &run)
}

fn kept(plan: &Plan, run: &RunFolder) -> Result<EarlierRun> {
    let info = run.info().ok_or_else(|| Error::Internal("the run folder is not finished".into()))?;
    let site = judge::whole_site(plan, run)?;
    Ok(snapshot::earlier_run(info, &site))
}

/// A folder that goes when it is dropped.
struct Passing {
    path: PathBuf,
}

impl Passing {
    fn new() -> Result<Self> {
        for n in 0..1_000u32 {
            let path = std::env::temp_dir().join(format!("xuncha-history-{}-{n}", std::process::id()));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Passing { path }),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(Error::io(path, e)),
            }
        }
        Err(Error::usage("临时目录不可用 / no temporary folder can be made"))
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Visits out of CSV (a header names the columns) or JSON (a list, or a table with `probes`).
fn read_probes(text: &str, file: &Path) -> Result<Vec<Probe>> {
    let located = |line: usize, message: String| Error::Located {
        file: file.to_owned(),
        line: line.max(1),
        column: 1,
        message,
        hint: Some(
            "CSV: url,at,outcome,seconds,cause,vantage；at 如 2026-03-01T08:00:00+08:00；outcome: answered failed blocked void"
                .into(),
        ),
    };
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        probes: Vec<Probe>,
    }
    let json = |e: serde_json::Error| located(e.line(), e.to_string());
    match text.trim_start().chars().next() {
        Some('[') => return serde_json::from_str(text).map_err(json),
        Some('{') => return serde_json::from_str::<Table>(text).map(|table| table.probes).map_err(json),
        _ => {}
    }
    let mut rows = text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let Some((_, head)) = rows.next() else { return Err(located(1, "空文件 / empty".into())) };
    let names = cells(head).map_err(|e| located(1, e))?;
    for (at, name) in names.iter().enumerate() {
        if !["url", "at", "outcome", "seconds", "cause", "vantage"].contains(&name.as_str()) || names[..at].contains(name) {
            return Err(located(1, format!("未知或重复的列 / unknown or repeated column `{name}`")));
        }
    }
    let mut probes = Vec::new();
    for (number, line) in rows {
        let cells = cells(line).map_err(|e| located(number + 1, e))?;
        if cells.len() != names.len() {
            return Err(located(
                number + 1,
                format!("应有 {} 列 / should have {} cells, has {}", names.len(), names.len(), cells.len()),
            ));
        }
        let mut row = serde_json::Map::new();
        for (name, cell) in names.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            let value = match name.as_str() {
                "seconds" => match cell.parse::<f64>() {
                    Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => seconds.into(),
                    _ => return Err(located(number + 1, format!("seconds 不是数 / is no number: {cell:?}"))),
                },
                _ => cell.into(),
            };
            row.insert(name.clone(), value);
        }
        probes.push(serde_json::from_value(row.into()).map_err(|e| located(number + 1, e.to_string()))?);
    }
    Ok(probes)
}

/// Cells of one line: commas, double quotes around a cell, two of them for one inside.
fn cells(line: &str) -> std::result::Result<Vec<String>, String> {
    let mut cells = vec![String::new()];
    let mut chars = line.trim_end_matches('\r').chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        let Some(cell) = cells.last_mut() else { break };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            ',' if !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    if quoted {
        return Err("引号没有闭合 / a quote is not closed".into());
    }
    Ok(cells.into_iter().map(|cell| cell.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::history::ProbeOutcome;

    #[test]
    fn visits_are_read_from_both_forms() {
        let csv = "url,at,outcome,seconds,cause\nhttp://x.gov.cn/,2026-03-01T08:00:00+08:00,answered,1.5,\nhttp://x.gov.cn/,2026-03-01T09:00:00+08:00,failed,,\"read time-out, phase \"\"body\"\"\"\n";
        let probes = read_probes(csv, Path::new("p.csv")).unwrap();
        assert_eq!((probes[0].outcome, probes[0].seconds), (ProbeOutcome::Answered, Some(1.5)));
        assert_eq!(probes[1].cause.as_deref(), Some("read time-out, phase \"body\""));
        let json = serde_json::to_string(&probes).unwrap();
        assert_eq!(read_probes(&json, Path::new("p.json")).unwrap(), probes);
        assert_eq!(read_probes(&format!("{{\"probes\":{json}}}"), Path::new("p.json")).unwrap(), probes);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let line = |text: &str| match read_probes(text, Path::new("p.csv")) {
            Err(Error::Located { line, .. }) => line,
            other => panic!("{other:?}"),
        };
        let head = "url,at,outcome\n";
        assert_eq!(line("url,when\n"), 1);
        assert_eq!(line("url,url\n"), 1);
        assert_eq!(line(&format!("{head}http://x.gov.cn/,yesterday,answered\n")), 2);
        assert_eq!(line(&format!("{head}\nhttp://x.gov.cn/,2026-03-01T08:00:00+08:00,fine\n")), 3);
        assert_eq!(line(&format!("{head}http://x.gov.cn/,2026-03-01T08:00:00+08:00\n")), 2);
        assert_eq!(line(&format!("{head}\"http://x.gov.cn/\n")), 2);
        assert_eq!(line(""), 1);
    }
}
