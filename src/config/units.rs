//! `[[unit]]` tables of a configuration file.

use crate::checklist::kinds;
use crate::checklist::place::{Half, Origin, Step, suggest};
use crate::error::Result;
use crate::plan::Unit;
use crate::scope::{Scope, ScopeRule};
use serde::Deserialize;

/// A unit as the user writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitEntry {
    id: String,
    name: Option<String>,
    kind: Option<String>,
    #[serde(default)]
    include: Vec<ScopeRule>,
    #[serde(default)]
    exclude: Vec<ScopeRule>,
}

/// Checks the units where they stand.
pub(super) fn settle(entries: Vec<UnitEntry>, operator: Option<&str>, origin: &Origin) -> Result<Vec<Unit>> {
    let refuse = |steps: &[Step], message: String, hint: Option<String>| Err(origin.wrong(steps, Half::Value, message, hint));
    let mut units: Vec<Unit> = Vec::with_capacity(entries.len());
    for (at, entry) in entries.into_iter().enumerate() {
        let step = |key: &str| -> Vec<Step> { vec!["unit".into(), at.into(), key.into()] };
        if entry.id.trim().is_empty() {
            return refuse(&step("id"), "不能为空 / must not be empty".into(), None);
        }
        if units.iter().any(|known| known.id == entry.id) {
            return refuse(&step("id"), format!("单位 id 重复 / two units have the id `{}`", entry.id), None);
        }
        if let Some(kind) = &entry.kind
            && kinds::find(kind).is_none()
        {
            let hint = suggest(kind, kinds::ids());
            return refuse(&step("kind"), format!("未知的单位类别 / unknown kind of body `{kind}`"), hint);
        }
        for (key, rules) in [("include", &entry.include), ("exclude", &entry.exclude)] {
            for (n, rule) in rules.iter().enumerate() {
                let mut steps = step(key);
                steps.push(n.into());
                if let Err((field, message)) = check_rule(rule) {
                    steps.extend(field.map(Step::from));
                    return refuse(&steps, message.to_owned(), None);
                }
            }
        }
        units.push(Unit {
            name: entry.name.unwrap_or_else(|| entry.id.clone()),
            id: entry.id,
            kind: entry.kind,
            scope: Scope { include: entry.include, exclude: entry.exclude },
        });
    }
    if let Some(operator) = operator
        && !units.iter().any(|unit| unit.id == operator)
    {
        let hint = suggest(operator, units.iter().map(|unit| unit.id.as_str()));
        return refuse(&["operator".into()], format!("没有这个单位 / `{operator}` is no unit"), hint);
    }
    Ok(units)
}

/// A rule without a condition would hold for the whole internet.
fn check_rule(rule: &ScopeRule) -> std::result::Result<(), (Option<&'static str>, &'static str)> {
    if *rule == ScopeRule::default() {
        return Err((None, "须有 host、path、query、publisher 之一 / needs one of host, path, query, publisher"));
    }
    if rule.host.as_deref().is_some_and(|host| host.is_empty() || host.contains(['/', '*', ' ', '?'])) {
        return Err((
            Some("host"),
            "只写主机名，可带端口，不写 http:// 和路径 / a host name with or without port, no http:// and no path",
        ));
    }
    if rule.path.as_deref().is_some_and(|path| !path.starts_with('/')) {
        return Err((Some("path"), "应以 / 开头 / must begin with /"));
    }
    Ok(())
}
