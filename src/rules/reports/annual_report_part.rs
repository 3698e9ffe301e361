//! An annual report has the six parts of its format, each with content, in their order and numbered in it, and those that its
//! preface promises.
//!
//! Reports about 2019 and later have a format. A part is empty only where neither text nor table nor picture stands below its heading.

use crate::exchange::Gathering;
use crate::facts::AnnualReport;
use crate::facts::annual_report::{Form, Part, PartKind};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnnualReportPart {}

/// The first year with a format: 国办公开办函〔2019〕60号.
const FIRST_YEAR: i16 = 2019;

impl Rule for AnnualReportPart {
    type Subject = AnnualReport;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::Attachments];

    fn observe(&self, report: &AnnualReport, _: &Context<'_>) -> Vec<Observation> {
        match report.form {
            Form::Text => {}
            Form::Attachment => return vec![Observation::untested("not-read")],
            Form::Unread => return vec![Observation::cannot_tell("unread")],
        }
        match report.year {
            None => return vec![Observation::cannot_tell("no-year")],
            Some(year) if year < FIRST_YEAR => return vec![Observation::inapplicable()],
            Some(_) => {}
        }
        let mut observations: Vec<Observation> = PartKind::ALL.iter().filter_map(|kind| part(report, *kind)).collect();
        observations.extend(sequence(report));
        if observations.is_empty() {
            observations.push(Observation::passed());
        }
        observations
    }
}

fn part(report: &AnnualReport, kind: PartKind) -> Option<Observation> {
    let named = |observation: Observation, text: &str| {
        observation
            .at(Locus::Name(format!("{kind:?}").to_lowercase()))
            .with("part", kind.label())
            .with("number", i64::from(kind.number()))
            .prove("headings", headings(report))
            .seen(Location::text(&report.url, text))
    };
    let Some(found) = report.part(kind) else {
        if report.cut {
            return Some(Observation::cannot_tell("cut"));
        }
        let near = report.others.iter().find(|other| other.number == kind.number());
        if let Some(near) = near {
            return Some(named(Observation::cannot_tell("renamed"), &near.text).with("heading", near.text.as_str()));
        }
        if let Some(promise) = report.promised.iter().find(|promise| promise.kind == Some(kind)) {
            return Some(named(Observation::failed("promised"), &promise.text).prove("preface", promise.text.as_str()));
        }
        return Some(named(Observation::failed("missing"), last_heading(report)));
    };
    if !found.is_empty() {
        return None;
    }
    let empty = named(Observation::failed("empty"), &found.heading).with("heading", found.heading.as_str());
    // A file may show a picture there, which was not looked for.
    Some(if report.from_file { empty.suspected() } else { empty })
}

/// Order, then numbers: one fault at most.
fn sequence(report: &AnnualReport) -> Option<Observation> {
    let fault = |key: &str, at: &Part| {
        Observation::failed(key)
            .at(Locus::Name("sequence".to_owned()))
            .with("heading", at.heading.as_str())
            .prove("headings", headings(report))
            .seen(Location::text(&report.url, at.heading.as_str()))
    };
    let pairs = || report.parts.iter().zip(report.parts.iter().skip(1));
    if let Some((_, later)) = pairs().find(|(before, after)| after.kind < before.kind) {
        return Some(fault("order", later));
    }
    // A number is right when it is the part's own or follows on the one before.
    let mut before: Option<u32> = None;
    for part in &report.parts {
        let Some(number) = part.number else { continue };
        let follows = match before {
            Some(before) => number == before + 1 || number == part.kind.number() && number > before,
            None => number == 1 || number == part.kind.number(),
        };
        if !follows {
            return Some(fault("numbering", part));
        }
        before = Some(number);
    }
    None
}

fn headings(report: &AnnualReport) -> String {
    report.parts.iter().map(|part| part.heading.as_str()).collect::<Vec<_>>().join("｜")
}

fn last_heading(report: &AnnualReport) -> &str {
    report.parts.last().map_or(report.title.as_str(), |part| part.heading.as_str())
}
