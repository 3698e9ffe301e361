//! What the report of one unit says: its scores with their items, and every finding with where it is and how to mend it.

use super::daily::{AccountRow, RunNote};
use super::quarterly::Standing;
use crate::finding::{Severity, Text};
use crate::report::period::{BySeverity, Ratio};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The report of one unit: what is sent to it, and what it mends by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfUnit {
    /// `xuncha.unit/1`.
    pub schema: String,
    /// The period.
    pub period: String,
    /// Name of the office.
    pub office: String,
    /// Unit id.
    pub unit: String,
    /// Unit name.
    pub name: String,
    /// The sites that hold its pages.
    pub sites: Vec<UnitSite>,
    /// Its new-media accounts.
    pub accounts: Vec<AccountRow>,
}

/// A unit on one site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitSite {
    /// Site id.
    pub site: String,
    /// Site name.
    pub name: String,
    /// First address.
    pub address: Option<String>,
    /// State of the site on the last day of the period.
    pub state: String,
    /// The run that counts, or why there is none.
    pub run: RunNote,
    /// Day of judgement.
    pub as_of: Option<String>,
    /// Scores, by checklist.
    pub cards: Vec<UnitCard>,
    /// Certain findings by severity.
    pub certain: BySeverity,
    /// Suspected findings.
    pub suspected: u64,
    /// The findings, gravest first; at most 5,000.
    pub findings: Vec<UnitFinding>,
}

/// A scorecard with its place in the ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitCard {
    /// Checklist id.
    pub checklist: String,
    /// Checklist version.
    pub version: String,
    /// Its title.
    pub title: Text,
    /// Verdict, as a word.
    pub verdict: String,
    /// Score.
    pub score: Option<f64>,
    /// Full mark.
    pub out_of: Option<f64>,
    /// Items decided of those that a machine can decide.
    pub decided: Ratio,
    /// Why this verdict.
    pub reason: Text,
    /// Its place; none for a daily look.
    pub standing: Option<Standing>,
    /// Units ranked with it.
    pub ranked: u64,
    /// Items in the order of the checklist.
    pub items: Vec<UnitItem>,
}

/// An item of a scorecard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitItem {
    /// Item id.
    pub item: String,
    /// Its title.
    pub title: Text,
    /// Severity.
    pub severity: Severity,
    /// How it stands, in a word.
    pub note: String,
    /// Points that it can take.
    pub points: Option<f64>,
    /// Points that it took.
    pub deducted: f64,
    /// Subjects that failed, are suspected, are undecided.
    pub counts: (u64, u64, u64),
    /// More in words.
    pub remark: Option<Text>,
}

/// A finding, for who mends it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitFinding {
    /// Its fingerprint: the same in every run that sees it.
    pub fingerprint: String,
    /// Rule id.
    pub rule: String,
    /// Severity.
    pub severity: Severity,
    /// Proved; suspected otherwise.
    pub certain: bool,
    /// What is wrong.
    pub message: Text,
    /// How to mend it.
    pub fix: Text,
    /// Where to look first.
    pub url: String,
    /// What to search for there.
    pub text: Option<String>,
    /// Places in all.
    pub occurrences: u64,
    /// Facts that prove it.
    pub evidence: BTreeMap<String, String>,
    /// Day on which it was seen first, or came back.
    pub since: Option<Date>,
    /// Who can mend it, where that is another one: the operator of the platform.
    pub responsible: Option<String>,
}
