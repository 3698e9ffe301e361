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

/// Rounds of the small form: one site each of two manners and kinds.
const ROUNDS: std::ops::Range<u64> = 5..7;

/// The small form of the measurement: no rule may be worse than `reports/accuracy-small.md` says of the same rounds. Same seed, same
/// figures; `XUNCHA_ACCURACY=write` writes them anew. The floors are asked of the full form, by scripts/prove.
#[test]
fn a_few_rounds_are_no_worse_than_before() {
    let report = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/accuracy-small.md");
    let source = Source::read(None, &[]).expect("fixtures");
    let options = Options::of_rounds(20_261_122, ROUNDS);
    let measured = measure(&options, &source, &|_, _| ()).expect("measures");
    if std::env::var_os("XUNCHA_ACCURACY").is_some_and(|word| word == "write") {
        let text = format!(
            "# Accuracy, the small form\n\nRounds {ROUNDS:?}; see tests/accuracy.rs.\n\n{}",
            table::markdown(&measured.rules)
        );
        std::fs::write(&report, text).expect("written");
    }
    let earlier = table::earlier(&std::fs::read_to_string(report).expect("reports/accuracy-small.md"));
    let drops = table::drops(&measured, &earlier);
    assert!(drops.is_empty(), "{drops:#?}\n{:#?}", measured.wrong);
    let planted = measured.rules.values().map(|tally| tally.planted).sum::<u64>();
    assert!(planted > 60 && earlier.len() > 50, "{planted} faults, {} rules", earlier.len());
    let new: Vec<&String> = measured
        .rules
        .iter()
        .filter(|(rule, tally)| tally.planted == 0 && tally.alarms > 0 && !earlier.contains_key(*rule))
        .map(|(rule, _)| rule)
        .collect();
    assert!(new.is_empty(), "alarms of rules that were not planted: {new:?}\n{:#?}", measured.wrong);
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
