//! Profiles: what the country, a region, a group and a unit ask, each level over the one before it; every value knows where it comes from.
//!
//! A TOML file with `[national]`, `[region."…"]`, `[group."…"]` and `[unit."…"]` (name or id). Each may hold `checklists`, configuration values,
//! and `[[national.column]]` (`[[region."…".column]]` …): entries of the column book, added to those of the same id or new.

mod read;
mod settle;

pub use read::{parse, read};
pub use settle::{Given, Settled};

use crate::checklist::columns::ColumnClass;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use toml::Value;

/// How far a value reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Everybody.
    National,
    /// The units of a region.
    Region,
    /// The units of a group.
    Group,
    /// One unit.
    Unit,
}

impl Level {
    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Level::National => "national",
            Level::Region => "region",
            Level::Group => "group",
            Level::Unit => "unit",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Level::National => "全国",
            Level::Region => "地区",
            Level::Group => "分组",
            Level::Unit => "单位",
        }
    }
}

/// Where a value comes from: a level, and which region, group or unit of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Holder {
    /// The level.
    pub level: Level,
    /// Its name as the profile writes it; of the country empty.
    pub name: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.as_str() {
            "" => write!(f, "来自{} / from {}", self.level.zh(), self.level.word()),
            name => write!(f, "来自{}“{name}” / from {} {name}", self.level.zh(), self.level.word()),
        }
    }
}

/// What one level says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Values {
    /// Checklists, in the place of those of the level before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checklists: Option<Vec<String>>,
    /// Configuration values by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub config: BTreeMap<String, Value>,
    /// Entries of the column book.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnChange>,
}

/// An entry of the column book as a level changes it: names are added, class and window replaced. A new id has to say its names and class.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnChange {
    /// Id in the book, or a new one.
    pub id: String,
    /// Name; of a known column it becomes a synonym.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// English name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
    /// Further names that mean it anywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// Further names that mean it under its parents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ambiguous: Vec<String>,
    /// Further parents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<String>,
    /// Class, in the place of the book's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ColumnClass>,
    /// Window in days, in the place of the book's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_days: Option<u32>,
}

/// A whole profile.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// Everybody's.
    #[serde(default)]
    pub national: Values,
    /// By region.
    #[serde(default)]
    pub region: BTreeMap<String, Values>,
    /// By group.
    #[serde(default)]
    pub group: BTreeMap<String, Values>,
    /// By name or id of the unit.
    #[serde(default)]
    pub unit: BTreeMap<String, Values>,
}

/// Checks a configuration value and gives it in its plain form; a refusal says what is wrong and what to do.
pub type CheckValue<'a> = &'a dyn Fn(&str, &Value) -> Result<Value, (String, Option<String>)>;
