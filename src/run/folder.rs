//! Opening a run folder: is it new, unfinished, complete, another plan's, or none of ours?

use super::db::{Db, Stored};
use super::earlier::Since;
use super::recorded::{Recorded, difference};
use super::{CaptureChoice, Reading, RunFolder, RunOptions, State};
use crate::capture::write::Position;
use crate::capture::{Origin, Writer, kill};
use crate::error::{Error, Result};
use crate::exchange::Gathering;
use crate::plan::{Plan, Target};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::hash::{BuildHasher, Hasher};
use std::io::Read;
use std::path::{Path, PathBuf};
use tokio::sync::Mutex;

/// Files that may stand in a folder before its first commit.
const OURS: [&str; 6] = ["lock", "run.db", "run.db-wal", "run.db-shm", "plan.json", "checklists"];
/// Name of the capture.
const CAPTURE: &str = "capture.warc.gz";

pub(super) async fn open(path: &Path, plan: &Plan, options: RunOptions) -> Result<(RunFolder, State)> {
    if let Target::Warc(files) = &plan.target {
        // Before anything is written: a folder marked by a mistyped name would refuse the right one.
        super::replay::check(files)?;
    }
    std::fs::create_dir_all(path).map_err(|e| Error::io(path, e))?;
    let has_db = path.join("run.db").exists();
    if !has_db {
        refuse_foreign(path)?;
    }
    let lock = lock(path).await?;
    let mut db = Db::open(&path.join("run.db")).await?;
    let reading = Reading::of(plan);
    db.reads(reading.version());
    let here = Recorded::of(plan);
    let replays = matches!(plan.target, Target::Warc(_));
    let capture_path = match (&options.capture, replays) {
        (_, true) | (CaptureChoice::None, _) => None,
        (CaptureChoice::InFolder, _) => Some(path.join(CAPTURE)),
        (CaptureChoice::File(file), _) => Some(std::path::absolute(file).map_err(|e| Error::io(file, e))?),
    };
    let stored = db.stored().await?;
    let other_plan = |lines: Vec<String>| Error::OtherPlan { path: path.to_owned(), difference: lines.join("\n") };
    if let Some(stored) = &stored {
        let lines = stored.recorded.differences(&here);
        if !lines.is_empty() {
            return Err(other_plan(lines));
        }
        if let (Target::Warc(files), true) = (&plan.target, stored.finished) {
            let now = digest_of_all(files).await?;
            if now != stored.info.capture_sha256 {
                return Err(other_plan(vec![difference("capture sha256", &stored.info.capture_sha256, &now)]));
            }
        } else if !stored.finished && stored.capture != capture_path {
            let shown = |c: &Option<PathBuf>| c.as_ref().map_or("none".to_owned(), |p| p.display().to_string());
            return Err(other_plan(vec![difference("capture", &shown(&stored.capture), &shown(&capture_path))]));
        }
    }
    write_plan(path, plan)?;
    match stored {
        Some(stored) => reopen(path, db, lock, stored, options, reading).await,
        None => {
            let origin = Origin {
                run_id: new_run_id(),
                started: crate::clock::now(),
                plan_sha256: here.sha256()?,
                as_of: plan.as_of,
                gatherings: plan.gatherings.iter().copied().collect(),
                seeds: match &plan.target {
                    Target::Live(seeds) => seeds.clone(),
                    Target::Folder { base, .. } => vec![base.clone()],
                    Target::Warc(_) => Vec::new(),
                },
            };
            if let (CaptureChoice::File(_), Some(file)) = (&options.capture, &capture_path)
                && file.metadata().is_ok_and(|m| m.len() > 0)
            {
                return Err(Error::usage_with(
                    format!("{}: 文件已存在 / the file exists", file.display()),
                    "换一个 --capture，或先移走它 / choose another --capture or move it away",
                ));
            }
            // First the folder knows of its capture, then the capture gets its first records: a kill in between leaves a run that goes on.
            let (info, position) = (super::provisional(&origin), Position::default());
            let stored = Stored { recorded: here, info, finished: false, capture: capture_path, position };
            db.begin(&stored).await?;
            kill::point("opened");
            let folder = unfinished(path, db, lock, stored, options, reading).await?;
            Ok((folder, State::New))
        }
    }
}

/// A folder whose run goes on, or begins.
async fn unfinished(
    path: &Path,
    mut db: Db,
    lock: File,
    stored: Stored,
    options: RunOptions,
    reading: Reading,
) -> Result<RunFolder> {
    let since = match &options.since {
        Some(earlier) if !stored.finished => Some(attach(&mut db, path, earlier, &stored.recorded).await?),
        // Only to say how many pages there were: without the option nothing more is taken over.
        _ => db.since().await?,
    };
    let full = options.full || options.since.is_none();
    let capture = match (&stored.capture, stored.finished) {
        (Some(file), false) => {
            let mut writer = Writer::open(file, &stored.info.id, options.user_agent.clone(), stored.position.clone())?;
            if stored.position.records == 0 {
                writer.begin(&origin_of(&stored)?, stored.recorded.to_json()?).await?;
                db.commit(Some(writer.position())).await?;
            }
            Some(writer)
        }
        _ => None,
    };
    Ok(RunFolder {
        path: path.to_owned(),
        capture,
        own_capture: own_capture(path, stored.capture.as_deref()),
        db: Mutex::new(db),
        info: stored.info,
        finished: stored.finished,
        block_limit: block_limit(&stored.recorded.config),
        reading,
        attachments: stored.recorded.gatherings.contains(&Gathering::Attachments),
        extractor: options.extractor,
        batch: options.batch,
        in_batch: 0,
        batch_began: None,
        since,
        full,
        _lock: lock,
    })
}

/// The run's own capture; of a folder that was moved the one beside its `run.db`.
fn own_capture(folder: &Path, known: Option<&Path>) -> Option<PathBuf> {
    let known = known?;
    let beside = known.file_name().map(|name| folder.join(name)).filter(|path| !known.is_file() && path.is_file());
    Some(beside.unwrap_or_else(|| known.to_owned()))
}

/// Attaches the run that this one goes on from; that of another site is refused.
async fn attach(db: &mut Db, path: &Path, earlier: &Path, here: &Recorded) -> Result<Since> {
    let same = |a: &Path, b: &Path| a.canonicalize().ok().zip(b.canonicalize().ok()).is_some_and(|(a, b)| a == b);
    if same(path, earlier) {
        return Err(Error::usage_with(
            "--since 与 --out 是同一目录 / --since and --out are the same folder",
            "为这次运行换一个 --out / choose another --out for this run",
        ));
    }
    db.attach(earlier, |there| {
        if there.target != here.target {
            return Err(Error::usage_with(
                format!("--since {}: 是另一个目标的运行 / is a run of another target", earlier.display()),
                "--since 只用于同一网站以前的运行 / --since is for an earlier run of the same site",
            ));
        }
        Ok(there.differences(here).is_empty())
    })
    .await
}

/// What the first record of a capture says of its run.
fn origin_of(stored: &Stored) -> Result<Origin> {
    Ok(Origin {
        run_id: stored.info.id.clone(),
        started: stored.info.started_at,
        plan_sha256: stored.recorded.sha256()?,
        as_of: stored.recorded.as_of,
        gatherings: stored.info.gatherings.clone(),
        seeds: stored.info.seeds.clone(),
    })
}

async fn reopen(
    path: &Path,
    db: Db,
    lock: File,
    stored: Stored,
    options: RunOptions,
    reading: Reading,
) -> Result<(RunFolder, State)> {
    let state = if stored.finished { State::Complete } else { State::Unfinished };
    let (recorded, kept_at, finished) = (stored.recorded.clone(), stored.capture.clone(), stored.finished);
    let mut folder = unfinished(path, db, lock, stored, options, reading).await?;
    let files = match (&recorded.target, &kept_at) {
        (Target::Warc(files), _) => files.clone(),
        (_, Some(file)) => vec![file.clone()],
        (_, None) => Vec::new(),
    };
    let (extractor, selectors) = folder.db.get_mut().has_facts_of_another_version().await?;
    if extractor && files.is_empty() {
        return Err(Error::usage_with(
            format!("{}: 由旧版本采集且没有留存 / gathered by another version without a capture", path.display()),
            "换一个 --out 重新采集 / choose another --out",
        ));
    }
    // Other selectors without a capture: what they would match was not looked for, and is untested.
    if (extractor || selectors) && !files.is_empty() {
        super::replay::read_facts_anew(&mut folder, &files).await?;
    }
    if finished {
        super::replay::read_files_left(&mut folder, &files).await?;
    }
    Ok((folder, state))
}

fn block_limit(config: &crate::config::Config) -> u64 {
    super::replay::BLOCK_LIMIT
        .max(config.max_bytes.max(config.max_attachment_bytes).saturating_add(crate::capture::HEAD_LIMIT as u64))
}

fn refuse_foreign(path: &Path) -> Result<()> {
    for entry in std::fs::read_dir(path).map_err(|e| Error::io(path, e))? {
        let name = entry.map_err(|e| Error::io(path, e))?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !OURS.contains(&name.as_str()) {
            return Err(Error::usage_with(
                format!("{}: 目录非空，也不是巡查的运行目录 / the folder is not empty and holds no run ({name})", path.display()),
                "换一个 --out / choose another --out",
            ));
        }
    }
    Ok(())
}

/// Waits a moment for a process that is just going: until a child that it was starting has begun, that child holds the lock too.
async fn lock(path: &Path) -> Result<File> {
    let file_path = path.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&file_path).map_err(|e| Error::io(&file_path, e))?;
    for _ in 0..20 {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
            Err(std::fs::TryLockError::Error(e)) => return Err(Error::io(file_path, e)),
        }
    }
    Err(Error::usage_with(
        format!("{}: 另一个进程正在使用 / another process works in this folder", path.display()),
        "等它结束，或换一个 --out / wait for it, or choose another --out",
    ))
}

/// `plan.json` and `checklists/ID.json`, for people and for later questions about a report.
fn write_plan(path: &Path, plan: &Plan) -> Result<()> {
    let checklists = path.join("checklists");
    std::fs::create_dir_all(&checklists).map_err(|e| Error::io(&checklists, e))?;
    write_json(&path.join("plan.json"), plan)?;
    for checklist in &plan.checklists {
        let name: String = checklist.id.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
        write_json(&checklists.join(format!("{name}.json")), checklist)?;
    }
    Ok(())
}

fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<()> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|e| Error::Internal(format!("{}: {e}", path.display())))?;
    text.push(b'\n');
    std::fs::write(path, text).map_err(|e| Error::io(path, e))
}

/// Time and 64 random bits: sortable for people, unique without asking anybody.
fn new_run_id() -> String {
    let zoned = crate::clock::now().to_zoned(crate::clock::shanghai());
    let mut hasher = std::hash::RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    format!("{}-{:016x}", zoned.strftime("%Y%m%d-%H%M%S"), hasher.finish())
}

/// SHA-256 of a file, hex.
pub(super) async fn digest_of(path: &Path) -> Result<String> {
    let path = path.to_owned();
    let work = move || -> Result<String> {
        let mut file = File::open(&path).map_err(|e| Error::io(&path, e))?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 256 << 10];
        loop {
            match file.read(&mut buffer).map_err(|e| Error::io(&path, e))? {
                0 => return Ok(data_encoding::HEXLOWER.encode(&hash.finalize())),
                read => hash.update(&buffer[..read]),
            }
        }
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::Internal(format!("digest: {e}")))?
}

/// Of one file its digest; of several the digest of their digests, one per line in the order given.
pub(super) async fn digest_of_all(files: &[PathBuf]) -> Result<String> {
    if let [file] = files {
        return digest_of(file).await;
    }
    let mut lines = Sha256::new();
    for file in files {
        lines.update(format!("{}\n", digest_of(file).await?));
    }
    Ok(data_encoding::HEXLOWER.encode(&lines.finalize()))
}
