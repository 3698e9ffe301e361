//! External links that are kept from readers' eyes, and by what: the raw material of 暗链.
//!
//! Pages hide a great deal for good reasons: tabs, menus, slides, popups, links for screen readers. So each link tells its cause together
//! with what speaks for such a part of the page; whether that is a fault is for a rule to say.

mod written;

use super::layout::Layout;
use super::layout::hidden::concealment;
use super::layout::sheet::{Sheet, Style, colour};
use super::links::Resolver;
use super::tree::{Id, NONE, ROOT};
use crate::text::shorten;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::rc::Rc;
use written::Written;

/// One link that a reader does not see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concealed {
    /// Where it leads.
    pub target: CanonicalUrl,
    /// Its text, squeezed, at most 100 characters; empty for a picture.
    pub text: String,
    /// How it is hidden: `display-none`, `visibility-hidden`, `hidden-attribute`, `font-size-zero`, `opacity-zero`, `off-screen`,
    /// `zero-size`, `same-colour`, `marquee`, `noscript`.
    pub cause: String,
    /// Written by a script of the page, or inside a box that a script opens.
    pub scripted: bool,
    /// Does the hiding element, or one near above it, look like a part of a page that opens: menu, tab, popup, slide?
    pub widget: bool,
    /// Has the hiding element a class or an id, so that a script or a style sheet may show it?
    pub named: bool,
    /// CSS path.
    pub selector: String,
    /// Line in the source.
    pub line: Option<u32>,
}

/// Most links told of one page.
const MOST: usize = 300;
/// Elements above the hiding one whose names are looked at.
const NEAR: usize = 4;

/// Parts of names that templates give to what opens, moves or is for machines.
const WIDGETS: [&str; 44] = [
    "menu", "nav", "tab", "drop", "down", "pop", "modal", "dialog", "layer", "mask", "slide", "swiper", "banner", "carousel",
    "scroll", "roll", "float", "piao", "qr", "ewm", "code", "weixin", "wechat", "share", "select", "option", "toggle", "hover",
    "tip", "hint", "skip", "sr-only", "wza", "search", "login", "mobile", "phone", "sub", "more", "focus", "link", "yqlj",
    "list", "lang",
];

/// Every external link that is hidden, in document order; what scripts write comes last.
pub(super) fn collect(layout: &Layout<'_>, resolver: &Resolver, url: &CanonicalUrl) -> Vec<Concealed> {
    let mut found = of_page(layout, resolver, url, &Written::of(layout));
    for fragment in written::fragments(layout) {
        let tree = super::tree::Tree::parse(&fragment.markup);
        let inner = Layout::of(&tree);
        for link in of_page(&inner, resolver, url, &Written::default()) {
            found.push(Concealed { scripted: true, selector: fragment.selector.clone(), line: fragment.line, ..link });
        }
    }
    found.truncate(MOST);
    found
}

fn of_page(layout: &Layout<'_>, resolver: &Resolver, url: &CanonicalUrl, written: &Written) -> Vec<Concealed> {
    let tree = layout.tree;
    let mut eyes: Option<Eyes<'_, '_>> = None;
    let mut found = Vec::new();
    for id in tree.descendants(ROOT).filter(|id| matches!(tree.name(*id), "a" | "area")) {
        if found.len() >= MOST {
            break;
        }
        let Some(raw) = tree.attr(id, "href") else { continue };
        let Some(target) = resolver.resolve(raw).filter(|t| !is_same_site(t.host(), url.host())) else { continue };
        let eyes = eyes.get_or_insert_with(|| Eyes { layout, sheet: Sheet::of(tree), seen: HashMap::new() });
        let Some(hiding) = eyes.hiding(written, id) else { continue };
        found.push(Concealed {
            target,
            text: shorten(&layout.text(id, 400), 100),
            cause: hiding.cause.to_owned(),
            scripted: hiding.scripted,
            widget: is_widget(layout, hiding.by, id),
            named: hiding.scripted || is_named(layout, hiding.by),
            selector: layout.selector(id),
            line: tree.element(id).map(|e| e.line),
        });
    }
    found
}

/// The same host, with or without `www.`.
fn is_same_site(one: &str, other: &str) -> bool {
    one.trim_start_matches("www.").eq_ignore_ascii_case(other.trim_start_matches("www."))
}

struct Hiding {
    cause: &'static str,
    by: Id,
    scripted: bool,
}

/// What one element declares, as far as it matters here.
#[derive(Clone, Copy)]
struct Look {
    cause: Option<&'static str>,
    sized: bool,
    shown: bool,
    ink: Option<[u8; 3]>,
    paper: Option<Option<[u8; 3]>>,
}

/// Looks at elements once each: hundreds of links share the elements above them.
struct Eyes<'l, 't> {
    layout: &'l Layout<'t>,
    sheet: Rc<Sheet>,
    seen: HashMap<Id, Look>,
}

impl Eyes<'_, '_> {
    fn look(&mut self, id: Id) -> Option<Look> {
        if let Some(known) = self.seen.get(&id) {
            return Some(*known);
        }
        let element = self.layout.tree.element(id)?;
        let style = self.sheet.style(element);
        let look = Look {
            cause: concealment(element, &style),
            sized: style.get("font-size").is_some(),
            shown: style.get("visibility") == Some("visible"),
            ink: style.get("color").and_then(colour),
            paper: paper(&style),
        };
        self.seen.insert(id, look);
        Some(look)
    }

    /// What hides a link: the nearest element, from the link outwards, that hides itself and is not undone inside.
    fn hiding(&mut self, written: &Written, id: Id) -> Option<Hiding> {
        let layout = self.layout;
        let tree = layout.tree;
        let (mut sized, mut shown) = (false, false);
        let mut ink = self.ink(id);
        for at in std::iter::once(id).chain(tree.ancestors(id)) {
            let Some(look) = self.look(at) else { continue };
            // A page hidden as a whole is shown by its script when it is ready.
            if let Some(cause) = look.cause.filter(|_| !matches!(tree.name(at), "body" | "html")) {
                // Gaps between pictures are closed by a font size of nothing; letters inside then have a size of their own.
                let undone = match cause {
                    "font-size-zero" => {
                        sized || layout.text(id, 40).is_empty() || (at != id && has_names_between(layout, id, at))
                    }
                    "visibility-hidden" => shown,
                    _ => false,
                };
                if !undone {
                    return Some(Hiding { cause, by: at, scripted: false });
                }
            }
            sized |= look.sized;
            shown |= look.shown;
            if let Some(paper) = look.paper {
                // A linked style sheet may give what has a name a background of its own.
                if ink.is_some() && ink == paper && !(at != id && has_names_between(layout, id, at)) {
                    return Some(Hiding { cause: "same-colour", by: at, scripted: false });
                }
                ink = None;
            }
        }
        written.around(layout.order(id)).map(|cause| Hiding { cause, by: id, scripted: true })
    }

    /// The colour of a link's letters, where the link or the one element inside it says so.
    fn ink(&mut self, id: Id) -> Option<[u8; 3]> {
        let tree = self.layout.tree;
        let inside: Vec<Id> = tree.descendants(id).filter(|n| *n != id && tree.element(*n).is_some()).take(2).collect();
        let of_link = self.look(id)?.ink;
        let ink = match inside.as_slice() {
            [only] => self.look(*only).and_then(|look| look.ink).or(of_link),
            _ => of_link,
        };
        ink.filter(|_| !self.layout.text(id, 40).is_empty())
    }
}

/// The colour behind: `None` when nothing is said here, `Some(None)` when it cannot be told (a picture).
fn paper(style: &Style) -> Option<Option<[u8; 3]>> {
    if style.get("background-image").is_some_and(|v| v != "none") {
        return Some(None);
    }
    let value = style.get("background-color").or_else(|| style.get("background"))?;
    if matches!(value, "none" | "transparent" | "inherit" | "initial") {
        return None;
    }
    Some(colour(value))
}

/// Does an element between a link and the one that hides it have a class or id, by which a linked style sheet may undo the hiding?
fn has_names_between(layout: &Layout<'_>, id: Id, by: Id) -> bool {
    std::iter::once(id).chain(layout.tree.ancestors(id)).take_while(|at| *at != by).any(|at| is_named(layout, at))
}

fn is_named(layout: &Layout<'_>, id: Id) -> bool {
    let attr = |name: &str| layout.tree.attr(id, name).is_some_and(|v| !v.trim().is_empty());
    attr("class") || attr("id")
}

/// Does the hiding element look like a part that opens? By its name or one near above, by its kind, by a sibling of the same shape
/// that holds links, too.
fn is_widget(layout: &Layout<'_>, by: Id, link: Id) -> bool {
    let tree = layout.tree;
    let listed = |at: Id| matches!(tree.name(at), "li" | "dd" | "option" | "nav" | "dialog" | "details" | "map");
    let words = |at: Id| {
        let names = [tree.attr(at, "class"), tree.attr(at, "id"), tree.attr(at, "role")];
        names.into_iter().flatten().any(|name| {
            let name = name.to_ascii_lowercase();
            WIDGETS.iter().any(|word| name.contains(word))
        })
    };
    let handled = |at: Id| {
        ["onmouseover", "onclick", "onmouseout", "aria-hidden", "aria-expanded"].iter().any(|a| tree.attr(at, a).is_some())
    };
    let above =
        || std::iter::once(by).chain(tree.ancestors(by).take(NEAR)).filter(|at| !matches!(tree.name(*at), "body" | "html"));
    let between = || std::iter::once(link).chain(tree.ancestors(link)).take_while(|at| *at != by && *at != NONE);
    if above().any(|at| listed(at) || words(at) || handled(at)) || between().any(words) {
        return true;
    }
    // Panels of a tab stand side by side.
    let (before, after) = (tree.previous_element(by), tree.next_element(by));
    let panel = |at: Id| {
        at != NONE
            && tree.name(at) == tree.name(by)
            && tree.name(by) != "a"
            && tree.name(by) != "p"
            && layout.weight(at).links >= 2
    };
    layout.weight(by).links >= 2 && tree.parent(by) != layout.body && (panel(before) || panel(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tree::Tree;

    /// Cause of each concealed link, with `?` where it looks like a part that opens and `*` where a script has a hand in it.
    fn causes(body: &str) -> Vec<String> {
        let tree = Tree::parse(body);
        let layout = Layout::of(&tree);
        let url = CanonicalUrl::parse("http://www.a.gov.cn/x/").expect("a URL");
        let resolver = Resolver::new(&layout, &url, encoding_rs::UTF_8);
        let told = collect(&layout, &resolver, &url);
        told.iter()
            .map(|c| format!("{}{}{}", c.cause, if c.widget { "?" } else { "" }, if c.scripted { "*" } else { "" }))
            .collect()
    }

    #[test]
    fn each_cause_is_told() {
        const A: &str = "<a href=http://b.com/>b</a>";
        for (body, expected) in [
            (format!("<div style='display:none'>{A}</div>"), "display-none"),
            (format!("<div style='position:absolute;top:-999px;left:-999px'>{A}</div>"), "off-screen"),
            (format!("<div style='text-indent:-9999px'>{A}</div>"), "off-screen"),
            (format!("<style>.x{{position:fixed;left:-2000px}}</style><p class=x>{A}"), "off-screen"),
            (format!("<p style='font-size:0'>{A}"), "font-size-zero"),
            (format!("<div style='width:0;height:0;overflow:hidden'>{A}</div>"), "zero-size"),
            (format!("<marquee width=1 height=1>{A}</marquee>"), "marquee"),
            (format!("<body><p>x</p><noscript>{A}</noscript>"), "noscript"),
            ("<body bgcolor=#FFFFFF><a style='color:#fff' href=http://b.com/>b</a>".into(), "same-colour"),
            ("<body bgcolor=white><a href=http://b.com/><font color=white>b</font></a>".into(), "same-colour"),
            (format!("<script>document.write(\"<div style='display:none'>\");</script>{A}<script>document.write('</div>')</script>"), "display-none*"),
            ("<script>document.write('<div style=\"left:-999px;position:absolute\"><a href=\"http:\\/\\/b.com\\/\">b<\\/a></div>')</script>".into(), "off-screen*"),
            (format!("<div class=tab-box><div style='display:none'>{A}</div></div>"), "display-none?"),
            (format!("<ul><li>x<div style='display:none'>{A}</div></ul>"), "display-none?"),
        ] {
            assert_eq!(causes(&body), [expected], "{body}");
        }
    }

    #[test]
    fn what_is_seen_is_not_told() {
        for body in [
            "<a href=http://b.com/>b</a>",
            "<div style='display:none'><a href=/own>b</a><a href=http://a.gov.cn/>c</a></div>",
            "<div style='font-size:0'><a style='font-size:14px' href=http://b.com/>b</a></div>",
            "<div style='font-size:0'><a href=http://b.com/><img src=x></a></div>",
            "<div style='font-size:0'><a class=l href=http://b.com/>b</a></div>",
            "<body bgcolor=white><div style='background:url(x.png)'><a style='color:#fff' href=http://b.com/>b</a></div>",
            "<div style='background:#fff'><span class=btn><a style='color:#fff' href=http://b.com/>b</a></span></div>",
            "<style>body{visibility:hidden}</style><body><p><a href=http://b.com/>b</a></body>",
            "<div style='background:#036'><a style='color:#fff' href=http://b.com/>b</a></div>",
            "<div style='left:-20px;position:relative'><a href=http://b.com/>b</a></div>",
            "<script>document.write('<a href=\"http://b.com/\">b</a>')</script>",
        ] {
            assert_eq!(causes(body), [] as [String; 0], "{body}");
        }
    }
}
