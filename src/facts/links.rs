//! Links with their position on the page.

mod guess;

pub(super) use guess::paging_call;

use super::layout::Layout;
use super::tree::{Element, Id, ROOT};
use crate::text::{shorten, squeeze};
use crate::url::CanonicalUrl;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// What kind of element refers to the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// `<a href>`, `<area href>`.
    Anchor,
    /// `<img src>`.
    Image,
    /// `<iframe src>`, `<frame src>`.
    Frame,
    /// `<script src>`.
    Script,
    /// `<link rel=stylesheet href>`.
    Style,
    /// `<meta http-equiv=refresh>`.
    Refresh,
    /// A URL in script or an option value that looks like an own page; never judged dead.
    Guess,
}

/// Region of the page in which a link or text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    /// Head area and navigation.
    Header,
    /// Main content.
    Main,
    /// Bottom area.
    Footer,
    /// In `<head>` or not to be told.
    Unknown,
}

/// One reference to another resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Resolved target; none when the reference is no http(s) URL (mailto, javascript, malformed).
    pub target: Option<CanonicalUrl>,
    /// The attribute as written, at most 2,048 characters.
    pub raw: String,
    /// Link text, or alternative text of an image inside, squeezed, at most 300 characters.
    pub text: String,
    /// `title` attribute.
    pub title: Option<String>,
    /// Element that refers.
    pub role: Role,
    /// Where on the page.
    pub region: Region,
    /// `rel` tokens, lower case.
    pub rel: Vec<String>,
    /// Hidden by inline style, attribute or enclosing element; the cause in a word.
    pub hidden: Option<String>,
    /// CSS path from the nearest element with an id, `tag:nth-of-type(n)` steps, at most 6 steps.
    pub selector: String,
    /// Line in the source, from 1, where known.
    pub line: Option<u32>,
    /// How many times the same target occurs with the same role on this page (this entry is the first).
    pub times: u32,
    /// Other texts of visible later ones, at most 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_texts: Vec<String>,
}

/// Most distinct links kept of one page.
pub const MAX_LINKS: usize = 20_000;

/// Most other texts kept of one target.
const MAX_OTHER_TEXTS: usize = 8;

/// Resolves references of a page: against `<base href>` where there is one, in the charset of the page.
pub(super) struct Resolver {
    base: CanonicalUrl,
    encoding: &'static Encoding,
}

impl Resolver {
    /// For the page at `url`.
    pub(super) fn new(layout: &Layout<'_>, url: &CanonicalUrl, encoding: &'static Encoding) -> Self {
        let tree = layout.tree;
        let base = tree
            .descendants(ROOT)
            .filter(|id| tree.name(*id) == "base")
            .find_map(|id| tree.attr(id, "href"))
            .and_then(|href| url.join(href, encoding).ok())
            .unwrap_or_else(|| url.clone());
        Resolver { base, encoding }
    }

    /// The target of a reference, when it is a web URL.
    pub(super) fn resolve(&self, reference: &str) -> Option<CanonicalUrl> {
        let reference = reference.trim();
        // An empty path segment of dots or a scheme alone would resolve to something that nobody wrote.
        if reference.len() > 8_192 || matches!(reference, "http://" | "https://" | "http:" | "https:") {
            return None;
        }
        self.base.join(reference, self.encoding).ok()
    }
}

struct Collector<'l, 't> {
    layout: &'l Layout<'t>,
    resolver: &'l Resolver,
    links: Vec<Link>,
    seen: HashMap<(String, Role), usize>,
}

impl Collector<'_, '_> {
    fn add(&mut self, id: Id, raw: &str, role: Role) {
        if raw.len() > 5 && raw.as_bytes()[..5].eq_ignore_ascii_case(b"data:") {
            return;
        }
        let target = self.resolver.resolve(raw);
        let key = target.as_ref().map_or_else(|| shorten(raw.trim(), 200), |t| t.as_str().to_owned());
        let full = self.links.len() >= MAX_LINKS;
        match self.seen.entry((key, role)) {
            Entry::Occupied(entry) => {
                let at = *entry.get();
                self.links[at].times += 1;
                if role == Role::Anchor && self.links[at].other_texts.len() < MAX_OTHER_TEXTS && self.layout.hidden(id).is_none()
                {
                    let text = self.text(id, role);
                    let link = &mut self.links[at];
                    if !text.is_empty() && text != link.text && !link.other_texts.contains(&text) {
                        link.other_texts.push(text);
                    }
                }
            }
            Entry::Vacant(_) if full => {}
            Entry::Vacant(entry) => {
                entry.insert(self.links.len());
                let element = self.layout.tree.element(id);
                let attr = |name: &str| element.and_then(|e| e.attr(name));
                self.links.push(Link {
                    target,
                    raw: raw.chars().take(2_048).collect(),
                    text: self.text(id, role),
                    title: attr("title").map(squeeze).filter(|t| !t.is_empty()).map(|t| shorten(&t, 300)),
                    role,
                    region: self.layout.region(id),
                    rel: attr("rel")
                        .map(|r| r.split_whitespace().take(8).map(str::to_ascii_lowercase).collect())
                        .unwrap_or_default(),
                    hidden: self.layout.hidden(id).map(str::to_owned),
                    selector: self.layout.selector(id),
                    line: element.map(|e| e.line),
                    times: 1,
                    other_texts: Vec::new(),
                });
            }
        }
    }

    fn text(&self, id: Id, role: Role) -> String {
        let tree = self.layout.tree;
        match role {
            Role::Anchor | Role::Guess => {
                let text = self.layout.text(id, 2_000);
                if !text.is_empty() {
                    return shorten(&text, 299);
                }
                let image = tree.descendants(id).take(60).find(|n| matches!(tree.name(*n), "img" | "area"));
                let alt =
                    image.and_then(|n| tree.attr(n, "alt").filter(|a| !a.trim().is_empty()).or_else(|| tree.attr(n, "title")));
                shorten(&squeeze(alt.unwrap_or_default()), 299)
            }
            _ => shorten(&squeeze(tree.attr(id, "alt").unwrap_or_default()), 299),
        }
    }
}

/// Every reference of the page in document order, equal ones (same target, same role) once with their number.
pub(super) fn collect(layout: &Layout<'_>, resolver: &Resolver) -> Vec<Link> {
    let tree = layout.tree;
    let mut all = Collector { layout, resolver, links: Vec::new(), seen: HashMap::new() };
    for id in tree.descendants(ROOT) {
        let Some(element) = tree.element(id) else { continue };
        if let Some((attribute, role)) = reference_of(element)
            && let Some(raw) = element.attr(attribute)
        {
            all.add(id, raw, role);
        }
        match element.name() {
            "meta" if element.attr("http-equiv").is_some_and(|v| v.trim().eq_ignore_ascii_case("refresh")) => {
                if let Some(raw) = element.attr("content").and_then(refresh_target) {
                    all.add(id, raw, Role::Refresh);
                }
            }
            "script" => {
                for raw in guess::paging_script(&tree.raw_text(id), resolver.base.path()) {
                    all.add(id, &raw, Role::Guess);
                }
            }
            _ => {
                for raw in guess::of_element(element) {
                    all.add(id, &raw, Role::Guess);
                }
            }
        }
    }
    all.links
}

/// Attribute that refers, with the role.
fn reference_of(element: &Element) -> Option<(&'static str, Role)> {
    match element.name() {
        "a" | "area" => Some(("href", Role::Anchor)),
        "img" => Some(("src", Role::Image)),
        "input" if element.attr("type").is_some_and(|t| t.eq_ignore_ascii_case("image")) => Some(("src", Role::Image)),
        "iframe" | "frame" => Some(("src", Role::Frame)),
        "script" => Some(("src", Role::Script)),
        "link" if element.attr("rel").is_some_and(|r| r.split_whitespace().any(|t| t.eq_ignore_ascii_case("stylesheet"))) => {
            Some(("href", Role::Style))
        }
        _ => None,
    }
}

/// `5; url=next.html`
fn refresh_target(content: &str) -> Option<&str> {
    let rest = content.split_once([';', ','])?.1.trim_start();
    let rest = if rest.get(..3).is_some_and(|s| s.eq_ignore_ascii_case("url")) {
        rest[3..].trim_start().strip_prefix('=')?.trim_start()
    } else {
        rest
    };
    let target = rest.trim_matches(['"', '\'', ' ']);
    (!target.is_empty()).then_some(target)
}
