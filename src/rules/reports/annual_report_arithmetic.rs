//! The tables of an annual report add up: totals of rows (R1), the equation of the table of requests (R2), the total of what was
//! handled (R3), the totals of reviews and suits (R4).
//!
//! A broken identity is shown as its equation with the figures as they stand there. A blank counts as 0; a blank total is told by
//! `annual-report-cell` and proves nothing here; a cell that cannot be read leaves its identities open.

use crate::exchange::Gathering;
use crate::facts::AnnualReport;
use crate::facts::annual_report::{
    APPLICANTS, Amount, Column, Form, Format, HANDLING, PROCEEDINGS, RESULTS, ReportTable, Row, TableKind,
};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// One of the identities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Identity {
    /// 总计 = 自然人 + 商业企业 + 科研机构 + 社会公益组织 + 法律服务机构 + 其他, in each row.
    R1,
    /// 第一项 + 第二项 = 第三项 + 第四项, in each column.
    R2,
    /// （七）总计 = the rows above it, in each column.
    R3,
    /// 总计 = 维持 + 纠正 + 其他 + 尚未审结, in each block.
    R4,
}

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnnualReportArithmetic {
    /// Which identities are looked at.
    identities: Vec<Identity>,
}

impl Default for AnnualReportArithmetic {
    fn default() -> Self {
        AnnualReportArithmetic { identities: vec![Identity::R1, Identity::R2, Identity::R3, Identity::R4] }
    }
}

/// One term of an equation.
struct Term<'a> {
    name: String,
    text: &'a str,
    amount: &'a Amount,
}

/// Both sides of an equation, and where it stands.
struct Equation<'a> {
    locus: String,
    place: &'static str,
    left: Vec<Term<'a>>,
    right: Vec<Term<'a>>,
    /// A side that is one total: blank, it says nothing.
    total: bool,
}

impl Rule for AnnualReportArithmetic {
    type Subject = AnnualReport;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::Attachments];

    fn observe(&self, report: &AnnualReport, _: &Context<'_>) -> Vec<Observation> {
        match report.form {
            Form::Text => {}
            Form::Attachment => return vec![Observation::untested("not-read")],
            Form::Unread => return vec![Observation::cannot_tell("unread")],
        }
        let mut observations = Vec::new();
        let mut looked = false;
        for table in &report.tables {
            let (equations, partial) = self.equations(table);
            looked |= !equations.is_empty();
            if partial {
                observations.push(Observation::cannot_tell("rows-missing").at(Locus::Name("R3".to_owned())));
            }
            observations.extend(equations.iter().filter_map(|equation| judge(report, table, equation)));
        }
        if observations.is_empty() {
            observations.push(if looked { Observation::passed() } else { Observation::inapplicable() });
        }
        observations
    }
}

impl AnnualReportArithmetic {
    /// The equations of a table, and whether some cannot be set up because rows were not found.
    fn equations<'a>(&self, table: &'a ReportTable) -> (Vec<Equation<'a>>, bool) {
        let asked = |identity: Identity| self.identities.contains(&identity);
        let mut equations = Vec::new();
        let mut partial = false;
        match table.kind {
            TableKind::Disclosure => {}
            TableKind::Requests => {
                if asked(Identity::R1) {
                    let rows =
                        [Row::NewRequests, Row::CarriedIn].into_iter().chain(HANDLING).chain([Row::Handled, Row::CarriedOut]);
                    equations.extend(rows.filter_map(|row| row_total(table, row, &APPLICANTS, "R1")));
                }
                if asked(Identity::R2) {
                    equations.extend(APPLICANTS.iter().filter_map(|column| balance(table, *column)));
                }
                if asked(Identity::R3) {
                    for column in APPLICANTS {
                        match handled(table, column) {
                            Some(equation) => equations.push(equation),
                            None => partial = true,
                        }
                    }
                }
            }
            TableKind::Proceedings if asked(Identity::R4) => {
                equations.extend(PROCEEDINGS.iter().filter_map(|row| row_total(table, *row, &RESULTS, "R4")));
            }
            TableKind::Proceedings => {}
        }
        (equations, partial)
    }
}

fn term<'a>(table: &'a ReportTable, row: Row, column: Column, name: &str) -> Option<Term<'a>> {
    table.cell(row, column).map(|cell| Term { name: name.to_owned(), text: &cell.text, amount: &cell.amount })
}

/// 总计 of a row and what stands before it: the last of the columns is the total.
fn row_total<'a>(table: &'a ReportTable, row: Row, columns: &[Column], identity: &str) -> Option<Equation<'a>> {
    let (last, parts) = columns.split_last()?;
    let terms: Option<Vec<Term<'a>>> = parts.iter().map(|column| term(table, row, *column, column.label())).collect();
    Some(Equation {
        locus: format!("{identity}/{row:?}").to_lowercase(),
        place: row.label(),
        left: vec![term(table, row, *last, last.label())?],
        right: terms?,
        total: true,
    })
}

/// 第一项 + 第二项 = 第三项 + 第四项.
fn balance(table: &ReportTable, column: Column) -> Option<Equation<'_>> {
    Some(Equation {
        locus: format!("R2/{column:?}").to_lowercase(),
        place: column.label(),
        left: vec![term(table, Row::NewRequests, column, "第一项")?, term(table, Row::CarriedIn, column, "第二项")?],
        right: vec![term(table, Row::Handled, column, "第三项")?, term(table, Row::CarriedOut, column, "第四项")?],
        total: false,
    })
}

/// （七）总计 and the rows that it sums up; none unless every one of them was found.
fn handled(table: &ReportTable, column: Column) -> Option<Equation<'_>> {
    let is_part = |row: &Row| table.format != Some(Format::Of2019) || !matches!(row, Row::NotCorrected | Row::FeeUnpaid);
    let terms: Option<Vec<Term<'_>>> =
        HANDLING.into_iter().filter(is_part).map(|row| term(table, row, column, row.label())).collect();
    Some(Equation {
        locus: format!("R3/{column:?}").to_lowercase(),
        place: column.label(),
        left: vec![term(table, Row::Handled, column, Row::Handled.label())?],
        right: terms?,
        total: true,
    })
}

/// The sum of a side; none when a cell of it cannot be read.
fn sum(terms: &[Term<'_>]) -> Option<i64> {
    terms.iter().try_fold(0i64, |sum, term| match term.amount {
        Amount::Whole(number) => sum.checked_add(*number),
        Amount::Blank => Some(sum),
        Amount::Decimal | Amount::Unreadable => None,
    })
}

fn judge(report: &AnnualReport, table: &ReportTable, equation: &Equation<'_>) -> Option<Observation> {
    let named = |observation: Observation| {
        let text = equation.left.iter().map(|term| term.text).find(|text| !text.is_empty()).unwrap_or(equation.place);
        observation
            .at(Locus::Name(equation.locus.clone()))
            .with("place", equation.place)
            .with("equation", written(equation))
            .prove("equation", written(equation))
            .seen(Location { line: table.line, ..Location::text(&report.url, text) })
    };
    let (Some(left), Some(right)) = (sum(&equation.left), sum(&equation.right)) else {
        return Some(named(Observation::cannot_tell("unreadable")));
    };
    if left == right {
        return None;
    }
    let blank = |terms: &[Term<'_>]| terms.iter().any(|term| *term.amount == Amount::Blank);
    if equation.total && blank(&equation.left) {
        return Some(named(Observation::cannot_tell("blank-total")));
    }
    let broken = named(Observation::failed("broken")).with("left", left).with("right", right);
    // A figure may be missing where a blank stands.
    Some(if blank(&equation.left) || blank(&equation.right) { broken.suspected() } else { broken })
}

/// `第一项 5 + 第二项 0 = 第三项 4 + 第四项 0`; a long side leaves its zeros out.
fn written(equation: &Equation<'_>) -> String {
    let side = |terms: &[Term<'_>]| {
        let long = terms.len() > 8;
        let shown = terms.iter().filter(|term| !long || !matches!(term.amount, Amount::Whole(0) | Amount::Blank));
        let mut texts: Vec<String> =
            shown.map(|term| format!("{} {}", term.name, if term.text.is_empty() { "（空）" } else { term.text })).collect();
        if long && texts.len() < terms.len() {
            texts.push("其余 0".to_owned());
        }
        texts.join(" + ")
    };
    format!("{} = {}", side(&equation.left), side(&equation.right))
}
