//! An article page carries the content tags of 国办发〔2017〕47号: ArticleTitle, PubDate (YYYY-MM-DD HH:MM), ContentSource.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::page_kind::PageKind;
use crate::finding::{Location, Locus, Observation, Outcome};
use crate::rules::{Context, Rule, meta_tags};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ArticleMeta {
    /// Tags that have to be there.
    names: Vec<String>,
}

impl Default for ArticleMeta {
    fn default() -> Self {
        ArticleMeta { names: ["ArticleTitle", "PubDate", "ContentSource"].map(str::to_owned).to_vec() }
    }
}

impl Rule for ArticleMeta {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        if page.kind != PageKind::Article || !meta_tags::concerns(page) {
            return vec![Observation::inapplicable()];
        }
        let mut answers = meta_tags::observe(page, &self.names);
        if self.names.iter().any(|name| name.eq_ignore_ascii_case("PubDate"))
            && let Some(value) = page.meta("PubDate").map(str::trim).filter(|value| !value.is_empty())
            && !has_date_form(value)
        {
            answers.retain(|answer| answer.outcome != Outcome::Passed);
            answers.push(
                Observation::failed("date-form")
                    .at(Locus::Name("PubDate-form".to_owned()))
                    .with("value", value)
                    .prove("PubDate", value)
                    .seen(Location::text(&page.url, value)),
            );
        }
        answers
    }
}

/// `YYYY-MM-DD HH:MM`, seconds allowed: real sites write them, and the norm's form is contained in it.
fn has_date_form(value: &str) -> bool {
    let shape = |form: &str| {
        value.len() == form.len()
            && value.bytes().zip(form.bytes()).all(|(v, f)| if f == b'0' { v.is_ascii_digit() } else { v == f })
    };
    (shape("0000-00-00 00:00") || shape("0000-00-00 00:00:00")) && value.parse::<jiff::civil::DateTime>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::has_date_form;

    #[test]
    fn the_form_of_the_norm() {
        for value in ["2026-01-23 10:01", "2026-01-23 10:01:19", "2024-02-29 00:00"] {
            assert!(has_date_form(value), "{value}");
        }
        for value in [
            "2026-01-23",
            "2026/01/23 10:01",
            "2026-1-3 9:01",
            "2007-08-20-23:59:59",
            "2026-02-30 10:00",
            "2026-01-23T10:01",
            "二〇二六年",
        ] {
            assert!(!has_date_form(value), "{value}");
        }
    }
}
