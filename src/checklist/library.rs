//! The checklists built in, found by id or path, `extends` resolved and hashed.

use super::columns::ColumnBook;
use super::file::{Document, parse};
use super::place::{Half, Origin, Step, suggest};
use super::{Checklist, Item};
use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Id and text of every checklist that the program carries.
pub const BUILT_IN: [(&str, &str); 13] = [
    ("annual-report", include_str!("../../checklists/annual-report.toml")),
    ("bureau-assessment-2018", include_str!("../../checklists/bureau-assessment-2018.toml")),
    ("bureau-deductions-2020", include_str!("../../checklists/bureau-deductions-2020.toml")),
    ("bureau-quarterly", include_str!("../../checklists/bureau-quarterly.toml")),
    ("civil-air-defence-office", include_str!("../../checklists/civil-air-defence-office.toml")),
    ("county-government", include_str!("../../checklists/county-government.toml")),
    ("disclosure-platform-2019", include_str!("../../checklists/disclosure-platform-2019.toml")),
    ("international", include_str!("../../checklists/international.toml")),
    ("national-inspection-2019", include_str!("../../checklists/national-inspection-2019.toml")),
    ("normative-documents", include_str!("../../checklists/normative-documents.toml")),
    ("public-security-bureau", include_str!("../../checklists/public-security-bureau.toml")),
    ("release-gate", include_str!("../../checklists/release-gate.toml")),
    ("site-guideline-2017", include_str!("../../checklists/site-guideline-2017.toml")),
];

/// What every site is asked, whatever its kind.
pub const DEFAULT: [&str; 4] =
    ["site-guideline-2017", "disclosure-platform-2019", "normative-documents", "national-inspection-2019"];

/// Deepest chain of `extends`.
const DEEPEST: usize = 16;

/// A checklist with `extends` resolved, and where each of its items stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The checklist, hashed.
    pub checklist: Checklist,
    documents: Vec<Document>,
    /// Per item: index of its document, index of the item there.
    places: Vec<(usize, usize)>,
}

impl Resolved {
    /// An error at the head of the checklist's own file.
    pub fn head_wrong(&self, key: &str, message: impl Into<String>, hint: Option<String>) -> Error {
        match self.documents.first() {
            Some(own) => own.wrong(&[key.into()], message, hint),
            None => Error::Internal("a resolved checklist has a file".into()),
        }
    }

    /// An error at a value (or key) of an item, in the file in which the item stands.
    pub fn item_wrong(&self, item: usize, steps: &[Step], half: Half, message: impl Into<String>, hint: Option<String>) -> Error {
        match self.places.get(item).and_then(|(document, at)| Some((self.documents.get(*document)?, *at))) {
            Some((document, at)) => document.item_wrong(at, steps, half, message, hint),
            None => self.head_wrong("id", message, hint),
        }
    }
}

/// Finds, parses, resolves and hashes a checklist. `name` is the id of a built-in one or a path: what ends in `.toml` or holds a
/// path separator is a path, relative ones from the working folder (in `extends`: from the folder of the file that says so).
pub fn resolve(name: &str, book: &ColumnBook) -> Result<Resolved> {
    let origin = match open(name, None)? {
        Some(origin) => origin,
        None => {
            let message = format!("没有这份清单 / unknown checklist `{name}`");
            let hint = suggest(name, ids()).unwrap_or_else(|| "xuncha checklists list".into());
            return Err(Error::usage_with(message, hint));
        }
    };
    finish(origin, book)
}

/// The same for a checklist that is given as text; `name` stands in messages.
pub fn resolve_text(name: &str, text: &str, book: &ColumnBook) -> Result<Resolved> {
    finish(Origin::new(Path::new(name), text), book)
}

fn finish(origin: Origin, book: &ColumnBook) -> Result<Resolved> {
    let mut trail = Vec::new();
    let mut resolved = resolve_from(origin, book, &mut trail)?;
    check_references(&resolved)?;
    resolved.checklist.sha256 = digest(&resolved.checklist)?;
    Ok(resolved)
}

/// Ids of the built-in checklists, sorted.
pub fn ids() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(id, _)| *id)
}

/// The built-in checklist for a kind of body, if there is one.
pub fn of_kind(kind: &str) -> Option<&'static str> {
    ids().find(|id| *id == kind && super::kinds::find(kind).is_some())
}

fn open(name: &str, folder: Option<&Path>) -> Result<Option<Origin>> {
    if name.ends_with(".toml") || name.contains(['/', '\\']) {
        let path = folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
        return Origin::read(&path).map(Some);
    }
    let built_in = BUILT_IN.iter().find(|(id, _)| *id == name);
    Ok(built_in.map(|(id, text)| Origin::new(&Path::new("checklists").join(format!("{id}.toml")), text)))
}

fn resolve_from(origin: Origin, book: &ColumnBook, trail: &mut Vec<PathBuf>) -> Result<Resolved> {
    let place = std::fs::canonicalize(&origin.file).unwrap_or_else(|_| origin.file.clone());
    trail.push(place);
    let own = parse(origin, book)?;
    let mut merged = Resolved { checklist: own.checklist.clone(), documents: vec![own.clone()], places: Vec::new() };
    merged.checklist.items.clear();
    for (at, name) in own.checklist.extends.iter().enumerate() {
        let steps: [Step; 2] = ["extends".into(), at.into()];
        let base = match open(name, own.origin.file.parent()) {
            Ok(Some(base)) => base,
            Ok(None) => {
                return Err(own.wrong(&steps, format!("没有这份清单 / unknown checklist `{name}`"), suggest(name, ids())));
            }
            Err(Error::Io { source, .. }) => {
                return Err(own.wrong(&steps, format!("读不了 / cannot read `{name}`: {source}"), None));
            }
            Err(other) => return Err(other),
        };
        let place = std::fs::canonicalize(&base.file).unwrap_or_else(|_| base.file.clone());
        if trail.contains(&place) || trail.len() >= DEEPEST {
            let circle: Vec<String> = trail.iter().chain([&place]).map(|p| p.display().to_string()).collect();
            return Err(own.wrong(&steps, "清单互相继承 / `extends` goes round in a circle", Some(circle.join(" → "))));
        }
        let base = resolve_from(base, book, trail)?;
        inherit(&mut merged.checklist, &own, &base.checklist);
        let first = merged.documents.len();
        merged.documents.extend(base.documents);
        for (item, (document, at)) in base.checklist.items.into_iter().zip(base.places) {
            put(&mut merged, item, (document + first, at));
        }
    }
    for (at, item) in own.checklist.items.into_iter().enumerate() {
        put(&mut merged, item, (0, at));
    }
    trail.pop();
    Ok(merged)
}

/// Same id replaces, in place; a new one goes to the end.
fn put(merged: &mut Resolved, item: Item, place: (usize, usize)) {
    match merged.checklist.items.iter().position(|known| known.id == item.id) {
        Some(known) => {
            merged.checklist.items[known] = item;
            merged.places[known] = place;
        }
        None => {
            merged.checklist.items.push(item);
            merged.places.push(place);
        }
    }
}

/// What the own head does not say comes from the checklist that it extends.
fn inherit(own: &mut Checklist, document: &Document, base: &Checklist) {
    let absent = |key: &str| !document.given.contains(key);
    own.full_mark = own.full_mark.or(base.full_mark);
    own.pass_line = own.pass_line.or(base.pass_line);
    own.bonus_gate = own.bonus_gate.or(base.bonus_gate);
    own.bonus_cap = own.bonus_cap.or(base.bonus_cap);
    if absent("bonus") {
        own.bonus = base.bonus.clone();
    }
    if absent("coverage_floor") {
        own.coverage_floor = base.coverage_floor;
    }
    if absent("inapplicable") {
        own.inapplicable = base.inapplicable;
    }
    if absent("applies_to") {
        own.applies_to = base.applies_to.clone();
    }
}

/// Items that other items and the head name must exist once everything is merged.
fn check_references(resolved: &Resolved) -> Result<()> {
    let list = &resolved.checklist;
    let known = |id: &str| list.items.iter().any(|item| item.id == id);
    let ids = || list.items.iter().map(|item| item.id.as_str());
    for (at, item) in list.items.iter().enumerate() {
        for (n, id) in item.excludes.iter().enumerate() {
            let steps: [Step; 2] = ["excludes".into(), n.into()];
            if *id == item.id {
                let message = "条目不能排除自己 / an item cannot exclude itself";
                return Err(resolved.item_wrong(at, &steps, Half::Value, message, None));
            }
            if !known(id) {
                let hint = suggest(id, ids().filter(|other| *other != item.id));
                return Err(resolved.item_wrong(at, &steps, Half::Value, format!("没有这个条目 / unknown item `{id}`"), hint));
            }
        }
    }
    for id in &list.bonus {
        if !known(id) {
            let hint = suggest(id, ids());
            return Err(resolved.head_wrong("bonus", format!("没有这个条目 / unknown item `{id}`"), hint));
        }
    }
    if list.items.is_empty() {
        return Err(resolved.head_wrong("id", "清单没有条目 / the checklist has no items", None));
    }
    Ok(())
}

/// SHA-256 of the canonical JSON: keys sorted, absent values left out, the hash itself left out.
fn digest(checklist: &Checklist) -> Result<String> {
    let mut value = serde_json::to_value(checklist).map_err(|e| Error::Internal(e.to_string()))?;
    if let Some(table) = value.as_object_mut() {
        table.remove("sha256");
    }
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(canonical_json(&value))))
}

/// JSON with sorted keys, without blanks and without nulls in tables: equal values, equal bytes.
pub fn canonical_json(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Object(table) => {
            let mut keys: Vec<&String> = table.iter().filter(|(_, v)| !v.is_null()).map(|(k, _)| k).collect();
            keys.sort();
            let rows: Vec<String> =
                keys.into_iter().map(|key| format!("{}:{}", Value::from(key.as_str()), canonical_json(&table[key]))).collect();
            format!("{{{}}}", rows.join(","))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(canonical_json).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}
