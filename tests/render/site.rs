//! A small site whose pages are filled by scripts, and runs over it.

use crate::fault::{Reply, Seen, Server, html, status};
use crate::kept;
use std::path::Path;
use xuncha::config::{Config, Render};
use xuncha::exchange::Gathering;
use xuncha::facts::{Page, Rendering};
use xuncha::judge::Material;
use xuncha::plan::Plan;
use xuncha::run::RunFolder;

pub const HOST: &str = "www.qinglu.xuncha-demo.gov.cn";

/// Navigation of every page that is sent whole.
pub fn nav(more: &str) -> String {
    format!(
        "<div class=nav><a href=/>首页</a><a href=/gk/>政府信息公开</a><a href=/bs/>办事服务</a><a href=/hd/>互动交流</a>\
         <a href=/xq/>县情概况</a>{more}</div>"
    )
}

/// A page that is sent whole.
pub fn whole(title: &str, main: &str, more: &str) -> Reply {
    let text = "县政府召开常务会议，研究部署安全生产、防汛抗旱和民生保障工作，要求各单位压实责任，细化措施，确保落实。".repeat(3);
    html(format!(
        "<html lang=zh-CN><head><meta charset=utf-8><title>{title}_青麓县人民政府</title></head><body>{}<h1>{title}</h1>\
         <div class=content>{main}<p>{text}</p></div></body></html>",
        nav(more)
    ))
}

/// A column whose rows come by script from JSON.
pub fn column(script: &str) -> Reply {
    html(format!(
        "<html lang=zh-CN><head><meta charset=utf-8><title>通知公告_青麓县人民政府</title><meta name=ColumnName content=通知公告>\
         <meta name=ColumnType content=通知公告></head><body>{}<div class=position>当前位置：<a href=/>首页</a> &gt; \
         <a href=/tzgg/>通知公告</a></div><div class=list><ul id=rows></ul></div><script>{script}</script></body></html>",
        nav("")
    ))
}

/// The script of that column.
pub const FILLS: &str = "fetch('/api/list.json').then(r => r.json()).then(rows => { document.getElementById('rows').innerHTML = \
    rows.map(r => `<li><a href=\"${r.url}\">${r.title}</a><span>${r.date}</span></li>`).join('') })";

/// Its rows.
pub fn rows() -> Reply {
    let rows: Vec<String> = (1..=8)
        .map(|n| {
            format!(
                r#"{{"url":"/tzgg/2026/{n}.html","title":"关于开展第{n}次安全生产大检查的通知","date":"2026-10-{:02}"}}"#,
                n + 10
            )
        })
        .collect();
    json(&format!("[{}]", rows.join(",")))
}

pub fn json(text: &str) -> Reply {
    Reply::Full(200, vec![("Content-Type", "application/json".into())], text.as_bytes().to_vec())
}

pub fn script(text: &str) -> Reply {
    Reply::Full(200, vec![("Content-Type", "text/javascript".into())], text.as_bytes().to_vec())
}

/// A page of nothing but a script.
pub fn shell(script: &str) -> Reply {
    html(format!(
        "<html lang=zh-CN><head><meta charset=utf-8><title>青麓县人民政府</title></head><body><div id=app></div><script>{script}</script>\
         </body></html>"
    ))
}

/// What every site here has beside the pages of a test.
pub fn rest(seen: &Seen) -> Reply {
    match seen.path.as_str() {
        "/robots.txt" | "/sitemap.xml" => status(404),
        "/gk/" | "/bs/" | "/hd/" | "/xq/" => whole("栏目", "", ""),
        path if path.starts_with("/tzgg/2026/") => whole("关于开展安全生产大检查的通知", "<p>发布时间：2026-10-11</p>", ""),
        _ => status(404),
    }
}

/// A plan that shows pages to a browser.
pub fn plan(server: &Server, config: Config) -> Plan {
    let config = Config { resolve: vec![server.resolve(HOST)], only_resolved: true, external: false, ..config };
    let mut plan = kept::plan(&[format!("http://{HOST}/")], config);
    plan.gatherings.insert(Gathering::Render);
    plan
}

/// Limits fit for loopback, and for pages that never end.
pub fn config() -> Config {
    Config { render: Render::Auto, render_timeout: 4.0, timeout: 3.0, rate: 200.0, ..kept::config() }
}

/// Crawls into a folder.
pub async fn crawl(plan: &Plan, folder: &Path) -> RunFolder {
    let (mut run, _) = RunFolder::open(folder, plan).await.expect("opens");
    xuncha::crawl::gather(plan, &mut run, &xuncha::crawl::Silent).await.expect("gathers");
    run
}

/// The facts of a page.
pub fn page(run: &RunFolder, path: &str) -> Option<Page> {
    let mut found = None;
    run.for_each_page(&mut |page| {
        if page.url.path() == path {
            found = Some(page);
        }
        Ok(())
    })
    .expect("pages");
    found
}

/// How showing a page went.
pub fn rendering(run: &RunFolder, path: &str) -> Option<Rendering> {
    run.renderings().expect("renderings").into_iter().find(|one| one.url.path() == path)
}

/// Never more requests in any window than the rate allows.
pub fn assert_polite(log: &[Seen], rate: f64) {
    for (first, from) in log.iter().enumerate() {
        for (count, to) in log[first..].iter().enumerate() {
            let window = (to.at - from.at).as_secs_f64();
            let most = rate * window + 1.0;
            assert!(count as f64 <= most, "{} requests in {window:.3} s, {} to {}", count + 1, from.path, to.path);
        }
    }
}
