//! What audit and replay hand to the judge is the same, whatever wrote the WARC.

use super::made::{exchange, fill, live, plan, replayed, seen, unfetched};
use proptest::prelude::*;
use std::path::Path;
use xuncha::error::Error;
use xuncha::exchange::{Exchange, Gathering, Method};
use xuncha::facts::site::Look;
use xuncha::judge::Material;
use xuncha::plan::Target;
use xuncha::run::{CaptureChoice, Recorded, RunFolder, RunOptions, State};
use xuncha::unfetched::Reason;

#[tokio::test]
async fn replay_of_our_capture_gives_the_judge_the_same() {
    for name in ["kept.warc.gz", "kept.warc"] {
        let space = tempfile::tempdir().expect("space");
        let file = space.path().join(name);
        let options = RunOptions {
            capture: CaptureChoice::File(file.clone()),
            user_agent: Some("xuncha/test".into()),
            ..RunOptions::default()
        };
        let (mut folder, state) = RunFolder::open_with(&space.path().join("a"), &live(), options).await.expect("opens");
        assert_eq!(state, State::New);
        fill(&mut folder).await;
        assert!(folder.info().is_none(), "not before the end");
        folder.finish(true).await.expect("finishes");
        let audited = seen(&folder);
        assert_eq!(audited.1.len(), 9);
        assert!(audited.2.complete);
        assert_eq!(audited.2.capture_sha256.len(), 64);
        assert_eq!(Recorded::of_capture(&file).expect("reads"), Some(Recorded::of(&live())));

        let (again, notes) = replayed(&space.path().join("b"), &[file]).await;
        assert_eq!(notes.notes, Vec::<String>::new());
        assert_eq!(seen(&again), audited);
    }
}

async fn captured(space: &Path) -> std::path::PathBuf {
    let (mut folder, _) = RunFolder::open(&space.join("audit"), &live()).await.expect("opens");
    fill(&mut folder).await;
    folder.finish(true).await.expect("finishes");
    space.join("audit/capture.warc.gz")
}

#[tokio::test]
async fn a_cut_capture_keeps_what_is_whole_and_is_not_complete() {
    let space = tempfile::tempdir().expect("space");
    let bytes = std::fs::read(captured(space.path()).await).expect("reads");
    for (name, cut) in [("last", bytes.len() - 10), ("half", bytes.len() / 2)] {
        let file = space.path().join(format!("{name}.warc.gz"));
        std::fs::write(&file, &bytes[..cut]).expect("writes");
        let (folder, replayed) = replayed(&space.path().join(name), &[file]).await;
        let (_, states, info) = seen(&folder);
        assert!(!info.complete && !states.is_empty());
        assert_eq!(replayed.notes.len(), 1, "{:?}", replayed.notes);
        assert!(replayed.notes[0].contains("byte "), "{:?}", replayed.notes);
        assert!(info.finished_at >= info.started_at);
    }
}

/// A record taken out of the middle leaves a readable file whose last record tells on it.
#[tokio::test]
async fn a_capture_that_lost_a_record_is_not_complete() {
    let space = tempfile::tempdir().expect("space");
    let (mut folder, _) = {
        let options =
            RunOptions { capture: CaptureChoice::File(space.path().join("a.warc")), user_agent: None, ..RunOptions::default() };
        RunFolder::open_with(&space.path().join("audit"), &live(), options).await.expect("opens")
    };
    fill(&mut folder).await;
    folder.finish(true).await.expect("finishes");
    let bytes = std::fs::read(space.path().join("a.warc")).expect("reads");
    let starts: Vec<usize> =
        bytes.windows(20).enumerate().filter(|(_, w)| w.starts_with(b"WARC/1.1\r\nWARC-Type")).map(|(at, _)| at).collect();
    let lost = [&bytes[..starts[4]], &bytes[starts[6]..]].concat();
    let file = space.path().join("lost.warc");
    std::fs::write(&file, lost).expect("writes");
    let (folder, replayed) = replayed(&space.path().join("lost"), &[file]).await;
    assert!(!seen(&folder).2.complete);
    assert_eq!(replayed.notes.len(), 1, "{:?}", replayed.notes);
}

#[tokio::test]
async fn what_is_no_warc_is_refused_before_anything_is_written() {
    let space = tempfile::tempdir().expect("space");
    for (name, bytes) in
        [("empty", b"".as_slice()), ("html", b"<!doctype html>"), ("gzip", b"\x1f\x8b\x08\0\0"), ("absent", b"-")]
    {
        let file = space.path().join(name);
        if name != "absent" {
            std::fs::write(&file, bytes).expect("writes");
        }
        let out = space.path().join("out");
        let error = RunFolder::open(&out, &plan(Target::Warc(vec![file]))).await.expect_err("refused");
        assert!(error.to_string().contains(name), "{error}");
        assert!(!out.join("run.db").exists());
    }
}

#[tokio::test]
async fn a_replayed_folder_is_complete_until_its_file_changes() {
    let space = tempfile::tempdir().expect("space");
    let file = captured(space.path()).await;
    let plan = plan(Target::Warc(vec![file.clone()]));
    let out = space.path().join("out");
    let (folder, _) = replayed(&out, std::slice::from_ref(&file)).await;
    let first = seen(&folder);
    drop(folder);
    let (folder, state) = RunFolder::open(&out, &plan).await.expect("opens");
    assert_eq!((state, seen(&folder)), (State::Complete, first));
    drop(folder);
    let mut bytes = std::fs::read(&file).expect("reads");
    bytes.extend([0; 4]);
    std::fs::write(&file, bytes).expect("writes");
    let error = RunFolder::open(&out, &plan).await.expect_err("another capture");
    assert!(matches!(&error, Error::OtherPlan { difference, .. } if difference.contains("capture sha256")), "{error}");
}

/// Judging runs on a blocking thread, in a plain program, or (in tests) amid async code.
#[test]
fn material_can_be_read_from_anywhere() {
    let space = tempfile::tempdir().expect("space");
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let (folder, expected) = runtime.block_on(async {
        let (mut folder, _) = RunFolder::open(space.path(), &live()).await.expect("opens");
        fill(&mut folder).await;
        folder.finish(true).await.expect("finishes");
        let amid = seen(&folder);
        let (folder, apart) = tokio::task::spawn_blocking(move || {
            let apart = seen(&folder);
            (folder, apart)
        })
        .await
        .expect("joins");
        assert_eq!(amid, apart);
        (folder, amid)
    });
    assert_eq!(seen(&folder), expected);
    drop(runtime);
    assert_eq!(seen(&folder), expected);
    let mut urls: Vec<_> = expected.1.iter().map(|s| s.url.clone()).collect();
    urls.sort();
    assert_eq!(urls, expected.1.iter().map(|s| s.url.clone()).collect::<Vec<_>>(), "canonical order");
    let mut visits = 0;
    let stopped = folder.for_each_state(&mut |_| {
        visits += 1;
        Err(Error::usage("enough"))
    });
    assert!(stopped.is_err() && visits == 1, "an error of the visitor ends the reading");
}

#[tokio::test]
async fn both_looks_and_the_sign_of_a_wall_are_told() {
    let space = tempfile::tempdir().expect("space");
    let (mut folder, _) = RunFolder::open(space.path(), &live()).await.expect("opens");
    fill(&mut folder).await;
    let (_, states, _) = seen(&folder);
    let looks = |path: &str| states.iter().find(|s| s.url.path() == path).expect("there").looks.clone();
    assert!(matches!(looks("/gone.html")[..], [Look::Answered { status: 404, .. }, Look::Answered { status: 404, .. }]));
    assert!(matches!(looks("/x")[..], [Look::Unfetched { attempts: 3, .. }, Look::Unfetched { .. }]));
    assert!(matches!(&looks("/wall")[..], [Look::Answered { challenge: Some(sign), .. }] if sign == "status-412"));
    assert!(matches!(&looks("/moved")[..], [Look::Answered { redirect: Some(to), .. }] if to.path() == "/a.html"));
    let once: Vec<_> = folder.looked_once().await.expect("asks").into_iter().map(|s| s.url.path().to_owned()).collect();
    assert_eq!(once, ["/y", "/wall"]);
    assert!(states.iter().any(|s| s.gathering == Gathering::LinkCheck));
}

/// Anything that a crawl may hand over.
#[derive(Debug, Clone)]
enum Kept {
    Exchange(Box<Exchange>),
    Unfetched(Box<xuncha::unfetched::Unfetched>),
}

fn kept() -> impl Strategy<Value = Kept> {
    let gathering = prop::sample::select(vec![Gathering::Pages, Gathering::LinkCheck, Gathering::Robots, Gathering::RandomPath]);
    let name = prop::sample::select(vec![
        "content-type",
        "content-length",
        "transfer-encoding",
        "content-encoding",
        "location",
        "x-archive-orig-content-length",
        "x-archive-orig-x",
        "set-cookie",
    ]);
    let value = prop_oneof![
        Just("text/html;\tcharset=gbk".to_owned()),
        Just("chunked".to_owned()),
        Just("gzip".to_owned()),
        Just("/list/1.html".to_owned()),
        "[!-~\u{4e00}-\u{4e20}\u{fffd}]([ -~\t]{0,12}[!-~])?",
    ];
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        Just(super::made::PAGE.as_bytes().to_vec()),
        Just(b"5\r\nab".to_vec()),
    ];
    let headers = prop::collection::vec((name, value), 0..5);
    let status = prop_oneof![Just(200u16), Just(302), Just(404), 100u16..=999];
    let answer = (0..6u8, status, headers, body, gathering.clone(), any::<bool>(), 1..=2u8, any::<u32>()).prop_map(
        |(path, status, headers, body, gathering, head, look, hops)| {
            let mut made = exchange(&format!("/{path}?q=%E4%B8%AD"), status, &body);
            made.headers = headers.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
            (made.gathering, made.look, made.hops) = (gathering, look, hops);
            made.method = if head { Method::Head } else { Method::Get };
            Kept::Exchange(Box::new(made))
        },
    );
    let none = (0..6u8, any::<String>(), gathering, 1..=2u8).prop_map(|(path, detail, gathering, look)| {
        let mut made = unfetched(&format!("/{path}"), Reason::Reset, look);
        (made.detail, made.gathering) = (detail, gathering);
        Kept::Unfetched(Box::new(made))
    });
    prop_oneof![3 => answer, 1 => none]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_kept_is_replayed(all in prop::collection::vec(kept(), 0..12)) {
        let space = tempfile::tempdir().expect("space");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        runtime.block_on(async {
            let (mut folder, _) = RunFolder::open(&space.path().join("a"), &live()).await.expect("opens");
            for one in &all {
                match one {
                    Kept::Exchange(exchange) => folder.keep(exchange, xuncha::run::page_of(exchange, &xuncha::run::Reading::default()).as_ref()).await,
                    Kept::Unfetched(unfetched) => folder.keep_unfetched(unfetched).await,
                }
                .expect("keeps");
            }
            folder.finish(true).await.expect("finishes");
            let (again, notes) = replayed(&space.path().join("b"), &[space.path().join("a/capture.warc.gz")]).await;
            assert_eq!((notes.notes, seen(&again)), (Vec::new(), seen(&folder)));
        });
    }
}
