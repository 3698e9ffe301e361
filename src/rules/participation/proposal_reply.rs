//! Suggestions of deputies and proposals of members of the consultative conference: how they are handled, the replies of the year, a
//! summary; a note where there were none.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::finding::Observation;
use crate::rules::yearly::{self, DayOfYear, Duty, Entry};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Element {
    /// 办理制度, 责任分解: of any year
    System,
    /// Replies to suggestions and proposals
    Replies,
    /// Summary of the year
    Summary,
}

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProposalReply {
    /// What has to be there.
    elements: Vec<Element>,
    /// Day by which the matter of a year has to be there; none: when the year ends.
    due: Option<DayOfYear>,
    /// Is a note that there were none enough?
    note: bool,
    /// Columns that hold it.
    columns: Vec<String>,
}

impl Default for ProposalReply {
    fn default() -> Self {
        ProposalReply {
            elements: vec![Element::System, Element::Replies, Element::Summary],
            due: None,
            note: true,
            columns: vec!["suggestions-proposals".to_owned()],
        }
    }
}

impl Rule for ProposalReply {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let published = yearly::published(site, &self.columns);
        let year = yearly::newest_due(self.due, context.as_of);
        let notes = |entry: &Entry<'_>| entry.inside || is_about(entry);
        self.elements
            .iter()
            .map(|element| {
                let (word, is): (&str, fn(&Entry<'_>) -> bool) = match element {
                    Element::System => ("system", is_system),
                    Element::Replies => ("replies", is_reply),
                    Element::Summary => ("summary", is_summary),
                };
                // Rules for handling them hold until they are replaced.
                let of = |entry: &Entry<'_>| if *element == Element::System { vec![year] } else { entry.years() };
                let standing = yearly::standing(&published, year, is, of, notes);
                let duty = Duty { element: word, year, columns: &self.columns, note: self.note };
                yearly::observe(&duty, standing, &published, context)
            })
            .collect()
    }
}

/// 建议 alone is a word of many titles.
fn is_about(entry: &Entry<'_>) -> bool {
    let title = entry.title.as_str();
    let suggestion = title.contains("建议") && (entry.inside || ["人大", "代表", "提案"].iter().any(|word| title.contains(word)));
    suggestion || title.contains("提案")
}

fn is_system(entry: &Entry<'_>) -> bool {
    const WORDS: [&str; 10] = ["制度", "办法", "规定", "规则", "规程", "责任分解", "任务分解", "分工", "流程", "工作方案"];
    is_about(entry) && WORDS.iter().any(|word| entry.title.contains(word)) && !is_reply(entry)
}

fn is_reply(entry: &Entry<'_>) -> bool {
    const WORDS: [&str; 8] = ["答复", "复函", "回复", "复文", "办理结果", "办理复", "的函", "办理意见"];
    is_about(entry) && WORDS.iter().any(|word| entry.title.contains(word)) && !is_summary(entry)
}

fn is_summary(entry: &Entry<'_>) -> bool {
    const WORDS: [&str; 10] =
        ["总体情况", "办理情况", "办理工作情况", "工作总结", "办理总结", "情况报告", "情况汇总", "综述", "完成情况", "情况说明"];
    is_about(entry)
        && WORDS.iter().any(|word| entry.title.contains(word))
        && !entry.title.contains("答复")
        && !entry.title.contains("号")
}
