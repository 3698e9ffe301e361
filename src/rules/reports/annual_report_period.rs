//! The figures of an annual report cover the whole year of its title, as far as its preface states a period.

use crate::exchange::Gathering;
use crate::facts::AnnualReport;
use crate::facts::annual_report::Form;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnnualReportPeriod {}

impl Rule for AnnualReportPeriod {
    type Subject = AnnualReport;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::Attachments];

    fn observe(&self, report: &AnnualReport, _: &Context<'_>) -> Vec<Observation> {
        match report.form {
            Form::Text => {}
            Form::Attachment => return vec![Observation::untested("not-read")],
            Form::Unread => return vec![Observation::cannot_tell("unread")],
        }
        let Some(period) = &report.period else {
            return vec![Observation::inapplicable()];
        };
        // The year comes from the title; without one there is nothing to compare.
        let Some(year) = AnnualReport::year_of_title(&report.title).flatten() else {
            return vec![Observation::inapplicable()];
        };
        let whole = (period.from.year(), period.from.month(), period.from.day()) == (year, 1, 1)
            && (period.to.year(), period.to.month(), period.to.day()) == (year, 12, 31);
        if whole {
            return vec![Observation::passed()];
        }
        vec![
            Observation::failed("differs")
                .at(Locus::Name("period".to_owned()))
                .with("year", i64::from(year))
                .with("from", period.from)
                .with("to", period.to)
                .prove("title", report.title.as_str())
                .prove("period", period.text.as_str())
                .seen(Location::text(&report.url, period.text.as_str())),
        ]
    }
}
