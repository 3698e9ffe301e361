//! What a solicitation of comments (意见征集) offers, and what its result (意见反馈) tells.

mod period;
pub(super) mod read;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A way to send comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// 网上: a form, a platform, a questionnaire
    Web,
    /// 电子邮箱
    Mail,
    /// 电话
    Phone,
    /// 传真
    Fax,
    /// 信函
    Letter,
    /// 信箱
    Box,
    /// 座谈会, 现场
    Meeting,
}

impl Channel {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Channel::Web => "web",
            Channel::Mail => "mail",
            Channel::Phone => "phone",
            Channel::Fax => "fax",
            Channel::Letter => "letter",
            Channel::Box => "box",
            Channel::Meeting => "meeting",
        }
    }
}

/// A length of time that a text states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Length {
    /// How many.
    pub days: u32,
    /// Working days?
    pub working: bool,
}

/// The time for comments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day, where stated.
    pub start: Option<Date>,
    /// Last day, where stated.
    pub end: Option<Date>,
    /// Length, where stated in words.
    pub length: Option<Length>,
    /// Where it is stated, as written.
    pub quote: String,
    /// Does a line speak of a time that was not read?
    pub hinted: bool,
}

impl Period {
    /// Is there anything?
    pub fn is_stated(&self) -> bool {
        self.end.is_some() || self.length.is_some()
    }
}

/// What is known of one solicitation. Quotes are at most 120 characters, as found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solicitation {
    /// The time for comments.
    pub period: Period,
    /// Publish date of the page.
    pub published: Option<Date>,
    /// Why the time is shorter than usual, where it says so.
    pub reason: Option<String>,
    /// Ways to send comments, each with a quote.
    pub channels: BTreeMap<Channel, String>,
    /// The draft: name of a file, or the beginning of the text.
    pub draft: Option<String>,
    /// On what it is based.
    pub basis: Option<String>,
    /// The explanation of the draft (起草说明).
    pub explanation: Option<String>,
    /// Files offered.
    pub files: u32,
    /// Is a file's name too plain to tell what it holds?
    pub plain_files: bool,
    /// What became of the comments, where the same page tells it.
    pub result: Option<String>,
    /// Characters of the text.
    pub characters: u32,
}

impl Solicitation {
    /// The last day, stated or counted; in working days only where a calendar tells.
    pub fn last_day(&self, working: impl Fn(Date, u32) -> Option<Date>) -> Option<Date> {
        self.period.end.or_else(|| {
            let start = self.period.start.or(self.published)?;
            let length = self.period.length?;
            if length.working {
                working(start, length.days)
            } else {
                start.checked_add(jiff::Span::new().days(i64::from(length.days))).ok()
            }
        })
    }
}

/// What is known of one result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SolicitationResult {
    /// Says that nobody commented, as found.
    pub nobody: Option<String>,
    /// What was adopted, as found.
    pub adoption: Option<String>,
    /// Something was not adopted, as found.
    pub rejected: Option<String>,
    /// Reasons for it, as found.
    pub reasons: Option<String>,
    /// Files offered: they may hold the table.
    pub files: u32,
    /// Characters of the text.
    pub characters: u32,
}
