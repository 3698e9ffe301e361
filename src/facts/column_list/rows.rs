//! Rows of lists: repeated siblings, each with a link, and the group of them that is the page's own list.

use crate::facts::column_list::ListItem;
use crate::facts::dates::written;
use crate::facts::layout::Layout;
use crate::facts::links::{Region, Resolver};
use crate::facts::tree::{Id, Kind, NONE, Tree};
use crate::text::{fold, is_han, shorten, squeeze};
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use std::collections::HashMap;

/// Rows that belong together.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// The element that holds them.
    pub(super) holder: Id,
    /// The rows.
    pub(super) items: Vec<ListItem>,
    /// How much it looks like a list of titles.
    pub(super) score: f32,
}

impl Group {
    /// Rows with a date.
    pub(super) fn dated(&self) -> usize {
        self.items.iter().filter(|i| i.date.is_some()).count()
    }
}

/// Rows looked at in all: more than any page shows.
const MAX_ROWS: usize = 5_000;

/// Longest text of one row.
const MAX_ROW_TEXT: u32 = 600;

/// Every group of rows in the main region, in document order.
pub(super) fn groups(layout: &Layout<'_>, resolver: &Resolver) -> Vec<Group> {
    let tree = layout.tree;
    let mut groups = Vec::new();
    let mut budget = MAX_ROWS;
    for id in tree.descendants(layout.body) {
        if tree.element(id).is_none() || layout.region(id) != Region::Main || layout.weight(id).text < 8 {
            continue;
        }
        if let Some(group) = group_of(layout, resolver, id, &mut budget) {
            groups.push(group);
        }
        if budget == 0 {
            break;
        }
    }
    groups
}

/// Rows among the children of an element: the most frequent tag with links or dates in it.
fn group_of(layout: &Layout<'_>, resolver: &Resolver, holder: Id, budget: &mut usize) -> Option<Group> {
    let tree = layout.tree;
    let mut by_tag: HashMap<&str, Vec<Id>> = HashMap::new();
    let mut child = tree.first(holder);
    while child != NONE {
        let name = tree.name(child);
        if matches!(name, "li" | "tr" | "div" | "p" | "dl" | "dd" | "a" | "article" | "section" | "table" | "ul")
            && (1..=MAX_ROW_TEXT).contains(&layout.weight(child).text)
            && layout.hidden(child).is_none()
        {
            by_tag.entry(name).or_default().push(child);
        }
        child = tree.next(child);
    }
    let (_, rows) = by_tag.into_iter().max_by(|a, b| a.1.len().cmp(&b.1.len()).then(b.0.cmp(a.0)))?;
    if rows.is_empty() {
        return None;
    }
    let mut items = Vec::new();
    for row in rows {
        if *budget == 0 {
            break;
        }
        *budget -= 1;
        items.extend(row_item(layout, resolver, row));
    }
    // A group of one is a list only when the row is unmistakable.
    if items.len() < 2 && !items.iter().any(|i| i.date.is_some() && i.url.is_some()) {
        return None;
    }
    let sum: f32 = items.iter().map(score_of).sum();
    let names = items.iter().filter(|i| i.date.is_none() && i.title.chars().count() <= 8).count();
    // Mostly short names without dates: navigation.
    let score = if names * 10 > items.len() * 7 { sum * 0.25 } else { sum };
    Some(Group { holder, items, score })
}

/// Long titles and dates speak for a list of articles; navigation has short names and no dates.
fn score_of(item: &ListItem) -> f32 {
    let length = item.title.chars().count() as f32;
    let date = if item.date.is_some() { 25.0 } else { 0.0 };
    let title = if length <= 6.0 { length * 0.4 } else { length.min(40.0) };
    if item.url.is_some() { date + title } else { (date + title) * 0.4 }
}

/// The item of a row: its longest link and the date beside it.
fn row_item(layout: &Layout<'_>, resolver: &Resolver, row: Id) -> Option<ListItem> {
    let tree = layout.tree;
    let weight = layout.weight(row);
    if weight.links > 4 || holds_rows(layout, row) {
        return None;
    }
    let mut best: Option<(Id, String)> = None;
    for id in tree.descendants(row) {
        if tree.name(id) != "a" || tree.attr(id, "href").is_none() {
            continue;
        }
        let text = link_title(tree, id);
        if !text.is_empty() && best.as_ref().is_none_or(|(_, old)| text.chars().count() > old.chars().count()) {
            best = Some((id, text));
        }
    }
    let whole = squeeze(&tree.text(row, 3_000));
    let Some((link, title)) = best else {
        return unlinked_item(tree, row, &whole);
    };
    let url = tree.attr(link, "href").filter(|h| !h.trim_start().starts_with('#')).and_then(|h| resolver.resolve(h));
    let date = date_of_row(tree, row, link, url.as_ref());
    // A row that says much more than its title and a date is a paragraph with a link.
    if date.is_none() && weight.linked * 2 < weight.text {
        return None;
    }
    Some(ListItem { title: shorten(&title, 300), url, date })
}

/// Does the element hold rows of its own? Then it is no row. A list item may hold one more list item (a calendar sheet); a box
/// with a list in it, however short, is a box.
fn holds_rows(layout: &Layout<'_>, row: Id) -> bool {
    let tree = layout.tree;
    let allowed = usize::from(matches!(tree.name(row), "li" | "tr" | "dl" | "dd"));
    let inner =
        tree.descendants(row).skip(1).filter(|n| matches!(tree.name(*n), "li" | "tr" | "dl") && layout.weight(*n).links > 0);
    inner.take(allowed + 1).count() > allowed
}

/// A row of a table of records that lead nowhere: its longest cell that is no date.
fn unlinked_item(tree: &Tree, row: Id, whole: &str) -> Option<ListItem> {
    if tree.name(row) != "tr" && tree.name(row) != "li" {
        return None;
    }
    let date = written::first(whole)?;
    let rest = format!("{} {}", &whole[..date.range.start], &whole[date.range.end..]);
    let title = squeeze(&rest);
    (whole.chars().count() <= 200 && !title.is_empty()).then(|| ListItem {
        title: shorten(&title, 300),
        url: None,
        date: Some(date.date),
    })
}

/// Title of a link: the whole `title` attribute where the text is cut, else the text without parts that are only a date.
fn link_title(tree: &Tree, link: Id) -> String {
    let mut text = String::new();
    let mut at = link;
    while at != NONE && text.len() < 1_500 {
        match tree.kind(at) {
            Kind::Text(piece) => text.push_str(piece),
            Kind::Element(element) => {
                let dropped = matches!(element.name(), "script" | "style")
                    || (at != link
                        && matches!(element.name(), "span" | "em" | "i" | "b" | "p" | "div" | "font" | "label" | "time")
                        && {
                            let own = squeeze(&tree.text(at, 80));
                            written::is_only_date(&own)
                        });
                if dropped {
                    at = tree.following_outside(at, link);
                    continue;
                }
                if at != link && !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            _ => {}
        }
        at = tree.following(at, link);
    }
    let text = squeeze(text.trim_start_matches(['·', '•', '▪', '■', '◆', '>', '»', ' ']));
    let full = tree.attr(link, "title").map(squeeze).unwrap_or_default();
    let (short, long) = (fold(text.trim_end_matches(['.', '…', ' '])), fold(&full));
    let is_cut = text.ends_with("...") || text.ends_with('…') || text.is_empty();
    if !full.is_empty() && ((is_cut && !full.contains("://")) || (!short.is_empty() && long.starts_with(&short))) {
        return full;
    }
    without_edge_date(&text)
}

/// A date at the very start or end of a link's text belongs to the row, not to the title, unless the title reads on from it.
fn without_edge_date(text: &str) -> String {
    let found = written::find_all(text);
    let trim = |s: &str| s.trim().trim_matches(['[', ']', '(', ')', '【', '】', '（', '）', ' ']).to_owned();
    if let Some(last) = found.last()
        && last.range.start > 0
        && text[last.range.end..].chars().all(|c| " ])】）".contains(c))
        && text[..last.range.start].ends_with([' ', '[', '(', '【', '（'])
    {
        return trim(&text[..last.range.start]);
    }
    if let Some(first) = found.first()
        && text[..first.range.start].chars().all(|c| " [(【（".contains(c))
        && text[first.range.end..].starts_with([' ', ']', ')', '】', '）'])
    {
        let rest = trim(&text[first.range.end..]);
        if !rest.is_empty() {
            return rest;
        }
    }
    text.to_owned()
}

/// The date of a row outside of its title; month and day alone take their year from the URL.
fn date_of_row(tree: &Tree, row: Id, link: Id, url: Option<&CanonicalUrl>) -> Option<Date> {
    let (mut rest, mut inside) = (String::new(), String::new());
    let mut in_link = false;
    let mut at = row;
    while at != NONE && rest.len() < 2_000 && inside.len() < 2_000 {
        if at == link {
            in_link = true;
        } else if in_link && !tree.ancestors(at).any(|a| a == link) {
            in_link = false;
        }
        match tree.kind(at) {
            Kind::Text(text) => {
                let to = if in_link { &mut inside } else { &mut rest };
                to.push(' ');
                to.push_str(text);
            }
            Kind::Element(element) if matches!(element.name(), "script" | "style") => {
                at = tree.following_outside(at, row);
                continue;
            }
            _ => {}
        }
        at = tree.following(at, row);
    }
    if let Some(found) = written::find_all(&rest).last() {
        return Some(found.date);
    }
    // Inside the link only at an edge, apart from the title.
    let inside = squeeze(&inside);
    let edge = written::find_all(&inside).into_iter().rfind(|f| {
        let before = inside[..f.range.start].trim_end_matches(['[', '(', '【', '（']);
        let after = inside[f.range.end..].trim_start_matches([']', ')', '】', '）']);
        let apart_before = before.is_empty() || before.ends_with(' ') || before.len() < f.range.start;
        let apart_after = after.is_empty() || after.starts_with(' ') || after.len() < inside.len() - f.range.end;
        (before.is_empty() && apart_after) || (after.is_empty() && apart_before)
    });
    if let Some(found) = edge {
        return Some(found.date);
    }
    let from_url = url.and_then(crate::facts::dates::in_url);
    let numbers: Vec<i16> = rest
        .split(|c: char| !c.is_ascii_digit())
        .filter(|s| (1..=4).contains(&s.len()))
        .filter_map(|s| s.parse().ok())
        .take(6)
        .collect();
    match numbers.as_slice() {
        // A calendar sheet: 2024-03 above, 15 below, or the other way round.
        [year, month, day] | [day, year, month] if *year > 1990 => {
            Date::new(*year, i8::try_from(*month).ok()?, i8::try_from(*day).ok()?).ok()
        }
        [month, day] => from_url.filter(|d| i16::from(d.month()) == *month && i16::from(d.day()) == *day),
        _ => None,
    }
}

/// Has a text something to say (two Han characters or four letters)?
pub(super) fn is_wordy(text: &str) -> bool {
    text.chars().filter(|c| is_han(*c)).count() >= 2 || text.chars().filter(|c| crate::text::is_alphabetic(*c)).count() >= 4
}
