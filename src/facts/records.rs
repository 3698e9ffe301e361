//! Records of administrative acts as pages and files show them: tables with a heading row, forms of labels and values, lines of text.

mod vocabulary;

use super::dates::written;
use super::document::TextBlock;
use super::table::{Cell, Table};
use crate::text::{fold, shorten};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordField {
    /// 决定书文号
    DecisionNumber,
    /// 项目名称, 许可事项
    ProjectName,
    /// 处罚名称, 案件名称
    PenaltyName,
    /// 审批类别, 许可类别
    PermitCategory,
    /// 处罚类别
    PenaltyCategory,
    /// 许可内容
    PermitContent,
    /// 处罚事由
    Reason,
    /// 处罚依据
    PenaltyBasis,
    /// 处罚结果
    PenaltyResult,
    /// 行政相对人代码
    PartyCode,
    /// 行政相对人名称
    Party,
    /// 许可机关, 处罚机关
    Authority,
    /// 决定日期
    DecisionDate,
    /// 公示日期
    PublicityDate,
    /// 职位
    Post,
    /// 名额
    Quota,
    /// 报考条件
    Requirements,
    /// 录用结果
    RecruitmentResult,
    /// 收费项目
    FeeItem,
    /// 收费依据
    FeeBasis,
    /// 收费标准
    FeeStandard,
    /// 采购项目
    ProcurementItem,
    /// 采购预算, 标准
    ProcurementBudget,
    /// 采购方式
    ProcurementMethod,
    /// 检查对象
    InspectionObject,
    /// 检查事项
    InspectionItem,
    /// 检查结果
    InspectionResult,
}

impl RecordField {
    /// Its word, as checklists write it.
    pub fn word(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(word)) => word,
            _ => format!("{self:?}"),
        }
    }

    /// Does a text have one of its labels anywhere?
    pub fn is_spoken_of(self, text: &str) -> bool {
        vocabulary::labels(self).any(|label| text.contains(label))
    }
}

/// One record: what stands under each field, and the row as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Values by field.
    pub values: BTreeMap<RecordField, String>,
    /// The whole row, shortened.
    pub text: String,
}

impl Record {
    /// The date under a field.
    pub fn date(&self, field: RecordField) -> Option<Date> {
        let found = written::first(self.values.get(&field)?)?;
        Some(found.date)
    }
}

/// Records that share their fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordSet {
    /// Fields by label, as written.
    pub fields: BTreeMap<RecordField, String>,
    /// The records.
    pub records: Vec<Record>,
    /// Where: line in the source, or page of the file.
    pub line: Option<u32>,
}

/// Fields that make a row of labels the heading of records.
const FEWEST_FIELDS: usize = 2;

/// Records of tables: under a heading row, or beside labels.
pub fn of_tables(tables: &[Table]) -> Vec<RecordSet> {
    tables.iter().filter_map(|table| under_heading(table).or_else(|| beside_labels(table))).collect()
}

/// The record that lines of a text state (决定书文号：某罚〔2026〕1号).
pub fn of_lines(blocks: &[TextBlock]) -> Option<RecordSet> {
    let mut set = RecordSet::default();
    let mut record = Record::default();
    for block in blocks.iter().filter(|b| b.hidden.is_none()).take(400) {
        let Some((label, value)) = block.text.split_once([':', '：']) else { continue };
        if label.chars().count() > 24 {
            continue;
        }
        let label = label.trim();
        // 发布时间 above a text is the page's own.
        if label.contains("发布") {
            continue;
        }
        for field in vocabulary::fields(&fold(label)) {
            set.fields.entry(*field).or_insert_with(|| label.to_owned());
            record.values.entry(*field).or_insert_with(|| value.trim().to_owned());
        }
    }
    if set.fields.len() <= FEWEST_FIELDS {
        return None;
    }
    record.text = shorten(&record.values.values().cloned().collect::<Vec<_>>().join(" "), 160);
    set.records.push(record);
    Some(set)
}

fn fields_of(cell: &Cell) -> &'static [RecordField] {
    if cell.text.chars().count() > 24 { &[] } else { vocabulary::fields(fold(&cell.text).trim_end_matches(':')) }
}

fn under_heading(table: &Table) -> Option<RecordSet> {
    let grid = table.grid();
    let named = |row: &[Option<&Cell>]| {
        let mut at: BTreeMap<RecordField, usize> = BTreeMap::new();
        for (x, cell) in row.iter().enumerate() {
            for field in cell.map(fields_of).unwrap_or_default() {
                at.entry(*field).or_insert(x);
            }
        }
        at
    };
    let (heading, at) = grid.iter().take(5).enumerate().map(|(y, row)| (y, named(row))).find(|(_, at)| {
        let columns: std::collections::BTreeSet<usize> = at.values().copied().collect();
        columns.len() >= FEWEST_FIELDS
    })?;
    // Label, value, label, value: a form, no heading.
    let filled = grid[heading].iter().flatten().filter(|c| !c.text.is_empty()).count();
    let known = grid[heading].iter().flatten().filter(|c| !fields_of(c).is_empty()).count();
    let below = grid.get(heading + 1).map(|row| row.iter().flatten().filter(|c| !fields_of(c).is_empty()).count()).unwrap_or(0);
    if known * 3 < filled || below >= FEWEST_FIELDS {
        return None;
    }
    let mut set = RecordSet { line: table.line, ..RecordSet::default() };
    for (field, x) in &at {
        set.fields.insert(*field, grid[heading][*x].map(|c| c.text.clone()).unwrap_or_default());
    }
    let width = grid[heading].len();
    for row in &grid[heading + 1..] {
        let cells: Vec<&str> = row.iter().map(|c| c.map(|c| c.text.as_str()).unwrap_or_default()).collect();
        let said = cells.iter().filter(|c| !c.is_empty()).count();
        // A note over the whole width, or an empty row.
        let one = row.iter().flatten().any(|c| c.columns as usize * 2 > width.max(2));
        if said < 2 || one {
            continue;
        }
        let values = at.iter().map(|(field, x)| (*field, cells.get(*x).copied().unwrap_or_default().to_owned())).collect();
        set.records.push(Record { values, text: shorten(&cells.join(" "), 160) });
    }
    (!set.records.is_empty()).then_some(set)
}

fn beside_labels(table: &Table) -> Option<RecordSet> {
    let mut set = RecordSet { line: table.line, ..RecordSet::default() };
    let mut record = Record::default();
    for row in &table.rows {
        for pair in row.windows(2) {
            if !fields_of(&pair[1]).is_empty() {
                continue;
            }
            for field in fields_of(&pair[0]) {
                set.fields.entry(*field).or_insert_with(|| pair[0].text.clone());
                record.values.entry(*field).or_insert_with(|| pair[1].text.clone());
            }
        }
    }
    if set.fields.len() <= FEWEST_FIELDS {
        return None;
    }
    record.text = shorten(&record.values.values().cloned().collect::<Vec<_>>().join(" "), 160);
    set.records.push(record);
    Some(set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn table(rows: &[&[&str]]) -> Table {
        let cell = |text: &&str| Cell { text: (*text).to_owned(), rows: 1, columns: 1, ..Cell::default() };
        Table { rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(), ..Table::default() }
    }

    #[test]
    fn rows_under_a_heading() {
        let sets = of_tables(&[table(&[
            &["序号", "行政处罚决定书文号", "案件名称", "处罚决定日期", "公示日期"],
            &["1", "某罚〔2026〕1号", "某案", "2026-03-02", "2026-03-20"],
            &["2", "", "某案二", "2026年3月3日", ""],
        ])]);
        assert_eq!(sets.len(), 1);
        assert_eq!(sets[0].records.len(), 2);
        assert_eq!(sets[0].records[0].date(RecordField::PublicityDate), Some(date(2026, 3, 20)));
        assert_eq!(sets[0].records[1].values[&RecordField::DecisionNumber], "");
    }

    #[test]
    fn forms_and_lines() {
        let sets = of_tables(&[table(&[
            &["决定书文号", "某罚〔2026〕1号", "处罚类别", "罚款"],
            &["处罚依据", "某法", "处罚机关", "某局"],
        ])]);
        assert_eq!((sets.len(), sets[0].records.len(), sets[0].fields.len()), (1, 1, 4));
        let line = |text: &str| TextBlock { text: text.to_owned(), hidden: None };
        let set = of_lines(&[line("决定书文号：某罚〔2026〕1号"), line("处罚类别：罚款"), line("处罚机关：")]).unwrap();
        assert_eq!(set.records[0].values[&RecordField::Authority], "");
        assert_eq!(of_lines(&[line("标题：某")]), None);
        assert!(of_tables(&[table(&[&["姓名", "职务"], &["张", "局长"]])]).is_empty());
    }
}
