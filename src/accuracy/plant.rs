//! Plants: faults and near-misses as the fixtures of rules describe them, and how they get into a site.
//!
//! ````text
//! ## plant: 正文末尾的博彩行
//!
//! ```plant
//! on = "article"
//! body_end = "<p>{{ betting() }}直播,{{ betting() }}在线观看</p>"
//! ```
//!
//! ## near-miss: 公安机关的禁赌宣传
//!
//! ```plant
//! on = "article"
//! title = "{{ unit }}开展打击网络赌博宣传"
//! ```
//! ````
//!
//! Texts are templates: see [`Speech`] for what they may say. Several plants of one rule take turns.

mod moves;
mod speech;
mod tied;
mod tree;

pub use moves::history;
pub use speech::{Speaker, Speech};
pub use tied::concerned;

use super::bureau::{Bureau, PageModel, Role, Row};
use super::reports::{Change, Report};
use crate::error::{Error, Result};
use jiff::Span;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One description, checked.
#[derive(Debug, Clone)]
pub struct Plant {
    /// Rule whose fixture it stands in.
    pub rule: &'static str,
    /// Its heading.
    pub heading: String,
    /// Must nothing be reported?
    pub near: bool,
    /// What it does.
    pub what: What,
}

/// What a plant does: where it goes, what it changes, what is to be expected.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct What {
    /// `home`, `column`, `article`, or `site` for changes that belong to no page.
    pub on: String,
    /// Column ids of the page; empty: any.
    pub column: Vec<String>,
    /// Classes of the page's column; empty: any.
    pub class: Vec<String>,
    /// Only pages that have (or have not) the header of a document.
    pub document: Option<bool>,
    /// Name of the entry in the content file, whole or without its number.
    pub name: Option<String>,
    /// Names of entries that it concerns beside its page: no other plant may take them. `*` stands for the page's own number.
    pub with: Vec<String>,
    /// Only columns that are lists of their own (or are none).
    pub list: Option<bool>,
    /// Only columns without sub-columns (or with some).
    pub leaf: Option<bool>,
    /// Kinds of body; empty: all.
    pub kinds: Vec<String>,
    /// Only encrypted sites, or only others.
    pub https: Option<bool>,
    /// Only sites in these manners; empty: all.
    pub manners: Vec<String>,
    /// Only sites judged on this day of the year (`04-20`) or later.
    pub after: Option<String>,
    /// Parts of the site that a site-wide plant touches: two plants that touch the same part are not put into one site.
    pub touches: Vec<String>,

    /// New title, also in list rows and `ArticleTitle`.
    pub title: Option<String>,
    /// New visible title only.
    pub visible_title: Option<String>,
    /// New `<title>` only.
    pub head_title: Option<String>,
    /// New `<html lang>`; empty removes it.
    pub lang: Option<String>,
    /// New source.
    pub source: Option<String>,
    /// Published that many days before the day of judgement, wherever the page or a list says so.
    pub age: Option<i64>,
    /// Published on that day.
    pub date: Option<String>,
    /// Its rows show a day that many days later (or earlier) than it does.
    pub row_shift: Option<i64>,
    /// Only a page that shows an annual report takes this: what is changed in it.
    pub report: Option<Change>,
    /// The text as a whole.
    pub body: Option<Vec<String>>,
    /// Blocks of the text that hold one of these words are taken out.
    pub without: Vec<String>,
    /// Words of the text, and what takes their place.
    pub replace: Vec<(String, String)>,
    /// Put before the text.
    pub body_start: Option<String>,
    /// Put after the text.
    pub body_end: Option<String>,
    /// Labelled values: `-` removes one.
    pub header: BTreeMap<String, String>,
    /// Meta tags: `-` removes one.
    pub meta: BTreeMap<String, String>,
    /// Raw HTML at `head`, `top`, `bottom`, or instead of `crumbs` and `search`; empty there: none.
    pub slot: BTreeMap<String, String>,
    /// Replaced in the HTML as it is written (of the page; with `site` of every page): what a template of its own would write.
    pub swap: Vec<(String, String)>,
    /// The files below the text are taken away, before those of the plant are put there.
    pub bare: bool,
    /// Files below the text: name and path.
    pub files: Vec<(String, String)>,
    /// Facts of files that are read, as TOML, by path.
    pub file_facts: BTreeMap<String, String>,
    /// `none` empties a list, `undated` leaves out its dates.
    pub rows: Option<String>,
    /// The newest row becomes that many days old, the others older by as much. On the home page: it was last written that many days
    /// ago and shows nothing newer.
    pub rows_age: Option<i64>,
    /// The rows of a list become that many days old, in their order; those behind are removed.
    pub rows_ages: Vec<i64>,
    /// Removes the annual reports about the newest year.
    pub drop_newest_reports: bool,
    /// An earlier run saw the lists of the site that many days before the day of judgement …
    pub earlier_run: Option<i64>,
    /// … without the row of this page, …
    pub unseen: bool,
    /// … or with its row at another address; …
    pub seen_elsewhere: bool,
    /// … rows older than that many days had left the list.
    pub kept_days: Option<i64>,
    /// Files of the pages that the list leads to: `none` takes them out.
    pub rows_files: Option<String>,
    /// Elements of the footer: `-` removes one.
    pub footer: BTreeMap<String, String>,
    /// Raw HTML on every page, at `head`, `top`, `footer`, `bottom`.
    pub everywhere: BTreeMap<String, String>,
    /// Meta tags of every page of these roles (`home`, `column`, `article`): `-` removes one.
    pub metas_of: BTreeMap<String, BTreeMap<String, String>>,
    /// The site stands under another host.
    pub host: Option<String>,
    /// Names of entries that are removed with whatever lists them, as far as they are there; `*` as in `with`.
    pub remove: Vec<String>,
    /// Removes the page, its rows and whatever leads to it.
    pub drop: bool,
    /// Removes the page and all below it; what leads to it leads to this address instead.
    pub elsewhere: Option<String>,
    /// Takes the column from where it stands and puts it below the column of this id.
    pub under: Option<String>,
    /// Raw HTML at the bottom of the home page.
    pub on_home: Option<String>,
    /// How link targets end, by URL or path: a status, the word of a reason or `> URL` for a redirect; several are several looks. A page that
    /// ends so is no page, though rows still lead to it.
    pub ends: BTreeMap<String, String>,
    /// Columns that are called otherwise wherever they are shown, by id.
    pub rename: BTreeMap<String, String>,
    /// Milliseconds that answers take: of the page, or of all pages in turn for `site`.
    pub elapsed: Vec<u32>,
    /// Ids of columns that list the page, too.
    pub listed: Vec<String>,
    /// Pages that are added.
    pub add: Vec<Added>,
    /// HTML of the page as a whole, in place of what its manner writes.
    #[serde(alias = "html")]
    pub raw: Option<String>,
    /// Charset that the header and the page's meta name in place of UTF-8.
    pub declared: Option<String>,
    /// Charset in which the page is written in place of UTF-8.
    pub encoding: Option<String>,
    /// Answers to probes as TOML.
    pub probes: Option<String>,
    /// A path that cannot exist is answered with this page, too: `same` to the byte, or `like` it.
    pub random_path: Option<String>,
    /// A history snapshot as JSON.
    pub history: Option<String>,

    /// Path of the expected finding, or `@name` of an entry; without one that of the page or of a page that is added, for `site` any.
    pub at: Option<String>,
    /// Quoted by the expected finding, in its message, evidence or locations.
    pub text: Option<String>,
    /// Other rules that rightly report this, too.
    pub also: Vec<String>,
}

/// A page that a plant adds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Added {
    /// Id of the column that it is added to; without one the page's own.
    pub column: Option<String>,
    /// Title; empty: the page's own.
    pub title: String,
    /// Text; empty with `column`: the page's own.
    pub body: Vec<String>,
    /// Days before the day of judgement; without them the page's own day.
    pub age: Option<i64>,
    /// Last part of its path (`href="@file"` in a text of the plant leads to it); an address for a page on the site's other host.
    pub file: String,
    /// Meta tags: `-` removes one.
    pub meta: BTreeMap<String, String>,
    /// Source.
    pub source: Option<String>,
    /// Labelled values.
    pub header: BTreeMap<String, String>,
    /// Files below the text: name and path.
    pub files: Vec<(String, String)>,
    /// Is it left out of the column's list?
    pub unlisted: bool,
    /// Is only its row there? The page itself was not read.
    pub row_only: bool,
    /// Has it the labelled values of the page beside it, where it names none of its own?
    pub keep_header: bool,
    /// Does it stand at the head of the list, whatever its date?
    pub pinned: bool,
}

/// The plants of one fixture.
pub fn read(rule: &'static str, fixture: &str) -> std::result::Result<Vec<Plant>, String> {
    let mut plants = Vec::new();
    let mut lines = fixture.lines();
    let mut open: Option<(String, bool)> = None;
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            let near = heading.starts_with("near-miss:");
            open = (near || heading.starts_with("plant:")).then(|| (heading.to_owned(), near));
        } else if line.trim_end() == "```plant" {
            let (heading, near) = open.take().ok_or("a plant block stands outside of a plant")?;
            let text: Vec<&str> = lines.by_ref().take_while(|line| line.trim_end() != "```").collect();
            let what: What = toml::from_str(&text.join("\n")).map_err(|e| format!("{heading}: {e}"))?;
            if !matches!(what.on.as_str(), "home" | "column" | "article" | "site") {
                return Err(format!("{heading}: on = {:?}", what.on));
            }
            plants.push(Plant { rule, heading, near, what });
        }
    }
    Ok(plants)
}

/// A plant in a site, with what is expected of it.
#[derive(Debug, Clone)]
pub struct Planted {
    /// Which plant, as its place in the list.
    pub plant: usize,
    /// Pages that it took or added.
    pub pages: Vec<String>,
    /// Paths of which the expected finding names one; none: anywhere.
    pub at: Vec<String>,
    /// Quoted by it.
    pub text: Option<String>,
}

/// May this page take the plant?
pub fn fits(what: &What, page: &PageModel, kind: &str) -> bool {
    let role = match what.on.as_str() {
        "home" => page.role == Role::Home,
        "column" => page.role == Role::Column,
        "article" => page.role == Role::Article,
        _ => false,
    };
    let any = |wanted: &[String], is: &str| wanted.is_empty() || wanted.iter().any(|w| w == is);
    role && any(&what.column, &page.column)
        && any(&what.class, &page.class)
        && any(&what.kinds, kind)
        && what.document.is_none_or(|document| document != page.header.is_empty())
        && what.list.is_none_or(|list| list == page.lists)
        && what.leaf.is_none_or(|leaf| leaf == page.children.is_empty())
        && (page.report.is_none() || what.report.is_some() || what.column.contains(&page.column))
        && what.report.as_ref().is_none_or(|change| page.report.as_ref().is_some_and(|report| change.fits(report)))
        && what.name.as_deref().is_none_or(|name| tied::is_named(page, name))
        && (what.name.is_some() || !page.tied || !tied::rewrites(what, page))
}

/// Puts a plant into a site; `path` is the page that takes it, none for `site`.
pub fn put(number: usize, plant: &Plant, bureau: &mut Bureau, path: Option<&str>, speaker: &mut Speaker) -> Result<Planted> {
    let what = &plant.what;
    let (column, mut date) = match path.and_then(|p| bureau.pages.get(p)) {
        Some(page) if page.role == Role::Article => (page.crumbs.last().map_or_else(String::new, |c| c.0.clone()), page.date),
        Some(page) => (page.title.clone(), page.date),
        None => (bureau.name.clone(), bureau.as_of),
    };
    let page = path.and_then(|p| bureau.pages.get(p));
    let name = page.map_or_else(|| bureau.name.clone(), |page| page.title.clone());
    let above = page.and_then(|page| page.crumbs.last()).map_or_else(|| "/".to_owned(), |(_, path)| path.clone());
    // What templates may say of the site does not change while the plant is put in.
    let seen = bureau.without_pages();
    let mut path = path.map(str::to_owned);
    let n = number as u32;
    let own = path.clone().unwrap_or_else(|| "/".to_owned());
    let wanted = match (&what.date, what.age) {
        (Some(text), _) => {
            let speech = Speech { bureau: &seen, column: &column, date, n, path: &own, title: &name, above: &above, tail: "" };
            let text = speaker.say(text, &speech)?;
            Some(text.trim().parse::<Date>().map_err(|e| Error::Internal(format!("{text}: {e}")))?)
        }
        (None, age) => age.map(|age| bureau.as_of.saturating_sub(Span::new().days(age))),
    };
    if let (Some(wanted), Some(old)) = (wanted, &path) {
        let new = tree::redate(bureau, old, wanted);
        tied::moved(bureau, old, &new);
        path = Some(new);
        date = wanted;
    }
    let path = path.as_deref();
    let own = path.unwrap_or("/");
    let before = path.and_then(|p| bureau.pages.get(p)).cloned();
    let names = tied::names(what, bureau, before.as_ref());
    let tail = before.as_ref().map_or("", PageModel::tail);
    let speech = Speech { bureau: &seen, column: &column, date, n, path: own, title: &name, above: &above, tail };
    let mut say = |text: &str| speaker.say(text, &speech).map(|said| tied::resolve(said, &names));
    tree::change_site(what, bureau, &mut say)?;
    for (key, value) in &what.footer {
        set(&mut bureau.footer, key, &say(value)?);
    }
    for (url, end) in &what.ends {
        let end = say(end)?;
        bureau.ends.insert(say(url)?, end);
    }
    if path.is_none() {
        for (old, new) in &what.swap {
            bureau.swaps.push((say(old)?, say(new)?));
        }
    }
    for (id, name) in &what.rename {
        bureau.rename(id, &say(name)?);
    }
    if !what.elapsed.is_empty() {
        bureau.elapsed.insert(path.unwrap_or_default().to_owned(), what.elapsed.clone());
    }
    let own_url = path.map(|path| format!("{}{path}", bureau.origin()));
    for (path, facts) in &what.file_facts {
        let mut facts = say(facts)?;
        if let Some(own) = own_url.as_ref().filter(|_| !facts.contains("via =")) {
            facts.insert_str(0, &format!("via = {own:?}\n"));
        }
        bureau.files.insert(say(path)?, facts);
    }
    for (into, text) in [(&mut bureau.probes, &what.probes), (&mut bureau.history, &what.history)] {
        if let Some(text) = text {
            // A template ends without its last line break.
            into.push_str(&say(text)?);
            into.push('\n');
        }
    }
    if let (Some(word), Some(path)) = (&what.random_path, path) {
        bureau.random_paths.push((path.to_owned(), word == "same"));
    }
    let mut places: Vec<String> = path.map(str::to_owned).into_iter().collect();
    let mut source = None;
    if let Some(path) = path {
        let title = what.title.as_deref().map(&mut say).transpose()?;
        if let Some(change) = &what.report {
            source = report(change, bureau, path, &mut say)?;
        }
        if let Some(page) = bureau.pages.get_mut(path) {
            if let Some(title) = &title {
                page.title.clone_from(title);
                page.metas.entry("ArticleTitle".into()).and_modify(|t| t.clone_from(title));
            }
            change(what, page, &mut say)?;
        }
        for (page, text) in added(what, bureau, path, &mut say)? {
            if !text.unlisted {
                tied::list(bureau, &page, text.pinned);
            }
            places.push(page.path.clone());
            if !text.row_only {
                bureau.pages.insert(page.path.clone(), page);
            }
        }
        tied::list_and_remove(what, bureau, before.as_ref());
        follow(what, bureau, path, title.as_deref());
        tree::move_column(what, bureau, path, title.as_deref(), &mut say)?;
        if what.drop {
            bureau.remove(path);
        }
    }
    moves::earlier(what, bureau, path);
    // What it names may have been removed by now; its path is known from before.
    let named = |at: String| names.get(&at).cloned().unwrap_or(at);
    let at = what.at.as_deref().map(&mut say).transpose()?.map_or_else(|| places.clone(), |at| vec![named(at)]);
    Ok(Planted {
        plant: number,
        pages: places.into_iter().chain(source).collect(),
        at,
        text: what.text.as_deref().map(&mut say).transpose()?,
    })
}

/// Changes the annual report that a page shows; gives the page from which it takes words.
fn report(
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

fn row(page: &PageModel) -> Row {
    Row { title: page.title.clone(), path: page.path.clone(), date: page.date }
}

fn set(map: &mut BTreeMap<String, String>, key: &str, value: &str) {
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
fn change(what: &What, page: &mut PageModel, say: &mut dyn FnMut(&str) -> Result<String>) -> Result<()> {
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
fn added<'w>(
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
fn follow(what: &What, bureau: &mut Bureau, path: &str, title: Option<&str>) {
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
