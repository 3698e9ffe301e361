//! Permits and penalties are publicised within seven working days of the decision (双公示).
//!
//! From the dates of each row where the table gives both; where it gives the decision only, the page's own date stands for the publicity
//! and the answer is suspected, because the same record may have been publicised elsewhere before.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::dates::DateOrigin;
use crate::facts::document_kind::DocumentKind;
use crate::facts::records::{Record, RecordField, of_lines, of_tables};
use crate::finding::{Location, Locus, Observation};
use crate::rules::places::is_in;
use crate::rules::{Context, Rule};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RecordDelay {
    /// Most working days between decision and publicity.
    working_days: i64,
    /// Kinds of document that are judged.
    kinds: Vec<DocumentKind>,
    /// Columns whose pages are judged too, where their tables show such records.
    columns: Vec<String>,
}

impl Default for RecordDelay {
    fn default() -> Self {
        let columns = ["licensing", "penalties", "double-publicity"];
        RecordDelay {
            working_days: 7,
            kinds: vec![DocumentKind::Permit, DocumentKind::Penalty],
            columns: columns.map(str::to_owned).to_vec(),
        }
    }
}

impl Rule for RecordDelay {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let kind = &page.document_kind;
        let asked = kind.sure && self.kinds.contains(&kind.kind) || is_in(context, &page.url, &self.columns);
        if !asked {
            return vec![Observation::inapplicable()];
        }
        let mut sets = of_tables(&page.tables);
        if sets.is_empty() {
            sets.extend(of_lines(&page.document.main));
        }
        let shown = page
            .dates
            .iter()
            .find(|d| matches!(d.origin, DateOrigin::VisibleLabel | DateOrigin::VisibleNearTitle))
            .map(|d| d.date);
        let mut answers = Vec::new();
        let (mut decided, mut beyond) = (0, 0);
        for (set, record) in sets.iter().flat_map(|s| s.records.iter().map(move |r| (s, r))) {
            let Some(decision) = record.date(RecordField::DecisionDate) else { continue };
            let own = record.date(RecordField::PublicityDate);
            let Some(public) = own.or(shown) else { continue };
            // A decision after its publicity is a slip of the pen, or another date.
            if public < decision || decision > context.as_of {
                continue;
            }
            match context.calendar.working_days_between(decision, public) {
                None => beyond += 1,
                Some(days) => {
                    decided += 1;
                    if days > self.working_days {
                        let place = Location { line: set.line, text: Some(record.text.clone()), ..Location::page(&page.url) };
                        let answer = late(record, decision, public, days).with("limit", self.working_days).seen(place);
                        answers.push(if own.is_some() { answer } else { answer.suspected() });
                    }
                }
            }
        }
        if decided == 0 {
            let count = Observation::cannot_tell("no-calendar").with("count", beyond as i64);
            return vec![if beyond > 0 { count.seen(Location::page(&page.url)) } else { Observation::inapplicable() }];
        }
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}

fn late(record: &Record, decision: Date, public: Date, days: i64) -> Observation {
    let number = record.values.get(&RecordField::DecisionNumber).filter(|n| !n.is_empty()).unwrap_or(&record.text);
    Observation::failed("late")
        .at(Locus::Text(number.clone()))
        .with("record", number.as_str())
        .with("decision", decision)
        .with("public", public)
        .with("days", days)
        .prove("row", record.text.as_str())
        .prove("decision", decision.to_string())
        .prove("public", public.to_string())
}
