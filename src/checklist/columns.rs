//! `columns.toml`: the columns that duties name, with synonyms, parents, class and window.

use serde::{Deserialize, Serialize};

/// Class of a column: how often it must be updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnClass {
    /// 动态、要闻: 14 days.
    News,
    /// 通知公告、政策文件: 6 months.
    Notice,
    /// 政策文件 and 解读: 6 months.
    Policy,
    /// 人事、规划计划、预决算、年报: 1 year.
    Annual,
    /// 概况、机构职能、指南: no window.
    Static,
    /// Closed by its own statement or its name (归档, a past year): no window.
    Archived,
}

/// One column of the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnEntry {
    /// Id that items name.
    pub id: String,
    /// Usual name.
    pub name: String,
    /// English name for reports.
    pub name_en: String,
    /// Other names, matched exactly on folded text.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// Names of columns under which a synonym that is ambiguous alone is accepted; empty: anywhere.
    #[serde(default)]
    pub parents: Vec<String>,
    /// Class.
    pub class: ColumnClass,
    /// Window in days; none takes the class's.
    pub window_days: Option<u32>,
    /// Kinds of body that have it; empty: all.
    #[serde(default)]
    pub kinds: Vec<String>,
}

/// How a column found on a site relates to the book.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ColumnMatch {
    /// Its name is the entry's name or a synonym (under an accepted parent).
    Is(String),
    /// Only alike: the nearest three ids. Cannot tell.
    Like(Vec<String>),
    /// Nothing near.
    #[default]
    None,
}

/// The whole book.
#[derive(Debug, Clone, Default)]
pub struct ColumnBook {
    /// Entries by file order.
    pub entries: Vec<ColumnEntry>,
}
