//! One row of the table with its cells read.

use super::cells::{self, Part, Wrong};
use super::{Field, Row, Rows};
use crate::checklist::Cadence;
use crate::finding::Text;
use crate::registry::fault::Fault;
use crate::registry::{Contact, Standing};
use crate::scope::Scope;
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, BTreeSet};

/// A row with its cells read. A cell that is wrong is empty here and named in `bad`, so that it is told once.
pub(super) struct Entry<'r> {
    pub row: &'r Row,
    pub bad: BTreeSet<Field>,
    pub unit: Option<String>,
    pub unit_id: Option<String>,
    pub site: Option<String>,
    pub site_id: Option<String>,
    pub code: Option<String>,
    pub addresses: Vec<CanonicalUrl>,
    pub texts: BTreeMap<Field, String>,
    pub contacts: Option<Vec<Contact>>,
    pub scope: Scope,
    pub cadences: Option<Vec<Cadence>>,
    pub standing: Option<Standing>,
}

impl Entry<'_> {
    /// Does it say anything of a site?
    pub(super) fn has_site(&self) -> bool {
        const OF_SITE: [Field; 5] = [Field::Site, Field::SiteId, Field::Code, Field::Addresses, Field::Scope];
        OF_SITE.iter().any(|field| self.row.get(*field).is_some())
    }
}

/// Reads one row; what is wrong goes to `faults`.
pub(super) fn entry<'r>(row: &'r Row, rows: &Rows, faults: &mut Vec<Fault>) -> Entry<'r> {
    let mut bad = BTreeSet::new();
    for (field, text) in &row.cells {
        if let Err((message, hint)) = cells::harmless(text) {
            faults.push(rows.fault(row, *field, message, hint));
            bad.insert(*field);
        }
    }
    let mut told: Vec<(Field, Wrong)> = Vec::new();
    let text = |field: Field| row.get(field).filter(|_| !bad.contains(&field));
    fn one<T>(told: &mut Vec<(Field, Wrong)>, field: Field, read: Option<Result<T, Wrong>>) -> Option<T> {
        match read? {
            Ok(value) => Some(value),
            Err(wrong) => {
                told.push((field, wrong));
                None
            }
        }
    }
    let unit = one(&mut told, Field::Unit, text(Field::Unit).map(cells::name));
    let unit_id = one(&mut told, Field::UnitId, text(Field::UnitId).map(cells::id));
    let site = one(&mut told, Field::Site, text(Field::Site).map(cells::name));
    let site_id = one(&mut told, Field::SiteId, text(Field::SiteId).map(cells::id));
    let code = one(&mut told, Field::Code, text(Field::Code).map(cells::code));
    let addresses = one(&mut told, Field::Addresses, text(Field::Addresses).map(cells::addresses)).unwrap_or_default();
    let scope = one(&mut told, Field::Scope, text(Field::Scope).map(cells::scope)).unwrap_or_default();
    let cadences = one(&mut told, Field::Cadence, text(Field::Cadence).map(cells::cadences));
    let mut texts = BTreeMap::new();
    for field in
        [Field::Superior, Field::Region, Field::Group, Field::Operator, Field::Platform, Field::PlatformOperator, Field::Basis]
    {
        if let Some(name) = one(&mut told, field, text(field).map(cells::name)) {
            texts.insert(field, name);
        }
    }
    if let Some(kind) = one(&mut told, Field::Kind, text(Field::Kind).map(cells::kind)) {
        texts.insert(Field::Kind, kind);
    }
    if let Some(id) = one(&mut told, Field::PlatformId, text(Field::PlatformId).map(cells::id)) {
        texts.insert(Field::PlatformId, id);
    }
    let persons = [Field::Contact, Field::Phone, Field::Mail].map(|field| text(field).unwrap_or_default());
    let contacts = match cells::contacts(persons[0], persons[1], persons[2]) {
        Ok(contacts) => Some(contacts).filter(|contacts| !contacts.is_empty()),
        Err((part, wrong)) => {
            let field = match part {
                Part::Name => Field::Contact,
                Part::Phone => Field::Phone,
                Part::Mail => Field::Mail,
            };
            told.push((field, wrong));
            None
        }
    };
    let state = one(&mut told, Field::State, text(Field::State).map(cells::state));
    let since = one(&mut told, Field::Since, text(Field::Since).map(cells::day));
    let until = one(&mut told, Field::Until, text(Field::Until).map(cells::day));
    let basis = texts.remove(&Field::Basis);
    if let (Some(since), Some(until)) = (since, until)
        && until < since
    {
        told.push((
            Field::Until,
            (Text::both("止日早于起日", "ends before it begins"), Text::both("核对两个日期", "look at both days")),
        ));
    }
    let filled = state.is_some() || since.is_some() || until.is_some() || basis.is_some();
    let standing = filled.then(|| Standing { state: state.unwrap_or_default(), since, until, basis });
    if unit.is_none() && unit_id.is_none() && row.get(Field::Unit).is_none() && row.get(Field::UnitId).is_none() {
        told.push((
            Field::Unit,
            (Text::both("缺少单位名称", "the name of the unit is missing"), Text::both("每行写一个单位", "every row has a unit")),
        ));
    }
    for (field, (message, hint)) in told {
        faults.push(rows.fault(row, field, message, hint));
        bad.insert(field);
    }
    Entry { row, bad, unit, unit_id, site, site_id, code, addresses, texts, contacts, scope, cadences, standing }
}
