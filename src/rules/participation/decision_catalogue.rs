//! The catalogue of the year's major administrative decisions (重大行政决策事项目录) is published.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::finding::Observation;
use crate::rules::yearly::{self, DayOfYear, Duty, Entry};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DecisionCatalogue {
    /// Day by which the catalogue of a year has to be there; none: when the year ends.
    due: Option<DayOfYear>,
    /// Is a note that there are no such decisions enough?
    note: bool,
    /// Columns that hold it.
    columns: Vec<String>,
}

impl Default for DecisionCatalogue {
    fn default() -> Self {
        DecisionCatalogue { due: None, note: true, columns: vec!["decision-catalogue".to_owned(), "decision-drafts".to_owned()] }
    }
}

impl Rule for DecisionCatalogue {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let published = yearly::published(site, &self.columns);
        let year = yearly::newest_due(self.due, context.as_of);
        let standing = yearly::standing(
            &published,
            year,
            is_catalogue,
            |entry: &Entry<'_>| entry.years(),
            |entry| entry.inside && entry.title.contains("决策") || entry.title.contains("重大行政决策"),
        );
        let duty = Duty { element: "catalogue", year, columns: &self.columns, note: self.note };
        vec![yearly::observe(&duty, standing, &published, context)]
    }
}

/// Not the solicitation of items for it, nor its procedure.
fn is_catalogue(entry: &Entry<'_>) -> bool {
    let title = entry.title.as_str();
    let named = title.contains("决策") && (title.contains("目录") || title.contains("清单")) && !title.contains("标准");
    named && !["征集", "征求", "建议", "程序", "制度", "办法"].iter().any(|word| title.contains(word))
}
