//! The fixture sites by rule: how many planted faults were found, and what else was reported.

use super::{Audit, FixtureSite, audit_all, compare, ids};
use crate::accuracy::Tally;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// What the fixture sites showed.
#[derive(Debug, Default)]
pub struct Counted {
    /// By rule: planted, found, and alarms; they hold no near-misses of their own.
    pub rules: BTreeMap<String, Tally>,
    /// Sites audited.
    pub sites: usize,
    /// Every disagreement in words.
    pub wrong: Vec<String>,
}

/// Serves, audits and compares every fixture site; the runs are kept in `out`.
pub fn count(out: &Path, audit: Audit<'_>) -> Result<Counted> {
    let sites = ids().iter().map(|id| FixtureSite::load(id).map(Arc::new)).collect::<Result<Vec<_>>>()?;
    std::fs::create_dir_all(out).map_err(|e| Error::io(out, e))?;
    let mut counted = Counted { sites: sites.len(), ..Counted::default() };
    audit_all(&sites, out, audit, |outcome| {
        let report = outcome.audited?.report;
        let difference = compare(&outcome.site.expected.faults, &report.findings);
        for fault in &outcome.site.expected.faults {
            let tally = counted.rules.entry(fault.rule.clone()).or_default();
            tally.planted += 1;
            tally.found += u64::from(!difference.missing.contains(&fault));
        }
        for fault in &difference.missing {
            counted.wrong.push(format!("{}: missed: {} {}", outcome.site.id, fault.rule, fault.url));
        }
        for finding in &difference.unexpected {
            counted.rules.entry(finding.rule.clone()).or_default().alarms += 1;
            counted
                .wrong
                .push(format!("{}: not planted: {} {} {}", outcome.site.id, finding.rule, finding.url, finding.message.en));
        }
        counted.wrong.extend(report.run.internal_errors.iter().map(|error| format!("{}: {error}", outcome.site.id)));
        Ok(())
    })?;
    Ok(counted)
}
