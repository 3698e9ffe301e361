//! The site shows what Article 20 (2) asks for about the body itself: functions, departments, address, hours, contact, name of the head.
//!
//! The six stand on several pages (机构职能, 内设机构, 领导信息, 联系我们): what one of them shows is shown. Nothing is missing while a
//! page of these columns was not seen, is a picture, a file or a script.

use crate::checklist::columns::ColumnMatch;
use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::document_kind::DocumentKind;
use crate::facts::elements::{Element, Standing};
use crate::facts::site::{Column, PageSummary, TargetOutcome};
use crate::finding::{Location, Locus, Observation};
use crate::rules::places::{columns_of, is_in, linked_as, may_stand_elsewhere};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InstitutionField {
    /// Elements that have to be shown.
    fields: Vec<Element>,
    /// Ids of the columns that may show them.
    columns: Vec<String>,
}

impl Default for InstitutionField {
    fn default() -> Self {
        let columns = ["functions", "leaders", "internal-bodies", "contact"];
        InstitutionField {
            fields: vec![Element::Functions, Element::Structure, Element::Address, Element::Hours, Element::Phone, Element::Head],
            columns: columns.map(str::to_owned).to_vec(),
        }
    }
}

impl Rule for InstitutionField {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let columns: Vec<&Column> = columns_of(site, &self.columns).collect();
        let pages: Vec<&PageSummary> =
            site.pages.values().map(|page| &**page).filter(|page| self.concerns(page, context)).collect();
        // Where there is no such page at all, the missing column is the fault.
        let place = |column: &&&Column| self.columns.iter().position(|id| column.matched == ColumnMatch::Is(id.clone()));
        let Some(first) = columns.iter().min_by_key(place).map(|c| &c.url).or(pages.first().map(|p| &p.url)) else {
            return vec![Observation::inapplicable()];
        };
        let scripted = columns.iter().any(|c| c.script_filled);
        let elsewhere = pages.iter().any(|page| may_stand_elsewhere(page)) || scripted || self.is_unseen(site, context);
        // A footer on every page shows address and telephone, too; whether that is enough a person says.
        let footer = |words: &[&str]| site.footers.iter().any(|(f, ..)| words.iter().any(|w| f.text.contains(w)));
        let in_footer = |field: Element| match field {
            Element::Address => footer(&["地址"]),
            Element::Phone => footer(&["电话"]),
            _ => false,
        };
        let unfinished = !site.complete || columns.iter().any(|c| !c.complete && !c.items.is_empty());
        let mut answers = Vec::new();
        let (mut unread, mut untested) = (Vec::new(), Vec::new());
        for field in &self.fields {
            let standing = self.standing(*field, &columns, &pages);
            let fault = |observation: Observation| {
                let seen = pages.iter().map(|p| p.title.clone()).take(6).collect::<Vec<_>>();
                let observation = observation.at(Locus::Name(field.word())).with("field", field.word());
                observation.prove("pages", seen.join("、")).seen(Location::page(first))
            };
            match standing {
                Standing::Shown => {}
                Standing::Hinted | Standing::Elsewhere => unread.push(field.word()),
                Standing::Empty | Standing::Absent if unfinished => untested.push(field.word()),
                Standing::Empty | Standing::Absent if elsewhere => unread.push(field.word()),
                Standing::Absent if in_footer(*field) => unread.push(field.word()),
                Standing::Empty => answers.push(fault(Observation::failed("empty"))),
                Standing::Absent => answers.push(fault(Observation::failed("absent"))),
            }
        }
        if !unread.is_empty() {
            answers.push(Observation::cannot_tell("unread").with("fields", unread).seen(Location::page(first)));
        }
        if !untested.is_empty() {
            answers.push(Observation::untested("incomplete").with("fields", untested).seen(Location::page(first)));
        }
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}

impl InstitutionField {
    fn concerns(&self, page: &PageSummary, context: &Context<'_>) -> bool {
        matches!(page.document_kind, Some(DocumentKind::Institution | DocumentKind::LeaderProfile))
            || is_in(context, &page.url, &self.columns)
    }

    /// The best standing of an element on any page; a filled column of its own shows departments, functions and the head.
    fn standing(&self, field: Element, columns: &[&Column], pages: &[&PageSummary]) -> Standing {
        let id = match field {
            Element::Functions => "functions",
            Element::Structure => "internal-bodies",
            Element::Head => "leaders",
            _ => "",
        };
        let filled = |c: &Column| {
            c.matched == ColumnMatch::Is(id.to_owned()) && (!c.items.is_empty() || c.note.is_some() || !c.children.is_empty())
        };
        if columns.iter().any(|c| filled(c)) {
            return Standing::Shown;
        }
        pages.iter().map(|p| p.offers.standing(field)).min().unwrap_or(Standing::Absent)
    }

    /// A link to one of the columns that was not seen to answer.
    fn is_unseen(&self, site: &Site, context: &Context<'_>) -> bool {
        let entries: Vec<_> = self.columns.iter().filter_map(|id| context.book.find(id)).collect();
        entries
            .into_iter()
            .flat_map(|entry| linked_as(site, entry))
            .any(|target| matches!(target.outcome, TargetOutcome::Blocked { .. } | TargetOutcome::Unseen { .. }) || !target.own)
    }
}
