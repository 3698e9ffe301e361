//! The messages of a site that a rule may judge: of the right kind and column, each once.

use super::Context;
use super::places::{column_of, is_in};
use crate::facts::messages::{Message, MessageKind, ReplyState};
use crate::finding::{Location, Locus, Observation};
use crate::text::fold;
use crate::url::CanonicalUrl;
use std::collections::BTreeMap;

/// Names of columns whose messages are no consultation (国办秘函〔2019〕19号).
const OTHER_CHANNELS: [&str; 9] = ["信访", "纪检", "举报", "访谈", "调查", "征集", "监督", "评议", "投票"];
/// Messages that need no answer.
const NO_QUESTION: [&str; 6] = ["测试", "test", "感谢", "谢谢", "表扬", "祝福"];

/// One message with the page that shows it.
pub(super) struct Letter<'a> {
    /// The page.
    pub page: &'a CanonicalUrl,
    /// The message.
    pub message: &'a Message,
}

impl Letter<'_> {
    /// Names the message in an observation: identity, place, arguments, evidence.
    pub(super) fn name(&self, observation: Observation) -> Observation {
        let message = self.message;
        let created = message.created.map(|d| d.to_string()).unwrap_or_default();
        let locus = match &message.url {
            Some(url) => Locus::Target(url.key()),
            None => Locus::Text(format!("{} {created}", message.subject)),
        };
        let place = Location { line: message.line, text: Some(message.text.clone()), ..Location::page(self.page) };
        observation
            .at(locus)
            .with("subject", message.subject.as_str())
            .with("created", created.as_str())
            .prove("row", message.text.as_str())
            .prove("created", created)
            .seen(place)
    }
}

/// Messages of a kind in these columns, each once: a letter of its own page and its row in a list are one, and an answer seen anywhere
/// is an answer.
pub(super) fn letters<'a>(context: &Context<'a>, kind: MessageKind, columns: &[String]) -> Vec<Letter<'a>> {
    let mut all: BTreeMap<String, Letter<'a>> = BTreeMap::new();
    let site = context.site;
    let mut board: Option<(&CanonicalUrl, bool)> = None;
    for (page, message) in &site.messages {
        let fits = match board {
            Some((known, fits)) if known == page => fits,
            _ => {
                let fits = is_board(context, page, columns);
                board = Some((page, fits));
                fits
            }
        };
        let subject = fold(&message.subject);
        if !fits || message.kind != kind || NO_QUESTION.iter().any(|w| subject.contains(w)) {
            continue;
        }
        let key = match &message.url {
            Some(url) => url.key(),
            None => format!("{subject} {:?}", message.created),
        };
        let better = |old: &Message| {
            (message.replied.is_some(), message.state == ReplyState::Answered)
                > (old.replied.is_some(), old.state == ReplyState::Answered)
        };
        match all.get_mut(&key) {
            Some(old) if better(old.message) => *old = Letter { page, message },
            Some(_) => {}
            None => {
                all.insert(key, Letter { page, message });
            }
        }
    }
    all.into_values().collect()
}

fn is_board(context: &Context<'_>, page: &CanonicalUrl, columns: &[String]) -> bool {
    let site = context.site;
    let summary = site.pages.get(page);
    let column = column_of(site, page);
    let names = || {
        let above = summary.iter().flat_map(|p| p.column_path.iter());
        let own = column.iter().flat_map(|c| c.path.iter().chain([&c.name]));
        above.chain(own).chain(summary.map(|p| &p.title))
    };
    // What the page and its own column are called decides; a parent called 互动交流 holds all of them.
    let last = column.map(|c| fold(&c.name)).unwrap_or_default();
    if OTHER_CHANNELS.iter().any(|w| last.contains(w)) {
        return false;
    }
    is_in(context, page, columns)
        || names().any(|name| {
            let name = fold(name);
            ["信箱", "留言", "咨询", "来信", "写信", "诉求", "问政"].iter().any(|w| name.contains(w))
                && !OTHER_CHANNELS.iter().any(|w| name.contains(w))
        })
}
