//! Messages of the public are answered within three months (92 days), those of the last year.
//!
//! Read from lists and pages that show the day of asking and the state or the day of the answer. Columns of petitions, reports of
//! offences, interviews and surveys are no consultation; thanks and tests need no answer.

use crate::checklist::columns::ColumnMatch;
use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::messages::{MessageKind, ReplyState};
use crate::finding::{Location, Observation};
use crate::rules::letters::{Letter, letters};
use crate::rules::places::columns_of;
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MessageReply {
    /// Most days without an answer.
    days: i64,
    /// Only messages of the last so many days count.
    within: i64,
    /// Ids of the columns of consultation.
    columns: Vec<String>,
}

impl Default for MessageReply {
    fn default() -> Self {
        MessageReply { days: 92, within: 366, columns: vec!["consultation".to_owned()] }
    }
}

impl Rule for MessageReply {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let letters = letters(context, MessageKind::Letter, &self.columns);
        if letters.is_empty() {
            return vec![self.nothing_seen(site)];
        }
        let mut answers = Vec::new();
        let mut undecided = 0;
        let mut decided = 0;
        for letter in &letters {
            let message = letter.message;
            let Some(created) = message.created else {
                undecided += 1;
                continue;
            };
            if days(created, context.as_of) > self.within || created > context.as_of {
                continue;
            }
            match (message.state, message.replied) {
                (_, Some(replied)) if days(created, replied) > self.days => {
                    let waited = days(created, replied);
                    answers.push(say(
                        letter,
                        Observation::failed("late").with("replied", replied).with("waited", waited),
                        self.days,
                    ));
                }
                (_, Some(_)) | (ReplyState::Answered, None) => decided += 1,
                (ReplyState::Open, None) => {
                    let waited = days(created, context.as_of);
                    if waited > self.days {
                        answers.push(say(letter, Observation::failed("unanswered").with("waited", waited), self.days));
                    } else {
                        decided += 1;
                    }
                }
                (ReplyState::Unknown, None) => undecided += 1,
            }
        }
        if answers.is_empty() && decided == 0 && undecided > 0 {
            let first = &letters[0];
            return vec![Observation::cannot_tell("no-state").with("count", undecided as i64).seen(Location::page(first.page))];
        }
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}

impl MessageReply {
    fn nothing_seen(&self, site: &Site) -> Observation {
        let columns: Vec<_> = columns_of(site, &self.columns).collect();
        let Some(column) = columns.first() else {
            let linked = site
                .columns
                .values()
                .any(|c| matches!(&c.matched, ColumnMatch::Like(ids) if ids.iter().any(|id| self.columns.contains(id))));
            return if linked || !site.complete { Observation::untested("no-list") } else { Observation::inapplicable() };
        };
        let place = Location { text: Some(column.name.clone()), ..Location::page(&column.url) };
        if columns.iter().any(|c| c.script_filled) {
            return Observation::cannot_tell("scripted").with("column", column.name.as_str()).seen(place);
        }
        Observation::untested("no-list").seen(place)
    }
}

fn days(from: jiff::civil::Date, to: jiff::civil::Date) -> i64 {
    i64::from((to - from).get_days())
}

fn say(letter: &Letter<'_>, observation: Observation, limit: i64) -> Observation {
    letter.name(observation).with("limit", limit)
}
