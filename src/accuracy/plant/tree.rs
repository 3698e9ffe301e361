//! Changes of a plant that concern more than a page: the host, what all pages carry, and where a column stands.

use super::super::bureau::{Bureau, Role};
use super::{What, set, tied};
use crate::error::Result;
use jiff::civil::Date;

/// What belongs to no page.
pub(super) fn change_site(what: &What, bureau: &mut Bureau, say: &mut dyn FnMut(&str) -> Result<String>) -> Result<()> {
    if let Some(host) = &what.host {
        rename_host(bureau, &say(host)?);
    }
    for (place, html) in &what.everywhere {
        let html = say(html)?;
        bureau.slots.entry(place.clone()).or_default().push_str(&html);
    }
    for (role, metas) in &what.metas_of {
        for (name, value) in metas {
            let value = say(value)?;
            bureau.pages.values_mut().filter(|page| word(page.role) == role).for_each(|page| set(&mut page.metas, name, &value));
        }
    }
    if let Some(html) = &what.on_home {
        let html = say(html)?;
        if let Some(home) = bureau.pages.values_mut().find(|page| page.role == Role::Home) {
            home.slots.entry("bottom".to_owned()).or_default().push_str(&html);
        }
    }
    Ok(())
}

fn word(role: Role) -> &'static str {
    match role {
        Role::Home => "home",
        Role::Column => "column",
        Role::Article => "article",
    }
}

/// The whole site under another name: tags, mail addresses and numbers in the footer follow.
fn rename_host(bureau: &mut Bureau, host: &str) {
    let old = std::mem::replace(&mut bureau.host, host.to_owned());
    let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
    let (from, to) = (bare(&old), bare(host));
    let follow = |text: &mut String| *text = text.replace(&old, host).replace(&from, &to);
    bureau.footer.values_mut().for_each(follow);
    for page in bureau.pages.values_mut() {
        page.metas.values_mut().chain(&mut page.body).for_each(follow);
        page.header.iter_mut().for_each(|(_, value)| follow(value));
    }
}

/// A column is renamed wherever it is named, leads elsewhere, or stands below another one.
pub(super) fn move_column(
    what: &What,
    bureau: &mut Bureau,
    path: &str,
    title: Option<&str>,
    say: &mut dyn FnMut(&str) -> Result<String>,
) -> Result<()> {
    let is_column = bureau.pages.get(path).is_some_and(|page| page.role == Role::Column);
    if let Some(title) = title.filter(|_| is_column) {
        let every =
            bureau.nav.iter_mut().chain(bureau.pages.values_mut().flat_map(|p| p.crumbs.iter_mut().chain(&mut p.children)));
        every.filter(|(_, at)| at == path).for_each(|(name, _)| title.clone_into(name));
        for page in bureau.pages.values_mut() {
            let last = page.crumbs.last().is_some_and(|(_, at)| at == path) && page.role == Role::Article;
            if page.path == path || last {
                let named = page.metas.iter_mut().filter(|(name, _)| matches!(name.as_str(), "ColumnName" | "ColumnType"));
                named.for_each(|(_, value)| title.clone_into(value));
            }
        }
    }
    let own = bureau.pages.get(path).map(|page| page.column.clone());
    if let (Some(id), Some(own)) = (&what.under, own) {
        bureau.hang(&own, id);
    }
    if let Some(address) = &what.elsewhere {
        let address = say(address)?;
        let named = |list: &[(String, String)]| list.iter().position(|(_, at)| at == path);
        let nav = named(&bureau.nav).map(|at| (at, bureau.nav[at].0.clone()));
        let children: Vec<(String, usize, String)> = bureau
            .pages
            .values()
            .filter_map(|page| named(&page.children).map(|at| (page.path.clone(), at, page.children[at].0.clone())))
            .collect();
        bureau.remove(path);
        if let Some((at, name)) = nav {
            bureau.nav.insert(at.min(bureau.nav.len()), (name, address.clone()));
        }
        for (parent, at, name) in children {
            if let Some(page) = bureau.pages.get_mut(&parent) {
                page.children.insert(at.min(page.children.len()), (name, address.clone()));
            }
        }
    }
    Ok(())
}

/// An entry was published on another day: wherever it or a list says so, its address included. Gives its address.
pub(super) fn redate(bureau: &mut Bureau, path: &str, date: Date) -> String {
    let Some(mut page) = bureau.pages.remove(path) else { return path.to_owned() };
    let pairs = |forms: &[&str]| -> Vec<(String, String)> {
        forms.iter().map(|form| (page.date.strftime(form).to_string(), date.strftime(form).to_string())).collect()
    };
    // What the page says in words, and what addresses and numbers say: its text may hold addresses of other pages.
    let words = pairs(&["%Y-%m-%d", "%Y年%-m月%-d日", "〔%Y〕"]);
    let signs = pairs(&["%Y%m%d", "/%Y%m/", "/%Y%m-", "/%Y/%-m/%-d/"]);
    let said = |text: &mut String| words.iter().for_each(|(from, to)| *text = text.replace(from, to));
    let follow = |text: &mut String| words.iter().chain(&signs).for_each(|(from, to)| *text = text.replace(from, to));
    page.date = date;
    page.body.iter_mut().for_each(said);
    page.metas.values_mut().for_each(follow);
    page.header.iter_mut().for_each(|(_, value)| follow(value));
    follow(&mut page.path);
    for row in bureau.pages.values_mut().flat_map(|list| &mut list.rows).filter(|row| row.path == path) {
        row.date = date;
        page.path.clone_into(&mut row.path);
    }
    let new = page.path.clone();
    bureau.pages.insert(new.clone(), page);
    tied::moved(bureau, path, &new);
    new
}
