//! Makes a grown site harder: columns under other names, names with the unit's own before or after them, short names under their
//! parents, and columns that no duty names, some of them called nearly like one.

use super::Truth;
use crate::accuracy::bureau::grow::Place;
use crate::accuracy::bureau::{Bureau, PageModel, Role, Row};
use crate::accuracy::random::Random;
use crate::checklist::columns::{ColumnBook, ColumnEntry};
use jiff::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Entries that a list keeps: names do not depend on how many there are.
const MOST_ROWS: usize = 4;
/// Columns added that no duty names.
const ADDED: (i64, i64) = (6, 10);

/// Columns that bureaus have beside their duties.
const NO_DUTY: [&str; 12] = [
    "警营文化",
    "党建园地",
    "廉政建设",
    "理论学习",
    "志愿服务风采",
    "工会之家",
    "青年之声",
    "摄影作品",
    "美丽乡村行",
    "书画天地",
    "老干部活动",
    "学习贯彻专栏",
];
/// Called nearly like a column of the book, and none of them.
const NEAR: [&str; 14] = [
    "公告牌",
    "办事指南针",
    "领导信息系统",
    "通知公告模板下载",
    "行政许可证样式",
    "县供销社工作动态",
    "人事档案托管",
    "年报软件下载",
    "信箱使用说明",
    "规划展览馆",
    "领导干部读书会",
    "预算绩效培训班",
    "解读古诗词",
    "收费停车场",
];

type Paths<'a> = dyn Fn(&Place<'_>) -> String + 'a;

/// Varies the names, adds columns, and says what is what by path.
pub(super) fn vary(bureau: &mut Bureau, random: &mut Random, book: &ColumnBook, paths: &Paths<'_>) -> BTreeMap<String, Truth> {
    prune(bureau);
    let mut truth: BTreeMap<String, Truth> = BTreeMap::new();
    let ids: Vec<(String, String)> = bureau.columns.iter().map(|(id, path)| (id.clone(), path.clone())).collect();
    let mut used: BTreeSet<String> =
        bureau.pages.values().filter(|page| page.role == Role::Column).map(|page| page.title.clone()).collect();
    for (id, path) in &ids {
        let (Some(entry), Some(page)) = (book.find(id), bureau.pages.get(path)) else { continue };
        let old = page.title.clone();
        let mut naming = if old == entry.name { "name" } else { "synonym" };
        if let Some((name, how)) = other_name(bureau, page, entry, random).filter(|(name, _)| !used.contains(name)) {
            naming = how;
            bureau.rename(id, &name);
            if let Some(page) = bureau.pages.get_mut(path) {
                page.body.iter_mut().for_each(|block| *block = block.replace(&old, &name));
            }
            used.insert(name);
        }
        let name = bureau.pages.get(path).map(|page| page.title.clone()).unwrap_or_default();
        truth.insert(path.clone(), Truth { column: Some(id.clone()), name, naming });
    }
    let heads: Vec<String> = ids
        .iter()
        .map(|(id, _)| id.clone())
        .filter(|id| bureau.nav.iter().any(|(_, path)| bureau.columns.get(id) == Some(path)))
        .collect();
    let mut names: Vec<(&str, &str)> =
        NO_DUTY.iter().map(|name| (*name, "no duty")).chain(NEAR.iter().map(|name| (*name, "nearly"))).collect();
    random.shuffle(&mut names);
    for (at, (name, naming)) in names.into_iter().take(random.between(ADDED.0, ADDED.1) as usize).enumerate() {
        let parent = if random.chance(50) { heads.get(random.below(heads.len())).map(String::as_str) } else { None };
        if let Some(path) = add(bureau, name, at, parent, paths) {
            truth.insert(path, Truth { column: None, name: name.to_owned(), naming });
        }
    }
    // Many sites leave the tags of columns out, so that names come from trails, headings and links.
    if random.chance(35) {
        for page in bureau.pages.values_mut() {
            page.metas.retain(|name, _| !name.starts_with("Column"));
        }
    }
    truth
}

/// Leaves a few entries to every list.
fn prune(bureau: &mut Bureau) {
    let mut gone: Vec<String> = Vec::new();
    for page in bureau.pages.values_mut().filter(|page| page.role == Role::Column) {
        gone.extend(page.rows.split_off(page.rows.len().min(MOST_ROWS)).into_iter().map(|row| row.path));
    }
    let kept: BTreeSet<String> = bureau.pages.values().flat_map(|page| &page.rows).map(|row| row.path.clone()).collect();
    gone.iter().filter(|path| !kept.contains(*path)).for_each(|path| {
        bureau.pages.remove(path);
    });
}

/// Another name for a column, and how it is made; none keeps the one that it has.
fn other_name(bureau: &Bureau, page: &PageModel, entry: &ColumnEntry, random: &mut Random) -> Option<(String, &'static str)> {
    let ids: BTreeSet<&String> =
        page.crumbs.iter().filter_map(|(_, path)| bureau.columns.iter().find(|(_, to)| *to == path)).map(|(id, _)| id).collect();
    let accepted = entry.parents.iter().any(|parent| ids.contains(parent));
    let level: String = bureau.place.chars().last().into_iter().collect();
    let body = bureau.unit.strip_prefix(&bureau.place).unwrap_or(&bureau.unit);
    let own = match random.below(4) {
        0 => bureau.unit.clone(),
        1 => body.to_owned(),
        2 if body.ends_with('局') => format!("{level}局"),
        _ => format!("{level}{body}"),
    };
    let short = entry.ambiguous.get(random.below(entry.ambiguous.len()));
    match (random.below(100), short) {
        (0..12, _) => Some((format!("{own}{}", page.title), "own name before")),
        (12..18, _) => Some((format!("{}（{own}）", page.title), "own name after")),
        (18..22, Some(short)) => Some((format!("{own}{short}"), "own name, short")),
        (22..28, _) => Some((format!("{}{}", page.title, random.word(&["专栏", "专区", "一览", "公开"])), "more words")),
        (28..55, Some(short)) if accepted => Some((short.clone(), "short under parent")),
        _ => None,
    }
}

/// Adds a column with a list; gives its path.
fn add(bureau: &mut Bureau, name: &str, at: usize, parent: Option<&str>, paths: &Paths<'_>) -> Option<String> {
    let model =
        bureau.pages.values().find(|page| page.role == Role::Column && page.children.is_empty() && page.rows.len() >= 3)?.clone();
    let above = parent.and_then(|id| bureau.columns.get(id)).and_then(|path| bureau.pages.get(path)).cloned();
    let chain: Vec<String> = parent.map(str::to_owned).into_iter().chain([format!("extra{at}")]).collect();
    let path = paths(&Place { chain: &chain, entry: None });
    let mut crumbs = above.as_ref().map(|page| page.crumbs.clone()).unwrap_or_default();
    crumbs.extend(above.as_ref().map(|page| (page.title.clone(), page.path.clone())));
    let trail: Vec<(String, String)> = crumbs.iter().cloned().chain([(name.to_owned(), path.clone())]).collect();
    let mut rows = Vec::new();
    for (n, row) in model.rows.iter().take(3).enumerate() {
        let mut article = bureau.pages.get(&row.path)?.clone();
        let date = bureau.as_of.saturating_sub(Span::new().days(9 + 17 * n as i64));
        article.path = paths(&Place { chain: &chain, entry: Some((date, 9_000 + at * 10 + n)) });
        article.title = format!("{name}活动侧记（第{}期）", n + 1);
        (article.date, article.name, article.crumbs, article.tied) = (date, None, trail.clone(), false);
        article.header.clear();
        article.report = None;
        article.metas.insert("ArticleTitle".to_owned(), article.title.clone());
        article.metas.insert("PubDate".to_owned(), format!("{date} {}", article.time));
        for meta in ["ColumnName", "ColumnType"] {
            article.metas.insert(meta.to_owned(), name.to_owned());
        }
        rows.push(Row { title: article.title.clone(), path: article.path.clone(), date });
        bureau.pages.insert(article.path.clone(), article);
    }
    let mut page = PageModel {
        path: path.clone(),
        title: name.to_owned(),
        crumbs,
        rows,
        column: String::new(),
        children: Vec::new(),
        ..model
    };
    page.body.clear();
    for (meta, text) in [
        ("ColumnName", name.to_owned()),
        ("ColumnType", name.to_owned()),
        ("ColumnDescription", format!("{}{name}栏目", bureau.name)),
        ("ColumnKeywords", name.to_owned()),
    ] {
        page.metas.insert(meta.to_owned(), text);
    }
    bureau.pages.insert(path.clone(), page);
    match above.and_then(|page| bureau.pages.get_mut(&page.path)) {
        Some(parent) => parent.children.push((name.to_owned(), path.clone())),
        None => bureau.nav.push((name.to_owned(), path.clone())),
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::columns::ColumnMatch;

    #[test]
    fn what_is_added_is_no_column_of_the_book() {
        let book = ColumnBook::load();
        for name in NO_DUTY.into_iter().chain(NEAR) {
            assert!(!matches!(book.lookup(name, &[]), ColumnMatch::Is(_)), "{name}");
        }
        let alike = NEAR.iter().filter(|name| matches!(book.lookup(name, &[]), ColumnMatch::Like(_)));
        assert!(alike.count() >= 5, "some are alike");
    }
}
