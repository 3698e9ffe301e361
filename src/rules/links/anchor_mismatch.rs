//! What a list calls a document is what the document is called.
//!
//! The title in the list is compared with every title of the page: `<h1>`, ArticleTitle, header, `<title>`. Cut titles, dates and marks
//! (图解, 视频, [公示]) before or behind, another wording of the same thing are no fault: only titles with next to nothing in common are, where
//! the text does not hold the list's title either. Whether the page's own titles agree is another rule's business.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::header::Field;
use crate::facts::links::{Region, Role};
use crate::facts::page_kind::PageKind;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::{fold, is_han, shorten};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnchorMismatch {}

/// Han characters from which a title says what a document is.
const SAYING: usize = 8;
/// Share of the shorter title's pairs of characters that the other one holds: below, they have nothing in common.
const ALIKE: f64 = 0.15;
/// The same, for what is proved.
const STRANGE: f64 = 0.05;
/// Letters of the text in which the list's title is looked for.
const BEGINNING: usize = 6_000;

impl Rule for AnchorMismatch {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        if page.kind != PageKind::Article {
            return vec![Observation::inapplicable()];
        }
        let titles = titles(page);
        let says_itself = |name: &str| titles.iter().any(|(own, title)| *own == name && han(title) >= SAYING);
        if !["h1", "ArticleTitle", "header"].iter().any(|name| says_itself(name)) {
            return vec![Observation::inapplicable()];
        }
        let Some(target) = context.site.targets.get(&page.url) else { return vec![Observation::inapplicable()] };
        let lists = target.sources.iter().filter(|source| {
            let of = context.site.pages.get(&source.page).map(|summary| summary.kind);
            source.role == Role::Anchor
                && source.region == Region::Main
                && source.hidden.is_none()
                && source.page != page.url
                && matches!(of, Some(PageKind::Column | PageKind::Home))
        });
        let mut beginning: Option<String> = None;
        let mut compared = false;
        let mut worst: Option<(f64, crate::facts::site::LinkSource)> = None;
        for source in lists {
            let title = bare(&source.text);
            if han(&title) < SAYING {
                continue;
            }
            compared = true;
            let best = titles.iter().map(|(_, own)| likeness(&title, own)).fold(0.0, f64::max);
            if best < ALIKE
                && worst.as_ref().is_none_or(|(known, _)| best < *known)
                && !beginning.get_or_insert_with(|| beginning_of(page)).contains(title.as_str())
            {
                worst = Some((best, source));
            }
        }
        match worst {
            Some((likeness, source)) => vec![told(page, &titles, likeness, &source)],
            None if compared => vec![Observation::passed()],
            None => vec![Observation::inapplicable()],
        }
    }
}

/// Every title of a page that is not the name of its site or column, in comparable form.
fn titles(page: &Page) -> Vec<(&'static str, String)> {
    let trail = page.breadcrumb.iter().flat_map(|trail| trail.names()).map(plain);
    let names: BTreeSet<String> =
        [page.meta("SiteName"), page.meta("ColumnName")].into_iter().flatten().map(plain).chain(trail).collect();
    let mut all: Vec<(&'static str, String)> = page.document.h1.iter().map(|h1| ("h1", plain(h1))).collect();
    all.extend(page.meta("ArticleTitle").map(|title| ("ArticleTitle", plain(title))));
    all.extend(page.header.value(Field::Title).map(|title| ("header", plain(title))));
    all.push(("shown", plain(page.title())));
    // The site's name behind the title is no likeness: rows name the body, too.
    let mut tag = plain(&page.document.title);
    for name in names.iter().filter(|name| han(name) >= 3) {
        tag = tag.replace(name.as_str(), "");
    }
    all.push(("title", tag));
    all.retain(|(_, title)| !title.is_empty() && !names.contains(title));
    all
}

fn told(page: &Page, titles: &[(&str, String)], likeness: f64, source: &crate::facts::site::LinkSource) -> Observation {
    let of = |name: &str| titles.iter().find(|(own, _)| *own == name).map(|(_, title)| title.as_str());
    let agreed = of("h1").zip(of("ArticleTitle")).is_some_and(|(h1, meta)| han(h1) >= SAYING && self::likeness(h1, meta) > 0.8);
    let mut observation = Observation::failed("other-document")
        .at(Locus::Name("title".to_owned()))
        .with("listed", shorten(&source.text, 80))
        .with("title", shorten(page.title(), 80))
        .with("list", source.page.as_str())
        .prove("listed", &*source.text)
        .prove("list", source.page.as_str())
        .prove("h1", page.document.h1.join(" / "))
        .prove("title-tag", page.document.title.as_str())
        .seen(Location {
            selector: Some(source.selector.to_string()).filter(|s| !s.is_empty()),
            line: source.line,
            ..Location::text(&source.page, &*source.text)
        })
        .seen(Location::text(&page.url, page.title()));
    if let Some(meta) = page.meta("ArticleTitle") {
        observation = observation.prove("ArticleTitle", meta);
    }
    if agreed && likeness < STRANGE { observation } else { observation.suspected() }
}

/// A list's title without marks, dates and the sign that it was cut.
fn bare(text: &str) -> String {
    let mut rest = text.trim();
    while let Some(close) =
        rest.strip_prefix(['[', '【', '〔', '(', '（', '「']).and_then(|r| r.find([']', '】', '〕', ')', '）', '」']))
    {
        let after = rest.char_indices().nth(1).map_or("", |(at, _)| &rest[at + close..]);
        let after = after.char_indices().nth(1).map_or("", |(at, _)| &after[at..]).trim_start();
        if after.chars().count() < 6 {
            break;
        }
        rest = after;
    }
    for mark in [
        "图解：",
        "一图读懂：",
        "一图读懂",
        "图解",
        "视频：",
        "视频|",
        "图文：",
        "转载：",
        "置顶",
        "解读：",
        "·",
        "•",
        "▪",
        "■",
        "»",
        ">",
    ] {
        rest = rest.strip_prefix(mark).unwrap_or(rest).trim_start();
    }
    let letters = plain(rest);
    // A date at an end is the row's, not the title's.
    letters.trim_matches(|c: char| c.is_ascii_digit()).to_owned()
}

/// The first letters of the main text, folded: a long page is not folded for its beginning.
fn beginning_of(page: &Page) -> String {
    let letters: String =
        page.document.main_text().chars().filter(|c| crate::text::is_alphanumeric(*c)).take(BEGINNING + 1).collect();
    plain(&letters).chars().take(BEGINNING).collect()
}

/// Letters and digits only, folded.
fn plain(text: &str) -> String {
    fold(text).chars().filter(|c| crate::text::is_alphanumeric(*c)).collect()
}

fn han(text: &str) -> usize {
    text.chars().filter(|c| is_han(*c)).count()
}

/// Share of the shorter one's pairs of characters that the longer one holds; 1 when it holds the whole.
fn likeness(one: &str, other: &str) -> f64 {
    if one.contains(other) || other.contains(one) {
        return 1.0;
    }
    let pairs = |text: &str| -> BTreeSet<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (one, other) = (pairs(one), pairs(other));
    let least = one.len().min(other.len());
    if least == 0 { 0.0 } else { one.intersection(&other).count() as f64 / least as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_dates_are_no_part_of_a_title() {
        for text in [
            "[公示]关于开展安全检查的通知",
            "【图文】关于开展安全检查的通知",
            "图解：关于开展安全检查的通知",
            "关于开展安全检查的通知 2026-03-01",
            "· 关于开展安全检查的通知…",
            "(置顶) 关于开展安全检查的通知",
        ] {
            assert_eq!(bare(text), "关于开展安全检查的通知", "{text}");
        }
    }

    #[test]
    fn likeness_is_of_letters() {
        assert_eq!(likeness("关于开展安全", "关于开展安全检查的通知"), 1.0);
        assert!(likeness("森林防火工作部署会召开", "禁止焚烧秸秆的通告") < ALIKE);
        assert!(likeness("我市部署森林防火工作", "森林防火工作部署会召开") > 0.3);
    }
}
