//! `obligations.toml`: every numbered obligation of the documents that the checklists came from, and the items that look after it.

use super::columns::ColumnBook;
use super::{Item, library};
use crate::error::Result;
use crate::finding::Text;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The file built in.
pub const BUILT_IN: &str = include_str!("../../checklists/obligations.toml");

/// The file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obligations {
    /// Version of the format; 1.
    pub format: u32,
    /// The documents.
    #[serde(rename = "document")]
    pub documents: Vec<Document>,
}

/// One document.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Number of its text.
    pub id: String,
    /// Name of the file that holds its text.
    pub file: String,
    /// What it is.
    pub title: Text,
    /// The checklist whose items look after it.
    pub checklist: String,
    /// How it numbers its clauses.
    pub numbers: Numbers,
    /// What the text at hand lacks.
    pub lacks: Vec<Lack>,
    /// Its clauses in order.
    #[serde(rename = "clause")]
    pub clauses: Vec<Clause>,
}

/// How a document numbers its clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Numbers {
    /// （一）（二）… through the whole document.
    Clauses,
    /// 一、 with （一） or nothing below it.
    Sections,
    /// 1. 2. … through the whole document.
    Points,
}

/// Something that the text at hand lacks.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lack {
    /// Number of the clause; empty: the document as a whole.
    pub clause: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A numbered clause.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// As the document numbers it.
    pub number: String,
    /// What it asks for.
    pub duties: Vec<Duty>,
}

/// One thing that a clause asks for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Words of the document.
    pub quote: String,
    /// What it names that can be looked for.
    pub names: Vec<Named>,
    /// Items: ids of the document's checklist, or `checklist/id`.
    pub items: Vec<String>,
    /// Who looks after it.
    pub how: How,
    /// What is left to people.
    pub why: Option<Text>,
    /// Rules that will look after it, too, and are not registered yet.
    #[serde(default)]
    pub awaits: Vec<String>,
}

/// What a duty names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Named {
    /// A column.
    Column,
    /// A document.
    Document,
    /// A date or a period.
    Date,
    /// A field.
    Field,
    /// A form, or a channel with one.
    Form,
    /// A way on to another platform.
    Entry,
}

/// Who looks after a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Rules alone.
    Machine,
    /// Rules, and people for the rest.
    PartMachine,
    /// People.
    Manual,
}

impl How {
    fn words(self) -> &'static str {
        match self {
            How::Machine => "机器 machine",
            How::PartMachine => "部分机器 part-machine",
            How::Manual => "人工 manual",
        }
    }
}

/// Reads the file built in; a test keeps it right.
pub fn load() -> std::result::Result<Obligations, toml::de::Error> {
    toml::from_str(BUILT_IN)
}

/// The items of every built-in checklist, by checklist and id.
pub struct Items {
    by_list: BTreeMap<String, BTreeMap<String, Item>>,
}

impl Items {
    /// Of the built-in checklists.
    pub fn load() -> Result<Self> {
        let book = ColumnBook::load();
        let mut by_list = BTreeMap::new();
        for id in library::ids() {
            let list = library::resolve(id, &book)?.checklist;
            by_list.insert(id.to_owned(), list.items.into_iter().map(|item| (item.id.clone(), item)).collect());
        }
        Ok(Items { by_list })
    }

    /// The item that a duty of a document names.
    pub fn find(&self, document: &Document, name: &str) -> Option<&Item> {
        let (list, id) = name.rsplit_once('/').unwrap_or((&document.checklist, name));
        self.by_list.get(list)?.get(id)
    }
}

/// How many duties end in which way.
fn counts<'a>(duties: impl Iterator<Item = &'a Duty>) -> [usize; 4] {
    let mut counts = [0; 4];
    for duty in duties {
        counts[0] += 1;
        counts[1 + duty.how as usize] += 1;
    }
    counts
}

/// `COVERAGE.md`.
pub fn coverage(obligations: &Obligations, items: &Items) -> String {
    let mut text = String::from(
        "<!-- Generated: `xuncha checklists coverage > checklists/COVERAGE.md`; the data are in obligations.toml. -->\n\
         # 条款覆盖 · Coverage of the obligations\n\n\
         项目所依据的五份文件，每一个带编号的条款、条款中的每一项要求，各由哪些清单条目负责：由机器判断、部分由机器判断，还是由人核对。\n\
         凡是写明栏目、文件、日期、字段或表单的要求，都不全由人工。\n\n\
         Every numbered clause of the five documents that this project started from, every duty in it, and the checklist items that look \
         after it: by machine, in part by machine, or by people. No duty that names a column, a document, a date, a field or a form is \
         left to people alone.\n\n\
         | 文件 document | 条款 clauses | 要求 duties | 机器 machine | 部分机器 part | 人工 manual |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let mut sum = [0; 5];
    let mut row = |name: &str, numbers: [usize; 5]| {
        let cells: Vec<String> = numbers.iter().map(usize::to_string).collect();
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    };
    for document in &obligations.documents {
        let [all, machine, part, manual] = counts(document.clauses.iter().flat_map(|clause| &clause.duties));
        let numbers = [document.clauses.len(), all, machine, part, manual];
        sum.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number);
        row(&format!("{} {}", document.id, document.title.zh), numbers);
    }
    row("合计 all", sum);
    for document in &obligations.documents {
        section(&mut text, document, items);
    }
    text
}

fn section(text: &mut String, document: &Document, items: &Items) {
    let _ = writeln!(text, "\n## {} {}\n\n{} · `{}`\n", document.id, document.title.zh, document.title.en, document.checklist);
    if !document.lacks.is_empty() {
        text.push_str("文本缺失 What the text lacks:\n\n");
        for lack in &document.lacks {
            let clause = if lack.clause.is_empty() { String::new() } else { format!("{} ", lack.clause) };
            let _ = writeln!(text, "- {clause}{} · {}", lack.zh, lack.en);
        }
        text.push('\n');
    }
    text.push_str("| 条款 | 要求（原文） | 判断 | 条目与规则 | 留给人的 |\n| --- | --- | --- | --- | --- |\n");
    for clause in &document.clauses {
        for duty in &clause.duties {
            let named: Vec<String> = duty.items.iter().map(|name| item(document, name, items)).collect();
            let mut why = duty.why.as_ref().map_or_else(String::new, |why| format!("{} · {}", why.zh, why.en));
            if !duty.awaits.is_empty() {
                let _ = write!(why, "（待接入 awaits: {}）", duty.awaits.join(", "));
            }
            let cells = [clause.number.as_str(), &duty.quote, duty.how.words(), &named.join("<br>"), &why];
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
    }
}

/// An item with what answers it.
fn item(document: &Document, name: &str, items: &Items) -> String {
    let Some(item) = items.find(document, name) else { return name.to_owned() };
    let rules: Vec<&str> = item.rule_ids().collect();
    match rules.is_empty() {
        true => format!("{name}（{}）", item.manual.as_ref().map_or("", |manual| manual.who.zh.as_str())),
        false => format!("{name}: {}", rules.join(", ")),
    }
}
