//! Messages of the public and their answers, as a site lists them (咨询、留言、信件), or shows them on a page of their own.
//!
//! Read only where the form leaves no doubt: a table whose headings name the day of asking and the state or the day of the answer, a
//! list whose every row says 已回复 or 未回复, a page with the labels of a letter and its answer.

pub(super) mod read;
mod words;

use crate::url::CanonicalUrl;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Is a message answered?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReplyState {
    /// The page says so, or shows the answer.
    Answered,
    /// The page says that it is not.
    Open,
    /// Not to be told from here.
    Unknown,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// 咨询、留言、信件
    Letter,
    /// 政府信息公开申请
    Request,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Letter or request.
    pub kind: MessageKind,
    /// Subject as shown.
    pub subject: String,
    /// Its own page.
    pub url: Option<CanonicalUrl>,
    /// Day of asking.
    pub created: Option<Date>,
    /// Day of the answer.
    pub replied: Option<Date>,
    /// Is it answered?
    pub state: ReplyState,
    /// The row, or the labels, as shown.
    pub text: String,
    /// Line in the source, where known.
    pub line: Option<u32>,
}
