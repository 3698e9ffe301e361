//! Plans, exchanges and a filled folder for the tests.

use jiff::Timestamp;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use xuncha::checklist::columns::ColumnBook;
use xuncha::config::Config;
use xuncha::exchange::{Exchange, Gathering, Method};
use xuncha::facts::Page;
use xuncha::facts::site::UrlState;
use xuncha::judge::{Material, RunInfo};
use xuncha::plan::{Plan, Target, Unit};
use xuncha::run::{RunFolder, State};
use xuncha::scope::Scope;
use xuncha::unfetched::{Reason, Unfetched};
use xuncha::url::CanonicalUrl;

pub fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("parses")
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_774_000_000 + second).expect("in range")
}

pub fn plan(target: Target) -> Plan {
    let seed = url("http://www.gaj.xuncha-demo.gov.cn/");
    let scope = Scope::of_seed(&seed);
    Plan {
        target,
        scope: scope.clone(),
        units: vec![Unit { id: "site".into(), name: "演示公安局".into(), kind: None, scope }],
        operator: "site".into(),
        checklists: Vec::new(),
        judgements: Vec::new(),
        bound: Vec::new(),
        gatherings: BTreeSet::from([Gathering::Pages, Gathering::LinkCheck]),
        cadence: None,
        as_of: Some(jiff::civil::date(2026, 3, 20)),
        config: Config::default(),
        book: ColumnBook::default(),
        bindings: Vec::new(),
    }
}

pub fn live() -> Plan {
    plan(Target::Live(vec![url("http://www.gaj.xuncha-demo.gov.cn/")]))
}

pub fn exchange(path: &str, status: u16, body: &[u8]) -> Exchange {
    Exchange {
        url: url(&format!("http://www.gaj.xuncha-demo.gov.cn{path}")),
        method: Method::Get,
        gathering: Gathering::Pages,
        status,
        headers: vec![
            ("content-type".into(), "text/html; charset=utf-8".into()),
            ("transfer-encoding".into(), "chunked".into()),
            ("server".into(), "巡查演示".into()),
        ],
        body: bytes::Bytes::copy_from_slice(body),
        at: at(1),
        hops: 1,
        via: Some(url("http://www.gaj.xuncha-demo.gov.cn/")),
        attempts: 2,
        look: 1,
        elapsed: None,
        profile: Default::default(),
    }
}

pub fn unfetched(path: &str, reason: Reason, look: u8) -> Unfetched {
    Unfetched {
        url: url(&format!("http://other.xuncha-demo.gov.cn{path}")),
        reason,
        detail: "第一行\r\ncomplete: true".into(),
        attempts: 3,
        via: Some(url("http://www.gaj.xuncha-demo.gov.cn/a.html")),
        gathering: Gathering::LinkCheck,
        hops: 2,
        look,
        at: at(5 + i64::from(look)),
    }
}

/// Everything that the judge can see.
pub fn seen(folder: &RunFolder) -> (Vec<Page>, Vec<UrlState>, RunInfo) {
    let (mut pages, mut states) = (Vec::new(), Vec::new());
    folder
        .for_each_page(&mut |p| {
            pages.push(p);
            Ok(())
        })
        .expect("pages");
    folder
        .for_each_state(&mut |s| {
            states.push(s);
            Ok(())
        })
        .expect("states");
    (pages, states, Material::info(folder).clone())
}

pub const PAGE: &str = "<!doctype html><html><head><meta charset=utf-8><title>演示公安局</title></head><body><h1>通知</h1>\
    <p>各县公安局：现将有关事项通知如下，请遵照执行。</p><a href='/a.html'>关于开展工作的通知</a> <a href=b.html>乙</a> <a href=c.html>丙</a></body></html>";

pub async fn fill(folder: &mut RunFolder) {
    let home = Exchange { hops: 0, via: None, ..exchange("/", 200, PAGE.as_bytes()) };
    folder.keep(&home, xuncha::run::page_of(&home, &xuncha::run::Reading::default()).as_ref()).await.expect("keeps");
    folder.keep(&exchange("/a.html", 200, PAGE.as_bytes()), None).await.expect("keeps");
    folder.keep(&exchange("/gone.html", 404, "没有".as_bytes()), None).await.expect("keeps");
    folder.keep(&Exchange { look: 2, at: at(9), ..exchange("/gone.html", 404, "没有".as_bytes()) }, None).await.expect("keeps");
    let mut moved = exchange("/moved", 302, b"");
    moved.headers.push(("location".into(), "/a.html".into()));
    folder.keep(&moved, None).await.expect("keeps");
    let mut head = exchange("/file.pdf", 200, b"");
    (head.method, head.gathering) = (Method::Head, Gathering::LinkCheck);
    head.headers = vec![("content-type".into(), "application/pdf".into()), ("content-length".into(), "123456".into())];
    folder.keep(&head, None).await.expect("keeps");
    folder.keep(&exchange("/wall", 412, b"<script>$_ts={}</script>"), None).await.expect("keeps");
    folder.keep(&exchange("/big", 200, format!("<p>x</p><!--{}-->", "x".repeat(300_000)).as_bytes()), None).await.expect("keeps");
    folder.keep_unfetched(&unfetched("/x", Reason::NameNotFound, 1)).await.expect("keeps");
    folder.keep_unfetched(&unfetched("/x", Reason::NameNotFound, 2)).await.expect("keeps");
    folder.keep_unfetched(&unfetched("/y", Reason::ReadTimeout, 1)).await.expect("keeps");
}

pub async fn replayed(folder: &Path, warcs: &[PathBuf]) -> (RunFolder, xuncha::run::Replayed) {
    let (mut folder, state) = RunFolder::open(folder, &plan(Target::Warc(warcs.to_vec()))).await.expect("opens");
    assert_eq!(state, State::New);
    let replayed = folder.replay(warcs).await.expect("replays");
    (folder, replayed)
}
