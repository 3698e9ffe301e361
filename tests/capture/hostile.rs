//! Files that are cut, damaged, lying or no WARC at all: what is whole is kept, the place is named, nothing panics.

use super::made;
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use std::io::Write;
use xuncha::capture::entry::Understanding;
use xuncha::capture::read::Record;
use xuncha::capture::{Broken, Entry, Reader};

const LIMIT: u64 = 1 << 20;

fn read(bytes: &[u8]) -> (Vec<Record>, Option<Broken>) {
    let mut records = Vec::new();
    let mut reader = match Reader::new(bytes, LIMIT) {
        Ok(reader) => reader,
        Err(broken) => return (records, Some(broken)),
    };
    while let Some(record) = reader.next_record() {
        match record {
            Ok(record) => records.push(record),
            Err(broken) => {
                assert!(reader.next_record().is_none(), "nothing comes after a break");
                return (records, Some(broken));
            }
        }
    }
    (records, None)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn record(length: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://a.xuncha-demo.gov.cn/>\r\nWARC-Date: 2026-03-20T01:02:03Z\r\n\
         Content-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x</p>";

fn good() -> Vec<u8> {
    record(&ANSWER.len().to_string(), ANSWER)
}

async fn whole(name: &str) -> Vec<u8> {
    let space = tempfile::tempdir().expect("space");
    let path = space.path().join(name);
    made::write(&path).await;
    std::fs::read(&path).expect("reads")
}

#[tokio::test]
async fn a_file_cut_anywhere_keeps_what_is_whole_and_says_where() {
    for name in ["a.warc.gz", "a.warc"] {
        let bytes = whole(name).await;
        let (all, broken) = read(&bytes);
        assert_eq!((all.len(), broken), (16, None));
        let ends: Vec<u64> = all.iter().skip(1).map(|r| r.offset).chain([bytes.len() as u64]).collect();
        // Around every end of a record, and here and there.
        let near = |cut: usize| ends.iter().any(|end| cut.abs_diff(*end as usize) < 14);
        for cut in (0..bytes.len()).filter(|c| near(*c) || c % 97 == 0 && *c < 4000 || c % 50_021 == 0) {
            let (kept, broken) = read(&bytes[..cut]);
            let expected = ends.iter().filter(|e| **e <= cut as u64).count();
            // A plain file cut in the empty lines after a record has lost nothing.
            let spare = usize::from(name == "a.warc" && ends.get(expected).is_some_and(|e| e - cut as u64 <= 4));
            assert!(kept.len() == expected || kept.len() == expected + spare, "cut at {cut}: {} of {expected}", kept.len());
            assert_eq!(kept, all[..kept.len()], "cut at {cut}");
            let clean = kept.len() > expected || cut == 0 || ends.contains(&(cut as u64));
            if clean {
                continue;
            }
            let broken = broken.unwrap_or_else(|| panic!("cut at {cut} goes unnoticed"));
            assert_eq!(broken.offset, if expected == 0 { 0 } else { ends[expected - 1] }, "cut at {cut}: {broken}");
        }
    }
}

#[test]
fn no_warc_at_all() {
    for bytes in [b"<html>".as_slice(), b"\x1f\x8b\x08 no gzip", b"PK\x03\x04", &[0xff; 100_000], b"WARC/2.0\r\n\r\n"] {
        let (records, broken) = read(bytes);
        assert!(records.is_empty());
        assert_eq!(broken.expect("says so").offset, 0);
    }
    assert_eq!(read(b""), (Vec::new(), None));
    assert!(read(&gzip(b"<html>hello</html>")).1.is_some());
    assert!(read(&[b"WARC/1.1 ".as_slice(), &[b'a'; 1 << 20]].concat()).1.is_some(), "an endless line");
    assert!(read(&[b"WARC/1.1\r\n".as_slice(), &b"a: b\r\n".repeat(100_000)].concat()).1.is_some(), "an endless head");
}

#[test]
fn lengths_that_lie() {
    let (short, long) = ((ANSWER.len() - 5).to_string(), (ANSWER.len() + 40).to_string());
    for length in [short.as_str(), long.as_str(), "-1", "x", "99999999999999999999", "18446744073709551615", "1099511627776"] {
        for wrap in [gzip as fn(&[u8]) -> Vec<u8>, |b: &[u8]| b.to_vec()] {
            let file = [wrap(&good()), wrap(&record(length, ANSWER)), wrap(&good())].concat();
            let (records, broken) = read(&file);
            assert_eq!(records.len(), 1, "{length}");
            assert_eq!(broken.expect("noticed").offset, wrap(&good()).len() as u64, "{length}");
        }
    }
}

#[test]
fn a_bomb_is_passed_over_in_bounded_memory() {
    let size = 48 << 20;
    let block = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &vec![0; size]].concat();
    let bomb = gzip(&record(&block.len().to_string(), &block));
    assert!(bomb.len() < 1 << 20);
    let (records, broken) = read(&[bomb, gzip(&good())].concat());
    assert_eq!((records.len(), broken), (2, None));
    assert_eq!(records[0].block, None);
    let Entry::Unfetched(unfetched) = Understanding::default().of(records[0].clone()) else {
        panic!("a response that is not read is a URL without response");
    };
    assert_eq!(unfetched.reason, xuncha::unfetched::Reason::TooLarge);
    // A member that goes on after its record: the record said less than there is.
    let (records, broken) = read(&gzip(&[good(), vec![0; size]].concat()));
    assert!(records.is_empty() && broken.is_some());
}

#[test]
fn a_damaged_block_is_told_by_its_digest() {
    let mut bytes = good();
    let at = bytes.len() - 8;
    let head = bytes.windows(2).position(|w| w == b"WA").expect("there") + 10;
    let digest = data_encoding::BASE32.encode(&<sha1::Sha1 as sha1::Digest>::digest(ANSWER));
    bytes.splice(head..head, format!("WARC-Block-Digest: sha1:{digest}\r\n").into_bytes());
    assert_eq!(read(&bytes).0[0].digest_holds, Some(true));
    let at = at + digest.len() + 26;
    bytes[at] ^= 1;
    assert_eq!(read(&bytes).0[0].digest_holds, Some(false));
    assert_eq!(read(&good()).0[0].digest_holds, None);
}

#[test]
fn records_of_other_tools() {
    let kind = |kind: &str, target: &str, media: &str, block: &[u8]| {
        let head = format!(
            "WARC/1.0\nwarc-type: {kind}\nWARC-Target-URI: {target}\nWARC-Date: 2026-03-20T01:02:03Z\nContent-Type: {media}\n\
             Content-Length: {}\n\n",
            block.len()
        );
        let record = [head.as_bytes(), block, b"\n\n"].concat();
        let (mut records, broken) = read(&record);
        assert_eq!((records.len(), broken), (1, None));
        Understanding::default().of(records.remove(0))
    };
    for (name, target, media) in [
        ("dns", "dns:a.xuncha-demo.gov.cn", "text/dns"),
        ("resource", "urn:X-wget:log", "text/plain"),
        ("resource", "metadata://gnu.org/software/wget/warc/MANIFEST.txt", "text/plain"),
        ("conversion", "http://a.xuncha-demo.gov.cn/", "text/plain"),
        ("metadata", "http://a.xuncha-demo.gov.cn/", "application/warc-fields"),
        ("warcinfo", "", "application/warc-fields"),
        ("response", "mailto:a@b", "application/http"),
        ("response", "http://a.xuncha-demo.gov.cn/", "text/html"),
    ] {
        assert_eq!(kind(name, target, media, ANSWER), Entry::Nothing, "{name} {target}");
    }
    let Entry::Answer { exchange, has_body } = kind("resource", "http://a.xuncha-demo.gov.cn/x", "text/html", b"<p>x</p>") else {
        panic!("a web resource is a document");
    };
    assert_eq!((exchange.status, &exchange.body[..], has_body), (200, b"<p>x</p>".as_slice(), true));
    let Entry::Answer { exchange, has_body } = kind("revisit", "<http://a.xuncha-demo.gov.cn/x>", "application/http", ANSWER)
    else {
        panic!("a revisit is an answer");
    };
    assert_eq!((exchange.status, exchange.body.len(), has_body), (200, 0, false));
}

#[test]
fn a_body_that_another_tool_cut_is_not_judged() {
    let told = |block: &[u8], more: &str| {
        let head = format!(
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.xuncha-demo.gov.cn/\r\nWARC-Date: 2026-03-20T01:02:03Z\r\n\
             {more}Content-Type: application/http\r\nContent-Length: {}\r\n\r\n",
            block.len()
        );
        let (mut records, broken) = read(&[head.as_bytes(), block, b"\r\n\r\n"].concat());
        assert_eq!((records.len(), broken), (1, None));
        match Understanding::default().of(records.remove(0)) {
            Entry::Answer { exchange, has_body } => (exchange.status, has_body),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(told(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n<p>x</p>", ""), (200, true));
    assert_eq!(told(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<p>x</p>", ""), (200, false));
    assert_eq!(told(b"HTTP/1.1 200 OK\r\n\r\n<p>x</p>", "WARC-Truncated: length\r\n"), (200, false));
    // Some tools store the body without its gzip and leave the length of the coded one.
    assert_eq!(told(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<p>x</p>", ""), (200, true));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bytes_never_panic(flips in proptest::collection::vec((0usize..100_000, any::<u8>()), 1..8), zipped: bool) {
        let mut bytes = if zipped { [gzip(&good()), gzip(&good())].concat() } else { [good(), good()].concat() };
        for (at, value) in flips {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        let (records, _) = read(&bytes);
        let mut understanding = Understanding::default();
        for record in records {
            understanding.of(record);
        }
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        read(&bytes);
        read(&[b"WARC/1.1\r\n".as_slice(), &bytes].concat());
        xuncha::capture::http_message::read_response(&bytes);
        xuncha::capture::http_message::dechunk(&bytes);
    }
}
