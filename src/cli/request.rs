//! From options to one request per target: configuration layers, units, the folder of each run.

use super::options::AuditOptions;
use super::pipeline::Wishes;
use super::target;
use crate::config::{self, Config, Loaded, Source};
use crate::error::{Error, Result};
use crate::finding::Language;
use crate::plan::{Request, Target, Unit};
use crate::report::Coverage;
use crate::run::{CaptureChoice, Recorded};
use crate::scope::Scope;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One target with all that auditing it needs.
#[derive(Debug)]
pub struct Job {
    /// Short name of the target.
    pub name: String,
    /// Its run folder.
    pub out: PathBuf,
    /// What is asked of the planner.
    pub request: Request,
    /// What is asked of the pipeline.
    pub wishes: Wishes,
}

/// Reads the options into jobs; nothing is fetched or written before all of them make sense.
pub fn all(options: &AuditOptions) -> Result<Vec<Job>> {
    let loaded = config::load(options.config.as_deref(), &|name| std::env::var(name).ok(), &flags(options))?;
    let several = options.targets.len() > 1;
    if several && options.capture.as_deref().is_some_and(|c| c != "none") {
        return Err(Error::usage("--capture FILE 只能用于一个目标 / --capture FILE is for one target only"));
    }
    let mut jobs: Vec<Job> = Vec::new();
    for text in &options.targets {
        let target = target::parse(text, options.base.as_deref())?;
        let name = target::name(&target);
        let out = match &options.out {
            Some(out) if several => out.join(&name),
            Some(out) => out.clone(),
            None => new_folder(&name),
        };
        if jobs.iter().any(|job| job.out == out) {
            return Err(Error::usage(format!("两个目标同名 / two targets share the name {name}")));
        }
        let request = request(options, &loaded, target)?;
        let wishes = wishes(options, &name, several);
        jobs.push(Job { name, out, request, wishes });
    }
    Ok(jobs)
}

/// Without `--out` every run has a folder of its own, named after target and moment.
fn new_folder(name: &str) -> PathBuf {
    let moment = crate::clock::now().to_zoned(crate::clock::shanghai()).strftime("%Y%m%d-%H%M%S").to_string();
    Path::new("xuncha-out").join(format!("{name}-{moment}"))
}

/// `name`: of the target; with several, run folders bear their names.
fn wishes(options: &AuditOptions, name: &str, several: bool) -> Wishes {
    Wishes {
        facts: options.facts,
        waivers: options.waivers.clone(),
        baseline: options.baseline.clone(),
        history: options.history.clone(),
        confirm: options.confirm.clone(),
        since: options.since.as_ref().map(|since| if several { since.join(name) } else { since.clone() }),
        full: options.full,
        capture: match options.capture.as_deref() {
            None => CaptureChoice::InFolder,
            Some("none") => CaptureChoice::None,
            Some(file) => CaptureChoice::File(file.into()),
        },
    }
}

/// Flags that are configuration values, by field name.
fn flags(options: &AuditOptions) -> BTreeMap<String, String> {
    let mut flags = BTreeMap::new();
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            flags.insert(name.to_owned(), value);
        }
    };
    put("max_pages", options.max_pages.map(|v| v.to_string()));
    put("rate", options.rate.map(|v| v.to_string()));
    put("render", options.render.map(|v| v.word().to_owned()));
    put("timeout", options.timeout.map(|v| v.to_string()));
    put("fail_on", options.fail_on.map(|v| v.word().to_owned()));
    put("min_score", options.min_score.map(|v| v.to_string()));
    put("resolve", (!options.resolve.is_empty()).then(|| options.resolve.join(",")));
    put("only_resolved", options.only_resolved.then(|| "true".to_owned()));
    put("allow_private", options.allow_private.then(|| "true".to_owned()));
    put("folder_external", options.external.then(|| "true".to_owned()));
    options.polite.flags().into_iter().for_each(|(name, value)| put(name, Some(value)));
    flags
}

fn request(options: &AuditOptions, loaded: &Loaded, target: Target) -> Result<Request> {
    let mut request = Request::new(target, loaded.config.clone());
    request.units = loaded.units.clone();
    request.operator = loaded.operator.clone();
    request.checklists = if options.checklist.is_empty() { loaded.checklists.clone() } else { options.checklist.clone() };
    request.cadence = options.cadence;
    request.as_of = options.as_of;
    if let Target::Warc(files) = &request.target
        && let Some(file) = files.first()
    {
        match Recorded::of_capture(file)? {
            Some(recorded) => take_recorded(&mut request, loaded, recorded)?,
            None => request.seed = Recorded::first_page(file)?,
        }
    }
    if options.kind.is_some() || options.unit.is_some() {
        if request.units.len() > 1 {
            return Err(Error::usage_with(
                "--kind 和 --unit 只用于一个单位 / --kind and --unit are for one unit",
                "多个单位请在配置文件里写 [[unit]] / write several units as [[unit]] tables of a configuration file",
            ));
        }
        let mut unit = request.units.pop().unwrap_or_else(|| Unit {
            id: target::name(&request.target),
            name: target::name(&request.target),
            kind: None,
            scope: Scope::default(),
        });
        unit.kind = options.kind.clone().or(unit.kind);
        unit.name = options.unit.clone().unwrap_or(unit.name);
        request.units.push(unit);
    }
    Ok(request)
}

/// A request that reads captures as their own record says, else as pages of whatever site they hold; of another tool's the default
/// configuration holds.
pub fn of_capture(files: Vec<PathBuf>) -> Result<Request> {
    let loaded = config::load(None, &|_| None, &BTreeMap::new())?;
    let mut request = Request::new(Target::Warc(files.clone()), loaded.config.clone());
    if let Some(file) = files.first() {
        match Recorded::of_capture(file)? {
            Some(recorded) => take_recorded(&mut request, &loaded, recorded)?,
            None => request.seed = Recorded::first_page(file)?,
        }
    }
    // What was judged then does not matter here, and an office's own checklist may be gone.
    request.checklists = Vec::new();
    Ok(request)
}

/// What our own capture says of the audit that kept it holds wherever options and files say nothing.
fn take_recorded(request: &mut Request, loaded: &Loaded, recorded: Recorded) -> Result<()> {
    let internal = |e: &dyn std::fmt::Display| Error::Internal(e.to_string());
    let mut values = toml::Table::try_from(&recorded.config).map_err(|e| internal(&e))?;
    let said = toml::Table::try_from(&loaded.config).map_err(|e| internal(&e))?;
    for (name, source) in &loaded.origins {
        if *source != Source::Default
            && let Some(value) = said.get(name)
        {
            values.insert(name.clone(), value.clone());
        }
    }
    request.config = values.try_into::<Config>().map_err(|e| internal(&e))?;
    request.seed = match &recorded.target {
        Target::Live(seeds) => seeds.first().cloned(),
        Target::Folder { base, .. } => Some(base.clone()),
        Target::Warc(_) => None,
    };
    if request.units.is_empty() {
        request.units = recorded.units;
        request.operator = request.operator.take().or(Some(recorded.operator));
    }
    if request.checklists.is_empty() {
        request.checklists = recorded.checklists.into_iter().map(|c| c.id).collect();
    }
    if request.columns.is_empty() {
        request.columns = recorded.columns;
    }
    if request.bindings.is_empty() {
        request.bindings = recorded.bindings;
    }
    request.cadence = request.cadence.or(recorded.cadence);
    request.as_of = request.as_of.or(recorded.as_of);
    Ok(())
}

/// Why nothing could be concluded, in a sentence.
pub fn nothing(coverage: &Coverage, language: Language) -> String {
    let reasons: Vec<String> = coverage.unfetched.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    match language {
        Language::Zh => format!("什么也没有取到{reasons}：没有结论。请检查网址、网络和 --resolve，再运行一次。"),
        Language::En => {
            format!("Nothing was obtained{reasons}: no conclusion. Check the address, the network and --resolve, then run again.")
        }
    }
}
