//! The same table written as a workbook, such that reading it gives the same registry.

use super::{Field, Taken, cells};
use crate::checklist::kinds;
use crate::error::{Error, Result};
use crate::registry::book::Book;
use crate::registry::{Holding, Registry, Site, SiteState, Standing};
use crate::scope::ScopeRule;
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Writes a registry as a workbook. What the table cannot say (a site that no unit holds, two units of one scope) is refused: a file
/// that would be read differently is never written.
pub fn write_xlsx(registry: &Registry) -> Result<Vec<u8>> {
    let bytes = workbook(registry)?;
    let file = Path::new("sites.xlsx");
    let mut wanted = registry.clone();
    wanted.sort();
    for rule in wanted.holdings.iter_mut().flat_map(|holding| holding.scope.include.iter_mut().chain(&mut holding.scope.exclude))
    {
        rule.path = rule.path.take().filter(|path| path != "/");
    }
    if wanted.units.is_empty() {
        return Ok(bytes);
    }
    let message = match super::read_bytes(file, &bytes, &Registry::default())? {
        Taken::Whole { registry, .. } if registry == wanted => return Ok(bytes),
        Taken::Whole { registry, .. } => format!("会读成另一份 / would be read differently: {}", difference(&wanted, &registry)),
        Taken::Nothing(faults) => faults.iter().take(3).map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    };
    Err(Error::usage_with(
        format!("这份名录无法写成表格 / a table cannot hold this registry: {message}"),
        "改正所说的单位或网站 / correct what is named",
    ))
}

/// The first thing that differs.
fn difference(wanted: &Registry, read: &Registry) -> String {
    fn first<T: PartialEq>(a: &[T], b: &[T], id: impl Fn(&T) -> String) -> Option<String> {
        let at = a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()));
        a.get(at).or(b.get(at)).filter(|_| a != b).map(id)
    }
    first(&wanted.units, &read.units, |unit| unit.id.clone())
        .or_else(|| first(&wanted.sites, &read.sites, |site| site.id.clone()))
        .or_else(|| first(&wanted.platforms, &read.platforms, |platform| platform.id.clone()))
        .or_else(|| first(&wanted.holdings, &read.holdings, |held| format!("{} {}", held.site, held.unit)))
        .unwrap_or_default()
}

fn workbook(registry: &Registry) -> Result<Vec<u8>> {
    let fields: Vec<Field> = Field::all().collect();
    let mut book = Book::new();
    let widths = fields.iter().map(|field| width(*field));
    let heads: Vec<(String, f64)> = fields.iter().map(|field| field.word().to_owned()).zip(widths).collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for cells in table(registry) {
        rows.push(fields.iter().map(|field| cells.get(field).cloned().unwrap_or_default()).collect());
    }
    let mut sheet = book.table("单位和网站", &heads)?;
    for row in &rows {
        sheet.row(row)?;
    }
    let column = |field: Field| fields.iter().position(|known| *known == field).unwrap_or_default();
    let kinds: Vec<String> = kinds::all().iter().map(|kind| kind.name.zh.clone()).collect();
    sheet.choices(column(Field::Kind), &kinds, true)?;
    let states: Vec<String> =
        cells::STATES.iter().filter_map(|(_, words)| words.first()).map(|word| (*word).to_owned()).collect();
    sheet.choices(column(Field::State), &states, true)?;
    sheet.keep_in_sight(1)?;
    sheet.finish()?;
    book.save()
}

fn width(field: Field) -> f64 {
    match field {
        Field::Unit | Field::Site | Field::Superior | Field::Operator => 26.0,
        Field::Addresses | Field::Scope => 40.0,
        Field::Kind | Field::Mail | Field::Platform | Field::Basis => 20.0,
        _ => 14.0,
    }
}

/// Rows: each holding, then the units that hold nothing.
fn table(registry: &Registry) -> Vec<BTreeMap<Field, String>> {
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for unit in &registry.units {
        *times.entry(fold(&unit.name)).or_default() += 1;
    }
    let ids: BTreeSet<&str> = registry.units.iter().map(|unit| unit.id.as_str()).collect();
    // A name says more to people; where it would not be found again, the id stands.
    let called = |id: &Option<String>| -> String {
        let Some(id) = id else { return String::new() };
        match registry.unit(id) {
            Some(unit) if times.get(&fold(&unit.name)) == Some(&1) && !ids.contains(unit.name.as_str()) => unit.name.clone(),
            _ => id.clone(),
        }
    };
    let sites: BTreeMap<&str, &Site> = registry.sites.iter().map(|site| (site.id.as_str(), site)).collect();
    let mut holding: BTreeSet<&str> = BTreeSet::new();
    let mut rows = Vec::new();
    let mut holdings: Vec<&Holding> = registry.holdings.iter().collect();
    holdings.sort_by_key(|held| (&held.site, &held.unit));
    for held in holdings {
        holding.insert(&held.unit);
        let mut cells = unit_cells(registry, &held.unit, &called);
        if let Some(site) = sites.get(held.site.as_str()) {
            site_cells(registry, site, &called, &mut cells);
        }
        let include = held.scope.include.iter().map(ScopeRule::to_string);
        let exclude = held.scope.exclude.iter().map(|rule| format!("- {rule}"));
        cells.insert(Field::Scope, include.chain(exclude).collect::<Vec<_>>().join("；"));
        rows.push(cells);
    }
    for unit in registry.units.iter().filter(|unit| !holding.contains(unit.id.as_str())) {
        rows.push(unit_cells(registry, &unit.id, &called));
    }
    rows
}

type Called<'a> = dyn Fn(&Option<String>) -> String + 'a;

fn unit_cells(registry: &Registry, id: &str, called: &Called<'_>) -> BTreeMap<Field, String> {
    let Some(unit) = registry.unit(id) else { return BTreeMap::new() };
    let join = |get: &dyn Fn(&crate::registry::Contact) -> String| unit.contacts.iter().map(get).collect::<Vec<_>>().join("；");
    let kind = unit.kind.as_deref().and_then(kinds::find).map(|kind| kind.name.zh.clone());
    BTreeMap::from([
        (Field::Unit, unit.name.clone()),
        (Field::UnitId, unit.id.clone()),
        (Field::Superior, called(&unit.superior)),
        (Field::Region, unit.region.clone().unwrap_or_default()),
        (Field::Group, unit.group.clone().unwrap_or_default()),
        (Field::Kind, kind.or_else(|| unit.kind.clone()).unwrap_or_default()),
        (Field::Contact, join(&|contact| contact.name.clone())),
        (Field::Phone, join(&|contact| contact.phone.clone().unwrap_or_default())),
        (Field::Mail, join(&|contact| contact.mail.clone().unwrap_or_default())),
    ])
}

fn site_cells(registry: &Registry, site: &Site, called: &Called<'_>, cells: &mut BTreeMap<Field, String>) {
    let addresses: Vec<&str> = site.addresses.iter().map(|url| url.as_str()).collect();
    let platform = site.platform.as_ref().and_then(|id| registry.platforms.iter().find(|platform| platform.id == *id));
    cells.extend([
        (Field::Site, site.name.clone()),
        (Field::SiteId, site.id.clone()),
        (Field::Code, site.code.clone().unwrap_or_default()),
        (Field::Addresses, addresses.join("；")),
        (Field::Operator, called(&site.operator)),
        (Field::Platform, platform.map(|platform| platform.name.clone()).unwrap_or_default()),
        (Field::PlatformId, site.platform.clone().unwrap_or_default()),
        (Field::PlatformOperator, platform.map(|platform| called(&platform.operator)).unwrap_or_default()),
        (Field::Cadence, super::cells::cadence_words(&site.cadences)),
    ]);
    let Standing { state, since, until, basis } = &site.standing;
    if site.standing != Standing::default() || *state != SiteState::Running {
        let word = cells::STATES.iter().find(|(known, _)| known == state).and_then(|(_, words)| words.first());
        cells.extend([
            (Field::State, word.map(|word| (*word).to_owned()).unwrap_or_default()),
            (Field::Since, since.map(|day| day.to_string()).unwrap_or_default()),
            (Field::Until, until.map(|day| day.to_string()).unwrap_or_default()),
            (Field::Basis, basis.clone().unwrap_or_default()),
        ]);
    }
}
