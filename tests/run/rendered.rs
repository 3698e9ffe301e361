//! What a browser showed, kept and replayed: no browser is needed for either.

use super::made::{at, exchange, live, replayed, seen, url};
use std::collections::BTreeMap;
use warc::{WarcHeader, WarcReader};
use xuncha::capture::Rendered;
use xuncha::capture::rendered::LOOK;
use xuncha::config::Render;
use xuncha::exchange::{Exchange, Gathering, Profile};
use xuncha::facts::Rendering;
use xuncha::facts::rendering::{ByScript, Picture};
use xuncha::facts::site::Look;
use xuncha::judge::Material;
use xuncha::run::{CaptureChoice, RunFolder, RunOptions};

const NAV: &str =
    "<a href=/1/>政务公开</a><a href=/2/>办事服务</a><a href=/3/>互动交流</a><a href=/4/>县情</a><a href=/5/>新闻</a>";

fn column(rows: &str) -> String {
    format!(
        "<html><head><meta charset=utf-8><title>通知公告</title><meta name=ColumnName content=通知公告></head><body><div class=nav>{NAV}</div>\
         <ul>{rows}</ul><script>fetch('/api')</script></body></html>"
    )
}

fn rendering(path: &str) -> Rendering {
    Rendering {
        url: url(&format!("http://www.gaj.xuncha-demo.gov.cn{path}")),
        browser: "Chrome/156".into(),
        failed: None,
        detail: String::new(),
        settled: true,
        requests: 2,
        refused: BTreeMap::from([("spared".into(), 3)]),
        dialogs: 0,
        windows: 0,
        picture: None,
    }
}

fn shown(path: &str, body: &str) -> Exchange {
    Exchange {
        look: LOOK,
        at: at(20),
        attempts: 1,
        profile: Profile::Browser,
        headers: vec![("content-type".into(), xuncha::capture::rendered::CONTENT_TYPE.into())],
        ..exchange(path, 200, body.as_bytes())
    }
}

#[tokio::test]
async fn what_was_shown_takes_the_place_of_what_was_sent_and_is_replayed() {
    for name in ["kept.warc.gz", "kept.warc"] {
        let space = tempfile::tempdir().expect("space");
        let file = space.path().join(name);
        let options = RunOptions { capture: CaptureChoice::File(file.clone()), ..RunOptions::default() };
        let (mut folder, _) = RunFolder::open_with(&space.path().join("a"), &live(), options).await.expect("opens");
        folder.keep(&exchange("/tzgg/", 200, column("").as_bytes()), None).await.expect("keeps");
        folder.keep(&exchange("/wall/", 412, b"<script>x()</script>"), None).await.expect("keeps");
        folder.keep(&exchange("/hung/", 200, column("").as_bytes()), None).await.expect("keeps");
        folder
            .keep(&exchange("/plain/", 200, format!("<html><title>x</title><p>{}", "正文。".repeat(60)).as_bytes()), None)
            .await
            .expect("keeps");
        let left =
            |folder: Vec<xuncha::run::Discovered>| folder.into_iter().map(|one| one.url.path().to_owned()).collect::<Vec<_>>();
        assert_eq!(left(folder.unrendered(Render::Auto, 9).await.expect("reads")), ["/hung/", "/tzgg/", "/wall/"]);
        assert_eq!(left(folder.unrendered(Render::Always, 9).await.expect("reads")).len(), 4);
        assert_eq!(left(folder.unrendered(Render::Auto, 1).await.expect("reads")).len(), 1);
        assert!(folder.unrendered(Render::Never, 9).await.expect("reads").is_empty());

        // An answer that the browser was given on the way, two pages as shown, one that hung.
        let on_the_way = Exchange { gathering: Gathering::Render, ..exchange("/api", 200, b"[1]") };
        folder.keep(&on_the_way, None).await.expect("keeps");
        let rows: String =
            (1..=6).map(|n| format!("<li><a href=/tzgg/{n}.html>关于第{n}次检查的通知</a>2026-03-0{n}</li>")).collect();
        let png = bytes::Bytes::from_static(b"\x89PNG and so on");
        let digest = data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(&png));
        let picture = Picture { sha256: digest.clone(), bytes: png.len() as u64, width: 1280, height: 900 };
        let one = Rendered {
            rendering: Rendering { picture: Some(picture), ..rendering("/tzgg/") },
            page: Some(shown("/tzgg/", &column(&rows))),
            picture_at: None,
        };
        let page = folder.keep_rendered(one, Some(&png), at(20)).await.expect("keeps").expect("a page");
        assert_eq!(page.list.as_ref().map(|list| list.items.len()), Some(6));
        let behind = format!("<html><title>文件库</title><p>{}", "政策文件。".repeat(40));
        let one = Rendered { rendering: rendering("/wall/"), page: Some(shown("/wall/", &behind)), picture_at: None };
        folder.keep_rendered(one, None, at(21)).await.expect("keeps");
        let failed = Rendering { failed: Some("hung".into()), settled: false, ..rendering("/hung/") };
        let one = Rendered { rendering: failed, page: None, picture_at: None };
        assert!(folder.keep_rendered(one, None, at(22)).await.expect("keeps").is_none());
        assert!(folder.unrendered(Render::Auto, 9).await.expect("reads").is_empty(), "each once");
        folder.finish(true).await.expect("finishes");

        let (pages, states, info) = seen(&folder);
        let of = |path: &str| pages.iter().find(|page| page.url.path() == path).expect("a page");
        assert!(info.complete && of("/tzgg/").rendered && of("/tzgg/").by_script.is_none());
        assert!(of("/wall/").rendered && of("/wall/").status == 200);
        assert!(!of("/hung/").rendered && of("/hung/").by_script == Some(ByScript::Column));
        assert!(!of("/plain/").rendered && of("/plain/").by_script.is_none());
        assert!(states.iter().all(|state| state.gathering == Gathering::Pages), "the way is no URL of the site");
        let wall = states.iter().find(|state| state.url.path() == "/wall/").expect("a state");
        assert!(matches!(
            wall.looks.as_slice(),
            [Look::Answered { status: 412, .. }, Look::Answered { status: 200, challenge: None, .. }]
        ));
        assert_eq!(folder.renderings().expect("reads").len(), 3);
        assert_eq!(folder.picture(&digest).expect("reads").as_deref(), Some(&png[..]));
        assert_eq!(folder.picture(&digest[1..]).expect("reads"), None);

        let (again, replay) = replayed(&space.path().join("b"), std::slice::from_ref(&file)).await;
        assert_eq!(replay.notes, Vec::<String>::new());
        assert_eq!(seen(&again), (pages, states, info));
        assert_eq!(again.renderings().expect("reads"), folder.renderings().expect("reads"));
        assert_eq!(again.material_digest().expect("reads"), folder.material_digest().expect("reads"));
        assert_eq!(again.picture(&digest).expect("reads").as_deref(), Some(&png[..]));

        // As archives are read elsewhere: the page as shown refers to the answer that was sent, the picture stands under its own name.
        if name.ends_with("gz") {
            let reader = WarcReader::from_path_gzip(&file).expect("opens");
            let records: Vec<_> = reader.iter_raw_records().collect::<Result<_, _>>().expect("every record parses");
            let field =
                |at: usize, name: WarcHeader| records[at].0.as_ref().get(&name).map(|v| String::from_utf8_lossy(v).into_owned());
            let kinds: Vec<String> = (0..records.len()).filter_map(|at| field(at, WarcHeader::WarcType)).collect();
            let place = |kind: &str| kinds.iter().position(|k| k == kind).expect("there");
            let sent = (0..records.len())
                .find(|at| kinds[*at] == "response" && field(*at, WarcHeader::TargetURI).is_some_and(|t| t.ends_with("/tzgg/")));
            assert_eq!(field(place("conversion"), WarcHeader::RefersTo), field(sent.expect("sent"), WarcHeader::RecordID));
            assert_eq!(
                field(place("resource"), WarcHeader::TargetURI).as_deref(),
                Some("urn:view:http://www.gaj.xuncha-demo.gov.cn/tzgg/")
            );
            assert_eq!(&records[place("resource")].1[..4], b"\x89PNG");
            assert_eq!(kinds.iter().filter(|kind| *kind == "conversion").count(), 2);
        }
    }
}
