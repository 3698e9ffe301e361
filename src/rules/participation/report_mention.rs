//! The annual report on disclosure mentions what a plan of work asks it to mention.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::document_kind::DocumentKind;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, yearly};
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// One thing to be mentioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mention {
    /// Its name, for the report.
    name: String,
    /// Any of these words is a mention.
    words: Vec<String>,
}

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReportMention {
    /// What has to be mentioned.
    mentions: Vec<Mention>,
    /// In reports about this year and later.
    since_year: Option<i16>,
}

impl Default for ReportMention {
    fn default() -> Self {
        let words = ["工作要点", "分工方案", "要点落实"].map(str::to_owned).to_vec();
        ReportMention {
            mentions: vec![Mention { name: "政务公开工作要点落实情况".to_owned(), words }], since_year: None
        }
    }
}

/// A report has more than this; less stands beside a file.
const LEAST: usize = 800;

impl Rule for ReportMention {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let kind = &page.document_kind;
        if kind.kind != DocumentKind::AnnualReport || !kind.sure || page.status != 200 {
            return vec![Observation::inapplicable()];
        }
        let year = yearly::years(&fold(page.title())).first().map(|(year, _)| *year);
        if self.since_year.is_some_and(|since| year.is_none_or(|year| year < since)) {
            return vec![Observation::inapplicable()];
        }
        let text = fold(&page.document.main_text());
        let here = Location::text(&page.url, page.title());
        let answers = self.mentions.iter().map(|mention| {
            if mention.words.iter().any(|word| text.contains(&fold(word))) {
                return Observation::passed();
            }
            let place = |observation: Observation| {
                let observation = observation.at(Locus::Name(mention.name.clone())).with("mention", mention.name.as_str());
                observation.with("title", page.title()).with("words", mention.words.clone()).seen(here.clone())
            };
            if text.chars().count() < LEAST || page.document.cut {
                return place(Observation::cannot_tell("in-file"));
            }
            // Other words may say the same.
            place(Observation::failed("absent").suspected()).prove("characters", text.chars().count().to_string())
        });
        let answers: Vec<Observation> = answers.collect();
        if answers.is_empty() { vec![Observation::inapplicable()] } else { answers }
    }
}
