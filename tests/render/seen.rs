//! What is seen through a browser.

use crate::fault::{Reply, Seen, Server, html};
use crate::site::*;
use xuncha::config::{Config, Render};
use xuncha::judge::Material;
use xuncha::plan::Target;
use xuncha::run::RunFolder;

/// A column filled from JSON, a shell, a wall.
fn site(seen: &Seen) -> Reply {
    match seen.path.as_str() {
        "/" => whole("首页", "", "<a href=/tzgg/>通知公告</a><a href=/app/>专题</a><a href=/wall/>政策文件库</a>"),
        "/tzgg/" => column(FILLS),
        "/api/list.json" => rows(),
        "/app/" => html(
            "<html lang=zh-CN><head><meta charset=utf-8><title>专题</title><script src=/app.js defer></script></head><body>\
             <div id=app></div><img src=/logo.png></body></html>",
        ),
        "/app.js" => script(
            "fetch('/api/app.json').then(r => r.json()).then(a => { document.title = a.title; \
             history.pushState({}, '', '/app/home'); document.getElementById('app').innerHTML = `<h1>${a.title}</h1><p>${a.text}</p><a href=/app/one.html>第一期</a>` })",
        ),
        "/api/app.json" => json(
            r#"{"title":"优化营商环境专题","text":"为持续优化营商环境，县政府办公室会同各有关单位梳理政策措施，集中公开，方便企业和群众查询使用，并定期更新内容。"}"#,
        ),
        "/app/one.html" => whole("优化营商环境第一期", "", ""),
        "/wall/" if seen.head.contains("pass=41") => {
            whole("政策文件库", "<a href=/wall/one.html>政策一</a><a href=/wall/two.html>政策二</a>", "")
        }
        "/wall/" => {
            let body = "<html><head><meta charset=utf-8></head><body><script>document.cookie = 'pass=' + (40 + 1) + ';path=/'; \
                        location.reload()</script></body></html>";
            Reply::Full(412, vec![("Content-Type", "text/html".into())], body.as_bytes().to_vec())
        }
        "/wall/one.html" | "/wall/two.html" => whole("政策", "", ""),
        _ => rest(seen),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_scripts_fill_is_seen_kept_and_replayed() {
    let server = Server::start(site).await;
    let space = tempfile::tempdir().expect("space");
    let plan = plan(&server, config());
    let run = crawl(&plan, &space.path().join("run")).await;

    // The column: its rows, and the documents that they lead to.
    let column = page(&run, "/tzgg/").expect("a page");
    let list = column.list.as_ref().expect("a list");
    assert!(column.rendered && !list.script_filled, "{list:?}");
    assert_eq!(list.items.len(), 8);
    for n in 1..=8 {
        let document = page(&run, &format!("/tzgg/2026/{n}.html")).expect("a document that only the script named");
        assert!(!document.rendered && document.hops == 2, "{}", document.hops);
        assert_eq!(document.via.as_ref().map(|via| via.path()), Some("/tzgg/"));
    }
    // The shell.
    let app = page(&run, "/app/").expect("a page");
    assert!(app.rendered && app.title().contains("优化营商环境") && app.document.main_text().contains("集中公开"));
    assert!(page(&run, "/app/one.html").is_some());
    // The wall: two looks of ours met it, the browser passed.
    let wall = page(&run, "/wall/").expect("a page behind the wall");
    assert!(wall.rendered && wall.status == 200 && page(&run, "/wall/two.html").is_some());
    let shown = rendering(&run, "/wall/").expect("rendered");
    assert!(shown.is_clean() && shown.failed.is_none(), "{shown:?}");
    // Only they, and with a picture each.
    let all = run.renderings().expect("renderings");
    assert_eq!(all.iter().map(|one| one.url.path()).collect::<Vec<_>>(), ["/app/", "/tzgg/", "/wall/"]);
    for one in &all {
        let picture = one.picture.as_ref().expect("a picture");
        let png = run.picture(&picture.sha256).expect("reads").expect("kept");
        assert_eq!((&png[..4], png.len() as u64), (&b"\x89PNG"[..], picture.bytes));
        assert_eq!(png_size(&png), (picture.width, picture.height));
        assert!(one.browser.contains("Chrom"), "{}", one.browser);
    }
    // Its pictures were spared the server, and everything that was sent bears our name.
    let referred = |path: &str| server.asked(path).into_iter().filter(|seen| seen.head.contains("referer:")).count();
    assert_eq!((referred("/logo.png"), referred("/favicon.ico"), referred("/api/app.json")), (0, 0, 1));
    assert!(server.log().iter().all(|seen| seen.head.to_lowercase().contains("xuncha/")), "{:?}", server.log().last());
    assert!(server.log().iter().all(|seen| matches!(seen.method.as_str(), "GET" | "HEAD")));
    assert_eq!(server.asked("/app.js").len(), 1);

    // The capture alone shows the same, without a browser and without a request.
    let before = server.log().len();
    let mut replay = crate::site::plan(&server, config());
    replay.target = Target::Warc(vec![space.path().join("run/capture.warc.gz")]);
    replay.config.browser = "/nowhere/chromium".into();
    let again = crawl(&replay, &space.path().join("replay")).await;
    assert_eq!(again.renderings().expect("renderings"), all);
    for path in ["/tzgg/", "/app/", "/wall/", "/"] {
        assert_eq!(page(&again, path), page(&run, path), "{path}");
    }
    let states = |run: &RunFolder| {
        let mut states = Vec::new();
        run.for_each_state(&mut |state| {
            states.push(state);
            Ok(())
        })
        .expect("states");
        states
    };
    assert_eq!(states(&again), states(&run));
    assert!(Material::info(&again).complete);
    assert_eq!(again.material_digest().expect("digest"), run.material_digest().expect("digest"));
    let picture = all[0].picture.as_ref().expect("a picture");
    assert!(again.picture(&picture.sha256).expect("reads").is_some(), "the picture is found in the capture that was named");
    assert_eq!(server.log().len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gate_holds_for_the_browser_too() {
    let server = Server::start(site).await;
    let space = tempfile::tempdir().expect("space");
    let plan = plan(&server, Config { rate: 8.0, ..config() });
    let run = crawl(&plan, space.path()).await;
    assert_eq!(run.renderings().expect("renderings").iter().filter(|one| one.is_clean()).count(), 3);
    assert_polite(&server.log(), 8.0);
    assert!(page(&run, "/tzgg/2026/8.html").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_and_scope_hold_for_the_browser_too() {
    let server = Server::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => {
            Reply::Full(200, vec![("Content-Type", "text/plain".into())], b"User-agent: *\nDisallow: /api/\n".to_vec())
        }
        "/" => whole("首页", "", "<a href=/tzgg/>通知公告</a><a href=/away/>专题</a>"),
        "/away/" => shell("location.href = 'http://elsewhere.xuncha-demo.cn/'"),
        _ => site(seen),
    })
    .await;
    let space = tempfile::tempdir().expect("space");
    let run = crawl(&plan(&server, config()), space.path()).await;
    let column = page(&run, "/tzgg/").expect("a page");
    // Its rows were never seen: nobody says that there are none.
    assert!(column.list.as_ref().is_some_and(|list| list.script_filled && list.items.is_empty()), "{:?}", column.list);
    let shown = rendering(&run, "/tzgg/").expect("shown");
    assert_eq!(shown.refused.get("robots"), Some(&1), "{shown:?}");
    assert!(server.asked("/api/list.json").is_empty());
    let away = rendering(&run, "/away/").expect("tried");
    assert_eq!((away.failed.as_deref(), away.detail.as_str()), (Some("moved"), "http://elsewhere.xuncha-demo.cn/"));
    assert!(page(&run, "/away/").is_some_and(|page| !page.rendered));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_static_site_starts_no_browser() {
    let server = Server::start(|seen: &Seen| match seen.path.as_str() {
        "/" => whole("首页", "<script src=/tj.js></script>", "<a href=/tzgg/2026/1.html>通知</a><a href=/full/>公告</a>"),
        "/full/" => {
            let rows: String =
                (1..=6).map(|n| format!("<li><a href=/tzgg/2026/{n}.html>关于第{n}次检查的通知</a>2026-10-1{n}</li>")).collect();
            whole("通知公告", &format!("<ul>{rows}</ul><script>$.get('/visits')</script>"), "")
        }
        _ => rest(seen),
    })
    .await;
    let space = tempfile::tempdir().expect("space");
    let (browser, mark) = (space.path().join("browser"), space.path().join("started"));
    std::fs::write(&browser, format!("#!/bin/sh\ntouch {}\n", mark.display())).expect("written");
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).expect("a program");
    let with = |render| Config { browser: browser.display().to_string(), render, ..config() };
    let run = crawl(&plan(&server, with(Render::Auto)), &space.path().join("auto")).await;
    assert!(page(&run, "/full/").is_some() && run.renderings().expect("renderings").is_empty());
    assert!(!mark.exists(), "no page wanted a browser");
    // The mark is one: with `always` it is there, and a browser that does not start costs nothing but what it would have shown.
    let run = crawl(&plan(&server, with(Render::Always)), &space.path().join("always")).await;
    assert!(mark.exists() && page(&run, "/full/").is_some_and(|page| !page.rendered));
}

#[tokio::test(flavor = "multi_thread")]
async fn always_shows_every_page_and_agrees_with_what_was_sent() {
    let server = Server::start(site).await;
    let space = tempfile::tempdir().expect("space");
    let run = crawl(&plan(&server, Config { render: Render::Always, ..config() }), &space.path().join("always")).await;
    let sent = crawl(&plan(&server, Config { render: Render::Never, ..config() }), &space.path().join("never")).await;
    assert!(sent.renderings().expect("renderings").is_empty());
    let mut pages = 0;
    sent.for_each_page(&mut |sent| {
        let shown = page(&run, sent.url.path()).expect("also there");
        assert!(shown.rendered, "{}", sent.url);
        if sent.by_script.is_none() {
            pages += 1;
            assert_eq!((shown.title(), &shown.digest, shown.kind), (sent.title(), &sent.digest, sent.kind));
            assert_eq!(shown.document.main_text(), sent.document.main_text());
        }
        Ok(())
    })
    .expect("pages");
    assert!(pages >= 5, "{pages}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_goes_on_from_another_sees_new_rows_behind_an_unchanged_shell() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    let more = Arc::new(AtomicBool::new(false));
    let told = more.clone();
    let server = Server::start(move |seen: &Seen| match seen.path.as_str() {
        "/" => whole("首页", "", "<a href=/tzgg/>通知公告</a>"),
        "/api/list.json" if told.load(Ordering::SeqCst) => {
            json(r#"[{"url":"/tzgg/2026/9.html","title":"关于开展第9次安全生产大检查的通知","date":"2026-11-20"}]"#)
        }
        _ => site(seen),
    })
    .await;
    let space = tempfile::tempdir().expect("space");
    let (first, second) = (space.path().join("first"), space.path().join("second"));
    let plan = plan(&server, config());
    drop(crawl(&plan, &first).await);
    more.store(true, Ordering::SeqCst);
    let options = xuncha::run::RunOptions { since: Some(first), ..Default::default() };
    let (mut run, _) = RunFolder::open_with(&second, &plan, options).await.expect("opens");
    xuncha::crawl::gather(&plan, &mut run, &xuncha::crawl::Silent).await.expect("gathers");
    let items = page(&run, "/tzgg/").and_then(|page| page.list).expect("a list").items;
    assert_eq!(items.len(), 1, "{items:?}");
    assert!(page(&run, "/tzgg/2026/9.html").is_some() && page(&run, "/tzgg/2026/1.html").is_none());
    assert!(run.pages_and_taken_over().await.expect("counts").1 >= 4, "pages that are sent whole are not read again");
}

/// Width and height of a PNG.
fn png_size(png: &[u8]) -> (u32, u32) {
    let number = |at: usize| u32::from_be_bytes([png[at], png[at + 1], png[at + 2], png[at + 3]]);
    (number(16), number(20))
}
