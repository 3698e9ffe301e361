//! Sites that lead a crawler on for ever, and lists that only look so: the first are cut by what they showed, the second are followed to
//! their end.

#[path = "server/fault.rs"]
mod fault;
#[path = "server/kept.rs"]
mod kept;

use fault::{Reply, Seen, Server, html, status};
use kept::{Kept, config, crawl, plan};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use xuncha::config::Config;
use xuncha::unfetched::Reason;

fn page(title: &str, body: &str) -> Reply {
    html(format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><div class=\"nav\"><a href=\"/\">首页</a></div>\
         <div class=\"main\"><h1>{title}</h1>{body}</div></body></html>"
    ))
}

fn number(seen: &Seen, name: &str) -> i64 {
    let query = seen.path.split_once('?').map_or("", |(_, query)| query);
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok()).unwrap_or(0)
}

fn value(seen: &Seen, name: &str) -> String {
    let query = seen.path.split_once('?').map_or("", |(_, query)| query);
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap_or("0").to_owned()
}

async fn serve(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> (Server, Kept) {
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/robots.txt" | "/sitemap.xml" => status(404),
        _ => answer(seen),
    })
    .await;
    let kept = crawl(&plan(&[server.url("/")], Config { rate: 10_000.0, at_once: 4, max_hops: 100, ..config() })).await;
    (server, kept)
}

/// Distinct pages that the server was asked for whose path begins so.
fn asked(server: &Server, start: &str) -> usize {
    server.log().iter().filter(|seen| seen.path.starts_with(start)).map(|seen| seen.path.clone()).collect::<BTreeSet<_>>().len()
}

fn assert_cut(kept: &Kept, word: &str) {
    let cut: Vec<_> = kept.ended_by(Reason::Trap).into_iter().collect();
    assert!(cut.iter().any(|url| url.contains(word)), "{word} is cut: {cut:?}");
    let evidence = &kept.unfetched(cut.iter().find(|url| url.contains(word)).expect("just found")).expect("it ended so").detail;
    assert!(evidence.contains("pages") && evidence.contains("32"), "which family, how many, how alike: {evidence}");
    eprintln!("figures: {word}: {} cut; {evidence}", cut.len());
}

/// A month of a calendar: its days, events of the site's own years, and the months around it.
fn month(seen: &Seen) -> Reply {
    let (year, month) = (number(seen, "year"), number(seen, "month"));
    let at = year * 12 + month - 1;
    let link =
        |at: i64, text: &str| format!("<a href=\"/rl?year={}&month={}\">{text}</a>", at.div_euclid(12), at.rem_euclid(12) + 1);
    let mut days: String = (1..=28).map(|day| format!("<td>{day}</td>")).collect();
    days.push_str(&format!("<td><a href=\"/rl/add?day={year}-{month:02}-29\">29</a></td>"));
    let now = 2026 * 12 + 9;
    let event = if (at - now).abs() <= 9 {
        format!("<p><a href=\"/event/{at}.html\">局长接待日安排（第{at}号）</a></p>")
    } else {
        String::new()
    };
    page(
        &format!("{year}年{month}月"),
        &format!("<table><tr>{days}</tr></table>{event}{}{}", link(at - 1, "上月"), link(at + 1, "下月")),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_is_followed_as_far_as_it_says_something() {
    let (server, kept) = serve(|seen| match seen.path.as_str() {
        // Years beside months: more than one way into the far past.
        "/" => page(
            "首页",
            &(0..90).map(|n| format!("<a href=\"/rl?year={}&month=10\">{}年</a>", 1980 + n, 1980 + n)).collect::<String>(),
        ),
        path if path.starts_with("/rl?") => month(seen),
        path if path.starts_with("/rl/add") => page("登记", "<p>请先登录后登记日程。</p>"),
        path => page(path, &format!("<p>接待日安排的正文，编号{path}，地点在一楼大厅，请携带身份证件。</p>")),
    })
    .await;
    assert_eq!(asked(&server, "/event/"), 19, "every event is found");
    assert_cut(&kept, "/rl?");
    let months = asked(&server, "/rl?");
    assert!(months < 400, "{months} months asked for, ninety of them because the home page names them");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_session_in_every_link_is_one_site() {
    let next = AtomicU64::new(1);
    let session = move || format!("{:016x}ab", next.fetch_add(1, Ordering::SeqCst).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let (server, kept) = serve(move |seen| {
        let token = session();
        let links: String = (0..8)
            .map(|n| format!("<a href=\"/s/{token}/n{n}.html\">文章{n}</a><a href=\"/v;jsessionid={token}?n={n}\">视频{n}</a>"))
            .collect();
        let name = seen.path.rsplit('/').next().unwrap_or_default();
        let name = name.split_once('?').map_or(name, |(_, query)| query);
        page("栏目", &format!("<p>这里是{}的正文，与会话无关，每次都一样。</p>{links}", words(name)))
    })
    .await;
    for n in 0..8 {
        assert!(kept.pages().iter().any(|url| url.contains("/s/") && url.ends_with(&format!("n{n}.html"))), "article {n}");
        assert!(kept.pages().iter().any(|url| url.contains("jsessionid") && url.ends_with(&format!("?n={n}"))), "film {n}");
    }
    assert_cut(&kept, "/s/");
    assert_cut(&kept, "jsessionid");
    assert!(server.log().len() < 700, "{} requests", server.log().len());
}

/// Digits as words, so that texts differ in letters.
fn words(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c, |d| "零壹贰叁肆伍陆柒捌玖".chars().nth(d as usize).unwrap_or(c))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_feeds_on_itself_ends() {
    let (server, kept) = serve(|seen| match seen.path.as_str() {
        "/" => page("首页", "<a href=\"/maze/\">迷宫</a>"),
        _ => page("目录", "<p>目录说明：请选择下一级。</p><a href=\"a/\">甲</a><a href=\"bb/\">乙</a><a href=\"cc/\">丙</a>"),
    })
    .await;
    assert_cut(&kept, "/maze/");
    let mazes = asked(&server, "/maze/");
    assert!(mazes < 150, "{mazes} pages of the maze");
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_and_filters_of_one_list_end() {
    const NAMES: [&str; 4] = ["sort", "order", "view", "region"];
    let (server, kept) = serve(|seen| {
        if seen.path.starts_with("/item/") {
            return page(&seen.path, &format!("<p>项目{}的说明，共一页。</p>", words(&seen.path)));
        }
        let now: Vec<String> = NAMES.iter().map(|name| value(seen, name)).collect();
        let mut links = String::new();
        for (at, name) in NAMES.iter().enumerate() {
            for choice in ["1", "2", "3", "4"] {
                let mut with = now.clone();
                with[at] = choice.to_owned();
                let query: Vec<String> = NAMES
                    .iter()
                    .zip(&with)
                    .filter(|(_, value)| *value != "0")
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                links.push_str(&format!("<a href=\"/list?{}\">{name}{choice}</a>", query.join("&")));
            }
        }
        let region = now[3].parse::<usize>().unwrap_or(0);
        let mut items: Vec<usize> = (0..24).filter(|n| region == 0 || n % 4 + 1 == region).collect();
        if now[0] == "2" {
            items.reverse();
        }
        let items: String = items
            .iter()
            .map(|n| format!("<li><a href=\"/item/{n}.html\">第{}号行政许可事项</a></li>", words(&n.to_string())))
            .collect();
        page("办事事项", &format!("<ul>{items}</ul>{links}"))
    })
    .await;
    assert_eq!(asked(&server, "/item/"), 24);
    assert_cut(&kept, "/list?");
    let lists = asked(&server, "/list?");
    assert!(lists < 400, "{lists} of 624 permutations asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_followed_to_their_end_and_not_beyond() {
    let (server, kept) = serve(|seen| {
        let next = |url: String| format!("<div class=\"page\"><a href=\"{url}\">下一页</a></div>");
        let items = |of: &str, page: i64| {
            (0..5)
                .map(|n| {
                    format!("<li><a href=\"/{of}/{}.html\">{}公告</a></li>", page * 5 + n, words(&(page * 5 + n).to_string()))
                })
                .collect::<String>()
        };
        match seen.path.as_str() {
            "/" => page(
                "首页",
                "<a href=\"/news?cat=0&page=1\">全部</a><a href=\"/news?cat=1&page=1\">一类</a><a href=\"/tz/\">通知</a>\
                <a href=\"/tail?page=1\">末尾</a><a href=\"/leaf?id=1\">人物</a><a href=\"/data?m=1\">数据</a>",
            ),
            // Two hundred pages that know their next one only: far deeper than links are followed otherwise. The second list shows
            // nothing that the first has not shown.
            path if path.starts_with("/news?") => {
                let (cat, at) = (number(seen, "cat"), number(seen, "page"));
                let more = if at < if cat == 0 { 120 } else { 60 } {
                    next(format!("/news?cat={cat}&page={}", at + 1))
                } else {
                    String::new()
                };
                page("新闻", &format!("<ul>{}</ul>{more}", items("news", at)))
            }
            path if path.starts_with("/tz/index_") || path == "/tz/" => {
                let at: i64 = path.trim_start_matches("/tz/index_").trim_end_matches(".html").parse().unwrap_or(0);
                let more = if at < 50 { next(format!("/tz/index_{}.html", at + 1)) } else { String::new() };
                page("通知", &format!("<ul>{}</ul>{more}", items("tz", at)))
            }
            // Past its tenth page this list goes on for ever with nothing.
            path if path.starts_with("/tail?") => {
                let at = number(seen, "page");
                let shown = if at <= 10 { items("tail", at) } else { "<p>暂无数据</p>".to_owned() };
                page("末尾", &format!("<ul>{shown}</ul><p>第{at}页，共10页</p>{}", next(format!("/tail?page={}", at + 1))))
            }
            // Pages that are each other's neighbours and no list: short ones, and ones of figures.
            path if path.starts_with("/leaf?") => {
                let at = number(seen, "id");
                let more = if at < 60 { format!("<a href=\"/leaf?id={}\">后一位</a>", at + 1) } else { String::new() };
                page("人物", &format!("<p>{}同志</p>{more}", words(&(at * 7919).to_string())))
            }
            path if path.starts_with("/data?") => {
                let at = number(seen, "m");
                let more = if at < 60 { format!("<a href=\"/data?m={}\">下月</a>", at + 1) } else { String::new() };
                page(
                    "数据",
                    &format!(
                        "<table><tr><td>收入</td><td>{}</td><td>支出</td><td>{}</td><td>{}</td></tr></table>{more}",
                        at * 131 + 5000,
                        at * 977 + 9000,
                        at * 31 + 10_000
                    ),
                )
            }
            path => page(path, &format!("<p>正文{}，特此公告。</p>", words(path))),
        }
    })
    .await;
    let at = |path: &str| kept.looks(&server.url(path));
    assert_eq!(at("/news?cat=0&page=120"), ["200"]);
    assert_eq!(at("/news?cat=1&page=60"), ["200"], "what another list showed proves nothing");
    assert_eq!(at("/tz/index_50.html"), ["200"]);
    assert_eq!(at("/leaf?id=60"), ["200"]);
    assert_eq!(at("/data?m=60"), ["200"]);
    for (folder, most) in [("news", 120), ("tz", 50), ("tail", 10)] {
        for n in 5..=most * 5 + 4 {
            assert_eq!(at(&format!("/{folder}/{n}.html")), ["200"], "{folder} {n}");
        }
    }
    assert_cut(&kept, "/tail?");
    assert!(kept.ended_by(Reason::Trap).iter().all(|url| url.contains("/tail?")), "{:?}", kept.ended_by(Reason::Trap));
    assert!(asked(&server, "/tail?") < 60);
}
