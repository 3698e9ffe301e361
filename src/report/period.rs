//! What daily, quarterly and semiannual reports tell, as values that every format is rendered from. Each rate carries its numerator and
//! denominator (regulations.md 8, E11: published figures can be inconsistent, so all are recomputed and shown).

pub mod book;
mod daily;
pub mod html;
pub mod outline;
mod quarterly;
mod semiannual;
pub mod terminal;
mod unit;
mod values;
mod words;

pub use values::*;

use crate::finding::{Language, Severity};
use serde::{Deserialize, Serialize};

/// A share with what it is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ratio {
    /// Numerator.
    pub part: u64,
    /// Denominator; 0: there is no share.
    pub of: u64,
}

impl Ratio {
    /// A share.
    pub fn new(part: u64, of: u64) -> Self {
        Ratio { part, of }
    }

    /// In percent with one decimal, rounded half up; `–` of nothing.
    pub fn percent(self) -> String {
        match self.tenths() {
            Some(tenths) => format!("{}.{}%", tenths / 10, tenths % 10),
            None => "–".to_owned(),
        }
    }

    /// In tenths of a percent, rounded half up; none of nothing.
    pub fn tenths(self) -> Option<u128> {
        (self.of > 0).then(|| (u128::from(self.part) * 2_000 + u128::from(self.of)) / (u128::from(self.of) * 2))
    }

    /// `33/34 (97.1%)`.
    pub fn text(self) -> String {
        format!("{}/{} ({})", self.part, self.of, self.percent())
    }
}

/// How near something is to a veto.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nobody could tell.
    #[default]
    Unknown,
    /// All is well.
    Well,
    /// Inside of the early-warning margin (regulations.md 1.8).
    Warning,
    /// The veto line is reached.
    Line,
}

/// Findings by severity: veto, error, warning, notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BySeverity {
    /// Veto.
    pub veto: u64,
    /// Error.
    pub error: u64,
    /// Warning.
    pub warning: u64,
    /// Notice.
    pub notice: u64,
}

impl BySeverity {
    /// Counts one.
    pub fn add(&mut self, severity: Severity, count: u64) {
        match severity {
            Severity::Veto => self.veto += count,
            Severity::Error => self.error += count,
            Severity::Warning => self.warning += count,
            Severity::Notice => self.notice += count,
        }
    }

    /// All of them.
    pub fn all(self) -> u64 {
        self.veto + self.error + self.warning + self.notice
    }
}

/// What became of findings in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Movement {
    /// Seen for the first time.
    pub appeared: u64,
    /// Came back after they were gone.
    pub returned: u64,
    /// Looked for and gone.
    pub gone: u64,
    /// Open at the end, by severity.
    pub open: BySeverity,
    /// Of these, suspected.
    pub suspected: u64,
}

/// A report of any period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Periodic {
    /// Of a day.
    Daily(Box<Daily>),
    /// Of a quarter.
    Quarterly(Box<Quarterly>),
    /// Of a half-year.
    Semiannual(Box<Semiannual>),
    /// Of one unit.
    Unit(Box<OfUnit>),
}

impl Periodic {
    /// In the order of reading.
    pub fn outline(&self, language: Language) -> outline::Outline {
        match self {
            Periodic::Daily(report) => daily::outline(report, language),
            Periodic::Quarterly(report) => quarterly::outline(report, language),
            Periodic::Semiannual(report) => semiannual::outline(report, language),
            Periodic::Unit(report) => unit::outline(report, language),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ratio;

    #[test]
    fn shares_are_rounded_half_up_from_whole_numbers() {
        assert_eq!(Ratio::new(8, 134).text(), "8/134 (6.0%)");
        assert_eq!(Ratio::new(653, 659).percent(), "99.1%");
        assert_eq!(Ratio::new(1, 2_000).percent(), "0.1%");
        assert_eq!(Ratio::new(0, 0).percent(), "–");
        assert_eq!(Ratio::new(1, 1).percent(), "100.0%");
    }
}
