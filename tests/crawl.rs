//! Crawls of a server that misbehaves: every fault has its reason, and none stops the crawl.

#[path = "server/fault.rs"]
mod fault;
#[path = "server/kept.rs"]
mod kept;

use fault::{Reply, Server, html, redirect, sitemap, status};
use kept::{Ended, config, crawl, plan};
use std::io::Write;
use std::time::Duration;
use xuncha::config::Config;
use xuncha::unfetched::Reason;

fn flow(head: &str, piece: usize, times: u64, pause: Duration) -> Reply {
    Reply::Flow { head: format!("HTTP/1.1 200 OK\r\n{head}\r\n"), piece: vec![b'a'; piece], times, pause }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// A few kilobytes that unpack to eight times the largest page.
fn bomb() -> &'static [u8] {
    static BOMB: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    BOMB.get_or_init(|| gzip(&vec![b' '; 8 << 20]))
}

/// Every fault of one page that has nothing to do with others.
fn faults(seen: &fault::Seen) -> Reply {
    let coded = vec![("Content-Encoding", "gzip".to_owned()), ("Content-Type", "text/html".to_owned())];
    let whole = gzip(&b"<html>government".repeat(300));
    match seen.path.as_str() {
        "/robots.txt" => status(404),
        "/sitemap.xml" => sitemap(&[
            "/huge",
            "/endless",
            "/drip",
            "/cut-gzip",
            "/gzip",
            "/bomb",
            "/long",
            "/binary",
            "/reset",
            "/garbage",
            "/silence",
            "/loop/a",
            "/self",
            "/wall",
            "/nowhere",
            "/many/0",
            "/few/3",
            "/busy",
            "/error",
            "/mail",
            "/late",
        ]),
        "/huge" => flow("Content-Length: 209715200\r\n", 65_536, 3_200, Duration::ZERO),
        "/endless" => flow("", 65_536, 3_200, Duration::ZERO),
        "/drip" => flow("Content-Length: 1000\r\n", 1, 1_000, Duration::from_millis(50)),
        "/cut-gzip" => Reply::Full(200, coded, whole[..whole.len() / 2].to_vec()),
        "/gzip" => Reply::Full(200, coded, whole),
        "/bomb" => Reply::Full(200, coded, bomb().to_vec()),
        "/long" => Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort".to_vec()),
        "/binary" => Reply::Full(200, vec![("Content-Type", "text/html".into())], (0..=255).cycle().take(5000).collect()),
        "/reset" => Reply::Reset,
        "/garbage" => Reply::Raw(b"\x16\x03\x01 this is not HTTP at all\r\n\r\n".to_vec()),
        "/silence" => Reply::Silence,
        "/loop/a" => redirect("/loop/b"),
        "/loop/b" => redirect("/loop/a"),
        "/self" => redirect("/self"),
        "/wall" if seen.head.contains("pass=1") => html("<html>inside"),
        "/wall" => Reply::Full(302, vec![("Location", "/wall".into()), ("Set-Cookie", "pass=1; Path=/".into())], Vec::new()),
        "/nowhere" => status(301),
        "/mail" => redirect("mailto:office@example.gov.cn"),
        "/busy" if seen.before == 0 => Reply::Full(429, vec![("Retry-After", "1".into())], Vec::new()),
        "/error" => status(500),
        "/late" => Reply::Full(503, vec![("Retry-After", "86400".into())], Vec::new()),
        path => match path.strip_prefix("/many/").or(path.strip_prefix("/few/")).and_then(|n| n.parse::<u32>().ok()) {
            Some(6) if path.starts_with("/few/") => html("<html>arrived"),
            Some(n) => redirect((n + 1).to_string()),
            None => html("<html><title>fine</title>"),
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_has_its_reason() {
    bomb();
    let server = Server::start(faults).await;
    let kept = crawl(&plan(&[server.url("/")], config())).await;
    for (path, expected) in [
        ("/", &["200"][..]),
        ("/huge", &["too-large"]),
        ("/endless", &["too-large"]),
        ("/drip", &["body-timeout", "body-timeout"]),
        ("/cut-gzip", &["coding", "coding"]),
        ("/gzip", &["200"]),
        ("/bomb", &["too-large"]),
        ("/long", &["truncated", "truncated"]),
        ("/binary", &["200"]),
        ("/reset", &["reset", "reset"]),
        ("/garbage", &["protocol", "protocol"]),
        ("/silence", &["first-byte-timeout", "first-byte-timeout"]),
        ("/loop/a", &["302"]),
        ("/loop/b", &["redirect-loop", "redirect-loop"]),
        ("/self", &["redirect-loop", "redirect-loop"]),
        ("/wall", &["200"]),
        ("/nowhere", &["bad-redirect", "bad-redirect"]),
        ("/mail", &["bad-redirect", "bad-redirect"]),
        ("/many/4", &["302"]),
        ("/many/5", &["too-many-redirects", "too-many-redirects"]),
        ("/few/6", &["200"]),
        ("/busy", &["200"]),
        ("/error", &["500", "500"]),
        ("/late", &["503"]),
    ] {
        assert_eq!(kept.looks(&server.url(path)), expected, "{path}");
    }
    assert!(kept.looks(&server.url("/many/6")).is_empty(), "a redirect beyond the limit is not followed");
    assert!(server.flowed.load(std::sync::atomic::Ordering::SeqCst) < 64 << 20, "of 200 MB only the start was taken");
    assert_eq!(server.asked("/late").len(), 1, "a server that wants a day is not asked again");
    assert_eq!(server.asked("/drip").len(), 3);
    let busy = server.asked("/busy");
    assert!(busy[1].at - busy[0].at >= Duration::from_secs(1), "Retry-After is waited for");
    let gzip = kept.exchange(&server.url("/gzip")).unwrap();
    assert!(gzip.body.starts_with(&[0x1f, 0x8b]), "the body is kept as received");
    assert_eq!(xuncha::exchange::decode_body(gzip, 1 << 20).unwrap().len(), 16 * 300);
    let huge = kept.unfetched(&server.url("/huge")).unwrap();
    assert!(huge.detail.contains("209715200"), "{}", huge.detail);
    assert!(server.log().iter().all(|seen| seen.head.to_lowercase().contains(" xuncha/")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_link_gets_a_second_look_on_another_connection() {
    let server = Server::start(|seen| match (seen.path.as_str(), seen.before) {
        ("/robots.txt", _) => status(404),
        ("/sitemap.xml", _) => sitemap(&["/gone", "/flap", "/forbidden"]),
        ("/gone", _) | ("/flap", 0) => status(404),
        ("/forbidden", _) => status(403),
        _ => html("<html>fine"),
    })
    .await;
    let kept = crawl(&plan(&[server.url("/")], config())).await;
    assert_eq!(kept.looks(&server.url("/gone")), ["404", "404"]);
    assert_eq!(kept.looks(&server.url("/flap")), ["404", "200"]);
    assert_eq!(kept.looks(&server.url("/forbidden")), ["403"], "blocked is not dead: no second look");
    for path in ["/gone", "/flap"] {
        let asked = server.asked(path);
        assert_eq!(asked.len(), 2, "{path}");
        assert!(asked[1].at - asked[0].at >= Duration::from_secs(2), "{path}: {:?}", asked[1].at - asked[0].at);
        let earlier: Vec<u64> = server.log().iter().filter(|seen| seen.at < asked[1].at).map(|seen| seen.connection).collect();
        assert!(!earlier.contains(&asked[1].connection), "{path}: a connection of its own");
    }
    let looks = kept.ends.iter().filter_map(|end| match end {
        Ended::Answered(exchange) if exchange.url.path() == "/gone" => Some(exchange.look),
        _ => None,
    });
    assert_eq!(looks.collect::<Vec<u8>>(), [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_to_other_hosts_are_checked_links_within_our_rules() {
    let other = Server::start(|seen| match seen.path.as_str() {
        "/robots.txt" => status(404),
        "/no-head" if seen.method == "HEAD" => status(405),
        "/long" => flow("Content-Length: 209715200\r\n", 65_536, 3_200, Duration::ZERO),
        "/step" => redirect("/no-head"),
        _ => html("<html>other"),
    })
    .await;
    let private = Server::start(|_| html("<html>inside")).await;
    let (there, inside) = (other.address, private.url("/admin"));
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/robots.txt" => status(404),
        "/sitemap.xml" => sitemap(&["/a", "/b", "/c", "/d", "/e"]),
        "/a" => redirect("http://other.xuncha-demo.gov.cn/step"),
        "/b" => redirect(inside.clone()),
        "/c" => redirect("http://unresolved.xuncha-demo.gov.cn/"),
        "/d" => redirect(format!("http://other.xuncha-demo.gov.cn:{}/", there.port())),
        "/e" => redirect("http://other.xuncha-demo.gov.cn/long"),
        _ => html("<html>home"),
    })
    .await;
    let site = "http://site.xuncha-demo.gov.cn";
    let mut config = Config {
        resolve: vec![server.resolve("site.xuncha-demo.gov.cn"), other.resolve("other.xuncha-demo.gov.cn")],
        ..config()
    };
    // Without `--only-resolved` a private address is refused by itself; a name is never looked up in a test.
    config.only_resolved = true;
    let kept = crawl(&plan(&[format!("{site}/")], config.clone())).await;
    assert_eq!(kept.looks(&format!("{site}/a")), ["302"]);
    assert_eq!(kept.looks("http://other.xuncha-demo.gov.cn/step"), ["302"]);
    assert_eq!(kept.looks("http://other.xuncha-demo.gov.cn/no-head"), ["200"]);
    assert_eq!(kept.looks("http://other.xuncha-demo.gov.cn/long"), ["200"], "HEAD is enough for a large file");
    assert_eq!(kept.looks("http://unresolved.xuncha-demo.gov.cn/"), ["not-resolved"]);
    assert_eq!(kept.looks(&private.url("/admin")), ["not-resolved"]);
    assert_eq!(kept.looks(&format!("http://other.xuncha-demo.gov.cn:{}/", there.port())), ["not-resolved"], "another port");
    let methods: Vec<String> = other.asked("/no-head").into_iter().map(|seen| seen.method).collect();
    assert_eq!(methods, ["HEAD", "GET"]);
    assert!(other.log().iter().all(|seen| seen.host == "other.xuncha-demo.gov.cn"), "the Host header names the URL's host");
    assert!(!other.asked("/robots.txt").is_empty(), "robots.txt is asked for wherever a request goes");

    let seed = Server::start({
        let to = private.url("/admin");
        move |seen| if seen.path == "/go" { redirect(to.clone()) } else { status(404) }
    })
    .await;
    config.only_resolved = false;
    let kept = crawl(&plan(&[seed.url("/go")], config.clone())).await;
    assert_eq!(kept.looks(&private.url("/admin")), ["private-address"]);
    assert!(private.log().is_empty(), "no request is sent to it");
    config.allow_private = true;
    let kept = crawl(&plan(&[seed.url("/go")], config)).await;
    assert_eq!(kept.looks(&private.url("/admin")), ["200"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn seeds_that_give_nothing_end_in_time() {
    let silent = Server::start(|_| Reply::Silence).await;
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    // Without patience this would take three attempts of twenty seconds each, for robots.txt alone.
    let config = Config { seed_patience: 2.0, timeout: 20.0, max_attempts: 3, ..config() };
    let plan = plan(&[silent.url("/"), closed.clone()], config);
    let kept = tokio::time::timeout(Duration::from_secs(20), crawl(&plan)).await.expect("patience ends");
    assert_eq!(kept.looks(&silent.url("/")), ["read-timeout"], "the patience for a seed ended");
    assert_eq!(kept.looks(&closed), ["refused"]);
    assert!(kept.pages().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_falls_silent_is_given_up() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/robots.txt" => status(404),
        "/sitemap.xml" => sitemap(&["/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8"]),
        "/" => html("<html>"),
        _ => Reply::Reset,
    })
    .await;
    let kept = crawl(&plan(&[server.url("/")], Config { at_once: 1, max_attempts: 1, ..config() })).await;
    assert_eq!(kept.looks(&server.url("/5")), ["reset"]);
    for path in ["/6", "/7", "/8"] {
        assert_eq!(kept.looks(&server.url(path)), ["host-given-up"], "{path}");
        assert!(server.asked(path).is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_keeps_saying_later_is_left_alone() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/robots.txt" => status(404),
        "/sitemap.xml" => sitemap(&["/1", "/2", "/3", "/4", "/5", "/6", "/7"]),
        "/" => html("<html>"),
        _ => Reply::Full(429, vec![("Retry-After", "3600".into())], Vec::new()),
    })
    .await;
    let kept = crawl(&plan(&[server.url("/")], Config { at_once: 1, ..config() })).await;
    assert_eq!(kept.looks(&server.url("/1")), ["429"]);
    assert_eq!(kept.looks(&server.url("/2")), ["host-given-up"]);
    assert_eq!(server.log().len(), 3 + 1, "who is told to come back in an hour does not go on asking");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_cuts_the_same_pages_every_time() {
    let names: Vec<String> = (0..40).map(|n| format!("/{:02}", n * 7 % 40)).collect();
    let mut cuts = Vec::new();
    for slow in 0..2_usize {
        let names = names.clone();
        let server = Server::start(move |seen| match seen.path.as_str() {
            "/robots.txt" => status(404),
            "/sitemap.xml" => sitemap(&names.iter().map(String::as_str).collect::<Vec<_>>()),
            // Which answers are slow differs between the runs.
            path if path.len() == 3 && path.as_bytes()[2] as usize % 2 == slow => {
                std::thread::sleep(Duration::from_millis(15));
                html("<html>")
            }
            _ => html("<html>"),
        })
        .await;
        let kept = crawl(&plan(&[server.url("/")], Config { max_pages: 17, at_once: 6, ..config() })).await;
        assert_eq!(kept.pages().len(), 17);
        assert_eq!(kept.ended_by(Reason::Budget).len(), 24);
        let origin = server.url("");
        cuts.push(kept.pages().into_iter().map(|url| url.replace(&origin, "")).collect::<Vec<_>>());
    }
    assert_eq!(cuts[0], cuts[1]);
    assert_eq!(cuts[0].last().map(String::as_str), Some("/15"), "the seed and the first sixteen by URL");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_run_goes_on_without_asking_twice() {
    let server = Server::start(|seen| if seen.path == "/robots.txt" { status(404) } else { html("<html>") }).await;
    let plan = plan(&[server.url("/")], config());
    let parse = |path: &str| xuncha::url::CanonicalUrl::parse(&server.url(path)).unwrap();
    let mut kept = kept::Kept {
        earlier: vec![(parse("/"), xuncha::exchange::Gathering::Pages)],
        waiting: vec![xuncha::run::Discovered {
            url: parse("/next"),
            gathering: xuncha::exchange::Gathering::Pages,
            hops: 1,
            via: Some(parse("/")),
            redirects: 0,
        }],
        once: [("/dead", 404), ("/forbidden", 403)]
            .map(|(path, status)| xuncha::facts::site::UrlState {
                url: parse(path),
                gathering: xuncha::exchange::Gathering::Pages,
                hops: 1,
                via: None,
                looks: vec![xuncha::facts::site::Look::Answered {
                    status,
                    redirect: None,
                    media_type: None,
                    challenge: None,
                    at: jiff::Timestamp::UNIX_EPOCH,
                }],
            })
            .into(),
        ..kept::Kept::default()
    };
    xuncha::crawl::gather_into(&plan, &mut kept, &xuncha::crawl::Silent).await.unwrap();
    assert!(server.asked("/").is_empty());
    assert_eq!(kept.looks(&server.url("/next")), ["200"]);
    assert_eq!(kept.looks(&server.url("/dead")), ["200"], "the second look that was still owed");
    assert!(kept.looks(&server.url("/forbidden")).is_empty());
}

const HOME: &str = "<!DOCTYPE html><html><head><title>某县某局</title><base href=\"/\"></head><body>
    <a href=\"news/\">新闻</a> <a href=\"dir\">目录</a> <a href=\"gone.html\">旧文件</a> <a href=\"file.pdf\">附件</a>
    <a href=\"http://external.xuncha-demo.gov.cn/\">上级部门</a> <img src=\"logo.png\"></body></html>";

/// The little site of the folder test, as files and as a server would answer.
const SITE: [(&str, &str); 6] = [
    ("index.html", HOME),
    ("news/index.html", "<!DOCTYPE html><html><body><a href='a.html'>一</a><a href='../index.html'>首页</a></body></html>"),
    ("news/a.html", "<!DOCTYPE html><html><body><p>正文</p><a href='/dir/b.htm?x=1'>二</a></body></html>"),
    ("dir/index.html", "<!DOCTYPE html><html><body><p>目录</p></body></html>"),
    ("dir/b.htm", "<!DOCTYPE html><html><body><p>乙</p></body></html>"),
    ("logo.png", "not really a picture"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_and_its_server_give_the_same_ends() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in SITE {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let server = Server::start(|seen| {
        let path = seen.path.split('?').next().unwrap_or_default().trim_start_matches('/');
        let name = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        match SITE.iter().find(|(file, _)| *file == name) {
            Some((_, text)) => html(*text),
            None if SITE.iter().any(|(file, _)| file.starts_with(&format!("{name}/"))) => {
                Reply::Full(301, vec![("Location", format!("/{name}/"))], Vec::new())
            }
            None => status(404),
        }
    })
    .await;
    let base = xuncha::url::CanonicalUrl::parse("http://site.xuncha-demo.gov.cn/").unwrap();
    let resolve = vec![server.resolve("site.xuncha-demo.gov.cn")];
    let live = plan(&[base.to_string()], Config { resolve, only_resolved: true, ..config() });
    let target = xuncha::plan::Target::Folder { path: folder.path().to_owned(), base: base.clone() };
    let still = kept::with_target(target, live.scope.clone(), config());
    let (served, read) = (crawl(&live).await, crawl(&still).await);
    let ends = |kept: &kept::Kept| {
        let mut ends: Vec<String> = kept
            .ends
            .iter()
            .map(|end| match end {
                Ended::Answered(e) => format!("{} {} {} hops {} look {}", e.url, e.gathering.word(), e.status, e.hops, e.look),
                Ended::Unfetched(u) => format!("{} {} hops {} look {}", u.url, u.gathering.word(), u.hops, u.look),
            })
            .collect();
        ends.sort();
        ends
    };
    assert_eq!(ends(&served), ends(&read));
    let at = |path: &str| format!("http://site.xuncha-demo.gov.cn{path}");
    assert_eq!(read.looks(&at("/gone.html")), ["404", "404"]);
    assert_eq!(read.looks(&at("/dir")), ["301"]);
    assert_eq!(read.looks(&at("/dir/b.htm?x=1")), ["200"]);
    assert_eq!(read.exchange(&at("/dir/b.htm?x=1")).unwrap().hops, 3);
    assert_eq!(read.exchange(&at("/dir/")).unwrap().hops, 1, "a redirect is no link");
    assert_eq!(read.looks("http://external.xuncha-demo.gov.cn/"), ["not-requested"]);
    assert_eq!(served.looks("http://external.xuncha-demo.gov.cn/"), ["not-resolved"]);
    assert_eq!(read.exchange(&at("/logo.png")).unwrap().gathering, xuncha::exchange::Gathering::LinkCheck);
    let instants = read.ends.iter().filter_map(|end| match end {
        Ended::Answered(exchange) => Some(exchange.at),
        Ended::Unfetched(_) => None,
    });
    assert_eq!(instants.collect::<std::collections::BTreeSet<_>>().len(), 1, "one instant for all files");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_folder_holds_a_complete_crawl() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/robots.txt" => status(404),
        "/sitemap.xml" => sitemap(&["/only-in-map"]),
        "/" => html("<!DOCTYPE html><html><body><a href='/gone'>一</a><img src='/captcha.jsp'><a href='/captcha.jsp'>二</a>"),
        "/gone" => status(410),
        _ => html("<!DOCTYPE html><html><body>三"),
    })
    .await;
    let plan = plan(&[server.url("/")], config());
    let out = tempfile::tempdir().unwrap();
    let (mut folder, _) = xuncha::run::RunFolder::open(&out.path().join("run"), &plan).await.unwrap();
    xuncha::crawl::gather(&plan, &mut folder, &xuncha::crawl::Silent).await.unwrap();
    assert!(folder.pending().await.unwrap().is_empty());
    assert!(folder.info().unwrap().complete);
    let ended: Vec<String> =
        folder.ended().await.unwrap().iter().map(|(url, what)| format!("{} {}", url.path(), what.word())).collect();
    assert_eq!(
        ended,
        ["/ pages", "/captcha.jsp pages", "/gone pages", "/only-in-map pages", "/robots.txt robots", "/sitemap.xml sitemap"]
    );
    assert!(
        folder.looked_once().await.unwrap().iter().all(|state| state.url.path() == "/robots.txt"),
        "/gone had its second look"
    );
}
