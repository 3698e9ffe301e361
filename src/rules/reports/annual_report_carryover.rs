//! An annual report goes on where the one before ended: applications carried in are those that were carried out (R5), documents in
//! force are those of the year before with what was made and without what was repealed (R6).
//!
//! The report before is looked for on the site, then in the history. R6 is suspected: a clean-up or a transfer of duties breaks it.

use crate::exchange::Gathering;
use crate::facts::annual_report::{APPLICANTS, Amount, Column, Form, Row, TableKind};
use crate::facts::{AnnualReport, History};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// One of the identities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Identity {
    /// 上年结转 of this year = 结转下年度 of the year before, in each column.
    R5,
    /// 现行有效 = 现行有效 of the year before + 制发 − 废止.
    R6,
}

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnnualReportCarryover {
    /// Which identities are looked at.
    identities: Vec<Identity>,
}

impl Default for AnnualReportCarryover {
    fn default() -> Self {
        AnnualReportCarryover { identities: vec![Identity::R5, Identity::R6] }
    }
}

impl Rule for AnnualReportCarryover {
    type Subject = AnnualReport;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::Attachments];

    fn observe(&self, report: &AnnualReport, context: &Context<'_>) -> Vec<Observation> {
        match report.form {
            Form::Text => {}
            Form::Attachment => return vec![Observation::untested("not-read")],
            Form::Unread => return vec![Observation::cannot_tell("unread")],
        }
        let Some(year) = report.year else {
            return vec![Observation::cannot_tell("no-year")];
        };
        // The formats begin with 2019: before it there is nothing to go on from.
        if year < 2020 || report.tables.is_empty() {
            return vec![Observation::inapplicable()];
        }
        let Some(before) = before(report, year, &context.site.reports, context.history) else {
            return vec![Observation::untested("no-report-before").with("year", i64::from(year - 1))];
        };
        let mut observations = Vec::new();
        if self.identities.contains(&Identity::R5) {
            observations.extend(APPLICANTS.iter().filter_map(|column| carried(report, before, *column)));
        }
        // The table of documents in force begins with the reports about 2021: those are the first that the next ones go on from.
        if self.identities.contains(&Identity::R6) && year > 2021 {
            let rows = [Row::Rules, Row::NormativeDocuments];
            observations.extend(rows.iter().filter_map(|row| in_force(report, before, *row)));
        }
        if observations.is_empty() {
            observations.push(Observation::passed());
        }
        observations
    }
}

/// The report of the same body about the year before, where its tables were read and only one such report is known.
fn before<'a>(
    report: &AnnualReport,
    year: i16,
    site: &'a [AnnualReport],
    history: Option<&'a History>,
) -> Option<&'a AnnualReport> {
    let fits = |other: &&AnnualReport| {
        other.year == Some(year - 1) && other.form == Form::Text && !other.tables.is_empty() && report.is_of_same_body(other)
    };
    let mut own = site.iter().filter(fits);
    match (own.next(), own.next()) {
        (Some(only), None) => return Some(only),
        (Some(_), Some(_)) => return None,
        _ => {}
    }
    history?.runs.iter().rev().find_map(|run| run.reports.iter().find(fits))
}

fn whole(report: &AnnualReport, kind: TableKind, row: Row, column: Column) -> Option<(i64, bool)> {
    match report.table(kind)?.cell(row, column)?.amount {
        Amount::Whole(number) => Some((number, false)),
        Amount::Blank => Some((0, true)),
        Amount::Decimal | Amount::Unreadable => None,
    }
}

fn fault(key: &str, report: &AnnualReport, before: &AnnualReport, equation: &str, text: &str) -> Observation {
    Observation::failed(key)
        .with("equation", equation)
        .with("before", before.title.as_str())
        .prove("equation", equation)
        .prove("before", before.url.as_str())
        .seen(Location::text(&report.url, text))
        .seen(Location::page(&before.url))
}

/// R5.
fn carried(report: &AnnualReport, before: &AnnualReport, column: Column) -> Option<Observation> {
    let (now, blank) = whole(report, TableKind::Requests, Row::CarriedIn, column)?;
    let (then, blank_then) = whole(before, TableKind::Requests, Row::CarriedOut, column)?;
    if now == then {
        return None;
    }
    let equation = format!("本年“上年结转” {now} = 上年“结转下年度” {then}");
    let broken = fault("carried", report, before, &equation, "上年结转政府信息公开申请数量")
        .at(Locus::Name(format!("R5/{column:?}").to_lowercase()))
        .with("column", column.label());
    Some(if blank || blank_then { broken.suspected() } else { broken })
}

/// R6.
fn in_force(report: &AnnualReport, before: &AnnualReport, row: Row) -> Option<Observation> {
    let of = |column: Column| whole(report, TableKind::Disclosure, row, column).filter(|(_, blank)| !blank).map(|(n, _)| n);
    let (made, repealed, now) = (of(Column::Issued)?, of(Column::Repealed)?, of(Column::InForce)?);
    let (then, _) = whole(before, TableKind::Disclosure, row, Column::InForce).filter(|(_, blank)| !blank)?;
    if now == then + made - repealed {
        return None;
    }
    let equation = format!("现行有效 {now} = 上年现行有效 {then} + 制发 {made} − 废止 {repealed}");
    Some(
        fault("in-force", report, before, &equation, row.label())
            .suspected()
            .at(Locus::Name(format!("R6/{row:?}").to_lowercase()))
            .with("row", row.label()),
    )
}
