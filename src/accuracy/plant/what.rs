//! What a plant does, as its block says it, and which pages may take it.

use super::super::bureau::{PageModel, Role};
use super::super::reports::Change;
use super::tied;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    /// Names of entries that it concerns beside its page: no other plant may take them. `*` stands for the page's own number,
    /// `#leaders` for the column of that id, where there is one.
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
