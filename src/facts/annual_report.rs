//! 政府信息公开工作年度报告: its parts, its three tables by their labels, figures of the text; from a page or a file.

pub(super) mod gathered;
mod headings;
mod likeness;
pub(super) mod read;
mod rows;
mod statements;
mod tables;
mod title;
mod writing;

pub use likeness::{Likeness, Sketch, compare};
pub use rows::{APPLICANTS, Column, HANDLING, PROCEEDINGS, RESULTS, Row};

use crate::url::CanonicalUrl;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One annual report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnnualReport {
    /// The page or file that holds it.
    pub url: CanonicalUrl,
    /// The page that offers the file, or the page itself.
    pub page: CanonicalUrl,
    /// Title.
    pub title: String,
    /// The body that reports, from the title.
    pub body: Option<String>,
    /// The year reported about, from title and period.
    pub year: Option<i16>,
    /// Publish date of the page.
    pub published: Option<Date>,
    /// Is that date shown to the reader (a label, or beside the title)? A meta date may be that of generation.
    #[serde(default)]
    pub date_shown: bool,
    /// The earliest date that the URL, a meta tag or the sign-off names: an earlier publication may be behind the one shown.
    #[serde(default)]
    pub earliest: Option<Date>,
    /// What of it could be read.
    #[serde(default)]
    pub form: Form,
    /// Was it read from a file? Pictures in it were not looked for.
    #[serde(default)]
    pub from_file: bool,
    /// Files that its page offers.
    #[serde(default)]
    pub files: Vec<CanonicalUrl>,
    /// Was something left out at a limit?
    #[serde(default)]
    pub cut: bool,
    /// Parts in order, by their headings.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// Numbered headings beside those of the parts: a part under another name may be among them.
    #[serde(default)]
    pub others: Vec<OtherHeading>,
    /// What the preface promises the report to consist of.
    #[serde(default)]
    pub promised: Vec<Promise>,
    /// The tables that were found.
    #[serde(default)]
    pub tables: Vec<ReportTable>,
    /// The period that the figures cover.
    #[serde(default)]
    pub period: Option<Period>,
    /// Figures that the text names.
    #[serde(default)]
    pub statements: Vec<Statement>,
    /// Paragraphs of the parts that are told in words, at most 20,000 characters.
    #[serde(default)]
    pub narrative: Vec<String>,
    /// Sketch of the narrative, to find candidates for comparison.
    #[serde(default)]
    pub sketch: Sketch,
}

/// What of a report could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Its text, with parts.
    Text,
    /// A page that offers it as a file which was not read.
    Attachment,
    /// A page or file that is called a report and shows none of its parts: a picture, a frame, another kind of text.
    #[default]
    Unread,
}

/// The six parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// 总体情况, 概述
    Overview,
    /// 主动公开政府信息情况
    Disclosure,
    /// 收到和处理政府信息公开申请情况
    Requests,
    /// 政府信息公开行政复议、行政诉讼情况
    Proceedings,
    /// 存在的主要问题及改进情况
    Problems,
    /// 其他需要报告的事项
    Other,
}

impl PartKind {
    /// In the order of the format.
    pub const ALL: [PartKind; 6] = [
        PartKind::Overview,
        PartKind::Disclosure,
        PartKind::Requests,
        PartKind::Proceedings,
        PartKind::Problems,
        PartKind::Other,
    ];

    /// Heading of the format.
    pub fn label(self) -> &'static str {
        match self {
            PartKind::Overview => "总体情况",
            PartKind::Disclosure => "主动公开政府信息情况",
            PartKind::Requests => "收到和处理政府信息公开申请情况",
            PartKind::Proceedings => "政府信息公开行政复议、行政诉讼情况",
            PartKind::Problems => "存在的主要问题及改进情况",
            PartKind::Other => "其他需要报告的事项",
        }
    }

    /// Its place in the format, from 1.
    pub fn number(self) -> u32 {
        self as u32 + 1
    }

    /// The table that belongs to it.
    pub fn table(self) -> Option<TableKind> {
        match self {
            PartKind::Disclosure => Some(TableKind::Disclosure),
            PartKind::Requests => Some(TableKind::Requests),
            PartKind::Proceedings => Some(TableKind::Proceedings),
            _ => None,
        }
    }
}

/// One part as found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which it is.
    pub kind: PartKind,
    /// Its number as written, from 1.
    pub number: Option<u32>,
    /// Its heading as written.
    pub heading: String,
    /// Characters of text below it, tables not counted.
    pub characters: u32,
    /// Does a table stand below it?
    pub table: bool,
    /// Does a picture or frame stand below it, which may be its content?
    pub picture: bool,
}

impl Part {
    /// Does nothing at all stand below its heading?
    pub fn is_empty(&self) -> bool {
        self.characters == 0 && !self.table && !self.picture
    }
}

/// A heading that is numbered like those of the parts and names none of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherHeading {
    /// Its number, from 1.
    pub number: u32,
    /// As written.
    pub text: String,
}

/// A part that the preface names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// As written.
    pub text: String,
    /// Which of the six it is, where it is one.
    pub kind: Option<PartKind>,
    /// Does a heading answer to it?
    pub kept: bool,
}

/// The three tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableKind {
    /// Part 二.
    Disclosure,
    /// Part 三.
    Requests,
    /// Part 四.
    Proceedings,
}

impl TableKind {
    /// The part it belongs to.
    pub fn part(self) -> PartKind {
        match self {
            TableKind::Disclosure => PartKind::Disclosure,
            TableKind::Requests => PartKind::Requests,
            TableKind::Proceedings => PartKind::Proceedings,
        }
    }
}

/// The two formats of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// 国办公开办函〔2019〕60号: reports about 2019 and 2020.
    Of2019,
    /// 国办公开办函〔2021〕30号: reports about 2021 and later.
    Of2021,
}

impl Format {
    /// Number of the document.
    pub fn document(self) -> &'static str {
        match self {
            Format::Of2019 => "国办公开办函〔2019〕60号",
            Format::Of2021 => "国办公开办函〔2021〕30号",
        }
    }

    /// The format for a year; none before there was one.
    pub fn of_year(year: i16) -> Option<Format> {
        match year {
            ..2019 => None,
            2019 | 2020 => Some(Format::Of2019),
            _ => Some(Format::Of2021),
        }
    }
}

/// One of the three tables as found, perhaps in several pieces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportTable {
    /// Which.
    pub kind: TableKind,
    /// By its columns and rows, where they tell.
    pub format: Option<Format>,
    /// Its cells; a row or column that is missing here was not found.
    pub cells: Vec<ReportCell>,
    /// Line in the source, or page of the file.
    pub line: Option<u32>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportCell {
    /// Row.
    pub row: Row,
    /// Column.
    pub column: Column,
    /// As written.
    pub text: String,
    /// What it says.
    pub amount: Amount,
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// A whole number, negative ones too.
    Whole(i64),
    /// A number with decimals.
    Decimal,
    /// Nothing: counts as 0 and is listed.
    Blank,
    /// Something that is no number.
    Unreadable,
}

/// The period that the figures cover, as the preface states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// As written.
    pub text: String,
}

/// What a figure of the text counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatementKind {
    /// 新收、收到、受理申请 N 件
    Received,
    /// 上年结转 N 件
    CarriedIn,
    /// 结转下年度 N 件
    CarriedOut,
    /// 行政复议 N 件
    Reviews,
    /// 行政诉讼 N 件
    Suits,
    /// 全部办结: none is carried on.
    AllClosed,
}

/// A figure that the text names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// What it counts.
    pub kind: StatementKind,
    /// The number; 0 for [`StatementKind::AllClosed`].
    pub number: i64,
    /// The words around it, as written.
    pub text: String,
}

impl AnnualReport {
    /// A report of which nothing but its name is known.
    pub fn named(url: CanonicalUrl, title: String) -> Self {
        AnnualReport {
            page: url.clone(),
            url,
            title,
            body: None,
            year: None,
            published: None,
            date_shown: false,
            earliest: None,
            form: Form::Unread,
            from_file: false,
            files: Vec::new(),
            others: Vec::new(),
            cut: false,
            parts: Vec::new(),
            promised: Vec::new(),
            tables: Vec::new(),
            period: None,
            statements: Vec::new(),
            narrative: Vec::new(),
            sketch: Sketch::default(),
        }
    }

    /// What a page's or link's title says: none when it is no title of a report, else the year that it names.
    pub fn year_of_title(title: &str) -> Option<Option<i16>> {
        title::read(title).map(|named| named.year)
    }

    /// Does the title name the same body? Two reports without a name are not known to be of one.
    pub fn is_of_same_body(&self, other: &AnnualReport) -> bool {
        let folded = |report: &AnnualReport| report.body.as_deref().map(writing::plain);
        self.body.is_some() && folded(self) == folded(other)
    }

    /// One of its tables.
    pub fn table(&self, kind: TableKind) -> Option<&ReportTable> {
        self.tables.iter().find(|t| t.kind == kind)
    }

    /// One of its parts.
    pub fn part(&self, kind: PartKind) -> Option<&Part> {
        self.parts.iter().find(|p| p.kind == kind)
    }

    /// Does the name say that a government reports, not one of its departments? A place alone (某某区) stands for its government.
    pub fn is_of_government(&self) -> Option<bool> {
        const ENDS: [&str; 13] =
            ["人民政府", "管委会", "管理委员会", "省", "市", "县", "区", "州", "旗", "镇", "乡", "街道", "街道办事处"];
        self.body.as_deref().map(|body| {
            let body = writing::plain(body);
            ENDS.iter().any(|end| body.ends_with(end))
        })
    }
}

impl ReportTable {
    /// A cell.
    pub fn cell(&self, row: Row, column: Column) -> Option<&ReportCell> {
        self.cells.iter().find(|c| c.row == row && c.column == column)
    }

    /// Was any cell of a row found?
    pub fn has_row(&self, row: Row) -> bool {
        self.cells.iter().any(|c| c.row == row)
    }
}
