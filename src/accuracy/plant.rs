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

mod change;
mod moves;
mod speech;
mod tied;
mod tree;
mod what;

pub use moves::history;
pub use speech::{Speaker, Speech};
pub use tied::concerned;
pub use what::{Added, What, fits};

use change::{added, change, follow, report, set};

use super::bureau::{Bureau, PageModel, Role};
use crate::error::{Error, Result};
use jiff::Span;
use jiff::civil::Date;

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
    /// Lists that it added pages to: what other rules rightly say of them is no alarm.
    pub lists: Vec<String>,
    /// Paths of which the expected finding names one; none: anywhere.
    pub at: Vec<String>,
    /// Quoted by it.
    pub text: Option<String>,
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
        path = Some(tree::redate(bureau, old, wanted));
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
    let taken = places.iter().filter(|_| !what.add.is_empty()).filter_map(|place| bureau.pages.get(place));
    let lists = taken.filter_map(|page| page.crumbs.last()).map(|(_, list)| list.clone()).collect();
    // What it names may have been removed by now; its path is known from before.
    let named = |at: String| names.get(&at).cloned().unwrap_or(at);
    let at = what.at.as_deref().map(&mut say).transpose()?.map_or_else(|| places.clone(), |at| vec![named(at)]);
    Ok(Planted {
        plant: number,
        pages: places.into_iter().chain(source).collect(),
        lists,
        at,
        text: what.text.as_deref().map(&mut say).transpose()?,
    })
}
