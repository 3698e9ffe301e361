//! Units, operator and scope of a plan: who is judged, and which URLs are crawled for them (design.md 2.6).

use super::{Request, Target, Unit};
use crate::checklist::{Checklist, kinds, place::suggest};
use crate::error::{Error, Result};
use crate::scope::{Scope, ScopeRule};
use crate::url::CanonicalUrl;

/// Units with their scopes settled.
pub(super) struct Places {
    /// Crawled URLs.
    pub(super) scope: Scope,
    /// Units, the implicit operator last.
    pub(super) units: Vec<Unit>,
    /// Id of the operator.
    pub(super) operator: String,
}

/// Settles units and scope. `named` are the checklists that the user named.
pub(super) fn settle(request: &Request, named: &[&Checklist]) -> Result<Places> {
    let seeds = seeds(request)?;
    let site = site_scope(&seeds);
    let mut units = request.units.clone();
    check(&units)?;
    if units.is_empty() {
        let Some(seed) = seeds.first() else {
            let message = "不知道 WARC 里哪个网站是被检查的 / which site of the WARC is audited is not known";
            let hint = "WARC 没有记录起始网址：给出起始网址，或在 --config 里写 [[unit]] / it records no seed: give one, or write a [[unit]] in --config";
            return Err(Error::usage_with(message, hint));
        };
        units.push(host_unit(seed, &site));
    }
    for unit in &mut units {
        if unit.scope.include.is_empty() {
            unit.scope.include = site.include.clone();
        }
    }
    let hosts = hosts(&site, &units);
    for unit in &mut units {
        unit.scope.include = bound_to_hosts(&unit.scope.include, &hosts);
    }
    kinds_of_named(&mut units, named)?;
    let operator = match (&request.operator, units.len()) {
        (Some(id), _) => match units.iter().find(|unit| unit.id == *id) {
            Some(unit) => unit.id.clone(),
            None => {
                let hint = suggest(id, units.iter().map(|u| u.id.as_str())).unwrap_or_default();
                return Err(Error::usage_with(format!("没有这个单位 / the operator `{id}` is no unit"), hint));
            }
        },
        (None, 1) => units[0].id.clone(),
        (None, _) => {
            let Some(seed) = seeds.first() else {
                let message = "有多个单位而不知道谁运营网站 / several units, and who operates the site is not known";
                return Err(Error::usage_with(message, "写明 operator = \"单位 id\" / say operator = \"unit id\""));
            };
            let unit = host_unit(seed, &site);
            let id = unit.id.clone();
            if units.iter().any(|known| known.id == id) {
                return Err(Error::usage_with(
                    format!("单位 id `{id}` 与网站同名 / a unit has the id of the site, `{id}`"),
                    format!("写明 operator = \"{id}\"，或改单位 id / say operator = \"{id}\", or rename the unit"),
                ));
            }
            units.push(unit);
            id
        }
    };
    let scope = union(&units);
    if let Some(seed) = seeds.iter().find(|seed| !hosts_of(&scope).contains(&seed.authority())) {
        let message = format!("起始网址不在任何单位的范围内 / the seed {seed} is outside of every unit's scope");
        return Err(Error::usage_with(message, format!("范围内的主机 / hosts in scope: {}", hosts_of(&scope).join(", "))));
    }
    Ok(Places { scope, units, operator })
}

fn seeds(request: &Request) -> Result<Vec<CanonicalUrl>> {
    let mut seeds: Vec<CanonicalUrl> = request.seed.iter().cloned().collect();
    match &request.target {
        Target::Live(live) if live.is_empty() => return Err(Error::usage("没有要检查的网址 / no URL to audit")),
        Target::Live(live) => seeds.extend(live.iter().cloned()),
        Target::Folder { base, .. } => seeds.push(base.clone()),
        Target::Warc(_) => {}
    }
    Ok(seeds)
}

fn check(units: &[Unit]) -> Result<()> {
    for (at, unit) in units.iter().enumerate() {
        if unit.id.trim().is_empty() {
            return Err(Error::usage(format!("第 {} 个单位没有 id / unit number {} has no id", at + 1, at + 1)));
        }
        if units[..at].iter().any(|other| other.id == unit.id) {
            return Err(Error::usage(format!("单位 id 重复 / two units have the id `{}`", unit.id)));
        }
        if let Some(kind) = &unit.kind
            && kinds::find(kind).is_none()
        {
            let message = format!("单位 {} 的类别未知 / unknown kind of body `{kind}`", unit.id);
            return Err(match suggest(kind, kinds::ids()) {
                Some(hint) => Error::usage_with(message, hint),
                None => Error::usage(message),
            });
        }
    }
    Ok(())
}

/// A unit that is the whole site, named after its host.
fn host_unit(seed: &CanonicalUrl, site: &Scope) -> Unit {
    let host = seed.authority().to_owned();
    Unit { id: host.clone(), name: host, kind: None, scope: site.clone() }
}

/// The seeds' origins with their twins.
fn site_scope(seeds: &[CanonicalUrl]) -> Scope {
    let mut scope = Scope::default();
    for rule in seeds.iter().flat_map(|seed| Scope::of_seed(seed).include) {
        push(&mut scope.include, rule);
    }
    scope
}

fn push(rules: &mut Vec<ScopeRule>, rule: ScopeRule) {
    if !rules.contains(&rule) {
        rules.push(rule);
    }
}

fn hosts_of(scope: &Scope) -> Vec<&str> {
    scope.include.iter().filter_map(|rule| rule.host.as_deref()).collect()
}

/// Every host of the site: those of the seeds and those that units name.
fn hosts(site: &Scope, units: &[Unit]) -> Vec<String> {
    let mut hosts: Vec<String> = Vec::new();
    for host in hosts_of(site).into_iter().chain(units.iter().flat_map(|unit| hosts_of(&unit.scope))) {
        if !hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) {
            hosts.push(host.to_ascii_lowercase());
        }
    }
    hosts
}

/// "Any host of the site" spelled out: a bare `/gaj/` must not take in the same path of somebody else's host.
fn bound_to_hosts(rules: &[ScopeRule], hosts: &[String]) -> Vec<ScopeRule> {
    let mut bound = Vec::new();
    for rule in rules {
        match rule.host {
            Some(_) => push(&mut bound, rule.clone()),
            None => hosts.iter().for_each(|host| push(&mut bound, ScopeRule { host: Some(host.clone()), ..rule.clone() })),
        }
    }
    bound
}

/// A checklist that the user named for bodies of one kind says what a unit without kind is.
fn kinds_of_named(units: &mut [Unit], named: &[&Checklist]) -> Result<()> {
    let mut meant: Vec<&str> = named
        .iter()
        .filter_map(|c| <[String; 1]>::try_from(c.applies_to.clone()).ok().map(|_| c.applies_to[0].as_str()))
        .collect();
    meant.sort_unstable();
    meant.dedup();
    let unknown = units.iter().filter(|unit| unit.kind.is_none()).count();
    match meant[..] {
        [only] => units.iter_mut().filter(|unit| unit.kind.is_none()).for_each(|unit| unit.kind = Some(only.to_owned())),
        [_, _, ..] if unknown > 0 => {
            let message =
                format!("清单针对不同类别的单位 / the checklists are for bodies of different kinds: {}", meant.join(", "));
            return Err(Error::usage_with(
                message,
                "在 --config 的 [[unit]] 里写明 kind / say `kind` in the [[unit]] of --config",
            ));
        }
        _ => {}
    }
    for list in named {
        let concerned = |unit: &Unit| unit.kind.as_ref().is_some_and(|kind| list.applies_to.contains(kind));
        if !list.applies_to.is_empty() && !units.iter().any(concerned) {
            let message = format!("清单 {} 与所有单位无关 / checklist `{}` concerns none of the units", list.id, list.id);
            return Err(Error::usage_with(message, format!("它针对 / it is for: {}", list.applies_to.join(", "))));
        }
    }
    Ok(())
}

/// The union of the units' scopes as far as a URL tells: what a publisher decides is judged, not crawled by. An exclusion stays only
/// where no other unit claims what it leaves out.
fn union(units: &[Unit]) -> Scope {
    let mut scope = Scope::default();
    for unit in units {
        for rule in &unit.scope.include {
            push(&mut scope.include, ScopeRule { publisher: None, ..rule.clone() });
        }
    }
    for (at, unit) in units.iter().enumerate() {
        for rule in unit.scope.exclude.iter().filter(|rule| rule.publisher.is_none()) {
            let claimed = units.iter().enumerate().any(|(other_at, other)| {
                other_at != at
                    && !other.scope.exclude.contains(rule)
                    && other.scope.include.iter().any(|include| overlap(include, rule))
            });
            if !claimed {
                push(&mut scope.exclude, rule.clone());
            }
        }
    }
    scope
}

/// Can one URL satisfy both rules?
fn overlap(a: &ScopeRule, b: &ScopeRule) -> bool {
    let both = |x: &Option<String>, y: &Option<String>, meet: &dyn Fn(&str, &str) -> bool| match (x, y) {
        (Some(x), Some(y)) => meet(x, y),
        _ => true,
    };
    let folders = |x: &str, y: &str| {
        let (x, y) = (format!("{}/", x.trim_end_matches('/')), format!("{}/", y.trim_end_matches('/')));
        x.starts_with(&y) || y.starts_with(&x)
    };
    let queries = match (&a.query, &b.query) {
        (Some(x), Some(y)) => x.key != y.key || x.value == y.value,
        _ => true,
    };
    both(&a.host, &b.host, &|x, y| x.eq_ignore_ascii_case(y)) && both(&a.path, &b.path, &folders) && queries
}
