//! Facts against the hand-labelled pages: per field, how many labelled values are read right and how many absent ones are
//! filled. The corpus is not part of this repository; without it the test says so and passes.

use std::path::PathBuf;
use xuncha::accuracy::{fields, table};

fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("XUNCHA_CORPORA")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"));
    folder.join("gov-pages/labels.jsonl").is_file().then_some(folder)
}

#[test]
fn fields_of_labelled_pages_are_read() {
    let Some(folder) = corpora() else {
        eprintln!("skipped: no labelled pages (set XUNCHA_CORPORA)");
        return;
    };
    let found = fields::measure(&folder.join("gov-pages")).expect("measures");
    println!("{}", table::fields(&found));
    for wrong in &found.wrong {
        println!("  {wrong}");
    }
    for field in found.fields.iter().filter(|f| f.required) {
        assert!(field.labelled > 0, "{field:?}");
        assert!(field.holds(), "{field:?}");
    }
}
