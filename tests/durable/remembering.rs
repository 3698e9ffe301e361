//! A run that goes on remembers what it has learned: what is a trap, and what it has spent.

use super::site::{audit, command, start};
use crate::fault::{Reply, Seen, Server, html, status};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// A calendar without end, and a few pages beside it.
fn calendar(seen: &Seen) -> Reply {
    let path = seen.path.as_str();
    let body = match path.strip_prefix("/rl?m=") {
        Some(month) => {
            let month: i64 = month.parse().unwrap_or(0);
            let days: String = (1..=28).map(|day| format!("<td>{day}</td>")).collect();
            format!("<table><tr>{days}</tr></table><a href='/rl?m={}'>上月</a><a href='/rl?m={}'>下月</a>", month - 1, month + 1)
        }
        None if path == "/" => "<a href='/rl?m=0'>日历</a><a href='/a.html'>关于开展检查的通知</a>".to_owned(),
        None if path == "/a.html" => "<p>现将有关事项通知如下，请遵照执行。</p>".to_owned(),
        None => return status(404),
    };
    html(format!(
        "<!DOCTYPE html><html lang='zh-CN'><head><meta charset='utf-8'><title>市公安局</title></head><body>{body}</body></html>"
    ))
}

fn months(server: &Server, from: usize) -> BTreeSet<String> {
    server.log()[from..].iter().filter(|seen| seen.path.starts_with("/rl?")).map(|seen| seen.path.clone()).collect()
}

/// Starts an audit, interrupts it after so many requests, and waits for its end.
async fn interrupted(server: &Server, out: &Path, requests: usize, variable: (&str, &str)) {
    let from = server.log().len();
    let mut command = command(server, out, 40, &[]);
    command.env(variable.0, variable.1);
    let child = start(command);
    for _ in 0..4_000 {
        if server.log().len() >= from + requests {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let signal = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(signal.success());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().expect("ends")).await.expect("joins");
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
}

async fn goes_on(server: &Server, out: &Path, variable: (&str, &str)) -> std::process::Output {
    let mut command = command(server, out, 100, &[]);
    command.env(variable.0, variable.1);
    super::site::run(command).await
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_trap_is_cut_where_it_would_have_been_cut() {
    let space = tempfile::tempdir().expect("space");
    let server = Server::start(calendar).await;
    let far = ("XUNCHA_MAX_HOPS", "400");
    let whole = goes_on(&server, &space.path().join("whole"), far).await;
    assert!(matches!(whole.status.code(), Some(0 | 1)), "{whole:?}");
    let asked = months(&server, 0);
    assert!((33..200).contains(&asked.len()), "{} months", asked.len());
    let (out, from) = (space.path().join("stopped"), server.log().len());
    interrupted(&server, &out, 30, far).await;
    let output = goes_on(&server, &out, far).await;
    assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    assert_eq!(months(&server, from), asked);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_taken_over_is_evidence_as_well() {
    let space = tempfile::tempdir().expect("space");
    let server = Server::start(calendar).await;
    let far = ("XUNCHA_MAX_HOPS", "400");
    let first = space.path().join("first");
    goes_on(&server, &first, far).await;
    let (asked, from) = (months(&server, 0), server.log().len());
    let mut command = command(&server, &space.path().join("second"), 100, &["--since", first.to_str().expect("UTF-8")]);
    command.env(far.0, far.1);
    super::site::run(command).await;
    assert_eq!(months(&server, from), asked);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_budget_does_not_begin_anew() {
    let space = tempfile::tempdir().expect("space");
    let server = Server::start(super::site::answer).await;
    let (out, most) = (space.path().join("stopped"), ("XUNCHA_MAX_REQUESTS", "20"));
    audit(&server, &space.path().join("whole"), &[]).await;
    assert!(server.log().len() > 40, "the site is larger than the budget");
    let from = server.log().len();
    interrupted(&server, &out, 8, most).await;
    goes_on(&server, &out, most).await;
    let asked = server.log().len() - from;
    assert!(asked == 20, "{asked} requests in two parts of one run");
}
