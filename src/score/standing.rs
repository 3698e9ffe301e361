//! Does an item concern this unit on this day, and does this run answer it?

use crate::checklist::{Charge, Checklist, Item};
use crate::plan::{Plan, Unit};
use jiff::civil::Date;

/// Where an item stands before any outcome is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Judged in this run: index into `Plan::bound`.
    Live(usize),
    /// Asked of other kinds of body, or charged to the operator.
    Elsewhere,
    /// Before `valid_from` or after `valid_until`.
    NotInForce,
    /// Before `due`.
    NotYetDue,
    /// Left to people.
    Manual,
    /// Its cadence is not this run's: nothing was asked.
    OtherCadence,
}

impl Standing {
    /// The word in `ItemScore::note`.
    pub fn note(self) -> Option<&'static str> {
        match self {
            Standing::Live(_) | Standing::Elsewhere => None,
            Standing::NotInForce => Some("not-in-force"),
            Standing::NotYetDue => Some("not-yet-due"),
            Standing::Manual => Some("manual"),
            Standing::OtherCadence => Some("other-cadence"),
        }
    }
}

/// Is this kind of body meant? An empty list means all; a body of no stated kind has only what all have.
pub fn meant(kinds: &[String], kind: Option<&str>) -> bool {
    kinds.is_empty() || kind.is_some_and(|kind| kinds.iter().any(|k| k == kind))
}

/// Where an item stands for a unit. Without a day, an item with dates is not held against anyone.
pub fn of(plan: &Plan, at: (usize, usize), unit: &Unit, as_of: Option<Date>) -> Standing {
    let (list, index) = at;
    let Some(item) = plan.checklists.get(list).and_then(|c| c.items.get(index)) else {
        return Standing::Elsewhere;
    };
    if !meant(&item.applies_to, unit.kind.as_deref()) || (item.subject != Charge::Unit && unit.id != plan.operator) {
        return Standing::Elsewhere;
    }
    if !in_force(item, as_of) {
        return Standing::NotInForce;
    }
    if date(item.due.as_ref()).is_some_and(|due| as_of.is_none_or(|day| day < due)) {
        return Standing::NotYetDue;
    }
    if item.rule_ids().next().is_none() {
        return Standing::Manual;
    }
    plan.bound.iter().position(|b| b.checklist == list && b.item == index).map_or(Standing::OtherCadence, Standing::Live)
}

/// Does a checklist concern a unit at all?
pub fn concerns(checklist: &Checklist, unit: &Unit) -> bool {
    meant(&checklist.applies_to, unit.kind.as_deref())
}

fn in_force(item: &Item, as_of: Option<Date>) -> bool {
    let (from, until) = (date(item.valid_from.as_ref()), date(item.valid_until.as_ref()));
    match as_of {
        Some(day) => from.is_none_or(|from| day >= from) && until.is_none_or(|until| day <= until),
        None => from.is_none() && until.is_none(),
    }
}

/// The civil date of a TOML date or date-time.
fn date(value: Option<&toml::value::Datetime>) -> Option<Date> {
    let date = value?.date?;
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
}
