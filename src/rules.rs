//! Rules: one file each under `src/rules/<category>/`, found by `build.rs`; the folder is the registry.
//!
//! A rule is a struct of its parameters (serde, unknown fields denied, defaults given) that implements [`Rule`]. It sees facts and
//! nothing else: no network, clock or disk. Its id is its file name, its category its folder, its texts are in the front matter of
//! `fixtures/rules/<category>/<id>.md`. `cargo fmt` does not reach files registered this way:
//! `rustfmt --check --edition 2024 src/rules/*/*.rs` does.

mod drafts;
pub mod fixture;
mod following;
mod holdings;
mod hosts;
mod letters;
mod lexicon;
mod meta_tags;
mod notices;
mod own_words;
mod places;
mod privacy;
mod spots;
mod words;
mod yearly;

use crate::checklist::calendar::Calendar;
use crate::checklist::columns::ColumnBook;
use crate::exchange::Gathering;
use crate::facts::selected::Selector;
use crate::facts::site::{Column, LinkTarget};
use crate::facts::{AnnualReport, File, History, Page, Site};
use crate::finding::Observation;
use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a rule may look at beside its subject: facts only.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The day of judgement, in Shanghai: recorded in the capture, or `--as-of`.
    pub as_of: Date,
    /// Site facts of the unit (or the whole site) being judged.
    pub site: &'a Site,
    /// The column book.
    pub book: &'a ColumnBook,
    /// Working days.
    pub calendar: &'a Calendar,
    /// What earlier runs saw; none without `--history`.
    pub history: Option<&'a History>,
}

/// What a rule is asked about.
pub trait Subject: Sized + 'static {
    /// Its word: `page`, `column`, `link-target`, `attachment`, `annual-report`, `site`.
    const WORD: &'static str;
    /// Puts a rule about this kind of subject into the registry's common form.
    fn load(rule: Box<dyn Judge<Self>>) -> Loaded;
}

/// Object-safe half of [`Rule`].
pub trait Judge<S>: Send + Sync {
    /// See [`Rule::observe`].
    fn observe(&self, subject: &S, context: &Context<'_>) -> Vec<Observation>;
    /// See [`Rule::selectors`].
    fn selectors(&self) -> Vec<Selector>;
}

/// Answers one question about one subject. The implementing struct holds the parameters.
///
/// `Default` and `Serialize` show the parameters' defaults in `xuncha explain`; a parameter without a sensible default is one that
/// deserialising requires.
pub trait Rule: DeserializeOwned + Serialize + Default + Send + Sync + 'static {
    /// What it is asked about: [`Page`], [`Column`], [`LinkTarget`], [`File`], [`AnnualReport`] or [`Site`].
    type Subject: Subject;
    /// What must have been gathered; when absent from the capture, the judge answers untested by itself.
    const GATHERINGS: &'static [Gathering];
    /// Yields at least one observation; several when several places of the subject are at fault. Pure and total.
    fn observe(&self, subject: &Self::Subject, context: &Context<'_>) -> Vec<Observation>;
    /// CSS selectors whose elements have to be looked for while pages are read ([`crate::facts::selected`]); most rules need none.
    fn selectors(&self) -> Vec<Selector> {
        Vec::new()
    }
}

impl<R: Rule> Judge<R::Subject> for R {
    fn observe(&self, subject: &R::Subject, context: &Context<'_>) -> Vec<Observation> {
        Rule::observe(self, subject, context)
    }

    fn selectors(&self) -> Vec<Selector> {
        Rule::selectors(self)
    }
}

/// A rule with its parameters, by kind of subject.
pub enum Loaded {
    /// About a page.
    Page(Box<dyn Judge<Page>>),
    /// About a column.
    Column(Box<dyn Judge<Column>>),
    /// About a link target.
    Target(Box<dyn Judge<LinkTarget>>),
    /// About a file offered for download.
    File(Box<dyn Judge<File>>),
    /// About an annual report on disclosure.
    Report(Box<dyn Judge<AnnualReport>>),
    /// About a site or a unit as a whole.
    Site(Box<dyn Judge<Site>>),
}

impl Loaded {
    /// CSS selectors whose elements have to be looked for while pages are read.
    pub fn selectors(&self) -> Vec<Selector> {
        match self {
            Loaded::Page(rule) => rule.selectors(),
            Loaded::Column(rule) => rule.selectors(),
            Loaded::Target(rule) => rule.selectors(),
            Loaded::File(rule) => rule.selectors(),
            Loaded::Report(rule) => rule.selectors(),
            Loaded::Site(rule) => rule.selectors(),
        }
    }
}

impl Subject for Page {
    const WORD: &'static str = "page";
    fn load(rule: Box<dyn Judge<Self>>) -> Loaded {
        Loaded::Page(rule)
    }
}
impl Subject for Column {
    const WORD: &'static str = "column";
    fn load(rule: Box<dyn Judge<Self>>) -> Loaded {
        Loaded::Column(rule)
    }
}
impl Subject for LinkTarget {
    const WORD: &'static str = "link-target";
    fn load(rule: Box<dyn Judge<Self>>) -> Loaded {
        Loaded::Target(rule)
    }
}
impl Subject for File {
    const WORD: &'static str = "attachment";
    fn load(rule: Box<dyn Judge<Self>>) -> Loaded {
        Loaded::File(rule)
    }
}
impl Subject for AnnualReport {
    const WORD: &'static str = "annual-report";
    fn load(rule: Box<dyn Judge<Self>>) -> Loaded {
        Loaded::Report(rule)
    }
}
impl Subject for Site {
    const WORD: &'static str = "site";
    fn load(rule: Box<dyn Judge<Self>>) -> Loaded {
        Loaded::Site(rule)
    }
}

/// A registered rule.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Id: the file name in kebab-case.
    pub id: &'static str,
    /// Category: the folder.
    pub category: &'static str,
    /// The `//!` header of the rule's file.
    pub doc: &'static str,
    /// The whole fixture file.
    pub fixture: &'static str,
    /// What must have been gathered.
    pub gatherings: &'static [Gathering],
    /// What it is asked about: `page`, `column`, `link-target`, `attachment`, `annual-report`, `site`.
    pub subject: &'static str,
    /// Its parameters with their defaults.
    pub defaults: fn() -> serde_json::Value,
    /// Makes the rule from parameters.
    pub load: fn(serde_json::Value) -> Result<Loaded, serde_json::Error>,
}

impl Entry {
    /// Registers a rule; called by the generated table.
    pub const fn of<R: Rule>(id: &'static str, category: &'static str, doc: &'static str, fixture: &'static str) -> Self {
        Entry {
            id,
            category,
            doc,
            fixture,
            gatherings: R::GATHERINGS,
            subject: R::Subject::WORD,
            defaults: || serde_json::to_value(R::default()).unwrap_or_default(),
            load: |params| serde_json::from_value::<R>(params).map(|rule| R::Subject::load(Box::new(rule))),
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Every rule, sorted by id.
pub fn all() -> &'static [Entry] {
    ENTRIES
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Entry> {
    ENTRIES.binary_search_by(|entry| entry.id.cmp(id)).ok().map(|at| &ENTRIES[at])
}
