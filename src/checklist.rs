//! Checklists as data: what a norm asks, by which rule, how severe, with how many points, and where that is printed.
//!
//! This module knows the shape of a checklist and of its companions, not which rules exist: `plan` checks that.

pub mod calendar;
pub mod columns;
pub mod file;
pub mod kinds;
pub mod library;
pub mod obligations;
pub mod place;
pub mod platforms;

use crate::finding::{Severity, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How sure the source of a figure is (regulations.md marks). Unverified gives no points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Seen in two independent sources.
    Verified,
    /// Seen in one source.
    SingleSource,
    /// From memory: counted and told, never scored.
    Unverified,
}

/// Whom an item is charged to (design.md 2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Charge {
    /// Every unit for its own pages.
    #[default]
    Unit,
    /// The site once: footer, meta tags, availability. Inapplicable to a unit without its own site.
    Site,
    /// The platform once.
    Platform,
}

/// When an item is due to be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cadence {
    /// 每日实时监测
    Daily,
    /// 每季度深度扫描
    Quarterly,
    /// 每半年提前预评估
    Semiannual,
}

/// What one deduction is counted per.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// Each finding takes `points`.
    #[default]
    Finding,
    /// Each failed subject takes `points`.
    Subject,
    /// `points` once, however many findings.
    Once,
}

/// A count or a share of failed subjects, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// At least this many failed subjects.
    pub count: Option<u64>,
    /// At least this share of decided subjects, 0 to 1.
    pub share: Option<f64>,
}

/// Which subjects an item is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Select {
    /// Column classes (动态 …) for column rules.
    #[serde(default)]
    pub class: Vec<columns::ColumnClass>,
    /// Column ids for column and page rules: the page belongs to one of them.
    #[serde(default)]
    pub column: Vec<String>,
    /// Column ids that are left out.
    #[serde(default)]
    pub except_column: Vec<String>,
    /// Kinds of document for page rules.
    #[serde(default)]
    pub document_kind: Vec<crate::facts::document_kind::DocumentKind>,
    /// Kinds of page for page rules.
    #[serde(default)]
    pub page_kind: Vec<crate::facts::page_kind::PageKind>,
}

/// A duty that no machine can decide: who looks at what, what to keep, which answers are allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manual {
    /// Who looks.
    pub who: Text,
    /// What to look at.
    pub look_at: Text,
    /// Evidence to keep.
    pub evidence: Text,
    /// Allowed answers.
    pub answers: Vec<String>,
    /// Why no machine can decide.
    pub why: Text,
}

/// Partial credit: which share of the item's points is kept for a message key of the rule.
pub type Ladder = BTreeMap<String, f64>;

/// One clause of a norm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Clause id, as the norm numbers it; unique in its checklist.
    pub id: String,
    /// What is asked.
    pub title: Text,
    /// The rule that answers it.
    pub rule: Option<String>,
    /// Several rules that answer it together (instead of `rule`).
    #[serde(default)]
    pub rules: Vec<String>,
    /// Parameters of the rule; with `rules`, a table per rule id.
    #[serde(default)]
    pub params: toml::Table,
    /// Which subjects.
    #[serde(default)]
    pub select: Select,
    /// How severe a failure is.
    pub severity: Severity,
    /// When failures become a veto (severity veto only; absent: one certain failure is enough).
    pub veto_when: Option<Threshold>,
    /// When failures short of the veto are a warning.
    pub warn_when: Option<Threshold>,
    /// Points taken per `per`; none: counted, not scored.
    pub points: Option<f64>,
    /// What `points` are taken per.
    #[serde(default)]
    pub per: Per,
    /// Most points that this item can take; with `ladder`, its weight.
    pub cap: Option<f64>,
    /// Partial credit by message key.
    #[serde(default)]
    pub ladder: Ladder,
    /// Item ids whose failed subjects are not counted again here.
    #[serde(default)]
    pub excludes: Vec<String>,
    /// Kinds of body; empty: all.
    #[serde(default)]
    pub applies_to: Vec<String>,
    /// Whom it is charged to.
    #[serde(default)]
    pub subject: Charge,
    /// The most frequent cadence in which it is judged.
    pub cadence: Option<Cadence>,
    /// Clause and where it is printed.
    pub source: String,
    /// How sure the source is.
    pub confidence: Confidence,
    /// First day of validity.
    pub valid_from: Option<toml::value::Datetime>,
    /// Last day of validity.
    pub valid_until: Option<toml::value::Datetime>,
    /// Outcomes before this day are "not yet due".
    pub due: Option<toml::value::Datetime>,
    /// For people only.
    pub manual: Option<Manual>,
}

impl Item {
    /// The rules that answer it, in order.
    pub fn rule_ids(&self) -> impl Iterator<Item = &str> {
        self.rule.as_deref().into_iter().chain(self.rules.iter().map(String::as_str))
    }
}

/// What happens to the points of items that concern nobody here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Inapplicable {
    /// The reachable mark shrinks and the score is scaled to the full mark (×4/3 of 75 …).
    #[default]
    Scale,
    /// Their points are spread evenly over the other items.
    Redistribute,
}

/// A norm as data, `extends` resolved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// Version of this file format; 1.
    pub format: u32,
    /// Name by which `--checklist` finds it.
    pub id: String,
    /// Version of this checklist.
    pub version: String,
    /// Official name.
    pub title: Text,
    /// Where the norm is printed.
    pub source: String,
    /// Who gave the points their authority, for an office's own file.
    pub authority: Option<String>,
    /// Checklists whose items come first; same item id replaces.
    #[serde(default)]
    pub extends: Vec<String>,
    /// Kinds of body; empty: all.
    #[serde(default)]
    pub applies_to: Vec<String>,
    /// Full mark, when points are scored.
    pub full_mark: Option<f64>,
    /// Below it the verdict is failed; inclusive to pass (60.00 passes).
    pub pass_line: Option<f64>,
    /// Above it (strictly: 80.00 does not) bonus items count.
    pub bonus_gate: Option<f64>,
    /// Most points that bonus items can give.
    pub bonus_cap: Option<f64>,
    /// Item ids that add points when passed.
    #[serde(default)]
    pub bonus: Vec<String>,
    /// Below this coverage (0 to 1) there is no verdict.
    #[serde(default = "default_coverage_floor")]
    pub coverage_floor: f64,
    /// What to do with items that concern nobody here.
    #[serde(default)]
    pub inapplicable: Inapplicable,
    /// The clauses.
    #[serde(default, rename = "item")]
    pub items: Vec<Item>,
    /// SHA-256 of the resolved checklist in canonical JSON, hex; filled by the library, refused in a file.
    #[serde(default)]
    pub sha256: String,
}

impl Item {
    /// First and last day of validity and the due day as civil dates; the library has checked that they are dates.
    fn day(value: Option<toml::value::Datetime>) -> Option<jiff::civil::Date> {
        let date = value?.date?;
        jiff::civil::Date::new(date.year as i16, date.month as i8, date.day as i8).ok()
    }

    /// Is the clause in force on that day? Outside of it the item concerns nobody.
    pub fn in_force(&self, day: jiff::civil::Date) -> bool {
        Self::day(self.valid_from).is_none_or(|from| from <= day) && Self::day(self.valid_until).is_none_or(|until| day <= until)
    }

    /// The day before which outcomes are "not yet due".
    pub fn due_day(&self) -> Option<jiff::civil::Date> {
        Self::day(self.due)
    }

    /// Is the duty not yet due on that day?
    pub fn not_yet_due(&self, day: jiff::civil::Date) -> bool {
        self.due_day().is_some_and(|due| day < due)
    }
}

impl Checklist {
    /// Does the checklist, and this item of it, concern a body of that kind? Empty lists concern everybody.
    pub fn concerns(&self, item: &Item, kind: Option<&str>) -> bool {
        let within = |kinds: &[String]| kinds.is_empty() || kind.is_some_and(|kind| kinds.iter().any(|k| k == kind));
        within(&self.applies_to) && within(&item.applies_to)
    }
}

fn default_coverage_floor() -> f64 {
    0.7
}
