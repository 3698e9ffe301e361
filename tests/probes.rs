//! Probes against a server on loopback: what is asked, what is kept, and that the capture alone shows the same.

#[path = "server/fault.rs"]
mod fault;
#[path = "server/kept.rs"]
mod kept;

use fault::{Reply, Server, html, status};
use kept::{config, plan};
use std::collections::BTreeSet;
use xuncha::config::Config;
use xuncha::exchange::Gathering;
use xuncha::facts::Site;
use xuncha::facts::probes::Probes;
use xuncha::judge::Material;
use xuncha::plan::{Plan, Target};
use xuncha::run::RunFolder;

const HOST: &str = "www.gaj.xuncha-demo.gov.cn";
const ALL: [Gathering; 6] = [
    Gathering::RandomPath,
    Gathering::SecondProfile,
    Gathering::Certificate,
    Gathering::Aaaa,
    Gathering::Search,
    Gathering::SecurityTxt,
];

fn article(n: usize) -> String {
    let text = "会议要求，各单位要细化措施，明确分工，加强值班备勤，发现问题及时报告，确保全市社会大局平安稳定。".repeat(4);
    format!(
        "<html lang=zh-CN><head><title>市公安局部署第{n}次春季安全检查工作_某市公安局</title></head><body><h1>市公安局部署第{n}次春季安全检查工作</h1>\
         <p>发布时间：2024-03-{:02}</p><div class=content><p>{text}</p></div></body></html>",
        n + 10
    )
}

fn home(beside: &str) -> String {
    let list: String = (1..=6)
        .map(|n| {
            format!("<li><a href=/jwdt/{n}.html>市公安局部署第{n}次春季安全检查工作</a><span>2024-03-{:02}</span></li>", n + 10)
        })
        .collect();
    format!(
        "<html lang=zh-CN><head><title>某市公安局</title></head><body><form action=/search><input name=q placeholder=站内搜索>\
         <input type=hidden name=site value=1></form><div class=nav><a href=/jwdt/>工作动态</a></div><ul>{list}</ul>{beside}</body></html>"
    )
}

/// A site with a soft 404, a link that only a search engine is shown, a clock that differs each time, and a search that works.
fn site(seen: &fault::Seen) -> Reply {
    let engine = seen.head.contains("Baiduspider");
    let path = seen.path.split('?').next().unwrap_or_default();
    match path {
        "/robots.txt" | "/sitemap.xml" => status(404),
        "/" if engine => html(home("<p><a href=http://bet.xuncha-demo.cn/>澳门新葡京</a></p>")),
        "/" => html(home(&format!("<p>您是第 {} 位访客</p>", seen.before))),
        "/jwdt/" => html(home("")),
        "/search" if seen.path.contains("site=1") => {
            let found = (1..=6).find(|n| seen.path.contains(&format!("%E7%AC%AC{n}%E6%AC%A1")));
            html(match found {
                Some(n) => format!(
                    "<html><title>搜索</title><body><p>共 1 条</p><a href=/jwdt/{n}.html>市公安局部署第{n}次春季安全检查工作</a></body></html>"
                ),
                None => "<html><title>搜索</title><body><p>没有找到</p></body></html>".to_owned(),
            })
        }
        "/.well-known/security.txt" => Reply::Full(
            200,
            vec![("Content-Type", "text/plain".into())],
            b"# x\nContact: mailto:a@b.cn\nExpires: 2030-01-01T00:00:00Z\n".to_vec(),
        ),
        _ if path.starts_with("/jwdt/") && path.len() < 14 => html(article(path[6..7].parse().unwrap_or(1))),
        _ => html(
            "<html><title>某市公安局</title><body><p>您访问的页面不存在，三秒后返回首页，请稍候再试或者联系网站管理员处理。</p></body></html>",
        ),
    }
}

fn probing(server: &Server, gatherings: &[Gathering]) -> Plan {
    let config = Config { resolve: vec![server.resolve(HOST)], only_resolved: true, ..config() };
    let mut plan = plan(&[format!("http://{HOST}/")], config);
    plan.gatherings = gatherings.iter().copied().chain([Gathering::Pages, Gathering::LinkCheck]).collect::<BTreeSet<_>>();
    plan
}

async fn crawl(plan: &Plan, folder: &std::path::Path) -> Probes {
    let (mut run, _) = RunFolder::open(folder, plan).await.expect("opens");
    xuncha::crawl::gather(plan, &mut run, &xuncha::crawl::Silent).await.expect("gathers");
    run.probes().expect("reads")
}

#[tokio::test]
async fn every_probe_is_asked_kept_and_replayed() {
    let server = Server::start(site).await;
    let space = tempfile::tempdir().expect("space");
    let plan = probing(&server, &ALL);
    let probes = crawl(&plan, &space.path().join("run")).await;

    assert_eq!(probes.random_paths.len(), 2, "one at the root, one beside a column");
    for path in &probes.random_paths {
        assert_eq!((path.status, path.title.as_str()), (200, "某市公安局"));
        assert!(path.simhash != 0 && path.landed.is_none() && path.url.path().contains("xuncha-"));
    }
    let engine: Vec<_> = probes.second_profiles.iter().filter(|p| p.profile == "search-engine" && p.url.is_root()).collect();
    assert_eq!(engine.len(), 1);
    assert_eq!(engine[0].only_there, [("http://bet.xuncha-demo.cn/".to_owned(), "澳门新葡京".to_owned())]);
    let referred = probes.second_profiles.iter().find(|p| p.profile == "search-referrer" && p.url.is_root()).expect("asked");
    assert!(referred.only_there.is_empty(), "{referred:?}");
    assert_eq!(probes.searches.len(), 5);
    assert!(
        probes.searches.iter().all(|search| search.found && search.status == 200 && !search.script_filled),
        "{:?}",
        probes.searches
    );
    assert_eq!(probes.security.len(), 1);
    assert_eq!(
        (probes.security[0].contacts.as_slice(), probes.security[0].html),
        (["mailto:a@b.cn".to_owned()].as_slice(), false)
    );
    // Not looked up where the user says where the host is; nothing encrypted to shake hands with.
    assert!(probes.addresses.is_empty() && probes.certificates.is_empty());
    assert!(server.log().iter().all(|seen| matches!(seen.method.as_str(), "GET" | "HEAD")));
    let spider = server.log().into_iter().filter(|seen| seen.head.contains("Baiduspider")).count();
    let referrer =
        server.log().into_iter().filter(|seen| seen.head.to_lowercase().contains("referer: https://www.baidu.com")).count();
    assert_eq!((spider, referrer), (2, 2), "home page and column front");

    let before = server.log().len();
    let capture = space.path().join("run/capture.warc.gz");
    let mut replay = probing(&server, &ALL);
    replay.target = Target::Warc(vec![capture]);
    assert_eq!(crawl(&replay, &space.path().join("replay")).await, probes);
    assert_eq!(server.log().len(), before, "a replay asks nobody");
    let (run, _) = RunFolder::open(&space.path().join("replay"), &replay).await.expect("opens");
    assert!(Material::info(&run).complete, "the counts of the last record hold with probes");
    let mut urls = BTreeSet::new();
    run.for_each_state(&mut |state| {
        urls.insert(state.gathering);
        Ok(())
    })
    .expect("states");
    assert!(urls.iter().all(|gathering| !gathering.is_probe()), "probes are no URLs of the site: {urls:?}");
}

#[tokio::test]
async fn nothing_is_probed_that_no_rule_asks_for() {
    let server = Server::start(site).await;
    let space = tempfile::tempdir().expect("space");
    let probes = crawl(&probing(&server, &[]), space.path()).await;
    assert_eq!(probes, Probes::default());
    assert!(
        server
            .log()
            .iter()
            .all(|seen| !seen.path.contains("xuncha-") && !seen.path.contains("well-known") && !seen.path.contains("search?"))
    );
}

#[tokio::test]
async fn responses_are_timed_and_the_times_replayed() {
    let server = Server::start(site).await;
    let space = tempfile::tempdir().expect("space");
    let plan = probing(&server, &[]);
    crawl(&plan, &space.path().join("run")).await;
    let mut replay = probing(&server, &[]);
    replay.target = Target::Warc(vec![space.path().join("run/capture.warc.gz")]);
    crawl(&replay, &space.path().join("replay")).await;
    let mut times = Vec::new();
    for (name, plan) in [("run", &plan), ("replay", &replay)] {
        let (run, _) = RunFolder::open(&space.path().join(name), plan).await.expect("opens");
        let mut found = Vec::new();
        run.for_each_page(&mut |page| {
            found.push((page.url.clone(), page.transport.elapsed.expect("timed")));
            Ok(())
        })
        .expect("pages");
        times.push(found);
    }
    assert!(times[0].len() >= 8);
    assert_eq!(times[0], times[1]);
    assert!(Site::default().load_times.is_empty());
}
