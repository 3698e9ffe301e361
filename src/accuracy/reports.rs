//! Annual reports on disclosure of a synthetic site: as data, so that a plant changes one figure or drops one part.
//!
//! Figures of a body go on from year to year; its tables have the version of the year that they are about (国办公开办函〔2019〕60号,
//! 〔2021〕30号); words are drawn anew for every report.

mod change;
mod figures;
mod html;
mod words;

pub use change::Change;

use super::random::Random;
use crate::facts::annual_report::{Column, Format, PartKind, Row, TableKind};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Which reports a column holds: those of the body of the site, and of bodies below it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    /// First year of the body itself.
    pub since: i16,
    /// Other bodies (templates; an empty name is none).
    pub others: Vec<String>,
    /// First year of theirs.
    pub others_since: i16,
}

/// Figures by row and column.
pub type Figures = BTreeMap<(Row, Column), String>;

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportPart {
    /// Which.
    pub kind: PartKind,
    /// Its heading, as written.
    pub heading: String,
    /// Its paragraphs; `{new}` and the like stand for figures of the tables.
    pub text: Vec<String>,
    /// What stands in the place of its table: the table itself, or HTML.
    pub table: Option<Shown>,
}

/// How a table is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// As a table.
    Table(TableKind),
    /// As other HTML: a picture.
    Html(String),
}

/// One report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Who reports.
    pub body: String,
    /// About which year.
    pub year: i16,
    /// Title.
    pub title: String,
    /// Published.
    pub published: Date,
    /// Version of the tables.
    pub format: Format,
    /// What its tables say.
    pub figures: Figures,
    /// First and last day of the figures.
    pub period: (Date, Date),
    /// Paragraphs before the parts; `{from}` and `{to}` stand for the period.
    pub preface: Vec<String>,
    /// The parts in order.
    pub parts: Vec<ReportPart>,
    /// Figures that the words name otherwise than the tables, by placeholder.
    pub said: BTreeMap<String, String>,
    /// Tables that come in several pieces.
    pub pieces: Vec<TableKind>,
    /// How headings are written: 0 to 3.
    pub style: usize,
    /// What conditions of plants may ask: see [`Report::is`].
    pub newest: bool,
    /// Does the report of the year before stand on the site?
    pub goes_on: bool,
    /// Is it the report of the body of the site?
    pub own: bool,
}

impl Report {
    /// Is it the report of the same body about the year before?
    pub fn is_before(&self, other: &Report) -> bool {
        self.body == other.body && self.year + 1 == other.year
    }

    /// Every report of one body, oldest first.
    pub fn of_body(random: &mut Random, body: &str, own: bool, since: i16, until: i16) -> Vec<Report> {
        let names = words::Names::draw(random, body);
        let mut before: Option<Figures> = None;
        let mut reports = Vec::new();
        for year in since..=until {
            let Some(format) = Format::of_year(year) else { continue };
            let figures = figures::draw(random, format, before.as_ref());
            let january = |day: i8| Date::new(year + 1, 1, day).unwrap_or(Date::MIN);
            let report = Report {
                body: body.to_owned(),
                year,
                title: names.title(year),
                published: random.day(january(6), january(29)),
                format,
                period: (Date::new(year, 1, 1).unwrap_or(Date::MIN), Date::new(year, 12, 31).unwrap_or(Date::MIN)),
                preface: words::preface(random, body),
                parts: words::parts(random, &figures),
                said: BTreeMap::new(),
                pieces: Vec::new(),
                style: random.below(4),
                newest: year == until,
                goes_on: before.is_some(),
                own,
                figures: figures.clone(),
            };
            before = Some(figures);
            reports.push(report);
        }
        reports
    }

    /// A condition of a plant: `newest`, `goes-on`, `own`, `other`, `government`, `department`, `of-2019`, `of-2021`, or `says-new` and
    /// the like: the words name that figure; `since-2022`: about that year or a later one; `some-out`: applications are carried to the next year. `!` before it: not so.
    pub fn is(&self, condition: &str) -> bool {
        if let Some(other) = condition.strip_prefix('!') {
            return !self.is(other);
        }
        let government = self.body.ends_with("人民政府");
        match condition {
            "newest" => self.newest,
            "goes-on" => self.goes_on,
            "own" => self.own,
            "other" => !self.own,
            "government" => government,
            "department" => !government,
            "of-2019" => self.format == Format::Of2019,
            "of-2021" => self.format == Format::Of2021,
            "some-out" => self.number(Row::CarriedOut, Column::Total) > 0,
            "promises" => self.preface.iter().any(|line| line.contains("部分组成")),
            _ if condition.starts_with("since-") => condition[6..].parse().is_ok_and(|year: i16| year <= self.year),
            _ => condition.strip_prefix("says-").is_some_and(|figure| {
                let named = format!("{{{figure}}}");
                self.parts.iter().flat_map(|part| &part.text).any(|line| line.contains(&named))
            }),
        }
    }

    /// A figure; 0 where there is none.
    pub fn number(&self, row: Row, column: Column) -> i64 {
        self.figures.get(&(row, column)).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// A paragraph with the figures in it.
    fn told(&self, line: &str) -> String {
        let total = |row| self.number(row, Column::Total);
        let suits = total(Row::DirectSuit) + total(Row::SuitAfterReview);
        let figures = [
            ("new", total(Row::NewRequests)),
            ("in", total(Row::CarriedIn)),
            ("all", total(Row::NewRequests) + total(Row::CarriedIn)),
            ("handled", total(Row::Handled)),
            ("out", total(Row::CarriedOut)),
            ("reviews", total(Row::Review)),
            ("suits", suits),
            ("year", i64::from(self.year)),
        ];
        let mut line = line.to_owned();
        for (name, figure) in figures {
            let named = format!("{{{name}}}");
            if line.contains(&named) {
                let changed = self.said.get(name).map(String::as_str);
                line = line.replace(&named, &change::apply(&figure.to_string(), changed.unwrap_or("+0")));
            }
        }
        let day = |date: Date| format!("{}年{}月{}日", date.year(), date.month(), date.day());
        line.replace("{from}", &day(self.period.0)).replace("{to}", &day(self.period.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::annual_report::{APPLICANTS, HANDLING};

    #[test]
    fn figures_add_up_and_go_on() {
        let mut random = Random::new(5);
        let reports = Report::of_body(&mut random, "云栖县财政局", false, 2019, 2025);
        assert_eq!(reports.len(), 7);
        for report in &reports {
            for column in APPLICANTS {
                let n = |row| report.number(row, column);
                assert_eq!(n(Row::NewRequests) + n(Row::CarriedIn), n(Row::Handled) + n(Row::CarriedOut));
                assert_eq!(HANDLING.iter().map(|row| n(*row)).sum::<i64>(), n(Row::Handled));
            }
            assert_eq!(report.parts.len(), 6);
            assert!(report.html().concat().contains("（七）总计"));
        }
        for pair in reports.windows(2) {
            let column = Column::Total;
            assert_eq!(pair[0].number(Row::CarriedOut, column), pair[1].number(Row::CarriedIn, column));
        }
    }
}
