//! What holds for one unit: the levels put over one another, each value with its origin.

use super::{ColumnChange, Holder, Level, Profile, Values};
use crate::checklist::columns::{ColumnBook, ColumnEntry};
use crate::registry::{Registry, Unit};
use crate::text::fold;
use std::collections::BTreeMap;
use toml::Value;

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Given<T> {
    /// The value.
    pub value: T,
    /// Its origin.
    pub from: Holder,
}

/// What holds for one unit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settled {
    /// Checklists, where some level names them.
    pub checklists: Option<Given<Vec<String>>>,
    /// Configuration values by name.
    pub config: BTreeMap<String, Given<Value>>,
    /// Entries of the column book that differ from the built-in ones, whole, in the order of their ids.
    pub columns: Vec<ColumnEntry>,
    /// What was changed of which column, and where that comes from.
    pub changes: Vec<(Holder, ColumnChange)>,
}

impl Profile {
    /// What holds for a unit: everybody's, then those of its region, of its group, and its own.
    pub fn settle(&self, unit: &Unit) -> Settled {
        let named = |level: Level, table: &BTreeMap<String, Values>, name: Option<&str>| {
            let name = name.map(fold)?;
            table
                .iter()
                .find(|(key, _)| fold(key) == name)
                .map(|(key, values)| (Holder { level, name: key.clone() }, values.clone()))
        };
        let own = self
            .unit
            .get_key_value(&unit.id)
            .map(|(key, values)| (Holder { level: Level::Unit, name: key.clone() }, values.clone()));
        let levels = [
            Some((Holder { level: Level::National, name: String::new() }, self.national.clone())),
            named(Level::Region, &self.region, unit.region.as_deref()),
            named(Level::Group, &self.group, unit.group.as_deref()),
            own.or_else(|| named(Level::Unit, &self.unit, Some(&unit.name))),
        ];
        let mut settled = Settled::default();
        let book = ColumnBook::load();
        let mut columns: BTreeMap<String, ColumnEntry> = BTreeMap::new();
        for (from, values) in levels.into_iter().flatten() {
            if let Some(value) = values.checklists {
                settled.checklists = Some(Given { value, from: from.clone() });
            }
            for (name, value) in values.config {
                settled.config.insert(name, Given { value, from: from.clone() });
            }
            for change in values.columns {
                let before = columns.remove(&change.id).or_else(|| book.find(&change.id).cloned());
                columns.insert(change.id.clone(), changed(before, &change));
                settled.changes.push((from.clone(), change));
            }
        }
        settled.columns = columns.into_values().collect();
        settled
    }

    /// Regions, groups and units that the profile names and that the registry does not have, with the level of each.
    pub fn unknown(&self, registry: &Registry) -> Vec<Holder> {
        let is = |name: &str, known: Option<&String>| known.is_some_and(|known| fold(known) == fold(name));
        let mut unknown = Vec::new();
        let mut look = |level: Level, table: &BTreeMap<String, Values>, known: &dyn Fn(&str, &Unit) -> bool| {
            for name in table.keys().filter(|name| !registry.units.iter().any(|unit| known(name, unit))) {
                unknown.push(Holder { level, name: name.clone() });
            }
        };
        look(Level::Region, &self.region, &|name, unit| is(name, unit.region.as_ref()));
        look(Level::Group, &self.group, &|name, unit| is(name, unit.group.as_ref()));
        look(Level::Unit, &self.unit, &|name, unit| unit.id == name || is(name, Some(&unit.name)));
        unknown
    }
}

/// An entry after a change.
fn changed(before: Option<ColumnEntry>, change: &ColumnChange) -> ColumnEntry {
    let known = before.is_some();
    let mut entry = before.unwrap_or_else(|| ColumnEntry {
        id: change.id.clone(),
        name: change.name.clone().unwrap_or_else(|| change.id.clone()),
        name_en: change.name_en.clone().or(change.name.clone()).unwrap_or_else(|| change.id.clone()),
        synonyms: Vec::new(),
        ambiguous: Vec::new(),
        parents: Vec::new(),
        starts: Vec::new(),
        class: change.class.unwrap_or(crate::checklist::columns::ColumnClass::Other),
        window_days: None,
        kinds: Vec::new(),
    });
    let has = |entry: &ColumnEntry, name: &str| {
        std::iter::once(&entry.name).chain(&entry.synonyms).any(|known| fold(known) == fold(name))
    };
    for name in change.name.iter().filter(|_| known).chain(&change.synonyms) {
        if !has(&entry, name) {
            entry.synonyms.push(name.clone());
        }
    }
    for name in &change.ambiguous {
        if !entry.ambiguous.iter().any(|known| fold(known) == fold(name)) {
            entry.ambiguous.push(name.clone());
        }
    }
    for parent in &change.parents {
        if !entry.parents.contains(parent) {
            entry.parents.push(parent.clone());
        }
    }
    if let Some(class) = change.class {
        // The window of another class is another one, unless somebody says so, too.
        entry.window_days = if class == entry.class { entry.window_days } else { None };
        entry.class = class;
    }
    entry.window_days = change.window_days.or(entry.window_days);
    entry
}

impl Settled {
    /// The configuration values alone.
    pub fn config_values(&self) -> BTreeMap<String, Value> {
        self.config.iter().map(|(name, given)| (name.clone(), given.value.clone())).collect()
    }

    /// One line per value with its origin.
    pub fn explain(&self) -> String {
        let mut text = String::new();
        if let Some(given) = &self.checklists {
            text.push_str(&format!("checklists = {:?}  # {}\n", given.value, given.from));
        }
        for (name, given) in &self.config {
            text.push_str(&format!("{name} = {}  # {}\n", given.value, given.from));
        }
        for (from, change) in &self.changes {
            let mut parts = Vec::new();
            parts.extend(change.name.as_ref().map(|name| format!("name = {name:?}")));
            for (key, list) in [("synonyms", &change.synonyms), ("ambiguous", &change.ambiguous), ("parents", &change.parents)] {
                parts.extend((!list.is_empty()).then(|| format!("{key} = {list:?}")));
            }
            parts.extend(change.class.map(|class| format!("class = {:?}", class.word())));
            parts.extend(change.window_days.map(|days| format!("window_days = {days}")));
            text.push_str(&format!("column.{}: {}  # {from}\n", change.id, parts.join(", ")));
        }
        text
    }
}
