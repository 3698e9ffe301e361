//! Who asked for comments tells what became of them: a result for every closed solicitation, with what was adopted and why not the
//! rest, also when nobody commented.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::pairs::{PairKind, of_first};
use crate::facts::particulars::Particulars;
use crate::facts::solicitation::{Solicitation, SolicitationResult as Told};
use crate::finding::{Location, Locus, Observation};
use crate::rules::drafts::{self, Draft};
use crate::rules::{Context, Rule, holdings};
use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SolicitationResult {
    /// Days after the end within which the result has to be there. No source prints one: without it a missing result is suspected.
    within_days: Option<u32>,
    /// Solicitations that ended from this day on.
    since: Option<Date>,
    /// Columns that hold results.
    columns: Vec<String>,
}

impl Default for SolicitationResult {
    fn default() -> Self {
        SolicitationResult {
            within_days: None,
            since: None,
            columns: vec!["solicitation-result".to_owned(), "solicitation".to_owned(), "decision-drafts".to_owned()],
        }
    }
}

/// Characters of a result that are a text; fewer stand beside a file or a picture.
const TEXT: u32 = 60;

impl Rule for SolicitationResult {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        match page.particulars.as_deref() {
            Some(Particulars::Result(told)) if page.status == 200 => vec![content(page, told)],
            Some(Particulars::Solicitation(solicitation)) if page.status == 200 => {
                vec![self.result(page, solicitation, context).at(Locus::Name("result".to_owned()))]
            }
            _ => vec![Observation::inapplicable()],
        }
    }
}

/// Does a result tell what it has to tell?
fn content(page: &Page, told: &Told) -> Observation {
    let here = Location::text(&page.url, page.title());
    let place = |observation: Observation| {
        observation.at(Locus::Name("content".to_owned())).with("title", page.title()).seen(here.clone())
    };
    if told.nobody.is_some() && told.rejected.is_none() {
        return Observation::passed();
    }
    if !page.document_kind.sure {
        return place(Observation::cannot_tell("unsure"));
    }
    match (&told.adoption, &told.rejected, &told.reasons) {
        (Some(_), None, _) | (_, Some(_), Some(_)) => Observation::passed(),
        // A file may hold the table of comments with the reasons.
        _ if told.files > 0 || told.characters < TEXT || !page.tables.is_empty() => place(Observation::cannot_tell("in-file")),
        (_, Some(rejected), None) => {
            place(Observation::failed("reasons-missing").suspected()).prove("rejected", rejected.clone())
        }
        _ => place(Observation::failed("adoption-missing").suspected()),
    }
}

impl SolicitationResult {
    /// Has a closed solicitation a result?
    fn result(&self, page: &Page, solicitation: &Solicitation, context: &Context<'_>) -> Observation {
        if matches!(drafts::of(page, context.site), Draft::None | Draft::Superior) {
            return Observation::inapplicable();
        }
        let calendar = context.calendar;
        let counted = |start: Date, days: u32| {
            // Counted day by day, a year at most.
            let mut left = days;
            start.series(Span::new().days(1)).skip(1).take(400).find(|day| {
                left -= u32::from(left > 0 && calendar.is_working(*day) == Some(true));
                left == 0
            })
        };
        let here = Location::text(&page.url, page.title());
        let place = |observation: Observation| observation.with("title", page.title()).seen(here.clone());
        let pairs = of_first(&context.site.pairs, PairKind::SolicitationResult, &page.url);
        if pairs.iter().any(|pair| pair.sure) || solicitation.result.is_some() {
            return Observation::passed();
        }
        let Some(end) = solicitation.last_day(counted) else { return place(Observation::cannot_tell("undated")) };
        let due = end.checked_add(Span::new().days(i64::from(self.within_days.unwrap_or(0)))).unwrap_or(end);
        if due >= context.as_of || self.since.is_some_and(|since| end < since) {
            return Observation::inapplicable();
        }
        let place = |observation: Observation| place(observation).with("end", end).prove("end", end.to_string());
        if !page.document_kind.sure {
            return place(Observation::cannot_tell("unsure"));
        }
        if let Some(pair) = pairs.first() {
            return place(Observation::cannot_tell("alike")).with("url", pair.second.as_str());
        }
        let holdings = holdings::of(context.site, &self.columns);
        if holdings.scripted {
            return place(Observation::cannot_tell("scripted"));
        }
        let unseen = holdings.columns.iter().flat_map(|column| &column.items).any(|item| {
            let after = item.date.is_none_or(|day| day >= end);
            let may_be = ["征求", "征集", "意见", "采纳", "反馈", "结果"].iter().any(|word| item.title.contains(word));
            after && may_be && item.url.as_ref().is_some_and(|url| !context.site.pages.contains_key(url))
        });
        if !context.site.complete || !holdings.complete || unseen {
            return place(Observation::untested("incomplete"));
        }
        if holdings.columns.is_empty() {
            return place(Observation::cannot_tell("no-column"));
        }
        let days = i64::from((context.as_of - end).get_days());
        let failed = place(Observation::failed("missing")).with("days", days).prove("period", solicitation.period.quote.clone());
        if self.within_days.is_some() { failed } else { failed.suspected() }
    }
}
