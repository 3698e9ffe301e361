//! What no audit can be faster than, as programs beside which `scripts/bench/run` measures whole crawls. A crate of its own, outside of
//! the package: it shares nothing with what it is held against, and is built without it.
//!
//! `limits parse FOLDER URLS [TIMES]`: every path of a file of paths, read from the folder that is served and decoded before, parsed into
//! a `scraper` tree and dropped, in one thread.
//! `limits fetch BASE URLS`: every path of a file of paths fetched over 64 connections, bodies dropped.
//! Each prints one line of JSON with the CPU time that it took. With the feature `mimalloc` the same beside an allocator that is faster
//! than the system's.

use futures_util::StreamExt;
use std::hint::black_box;
use std::path::{Path, PathBuf};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// CPU time of this process so far, all threads, in microseconds.
fn cpu() -> u64 {
    let mut sum = 0;
    for thread in std::fs::read_dir("/proc/self/task").expect("Linux").flatten() {
        let times = std::fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        sum += times.split(' ').next().and_then(|t| t.parse::<u64>().ok()).unwrap_or_default();
    }
    sum / 1_000
}

/// The file that a server answers a path with.
fn file_of(folder: &Path, path: &str) -> PathBuf {
    let path = path.split('?').next().unwrap_or_default().trim_start_matches('/');
    folder.join(if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() })
}

fn text_of(file: &Path) -> String {
    match String::from_utf8(std::fs::read(file).expect("a file")) {
        Ok(text) => text,
        Err(e) => encoding_rs::GB18030.decode(e.as_bytes()).0.into_owned(),
    }
}

fn parse(folder: &Path, urls: &Path, times: usize) {
    let paths = std::fs::read_to_string(urls).expect("a file of paths");
    let files: Vec<PathBuf> = paths.lines().map(|path| file_of(folder, path)).collect();
    let (mut spent, mut nodes) = (0, 0);
    for _ in 0..times {
        // Some at a time: asking for the time costs as much as a small page.
        for some in files.chunks(100) {
            let texts: Vec<String> = some.iter().map(|file| text_of(file)).collect();
            let before = cpu();
            nodes += texts.iter().map(|text| black_box(scraper::Html::parse_document(text)).tree.nodes().len()).sum::<usize>();
            spent += cpu() - before;
        }
    }
    println!(r#"{{"pages": {}, "cpu_us": {}, "nodes": {}}}"#, files.len() * times, spent, nodes);
}

fn fetch(base: &str, urls: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let paths = std::fs::read_to_string(urls).expect("a file of paths");
    let (pages, bytes) = runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let one = |path: String| {
            let request = client.get(path);
            async move {
                let response = request.send().await.ok()?;
                Some(response.bytes().await.ok()?.len())
            }
        };
        let answers = futures_util::stream::iter(paths.lines().map(|path| format!("{base}{path}"))).map(one).buffer_unordered(64);
        answers.filter_map(std::future::ready).fold((0u64, 0usize), async |sum, length| (sum.0 + 1, sum.1 + length)).await
    });
    println!(r#"{{"pages": {pages}, "cpu_us": {}, "bytes": {bytes}}}"#, cpu());
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["parse", folder, urls] => parse(Path::new(folder), Path::new(urls), 1),
        ["parse", folder, urls, times] => parse(Path::new(folder), Path::new(urls), times.parse().expect("a number")),
        ["fetch", base, urls] => fetch(base, Path::new(urls)),
        _ => eprintln!("limits parse FOLDER URLS [TIMES] | limits fetch BASE URLS"),
    }
}
