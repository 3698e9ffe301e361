//! What the columns of a synthetic bureau hold: `fixtures/bureaus/content/*.toml`, templates by column.

use serde::Deserialize;
use std::collections::BTreeMap;

/// How one group of columns is filled. Every text is a template; see `super::plant` for what it may say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filling {
    /// Column ids; `class:news` and the like stand for every column of a class that has no filling of its own.
    pub columns: Vec<String>,
    /// The columns stand on every site below this one, whether a checklist asks for them or not.
    pub under: Option<String>,
    /// Names that the columns may have here; empty: any that the column book knows.
    pub called: Vec<String>,
    /// Text of a column that is a page and no list (HTML).
    pub page: Option<String>,
    /// Annual reports that the list holds beside its entries.
    pub reports: Option<super::reports::Asked>,
    /// Entries of a list, in the order newest first; an entry with `times` is made that often.
    #[serde(rename = "entry")]
    pub entries: Vec<EntryText>,
}

/// One entry of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EntryText {
    /// A name by which other entries and plants find it (a template); `href="@name"` in a text leads to it.
    pub name: Option<String>,
    /// How often; 0 and 1 mean once.
    pub times: u32,
    /// Days before the day of judgement on which the first one is published.
    pub age: i64,
    /// Days between one and the next.
    pub every: i64,
    /// Are these days exact? Otherwise they vary a little.
    pub exact: bool,
    /// Instead of both: published on that day of the year, `01-20`, the newest not after the day of judgement, the others in the years
    /// before.
    pub day: Option<String>,
    /// Title.
    pub title: String,
    /// Blocks of HTML or paragraphs; empty: two to four ordinary sentences.
    pub body: Vec<String>,
    /// Labelled values above the text; empty: none. `普通` stands for the usual header of a document.
    pub header: BTreeMap<String, String>,
    /// Has it the usual header of a document?
    pub document: bool,
    /// Source; empty: the bureau.
    pub source: String,
    /// Files below the text: name and path.
    pub files: Vec<(String, String)>,
    /// Facts of files that are read, as TOML, by path.
    pub file_facts: BTreeMap<String, String>,
}

/// Every filling.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// In file order; the first that names a column fills it.
    #[serde(rename = "filling")]
    pub fillings: Vec<Filling>,
}

impl Content {
    /// How a column is filled.
    pub fn of(&self, id: &str, class: &str) -> Option<&Filling> {
        let named = |name: &str| self.fillings.iter().find(|f| f.columns.iter().any(|c| c == name));
        named(id).or_else(|| named(&format!("class:{class}")))
    }
}
