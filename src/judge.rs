//! Plan × subjects → findings. Never fetches; sees a run only as [`Material`].

pub mod memory;

use crate::error::Result;
use crate::facts::Page;
use crate::facts::site::UrlState;
use crate::finding::{Finding, Outcome};
use crate::plan::Plan;
use crate::url::CanonicalUrl;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a run tells about itself; taken from the capture (`warcinfo` and last record), so that audit and judge agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunInfo {
    /// Id recorded in the capture; of a foreign WARC its digest.
    pub id: String,
    /// First instant.
    pub started_at: Timestamp,
    /// Last instant.
    pub finished_at: Timestamp,
    /// Did every discovered URL end fetched or unfetched without the run being cut?
    pub complete: bool,
    /// SHA-256 of the capture file(s), hex.
    pub capture_sha256: String,
    /// Seeds.
    pub seeds: Vec<CanonicalUrl>,
    /// Gatherings that the capture holds; a foreign WARC holds pages only.
    pub gatherings: Vec<crate::exchange::Gathering>,
    /// Rows of the report's `run.inputs`: name and digest.
    pub inputs: BTreeMap<String, String>,
}

/// A finished gathering, however it is stored.
pub trait Material {
    /// About the run.
    fn info(&self) -> &RunInfo;
    /// Every page in canonical URL order.
    fn for_each_page(&self, visit: &mut dyn FnMut(Page) -> Result<()>) -> Result<()>;
    /// Every URL state in canonical URL order.
    fn for_each_state(&self, visit: &mut dyn FnMut(UrlState) -> Result<()>) -> Result<()>;
}

/// How the subjects of one item ended for one unit. Subjects, not observations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Subjects with outcome passed.
    pub passed: u64,
    /// Subjects with a certain failure.
    pub failed: u64,
    /// Subjects with suspected failures only.
    pub suspected: u64,
    /// Subjects whose failures are all waived.
    pub waived: u64,
    /// Subjects that do not let us decide.
    pub cannot_tell: u64,
    /// Subjects not seen.
    pub untested: u64,
    /// Subjects that it does not concern.
    pub inapplicable: u64,
    /// Why cannot tell or untested, by rendered message, with counts and one example each.
    pub undecided: BTreeMap<String, (u64, Option<CanonicalUrl>)>,
    /// Subject keys that failed (certain), with the message key of the worst: what veto, `excludes`, per-subject points and ladder count.
    pub failed_subjects: BTreeMap<String, String>,
}

/// All that judging yields; findings in canonical order (severity, rule, url, fingerprint) without points yet.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    /// Findings.
    pub findings: Vec<Finding>,
    /// Tally per (index into `Plan::bound`, unit id).
    pub tallies: BTreeMap<(usize, String), Tally>,
    /// Subject key of each finding, by fingerprint and unit: ties findings to `failed_subjects`.
    pub subject_keys: BTreeMap<(String, String), Vec<String>>,
    /// Rules that panicked, with the subject: exit 70.
    pub panics: Vec<String>,
    /// Facts for the report that judging had at hand.
    pub site: SiteIdentity,
}

/// What the capture says about who runs the site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteIdentity {
    /// SiteName meta of the home page, or its title.
    pub name: Option<String>,
    /// Site code of footer or meta.
    pub site_id_code: Option<String>,
}

/// Worst-first order of outcomes for a subject with several observations.
pub fn worse(a: Outcome, b: Outcome) -> Outcome {
    let rank = |o: Outcome| match o {
        Outcome::Failed => 0,
        Outcome::CannotTell => 1,
        Outcome::Untested => 2,
        Outcome::Passed => 3,
        Outcome::Inapplicable => 4,
    };
    if rank(a) <= rank(b) { a } else { b }
}

/// Judges. Pure: same plan and material, same result.
pub fn judge(_plan: &Plan, _material: &dyn Material) -> Result<Judged> {
    Ok(Judged::default())
}
