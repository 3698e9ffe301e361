//! One [`Report`] value, one renderer per format. Schema `xuncha.report/1` is frozen: `schema.json` in this repository.

pub mod html;
pub mod json;
pub mod terminal;

use crate::facts::document_kind::DocumentKind;
use crate::facts::page_kind::PageKind;
use crate::finding::Finding;
use crate::score::Scorecard;
use crate::url::CanonicalUrl;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The schema's name.
pub const SCHEMA: &str = "xuncha.report/1";

/// Everything a reader may see, in a fixed order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// About the run.
    pub run: Run,
    /// About the site.
    pub site: SiteInfo,
    /// What was seen of it.
    pub coverage: Coverage,
    /// One per checklist and unit.
    pub scorecards: Vec<Scorecard>,
    /// In canonical order: severity (veto first), rule, url, fingerprint.
    pub findings: Vec<Finding>,
    /// With `--facts` only, in canonical URL order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<Vec<PageRow>>,
}

/// About the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// Run id.
    pub id: String,
    /// First instant, RFC 3339.
    pub started_at: String,
    /// Last instant, RFC 3339.
    pub finished_at: String,
    /// Day of judgement in Shanghai.
    pub as_of: String,
    /// Version of this program.
    pub version: String,
    /// Did every discovered URL end, without a cut?
    pub complete: bool,
    /// SHA-256 of the capture.
    pub capture_sha256: String,
    /// Other inputs by name with their digests.
    pub inputs: BTreeMap<String, String>,
    /// Effective configuration.
    pub config: serde_json::Value,
    /// Resolved checklists.
    pub checklists: Vec<ChecklistRef>,
    /// Rules that panicked; empty in a sound run.
    pub internal_errors: Vec<String>,
}

/// A resolved checklist by its hash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChecklistRef {
    /// Id.
    pub id: String,
    /// Version.
    pub version: String,
    /// SHA-256 of the resolved checklist.
    pub sha256: String,
}

/// About the site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SiteInfo {
    /// First seed.
    pub seed: Option<CanonicalUrl>,
    /// Its host.
    pub host: String,
    /// Name of the site.
    pub name: Option<String>,
    /// 网站标识码.
    pub site_id_code: Option<String>,
    /// Units judged.
    pub units: Vec<UnitInfo>,
    /// The platform, where known.
    pub platform: Option<String>,
}

/// A unit judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UnitInfo {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Its scopes in words.
    pub scopes: Vec<String>,
}

/// What was seen: `discovered = fetched + sum(unfetched)`, for own pages and for link checks apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// URLs inside the scope.
    pub discovered: u64,
    /// Of these, with a response.
    pub fetched: u64,
    /// Of these, without, by reason.
    pub unfetched: BTreeMap<String, u64>,
    /// The same for link targets outside the scope.
    pub external: ExternalCoverage,
}

/// Coverage of link targets outside the scope.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ExternalCoverage {
    /// Distinct targets.
    pub discovered: u64,
    /// With a response.
    pub fetched: u64,
    /// Without, by reason.
    pub unfetched: BTreeMap<String, u64>,
}

/// One page with `--facts`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageRow {
    /// Where.
    pub url: CanonicalUrl,
    /// home, column, article, other.
    pub kind: PageKind,
    /// Kind of document; none when unsure.
    pub document_kind: Option<DocumentKind>,
    /// HTTP status.
    pub status: u16,
    /// Title.
    pub title: String,
    /// YYYY-MM-DD.
    pub publish_date: Option<String>,
    /// YYYY-MM-DD.
    pub written_date: Option<String>,
    /// 来源.
    pub source: Option<String>,
    /// 文号.
    pub document_number: Option<String>,
    /// 索引号.
    pub index_number: Option<String>,
    /// 发布机构.
    pub issuing_body: Option<String>,
    /// 有效性.
    pub validity: Option<String>,
    /// 网站标识码.
    pub site_id_code: Option<String>,
    /// ICP number.
    pub icp: Option<String>,
    /// Police number, digits.
    pub police: Option<String>,
    /// Charset label as declared.
    pub declared_charset: Option<String>,
    /// Charset used.
    pub charset: String,
    /// SHA-256 of the decoded body.
    pub digest: String,
}
