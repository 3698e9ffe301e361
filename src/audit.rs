//! The whole flow for one target: plan, gather (or replay), judge, score, report. Every subcommand and every cadence that audits is thin over
//! this.

use crate::crawl::{self, Progress};
use crate::error::{Error, Result};
use crate::exit;
use crate::extract::Extractor;
use crate::facts::Site;
use crate::finding::{Finding, Outcome};
use crate::judge::baseline::Baseline;
use crate::judge::confirmation::Confirmations;
use crate::judge::waiver::Waivers;
use crate::judge::{self, Given, Material, snapshot};
use crate::plan::{self, Plan};
use crate::report::access::Access;
use crate::report::coverage::Fold;
use crate::report::{PageRow, Report};
use crate::run::{Batch, CaptureChoice, RunFolder, RunOptions, State};
use crate::score::{self, Verdict};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the caller wants beside the plan.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// `--facts`: the pages' facts in the report.
    pub facts: bool,
    /// `--waivers`.
    pub waivers: Option<PathBuf>,
    /// `--baseline`.
    pub baseline: Option<PathBuf>,
    /// `--history`.
    pub history: Option<PathBuf>,
    /// `--confirm`.
    pub confirm: Option<PathBuf>,
    /// `--capture`.
    pub capture: CaptureChoice,
    /// `--since`.
    pub since: Option<PathBuf>,
    /// `--full`.
    pub full: bool,
}

impl Wishes {
    /// Reads what the office gave, before the first request: a mistake in it must not cost a crawl.
    pub fn given(&self) -> Result<Given> {
        let mut given = Given::default();
        if let Some(path) = &self.waivers {
            given.waivers = Waivers::parse(&read("waivers", path, &mut given.inputs)?, path)?;
        }
        if let Some(path) = &self.baseline {
            given.baseline = Some(Baseline::parse(&read("baseline", path, &mut given.inputs)?, path)?);
        }
        if let Some(path) = &self.history {
            given.history = Some(snapshot::parse(&read("history", path, &mut given.inputs)?, path)?);
        }
        if let Some(path) = &self.confirm {
            given.confirmations = Confirmations::parse(&read("confirm", path, &mut given.inputs)?, path)?;
        }
        Ok(given)
    }
}

/// Reads a file of the office's and notes its digest under the name of its option: a report says what it was made from.
fn read(name: &str, path: &Path, inputs: &mut BTreeMap<String, String>) -> Result<String> {
    let size = fs::metadata(path).map_err(|e| Error::io(path, e))?.len();
    if size > snapshot::MOST_BYTES {
        let message = format!("{}: 文件过大 / the file is too large ({size} > {})", path.display(), snapshot::MOST_BYTES);
        return Err(Error::usage(message));
    }
    let bytes = fs::read(path).map_err(|e| Error::io(path, e))?;
    inputs.insert(name.to_owned(), data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)));
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(e) => {
            let before = &e.as_bytes()[..e.utf8_error().valid_up_to()];
            Err(Error::Located {
                file: path.to_owned(),
                line: before.iter().filter(|b| **b == b'\n').count() + 1,
                column: 1,
                message: "不是 UTF-8 / is not UTF-8".into(),
                hint: None,
            })
        }
    }
}

/// What one audit yields.
#[derive(Debug)]
pub struct Audited {
    /// The report value that every format is rendered from.
    pub report: Report,
    /// Exit code of this target alone.
    pub exit: u8,
    /// Subjects of each finding, by fingerprint and unit: what a later run has to look at again.
    pub subject_keys: BTreeMap<(String, String), Vec<String>>,
    /// How the subjects of `Given::watch` ended.
    pub watched: BTreeMap<(String, String, String), Outcome>,
}

/// Plans, gathers what is not yet there, judges, scores. Leaves the run folder; the caller renders the report.
pub fn audit(request: plan::Request, out: &Path, wishes: &Wishes, progress: &dyn Progress) -> Result<Audited> {
    let given = wishes.given()?;
    let plan = plan::make(request)?;
    let folder = gather(&plan, out, wishes, progress)?;
    tell(&plan, &folder, wishes, &given)
}

/// The gathering half: a finished run folder, from the network, a folder of pages or captures. A complete one is used as it is.
pub fn gather(plan: &Plan, out: &Path, wishes: &Wishes, progress: &dyn Progress) -> Result<RunFolder> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Error::Internal(format!("runtime: {e}")))?;
    runtime.block_on(async {
        let agent = crawl::fetch::live::user_agent(&plan.config.contact);
        let extractor = match Extractor::of_this_program() {
            Ok(extractor) => Some(Arc::new(extractor)),
            Err(why) => {
                progress.say(&format!("找不到自身程序，附件不读 / cannot find this program, attachments are not read: {why}"));
                None
            }
        };
        let options = RunOptions {
            capture: wishes.capture.clone(),
            user_agent: Some(agent),
            extractor,
            batch: Batch::CRAWL,
            since: wishes.since.clone(),
            full: wishes.full,
        };
        let (mut folder, state) = RunFolder::open_with(out, plan, options).await?;
        match state {
            State::Complete => progress.say(&format!("{} 已完成，按原记录重出报告 / is complete, reported again", out.display())),
            State::New | State::Unfinished => crawl::gather(plan, &mut folder, progress).await?,
        }
        if wishes.since.is_some() {
            let (pages, taken) = folder.pages_and_taken_over().await?;
            let read = pages - taken;
            progress.say(&format!(
                "{taken} 页未变，沿用上次读取的内容；{read} 页重新读取 / {taken} pages unchanged and taken over, {read} read anew"
            ));
        }
        Ok(folder)
    })
}

/// The judging half: reads a finished run folder, asks for nothing.
pub fn tell(plan: &Plan, folder: &RunFolder, wishes: &Wishes, given: &Given) -> Result<Audited> {
    tell_seeing(plan, folder, wishes, given, &mut |_| ())
}

/// Likewise, and the site as a whole is shown on the way, unless the judgement of an earlier run is taken over.
pub fn tell_seeing(
    plan: &Plan,
    folder: &RunFolder,
    wishes: &Wishes,
    given: &Given,
    see: &mut dyn FnMut(&Site),
) -> Result<Audited> {
    let info = folder.info().ok_or_else(|| Error::Internal("the run folder is not finished".into()))?;
    let mut judged = judged(plan, folder, wishes, given, see)?;
    let mut findings = std::mem::take(&mut judged.findings);
    let scorecards = score::score_on(plan, Some(judge::day(plan, info)), &judged, &mut findings);
    judged.findings = findings;
    let (mut coverage, mut access) = (Fold::new(), Access::new());
    folder.for_each_state(&mut |state| {
        let own = plan.scope.contains(&state.url, None);
        coverage.add(&state, own);
        access.add(plan, &state, own);
        Ok(())
    })?;
    coverage.judged(&judged.findings);
    judged.notes.extend(access.notes(plan));
    let pages = match wishes.facts {
        true => {
            let mut rows = Vec::new();
            folder.for_each_page(&mut |page| {
                rows.push(PageRow::of(&page));
                Ok(())
            })?;
            Some(rows)
        }
        false => None,
    };
    let (subject_keys, watched) = (std::mem::take(&mut judged.subject_keys), std::mem::take(&mut judged.watched));
    let mut report = Report::build(plan, info, judged, scorecards, coverage.finish(), pages);
    report.pictures = pictures(&report, folder)?;
    let exit = exit_code(plan, &report);
    Ok(Audited { report, exit, subject_keys, watched })
}

/// Screenshots that a report shows: of the gravest findings, as many as a reader's browser bears. The others are in the capture.
const MOST_PICTURES: usize = 40;
/// Bytes of them together.
const MOST_PICTURE_BYTES: usize = 8 << 20;

/// The screenshots that findings name, in their order.
fn pictures(report: &Report, folder: &RunFolder) -> Result<BTreeMap<String, Vec<u8>>> {
    let (mut pictures, mut bytes) = (BTreeMap::new(), 0);
    let named = report.findings.iter().filter_map(|finding| finding.evidence.get("screenshot")?.strip_prefix("sha256:"));
    for digest in named {
        if pictures.len() >= MOST_PICTURES || bytes >= MOST_PICTURE_BYTES {
            break;
        }
        if !pictures.contains_key(digest)
            && let Some(png) = folder.picture(digest)?
        {
            bytes += png.len();
            pictures.insert(digest.to_owned(), png);
        }
    }
    Ok(pictures)
}

/// Name of the file that keeps a judgement in its run folder.
const JUDGED: &str = "judged.json";

/// Judges, unless the run before saw the same, was asked the same on the same day by the same program: then what it was told holds.
fn judged(plan: &Plan, folder: &RunFolder, wishes: &Wishes, given: &Given, see: &mut dyn FnMut(&Site)) -> Result<judge::Judged> {
    // A capture is judged anew always: it is what everything else is held against.
    if matches!(plan.target, plan::Target::Warc(_)) {
        return judge::judge_seeing(plan, folder, given, see);
    }
    let key = judgement_key(plan, folder, given)?;
    let earlier = wishes.since.as_ref().filter(|_| !wishes.full).and_then(|since| fs::read(since.join(JUDGED)).ok());
    let judged = match earlier.and_then(|bytes| judge::stored::read(&key, &bytes)) {
        Some(judged) => judged,
        None => judge::judge_seeing(plan, folder, given, see)?,
    };
    if judge::stored::is_worth_keeping(&judged) {
        let path = folder.path().join(JUDGED);
        let failed = |e| Error::io(&path, e);
        let mut file = BufWriter::new(fs::File::create(&path).map_err(failed)?);
        judge::stored::write(&key, &judged, &mut file).and_then(|()| file.flush()).map_err(failed)?;
    }
    Ok(judged)
}

/// Everything that a judgement follows from: program, plan, day, inputs, material.
fn judgement_key(plan: &Plan, folder: &RunFolder, given: &Given) -> Result<String> {
    let internal = |e: &dyn std::fmt::Display| Error::Internal(format!("judgement: {e}"));
    let program = std::env::current_exe().and_then(fs::metadata).map_err(|e| internal(&e))?;
    let built = program.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let info = folder.info().ok_or_else(|| internal(&"the run folder is not finished"))?;
    let day = judge::day(plan, info).to_string();
    let parts = (program.len(), built, plan, day, &given.inputs, &given.watch, folder.material_digest()?);
    let text = serde_json::to_vec(&parts).map_err(|e| internal(&e))?;
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(text)))
}

/// Exit code of one target; see [`exit`] for the precedence.
pub fn exit_code(plan: &Plan, report: &Report) -> u8 {
    let counts = |finding: &&Finding| {
        finding.severity >= plan.config.fail_on && !matches!(finding.state.as_deref(), Some("waived" | "known" | "rejected"))
    };
    let low = |score: f64| plan.config.min_score.is_some_and(|least| score < least);
    if !report.run.internal_errors.is_empty() {
        exit::INTERNAL
    } else if report.coverage.fetched == 0 {
        exit::NOTHING
    } else if report.findings.iter().any(|f| counts(&f)) || report.scorecards.iter().filter_map(|c| c.score).any(low) {
        exit::FINDINGS
    } else if report.scorecards.iter().all(|c| c.verdict == Verdict::Insufficient) {
        exit::NOTHING
    } else {
        exit::CLEAN
    }
}
