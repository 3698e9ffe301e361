//! The table: a host for each kind, so that none is given up for what another did.

use crate::fault::{Reply, Seen, Server, html, redirect, status};
use crate::kept::{config, with_target};
use crate::tls::{self, Wrong};
use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;
use xuncha::config::Config;
use xuncha::facts::site::{Look, Truth, truth};
use xuncha::judge::Material;
use xuncha::plan::Target;
use xuncha::report::coverage::Fold;
use xuncha::scope::Scope;
use xuncha::url::CanonicalUrl;

const SITE: &str = "faults.xuncha-demo.gov.cn";

/// Kinds that come over plain HTTP, and what each shall be told as: the reason, or the sort of the answer.
const KINDS: [(&str, &str); 42] = [
    ("fine", "works"),
    ("gzip", "works"),
    ("robots-html", "works"),
    ("robots-large", "works"),
    ("robots-gone", "works"),
    ("not-found", "dead: 404"),
    ("gone", "dead: 410"),
    ("flapping", "works"),
    ("forbidden", "forbidden"),
    ("login", "login-wall"),
    ("login-redirect", "login-wall"),
    ("teapot", "client-error"),
    ("error", "server-error"),
    ("busy", "server-error"),
    ("limited", "rate-limited"),
    ("ruishu-412", "challenge"),
    ("ruishu-202", "challenge"),
    ("script-202", "challenge"),
    ("jiasule-521", "challenge"),
    ("captcha-200", "challenge"),
    ("reset", "reset"),
    ("closed", "reset"),
    ("garbage", "protocol"),
    ("bad-chunk", "protocol"),
    ("wrong-length", "truncated"),
    ("cut-chunks", "truncated"),
    ("cut-reset", "truncated-or-reset"),
    ("cut-gzip", "coding"),
    ("huge", "too-large"),
    ("endless-chunks", "too-large"),
    ("gzip-bomb", "too-large"),
    ("head-10mb", "header-too-large"),
    ("head-many", "header-too-large"),
    ("silence", "first-byte-timeout"),
    ("head-drip", "first-byte-timeout"),
    ("drip", "body-timeout"),
    ("loop", "dead: redirect-loop"),
    ("chain", "dead: too-many-redirects"),
    ("nowhere", "dead: bad-redirect"),
    ("robots-out", "robots"),
    ("robots-5xx", "robots-unreachable"),
    ("robots-reset", "robots-unreachable"),
];

/// Kinds of connections, by their server.
const TLS: [(&str, Wrong, &str); 11] = [
    ("expired", Wrong::Expired, "tls-expired"),
    ("not-yet", Wrong::NotYet, "tls-not-yet-valid"),
    ("self-signed", Wrong::SelfSigned, "tls-self-signed"),
    ("unknown-issuer", Wrong::UnknownIssuer, "tls-unknown-issuer"),
    ("other-name", Wrong::OtherName, "tls-wrong-name"),
    ("tls10", Wrong::Tls10, "tls-outdated"),
    ("rsa-only", Wrong::RsaOnly, "tls-outdated"),
    ("cut", Wrong::Cut, "tls-cut"),
    ("silent-tls", Wrong::Silent, "tls-timeout"),
    ("plain", Wrong::Plain, "not-tls"),
    ("refusing", Wrong::Refusing, "tls"),
];

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn bomb() -> &'static [u8] {
    static BOMB: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    BOMB.get_or_init(|| gzip(&vec![b' '; 32 << 20]))
}

fn flow(head: &str, piece: &[u8], times: u64, pause: u64) -> Reply {
    Reply::Flow {
        head: format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}"),
        piece: piece.to_vec(),
        times,
        pause: Duration::from_millis(pause),
    }
}

fn coded(body: Vec<u8>) -> Reply {
    Reply::Full(200, vec![("Content-Type", "text/html".into()), ("Content-Encoding", "gzip".into())], body)
}

fn answered(code: u16, body: &str) -> Reply {
    Reply::Full(code, vec![("Content-Type", "text/html".into())], body.as_bytes().to_vec())
}

/// What the host that the request names does.
fn faults(seen: &Seen) -> Reply {
    let kind = seen.host.split('.').next().unwrap_or_default();
    if seen.path == "/sitemap.xml" {
        return status(404);
    }
    if seen.path == "/robots.txt" {
        return match kind {
            "robots-html" => html("<!DOCTYPE html><html><body>User-agent: *\nDisallow: /\n</body></html>"),
            // Five megabytes, of which the first say enough.
            "robots-large" => flow("\r\nUser-agent: *\nDisallow: /secret\n", &b"Disallow: /y\n".repeat(1000), 400, 0),
            "robots-gone" => status(403),
            "robots-out" => {
                Reply::Full(200, vec![("Content-Type", "text/plain".into())], b"User-agent: *\nDisallow: /\n".to_vec())
            }
            "robots-5xx" => status(503),
            "robots-reset" => Reply::Reset,
            _ => status(404),
        };
    }
    let script = "<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></head><body></body></html>";
    match kind {
        "gzip" => coded(gzip(&b"<html>government".repeat(300))),
        "not-found" => status(404),
        "gone" => status(410),
        "flapping" if !seen.head.contains("Mozilla/5.0") => status(404),
        "forbidden" => status(403),
        "login" => status(401),
        "login-redirect" if seen.path == "/x" => redirect("/sso/login?back=/x"),
        "teapot" => status(418),
        "error" => status(500),
        "busy" => status(503),
        "limited" => Reply::Full(429, vec![("Retry-After", "86400".into())], Vec::new()),
        "ruishu-412" => answered(412, script),
        "ruishu-202" => answered(202, script),
        "script-202" => answered(202, "<html><script>run()</script></html>"),
        "jiasule-521" => answered(521, "<script>document.cookie='x=1';location.reload()</script>"),
        "captcha-200" => answered(200, "<html><body><h3>安全验证</h3><p>请拖动滑块</p></body></html>"),
        "reset" => Reply::Reset,
        "closed" => Reply::Raw(Vec::new()),
        "garbage" => Reply::Raw(b"\x16\x03\x01 this is not HTTP at all\r\n\r\n".to_vec()),
        "bad-chunk" => Reply::Raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n".to_vec()),
        "wrong-length" => Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort".to_vec()),
        "cut-chunks" => Reply::Raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n".to_vec()),
        "cut-reset" => Reply::Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort".to_vec()),
        "cut-gzip" => {
            let whole = gzip(&b"<html>government".repeat(300));
            coded(whole[..whole.len() / 2].to_vec())
        }
        "huge" => flow("Content-Length: 209715200\r\n\r\n", &[b'a'; 65_536], 3_200, 0),
        "endless-chunks" => {
            let chunk = [b"10000\r\n".as_slice(), &[b'a'; 65_536], b"\r\n"].concat();
            flow("Transfer-Encoding: chunked\r\n\r\n", &chunk, 3_200, 0)
        }
        "gzip-bomb" => coded(bomb().to_vec()),
        "head-10mb" => flow("X-Long: ", &[b'a'; 65_536], 160, 0),
        "head-many" => flow("", &b"X-A: b\r\n".repeat(1000), 1000, 0),
        "silence" => Reply::Silence,
        "head-drip" => flow("X-Slow: ", b"a", 1_000, 100),
        "drip" => flow("Content-Length: 1000\r\n\r\n", b"a", 1_000, 100),
        "loop" => redirect(if seen.path == "/x" { "/y" } else { "/x" }),
        "chain" => redirect(format!("{}x", seen.path)),
        "nowhere" => redirect("mailto:office@example.gov.cn"),
        _ => html("<!DOCTYPE html><html><title>fine</title><body>正文</body></html>"),
    }
}

/// A port that is bound and takes no connection: its queue is full.
async fn full_queue() -> (SocketAddr, Vec<tokio::net::TcpSocket>, Vec<tokio::net::TcpStream>) {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("binds");
    let address = socket.local_addr().expect("bound");
    let listener = socket.listen(1).expect("listens");
    let mut queue = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(300), tokio::net::TcpStream::connect(address)).await {
        queue.push(stream);
        assert!(queue.len() < 200, "the queue never fills");
    }
    // It has to live as long as the test; it holds no task, so it is leaked with the process.
    std::mem::forget(listener);
    (address, Vec::new(), queue)
}

/// What a URL is told as.
fn kind(url: &CanonicalUrl, looks: &[Look]) -> String {
    match (truth(url, looks), looks.last()) {
        (Truth::Dead(cause), _) => format!("dead: {cause}"),
        (_, Some(Look::Unfetched { reason, .. })) => reason.word().to_owned(),
        (Truth::Works, _) => "works".to_owned(),
        (Truth::Unverified(cause), _) => cause,
    }
}

#[test]
fn every_kind_is_told_as_itself() {
    bomb();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut old = Vec::new();
    let (folder, _out, server, expected, plan) = runtime.block_on(async {
        let server = Server::start(faults).await;
        let mut resolve = Vec::new();
        let mut expected: BTreeMap<String, &str> = BTreeMap::new();
        let mut name = |scheme: &str, kind: &str, address: SocketAddr, word: &'static str| {
            let host = format!("{kind}.{SITE}");
            resolve.push(format!("{host}:{}:{address}", if scheme == "https" { 443 } else { 80 }));
            expected.insert(format!("{scheme}://{host}/x"), word);
        };
        for (kind, word) in KINDS {
            name("http", kind, server.address, word);
        }
        for (kind, wrong, word) in TLS {
            name("https", kind, tls::start(wrong, &format!("{kind}.{SITE}")).await, word);
        }
        for (kind, options) in [
            ("openssl-rsa", &["-tls1_2", "-cipher", "AES128-SHA"][..]),
            ("openssl-10", &["-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0"]),
        ] {
            if let Some(started) = tls::old_openssl(options) {
                name("https", kind, started.address, "tls-outdated");
                old.push(started);
            }
        }
        let refused = std::net::TcpListener::bind("127.0.0.1:0").expect("binds").local_addr().expect("bound");
        name("http", "refused", refused, "refused");
        let (full, _, queue) = full_queue().await;
        name("http", "full", full, "connect-timeout");
        expected.insert("http://unresolved.xuncha-demo.gov.cn/x".to_owned(), "not-resolved");
        let links: String = expected.keys().map(|url| format!("<a href=\"{url}\">{url}</a>")).collect();
        let home = Server::start(move |seen| match seen.path.as_str() {
            "/" => html(format!("<!DOCTYPE html><html><title>首页</title><body>{links}</body></html>")),
            _ => status(404),
        })
        .await;
        resolve.push(home.resolve(SITE));
        let seed = CanonicalUrl::parse(&format!("http://{SITE}/")).expect("a URL");
        let mut scope = Scope::of_seed(&seed);
        for url in expected.keys() {
            scope.include.extend(Scope::of_seed(&CanonicalUrl::parse(url).expect("a URL")).include);
        }
        let config = Config {
            resolve,
            only_resolved: true,
            timeout: 4.0,
            connect_timeout: 1.5,
            max_attempts: 1,
            max_bytes: 512 << 10,
            ..config()
        };
        let plan = with_target(Target::Live(vec![seed]), scope, config);
        let out = tempfile::tempdir().expect("a folder");
        let (mut folder, _) = xuncha::run::RunFolder::open(&out.path().join("run"), &plan).await.expect("opens");
        let crawl = xuncha::crawl::gather(&plan, &mut folder, &xuncha::crawl::Silent);
        tokio::time::timeout(Duration::from_secs(180), crawl).await.expect("the run ends").expect("it ends well");
        drop(queue);
        (folder, out, server, expected, plan)
    });
    let (mut told, mut fold, mut states) = (BTreeMap::new(), Fold::new(), 0);
    folder
        .for_each_state(&mut |state| {
            states +=
                u64::from(!matches!(state.gathering, xuncha::exchange::Gathering::Robots | xuncha::exchange::Gathering::Sitemap));
            fold.add(&state, plan.scope.contains(&state.url, None));
            if expected.contains_key(state.url.as_str()) {
                told.insert(state.url.to_string(), kind(&state.url, &state.looks));
            }
            Ok(())
        })
        .expect("the run folder reads");
    let mut wrong = Vec::new();
    for (url, word) in &expected {
        let got = told.get(url).map_or("no end", String::as_str);
        // Bytes that came before a reset may or may not reach us: both words are right.
        let right = *word == got
            || *word == "truncated-or-reset" && matches!(got, "truncated" | "reset")
            // A chain and a circle are seen from their first URL, which answers; their last one is dead.
            || matches!(*word, "dead: redirect-loop" | "dead: too-many-redirects") && got == "works";
        if !right {
            wrong.push(format!("{url}: {got} instead of {word}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let coverage = fold.finish();
    let sum = |of: &BTreeMap<String, u64>| of.values().sum::<u64>();
    for (dead, cause) in [("redirect-loop", "loop"), ("too-many-redirects", "chain")] {
        assert_eq!(coverage.truth.dead.get(dead), Some(&1), "{cause}: {:?}", coverage.truth.dead);
    }
    assert_eq!(coverage.discovered, coverage.fetched + sum(&coverage.unfetched), "discovered = fetched + unfetched by reason");
    assert_eq!(coverage.discovered, coverage.truth.works + sum(&coverage.truth.dead) + sum(&coverage.truth.unverified));
    assert_eq!(states, coverage.discovered + coverage.external.discovered);
    let flowed = server.flowed.load(std::sync::atomic::Ordering::SeqCst);
    assert!(flowed < 160 << 20, "{flowed} bytes were taken from endless bodies");
    assert_eq!(server.log().iter().filter(|seen| seen.host.starts_with("limited.") && seen.path == "/x").count(), 1);
    println!(
        "figures: {} kinds, {} told as themselves, {} URLs = {} work + {} dead + {} unverified ({:.1}%)",
        expected.len(),
        expected.len() - wrong.len(),
        coverage.discovered,
        coverage.truth.works,
        sum(&coverage.truth.dead),
        sum(&coverage.truth.unverified),
        coverage.truth.unverified_share * 100.0
    );
    assert_memory(400);
}

/// The most memory that this process ever had, in MB.
pub fn assert_memory(most: u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    let Some(peak) = peak else { return };
    println!("figures: peak {} MB with every server in the same process", peak / 1024);
    assert!(peak / 1024 < most, "{} MB", peak / 1024);
}
