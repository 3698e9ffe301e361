//! A column holds something: items, sub-columns, or a note that says why there is nothing (情况说明).

use crate::checklist::columns::{ColumnClass, ColumnMatch};
use crate::exchange::Gathering;
use crate::facts::site::Column;
use crate::finding::{Location, Observation, RootCause};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ColumnEmpty {}

impl Rule for ColumnEmpty {
    type Subject = Column;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, column: &Column, context: &Context<'_>) -> Vec<Observation> {
        if !column.items.is_empty() || column.note.is_some() || !column.children.is_empty() {
            return vec![Observation::passed()];
        }
        let mut path = column.path.clone();
        path.push(column.name.clone());
        let location = Location { text: Some(column.name.clone()), column_path: path, ..Location::page(&column.url) };
        let place = |observation: Observation| {
            vec![observation.with("column", column.name.as_str()).seen(location.clone()).cause(RootCause::Column)]
        };
        if column.script_filled {
            return place(Observation::cannot_tell("scripted"));
        }
        // 概况 and 机构职能 are texts, not lists: no items say nothing about them.
        let class = match &column.matched {
            ColumnMatch::Is(id) => context.book.find(id).map(|entry| entry.class),
            _ => None,
        };
        if class == Some(ColumnClass::Static) {
            return vec![Observation::inapplicable()];
        }
        if !column.complete {
            return place(Observation::untested("incomplete"));
        }
        place(Observation::failed("empty").prove("items", "0").prove("pages", column.pages.len().to_string()))
    }
}
