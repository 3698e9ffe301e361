//! Pages and sitemaps made to exhaust whoever reads them, and redirects that lead inside.

use crate::fault::{Reply, Seen, Server, html, redirect, status};
use crate::kept::{config, crawl, plan};
use std::io::Write;
use std::time::Duration;
use xuncha::config::Config;
use xuncha::exchange::Gathering;
use xuncha::unfetched::Reason;

fn xml(text: String) -> Reply {
    Reply::Full(200, vec![("Content-Type", "application/xml".into())], text.into_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_hundred_thousand_links_has_its_budget() {
    let links: String = (0..100_000).map(|n| format!("<a href=\"/p/{n}.html\">{n}</a>")).collect();
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/robots.txt" | "/sitemap.xml" => status(404),
        "/" => html(format!("<!DOCTYPE html><html><body>{links}")),
        _ => html("<!DOCTYPE html><html><body>页"),
    })
    .await;
    let config = Config { max_pages: 50, max_bytes: 8 << 20, rate: 10_000.0, timeout: 60.0, ..config() };
    let kept = crawl(&plan(&[server.url("/")], config)).await;
    assert_eq!(kept.pages().len(), 50);
    assert_eq!(kept.discovered.len(), 50 + kept.ended_by(Reason::Budget).len(), "what was not had is told");
    assert!(kept.discovered.len() > 20_000, "{}", kept.discovered.len());
}

/// Indexes that name themselves and each other, bombs, and files without an end.
fn sitemaps(seen: &Seen) -> Reply {
    match seen.path.as_str() {
        "/robots.txt" => status(404),
        "/" => html("<!DOCTYPE html><html><title>首页</title><body>正文"),
        "/sitemap.xml" => {
            let children: String = (0..200).map(|n| format!("<sitemap><loc>/s/{n}.xml</loc></sitemap>")).collect();
            xml(format!("<sitemapindex><sitemap><loc>/sitemap.xml</loc></sitemap>{children}</sitemapindex>"))
        }
        path if path.starts_with("/s/") => match path.bytes().filter(u8::is_ascii_digit).map(usize::from).sum::<usize>() % 6 {
            0 => xml(format!("<sitemapindex>{}</sitemapindex>", "<sitemap><loc>/sitemap.xml</loc></sitemap>".repeat(1000))),
            1 => {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                let entry = b"<url><loc>/same</loc></url>".repeat(10_000);
                for _ in 0..40 {
                    encoder.write_all(&entry).expect("memory takes it");
                }
                Reply::Full(200, vec![("Content-Type", "application/gzip".into())], encoder.finish().expect("memory takes it"))
            }
            2 => Reply::Flow {
                head: "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n<urlset>".into(),
                piece: b"<url><loc>/flow</loc></url>".repeat(4_000),
                times: 2_000,
                pause: Duration::ZERO,
            },
            3 => xml(format!(
                "<!DOCTYPE x [<!ENTITY a \"{}\">]><urlset><url><loc>&a;&a;&a;</loc></url></urlset>",
                "ha".repeat(5_000)
            )),
            4 => xml("<a>".repeat(200_000)),
            _ => redirect(format!("{path}x")),
        },
        _ => html("<!DOCTYPE html><html><body>页"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sitemap_bomb_goes_off_within_bounds() {
    let server = Server::start(sitemaps).await;
    let config = Config { rate: 10_000.0, timeout: 20.0, ..config() };
    let kept = tokio::time::timeout(Duration::from_secs(120), crawl(&plan(&[server.url("/")], config))).await.expect("it ends");
    let files: std::collections::BTreeSet<String> = server
        .log()
        .into_iter()
        .filter(|seen| seen.path.ends_with(".xml") || seen.path.ends_with('x'))
        .map(|seen| seen.path)
        .collect();
    assert!(files.len() <= xuncha::crawl::sitemap::MOST_FILES, "{} sitemap files", files.len());
    assert!(kept.discovered.iter().all(|found| found.gathering == Gathering::Pages));
    assert!(kept.discovered.len() < 10, "{:?}", kept.discovered.len());
    let flowed = server.flowed.load(std::sync::atomic::Ordering::SeqCst);
    assert!(flowed < 200 << 20, "{flowed} bytes of endless sitemaps, most of them in the buffers of connections");
    crate::table::assert_memory(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_inside_are_refused_and_nothing_is_sent() {
    let private = Server::start(|_| html("<html>inside")).await;
    let inside = private.url("/admin");
    let to = inside.clone();
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/robots.txt" | "/sitemap.xml" => status(404),
        "/" => html("<!DOCTYPE html><html><body><a href=/a>1</a><a href=/b>2</a><a href=/c>3</a><a href=/d>4</a>"),
        "/a" => redirect(to.clone()),
        "/b" => redirect("http://169.254.169.254/latest/meta-data/"),
        "/c" => redirect("http://[::1]:1/"),
        _ => redirect("http://10.0.0.1/"),
    })
    .await;
    let kept = crawl(&plan(&[server.url("/")], config())).await;
    for url in [inside.as_str(), "http://169.254.169.254/latest/meta-data/", "http://[::1]:1/", "http://10.0.0.1/"] {
        assert_eq!(kept.looks(url), ["private-address"], "{url}");
    }
    assert!(private.log().is_empty());
}
