//! The figures as a page that people read and CI holds against.

use super::fields::Labelled;
use super::{Measured, Tally};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Floors of the project: no rule may fall below.
pub const PRECISION: f64 = 0.995;
/// Least share of planted faults that a rule must report.
pub const RECALL: f64 = 0.98;

/// Rules that fall below a floor, that have fewer than `least` plants, or that fall below what an earlier table says of them; in words.
pub fn shortfalls(measured: &Measured, earlier: &BTreeMap<String, (f64, f64)>, least: u64) -> Vec<String> {
    let mut all = Vec::new();
    for (rule, tally) in &measured.rules {
        let (precision, recall) = (tally.precision(), tally.recall());
        if tally.near_alarms > 0 {
            all.push(format!("{rule}: {} near-misses reported", tally.near_alarms));
        }
        if precision < PRECISION {
            all.push(format!("{rule}: precision {precision:.4} is below {PRECISION}"));
        }
        if recall < RECALL {
            all.push(format!("{rule}: recall {recall:.4} is below {RECALL}"));
        }
        if tally.planted.min(tally.near) < least && measured.asked.contains(rule) {
            all.push(format!("{rule}: {} faults and {} near-misses are fewer than {least}", tally.planted, tally.near));
        }
    }
    all.extend(drops(measured, earlier));
    all
}

/// Rules that are worse than an earlier table of the same rounds says; in words.
pub fn drops(measured: &Measured, earlier: &BTreeMap<String, (f64, f64)>) -> Vec<String> {
    let mut all = Vec::new();
    for (rule, (precision_then, recall_then)) in earlier {
        let Some(tally) = measured.rules.get(rule) else { continue };
        let (precision, recall) = (tally.precision(), tally.recall());
        // Figures are printed with four places.
        if precision + 5e-5 < *precision_then || recall + 5e-5 < *recall_then {
            all.push(format!("{rule}: was {precision_then:.4}/{recall_then:.4}, is {precision:.4}/{recall:.4}"));
        }
    }
    all
}

/// Rows of the table.
pub fn markdown(rules: &BTreeMap<String, Tally>) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "| rule | planted | found | near-misses | alarms on them | other alarms | precision | recall |");
    let _ = writeln!(out, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (rule, tally) in rules {
        let Tally { planted, found, near, near_alarms, alarms } = tally;
        let figure = |value: f64| if *planted == 0 { "–".to_owned() } else { format!("{value:.4}") };
        let (precision, recall) = (figure(tally.precision()), figure(tally.recall()));
        let _ = writeln!(out, "| `{rule}` | {planted} | {found} | {near} | {near_alarms} | {alarms} | {precision} | {recall} |");
    }
    out
}

/// Rows without near-misses.
pub fn plain(rules: &BTreeMap<String, Tally>) -> String {
    let mut out = String::from("| rule | planted | found | other reports |\n| --- | ---: | ---: | ---: |\n");
    for (rule, Tally { planted, found, alarms, .. }) in rules {
        let _ = writeln!(out, "| {rule} | {planted} | {found} | {alarms} |");
    }
    out
}

/// Rows of the fields of labelled pages.
pub fn fields(labelled: &Labelled) -> String {
    let mut out = String::from(
        "| field | labelled | right | another value | labelled absent | filled |\n| --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for field in &labelled.fields {
        let note = if field.required { "" } else { " (for information)" };
        let _ = writeln!(
            out,
            "| {}{note} | {} | {} | {} | {} | {} |",
            field.name, field.labelled, field.right, field.other, field.null, field.filled
        );
    }
    out
}

/// Precision and recall by rule as an earlier table printed them.
pub fn earlier(text: &str) -> BTreeMap<String, (f64, f64)> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let [rule, .., precision, recall] = cells.as_slice() else { return None };
        let rule = rule.strip_prefix('`')?.strip_suffix('`')?;
        Some((rule.to_owned(), (precision.parse().ok()?, recall.parse().ok()?)))
    };
    text.lines().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_reads_back_and_a_drop_is_told() {
        let mut measured = Measured::default();
        measured.rules.insert("a".into(), Tally { planted: 200, found: 200, near: 200, ..Tally::default() });
        measured.rules.insert("b".into(), Tally::default());
        let then = earlier(&markdown(&measured.rules));
        assert_eq!(then.get("a"), Some(&(1.0, 1.0)));
        assert!(shortfalls(&measured, &then, 0).is_empty());
        measured.rules.insert("a".into(), Tally { planted: 200, found: 199, near: 200, near_alarms: 1, ..Tally::default() });
        let told = shortfalls(&measured, &then, 0);
        assert_eq!(told.len(), 2, "{told:?}");
    }
}
