//! The list of a column: items with title, URL and date, and its paging.

pub(super) mod filler;
mod rows;

use super::layout::Layout;
use super::links::{Link, Region, Resolver, Role, paging_call};
use super::page_kind::PageKind;
use super::tree::{Id, Tree};
use crate::text::{fold, shorten};
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use regex::Regex;
use rows::Group;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItem {
    /// Title as shown (the full `title` attribute wins over a cut text).
    pub title: String,
    /// Target, where it is a web URL.
    pub url: Option<CanonicalUrl>,
    /// Date shown in the row.
    pub date: Option<Date>,
}

/// The main list of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ColumnList {
    /// Rows in document order.
    pub items: Vec<ListItem>,
    /// Is the list, or its paging, filled by script (JSON in a script, an empty container with a loader)?
    pub script_filled: bool,
    /// Links to pages 2…n of this list found on this page.
    pub paging: Vec<CanonicalUrl>,
    /// Number of this page in its list, from 1, where it can be told (URL or 第n页 text).
    pub page_number: Option<u32>,
    /// Number of pages stated, where told.
    pub page_count: Option<u32>,
    /// A note that says why there is nothing (情况说明, 暂无…), or the beginning of the text where the column is a text and no list
    /// (联系我们, 机构职能): a column with one is not empty.
    pub note: Option<String>,
}

impl ColumnList {
    /// Newest date of the rows: a pinned old row may stand first.
    pub fn newest(&self) -> Option<Date> {
        self.items.iter().filter_map(|i| i.date).max()
    }
}

/// The groups of rows on a page and which of them is its own list.
pub(super) struct Survey {
    groups: Vec<Group>,
    main: Option<usize>,
    /// Does a script of the page load rows?
    pub(super) loads: bool,
}

impl Survey {
    /// Looks for lists.
    pub(super) fn of(layout: &Layout<'_>, resolver: &Resolver) -> Survey {
        let groups = rows::groups(layout, resolver);
        // Equal scores: the first one.
        let main = (0..groups.len()).rev().max_by(|a, b| groups[*a].score.total_cmp(&groups[*b].score));
        Survey { main: main.filter(|m| groups[*m].score >= 30.0), groups, loads: loads_rows(layout.tree) }
    }

    fn main(&self) -> Option<&Group> {
        self.main.and_then(|m| self.groups.get(m))
    }

    /// Rows of the main group.
    pub(super) fn rows(&self) -> usize {
        self.main().map_or(0, |g| g.items.len())
    }

    /// Dated rows of the main group.
    pub(super) fn dated(&self) -> usize {
        self.main().map_or(0, Group::dated)
    }

    /// Rows of the main group whose title says something.
    pub(super) fn wordy(&self) -> usize {
        self.main().map_or(0, |g| g.items.iter().filter(|i| i.title.chars().count() > 8 && rows::is_wordy(&i.title)).count())
    }

    /// Text of the main group, in characters.
    pub(super) fn weight(&self, layout: &Layout<'_>) -> u32 {
        self.main().map_or(0, |g| layout.weight(g.holder).text)
    }

    /// Does an element stand in a list of records?
    pub(super) fn covers(&self, layout: &Layout<'_>, id: Id) -> bool {
        self.record_lists().any(|g| layout.holds(g.holder, id))
    }

    fn record_lists(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(|g| {
            let linked = g.items.iter().filter(|i| i.date.is_some() && i.url.is_some()).count();
            linked >= 2 || g.dated() >= 5
        })
    }

    /// The newest date of rows that lead nowhere: a page of records is dated by them.
    pub(super) fn newest_record(&self) -> Option<Date> {
        let group = self.main().filter(|g| g.items.iter().all(|i| i.url.is_none()))?;
        group.items.iter().filter_map(|i| i.date).max()
    }

    /// Rows of the main group and of groups beside it that continue it.
    fn items(&self, layout: &Layout<'_>) -> Vec<ListItem> {
        let Some(main) = self.main() else { return Vec::new() };
        let tree = layout.tree;
        let shape = |id: Id| (tree.name(id), tree.attr(id, "class"));
        // Lists beside one another, or each in its own box of the same kind.
        let alike = |group: &Group| {
            let (own, other) = (main.holder, group.holder);
            let (own_box, other_box) = (tree.parent(own), tree.parent(other));
            other == own
                || (shape(own) == shape(other)
                    && (group.dated() > 0) == (main.dated() > 0)
                    && (own_box == other_box
                        || (shape(own_box) == shape(other_box) && tree.parent(own_box) == tree.parent(other_box))))
        };
        let mut items: Vec<ListItem> = self.groups.iter().filter(|g| alike(g)).flat_map(|g| g.items.iter().cloned()).collect();
        // In a list with dates a row without one is the heading row or a "more" link.
        let dated = items.iter().filter(|i| i.date.is_some()).count();
        if dated * 2 > items.len() {
            items.retain(|i| i.date.is_some() || i.title.chars().count() > 6);
        }
        items
    }

    /// Dated rows of every group: what a home page shows as new.
    fn all_dated(&self) -> Vec<ListItem> {
        let mut seen = std::collections::HashSet::new();
        let dated = self.groups.iter().flat_map(|g| g.items.iter()).filter(|i| i.date.is_some() && i.url.is_some());
        dated.filter(|i| seen.insert(i.url.clone())).cloned().collect()
    }
}

/// The list of a column page; on a home page every dated row; on other pages none.
pub(super) fn read(
    layout: &Layout<'_>,
    survey: &Survey,
    kind: PageKind,
    url: &CanonicalUrl,
    links: &[Link],
) -> Option<ColumnList> {
    match kind {
        PageKind::Home => {
            let items = survey.all_dated();
            return (!items.is_empty()).then(|| ColumnList { items, ..ColumnList::default() });
        }
        PageKind::Column => {}
        PageKind::Article | PageKind::Other => return None,
    }
    let items = survey.items(layout);
    let call = layout.tree.named("script").find_map(|id| {
        let script = layout.tree.raw_text(id);
        paging_call(&script)
    });
    let (page_number, page_count) = numbers(layout, url, call.as_ref().map(|c| (c.0, c.1)));
    let paging = paging(links, url);
    let note = if items.len() <= 1 { note(layout) } else { None };
    let note = note.or_else(|| if items.is_empty() { own_text(layout) } else { None });
    // A box to write into that stands in no form is sent by script.
    let asks = || layout.tree.named("textarea").any(|id| layout.region(id) == Region::Main && layout.hidden(id).is_none());
    let loads = survey.loads || (items.is_empty() && note.is_none() && asks());
    Some(ColumnList {
        script_filled: loads && (items.is_empty() || (items.len() < 3 && survey.dated() == 0)),
        items,
        paging,
        page_number,
        page_count,
        note,
    })
}

static LOADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\$\.(?:ajax|get|post|getJSON)\s*\(|XMLHttpRequest|\bfetch\s*\(|axios|new\s+Vue\s*\(|<datastore|jpaas-publish|page/build/unit|laytpl|layui\.use|createApp\(").ok()
});

/// Does an own script of the page fetch or hold rows?
fn loads_rows(tree: &Tree) -> bool {
    let Some(loader) = LOADER.as_ref() else { return false };
    let scripts = tree.named("script").filter(|id| tree.attr(*id, "src").is_none());
    scripts.map(|id| tree.raw_text(id)).any(|script| {
        let json_rows = script.matches("\"title\"").count() >= 3 && script.contains("\"url\"");
        json_rows || loader.is_match(&script)
    })
}

static PAGE_OF: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"第\s*(\d{1,5})\s*[页頁]?\s*/\s*(?:共\s*)?(\d{1,5})\s*[页頁]").ok());
static PAGES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"共\s*(\d{1,5})\s*[页頁]").ok());
static PAGE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"第\s*(\d{1,5})\s*[页頁]").ok());
static URL_PAGE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:index|list|default)_(\d{1,4})\.[a-z]{3,5}$").ok());

/// Number of this page and of all pages, where the page or its URL says so.
fn numbers(layout: &Layout<'_>, url: &CanonicalUrl, call: Option<(u32, u32)>) -> (Option<u32>, Option<u32>) {
    let (mut number, mut count) = (call.map(|c| c.1 + 1), call.map(|c| c.0).filter(|n| *n > 0));
    for line in
        layout.lines.iter().rev().filter(|l| l.hidden.is_none() && l.text.len() < 300 && l.text.contains(['页', '頁'])).take(40)
    {
        let find = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().and_then(|p| p.captures(&line.text));
        let parse = |text: &str| text.parse().ok().filter(|n| *n > 0);
        if let Some(found) = find(&PAGE_OF) {
            (number, count) = (number.or(parse(&found[1])), count.or(parse(&found[2])));
        }
        count = count.or(find(&PAGES).and_then(|f| parse(&f[1])));
        number = number.or(find(&PAGE).and_then(|f| parse(&f[1])));
    }
    let query = ["page", "pageNo", "pageNum", "pageIndex", "curpage", "p"].iter().find_map(|k| url.query_value(k));
    let of_query = query.and_then(|v| v.parse().ok()).filter(|n| (1..10_000).contains(n));
    // index_1.html is the second page: the first one is index.html.
    let of_path = URL_PAGE.as_ref().and_then(|p| p.captures(url.path())).and_then(|c| c[1].parse::<u32>().ok()).map(|n| n + 1);
    (of_query.or(number).or(of_path), count)
}

/// Links to other pages of the list: what paging texts and paging calls name, in the same folder.
fn paging(links: &[Link], url: &CanonicalUrl) -> Vec<CanonicalUrl> {
    let folder = |u: &CanonicalUrl| u.path().rsplit_once('/').map(|(f, _)| f.to_owned()).unwrap_or_default();
    let own = folder(url);
    let stem = |u: &CanonicalUrl| u.path().rsplit_once('.').map(|(stem, _)| stem.to_owned()).unwrap_or_default();
    let is = |stem: &str, folder: &str| !stem.is_empty() && stem == folder;
    // Later pages may stand in a folder of the list's own name: `/tzgg.htm`, `/tzgg/2.htm`.
    let beside = |target: &CanonicalUrl| folder(target) == own || is(&stem(url), &folder(target)) || is(&stem(target), &own);
    let mut pages = Vec::new();
    for link in links {
        let Some(target) = &link.target else { continue };
        if target == url || target.host() != url.host() {
            continue;
        }
        let text = fold(&link.text);
        let named = matches!(
            text.as_str(),
            "下一页" | "下页" | "尾页" | "末页" | "最后一页" | "上一页" | "后一页" | "next" | ">" | ">>" | "»" | "›"
        );
        let numbered = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
        let same = beside(target) && (target.path() != url.path() || target.query() != url.query());
        let is_page = match link.role {
            Role::Anchor => (named || numbered) && same && link.region != Region::Header,
            Role::Guess => same && URL_PAGE.as_ref().is_some_and(|p| p.is_match(target.path())),
            _ => false,
        };
        if is_page && !pages.contains(target) && pages.len() < 500 {
            pages.push(target.clone());
        }
    }
    pages
}

/// A sentence that says why a column holds nothing.
fn note(layout: &Layout<'_>) -> Option<String> {
    const SIGNS: [&str; 12] = [
        "情况说明",
        "暂无",
        "暂没有",
        "未产生",
        "没有产生",
        "无相关信息",
        "没有相关",
        "无此类",
        "无此项",
        "不涉及",
        "尚未",
        "本单位无",
    ];
    let lines = layout.lines.iter().filter(|l| l.hidden.is_none() && layout.region(l.node) == Region::Main);
    lines
        .map(|l| &l.text)
        .find(|t| {
            let folded = fold(t);
            (4..=300).contains(&folded.chars().count()) && SIGNS.iter().any(|s| folded.contains(s))
        })
        .map(|t| shorten(t, 200))
}

/// The first sentence of a column that is a text.
fn own_text(layout: &Layout<'_>) -> Option<String> {
    let lines = layout.lines.iter().filter(|l| l.hidden.is_none() && l.linked == 0 && layout.region(l.node) == Region::Main);
    lines
        .map(|l| &l.text)
        .filter(|t| !filler::is_filler(t))
        .find(|t| t.chars().count() >= 16 && t.contains(['。', '，', '；', '、', '：', '.', ',']) && !t.contains("当前位置"))
        .map(|t| shorten(t, 200))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_from_text_url_and_query() {
        let read = |url: &str, body: &str| {
            let tree = Tree::parse(body);
            numbers(&Layout::of(&tree), &CanonicalUrl::parse(url).expect("a URL"), None)
        };
        assert_eq!(read("http://x.cn/list", "<p>第2页/共9页"), (Some(2), Some(9)));
        assert_eq!(read("http://x.cn/list", "<p>共 9 页 第 3 页"), (Some(3), Some(9)));
        assert_eq!(read("http://x.cn/index_4.html", "<p>x"), (Some(5), None));
        assert_eq!(read("http://x.cn/list?page=7", "<p>x"), (Some(7), None));
        assert!(LOADER.is_some() && PAGES.is_some() && PAGE.is_some());
    }
}
