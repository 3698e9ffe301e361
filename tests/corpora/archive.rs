//! Real pages that are not part of this repository: where they are, and archives of them unpacked.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A part of the corpora, below `XUNCHA_CORPORA` or beside the project; none, said aloud, where it is absent.
pub fn corpus(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("XUNCHA_CORPORA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"), PathBuf::from);
    let path = folder.join(name);
    if !path.exists() {
        eprintln!("skipped: no {name} (set XUNCHA_CORPORA)");
        return None;
    }
    Some(path)
}

/// Files of a gzipped tar archive: plain USTAR with GNU or PAX long names is all that the archives use.
pub fn untar(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).expect("an archive");
    flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes).expect("a gzip file");
    let text = |b: &[u8]| String::from_utf8_lossy(b).trim_end_matches(['\0', ' ']).to_owned();
    let (mut at, mut long, mut files) = (0, None, BTreeMap::new());
    while at + 512 <= bytes.len() && bytes[at] != 0 {
        let header = &bytes[at..at + 512];
        let size = usize::from_str_radix(text(&header[124..136]).trim(), 8).expect("a size");
        let body = bytes[at + 512..at + 512 + size].to_vec();
        match header[156] {
            b'L' => long = Some(text(&body)),
            // PAX: lines of `length key=value`.
            b'x' => long = text(&body).lines().find_map(|l| l.split_once(" path=").map(|(_, name)| name.to_owned())),
            b'0' | 0 => {
                files.insert(long.take().unwrap_or_else(|| text(&header[..100])), body);
            }
            _ => long = None,
        }
        at += 512 + size.div_ceil(512) * 512;
    }
    files
}
