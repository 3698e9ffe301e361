//! robots.txt and sitemaps as they are found on the web: none stops us, and HTML is never taken for rules.

use std::io::Read;
use std::path::PathBuf;
use xuncha::crawl::{robots, sitemap};
use xuncha::url::CanonicalUrl;

fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("XUNCHA_CORPORA")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there; XUNCHA_CORPORA names another folder", folder.display());
    None
}

/// The files of a gzipped tar: name and content.
fn unpacked(path: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut tar = Vec::new();
    let file = std::fs::File::open(path).expect("the corpus opens");
    flate2::read::MultiGzDecoder::new(file).read_to_end(&mut tar).expect("the corpus unpacks");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches(['\0', ' ']).to_owned();
    let mut files = Vec::new();
    let mut at = 0;
    while at + 512 <= tar.len() && tar[at] != 0 {
        let header = &tar[at..at + 512];
        let size = usize::from_str_radix(text(&header[124..136]).trim(), 8).expect("a size in octal");
        at += 512;
        if matches!(header[156], b'0' | 0) {
            files.push((text(&header[..100]), tar[at..at + size].to_vec()));
        }
        at += size.div_ceil(512) * 512;
    }
    files
}

fn folder(path: PathBuf) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(&path).expect("the corpus is a folder").flatten();
    let mut files: Vec<_> = entries
        .filter(|entry| entry.path().is_file())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).expect("reads")))
        .collect();
    files.sort();
    files
}

#[test]
fn every_robots_txt_of_the_wild_is_read() {
    let Some(corpora) = corpora() else { return };
    let files = [folder(corpora.join("robots-cases")), unpacked(&corpora.join("robots-in-the-wild.tar.gz"))].concat();
    assert!(files.len() > 4_000, "{} files", files.len());
    let url = CanonicalUrl::parse("http://x.gov.cn/zwgk/a.html").expect("a URL");
    let (mut markup, mut delays, mut closed) = (0, 0, 0);
    for (name, body) in &files {
        let rules = robots::read(body);
        let start =
            String::from_utf8_lossy(&body[..body.len().min(400)]).trim_start_matches('\u{feff}').trim_start().to_lowercase();
        if start.starts_with("<!doctype html") || start.starts_with("<html") {
            markup += 1;
            assert!(rules.allows(&url), "{name}: HTML has no rules");
            assert_eq!(rules.delay(), None, "{name}");
            assert!(rules.sitemaps().is_empty(), "{name}");
        }
        delays += usize::from(rules.delay().is_some());
        closed += usize::from(!rules.allows(&url));
    }
    eprintln!("{} robots.txt: {markup} HTML, {delays} with a delay for us, {closed} keep us out", files.len());
    assert!(markup > 100 && delays > 0 && closed > 0);
}

#[test]
fn rfc_examples_hold() {
    let Some(corpora) = corpora() else { return };
    let read = |name: &str| robots::read(&std::fs::read(corpora.join("robots-cases").join(name)).expect("reads"));
    for name in ["robots-with-utf8-bom.txt", "robots-with-utf16le-bom.txt", "robots-with-utf16be-bom.txt"] {
        let text = std::fs::read(corpora.join("robots-cases").join(name)).expect("reads");
        let (plain, _, _) = encoding_rs::UTF_8.decode(&text);
        let same = robots::read(plain.as_bytes());
        for path in ["/", "/admin", "/private/a", "/a.html", "/search?q=1"] {
            let url = CanonicalUrl::parse(&format!("http://example.com{path}")).expect("a URL");
            assert_eq!(read(name).allows(&url), same.allows(&url), "{name} {path}: the BOM changes nothing");
        }
    }
}

#[test]
fn every_sitemap_is_read() {
    let Some(corpora) = corpora() else { return };
    let files = [folder(corpora.join("sitemaps")), folder(corpora.join("sitemaps/extension"))].concat();
    assert!(files.len() > 3);
    let mut read = 0;
    for (name, body) in &files {
        let sitemap = sitemap::read(body, 32 << 20);
        eprintln!("{name}: {} pages, {} sitemaps, {:?}", sitemap.pages.len(), sitemap.children.len(), sitemap.broken);
        read += usize::from(!sitemap.pages.is_empty() || !sitemap.children.is_empty());
        for cut in [1, body.len() / 3, body.len() / 2] {
            sitemap::read(&body[..cut.min(body.len())], 32 << 20);
        }
    }
    assert_eq!(read, files.len(), "every one gives something");
}
