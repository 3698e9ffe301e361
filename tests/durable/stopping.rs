//! Ctrl-C: the run ends what is under way, says how to go on, and goes on.

use super::site::{answer, audit, command, records, start, told};
use crate::fault::Server;
use std::time::Duration;

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn interrupted_it_says_how_to_go_on_and_goes_on() {
    let space = tempfile::tempdir().expect("space");
    let server = Server::start(answer).await;
    audit(&server, &space.path().join("whole"), &[]).await;
    let out = space.path().join("stopped");
    let from = server.log().len();
    let child = start(command(&server, &out, 5, &[]));
    for _ in 0..4_000 {
        if server.log().len() >= from + 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let signal = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(signal.success());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().expect("ends")).await.expect("joins");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains(&format!("--out {}", out.display())) && said.contains("继续"), "{said}");
    let asked = server.log().len() - from;
    let kept = records_of_a_torn(&out);
    assert!(kept + 1 >= asked, "{asked} requests were answered, {kept} responses kept");
    audit(&server, &out, &[]).await;
    assert_eq!(told(&out), told(&space.path().join("whole")));
    assert_eq!(records(&out.join("capture.warc.gz")), records(&space.path().join("whole/capture.warc.gz")));
}

/// Responses in the capture of a run that has not ended: every one is whole.
fn records_of_a_torn(out: &std::path::Path) -> usize {
    records(&out.join("capture.warc.gz"))
        .iter()
        .filter(|((kind, _), _)| kind == "response")
        .map(|(_, count)| *count as usize)
        .sum()
}
