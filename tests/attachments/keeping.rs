//! What the run folder keeps of files: equal bytes read once, what a killed run left unread, who offers a file.

use super::hostile::program;
use super::made::*;
use std::path::Path;
use std::sync::Arc;
use xuncha::config::Config;
use xuncha::exchange::{Exchange, Gathering, Method};
use xuncha::extract::Extractor;
use xuncha::facts::File;
use xuncha::judge::Material;
use xuncha::plan::{Plan, Target, Unit};
use xuncha::run::files::file_of;
use xuncha::run::{RunFolder, RunOptions, State, page_of};
use xuncha::scope::Scope;
use xuncha::url::CanonicalUrl;

fn url(path: &str) -> CanonicalUrl {
    CanonicalUrl::parse(&format!("http://www.gaj.xuncha-demo.gov.cn{path}")).expect("a URL")
}

fn plan() -> Plan {
    let scope = Scope::of_seed(&url("/"));
    Plan {
        target: Target::Live(vec![url("/")]),
        units: vec![Unit { id: "site".into(), name: "演示公安局".into(), kind: None, scope: scope.clone() }],
        scope,
        operator: "site".into(),
        checklists: Vec::new(),
        judgements: Vec::new(),
        bound: Vec::new(),
        gatherings: [Gathering::Pages, Gathering::LinkCheck, Gathering::Attachments].into(),
        cadence: None,
        as_of: None,
        config: Config::default(),
        book: Default::default(),
        bindings: Vec::new(),
    }
}

fn exchange(path: &str, gathering: Gathering, via: Option<&str>, body: Vec<u8>) -> Exchange {
    let media = if gathering == Gathering::Pages { "text/html; charset=utf-8" } else { "application/octet-stream" };
    Exchange {
        url: url(path),
        method: Method::Get,
        gathering,
        status: 200,
        headers: vec![("content-type".into(), media.into())],
        body: body.into(),
        at: jiff::Timestamp::from_second(1_774_000_000).expect("in range"),
        hops: u32::from(via.is_some()),
        via: via.map(url),
        attempts: 1,
        look: 1,
        elapsed: None,
        profile: xuncha::exchange::Profile::Own,
    }
}

async fn open(path: &Path, extractor: Option<Arc<Extractor>>) -> (RunFolder, State) {
    let options = RunOptions { extractor, ..RunOptions::default() };
    RunFolder::open_with(path, &plan(), options).await.expect("opens")
}

fn files(folder: &RunFolder) -> Vec<File> {
    let mut files = Vec::new();
    folder
        .for_each_file(&mut |file| {
            files.push(file);
            Ok(())
        })
        .expect("streams");
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_knows_who_offers_it_and_equal_bytes_are_read_once() {
    let space = tempfile::tempdir().expect("space");
    let extractor = Arc::new(Extractor::new(program()));
    let (mut folder, _) = open(&space.path().join("a"), Some(extractor.clone())).await;
    for (path, name) in [("/2.html", "二.docx"), ("/1.html", "一.docx")] {
        let page = format!(
            "<html><head><title>下载</title></head><body><p><a href=\"/f/a.docx\">{name}</a> <a href=\"/go/b.docx\">乙.docx</a></p></body></html>"
        );
        let page = exchange(path, Gathering::Pages, None, page.into_bytes());
        folder.keep(&page, page_of(&page, &xuncha::run::Reading::default()).as_ref()).await.expect("keeps");
    }
    let mut moved = exchange("/go/b.docx", Gathering::Attachments, Some("/1.html"), Vec::new());
    (moved.status, moved.headers) = (302, vec![("location".into(), "/f/b.docx".into())]);
    folder.keep(&moved, None).await.expect("keeps");
    let body = docx(&paragraph("申请表"));
    for (path, via) in [("/f/a.docx", "/2.html"), ("/f/b.docx", "/go/b.docx")] {
        let answer = exchange(path, Gathering::Attachments, Some(via), body.clone());
        let reader = extractor.clone();
        let shared = answer.clone();
        let file = tokio::task::spawn_blocking(move || file_of(&shared, &reader, 1 << 20)).await.expect("joins").expect("a file");
        assert_eq!(file.contents.is_some(), path == "/f/a.docx", "equal bytes are read once");
        folder.keep_file(&answer, &file).await.expect("keeps");
    }
    folder.finish(true).await.expect("finishes");
    let found = files(&folder);
    let told: Vec<(&str, Option<&str>, &str, &str, String)> = found
        .iter()
        .map(|f| (f.url.path(), f.via.as_ref().map(|v| v.path()), f.name.as_str(), f.extension.as_str(), f.whole_text()))
        .collect();
    assert_eq!(
        told,
        [
            ("/f/a.docx", Some("/1.html"), "一.docx", "docx", "申请表".to_owned()),
            ("/f/b.docx", Some("/1.html"), "乙.docx", "docx", "申请表".to_owned()),
        ]
    );
    drop(folder);
    let (again, state) = open(&space.path().join("a"), Some(extractor)).await;
    assert_eq!(state, State::Complete);
    assert_eq!(files(&again), found);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_run_left_unread_is_read_from_its_capture() {
    let space = tempfile::tempdir().expect("space");
    let answer = exchange("/f/a.docx", Gathering::Attachments, Some("/"), docx(&paragraph("申请表")));
    {
        let extractor = Arc::new(Extractor::new(program()));
        let (mut folder, _) = open(space.path(), Some(extractor.clone())).await;
        // Claimed by somebody who did not live to read it.
        extractor.claim(&xuncha::extract::digest(&answer.body));
        let file = file_of(&answer, &extractor, 1 << 20).expect("a file");
        assert_eq!(file.contents, None);
        folder.keep_file(&answer, &file).await.expect("keeps");
    }
    let (mut folder, state) = open(space.path(), Some(Arc::new(Extractor::new(program())))).await;
    assert_eq!(state, State::Unfinished);
    assert!(files(&folder).is_empty());
    folder.finish(true).await.expect("finishes");
    assert_eq!(files(&folder).iter().map(File::whole_text).collect::<Vec<_>>(), ["申请表"]);
}
