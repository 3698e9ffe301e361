//! An annual report is written for its year and its body: not mostly the words of the one before or of another body (雷同, R11).
//!
//! Only the parts told in words are compared, without figures. What is alike is suspected: a person has to read both.

use crate::exchange::Gathering;
use crate::facts::AnnualReport;
use crate::facts::annual_report::{Form, Likeness, compare};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::{fold, shorten};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnnualReportSimilarity {
    /// Share of the words from which on two reports are called alike, in per cent.
    percent: u32,
    /// Fewest characters of narrative that are compared.
    least: usize,
}

impl Default for AnnualReportSimilarity {
    fn default() -> Self {
        AnnualReportSimilarity { percent: 80, least: 300 }
    }
}

/// Other bodies' reports that are compared in full.
const MOST_COMPARED: usize = 200;

impl Rule for AnnualReportSimilarity {
    type Subject = AnnualReport;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::Attachments];

    fn observe(&self, report: &AnnualReport, context: &Context<'_>) -> Vec<Observation> {
        match report.form {
            Form::Text => {}
            Form::Attachment => return vec![Observation::untested("not-read")],
            Form::Unread => return vec![Observation::cannot_tell("unread")],
        }
        let characters: usize = report.narrative.iter().map(|p| p.chars().count()).sum();
        if characters < self.least {
            return vec![Observation::inapplicable()];
        }
        let Some(year) = report.year else {
            return vec![Observation::cannot_tell("no-year")];
        };
        let earlier = context.history.iter().flat_map(|history| history.runs.iter().rev().flat_map(|run| &run.reports));
        let known: Vec<&AnnualReport> = context.site.reports.iter().chain(earlier).collect();
        let own = |other: &&&AnnualReport| other.year.is_some_and(|y| y < year && y >= year - 3) && report.is_of_same_body(other);
        let sibling = |other: &&&AnnualReport| {
            other.year == Some(year) && other.body.is_some() && report.body.is_some() && !report.is_of_same_body(other)
        };
        let before: Vec<&AnnualReport> = known.iter().filter(own).copied().collect();
        let siblings: Vec<&AnnualReport> = known.iter().filter(sibling).copied().collect();
        if before.is_empty() && siblings.is_empty() {
            return vec![Observation::untested("nothing-to-compare")];
        }
        let observations: Vec<Observation> =
            [self.nearest("own-words", report, &before), self.nearest("other-body", report, &siblings)]
                .into_iter()
                .flatten()
                .collect();
        if observations.is_empty() { vec![Observation::passed()] } else { observations }
    }
}

impl AnnualReportSimilarity {
    /// The report that is most alike, when it is enough so.
    fn nearest(&self, key: &str, report: &AnnualReport, others: &[&AnnualReport]) -> Option<Observation> {
        let near =
            others.iter().filter(|other| other.url != report.url && report.sketch.is_near(&other.sketch)).take(MOST_COMPARED);
        let compared = near.map(|other| (compare(&report.narrative, &other.narrative), *other));
        let best: Option<(Likeness, &AnnualReport)> = compared.max_by(|a, b| a.0.share.total_cmp(&b.0.share));
        let (likeness, other) =
            best.filter(|(l, _)| l.share * 100.0 >= f64::from(self.percent) && l.characters >= self.least / 2)?;
        let percent = (likeness.share * 100.0).floor() as i64;
        Some(
            Observation::failed(key)
                .suspected()
                .at(Locus::Name(key.to_owned()))
                .with("percent", percent)
                .with("other", other.title.as_str())
                .prove("other", other.url.as_str())
                .prove("percent", percent.to_string())
                .prove("passage", shorten(&likeness.passage, 200))
                .seen(Location::text(&report.url, quoted(report, &likeness)))
                .seen(Location::text(&other.url, quoted(other, &likeness))),
        )
    }
}

/// The paragraph in which the common passage begins, as written.
fn quoted(report: &AnnualReport, likeness: &Likeness) -> String {
    let start: String = likeness.passage.chars().take(8).collect();
    let letters = |text: &str| fold(text).chars().filter(|c| crate::text::is_alphabetic(*c)).collect::<String>();
    let paragraph = report.narrative.iter().find(|p| letters(p).contains(&start)).or(report.narrative.first());
    paragraph.map(|p| p.chars().take(60).collect()).unwrap_or_default()
}
