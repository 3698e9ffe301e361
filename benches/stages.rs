//! What each stage costs of one page: `cargo bench --bench stages`.
//!
//! Pages are those of the fixture sites; with `XUNCHA_BENCH_SITE=FOLDER` (as `scripts/bench/gen_site.py` writes one) those of that
//! folder. Every stage goes through the same sample, so their times can be added and set beside `parse/scraper`, the bare parse into a
//! tree that any auditing crawler pays for. `scripts/bench/run` measures whole crawls.

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use xuncha::capture::Writer;
use xuncha::capture::write::Position;
use xuncha::config::Config;
use xuncha::exchange::{Exchange, Gathering, Method, Profile};
use xuncha::facts::Page;
use xuncha::judge::memory::Memory;
use xuncha::plan::{Plan, Request, Target};
use xuncha::run::rows::PageRow;
use xuncha::url::CanonicalUrl;

/// Pages of the sample.
const SAMPLE: usize = 120;

fn html_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            html_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "html" || e == "htm") {
            found.push(path);
        }
    }
}

/// The sample as answers of a server, spread evenly over the sorted files.
fn exchanges() -> Vec<Exchange> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites");
    let root = std::env::var_os("XUNCHA_BENCH_SITE").map_or(fixtures, PathBuf::from);
    let mut files = Vec::new();
    html_files(&root, &mut files);
    files.sort();
    let step = files.len().div_ceil(SAMPLE).max(1);
    let made: Vec<Exchange> = files.iter().step_by(step).filter_map(|file| exchange(&root, file)).collect();
    assert!(!made.is_empty(), "{}: no HTML file", root.display());
    made
}

fn exchange(root: &Path, file: &Path) -> Option<Exchange> {
    let path = file.strip_prefix(root).ok()?.to_string_lossy().into_owned();
    Some(Exchange {
        url: CanonicalUrl::parse(&format!("http://www.bench.gov.cn/{path}")).ok()?,
        method: Method::Get,
        gathering: Gathering::Pages,
        status: 200,
        headers: vec![("content-type".into(), "text/html".into())],
        body: Bytes::from(std::fs::read(file).ok()?),
        at: Timestamp::UNIX_EPOCH,
        hops: 1,
        via: None,
        attempts: 1,
        look: 1,
        elapsed: Some(3),
        profile: Profile::Own,
    })
}

fn text_of(exchange: &Exchange) -> String {
    match std::str::from_utf8(&exchange.body) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(&exchange.body).0.into_owned(),
    }
}

fn stages(criterion: &mut Criterion) {
    let sample = exchanges();
    let texts: Vec<String> = sample.iter().map(text_of).collect();
    let pages: Vec<Page> = sample.iter().filter_map(xuncha::facts::page::read).collect();
    let mut group = criterion.benchmark_group("stages");
    group.sample_size(10).throughput(Throughput::Elements(sample.len() as u64));

    group.bench_function("decode", |b| b.iter(|| sample.iter().map(|e| text_of(black_box(e)).len()).sum::<usize>()));
    group.bench_function("parse/scraper", |b| {
        b.iter(|| texts.iter().map(|t| scraper::Html::parse_document(black_box(t)).tree.nodes().len()).sum::<usize>())
    });
    group.bench_function("facts", |b| {
        b.iter(|| sample.iter().filter_map(|e| xuncha::facts::page::read(black_box(e))).map(|p| p.links.len()).sum::<usize>())
    });
    group.bench_function("store", |b| b.iter(|| pages.iter().filter(|p| PageRow::of(black_box(p)).is_ok()).count()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    group.bench_function("capture", |b| {
        b.iter(|| {
            let folder = tempfile::tempdir().expect("a folder");
            runtime.block_on(async {
                let mut writer =
                    Writer::open(&folder.path().join("c.warc.gz"), "bench", None, Position::default()).expect("a capture");
                for exchange in &sample {
                    writer.exchange(exchange).await.expect("written");
                }
                writer.position().length
            })
        })
    });
    let plan = plan();
    let mut material = Memory::new(Timestamp::UNIX_EPOCH + jiff::Span::new().hours(24 * 365 * 50));
    pages.iter().cloned().for_each(|page| material.add_page(page));
    group.bench_function("judge", |b| {
        b.iter(|| xuncha::judge::judge(black_box(&plan), &material).expect("judged").findings.len())
    });
    group.finish();
}

/// The default checklists for a site of that host.
fn plan() -> Plan {
    let seed = CanonicalUrl::parse("http://www.bench.gov.cn/").expect("a URL");
    xuncha::plan::make(Request::new(Target::Live(vec![seed]), Config::default())).expect("a plan")
}

criterion_group!(benches, stages);
criterion_main!(benches);
