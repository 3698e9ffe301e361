//! A document is public within the legal number of working days after it was written: 20 by Article 26 of the Regulations.
//!
//! Judged only on the two dates that the header labels, for the body's own documents of the kinds named. A minute that many pages
//! share, a day on which many old documents were filled in, and dates years apart prove nothing.

use crate::checklist::calendar::Calendar;
use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::dates::{DateFact, DateOrigin, publish_fact, publish_time};
use crate::facts::document_kind::DocumentKind;
use crate::facts::header::Field;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PublishDelay {
    /// Longest delay, in working days.
    working_days: i64,
    /// Kinds of document that it is asked of.
    kinds: Vec<DocumentKind>,
    /// From so many days on the document was filled in later, and the page proves nothing.
    long_ago_days: i32,
}

impl Default for PublishDelay {
    fn default() -> Self {
        use DocumentKind::{EmergencyPlan, NormativeDocument, OtherDocument, Plan};
        PublishDelay { working_days: 20, kinds: vec![NormativeDocument, OtherDocument, Plan, EmergencyPlan], long_ago_days: 366 }
    }
}

impl Rule for PublishDelay {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let kind = &page.document_kind;
        let (Some(written), Some(published)) = (written(&page.dates), publish_fact(&page.dates)) else {
            return vec![Observation::inapplicable()];
        };
        let on_request = page.header.value(Field::DisclosureScope).is_some_and(|s| fold(s).contains("依申请"));
        if on_request || (kind.sure && !self.kinds.contains(&kind.kind)) || published.date < written.date {
            return vec![Observation::inapplicable()];
        }
        let place = |o: Observation| {
            o.at(Locus::Name("publish-date".to_owned()))
                .with("written", written.date)
                .with("published", published.date)
                .prove("written-date", format!("{}: {}", written.label, written.text))
                .prove("publish-date", format!("{}: {}", published.label, published.text))
                .seen(Location::text(&page.url, published.text.clone()))
        };
        let Some(days) = passed_days(context.calendar, written, published, self.working_days) else {
            return vec![place(Observation::cannot_tell("beyond-calendar"))];
        };
        if days <= self.working_days {
            return vec![Observation::passed()];
        }
        vec![self.late(page, context, published, days, place).with("limit", self.working_days)]
    }
}

impl PublishDelay {
    /// The dates are too far apart: is that proved to be this body's delay?
    fn late(
        &self,
        page: &Page,
        context: &Context<'_>,
        published: &DateFact,
        days: i64,
        place: impl Fn(Observation) -> Observation,
    ) -> Observation {
        let trust = &context.site.trust;
        if !page.document_kind.sure {
            return place(Observation::cannot_tell("unsure-kind"));
        }
        match page.issuing_body().map(|body| trust.is_own(body)) {
            Some(Some(true)) => {}
            Some(Some(false)) => return Observation::inapplicable(),
            _ => return place(Observation::cannot_tell("unknown-body")),
        }
        if let Some(pages) = trust.migrated(published.date, publish_time(&page.dates)) {
            return place(Observation::cannot_tell("migrated")).with("pages", pages as i64);
        }
        let written = written(&page.dates).map_or(published.date, |w| w.date);
        if trust.backfilled.contains_key(&published.date) || (published.date - written).get_days() >= self.long_ago_days {
            return place(Observation::cannot_tell("filled-in"));
        }
        if published.origin != DateOrigin::VisibleLabel {
            return place(Observation::cannot_tell("unlabelled"));
        }
        place(Observation::failed("late")).with("days", days)
    }
}

/// The date of writing, only from a label that means nothing else.
fn written(dates: &[DateFact]) -> Option<&DateFact> {
    let means_it =
        |d: &&DateFact| matches!(fold(&d.label).as_str(), "成文日期" | "成文时间" | "印发日期" | "印发时间" | "制发日期");
    dates.iter().filter(|d| d.origin == DateOrigin::WrittenLabel).find(means_it)
}

/// Working days between the dates; beyond the calendar only what is certain without it.
fn passed_days(calendar: &Calendar, written: &DateFact, published: &DateFact, limit: i64) -> Option<i64> {
    let days = i64::from((published.date - written.date).get_days());
    // So few days hold no more working days than the limit.
    calendar.working_days_between(written.date, published.date).or((days <= limit).then_some(days))
}
