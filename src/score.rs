//! Findings → scorecards: veto, deduction with cap, ladder, bonus gate, coverage floor, verdict.

//!
//! Exact where a line is drawn: points are whole ten-thousandths ([`marks`]), shares are compared as integers. An item that nobody could
//! decide neither gives nor takes points: its mark is scaled away (or redistributed), and coverage says how much that was.

mod card;
mod counts;
mod deduct;
mod marks;
mod standing;
mod verdict;

use crate::finding::{Finding, Outcome, Severity, Text};
use crate::judge::Judged;
use crate::plan::Plan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The verdict of one checklist for one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every applicable veto item is decided and clean, coverage is enough, and the score (where there is one) reaches the pass line;
    /// without a score: no certain failure of severity error or above.
    Passed,
    /// The score is below the pass line; without a score: a certain failure of severity error.
    Failed,
    /// A veto item reached its threshold with certain failures.
    Vetoed,
    /// A veto item would reach its threshold if suspected failures were confirmed.
    PendingReview,
    /// No veto was found, but not every applicable veto item could be decided.
    NoVetoFound,
    /// Coverage is below the floor: no verdict.
    Insufficient,
}

/// One item of a scorecard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ItemScore {
    /// Item id.
    pub id: String,
    /// What is asked.
    pub title: Text,
    /// Rule ids; empty for a manual item.
    pub rule: Vec<String>,
    /// Severity.
    pub severity: Severity,
    /// Outcome of the item as a whole.
    pub outcome: Outcome,
    /// Points it can take or give (its cap, where it has one); none: counted, not scored.
    pub points: Option<f64>,
    /// Points taken, after cap.
    pub deducted: f64,
    /// Number of findings.
    pub findings: u64,
    /// Clause and where it is printed.
    pub basis: String,
    /// How sure the source is.
    pub confidence: crate::checklist::Confidence,
    /// Subjects by end: passed, failed, suspected, waived, cannot tell, untested, inapplicable.
    pub passed: u64,
    /// See `passed`.
    pub failed: u64,
    /// See `passed`.
    pub suspected: u64,
    /// See `passed`.
    pub waived: u64,
    /// See `passed`.
    pub cannot_tell: u64,
    /// See `passed`.
    pub untested: u64,
    /// See `passed`.
    pub inapplicable: u64,
    /// tested / (tested + untested + cannot tell) of the subjects; none when there are none.
    pub coverage: Option<f64>,
    /// A state that words tell best: `veto`, `pending-review`, `warn`, `below-threshold`, `open`, `suspected`, `not-yet-due`,
    /// `not-in-force`, `other-cadence`, `manual`, `excluded`, `unverified`, `bonus`.
    pub note: Option<String>,
    /// The state in words, with its figures: how near a veto is, why no points are given.
    pub remark: Option<Text>,
    /// Why undecided, with counts and an example page each.
    pub undecided: Vec<Undecided>,
    /// The manual check, for items that no machine decides.
    pub manual: Option<crate::checklist::Manual>,
}

/// One reason for cannot tell or untested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Undecided {
    /// What was missing or unclear.
    pub reason: Text,
    /// Subjects.
    pub count: u64,
    /// One of them.
    pub example: Option<crate::url::CanonicalUrl>,
}

/// The scorecard of one checklist for one unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scorecard {
    /// Checklist id.
    pub checklist: String,
    /// Checklist title.
    pub title: Text,
    /// Unit id.
    pub unit: String,
    /// Verdict.
    pub verdict: Verdict,
    /// Score; none when vetoed, insufficient, or the checklist has no points.
    pub score: Option<f64>,
    /// Full mark of the score.
    pub out_of: Option<f64>,
    /// Points of the full mark whose items were decided; the score is scaled up from them.
    pub reachable: Option<f64>,
    /// Points taken by all items together.
    pub deducted: f64,
    /// Points added by bonus items, once the score is above the gate; part of `score`.
    pub bonus: f64,
    /// Below it the verdict is failed.
    pub pass_line: Option<f64>,
    /// Why this verdict, in a sentence.
    pub reason: Text,
    /// Mean coverage of the applicable items, 0 to 1.
    pub coverage: f64,
    /// Below it there is no verdict.
    pub coverage_floor: f64,
    /// Items that concern this unit and that a machine can decide.
    pub applicable: u64,
    /// Of these, decided (passed or failed).
    pub decided: u64,
    /// Of these, undecided (cannot tell or untested).
    pub undecided: u64,
    /// Subjects whose failures were waived, over all items.
    pub waived: u64,
    /// Items left to people.
    pub manual: u64,
    /// The items in checklist order.
    pub items: Vec<ItemScore>,
}

/// Scores, and writes the points that each finding took into the findings; severities of veto items short of their threshold are lowered
/// (warning, below `warn_when` notice), and the findings are left in canonical order.
///
/// The day is `plan.as_of`: whoever runs the plan sets it from the capture first. Without it, an item with a date of validity or a due
/// date is held against nobody.
pub fn score(plan: &Plan, judged: &Judged, findings: &mut [Finding]) -> Vec<Scorecard> {
    score_on(plan, plan.as_of, judged, findings)
}

/// [`score`] on a given day.
pub fn score_on(plan: &Plan, as_of: Option<Date>, judged: &Judged, findings: &mut [Finding]) -> Vec<Scorecard> {
    let mut scorecards = Vec::new();
    let book = card::Book::of(plan, judged, findings, as_of);
    for (index, checklist) in plan.checklists.iter().enumerate() {
        for unit in book.units() {
            if standing::concerns(checklist, unit) {
                scorecards.extend(card::card(&book, index, unit, findings));
            }
        }
    }
    for finding in findings.iter_mut() {
        if let Some(highest) = finding.items.iter().map(|item| item.severity).max() {
            finding.severity = highest;
        }
    }
    findings.sort_by(canonical);
    scorecards
}

/// The canonical order of findings: severity (veto first), rule, url, fingerprint, unit.
pub fn canonical(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    b.severity
        .cmp(&a.severity)
        .then_with(|| a.rule.cmp(&b.rule))
        .then_with(|| a.url.cmp(&b.url))
        .then_with(|| a.fingerprint.cmp(&b.fingerprint))
        .then_with(|| a.unit.cmp(&b.unit))
}

/// Points as the offices print them: two decimals, up to four when there are more.
pub fn points_text(points: f64) -> String {
    let text = format!("{points:.4}");
    let mut end = text.len();
    while end > text.len() - 2 && text[..end].ends_with('0') {
        end -= 1;
    }
    text[..end].to_owned()
}
