//! A site whose server fails at random is judged as one that does not: 503, challenges and resets for a share of the requests.

#[path = "server/fault.rs"]
mod fault;
#[path = "server/kept.rs"]
mod kept;

use fault::{Reply, Seen, Server, status};
use kept::{config, plan};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use xuncha::config::Config;
use xuncha::facts::site::{Truth, truth};
use xuncha::judge::Material;

/// One request in so many fails.
const ONE_IN: u64 = 12;
const CHALLENGE: &str = "<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></head><body></body></html>";

fn site() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites/psb-yunxi/www")
}

/// A file of the site, or 404.
fn file(path: &str) -> Reply {
    let path = path.split('?').next().unwrap_or_default().trim_start_matches('/');
    let name = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let media = match name.rsplit('.').next() {
        Some("html" | "htm") => "text/html",
        Some("txt") => "text/plain",
        Some("xml") => "application/xml",
        _ => "application/octet-stream",
    };
    match std::fs::read(site().join(name)) {
        Ok(body) => Reply::Full(200, vec![("Content-Type", media.into())], body),
        Err(_) => status(404),
    }
}

/// What every URL of a crawl was told as, and what its pages were.
async fn told(seed: u64, faults: Arc<AtomicUsize>) -> (BTreeMap<String, (Truth, usize)>, BTreeMap<String, String>) {
    let failed = faults.clone();
    let server = Server::start(move |seen: &Seen| {
        // A request fails by its path and its turn, so that the order in which requests come decides nothing.
        let dice = xxhash_rust::xxh3::xxh3_64(format!("{seed} {} {} {}", seen.method, seen.path, seen.before).as_bytes());
        if seed == 0 || !dice.is_multiple_of(ONE_IN) || seen.path == "/robots.txt" {
            return file(&seen.path);
        }
        failed.fetch_add(1, Ordering::SeqCst);
        match dice / ONE_IN % 3 {
            0 => status(503),
            1 => Reply::Full(412, vec![("Content-Type", "text/html".into())], CHALLENGE.into()),
            _ => Reply::Reset,
        }
    })
    .await;
    let host = "www.psb-yunxi.xuncha-demo.gov.cn";
    let resolve = vec![server.resolve(host)];
    let config = Config { resolve, only_resolved: true, max_attempts: 3, rate: 2000.0, at_once: 16, ..config() };
    let plan = plan(&[format!("http://{host}/")], config);
    let out = tempfile::tempdir().expect("a folder");
    let (mut folder, _) = xuncha::run::RunFolder::open(&out.path().join("run"), &plan).await.expect("opens");
    xuncha::crawl::gather(&plan, &mut folder, &xuncha::crawl::Silent).await.expect("it ends well");
    tokio::task::spawn_blocking(move || {
        let (mut truths, mut pages) = (BTreeMap::new(), BTreeMap::new());
        folder
            .for_each_state(&mut |state| {
                if !matches!(state.gathering, xuncha::exchange::Gathering::Robots | xuncha::exchange::Gathering::Sitemap) {
                    truths.insert(state.url.to_string(), (truth(&state.url, &state.looks), state.hops as usize));
                }
                Ok(())
            })
            .expect("states");
        folder
            .for_each_page(&mut |page| {
                pages.insert(page.url.to_string(), page.digest);
                Ok(())
            })
            .expect("pages");
        drop(out);
        (truths, pages)
    })
    .await
    .expect("no panic")
}

#[tokio::test(flavor = "multi_thread")]
async fn random_faults_change_nothing_that_is_known() {
    let seed = std::env::var("XUNCHA_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122_u64);
    println!("XUNCHA_SEED={seed}");
    let faults = Arc::new(AtomicUsize::new(0));
    let (truths, pages) = told(0, faults.clone()).await;
    assert_eq!(faults.load(Ordering::SeqCst), 0);
    let (faulted, read) = told(seed, faults.clone()).await;
    let hit = faults.load(Ordering::SeqCst);
    println!("figures: {} URLs, {} pages, {hit} faults", truths.len(), pages.len());
    assert!(hit > 5 && pages.len() > 20, "{hit} faults, {} pages", pages.len());
    assert_eq!(read, pages, "the same pages, byte for byte");
    assert_eq!(faulted, truths, "the same truth of every URL");
    assert!(truths.values().any(|(truth, _)| matches!(truth, Truth::Dead(_))), "the site has dead links");
}
