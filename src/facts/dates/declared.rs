//! What a page declares to machines: JSON-LD and microdata `datePublished`, `article:published_time` and their kin; and, where it
//! says nothing else, dates in its scripts.

use super::worded::{Order, machine};
use super::{DateFact, DateOrigin};
use crate::facts::meta::MetaTag;
use crate::facts::tree::{ROOT, Tree};
use crate::text::shorten;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Metas that a system writes when an article goes public. `PubDate` of government systems is none of them: see the README of
/// the rule `date-disagreement`.
pub(super) const METAS: [&str; 12] = [
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datePublished",
    "dcterms.issued",
    "dc.date.issued",
    "sailthru.date",
    "parsely-pub-date",
    "og:release_date",
    "cXenseParse:recs:publishtime",
    "uploadDate",
    "date_published",
];

/// Most bytes of script looked at.
const MAX_SCRIPT: usize = 2 * 1_024 * 1_024;

static PUBLISHED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#""datePublished"\s*:\s*"([^"]{8,40})""#).ok());

static IN_SCRIPT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)["']?\b(?:date_?published|published_?(?:at|date|time|on)|publish_?(?:date|time|edon)|publication_?date|pub_?date|first_?published(?:at|date)?|article_?date|date_?created|created_?at)\\?["']?\s*[:=]\s*\\?["'](\d{4}[^"'\\]{4,36}|\d{1,2}[^"'\\]{6,36})"#,
    )
    .ok()
});

/// JSON-LD, metas and microdata, the surest first.
pub(super) fn read(tree: &Tree, meta: &[MetaTag], order: Order) -> Vec<DateFact> {
    let mut dates = Vec::new();
    let mut push = |label: &str, text: &str| {
        if let Some(found) = machine(text, order) {
            let (label, text) = (label.to_owned(), shorten(text.trim(), 200));
            dates.push(DateFact { date: found.date, time: found.time, origin: DateOrigin::Declared, label, text });
        }
    };
    if let Some(text) = linked_data(tree) {
        push("datePublished", &text);
    }
    for name in METAS {
        for tag in meta.iter().filter(|m| m.name.eq_ignore_ascii_case(name)).take(2) {
            push(&tag.name, &tag.content);
        }
    }
    let items = tree.descendants(ROOT).filter(|id| {
        let says = |p: &str| p.eq_ignore_ascii_case("datePublished") || p.eq_ignore_ascii_case("uploadDate");
        tree.attr(*id, "itemprop").is_some_and(|p| p.split_whitespace().any(says))
    });
    for id in items.take(1) {
        let shown = tree.text(id, 200);
        let text = tree.attr(id, "content").or_else(|| tree.attr(id, "datetime")).unwrap_or(&shown);
        push("datePublished", text);
    }
    dates
}

/// The first `datePublished` of JSON-LD, an article's before others'.
fn linked_data(tree: &Tree) -> Option<String> {
    let mut other = None;
    let mut budget = MAX_SCRIPT;
    for id in tree.named("script") {
        if !tree.attr(id, "type").is_some_and(|t| t.to_ascii_lowercase().contains("ld+json")) {
            continue;
        }
        let text = tree.raw_text(id);
        budget = budget.checked_sub(text.len())?;
        match serde_json::from_str::<Value>(text.trim()) {
            Ok(value) => {
                let mut found = Vec::new();
                walk(&value, 0, &mut found);
                if let Some((_, date)) = found.iter().find(|(article, _)| *article) {
                    return Some(date.clone());
                }
                other = other.or_else(|| found.into_iter().next().map(|(_, date)| date));
            }
            // Systems write raw line breaks into strings, and commas too many.
            Err(_) => {
                let found = PUBLISHED.as_ref().and_then(|p| p.captures(&text)).map(|c| c[1].to_owned());
                other = other.or(found);
            }
        }
    }
    other
}

/// Every `datePublished` with whether an article bears it. Depth is bounded by the parser.
fn walk(value: &Value, depth: usize, found: &mut Vec<(bool, String)>) {
    if depth > 20 || found.len() >= 50 {
        return;
    }
    match value {
        Value::Object(map) => {
            let kind = map.get("@type").map(|t| t.to_string().to_ascii_lowercase()).unwrap_or_default();
            if let Some(Value::String(date)) = map.get("datePublished") {
                let article = ["article", "posting", "report", "recipe"].iter().any(|k| kind.contains(k));
                found.push((article, date.clone()));
            }
            // Comments and answers have dates of their own.
            let own = map
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "comment" | "review" | "suggestedAnswer" | "acceptedAnswer"));
            own.for_each(|(_, inner)| walk(inner, depth + 1, found));
        }
        Value::Array(list) => list.iter().take(500).for_each(|inner| walk(inner, depth + 1, found)),
        _ => {}
    }
}

/// The one date that scripts give for the page, where all that speak of one agree.
pub(super) fn in_scripts(tree: &Tree, order: Order) -> Option<DateFact> {
    let mut days = BTreeSet::new();
    let mut first = None;
    let mut budget = MAX_SCRIPT;
    for id in tree.named("script") {
        let text = tree.raw_text(id);
        budget = budget.checked_sub(text.len())?;
        for captures in IN_SCRIPT.as_ref()?.captures_iter(&text).take(200) {
            let Some(found) = machine(&captures[1], order) else { continue };
            days.insert(found.date);
            first.get_or_insert_with(|| DateFact {
                date: found.date,
                time: found.time,
                origin: DateOrigin::Derived,
                label: "script".to_owned(),
                text: shorten(&captures[0], 200),
            });
        }
    }
    first.filter(|_| days.len() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(html: &str) -> Vec<String> {
        let tree = Tree::parse(html);
        let meta = crate::facts::meta::collect(&tree);
        read(&tree, &meta, Order::DayMonth).into_iter().map(|d| d.date.to_string()).collect()
    }

    #[test]
    fn articles_come_before_pages_and_comments_do_not_count() {
        let html = r#"<script type="application/ld+json">{"@graph":[{"@type":"WebPage","datePublished":"2020-01-01"},
            {"@type":["NewsArticle"],"comment":[{"@type":"Comment","datePublished":"2023-01-01"}],"datePublished":"2021-02-03T00:00:00Z"}]}</script>"#;
        assert_eq!(dates(html), ["2021-02-03"]);
        assert_eq!(
            dates("<script type=application/ld+json>{\"datePublished\": \"2021-02-03\", \"text\": \"a\nb\",}</script>"),
            ["2021-02-03"]
        );
        assert_eq!(dates("<meta property='article:published_time' content='2020-05-06'><span itemprop=datePublished content=20200506>x</span>").len(), 2);
        assert_eq!(dates("<meta property='article:modified_time' content='2020-05-06'>"), Vec::<String>::new());
    }

    #[test]
    fn scripts_that_disagree_say_nothing() {
        let one = Tree::parse("<script>var a = {\"publishedAt\": \"2020-05-06T10:00\"}; b = {pubDate: '2020-05-06'};</script>");
        assert_eq!(in_scripts(&one, Order::DayMonth).map(|d| d.date.to_string()).as_deref(), Some("2020-05-06"));
        let two = Tree::parse("<script>var a = {\"publishedAt\": \"2020-05-06\"}; b = {pubDate: '2020-05-07'};</script>");
        assert_eq!(in_scripts(&two, Order::DayMonth), None);
    }
}
