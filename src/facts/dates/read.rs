//! Collects the dates of a page with where each was read.

use super::worded::{Order, machine};
use super::{DateFact, DateOrigin, declared, in_url, shown, written};
use crate::facts::header::{Field, MetadataHeader};
use crate::facts::layout::Layout;
use crate::facts::links::Region;
use crate::facts::meta::MetaTag;
use crate::facts::tree::{Id, NONE};
use crate::text::shorten;
use crate::url::CanonicalUrl;

/// Metas of a date that may be the publish date, the official one first; the surer ones are in [`declared`].
const METAS: [&str; 8] =
    ["PubDate", "firstpublishedtime", "publishdate", "pubtime", "publish_time", "dcterms.date", "dc.date", "date"];

/// What dates are read from.
pub(in crate::facts) struct Sources<'a> {
    /// Labelled values.
    pub(in crate::facts) header: &'a MetadataHeader,
    /// Meta tags.
    pub(in crate::facts) meta: &'a [MetaTag],
    /// Where the page is.
    pub(in crate::facts) url: &'a CanonicalUrl,
    /// Container of the text.
    pub(in crate::facts) content: Option<Id>,
    /// `<title>`.
    pub(in crate::facts) title: &'a str,
}

/// Every date, labelled ones first. `in_list` tells of a block element whether it stands in a list.
pub(in crate::facts) fn read(layout: &Layout<'_>, sources: &Sources<'_>, in_list: &dyn Fn(Id) -> bool) -> Vec<DateFact> {
    let mut dates = Vec::new();
    for value in &sources.header.values {
        let origin = match value.field {
            Field::PublishDate => DateOrigin::VisibleLabel,
            // Counted for both where it stands alone (see the header), but it says nothing of the signing then.
            Field::WrittenDate if value.label.starts_with("发文") && only_date(sources.header) => continue,
            Field::WrittenDate => DateOrigin::WrittenLabel,
            _ => continue,
        };
        dates.extend(written::first(&value.value).map(|f| fact(f, origin, &value.label, &value.value)));
    }
    let chinese = shown::is_chinese(layout);
    let order = if chinese { Order::DayMonth } else { shown::order_of(layout, sources.url) };
    dates.extend(declared::read(layout.tree, sources.meta, order));
    dates.extend(if chinese {
        near_title(layout, sources, in_list)
    } else {
        shown::read(layout, sources.title, sources.content, order)
    });
    for name in METAS {
        if let Some(tag) = sources.meta.iter().find(|m| m.name.eq_ignore_ascii_case(name)) {
            let found = if chinese { written::first(&tag.content) } else { machine(&tag.content, order) };
            dates.extend(found.map(|f| fact(f, DateOrigin::Meta, &tag.name, &tag.content)));
        }
    }
    if !chinese && super::publish_date(&dates).is_none() {
        dates.extend(declared::in_scripts(layout.tree, order).or_else(|| post_path(sources.url)));
    }
    if let Some(date) = in_url(sources.url) {
        dates.push(DateFact {
            date,
            time: None,
            origin: DateOrigin::Url,
            label: String::new(),
            text: shorten(sources.url.path(), 200),
        });
    }
    dates.extend(sign_off(layout, sources.content));
    dates
}

/// Is 发文日期 the only date that the header gives?
fn only_date(header: &MetadataHeader) -> bool {
    let written = header.values.iter().filter(|v| v.field == Field::WrittenDate).all(|v| v.label.starts_with("发文"));
    let published = header.values.iter().filter(|v| v.field == Field::PublishDate).all(|v| v.label.starts_with("发文"));
    written && published
}

fn fact(found: written::Found, origin: DateOrigin, label: &str, text: &str) -> DateFact {
    DateFact { date: found.date, time: found.time, origin, label: label.to_owned(), text: shorten(text, 200) }
}

/// The date in the path of a post: `/2020/05/06/…`.
fn post_path(url: &CanonicalUrl) -> Option<DateFact> {
    let (label, text) = ("url".to_owned(), shorten(url.path(), 200));
    in_url(url).map(|date| DateFact { date, time: None, origin: DateOrigin::Derived, label, text })
}

/// A date without a label in a short line above the text.
fn near_title(layout: &Layout<'_>, sources: &Sources<'_>, in_list: &dyn Fn(Id) -> bool) -> Option<DateFact> {
    const NOT_OF_THE_PAGE: [&str; 8] = ["今天", "今日", "星期", "现在是", "截止", "至", "日期", "年度"];
    let content = sources.content?;
    let start = layout.order(content);
    let mut inside = 0;
    for line in layout.lines.iter().filter(|l| l.hidden.is_none() && layout.region(l.node) == Region::Main) {
        if layout.order(line.node) >= start {
            inside += 1;
            if inside > 12 {
                break;
            }
        }
        if line.text.chars().count() > 120 || line.linked > 40 || in_list(line.node) || in_table(layout, line.node) {
            continue;
        }
        let Some(found) = written::first(&line.text) else { continue };
        let rest = format!("{}{}", &line.text[..found.range.start], &line.text[found.range.end..]);
        let said: usize = rest.chars().filter(|c| !c.is_whitespace()).count();
        // Inside the text only a line of its own counts, with a source or nothing beside it.
        let at_edge = line.text[found.range.end..].trim().is_empty() || line.text[..found.range.start].trim().is_empty();
        let short = match inside {
            0 => said <= 60,
            1..=3 => rest.contains("来源") || (said <= 16 && at_edge),
            _ => rest.contains("来源") || said <= 2,
        };
        let opens = found.range.start <= 30 || rest.contains("来源") || rest.contains("浏览") || rest.contains("字体");
        if short
            && opens
            && found.date.year() >= 1990
            && !NOT_OF_THE_PAGE.iter().any(|w| rest.contains(w))
            && (inside == 0 || inside <= 6)
        {
            return Some(fact(found, DateOrigin::VisibleNearTitle, "", &line.text));
        }
    }
    None
}

/// Cells of data tables hold dates of the matter, not of the page; a table of one column is only layout.
fn in_table(layout: &Layout<'_>, node: Id) -> bool {
    let tree = layout.tree;
    let cell = std::iter::once(node).chain(tree.ancestors(node)).take(3).find(|n| matches!(tree.name(*n), "td" | "th"));
    cell.is_some_and(|c| tree.previous_element(c) != NONE && layout.weight(tree.previous_element(c)).text > 0)
}

/// A line that is nothing but a date among the last of the text.
fn sign_off(layout: &Layout<'_>, content: Option<Id>) -> Option<DateFact> {
    let content = content?;
    let lines = layout.lines.iter().rev().filter(|l| l.hidden.is_none() && layout.holds(content, l.node)).take(12);
    lines
        .filter(|l| written::is_only_date(&l.text))
        .find_map(|l| written::first(&l.text).map(|f| fact(f, DateOrigin::SignOff, "", &l.text)))
}
