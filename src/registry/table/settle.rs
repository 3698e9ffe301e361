//! From rows to a registry: cells read, rows of one thing put together, what they refer to looked up.

use super::cells;
use super::entry::{Entry, entry};
use super::identity::{self, Group};
use super::{Field, Rows};
use crate::finding::Text;
use crate::registry::fault::Fault;
use crate::registry::{Holding, Platform, Registry, Site, Unit};
use crate::scope::ScopeRule;
use crate::text::fold;
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, BTreeSet};

/// All of it. Where there are faults, the registry is worth nothing.
pub(super) fn settle(rows: &Rows, known: &Registry, faults: &mut Vec<Fault>) -> Registry {
    let entries: Vec<Entry<'_>> = rows.rows.iter().map(|row| entry(row, rows, faults)).collect();
    let site_groups = identity::sites(&entries, rows, known, faults);
    let mut site_of: BTreeMap<usize, &str> = BTreeMap::new();
    for group in &site_groups {
        site_of.extend(group.entries.iter().map(|at| (*at, group.id.as_str())));
    }
    let unit_groups = identity::units(&entries, rows, known, &|at| site_of.get(&at).map(|id| (*id).to_owned()), faults);
    let mut registry = Registry::default();
    let mut work = Work { entries: &entries, rows, faults };
    for group in &unit_groups {
        registry.units.push(work.unit(group, known));
    }
    for group in &site_groups {
        registry.sites.push(work.site(group));
    }
    registry.platforms = work.platforms(&site_groups, &mut registry.sites);
    work.holdings(&unit_groups, &site_of, &mut registry);
    work.resolve(&mut registry, known, &unit_groups, &site_groups);
    registry.sort();
    registry
}

/// What is under way.
pub(super) struct Work<'a, 'r> {
    pub(super) entries: &'a [Entry<'r>],
    pub(super) rows: &'a Rows,
    pub(super) faults: &'a mut Vec<Fault>,
}

impl Work<'_, '_> {
    /// What the rows of a group agree on; a row that says nothing agrees.
    fn agreed<T: PartialEq + Clone>(
        &mut self,
        group: &Group,
        field: Field,
        whose: (&str, &str),
        get: impl Fn(&Entry<'_>) -> Option<T>,
    ) -> Option<T> {
        let mut found: Option<(T, u32)> = None;
        for entry in group.entries.iter().map(|at| &self.entries[*at]) {
            let Some(value) = get(entry) else { continue };
            match &found {
                None => found = Some((value, entry.row.number)),
                Some((first, row)) if *first != value => self.faults.push(self.rows.fault(
                    entry.row,
                    field,
                    Text {
                        zh: format!("与第 {row} 行同一{}的“{}”不一致", whose.0, field.word()),
                        en: format!("differs from the `{}` of the same {} in row {row}", field.english(), whose.1),
                    },
                    Text {
                        zh: format!("改成一致；若是两个{}，写两个编码", whose.0),
                        en: format!("make them equal; two different {}s need two ids", whose.1),
                    },
                )),
                Some(_) => {}
            }
        }
        found.map(|(value, _)| value)
    }

    fn unit(&mut self, group: &Group, known: &Registry) -> Unit {
        const UNIT: (&str, &str) = ("单位", "unit");
        let mut text = |field: Field| self.agreed(group, field, UNIT, |entry| entry.texts.get(&field).cloned());
        let (superior, region) = (text(Field::Superior), text(Field::Region));
        let (of_group, kind) = (text(Field::Group), text(Field::Kind));
        let contacts = self.agreed(group, Field::Contact, UNIT, |entry| entry.contacts.clone()).unwrap_or_default();
        let name = self.agreed(group, Field::Unit, UNIT, |entry| entry.unit.clone());
        let name = name.or_else(|| known.units.iter().find(|unit| unit.id == group.id).map(|unit| unit.name.clone()));
        if name.is_none()
            && let Some(entry) = group.entries.first().map(|at| &self.entries[*at])
            && !entry.bad.contains(&Field::Unit)
        {
            self.faults.push(self.rows.fault(
                entry.row,
                Field::Unit,
                Text::both("只有编码，没有单位名称", "has an id and no name"),
                Text::both("写单位全称", "write the full name"),
            ));
        }
        Unit { id: group.id.clone(), name: name.unwrap_or_default(), superior, region, group: of_group, kind, contacts }
    }

    fn site(&mut self, group: &Group) -> Site {
        const SITE: (&str, &str) = ("网站", "site");
        let name = self.agreed(group, Field::Site, SITE, |entry| entry.site.clone());
        let code = group.entries.iter().find_map(|at| self.entries[*at].code.clone());
        let operator = self.agreed(group, Field::Operator, SITE, |entry| entry.texts.get(&Field::Operator).cloned());
        let cadences = self.agreed(group, Field::Cadence, SITE, |entry| entry.cadences.clone());
        let standing = self.agreed(group, Field::State, SITE, |entry| entry.standing.clone()).unwrap_or_default();
        let mut addresses: Vec<CanonicalUrl> = Vec::new();
        for url in group.entries.iter().flat_map(|at| &self.entries[*at].addresses) {
            if !addresses.contains(url) {
                addresses.push(url.clone());
            }
        }
        let first = group.entries.first().map(|at| &self.entries[*at]);
        if addresses.is_empty()
            && let Some(entry) = first
            && !group.entries.iter().any(|at| self.entries[*at].bad.contains(&Field::Addresses))
        {
            self.faults.push(self.rows.fault(
                entry.row,
                Field::Addresses,
                Text::both("缺少网址", "the address is missing"),
                Text::both("写网站首页的网址", "write the address of the home page"),
            ));
        }
        let called = || addresses.first().map(|url| url.authority().to_owned()).unwrap_or_default();
        Site {
            id: group.id.clone(),
            name: name.unwrap_or_else(called),
            code,
            operator,
            platform: None,
            cadences: cadences.unwrap_or_else(|| cells::ALL_CADENCES.to_vec()),
            standing,
            addresses,
        }
    }

    /// Platforms by id or by name, and which site stands on which.
    fn platforms(&mut self, groups: &[Group], sites: &mut [Site]) -> Vec<Platform> {
        let mut platforms: BTreeMap<String, (Platform, u32)> = BTreeMap::new();
        let mut id_of_name: BTreeMap<String, String> = BTreeMap::new();
        for entry in self.entries {
            if let (Some(id), Some(name)) = (entry.texts.get(&Field::PlatformId), entry.texts.get(&Field::Platform)) {
                id_of_name.entry(fold(name)).or_insert_with(|| id.clone());
            }
        }
        let id_of = |entry: &Entry<'_>| -> Option<String> {
            let name = entry.texts.get(&Field::Platform);
            let known = name.and_then(|name| id_of_name.get(&fold(name)).cloned());
            let made = || name.map(|name| format!("platform-{}", identity::print(name)));
            entry.texts.get(&Field::PlatformId).cloned().or(known).or_else(made)
        };
        for entry in self.entries {
            let operator = entry.texts.get(&Field::PlatformOperator).cloned();
            let Some(id) = id_of(entry) else {
                if operator.is_some() {
                    let (message, hint) = (
                        Text::both("没有平台，却有平台运营单位", "the operator of no platform"),
                        Text::both("写平台名称", "name the platform"),
                    );
                    self.faults.push(self.rows.fault(entry.row, Field::PlatformOperator, message, hint));
                }
                continue;
            };
            let name = entry.texts.get(&Field::Platform);
            let row = entry.row.number;
            let (platform, first) =
                platforms.entry(id.clone()).or_insert_with(|| (Platform { id, name: String::new(), operator: None }, row));
            let mut differs = |field: Field, zh: &str| {
                self.faults.push(self.rows.fault(
                    entry.row,
                    field,
                    Text {
                        zh: format!("与第 {first} 行同一平台的{zh}不一致"),
                        en: format!("differs from that of the same platform in row {first}"),
                    },
                    Text::both("改成一致；若是两个平台，写两个平台编码", "make them equal; two platforms need two ids"),
                ));
            };
            match name {
                Some(name) if platform.name.is_empty() => platform.name.clone_from(name),
                Some(name) if *name != platform.name => differs(Field::Platform, "名称"),
                _ => {}
            }
            match operator {
                Some(operator) if platform.operator.is_none() => platform.operator = Some(operator),
                Some(operator) if Some(&operator) != platform.operator.as_ref() => differs(Field::PlatformOperator, "运营单位"),
                _ => {}
            }
        }
        for (group, site) in groups.iter().zip(sites) {
            site.platform = self.agreed(group, Field::Platform, ("网站", "site"), |entry| id_of(entry));
        }
        platforms
            .into_values()
            .map(|(mut platform, _)| {
                if platform.name.is_empty() {
                    platform.name.clone_from(&platform.id);
                }
                platform
            })
            .collect()
    }

    /// Who has which part of which site.
    fn holdings(&mut self, units: &[Group], site_of: &BTreeMap<usize, &str>, registry: &mut Registry) {
        let mut unit_of: BTreeMap<usize, &str> = BTreeMap::new();
        for group in units {
            unit_of.extend(group.entries.iter().map(|at| (*at, group.id.as_str())));
        }
        let hosts: BTreeMap<String, BTreeSet<String>> = (registry.sites.iter())
            .map(|site| (site.id.clone(), site.addresses.iter().map(|url| identity::host(url).to_owned()).collect()))
            .collect();
        let mut held: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        let mut scopes: BTreeMap<(&str, Vec<String>), u32> = BTreeMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let (Some(unit), Some(site)) = (unit_of.get(&at).copied(), site_of.get(&at).copied()) else { continue };
            if let Some(row) = held.insert((site, unit), entry.row.number) {
                self.faults.push(self.rows.fault(
                    entry.row,
                    Field::Unit,
                    Text {
                        zh: format!("第 {row} 行已有这个单位在这个网站的范围"),
                        en: format!("row {row} has this unit on this site already"),
                    },
                    Text::both("合成一行，几个范围用分号隔开", "make one row; several scopes are divided by semicolons"),
                ));
                continue;
            }
            self.check_hosts(entry, hosts.get(site));
            let mut key: Vec<String> = entry.scope.include.iter().map(ScopeRule::to_string).collect();
            key.extend(entry.scope.exclude.iter().map(|rule| format!("- {rule}")));
            key.sort();
            if entry.bad.contains(&Field::Scope) {
                continue;
            }
            if let Some(row) = scopes.insert((site, key), entry.row.number) {
                let whole = entry.scope.include.is_empty();
                self.faults.push(self.rows.fault(
                    entry.row,
                    Field::Scope,
                    Text {
                        zh: format!("与第 {row} 行另一单位在同一网站的范围相同"),
                        en: format!("another unit, in row {row}, has the same scope on this site"),
                    },
                    if whole {
                        Text::both(
                            "范围空着表示整个网站：写明各单位的范围，如 www.example.gov.cn/gaj/",
                            "an empty scope is the whole site: write the part of each unit, such as www.example.gov.cn/gaj/",
                        )
                    } else {
                        Text::both(
                            "一个页面只属于一个单位：改其中一个范围",
                            "a page belongs to one unit: change one of the scopes",
                        )
                    },
                ));
            }
            registry.holdings.push(Holding { unit: unit.to_owned(), site: site.to_owned(), scope: entry.scope.clone() });
        }
    }

    fn check_hosts(&mut self, entry: &Entry<'_>, hosts: Option<&BTreeSet<String>>) {
        let Some(hosts) = hosts.filter(|hosts| !hosts.is_empty()) else { return };
        let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
        for rule in entry.scope.include.iter().chain(&entry.scope.exclude) {
            let Some(host) = rule.host.as_deref() else { continue };
            if !hosts.contains(&bare(host)) {
                let listed: Vec<&str> = hosts.iter().map(String::as_str).take(5).collect();
                self.faults.push(self.rows.fault(
                    entry.row,
                    Field::Scope,
                    Text {
                        zh: format!("{host} 不在这个网站的网址里"),
                        en: format!("{host} is not among the addresses of the site"),
                    },
                    Text {
                        zh: format!("网站的主机：{}；另有主机就加到网址里", listed.join("、")),
                        en: format!("hosts of the site: {}; add an address for another", listed.join(", ")),
                    },
                ));
            }
        }
    }
}
