//! What the server's own log says about us: gaps, robots.txt, Crawl-delay.

#[path = "server/fault.rs"]
mod fault;
#[path = "server/kept.rs"]
mod kept;

use fault::{Reply, Server, html, redirect, sitemap, status};
use kept::{config, crawl, plan};
use std::time::Duration;
use xuncha::config::Config;

fn text(body: &str) -> Reply {
    Reply::Full(200, vec![("Content-Type", "text/plain".into())], body.as_bytes().to_vec())
}

/// Between requests there is the interval, less what a busy machine takes to hand a request over; over all of them nothing is lost.
fn assert_gaps(server: &Server, interval: Duration) {
    let log = server.log();
    let slack = Duration::from_millis(60);
    assert!(log.len() > 3, "{} requests", log.len());
    for pair in log.windows(2) {
        let gap = pair[1].at - pair[0].at;
        assert!(gap + slack >= interval, "{gap:?} between {} and {}", pair[0].path, pair[1].path);
    }
    let whole = log[log.len() - 1].at - log[0].at;
    assert!(whole + slack >= interval * (log.len() as u32 - 1), "{whole:?} for {} requests", log.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_keeps_the_rate() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/robots.txt" => status(404),
        "/sitemap.xml" => sitemap(&["/a", "/b", "/jump", "/gone", "/error"]),
        "/jump" => redirect("/landed"),
        "/gone" => status(404),
        "/error" => status(500),
        _ => html("<html>"),
    })
    .await;
    crawl(&plan(&[server.url("/")], Config { rate: 5.0, at_once: 4, ..config() })).await;
    // What may pass is asked twice, and twice again at the second look.
    for (path, times) in [("/landed", 1), ("/gone", 2), ("/error", 4), ("/robots.txt", 1), ("/sitemap.xml", 1)] {
        assert_eq!(server.asked(path).len(), times, "{path}");
    }
    assert_gaps(&server, Duration::from_millis(200));
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_at_one_address_share_its_gate() {
    let server = Server::start(|seen| if seen.path == "/robots.txt" { status(404) } else { html("<html>") }).await;
    let hosts: Vec<String> = (0..5).map(|n| format!("h{n}.xuncha-demo.gov.cn")).collect();
    let resolve = hosts.iter().map(|host| server.resolve(host)).collect();
    let seeds: Vec<String> = hosts.iter().map(|host| format!("http://{host}/")).collect();
    crawl(&plan(&seeds, Config { rate: 2.5, resolve, only_resolved: true, ..config() })).await;
    assert!(server.log().len() >= 15, "robots.txt, home page and sitemap of each");
    assert_gaps(&server, Duration::from_millis(200));
}

#[tokio::test(flavor = "multi_thread")]
async fn crawl_delay_is_honoured() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/robots.txt" => text("User-agent: *\nCrawl-delay: 0.4\nDisallow: /private\nSitemap: /map.txt\n"),
        "/map.txt" => text("http://HOST/a\n"),
        "/" => redirect("/private/"),
        _ => html("<html>"),
    })
    .await;
    let kept = crawl(&plan(&[server.url("/"), server.url("/b"), server.url("/c")], config())).await;
    assert_eq!(kept.looks(&server.url("/private/")), ["robots"]);
    assert!(server.asked("/private/").is_empty());
    assert_eq!(server.asked("/map.txt").len(), 1, "the sitemap that robots.txt names");
    assert!(server.asked("/sitemap.xml").is_empty(), "no other is guessed");
    assert_gaps(&server, Duration::from_millis(400));
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_answers_mean_what_the_rfc_says() {
    let robots_of =
        |reply: fn() -> Reply| Server::start(move |seen| if seen.path == "/robots.txt" { reply() } else { html("<html>") });
    let closed = robots_of(|| status(503)).await;
    let soft = robots_of(|| html("<!DOCTYPE html><html><body>User-agent: *\nDisallow: /</body></html>")).await;
    let absent = robots_of(|| status(403)).await;
    let cut = robots_of(|| Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-ag".to_vec())).await;
    let moved = robots_of(|| redirect("/robots-real.txt")).await;
    let bom = robots_of(|| text("\u{feff}User-agent: *\nDisallow: /\n")).await;
    for (server, expected) in [
        (&closed, "robots-unreachable"),
        (&soft, "200"),
        (&absent, "200"),
        (&cut, "robots-unreachable"),
        (&moved, "200"),
        (&bom, "robots"),
    ] {
        let kept = crawl(&plan(&[server.url("/")], config())).await;
        assert_eq!(kept.looks(&server.url("/")), [expected], "{:?}", server.asked("/robots.txt").len());
        assert_eq!(server.asked("/").len(), usize::from(expected == "200"));
    }
    assert!(closed.asked("/robots.txt").len() > 1, "a server error is tried again");
    assert_eq!(moved.asked("/robots-real.txt").len(), 1);
}
