//! Opening a folder: new, foreign, another plan's, locked; where the capture goes.

use super::made::{fill, live, plan, seen, url};
use std::collections::BTreeSet;
use std::path::PathBuf;
use xuncha::error::Error;
use xuncha::exchange::Gathering;
use xuncha::plan::{Plan, Target};
use xuncha::run::{CaptureChoice, RunFolder, RunOptions, State};

#[tokio::test]
async fn a_folder_with_other_things_is_refused() {
    let space = tempfile::tempdir().expect("space");
    std::fs::write(space.path().join("论文.docx"), "x").expect("writes");
    let error = RunFolder::open(space.path(), &live()).await.expect_err("refused");
    assert!(matches!(error, Error::Usage { .. }) && error.to_string().contains("论文.docx"), "{error}");
    assert_eq!(std::fs::read_dir(space.path()).expect("lists").count(), 1, "nothing was written");
    std::fs::rename(space.path().join("论文.docx"), space.path().join(".gitkeep")).expect("renames");
    assert_eq!(RunFolder::open(space.path(), &live()).await.expect("opens").1, State::New);
    let file = space.path().join("file");
    std::fs::write(&file, "x").expect("writes");
    assert!(RunFolder::open(&file, &live()).await.is_err(), "a file is no folder");
}

#[tokio::test]
async fn a_damaged_database_is_told() {
    let space = tempfile::tempdir().expect("space");
    std::fs::write(space.path().join("run.db"), "this is no database at all, but long enough to look like one").expect("writes");
    let error = RunFolder::open(space.path(), &live()).await.expect_err("refused");
    assert!(error.to_string().contains("run.db"), "{error}");
}

#[tokio::test]
async fn one_process_at_a_time() {
    let space = tempfile::tempdir().expect("space");
    let first = RunFolder::open(space.path(), &live()).await.expect("opens");
    let error = RunFolder::open(space.path(), &live()).await.expect_err("locked");
    assert!(error.to_string().contains("another process"), "{error}");
    drop(first);
    assert_eq!(RunFolder::open(space.path(), &live()).await.expect("opens").1, State::Unfinished);
}

/// What a user changes between two calls.
type Change = fn(&mut Plan);

#[tokio::test]
async fn what_decides_fetching_must_be_equal_and_nothing_else() {
    let space = tempfile::tempdir().expect("space");
    drop(RunFolder::open(space.path(), &live()).await.expect("opens"));
    let with = |change: Change| {
        let mut plan = live();
        change(&mut plan);
        plan
    };
    let same: [Change; 6] = [
        |p| p.as_of = None,
        |p| p.config.rate = 0.5,
        |p| p.config.timeout = 60.0,
        |p| p.config.fail_on = xuncha::finding::Severity::Warning,
        |p| p.config.min_score = Some(60.0),
        |p| p.cadence = Some(xuncha::checklist::Cadence::Daily),
    ];
    for change in same {
        assert_eq!(RunFolder::open(space.path(), &with(change)).await.expect("opens").1, State::Unfinished);
    }
    let other: [(&str, Change); 8] = [
        ("max_pages", |p| p.config.max_pages = 7),
        ("external", |p| p.config.external = false),
        ("resolve", |p| p.config.resolve = vec!["a:80:127.0.0.1".into()]),
        ("allow_private", |p| p.config.allow_private = true),
        ("max_hops", |p| p.config.max_hops = 1),
        ("scope", |p| p.scope.exclude = p.scope.include.clone()),
        ("gatherings", |p| p.gatherings = BTreeSet::from([Gathering::Pages])),
        ("target", |p| p.target = Target::Live(vec![url("http://b.xuncha-demo.gov.cn/")])),
    ];
    for (name, change) in other {
        let error = RunFolder::open(space.path(), &with(change)).await.expect_err("another plan");
        let Error::OtherPlan { difference, .. } = error else { panic!("{error}") };
        assert_eq!(difference.lines().count(), 1, "{difference}");
        assert!(difference.trim_start().starts_with(&format!("{name}: ")), "{difference}");
    }
    let two = with(|p| (p.config.max_pages, p.config.max_hops) = (7, 1));
    let Err(Error::OtherPlan { difference, .. }) = RunFolder::open(space.path(), &two).await else { panic!("another plan") };
    assert_eq!(difference.lines().count(), 2, "{difference}");
    let none = RunOptions { capture: CaptureChoice::None, user_agent: None, ..RunOptions::default() };
    let Err(Error::OtherPlan { difference, .. }) = RunFolder::open_with(space.path(), &live(), none).await else {
        panic!("an unfinished run keeps its capture")
    };
    assert!(difference.contains("capture"), "{difference}");
}

#[tokio::test]
async fn the_resolved_plan_lies_in_the_folder() {
    let space = tempfile::tempdir().expect("space");
    drop(RunFolder::open(space.path(), &live()).await.expect("opens"));
    let plan: Plan = serde_json::from_slice(&std::fs::read(space.path().join("plan.json")).expect("reads")).expect("parses");
    assert_eq!(plan.target, live().target);
    assert!(space.path().join("checklists").is_dir());
}

#[tokio::test]
async fn without_a_capture_there_is_no_file_and_no_digest() {
    let space = tempfile::tempdir().expect("space");
    let options = RunOptions { capture: CaptureChoice::None, user_agent: None, ..RunOptions::default() };
    let (mut folder, _) = RunFolder::open_with(space.path(), &live(), options).await.expect("opens");
    fill(&mut folder).await;
    folder.finish(true).await.expect("finishes");
    let (_, states, info) = seen(&folder);
    assert_eq!((states.len(), info.capture_sha256.as_str(), info.complete), (9, "", true));
    assert!(!space.path().join("capture.warc.gz").exists());
    assert_eq!(folder.capture_path(), None);
}

#[tokio::test]
async fn a_file_of_the_user_is_not_written_over() {
    let space = tempfile::tempdir().expect("space");
    let file: PathBuf = space.path().join("kept.warc.gz");
    std::fs::write(&file, "precious").expect("writes");
    let options = || RunOptions { capture: CaptureChoice::File(file.clone()), user_agent: None, ..RunOptions::default() };
    let error = RunFolder::open_with(&space.path().join("out"), &live(), options()).await.expect_err("refused");
    assert!(error.to_string().contains("kept.warc.gz"), "{error}");
    assert_eq!(std::fs::read(&file).expect("reads"), b"precious");
    std::fs::remove_file(&file).expect("removes");
    let (folder, state) = RunFolder::open_with(&space.path().join("out"), &live(), options()).await.expect("opens after all");
    assert_eq!((state, folder.capture_path()), (State::New, Some(file.as_path())));
}

#[tokio::test]
async fn a_plan_to_replay_writes_no_capture() {
    let space = tempfile::tempdir().expect("space");
    let (mut audit, _) = RunFolder::open(&space.path().join("a"), &live()).await.expect("opens");
    audit.finish(true).await.expect("finishes");
    let warc = plan(Target::Warc(vec![space.path().join("a/capture.warc.gz")]));
    let (folder, _) = RunFolder::open(&space.path().join("b"), &warc).await.expect("opens");
    assert_eq!(folder.capture_path(), None);
}
