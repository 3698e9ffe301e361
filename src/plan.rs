//! The plan: everything decided before the first request, and the only input of crawl and judge.

use crate::checklist::{Cadence, Checklist, Select, columns::ColumnBook};
use crate::config::Config;
use crate::error::Result;
use crate::exchange::Gathering;
use crate::scope::Scope;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What is audited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// A live site; the seeds.
    Live(Vec<CanonicalUrl>),
    /// A folder of built pages; `base` is where absolute own links point to.
    Folder {
        /// The folder.
        path: PathBuf,
        /// Own origin of absolute links; default `http://localhost/`.
        base: CanonicalUrl,
    },
    /// WARC files, replayed without a request.
    Warc(Vec<PathBuf>),
}

/// A body that is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Id, unique in the plan.
    pub id: String,
    /// Name for reports.
    pub name: String,
    /// Kind of body: `public-security-bureau` …; none: only checklists for all.
    pub kind: Option<String>,
    /// Its pages.
    pub scope: Scope,
}

/// One question asked of the capture: equal ones are asked once, however many items want the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Rule id.
    pub rule: String,
    /// Parameters in canonical JSON.
    pub params: serde_json::Value,
    /// Which subjects.
    pub select: Select,
    /// Judged once for the whole site, instead of for each unit.
    pub whole_site: bool,
}

/// An item bound to the judgements that answer it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// Index into [`Plan::checklists`].
    pub checklist: usize,
    /// Index into that checklist's items.
    pub item: usize,
    /// Indices into [`Plan::judgements`], one per rule of the item.
    pub judgements: Vec<usize>,
}

/// Config + checklists + registry, checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// What is audited.
    pub target: Target,
    /// Crawled URLs: the union of the units' scopes and of the site's own.
    pub scope: Scope,
    /// Units in order; at least one.
    pub units: Vec<Unit>,
    /// Id of the unit to which site and platform items are charged.
    pub operator: String,
    /// Resolved checklists in order.
    pub checklists: Vec<Checklist>,
    /// Distinct questions.
    pub judgements: Vec<Judgement>,
    /// Items with their questions.
    pub bound: Vec<Bound>,
    /// What has to be gathered.
    pub gatherings: BTreeSet<Gathering>,
    /// `--cadence`: only items of this cadence or a more frequent one; none: all.
    pub cadence: Option<Cadence>,
    /// `--as-of`; none: the date of the capture.
    pub as_of: Option<jiff::civil::Date>,
    /// Effective configuration.
    pub config: Config,
    /// The column book; built in, so that a stored plan does not repeat it.
    #[serde(skip, default = "ColumnBook::load")]
    pub book: ColumnBook,
}

/// What the caller knows before planning.
#[derive(Debug, Clone)]
pub struct Request {
    /// What is audited.
    pub target: Target,
    /// Units; empty: one unit, the site itself.
    pub units: Vec<Unit>,
    /// Operator's unit id; none: the only unit, or an implicit one named after the host.
    pub operator: Option<String>,
    /// Checklist ids or files; empty: the default ones plus those of the units' kinds.
    pub checklists: Vec<String>,
    /// `--cadence`.
    pub cadence: Option<Cadence>,
    /// `--as-of`.
    pub as_of: Option<jiff::civil::Date>,
    /// Effective configuration.
    pub config: Config,
}

/// Makes the plan. Every unknown rule, parameter and column in a checklist is an error with file, line and the nearest name.
pub fn make(_request: Request) -> Result<Plan> {
    Err(crate::error::Error::Internal("not yet".into()))
}
