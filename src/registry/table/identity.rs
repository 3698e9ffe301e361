//! Which rows speak of the same site, unit or platform, and the ids of those that have none.

use super::entry::Entry;
use super::{Field, Rows};
use crate::finding::Text;
use crate::registry::fault::Fault;
use crate::registry::{Registry, Site};
use crate::text::fold;
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, BTreeSet};

/// Rows that speak of one thing, and its id.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// Indices of entries, in order.
    pub entries: Vec<usize>,
    /// Id.
    pub id: String,
    /// Did the table give the id?
    given: bool,
    code: Option<String>,
}

/// Eight hexadecimal digits of a folded name: the same on every machine.
pub(super) fn print(name: &str) -> String {
    format!("{:08x}", xxhash_rust::xxh3::xxh3_64(fold(name).as_bytes()) >> 32)
}

/// The host with its www twin folded into one.
pub(super) fn host(url: &CanonicalUrl) -> &str {
    let authority = url.authority();
    authority.strip_prefix("www.").unwrap_or(authority)
}

fn hosts<'a>(urls: impl IntoIterator<Item = &'a CanonicalUrl>) -> BTreeSet<&'a str> {
    urls.into_iter().map(host).collect()
}

/// Characters that an id cannot have become hyphens.
fn plain(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }).collect();
    text.trim_matches(['-', '.', '_']).to_owned()
}

/// Rows by site. A row with neither id nor 网站标识码 belongs to the only site of its host.
pub(super) fn sites(entries: &[Entry<'_>], rows: &Rows, known: &Registry, faults: &mut Vec<Fault>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let (mut by_id, mut by_code) = (BTreeMap::<&str, usize>::new(), BTreeMap::<&str, usize>::new());
    for (index, entry) in entries.iter().enumerate() {
        let (id, code) = (entry.site_id.as_deref(), entry.code.as_deref());
        if id.is_none() && code.is_none() {
            continue;
        }
        let of_code = code.and_then(|code| by_code.get(code).copied());
        let of_id = id.and_then(|id| by_id.get(id).copied());
        let at = match (of_id, of_code) {
            (Some(one), Some(other)) if one != other => {
                faults.push(taken(entry, rows, entries, &groups[other]));
                continue;
            }
            (Some(one), _) => {
                let differs = code.is_some() && groups[one].code.is_some() && groups[one].code.as_deref() != code;
                if differs {
                    faults.push(rows.fault(
                        entry.row,
                        Field::Code,
                        Text {
                            zh: format!("网站 {} 另有标识码 {}", groups[one].id, groups[one].code.as_deref().unwrap_or_default()),
                            en: format!("the site {} has another code in another row", groups[one].id),
                        },
                        Text::both(
                            "一个网站只有一个标识码；两个网站用两个网站编码",
                            "a site has one code; two sites have two ids",
                        ),
                    ));
                    continue;
                }
                one
            }
            (None, Some(other)) if id.is_some() && groups[other].given => {
                faults.push(taken(entry, rows, entries, &groups[other]));
                continue;
            }
            (None, Some(other)) => other,
            (None, None) => {
                groups.push(Group::default());
                groups.len() - 1
            }
        };
        let group = &mut groups[at];
        group.entries.push(index);
        if let Some(id) = id {
            by_id.insert(id, at);
            (group.id, group.given) = (id.to_owned(), true);
        }
        if let Some(code) = code {
            by_code.insert(code, at);
            group.code = Some(code.to_owned());
        }
    }
    by_host(entries, rows, &mut groups, faults);
    let known = Known::of(known);
    for group in &mut groups {
        group.entries.sort_unstable();
        if !group.given {
            group.id = site_id(group, entries, &known);
        }
    }
    apart(&groups, entries, rows, faults);
    groups
}

fn taken(entry: &Entry<'_>, rows: &Rows, entries: &[Entry<'_>], other: &Group) -> Fault {
    let row = other.entries.first().and_then(|at| entries.get(*at)).map_or(0, |entry| entry.row.number);
    rows.fault(
        entry.row,
        Field::Code,
        Text {
            zh: format!("标识码重复：第 {row} 行的另一个网站已用"), en: format!("is the code of another site, in row {row}")
        },
        Text::both(
            "核对标识码；同一个网站就用同样的网址和网站编码",
            "look at the codes; one site has the same addresses and id in all rows",
        ),
    )
}

fn by_host(entries: &[Entry<'_>], rows: &Rows, groups: &mut Vec<Group>, faults: &mut Vec<Fault>) {
    let addresses = |group: &Group| group.entries.iter().flat_map(|at| &entries[*at].addresses).collect::<Vec<_>>();
    let mut of_host: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let mut of_name: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        for host in hosts(addresses(group)) {
            of_host.entry(host.to_owned()).or_default().insert(at);
        }
        for name in group.entries.iter().filter_map(|at| entries[*at].site.as_deref()) {
            of_name.entry(fold(name)).or_default().insert(at);
        }
    }
    for (index, entry) in entries.iter().enumerate() {
        let told = entry.site_id.is_some()
            || entry.code.is_some()
            || entry.bad.contains(&Field::Code)
            || entry.bad.contains(&Field::SiteId);
        if told || !entry.has_site() || entry.bad.contains(&Field::Addresses) {
            continue;
        }
        let candidates = match entry.addresses.first() {
            Some(url) => of_host.get(host(url)).cloned().unwrap_or_default(),
            None => entry.site.as_deref().and_then(|name| of_name.get(&fold(name))).cloned().unwrap_or_default(),
        };
        let named = entry.site.as_deref().and_then(|name| of_name.get(&fold(name)));
        // Of several sites on one host the name tells which.
        let narrowed: BTreeSet<usize> = match named {
            Some(named) if candidates.len() > 1 => candidates.intersection(named).copied().collect(),
            _ => candidates.clone(),
        };
        let at = match (narrowed.len(), narrowed.first()) {
            (1, Some(at)) => *at,
            (0, _) if candidates.is_empty() && !entry.addresses.is_empty() => {
                groups.push(Group::default());
                groups.len() - 1
            }
            (0, _) if candidates.is_empty() => {
                faults.push(rows.fault(
                    entry.row,
                    Field::Addresses,
                    Text::both("缺少网址", "the address is missing"),
                    Text::both("写网站首页的网址", "write the address of the home page"),
                ));
                continue;
            }
            _ => {
                faults.push(rows.fault(
                    entry.row,
                    Field::Addresses,
                    Text::both(
                        "这个主机上有几个网站，不知道是哪一个",
                        "there are several sites on this host: which of them is not known",
                    ),
                    Text::both("写明网站标识码或网站编码", "give the site identification code or the site id"),
                ));
                continue;
            }
        };
        groups[at].entries.push(index);
        for host in hosts(&entry.addresses) {
            of_host.entry(host.to_owned()).or_default().insert(at);
        }
        if let Some(name) = &entry.site {
            of_name.entry(fold(name)).or_default().insert(at);
        }
    }
}

/// Sites and units that are known beside the table.
struct Known<'k> {
    by_code: BTreeMap<&'k str, &'k Site>,
    by_host: BTreeMap<&'k str, Vec<&'k Site>>,
}

impl<'k> Known<'k> {
    fn of(known: &'k Registry) -> Self {
        let by_code = known.sites.iter().filter_map(|site| Some((site.code.as_deref()?, site))).collect();
        let mut by_host: BTreeMap<&str, Vec<&Site>> = BTreeMap::new();
        for site in &known.sites {
            for host in hosts(&site.addresses) {
                by_host.entry(host).or_default().push(site);
            }
        }
        Known { by_code, by_host }
    }
}

/// Known already, by its code or as the only site of its host; else made of the code; else of the host.
fn site_id(group: &Group, entries: &[Entry<'_>], known: &Known<'_>) -> String {
    let first = group.entries.iter().flat_map(|at| &entries[*at].addresses).next();
    if let Some(site) = group.code.as_deref().and_then(|code| known.by_code.get(code)) {
        return site.id.clone();
    }
    if let Some([only]) = first.and_then(|first| known.by_host.get(host(first))).map(Vec::as_slice)
        && (only.code.is_none() || group.code.is_none())
    {
        return only.id.clone();
    }
    match (&group.code, first) {
        (Some(code), _) => code.clone(),
        (None, Some(url)) => plain(host(url)),
        (None, None) => String::new(),
    }
}

/// One id is one site, one address is of one site, and rows of one site name the same host.
fn apart(groups: &[Group], entries: &[Entry<'_>], rows: &Rows, faults: &mut Vec<Fault>) {
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    let mut of_url: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        let Some(first) = group.entries.first().map(|at| &entries[*at]) else { continue };
        if let Some(other) = ids.insert(&group.id, at) {
            let row = groups[other].entries.first().map_or(0, |at| entries[*at].row.number);
            faults.push(rows.fault(
                first.row,
                Field::SiteId,
                Text {
                    zh: format!("网站编码 {} 与第 {row} 行的网站相同", group.id),
                    en: format!("the site of row {row} has the same id, {}", group.id),
                },
                Text::both("写两个不同的网站编码", "give them different site ids"),
            ));
        }
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for entry in group.entries.iter().map(|at| &entries[*at]) {
            let mine = hosts(&entry.addresses);
            if !seen.is_empty() && !mine.is_empty() && seen.is_disjoint(&mine) {
                faults.push(rows.fault(
                    entry.row,
                    if entry.code.is_some() { Field::Code } else { Field::Addresses },
                    Text {
                        zh: format!("标识码或编码与第 {} 行相同，网址却是另一个网站", first.row.number),
                        en: format!("code or id are those of row {}, and the addresses are of another site", first.row.number),
                    },
                    Text::both(
                        "核对标识码和网址；有几个网址的网站在每一行都写全",
                        "look at code and addresses; a site with several addresses has all of them in every row",
                    ),
                ));
            }
            seen.extend(mine);
            for url in &entry.addresses {
                if let Some(other) = of_url.insert(url.as_str(), at).filter(|other| *other != at) {
                    let row = groups[other].entries.first().map_or(0, |at| entries[*at].row.number);
                    faults.push(rows.fault(
                        entry.row,
                        Field::Addresses,
                        Text {
                            zh: format!("与第 {row} 行的另一个网站网址相同"),
                            en: format!("another site, in row {row}, has the same address"),
                        },
                        Text::both("核对标识码、网站编码和网址", "look at codes, site ids and addresses"),
                    ));
                }
            }
        }
    }
}

/// Rows by unit. `site_of` gives the site's id of an entry.
pub(super) fn units(
    entries: &[Entry<'_>],
    rows: &Rows,
    known: &Registry,
    site_of: &dyn Fn(usize) -> Option<String>,
    faults: &mut Vec<Fault>,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_name: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let Some(id) = entry.unit_id.as_deref() else { continue };
        let at = *by_id.entry(id).or_insert_with(|| {
            groups.push(Group { id: id.to_owned(), given: true, ..Group::default() });
            groups.len() - 1
        });
        groups[at].entries.push(index);
        if let Some(name) = &entry.unit {
            by_name.entry(fold(name)).or_default().insert(at);
        }
    }
    for (index, entry) in entries.iter().enumerate() {
        let Some(name) = entry.unit.as_deref().filter(|_| entry.unit_id.is_none() && !entry.bad.contains(&Field::UnitId)) else {
            continue;
        };
        let same = by_name.entry(fold(name)).or_default();
        if same.len() > 1 {
            faults.push(rows.fault(
                entry.row,
                Field::Unit,
                Text::both("有几个同名单位，不知道是哪一个", "there are several units of this name: which of them is not known"),
                Text::both("写明单位编码", "give the unit id"),
            ));
            continue;
        }
        let at = same.first().copied().unwrap_or_else(|| {
            groups.push(Group::default());
            groups.len() - 1
        });
        same.insert(at);
        groups[at].entries.push(index);
    }
    let mut known_names: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for unit in &known.units {
        known_names.entry(fold(&unit.name)).or_default().push(&unit.id);
    }
    for group in &mut groups {
        group.entries.sort_unstable();
        if group.given {
            continue;
        }
        let name = group.entries.iter().find_map(|at| entries[*at].unit.as_deref()).unwrap_or_default();
        group.id = match known_names.get(&fold(name)).map(Vec::as_slice) {
            Some([only]) => (*only).to_owned(),
            _ => {
                let site = group.entries.iter().filter_map(|at| site_of(*at)).min().unwrap_or_else(|| "unit".to_owned());
                format!("{}-{}", site.chars().take(48).collect::<String>(), print(name))
            }
        };
    }
    let mut ids: BTreeMap<&str, u32> = BTreeMap::new();
    for group in &groups {
        let Some(first) = group.entries.first().map(|at| &entries[*at]) else { continue };
        if let Some(row) = ids.insert(&group.id, first.row.number) {
            faults.push(rows.fault(
                first.row,
                Field::UnitId,
                Text {
                    zh: format!("单位编码 {} 与第 {row} 行的单位相同", group.id),
                    en: format!("the unit of row {row} has the same id, {}", group.id),
                },
                Text::both("写两个不同的单位编码", "give them different unit ids"),
            ));
        }
    }
    groups
}
