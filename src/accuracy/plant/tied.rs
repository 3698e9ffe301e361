//! Pages that belong together: what a plant names beside its own page, adds to other columns and removes.

use super::super::bureau::{Bureau, PageModel, Role};
use super::change::row;
use super::{Added, What};
use jiff::Span;
use std::collections::BTreeMap;

/// Has it this name, whole or before its number?
pub(super) fn is_named(page: &PageModel, name: &str) -> bool {
    page.name.as_deref().is_some_and(|own| own == name || own.rsplit_once('-').is_some_and(|(series, _)| series == name))
}

/// Would it take a page out of what ties it to others, without meaning to?
pub(super) fn rewrites(what: &What, page: &PageModel) -> bool {
    what.rows_age.is_some()
        || !what.rows_ages.is_empty()
        || what.rows_files.is_some()
        || page.role == Role::Article
            && (what.title.is_some()
                || what.visible_title.is_some()
                || what.body.is_some()
                || what.age.is_some()
                || what.date.is_some()
                || what.header.contains_key("成文日期")
                || what.raw.is_some()
                || what.drop)
}

/// The paths of the other pages that it concerns; none when one of them is not there.
pub fn concerned(what: &What, page: &PageModel, bureau: &Bureau) -> Option<Vec<String>> {
    let path = |name: &String| bureau.path_of(&name.replace('*', page.tail())).map(str::to_owned);
    let (columns, entries): (Vec<&String>, Vec<&String>) = what.with.iter().partition(|name| name.starts_with('#'));
    let mut paths: Vec<String> = entries.into_iter().map(path).collect::<Option<_>>()?;
    let column_of = |id: &str| bureau.pages.values().find(|p| p.role == Role::Column && p.column == id).map(|p| p.path.clone());
    paths.extend(columns.iter().filter_map(|id| column_of(&id[1..])));
    paths.extend(what.remove.iter().filter_map(path));
    // What a run of then did not list is only told where that list went further back.
    if let (true, Some(seen)) = (what.unseen, what.earlier_run) {
        let list = page.crumbs.last().and_then(|(_, list)| bureau.pages.get(list))?;
        let oldest = bureau.as_of.saturating_sub(Span::new().days(what.age.unwrap_or(seen)));
        let older = list.rows.iter().any(|row| row.path != page.path && row.date < oldest);
        if !older {
            return None;
        }
    }
    // A column into which it puts something is no longer as old, as empty or as it was.
    let ids = what.add.iter().filter_map(|text| text.column.as_ref()).chain(&what.listed).chain(&what.under);
    let columns = ids.filter_map(|id| bureau.pages.values().find(|p| p.role == Role::Column && p.column == *id));
    paths.extend(columns.map(|column| column.path.clone()).filter(|path| *path != page.path));
    Some(paths)
}

/// Paths of all entries that have names, and of the pages that the plant adds, as `@name`.
pub(super) fn names(what: &What, bureau: &Bureau, own: Option<&PageModel>) -> BTreeMap<String, String> {
    let known = bureau.pages.values().filter_map(|page| Some((format!("@{}", page.name.as_ref()?), page.path.clone())));
    let mut names: BTreeMap<String, String> = known.collect();
    for (own, text) in own.iter().flat_map(|own| what.add.iter().map(move |text| (own, text))) {
        if let Some(near) = neighbour(text, own, bureau) {
            names.insert(format!("@{}", text.file), beside(near, &text.file));
        }
    }
    names
}

/// A text with `"@name"` replaced by paths.
pub(super) fn resolve(said: String, names: &BTreeMap<String, String>) -> String {
    if !said.contains("\"@") {
        return said;
    }
    names.iter().fold(said, |said, (name, path)| said.replace(&format!("\"{name}\""), &format!("\"{path}\"")))
}

/// Links that led to a page lead to its new address.
pub(super) fn moved(bureau: &mut Bureau, old: &str, new: &str) {
    let (old, new) = (format!("\"{old}\""), format!("\"{new}\""));
    for block in bureau.pages.values_mut().flat_map(|page| &mut page.body).filter(|block| block.contains(&old)) {
        *block = block.replace(&old, &new);
    }
}

/// The page in whose folder an added one comes: the column that it names, or the plant's own page.
pub(super) fn neighbour<'a>(text: &Added, own: &'a PageModel, bureau: &'a Bureau) -> Option<&'a PageModel> {
    match &text.column {
        Some(id) => bureau.pages.values().find(|page| page.role == Role::Column && page.column == *id),
        None => Some(own),
    }
}

/// The path of a file in a page's folder, or an address as it is.
pub(super) fn beside(page: &PageModel, file: &str) -> String {
    let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if file.contains("://") { file.to_owned() } else { format!("{folder}/{file}") }
}

/// Puts an added page into the list of its column.
pub(super) fn list(bureau: &mut Bureau, page: &PageModel, pinned: bool) {
    let Some(column) = page.crumbs.last().and_then(|(_, path)| bureau.pages.get_mut(path)) else { return };
    let at = column.rows.iter().position(|known| known.date <= page.date).unwrap_or(column.rows.len());
    column.rows.insert(if pinned { 0 } else { at }, row(page));
}

/// Puts the page into the lists of other columns, and removes the entries that the plant names.
pub(super) fn list_and_remove(what: &What, bureau: &mut Bureau, before: Option<&PageModel>) {
    let Some(before) = before else { return };
    if let Some(listed) = bureau.pages.get(&before.path).map(row) {
        for column in bureau.pages.values_mut().filter(|page| page.role == Role::Column && what.listed.contains(&page.column)) {
            column.rows.push(listed.clone());
            column.rows.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.path.cmp(&b.path)));
        }
    }
    let path = |name: &String| bureau.path_of(&name.replace('*', before.tail())).map(str::to_owned);
    let gone: Vec<String> = what.remove.iter().filter_map(path).collect();
    gone.iter().for_each(|path| bureau.remove(path));
}
