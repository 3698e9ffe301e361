//! Public messages, or requests for disclosure in a public ledger, are answered within so many working days.
//!
//! Letters that waited for more than three months are `message-reply`'s. The calendar of working days decides; beyond its years nobody
//! can tell. A request may have been extended or put to a third party: a late one is suspected.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::messages::{MessageKind, ReplyState};
use crate::finding::{Location, Observation};
use crate::rules::letters::letters;
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyTime {
    /// Most working days between message and answer.
    working_days: i64,
    /// Letters or requests.
    #[serde(default = "letter")]
    of: MessageKind,
    /// Ids of the columns that hold them.
    #[serde(default = "columns")]
    columns: Vec<String>,
}

fn letter() -> MessageKind {
    MessageKind::Letter
}

fn columns() -> Vec<String> {
    vec!["consultation".to_owned(), "disclosure-request".to_owned()]
}

impl Default for ReplyTime {
    fn default() -> Self {
        // 条例 Art. 33: twenty working days; what an office promises for letters its checklist says.
        ReplyTime { working_days: 20, of: letter(), columns: columns() }
    }
}

/// Letters that wait longer are another rule's.
const THREE_MONTHS: i32 = 92;

impl Rule for ReplyTime {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, _: &Site, context: &Context<'_>) -> Vec<Observation> {
        let letters = letters(context, self.of, &self.columns);
        let mut answers = Vec::new();
        let (mut decided, mut beyond) = (0, 0);
        for letter in &letters {
            let message = letter.message;
            let Some(created) = message.created else { continue };
            let (until, key) = match (message.replied, message.state) {
                (Some(replied), _) => (replied, true),
                (None, ReplyState::Open) => (context.as_of, false),
                _ => continue,
            };
            // Article 33: extended with notice, or put to a third party, whose time does not count.
            let stopped = ["延期", "延长", "第三方", "补正"].iter().any(|word| message.text.contains(word));
            if self.of == MessageKind::Request && stopped {
                decided += 1;
                continue;
            }
            if until < created || (self.of == MessageKind::Letter && (until - created).get_days() > THREE_MONTHS) {
                continue;
            }
            let Some(waited) = context.calendar.working_days_between(created, until) else {
                beyond += 1;
                continue;
            };
            decided += 1;
            if waited <= self.working_days {
                continue;
            }
            let observation = if key { Observation::failed("late") } else { Observation::failed("open") };
            let observation = if self.of == MessageKind::Request { observation.suspected() } else { observation };
            let observation = letter.name(observation).with("waited", waited).with("limit", self.working_days);
            answers.push(observation.with("until", until).prove("until", until.to_string()));
        }
        match letters.first() {
            None => return vec![Observation::untested("no-list")],
            Some(first) if decided == 0 && beyond > 0 => {
                answers
                    .push(Observation::cannot_tell("no-calendar").with("count", beyond as i64).seen(Location::page(first.page)));
            }
            Some(first) if decided == 0 => {
                answers.push(Observation::cannot_tell("no-dates").seen(Location::page(first.page)));
            }
            Some(_) => {}
        }
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}
