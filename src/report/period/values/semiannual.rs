//! What a semiannual pre-assessment (预评估) says.

use super::quarterly::Quarterly;
use crate::finding::{Severity, Text};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A semiannual pre-assessment (预评估).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Semiannual {
    /// `xuncha.semiannual/1`.
    pub schema: String,
    /// The half-year.
    pub period: String,
    /// The office.
    pub office: String,
    /// As in a quarterly report.
    pub standing: Quarterly,
    /// Every unit with its veto items.
    pub units: Vec<Forecast>,
    /// Findings of years before that are open still (回头看).
    pub open_from_before: Vec<Leftover>,
}

/// What a national inspection would say of a unit, as far as a machine can tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Unit id.
    pub unit: String,
    /// Unit name.
    pub name: String,
    /// Site id.
    pub site: String,
    /// The prediction: never "passed" while a veto item is open.
    pub prediction: Prediction,
    /// Veto items: checklist, id, title, how they stand, in words.
    pub vetoes: Vec<VetoItem>,
    /// Items that a person must decide: checklist, id, title.
    pub manual: Vec<(String, String, Text)>,
}

/// What is predicted of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prediction {
    /// A veto item reaches its line.
    Fails,
    /// It would if what is suspected were confirmed.
    FailsIfConfirmed,
    /// Some veto items are undecided.
    Open,
    /// A veto item is inside of its warning margin.
    NearLine,
    /// Every veto item that a machine decides is clean.
    NoVetoFound,
    /// There was no run to tell from.
    NotSeen,
}

/// A veto item of a unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VetoItem {
    /// Checklist id.
    pub checklist: String,
    /// Item id.
    pub item: String,
    /// What is asked.
    pub title: Text,
    /// `veto`, `pending-review`, `warn`, `below-threshold`, `open`, `passed`, `manual` …
    pub note: String,
    /// Failed, suspected, undecided subjects.
    pub counts: (u64, u64, u64),
    /// How near, in words with its figures.
    pub remark: Option<Text>,
}

/// A finding of an earlier year that is open still.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Leftover {
    /// Unit id.
    pub unit: String,
    /// Rule id.
    pub rule: String,
    /// Severity.
    pub severity: Severity,
    /// First seen on this day.
    pub since: Date,
    /// Where.
    pub url: String,
    /// What.
    pub message: Text,
}
