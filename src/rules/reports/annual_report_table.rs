//! An annual report has the three tables of its format, in the version of the year that it is about.
//!
//! A table that its part shows as a picture is not called missing; an empty or missing part is told by `annual-report-part`.

use crate::exchange::Gathering;
use crate::facts::AnnualReport;
use crate::facts::annual_report::{Form, Format, TableKind};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnnualReportTable {}

impl Rule for AnnualReportTable {
    type Subject = AnnualReport;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::Attachments];

    fn observe(&self, report: &AnnualReport, _: &Context<'_>) -> Vec<Observation> {
        match report.form {
            Form::Text => {}
            Form::Attachment => return vec![Observation::untested("not-read")],
            Form::Unread => return vec![Observation::cannot_tell("unread")],
        }
        let Some(year) = report.year else {
            return vec![Observation::cannot_tell("no-year")];
        };
        let Some(expected) = Format::of_year(year) else {
            return vec![Observation::inapplicable()];
        };
        let kinds = [TableKind::Disclosure, TableKind::Requests, TableKind::Proceedings];
        let mut observations: Vec<Observation> = kinds.iter().filter_map(|kind| table(report, *kind, expected)).collect();
        if observations.is_empty() {
            observations.push(Observation::passed());
        }
        observations
    }
}

fn table(report: &AnnualReport, kind: TableKind, expected: Format) -> Option<Observation> {
    let part = report.part(kind.part());
    let named = |observation: Observation, text: &str| {
        observation
            .at(Locus::Name(format!("{kind:?}").to_lowercase()))
            .with("part", kind.part().label())
            .with("document", expected.document())
            .seen(Location::text(&report.url, text))
    };
    let Some(table) = report.table(kind) else {
        let part = part.filter(|part| !part.is_empty())?;
        let heading = part.heading.as_str();
        if part.picture {
            return Some(named(Observation::cannot_tell("picture"), heading));
        }
        // A table stands there that we cannot place, or the file did not give its tables.
        if part.table || report.cut || report.from_file && report.tables.is_empty() || !report.files.is_empty() {
            return Some(named(Observation::cannot_tell("unplaced"), heading));
        }
        return Some(named(Observation::failed("absent"), heading).with("heading", heading));
    };
    let found = table.format.filter(|found| *found != expected)?;
    let quoted = table.cells.iter().find(|cell| match found {
        Format::Of2019 => cell.column.is_of_2019(),
        Format::Of2021 => cell.column.is_of_2021(),
    });
    let text = quoted.map_or(part.map_or(report.title.as_str(), |part| part.heading.as_str()), |cell| cell.column.label());
    Some(
        named(Observation::failed("version"), text)
            .with("found", found.document())
            .prove("found", found.document())
            .prove("expected", expected.document()),
    )
}
