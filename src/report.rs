//! One [`Report`] value, one renderer per format. Schema `xuncha.report/1` is frozen: `reports/schema/report-1.json` in this repository.

pub mod access;
pub mod chart;
pub mod coverage;
pub mod html;
pub mod json;
pub mod letter;
pub mod pages;
pub mod period;
pub mod plain;
pub mod summary;
pub mod terminal;
pub mod words;

use crate::facts::document_kind::DocumentKind;
use crate::facts::page_kind::PageKind;
use crate::finding::{Finding, Text};
use crate::judge::{Judged, RunInfo};
use crate::plan::Plan;
use crate::scope::{Scope, ScopeRule};
use crate::score::Scorecard;
use crate::url::CanonicalUrl;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// What the rules of items and findings look at, by id.
    pub rules: Vec<RuleInfo>,
    /// In canonical order: severity (veto first), rule, url, fingerprint.
    pub findings: Vec<Finding>,
    /// With `--facts` only, in canonical URL order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<Vec<PageRow>>,
    /// Screenshots that findings name, PNG by SHA-256, as far as they are shown.
    #[serde(skip)]
    #[schemars(skip)]
    pub pictures: BTreeMap<String, Vec<u8>>,
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
    /// What a reader should know beside: waivers that expired or cover nothing.
    pub notes: Vec<Text>,
    /// Findings of the baseline that are gone; none without a baseline.
    pub gone: Option<u64>,
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

/// A rule in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleInfo {
    /// Rule id.
    pub id: String,
    /// What is looked at.
    pub title: Text,
    /// Why it matters.
    pub why: Text,
}

/// What was seen: `discovered = fetched + sum(unfetched)`, for own pages and for link checks apart.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// URLs inside the scope.
    pub discovered: u64,
    /// Of these, with a response.
    pub fetched: u64,
    /// Of these, without, by reason.
    pub unfetched: BTreeMap<String, u64>,
    /// What is known of them: works, dead or unverified.
    #[serde(default)]
    pub truth: Truths,
    /// The same for link targets outside the scope.
    pub external: ExternalCoverage,
}

/// Three-valued truth: `discovered = works + sum(dead) + sum(unverified)`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Truths {
    /// URLs that answer; a redirect does, its target is counted by itself.
    pub works: u64,
    /// URLs that two looks agree are not there, by cause.
    pub dead: BTreeMap<String, u64>,
    /// URLs of which nobody knows, by cause: blocked is not dead.
    pub unverified: BTreeMap<String, u64>,
    /// The unverified ones by all, 0 to 1.
    pub unverified_share: f64,
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
    /// What is known of them.
    #[serde(default)]
    pub truth: Truths,
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
    /// Title; none when the page shows none.
    pub title: Option<String>,
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
    /// Were its facts read of the page as a browser showed it?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rendered: bool,
}

impl Report {
    /// Puts together what judging and scoring yielded. Pure: same inputs, same report. `judged.findings` are those that
    /// [`crate::score::score`] has been through.
    pub fn build(
        plan: &Plan,
        info: &RunInfo,
        judged: Judged,
        scorecards: Vec<Scorecard>,
        coverage: Coverage,
        pages: Option<Vec<PageRow>>,
    ) -> Report {
        let mut findings = judged.findings;
        findings.sort_by(crate::score::canonical);
        let asked = scorecards.iter().flat_map(|card| &card.items).flat_map(|item| &item.rule);
        let ids: BTreeSet<&str> = asked.chain(findings.iter().map(|f| &f.rule)).map(String::as_str).collect();
        let rules = ids.into_iter().filter_map(RuleInfo::of).collect();
        let seed = info.seeds.first().cloned();
        Report {
            schema: SCHEMA.to_owned(),
            run: Run {
                id: info.id.clone(),
                started_at: info.started_at.to_string(),
                finished_at: info.finished_at.to_string(),
                as_of: crate::judge::day(plan, info).to_string(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                complete: info.complete,
                capture_sha256: info.capture_sha256.clone(),
                inputs: info.inputs.clone().into_iter().chain(judged.inputs).collect(),
                config: serde_json::to_value(&plan.config).unwrap_or_default(),
                checklists: plan.checklists.iter().map(ChecklistRef::of).collect(),
                internal_errors: judged.panics,
                notes: judged.notes,
                gone: judged.gone,
            },
            site: SiteInfo {
                host: seed.as_ref().map(|s| s.authority().to_owned()).unwrap_or_default(),
                seed,
                name: judged.site.name,
                site_id_code: judged.site.site_id_code,
                units: plan.units.iter().map(|u| UnitInfo::of(&u.id, &u.name, &u.scope)).collect(),
                platform: judged.site.platform,
            },
            coverage,
            scorecards,
            rules,
            findings,
            pages,
            pictures: BTreeMap::new(),
        }
    }

    /// Name of a unit for readers; its id when nobody named it.
    pub fn unit_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.site.units.iter().find(|u| u.id == id).map_or(id, |u| if u.name.is_empty() { id } else { &u.name })
    }

    /// Title of a rule; its id twice when it is not registered.
    pub fn rule_title(&self, id: &str) -> Text {
        let known = self.rules.iter().find(|r| r.id == id).map(|r| r.title.clone());
        known.unwrap_or_else(|| Text { zh: id.to_owned(), en: id.to_owned() })
    }
}

impl ChecklistRef {
    fn of(checklist: &crate::checklist::Checklist) -> Self {
        ChecklistRef { id: checklist.id.clone(), version: checklist.version.clone(), sha256: checklist.sha256.clone() }
    }
}

impl UnitInfo {
    fn of(id: &str, name: &str, scope: &Scope) -> Self {
        let include = scope.include.iter().map(ScopeRule::to_string);
        let exclude = scope.exclude.iter().map(|rule| format!("- {rule}"));
        UnitInfo { id: id.to_owned(), name: name.to_owned(), scopes: include.chain(exclude).collect() }
    }
}

impl RuleInfo {
    /// The texts of a registered rule.
    fn of(id: &str) -> Option<Self> {
        let texts = crate::rules::fixture::texts(crate::rules::find(id)?);
        Some(RuleInfo { id: id.to_owned(), title: texts.title.clone(), why: texts.why.clone() })
    }
}
