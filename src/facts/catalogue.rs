//! Rows of the unit's own catalogue of what it publishes (主动公开基本目录), from tables of pages and of files.

use super::table::{Cell, Table};
use crate::text::{fold, shorten};
use crate::url::CanonicalUrl;

/// One row: an item with where it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueRow {
    /// The page or the file that holds the catalogue.
    pub source: CanonicalUrl,
    /// Name of the item: the innermost level that is named.
    pub item: String,
    /// Where the row links to.
    pub link: Option<CanonicalUrl>,
    /// Name of the column in which it is published, where the row names one.
    pub column: Option<String>,
    /// The row as shown, shortened.
    pub text: String,
    /// Line in the source, or page of the file, where known.
    pub line: Option<u32>,
}

/// Rows kept of one catalogue.
const MOST_ROWS: usize = 2_000;

const ITEMS: [&str; 14] = [
    "公开事项",
    "一级事项",
    "二级事项",
    "三级事项",
    "公开内容",
    "事项名称",
    "目录名称",
    "公开类别",
    "信息类别",
    "公开事项名称",
    "信息名称",
    "公开内容(要素)",
    "一级目录",
    "二级目录",
];
const ATTRIBUTES: [&str; 14] = [
    "公开依据",
    "公开时限",
    "公开主体",
    "公开渠道",
    "公开载体",
    "公开方式",
    "公开对象",
    "公开渠道和载体",
    "责任科室",
    "责任部门",
    "责任单位",
    "公开形式",
    "更新时限",
    "公开层级",
];
const COLUMNS: [&str; 8] = ["公开栏目", "对应栏目", "所属栏目", "栏目名称", "发布栏目", "公开位置", "网站栏目", "栏目"];
const LINKS: [&str; 8] = ["链接", "公开链接", "栏目链接", "网址", "链接地址", "公开网址", "查看", "超链接"];

fn head(cell: Option<&Cell>) -> String {
    fold(cell.map(|c| c.text.as_str()).unwrap_or_default()).trim_end_matches([':', '*']).to_owned()
}

/// The rows of a table, when it is a catalogue: its heading names items, and how, by whom or where they are published.
pub(super) fn rows(table: &Table, source: &CanonicalUrl) -> Vec<CatalogueRow> {
    let grid = table.grid();
    let is = |row: &[Option<&Cell>], names: &[&str]| row.iter().map(|c| head(*c)).filter(|h| names.contains(&h.as_str())).count();
    let found = grid
        .iter()
        .take(6)
        .position(|row| is(row, &ITEMS) >= 1 && is(row, &ATTRIBUTES) + is(row, &COLUMNS) + is(row, &LINKS) >= 2);
    let Some(heading) = found else { return Vec::new() };
    // Two heading rows: the second names what the first spans.
    let names: Vec<String> = (0..grid[heading].len())
        .map(|x| {
            let below = grid.get(heading + 1).map(|row| head(row.get(x).copied().flatten())).unwrap_or_default();
            if ITEMS.contains(&below.as_str()) || COLUMNS.contains(&below.as_str()) { below } else { head(grid[heading][x]) }
        })
        .collect();
    let items: Vec<usize> = (0..names.len()).filter(|x| ITEMS.contains(&names[*x].as_str())).collect();
    let columns: Vec<usize> = (0..names.len()).filter(|x| COLUMNS.contains(&names[*x].as_str())).collect();
    let mut rows = Vec::new();
    for row in grid.iter().skip(heading + 1).take(MOST_ROWS) {
        let text = |x: usize| row.get(x).copied().flatten().map(|c| c.text.trim()).unwrap_or_default();
        let item = items.iter().rev().map(|x| text(*x)).find(|t| !t.is_empty()).unwrap_or_default();
        if item.is_empty() || ITEMS.contains(&fold(item).as_str()) {
            continue;
        }
        let column = columns.iter().map(|x| text(*x)).find(|t| !t.is_empty() && t.chars().count() <= 30);
        let link = row.iter().flatten().find_map(|c| c.link.clone()).or_else(|| {
            let written = (0..names.len()).filter(|x| LINKS.contains(&names[*x].as_str())).map(text);
            written.filter(|t| t.starts_with("http")).find_map(|t| CanonicalUrl::parse(t).ok())
        });
        let cells: Vec<&str> = row.iter().flatten().map(|c| c.text.as_str()).collect();
        rows.push(CatalogueRow {
            source: source.clone(),
            item: shorten(item, 80),
            link,
            column: column.map(str::to_owned),
            text: shorten(&cells.join(" "), 160),
            line: table.line,
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalogue_is_told_by_its_heading() {
        let cell = |text: &str| Cell { text: text.to_owned(), rows: 1, columns: 1, ..Cell::default() };
        let source = CanonicalUrl::parse("http://a.gov.cn/ml.xlsx").unwrap();
        let table = |heads: &[&str], row: &[&str]| Table {
            rows: vec![heads.iter().map(|h| cell(h)).collect(), row.iter().map(|h| cell(h)).collect()],
            ..Table::default()
        };
        let found = rows(
            &table(
                &["序号", "一级事项", "二级事项", "公开依据", "公开时限", "公开栏目"],
                &["1", "户籍", "居住证办理", "条例", "20日", "办事指南"],
            ),
            &source,
        );
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].item.as_str(), found[0].column.as_deref()), ("居住证办理", Some("办事指南")));
        assert!(rows(&table(&["姓名", "职务", "电话"], &["张", "局长", "1"]), &source).is_empty());
    }
}
