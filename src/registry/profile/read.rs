//! Reads a profile; every mistake stands at its line.

use super::{CheckValue, ColumnChange, Profile, Values};
use crate::checklist::columns::{ColumnBook, ColumnMatch};
use crate::checklist::place::{Half, Origin, Step, suggest};
use crate::error::Result;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use toml::{Table, Value};

/// Levels with a name below them.
const NAMED: [&str; 3] = ["region", "group", "unit"];
/// Most entries of a kind.
const MOST: usize = 20_000;
/// Longest window, in days.
const LONGEST_WINDOW: u32 = 3_660;

/// Reads a profile from a file.
pub fn read(file: &Path, check: CheckValue<'_>) -> Result<Profile> {
    parse(&Origin::read(file)?, check)
}

/// Reads a profile from its text.
pub fn parse(origin: &Origin, check: CheckValue<'_>) -> Result<Profile> {
    let table: Table = toml::from_str(&origin.text).map_err(|e| origin.refuse(&e))?;
    let book = ColumnBook::load();
    let reader = Reader { origin, check, book: &book };
    let mut profile = Profile::default();
    for (key, value) in table {
        let steps: Vec<Step> = vec![key.as_str().into()];
        let Value::Table(inner) = value else {
            let message = format!("{key} 应为表 / `{key}` must be a table");
            return Err(origin.wrong(
                &steps,
                Half::Key,
                message,
                Some("[national] · [region.\"…\"] · [group.\"…\"] · [unit.\"…\"]".into()),
            ));
        };
        match key.as_str() {
            "national" => profile.national = reader.values(inner, &steps)?,
            "region" => profile.region = reader.named(inner, &steps)?,
            "group" => profile.group = reader.named(inner, &steps)?,
            "unit" => profile.unit = reader.named(inner, &steps)?,
            _ => {
                let hint = suggest(&key, NAMED.into_iter().chain(["national"]));
                return Err(origin.wrong(&steps, Half::Key, format!("没有这一级 / no level is called `{key}`"), hint));
            }
        }
    }
    Ok(profile)
}

struct Reader<'a> {
    origin: &'a Origin,
    check: CheckValue<'a>,
    book: &'a ColumnBook,
}

impl Reader<'_> {
    fn named(&self, table: Table, above: &[Step]) -> Result<BTreeMap<String, Values>> {
        let mut all = BTreeMap::new();
        if table.len() > MOST {
            return Err(self.origin.wrong(above, Half::Key, format!("多于 {MOST} 个 / more than {MOST}"), None));
        }
        for (name, value) in table {
            let steps: Vec<Step> = above.iter().cloned().chain([name.as_str().into()]).collect();
            match value {
                Value::Table(inner) if !name.trim().is_empty() => {
                    all.insert(name, self.values(inner, &steps)?);
                }
                _ => {
                    let message = format!("“{name}”应为有名称的表 / `{name}` must be a table with a name");
                    return Err(self.origin.wrong(&steps, Half::Key, message, Some("[region.\"某县\"]".into())));
                }
            }
        }
        Ok(all)
    }

    fn values(&self, table: Table, above: &[Step]) -> Result<Values> {
        let mut values = Values::default();
        for (key, value) in table {
            let steps: Vec<Step> = above.iter().cloned().chain([key.as_str().into()]).collect();
            match key.as_str() {
                "checklists" => {
                    let names: Vec<String> = value.try_into().map_err(|_| {
                        self.origin.wrong(
                            &steps,
                            Half::Value,
                            "checklists 应为名称的列表 / must be a list of names",
                            Some("checklists = [\"release-gate\"]".into()),
                        )
                    })?;
                    values.checklists = Some(names);
                }
                "column" => values.columns = self.columns(value, &steps)?,
                _ => {
                    let value = (self.check)(&key, &value).map_err(|(message, hint)| {
                        let known = key_is_known(&message);
                        self.origin.wrong(&steps, if known { Half::Value } else { Half::Key }, message, hint)
                    })?;
                    values.config.insert(key, value);
                }
            }
        }
        Ok(values)
    }

    fn columns(&self, value: Value, above: &[Step]) -> Result<Vec<ColumnChange>> {
        let list = match value {
            Value::Array(list) if list.len() <= MOST => list,
            _ => return Err(self.origin.wrong(above, Half::Key, "column 应为 [[…column]] / must be [[… column]]", None)),
        };
        let mut changes: Vec<ColumnChange> = Vec::with_capacity(list.len());
        for (at, value) in list.into_iter().enumerate() {
            let steps: Vec<Step> = above.iter().cloned().chain([at.into()]).collect();
            let change = ColumnChange::deserialize(value.clone()).map_err(|error| {
                let (message, hint) = crate::checklist::place::explain(error.message());
                let (key, half) = refused_key(&value, error.message());
                let steps: Vec<Step> = steps.iter().cloned().chain(key.as_deref().map(Step::from)).collect();
                self.origin.wrong(&steps, half, message, hint)
            })?;
            self.check_column(&change, &steps)?;
            if changes.iter().any(|known| known.id == change.id) {
                let message = format!("同一级里两次写 {} / `{}` stands twice in one level", change.id, change.id);
                return Err(self.origin.wrong(&steps, Half::Value, message, Some("合成一条 / make one of them".into())));
            }
            changes.push(change);
        }
        Ok(changes)
    }

    fn check_column(&self, change: &ColumnChange, above: &[Step]) -> Result<()> {
        let step = |key: &str| above.iter().cloned().chain([key.into()]).collect::<Vec<Step>>();
        let known = self.book.find(&change.id);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if change.id.is_empty() || !change.id.chars().all(plain) {
            let hint = Some("小写字母、数字和 - / lower case letters, digits and -".to_owned());
            return Err(self.origin.wrong(&step("id"), Half::Value, "栏目 id 不对 / is no column id", hint));
        }
        if known.is_none() && (change.name.is_none() || change.class.is_none()) {
            let message = format!(
                "栏目册里没有 {}；新栏目要写 name 和 class / `{}` is not in the book; a new column needs `name` and `class`",
                change.id, change.id
            );
            return Err(self.origin.wrong(
                &step("id"),
                Half::Value,
                message,
                suggest(&change.id, self.book.entries.iter().map(|e| e.id.as_str())),
            ));
        }
        if change.window_days.is_some_and(|days| !(1..=LONGEST_WINDOW).contains(&days)) {
            let message = format!("应为 1 到 {LONGEST_WINDOW} 天 / must be 1 to {LONGEST_WINDOW} days");
            return Err(self.origin.wrong(&step("window_days"), Half::Value, message, None));
        }
        for name in change.name.iter().chain(&change.synonyms) {
            if let ColumnMatch::Is(other) = self.book.lookup(name, &[])
                && other != change.id
            {
                let of = self.book.find(&other).map_or(other.as_str(), |entry| entry.name.as_str());
                let message = format!("“{name}”已是栏目“{of}”的名称 / `{name}` is a name of the column `{other}` already");
                let hint = Some(
                    "写进 ambiguous 并给出 parents，或不写 / write it into `ambiguous` with `parents`, or leave it out"
                        .to_owned(),
                );
                return Err(self.origin.wrong(
                    &step(if change.name.as_ref() == Some(name) { "name" } else { "synonyms" }),
                    Half::Value,
                    message,
                    hint,
                ));
            }
        }
        if let Some(empty) =
            change.name.iter().chain(&change.synonyms).chain(&change.ambiguous).find(|name| name.trim().is_empty())
        {
            return Err(self.origin.wrong(above, Half::Value, format!("名称是空的 / a name is empty: {empty:?}"), None));
        }
        if !change.ambiguous.is_empty() && change.parents.is_empty() && known.is_none_or(|entry| entry.parents.is_empty()) {
            let hint = Some("parents = [\"disclosure\"]".to_owned());
            return Err(self.origin.wrong(
                &step("ambiguous"),
                Half::Value,
                "要写在哪些上级栏目下有效 / needs the parents under which it holds",
                hint,
            ));
        }
        Ok(())
    }
}

/// The key that serde refuses: it names an unknown one; of values it is the one without which the refusal changes.
fn refused_key(value: &Value, refusal: &str) -> (Option<String>, Half) {
    if let Some(key) = refusal.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
        return (Some(key.to_owned()), Half::Key);
    }
    let Value::Table(table) = value else { return (None, Half::Value) };
    let changes = |key: &&String| {
        let mut less = table.clone();
        less.remove(*key);
        ColumnChange::deserialize(Value::Table(less)).err().is_none_or(|other| other.message() != refusal)
    };
    (table.keys().find(changes).cloned(), Half::Value)
}

/// Is it the value that a refusal is about, not the name?
fn key_is_known(message: &str) -> bool {
    !message.contains("unknown field") && !message.contains("is no value of a unit")
}
