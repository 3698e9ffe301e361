//! The interpretations of a year use several forms: words, pictures, films, questions and answers, the head of the body, experts.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::interpretation::Form;
use crate::facts::particulars::Particulars;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, holdings};
use jiff::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InterpretationForm {
    /// Fewest different forms.
    minimum: usize,
    /// Forms that have to be among them.
    wanted: Vec<Form>,
    /// Months before the day of judgement that are looked at.
    months: u32,
    /// Columns that hold interpretations.
    columns: Vec<String>,
}

impl Default for InterpretationForm {
    fn default() -> Self {
        InterpretationForm {
            minimum: 2,
            wanted: Vec::new(),
            months: 12,
            columns: vec!["interpretation".to_owned(), "interpretation-by-head".to_owned()],
        }
    }
}

impl Rule for InterpretationForm {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let from = context.as_of.checked_sub(Span::new().months(i64::from(self.months.min(240)))).unwrap_or(context.as_of);
        let mut forms: BTreeMap<Form, usize> = BTreeMap::new();
        let mut count = 0_usize;
        let mut last = None;
        for (url, particulars) in &site.particulars {
            let Particulars::Interpretation(interpretation) = particulars else { continue };
            if interpretation.date.is_some_and(|day| day > from && day <= context.as_of) {
                count += 1;
                last = Some(url);
                interpretation.forms.iter().for_each(|form| *forms.entry(*form).or_default() += 1);
            }
        }
        let holdings = holdings::of(site, &self.columns);
        let mut here: Vec<_> = holdings.columns.iter().map(|column| &column.url).collect();
        if here.is_empty() {
            here.extend(last);
        }
        let counts = forms.iter().map(|(form, n)| format!("{} {n}", form.word())).collect::<Vec<_>>().join(", ");
        let place = |observation: Observation, name: &str| {
            let observation = observation.at(Locus::Name(name.to_owned())).with("count", count).prove("forms", counts.clone());
            here.iter().fold(observation, |observation, url| observation.seen(Location::page(url)))
        };
        let missing: Vec<Form> = self.wanted.iter().filter(|form| !forms.contains_key(form)).copied().collect();
        if count == 0 || (forms.len() >= self.minimum && missing.is_empty()) {
            return vec![if count == 0 { Observation::inapplicable() } else { Observation::passed() }];
        }
        if holdings.scripted {
            return vec![place(Observation::cannot_tell("scripted"), "forms")];
        }
        // A row that leads to a film or to another site was not read.
        let unseen = holdings.columns.iter().flat_map(|column| &column.items).any(|item| {
            let recent = item.date.is_none_or(|day| day > from);
            recent && item.url.as_ref().is_some_and(|url| !site.particulars.contains_key(url))
        });
        if !site.complete || !holdings.complete || unseen {
            return vec![place(Observation::untested("incomplete"), "forms")];
        }
        let mut found = Vec::new();
        if forms.len() < self.minimum {
            let words: Vec<String> = forms.keys().map(|form| form.word().to_owned()).collect();
            let observation = Observation::failed("forms-few").suspected().with("forms", words).with("limit", self.minimum);
            found.push(place(observation, "forms"));
        }
        found.extend(
            missing
                .iter()
                .map(|form| place(Observation::failed("form-missing").suspected().with("form", form.word()), form.word())),
        );
        found
    }
}
