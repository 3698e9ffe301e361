//! What an office watches: units, the sites that hold their pages, the platforms that serve sites, and who answers for them
//! (design.md 2.6: unit, site and platform are three things). Plain data: read from the office's tables, kept by the store.

pub mod accounts;
pub mod book;
pub mod columns;
pub mod fault;
pub mod matrix;
pub mod profile;
pub mod propose;
pub mod sample;
pub mod sheet;
pub mod table;

use crate::checklist::Cadence;
use crate::scope::Scope;
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A body (bureau, county …) that is judged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Unit {
    /// Id, unique in the registry: letters, digits, `-`, `_`, `.`.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Id of the unit above it.
    pub superior: Option<String>,
    /// Region: its code or its name, as the office writes it.
    pub region: Option<String>,
    /// Group of units that share a profile.
    pub group: Option<String>,
    /// Kind of body (`kinds.toml`); units are ranked only among their own kind.
    pub kind: Option<String>,
    /// Who is told, in order.
    pub contacts: Vec<Contact>,
}

/// A person or desk that answers for a unit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: Option<String>,
    /// Mail address.
    pub mail: Option<String>,
}

/// What serves many sites.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Platform {
    /// Id, unique in the registry.
    pub id: String,
    /// Name.
    pub name: String,
    /// Id of the unit that runs it.
    pub operator: Option<String>,
}

/// What has a 网站标识码.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Id, unique in the registry.
    pub id: String,
    /// Name.
    pub name: String,
    /// 网站标识码.
    pub code: Option<String>,
    /// Where a crawl begins, home page first; at least one.
    pub addresses: Vec<CanonicalUrl>,
    /// Id of the unit that operates it: footer, tags, availability are charged to it.
    pub operator: Option<String>,
    /// Id of its platform.
    pub platform: Option<String>,
    /// Which cadences it is watched in.
    pub cadences: Vec<Cadence>,
    /// Does it run?
    pub standing: Standing,
}

/// Whether a site runs. One that is filed as being redesigned or closed is its own state, never a veto (regulations.md 1.2).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// Which.
    pub state: SiteState,
    /// First day of that state.
    pub since: Option<Date>,
    /// Last day of it, where one was filed.
    pub until: Option<Date>,
    /// The filing that says so.
    pub basis: Option<String>,
}

/// State of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SiteState {
    /// 正常运行
    #[default]
    Running,
    /// 升级改版
    Redesign,
    /// 临时关停
    Suspended,
    /// 永久下线
    Closed,
}

/// The part of a site that is a unit's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Unit id.
    pub unit: String,
    /// Site id.
    pub site: String,
    /// Its pages; an empty scope means the whole site.
    pub scope: Scope,
}

/// All of it, as a table gives it or the store holds it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Registry {
    /// Units by id.
    pub units: Vec<Unit>,
    /// Sites by id.
    pub sites: Vec<Site>,
    /// Platforms by id.
    pub platforms: Vec<Platform>,
    /// Who has pages where, by site and unit.
    pub holdings: Vec<Holding>,
}

impl Registry {
    /// Puts everything into canonical order: by id, holdings by site and unit.
    pub fn sort(&mut self) {
        self.units.sort_by(|a, b| a.id.cmp(&b.id));
        self.sites.sort_by(|a, b| a.id.cmp(&b.id));
        self.platforms.sort_by(|a, b| a.id.cmp(&b.id));
        self.holdings.sort_by(|a, b| (&a.site, &a.unit).cmp(&(&b.site, &b.unit)));
    }

    /// The unit of that id.
    pub fn unit(&self, id: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }
}

impl SiteState {
    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            SiteState::Running => "running",
            SiteState::Redesign => "redesign",
            SiteState::Suspended => "suspended",
            SiteState::Closed => "closed",
        }
    }
}

impl Standing {
    /// The state on a day: before `since` and after `until` a site runs.
    pub fn on(&self, day: Date) -> SiteState {
        let begun = self.since.is_none_or(|since| since <= day);
        let over = self.until.is_some_and(|until| until < day);
        if begun && !over { self.state } else { SiteState::Running }
    }
}

/// How a column of the book was bound to a list on a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BindingState {
    /// A first crawl proposed it; nobody has looked. Findings that rest on it are suspected.
    Proposed,
    /// A person said so.
    Confirmed,
    /// A person said that it is not this column.
    Rejected,
}

/// A column of a unit on a site: which required column it is, and how often it has to be filled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Binding {
    /// Unit id.
    pub unit: String,
    /// Site id.
    pub site: String,
    /// First page of its list: its identity (design.md 5).
    pub url: CanonicalUrl,
    /// Name on the site.
    pub name: String,
    /// Names of the columns above it, outermost first.
    pub path: Vec<String>,
    /// Id in the column book; none: a column that no duty names.
    pub column: Option<String>,
    /// Word of the class (`news` …) as the office sees it.
    pub class: Option<String>,
    /// Longest time without an update, in days; none: no rhythm is asked of it.
    pub window_days: Option<u32>,
    /// The synonym that matched, as written in the book.
    pub matched: Option<String>,
    /// How sure the proposal is, 0 to 1.
    pub confidence: f64,
    /// Its state.
    pub state: BindingState,
}

/// A new-media account (政务新媒体) of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Id, unique in the registry.
    pub id: String,
    /// Unit id.
    pub unit: String,
    /// Where: `微信公众号`, `微博`, `抖音`, `客户端` …, as the office writes it.
    pub medium: String,
    /// Its name.
    pub name: String,
    /// Account number.
    pub number: Option<String>,
    /// Its address or that of its code image.
    pub address: Option<String>,
    /// Does it run?
    pub state: AccountState,
    /// Day of its filing.
    pub filed_on: Option<Date>,
    /// Day of its closing.
    pub closed_on: Option<Date>,
}

/// State of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountState {
    /// 正常运行
    #[default]
    Running,
    /// 已注销
    Closed,
}

impl AccountState {
    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            AccountState::Running => "running",
            AccountState::Closed => "closed",
        }
    }
}

/// What a person saw of an account, or a file says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// `last-post` (最后发布), `last-answer` (最后互动), `dead-code` (二维码失效), `renamed` (更名), `missing` (矩阵未列), `closed-shown`
    /// (已注销仍列), `listed` (矩阵已列: what was said of the listing before is past).
    pub mark: String,
    /// The day that it speaks of.
    pub on: Date,
    /// Who said so.
    pub by: String,
    /// When it was said, seconds.
    pub at: i64,
    /// More in words.
    pub note: Option<String>,
}
