//! How a plant changes the page that takes it, and what follows from that elsewhere.

use super::super::bureau::{Bureau, PageModel, Role, Row};
use super::super::reports::{Change, Report};
use super::{Added, What, moves, tied, tree};
use crate::error::Result;
use jiff::Span;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Changes the annual report that a page shows; gives the page from which it takes words.
pub(super) fn report(
    change: &Change,
    bureau: &mut Bureau,
    path: &str,
    say: &mut dyn FnMut(&str) -> Result<String>,
) -> Result<Option<String>> {
    let change = change.say(say)?;
    let others: Vec<Report> =
        bureau.pages.values().filter(|page| page.path != path).filter_map(|page| page.report.clone()).collect();
    let own = bureau.pages.get(path).and_then(|page| page.report.clone());
    let gives = |page: &&PageModel| {
        own.as_ref().zip(page.report.as_ref()).is_some_and(|(own, other)| page.path != path && change.takes_from(own, other))
    };
    let source = bureau.pages.values().find(gives).map(|page| page.path.clone());
    let Some(page) = bureau.pages.get_mut(path) else { return Ok(None) };
    let Some(report) = &mut page.report else { return Ok(None) };
    change.make(report, &others)?;
    page.body = report.html();
    Ok(source)
}

pub(super) fn row(page: &PageModel) -> Row {
    Row { title: page.title.clone(), path: page.path.clone(), date: page.date }
}

pub(super) fn set(map: &mut BTreeMap<String, String>, key: &str, value: &str) {
    if value == "-" {
        map.remove(key);
    } else {
        map.insert(key.to_owned(), value.to_owned());
    }
}

/// Sets a labelled value; `-` removes it.
fn label_value(header: &mut Vec<(String, String)>, label: &str, value: &str) {
    match header.iter_mut().find(|(known, _)| known == label) {
        Some(known) if value != "-" => value.clone_into(&mut known.1),
        Some(_) => header.retain(|(known, _)| known != label),
        None if value != "-" => header.push((label.to_owned(), value.to_owned())),
        None => {}
    }
}

/// Changes that concern the page alone.
pub(super) fn change(what: &What, page: &mut PageModel, say: &mut dyn FnMut(&str) -> Result<String>) -> Result<()> {
    if let Some(title) = &what.visible_title {
        page.title = say(title)?;
    }
    if let Some(title) = &what.head_title {
        page.head_title = Some(say(title)?);
    }
    if let Some(lang) = &what.lang {
        page.lang = Some(lang.clone()).filter(|l| !l.is_empty());
    }
    if let Some(source) = &what.source {
        page.source = say(source)?;
        page.metas.insert("ContentSource".into(), page.source.clone());
    }
    if let Some(body) = &what.body {
        page.body = body.iter().map(|text| say(text)).collect::<Result<_>>()?;
    }
    for (word, instead) in &what.replace {
        let (word, instead) = (say(word)?, say(instead)?);
        page.body.iter_mut().for_each(|block| *block = block.replace(&word, &instead));
    }
    page.body.retain(|block| !what.without.iter().any(|word| block.contains(word.as_str())));
    if let Some(text) = &what.body_start {
        page.body.insert(0, say(text)?);
    }
    if let Some(text) = &what.body_end {
        page.body.push(say(text)?);
    }
    for (label, value) in &what.header {
        label_value(&mut page.header, label, &say(value)?);
    }
    for (name, value) in &what.meta {
        set(&mut page.metas, name, &say(value)?);
    }
    page.sent.raw = what.raw.as_deref().map(&mut *say).transpose()?;
    page.sent.declared.clone_from(&what.declared);
    page.sent.encoding.clone_from(&what.encoding);
    for (slot, html) in &what.slot {
        let html = say(html)?;
        // Several plants may add to one place of the home page; the trail and the search box there are only replaced.
        if matches!(slot.as_str(), "head" | "top" | "footer" | "bottom") {
            page.slots.entry(slot.clone()).or_default().push_str(&html);
        } else {
            page.slots.insert(slot.clone(), html);
        }
    }
    for (old, new) in &what.swap {
        page.swaps.push((say(old)?, say(new)?));
    }
    if what.bare {
        page.files.clear();
    }
    for (name, path) in &what.files {
        page.files.push((say(name)?, say(path)?));
    }
    match what.rows.as_deref() {
        Some("none") => page.rows.clear(),
        Some("undated") => page.undated = true,
        _ => {}
    }
    Ok(())
}

/// Pages that the plant adds: made after the page, as it is now, and the column that they go into.
pub(super) fn added<'w>(
    what: &'w What,
    bureau: &Bureau,
    path: &str,
    say: &mut dyn FnMut(&str) -> Result<String>,
) -> Result<Vec<(PageModel, &'w Added)>> {
    let Some(own) = bureau.pages.get(path) else { return Ok(Vec::new()) };
    let mut pages = Vec::new();
    for text in &what.add {
        let Some(near) = tied::neighbour(text, own, bureau) else { continue };
        let mut page = near.clone();
        page.role = Role::Article;
        page.name = None;
        page.tied = false;
        page.lists = false;
        page.path = tied::beside(near, &say(&text.file)?);
        page.title = if text.title.is_empty() { own.title.clone() } else { say(&text.title)? };
        page.date = text.age.map_or(own.date, |age| bureau.as_of.saturating_sub(Span::new().days(age)));
        page.body = text.body.iter().map(|block| say(block)).collect::<Result<_>>()?;
        if text.body.is_empty() && text.column.is_some() {
            page.body.clone_from(&own.body);
        }
        page.files = text.files.iter().map(|(name, path)| Ok((say(name)?, say(path)?))).collect::<Result<_>>()?;
        page.report = None;
        if !text.keep_header {
            page.header.clear();
        }
        for (label, value) in &text.header {
            label_value(&mut page.header, label, &say(value)?);
        }
        page.rows.clear();
        page.children.clear();
        page.swaps.clear();
        if let Some(source) = &text.source {
            page.source = say(source)?;
        }
        if near.role == Role::Column {
            page.crumbs.push((near.title.clone(), near.path.clone()));
            page.metas.insert("ContentSource".into(), page.source.clone());
        }
        page.metas.insert("ArticleTitle".into(), page.title.clone());
        page.metas.insert("PubDate".into(), format!("{} {}", page.date, page.time));
        for (name, value) in &text.meta {
            set(&mut page.metas, name, &say(value)?);
        }
        pages.push((page, text));
    }
    Ok(pages)
}

/// Keeps rows of lists true to the pages that they lead to.
pub(super) fn follow(what: &What, bureau: &mut Bureau, path: &str, title: Option<&str>) {
    for page in bureau.pages.values_mut() {
        for row in page.rows.iter_mut().filter(|row| row.path == path) {
            if let Some(title) = title {
                title.clone_into(&mut row.title);
            }
        }
    }
    if let Some(days) = what.row_shift {
        moves::row_shift(bureau, path, days);
    }
    if !what.rows_ages.is_empty() {
        moves::rows(bureau, path, &what.rows_ages);
    }
    if what.drop_newest_reports {
        moves::drop_newest_reports(bureau);
    }
    if what.rows_files.as_deref() == Some("none") {
        let below: Vec<String> = bureau.pages.get(path).iter().flat_map(|page| &page.rows).map(|row| row.path.clone()).collect();
        below.iter().for_each(|path| {
            if let Some(page) = bureau.pages.get_mut(path) {
                page.files.clear();
            }
        });
    }
    let Some(age) = what.rows_age else { return };
    if what.on == "home" {
        bureau.home_age = age;
        return;
    }
    let Some(page) = bureau.pages.get(path) else { return };
    let Some(newest) = page.rows.iter().map(|row| row.date).max() else { return };
    let shift = newest - bureau.as_of.saturating_sub(Span::new().days(age));
    let moved: Vec<(String, Date)> = page.rows.iter().map(|row| (row.path.clone(), row.date.saturating_sub(shift))).collect();
    for (path, date) in moved {
        tree::redate(bureau, &path, date);
    }
}
