//! `columns.toml`: the columns that duties name, with synonyms, parents, class and window.

mod matching;

use crate::error::Result;
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
    /// A list that is filled as things happen (许可、处罚、征集 …): no printed window; it can be empty, never stale.
    Other,
    /// A text, a form or a way on (概况、机构职能、指南): no window, and no list that could be empty.
    Static,
    /// Closed by its own statement or its name (归档, a past year): no window.
    Archived,
}

/// The window of a class and where it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassWindow {
    /// Longest time without an update, in days. "6 months" is 183, "1 year" 366: the longest that the words can mean.
    pub days: u32,
    /// Where it is printed.
    pub source: &'static str,
}

impl ColumnClass {
    /// Every class.
    pub const ALL: [ColumnClass; 7] = [
        ColumnClass::News,
        ColumnClass::Notice,
        ColumnClass::Policy,
        ColumnClass::Annual,
        ColumnClass::Other,
        ColumnClass::Static,
        ColumnClass::Archived,
    ];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            ColumnClass::News => "news",
            ColumnClass::Notice => "notice",
            ColumnClass::Policy => "policy",
            ColumnClass::Annual => "annual",
            ColumnClass::Other => "other",
            ColumnClass::Static => "static",
            ColumnClass::Archived => "archived",
        }
    }

    /// The word in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            ColumnClass::News => "动态",
            ColumnClass::Notice => "通知",
            ColumnClass::Policy => "政策",
            ColumnClass::Annual => "年度",
            ColumnClass::Other => "其他",
            ColumnClass::Static => "静态",
            ColumnClass::Archived => "归档",
        }
    }

    /// The class of a word in either language.
    pub fn of_word(word: &str) -> Option<Self> {
        ColumnClass::ALL.into_iter().find(|class| class.word() == word || class.zh() == word)
    }

    /// The window of the class; other, static and archived columns have none.
    pub fn window(self) -> Option<ClassWindow> {
        let (days, source) = match self {
            ColumnClass::News => (14, "国办秘函〔2019〕19号 单项否决指标“栏目不更新”：动态、要闻类，检查时点前2周"),
            ColumnClass::Notice => (183, "国办秘函〔2019〕19号 单项否决指标“栏目不更新”：通知公告、政策文件类，检查时点前6个月"),
            ColumnClass::Policy => (183, "国办秘函〔2019〕19号 单项否决指标“栏目不更新”：通知公告、政策文件类，检查时点前6个月"),
            ColumnClass::Annual => (366, "国办发〔2015〕15号 附件《全国政府网站普查评分表》基本信息：人事、规划计划类，1年"),
            ColumnClass::Other | ColumnClass::Static | ColumnClass::Archived => return None,
        };
        Some(ClassWindow { days, source })
    }
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
    /// Other names, matched exactly on folded text, anywhere.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// Names that mean this column only under one of `parents` (指南, 制度, 年报 …); elsewhere they are only alike.
    #[serde(default)]
    pub ambiguous: Vec<String>,
    /// Ids or names of the columns under which an ambiguous name is accepted.
    #[serde(default)]
    pub parents: Vec<String>,
    /// Beginnings that mean this column before the name of a place of at most four characters (走进象山).
    #[serde(default)]
    pub starts: Vec<String>,
    /// Class.
    pub class: ColumnClass,
    /// Window in days; none takes the class's.
    pub window_days: Option<u32>,
    /// Kinds of body that have it; empty: all.
    #[serde(default)]
    pub kinds: Vec<String>,
}

impl ColumnEntry {
    /// Longest time without an update, in days: its own, else its class's.
    pub fn window(&self) -> Option<u32> {
        self.window_days.or_else(|| self.class.window().map(|w| w.days))
    }
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

/// The whole book. Stored, it is what an office adds to the one built in.
#[derive(Debug, Clone, Default)]
pub struct ColumnBook {
    /// Entries by file order.
    pub entries: Vec<ColumnEntry>,
    /// What an office added to the built-in book or put in the place of its entries.
    own: Vec<ColumnEntry>,
    index: matching::Index,
}

impl Serialize for ColumnBook {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.own.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ColumnBook {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(ColumnBook::extended)
    }
}

/// The book built in.
pub const BUILT_IN: &str = include_str!("../../checklists/columns.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    column: Vec<ColumnEntry>,
}

impl ColumnBook {
    /// The book built in.
    pub fn load() -> Self {
        // A test keeps the embedded file right, so that the empty book is never what anyone sees.
        toml::from_str::<File>(BUILT_IN).map(|file| Self::of(file.column)).unwrap_or_default()
    }

    /// A book of these entries, indexed for matching.
    pub fn of(entries: Vec<ColumnEntry>) -> Self {
        let index = matching::Index::of(&entries);
        ColumnBook { entries, own: Vec::new(), index }
    }

    /// The built-in book with an office's own entries: same id replaces.
    pub fn with(own: &str, file: &std::path::Path) -> Result<Self> {
        let origin = super::place::Origin::new(file, own);
        let parsed: File = toml::from_str(own).map_err(|e| origin.refuse(&e))?;
        Ok(Self::extended(parsed.column))
    }

    /// The built-in book with an office's own entries: same id replaces.
    pub fn extended(own: Vec<ColumnEntry>) -> Self {
        let mut entries = Self::load().entries;
        for entry in &own {
            match entries.iter_mut().find(|e| e.id == entry.id) {
                Some(known) => known.clone_from(entry),
                None => entries.push(entry.clone()),
            }
        }
        ColumnBook { own, ..Self::of(entries) }
    }

    /// What was added to the built-in book.
    pub fn own(&self) -> &[ColumnEntry] {
        &self.own
    }

    /// Is it the built-in book, and nothing else?
    pub fn is_built_in(&self) -> bool {
        self.own.is_empty()
    }

    /// The entry of that id.
    pub fn find(&self, id: &str) -> Option<&ColumnEntry> {
        self.entries.iter().find(|e| e.id == id)
    }

    /// Which column of the book a column on a site is: its name, with the names of the columns above it, outermost first.
    /// Exact on folded text; alike is only alike.
    pub fn lookup(&self, name: &str, path: &[String]) -> ColumnMatch {
        self.index.lookup(name, path)
    }
}
