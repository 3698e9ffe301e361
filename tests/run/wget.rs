//! A WARC written by the real wget, replayed.

use super::made::{replayed, seen};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use xuncha::capture::entry::Understanding;
use xuncha::capture::{Entry, Reader};
use xuncha::exchange::{Exchange, Gathering};
use xuncha::facts::site::Look;

const HOME: &str = "<!doctype html><meta charset=utf-8><title>演示</title><a href=/list/>列表</a><a href=/moved>旧</a><a href=/gone>无</a>\
    <a href=/f.pdf>附件</a>";
const LIST: &str = "<!doctype html><meta charset=utf-8><title>列表</title><p>分块传输的页面</p>";

/// A site on loopback until dropped.
struct Site {
    port: u16,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Site {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let stop = Arc::new(AtomicBool::new(false));
        let seen = stop.clone();
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if seen.load(Ordering::SeqCst) {
                    return;
                }
                answer(stream);
            }
        });
        Site { port, stop, thread: Some(thread) }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().expect("clones"));
    let mut first = String::new();
    let _ = reader.read_line(&mut first);
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or("/");
    let plain = |status: &str, more: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\n{more}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
    };
    let html = "Content-Type: text/html; charset=utf-8\r\n";
    let response = match path {
        "/" => plain("200 OK", html, HOME),
        "/list/" => {
            let (a, b) = LIST.split_at(20);
            format!(
                "HTTP/1.1 200 OK\r\n{html}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{:x}\r\n{a}\r\n{:x};x=1\r\n{b}\r\n0\r\n\r\n",
                a.len(),
                b.len()
            )
        }
        "/moved" => plain("302 Found", "Location: /list/\r\n", ""),
        "/f.pdf" => plain("200 OK", "Content-Type: application/pdf\r\n", "%PDF-1.4"),
        _ => plain("404 Not Found", html, "<p>没有</p>"),
    };
    let _ = stream.write_all(response.as_bytes());
}

/// Runs wget; None when it is not installed.
fn wget(space: &Path, options: &[&str]) -> Option<u16> {
    let site = Site::start();
    let mut command = Command::new("wget");
    command.current_dir(space).env_remove("http_proxy").env_remove("HTTP_PROXY");
    command.args([
        "--no-config",
        "--no-proxy",
        "--tries=1",
        "--timeout=10",
        "--quiet",
        "--recursive",
        "--level=2",
        "--warc-file=kept",
    ]);
    command.args(options).arg(format!("http://127.0.0.1:{}/", site.port));
    match command.status() {
        Ok(_) => Some(site.port),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("skipped: wget is not installed");
            None
        }
        Err(e) => panic!("wget: {e}"),
    }
}

fn exchanges(path: &Path) -> Vec<Exchange> {
    let mut reader = Reader::new(std::fs::File::open(path).expect("opens"), 1 << 20).expect("reads");
    let mut understanding = Understanding::default();
    let mut found = Vec::new();
    while let Some(record) = reader.next_record() {
        let record = record.expect("whole");
        assert_ne!(record.digest_holds, Some(false), "wget's digests agree with ours");
        if let Entry::Answer { exchange, has_body: true } = understanding.of(record) {
            found.push(*exchange);
        }
    }
    found
}

#[test]
fn every_exchange_of_wget_is_understood() {
    for (options, name) in [(["--no-warc-keep-log"].as_slice(), "kept.warc.gz"), (&["--no-warc-compression"], "kept.warc")] {
        let space = tempfile::tempdir().expect("space");
        let Some(port) = wget(space.path(), options) else {
            return;
        };
        let mut found: Vec<(String, u16, Gathering)> = Vec::new();
        for exchange in exchanges(&space.path().join(name)) {
            let path = exchange.url.path().to_owned();
            assert_eq!(exchange.url.authority(), format!("127.0.0.1:{port}"));
            match path.as_str() {
                "/list/" => assert_eq!(std::str::from_utf8(&exchange.body), Ok(LIST), "dechunked"),
                "/" => assert_eq!(std::str::from_utf8(&exchange.body), Ok(HOME)),
                "/moved" => assert_eq!(exchange.redirect().expect("resolves").path(), "/list/"),
                _ => {}
            }
            found.push((path, exchange.status, exchange.gathering));
        }
        found.sort();
        found.dedup();
        let expected = [
            ("/", 200, Gathering::Pages),
            ("/f.pdf", 200, Gathering::LinkCheck),
            ("/gone", 404, Gathering::Pages),
            ("/list/", 200, Gathering::Pages),
            ("/moved", 302, Gathering::Pages),
            ("/robots.txt", 404, Gathering::Robots),
        ];
        assert_eq!(found, expected.map(|(p, s, g)| (p.to_owned(), s, g)));
    }
}

#[tokio::test]
async fn a_warc_of_wget_is_replayed() {
    let space = tempfile::tempdir().expect("space");
    let Some(port) = wget(space.path(), &[]) else {
        return;
    };
    let file = space.path().join("kept.warc.gz");
    let (folder, replayed) = replayed(&space.path().join("out"), std::slice::from_ref(&file)).await;
    assert_eq!(replayed.notes, Vec::<String>::new());
    let (pages, states, info) = seen(&folder);
    let home = format!("http://127.0.0.1:{port}/");
    let told: Vec<_> =
        pages.iter().map(|p| (p.url.path(), p.hops, p.via.as_ref().map(|v| v.as_str()), p.title(), p.links.len())).collect();
    assert_eq!(told, [("/", 0, None, "演示", 4), ("/list/", 1, Some(home.as_str()), "列表", 0)]);
    let told: Vec<_> = states.iter().map(|s| (s.url.path(), s.hops, s.gathering)).collect();
    let expected = [
        ("/", 0, Gathering::Pages),
        ("/f.pdf", 1, Gathering::LinkCheck),
        ("/gone", 1, Gathering::Pages),
        ("/list/", 1, Gathering::Pages),
        ("/moved", 1, Gathering::Pages),
        ("/robots.txt", 0, Gathering::Robots),
    ];
    assert_eq!(told, expected);
    let moved = states.iter().find(|s| s.url.path() == "/moved").expect("there");
    assert!(matches!(&moved.looks[..], [Look::Answered { status: 302, redirect: Some(to), .. }] if to.path() == "/list/"));
    assert_eq!(info.id, info.capture_sha256);
    assert_eq!(info.seeds.iter().map(|s| s.as_str()).collect::<Vec<_>>(), [home.as_str()]);
    assert!(!info.complete && info.started_at <= info.finished_at && info.gatherings == [Gathering::Pages]);
}
