//! Disclosure on request (依申请公开) can really be asked for: a form, or an address, mail or fax to write to, and how it goes.
//!
//! The page of the column and the pages in it count together. A link to the official request system passes when it answers; one to any
//! other host is for a person to look at. That the column exists is `required-column`'s.

use crate::checklist::platforms;
use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::elements::{Element, Standing};
use crate::facts::form::Purpose;
use crate::facts::site::{Column, PageSummary, TargetOutcome};
use crate::finding::{Location, Locus, Observation, RootCause};
use crate::rules::places::{columns_of, is_in, linked_as, may_stand_elsewhere};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestChannel {
    /// Id of the column of requests.
    column: String,
    /// Has the page to say how a request goes?
    procedure: bool,
}

impl Default for RequestChannel {
    fn default() -> Self {
        RequestChannel { column: "disclosure-request".to_owned(), procedure: true }
    }
}

impl Rule for RequestChannel {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let ids = [self.column.clone()];
        if let Some(answer) = self.elsewhere(site, context) {
            return vec![answer];
        }
        let columns: Vec<&Column> = columns_of(site, &ids).collect();
        let pages: Vec<&PageSummary> = site.pages.values().map(|page| &**page).filter(|p| is_in(context, &p.url, &ids)).collect();
        let Some(first) = columns.first().map(|c| &c.url).or(pages.first().map(|p| &p.url)) else {
            return vec![Observation::inapplicable()];
        };
        let say = |observation: Observation, name: &str| {
            let titles: Vec<String> = pages.iter().map(|p| p.title.clone()).take(6).collect();
            let observation = observation.at(Locus::Name(name.to_owned())).prove("pages", titles.join("、"));
            observation.seen(Location::page(first)).cause(RootCause::Column)
        };
        let standing = |e: Element| pages.iter().map(|p| p.offers.standing(e)).min().unwrap_or(Standing::Absent);
        let shown = |e: Element| standing(e) == Standing::Shown;
        let form = pages.iter().any(|p| {
            p.offers.files > 0 || p.offers.forms.iter().any(|f| matches!(f, Purpose::Request | Purpose::Message | Purpose::Other))
        });
        let channel = form || [Element::Address, Element::Internet, Element::Fax].into_iter().any(shown);
        let hinted = [Element::Address, Element::Internet, Element::Fax]
            .into_iter()
            .any(|e| matches!(standing(e), Standing::Hinted | Standing::Elsewhere));
        let unseen = pages.iter().any(|p| may_stand_elsewhere(p) || p.offers.frames > 0)
            || columns.iter().any(|c| c.script_filled)
            || pages.is_empty();
        let mut answers = Vec::new();
        if !channel {
            answers.push(if hinted || unseen {
                say(Observation::cannot_tell("channel-unclear"), "channel")
            } else if site.complete {
                say(Observation::failed("no-channel"), "channel")
            } else {
                say(Observation::untested("incomplete"), "channel")
            });
        }
        if self.procedure && standing(Element::Process) == Standing::Absent {
            answers.push(if unseen || form {
                say(Observation::cannot_tell("procedure-unclear"), "procedure")
            } else if site.complete {
                say(Observation::failed("no-procedure"), "procedure")
            } else {
                say(Observation::untested("incomplete"), "procedure")
            });
        }
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}

impl RequestChannel {
    /// A link out that fulfils the duty, or that only a person can follow.
    fn elsewhere(&self, site: &Site, context: &Context<'_>) -> Option<Observation> {
        let entry = context.book.find(&self.column)?;
        let mut unclear = None;
        for target in linked_as(site, entry).filter(|t| !t.own) {
            let landed = target.chain.last().unwrap_or(&target.url);
            let official = [target.url.host(), landed.host()]
                .into_iter()
                .filter_map(platforms::of_host)
                .any(|p| p.fulfils.contains(&self.column));
            match target.outcome {
                TargetOutcome::Works { .. } if official => return Some(Observation::passed()),
                TargetOutcome::Dead { .. } => {}
                _ => unclear = Some(&target.url),
            }
        }
        let url = unclear?;
        Some(
            Observation::cannot_tell("elsewhere")
                .at(Locus::Name("channel".to_owned()))
                .with("url", url.as_str())
                .seen(Location::text(url, entry.name.as_str())),
        )
    }
}
