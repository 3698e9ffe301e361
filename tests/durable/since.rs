//! `--since`: what has not changed is neither fetched nor read again, and the report is the same.

use super::site::{answer, audit, changing, command, pages, records, report, run, told};
use crate::fault::{Reply, Server};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// `xuncha` with other arguments.
async fn xuncha(arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xuncha"));
    command
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    run(command).await
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn kinds(capture: &Path, kind: &str) -> u32 {
    records(capture).iter().filter(|((found, _), _)| found == kind).map(|(_, count)| count).sum()
}

/// How many pages a run took over and how many it read, as it says.
fn taken_and_read(output: &std::process::Output) -> (u64, u64) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = said.lines().find(|line| line.contains("taken over")).unwrap_or_else(|| panic!("{said}")).to_owned();
    let numbers: Vec<u64> = line.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
    (numbers[0], numbers[1])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_site_is_asked_what_changed_and_reported_the_same() {
    let space = tempfile::tempdir().expect("space");
    let edition = Arc::new(AtomicU32::new(0));
    let now = edition.clone();
    let server = Server::start(move |seen| changing(seen, now.load(Ordering::SeqCst), true)).await;
    let [first, second, third, fourth] = ["first", "second", "third", "fourth"].map(|name| space.path().join(name));
    audit(&server, &first, &[]).await;
    let whole = pages(&first);
    let from = server.log().len();
    let output = audit(&server, &second, &["--since", text(&first)]).await;
    assert_eq!(told(&second), told(&first));
    assert_eq!(taken_and_read(&output), (whole, 0));
    let conditional =
        server.log()[from..].iter().filter(|seen| seen.head.to_lowercase().contains("if-none-match")).count() as u64;
    assert_eq!(conditional, whole, "every page was asked for on condition");
    assert_eq!(u64::from(kinds(&second.join("capture.warc.gz"), "revisit")), whole);

    // Alone its capture does not show those pages; packed it does, to the same report.
    let output =
        xuncha(&["judge", text(&second.join("capture.warc.gz")), "--out", text(&space.path().join("alone")), "--format", "json"])
            .await;
    let alone = report(&space.path().join("alone"));
    assert_eq!(alone["coverage"]["unfetched"]["not-in-capture"], whole, "{output:?}");
    let packed = space.path().join("packed.warc.gz");
    let output = xuncha(&["capture", "pack", text(&second), "--to", text(&packed)]).await;
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(kinds(&packed, "revisit"), 0);
    let judged = space.path().join("judged");
    xuncha(&["judge", text(&packed), "--out", text(&judged), "--format", "json"]).await;
    assert_eq!(told(&judged), told(&second));
    let output = xuncha(&["capture", "pack", text(&second), "--to", text(&packed)]).await;
    assert_eq!(output.status.code(), Some(2), "nothing is written over: {output:?}");

    // One page changes: that page alone is read, and the report is that of a full run.
    edition.store(1, Ordering::SeqCst);
    let output = audit(&server, &third, &["--since", text(&second)]).await;
    assert_eq!(taken_and_read(&output), (whole - 1, 1));
    audit(&server, &fourth, &["--since", text(&second), "--full"]).await;
    assert_eq!(told(&third), told(&fourth));
    assert_ne!(told(&third), told(&first));
    assert_eq!(kinds(&fourth.join("capture.warc.gz"), "revisit"), 0, "--full fetches everything");

    // The originals of the third run stand in the first one's capture. Without it they are missed by name.
    let output = xuncha(&["capture", "pack", text(&third), "--to", text(&space.path().join("third.warc.gz"))]).await;
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    std::fs::remove_file(first.join("capture.warc.gz")).expect("removes");
    let output = xuncha(&["capture", "pack", text(&third), "--to", text(&space.path().join("holes.warc.gz"))]).await;
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("--with"), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_validators_the_same_bytes_are_not_read_again() {
    let space = tempfile::tempdir().expect("space");
    let edition = Arc::new(AtomicU32::new(0));
    let now = edition.clone();
    let server = Server::start(move |seen| changing(seen, now.load(Ordering::SeqCst), false)).await;
    let [first, second, full] = ["first", "second", "full"].map(|name| space.path().join(name));
    audit(&server, &first, &[]).await;
    edition.store(1, Ordering::SeqCst);
    // Killed on its way, it goes on with the same command and counts the same.
    let mut killed = command(&server, &second, 100, &["--since", text(&first)]);
    killed.env("XUNCHA_KILL_AT", "record-written:30");
    assert_eq!(run(killed).await.status.code(), None);
    let output = audit(&server, &second, &["--since", text(&first)]).await;
    assert_eq!(taken_and_read(&output), (pages(&first) - 1, 1));
    audit(&server, &full, &[]).await;
    assert_eq!(told(&second), told(&full));
    assert_eq!(u64::from(kinds(&second.join("capture.warc.gz"), "revisit")), pages(&first) - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crawl_that_shrank_says_so_and_holds_nothing_missing_against_the_site() {
    let space = tempfile::tempdir().expect("space");
    let hindered = Arc::new(AtomicU32::new(0));
    let now = hindered.clone();
    let server = Server::start(move |seen| match (now.load(Ordering::SeqCst), seen.path.starts_with("/c")) {
        (0, _) | (_, false) => answer(seen),
        _ if seen.path.starts_with("/c0") => answer(seen),
        _ => Reply::Full(403, Vec::new(), b"no".to_vec()),
    })
    .await;
    let [first, second] = ["first", "second"].map(|name| space.path().join(name));
    audit(&server, &first, &[]).await;
    hindered.store(1, Ordering::SeqCst);
    let output = audit(&server, &second, &["--since", text(&first)]).await;
    let (before, after) = (report(&first), report(&second));
    assert_eq!((before["run"]["complete"].as_bool(), after["run"]["complete"].as_bool()), (Some(true), Some(false)));
    let note = after["run"]["notes"]
        .as_array()
        .expect("notes")
        .iter()
        .find(|note| note["zh"].as_str().is_some_and(|zh| zh.contains("少了")));
    let note = note.unwrap_or_else(|| panic!("{output:?}"));
    assert!(note["en"].as_str().is_some_and(|en| en.contains("fewer") && en.contains(&pages(&first).to_string())), "{note}");
    // From the capture alone the same is told.
    let judged = space.path().join("judged");
    xuncha(&["judge", text(&second.join("capture.warc.gz")), "--out", text(&judged), "--format", "json"]).await;
    assert_eq!(report(&judged)["run"]["notes"], after["run"]["notes"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_earlier_run_of_this_site_is_refused() {
    let space = tempfile::tempdir().expect("space");
    let server = Server::start(answer).await;
    let other = Server::start(answer).await;
    let [first, out] = ["first", "out"].map(|name| space.path().join(name));
    std::fs::create_dir(space.path().join("empty")).expect("creates");
    let mut unfinished = command(&server, &space.path().join("unfinished"), 100, &[]);
    unfinished.env("XUNCHA_KILL_AT", "committed:1");
    run(unfinished).await;
    audit(&other, &first, &[]).await;
    for (since, out, said) in [
        (space.path().join("empty"), &out, "no run folder"),
        (space.path().join("unfinished"), &out, "not finished"),
        (first.clone(), &out, "another target"),
        (out.clone(), &out, "same folder"),
    ] {
        let output = run(command(&server, out, 100, &["--since", text(&since)])).await;
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && error.contains(said), "{said}: {error}");
    }
}
