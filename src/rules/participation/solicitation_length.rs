//! Comments on a draft can be sent long enough: 30 days for a major decision, 7 working days for a normative document.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::dates::DateOrigin;
use crate::facts::document_kind::DocumentKind;
use crate::facts::particulars::Particulars;
use crate::facts::solicitation::Solicitation;
use crate::finding::{Location, Observation};
use crate::rules::drafts::{self, Draft};
use crate::rules::{Context, Rule};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SolicitationLength {
    /// Fewest days for a draft of a major decision.
    decision_days: u32,
    /// Fewest working days for a draft of a normative document.
    working_days: u32,
    /// Fewest days for every draft, where a place asks for it.
    days: Option<u32>,
    /// Solicitations that were published from this day on.
    since: Option<Date>,
}

impl Default for SolicitationLength {
    fn default() -> Self {
        SolicitationLength { decision_days: 30, working_days: 7, days: None, since: None }
    }
}

/// What is asked of one solicitation.
enum Asked {
    Days(u32),
    Working(u32),
}

impl Rule for SolicitationLength {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let Some(Particulars::Solicitation(solicitation)) = page.particulars.as_deref() else {
            return vec![Observation::inapplicable()];
        };
        if page.status != 200 || page.document_kind.kind != DocumentKind::Solicitation {
            return vec![Observation::inapplicable()];
        }
        let too_old = solicitation.published.zip(self.since).is_some_and(|(day, since)| day < since);
        let draft = drafts::of(page, context.site);
        if too_old || matches!(draft, Draft::None | Draft::Superior) {
            return vec![Observation::inapplicable()];
        }
        vec![self.judge(page, solicitation, draft, context).with("title", page.title())]
    }
}

/// Does the page show when it was published?
fn shows_date(page: &Page) -> bool {
    page.dates.iter().any(|date| matches!(date.origin, DateOrigin::VisibleLabel | DateOrigin::VisibleNearTitle))
}

impl SolicitationLength {
    fn judge(&self, page: &Page, solicitation: &Solicitation, draft: Draft, context: &Context<'_>) -> Observation {
        let period = &solicitation.period;
        let quote = if period.quote.is_empty() { page.title().to_owned() } else { period.quote.clone() };
        let here = Location::text(&page.url, quote.clone());
        if solicitation.reason.is_some() {
            return Observation::passed();
        }
        let asked = match (self.days, draft) {
            (Some(days), _) => Asked::Days(days),
            (None, Draft::Decision) => Asked::Days(self.decision_days),
            (None, _) => Asked::Working(self.working_days),
        };
        let limit = match asked {
            Asked::Days(days) | Asked::Working(days) => i64::from(days),
        };
        let told = |observation: Observation| observation.seen(here.clone()).prove("period", quote.clone()).with("limit", limit);
        // Both days count: who asks "from the 1st to the 30th" means thirty days.
        let start = period.start.or(solicitation.published);
        let spanned = start.zip(period.end).map(|(start, end)| (start, end, i64::from((end - start).get_days()) + 1));
        let Some((start, end, days)) = spanned else {
            return match (period.length, &asked) {
                (Some(length), Asked::Working(least)) if length.working => {
                    self.compare(length.days.into(), i64::from(*least), "working-too-short", told)
                }
                (Some(length), Asked::Days(least)) if !length.working => {
                    self.compare(length.days.into(), i64::from(*least), "too-short", told)
                }
                (Some(length), Asked::Days(least)) if length.days < *least / 2 => {
                    self.compare(length.days.into(), i64::from(*least), "working-too-short", told)
                }
                (Some(length), Asked::Working(least)) if length.days < *least || length.days >= least * 3 => {
                    self.compare(length.days.into(), i64::from(*least), "too-short", told)
                }
                (Some(_), _) => told(Observation::cannot_tell("unclear")),
                (None, _) => told(Observation::cannot_tell("undated")),
            };
        };
        if days < 1 {
            return told(Observation::cannot_tell("unclear"));
        }
        // A draft of unknown weight, and a day of publishing that the page does not show, prove nothing.
        let known = self.days.is_some() || !matches!(draft, Draft::Unclear);
        let dated = period.start.is_some() || shows_date(page);
        if !page.document_kind.sure || !known || !dated {
            let enough = days >= i64::from(self.days.unwrap_or(self.decision_days));
            return if enough { Observation::passed() } else { told(Observation::cannot_tell("unclear")) };
        }
        match asked {
            Asked::Days(least) => {
                let least = i64::from(least);
                self.compare(days, least, "too-short", |o| {
                    told(o).prove("start", start.to_string()).prove("end", end.to_string())
                })
            }
            Asked::Working(least) => {
                let least = i64::from(least);
                let first = context.calendar.is_working(start).map(i64::from);
                let working = first.zip(context.calendar.working_days_between(start, end)).map(|(first, rest)| first + rest);
                let told = |o: Observation| told(o).prove("start", start.to_string()).prove("end", end.to_string());
                match working {
                    Some(working) if working >= least && draft == Draft::Either && days < i64::from(self.decision_days) => {
                        told(Observation::cannot_tell("unclear"))
                    }
                    Some(working) => self.compare(working, least, "working-too-short", told),
                    // Beyond the calendar: fewer days in all than working days are asked for, or so many that no holiday matters.
                    None if days < least => self.compare(days, least, "working-too-short", told),
                    None if days >= i64::from(self.decision_days) || (days >= least + 16 && draft != Draft::Either) => {
                        Observation::passed()
                    }
                    None => told(Observation::cannot_tell("calendar")),
                }
            }
        }
    }

    fn compare(&self, days: i64, least: i64, key: &str, told: impl Fn(Observation) -> Observation) -> Observation {
        if days >= least { Observation::passed() } else { told(Observation::failed(key)).with("days", days).with("limit", least) }
    }
}
