//! Important information of the State Council is reprinted within 24 hours of its publication on the central government's site.
//!
//! Decided only where the page gives both instants, its own and that of the original (原文发布时间 …); days alone do not tell hours.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::dates::{DateOrigin, publish_fact};
use crate::facts::document_kind::DocumentKind;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::{fold, shorten};
use jiff::civil::{Date, DateTime, Time};
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReprintTime {
    /// Longest delay, in hours.
    hours: i64,
    /// Sources whose information it is.
    sources: Vec<String>,
}

impl Default for ReprintTime {
    fn default() -> Self {
        ReprintTime { hours: 24, sources: ["中国政府网", "国务院"].map(str::to_owned).to_vec() }
    }
}

/// 原文发布时间：2026-01-05 17:00
static ORIGINAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:原文|原稿|首发|中国政府网)(?:发布|刊发|发表)?(?:时间|日期)?[:：\s]{1,3}(\d{4})[-年/.](\d{1,2})[-月/.](\d{1,2})日?\s*(\d{1,2})[:：时](\d{2})",
    )
    .ok()
});

impl Rule for ReprintTime {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let kind = &page.document_kind;
        let source = page.source().map(fold).unwrap_or_default();
        if !kind.sure || kind.kind != DocumentKind::Reprint || !self.sources.iter().any(|s| source.contains(&fold(s))) {
            return vec![Observation::inapplicable()];
        }
        let place =
            |o: Observation| o.at(Locus::Name("publish-date".to_owned())).with("source", page.source().unwrap_or_default());
        let (Some(published), Some((original, quote))) = (published(page), original(page)) else {
            return vec![place(Observation::cannot_tell("unknown-time")).seen(Location::page(&page.url))];
        };
        let late = (published.0 - original).total((jiff::Unit::Minute, original)).unwrap_or_default();
        if late <= (self.hours * 60) as f64 {
            return vec![Observation::passed()];
        }
        vec![
            place(Observation::failed("late"))
                .with("original", original.to_string().replace('T', " "))
                .with("published", published.0.to_string().replace('T', " "))
                .with("limit", self.hours)
                .prove("original", quote)
                .prove("published", published.1.clone())
                .seen(Location::text(&page.url, published.1)),
        ]
    }
}

fn published(page: &Page) -> Option<(DateTime, String)> {
    let fact = publish_fact(&page.dates).filter(|d| d.origin == DateOrigin::VisibleLabel)?;
    let (hour, minute) = fact.time.as_deref().filter(|t| *t != "00:00")?.split_once(':')?;
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    Some((fact.date.to_datetime(time), fact.text.clone()))
}

fn original(page: &Page) -> Option<(DateTime, String)> {
    let blocks = page.document.main.iter().chain(&page.document.around).filter(|b| b.hidden.is_none() && b.text.len() < 400);
    blocks.into_iter().find_map(|block| {
        let found = ORIGINAL.as_ref()?.captures(&block.text)?;
        let date = Date::new(found[1].parse().ok()?, found[2].parse().ok()?, found[3].parse().ok()?).ok()?;
        let time = Time::new(found[4].parse().ok()?, found[5].parse().ok()?, 0, 0).ok()?;
        Some((date.to_datetime(time), shorten(&found[0], 100)))
    })
}
