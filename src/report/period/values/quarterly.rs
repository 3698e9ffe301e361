//! What a quarterly report (季度通报) says.

use super::daily::AccountRow;
use crate::finding::Text;
use crate::report::period::{Movement, Ratio};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A quarterly report (季度通报).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quarterly {
    /// `xuncha.quarterly/1`.
    pub schema: String,
    /// The quarter.
    pub period: String,
    /// The office.
    pub office: String,
    /// Units with a run, of all that are watched.
    pub checked: Ratio,
    /// Rankings, one for each comparison group.
    pub groups: Vec<Group>,
    /// Classes of problems, most findings first.
    pub problems: Vec<Problem>,
    /// What became of findings.
    pub findings: Movement,
    /// Findings known in the period that were mended by its end, of all known in it.
    pub rectified: Ratio,
    /// Findings that came back, of those gone or back in it.
    pub recurred: Ratio,
    /// Sites without a run, with the cause.
    pub not_run: Vec<(String, String)>,
    /// Units by item: the heat map of each group's checklist.
    pub heat: Vec<Heat>,
    /// Mean scores of the last periods, oldest first: period, checklist, mean, units.
    pub trend: Vec<(String, String, f64, u64)>,
    /// New media: a section of its own.
    pub accounts: Vec<AccountRow>,
}

/// One comparison group: same checklist, same version, same kind of body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Checklist id.
    pub checklist: String,
    /// Its version.
    pub version: String,
    /// Its digest.
    pub sha256: String,
    /// Kind of body; none: units of no stated kind.
    pub kind: Option<String>,
    /// Ranked, best first; ties share a rank.
    pub ranked: Vec<Standing>,
    /// Vetoed ones, apart.
    pub vetoed: Vec<Standing>,
    /// 未评: below the coverage floor, or without a score, with the cause.
    pub unrated: Vec<Standing>,
    /// Units by verdict.
    pub verdicts: BTreeMap<String, u64>,
    /// Passed ones, of those with a verdict of passed, failed or vetoed.
    pub pass_rate: Ratio,
    /// Units by score: lower bound in percent of the full mark, and how many.
    pub bands: Vec<(u32, u64)>,
    /// Mean of the ranked, in points.
    pub mean: Option<f64>,
}

/// A unit in its group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Rank; none: not ranked.
    pub rank: Option<u64>,
    /// Unit id.
    pub unit: String,
    /// Unit name.
    pub name: String,
    /// Site id.
    pub site: String,
    /// Verdict, as a word.
    pub verdict: String,
    /// Score.
    pub score: Option<f64>,
    /// Full mark.
    pub out_of: Option<f64>,
    /// Coverage, 0 to 1.
    pub coverage: f64,
    /// Findings under this checklist.
    pub findings: u64,
    /// Score and rank of the period before.
    pub before: Option<Before>,
    /// Items about pages: id, failed pages, judged pages. Told per 1,000 pages.
    pub per_page: Vec<(String, Ratio)>,
    /// Why it is not ranked.
    pub why: Option<Text>,
}

/// The period before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// Score then.
    pub score: Option<f64>,
    /// Rank then.
    pub rank: Option<u64>,
    /// Was it another version of the checklist?
    pub other_checklist: bool,
    /// The run of then judged by the checklist of now, where that was done.
    pub again: Option<f64>,
}

/// A class of problems.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Rule id.
    pub rule: String,
    /// What is looked at.
    pub title: Text,
    /// Units that have it.
    pub units: u64,
    /// Findings, certain ones.
    pub findings: u64,
    /// Findings, suspected ones.
    pub suspected: u64,
    /// Places.
    pub occurrences: u64,
}

/// Units by item of a checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heat {
    /// Checklist id.
    pub checklist: String,
    /// Item ids with titles, in checklist order.
    pub items: Vec<(String, Text)>,
    /// Unit id, and per item what it lost: `-` inapplicable, `?` undecided, `0` nothing, otherwise the points, or the failures.
    pub rows: Vec<(String, Vec<Cell>)>,
}

/// One cell of a heat map.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// Does not concern the unit.
    Inapplicable,
    /// Nobody could tell.
    Undecided,
    /// Suspected only.
    Suspected,
    /// All is well.
    Passed,
    /// Share of the item's points that was lost, or 1 where it has none, in thousandths.
    Lost(u32),
}
