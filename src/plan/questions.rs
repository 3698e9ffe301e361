//! Items bound to the questions that answer them: rules and parameters checked against the registry, equal questions asked once.

use super::{Bound, Judgement};
use crate::checklist::library::{Resolved, canonical_json};
use crate::checklist::place::{Half, Step, explain, suggest};
use crate::checklist::{Cadence, Charge, Item, Select};
use crate::error::Result;
use crate::exchange::Gathering;
use crate::rules::{self, Entry, Loaded};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// All that is asked.
pub(super) struct Asked {
    pub(super) judgements: Vec<Judgement>,
    pub(super) bound: Vec<Bound>,
    pub(super) gatherings: BTreeSet<Gathering>,
}

/// Checks every item of every checklist, whether or not it concerns a unit, and asks those that do.
pub(super) fn ask(lists: &[Resolved], kinds: &[Option<&str>], cadence: Option<Cadence>, several: bool) -> Result<Asked> {
    let mut asked = Asked { judgements: Vec::new(), bound: Vec::new(), gatherings: BTreeSet::from([Gathering::Pages]) };
    let mut known: BTreeMap<(String, String, String, bool), usize> = BTreeMap::new();
    for (list_at, list) in lists.iter().enumerate() {
        for (at, item) in list.checklist.items.iter().enumerate() {
            let checked = check(list, at, item)?;
            let concerns = kinds.iter().any(|kind| list.checklist.concerns(item, *kind));
            let due_now = cadence.is_none_or(|cadence| item.cadence.is_none_or(|of_item| of_item <= cadence));
            if !concerns || !due_now {
                continue;
            }
            let mut judgements = Vec::with_capacity(checked.len());
            for (entry, params) in checked {
                let about_targets = matches!((entry.load)(params.clone()), Ok(Loaded::Target(_)));
                // With a single unit the site is the unit: one question, not two.
                let whole_site = several && item.subject != Charge::Unit;
                let key = (entry.id.to_owned(), canonical_json(&params), canonical(&item.select), whole_site);
                let index = *known.entry(key).or_insert_with(|| {
                    asked.judgements.push(Judgement {
                        rule: entry.id.to_owned(),
                        params,
                        select: item.select.clone(),
                        whole_site,
                    });
                    asked.judgements.len() - 1
                });
                judgements.push(index);
                asked.gatherings.extend(entry.gatherings);
                // A capture without checked links still answers for the targets that it holds, so rules about targets do not
                // declare the gathering; a crawl of our own makes it.
                if about_targets {
                    asked.gatherings.insert(Gathering::LinkCheck);
                }
            }
            asked.bound.push(Bound { checklist: list_at, item: at, judgements });
        }
    }
    Ok(asked)
}

/// The order in which classes or ids are written makes no other question.
fn canonical(select: &Select) -> String {
    let mut value = serde_json::to_value(select).unwrap_or_default();
    if let Some(table) = value.as_object_mut() {
        for list in table.values_mut().filter_map(Value::as_array_mut) {
            list.sort_by_key(canonical_json);
            list.dedup();
        }
    }
    canonical_json(&value)
}

/// The rules of an item with their parameters, each accepted by the rule itself.
fn check(list: &Resolved, at: usize, item: &Item) -> Result<Vec<(&'static Entry, Value)>> {
    let mut checked = Vec::new();
    let several = !item.rules.is_empty();
    for (n, id) in item.rule_ids().enumerate() {
        let place: Vec<Step> = if several { vec!["rules".into(), n.into()] } else { vec!["rule".into()] };
        let Some(entry) = rules::find(id) else {
            let hint = suggest(id, rules::all().iter().map(|e| e.id));
            return Err(list.item_wrong(at, &place, Half::Value, format!("未知规则 / unknown rule `{id}`"), hint));
        };
        let (steps, table): (Vec<Step>, toml::Table) = if several {
            let steps = vec!["params".into(), id.into()];
            match item.params.get(id) {
                None => (steps, toml::Table::new()),
                Some(toml::Value::Table(own)) => (steps, own.clone()),
                Some(_) => {
                    let message = format!("应为规则 {id} 的参数表 / must be the table of parameters of `{id}`");
                    return Err(list.item_wrong(at, &steps, Half::Value, message, None));
                }
            }
        } else {
            (vec!["params".into()], item.params.clone())
        };
        let params = serde_json::to_value(&table).unwrap_or_default();
        match (entry.load)(params.clone()) {
            Ok(rule) => check_select(list, at, item, id, &rule)?,
            Err(error) => return Err(wrong_params(list, at, entry, &steps, &place, &params, &error)),
        }
        check_ladder(list, at, item, entry)?;
        checked.push((entry, with_defaults(entry, params)));
    }
    if let Some(key) = item.params.keys().find(|key| several && !item.rules.contains(key)) {
        let hint = suggest(key, item.rules.iter().map(String::as_str));
        let message = format!("参数表的规则不在 rules 中 / `{key}` is not among the rules of the item");
        return Err(list.item_wrong(at, &["params".into(), key.as_str().into()], Half::Key, message, hint));
    }
    Ok(checked)
}

/// Parameters left out are those with their defaults: saying a default makes no other question.
fn with_defaults(entry: &Entry, given: Value) -> Value {
    let mut whole = (entry.defaults)();
    if let (Some(whole), Value::Object(given)) = (whole.as_object_mut(), given) {
        whole.extend(given);
        whole.retain(|_, value| !value.is_null());
    }
    whole
}

/// Puts the refusal of a rule at the parameter that it is about.
fn wrong_params(
    list: &Resolved,
    at: usize,
    entry: &Entry,
    steps: &[Step],
    rule: &[Step],
    params: &Value,
    error: &serde_json::Error,
) -> crate::error::Error {
    let text = error.to_string();
    let (message, hint) = explain(&text);
    let message = format!("规则 {} 的参数不对 / parameters of `{}`: {message}", entry.id, entry.id);
    let refuse = |steps: &[Step], half: Half| list.item_wrong(at, steps, half, message.clone(), hint.clone());
    if let Some(key) = text.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
        let mut steps = steps.to_vec();
        steps.push(key.into());
        return refuse(&steps, Half::Key);
    }
    // serde does not say which value it refused: it is the one without which the refusal changes.
    let table = params.as_object().cloned().unwrap_or_default();
    for key in table.keys() {
        let mut less = table.clone();
        less.remove(key);
        let changed = (entry.load)(Value::Object(less)).err().is_none_or(|other| other.to_string() != text);
        if changed {
            let mut steps = steps.to_vec();
            steps.push(key.as_str().into());
            return refuse(&steps, Half::Value);
        }
    }
    if table.is_empty() { refuse(rule, Half::Value) } else { refuse(steps, Half::Value) }
}

/// A selection that the rule's subject does not have would be ignored without a word.
fn check_select(list: &Resolved, at: usize, item: &Item, id: &str, rule: &Loaded) -> Result<()> {
    let select = &item.select;
    let given = [
        ("class", !select.class.is_empty()),
        ("column", !select.column.is_empty()),
        ("except_column", !select.except_column.is_empty()),
        ("document_kind", !select.document_kind.is_empty()),
        ("page_kind", !select.page_kind.is_empty()),
    ];
    let (allowed, zh, en): (&[&str], &str, &str) = match rule {
        Loaded::Page(_) => (&["column", "except_column", "document_kind", "page_kind"], "页面", "pages"),
        Loaded::Column(_) => (&["class", "column", "except_column"], "栏目", "columns"),
        Loaded::Target(_) => (&[], "链接", "links"),
        Loaded::File(_) => (&[], "附件", "attachments"),
        Loaded::Report(_) => (&[], "年度报告", "annual reports"),
        Loaded::Site(_) => (&[], "整个网站", "the site as a whole"),
    };
    if let Some((key, _)) = given.iter().find(|(key, given)| *given && !allowed.contains(key)) {
        let message = format!("规则 {id} 看的是{zh}，不能按 {key} 选 / `{id}` is about {en} and cannot select by `{key}`");
        let hint = (!allowed.is_empty()).then(|| format!("可用的 / known: {}", allowed.join(", ")));
        return Err(list.item_wrong(at, &["select".into(), (*key).into()], Half::Key, message, hint));
    }
    Ok(())
}

/// A ladder names messages of the rule.
fn check_ladder(list: &Resolved, at: usize, item: &Item, entry: &Entry) -> Result<()> {
    if item.ladder.is_empty() || item.rules.len() > 1 {
        return Ok(());
    }
    let known = messages(entry);
    if let Some(key) = item.ladder.keys().find(|key| !known.contains(*key)) {
        let message = format!("规则 {} 没有这条消息 / `{}` has no message `{key}`", entry.id, entry.id);
        let hint = suggest(key, known.iter().map(String::as_str));
        return Err(list.item_wrong(at, &["ladder".into(), key.as_str().into()], Half::Key, message, hint));
    }
    Ok(())
}

/// Message keys in the front matter of the rule's fixture.
fn messages(entry: &Entry) -> BTreeSet<String> {
    let front = entry.fixture.split("+++").nth(1).unwrap_or_default();
    let table = toml::from_str::<toml::Table>(front).unwrap_or_default();
    table.get("messages").and_then(toml::Value::as_table).map(|m| m.keys().cloned().collect()).unwrap_or_default()
}
