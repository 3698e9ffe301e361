//! The office's table of new-media accounts: one row each, read whole or not at all.

use super::fault::Fault;
use super::sheet;
use super::{Account, AccountState, Registry};
use crate::error::{Error, Result};
use crate::finding::Text;
use crate::text::{fold, squeeze};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What became of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    /// It is right.
    Whole {
        /// The accounts.
        accounts: Vec<Account>,
        /// Days of last posts that it gives, by account id.
        posts: Vec<(String, Date)>,
    },
    /// It is wrong at these places, and nothing of it is taken.
    Nothing(Vec<Fault>),
}

/// Columns of the table with the names that offices give them, folded.
const HEADS: [(&str, &[&str]); 9] = [
    ("id", &["账号编码", "编码", "id"]),
    ("unit", &["单位", "单位名称", "单位编码", "主办单位", "unit"]),
    ("medium", &["平台", "类型", "账号类型", "载体", "medium"]),
    ("name", &["账号名称", "名称", "name"]),
    ("number", &["账号", "账号id", "微信号", "number"]),
    ("address", &["网址", "链接", "二维码", "address", "url"]),
    ("state", &["状态", "state"]),
    ("closed", &["注销日期", "关停日期", "closedon"]),
    ("post", &["最后发布", "最近发布", "最后更新", "lastpost"]),
];

fn head(text: &str) -> Option<&'static str> {
    let text = fold(text);
    HEADS.iter().find(|(_, names)| names.contains(&text.as_str())).map(|(field, _)| *field)
}

/// Reads a table (xlsx, xls, et, csv).
pub fn read(file: &Path, registry: &Registry) -> Result<Taken> {
    let sheets = sheet::read(file)?;
    let found = sheets.iter().find_map(|sheet| Some((sheet, sheet::head(sheet, 3, head)?)));
    let Some((sheet, first)) = found else {
        return Err(Error::usage_with(
            format!("{}: 没有找到表头 / no row of heads was found", file.display()),
            "表头应有：单位 平台 账号名称 / heads: unit, medium, name",
        ));
    };
    let mut columns: BTreeMap<&str, u32> = BTreeMap::new();
    for (column, text) in sheet.rows.get(&first).into_iter().flatten() {
        if let Some(field) = head(&squeeze(text)) {
            columns.entry(field).or_insert(*column);
        }
    }
    let mut faults = Vec::new();
    let (mut accounts, mut posts, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (row, cells) in sheet.rows.range(first + 1..) {
        let get = |field: &str| {
            columns.get(field).and_then(|column| cells.get(column)).map(|text| squeeze(text)).filter(|t| !t.is_empty())
        };
        let mut wrong = |field: &str, value: &str, zh: &str, en: &str, hint: (&str, &str)| {
            let column =
                columns.get(field).map_or_else(|| field.to_owned(), |column| format!("{} {field}", sheet::letters(*column)));
            faults.push(Fault::new(*row, &column, value, Text::both(zh, en), Text::both(hint.0, hint.1)));
        };
        let Some(name) = get("name") else {
            wrong("name", "", "没有账号名称", "no name", ("填写名称，或删去这一行", "write one, or delete the row"));
            continue;
        };
        let unit = get("unit").unwrap_or_default();
        let Some(holder) = registry.units.iter().find(|u| u.id == unit || fold(&u.name) == fold(&unit)) else {
            wrong(
                "unit",
                &unit,
                "名册里没有这个单位",
                "the registry has no such unit",
                ("先导入名册", "import the registry first"),
            );
            continue;
        };
        let medium = get("medium").unwrap_or_else(|| "微信公众号".to_owned());
        let state = match fold(&get("state").unwrap_or_default()).as_str() {
            "" | "正常" | "正常运行" | "running" => AccountState::Running,
            "注销" | "已注销" | "关停" | "closed" => AccountState::Closed,
            other => {
                wrong(
                    "state",
                    other,
                    "状态应为 正常 或 注销",
                    "the state is running or closed",
                    ("正常、注销", "running, closed"),
                );
                continue;
            }
        };
        let mut day = |field: &str| match get(field) {
            None => None,
            Some(text) => match text.replace(['/', '.'], "-").get(..10).unwrap_or(&text).parse::<Date>() {
                Ok(day) => Some(day),
                Err(_) => {
                    wrong(field, &text, "不是日期", "is no date", ("2026-03-01", "2026-03-01"));
                    None
                }
            },
        };
        let (closed_on, post) = (day("closed"), day("post"));
        let id = get("id").unwrap_or_else(|| format!("{}-{}-{}", holder.id, fold(&medium), fold(&name)));
        if !known.insert(id.clone()) {
            wrong("id", &id, "账号重复", "the account stands here twice", ("删去一行", "delete one of the rows"));
            continue;
        }
        posts.extend(post.map(|post| (id.clone(), post)));
        let (number, address, unit) = (get("number"), get("address"), holder.id.clone());
        accounts.push(Account { id, unit, medium, name, number, address, state, filed_on: None, closed_on });
    }
    if !faults.is_empty() {
        faults.sort();
        return Ok(Taken::Nothing(faults));
    }
    Ok(Taken::Whole { accounts, posts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Unit;

    fn registry() -> Registry {
        let unit = Unit { id: "gaj".into(), name: "县公安局".into(), ..Unit::default() };
        Registry { units: vec![unit], ..Registry::default() }
    }

    fn table(text: &str) -> Taken {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        std::fs::write(&file, text).unwrap();
        read(&file, &registry()).unwrap()
    }

    #[test]
    fn a_table_is_taken_whole_or_not_at_all() {
        let Taken::Whole { accounts, posts } =
            table("单位,平台,账号名称,微信号,最后发布\n县公安局,微信公众号,平安某县,pamx,2026-03-01\ngaj,微博,某县公安,,\n")
        else {
            panic!("whole")
        };
        assert_eq!((accounts.len(), posts.len()), (2, 1));
        assert_eq!(accounts[0].unit, "gaj");
        let Taken::Nothing(faults) = table(
            "单位,平台,账号名称,状态,最后发布\n县公安局,微信公众号,,,\n外县,微博,甲,,\n县公安局,微博,乙,睡着,\n县公安局,微博,丙,,昨天\n县公安局,微博,丙,,\n",
        ) else {
            panic!("nothing")
        };
        assert_eq!(faults.iter().map(|fault| fault.row).collect::<Vec<_>>(), [2, 3, 4, 5, 6]);
    }
}
