//! How an interpretation (政策解读) explains: in words, in pictures, in a film, by the head of the body, by an expert.

use super::dates::{DateOrigin, publish_date};
use super::links::{Region, Role};
use super::particulars::Sources;
use crate::text::{fold, is_han};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// 文字
    Text,
    /// 图表图解
    Picture,
    /// 音频视频, 动漫
    Film,
    /// 简明问答, 答记者问
    Questions,
    /// 负责人解读
    Head,
    /// 专家解读
    Expert,
    /// 媒体解读
    Media,
    /// 新闻发布会, 在线访谈
    Conference,
}

impl Form {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Form::Text => "text",
            Form::Picture => "picture",
            Form::Film => "film",
            Form::Questions => "questions",
            Form::Head => "head",
            Form::Expert => "expert",
            Form::Media => "media",
            Form::Conference => "conference",
        }
    }
}

/// What is known of one interpretation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interpretation {
    /// Its forms.
    pub forms: BTreeSet<Form>,
    /// Publish date.
    pub date: Option<Date>,
    /// Does the page show that date to readers? A meta tag may hold the day when the page was made.
    pub shown: bool,
    /// Is there a label of a block that leads to the document (相关文件, 政策原文) in which no link was read, or a script that may fill it?
    pub names_source: bool,
}

/// Characters that make a text.
const TEXT: usize = 150;

const WORDS: [(Form, &[&str]); 7] = [
    (Form::Picture, &["一图", "图解", "图说", "图文", "长图", "漫画", "海报", "图片解读", "一张图"]),
    (Form::Film, &["视频", "动画", "动漫", "短片", "微电影", "音频", "vlog", "h5", "直播"]),
    (Form::Questions, &["问答", "答记者问", "一问一答", "热点问题", "有问必答"]),
    (
        Form::Head,
        &["负责人解读", "局长解读", "主要负责人", "负责同志", "领导解读", "一把手", "主任解读", "负责人就", "局长谈", "负责人答"],
    ),
    (Form::Expert, &["专家解读", "专家谈", "专家"]),
    (Form::Media, &["媒体解读", "媒体"]),
    (Form::Conference, &["发布会", "吹风会", "访谈"]),
];

/// A title without the titles that it quotes.
fn unquoted(title: &str) -> String {
    let mut depth = 0_u32;
    let outside = |c: &char| {
        match c {
            '《' => depth += 1,
            '》' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    let rest: String = title.chars().filter(outside).collect();
    // A mark that is never closed quotes nothing.
    if depth > 0 { title.to_owned() } else { rest }
}

/// Reads it.
pub(super) fn read(sources: &Sources<'_>) -> Interpretation {
    // 《公共视频图像采集管理办法》解读 is no film: what the document is called says nothing of the form.
    let mut words = unquoted(&fold(&sources.document.best_title));
    for name in &sources.path {
        words.push('\n');
        words.push_str(&fold(name));
    }
    let mut forms: BTreeSet<Form> =
        WORDS.iter().filter(|(_, of)| of.iter().any(|word| words.contains(word))).map(|(form, _)| *form).collect();
    let said: usize = sources
        .document
        .main
        .iter()
        .filter(|block| block.hidden.is_none())
        .map(|block| block.text.chars().filter(|c| is_han(*c)).count())
        .sum();
    if said >= TEXT {
        forms.insert(Form::Text);
    }
    let pictures =
        sources.links.iter().filter(|l| l.role == Role::Image && l.region == Region::Main && l.hidden.is_none()).count();
    // A picture beside a text may illustrate it or belong to the template; in place of a text it is the interpretation.
    if pictures > 0 && said < TEXT {
        forms.insert(Form::Picture);
    }
    let film =
        |raw: &str| [".mp4", ".flv", ".m3u8", ".mp3", ".wmv"].iter().any(|ending| raw.to_ascii_lowercase().contains(ending));
    if sources.film || sources.links.iter().any(|link| film(&link.raw)) {
        forms.insert(Form::Film);
    }
    const SOURCES: [&str; 8] = ["相关文件", "政策原文", "文件原文", "原文链接", "相关政策", "政策文件", "关联文件", "解读文件"];
    let blocks = sources.document.main.iter().filter(|block| block.text.chars().count() <= 16);
    let names_source = blocks.map(|block| fold(&block.text)).any(|line| {
        SOURCES.iter().any(|label| line.contains(label)) && !sources.links.iter().any(|link| fold(&link.text) == line)
    });
    let names_source = names_source || sources.scripted();
    let shown = [DateOrigin::VisibleLabel, DateOrigin::VisibleNearTitle];
    Interpretation {
        forms,
        date: publish_date(sources.dates),
        shown: sources.dates.iter().any(|date| shown.contains(&date.origin)),
        names_source,
    }
}
