//! Manners: how a content management system writes the same site. Four of them, as templates in `fixtures/bureaus/`.

use super::bureau::grow::Place;
use super::bureau::{Bureau, PageModel, Role, Row};
use crate::error::{Error, Result};
use jiff::Span;
use minijinja::Environment;
use serde::Serialize;
use serde_json::json;

/// One manner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// 拓尔思 TRS.
    Trs,
    /// 大汉 JCMS.
    Hanweb,
    /// 开普 UCAP.
    Ucap,
    /// 博达 WebPlus.
    Webplus,
}

impl Manner {
    /// All four, in the order in which rounds take turns.
    pub const ALL: [Manner; 4] = [Manner::Trs, Manner::Hanweb, Manner::Ucap, Manner::Webplus];

    /// Its place in [`Manner::ALL`].
    pub fn at(self) -> usize {
        self as usize
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Manner::Trs => "trs",
            Manner::Hanweb => "hanweb",
            Manner::Ucap => "ucap",
            Manner::Webplus => "webplus",
        }
    }

    /// Where a column or an entry is.
    pub fn path(self, place: &Place<'_>) -> String {
        // Whole ids: shorter ones would put two columns at one address.
        let short = |id: &String| id.replace('-', "");
        let folder: Vec<String> = place.chain.iter().map(short).collect();
        let number =
            |text: &str| text.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % 90_000 + 10_000;
        let code = number(&place.chain.join("/"));
        let Some((date, n)) = place.entry else {
            return match self {
                Manner::Trs => format!("/{}/", folder.join("/")),
                Manner::Hanweb => format!("/col/col{code}/index.html"),
                Manner::Ucap => format!("/{}/index.shtml", folder.join("/")),
                Manner::Webplus => format!("/{}.htm", folder.join("/")),
            };
        };
        match self {
            Manner::Trs => format!("/{}/{}/t{}_{n}.html", folder.join("/"), date.strftime("%Y%m"), date.strftime("%Y%m%d")),
            Manner::Hanweb => format!("/art/{}/{}/{}/art_{code}_{n}.html", date.year(), date.month(), date.day()),
            Manner::Ucap => {
                format!("/{}/{}/{:08x}{n:04x}.shtml", folder.join("/"), date.strftime("%Y%m"), number(&n.to_string()) * 4099)
            }
            Manner::Webplus => format!("/info/{}/{}.htm", code % 9_000 + 1_000, n + 3_000),
        }
    }
}

/// Rows on one page of a list.
const ROWS: usize = 12;

/// Writes the pages of a site in one manner.
pub struct Writer {
    environment: Environment<'static>,
    manner: Manner,
}

#[derive(Serialize)]
struct Linked<'a> {
    name: &'a str,
    path: &'a str,
}

#[derive(Serialize)]
struct Shown<'a> {
    title: &'a str,
    short: String,
    path: &'a str,
    date: String,
}

impl Writer {
    /// For a manner, with its template.
    pub fn new(manner: Manner, template: &str) -> Result<Self> {
        let mut environment = Environment::new();
        // An element that a plant takes out of the footer may be asked for, and is not there.
        environment.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
        environment.add_template_owned("page.html", template.to_owned()).map_err(|e| Error::Internal(format!("manner: {e}")))?;
        Ok(Writer { environment, manner })
    }

    /// Path and HTML of every page, continuation pages of lists included.
    pub fn write(&self, bureau: &Bureau) -> Result<Vec<(String, String)>> {
        let mut written = Vec::with_capacity(bureau.pages.len());
        let home = self.home_blocks(bureau);
        for page in bureau.pages.values() {
            let pages = page.rows.len().div_ceil(ROWS).max(1);
            for number in 1..=pages {
                let path = self.numbered(&page.path, number);
                written.push((path, self.one(bureau, page, number, pages, &home)?));
            }
        }
        Ok(written)
    }

    /// Paths of the later pages of a list.
    pub fn later(&self, page: &PageModel) -> impl Iterator<Item = String> {
        (2..=page.rows.len().div_ceil(ROWS)).map(|number| self.numbered(&page.path, number))
    }

    fn numbered(&self, path: &str, number: usize) -> String {
        if number == 1 {
            return path.to_owned();
        }
        match self.manner {
            Manner::Trs => format!("{path}index_{}.html", number - 1),
            Manner::Hanweb => format!("{path}?uid=1&pageNum={number}"),
            Manner::Ucap => path.replace("index.shtml", &format!("index_{}.shtml", number - 1)),
            Manner::Webplus => path.replace(".htm", &format!("/{number}.htm")),
        }
    }

    /// What the home page shows: for each head column with a list of its own its newest rows.
    fn home_blocks<'a>(&self, bureau: &'a Bureau) -> Vec<(Linked<'a>, Vec<Shown<'a>>)> {
        let home = bureau.pages.values().find(|page| page.role == Role::Home);
        let block = |(name, path): &'a (String, String)| {
            let page = bureau.pages.get(path).filter(|page| !page.rows.is_empty())?;
            let written = bureau.as_of.saturating_sub(Span::new().days(bureau.home_age));
            // A list may say another day than the page does.
            let was_there =
                |row: &&Row| row.date <= written && bureau.pages.get(&row.path).is_none_or(|page| page.date <= written);
            let rows: Vec<&Row> = page.rows.iter().filter(was_there).take(6).collect();
            let list = home.filter(|home| home.undated).unwrap_or(page);
            (!rows.is_empty()).then(|| (Linked { name, path }, rows.into_iter().map(|row| shown(row, list)).collect()))
        };
        bureau.nav.iter().filter_map(block).collect()
    }

    fn one(
        &self,
        bureau: &Bureau,
        page: &PageModel,
        number: usize,
        pages: usize,
        home: &[(Linked<'_>, Vec<Shown<'_>>)],
    ) -> Result<String> {
        if let Some(raw) = &page.sent.raw {
            return Ok(raw.clone());
        }
        let rows: Vec<Shown<'_>> = page.rows.iter().skip((number - 1) * ROWS).take(ROWS).map(|row| shown(row, page)).collect();
        let linked = |(name, path): &(String, String)| json!({ "name": name, "path": path });
        let role = match page.role {
            Role::Home => "home",
            Role::Column => "column",
            Role::Article => "article",
        };
        let children: Vec<serde_json::Value> = page
            .children
            .iter()
            .map(|(name, path)| {
                let rows = bureau
                    .pages
                    .get(path)
                    .map(|child| child.rows.iter().take(3).map(|row| shown(row, child)).collect::<Vec<_>>())
                    .unwrap_or_default();
                json!({ "name": name, "path": path, "rows": rows })
            })
            .collect();
        let of_site = |name: &str| bureau.slots.get(name).map_or("", String::as_str);
        let slot = |name: &str| format!("{}{}", page.slots.get(name).map_or("", String::as_str), of_site(name));
        let head_title = page.head_title.clone().unwrap_or_else(|| match self.manner {
            Manner::Trs | Manner::Webplus => format!("{}_{}", page.title, bureau.name),
            Manner::Hanweb => format!("{} {}", bureau.name, page.title),
            Manner::Ucap => format!("{}-{}", page.title, bureau.name),
        });
        let nav: Vec<_> = bureau.nav.iter().map(linked).collect();
        let context = json!({
            "role": role,
            "site": { "name": bureau.name, "unit": bureau.unit, "host": bureau.host, "place": bureau.place, "nav": nav,
                "footer": bureau.footer },
            "page": { "path": page.path, "title": page.title, "head_title": head_title, "lang": page.lang, "metas": page.metas,
                "crumbs": page.crumbs.iter().map(linked).collect::<Vec<_>>(), "header": page.header,
                "date": page.date.to_string(), "time": page.time, "source": page.source, "body": page.body,
                "files": page.files.iter().map(linked).collect::<Vec<_>>(), "lists": page.lists, "rows": rows,
                "children": children },
            "blocks": home.iter().map(|(head, rows)| json!({ "head": head, "rows": rows })).collect::<Vec<_>>(),
            "slot": { "head": slot("head"), "top": slot("top"), "bottom": slot("bottom"), "footer": slot("footer"),
                "crumbs": page.slots.get("crumbs"), "search": page.slots.get("search") },
            "paging": { "number": number, "pages": pages,
                "links": (1..=pages).map(|n| self.numbered(&page.path, n)).collect::<Vec<_>>() },
            "visits": xxhash_rust::xxh3::xxh3_64(page.path.as_bytes()) % 9_000 + 12,
        });
        let template = self.environment.get_template("page.html").map_err(|e| Error::Internal(e.to_string()))?;
        let html = template
            .render(crate::report::html::view::convert(context))
            .map_err(|e| Error::Internal(format!("{}: {e:#}", page.path)))?;
        let html = page.swaps.iter().chain(&bureau.swaps).fold(html, |html, (old, new)| html.replace(old.as_str(), new));
        Ok(match &page.sent.declared {
            Some(declared) => {
                html.replacen("utf-8", declared, 1).replacen("charset=\"UTF-8\"", &format!("charset=\"{declared}\""), 1)
            }
            None => html,
        })
    }
}

fn shown<'a>(row: &'a Row, list: &PageModel) -> Shown<'a> {
    let short = crate::text::shorten(&row.title, 30);
    let short = if short == row.title { short } else { format!("{}...", row.title.chars().take(28).collect::<String>()) };
    let date = if list.undated { String::new() } else { row.date.to_string() };
    Shown { title: &row.title, short, path: &row.path, date }
}
