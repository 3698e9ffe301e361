//! Pages that scripts fill: which ones a browser would show more of, and what one showed.
//!
//! A rendering is evidence like an exchange: the facts of the page as shown take the place of those of the page as sent, and say so
//! ([`Page::rendered`]). What was sent stays true of what was sent: digest, size, charset and time of the response.

use super::column_list::ColumnList;
use super::layout::Layout;
use super::links::{Link, Role};
use super::page::Page;
use super::page_kind::PageKind;
use super::tree::{Id, Tree};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why a browser may show more of a page than was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ByScript {
    /// The page is a shell: scripts and hardly a word.
    Shell,
    /// Scripts fill its list.
    Column,
    /// A column without rows that has scripts of which nobody knows what they do.
    Perhaps,
}

/// Fewer letters than this are no text.
const LITTLE_TEXT: usize = 60;
/// Fewer links than this lead nowhere from a shell.
const FEW_LINKS: usize = 3;
/// Fewer links than this are no home page.
const FEWEST_OF_HOME: usize = 5;
/// Letters that a home page shows at least, should it have few links.
const TEXT_OF_HOME: usize = 300;
/// A list with fewer rows, none of them dated, may be filled up later.
const FEW_ROWS: usize = 3;

/// What is looked at to tell.
pub(super) struct Sources<'a> {
    pub(super) layout: &'a Layout<'a>,
    pub(super) kind: PageKind,
    pub(super) list: Option<&'a ColumnList>,
    pub(super) links: &'a [Link],
    /// Does an own script of the page load rows?
    pub(super) loads: bool,
}

/// Would a browser show more?
pub(super) fn by_script(sources: &Sources<'_>) -> Option<ByScript> {
    let tree = sources.layout.tree;
    if sources.list.is_some_and(|list| list.script_filled) {
        return Some(ByScript::Column);
    }
    let mut scripts = tree.named("script").filter(|id| is_run(tree, *id));
    let any = scripts.next()?;
    let framed = sources.links.iter().any(|link| link.role == Role::Frame);
    let anchors = sources.links.iter().filter(|link| link.role == Role::Anchor && link.target.is_some()).count();
    let letters = |region_only: bool| {
        let lines = sources.layout.lines.iter().filter(|line| line.hidden.is_none());
        let lines = lines.filter(|line| !region_only || sources.layout.region(line.node) == super::links::Region::Main);
        lines.map(|line| line.text.chars().filter(|c| crate::text::is_alphanumeric(*c)).count()).sum::<usize>()
    };
    let empty = letters(false) < LITTLE_TEXT && anchors < FEW_LINKS;
    let bare_home = || sources.kind == PageKind::Home && anchors < FEWEST_OF_HOME && letters(false) < TEXT_OF_HOME;
    if !framed && (empty || bare_home()) {
        return Some(ByScript::Shell);
    }
    match (sources.kind, sources.list) {
        (PageKind::Column, Some(list)) if list.items.is_empty() && list.note.is_none() => {
            let loaded = |id: Id| tree.attr(id, "src").is_some();
            (loaded(any) || scripts.any(loaded)).then_some(ByScript::Perhaps)
        }
        (PageKind::Other, _) if sources.loads && !framed && letters(true) < LITTLE_TEXT => Some(ByScript::Column),
        _ => None,
    }
}

/// Is it a script that a browser runs, and not data or a template in a script's clothes?
fn is_run(tree: &Tree, id: Id) -> bool {
    let kind = tree.attr(id, "type").unwrap_or_default().trim().to_ascii_lowercase();
    let runs = kind.is_empty() || kind == "module" || kind.contains("javascript") || kind.contains("ecmascript");
    runs && (tree.attr(id, "src").is_some_and(|src| !src.trim().is_empty()) || !tree.raw_text(id).trim().is_empty())
}

/// How showing a page to a browser ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendering {
    /// The page.
    pub url: CanonicalUrl,
    /// The browser and its version.
    pub browser: String,
    /// Why there is nothing to be taken from it, in a word; none: the page was shown.
    pub failed: Option<String>,
    /// What is to be said beside.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Had the page come to rest, with nothing under way?
    pub settled: bool,
    /// Requests that it made and that were answered.
    pub requests: u32,
    /// Requests that were not sent or got no answer, by cause.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused: BTreeMap<String, u32>,
    /// Dialogs that it opened; all were dismissed.
    #[serde(default)]
    pub dialogs: u32,
    /// Windows that it wanted to open; none was.
    #[serde(default)]
    pub windows: u32,
    /// What it looked like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// A screenshot, kept in the capture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// SHA-256 of the PNG, hex.
    pub sha256: String,
    /// Its bytes.
    pub bytes: u64,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels; of a longer page the upper part.
    pub height: u32,
}

/// What a page does without: pictures, fonts and films say nothing that rules read.
pub const SPARED: &str = "spared";

impl Rendering {
    /// Was the page shown whole: at rest, and with everything that it asked for to fill itself?
    pub fn is_clean(&self) -> bool {
        self.failed.is_none() && self.settled && self.refused.keys().all(|cause| cause == SPARED)
    }

    /// The facts that hold after it: `shown` are those of the page as the browser showed it, `sent` those of the page as sent.
    pub fn put_over(&self, mut shown: Page, sent: Option<Page>) -> Page {
        let clean = self.is_clean();
        let said =
            |page: &Page| page.document.main.iter().chain(&page.document.around).map(|block| block.text.len()).sum::<usize>();
        if let Some(sent) = sent {
            // A page that broke on its way shows less than was sent, and proves nothing by it.
            if !clean && said(&shown) < said(&sent) {
                return sent;
            }
            shown.by_script = if clean { None } else { sent.by_script };
            (shown.digest, shown.bytes, shown.charset) = (sent.digest, sent.bytes, sent.charset);
            (shown.status, shown.transport) = (sent.status, sent.transport);
        } else if clean {
            shown.by_script = None;
        }
        if let Some(list) = &mut shown.list {
            // Of a page that came to rest with all that it asked for, an empty list is one.
            let dated = list.items.iter().any(|item| item.date.is_some());
            list.script_filled = !clean && (list.items.is_empty() || (list.items.len() < FEW_ROWS && !dated));
        }
        shown.rendered = true;
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Exchange, Gathering, Method, Profile};

    fn page(path: &str, body: &str) -> Page {
        let exchange = Exchange {
            url: CanonicalUrl::parse(&format!("http://www.x.gov.cn{path}")).expect("a URL"),
            method: Method::Get,
            gathering: Gathering::Pages,
            status: 200,
            headers: vec![("content-type".into(), "text/html; charset=utf-8".into())],
            body: body.as_bytes().to_vec().into(),
            at: jiff::Timestamp::UNIX_EPOCH,
            hops: 1,
            via: None,
            attempts: 1,
            look: 1,
            elapsed: Some(7),
            profile: Profile::Own,
        };
        super::super::page::read(&exchange).expect("a page")
    }

    const NAV: &str = "<div class=nav><a href=/a/>政务公开</a><a href=/b/>办事服务</a><a href=/c/>互动交流</a><a href=/d/>县情概况</a>\
                       <a href=/e/>新闻中心</a></div>";

    fn rendering() -> Rendering {
        Rendering {
            url: CanonicalUrl::parse("http://www.x.gov.cn/zwgk/tzgg/").expect("a URL"),
            browser: "Chrome/156".into(),
            failed: None,
            detail: String::new(),
            settled: true,
            requests: 3,
            refused: BTreeMap::new(),
            dialogs: 0,
            windows: 0,
            picture: None,
        }
    }

    fn column(rows: &str) -> String {
        format!(
            "<html><head><title>通知公告_某县人民政府</title><meta name=ColumnName content=通知公告><meta name=ColumnType content=列表>\
             </head><body>{NAV}<div class=list><h2>通知公告</h2><ul id=rows>{rows}</ul></div>\
             <script>$.ajax({{url:'/api/list'}})</script></body></html>"
        )
    }

    #[test]
    fn shells_and_columns_are_known() {
        let shell =
            "<html><head><title>某县人民政府</title><script src=/app.js></script></head><body><div id=app></div></body></html>";
        assert_eq!(page("/x/1.html", shell).by_script, Some(ByScript::Shell));
        assert_eq!(page("/zwgk/tzgg/", &column("")).by_script, Some(ByScript::Column));
        for whole in [
            "<html><title>短</title><body><p>无</p></body></html>".to_owned(),
            "<html><title>短</title><body><script type='application/ld+json'>{}</script><p>无</p></body></html>".to_owned(),
            "<html><title>框架</title><script>var a=1</script><frameset><frame src=/left.html><frame src=/main.html></frameset></html>"
                .to_owned(),
            format!("<html><body><script src=/tj.js></script>{NAV}<p>{}</p></body></html>", "县政府召开常务会议研究部署工作。".repeat(8)),
        ] {
            assert_eq!(page("/x/2.html", &whole).by_script, None, "{whole}");
        }
    }

    #[test]
    fn what_was_sent_stays_true_of_it() {
        let sent = page("/zwgk/tzgg/", &column(""));
        let rows: String = (1..=8)
            .map(|n| format!("<li><a href=/zwgk/tzgg/{n}.html>关于开展第{n}次安全检查的通知</a><span>2026-03-0{n}</span></li>"))
            .collect();
        let shown = page("/zwgk/tzgg/", &column(&rows));
        let (digest, elapsed) = (sent.digest.clone(), sent.transport.elapsed);
        let put = rendering().put_over(shown.clone(), Some(sent.clone()));
        assert!(put.rendered && put.by_script.is_none());
        assert_eq!((put.digest, put.transport.elapsed), (digest, elapsed));
        assert_eq!(put.list.as_ref().map(|list| (list.items.len(), list.script_filled)), Some((8, false)));

        // Something was refused and nothing came: nobody knows.
        let refused = Rendering { refused: [("method".to_owned(), 1)].into(), ..rendering() };
        let put = refused.put_over(sent.clone(), Some(sent.clone()));
        assert!(put.list.as_ref().is_some_and(|list| list.script_filled) && put.by_script.is_some());
        // Pictures were spared, and nothing came: the list is empty.
        let spared = Rendering { refused: [(SPARED.to_owned(), 9)].into(), ..rendering() };
        let put = spared.put_over(sent.clone(), Some(sent.clone()));
        assert!(put.list.as_ref().is_some_and(|list| !list.script_filled));
        // A page that broke takes nothing away.
        let broken = Rendering { settled: false, ..rendering() };
        let less = page("/zwgk/tzgg/", "<html><title>出错</title><body>error</body></html>");
        assert_eq!(broken.put_over(less, Some(sent.clone())), sent);
    }
}
