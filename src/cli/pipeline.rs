//! What the subcommands add to [`crate::audit`]: a crawl that the user may stop, exit codes of several targets, files and terminal.

use super::stop::Stoppable;
use crate::audit;
pub use crate::audit::{Audited, Wishes, exit_code, tell};
use crate::crawl::Progress;
use crate::error::{Error, Result};
use crate::finding::Language;
use crate::plan::{self, Plan};
use crate::report::Report;
use crate::report::terminal::Style;
use crate::run::RunFolder;
use crate::whole;
use crate::{exit, report};
use std::fs;
use std::path::{Path, PathBuf};

/// [`audit::audit`], stopped by Ctrl-C.
pub fn audit(request: plan::Request, out: &Path, wishes: &Wishes, progress: &dyn Progress) -> Result<Audited> {
    audit::audit(request, out, wishes, &Stoppable::new(progress))
}

/// [`audit::gather`], stopped by Ctrl-C.
pub fn gather(plan: &Plan, out: &Path, wishes: &Wishes, progress: &dyn Progress) -> Result<RunFolder> {
    audit::gather(plan, out, wishes, &Stoppable::new(progress))
}

/// The graver of two exit codes over several targets: 2, 70, 3 (nothing obtained), 1, 3, 0.
pub fn graver(a: u8, b: u8) -> u8 {
    let rank = |code: u8| match code {
        exit::USAGE => 0,
        exit::INTERNAL => 1,
        exit::NOTHING => 2,
        exit::FINDINGS => 3,
        _ => 4,
    };
    if rank(a) <= rank(b) { a } else { b }
}

/// An output asked for by `--format`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Scorecards and findings on stdout (or in a file).
    Terminal(Option<PathBuf>),
    /// `report.json`.
    Json(Option<PathBuf>),
    /// `report.html`.
    Html(Option<PathBuf>),
}

impl Output {
    /// Reads `F` or `F=PATH`.
    pub fn parse(text: &str) -> Result<Self> {
        let (name, path) = match text.split_once('=') {
            Some((name, path)) => (name, Some(PathBuf::from(path))),
            None => (text, None),
        };
        match name {
            "terminal" => Ok(Output::Terminal(path)),
            "json" => Ok(Output::Json(path)),
            "html" => Ok(Output::Html(path)),
            other => Err(Error::usage_with(
                format!("--format {other:?} 不认识 / is unknown"),
                "terminal, json, html；可写成 json=文件 / each may be F=PATH",
            )),
        }
    }
}

/// Writes the files, then the terminal form with their paths to stdout. Returns the paths.
pub fn write_outputs(report: &Report, outputs: &[Output], folder: &Path, language: Language) -> Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for output in outputs {
        let (path, name) = match output {
            Output::Terminal(None) => continue,
            Output::Terminal(path) => (path, "report.txt"),
            Output::Json(path) => (path, "report.json"),
            Output::Html(path) => (path, "report.html"),
        };
        let path = path.clone().unwrap_or_else(|| folder.join(name));
        whole::write(&path, |file| match output {
            Output::Terminal(_) => {
                let style = Style::plain(language, 100);
                report::terminal::write(report, &style, &[], file).map_err(|e| Error::io(&path, e))
            }
            Output::Json(_) => report::json::write(report, file).map_err(|e| Error::io(&path, e)),
            Output::Html(_) => report::html::write(report, language, file),
        })?;
        written.push(fs::canonicalize(&path).unwrap_or(path));
    }
    if outputs.contains(&Output::Terminal(None)) {
        // A closed pipe (`| head`) is no error of ours.
        let _ = report::terminal::write(report, &Style::of_stdout(language), &written, &mut std::io::stdout().lock());
    }
    Ok(written)
}
