//! The budget and the final accounts of the year are published, the accounts with their set of tables.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::accounts::AccountsTable;
use crate::facts::file::Reading;
use crate::facts::particulars::Particulars;
use crate::finding::{Location, Locus, Observation};
use crate::rules::yearly::{self, DayOfYear, Duty, Entry, Published};
use crate::rules::{Context, Rule};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Element {
    /// 部门预算
    Budget,
    /// 部门决算
    Accounts,
    /// The tables of the final accounts
    Tables,
}

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetSet {
    /// What has to be there.
    elements: Vec<Element>,
    /// Day by which the budget of a year has to be there; none: when the year ends.
    budget_due: Option<DayOfYear>,
    /// Day by which the final accounts of the year before have to be there; none: when the year ends.
    accounts_due: Option<DayOfYear>,
    /// Is a note enough?
    note: bool,
    /// Columns that hold it.
    columns: Vec<String>,
}

impl Default for BudgetSet {
    fn default() -> Self {
        BudgetSet {
            elements: vec![Element::Budget, Element::Accounts, Element::Tables],
            budget_due: None,
            accounts_due: None,
            note: true,
            columns: vec!["budget-accounts".to_owned()],
        }
    }
}

impl Rule for BudgetSet {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let published = yearly::published(site, &self.columns);
        let budget = yearly::newest_due(self.budget_due, context.as_of);
        let accounts = yearly::newest_due(self.accounts_due, context.as_of) - 1;
        let answer = |element: &str, year: i16, is: fn(&Entry<'_>) -> bool, of: fn(&Entry<'_>) -> Vec<i16>| {
            let standing = yearly::standing(&published, year, is, of, |entry| entry.inside);
            let duty = Duty { element, year, columns: &self.columns, note: self.note };
            yearly::observe(&duty, standing, &published, context)
        };
        let answers = self.elements.iter().map(|element| match element {
            Element::Budget => answer("budget", budget, is_budget, |entry| entry.years()),
            Element::Accounts => answer("accounts", accounts, is_accounts, years_before),
            Element::Tables => tables(&published, accounts, site).with("year", i64::from(accounts)).with("element", "tables"),
        });
        answers.collect()
    }
}

/// Matters of money that are neither: what is asked of others, meetings, audits. Names of bodies (审计局, 采购中心) hold such words too.
fn is_other(title: &str) -> bool {
    ["通知", "办法", "规定", "会议", "会", "培训班"].iter().any(|word| title.ends_with(word))
        || [
            "绩效评价",
            "预算调整",
            "预算执行",
            "审计结果",
            "审计报告",
            "审计整改",
            "采购项目",
            "工程预算",
            "工程决算",
            "竣工决算",
            "解读",
            "编制工作",
        ]
        .iter()
        .any(|word| title.contains(word))
}

fn is_budget(entry: &Entry<'_>) -> bool {
    let title = entry.title.as_str();
    let own = title.contains("预算")
        && (title.contains("部门") || title.contains("单位") || title.contains("公开") || title.contains("本级") || entry.inside);
    own && !is_other(title) && (!title.contains("决算") || title.contains("预决算"))
}

fn is_accounts(entry: &Entry<'_>) -> bool {
    let title = entry.title.as_str();
    let own = title.contains("决算")
        && (title.contains("部门") || title.contains("单位") || title.contains("公开") || title.contains("本级") || entry.inside);
    own && !is_other(title)
}

/// Accounts without a year in their title are those of the year before their day.
fn years_before(entry: &Entry<'_>) -> Vec<i16> {
    if yearly::years(&entry.title).is_empty() {
        entry.years().iter().flat_map(|year| [*year - 1, *year]).collect()
    } else {
        entry.years()
    }
}

/// The tables that the accounts of the year name, on their page or in the files that it offers.
fn tables(published: &Published<'_>, year: i16, site: &Site) -> Observation {
    let of_year = |entry: &&Entry<'_>| is_accounts(entry) && years_before(entry).contains(&year);
    let places: BTreeSet<&CanonicalUrl> = published.entries.iter().filter(of_year).map(|entry| entry.url).collect();
    // The page that holds the accounts, rather than a file that it offers.
    let first = places.iter().find(|url| site.pages.contains_key(**url)).or(places.first());
    let Some(first) = first else { return Observation::inapplicable() };
    let files: BTreeSet<&CanonicalUrl> = site
        .targets
        .values()
        .filter(|target| target.attachment && target.sources.iter().any(|source| places.contains(&source.page)))
        .map(|target| &target.url)
        .chain(places.iter().copied().filter(|url| site.targets.get(*url).is_some_and(|target| target.attachment)))
        .collect();
    let mut named: BTreeSet<AccountsTable> = BTreeSet::new();
    for url in places.iter().chain(&files) {
        if let Some(Particulars::Accounts(accounts)) = site.particulars.get(*url) {
            named.extend(&accounts.tables);
        }
    }
    let missing: Vec<String> =
        AccountsTable::ALL.iter().filter(|table| !named.contains(table)).map(|table| table.word().to_owned()).collect();
    if missing.is_empty() {
        return Observation::passed();
    }
    let place = |observation: Observation| {
        observation
            .at(Locus::Name("tables".to_owned()))
            .with("tables", missing.clone())
            .seen(Location::page(first))
            .prove("named", named.iter().map(|table| table.word()).collect::<Vec<_>>().join(" "))
            .prove("files", files.len().to_string())
    };
    let unread =
        |url: &CanonicalUrl| site.files.get(url).is_none_or(|file| file.reading != Reading::Read || file.characters < 100);
    // Pictures of tables, files that were not gathered, a set that we hardly recognise: nothing to say.
    if named.len() < 4 || files.iter().any(|url| unread(url)) {
        return place(Observation::cannot_tell("tables-unread"));
    }
    place(Observation::failed("tables-missing").suspected())
}
