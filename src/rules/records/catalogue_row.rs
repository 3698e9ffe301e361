//! Each row of the unit's own catalogue (主动公开基本目录) that names a column or a link leads to a place with content.
//!
//! Catalogues come as tables of pages and of files. A column that is named and exists nowhere, a link to a blank page or to the home page
//! only, an empty column. Dead links are `dead-link`'s.

use crate::checklist::columns::ColumnMatch;
use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::catalogue;
use crate::facts::site::{Column, TargetOutcome};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::fold;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CatalogueRow {
    /// A place whose newest date is older than so many days is not current; none: not asked.
    max_days: Option<i64>,
}

impl Rule for CatalogueRow {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        if site.catalogues.is_empty() {
            return vec![Observation::inapplicable()];
        }
        let answers: Vec<Observation> = site.catalogues.iter().filter_map(|row| self.row(site, row, context)).collect();
        if answers.is_empty() {
            let first = &site.catalogues[0];
            let count = site.catalogues.len();
            return vec![Observation::cannot_tell("no-place").with("count", count).seen(Location::page(&first.source))];
        }
        answers
    }
}

impl CatalogueRow {
    /// The answer about one row; none where it names no place.
    fn row(&self, site: &Site, row: &catalogue::CatalogueRow, context: &Context<'_>) -> Option<Observation> {
        let say = |observation: Observation| {
            let place = Location { line: row.line, text: Some(row.item.clone()), ..Location::page(&row.source) };
            Some(
                observation
                    .at(Locus::Text(row.item.clone()))
                    .with("item", row.item.as_str())
                    .prove("row", row.text.as_str())
                    .seen(place),
            )
        };
        if let Some(link) = &row.link {
            return say(self.link(site, link, context));
        }
        let name = row.column.as_deref()?;
        let named = |c: &&Column| fold(&c.name) == fold(name);
        let same = match context.book.lookup(name, &[]) {
            ColumnMatch::Is(id) => Some(id),
            _ => None,
        };
        let is = |c: &&Column| same.as_ref().is_some_and(|id| matches!(&c.matched, ColumnMatch::Is(own) if own == id));
        if let Some(column) = site.columns.values().find(named).or_else(|| site.columns.values().find(is)) {
            return say(self.column(column, context));
        }
        let observation = if site.calls(name) {
            Observation::cannot_tell("unclear")
        } else if !site.complete {
            Observation::untested("incomplete")
        } else {
            // The catalogue may use a name of its own for a column that is there.
            Observation::failed("no-column").suspected()
        };
        say(observation.with("place", name))
    }

    fn column(&self, column: &Column, context: &Context<'_>) -> Observation {
        let at = |observation: Observation| observation.with("place", column.name.as_str());
        if column.items.is_empty() && column.note.is_none() && column.children.is_empty() {
            return at(if column.script_filled {
                Observation::cannot_tell("unclear")
            } else if !column.complete {
                Observation::untested("incomplete")
            } else {
                Observation::failed("empty").prove("url", column.url.as_str())
            });
        }
        match (self.max_days, column.newest) {
            (Some(limit), Some(newest)) if i64::from((context.as_of - newest).get_days()) > limit => {
                at(Observation::failed("old").with("newest", newest).with("limit", limit).prove("newest", newest.to_string()))
            }
            _ => Observation::passed(),
        }
    }

    fn link(&self, site: &Site, link: &CanonicalUrl, context: &Context<'_>) -> Observation {
        let at = |observation: Observation| observation.with("place", link.as_str());
        let target = site.targets.get(link);
        let landed = target.and_then(|t| t.chain.last()).unwrap_or(link);
        if site.home.as_ref().is_some_and(|home| home.url == *landed) {
            return at(Observation::failed("home-only").suspected());
        }
        if let Some(column) = site.columns.values().find(|c| c.pages.contains(landed)) {
            return self.column(column, context);
        }
        if let Some(page) = site.pages.get(landed) {
            let blank = page.offers.is_blank(8);
            return if blank { at(Observation::failed("empty").prove("url", landed.as_str())) } else { Observation::passed() };
        }
        match target.map(|t| &t.outcome) {
            // A dead link is reported as such.
            Some(TargetOutcome::Works { .. } | TargetOutcome::Dead { .. }) => Observation::passed(),
            Some(TargetOutcome::Blocked { .. }) => at(Observation::cannot_tell("unclear")),
            _ => at(Observation::untested("incomplete")),
        }
    }
}
