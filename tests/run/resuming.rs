//! Going on after an end of any kind: the capture and `run.db` agree, nothing is lost, nothing is doubled.

use super::made::{at, exchange, fill, live, replayed, seen, unfetched, url};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use xuncha::exchange::Gathering;
use xuncha::facts::site::Look;
use xuncha::run::{Discovered, RunFolder, State};
use xuncha::unfetched::Reason;

fn discovered(path: &str, hops: u32) -> Discovered {
    let via = Some(url("http://www.gaj.xuncha-demo.gov.cn/"));
    Discovered {
        url: url(&format!("http://www.gaj.xuncha-demo.gov.cn{path}")),
        gathering: Gathering::Pages,
        hops,
        via,
        redirects: 0,
    }
}

#[tokio::test]
async fn the_frontier_comes_back_in_order() {
    let space = tempfile::tempdir().expect("space");
    let (mut folder, _) = RunFolder::open(space.path(), &live()).await.expect("opens");
    let found = [discovered("/z", 1), discovered("/b", 2), discovered("/a", 2), discovered("/gone.html", 1)];
    folder.discover(&found).await.expect("records");
    folder
        .discover(&[discovered("/b", 9), Discovered { gathering: Gathering::LinkCheck, ..discovered("/b", 9) }])
        .await
        .expect("records");
    folder.keep(&exchange("/gone.html", 404, b""), None).await.expect("keeps");
    drop(folder);
    let (folder, state) = RunFolder::open(space.path(), &live()).await.expect("opens");
    assert_eq!(state, State::Unfinished);
    let pending: Vec<_> =
        folder.pending().await.expect("asks").into_iter().map(|d| (d.url.path().to_owned(), d.hops, d.gathering)).collect();
    let pages = Gathering::Pages;
    let expected = [("/z", 1, pages), ("/a", 2, pages), ("/b", 2, pages), ("/b", 9, Gathering::LinkCheck)];
    assert_eq!(pending, expected.map(|(p, h, g)| (p.to_owned(), h, g)));
    assert_eq!(folder.ended().await.expect("asks"), [(url("http://www.gaj.xuncha-demo.gov.cn/gone.html"), pages)]);
}

#[tokio::test]
async fn what_was_written_but_not_committed_is_cut_off() {
    let space = tempfile::tempdir().expect("space");
    let (mut folder, _) = RunFolder::open(&space.path().join("a"), &live()).await.expect("opens");
    folder.keep(&exchange("/one", 200, b"<p>1</p>"), None).await.expect("keeps");
    drop(folder);
    let capture = space.path().join("a/capture.warc.gz");
    let committed = std::fs::metadata(&capture).expect("there").len();
    // Half a record, as a kill between the write and the commit leaves it.
    std::fs::OpenOptions::new().append(true).open(&capture).expect("opens").write_all(b"\x1f\x8b\x08torn").expect("writes");
    let (mut folder, _) = RunFolder::open(&space.path().join("a"), &live()).await.expect("opens");
    assert_eq!(std::fs::metadata(&capture).expect("there").len(), committed);
    folder.keep(&exchange("/two", 200, b"<p>2</p>"), None).await.expect("keeps");
    folder.finish(true).await.expect("finishes");
    let (again, notes) = replayed(&space.path().join("b"), &[capture]).await;
    assert_eq!((notes.notes, seen(&again)), (Vec::new(), seen(&folder)));
    assert_eq!(seen(&folder).1.len(), 2);
}

#[tokio::test]
async fn a_capture_that_lost_its_end_is_not_gone_on_with() {
    let space = tempfile::tempdir().expect("space");
    let (mut folder, _) = RunFolder::open(space.path(), &live()).await.expect("opens");
    folder.keep(&exchange("/one", 200, b"<p>1</p>"), None).await.expect("keeps");
    drop(folder);
    let capture = space.path().join("capture.warc.gz");
    std::fs::OpenOptions::new().write(true).open(&capture).expect("opens").set_len(100).expect("cuts");
    let error = RunFolder::open(space.path(), &live()).await.expect_err("refused");
    assert!(error.to_string().contains("100"), "{error}");
}

#[tokio::test]
async fn a_finished_run_is_complete_with_its_facts() {
    let space = tempfile::tempdir().expect("space");
    let (mut folder, _) = RunFolder::open(space.path(), &live()).await.expect("opens");
    fill(&mut folder).await;
    folder.finish(true).await.expect("finishes");
    folder.finish(false).await.expect("once is enough");
    let before = seen(&folder);
    drop(folder);
    let (folder, state) = RunFolder::open(space.path(), &live()).await.expect("opens");
    assert_eq!((state, folder.info()), (State::Complete, Some(&before.2)));
    assert_eq!(seen(&folder), before);
}

/// Facts that another version of the extractor wrote are read again from the capture, in a finished and an unfinished run.
#[tokio::test]
async fn facts_of_another_version_are_read_anew() {
    for finished in [true, false] {
        let space = tempfile::tempdir().expect("space");
        let (mut folder, _) = RunFolder::open(space.path(), &live()).await.expect("opens");
        fill(&mut folder).await;
        if finished {
            folder.finish(true).await.expect("finishes");
        }
        let before = seen(&folder);
        assert_eq!(before.0.len(), 3);
        drop(folder);
        let file = format!("sqlite://{}", space.path().join("run.db").display());
        let mut db = <sqlx::SqliteConnection as sqlx::Connection>::connect(&file).await.expect("connects");
        sqlx::query("UPDATE page SET version = version + 1, facts = x'00'").execute(&mut db).await.expect("updates");
        drop(db);
        let (folder, _) = RunFolder::open(space.path(), &live()).await.expect("opens");
        assert_eq!(seen(&folder), before);
        drop(folder);
        if finished {
            let mut db = <sqlx::SqliteConnection as sqlx::Connection>::connect(&file).await.expect("connects");
            sqlx::query("UPDATE page SET version = version + 1").execute(&mut db).await.expect("updates");
            std::fs::remove_file(space.path().join("capture.warc.gz")).expect("removes");
            assert!(RunFolder::open(space.path(), &live()).await.is_err(), "nothing to read them from");
        }
    }
}

#[tokio::test]
async fn what_still_waits_at_the_end_is_told_as_stopped() {
    let space = tempfile::tempdir().expect("space");
    let (mut folder, _) = RunFolder::open(&space.path().join("a"), &live()).await.expect("opens");
    folder.discover(&[discovered("/never", 1)]).await.expect("records");
    folder.finish(true).await.expect("finishes");
    let (_, states, info) = seen(&folder);
    assert!(!info.complete, "whatever the caller said");
    assert!(matches!(states[0].looks[..], [Look::Unfetched { reason: Reason::Stopped, attempts: 0, .. }]));
    let (again, notes) = replayed(&space.path().join("b"), &[space.path().join("a/capture.warc.gz")]).await;
    assert_eq!((notes.notes, seen(&again)), (Vec::new(), seen(&folder)));
}

#[tokio::test]
async fn the_same_look_again_replaces() {
    let space = tempfile::tempdir().expect("space");
    let (mut folder, _) = RunFolder::open(&space.path().join("a"), &live()).await.expect("opens");
    folder.keep_unfetched(&unfetched("/x", Reason::Reset, 1)).await.expect("keeps");
    folder.keep_unfetched(&unfetched("/x", Reason::Refused, 1)).await.expect("keeps");
    folder.finish(true).await.expect("finishes");
    let (_, states, _) = seen(&folder);
    assert!(matches!(states[0].looks[..], [Look::Unfetched { reason: Reason::Refused, .. }]));
    let (again, notes) = replayed(&space.path().join("b"), &[space.path().join("a/capture.warc.gz")]).await;
    assert_eq!((notes.notes, seen(&again)), (Vec::new(), seen(&folder)));
}

/// Variable that turns the next test into the process that is killed.
const VICTIM: &str = "XUNCHA_TEST_VICTIM";

/// Keeps exchanges until it is killed, when it is the victim; else there is nothing to do.
#[tokio::test]
async fn victim() {
    let Some(folder) = std::env::var_os(VICTIM) else {
        return;
    };
    let (mut folder, _) = RunFolder::open(Path::new(&folder), &live()).await.expect("opens");
    let from = folder.ended().await.expect("asks").len();
    for number in from..from + 100_000 {
        let path = format!("/{number:06}");
        folder.discover(&[discovered(&path, 1)]).await.expect("records");
        let mut kept = exchange(&path, 200, format!("<p>{number}</p>").repeat(number % 50 + 1).as_bytes());
        kept.at = at(number as i64);
        folder.keep(&kept, None).await.expect("keeps");
        println!("kept one");
    }
}

/// Killed again and again, the run loses at most what was under way, and its capture replays to the same states.
#[tokio::test]
async fn killed_at_any_moment_state_and_capture_agree() {
    let space = tempfile::tempdir().expect("space");
    let out = space.path().join("a");
    let mut kept = 0;
    for round in 0..6 {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "run::resuming::victim", "--nocapture"])
            .env(VICTIM, &out)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().expect("piped")));
        let told = lines.by_ref().map_while(Result::ok).filter(|line| line.contains("kept one")).take(3 + 4 * round).count();
        assert_eq!(told, 3 + 4 * round, "the victim works");
        std::thread::sleep(std::time::Duration::from_micros(700 * round as u64));
        child.kill().expect("kills");
        child.wait().expect("ends");
        let (folder, state) = RunFolder::open(&out, &live()).await.expect("opens after a kill");
        assert_eq!(state, State::Unfinished);
        let ended = folder.ended().await.expect("asks").len();
        assert!(ended >= kept + told, "nothing that was told as kept is lost");
        assert!(folder.pending().await.expect("asks").len() <= 1, "at most the one under way waits");
        kept = ended;
    }
    let (mut folder, _) = RunFolder::open(&out, &live()).await.expect("opens");
    folder.finish(true).await.expect("finishes");
    let (again, notes) = replayed(&space.path().join("b"), &[out.join("capture.warc.gz")]).await;
    assert_eq!((notes.notes, seen(&again)), (Vec::new(), seen(&folder)));
}
