//! home, column, article, other.

use super::column_list::Survey;
use super::header::MetadataHeader;
use super::layout::Layout;
use super::links::Region;
use super::meta::MetaTag;
use super::tree::Id;
use crate::text::fold;
use crate::url::CanonicalUrl;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PageKind {
    /// The first page of a site.
    Home,
    /// A list of items or of sub-columns.
    Column,
    /// One article or document.
    Article,
    /// Forms, search pages, frames, what cannot be told.
    Other,
}

/// What speaks for one kind or another.
pub(super) struct Signs<'a> {
    /// Where the page is.
    pub(super) url: &'a CanonicalUrl,
    /// Its meta tags.
    pub(super) meta: &'a [MetaTag],
    /// `<title>`.
    pub(super) title: &'a str,
    /// Labelled values.
    pub(super) header: &'a MetadataHeader,
    /// Lists on it.
    pub(super) survey: &'a Survey,
    /// Container of an article's text.
    pub(super) content: Option<Id>,
    /// Is there a visible date of publication above the text?
    pub(super) dated: bool,
}

impl Signs<'_> {
    fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    fn value(&self, name: &str) -> Option<&str> {
        // A tag may stand there twice, once empty.
        let mut values = self.meta.iter().filter(|m| m.name.trim().eq_ignore_ascii_case(name)).map(|m| m.content.trim());
        values.find(|content| !content.is_empty())
    }

    /// Tags that only articles have: a title, or a date together with a source.
    fn has_article_tags(&self) -> bool {
        self.has("ArticleTitle") || self.has("PubDate") && self.has("ContentSource")
    }
}

static ARTICLE_PATH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:/t\d{8}_\d+|/content_\d+|/art_\d+(?:_\d+)*|/c\d{5,}|/\d{6,}|/[0-9a-f]{32}|_\d{6,}|/info/\d+/\d+)\.(?:s?html?|jsp|php|aspx)$|/content/post_\d+\.html$").ok()
});

/// Decides the kind by weighing the signs; a page that shows neither text nor list is other.
pub(super) fn of(layout: &Layout<'_>, signs: &Signs<'_>) -> PageKind {
    if signs.url.is_root() || signs.value("ColumnType").is_some_and(|t| fold(t) == "首页") {
        return PageKind::Home;
    }
    let body = layout.weight(layout.body);
    let is_site_name = signs.value("SiteName").is_some_and(|s| fold(s) == fold(signs.title));
    if is_site_name && !signs.has("ColumnName") && !signs.has("ArticleTitle") && body.links >= 100 {
        return PageKind::Home;
    }
    let (article, column) = (article_signs(layout, signs), column_signs(layout, signs));
    if article < 3 && column < 3 || article >= column && explains_an_index(layout, signs, article) {
        PageKind::Other
    } else if article >= column {
        PageKind::Article
    } else {
        PageKind::Column
    }
}

/// The page of a folder whose text introduces a table of links, with nothing beside the text that speaks for an article.
fn explains_an_index(layout: &Layout<'_>, signs: &Signs<'_>, article: u32) -> bool {
    /// Signs that a text alone gives.
    const TEXT: u32 = 4;
    /// Links that a text does not hold in passing.
    const MANY: u32 = 20;
    let Some(content) = signs.content.filter(|_| article <= TEXT && is_index(signs.url.path())) else { return false };
    let row = matches!(layout.tree.name(content), "td" | "tr" | "tbody");
    let table = layout.tree.ancestors(content).find(|a| row && layout.tree.name(*a) == "table");
    layout.weight(table.unwrap_or(content)).links >= MANY
}

fn is_index(path: &str) -> bool {
    path.ends_with('/')
        || path.rsplit('/').next().is_some_and(|f| f.starts_with("index") || f.starts_with("list") || f.starts_with("col"))
}

fn article_signs(layout: &Layout<'_>, signs: &Signs<'_>) -> u32 {
    let text = signs.content.map_or(0, |c| {
        let weight = layout.weight(c);
        weight.text - weight.linked
    });
    let mut sum = match text {
        0..=79 => 0,
        80..=199 => 2,
        200..=599 => 3,
        _ => 4,
    };
    sum += if signs.has_article_tags() { 3 } else { 0 };
    sum += if signs.has("PubDate") && signs.has("ArticleTitle") { 1 } else { 0 };
    sum += if signs.header.block { 4 } else { 0 };
    sum += if signs.dated { 3 } else { 0 };
    sum += if ARTICLE_PATH.as_ref().is_some_and(|p| p.is_match(signs.url.path())) { 2 } else { 0 };
    sum
}

fn column_signs(layout: &Layout<'_>, signs: &Signs<'_>) -> u32 {
    let survey = signs.survey;
    let main: u32 = layout
        .lines
        .iter()
        .filter(|l| l.hidden.is_none() && layout.region(l.node) == Region::Main)
        .map(|l| l.text.chars().count() as u32)
        .sum();
    let share = survey.weight(layout) * 100 / main.max(1);
    let mut sum = 0;
    if survey.rows() >= 3 && survey.dated() * 2 >= survey.rows() {
        sum += if share >= 25 { 5 } else { 3 };
    } else if survey.wordy() >= 5 {
        sum += if share >= 25 { 3 } else { 2 };
    } else if survey.rows() >= 5 && share >= 50 {
        sum += 3;
    } else if survey.dated() >= 1 && share >= 20 {
        sum += 2;
    }
    let column_tags = ["ColumnName", "ColumnDescription", "ColumnKeywords"].iter().any(|name| signs.has(name));
    sum += if column_tags && !signs.has_article_tags() { 4 } else { 0 };
    let is_index = is_index(signs.url.path());
    sum += if is_index { 2 } else { 0 };
    let body = layout.weight(layout.body);
    sum += if body.links >= 10 && body.linked * 10 > body.text * 6 { 2 } else { 0 };
    sum += if survey.loads && is_index { 1 } else { 0 };
    sum
}

#[cfg(test)]
mod tests {
    use super::ARTICLE_PATH;

    #[test]
    fn paths_of_articles() {
        let matches = |path: &str| ARTICLE_PATH.as_ref().expect("a pattern").is_match(path);
        for path in [
            "/a/t20200802_1352104.html",
            "/content/2018-12/24/content_5351607.htm",
            "/info/1023/4567.htm",
            "/content/post_12345.html",
            "/art/2026/5/9/art_86702_67.html",
        ] {
            assert!(matches(path), "{path}");
        }
        assert!(!matches("/zwgk/index.html") && !matches("/zwgk/list_2.html"));
    }
}
