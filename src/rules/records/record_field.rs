//! Records that have to be published with certain fields (permits, penalties, fees, recruitment, inspections) show them.
//!
//! Judged on pages whose kind is sure, by the headings of their tables, their forms of labels, or labelled lines. Without records, or
//! where the text only speaks of a field, a person has to look.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::document_kind::DocumentKind;
use crate::facts::offers::Offers;
use crate::facts::records::{self, RecordSet, of_lines, of_tables};
use crate::finding::{Location, Locus, Observation};
use crate::rules::places::is_in;
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordField {
    /// Kinds of document that are judged.
    kinds: Vec<DocumentKind>,
    /// Fields that have to be shown.
    fields: Vec<records::RecordField>,
    /// Columns whose pages are judged too, where their tables show such records.
    #[serde(default)]
    columns: Vec<String>,
}

/// Fewest known fields of a table for it to be one of the records in question.
const FEWEST: usize = 2;

/// Fields that records of every kind have: a table of permits has them and is none of penalties.
const SHARED: [records::RecordField; 6] = [
    records::RecordField::DecisionNumber,
    records::RecordField::Party,
    records::RecordField::PartyCode,
    records::RecordField::Authority,
    records::RecordField::DecisionDate,
    records::RecordField::PublicityDate,
];

impl Rule for RecordField {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let kind = &page.document_kind;
        let sure = kind.sure && self.kinds.contains(&kind.kind);
        let perhaps = !kind.sure && self.kinds.contains(&kind.kind) || is_in(context, &page.url, &self.columns);
        if !sure && !perhaps {
            return vec![Observation::inapplicable()];
        }
        let mut sets = of_tables(&page.tables);
        if sets.is_empty() {
            sets.extend(of_lines(&page.document.main));
        }
        let own: Vec<&records::RecordField> = self.fields.iter().filter(|f| !SHARED.contains(f)).collect();
        let asked = |set: &&RecordSet| {
            let known = set.fields.keys().filter(|f| self.fields.contains(f)).count();
            known >= FEWEST.min(self.fields.len()) && (own.is_empty() || own.iter().any(|f| set.fields.contains_key(f)))
        };
        let sets: Vec<&RecordSet> = sets.iter().filter(asked).collect();
        let place = |text: Option<String>, line: Option<u32>| Location { line, text, ..Location::page(&page.url) };
        if sets.is_empty() {
            return match sure {
                false => vec![Observation::inapplicable()],
                true => vec![self.without_records(page)],
            };
        }
        let mut answers = Vec::new();
        for field in &self.fields {
            let lacking: Vec<&&RecordSet> = sets.iter().filter(|s| !s.fields.contains_key(field)).collect();
            let say = |observation: Observation| {
                observation.at(Locus::Name(field.word())).with("field", field.word()).with("title", page.title())
            };
            if let Some(set) = lacking.first().filter(|_| lacking.len() == sets.len()) {
                let labels: Vec<&str> = set.fields.values().map(String::as_str).collect();
                answers.push(say(Observation::failed("absent")
                    .prove("labels", labels.join("、"))
                    .seen(place(labels.first().map(|l| (*l).to_owned()), set.line))));
                continue;
            }
            let empty: Vec<(&RecordSet, &str)> = sets
                .iter()
                .flat_map(|s| s.records.iter().map(move |r| (*s, r)))
                .filter(|(_, r)| r.values.get(field).is_some_and(|v| v.trim().is_empty()))
                .map(|(s, r)| (s, r.text.as_str()))
                .collect();
            if let Some((set, row)) = empty.first() {
                answers.push(say(Observation::failed("empty")
                    .with("rows", empty.len())
                    .count(empty.len() as u64)
                    .prove("row", *row)
                    .seen(place(Some((*row).to_owned()), set.line))));
            }
        }
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}

impl RecordField {
    /// A page of the kind without records that can be read: what its text has no word of is missing, if the text is all there is.
    fn without_records(&self, page: &Page) -> Observation {
        let offers = Offers::of(page);
        let text = page.document.main_text();
        let spoken = self.fields.iter().all(|f| f.is_spoken_of(&text));
        let words: Vec<String> = self.fields.iter().filter(|f| !f.is_spoken_of(&text)).map(|f| f.word()).collect();
        let key = if spoken || offers.has_other_content() { "unread" } else { "no-record" };
        let answer = match key {
            "unread" => Observation::cannot_tell("unread"),
            _ => Observation::cannot_tell("no-record"),
        };
        answer.with("title", page.title()).with("fields", words).seen(Location::page(&page.url))
    }
}
