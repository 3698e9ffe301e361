//! A baseline: the findings of an earlier report, told from new ones by fingerprint.

use crate::error::{Error, Result};
use crate::finding::Finding;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// Identities of an earlier report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    /// Fingerprint and unit.
    known: BTreeSet<(String, String)>,
}

/// What is read of a report; the rest may change without harm.
#[derive(Deserialize)]
struct Former {
    schema: String,
    findings: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    fingerprint: String,
    unit: String,
}

impl Baseline {
    /// Reads a `report.json`; `file` is named in errors.
    pub fn parse(text: &str, file: &Path) -> Result<Self> {
        let located = |line: usize, column: usize, message: String| Error::Located {
            file: file.to_owned(),
            line: line.max(1),
            column: column.max(1),
            message,
            hint: Some("--baseline 需要一份 report.json / a report.json is needed".into()),
        };
        let former: Former = serde_json::from_str(text).map_err(|e| located(e.line(), e.column(), e.to_string()))?;
        if !former.schema.starts_with("xuncha.report/") {
            return Err(located(1, 1, format!("未知的 schema / unknown schema: {}", former.schema)));
        }
        Ok(Baseline { known: former.findings.into_iter().map(|row| (row.fingerprint, row.unit)).collect() })
    }

    /// Marks findings `known` or `new` (waived ones stay waived) and counts those that are gone. A subject that was not seen in this
    /// run may be counted as gone: a baseline knows what was reported, not what was looked at.
    pub fn apply(&self, findings: &mut [Finding]) -> u64 {
        let mut left: BTreeSet<(&str, &str)> = self.known.iter().map(|(print, unit)| (print.as_str(), unit.as_str())).collect();
        for finding in findings.iter_mut() {
            let known = left.remove(&(finding.fingerprint.as_str(), finding.unit.as_str()));
            if finding.state.is_none() {
                finding.state = Some(if known { "known" } else { "new" }.into());
            }
        }
        left.len() as u64
    }
}
