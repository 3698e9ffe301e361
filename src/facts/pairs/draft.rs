//! What a fold keeps of a page that may have a counterpart: small, whatever the page's size.

use super::wording::{interpreted, names, quoted, solicited};
use crate::facts::attachments::EXTENSIONS;
use crate::facts::document_kind::DocumentKind;
use crate::facts::links::{Region, Role};
use crate::facts::page::Page;
use crate::text::fold;
use crate::url::CanonicalUrl;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Links kept of one page.
const MOST_LINKS: usize = 40;
/// Quoted titles and numbers kept of a text.
const MOST_QUOTES: usize = 6;
/// Characters of the text that are searched for them: what it is about stands at its beginning.
const BEGINNING: usize = 1_500;

/// The part that a page plays in a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::facts) enum Part {
    /// A document that may be interpreted.
    Document,
    /// An interpretation.
    Interpretation,
    /// A solicitation.
    Solicitation,
    /// A result of one.
    Result,
}

/// What is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::facts) struct PairDraft {
    /// Its part.
    pub(in crate::facts) part: Part,
    /// Names under which a document is spoken of; names of what an interpretation, a solicitation or a result is about.
    pub(in crate::facts) names: Vec<String>,
    /// Folded number of a document.
    pub(in crate::facts) number: Option<String>,
    /// Titles quoted at the beginning of the text, of the second of a pair.
    pub(in crate::facts) quotes: Vec<String>,
    /// Numbers of documents there.
    pub(in crate::facts) numbers: Vec<String>,
    /// Links that may lead to the counterpart, with their folded text.
    pub(in crate::facts) links: Vec<(CanonicalUrl, String)>,
}

static NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\p{Han}{2,12}[〔\[(【﹝](?:19|20)\d{2}[〕\])】﹞]第?\d{1,5}号").ok());

/// A number folded so that its brackets do not matter.
pub(in crate::facts) fn number(text: &str) -> String {
    fold(text)
        .chars()
        .map(|c| match c {
            '〔' | '[' | '【' | '﹝' | '(' => '(',
            '〕' | ']' | '】' | '﹞' | ')' => ')',
            other => other,
        })
        .collect()
}

/// Does a text speak of an interpretation?
pub(in crate::facts) fn interprets(folded: &str) -> bool {
    ["解读", "读懂", "看懂", "图解", "答记者问", "政策问答"].iter().any(|word| folded.contains(word))
}

/// Does a text speak of the result of a solicitation?
pub(in crate::facts) fn tells_result(folded: &str) -> bool {
    ["采纳情况", "征集结果", "结果反馈", "意见反馈", "反馈情况", "征求意见情况", "征集情况", "征求意见结果", "采纳结果"]
        .iter()
        .any(|word| folded.contains(word))
}

fn part(kind: DocumentKind) -> Option<Part> {
    Some(match kind {
        DocumentKind::Interpretation => Part::Interpretation,
        DocumentKind::Solicitation => Part::Solicitation,
        DocumentKind::SolicitationResult => Part::Result,
        DocumentKind::NormativeDocument
        | DocumentKind::OtherDocument
        | DocumentKind::Announcement
        | DocumentKind::Plan
        | DocumentKind::EmergencyPlan
        | DocumentKind::Reprint => Part::Document,
        _ => return None,
    })
}

/// Of a page, when it is of a kind that has counterparts.
pub(in crate::facts) fn of(page: &Page) -> Option<PairDraft> {
    let part = part(page.document_kind.kind)?;
    let title = page.title();
    let second = matches!(part, Part::Interpretation | Part::Result);
    let names = match part {
        Part::Document => names(title),
        Part::Interpretation => interpreted(title),
        Part::Solicitation | Part::Result => solicited(title),
    };
    let (quotes, numbers) = if second {
        let beginning = beginning(page);
        (quoted(&beginning, MOST_QUOTES), numbers(&beginning))
    } else {
        (Vec::new(), Vec::new())
    };
    let number = page.document_number().map(number).filter(|n| n.chars().count() >= 6);
    Some(PairDraft { part, names, number, quotes, numbers, links: links(page, part) })
}

fn beginning(page: &Page) -> String {
    let mut text = String::new();
    for block in page.document.main.iter().filter(|block| block.hidden.is_none()) {
        text.push_str(&block.text);
        text.push('\n');
        if text.len() > BEGINNING * 3 {
            break;
        }
    }
    text.chars().take(BEGINNING).collect()
}

fn numbers(text: &str) -> Vec<String> {
    let folded = fold(text);
    let Some(pattern) = NUMBER.as_ref() else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    for hit in pattern.find_iter(&folded).take(MOST_QUOTES * 2) {
        let number = number(hit.as_str());
        if !found.contains(&number) && found.len() < MOST_QUOTES {
            found.push(number);
        }
    }
    found
}

/// Links of the text and of blocks beside it. Of a document only those whose text speaks of the counterpart: its other links are many.
fn links(page: &Page, part: Part) -> Vec<(CanonicalUrl, String)> {
    let crumbs: BTreeSet<&CanonicalUrl> =
        page.breadcrumb.iter().flat_map(|trail| trail.steps.iter().filter_map(|step| step.url.as_ref())).collect();
    let mut kept = Vec::new();
    for link in &page.links {
        if link.role != Role::Anchor || matches!(link.region, Region::Header | Region::Footer) || link.hidden.is_some() {
            continue;
        }
        let Some(target) = link.target.as_ref().filter(|t| **t != page.url && !crumbs.contains(t)) else { continue };
        let name = link.title.as_deref().filter(|title| title.chars().count() > link.text.chars().count()).unwrap_or(&link.text);
        // The extension of a file is no part of what it is called.
        let end = name.rsplit_once('.').filter(|(_, end)| EXTENSIONS.contains(&end.to_ascii_lowercase().as_str()));
        let text = fold(end.map_or(name, |(stem, _)| stem));
        let speaks = match part {
            Part::Document => interprets(&text),
            Part::Solicitation => tells_result(&text) || text.contains("采纳") || text.contains("反馈"),
            Part::Interpretation | Part::Result => text.chars().count() >= 4,
        };
        if speaks {
            kept.push((target.clone(), text.chars().take(120).collect()));
            if kept.len() >= MOST_LINKS {
                break;
            }
        }
    }
    kept
}
