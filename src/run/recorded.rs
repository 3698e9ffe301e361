//! What a run was planned to gather: recorded in `run.db` and in the capture, compared when a folder is opened again.

use crate::checklist::Cadence;
use crate::checklist::columns::ColumnEntry;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::exchange::Gathering;
use crate::plan::{Plan, Target, Unit};
use crate::registry::Binding;
use crate::scope::Scope;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

/// A checklist by its hash; the whole of it lies beside the plan in the run folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistName {
    /// Id.
    pub id: String,
    /// Version.
    pub version: String,
    /// SHA-256 of the resolved checklist.
    pub sha256: String,
}

/// The plan without what can be had again from the program: enough to judge the capture as it was judged first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// What was audited.
    pub target: Target,
    /// Crawled URLs.
    pub scope: Scope,
    /// Units.
    pub units: Vec<Unit>,
    /// Operator's unit id.
    pub operator: String,
    /// Gatherings.
    pub gatherings: BTreeSet<Gathering>,
    /// `--cadence`.
    pub cadence: Option<Cadence>,
    /// `--as-of`.
    pub as_of: Option<jiff::civil::Date>,
    /// Effective configuration.
    pub config: Config,
    /// Checklists.
    pub checklists: Vec<ChecklistName>,
    /// What was added to the built-in column book.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnEntry>,
    /// What was known of the units' columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bindings: Vec<Binding>,
}

impl Recorded {
    /// Of a plan.
    pub fn of(plan: &Plan) -> Self {
        let name = |c: &crate::checklist::Checklist| ChecklistName {
            id: c.id.clone(),
            version: c.version.clone(),
            sha256: c.sha256.clone(),
        };
        Recorded {
            target: plan.target.clone(),
            scope: plan.scope.clone(),
            units: plan.units.clone(),
            operator: plan.operator.clone(),
            gatherings: plan.gatherings.clone(),
            cadence: plan.cadence,
            as_of: plan.as_of,
            config: plan.config.clone(),
            checklists: plan.checklists.iter().map(name).collect(),
            columns: plan.book.own().to_vec(),
            bindings: plan.bindings.clone(),
        }
    }

    /// Reads it from one of our captures without reading the rest: it is the second record. None for another tool's file.
    pub fn of_capture(path: &Path) -> Result<Option<Self>> {
        let file = File::open(path).map_err(|e| Error::io(path, e))?;
        let Ok(mut reader) = crate::capture::Reader::new(file, 64 << 20) else {
            return Ok(None);
        };
        let mut understanding = crate::capture::entry::Understanding::default();
        for _ in 0..2 {
            if let Some(Ok(record)) = reader.next_record()
                && let crate::capture::Entry::Plan(plan) = understanding.of(record)
            {
                return Ok(serde_json::from_value(plan).ok());
            }
        }
        Ok(None)
    }

    /// The first page of a capture of another tool: where its crawl began, as nothing in it says so. Read up to that record only.
    pub fn first_page(path: &Path) -> Result<Option<CanonicalUrl>> {
        let file = File::open(path).map_err(|e| Error::io(path, e))?;
        let Ok(mut reader) = crate::capture::Reader::new(file, 64 << 20) else {
            return Ok(None);
        };
        let mut understanding = crate::capture::entry::Understanding::default();
        while let Some(Ok(record)) = reader.next_record() {
            if let crate::capture::Entry::Answer { exchange, has_body: true } = understanding.of(record)
                && super::page_of(&exchange, &super::Reading::default()).is_some()
            {
                return Ok(Some(exchange.url));
            }
        }
        Ok(None)
    }

    /// One line.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(|e| Error::Internal(format!("plan as JSON: {e}")))
    }

    /// SHA-256 of the JSON, hex.
    pub fn sha256(&self) -> Result<String> {
        Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(self.to_json()?)))
    }

    /// Everything that decides what is fetched, by name. Pace and patience (rate, time-outs, attempts) may change when a run goes
    /// on; what is judged may change always.
    fn decisive(&self) -> Vec<(&'static str, String)> {
        let config = &self.config;
        vec![
            ("target", json(&self.target)),
            ("scope", json(&self.scope)),
            ("gatherings", json(&self.gatherings)),
            ("max_pages", config.max_pages.to_string()),
            ("max_hops", config.max_hops.to_string()),
            ("max_bytes", config.max_bytes.to_string()),
            ("max_attachment_bytes", config.max_attachment_bytes.to_string()),
            ("max_redirects", config.max_redirects.to_string()),
            ("external", config.external.to_string()),
            ("folder_external", config.folder_external.to_string()),
            ("resolve", json(&config.resolve)),
            ("only_resolved", config.only_resolved.to_string()),
            ("render", config.render.word().to_owned()),
            ("allow_private", config.allow_private.to_string()),
        ]
    }

    /// One line per decisive value that differs: name, there, here.
    pub fn differences(&self, here: &Self) -> Vec<String> {
        let pairs = self.decisive().into_iter().zip(here.decisive());
        pairs.filter(|(there, here)| there != here).map(|((name, there), (_, here))| difference(name, &there, &here)).collect()
    }
}

/// A line of [`Error::OtherPlan`].
pub fn difference(name: &str, there: &str, here: &str) -> String {
    format!("  {name}: 原为 / was {there}，现为 / now {here}")
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
