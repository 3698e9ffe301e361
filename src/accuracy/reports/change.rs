//! What a plant changes in a report.

use super::{Report, ReportPart, Shown};
use crate::error::{Error, Result};
use crate::facts::annual_report::{Column, Format, PartKind, Row, TableKind};
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// What a plant changes in a report. Texts are templates; they are filled before [`Change::make`] is called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Change {
    /// Conditions that the report has to meet: see [`Report::is`].
    pub when: Vec<String>,
    /// By `row/column` (words of the enums): `+1` and `-2` change the figure, anything else (behind a `=`, too) is what
    /// stands there.
    pub cells: BTreeMap<String, String>,
    /// What stands in the place of every 0: table, then the text.
    pub zeros: Option<(TableKind, String)>,
    /// The tables of the other format.
    pub other_format: bool,
    /// First and last day of the figures.
    pub period: Option<(String, String)>,
    /// Parts that are left out, with their tables.
    pub drop: Vec<PartKind>,
    /// Parts of which only the heading stands.
    pub empty: Vec<PartKind>,
    /// Two parts change places, headings and all.
    pub swap: Option<(PartKind, PartKind)>,
    /// Headings as they are written.
    pub heading: BTreeMap<PartKind, String>,
    /// Paragraphs in the place of a part's words.
    pub text: BTreeMap<PartKind, Vec<String>>,
    /// Paragraphs behind a part's words.
    pub more: BTreeMap<PartKind, Vec<String>>,
    /// HTML in the place of a table; empty: nothing.
    pub table: BTreeMap<TableKind, String>,
    /// Tables that come in several pieces, as a page break leaves them.
    pub pieces: Vec<TableKind>,
    /// Paragraphs in the place of the preface.
    pub preface: Option<Vec<String>>,
    /// Figures as the words name them, by placeholder: `+1`, `-1`, or the figure.
    pub said: BTreeMap<String, String>,
    /// The words are those of `year-before` or of `another` body of the same year.
    pub words_of: Option<String>,
    /// … that many of a hundred paragraphs of them; without it all.
    pub share: Option<usize>,
}

impl Change {
    /// Does the report meet the conditions?
    pub fn fits(&self, report: &Report) -> bool {
        self.when.iter().all(|condition| report.is(condition))
    }

    /// Does it ask for a report that goes on from another one?
    pub fn goes_on(&self) -> bool {
        self.when.iter().any(|condition| condition == "goes-on")
    }

    /// The same with its texts filled.
    pub fn say(&self, say: &mut dyn FnMut(&str) -> Result<String>) -> Result<Change> {
        let mut change = self.clone();
        for text in change.text.values_mut().flatten().chain(change.more.values_mut().flatten()) {
            *text = say(text)?;
        }
        for text in change.preface.iter_mut().flatten() {
            *text = say(text)?;
        }
        let texts = change.heading.values_mut().chain(change.table.values_mut()).chain(change.cells.values_mut());
        for text in texts.chain(change.said.values_mut()) {
            *text = say(text)?;
        }
        if let Some((from, to)) = &mut change.period {
            (*from, *to) = (say(from)?, say(to)?);
        }
        Ok(change)
    }

    /// Makes the change; `others` are the other reports of the site.
    pub fn make(&self, report: &mut Report, others: &[Report]) -> Result<()> {
        if self.words_of.is_some() {
            self.take_words(report, others);
        }
        for (place, value) in &self.cells {
            let (row, column) = place.split_once('/').ok_or_else(|| Error::Internal(format!("{place} is no cell")))?;
            let cell = (word::<Row>(row)?, word::<Column>(column)?);
            let was = report.figures.get(&cell).cloned().unwrap_or_else(|| "0".to_owned());
            report.figures.insert(cell, apply(&was, value));
        }
        if let Some((kind, text)) = &self.zeros {
            let of_table = |row: Row| match kind {
                TableKind::Disclosure => row < Row::NewRequests,
                TableKind::Requests => (Row::NewRequests..=Row::CarriedOut).contains(&row),
                TableKind::Proceedings => row > Row::CarriedOut,
            };
            let zeros = report.figures.iter_mut().filter(|((row, _), figure)| of_table(*row) && figure.as_str() == "0");
            zeros.for_each(|(_, figure)| figure.clone_from(text));
        }
        if self.other_format {
            turn(report);
        }
        if let Some((from, to)) = &self.period {
            let date = |text: &String| text.parse::<Date>().map_err(|e| Error::Internal(format!("{text}: {e}")));
            report.period = (date(from)?, date(to)?);
        }
        report.pieces.extend(&self.pieces);
        report.said.extend(self.said.clone());
        if let Some(preface) = &self.preface {
            report.preface.clone_from(preface);
        }
        self.parts(report);
        Ok(())
    }

    fn parts(&self, report: &mut Report) {
        report.parts.retain(|part| !self.drop.contains(&part.kind));
        for part in &mut report.parts {
            let kind = part.kind;
            if let Some(heading) = self.heading.get(&kind) {
                part.heading.clone_from(heading);
            }
            if let Some(text) = self.text.get(&kind) {
                part.text.clone_from(text);
            }
            part.text.extend(self.more.get(&kind).into_iter().flatten().cloned());
            if let Some(html) = kind.table().and_then(|table| self.table.get(&table)) {
                part.table = Some(html.clone()).filter(|html| !html.is_empty()).map(Shown::Html);
            }
            if self.empty.contains(&kind) {
                part.text.clear();
                part.table = None;
            }
        }
        if let Some((one, other)) = self.swap {
            let at = |kind: PartKind| report.parts.iter().position(|part| part.kind == kind);
            if let (Some(one), Some(other)) = (at(one), at(other)) {
                report.parts.swap(one, other);
            }
        }
    }

    /// Are the words taken from that report?
    pub fn takes_from(&self, report: &Report, other: &Report) -> bool {
        match self.words_of.as_deref() {
            Some("year-before") => other.body == report.body && other.year + 1 == report.year,
            Some(_) => other.body != report.body && other.year == report.year,
            None => false,
        }
    }

    fn take_words(&self, report: &mut Report, others: &[Report]) {
        let Some(mut other) = others.iter().find(|other| self.takes_from(report, other)).cloned() else { return };
        // Who copies words has figures of their own, and does not say that all is closed where some go on.
        if report.is("some-out") {
            let closed = "，已全部办结，没有需要继续办理的事项";
            other
                .parts
                .iter_mut()
                .flat_map(|part| &mut part.text)
                .for_each(|line| *line = line.replace(closed, "，均已按规定登记"));
        }
        let words = |part: &ReportPart| part.kind.table().is_none();
        for part in report.parts.iter_mut().filter(|part| words(part)) {
            let Some(theirs) = other.parts.iter().find(|theirs| theirs.kind == part.kind) else { continue };
            match self.share {
                None => part.text.clone_from(&theirs.text),
                Some(share) => {
                    for (at, (own, text)) in part.text.iter_mut().zip(&theirs.text).enumerate() {
                        if at % 100 * 37 % 100 < share {
                            own.clone_from(text);
                        }
                    }
                }
            }
        }
    }
}

/// `+1` and `-2` change a figure, anything else takes its place; `=-2` is `-2` itself.
pub(super) fn apply(was: &str, value: &str) -> String {
    if let Some(text) = value.strip_prefix('=') {
        return text.to_owned();
    }
    match (value.starts_with(['+', '-']), value.parse::<i64>(), was.parse::<i64>()) {
        (true, Ok(step), Ok(number)) => (number + step).to_string(),
        _ => value.to_owned(),
    }
}

fn word<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|e| Error::Internal(format!("{text}: {e}")))
}

/// The figures in the other format, as far as it has them.
fn turn(report: &mut Report) {
    let add = |report: &mut Report, row: Row, column: Column, more: i64| {
        let sum = report.number(row, column) + more;
        report.figures.insert((row, column), sum.to_string());
    };
    let pairs = [
        (Column::NewlyMade, Column::Issued),
        (Column::NewlyDisclosed, Column::Issued),
        (Column::DisclosedTotal, Column::InForce),
    ];
    for row in [Row::Rules, Row::NormativeDocuments] {
        for (old, new) in pairs {
            let (from, to) = if report.format == Format::Of2021 { (new, old) } else { (old, new) };
            let figure = report.number(row, from);
            report.figures.insert((row, to), figure.to_string());
        }
    }
    if report.format == Format::Of2021 {
        for column in crate::facts::annual_report::APPLICANTS {
            for row in [Row::NotCorrected, Row::FeeUnpaid] {
                let figure = report.number(row, column);
                add(report, Row::OtherHandling, column, figure);
            }
        }
    }
    report.format = if report.format == Format::Of2021 { Format::Of2019 } else { Format::Of2021 };
}
