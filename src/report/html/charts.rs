//! Figures of the inline charts, worked out here so that the template only places them.

use crate::finding::{Certainty, Finding, Severity, Text};
use crate::report::{Coverage, words};
use serde::Serialize;

/// A part of a bar or a ring.
#[derive(Debug, Serialize)]
pub(super) struct Segment {
    /// Class of its colour.
    pub key: String,
    /// In words.
    pub label: Text,
    /// How many.
    pub count: u64,
    /// Where it begins, in thousandths of the whole.
    pub start: u64,
    /// How long it is, in thousandths; never 0 for something that is there.
    pub length: u64,
}

/// One bar with its parts.
#[derive(Debug, Serialize)]
pub(super) struct Bar {
    /// Anchor of the section it stands for.
    pub key: &'static str,
    /// In words.
    pub label: Text,
    /// Sum of its parts.
    pub count: u64,
    /// Parts; lengths are relative to the longest bar.
    pub parts: Vec<Segment>,
}

/// A ring of what was seen and what was not.
#[derive(Debug, Serialize)]
pub(super) struct Ring {
    /// Share seen, as text.
    pub percent: String,
    /// What was seen first, then what was not, by reason.
    pub parts: Vec<Segment>,
    /// All.
    pub count: u64,
}

/// Class, severity or suspicion of a finding.
pub(super) fn colour(finding: &Finding) -> &'static str {
    match (finding.certainty, finding.severity) {
        (Certainty::Suspected, _) => "suspected",
        (_, Severity::Veto) => "veto",
        (_, Severity::Error) => "error",
        (_, Severity::Warning) => "warning",
        (_, Severity::Notice) => "notice",
    }
}

/// Classes in the order of a bar, with their words.
pub(super) fn classes() -> [(&'static str, Text); 5] {
    [
        ("veto", words::severity(Severity::Veto)),
        ("error", words::severity(Severity::Error)),
        ("warning", words::severity(Severity::Warning)),
        ("notice", words::severity(Severity::Notice)),
        ("suspected", words::certainty(Certainty::Suspected)),
    ]
}

/// Lays counts out one after the other on `whole`, 1000 wide. Something that is there is at least 6 wide.
fn lay(counts: Vec<(String, Text, u64)>, whole: u64) -> Vec<Segment> {
    let mut start = 0;
    let mut parts = Vec::new();
    for (key, label, count) in counts.into_iter().filter(|(_, _, n)| *n > 0) {
        let length = count.saturating_mul(1000).checked_div(whole).unwrap_or(0).max(6).min(1000 - start.min(1000));
        parts.push(Segment { key, label, count, start, length });
        start += length;
    }
    parts
}

/// One bar per root cause that occurs, parts by severity.
pub(super) fn causes(findings: &[Finding]) -> Vec<Bar> {
    let counted: Vec<_> = words::CAUSES
        .iter()
        .map(|cause| {
            let of: Vec<&Finding> = findings.iter().filter(|f| f.root_cause == *cause).collect();
            (*cause, of)
        })
        .filter(|(_, of)| !of.is_empty())
        .collect();
    let longest = counted.iter().map(|(_, of)| of.len() as u64).max().unwrap_or(0);
    counted
        .into_iter()
        .map(|(cause, of)| {
            let counts = classes()
                .into_iter()
                .map(|(key, label)| (key.to_owned(), label, of.iter().filter(|f| colour(f) == key).count() as u64))
                .collect();
            Bar { key: words::cause_key(cause), label: words::cause(cause), count: of.len() as u64, parts: lay(counts, longest) }
        })
        .collect()
}

/// What was seen of the site's own URLs.
pub(super) fn ring(coverage: &Coverage) -> Ring {
    let mut lost: Vec<(&String, &u64)> = coverage.unfetched.iter().collect();
    lost.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    let mut counts = vec![("fetched".to_owned(), words::both("已取得", "fetched"), coverage.fetched)];
    for (index, (word, count)) in lost.into_iter().enumerate() {
        counts.push((format!("lost{}", index.min(4)), words::reason(word), *count));
    }
    let percent = match coverage.discovered {
        0 => "—".to_owned(),
        all => crate::report::summary::percent(coverage.fetched as f64 / all as f64),
    };
    Ring { percent, parts: lay(counts, coverage.discovered), count: coverage.discovered }
}
