//! Whatever the bytes, reading a page ends, and without panic.

use proptest::prelude::*;
use xuncha::exchange::{Exchange, Gathering, Method};
use xuncha::facts::{Page, page};
use xuncha::url::CanonicalUrl;

fn read(content_type: &str, body: Vec<u8>) -> Option<Page> {
    page::read(&Exchange {
        url: CanonicalUrl::parse("http://x.xuncha-demo.gov.cn/a/index.html").expect("a URL"),
        method: Method::Get,
        gathering: Gathering::Pages,
        status: 200,
        headers: vec![("content-type".to_owned(), content_type.to_owned())],
        body: body.into(),
        at: jiff::Timestamp::UNIX_EPOCH,
        hops: 0,
        via: None,
        attempts: 1,
        look: 1,
        elapsed: None,
        profile: Default::default(),
    })
}

fn html(body: String) -> Page {
    read("text/html", body.into_bytes()).expect("a page")
}

#[test]
fn a_hundred_thousand_nested_elements() {
    for (open, close) in
        [("<div>", "</div>"), ("<b>", "</b>"), ("<ul><li>", ""), ("<table><tr><td>", ""), ("<span style='display:none'>", "")]
    {
        let page = html(format!("<title>t</title>{}x{}<p>end", open.repeat(100_000), close.repeat(100_000)));
        assert!(page.document.cut, "{open}");
        drop(page);
    }
}

#[test]
fn masses_of_everything() {
    let n = 20_000;
    html(format!(
        "<ul>{}</ul>",
        (0..n).map(|i| format!("<li><a href={i}.html>第{i}条很长的标题文字</a> 2026-01-01</li>")).collect::<String>()
    ));
    html((0..n).map(|i| format!("<p>索引号：{i} 文号：{i} 发布日期：2026-01-01 来源：{i}</p>")).collect());
    html(format!("<p {}>x", (0..n).map(|i| format!("a{i}=1 ")).collect::<String>()));
    html(format!("<title>{}</title>{}", "题".repeat(n), "<h1>题</h1>".repeat(n)));
    html("<a href=x>".repeat(n));
    html("<p><font color=red>".repeat(n / 10));
    html("<!--".repeat(n));
    html("当前位置：<a href=/>首页</a> > ".repeat(n / 10));
    html("网站标识码ICP备公网安备".repeat(n));
    html(format!("<meta name=PubDate content='{}'>{}", "2026-".repeat(n), "<meta name=a content=b>".repeat(n)));
    html(format!("<p>{}</p>", "2026年1月1".repeat(n)));
    html("<%".repeat(n));
}

const PIECES: [&str; 48] = [
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<ul>",
    "<li>",
    "</ul>",
    "<a href='",
    "'>",
    "</a>",
    "<br>",
    "<h1>",
    "</h1>",
    "<title>",
    "</title>",
    "<meta name=PubDate content='",
    "<script>",
    "</script>",
    "<style>",
    "<noscript>",
    "<template>",
    "<svg>",
    "<select>",
    "<form>",
    "<!--",
    "-->",
    "<%",
    "%>",
    "索 引 号：",
    "文　号:",
    "发布日期",
    "来源：",
    "2026-01-02",
    "2026年13月99日",
    "二〇二六年一月一日",
    "当前位置：",
    "首页",
    " > ",
    "ICP备",
    "网站标识码：bm00000000",
    "公网安备",
    "第1页/共9页",
    "createPageHTML(9,0,\"index\",\"html\")",
    "\u{0}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(body in proptest::collection::vec(any::<u8>(), 0..2_000), kind in 0usize..4) {
        let content_type = ["text/html", "text/html; charset=gb2312", "text/html; charset=utf-16le", ""][kind];
        read(content_type, body);
    }

    #[test]
    fn any_order_of_pieces(order in proptest::collection::vec(0usize..PIECES.len(), 0..400), cut in 0usize..4) {
        let mut body: Vec<u8> = order.iter().map(|i| PIECES[*i]).collect::<String>().into_bytes();
        body.truncate(body.len().saturating_sub(cut));
        if let Some(page) = read("text/html", body) {
            let text = serde_json::to_string(&page).expect("serialises");
            prop_assert_eq!(serde_json::from_str::<Page>(&text).expect("reads back"), page);
        }
    }

    #[test]
    fn any_text(text in "\\PC{0,600}") {
        read("text/html", format!("<title>{text}</title><p>{text}</p><a href=\"{text}\">{text}</a>").into_bytes());
    }
}

#[test]
fn a_listing_made_by_the_server_is_no_page() {
    for listing in [
        "<!DOCTYPE HTML>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Directory listing for /a/</title></head>\n<body>\n<h1>Directory listing for /a/</h1><hr><ul><li><a href=\"b.html\">b.html</a></li></ul></body></html>",
        "<html>\r\n<head><title>Index of /a/</title></head>\r\n<body>\r\n<h1>Index of /a/</h1><hr><pre><a href=\"../\">../</a></pre></body></html>",
    ] {
        assert!(read("text/html", listing.as_bytes().to_vec()).is_none(), "{listing}");
    }
    assert!(
        read("text/html", b"<html><head><title>Index of /a/</title></head><body><h1>Notices</h1></body></html>".to_vec())
            .is_some()
    );
}
