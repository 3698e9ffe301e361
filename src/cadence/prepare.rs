//! From a site of the registry to a plan: what its cadence asks, where it begins, how far it goes.

use super::office::Office;
use crate::checklist::Cadence;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::plan::{Plan, Request, Target, Unit, make};
use crate::registry::profile::{Profile, Settled};
use crate::registry::{Binding, BindingState};
use crate::store::registry::Watched;
use crate::url::CanonicalUrl;
use jiff::civil::Date;

/// Fronts of columns that a daily look visits at most.
const MOST_FRONTS: usize = 200;

/// The plan of one run of a site. `as_of` is the day on which it is judged.
pub fn plan(
    office: &Office,
    config: &Config,
    profile: &Profile,
    site: &Watched,
    bindings: &[Binding],
    cadence: Cadence,
    as_of: Date,
) -> Result<Plan> {
    make(request(office, config, profile, site, bindings, cadence, as_of)?)
}

/// What is asked of the planner.
pub fn request(
    office: &Office,
    config: &Config,
    profile: &Profile,
    site: &Watched,
    bindings: &[Binding],
    cadence: Cadence,
    as_of: Date,
) -> Result<Request> {
    // What decides how a site is crawled is its operator's; names of columns are those of every unit on it.
    let own: Vec<Settled> = site.units.iter().map(|(unit, _)| profile.settle(unit)).collect();
    let leading = site.operator.as_ref().map(|unit| profile.settle(unit)).or_else(|| own.first().cloned()).unwrap_or_default();
    let mut config = configured(config, &leading)?;
    let mut seeds = site.site.addresses.clone();
    if cadence == Cadence::Daily {
        // The home page, the fronts of columns, and what they lead to: new pages are on them.
        for front in fronts(bindings) {
            if !seeds.contains(&front) {
                seeds.push(front);
            }
        }
        config.max_hops = 1;
    }
    let mut request = Request::new(Target::Live(seeds), config);
    request.units = site
        .units
        .iter()
        .map(|(unit, scope)| Unit { id: unit.id.clone(), name: unit.name.clone(), kind: unit.kind.clone(), scope: scope.clone() })
        .collect();
    if let Some(operator) = &site.operator {
        if !request.units.iter().any(|unit| unit.id == operator.id) {
            // It has no pages of its own here, and yet the footer is charged to it: the whole site is, less what others hold.
            let (id, name, kind) = (operator.id.clone(), operator.name.clone(), operator.kind.clone());
            request.units.push(Unit { id, name, kind, scope: Default::default() });
        }
        request.operator = Some(operator.id.clone());
    }
    request.checklists = leading.checklists.map_or_else(|| office.table(cadence).checklists.clone(), |given| given.value);
    for entry in own.into_iter().flat_map(|settled| settled.columns).chain(leading.columns) {
        if !request.columns.iter().any(|known| known.id == entry.id) {
            request.columns.push(entry);
        }
    }
    request.bindings = bindings.to_vec();
    request.cadence = Some(cadence);
    request.as_of = Some(as_of);
    Ok(request)
}

/// Makes a run that was made outside the office speak of the registry's units: a run of one unit of its own naming is of the one unit that the
/// site has. Any other unit that the registry does not know is refused, for its findings would belong to nobody.
pub fn charge(plan: &mut Plan, site: &Watched) -> Result<()> {
    let mut known: Vec<&crate::registry::Unit> = site.units.iter().map(|(unit, _)| unit).chain(&site.operator).collect();
    known.sort_by(|a, b| a.id.cmp(&b.id));
    known.dedup_by(|a, b| a.id == b.id);
    let Some(strange) = plan.units.iter().find(|unit| known.iter().all(|known| known.id != unit.id)) else { return Ok(()) };
    let strange = strange.id.clone();
    let ([own], [unit]) = (plan.units.as_mut_slice(), known.as_slice()) else {
        let ids: Vec<&str> = known.iter().map(|unit| unit.id.as_str()).collect();
        let message = format!("{}: 名册中该网站没有单位 {} / the registry's site has no such unit", site.site.id, strange);
        return Err(Error::usage_with(message, ids.join(" ")));
    };
    for binding in plan.bindings.iter_mut().filter(|binding| binding.unit == own.id) {
        binding.unit.clone_from(&unit.id);
    }
    own.id.clone_from(&unit.id);
    own.name.clone_from(&unit.name);
    plan.operator.clone_from(&unit.id);
    Ok(())
}

/// The configuration with the values of a profile in it; they were checked when it was read.
fn configured(config: &Config, settled: &Settled) -> Result<Config> {
    let values = settled.config_values();
    if values.is_empty() {
        return Ok(config.clone());
    }
    let internal = |e: &dyn std::fmt::Display| Error::Internal(format!("profile: {e}"));
    let mut table = toml::Table::try_from(config).map_err(|e| internal(&e))?;
    table.extend(values);
    table.try_into().map_err(|e| internal(&e))
}

/// Fronts of the columns that have a rhythm, in order; a rejected binding is no column of the book and still a list.
fn fronts(bindings: &[Binding]) -> Vec<CanonicalUrl> {
    let mut fronts: Vec<&Binding> = bindings
        .iter()
        .filter(|b| b.state != BindingState::Rejected && (b.window_days.is_some() || b.column.is_some()))
        .collect();
    // Those that go stale soonest first, should there be too many.
    fronts.sort_by_key(|binding| (binding.window_days.unwrap_or(u32::MAX), binding.url.clone()));
    fronts.into_iter().take(MOST_FRONTS).map(|binding| binding.url.clone()).collect()
}
