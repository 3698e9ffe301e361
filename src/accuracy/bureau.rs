//! A faultless synthetic bureau site as data: its pages, before any manner dresses them.

mod codes;
pub mod grow;

pub use codes::Codes;
pub use grow::{Address, Around, grow};

use jiff::civil::Date;
use std::collections::BTreeMap;

/// What a page is in its site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The home page.
    Home,
    /// A list or a page of its own that stands in the place of a column.
    Column,
    /// An entry of a list.
    Article,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Title shown.
    pub title: String,
    /// Where it leads.
    pub path: String,
    /// Date shown.
    pub date: Date,
}

/// One page as data.
#[derive(Debug, Clone, PartialEq)]
pub struct PageModel {
    /// What it is.
    pub role: Role,
    /// Id of its column; empty for the home page.
    pub column: String,
    /// Class of its column.
    pub class: String,
    /// The name of the entry in the content file, where it has one.
    pub name: Option<String>,
    /// Path on the host.
    pub path: String,
    /// Visible title.
    pub title: String,
    /// `<title>`; none: title and site name.
    pub head_title: Option<String>,
    /// `<html lang>`.
    pub lang: Option<String>,
    /// Meta tags.
    pub metas: BTreeMap<String, String>,
    /// Trail: names and paths, outermost first, without the page itself.
    pub crumbs: Vec<(String, String)>,
    /// Labelled values of a document.
    pub header: Vec<(String, String)>,
    /// Publish date and time, as shown.
    pub date: Date,
    /// `HH:MM`.
    pub time: String,
    /// Source.
    pub source: String,
    /// Blocks of the text, HTML.
    pub body: Vec<String>,
    /// Files below the text: name and path.
    pub files: Vec<(String, String)>,
    /// Rows of a list, newest first.
    pub rows: Vec<Row>,
    /// Sub-columns: name and path.
    pub children: Vec<(String, String)>,
    /// Is its own list there at all (an empty one too)?
    pub lists: bool,
    /// The annual report that it shows; its blocks are made of it.
    pub report: Option<super::reports::Report>,
    /// Are the rows of its list shown without their dates?
    pub undated: bool,
    /// Raw HTML put in at named places: `head`, `top`, `bottom`; `crumbs` and `search` stand instead of the trail and of the search box.
    pub slots: BTreeMap<String, String>,
    /// Replaced in the written HTML, wherever it occurs: what a template of its own would write differently.
    pub swaps: Vec<(String, String)>,
    /// How it is sent where that is not in its manner.
    pub sent: Sent,
    /// Does its text lead to another entry by name, or that one's to it? Such pages belong together.
    pub tied: bool,
}

impl PageModel {
    /// What follows the last dash of its name: the number of a series.
    pub fn tail(&self) -> &str {
        self.name.as_deref().and_then(|name| name.rsplit_once('-')).map_or("", |(_, tail)| tail)
    }
}

/// How a page is sent otherwise than its manner writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// HTML in place of what the manner writes.
    pub raw: Option<String>,
    /// Charset that the header and the page's own meta name; none: UTF-8.
    pub declared: Option<String>,
    /// Charset in which its bytes are written; none: UTF-8.
    pub encoding: Option<String>,
}

/// A whole site.
#[derive(Debug, Clone)]
pub struct Bureau {
    /// Host.
    pub host: String,
    /// Is the site encrypted?
    pub https: bool,
    /// A second host in scope, no government's: where an old domain or a copy stands.
    pub other_host: String,
    /// Name of the body.
    pub unit: String,
    /// Name of the site.
    pub name: String,
    /// County, district or city.
    pub place: String,
    /// Kind of body.
    pub kind: String,
    /// Numbers in the footer and elsewhere.
    pub codes: Codes,
    /// Day of judgement.
    pub as_of: Date,
    /// Columns of the head navigation: name and path.
    pub nav: Vec<(String, String)>,
    /// Every page by path.
    pub pages: BTreeMap<String, PageModel>,
    /// Elements of the footer by name; a plant changes or removes them.
    pub footer: BTreeMap<String, String>,
    /// Raw HTML on every page at named places: `head`, `top`, `footer`, `bottom`.
    pub slots: BTreeMap<String, String>,
    /// The home page was written that many days ago and shows nothing newer.
    pub home_age: i64,
    /// Paths that are files: their facts as TOML where they are read, empty otherwise.
    pub files: BTreeMap<String, String>,
    /// How link targets end that are no pages, by URL or path: a status or the word of a reason; everything else answers 200.
    pub ends: BTreeMap<String, String>,
    /// Paths of its columns by id.
    pub columns: BTreeMap<String, String>,
    /// Milliseconds that answers take, page after page in turn, by path of a page, or empty for the whole site.
    pub elapsed: BTreeMap<String, Vec<u32>>,
    /// Answers to probes as TOML.
    pub probes: String,
    /// Pages with which a path that cannot exist is answered, too; `true`: byte for byte.
    pub random_paths: Vec<(String, bool)>,
    /// A history snapshot as JSON.
    pub history: String,
    /// Like those of a page, in every page.
    pub swaps: Vec<(String, String)>,
    /// What an earlier run saw of the lists, where one ran.
    pub earlier: Option<Earlier>,
}

/// A run before: it saw every row of the lists that was there by its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its day.
    pub day: Date,
    /// Paths whose rows it did not see.
    pub unseen: Vec<String>,
    /// Rows that it saw under another address.
    pub moved: Vec<String>,
    /// Lists of which rows older than a day had left.
    pub kept: Vec<(String, Date)>,
}

impl Bureau {
    /// The same body without its pages: what templates speak of.
    pub fn without_pages(&self) -> Bureau {
        Bureau {
            host: self.host.clone(),
            https: self.https,
            other_host: self.other_host.clone(),
            unit: self.unit.clone(),
            name: self.name.clone(),
            place: self.place.clone(),
            kind: self.kind.clone(),
            codes: self.codes.clone(),
            as_of: self.as_of,
            nav: Vec::new(),
            pages: BTreeMap::new(),
            footer: BTreeMap::new(),
            slots: BTreeMap::new(),
            home_age: 0,
            files: BTreeMap::new(),
            ends: BTreeMap::new(),
            columns: self.columns.clone(),
            elapsed: BTreeMap::new(),
            probes: String::new(),
            random_paths: Vec::new(),
            history: String::new(),
            swaps: Vec::new(),
            earlier: None,
        }
    }

    /// Scheme and host.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.https { "https" } else { "http" }, self.host)
    }

    /// Calls a column by another name wherever it is shown.
    pub fn rename(&mut self, id: &str, name: &str) {
        let Some(path) = self.columns.get(id).cloned() else { return };
        let shown = |links: &mut Vec<(String, String)>| {
            links.iter_mut().filter(|(_, to)| *to == path).for_each(|(text, _)| name.clone_into(text));
        };
        shown(&mut self.nav);
        for page in self.pages.values_mut() {
            shown(&mut page.crumbs);
            shown(&mut page.children);
            let own = page.path == path || page.role == Role::Article && page.crumbs.last().is_some_and(|(_, to)| *to == path);
            if page.path == path {
                name.clone_into(&mut page.title);
            }
            for meta in ["ColumnName", "ColumnType"].into_iter().filter(|_| own) {
                page.metas.entry(meta.to_owned()).and_modify(|text| name.clone_into(text));
            }
        }
    }

    /// Hangs a column with everything below it under another one, or into the head navigation where `parent` is none of the columns.
    pub fn hang(&mut self, id: &str, parent: &str) {
        let Some(path) = self.columns.get(id).cloned() else { return };
        let Some(name) = self.pages.get(&path).map(|page| page.title.clone()) else { return };
        let above = self.columns.get(parent).and_then(|to| self.pages.get(to));
        let trail =
            above.map(|page| page.crumbs.iter().cloned().chain([(page.title.clone(), page.path.clone())]).collect::<Vec<_>>());
        self.nav.retain(|(_, to)| *to != path);
        self.pages.values_mut().for_each(|page| page.children.retain(|(_, to)| *to != path));
        for page in self.pages.values_mut() {
            let below = page.crumbs.iter().position(|(_, to)| *to == path);
            let kept = if page.path == path { page.crumbs.len() } else { below.unwrap_or(0) };
            if page.path == path || below.is_some() {
                page.crumbs.splice(..kept, trail.iter().flatten().cloned());
            }
        }
        let link = (name, path);
        match self.columns.get(parent).and_then(|to| self.pages.get_mut(to)) {
            Some(page) => page.children.push(link),
            None => self.nav.push(link),
        }
    }

    /// Where the entry of a name is.
    pub fn path_of(&self, name: &str) -> Option<&str> {
        self.pages.values().find(|page| page.name.as_deref() == Some(name)).map(|page| page.path.as_str())
    }

    /// A text with `"@name"` replaced by the path of the entry of that name, and these paths.
    pub fn resolve(&self, text: &str) -> (String, Vec<String>) {
        let mut parts = text.split("\"@");
        let mut out = parts.next().unwrap_or_default().to_owned();
        let mut paths = Vec::new();
        for part in parts {
            let named = part.split_once('"').and_then(|(name, rest)| Some((self.path_of(name)?, rest)));
            match named {
                Some((path, rest)) => {
                    out.push_str(&format!("\"{path}\"{rest}"));
                    paths.push(path.to_owned());
                }
                None => {
                    out.push_str("\"@");
                    out.push_str(part);
                }
            }
        }
        (out, paths)
    }

    /// Resolves the names in the texts of all pages; pages that lead to one another so are tied, and so are the columns of both.
    pub fn tie(&mut self) {
        let mut tied: Vec<String> = Vec::new();
        let mut bodies: Vec<(String, Vec<String>)> = Vec::new();
        for page in self.pages.values().filter(|page| page.body.iter().any(|block| block.contains("\"@"))) {
            let (body, paths): (Vec<String>, Vec<Vec<String>>) = page.body.iter().map(|block| self.resolve(block)).unzip();
            bodies.push((page.path.clone(), body));
            tied.extend(paths.into_iter().flatten().chain([page.path.clone()]));
        }
        for (path, body) in bodies {
            if let Some(page) = self.pages.get_mut(&path) {
                page.body = body;
            }
        }
        for page in self.pages.values_mut() {
            page.tied |= tied.contains(&page.path) || page.rows.iter().any(|row| tied.contains(&row.path));
        }
    }

    /// Removes a page and, of a column, everything below it; with all that leads there.
    pub fn remove(&mut self, path: &str) {
        let below = |page: &PageModel| page.path == path || page.crumbs.iter().any(|(_, crumb)| crumb == path);
        let gone: Vec<String> = self.pages.values().filter(|page| below(page)).map(|page| page.path.clone()).collect();
        for path in &gone {
            self.pages.remove(path);
        }
        self.nav.retain(|(_, path)| !gone.contains(path));
        for page in self.pages.values_mut() {
            page.rows.retain(|row| !gone.contains(&row.path));
            page.children.retain(|(_, path)| !gone.contains(path));
        }
    }
}
