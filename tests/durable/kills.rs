//! Killed at any moment, a run goes on and ends as one that was never interrupted.

use super::site::{answer, audit, command, records, run, start, told};
use crate::fault::Server;
use std::time::Duration;

/// Random moments of a run at which it is killed.
const KILLS: u32 = 8;

/// A small generator of our own: the same moments for the same seed.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_it_ends_as_if_never_interrupted() {
    let seed: u64 = std::env::var("XUNCHA_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_260_331);
    println!("XUNCHA_SEED={seed}");
    let mut state = seed | 1;
    let space = tempfile::tempdir().expect("space");
    let server = Server::start(answer).await;
    audit(&server, &space.path().join("whole"), &[]).await;
    let whole = server.log().len();
    let out = space.path().join("killed");
    let mut killed = 0;
    for round in 0..KILLS {
        // Slow enough that most kills come while it crawls.
        let mut child = start(command(&server, &out, 30, &[]));
        let from = server.log().len();
        let patience = 1 + next(&mut state) as usize % 12;
        for _ in 0..2_000 {
            if server.log().len() >= from + patience || child.try_wait().expect("asks").is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_micros(next(&mut state) % 60_000)).await;
        killed += u32::from(child.try_wait().expect("asks").is_none());
        child.kill().expect("kills");
        child.wait().expect("ends");
        assert!(out.join("run.db").exists() || round == 0, "round {round}");
    }
    assert!(killed > 0, "no kill met the run");
    audit(&server, &out, &[]).await;
    assert_eq!(told(&out), told(&space.path().join("whole")), "seed {seed}");
    let (left, right) = (records(&out.join("capture.warc.gz")), records(&space.path().join("whole/capture.warc.gz")));
    assert_eq!(left, right, "seed {seed}: every URL is kept as often as in the whole run");
    // Each life asks for robots.txt and sitemap again, for what was under way, and for one batch at most.
    let asked = server.log().len() - whole;
    assert!(asked <= whole + killed as usize * 80, "{asked} requests, {whole} without kills");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_named_step_it_ends_as_if_never_interrupted() {
    let space = tempfile::tempdir().expect("space");
    let server = Server::start(answer).await;
    audit(&server, &space.path().join("whole"), &[]).await;
    let out = space.path().join("killed");
    for (step, time) in xuncha::capture::kill::STEPS.iter().zip([1, 9, 17, 3, 2, 2, 1, 1]) {
        let mut command = command(&server, &out, 100, &[]);
        command.env("XUNCHA_KILL_AT", format!("{step}:{time}"));
        let output = run(command).await;
        assert_eq!(output.status.code(), None, "{step}: {output:?}");
    }
    audit(&server, &out, &[]).await;
    assert_eq!(told(&out), told(&space.path().join("whole")));
    assert_eq!(records(&out.join("capture.warc.gz")), records(&space.path().join("whole/capture.warc.gz")));
}
