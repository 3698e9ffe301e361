//! The annual report on disclosure about last year is published by the day that the Regulations set (Art. 49): departments by
//! 31 January, governments by 31 March.
//!
//! It is missing only when the column of annual reports was seen to its end and shows other years; it is late only by a date that
//! the reader sees and no other date of the page contradicts.

use crate::checklist::columns::ColumnMatch;
use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::annual_report::AnnualReport;
use crate::facts::column_list::ListItem;
use crate::facts::site::Column;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::fold;
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnnualReportPublished {
    /// Id of the column in which reports are listed.
    column: String,
    /// Month of the last day for departments.
    month: i8,
    /// Last day for departments.
    day: i8,
    /// Month of the last day for governments.
    government_month: i8,
    /// Last day for governments.
    government_day: i8,
    /// Is the audited body itself a government?
    government: bool,
}

impl Default for AnnualReportPublished {
    fn default() -> Self {
        AnnualReportPublished {
            column: "disclosure-annual-report".to_owned(),
            month: 1,
            day: 31,
            government_month: 3,
            government_day: 31,
            government: false,
        }
    }
}

impl Rule for AnnualReportPublished {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let year = context.as_of.year() - 1;
        let columns = self.columns(site);
        let reports: Vec<&AnnualReport> = site.reports.iter().filter(|report| report.year == Some(year)).collect();
        if !reports.is_empty() {
            let answers: Vec<Observation> =
                reports.iter().filter_map(|report| self.late(report, year, listed(report, &columns))).collect();
            return if answers.is_empty() { vec![Observation::passed()] } else { answers };
        }
        // The list names it, whatever its page is.
        let named = |title: &str| AnnualReport::year_of_title(title) == Some(Some(year));
        if columns.iter().flat_map(|c| &c.items).any(|item| named(&item.title)) || site.pages.values().any(|p| named(&p.title)) {
            return vec![Observation::passed()];
        }
        let due = self.due(year, Some(self.government || is_government(site)));
        vec![match due {
            Some(due) if context.as_of > due => self.missing(&columns, year, due),
            _ => Observation::inapplicable(), // not yet due
        }]
    }
}

/// Does the home page call itself that of a people's government? Its general office is no government.
fn is_government(site: &Site) -> bool {
    let title = site.home.as_ref().map(|home| fold(&home.document.title)).unwrap_or_default();
    title.contains("人民政府") && !title.contains("人民政府办公")
}

/// The row of a list that leads to a report.
fn listed(report: &AnnualReport, columns: &[&Column]) -> Option<Date> {
    let leads = |item: &&ListItem| item.url.as_ref().is_some_and(|url| *url == report.url || *url == report.page);
    columns.iter().flat_map(|column| &column.items).find(leads).and_then(|item| item.date)
}

impl AnnualReportPublished {
    /// The last day for a report about `year`; the later one where the body is unknown.
    fn due(&self, year: i16, government: Option<bool>) -> Option<Date> {
        let (month, day) = match government {
            Some(false) => (self.month, self.day),
            _ => (self.government_month, self.government_day),
        };
        Date::new(year + 1, month, day).ok()
    }

    /// The column of annual reports with what is below it.
    fn columns<'a>(&self, site: &'a Site) -> Vec<&'a Column> {
        let mut open: Vec<&CanonicalUrl> =
            site.columns.values().filter(|c| c.matched == ColumnMatch::Is(self.column.clone())).map(|c| &c.url).collect();
        let mut seen: BTreeSet<&CanonicalUrl> = BTreeSet::new();
        while let Some(url) = open.pop() {
            if let Some(column) = site.columns.get(url)
                && seen.insert(&column.url)
            {
                open.extend(&column.children);
            }
        }
        seen.into_iter().filter_map(|url| site.columns.get(url)).collect()
    }

    /// The fault of a report that came late; none when it is in time.
    fn late(&self, report: &AnnualReport, year: i16, listed: Option<Date>) -> Option<Observation> {
        let government = match report.is_of_government() {
            Some(government) => Some(government),
            None if self.government => Some(true),
            None => None,
        };
        let strict = self.due(year, Some(government.unwrap_or(false)))?;
        let mild = self.due(year, government)?;
        let body = report.body.clone().unwrap_or_else(|| report.title.clone());
        let named = |observation: Observation| {
            let text = report.published.map_or_else(|| report.title.clone(), |date| date.to_string());
            observation
                .at(Locus::Name(format!("{year}/{}", fold(&body))))
                .with("title", report.title.as_str())
                .with("due", strict)
                .seen(Location::text(&report.page, text))
        };
        let Some(date) = report.published.or(listed) else {
            return Some(named(Observation::cannot_tell("undated")));
        };
        if date <= strict {
            return None;
        }
        let named = |observation: Observation| named(observation).with("date", date);
        let earlier =
            [listed, report.earliest].into_iter().flatten().min().filter(|other| *other <= strict && other.year() > year);
        if let Some(earlier) = earlier {
            return Some(named(Observation::cannot_tell("dates-differ")).with("earlier", earlier));
        }
        if !report.date_shown && listed.is_none() {
            return Some(named(Observation::cannot_tell("not-shown")));
        }
        if date <= mild {
            return Some(named(Observation::cannot_tell("body-unknown")));
        }
        Some(
            named(Observation::failed("late"))
                .prove("published", date.to_string())
                .prove("due", strict.to_string())
                .prove("title", report.title.as_str()),
        )
    }

    /// No report about the year was seen.
    fn missing(&self, columns: &[&Column], year: i16, due: Date) -> Observation {
        let named = |observation: Observation| observation.at(Locus::Name(year.to_string())).with("year", i64::from(year));
        let Some(first) = columns.first() else {
            return named(Observation::untested("no-column"));
        };
        let named =
            |observation: Observation| named(observation).with("column", first.name.as_str()).seen(Location::page(&first.url));
        if columns.iter().any(|column| !column.complete || column.script_filled) {
            return named(Observation::untested("incomplete"));
        }
        let years: Vec<(Option<i16>, &ListItem)> = columns
            .iter()
            .flat_map(|column| &column.items)
            .filter_map(|item| AnnualReport::year_of_title(&item.title).map(|year| (year, item)))
            .collect();
        // A report without a year in its title may be the one; so may a row that names the year, or was put there when it was due.
        let unclear = |item: &ListItem| {
            let read = AnnualReport::year_of_title(&item.title).flatten();
            let dated = item.date.is_some_and(|date| date.year() > year);
            read.is_none() && (dated || fold(&item.title).contains(&year.to_string()))
        };
        if years.iter().any(|(year, _)| year.is_none()) || columns.iter().flat_map(|c| &c.items).any(unclear) {
            return named(Observation::cannot_tell("untitled"));
        }
        let Some((Some(newest), item)) = years.iter().max_by_key(|(year, _)| *year) else {
            return named(Observation::cannot_tell("no-list"));
        };
        Observation::failed("missing")
            .at(Locus::Name(year.to_string()))
            .with("year", i64::from(year))
            .with("column", first.name.as_str())
            .with("due", due)
            .with("newest", i64::from(*newest))
            .prove("newest", item.title.as_str())
            .prove("due", due.to_string())
            .seen(Location { column_path: vec![first.name.clone()], ..Location::text(&first.url, item.title.as_str()) })
    }
}
