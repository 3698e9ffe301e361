//! One line per scorecard, and counts of findings: what the end of a run tells on one screen.

use super::{Report, plain, words};
use crate::finding::{Certainty, Finding, Language, Severity};
use crate::score::{Scorecard, points_text};

/// Findings by severity; suspected ones are counted apart, they are no proved faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Certain, severity veto.
    pub veto: u64,
    /// Certain, severity error.
    pub error: u64,
    /// Certain, severity warning.
    pub warning: u64,
    /// Certain, severity notice.
    pub notice: u64,
    /// 疑似, of any severity.
    pub suspected: u64,
}

impl Counts {
    /// Counts findings.
    pub fn of<'a>(findings: impl Iterator<Item = &'a Finding>) -> Self {
        let mut counts = Counts::default();
        for finding in findings {
            let slot = match (finding.certainty, finding.severity) {
                (Certainty::Suspected, _) => &mut counts.suspected,
                (_, Severity::Veto) => &mut counts.veto,
                (_, Severity::Error) => &mut counts.error,
                (_, Severity::Warning) => &mut counts.warning,
                (_, Severity::Notice) => &mut counts.notice,
            };
            *slot += 1;
        }
        counts
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.veto + self.error + self.warning + self.notice + self.suspected
    }

    /// In words: `错误 3，疑似 1`; what does not occur is left out.
    pub fn text(&self, language: Language) -> String {
        let zh = language == Language::Zh;
        let named = [
            (self.veto, if zh { "否决" } else { "veto" }),
            (self.error, if zh { "错误" } else { "error" }),
            (self.warning, if zh { "警示" } else { "warning" }),
            (self.notice, if zh { "提示" } else { "notice" }),
            (self.suspected, if zh { "疑似" } else { "suspected" }),
        ];
        let told: Vec<String> = named.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{word} {n}")).collect();
        told.join(if zh { "，" } else { ", " })
    }
}

/// The score as `85.01 / 100.00`; a dash where there is none.
pub fn score_text(card: &Scorecard) -> String {
    match (card.score, card.out_of) {
        (Some(score), Some(full)) => format!("{} / {}", points_text(score), points_text(full)),
        (Some(score), None) => points_text(score),
        _ => "—".to_owned(),
    }
}

/// A share as a percentage with one decimal, cut: 99.97 % is not 100 %.
pub fn percent(share: f64) -> String {
    format!("{:.1}%", (share * 1000.0 + 1e-6).floor() / 10.0)
}

/// One line per scorecard, then one for the findings: what the command line prints when a run ends.
pub fn one_line_each(report: &Report, language: Language) -> Vec<String> {
    let zh = language == Language::Zh;
    let mut lines: Vec<String> = report
        .scorecards
        .iter()
        .map(|card| {
            let (title, unit) = (plain::line(card.title.get(language)), plain::line(report.unit_name(&card.unit)));
            let verdict = words::card_verdict(card);
            let score = if card.score.is_some() { format!("，{}", score_text(card)) } else { String::new() };
            let coverage = percent(card.coverage);
            if zh {
                format!("{unit} · {title}：{}{score}，覆盖率 {coverage}", verdict.zh)
            } else {
                format!("{unit} · {title}: {}{}, coverage {coverage}", verdict.en, score.replace('，', ", "))
            }
        })
        .collect();
    let counts = Counts::of(report.findings.iter());
    lines.push(match (counts.total(), zh) {
        (0, true) => "没有发现问题".to_owned(),
        (0, false) => "no findings".to_owned(),
        (n, true) => format!("发现 {n} 个问题：{}", counts.text(language)),
        (1, false) => format!("1 finding: {}", counts.text(language)),
        (n, false) => format!("{n} findings: {}", counts.text(language)),
    });
    lines
}
