//! This year's plan of work and last year's summary are published.

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
    /// The plan of the year
    Plan,
    /// The summary of the year before
    Summary,
}

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlanSummary {
    /// What has to be there.
    elements: Vec<Element>,
    /// Day by which a year's plan and the summary of the year before have to be there; none: when the year ends.
    due: Option<DayOfYear>,
    /// Is a note enough?
    note: bool,
    /// Columns that hold them.
    columns: Vec<String>,
}

impl Default for PlanSummary {
    fn default() -> Self {
        PlanSummary {
            elements: vec![Element::Plan, Element::Summary],
            due: None,
            note: true,
            columns: vec!["plans".to_owned(), "work-summary".to_owned()],
        }
    }
}

const PLANS: [&str; 6] = ["计划", "要点", "工作安排", "工作思路", "工作打算", "重点工作"];
const SUMMARIES: [&str; 4] = ["总结", "工作情况", "工作报告", "工作完成情况"];
/// Parts of a year, several years, and matters that are not the whole body's.
const PARTS: [&str; 15] = [
    "上半年",
    "下半年",
    "季度",
    "月份",
    "一季",
    "半年",
    "招聘计划",
    "采购计划",
    "培训计划",
    "行动计划",
    "三年",
    "五年",
    "规划",
    "中长期",
    "招录计划",
];

impl Rule for PlanSummary {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let published = yearly::published(site, &self.columns);
        let plan = yearly::newest_due(self.due, context.as_of);
        self.elements
            .iter()
            .map(|element| {
                let (word, year, words): (_, _, &[&str]) = match element {
                    Element::Plan => ("plan", plan, &PLANS),
                    Element::Summary => ("summary", plan - 1, &SUMMARIES),
                };
                let is = |entry: &Entry<'_>| of_whole(entry) && words.iter().any(|word| entry.title.contains(word));
                let standing = yearly::standing(
                    &published,
                    year,
                    is,
                    |entry| years_with(entry, words, word == "summary"),
                    |entry| entry.inside,
                );
                let duty = Duty { element: word, year, columns: &self.columns, note: self.note };
                yearly::observe(&duty, standing, &published, context)
            })
            .collect()
    }
}

/// A plan of the body, not of a matter: in its column, or called the work of the year.
fn of_whole(entry: &Entry<'_>) -> bool {
    let title = entry.title.as_str();
    let called = title.contains("工作计划") || title.contains("工作总结") || title.contains("工作要点");
    // 政务公开工作要点 is the plan of one matter, whoever writes it and wherever it stands.
    let of_matter = ["政务公开", "信息公开"].iter().any(|word| title.contains(word));
    let bare = yearly::without_chinese_years(title);
    (entry.inside || called) && !of_matter && !PARTS.iter().any(|word| bare.contains(word))
}

/// Years whose own part of the title holds one of the words: 2025年工作总结及2026年工作计划.
fn years_with(entry: &Entry<'_>, words: &[&str], summary: bool) -> Vec<i16> {
    let named = yearly::years(&entry.title);
    match named.len() {
        // A summary without a year in its title is often that of the year before its day.
        0 if summary => entry.years().iter().flat_map(|year| [*year - 1, *year]).collect(),
        0 | 1 => entry.years(),
        _ => {
            let own = named.iter().filter(|(_, rest)| words.iter().any(|word| rest.contains(word))).map(|(year, _)| *year);
            let own: Vec<i16> = own.collect();
            // 2021—2025年工作计划: the words stand behind the last year only.
            if own.is_empty() { named.into_iter().map(|(year, _)| year).collect() } else { own }
        }
    }
}
