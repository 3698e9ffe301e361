//! Captures made for tests.

use jiff::Timestamp;
use std::path::Path;
use xuncha::capture::write::Position;
use xuncha::capture::{Origin, Writer};
use xuncha::exchange::{Exchange, Gathering, Method};
use xuncha::unfetched::{Reason, Unfetched};
use xuncha::url::CanonicalUrl;

pub fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("parses")
}

pub fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(1_774_000_000 + second).expect("in range")
}

pub fn exchange(address: &str, status: u16, headers: &[(&str, &str)], body: &[u8]) -> Exchange {
    Exchange {
        url: url(address),
        method: Method::Get,
        gathering: Gathering::Pages,
        status,
        headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        body: bytes::Bytes::copy_from_slice(body),
        at: instant(10),
        hops: 3,
        via: Some(url("http://a.xuncha-demo.gov.cn/")),
        attempts: 2,
        look: 1,
        elapsed: None,
        profile: Default::default(),
    }
}

/// Bodies and heads of every sort.
pub fn exchanges() -> Vec<Exchange> {
    let html = ("content-type", "text/html; charset=gb2312");
    let mut head = exchange("http://a.xuncha-demo.gov.cn/f.pdf", 200, &[("content-length", "9999")], b"");
    (head.method, head.gathering, head.look) = (Method::Head, Gathering::LinkCheck, 2);
    vec![
        exchange(
            "http://a.xuncha-demo.gov.cn/",
            200,
            &[html, ("transfer-encoding", "chunked")],
            b"<p>\xb9\xab\xb8\xe6</p>\r\n\r\nWARC/1.1\r\n",
        ),
        exchange("http://a.xuncha-demo.gov.cn/q?a=%E4%B8%AD&b=1", 200, &[html, ("content-length", "3")], b"12345"),
        exchange("https://a.xuncha-demo.gov.cn/moved", 302, &[("location", "/x"), ("x-odd", "值 a:b")], b""),
        exchange("http://a.xuncha-demo.gov.cn/none", 404, &[], b"\0\x01\xff"),
        exchange("http://a.xuncha-demo.gov.cn/odd", 599, &[("set-cookie", "a=1"), ("set-cookie", "b=2")], &[7; 400_000]),
        head,
    ]
}

pub fn unfetched() -> Unfetched {
    Unfetched {
        url: url("http://b.xuncha-demo.gov.cn/"),
        reason: Reason::ReadTimeout,
        detail: "读取超时 30 s".into(),
        attempts: 3,
        via: None,
        gathering: Gathering::LinkCheck,
        hops: 4,
        look: 2,
        at: instant(20),
    }
}

pub fn origin() -> Origin {
    Origin {
        run_id: "20260320-101112-0123456789abcdef".into(),
        started: instant(0),
        plan_sha256: "ab".repeat(32),
        as_of: Some(jiff::civil::date(2026, 3, 20)),
        gatherings: vec![Gathering::Pages, Gathering::LinkCheck],
        seeds: vec![url("http://a.xuncha-demo.gov.cn/")],
    }
}

/// A whole capture.
pub async fn write(path: &Path) {
    let mut writer = Writer::open(path, &origin().run_id, Some("xuncha/test".into()), Position::default()).expect("opens");
    writer.begin(&origin(), br#"{"a":1}"#.to_vec()).await.expect("begins");
    for exchange in exchanges() {
        writer.exchange(&exchange).await.expect("writes");
    }
    writer.unfetched(&unfetched()).await.expect("writes");
    writer.end(true, instant(30), None).await.expect("ends");
}
