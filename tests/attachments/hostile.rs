//! Files made to hurt: each costs its child at most, and ends as something that can be said.

use super::made::*;
use proptest::prelude::*;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use xuncha::extract::{Extractor, Limits};
use xuncha::facts::file::{Contents, FileKind, Reading};

pub fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_xuncha"))
}

fn limits() -> Limits {
    Limits { memory: 512 << 20, processor: 10, wall: Duration::from_secs(15), output: 8 << 20 }
}

#[track_caller]
fn read(bytes: &[u8]) -> Contents {
    let began = Instant::now();
    let contents = Extractor::with_limits(program(), limits()).read(bytes).expect("the program reads");
    assert!(began.elapsed() < Duration::from_secs(60), "held by its limits");
    contents
}

/// PDFs that refer to themselves in every place where a reader follows references.
pub fn loops() -> Vec<(&'static str, Vec<u8>)> {
    let catalog = || "<< /Type /Catalog /Pages 2 0 R >>".to_owned();
    let leaf = |resources: &str, content: u32| {
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << {resources} >> /Contents {content} 0 R >>")
    };
    let tree = pdf(&[catalog(), "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>".into()], "");
    let form = pdf(
        &[
            catalog(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(),
            leaf("/XObject << /X 4 0 R >>", 5),
            stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >>", "/X Do /X Do"),
            stream("", "/X Do /X Do"),
        ],
        "",
    );
    let length = pdf(
        &[
            catalog(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(),
            leaf("", 4),
            "<< /Length 4 0 R >>\nstream\nBT ET\nendstream".into(),
        ],
        "",
    );
    let mut previous = pdf(&[catalog(), "<< /Type /Pages /Kids [] /Count 0 >>".into()], "");
    let text = String::from_utf8_lossy(&previous).into_owned();
    let place = text.rfind("xref\n0").expect("a table").to_string();
    previous = text.replace("/Root 1 0 R", &format!("/Root 1 0 R /Prev {place}")).into_bytes();
    let objects = pdf(
        &[
            catalog(),
            "<< /Type /Pages /Kids 3 0 R /Count 1000000 >>".into(),
            stream("/Type /ObjStm /N 1 /First 4 /Extends 3 0 R", "3 0 [3 0 R]"),
        ],
        "",
    );
    vec![("page tree", tree), ("form", form), ("length", length), ("previous table", previous), ("object stream", objects)]
}

#[test]
fn bombs_locks_and_nests_are_told_apart() {
    let reading = |bytes: &[u8]| read(bytes).reading;
    assert_eq!(reading(&docx_bomb(64)), Reading::Limit("ratio".into()));
    let zeros = vec![0u8; 64 << 20];
    assert_eq!(reading(&zip(&[("a.bin", &zeros)])), Reading::Limit("ratio".into()));
    assert_eq!(reading(&docx_encrypted()), Reading::Encrypted);
    assert_eq!(reading(&pdf_encrypted()), Reading::Encrypted);
    let nested = zip(&[("2.zip", &zip(&[("1.zip", &zip(&[("a.txt", b"x")]))]))]);
    assert_eq!(reading(&nested), Reading::Limit("depth".into()));
}

#[test]
fn pdfs_that_loop_end() {
    for (name, bytes) in loops() {
        let contents = read(&bytes);
        assert_eq!(contents.kind, FileKind::Pdf, "{name}");
        assert!(contents.text.is_empty(), "{name}: {contents:?}");
        println!("{name}: {:?}", contents.reading);
    }
    let tree = &loops()[0].1;
    assert!(!matches!(read(tree).reading, Reading::Read), "a page tree without a page is no document");
}

#[test]
fn a_child_that_takes_too_much_is_stopped() {
    let extractor = |limits| Extractor::with_limits(program(), limits);
    let sheet: String =
        (1..=2_000).map(|n| format!(r#"<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>内容{n}</t></is></c></row>"#)).collect();
    let book = xlsx(&sheet, "");
    let small = Limits { memory: 200 << 20, ..limits() };
    let ended = extractor(small).read(&docx_large(48)).expect("reads").reading;
    assert_eq!(ended, Reading::Limit("memory".into()));
    let tight = Limits { output: 1_000, ..limits() };
    assert_eq!(extractor(tight).read(&book).expect("reads").reading, Reading::Limit("output".into()));
    let hurried = Limits { wall: Duration::from_millis(1), ..limits() };
    assert_eq!(extractor(hurried).read(&book).expect("reads").reading, Reading::Limit("time".into()));
    // And none of it stays: the next file is read.
    assert_eq!(extractor(limits()).read(&docx(&paragraph("好"))).expect("reads").text, ["好"]);
}

#[test]
fn a_program_that_cannot_be_run_or_does_not_read_is_our_fault() {
    for program in ["/nonexistent/xuncha", "/bin/true", "/bin/false"] {
        let extractor = Extractor::new(program.into());
        assert_eq!(extractor.read(b"%PDF-1.4"), None);
        assert!(extractor.failure().is_some_and(|why| why.contains(program)), "{program}");
    }
}

#[test]
fn equal_bytes_are_claimed_once() {
    let extractor = Extractor::new(program());
    assert!(extractor.claim("a") && !extractor.claim("a") && extractor.claim("b"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
    #[test]
    fn truncated_and_scrambled_files_end(which in 0usize..8, cut in 0.0f64..1.0, noise in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40)) {
        let files = [docx(&paragraph("文")), xlsx("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>", ""), doc("文字\r", b"x"), xls("甲", 1.0), pdf_scan(), ofd(&["文"]), rar5("a", b"b"), zip_gbk("甲.txt", b"x")];
        let mut bytes = files[which].clone();
        bytes.truncate((bytes.len() as f64 * (1.0 - cut * cut)) as usize);
        for (at, byte) in noise {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        // What comes back is an ending; a reader that fails costs its own child.
        let contents = Extractor::with_limits(program(), limits()).read(&bytes);
        prop_assert!(contents.is_some(), "the program itself failed");
    }
}
