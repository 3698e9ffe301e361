//! Does the page offer a search? Any sign of one in the source counts: boxes are drawn in many ways.

use super::layout::Layout;
use super::links::Resolver;
use super::tree::{Element, Id, ROOT};
use crate::text::fold;
use crate::url::CanonicalUrl;
use daachorse::CharwiseDoubleArrayAhoCorasick;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::LazyLock;

/// What shows a search.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SearchBox {
    /// The first control, form, link or button that speaks of searching: its line and what says so.
    pub seen: Option<(u32, String)>,
    /// Does a script, a style or a comment of the source speak of searching, so that a box may come by script?
    pub mentioned: bool,
    /// A form that anybody can send by GET without a script.
    pub form: Option<SearchForm>,
}

/// A search form that a safe request can ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchForm {
    /// Where it sends.
    pub action: CanonicalUrl,
    /// Name of the control that takes the words.
    pub field: String,
    /// Name and value of every other control as a browser would send it.
    pub others: Vec<(String, String)>,
    /// Charset in which it sends.
    pub charset: String,
}

impl SearchForm {
    /// The address that asks for some words.
    pub fn ask(&self, words: &str) -> Option<CanonicalUrl> {
        let encoding = Encoding::for_label(self.charset.as_bytes()).unwrap_or(encoding_rs::UTF_8);
        let encode = in_charset(encoding);
        let mut query = ::url::form_urlencoded::Serializer::new(String::new());
        query.encoding_override(Some(&encode));
        for (name, value) in &self.others {
            query.append_pair(name, value);
        }
        query.append_pair(&self.field, words);
        let query = query.finish();
        let mut url = self.action.to_url();
        url.set_query(Some(&query));
        CanonicalUrl::from_url(url).ok()
    }
}

fn in_charset(encoding: &'static Encoding) -> impl for<'t> Fn(&'t str) -> Cow<'t, [u8]> {
    move |text| encoding.encode(text).0
}

/// Words in names, addresses and labels, folded.
const WORDS: [&str; 24] = [
    "search",
    "sousuo",
    "jiansuo",
    "jsearch",
    "搜索",
    "检索",
    "搜一搜",
    "搜本站",
    "全文搜",
    "站内搜",
    "recherche",
    "suche",
    "buscar",
    "busca",
    "buscador",
    "cerca",
    "ricerca",
    "zoek",
    "поиск",
    "検索",
    "검색",
    "szukaj",
    "sök",
    "بحث",
];

/// Bytes of the source that are searched for a word.
const MOST: usize = 1 << 20;

/// Reads the page.
pub(super) fn read(layout: &Layout<'_>, resolver: &Resolver, charset: &str, source: &str) -> SearchBox {
    let tree = layout.tree;
    let seen = tree.descendants(ROOT).filter_map(|id| Some((id, tree.element(id)?))).find_map(|(id, element)| {
        let said = match element.name() {
            "form" | "input" | "button" | "img" => {
                sign(element, &["id", "class", "name", "action", "placeholder", "value", "title", "alt", "type", "aria-label"])
            }
            "a" => {
                sign(element, &["href", "title", "class", "id"]).or_else(|| Some(layout.text(id, 60)).filter(|text| speaks(text)))
            }
            "div" | "span" | "li" | "iframe" | "search" => {
                if element.name() == "search" {
                    Some("<search>".to_owned())
                } else {
                    sign(element, &["id", "class", "role", "src"])
                }
            }
            _ => None,
        }?;
        Some((element.line, crate::text::shorten(&said, 100)))
    });
    let mentioned = seen.is_some() || mentions(source);
    let form = tree.named("form").find_map(|id| form(layout, resolver, charset, id));
    SearchBox { seen, mentioned, form }
}

/// Controls of a form that are looked at.
const MOST_CONTROLS: usize = 30;

/// A form that sends one text field by GET and needs no script to do so.
fn form(layout: &Layout<'_>, resolver: &Resolver, charset: &str, id: Id) -> Option<SearchForm> {
    let tree = layout.tree;
    let own = tree.element(id)?;
    let by_get = own.attr("method").is_none_or(|m| m.trim().eq_ignore_ascii_case("get") || m.trim().is_empty());
    // What a script changes before it is sent is not what we would send.
    if !by_get || own.attr("onsubmit").is_some() {
        return None;
    }
    let action = own.attr("action").map(str::trim).filter(|a| !a.is_empty() && !a.starts_with('#'))?;
    let action = resolver.resolve(action)?;
    let mut speaking = sign(own, &["id", "class", "name", "action"]).is_some();
    let mut field: Option<String> = None;
    let mut others = Vec::new();
    let controls = tree.descendants(id).filter_map(|n| Some((n, tree.element(n)?)));
    for (node, control) in
        controls.filter(|(_, e)| matches!(e.name(), "input" | "select" | "textarea" | "button")).take(MOST_CONTROLS)
    {
        speaking |= sign(control, &["id", "class", "name", "placeholder", "value", "title", "alt", "aria-label"]).is_some();
        let kind =
            control.attr("type").unwrap_or(if control.name() == "button" { "submit" } else { "text" }).to_ascii_lowercase();
        let name = control.attr("name").map(str::trim).filter(|n| !n.is_empty());
        match (control.name(), kind.as_str()) {
            ("textarea", _) => return None,
            ("select", _) => {
                if let Some(name) = name {
                    others.push((name.to_owned(), chosen(layout, node)));
                }
            }
            ("input", "text" | "search") => match (name, &field) {
                (Some(name), None) => field = Some(name.to_owned()),
                // Two fields: which of them takes the words is not ours to guess.
                _ => return None,
            },
            ("input", "hidden") => {
                if let Some(name) = name {
                    others.push((name.to_owned(), control.attr("value").unwrap_or_default().to_owned()));
                }
            }
            ("input", "checkbox" | "radio") => {
                if let Some(name) = name.filter(|_| control.attr("checked").is_some()) {
                    others.push((name.to_owned(), control.attr("value").unwrap_or("on").to_owned()));
                }
            }
            ("input", "submit" | "image" | "button" | "reset") | ("button", _) => {
                // A button that works by script, in a form that has no other way.
                if control.attr("onclick").is_some() {
                    return None;
                }
            }
            _ => return None,
        }
    }
    let field = field.filter(|_| speaking)?;
    let charset = own.attr("accept-charset").and_then(|c| c.split_whitespace().next()).unwrap_or(charset);
    Some(SearchForm { action, field, others, charset: crate::text::shorten(charset, 40) })
}

/// The option that a browser would send.
fn chosen(layout: &Layout<'_>, select: Id) -> String {
    let tree = layout.tree;
    let options = || tree.descendants(select).filter(|n| tree.name(*n) == "option").take(200);
    let picked = options().find(|n| tree.attr(*n, "selected").is_some()).or_else(|| options().next());
    picked.map(|n| tree.attr(n, "value").map_or_else(|| layout.text(n, 200), str::to_owned)).unwrap_or_default()
}

fn sign(element: &Element, attributes: &[&str]) -> Option<String> {
    attributes.iter().filter_map(|name| element.attr(name)).find(|value| value.len() < 400 && speaks(value)).map(str::to_owned)
}

fn speaks(text: &str) -> bool {
    ANY_WORD.as_ref().is_some_and(|words| words.find_iter(fold(text)).next().is_some())
}

static ANY_WORD: LazyLock<Option<CharwiseDoubleArrayAhoCorasick<u32>>> =
    LazyLock::new(|| CharwiseDoubleArrayAhoCorasick::new(WORDS).ok());
static ANY_CASE: LazyLock<Option<regex::bytes::Regex>> =
    LazyLock::new(|| regex::bytes::Regex::new(&format!("(?i-u){}", WORDS.join("|"))).ok());

/// Without folding the whole source: letters of ASCII words in either case.
fn mentions(source: &str) -> bool {
    let source = &source.as_bytes()[..source.len().min(MOST)];
    ANY_CASE.as_ref().is_some_and(|words| words.is_match(source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tree::Tree;

    #[test]
    fn signs_of_a_search() {
        let of = |source: &str| {
            let tree = Tree::parse(source);
            let layout = Layout::of(&tree);
            let url = CanonicalUrl::parse("http://www.x.gov.cn/a/").expect("a URL");
            read(&layout, &Resolver::new(&layout, &url, encoding_rs::UTF_8), "gb18030", source)
        };
        for source in [
            "<input type=search>",
            "<form action=/jsearch/>",
            "<a href=/s>站内搜索</a>",
            "<input placeholder=请输入搜索内容>",
            "<div class=SearchBox>",
        ] {
            assert!(of(source).seen.is_some(), "{source}");
        }
        let scripted = of("<script>document.write(searchHtml)</script><p>x");
        assert!(scripted.seen.is_none() && scripted.mentioned);
        assert!(!of("<p>研究</p><a href=/a>新闻</a>").mentioned);
        let form = |inside: &str| of(&format!("<form action=/search.jsp>{inside}</form>")).form;
        let plain = form("<input name=q><input type=hidden name=site value=1><select name=s><option value=a>一<option value=b selected>二</select>\
            <input type=submit value=搜索>").expect("a form");
        assert_eq!(plain.ask("安全 a").expect("a URL").as_str(), "http://www.x.gov.cn/search.jsp?site=1&s=b&q=%B0%B2%C8%AB+a");
        assert_eq!(form("<input name=q><input name=w>"), None, "two fields");
        assert_eq!(form("<input name=q><input type=button onclick='go()'>"), None, "sent by script");
        assert_eq!(of("<form action=/search method=post><input name=q></form>").form, None);
        assert_eq!(of("<form action=/search onsubmit='return go()'><input name=q></form>").form, None);
        assert_eq!(of("<form action=/login><input name=user><input type=password name=p></form>").form, None);
    }
}
