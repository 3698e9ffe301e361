use super::gate::address_key;
use super::*;
use crate::crawl::fetch::Answer;
use crate::unfetched::Reason;

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).unwrap()
}

fn way(address: &str) -> Way {
    Way { addresses: vec![address.parse().unwrap()], real_port: None }
}

fn config(rate: f64) -> Config {
    Config { rate, at_once: 8, shared_gates: "none".into(), ..Config::default() }
}

/// Moments at which so many requests left, each answered at once on a connection that stood.
async fn leave(gates: &Gates, origins: &[&str], address: &str) -> Vec<Instant> {
    let mut moments = Vec::new();
    for origin in origins {
        let pass = gates.pass(&url(origin), &way(address), false).await.unwrap();
        moments.push(pass.released);
        pass.heard();
        pass.ended(&answer(200, &[]));
    }
    moments
}

fn answer(status: u16, headers: &[(&str, &str)]) -> Result<Answer, Failure> {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Ok(Answer { status, headers, body: bytes::Bytes::new(), at: crate::clock::now(), elapsed: None })
}

fn assert_gaps(moments: &[Instant], gap: u64) {
    for pair in moments.windows(2) {
        assert!(pair[1] - pair[0] >= Duration::from_millis(gap), "{:?}", pair[1] - pair[0]);
    }
}

#[tokio::test]
async fn gaps_hold_for_origin_address_and_crawl_delay() {
    let gates = Gates::new(&config(20.0));
    assert_gaps(&leave(&gates, &["http://a.cn/"; 4], "192.0.2.1").await, 50);
    let origins = ["http://b.cn/", "http://c.cn/", "http://d.cn/", "http://e.cn/", "http://f.cn/"];
    assert_gaps(&leave(&gates, &origins, "192.0.2.2").await, 25);
    assert_eq!(gates.slow_down(&url("http://g.cn/"), Duration::from_millis(1)), Duration::from_millis(50), "the stricter holds");
    let first = leave(&gates, &["http://a.cn/"], "192.0.2.1").await;
    gates.slow_down(&url("http://a.cn/"), Duration::from_millis(200));
    let second = leave(&gates, &["http://a.cn/"], "192.0.2.1").await;
    assert_gaps(&[first[0], second[0]], 200);
}

#[tokio::test]
async fn an_origin_that_waited_for_its_address_keeps_its_own_gap_too() {
    // Two origins at one address: each waits for the other, and must not catch up afterwards.
    let gates = Arc::new(Gates::new(&config(10.0)));
    let run = |origin: &'static str| {
        let gates = gates.clone();
        tokio::spawn(async move { leave(&gates, &[origin; 5], "192.0.2.1").await })
    };
    let (a, b, c) = (run("http://a.cn/"), run("http://b.cn/"), run("http://c.cn/"));
    let mut all = Vec::new();
    for moments in [a.await.unwrap(), b.await.unwrap(), c.await.unwrap()] {
        assert_gaps(&moments, 100);
        all.extend(moments);
    }
    all.sort_unstable();
    assert_gaps(&all, 50);
}

#[tokio::test]
async fn no_more_than_allowed_are_under_way() {
    let config = Config { at_once: 2, ..config(1_000.0) };
    let gates = Gates::new(&config);
    let (a, way) = (url("http://a.cn/"), way("192.0.2.1"));
    let first = gates.pass(&a, &way, false).await.unwrap();
    let _second = gates.pass(&a, &way, false).await.unwrap();
    let third = tokio::time::timeout(Duration::from_millis(100), gates.pass(&a, &way, false)).await;
    assert!(third.is_err(), "two are under way");
    // Another host at the address has room of its own, up to twice.
    let other = url("http://b.cn/");
    let _b = [gates.pass(&other, &way, false).await.unwrap(), gates.pass(&other, &way, false).await.unwrap()];
    let c = url("http://c.cn/");
    assert!(tokio::time::timeout(Duration::from_millis(100), gates.pass(&c, &way, false)).await.is_err(), "four at the address");
    drop(first);
    gates.pass(&c, &way, false).await.unwrap();
}

#[tokio::test]
async fn retry_after_closes_the_host_and_a_long_one_ends_it() {
    let gates = Gates::new(&config(1_000.0));
    let (a, way) = (url("http://a.cn/"), way("192.0.2.1"));
    let pass = gates.pass(&a, &way, false).await.unwrap();
    let sent = pass.released;
    pass.ended(&answer(503, &[("retry-after", "1")]));
    drop(pass);
    let next = gates.pass(&a, &way, false).await.unwrap();
    assert!(next.released - sent >= Duration::from_secs(1));
    next.ended(&answer(429, &[("retry-after", "7200")]));
    drop(next);
    let refused = gates.pass(&a, &way, false).await.unwrap_err();
    assert_eq!((refused.reason, refused.detail.as_str()), (Reason::HostGivenUp, "429, Retry-After 7200 s"));
    assert_eq!(gates.refusal(&url("http://b.cn/")), None);
}

#[tokio::test]
async fn a_spent_budget_lets_nothing_pass() {
    let gates = Gates::new(&Config { max_requests: 3, max_host_bytes: 1_000, ..config(1_000.0) });
    let way = way("192.0.2.1");
    let pass = gates.pass(&url("http://a.cn/"), &way, false).await.unwrap();
    pass.took(600).unwrap();
    let over = pass.took(600).unwrap_err();
    assert_eq!(over.detail, "max_host_bytes 1000 (http://a.cn)");
    drop(pass);
    assert_eq!(gates.pass(&url("http://a.cn/"), &way, false).await.unwrap_err().reason, Reason::Budget);
    leave(&gates, &["http://b.cn/", "http://b.cn/"], "192.0.2.1").await;
    let over = gates.pass(&url("http://b.cn/"), &way, false).await.unwrap_err();
    assert_eq!((over.reason, over.detail.as_str()), (Reason::Budget, "max_requests 3"));
    assert_eq!((gates.spent().requests, gates.spent().bytes), (3, 1_200));
}

#[tokio::test]
async fn a_time_budget_ends_who_waits() {
    let gates = Gates::new(&Config { max_time: 0.2, ..config(0.1) });
    leave(&gates, &["http://a.cn/"], "192.0.2.1").await;
    let over = gates.pass(&url("http://a.cn/"), &way("192.0.2.1"), false).await.unwrap_err();
    assert_eq!(over.detail, "max_time 0.2", "ten seconds were not waited for");
}

#[tokio::test]
async fn quiet_hours_let_nothing_pass_and_say_so() {
    use std::sync::atomic::{AtomicI64, Ordering};
    // 07:59:59 in Shanghai; a second later the quiet hours are over.
    static CLOCK: AtomicI64 = AtomicI64::new(1_795_305_599);
    let clock = || Timestamp::from_second(CLOCK.load(Ordering::SeqCst)).unwrap();
    let config = Config { quiet_hours: vec!["06:00-08:00".into()], max_time: 3600.0, ..config(1_000.0) };
    let gates = Arc::new(Gates::with_clock(&config, clock));
    let waiting = tokio::spawn({
        let gates = gates.clone();
        async move { leave(&gates, &["http://a.cn/"], "192.0.2.1").await }
    });
    let said = gates.told().await;
    assert!(said.contains("08:00"), "{said}");
    assert!(!waiting.is_finished());
    CLOCK.fetch_add(1, Ordering::SeqCst);
    waiting.await.unwrap();
    assert!(gates.told().await.contains("going on"));
}

#[tokio::test]
async fn recorded_authority_has_its_own_rate_and_room() {
    let authority = crate::config::Authority {
        host: "a.cn".into(),
        who: "x".into(),
        document_number: "y".into(),
        until: jiff::civil::date(2999, 1, 1),
        rate: Some(100.0),
        at_once: Some(3),
        ignore_robots: false,
    };
    let gates = Gates::new(&Config { authority: vec![authority], at_once: 1, ..config(2.0) });
    assert_gaps(&leave(&gates, &["http://a.cn/"; 4], "192.0.2.1").await, 10);
    let kept = |host: &str| gates.slow_down(&url(host), Duration::ZERO);
    assert_eq!(kept("http://a.cn/"), Duration::from_millis(10));
    assert_eq!(kept("http://b.cn/"), Duration::from_millis(500));
    let passes: Vec<Pass> = {
        let mut passes = Vec::new();
        for _ in 0..3 {
            passes.push(gates.pass(&url("http://a.cn/"), &way("192.0.2.1"), false).await.unwrap());
        }
        passes
    };
    assert_eq!(passes.len(), 3);
}

#[tokio::test]
async fn without_a_folder_the_run_goes_alone_and_says_so() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let folder = file.path().join("gates").display().to_string();
    let gates = Gates::new(&Config { shared_gates: folder.clone(), ..config(20.0) });
    assert_gaps(&leave(&gates, &["http://a.cn/"; 3], "192.0.2.1").await, 50);
    let said = gates.told().await;
    assert!(said.contains(&folder), "{said}");
}

#[test]
fn on_this_machine_every_port_is_a_server() {
    let of = |address: &str| address_key(address.parse().unwrap(), 81);
    assert_eq!(of("127.0.0.1"), "127.0.0.1:81");
    assert_eq!(of("::ffff:127.0.0.1"), "127.0.0.1:81");
    assert_eq!(of("192.0.2.1"), "192.0.2.1");
}
