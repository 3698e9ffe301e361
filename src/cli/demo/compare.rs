//! Compares findings with the planted truth: every fault must be found once, and every finding must have been planted.

use super::site::Fault;
use crate::finding::Finding;

/// What does not agree.
#[derive(Debug, Default, PartialEq)]
pub struct Difference<'a> {
    /// Planted and not found.
    pub missing: Vec<&'a Fault>,
    /// Found and not planted.
    pub unexpected: Vec<&'a Finding>,
}

impl Difference<'_> {
    /// Do truth and findings agree?
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.unexpected.is_empty()
    }
}

/// Pairs faults with findings one to one. A fault that says little may fit several findings, so pairs are made by augmenting
/// paths: nothing is called missing or unexpected because of the order in which pairs were tried.
pub fn compare<'a>(faults: &'a [Fault], findings: &'a [Finding]) -> Difference<'a> {
    let fitting: Vec<Vec<usize>> =
        faults.iter().map(|fault| (0..findings.len()).filter(|at| fits(fault, &findings[*at])).collect()).collect();
    let mut taken_by: Vec<Option<usize>> = vec![None; findings.len()];
    let mut missing = Vec::new();
    for (index, fault) in faults.iter().enumerate() {
        let mut tried = vec![false; findings.len()];
        if !pair(index, &fitting, &mut taken_by, &mut tried) {
            missing.push(fault);
        }
    }
    let unexpected = findings.iter().zip(&taken_by).filter(|(_, fault)| fault.is_none()).map(|(finding, _)| finding).collect();
    Difference { missing, unexpected }
}

fn pair(fault: usize, fitting: &[Vec<usize>], taken_by: &mut [Option<usize>], tried: &mut [bool]) -> bool {
    for &finding in &fitting[fault] {
        if std::mem::replace(&mut tried[finding], true) {
            continue;
        }
        if taken_by[finding].is_none_or(|other| pair(other, fitting, taken_by, tried)) {
            taken_by[finding] = Some(fault);
            return true;
        }
    }
    false
}

fn fits(fault: &Fault, finding: &Finding) -> bool {
    fault.rule == finding.rule
        && fault.url == finding.url
        && fault.unit.as_ref().is_none_or(|unit| *unit == finding.unit)
        && fault.certainty.is_none_or(|certainty| certainty == finding.certainty)
        && fault.root_cause.is_none_or(|cause| cause == finding.root_cause)
        && fault.occurrences.is_none_or(|occurrences| occurrences == finding.occurrences)
        && fault.text.as_ref().is_none_or(|text| holds(finding, text))
}

fn holds(finding: &Finding, text: &str) -> bool {
    finding.message.zh.contains(text)
        || finding.message.en.contains(text)
        || finding.evidence.values().any(|value| value.contains(text))
        || finding.locations.iter().any(|location| location.text.as_deref().is_some_and(|shown| shown.contains(text)))
}
