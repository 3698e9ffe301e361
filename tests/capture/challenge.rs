//! Challenges and walls are known; real pages, also those behind the same services, never taken for one.

use super::made::exchange;
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use std::path::{Path, PathBuf};
use xuncha::capture::challenge::sign;

const HTML: (&str, &str) = ("content-type", "text/html");

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Option<String> {
    sign(&exchange("http://a.xuncha-demo.gov.cn/", status, headers, body.as_bytes()))
}

#[test]
fn walls_are_known_by_their_marks() {
    let script = |body: &str| format!("<!doctype html><html><head><script>{body}</script></head><body></body></html>");
    for (status, body, expected) in [
        (202, script("$_ts=window['$_ts'];if(!$_ts)$_ts={};"), "ruishu"),
        (200, script("document.cookie='__jsl_clearance_s=1|-1|x';location.href=location.pathname"), "jiasule"),
        (200, script("var arg1='3A0B';function setCookie(){} acw_sc__v2"), "aliyun-waf"),
        (200, script("var curlocation=window.location;document.cookie='srcurl='+x;'security_verify_data'"), "yunsuo"),
        (403, script("window._cf_chl_opt={cvId:'3'}"), "cloudflare"),
        (200, "<html><body><h3>安全验证</h3><p>请拖动滑块</p></body></html>".to_owned(), "captcha"),
        (200, "<html><title>提示</title><body>您的访问过于频繁，请稍后再试</body></html>".to_owned(), "captcha"),
    ] {
        assert_eq!(answer(status, &[HTML], &body).as_deref(), Some(expected), "{body}");
    }
    assert_eq!(answer(412, &[], "").as_deref(), Some("status-412"));
    assert_eq!(answer(403, &[("cf-mitigated", "challenge"), HTML], "").as_deref(), Some("cloudflare"));
    assert_eq!(answer(521, &[("set-cookie", "__jsluid_s=1; path=/")], "").as_deref(), Some("jiasule"));
}

#[test]
fn a_coded_body_is_decoded_first() {
    let page = "<html><script>$_ts={}</script></html>";
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(page.as_bytes()).expect("memory");
    let gzip = gzip.finish().expect("memory");
    let coded = exchange("http://a.xuncha-demo.gov.cn/", 200, &[HTML, ("content-encoding", "gzip")], &gzip);
    assert_eq!(sign(&coded).as_deref(), Some("ruishu"));
    // A bomb and a lie about the coding are no challenge and no panic.
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![b' '; 8 << 20]).expect("memory");
    let bomb = bomb.finish().expect("memory");
    for body in [bomb.as_slice(), b"no gzip", &gzip[..10]] {
        for coding in ["gzip", "br", "deflate", "zstd"] {
            assert_eq!(sign(&exchange("http://a.xuncha-demo.gov.cn/", 200, &[HTML, ("content-encoding", coding)], body)), None);
        }
    }
}

#[test]
fn pages_are_no_walls() {
    let text = "根据《中华人民共和国政府信息公开条例》的规定，现将有关情况公布如下。".repeat(10);
    let protected =
        format!("<html><script>$_ts={{}}</script><script src=/.safeline/x.js></script><body><p>{text}</p></body></html>");
    let menu = "<script>$_ts={}</script><a href=1>首页</a><a href=2>要闻</a><a href=3>公开</a>";
    let news = format!("<p>警方提示：正规平台不会要求“安全验证”转账。{text}</p>");
    for (status, body) in [
        (200, protected.as_str()),
        (200, menu),
        (200, &news),
        (200, "<html><body>列表由脚本填充<script>load()</script></body></html>"),
        (404, "<html><body>您访问的页面不存在</body></html>"),
        (200, ""),
        (200, "<"),
        (200, "<script"),
        (200, "<!--"),
    ] {
        assert_eq!(answer(status, &[HTML], body), None, "{body}");
    }
    assert_eq!(answer(200, &[("content-type", "application/javascript")], "<script>$_ts={}"), None);
    assert_eq!(answer(302, &[HTML, ("location", "/x")], "<script>$_ts={}</script>"), None);
}

fn corpus() -> Option<PathBuf> {
    let path = std::env::var_os("XUNCHA_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"), PathBuf::from);
    let pages = path.join("gov-pages");
    if !pages.is_dir() {
        eprintln!("skipped: no corpus at {}", pages.display());
        return None;
    }
    Some(pages)
}

#[test]
fn no_real_page_is_taken_for_a_wall() {
    let Some(pages) = corpus() else { return };
    let mut read = 0;
    for entry in std::fs::read_dir(pages).expect("lists") {
        let path = entry.expect("an entry").path();
        let body = std::fs::read(&path).expect("reads");
        let found = sign(&exchange("http://a.xuncha-demo.gov.cn/", 200, &[HTML], &body));
        assert_eq!(found, None, "{}", path.display());
        read += 1;
    }
    assert!(read > 40, "only {read} pages");
}
