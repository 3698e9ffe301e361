//! Collects the facts in one pass over the tree, after one that notes which ids are labelled.

use super::{Accessibility, Heading, Moving, Place};
use crate::facts::layout::Layout;
use crate::facts::links::Resolver;
use crate::facts::tree::{Element, Id, Kind, ROOT};
use crate::text::{is_blank, shorten, squeeze};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Places kept of each sort.
const MOST_PLACES: usize = 50;
/// Headings kept.
const MOST_HEADINGS: usize = 200;
/// Characters of a head that are looked through.
const MOST_HEAD: usize = 262_144;
/// A skip link stands among the first links.
const FIRST_LINKS: usize = 8;

/// What attributes refer to.
#[derive(Default)]
struct References {
    /// Ids that a `<label for>` with text names.
    labelled: HashSet<String>,
    /// Ids that occur, with their number.
    ids: BTreeMap<String, u32>,
    /// Ids that `for`, `aria-labelledby` and the like refer to.
    referred: BTreeSet<String>,
}

/// Reads a page.
pub(in crate::facts) fn read(layout: &Layout<'_>, resolver: &Resolver, source: &str) -> Accessibility {
    let tree = layout.tree;
    let references = references(layout);
    let silent = left_out(layout);
    let scriptless = scriptless_lines(source);
    let mut found = Accessibility { whole: has_html_tag(source), ..Accessibility::default() };
    let mut landmarks: BTreeSet<String> = BTreeSet::new();
    let mut links = 0;
    for id in tree.descendants(ROOT) {
        let Some(element) = tree.element(id) else { continue };
        match element.name() {
            "html" if found.language.is_none() => {
                found.language = element.attr("lang").or_else(|| element.attr("xml:lang")).map(|l| shorten(l.trim(), 40));
            }
            "meta" if found.viewport.is_none() && element.attr("name").is_some_and(|n| n.eq_ignore_ascii_case("viewport")) => {
                found.viewport = element.attr("content").map(|c| shorten(&squeeze(c), 300));
            }
            _ => {}
        }
        if let Some(name) = landmark(element) {
            landmarks.insert(name.to_owned());
        }
        let is_link = element.name() == "a" && element.attr("href").is_some();
        if is_link {
            links += 1;
            if links <= FIRST_LINKS {
                found.skip_link |= element.attr("href").is_some_and(|h| h.len() > 1 && h.starts_with('#'));
            }
        }
        if layout.hidden(id).is_some() || silent.get(id as usize).copied().unwrap_or(false) {
            continue;
        }
        let place = |text: &str, reference: Option<&str>| Place {
            selector: layout.selector(id),
            line: Some(element.line),
            text: shorten(&squeeze(text), 200),
            target: reference.and_then(|r| resolver.resolve(r)),
        };
        match element.name() {
            "img" | "input"
                if is_image(element) && !is_tiny(element) && !scriptless.iter().any(|l| l.contains(&element.line)) =>
            {
                found.images += 1;
                if !has_alternative(element) {
                    let src = element.attr("src").unwrap_or_default();
                    note(&mut found.without_alt, &mut found.without_alt_count, || place(src, Some(src)));
                }
            }
            "input" | "select" | "textarea" if is_control(element) => {
                found.controls += 1;
                if !is_labelled(layout, id, element, &references) {
                    let name = ["name", "id", "value"].iter().find_map(|a| element.attr(a)).unwrap_or(element.name());
                    note(&mut found.unlabelled, &mut found.unlabelled_count, || place(name, None));
                }
            }
            "a" if is_link && leads_somewhere(element) && !has_name(layout, id) && is_written(source, element) => {
                let href = element.attr("href").unwrap_or_default();
                note(&mut found.nameless_links, &mut found.nameless_link_count, || place(href, Some(href)));
            }
            "iframe" | "frame" if needs_title(element) && found.untitled_frames.len() < MOST_PLACES => {
                let src = element.attr("src").unwrap_or_default();
                found.untitled_frames.push(place(src, Some(src)));
            }
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") if found.headings.len() < MOST_HEADINGS => {
                let level = name.as_bytes()[1] - b'0';
                found.headings.push(Heading { level, text: heading_text(layout, id), line: Some(element.line) });
            }
            name @ ("marquee" | "blink" | "audio" | "video")
                if found.moving.len() < MOST_PLACES && moves(layout, id, element) =>
            {
                found.moving.push(Moving {
                    place: place(&format!("<{name}"), element.attr("src")),
                    element: name.to_owned(),
                    stoppable: is_stoppable(layout, id, element),
                    silent: name != "audio" && (name != "video" || element.attr("muted").is_some()),
                });
            }
            _ => {}
        }
    }
    found.landmarks = landmarks.into_iter().collect();
    found.repeated_ids = references
        .ids
        .iter()
        .filter(|(id, times)| **times > 1 && references.referred.contains(*id))
        .map(|(id, _)| shorten(id, 100))
        .take(20)
        .collect();
    found
}

fn note(places: &mut Vec<Place>, count: &mut u32, place: impl FnOnce() -> Place) {
    *count += 1;
    if places.len() < MOST_PLACES {
        places.push(place());
    }
}

/// Is there an `<html` tag in the source? The parser makes the element in any case.
fn has_html_tag(source: &str) -> bool {
    source.as_bytes().windows(5).take(65_536).any(|w| w.eq_ignore_ascii_case(b"<html"))
}

fn references(layout: &Layout<'_>) -> References {
    let tree = layout.tree;
    let mut all = References::default();
    for id in tree.descendants(ROOT) {
        let Some(element) = tree.element(id) else { continue };
        if let Some(own) = element.attr("id").map(str::trim).filter(|v| !v.is_empty() && v.len() < 200) {
            *all.ids.entry(own.to_owned()).or_default() += 1;
        }
        for attribute in ["for", "aria-labelledby", "aria-describedby"] {
            let ids = element.attr(attribute).unwrap_or_default().split_whitespace().take(20);
            all.referred.extend(ids.filter(|v| v.len() < 200).map(str::to_owned));
        }
        if element.name() == "label"
            && let Some(named) = element.attr("for").map(str::trim)
            && has_content(layout, id)
        {
            all.labelled.insert(named.to_owned());
        }
    }
    all
}

/// By node: does `aria-hidden` leave it out, or a template that only a script shows?
fn left_out(layout: &Layout<'_>) -> Vec<bool> {
    let tree = layout.tree;
    let mut out = vec![false; tree.len()];
    for id in tree.descendants(ROOT) {
        let inherited = out.get(tree.parent(id) as usize).copied().unwrap_or(false);
        let own = tree.element(id).is_some_and(|e| {
            e.attr("aria-hidden").is_some_and(|v| v.eq_ignore_ascii_case("true"))
                || matches!(e.name(), "template" | "svg" | "object")
                || shown_later(e)
        });
        if let Some(place) = out.get_mut(id as usize) {
            *place = inherited || own;
        }
    }
    out
}

/// Does the source write this link where it stands? One that is never closed the parser opens again in whatever follows: those
/// empty copies are nothing that an editor could find.
fn is_written(source: &str, link: &Element) -> bool {
    /// Lines that one start tag may take; an element's line is that of the end of its tag.
    const TAG: usize = 12;
    let href = link.attr("href").unwrap_or_default().trim();
    let plain: String = href.chars().take_while(|c| !c.is_whitespace() && !matches!(c, '&' | '"' | '\'')).take(60).collect();
    let last = (link.line as usize).max(1);
    let lines: Vec<&str> = source.lines().skip(last.saturating_sub(TAG)).take(TAG.min(last)).collect();
    let above: usize = lines.iter().rev().skip(1).map(|line| line.len() + 1).sum();
    let text = lines.join("\n");
    text.match_indices(['a', 'A']).filter(|(at, _)| text[..*at].ends_with('<')).any(|(at, _)| {
        let end = text[at..].find('>').map_or(text.len(), |length| at + length);
        end >= above && text[at..end].contains(&plain)
    })
}

/// A class whose plain meaning is that only a script shows the element (a spinner, a dialogue).
fn shown_later(element: &Element) -> bool {
    let classes = element.attr("class").unwrap_or_default();
    element.name() != "body" && classes.split_whitespace().any(|class| matches!(class, "hidden" | "d-none"))
}

/// Lines of the `<noscript>` parts of the head: the parser moves a counter's picture from there into the body.
fn scriptless_lines(source: &str) -> Vec<std::ops::RangeInclusive<u32>> {
    let body = source.as_bytes().windows(5).take(MOST_HEAD).position(|w| w.eq_ignore_ascii_case(b"<body"));
    let head = match body {
        Some(end) => &source[..end],
        None => source.char_indices().take(MOST_HEAD).last().map_or("", |(end, _)| &source[..end]),
    };
    let head = head.to_ascii_lowercase();
    let head = head.split("<body").next().unwrap_or_default();
    let line = |at: usize| 1 + head.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() as u32;
    let end = |begin: usize| head[begin..].find("</noscript").map_or(head.len(), |length| begin + length);
    head.match_indices("<noscript").map(|(begin, _)| line(begin)..=line(end(begin))).collect()
}

fn landmark(element: &Element) -> Option<&'static str> {
    let by_role = match element.attr("role").unwrap_or_default().trim() {
        "main" => Some("main"),
        "navigation" => Some("nav"),
        "banner" => Some("header"),
        "contentinfo" => Some("footer"),
        "search" => Some("search"),
        "complementary" => Some("aside"),
        _ => None,
    };
    by_role.or(match element.name() {
        "main" => Some("main"),
        "nav" => Some("nav"),
        "header" => Some("header"),
        "footer" => Some("footer"),
        "search" => Some("search"),
        "aside" => Some("aside"),
        _ => None,
    })
}

fn is_image(element: &Element) -> bool {
    let decorative = element.attr("role").is_some_and(|r| matches!(r.trim(), "presentation" | "none"));
    if decorative {
        return false;
    }
    match element.name() {
        "img" => true,
        _ => element.attr("type").is_some_and(|t| t.eq_ignore_ascii_case("image")),
    }
}

/// A counter's pixel, or a spacer: nobody sees it.
fn is_tiny(element: &Element) -> bool {
    let size = |name: &str| element.attr(name).map(|v| v.trim().trim_end_matches("px"));
    let tiny = |name: &str| matches!(size(name), Some("0" | "1"));
    tiny("width") || tiny("height")
}

fn has_alternative(element: &Element) -> bool {
    element.attr("alt").is_some()
        || ["aria-label", "aria-labelledby", "title"].iter().any(|a| element.attr(a).is_some_and(|v| !v.trim().is_empty()))
}

fn is_control(element: &Element) -> bool {
    let kind = element.attr("type").unwrap_or("text").trim().to_ascii_lowercase();
    let button = matches!(kind.as_str(), "hidden" | "submit" | "button" | "reset" | "image");
    (element.name() != "input" || !button) && element.attr("disabled").is_none()
}

fn is_labelled(layout: &Layout<'_>, id: Id, element: &Element, references: &References) -> bool {
    let said = |name: &str| element.attr(name).is_some_and(|v| !v.trim().is_empty());
    said("aria-label")
        || said("aria-labelledby")
        || said("title")
        || said("placeholder")
        || element.attr("id").is_some_and(|own| references.labelled.contains(own.trim()))
        || layout.tree.ancestors(id).any(|a| layout.tree.name(a) == "label" && has_content(layout, a))
}

/// Text, or a picture with one.
fn has_content(layout: &Layout<'_>, id: Id) -> bool {
    let tree = layout.tree;
    tree.descendants(id).take(400).any(|n| match tree.kind(n) {
        Kind::Text(text) => text.chars().any(|c| !is_blank(c)),
        Kind::Element(element) => element.name() == "img" && element.attr("alt").is_some_and(|v| !v.trim().is_empty()),
        _ => false,
    })
}

/// Links that a script works (`#`, `javascript:`) or a template language writes may get their name there, too.
fn leads_somewhere(element: &Element) -> bool {
    let href = element.attr("href").unwrap_or_default().trim();
    let scripted = href.is_empty()
        || href.starts_with('#')
        || href.get(..11).is_some_and(|s| s.eq_ignore_ascii_case("javascript:"))
        || href.contains("{{")
        || href.contains("${")
        || href.contains("<%");
    !scripted
}

fn has_name(layout: &Layout<'_>, id: Id) -> bool {
    let tree = layout.tree;
    let own = tree.element(id);
    let said = |e: &Element, name: &str| e.attr(name).is_some_and(|v| !v.trim().is_empty());
    if own.is_some_and(|e| said(e, "aria-label") || said(e, "aria-labelledby") || said(e, "title")) {
        return true;
    }
    // An empty element with an id is a place that a script fills.
    let fillable = |e: &Element| e.attr("id").is_some() || e.attr("v-text").is_some() || e.attr("v-html").is_some();
    let mut empty = true;
    for node in tree.descendants(id).take(400) {
        match tree.kind(node) {
            Kind::Text(text) if text.chars().any(|c| !is_blank(c)) => return true,
            Kind::Element(e) if node != id => {
                empty = false;
                // What another program draws may hold text, and what an own element name holds nobody knows.
                let opaque = matches!(
                    e.name(),
                    "svg" | "object" | "embed" | "iframe" | "canvas" | "script" | "input" | "button" | "video" | "slot" | "math"
                ) || e.name().contains('-');
                if opaque
                    || fillable(e)
                    || said(e, "alt")
                    || said(e, "title")
                    || said(e, "aria-label")
                    || said(e, "aria-labelledby")
                {
                    return true;
                }
                // A picture without `alt` is told as such.
                if e.name() == "img" && e.attr("alt").is_none() {
                    return true;
                }
            }
            _ => {}
        }
    }
    // So is one of another site's buttons, by its class.
    let button = |e: &Element| e.attr("class").is_some() && e.attr("href").is_some_and(|h| h.contains("//"));
    empty && own.is_some_and(|e| fillable(e) || button(e))
}

fn needs_title(element: &Element) -> bool {
    let src = element.attr("src").unwrap_or_default().trim();
    let named = ["title", "aria-label", "aria-labelledby"].iter().any(|a| element.attr(a).is_some_and(|v| !v.trim().is_empty()));
    let decorative = element.attr("role").is_some_and(|r| matches!(r.trim(), "presentation" | "none"));
    !named && !decorative && !is_tiny(element) && !src.is_empty() && !src.starts_with("about:") && !src.starts_with("javascript:")
}

fn heading_text(layout: &Layout<'_>, id: Id) -> String {
    let text = layout.text(id, 400);
    if !text.is_empty() {
        return shorten(&text, 80);
    }
    let tree = layout.tree;
    let image = tree.descendants(id).take(60).filter_map(|n| tree.element(n)).find_map(|e| {
        // A drawing or an element with an id may be given its text by a script.
        if e.name() == "svg" || e.name() == "script" || e.attr("id").is_some() {
            Some("…")
        } else {
            e.attr("alt").filter(|a| !a.trim().is_empty())
        }
    });
    shorten(&squeeze(image.unwrap_or_default()), 80)
}

fn moves(layout: &Layout<'_>, id: Id, element: &Element) -> bool {
    match element.name() {
        "audio" | "video" => element.attr("autoplay").is_some(),
        _ => {
            let still = ["scrollamount", "scrolldelay"].iter().any(|a| *a == "scrollamount" && element.attr(a) == Some("0"));
            !still && layout.weight(id).text > 0
        }
    }
}

fn is_stoppable(layout: &Layout<'_>, id: Id, element: &Element) -> bool {
    if matches!(element.name(), "audio" | "video") {
        // A player of its own finds the element by its id or class.
        return ["controls", "id", "class"].iter().any(|a| element.attr(a).is_some());
    }
    let stops = |e: &Element| {
        ["onmouseover", "onmouseenter", "onfocus", "onclick", "onmousemove"]
            .iter()
            .any(|a| e.attr(a).is_some_and(|v| v.contains("stop")))
    };
    // Some are stopped by a script that finds them by their id or class.
    stops(element)
        || element.attr("id").is_some()
        || layout.tree.ancestors(id).take(3).filter_map(|a| layout.tree.element(a)).any(stops)
        || layout.tree.descendants(id).take(200).filter_map(|n| layout.tree.element(n)).any(stops)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tree::Tree;
    use crate::url::CanonicalUrl;

    fn of(source: &str) -> Accessibility {
        let tree = Tree::parse(source);
        let layout = Layout::of(&tree);
        let url = CanonicalUrl::parse("http://www.x.gov.cn/a/b.html").expect("a URL");
        let resolver = Resolver::new(&layout, &url, encoding_rs::UTF_8);
        read(&layout, &resolver, source)
    }

    #[test]
    fn pictures() {
        let found = of("<img src=a.png><img src=b.png alt=''><img src=c.png title=c><img src=d.png role=presentation>\
            <div style='display:none'><img src=e.png></div><img src=f.gif width=1 height=1><span aria-hidden=true><img src=g></span>");
        assert_eq!((found.images, found.without_alt_count), (3, 1));
        assert_eq!(found.without_alt[0].text, "a.png");
        assert_eq!(found.without_alt[0].target.as_ref().map(CanonicalUrl::as_str), Some("http://www.x.gov.cn/a/a.png"));
    }

    #[test]
    fn controls() {
        let found = of("<label for=u>用户</label><input id=u><label>密码<input type=password></label><input placeholder=搜索>\
            <input type=hidden><input type=submit><select name=year></select><input name=q value=请输入><input title=t><textarea disabled></textarea>");
        let names: Vec<&str> = found.unlabelled.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(names, ["year", "q"]);
    }

    #[test]
    fn links() {
        let found = of(
            "<a href=/1></a><a href=/2><img src=x alt=图></a><a href=/3><img src=x></a><a href=/4><img src=x alt=''></a>\
            <a href=/5 title=t></a><a href='#'></a><a href='javascript:void(0)'></a><a href=/6 id=w></a><a href=/7><i class=icon></i></a>\
            <a href=/8><svg></svg></a><a href=/9>九</a><a name=x></a><a href=/10 style='display:none'></a><a href=/11><x-icon></x-icon></a>",
        );
        let names: Vec<&str> = found.nameless_links.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(names, ["/1", "/4", "/7"]);
    }

    #[test]
    fn the_rest() {
        let found = of(
            "<html xml:lang=zh><meta name=viewport content='width=device-width, user-scalable=no'><a href=#main>跳到正文</a>\
            <nav></nav><div role=main id=main><h1>一</h1><h3></h3></div><iframe src=a.html></iframe><iframe src=b.html title=b></iframe>\
            <iframe src=c.html width=0 height=0></iframe><marquee>a</marquee><marquee onmouseover='this.stop()'>b</marquee>\
            <video autoplay muted></video><label for=d>l</label><p id=d></p><p id=d></p><p id=e></p><p id=e></p>",
        );
        assert_eq!(found.language.as_deref(), Some("zh"));
        assert!(found.whole && found.skip_link);
        assert_eq!(found.landmarks, ["main", "nav"]);
        assert_eq!(found.headings.iter().map(|h| (h.level, h.text.as_str())).collect::<Vec<_>>(), [(1, "一"), (3, "")]);
        assert_eq!(found.untitled_frames.len(), 1);
        assert_eq!(found.moving.iter().map(|m| m.stoppable).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(found.repeated_ids, ["d"]);
        assert!(!of("<p>x").whole);
    }
}
