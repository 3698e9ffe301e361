//! What a daily report (日报) says.

use crate::finding::{Severity, Text};
use crate::report::period::{Level, Movement, Ratio};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A daily report (日报).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Daily {
    /// `xuncha.daily/1`.
    pub schema: String,
    /// The day.
    pub day: Date,
    /// The office.
    pub office: String,
    /// Rounds of visits: made, and of these void because our own line failed.
    pub rounds: Ratio,
    /// Sites by state: running, redesign, suspended, closed.
    pub states: BTreeMap<String, u64>,
    /// Sites whose week reaches the line, of those with enough visits.
    pub unreachable: Ratio,
    /// Sites whose home page is older than two weeks, of those where it could be told.
    pub stale_homes: Ratio,
    /// Sites with a daily run, of those that run and are watched daily.
    pub looked: Ratio,
    /// New pages of all sites.
    pub new_pages: u64,
    /// Dead links of home pages, all sites.
    pub home_dead: u64,
    /// Findings of all sites.
    pub findings: Movement,
    /// Every site.
    pub sites: Vec<DailySite>,
    /// A long holiday that begins within ten days, with the columns that will pass their window inside of it.
    pub holiday: Option<Holiday>,
    /// What was told at once.
    pub alerts: Vec<Text>,
    /// New media: a section of its own.
    pub accounts: Vec<AccountRow>,
}

/// One site in a daily report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DailySite {
    /// Site id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Its units.
    pub units: Vec<String>,
    /// `running`, `redesign`, `suspended`, `closed`.
    pub state: String,
    /// Visits of the day: answered, failed, blocked, void.
    pub visits: Visited,
    /// Failures of the day with time and cause.
    pub failures: Vec<(String, String)>,
    /// Valid visits of seven days and of these failed.
    pub week: Ratio,
    /// How near the line.
    pub week_level: Level,
    /// The same of a second vantage, where there is one.
    pub second: Option<(String, Ratio)>,
    /// Newest item of the home page.
    pub home_newest: Option<Date>,
    /// Its age in days.
    pub home_days: Option<i64>,
    /// How near the line.
    pub home_level: Level,
    /// Columns beyond their window, of those with a rhythm and a date.
    pub stale: Ratio,
    /// How near the line.
    pub stale_level: Level,
    /// The stale ones: name, address, newest date, days beyond the window.
    pub stale_columns: Vec<StaleColumn>,
    /// Empty columns that are open findings.
    pub empty: u64,
    /// How near the line.
    pub empty_level: Level,
    /// Pages that were not there the day before.
    pub new_pages: u64,
    /// Dead links of the home page.
    pub home_dead: Vec<String>,
    /// Host, last day and days left of the certificate that ends first.
    pub certificate: Option<(String, Date, i64)>,
    /// Its findings.
    pub findings: Movement,
    /// New findings that betray an intrusion: injected spam, hidden or hijacked links.
    pub injected: u64,
    /// Messages of new and returned findings, gravest first, at most 50.
    pub news: Vec<News>,
    /// Items near a veto.
    pub near: Vec<NearItem>,
    /// Was there a run? Why not.
    pub run: RunNote,
}

/// An item near a veto.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearItem {
    /// Checklist.
    pub checklist: String,
    /// Item.
    pub item: String,
    /// Unit.
    pub unit: String,
    /// How it stands, in a word: `veto`, `pending-review`, `warn`, `below-threshold`.
    pub note: String,
}

/// Visits counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Visited {
    /// A usable page in time.
    pub answered: u64,
    /// None.
    pub failed: u64,
    /// Reached and refused.
    pub blocked: u64,
    /// Our side failed.
    pub void: u64,
}

impl Visited {
    /// Those that say something about the site.
    pub fn valid(self) -> u64 {
        self.answered + self.failed + self.blocked
    }
}

/// A column beyond its window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StaleColumn {
    /// Name.
    pub name: String,
    /// Address.
    pub url: String,
    /// Unit id.
    pub unit: String,
    /// Newest date.
    pub newest: Date,
    /// Its window in days.
    pub window: u32,
    /// Days beyond it.
    pub beyond: i64,
}

/// A new finding in a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct News {
    /// `appeared` or `returned`.
    pub kind: String,
    /// Severity.
    pub severity: Severity,
    /// Proved, or suspected?
    pub certain: bool,
    /// Rule id.
    pub rule: String,
    /// Unit id.
    pub unit: String,
    /// Where.
    pub url: String,
    /// What.
    pub message: Text,
}

/// About the run of a site.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunNote {
    /// Its id; none: there was none.
    pub id: Option<String>,
    /// Did every discovered URL end?
    pub complete: bool,
    /// URLs with a response, of those discovered.
    pub coverage: Ratio,
    /// Why there is none, or what is to be known of it.
    pub note: Option<String>,
}

/// A holiday ahead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Holiday {
    /// First day off.
    pub from: Date,
    /// Last day off.
    pub to: Date,
    /// Site id, name of the column, address, day on which it passes its window.
    pub columns: Vec<(String, String, String, Date)>,
}

/// A new-media account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountRow {
    /// Unit id.
    pub unit: String,
    /// Where.
    pub medium: String,
    /// Name.
    pub name: String,
    /// `running`, `closed`.
    pub state: String,
    /// Day of the last post that is known.
    pub last_post: Option<Date>,
    /// Days since.
    pub days: Option<i64>,
    /// How near the line of two weeks.
    pub level: Level,
    /// Who said so.
    pub said_by: Option<String>,
    /// Other marks: dead code image, renamed, missing.
    pub marks: Vec<String>,
}
