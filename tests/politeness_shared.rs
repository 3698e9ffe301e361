//! What the server's own log says when many jobs and several processes talk to it at once.

#[path = "server/fault.rs"]
mod fault;
#[path = "server/kept.rs"]
mod kept;

use fault::{Reply, Seen, Server, html, status};
use kept::{config, crawl, plan};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use xuncha::config::Config;

/// What a busy machine may take to hand a request over, or to write it into the log.
const SLACK: Duration = Duration::from_millis(60);

/// In every window of w seconds at most rate · w + 1 requests: n requests in a row last at least (n - 1) / rate.
fn assert_rate(log: &[&Seen], rate: f64, what: &str) {
    for (first, from) in log.iter().enumerate() {
        for (more, to) in log[first..].iter().enumerate() {
            let (window, least) = (to.at - from.at, Duration::from_secs_f64(more as f64 / rate));
            assert!(window + SLACK >= least, "{what}: {} requests in {window:?}, from {} to {}", more + 1, from.path, to.path);
        }
    }
}

/// A server on a thread of its own: its log must not wait for what the jobs compute.
async fn serve(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Server {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let _ = sender.send(Server::start(answer).await);
            std::future::pending::<()>().await;
        });
    });
    receiver.await.expect("starts")
}

/// Every host by itself, and all of them together at twice the rate.
fn assert_rates(server: &Server, rate: f64) -> usize {
    let log = server.log();
    let hosts: std::collections::BTreeSet<&str> = log.iter().map(|seen| seen.host.as_str()).collect();
    for host in &hosts {
        assert_rate(&log.iter().filter(|seen| seen.host == *host).collect::<Vec<_>>(), rate, host);
    }
    assert_rate(&log.iter().collect::<Vec<_>>(), 2.0 * rate, "the address");
    hosts.len()
}

fn text(body: &str) -> Reply {
    Reply::Full(200, vec![("Content-Type", "text/plain".into())], body.as_bytes().to_vec())
}

fn hosts() -> Vec<String> {
    (0..5).map(|n| format!("h{n}.xuncha-demo.gov.cn")).collect()
}

/// The program crawling these seeds, with gates in that folder.
fn process(seeds: &[String], server: &Server, gates: &std::path::Path, out: &std::path::Path, rate: f64) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xuncha"));
    command.arg("crawl").args(seeds).arg("--out").arg(out).args(["--only-resolved", "--allow-private", "--capture", "none"]);
    command.args(["--rate", &rate.to_string(), "--checklist"]).arg(out.with_extension("toml"));
    hosts().iter().for_each(|host| {
        command.args(["--resolve", &server.resolve(host)]);
    });
    // One rule that needs no probes.
    let checklist = "format = 1\nid = \"one\"\nversion = \"1\"\ntitle = { zh = \"一\", en = \"one\" }\nsource = \"x\"\n\n[[item]]\nid = \"A\"\n\
                     title = { zh = \"一\", en = \"one\" }\nrule = \"dead-link\"\nseverity = \"error\"\nsubject = \"site\"\ncadence = \"daily\"\n\
                     source = \"x\"\nconfidence = \"verified\"\n";
    std::fs::write(out.with_extension("toml"), checklist).expect("writes");
    command.env("XUNCHA_SHARED_GATES", gates).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts")
}

fn wait(child: Child) {
    let output = child.wait_with_output().expect("ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_jobs_on_five_hosts_at_one_address_in_several_processes_keep_one_rate() {
    const RATE: f64 = 8.0;
    let server = serve(|seen| match seen.path.as_str() {
        "/robots.txt" | "/sitemap.xml" => status(404),
        "/" => html("<html><a href=/jump>a</a>"),
        "/jump" => fault::redirect("/landed"),
        _ => html("<html>"),
    })
    .await;
    let folder = tempfile::tempdir().expect("folder");
    let gates = folder.path().join("gates");
    let hosts = hosts();
    let seeds: Vec<String> = hosts.iter().map(|host| format!("http://{host}/")).collect();
    // Eight jobs in two processes, twelve here; each job has gates of its own and knows the others only by the folder.
    let processes: Vec<Child> =
        (0..2).map(|n| process(&seeds[n..n + 4], &server, &gates, &folder.path().join(format!("out{n}")), RATE)).collect();
    let jobs: Vec<_> = (0..12)
        .map(|n| {
            let resolve = hosts.iter().map(|host| server.resolve(host)).collect();
            let gates = gates.display().to_string();
            let config = Config { rate: RATE, at_once: 2, resolve, only_resolved: true, shared_gates: gates, ..config() };
            let seed = seeds[n % 5].clone();
            tokio::spawn(async move { crawl(&plan(&[seed], config)).await.pages().len() })
        })
        .collect();
    for job in jobs {
        assert_eq!(job.await.expect("no panic"), 3, "waiting for one another costs no job its pages");
    }
    processes.into_iter().for_each(wait);
    assert_eq!(assert_rates(&server, RATE), 5);
    let least = 20 * 4;
    assert!(server.log().len() >= least, "robots.txt, three pages and a sitemap of each job: {}", server.log().len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_are_under_way_at_most_whoever_asks() {
    // Every page takes 150 ms to come.
    const LASTS: Duration = Duration::from_millis(150);
    let server = serve(|seen| match seen.path.as_str() {
        "/robots.txt" => status(404),
        "/sitemap.xml" => fault::sitemap(&["/1", "/2", "/3", "/4", "/5", "/6"]),
        _ => Reply::Flow {
            head: "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n".into(),
            piece: b"<p>".to_vec(),
            times: 3,
            pause: LASTS / 3,
        },
    })
    .await;
    let folder = tempfile::tempdir().expect("folder");
    let config = Config { rate: 100.0, at_once: 2, shared_gates: folder.path().display().to_string(), timeout: 20.0, ..config() };
    let job = || {
        let plan = plan(&[server.url("/")], config.clone());
        tokio::spawn(async move { crawl(&plan).await.pages().len() })
    };
    for job in [job(), job(), job()] {
        assert_eq!(job.await.expect("no panic"), 7);
    }
    let log = server.log();
    let slow: Vec<&Seen> = log.iter().filter(|seen| !seen.path.contains('.')).collect();
    assert_eq!(slow.len(), 21);
    for three in slow.windows(3) {
        let window = three[2].at - three[0].at;
        assert!(window + Duration::from_millis(20) >= LASTS, "three under way within {window:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_is_told_to_wait_makes_the_others_wait() {
    let server = serve(|seen| match seen.path.as_str() {
        "/robots.txt" => status(404),
        "/busy" if seen.before == 0 => Reply::Full(503, vec![("Retry-After", "2".into())], Vec::new()),
        "/" => html("<html><a href=/busy>a</a>"),
        _ => html("<html>"),
    })
    .await;
    let folder = tempfile::tempdir().expect("folder");
    let config = Config { rate: 50.0, shared_gates: folder.path().display().to_string(), ..config() };
    let job = || {
        let plan = plan(&[server.url("/")], config.clone());
        tokio::spawn(async move { crawl(&plan).await.looks(&plan_url(&plan)) })
    };
    for job in [job(), job()] {
        assert_eq!(job.await.expect("no panic"), ["200"]);
    }
    let log = server.log();
    let refused = log.iter().find(|seen| seen.path == "/busy").expect("asked");
    // What was under way when the answer came may arrive after it; nothing else may.
    let after: Vec<Duration> = log.iter().map(|seen| seen.at.saturating_duration_since(refused.at)).collect();
    let early = after.iter().filter(|at| **at > Duration::from_millis(300) && **at < Duration::from_secs(2)).count();
    assert_eq!(early, 0, "{after:?}");
    assert!(after.iter().any(|at| *at >= Duration::from_secs(2)));
}

fn plan_url(plan: &xuncha::plan::Plan) -> String {
    match &plan.target {
        xuncha::plan::Target::Live(seeds) => seeds[0].to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spent_budget_ends_what_is_left_and_says_which() {
    let server = serve(|seen| match seen.path.as_str() {
        "/robots.txt" => status(404),
        "/sitemap.xml" => fault::sitemap(&["/1", "/2", "/3", "/4", "/5", "/6"]),
        "/big" => html("x".repeat(100_000)),
        _ => html("<html>"),
    })
    .await;
    let kept = crawl(&plan(&[server.url("/")], Config { max_requests: 6, ..config() })).await;
    assert_eq!(server.log().len(), 6, "not one more");
    let cut = kept.ended_by(xuncha::unfetched::Reason::Budget);
    assert_eq!(cut.len(), 3, "{cut:?}");
    let detail = &kept.unfetched(cut.first().expect("one")).expect("unfetched").detail;
    assert_eq!(detail, "max_requests 6");
    let kept =
        crawl(&plan(&[server.url("/big"), server.url("/1")], Config { max_total_bytes: 50_000, at_once: 1, ..config() })).await;
    let big = kept.unfetched(&server.url("/big")).expect("cut");
    assert_eq!((big.reason.word(), big.detail.as_str()), ("budget", "max_total_bytes 50000"));
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_authority_sets_robots_aside_and_an_endless_delay_excludes() {
    let server = serve(|seen| match seen.path.as_str() {
        "/robots.txt" => text("User-agent: *\nDisallow: /\nCrawl-delay: 9\n"),
        "/sitemap.xml" => status(404),
        _ => html("<html>"),
    })
    .await;
    let seeds = [server.url("/"), server.url("/a")];
    assert_eq!(crawl(&plan(&seeds, config())).await.looks(&seeds[1]), ["robots"]);
    let authority = xuncha::config::Authority {
        host: "127.0.0.1".into(),
        who: "某市政务服务和数据管理局".into(),
        document_number: "数函〔2026〕1号".into(),
        until: "2999-01-01".parse().expect("a date"),
        rate: None,
        at_once: None,
        ignore_robots: true,
    };
    let kept = crawl(&plan(&seeds, Config { authority: vec![authority], ..config() })).await;
    assert_eq!(kept.looks(&seeds[1]), ["200"]);
    let endless = serve(|seen| match seen.path.as_str() {
        "/robots.txt" => text("User-agent: *\nCrawl-delay: 86400\n"),
        _ => html("<html>"),
    })
    .await;
    let kept = crawl(&plan(&[endless.url("/")], config())).await;
    let home = kept.unfetched(&endless.url("/")).expect("not asked for");
    assert_eq!((home.reason.word(), home.detail.as_str()), ("robots", "Crawl-delay: 86400"));
    assert!(endless.asked("/").is_empty());
}
