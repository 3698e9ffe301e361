//! What a rule says (observation) and what a report tells (finding). EARL outcomes, certainty, evidence, locations.

use crate::url::CanonicalUrl;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// W3C EARL outcome of one judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The requirement is met.
    Passed,
    /// The requirement is not met.
    Failed,
    /// The requirement does not concern this subject.
    Inapplicable,
    /// We saw the subject, and it does not let us decide.
    CannotTell,
    /// We did not see what is needed (not fetched, not gathered).
    Untested,
}

/// How sure a failed outcome is. Suspected takes no points and never vetoes until a person confirms (design.md 2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Proved by what is quoted.
    Certain,
    /// 疑似: a person has to look.
    Suspected,
}

/// Set by the checklist, never by the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Told, never counted against anyone.
    Notice,
    /// Near a limit, or a recommendation.
    Warning,
    /// A duty not met.
    Error,
    /// 单项否决: enough of it fails the site whatever the score.
    Veto,
}

impl Severity {
    /// The word used in checklists, options and reports.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Notice => "notice",
            Severity::Warning => "warning",
            Severity::Error => "error",
            Severity::Veto => "veto",
        }
    }
}

impl std::str::FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        serde_json::from_value(serde_json::Value::String(text.to_ascii_lowercase()))
            .map_err(|_| "notice, warning, error, veto".to_owned())
    }
}

/// Where the fault has to be mended: what a webmaster sorts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RootCause {
    /// One template or include: fix once for many pages.
    Template,
    /// A column: its content or its setting up.
    Column,
    /// One page.
    Page,
    /// A file that is offered for download.
    Attachment,
    /// The platform's operator.
    Platform,
    /// Somebody else's host.
    External,
}

/// A typed argument of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Argument {
    /// A count or a number of days.
    Number(i64),
    /// Quoted text, a name, a URL, a date as YYYY-MM-DD.
    Text(String),
    /// Several names, joined with 、 in Chinese and ", " in English.
    List(Vec<String>),
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Argument::Text(text.to_owned())
    }
}
impl From<String> for Argument {
    fn from(text: String) -> Self {
        Argument::Text(text)
    }
}
impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Argument::Number(number)
    }
}
impl From<usize> for Argument {
    fn from(number: usize) -> Self {
        Argument::Number(number as i64)
    }
}
impl From<u16> for Argument {
    fn from(number: u16) -> Self {
        Argument::Number(number.into())
    }
}
impl From<Vec<String>> for Argument {
    fn from(list: Vec<String>) -> Self {
        Argument::List(list)
    }
}
impl From<jiff::civil::Date> for Argument {
    fn from(date: jiff::civil::Date) -> Self {
        Argument::Text(date.to_string())
    }
}

/// Arguments of a message by name, in a fixed order.
pub type Arguments = BTreeMap<String, Argument>;

/// What identifies the place of a fault on its subject; part of the fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Locus {
    /// The subject as a whole.
    Whole,
    /// A link target: own URLs by [`CanonicalUrl::key`], others in full.
    Target(String),
    /// A named field, element, column id.
    Name(String),
    /// Quoted text; folded before it is hashed.
    Text(String),
}

/// A place where a person can see the fault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    /// The page.
    pub url: CanonicalUrl,
    /// CSS path of the element, where known.
    pub selector: Option<String>,
    /// Line in the source, from 1, where known.
    pub line: Option<u32>,
    /// The exact text to search for on the page or in its source.
    pub text: Option<String>,
    /// Names of the columns above the page, outermost first.
    pub column_path: Vec<String>,
}

impl Location {
    /// A page without a closer place.
    pub fn page(url: &CanonicalUrl) -> Self {
        Location { url: url.clone(), selector: None, line: None, text: None, column_path: Vec::new() }
    }

    /// A page and the exact text to search for.
    pub fn text(url: &CanonicalUrl, text: impl Into<String>) -> Self {
        Location { text: Some(text.into()), ..Location::page(url) }
    }
}

/// One answer of a rule about one subject (or about one place on it).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// What was found.
    pub outcome: Outcome,
    /// How sure; meaningful for [`Outcome::Failed`].
    pub certainty: Certainty,
    /// Key of a message in the rule's fixture front matter.
    pub message: String,
    /// Arguments of that message.
    pub arguments: Arguments,
    /// The place that identifies the fault on its subject.
    pub locus: Locus,
    /// Where to look; the first 50 are reported.
    pub locations: Vec<Location>,
    /// How many places in all; at least 1 when failed.
    pub occurrences: u64,
    /// Facts that prove it, by name, values quoted as found.
    pub evidence: BTreeMap<String, String>,
    /// Where it has to be mended; `None` lets the judge derive it from the subject.
    pub root_cause: Option<RootCause>,
}

impl Observation {
    fn new(outcome: Outcome, message: &str) -> Self {
        Observation {
            outcome,
            certainty: Certainty::Certain,
            message: message.to_owned(),
            arguments: Arguments::new(),
            locus: Locus::Whole,
            locations: Vec::new(),
            occurrences: 1,
            evidence: BTreeMap::new(),
            root_cause: None,
        }
    }
    /// The requirement is met; needs no words.
    pub fn passed() -> Self {
        Self::new(Outcome::Passed, "passed")
    }
    /// The requirement does not concern this subject.
    pub fn inapplicable() -> Self {
        Self::new(Outcome::Inapplicable, "inapplicable")
    }
    /// The requirement is not met.
    pub fn failed(message: &str) -> Self {
        Self::new(Outcome::Failed, message)
    }
    /// We saw it and cannot decide; the message says what a person should look at.
    pub fn cannot_tell(message: &str) -> Self {
        Self::new(Outcome::CannotTell, message)
    }
    /// We did not see what is needed; the message says what is missing.
    pub fn untested(message: &str) -> Self {
        Self::new(Outcome::Untested, message)
    }
    /// Marks it 疑似.
    pub fn suspected(mut self) -> Self {
        self.certainty = Certainty::Suspected;
        self
    }
    /// Adds an argument of the message.
    pub fn with(mut self, name: &str, value: impl Into<Argument>) -> Self {
        self.arguments.insert(name.to_owned(), value.into());
        self
    }
    /// Sets the locus.
    pub fn at(mut self, locus: Locus) -> Self {
        self.locus = locus;
        self
    }
    /// Adds a location.
    pub fn seen(mut self, location: Location) -> Self {
        self.locations.push(location);
        self
    }
    /// Adds a piece of evidence, quoted as found.
    pub fn prove(mut self, name: &str, value: impl Into<String>) -> Self {
        self.evidence.insert(name.to_owned(), value.into());
        self
    }
    /// Says where it has to be mended.
    pub fn cause(mut self, cause: RootCause) -> Self {
        self.root_cause = Some(cause);
        self
    }
    /// Sets the full count of places.
    pub fn count(mut self, occurrences: u64) -> Self {
        self.occurrences = occurrences;
        self
    }
}

/// A text in the two languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese, Simplified.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Of two fixed texts.
    pub fn both(zh: &str, en: &str) -> Self {
        Text { zh: zh.to_owned(), en: en.to_owned() }
    }

    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// Language of what we print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// How one checklist item sees a finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingItem {
    /// Checklist id.
    pub checklist: String,
    /// Item id.
    pub item: String,
    /// Severity under that item.
    pub severity: Severity,
    /// Points that this finding took under that item, after caps; none where the item has no points.
    pub points: Option<f64>,
    /// The clause and where it is printed.
    pub basis: String,
}

/// A fault as reported: one identity, however many pages show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Stable identity across runs (design.md 2.10), hex.
    pub fingerprint: String,
    /// Rule id.
    pub rule: String,
    /// Highest severity under any item.
    pub severity: Severity,
    /// Proved or 疑似.
    pub certainty: Certainty,
    /// Always `failed` in this version.
    pub outcome: Outcome,
    /// Every checklist item that asks for it.
    pub items: Vec<FindingItem>,
    /// Id of the unit it belongs to.
    pub unit: String,
    /// Who can mend it: the unit, or the operator of the platform.
    pub responsible: String,
    /// Where it has to be mended.
    pub root_cause: RootCause,
    /// The page or target to open first.
    pub url: CanonicalUrl,
    /// Title of that page, where there is one.
    pub page_title: Option<String>,
    /// What is wrong.
    pub message: Text,
    /// How to mend it.
    pub fix: Text,
    /// Where it shows, at most 50.
    pub locations: Vec<Location>,
    /// Full number of places.
    pub occurrences: u64,
    /// Facts that prove it.
    pub evidence: BTreeMap<String, String>,
    /// Publish date of the page, where known.
    pub publish_date: Option<String>,
    /// The list page that leads to it, where known.
    pub list_page: Option<CanonicalUrl>,
    /// New, known or gone against a baseline or history; none without.
    pub state: Option<String>,
    /// First run that saw it; none without history.
    pub first_seen: Option<String>,
    /// Last run that saw it; none without history.
    pub last_seen: Option<String>,
}
