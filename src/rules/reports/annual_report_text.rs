//! Figures in the words of an annual report agree with its tables (R7): applications received, carried on, reviews, suits, and
//! “all closed” with what is carried to the next year.
//!
//! Words may speak of one office where the table counts all, so a difference is suspected; one figure that fits is enough.

use crate::exchange::Gathering;
use crate::facts::AnnualReport;
use crate::facts::annual_report::{Amount, Column, Form, Row, Statement, StatementKind, TableKind};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnnualReportText {}

impl Rule for AnnualReportText {
    type Subject = AnnualReport;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::Attachments];

    fn observe(&self, report: &AnnualReport, _: &Context<'_>) -> Vec<Observation> {
        match report.form {
            Form::Text => {}
            Form::Attachment => return vec![Observation::untested("not-read")],
            Form::Unread => return vec![Observation::cannot_tell("unread")],
        }
        let kinds = [
            StatementKind::Received,
            StatementKind::CarriedIn,
            StatementKind::CarriedOut,
            StatementKind::Reviews,
            StatementKind::Suits,
            StatementKind::AllClosed,
        ];
        let answers: Vec<Option<Observation>> = kinds.iter().filter_map(|kind| judge(report, *kind)).collect();
        if answers.is_empty() {
            return vec![Observation::inapplicable()];
        }
        let mut observations: Vec<Observation> = answers.into_iter().flatten().collect();
        if observations.is_empty() {
            observations.push(Observation::passed());
        }
        observations
    }
}

/// The total of a row of requests, or of a block of reviews.
fn total(report: &AnnualReport, kind: TableKind, row: Row) -> Option<i64> {
    match report.table(kind)?.cell(row, Column::Total)?.amount {
        Amount::Whole(number) => Some(number),
        _ => None,
    }
}

/// None when the text or the table says nothing of it; else the fault, if there is one.
fn judge(report: &AnnualReport, kind: StatementKind) -> Option<Option<Observation>> {
    let said: Vec<&Statement> = report.statements.iter().filter(|statement| statement.kind == kind).collect();
    let first = *said.first()?;
    let requests = |row: Row| total(report, TableKind::Requests, row);
    let proceedings = |row: Row| total(report, TableKind::Proceedings, row);
    // What the table says, and what else the words may mean by it.
    let (row, figures): (&str, Vec<i64>) = match kind {
        StatementKind::Received => {
            let new = requests(Row::NewRequests)?;
            // "Received" may count what was carried on from the year before.
            (Row::NewRequests.label(), vec![new, new + requests(Row::CarriedIn).unwrap_or(0)])
        }
        StatementKind::CarriedIn => (Row::CarriedIn.label(), vec![requests(Row::CarriedIn)?]),
        StatementKind::CarriedOut | StatementKind::AllClosed => (Row::CarriedOut.label(), vec![requests(Row::CarriedOut)?]),
        StatementKind::Reviews => (Row::Review.label(), vec![proceedings(Row::Review)?]),
        StatementKind::Suits => {
            let (direct, after) = (proceedings(Row::DirectSuit)?, proceedings(Row::SuitAfterReview)?);
            ("行政诉讼", vec![direct + after, direct, after])
        }
    };
    if said.iter().any(|statement| figures.contains(&statement.number)) {
        return Some(None);
    }
    let fault = match kind {
        StatementKind::AllClosed => Observation::failed("not-closed"),
        _ => Observation::failed("differs").with("number", first.number),
    };
    let fault = fault
        .suspected()
        .at(Locus::Name(format!("{kind:?}").to_lowercase()))
        .with("row", row)
        .with("table", figures[0])
        .with("text", first.text.as_str())
        .prove("text", first.text.as_str())
        .prove("table", format!("{row}·总计 {}", figures[0]))
        .seen(Location::text(&report.url, first.text.as_str()));
    Some(Some(fault))
}
