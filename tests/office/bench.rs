//! What the tests of the store stand on: a store of each dialect, a registry of one unit, runs of a small folder of pages.

use std::path::Path;
use xuncha::audit::Wishes;
use xuncha::cadence::work::{Judged, given};
use xuncha::config::Config;
use xuncha::plan::{Request, Target, Unit, make};
use xuncha::registry::{Holding, Registry, Site, Standing, Unit as Body};
use xuncha::store::Store;
use xuncha::store::registry::Watched;
use xuncha::url::CanonicalUrl;

/// Runs a test on a fresh store of each dialect. PostgreSQL where `XUNCHA_TEST_POSTGRES` names a server (scripts/test starts one).
pub fn each(name: &str, test: impl AsyncFn(Store)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    runtime.block_on(async {
        let store = Store::open(&folder.path().join("store.db").display().to_string()).await.expect("SQLite opens");
        assert_eq!(store.dialect(), "sqlite");
        test(store.clone()).await;
        store.close().await;
    });
    let Ok(server) = std::env::var("XUNCHA_TEST_POSTGRES") else {
        println!("skipped: PostgreSQL (XUNCHA_TEST_POSTGRES names no server; scripts/test starts one)");
        return;
    };
    runtime.block_on(async {
        let place = database(&server, name);
        let store = Store::open(&place).await.expect("PostgreSQL opens");
        assert_eq!(store.dialect(), "postgresql");
        test(store.clone()).await;
        store.close().await;
    });
}

/// A new database on a server, by its own client.
fn database(server: &str, name: &str) -> String {
    let name = format!("xuncha_{name}_{}", std::process::id());
    let done = std::process::Command::new("psql").args([server, "-qc", &format!("CREATE DATABASE {name}")]).status();
    assert!(done.expect("psql runs").success(), "{name} is made");
    let (before, after) = server.split_once("/postgres?").expect("a URL of scripts/postgres");
    format!("{before}/{name}?{after}")
}

/// A unit that holds a whole site.
pub fn site(id: &str, address: &str) -> Registry {
    Registry {
        units: vec![Body {
            id: id.into(),
            name: format!("县{id}"),
            kind: Some("public-security-bureau".into()),
            ..Body::default()
        }],
        sites: vec![Site {
            id: format!("{id}-site"),
            name: format!("县{id}网站"),
            code: None,
            addresses: vec![CanonicalUrl::parse(address).expect("parses")],
            operator: Some(id.into()),
            platform: None,
            cadences: vec![xuncha::checklist::Cadence::Daily],
            standing: Standing::default(),
        }],
        platforms: Vec::new(),
        holdings: vec![Holding { unit: id.into(), site: format!("{id}-site"), scope: Default::default() }],
    }
}

/// A run of a small folder of pages, judged as the cadences do, with a dead link or without one.
pub async fn folder_run(store: &Store, watched: &Watched, dead: bool) -> (tempfile::TempDir, Judged) {
    folder_run_with(store, watched, dead, &[]).await
}

/// Likewise with more pages, each linked from the home page: path and HTML.
pub async fn folder_run_with(store: &Store, watched: &Watched, dead: bool, more: &[(&str, &str)]) -> (tempfile::TempDir, Judged) {
    let folder = tempfile::tempdir().expect("a folder");
    let pages = folder.path().join("pages");
    write_pages(&pages, dead);
    for (path, html) in more {
        std::fs::write(pages.join(path), html).expect("written");
        let home = pages.join("index.html");
        let text = std::fs::read_to_string(&home).expect("read");
        std::fs::write(home, text.replace("</body>", &format!("<p><a href=\"/{path}\">{path}</a></p></body>"))).expect("written");
    }
    let base = watched.site.addresses[0].clone();
    let mut request = Request::new(Target::Folder { path: pages, base }, Config::default());
    request.units = watched
        .units
        .iter()
        .map(|(unit, scope)| Unit { id: unit.id.clone(), name: unit.name.clone(), kind: unit.kind.clone(), scope: scope.clone() })
        .collect();
    request.operator = watched.site.operator.clone();
    request.as_of = Some(jiff::civil::date(2026, 3, 20));
    let plan = make(request).expect("a plan");
    let given = given(store, watched.no, 9_000_000_000).await.expect("given");
    let out = folder.path().join("run");
    let judged = tokio::task::spawn_blocking(move || {
        let wishes = Wishes::default();
        let run = xuncha::audit::gather(&plan, &out, &wishes, &xuncha::crawl::Silent).expect("gathered");
        Judged::of(plan, run, &wishes, given, &[]).expect("judged")
    });
    (folder, judged.await.expect("no panic"))
}

pub fn write_pages(folder: &Path, dead: bool) {
    std::fs::create_dir_all(folder.join("tzgg")).expect("folders");
    let head = "<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>县公安局</title></head><body>";
    let link = if dead { "<a href=\"/tzgg/gone.html\">不在了的文件</a>" } else { "" };
    let home = format!(
        "{head}<div class=\"nav\"><a href=\"/tzgg/\">通知公告</a></div><p>欢迎访问县公安局网站。</p>{link}</body></html>"
    );
    let rows: String = (1..=6)
        .map(|n| format!("<li><a href=\"/tzgg/{n}.html\">关于第{n}号事项的通知</a><span>2026-03-{n:02}</span></li>"))
        .collect();
    let list = format!("{head}<h1>通知公告</h1><ul class=\"list\">{rows}</ul></body></html>");
    std::fs::write(folder.join("index.html"), home).expect("written");
    std::fs::write(folder.join("tzgg/index.html"), list).expect("written");
    for n in 1..=6 {
        let text = "为做好有关工作，现将有关事项通知如下，请各单位认真贯彻执行。".repeat(6);
        let page = format!("{head}<h1>关于第{n}号事项的通知</h1><p>发布日期：2026-03-{n:02}</p><div>{text}</div></body></html>");
        std::fs::write(folder.join(format!("tzgg/{n}.html")), page).expect("written");
    }
}
