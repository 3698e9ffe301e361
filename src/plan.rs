//! The plan: everything decided before the first request, and the only input of crawl and judge.

mod questions;
mod units;

use crate::checklist::columns::{ColumnBook, ColumnEntry};
use crate::checklist::{Cadence, Checklist, Select, library};
use crate::config::{Config, Render};
use crate::error::{Error, Result};
use crate::exchange::Gathering;
use crate::facts::selected::Selector;
use crate::registry::Binding;
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
    /// The column book; a stored plan repeats only what was added to the one built in.
    #[serde(default = "ColumnBook::load", skip_serializing_if = "ColumnBook::is_built_in")]
    pub book: ColumnBook,
    /// What the office says, or was proposed, of the units' columns; by unit and address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bindings: Vec<Binding>,
}

/// What the caller knows before planning.
#[derive(Debug, Clone)]
pub struct Request {
    /// What is audited.
    pub target: Target,
    /// Units; empty: one unit, the site itself. A unit without scope has that of the site.
    pub units: Vec<Unit>,
    /// Operator's unit id; none: the only unit, or an implicit one named after the host.
    pub operator: Option<String>,
    /// Checklist ids or files; empty: the default ones plus those of the units' kinds.
    pub checklists: Vec<String>,
    /// Checklists given as text beside them: a name for messages, and the TOML.
    pub texts: Vec<(String, String)>,
    /// `--cadence`.
    pub cadence: Option<Cadence>,
    /// `--as-of`.
    pub as_of: Option<jiff::civil::Date>,
    /// Effective configuration.
    pub config: Config,
    /// Of a WARC: the seed that it records, or its first page; other targets know theirs.
    pub seed: Option<CanonicalUrl>,
    /// What is added to the built-in column book; the same id replaces.
    pub columns: Vec<ColumnEntry>,
    /// What is known of columns; of units that are not of the plan it is passed over.
    pub bindings: Vec<Binding>,
}

impl Request {
    /// A request for a target with nothing else said.
    pub fn new(target: Target, config: Config) -> Self {
        Request {
            target,
            units: Vec::new(),
            operator: None,
            checklists: Vec::new(),
            texts: Vec::new(),
            cadence: None,
            as_of: None,
            config,
            seed: None,
            columns: Vec::new(),
            bindings: Vec::new(),
        }
    }
}

impl Plan {
    /// Does a bound item concern a unit? Its checklist and it apply to the unit's kind, and what is judged once for the site or the
    /// platform is the operator's.
    pub fn concerns(&self, bound: &Bound, unit: &Unit) -> bool {
        let Some(checklist) = self.checklists.get(bound.checklist) else { return false };
        let Some(item) = checklist.items.get(bound.item) else { return false };
        let charged = item.subject == crate::checklist::Charge::Unit || unit.id == self.operator;
        charged && checklist.concerns(item, unit.kind.as_deref())
    }

    /// CSS selectors that its rules ask for: pages are read with them.
    pub fn selectors(&self) -> Vec<Selector> {
        let of = |judgement: &Judgement| {
            let rule = crate::rules::find(&judgement.rule).map(|entry| (entry.load)(judgement.params.clone()));
            rule.and_then(std::result::Result::ok).map(|rule| rule.selectors()).unwrap_or_default()
        };
        self.judgements.iter().flat_map(of).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Columns of the book that checklists ask of a unit, each with the column under which it has to be, in canonical order.
    pub fn required_columns(&self, unit: &Unit) -> BTreeSet<(String, Option<String>)> {
        let asked = self.bound.iter().filter(|bound| self.concerns(bound, unit)).flat_map(|bound| &bound.judgements);
        let columns = asked.filter_map(|at| self.judgements.get(*at)).filter(|judgement| judgement.rule == "required-column");
        let text =
            |judgement: &Judgement, name: &str| judgement.params.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
        columns.filter_map(|judgement| Some((text(judgement, "column")?, text(judgement, "within")))).collect()
    }

    /// The unit of that id.
    pub fn unit(&self, id: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }
}

/// Makes the plan. Every unknown rule, parameter and column in a checklist is an error with file, line and the nearest name.
pub fn make(request: Request) -> Result<Plan> {
    let book = ColumnBook::extended(request.columns.clone());
    let names = checklist_names(&request);
    let mut resolved = Vec::with_capacity(names.len() + request.texts.len());
    let named = names.iter().map(|name| library::resolve(name, &book));
    for one in named.chain(request.texts.iter().map(|(name, text)| library::resolve_text(name, text, &book))) {
        let one = one?;
        if let Some(same) = resolved.iter().find(|r: &&library::Resolved| r.checklist.id == one.checklist.id) {
            let message = format!("两份清单的 id 相同 / two checklists have the id `{}`", same.checklist.id);
            let hint = "改一个 id，或只用其中一份 / rename one, or name only one of them";
            return Err(one.head_wrong("id", message, Some(hint.into())));
        }
        resolved.push(one);
    }
    let named: Vec<&Checklist> =
        if request.checklists.is_empty() { Vec::new() } else { resolved.iter().map(|r| &r.checklist).collect() };
    let units::Places { scope, units, operator } = units::settle(&request, &named)?;
    let kinds: Vec<Option<&str>> = units.iter().map(|unit| unit.kind.as_deref()).collect();
    let asked = questions::ask(&resolved, &kinds, request.cadence, units.len() > 1)?;
    if asked.bound.is_empty() {
        let message = "所选清单、单位类别和频次下没有条目可查 / no item concerns these units, checklists and cadence";
        let hint = "检查 --checklist、--cadence 和单位的 kind / look at --checklist, --cadence and the units' kind";
        return Err(Error::usage_with(message, hint));
    }
    let mut gatherings = asked.gatherings;
    // No rule asks for it by name: every rule about pages is told more by it.
    if request.config.render != Render::Never && Render::is_built_in() && matches!(request.target, Target::Live(_)) {
        gatherings.insert(Gathering::Render);
    }
    let mut bindings = request.bindings;
    bindings.retain(|binding| units.iter().any(|unit| unit.id == binding.unit));
    bindings.sort_by(|a, b| (&a.unit, &a.url).cmp(&(&b.unit, &b.url)));
    Ok(Plan {
        target: request.target,
        scope,
        units,
        operator,
        checklists: resolved.into_iter().map(|r| r.checklist).collect(),
        judgements: asked.judgements,
        bound: asked.bound,
        gatherings,
        cadence: request.cadence,
        as_of: request.as_of,
        config: request.config,
        book,
        bindings,
    })
}

/// The checklists asked for; without any, what every site is asked and what the kinds of the units are asked.
fn checklist_names(request: &Request) -> Vec<String> {
    let mut names: Vec<String> = request.checklists.clone();
    if names.is_empty() {
        names.extend(library::DEFAULT.map(str::to_owned));
        names.extend(request.units.iter().filter_map(|u| library::of_kind(u.kind.as_deref()?)).map(str::to_owned));
    }
    let mut distinct = Vec::with_capacity(names.len());
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}
