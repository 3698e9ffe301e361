//! What daily, quarterly and semiannual reports tell, as values that every format is rendered from. Each rate carries its numerator and
//! denominator (regulations.md 8, E11: published figures can be inconsistent, so all are recomputed and shown).

pub mod book;
mod daily;
pub mod html;
pub mod outline;
mod quarterly;
mod semiannual;
pub mod terminal;
mod words;

use crate::finding::{Language, Severity, Text};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A share with what it is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ratio {
    /// Numerator.
    pub part: u64,
    /// Denominator; 0: there is no share.
    pub of: u64,
}

impl Ratio {
    /// A share.
    pub fn new(part: u64, of: u64) -> Self {
        Ratio { part, of }
    }

    /// In percent with one decimal, rounded half up; `–` of nothing.
    pub fn percent(self) -> String {
        match self.tenths() {
            Some(tenths) => format!("{}.{}%", tenths / 10, tenths % 10),
            None => "–".to_owned(),
        }
    }

    /// In tenths of a percent, rounded half up; none of nothing.
    pub fn tenths(self) -> Option<u128> {
        (self.of > 0).then(|| (u128::from(self.part) * 2_000 + u128::from(self.of)) / (u128::from(self.of) * 2))
    }

    /// `33/34 (97.1%)`.
    pub fn text(self) -> String {
        format!("{}/{} ({})", self.part, self.of, self.percent())
    }
}

/// How near something is to a veto.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nobody could tell.
    #[default]
    Unknown,
    /// All is well.
    Well,
    /// Inside of the early-warning margin (regulations.md 1.8).
    Warning,
    /// The veto line is reached.
    Line,
}

/// Findings by severity: veto, error, warning, notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BySeverity {
    /// Veto.
    pub veto: u64,
    /// Error.
    pub error: u64,
    /// Warning.
    pub warning: u64,
    /// Notice.
    pub notice: u64,
}

impl BySeverity {
    /// Counts one.
    pub fn add(&mut self, severity: Severity, count: u64) {
        match severity {
            Severity::Veto => self.veto += count,
            Severity::Error => self.error += count,
            Severity::Warning => self.warning += count,
            Severity::Notice => self.notice += count,
        }
    }

    /// All of them.
    pub fn all(self) -> u64 {
        self.veto + self.error + self.warning + self.notice
    }
}

/// What became of findings in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Movement {
    /// Seen for the first time.
    pub appeared: u64,
    /// Came back after they were gone.
    pub returned: u64,
    /// Looked for and gone.
    pub gone: u64,
    /// Open at the end, by severity.
    pub open: BySeverity,
    /// Of these, suspected.
    pub suspected: u64,
}

/// A report of any period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Periodic {
    /// Of a day.
    Daily(Box<Daily>),
    /// Of a quarter.
    Quarterly(Box<Quarterly>),
    /// Of a half-year.
    Semiannual(Box<Semiannual>),
}

impl Periodic {
    /// In the order of reading.
    pub fn outline(&self, language: Language) -> outline::Outline {
        match self {
            Periodic::Daily(report) => daily::outline(report, language),
            Periodic::Quarterly(report) => quarterly::outline(report, language),
            Periodic::Semiannual(report) => semiannual::outline(report, language),
        }
    }
}

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
    /// Items near a veto: checklist, item, how they stand.
    pub near: Vec<(String, String, String)>,
    /// Was there a run? Why not.
    pub run: RunNote,
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

/// A quarterly report (季度通报).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quarterly {
    /// `xuncha.quarterly/1`.
    pub schema: String,
    /// The quarter.
    pub period: String,
    /// The office.
    pub office: String,
    /// Units with a run, of all that are watched.
    pub checked: Ratio,
    /// Rankings, one for each comparison group.
    pub groups: Vec<Group>,
    /// Classes of problems, most findings first.
    pub problems: Vec<Problem>,
    /// What became of findings.
    pub findings: Movement,
    /// Findings known in the period that were mended by its end, of all known in it.
    pub rectified: Ratio,
    /// Findings that came back, of those gone or back in it.
    pub recurred: Ratio,
    /// Sites without a run, with the cause.
    pub not_run: Vec<(String, String)>,
    /// Units by item: the heat map of each group's checklist.
    pub heat: Vec<Heat>,
    /// Mean scores of the last periods, oldest first: period, checklist, mean, units.
    pub trend: Vec<(String, String, f64, u64)>,
    /// New media: a section of its own.
    pub accounts: Vec<AccountRow>,
}

/// One comparison group: same checklist, same version, same kind of body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Checklist id.
    pub checklist: String,
    /// Its version.
    pub version: String,
    /// Its digest.
    pub sha256: String,
    /// Kind of body; none: units of no stated kind.
    pub kind: Option<String>,
    /// Ranked, best first; ties share a rank.
    pub ranked: Vec<Standing>,
    /// Vetoed ones, apart.
    pub vetoed: Vec<Standing>,
    /// 未评: below the coverage floor, or without a score, with the cause.
    pub unrated: Vec<Standing>,
    /// Units by verdict.
    pub verdicts: BTreeMap<String, u64>,
    /// Passed ones, of those with a verdict of passed, failed or vetoed.
    pub pass_rate: Ratio,
    /// Units by score: lower bound in percent of the full mark, and how many.
    pub bands: Vec<(u32, u64)>,
    /// Mean of the ranked, in points.
    pub mean: Option<f64>,
}

/// A unit in its group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Rank; none: not ranked.
    pub rank: Option<u64>,
    /// Unit id.
    pub unit: String,
    /// Unit name.
    pub name: String,
    /// Site id.
    pub site: String,
    /// Verdict, as a word.
    pub verdict: String,
    /// Score.
    pub score: Option<f64>,
    /// Full mark.
    pub out_of: Option<f64>,
    /// Coverage, 0 to 1.
    pub coverage: f64,
    /// Findings under this checklist.
    pub findings: u64,
    /// Score and rank of the period before.
    pub before: Option<Before>,
    /// Items about pages: id, failed pages, judged pages. Told per 1,000 pages.
    pub per_page: Vec<(String, Ratio)>,
    /// Why it is not ranked.
    pub why: Option<Text>,
}

/// The period before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// Score then.
    pub score: Option<f64>,
    /// Rank then.
    pub rank: Option<u64>,
    /// Was it another version of the checklist?
    pub other_checklist: bool,
    /// The run of then judged by the checklist of now, where that was done.
    pub again: Option<f64>,
}

/// A class of problems.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Rule id.
    pub rule: String,
    /// What is looked at.
    pub title: Text,
    /// Units that have it.
    pub units: u64,
    /// Findings, certain ones.
    pub findings: u64,
    /// Findings, suspected ones.
    pub suspected: u64,
    /// Places.
    pub occurrences: u64,
}

/// Units by item of a checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heat {
    /// Checklist id.
    pub checklist: String,
    /// Item ids with titles, in checklist order.
    pub items: Vec<(String, Text)>,
    /// Unit id, and per item what it lost: `-` inapplicable, `?` undecided, `0` nothing, otherwise the points, or the failures.
    pub rows: Vec<(String, Vec<Cell>)>,
}

/// One cell of a heat map.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// Does not concern the unit.
    Inapplicable,
    /// Nobody could tell.
    Undecided,
    /// Suspected only.
    Suspected,
    /// All is well.
    Passed,
    /// Share of the item's points that was lost, or 1 where it has none, in thousandths.
    Lost(u32),
}

/// A semiannual pre-assessment (预评估).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Semiannual {
    /// `xuncha.semiannual/1`.
    pub schema: String,
    /// The half-year.
    pub period: String,
    /// The office.
    pub office: String,
    /// As in a quarterly report.
    pub standing: Quarterly,
    /// Every unit with its veto items.
    pub units: Vec<Forecast>,
    /// Findings of years before that are open still (回头看).
    pub open_from_before: Vec<Leftover>,
}

/// What a national inspection would say of a unit, as far as a machine can tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Unit id.
    pub unit: String,
    /// Unit name.
    pub name: String,
    /// Site id.
    pub site: String,
    /// The prediction: never "passed" while a veto item is open.
    pub prediction: Prediction,
    /// Veto items: checklist, id, title, how they stand, in words.
    pub vetoes: Vec<VetoItem>,
    /// Items that a person must decide: checklist, id, title.
    pub manual: Vec<(String, String, Text)>,
}

/// What is predicted of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prediction {
    /// A veto item reaches its line.
    Fails,
    /// It would if what is suspected were confirmed.
    FailsIfConfirmed,
    /// Some veto items are undecided.
    Open,
    /// A veto item is inside of its warning margin.
    NearLine,
    /// Every veto item that a machine decides is clean.
    NoVetoFound,
    /// There was no run to tell from.
    NotSeen,
}

/// A veto item of a unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VetoItem {
    /// Checklist id.
    pub checklist: String,
    /// Item id.
    pub item: String,
    /// What is asked.
    pub title: Text,
    /// `veto`, `pending-review`, `warn`, `below-threshold`, `open`, `passed`, `manual` …
    pub note: String,
    /// Failed, suspected, undecided subjects.
    pub counts: (u64, u64, u64),
    /// How near, in words with its figures.
    pub remark: Option<Text>,
}

/// A finding of an earlier year that is open still.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Leftover {
    /// Unit id.
    pub unit: String,
    /// Rule id.
    pub rule: String,
    /// Severity.
    pub severity: Severity,
    /// First seen on this day.
    pub since: Date,
    /// Where.
    pub url: String,
    /// What.
    pub message: Text,
}

#[cfg(test)]
mod tests {
    use super::Ratio;

    #[test]
    fn shares_are_rounded_half_up_from_whole_numbers() {
        assert_eq!(Ratio::new(8, 134).text(), "8/134 (6.0%)");
        assert_eq!(Ratio::new(653, 659).percent(), "99.1%");
        assert_eq!(Ratio::new(1, 2_000).percent(), "0.1%");
        assert_eq!(Ratio::new(0, 0).percent(), "–");
        assert_eq!(Ratio::new(1, 1).percent(), "100.0%");
    }
}
