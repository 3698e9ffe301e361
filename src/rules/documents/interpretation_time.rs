//! An interpretation comes with its document, at the latest a few working days after it.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::dates::{DateFact, DateOrigin};
use crate::facts::document_kind::DocumentKind;
use crate::facts::interpretation::Interpretation;
use crate::facts::pairs::{PairKind, of_first};
use crate::facts::particulars::Particulars;
use crate::finding::{Location, Observation};
use crate::rules::holdings::{Whose, whose};
use crate::rules::{Context, Rule};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InterpretationTime {
    /// Working days after the document.
    working_days: u32,
    /// Kinds of document.
    kinds: Vec<DocumentKind>,
    /// Documents published from this day on.
    since: Option<Date>,
}

impl Default for InterpretationTime {
    fn default() -> Self {
        InterpretationTime {
            working_days: 3,
            kinds: vec![DocumentKind::NormativeDocument],
            since: Some(jiff::civil::date(2018, 6, 1)),
        }
    }
}

/// So many interpretations of one day were moved or made up for on it: their date is not that of their first publishing.
const MOVED: usize = 5;

impl Rule for InterpretationTime {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let kind = &page.document_kind;
        if !kind.sure || !self.kinds.contains(&kind.kind) || page.status != 200 || whose(page, context.site) == Whose::Superior {
            return vec![Observation::inapplicable()];
        }
        let pairs = of_first(&context.site.pairs, PairKind::Interpretation, &page.url);
        let dated = |url: &_| match context.site.particulars.get(url) {
            Some(Particulars::Interpretation(interpretation)) => Some(interpretation),
            _ => None,
        };
        let all: Vec<(&Interpretation, &_)> =
            pairs.iter().filter(|pair| pair.sure).filter_map(|pair| Some((dated(&pair.second)?, pair))).collect();
        let Some((interpretation, pair)) = all.iter().filter(|(i, _)| i.date.is_some()).min_by_key(|(i, _)| i.date) else {
            return vec![Observation::inapplicable()];
        };
        let (Some(published), Some(explained)) = (page.publish_date(), interpretation.date) else {
            return vec![Observation::inapplicable()];
        };
        if self.since.is_some_and(|since| published < since) {
            return vec![Observation::inapplicable()];
        }
        let days = i64::from((explained - published).get_days());
        let limit = i64::from(self.working_days);
        if days <= limit {
            return vec![Observation::passed()];
        }
        let place = |observation: Observation| {
            vec![
                observation
                    .with("title", page.title())
                    .with("published", published)
                    .with("explained", explained)
                    .with("limit", limit)
                    .prove("published", published.to_string())
                    .prove("explained", explained.to_string())
                    .prove("pair", pair.evidence.clone())
                    .seen(Location::text(&page.url, page.title()))
                    .seen(Location::text(&pair.second, explained.to_string())),
            ]
        };
        // An interpretation whose date nobody knows may be the earlier one; a date of a meta tag may be that of the page's making.
        if !shows(&page.dates) || !interpretation.shown || all.iter().any(|(i, _)| i.date.is_none()) {
            return place(Observation::cannot_tell("date-unsure"));
        }
        let same_day = context.site.particulars.values();
        let same_day = same_day.filter(|p| matches!(p, Particulars::Interpretation(i) if i.date == Some(explained))).count();
        if same_day >= MOVED {
            return place(Observation::cannot_tell("moved"));
        }
        match context.calendar.working_days_between(published, explained) {
            Some(working) if working <= limit => vec![Observation::passed()],
            Some(working) => place(Observation::failed("late").with("days", working)),
            // Beyond the calendar: no holiday is this long.
            None if days > limit + 16 => place(Observation::failed("late-by-far").with("days", days)),
            None => place(Observation::cannot_tell("calendar")),
        }
    }
}

fn shows(dates: &[DateFact]) -> bool {
    dates.iter().any(|date| matches!(date.origin, DateOrigin::VisibleLabel | DateOrigin::VisibleNearTitle))
}
