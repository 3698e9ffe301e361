//! Findings → scorecards: veto, deduction with cap, ladder, bonus gate, coverage floor, verdict.

use crate::finding::{Finding, Outcome, Severity, Text};
use crate::judge::Judged;
use crate::plan::Plan;
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
    /// Points it can take or give; none: counted, not scored.
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
    /// A state that words tell best: `veto`, `warn`, `not-yet-due`, `manual`, `excluded`, `unverified`.
    pub note: Option<String>,
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
    /// Mean coverage of the applicable items, 0 to 1.
    pub coverage: f64,
    /// Items that concern this unit and that a machine can decide.
    pub applicable: u64,
    /// Of these, decided (passed or failed).
    pub decided: u64,
    /// Of these, undecided (cannot tell or untested).
    pub undecided: u64,
    /// Findings that were waived.
    pub waived: u64,
    /// Items left to people.
    pub manual: u64,
    /// The items in checklist order.
    pub items: Vec<ItemScore>,
}

/// Scores, and writes the points that each finding took into the findings.
pub fn score(_plan: &Plan, _judged: &Judged, _findings: &mut [Finding]) -> Vec<Scorecard> {
    Vec::new()
}
