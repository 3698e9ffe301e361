//! Pages that would do harm, or never end.

use crate::fault::{Reply, Seen, Server};
use crate::site::*;
use std::time::{Duration, Instant};
use xuncha::config::Config;
use xuncha::judge::Material;

const TEXT: &str = "document.getElementById('app').innerHTML = '<h1>专题报道</h1><p>' + '县政府研究部署重点工作，要求细化措施。'.repeat(9) + '</p>';";

fn site(seen: &Seen) -> Reply {
    let say = |more: &str| shell(&format!("{TEXT}{more}"));
    match seen.path.as_str() {
        "/" => {
            let names = ["post", "form", "drip", "alerts", "windows", "grow", "spin", "reload", "broken", "huge", "last"];
            let links: String = names.iter().map(|name| format!("<a href=/{name}/>{name}</a>")).collect();
            whole("首页", "", &links)
        }
        "/post/" => say("fetch('/api/post', { method: 'POST', body: 'x=1' }); navigator.sendBeacon('/api/beacon', 'x'); \
             let r = new XMLHttpRequest(); r.open('DELETE', '/api/delete'); r.send(); new WebSocket('ws://' + location.host + '/socket')"),
        "/form/" => say(
            "let f = document.createElement('form'); f.method = 'post'; f.action = '/api/form'; document.body.append(f); f.submit()",
        ),
        "/drip/" => say("fetch('/never.json').then(r => r.text()).then(t => document.body.append(t))"),
        "/never.json" => Reply::Silence,
        "/alerts/" => {
            say("alert('请登录'); confirm('确定离开？'); prompt('口令'); for (let i = 0; i < 20; i++) alert('\\ud800' + i); \
             window.onbeforeunload = () => '不要走'; document.getElementById('app').innerHTML += '<p>对话框之后</p>'")
        }
        "/windows/" => say(
            "for (let i = 0; i < 30; i++) window.open('/pop' + 'up?' + i); let a = document.createElement('a'); a.href = '/aside/'; \
             a.target = '_blank'; document.body.append(a); a.click()",
        ),
        "/grow/" => say("setInterval(() => { let f = document.createDocumentFragment(); for (let i = 0; i < 50000; i++) \
             f.append(document.createElement('p')); document.body.append(f) }, 1)"),
        "/spin/" => shell("for (;;) {}"),
        "/reload/" => say("setTimeout(() => location.reload(), 50)"),
        "/broken/" => shell("throw new Error('x')"),
        "/huge/" => say("let s = '文字'; while (s.length < 9e6) s += s; document.body.append(s)"),
        "/last/" => say(""),
        _ => rest(seen),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_would_do_harm_do_none() {
    let server = Server::start(site).await;
    let space = tempfile::tempdir().expect("space");
    let began = Instant::now();
    let run = crawl(&plan(&server, Config { render_timeout: 3.0, timeout: 8.0, ..config() }), space.path()).await;
    // Eleven pages of three seconds each and three browsers that had to be started anew, on a machine that may be busy.
    assert!(began.elapsed() < Duration::from_secs(400), "{:?}", began.elapsed());
    let log = server.log();
    assert!(log.iter().all(|seen| matches!(seen.method.as_str(), "GET" | "HEAD")), "never anything but a safe retrieval");
    for path in ["/api/post", "/api/beacon", "/api/delete", "/api/form", "/socket", "/popup"] {
        assert!(log.iter().all(|seen| !seen.path.starts_with(path)), "{path}");
    }
    let of = |name: &str| {
        rendering(&run, &format!("/{name}/")).unwrap_or_else(|| panic!("{name} was not tried: {:#?}", run.renderings()))
    };
    let text = |name: &str| page(&run, &format!("/{name}/")).map(|page| page.document.main_text()).unwrap_or_default();

    let post = of("post");
    assert!(post.settled && post.refused.get("method") >= Some(&2) && !post.is_clean(), "{post:?}");
    assert!(text("post").contains("重点工作"));
    let form = of("form");
    assert!(form.refused.get("method") == Some(&1), "{form:?}");

    let drip = of("drip");
    assert!(!drip.settled && drip.failed.is_none(), "{drip:?}");
    assert!(text("drip").contains("重点工作"), "what stood there in time is seen");

    let alerts = of("alerts");
    assert!(alerts.settled && alerts.dialogs >= 3, "{alerts:?}");
    assert!(text("alerts").contains("对话框之后"));

    let windows = of("windows");
    assert!(windows.settled && windows.windows >= 1, "{windows:?}");

    for (name, causes) in [
        ("grow", &["too-large", "hung", "memory"][..]),
        ("spin", &["timeout", "hung"]),
        ("huge", &["too-large", "hung", "timeout"]),
    ] {
        let one = of(name);
        assert!(one.failed.as_deref().is_some_and(|cause| causes.contains(&cause)), "{name}: {:?} {one:?}", one.failed);
        assert!(page(&run, &format!("/{name}/")).is_some_and(|page| !page.rendered), "{name} stays what was sent");
    }
    let reload = of("reload");
    assert!(server.asked("/reload/").len() <= 14, "{}", server.asked("/reload/").len());
    assert!(reload.refused.contains_key("too-many") || !reload.settled, "{reload:?}");
    assert!(of("broken").settled && page(&run, "/broken/").is_some());
    // The crawl went on to its end.
    assert!(of("last").is_clean() && text("last").contains("重点工作"));
    assert!(Material::info(&run).complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_that_nobody_passes_is_left_alone() {
    let server = Server::start(|seen: &Seen| {
        let wall = || {
            let body = "<html><body><script>document.cookie = 'try=1;path=/'</script></body></html>";
            Reply::Full(412, vec![("Content-Type", "text/html".into())], body.as_bytes().to_vec())
        };
        match seen.path.as_str() {
            "/" => {
                let links: String = (1..=8).map(|n| format!("<a href=/w/{n}.html>文件{n}</a>")).collect();
                whole("首页", "", &links)
            }
            path if path.starts_with("/w/") => wall(),
            _ => rest(seen),
        }
    })
    .await;
    let space = tempfile::tempdir().expect("space");
    let run = crawl(&plan(&server, config()), space.path()).await;
    let all: Vec<_> = run.renderings().expect("renderings").into_iter().filter(|one| one.url.path().starts_with("/w/")).collect();
    assert_eq!(all.len(), 8);
    assert!(all.iter().all(|one| one.failed.as_deref().is_some_and(|cause| cause == "challenge")), "{all:?}");
    assert_eq!(all.iter().filter(|one| one.requests > 0).count(), 3, "three times, and not again");
}
