//! Cells of an annual report's tables hold whole numbers from 0 (amounts of money may have decimals); blanks are listed.

use crate::exchange::Gathering;
use crate::facts::AnnualReport;
use crate::facts::annual_report::{Amount, Form, ReportCell, ReportTable};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnnualReportCell {}

/// Cells named in one message.
const NAMED: usize = 10;

impl Rule for AnnualReportCell {
    type Subject = AnnualReport;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::Attachments];

    fn observe(&self, report: &AnnualReport, _: &Context<'_>) -> Vec<Observation> {
        match report.form {
            Form::Text => {}
            Form::Attachment => return vec![Observation::untested("not-read")],
            Form::Unread => return vec![Observation::cannot_tell("unread")],
        }
        if report.tables.is_empty() {
            return vec![Observation::inapplicable()];
        }
        let mut observations = Vec::new();
        for table in &report.tables {
            observations.extend(table.cells.iter().filter_map(|cell| number(report, table, cell)));
            observations.extend(blanks(report, table));
        }
        if observations.is_empty() {
            observations.push(Observation::passed());
        }
        observations
    }
}

fn name(cell: &ReportCell) -> String {
    format!("{}·{}", cell.row.label(), cell.column.label())
}

/// A cell that is no number, or not of the kind that belongs there.
fn number(report: &AnnualReport, table: &ReportTable, cell: &ReportCell) -> Option<Observation> {
    let key = match cell.amount {
        Amount::Unreadable => "no-number",
        Amount::Decimal if !cell.column.is_no_count() => "decimal",
        Amount::Whole(number) if number < 0 && !cell.column.is_no_count() => "negative",
        _ => return None,
    };
    Some(
        Observation::failed(key)
            .at(Locus::Name(format!("{:?}/{:?}", cell.row, cell.column).to_lowercase()))
            .with("cell", name(cell))
            .with("text", cell.text.as_str())
            .prove("text", cell.text.as_str())
            .seen(Location { line: table.line, ..Location::text(&report.url, cell.text.as_str()) }),
    )
}

/// The blanks of a table, as one fault.
fn blanks(report: &AnnualReport, table: &ReportTable) -> Option<Observation> {
    let blank: Vec<String> = table.cells.iter().filter(|cell| cell.amount == Amount::Blank).map(name).collect();
    let first = blank.first()?.split('·').next().unwrap_or_default().to_owned();
    let total = blank.len();
    let list = blank.join("、");
    let mut named = blank;
    named.truncate(NAMED);
    Some(
        Observation::failed("blank")
            .at(Locus::Name(format!("blank/{:?}", table.kind).to_lowercase()))
            .with("count", total)
            .with("part", table.kind.part().label())
            .with("cells", named)
            .count(total as u64)
            .prove("cells", crate::text::shorten(&list, 2_000))
            .seen(Location { line: table.line, ..Location::text(&report.url, first) }),
    )
}
