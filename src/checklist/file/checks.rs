//! What must hold for one item of a checklist file.

use super::Document;
use crate::checklist::columns::{ColumnBook, ColumnMatch};
use crate::checklist::place::{Half, Step, suggest};
use crate::checklist::{Confidence, Item, Threshold};
use crate::error::Result;
use crate::finding::Severity;

/// Parameters that hold column ids, whatever the rule.
const COLUMN_PARAMETERS: [&str; 4] = ["column", "columns", "within", "except_column"];

struct At<'a> {
    document: &'a Document,
    index: usize,
}

impl At<'_> {
    fn refuse<T>(&self, steps: &[Step], message: impl Into<String>, hint: Option<String>) -> Result<T> {
        Err(self.document.item_wrong(self.index, steps, Half::Value, message, hint))
    }

    fn refuse_key<T>(&self, key: &str, message: impl Into<String>) -> Result<T> {
        Err(self.document.item_wrong(self.index, &[key.into()], Half::Key, message, None))
    }
}

/// Checks the item at an index.
pub(super) fn item(document: &Document, index: usize, item: &Item, book: &ColumnBook) -> Result<()> {
    let at = At { document, index };
    texts(&at, item)?;
    answered_by(&at, item)?;
    points(&at, item)?;
    thresholds(&at, item)?;
    columns(&at, item, book)?;
    days(&at, item)?;
    for (n, kind) in item.applies_to.iter().enumerate() {
        let steps: Vec<Step> = vec!["item".into(), index.into(), "applies_to".into(), n.into()];
        document.check_kind(&steps, kind)?;
    }
    Ok(())
}

fn texts(at: &At<'_>, item: &Item) -> Result<()> {
    for (key, text) in [("id", &item.id), ("title", &item.title.zh), ("source", &item.source)] {
        if text.trim().is_empty() {
            return at.refuse(&[key.into()], format!("不能为空 / `{key}` must not be empty"), None);
        }
    }
    if item.title.en.trim().is_empty() {
        return at.refuse(&["title".into()], "缺少英文标题 / the English title is empty", None);
    }
    Ok(())
}

/// Exactly one of `rule`, `rules`, `manual`.
fn answered_by(at: &At<'_>, item: &Item) -> Result<()> {
    let given: Vec<&str> = [("rule", item.rule.is_some()), ("rules", !item.rules.is_empty()), ("manual", item.manual.is_some())]
        .into_iter()
        .filter_map(|(key, given)| given.then_some(key))
        .collect();
    match given[..] {
        [] => return at.refuse(&[], "条目须有 rule、rules 或 manual 之一 / an item needs one of rule, rules, manual", None),
        [_] => {}
        [_, second, ..] => {
            return at
                .refuse_key(second, format!("rule、rules、manual 只能有一个 / only one of {} may be given", given.join(", ")));
        }
    }
    for (n, id) in item.rules.iter().enumerate() {
        if item.rules[..n].contains(id) {
            return at.refuse(&["rules".into(), n.into()], format!("规则重复 / rule `{id}` is named twice"), None);
        }
    }
    let Some(manual) = &item.manual else { return Ok(()) };
    if manual.answers.is_empty() {
        return at.refuse(&["manual".into(), "answers".into()], "须列出允许的答案 / the allowed answers are missing", None);
    }
    let of_a_rule = [
        ("params", !item.params.is_empty()),
        ("select", item.select != Default::default()),
        ("veto_when", item.veto_when.is_some()),
        ("warn_when", item.warn_when.is_some()),
        ("ladder", !item.ladder.is_empty()),
    ];
    for (key, given) in of_a_rule {
        if given {
            return at.refuse_key(key, format!("人工条目没有 {key} / a manual item has no `{key}`"));
        }
    }
    Ok(())
}

/// Points only where they are printed, or where an office's own file names its authority (design.md 2.5).
fn points(at: &At<'_>, item: &Item) -> Result<()> {
    for (key, value) in [("points", item.points), ("cap", item.cap)] {
        let Some(value) = value else { continue };
        if !value.is_finite() || value <= 0.0 {
            return at.refuse(&[key.into()], format!("应大于 0 / `{key}` must be greater than 0"), None);
        }
        if item.confidence == Confidence::Unverified && at.document.checklist.authority.is_none() {
            let hint = "删去分值，或改 confidence，或在清单开头用 authority 写明谁给出了分值 / \
                        remove it, or correct confidence, or name who gave the points in `authority` at the head of the checklist";
            return at.refuse(&[key.into()], "未核实的来源不能给分 / an unverified source gives no points", Some(hint.into()));
        }
    }
    for (key, share) in &item.ladder {
        if !(0.0..=1.0).contains(share) {
            let steps = ["ladder".into(), key.as_str().into()];
            return at.refuse(&steps, "应在 0 与 1 之间 / must be between 0 and 1", None);
        }
    }
    if !item.ladder.is_empty() && item.cap.is_none() {
        let message = "ladder 需要 cap（该项总分）/ `ladder` needs `cap`, the weight of the item";
        return at.refuse_key("ladder", message);
    }
    Ok(())
}

fn thresholds(at: &At<'_>, item: &Item) -> Result<()> {
    if item.veto_when.is_some() && item.severity != Severity::Veto {
        let message = "veto_when 只用于 severity = \"veto\" / veto_when is only for severity = \"veto\"";
        return at.refuse_key("veto_when", message);
    }
    for (key, threshold) in [("veto_when", item.veto_when), ("warn_when", item.warn_when)] {
        let Some(Threshold { count, share }) = threshold else { continue };
        if count.is_none() && share.is_none() {
            return at.refuse(&[key.into()], "须有 count 或 share / needs `count` or `share`", None);
        }
        if count == Some(0) {
            return at.refuse(&[key.into(), "count".into()], "至少为 1 / must be at least 1", None);
        }
        if share.is_some_and(|s| !(s > 0.0 && s <= 1.0)) {
            let message = "应大于 0、不超过 1 / must be above 0 and at most 1";
            return at.refuse(&[key.into(), "share".into()], message, None);
        }
    }
    let counts = (item.veto_when.and_then(|t| t.count), item.warn_when.and_then(|t| t.count));
    if let (Some(veto), Some(warn)) = counts
        && warn >= veto
    {
        let message = "预警应早于否决 / the warning must come before the veto";
        return at.refuse(&["warn_when".into(), "count".into()], message, None);
    }
    Ok(())
}

fn columns(at: &At<'_>, item: &Item, book: &ColumnBook) -> Result<()> {
    for (key, ids) in [("column", &item.select.column), ("except_column", &item.select.except_column)] {
        for (n, id) in ids.iter().enumerate() {
            column(at, &["select".into(), key.into(), n.into()], id, book)?;
        }
    }
    // With `rules`, parameters stand one table deeper.
    let mut tables: Vec<(Vec<Step>, &toml::Table)> = Vec::new();
    if item.rules.is_empty() {
        tables.push((vec!["params".into()], &item.params));
    }
    for rule in &item.rules {
        if let Some(table) = item.params.get(rule).and_then(toml::Value::as_table) {
            tables.push((vec!["params".into(), rule.as_str().into()], table));
        }
    }
    for (steps, table) in tables {
        for key in COLUMN_PARAMETERS {
            let mut steps = steps.clone();
            steps.push(key.into());
            match table.get(key) {
                Some(toml::Value::String(id)) => column(at, &steps, id, book)?,
                Some(toml::Value::Array(ids)) => {
                    for (n, id) in ids.iter().enumerate() {
                        if let Some(id) = id.as_str() {
                            let mut steps = steps.clone();
                            steps.push(n.into());
                            column(at, &steps, id, book)?;
                        }
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn column(at: &At<'_>, steps: &[Step], id: &str, book: &ColumnBook) -> Result<()> {
    if book.find(id).is_some() {
        return Ok(());
    }
    // People write the Chinese name; the id is what they need to hear.
    let hint = match book.lookup(id, &[]) {
        ColumnMatch::Is(known) => Some(format!("是不是 `{known}`？/ did you mean `{known}`?")),
        ColumnMatch::Like(near) => Some(format!("相近的 / near: {}", near.join(", "))),
        ColumnMatch::None => suggest(id, book.entries.iter().map(|e| e.id.as_str())),
    };
    at.refuse(steps, format!("columns.toml 中没有这个栏目 / unknown column `{id}`"), hint)
}

fn days(at: &At<'_>, item: &Item) -> Result<()> {
    let mut range = Vec::new();
    for (key, value) in [("valid_from", item.valid_from), ("valid_until", item.valid_until), ("due", item.due)] {
        let Some(value) = value else { continue };
        let whole = value.date.is_some() && value.time.is_none() && value.offset.is_none();
        match Item::day(Some(value)) {
            Some(day) if whole => range.push((key, day)),
            _ => {
                let hint = format!("写成 / write: {key} = 2026-01-31");
                return at.refuse(&[key.into()], format!("应为日期 / `{key}` must be a date"), Some(hint));
            }
        }
    }
    if let [("valid_from", from), ("valid_until", until), ..] = range[..]
        && until < from
    {
        return at.refuse(&["valid_until".into()], "早于 valid_from / is before `valid_from`", None);
    }
    Ok(())
}
