//! What rows refer to: superiors and operators looked up, and nobody above itself.

use super::Field;
use super::identity::Group;
use super::settle::Work;
use crate::finding::Text;
use crate::registry::Registry;
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};

impl Work<'_, '_> {
    /// Names of superiors and operators become ids.
    pub(super) fn resolve(&mut self, registry: &mut Registry, known: &Registry, units: &[Group], sites: &[Group]) {
        let mut ids: BTreeSet<&str> = BTreeSet::new();
        let mut names: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for unit in registry.units.iter().chain(&known.units) {
            ids.insert(&unit.id);
            names.entry(fold(&unit.name)).or_default().insert(&unit.id);
        }
        let mut find = |text: &str, field: Field, entry: Option<usize>| -> Option<String> {
            if ids.contains(text) {
                return Some(text.to_owned());
            }
            let same = names.get(&fold(text));
            if let Some(same) = same
                && same.len() == 1
            {
                return same.first().map(|id| (*id).to_owned());
            }
            let entry = &self.entries[entry?];
            let (message, hint) = if same.is_some() {
                (Text::both("有几个同名单位", "several units have this name"), Text::both("写单位编码", "write the unit id"))
            } else {
                let near = crate::checklist::place::nearest(text, names.keys().map(String::as_str));
                let hint = match near {
                    Some(near) => Text {
                        zh: format!("是不是“{near}”？否则先为它加一行"),
                        en: format!("did you mean `{near}`? Otherwise add a row for it"),
                    },
                    None => Text::both("为它加一行（可以没有网站）", "add a row for it; it needs no site"),
                };
                (Text::both("表里没有这个单位", "is no unit of the table"), hint)
            };
            self.faults.push(self.rows.fault(entry.row, field, message, hint));
            None
        };
        let says =
            |group: &Group, field: Field| group.entries.iter().copied().find(|at| self.entries[*at].texts.contains_key(&field));
        let superiors: Vec<Option<String>> = (registry.units.iter().zip(units))
            .map(|(unit, group)| find(unit.superior.as_deref()?, Field::Superior, says(group, Field::Superior)))
            .collect();
        let operators: Vec<Option<String>> = (registry.sites.iter().zip(sites))
            .map(|(site, group)| find(site.operator.as_deref()?, Field::Operator, says(group, Field::Operator)))
            .collect();
        let of_platforms: Vec<Option<String>> = (registry.platforms.iter())
            .map(|platform| {
                let operator = platform.operator.as_deref()?;
                let said = self
                    .entries
                    .iter()
                    .position(|entry| entry.texts.get(&Field::PlatformOperator).is_some_and(|name| name == operator));
                find(operator, Field::PlatformOperator, said)
            })
            .collect();
        registry.units.iter_mut().zip(superiors).for_each(|(unit, id)| unit.superior = id);
        registry.sites.iter_mut().zip(operators).for_each(|(site, id)| site.operator = id);
        registry.platforms.iter_mut().zip(of_platforms).for_each(|(platform, id)| platform.operator = id);
        self.cycles(registry, known, units);
    }

    /// Nobody is above itself.
    fn cycles(&mut self, registry: &Registry, known: &Registry, units: &[Group]) {
        let mut above: BTreeMap<&str, &str> = BTreeMap::new();
        for unit in known.units.iter().chain(&registry.units) {
            match &unit.superior {
                Some(superior) => above.insert(&unit.id, superior),
                None => above.remove(unit.id.as_str()),
            };
        }
        let group_of: BTreeMap<&str, &Group> = registry.units.iter().map(|unit| unit.id.as_str()).zip(units).collect();
        let mut settled: BTreeSet<&str> = BTreeSet::new();
        for unit in &registry.units {
            let mut walked: Vec<&str> = Vec::new();
            let mut on_the_way: BTreeSet<&str> = BTreeSet::new();
            let mut here = Some(unit.id.as_str());
            while let Some(id) = here.filter(|id| !settled.contains(id)) {
                if !on_the_way.insert(id) {
                    let circle = &walked[walked.iter().position(|seen| *seen == id).unwrap_or_default()..];
                    self.circle(circle, registry, known, &group_of);
                    break;
                }
                walked.push(id);
                here = above.get(id).copied();
            }
            settled.extend(walked);
        }
    }

    fn circle(&mut self, circle: &[&str], registry: &Registry, known: &Registry, group_of: &BTreeMap<&str, &Group>) {
        const MOST_NAMES: usize = 8;
        let names: Vec<&str> = circle.iter().chain(circle.first()).take(MOST_NAMES).map(|id| name(registry, known, id)).collect();
        let chain = names.join(" → ") + if circle.len() >= MOST_NAMES { " → …" } else { "" };
        for group in circle.iter().filter_map(|id| group_of.get(id)) {
            let says = group.entries.iter().map(|at| &self.entries[*at]).find(|entry| entry.texts.contains_key(&Field::Superior));
            if let Some(entry) = says {
                self.faults.push(self.rows.fault(
                    entry.row,
                    Field::Superior,
                    Text { zh: format!("上级绕成一圈：{chain}"), en: format!("superiors go round in a circle: {chain}") },
                    Text::both("改其中一个上级单位", "change one of them"),
                ));
            }
        }
    }
}

fn name<'a>(registry: &'a Registry, known: &'a Registry, id: &'a str) -> &'a str {
    registry.units.iter().chain(&known.units).find(|unit| unit.id == id).map_or(id, |unit| &unit.name)
}
