//! Facts against the hand-labelled pages: per field, how many labelled values are read right and how many absent ones are
//! filled. The corpus is not part of this repository; without it the test says so and passes.

use serde_json::Value;
use std::path::PathBuf;
use xuncha::exchange::{Exchange, Gathering, Method};
use xuncha::facts::{Page, page};
use xuncha::url::CanonicalUrl;

fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("XUNCHA_CORPORA")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"));
    folder.join("gov-pages/labels.jsonl").is_file().then_some(folder)
}

fn exchange(file: &str, body: Vec<u8>) -> Exchange {
    Exchange {
        url: CanonicalUrl::parse(&format!("http://folder.invalid/{file}")).expect("a URL"),
        method: Method::Get,
        gathering: Gathering::Pages,
        status: 200,
        headers: Vec::new(),
        body: body.into(),
        at: jiff::Timestamp::UNIX_EPOCH,
        hops: 0,
        via: None,
        attempts: 1,
        look: 1,
        elapsed: None,
        profile: Default::default(),
    }
}

/// One field: what the label says against what was read, in comparable form.
struct Field {
    name: &'static str,
    label: &'static str,
    /// Must reach the required rates; the others are printed for information.
    required: bool,
    read: fn(&Page) -> Option<String>,
    /// How both sides are made comparable before they must be equal. Nothing beyond width, blanks, letter case and script for
    /// texts; digits alone for police numbers (dashes are written or not).
    comparable: fn(&str) -> String,
}

fn folded(text: &str) -> String {
    xuncha::text::fold(text)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// gb2312, gbk and gb18030 are one charset to us: the label tells which subset the bytes happen to need.
fn charset(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "gb2312" | "gbk") { "gb18030".to_owned() } else { lower }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

const FIELDS: [Field; 14] = [
    Field {
        name: "title",
        label: "title",
        required: true,
        read: |p| Some(p.title().to_owned()).filter(|t| !t.is_empty()),
        comparable: folded,
    },
    Field {
        name: "publish date",
        label: "publish_date",
        required: true,
        read: |p| p.publish_date().map(|d| d.to_string()),
        comparable: folded,
    },
    Field {
        name: "document number",
        label: "doc_number",
        required: true,
        read: |p| owned(p.document_number()),
        comparable: folded,
    },
    Field { name: "index number", label: "index_number", required: true, read: |p| owned(p.index_number()), comparable: folded },
    Field { name: "issuing body", label: "issuing_body", required: true, read: |p| owned(p.issuing_body()), comparable: folded },
    Field { name: "site code", label: "site_id_code", required: true, read: |p| owned(p.site_id_code()), comparable: folded },
    Field { name: "icp", label: "icp", required: true, read: |p| p.footer.icp.clone(), comparable: folded },
    Field { name: "police", label: "police", required: true, read: |p| p.footer.police.clone(), comparable: digits },
    Field {
        name: "written date",
        label: "written_date",
        required: false,
        read: |p| p.written_date().map(|d| d.to_string()),
        comparable: folded,
    },
    Field { name: "source", label: "source", required: false, read: |p| owned(p.source()), comparable: folded },
    Field { name: "validity", label: "validity", required: false, read: |p| owned(p.validity()), comparable: folded },
    Field {
        name: "page type",
        label: "page_type",
        required: false,
        read: |p| serde_json::to_value(p.kind).ok()?.as_str().map(str::to_owned),
        comparable: folded,
    },
    Field {
        name: "declared charset",
        label: "declared_charset",
        required: false,
        read: |p| owned(p.charset.declared()),
        comparable: folded,
    },
    Field {
        name: "charset",
        label: "true_charset",
        required: false,
        read: |p| Some(p.charset.used.clone()),
        comparable: charset,
    },
];

#[derive(Default)]
struct Tally {
    labelled: usize,
    right: usize,
    null: usize,
    filled: usize,
}

#[test]
fn fields_of_labelled_pages_are_read() {
    let Some(folder) = corpora() else {
        eprintln!("skipped: no labelled pages (set XUNCHA_CORPORA)");
        return;
    };
    let labels = std::fs::read_to_string(folder.join("gov-pages/labels.jsonl")).expect("labels");
    let mut tallies: Vec<Tally> = FIELDS.iter().map(|_| Tally::default()).collect();
    let mut misses = Vec::new();
    for line in labels.lines().filter(|l| !l.trim().is_empty()) {
        let label: Value = serde_json::from_str(line).expect("a label");
        let file = label["file"].as_str().expect("a file name");
        let body = std::fs::read(folder.join("gov-pages").join(file)).expect("a page");
        // A PDF is labelled too: it must not be read as a page.
        let Some(page) = page::read(&exchange(file, body)) else {
            assert!(file.ends_with(".pdf"), "{file} was not read as a page");
            continue;
        };
        for (field, tally) in FIELDS.iter().zip(&mut tallies) {
            let read = (field.read)(&page);
            match label[field.label].as_str() {
                Some(expected) => {
                    tally.labelled += 1;
                    if read.as_deref().is_some_and(|r| (field.comparable)(r) == (field.comparable)(expected)) {
                        tally.right += 1;
                    } else {
                        misses.push(format!("{}: {file}: {read:?}, labelled {expected:?}", field.name));
                    }
                }
                None => {
                    tally.null += 1;
                    if let Some(read) = read {
                        tally.filled += 1;
                        misses.push(format!("{}: {file}: {read:?}, labelled null", field.name));
                    }
                }
            }
        }
    }
    println!("{:18} {:>9} {:>4} {:>16} {:>4}", "field", "right", "n", "null filled", "n");
    for (field, tally) in FIELDS.iter().zip(&tallies) {
        let rate = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 };
        println!(
            "{:18} {:8.1}% {:4} {:9} {:5.1}% {:4}{}",
            field.name,
            rate(tally.right, tally.labelled),
            tally.labelled,
            tally.filled,
            rate(tally.filled, tally.null),
            tally.null,
            if field.required { "" } else { "   (for information)" }
        );
    }
    for miss in &misses {
        println!("  {miss}");
    }
    for (field, tally) in FIELDS.iter().zip(&tallies).filter(|(f, _)| f.required) {
        let wrong = tally.labelled - tally.right;
        let enough = if tally.labelled < 25 { wrong <= 1 } else { tally.right * 100 >= tally.labelled * 90 };
        assert!(tally.labelled > 0 && enough, "{}: {wrong} of {} labelled values are wrong", field.name, tally.labelled);
        assert!(
            tally.filled * 100 <= tally.null * 2,
            "{}: {} of {} absent values are filled",
            field.name,
            tally.filled,
            tally.null
        );
    }
}
