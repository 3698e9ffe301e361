//! Our capture in the eyes of the `warc` crate, which shares no code with us.

use super::made;
use data_encoding::BASE32;
use sha1::{Digest, Sha1};
use std::collections::{BTreeMap, BTreeSet};
use warc::{RawRecordHeader, WarcHeader, WarcReader};
use xuncha::capture::entry::Understanding;
use xuncha::capture::{Entry, Last, Reader};

fn field(head: &RawRecordHeader, name: WarcHeader) -> Option<String> {
    head.as_ref().get(&name).map(|v| String::from_utf8_lossy(v).into_owned())
}

fn extension(head: &RawRecordHeader, name: &str) -> Option<String> {
    field(head, WarcHeader::Unknown(name.to_lowercase()))
}

#[tokio::test]
async fn an_independent_reader_reads_our_capture() {
    let space = tempfile::tempdir().expect("space");
    for name in ["a.warc.gz", "a.warc"] {
        let path = space.path().join(name);
        made::write(&path).await;
        let records: Vec<(RawRecordHeader, Vec<u8>)> = if name.ends_with("gz") {
            let reader = WarcReader::from_path_gzip(&path).expect("opens");
            reader.iter_raw_records().collect::<Result<_, _>>().expect("every record parses")
        } else {
            let file = std::fs::File::open(&path).expect("opens");
            WarcReader::new(std::io::BufReader::new(file)).iter_raw_records().collect::<Result<_, _>>().expect("parses")
        };
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        let mut ids = BTreeSet::new();
        for (head, block) in &records {
            assert_eq!(head.version, "1.1");
            let kind = field(head, WarcHeader::WarcType).expect("type");
            *kinds.entry(kind.clone()).or_default() += 1;
            assert!(ids.insert(field(head, WarcHeader::RecordID).expect("id")), "ids are unique");
            assert_eq!(field(head, WarcHeader::ContentLength).expect("length"), block.len().to_string());
            let digest = |bytes: &[u8]| format!("sha1:{}", BASE32.encode(&Sha1::digest(bytes)));
            assert_eq!(field(head, WarcHeader::BlockDigest).expect("block digest"), digest(block));
            if matches!(kind.as_str(), "request" | "response") {
                let body = block.windows(4).position(|w| w == b"\r\n\r\n").expect("a head") + 4;
                assert_eq!(field(head, WarcHeader::PayloadDigest).expect("payload digest"), digest(&block[body..]));
                let other = field(head, WarcHeader::ConcurrentTo).expect("concurrent");
                let twin = records.iter().find(|(h, _)| field(h, WarcHeader::RecordID).as_ref() == Some(&other)).expect("exists");
                assert_eq!(field(&twin.0, WarcHeader::TargetURI), field(head, WarcHeader::TargetURI));
                assert_ne!(field(&twin.0, WarcHeader::WarcType), field(head, WarcHeader::WarcType));
            }
        }
        let expected: BTreeMap<String, usize> =
            [("warcinfo", 1), ("request", 6), ("response", 6), ("metadata", 3)].map(|(k, n)| (k.to_owned(), n)).into();
        assert_eq!(kinds, expected);
        assert_eq!(field(&records[0].0, WarcHeader::WarcType).as_deref(), Some("warcinfo"));
        let text = |at: usize| String::from_utf8_lossy(&records[at].1).into_owned();
        assert!(text(0).contains("run-id: 20260320-101112-0123456789abcdef\r\n"), "{}", text(0));
        assert!(text(15).starts_with("complete: true\r\n") && text(15).contains("responses: 6\r\n"), "{}", text(15));
        assert!(text(14).contains("reason: read-timeout\r\n") && text(14).contains("hopsFromSeed: 4\r\n"), "{}", text(14));
        assert_eq!(extension(&records[3].0, "Xuncha-Gathering").as_deref(), Some("pages"));
    }
}

/// A reader that believes the stored head must find the stored body: no transfer coding, no other length.
#[tokio::test]
async fn the_stored_head_does_not_lie_about_the_stored_body() {
    let space = tempfile::tempdir().expect("space");
    let path = space.path().join("a.warc.gz");
    made::write(&path).await;
    let mut heads = Vec::new();
    for record in WarcReader::from_path_gzip(&path).expect("opens").iter_raw_records() {
        let (head, block) = record.expect("parses");
        if field(&head, WarcHeader::WarcType).as_deref() == Some("response") {
            let end = block.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
            heads.push((String::from_utf8_lossy(&block[..end]).into_owned(), block.len() - end - 4));
        }
    }
    assert!(heads[0].0.contains("\r\nx-archive-orig-transfer-encoding: chunked"), "{}", heads[0].0);
    assert!(heads[1].0.contains("\r\nx-archive-orig-content-length: 3"), "{}", heads[1].0);
    for (head, length) in &heads[..5] {
        assert!(!head.contains("\r\ntransfer-encoding:"), "{head}");
        for line in head.lines().filter_map(|l| l.strip_prefix("content-length: ")) {
            assert_eq!(line, length.to_string(), "{head}");
        }
    }
    assert!(heads[5].0.contains("\r\ncontent-length: 9999"), "the answer to HEAD keeps its length");
}

/// And our own reader gives back exactly what was written.
#[tokio::test]
async fn what_is_written_is_read() {
    let space = tempfile::tempdir().expect("space");
    for name in ["a.warc.gz", "a.warc"] {
        let path = space.path().join(name);
        made::write(&path).await;
        let mut reader = Reader::new(std::fs::File::open(&path).expect("opens"), 1 << 20).expect("reads");
        let mut understanding = Understanding::default();
        let mut entries = Vec::new();
        while let Some(record) = reader.next_record() {
            let record = record.expect("whole");
            assert_eq!(record.digest_holds, Some(true));
            match understanding.of(record) {
                Entry::Nothing => {}
                entry => entries.push(entry),
            }
        }
        let mut expected = vec![Entry::Origin(Box::new(made::origin())), Entry::Plan(serde_json::json!({"a": 1}))];
        expected.extend(made::exchanges().into_iter().map(|e| Entry::Answer { exchange: Box::new(e), has_body: true }));
        expected.push(Entry::Unfetched(Box::new(made::unfetched())));
        expected.push(Entry::Last(Last {
            complete: true,
            finished: made::instant(30),
            responses: 6,
            unfetched: BTreeMap::from([(xuncha::unfetched::Reason::ReadTimeout, 1)]),
            shrunk: None,
        }));
        assert_eq!(entries, expected);
    }
}
