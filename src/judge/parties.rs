//! Who is judged: every unit for its own pages, and the operator for the site as a whole.

use super::questions::Question;
use super::{RunInfo, day};
use crate::checklist::columns::ColumnClass;
use crate::checklist::{Checklist, Item};
use crate::facts::header::Field;
use crate::facts::probes::Probes;
use crate::facts::site::{Bound, Ends, Said, SiteBuilder};
use crate::facts::{File, Page, Site};
use crate::plan::{Plan, Target, Unit};
use crate::registry::{Binding, BindingState};
use crate::scope::Scope;
use crate::shelf::Shelf;
use crate::url::CanonicalUrl;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Seeds beyond this number are a list of pages, not doors of a site.
const MOST_DOORS: usize = 8;

/// One body under judgement with its site facts.
pub struct Party {
    /// Unit id that is charged.
    pub id: String,
    /// Name of the unit, for reports.
    pub name: String,
    /// The unit; none for the site as a whole.
    pub unit: Option<usize>,
    /// Judgements asked, as indices into the plan.
    pub questions: BTreeSet<usize>,
    /// Items bound, as indices into `Plan::bound`.
    pub bounds: Vec<usize>,
    /// Site facts.
    pub site: Rc<Site>,
}

/// Folds the material into the site of every party.
pub struct Fold<'p> {
    plan: &'p Plan,
    builders: Vec<SiteBuilder<'p>>,
    /// Builder of each unit, and that of the whole.
    of_unit: Vec<usize>,
    of_whole: usize,
}

impl<'p> Fold<'p> {
    /// Builders for the units and the whole; a single unit that is the whole site shares one.
    pub fn new(plan: &'p Plan, info: &RunInfo, shelf: Shelf) -> Self {
        let until = day(plan, info);
        let own = OwnOrigins::of(plan, info);
        let builder = |scope: &'p Scope, bound: Vec<Bound>| {
            let own = own.clone();
            SiteBuilder::new(move |url| own.holds(url), &plan.book)
                .within(move |url| scope.contains(url, None))
                .homes(homes(scope, plan, info))
                .until(until)
                .shelf(shelf.another())
                .cut(!info.complete)
                .bound(bound)
        };
        let mut builders = vec![builder(&plan.scope, plan.bindings.iter().map(bound).collect())];
        let mut of_unit = Vec::new();
        for unit in &plan.units {
            if plan.units.len() == 1 && unit.scope == plan.scope {
                of_unit.push(0);
            } else {
                of_unit.push(builders.len());
                let own = plan.bindings.iter().filter(|binding| binding.unit == unit.id);
                builders.push(builder(&unit.scope, own.map(bound).collect()));
            }
        }
        Fold { plan, builders, of_unit, of_whole: 0 }
    }

    /// Adds a page to the whole and to the unit that it belongs to.
    pub fn add_page(&mut self, page: &Page) {
        self.builders[self.of_whole].add_page(page);
        if let Some(unit) = unit_of(self.plan, page)
            && self.of_unit[unit] != self.of_whole
        {
            self.builders[self.of_unit[unit]].add_page(page);
        }
    }

    /// Adds a file to the whole and to the unit that it belongs to.
    pub fn add_file(&mut self, file: &File) {
        self.builders[self.of_whole].add_file(file);
        if let Some(unit) = unit_of_file(self.plan, file)
            && self.of_unit[unit] != self.of_whole
        {
            self.builders[self.of_unit[unit]].add_file(file);
        }
    }

    /// Adds the answers to probes: they are about hosts and pages of the whole.
    pub fn add_probes(&mut self, probes: &Probes) {
        self.builders.iter_mut().for_each(|builder| builder.add_probes(probes.clone()));
    }

    /// Counts how a URL ended.
    pub fn add_end(&mut self, state: &crate::facts::site::UrlState) {
        self.builders.iter_mut().for_each(|builder| builder.add_end(state));
    }

    /// Ends the folds.
    pub fn finish(self, questions: &[Question<'_>], ends: &Ends) -> (Vec<Party>, Rc<Site>) {
        let Fold { plan, builders, of_unit, of_whole } = self;
        let sites: Vec<Rc<Site>> = builders.into_iter().map(|builder| Rc::new(builder.finish_with(ends))).collect();
        let whole = Rc::clone(&sites[of_whole]);
        let operator = plan.units.iter().find(|unit| unit.id == plan.operator);
        let mut parties: Vec<Party> = Vec::new();
        for (index, unit) in plan.units.iter().enumerate() {
            parties.push(Party {
                id: unit.id.clone(),
                name: unit.name.clone(),
                unit: Some(index),
                questions: BTreeSet::new(),
                bounds: Vec::new(),
                site: Rc::clone(&sites[of_unit[index]]),
            });
        }
        parties.push(Party {
            id: plan.operator.clone(),
            name: operator.map_or_else(|| plan.operator.clone(), |unit| unit.name.clone()),
            unit: None,
            questions: BTreeSet::new(),
            bounds: Vec::new(),
            site: Rc::clone(&whole),
        });
        for party in &mut parties {
            let unit = party.unit.map_or(operator, |index| plan.units.get(index));
            for (index, bound) in plan.bound.iter().enumerate() {
                let asked: Vec<usize> = bound
                    .judgements
                    .iter()
                    .copied()
                    .filter(|j| questions.get(*j).is_some_and(|q| q.judgement.whole_site == party.unit.is_none()))
                    .collect();
                let list = plan.checklists.get(bound.checklist);
                let item = list.and_then(|list| list.items.get(bound.item));
                if let (Some(list), Some(item)) = (list, item)
                    && !asked.is_empty()
                    && concerns(list, item, unit)
                {
                    party.bounds.push(index);
                    party.questions.extend(asked);
                }
            }
        }
        (parties, whole)
    }
}

/// What a binding says, as a fact.
fn bound(binding: &Binding) -> Bound {
    Bound {
        url: binding.url.clone(),
        name: binding.name.clone(),
        column: binding.column.clone(),
        class: binding.class.as_deref().and_then(ColumnClass::of_word),
        window_days: binding.window_days,
        said: match binding.state {
            BindingState::Proposed => Said::Proposed,
            BindingState::Confirmed => Said::Confirmed,
            BindingState::Rejected => Said::Rejected,
        },
    }
}

/// Is an item meant for this kind of body? Without a kind only what is meant for all.
fn concerns(list: &Checklist, item: &Item, unit: Option<&Unit>) -> bool {
    let kind = unit.and_then(|unit| unit.kind.as_ref());
    let meant = |kinds: &[String]| kinds.is_empty() || kind.is_some_and(|kind| kinds.contains(kind));
    meant(&list.applies_to) && meant(&item.applies_to)
}

/// The unit with the most specific scope rule that holds for a page; the first of equals.
pub fn unit_of(plan: &Plan, page: &Page) -> Option<usize> {
    let publisher = page.header.value(Field::IssuingBody);
    let mut best = None;
    for (index, unit) in plan.units.iter().enumerate() {
        if let Some(weight) = unit.scope.matched(&page.url, publisher)
            && best.is_none_or(|(heaviest, _)| weight > heaviest)
        {
            best = Some((weight, index));
        }
    }
    best.map(|(_, index)| index)
}

/// The unit of a file: that of its own address, else that of the page that offers it.
pub fn unit_of_file(plan: &Plan, file: &File) -> Option<usize> {
    let best = |url: &CanonicalUrl| {
        let weights = plan.units.iter().enumerate().filter_map(|(index, unit)| Some((unit.scope.matched(url, None)?, index)));
        weights.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, index)| index)
    };
    file.via.as_ref().and_then(best).or_else(|| best(&file.url))
}

/// Origins of the site, twins included: a shared host is own as a whole, whatever paths its units have.
#[derive(Clone)]
struct OwnOrigins<'p> {
    scope: &'p Scope,
    hosts: Rc<BTreeSet<String>>,
}

impl<'p> OwnOrigins<'p> {
    fn of(plan: &'p Plan, info: &RunInfo) -> Self {
        let scopes = plan.units.iter().map(|unit| &unit.scope).chain([&plan.scope]);
        let mut hosts: BTreeSet<String> = scopes
            .flat_map(|scope| &scope.include)
            .filter_map(|rule| rule.host.as_ref())
            .map(|h| h.to_ascii_lowercase())
            .collect();
        match &plan.target {
            Target::Live(seeds) => hosts.extend(seeds.iter().map(|seed| seed.authority().to_ascii_lowercase())),
            Target::Folder { base, .. } => hosts.extend([base.authority().to_ascii_lowercase()]),
            Target::Warc(_) => hosts.extend(info.seeds.iter().map(|seed| seed.authority().to_ascii_lowercase())),
        }
        OwnOrigins { scope: &plan.scope, hosts: Rc::new(hosts) }
    }

    fn holds(&self, url: &CanonicalUrl) -> bool {
        self.hosts.contains(&url.authority().to_ascii_lowercase()) || self.scope.contains(url, None)
    }
}

/// Where the home page of a scope is looked for: the roots that its rules name, then the seeds inside it.
fn homes(scope: &Scope, plan: &Plan, info: &RunInfo) -> Vec<CanonicalUrl> {
    let seeds: &[CanonicalUrl] = match &plan.target {
        Target::Live(seeds) => seeds,
        Target::Folder { base, .. } => std::slice::from_ref(base),
        Target::Warc(_) if info.seeds.len() <= MOST_DOORS => &info.seeds,
        Target::Warc(_) => &[],
    };
    let mut homes: Vec<CanonicalUrl> = Vec::new();
    let mut add = |url: CanonicalUrl| {
        if !homes.contains(&url) {
            homes.push(url);
        }
    };
    for rule in &scope.include {
        let hosts: Vec<String> = match &rule.host {
            Some(host) => vec![host.clone()],
            None => seeds.iter().map(|seed| seed.authority().to_owned()).collect(),
        };
        if rule.query.is_some() || rule.publisher.is_some() {
            continue;
        }
        for host in hosts {
            let path = rule.path.as_deref().unwrap_or("/");
            let folder = if path.ends_with('/') || path.contains('.') { path.to_owned() } else { format!("{path}/") };
            for scheme in ["http", "https"] {
                if let Ok(url) = CanonicalUrl::parse(&format!("{scheme}://{host}{folder}")) {
                    add(url);
                }
            }
        }
    }
    // A seed deep inside is where the crawl began, not the door of the site: what a home page owes is not asked of it.
    let told_by_query = scope.include.iter().any(|rule| rule.query.is_some() || rule.publisher.is_some());
    let is_door = |seed: &CanonicalUrl| seed.path().split('/').filter(|segment| !segment.is_empty()).count() <= 1;
    for seed in seeds.iter().filter(|seed| scope.contains(seed, None) && (told_by_query || is_door(seed))) {
        add(seed.clone());
    }
    homes
}
