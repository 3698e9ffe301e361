//! What earlier runs saw: an immutable, hashed snapshot that reaches a rule as a fact (`--history`, design.md 2.2).

use crate::url::CanonicalUrl;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Schema word of a snapshot file.
pub const SCHEMA: &str = "xuncha.history/1";

/// A snapshot. Absent means untested, empty means that nothing was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// [`SCHEMA`].
    pub schema: String,
    /// The instant up to which it holds.
    pub until: Timestamp,
    /// Availability visits of the home page, oldest first.
    #[serde(default)]
    pub probes: Vec<Probe>,
    /// Earlier runs, oldest first.
    #[serde(default)]
    pub runs: Vec<EarlierRun>,
}

/// One availability visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// What was asked for.
    pub url: CanonicalUrl,
    /// When.
    pub at: Timestamp,
    /// `answered`; `failed` (no usable response in 15 s); `blocked` (challenge, 403, 412, 429, login: reached); `void` (our side failed).
    pub outcome: ProbeOutcome,
    /// Seconds until the response was usable, where it came.
    #[serde(default)]
    pub seconds: Option<f64>,
    /// Phase and cause of a failure, for evidence.
    #[serde(default)]
    pub cause: Option<String>,
    /// From which network; none: from the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vantage: Option<String>,
}

/// How an availability visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProbeOutcome {
    /// A usable response came.
    Answered,
    /// None came within the time limit.
    Failed,
    /// The site was reached and refused us: proves that it can be reached.
    Blocked,
    /// The round failed on our side; it counts for nothing.
    Void,
}

/// What an earlier run saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierRun {
    /// Its id.
    pub id: String,
    /// When it ended.
    pub at: Timestamp,
    /// SHA-256 of its capture.
    pub capture_sha256: String,
    /// Its columns.
    #[serde(default)]
    pub columns: Vec<EarlierColumn>,
    /// Its annual reports.
    #[serde(default)]
    pub reports: Vec<super::annual_report::AnnualReport>,
}

/// A column as an earlier run saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierColumn {
    /// Its identity.
    pub url: CanonicalUrl,
    /// Its name.
    pub name: String,
    /// Was every page of its list fetched?
    pub complete: bool,
    /// Its items.
    #[serde(default)]
    pub items: Vec<EarlierItem>,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierItem {
    /// Title shown.
    pub title: String,
    /// Where it leads.
    #[serde(default)]
    pub url: Option<CanonicalUrl>,
    /// Date shown.
    #[serde(default)]
    pub date: Option<Date>,
}
