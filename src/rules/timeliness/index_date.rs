//! The year, or year and month, within an index number (索引号) is that of the document: it was generated when the document was written
//! or published. Asked only of numbers whose form is sure: a right organisation code, then the date.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::dates::{DateFact, DateOrigin};
use crate::facts::header::Field;
use crate::facts::identifiers::IndexNumber;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::narrow;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IndexDate {}

impl Rule for IndexDate {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        vec![answer(page).unwrap_or_else(Observation::inapplicable)]
    }
}

fn answer(page: &Page) -> Option<Observation> {
    let value = page.header.value(Field::IndexNumber)?;
    let plain: String = narrow(value).chars().filter(|c| !crate::text::is_blank(*c)).collect();
    let number = IndexNumber::parse(&plain).filter(|n| n.checks() && n.is_dated() == Some(true))?;
    let stated = number.rest.split('-').next()?;
    let labelled = |d: &&DateFact| matches!(d.origin, DateOrigin::WrittenLabel | DateOrigin::VisibleLabel);
    let dates: Vec<Date> = page.dates.iter().filter(labelled).map(|d| d.date).collect();
    let (first, last) = (dates.iter().min()?, dates.iter().max()?);
    let month = |d: &Date| i32::from(d.year()) * 12 + i32::from(d.month());
    let year: i32 = stated.get(..4)?.parse().ok()?;
    // Generated at any time from the writing to the publication; a month of grace, for what is entered a little later.
    let fits = match stated.get(4..6).and_then(|m| m.parse::<i32>().ok()) {
        Some(part) => (month(first) - 1..=month(last) + 1).contains(&(year * 12 + part)),
        None => (month(first) - 1..=month(last) + 1).any(|m| (m - 1).div_euclid(12) == year),
    };
    if fits {
        return Some(Observation::passed());
    }
    Some(
        Observation::failed("differs")
            .suspected()
            .at(Locus::Name("index-number".to_owned()))
            .with("value", value)
            .with("stated", stated)
            .with("first", *first)
            .with("last", *last)
            .prove("value", value)
            .prove("dates", format!("{first}, {last}"))
            .seen(Location::text(&page.url, value)),
    )
}
