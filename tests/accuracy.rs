//! The rules on a few generated sites, and facts against the hand-labelled pages: per field, how many labelled values are read right and how many absent ones are
//! filled. The corpus is not part of this repository; without it the test says so and passes.

use std::path::PathBuf;
use xuncha::accuracy::source::Source;
use xuncha::accuracy::{Options, fields, measure, table};

fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("XUNCHA_CORPORA")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"));
    folder.join("gov-pages/labels.jsonl").is_file().then_some(folder)
}

/// The small form of the measurement: rounds on two sites of different manners and kinds. What they find must reach the floors and must
/// not be worse than reports/accuracy.md says of the full form; same seed, same figures.
#[test]
fn a_few_rounds_hold_what_the_table_says() {
    let report = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/accuracy.md");
    let earlier = table::earlier(&std::fs::read_to_string(report).expect("reports/accuracy.md"));
    let missing: Vec<&str> = xuncha::rules::all().iter().map(|e| e.id).filter(|id| !earlier.contains_key(*id)).collect();
    assert!(missing.is_empty(), "reports/accuracy.md says nothing of {missing:?}: run scripts/prove");
    let source = Source::read(None, &[]).expect("fixtures");
    let options = Options { seed: 20_261_122, rounds: 4..8, keep: None };
    let measured = measure(&options, &source, &|_| ()).expect("measures");
    let shortfalls = table::shortfalls(&measured, &earlier);
    assert!(shortfalls.is_empty(), "{shortfalls:#?}\n{:#?}", measured.wrong);
    assert!(measured.rules.values().map(|tally| tally.planted).sum::<u64>() > 200, "{:?}", measured.rules);
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
