//! Finds the forms of a page: form elements, and controls that stand without one because a script sends them.

use super::{Control, Form, is_line};
use crate::facts::layout::{Layout, is_block};
use crate::facts::links::Resolver;
use crate::facts::tree::{Element, Id, Kind, NONE};
use crate::text::{shorten, squeeze};
use std::collections::{BTreeMap, BTreeSet};

/// Most forms kept of one page.
const MAX_FORMS: usize = 50;
/// Most controls kept of one form.
const MAX_CONTROLS: usize = 60;
/// Longest label.
const MAX_LABEL: usize = 60;

/// Every form, in document order; those without a form element behind the others.
pub(in crate::facts) fn collect(layout: &Layout<'_>, resolver: &Resolver) -> Vec<Form> {
    let tree = layout.tree;
    let mut forms = Vec::new();
    let mut orphans = Vec::new();
    let mut held: BTreeSet<Id> = BTreeSet::new();
    let mut heading = String::new();
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    let mut holders: Vec<(Id, Id, String)> = Vec::new();
    let mut at = layout.body;
    while at != NONE {
        let Some(element) = tree.element(at) else {
            at = tree.following(at, layout.body);
            continue;
        };
        match element.name() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "legend" | "caption" => heading = shorten(&layout.text(at, 240), 60),
            "label" if labels.len() < 2_000 => {
                if let Some(of) = element.attr("for") {
                    labels.insert(of.to_owned(), shorten(&layout.text(at, 240), MAX_LABEL));
                }
            }
            "form" if holders.len() < MAX_FORMS => holders.push((at, holder_of(layout, at), heading.clone())),
            "input" | "textarea" | "select" if orphans.len() < 600 => orphans.push((at, heading.clone())),
            _ => {}
        }
        at = tree.following(at, layout.body);
    }
    for (form, holder, heading) in holders {
        let Some(element) = tree.element(form) else { continue };
        let controls = controls(layout, holder, &labels, &mut held);
        let action = element.attr("action").map(str::trim).filter(|a| !a.is_empty()).and_then(|a| resolver.resolve(a));
        let post = element.attr("method").is_some_and(|m| m.trim().eq_ignore_ascii_case("post"));
        forms.push(form_of(layout, form, holder, &heading, action, if post { "post" } else { "get" }, controls));
    }
    for (control, heading) in orphans {
        if held.contains(&control) || forms.len() >= MAX_FORMS || !starts_a_form(tree.element(control)) {
            continue;
        }
        let holder = box_of(layout, control);
        let controls = controls(layout, holder, &labels, &mut held);
        forms.push(form_of(layout, control, holder, &heading, None, "script", controls));
    }
    forms
}

fn form_of(
    layout: &Layout<'_>,
    id: Id,
    holder: Id,
    heading: &str,
    action: Option<crate::url::CanonicalUrl>,
    method: &str,
    controls: Vec<Control>,
) -> Form {
    Form {
        action,
        method: method.to_owned(),
        controls,
        text: shorten(&squeeze(&format!("{heading} {}", layout.text(holder, 1_600))), 400),
        region: layout.region(id),
        hidden: layout.hidden(id).map(str::to_owned),
        selector: layout.selector(id),
        line: layout.tree.element(id).map(|e| e.line),
    }
}

/// A form between a table and its rows is parsed as an empty element: its controls stand in its parent.
fn holder_of(layout: &Layout<'_>, form: Id) -> Id {
    let tree = layout.tree;
    let parent = tree.parent(form);
    let empty = tree.first(form) == NONE && matches!(tree.name(parent), "table" | "tbody" | "tr" | "thead");
    if empty { parent } else { form }
}

/// A control without a form element that begins something: a search box, or a text to write.
fn starts_a_form(element: Option<&Element>) -> bool {
    let Some(element) = element else { return false };
    if element.name() == "textarea" {
        return true;
    }
    if element.name() != "input" || !is_line(&kind_of(element)) {
        return false;
    }
    let said: String = ["id", "class", "name", "placeholder", "value", "title", "onkeydown", "onfocus"]
        .iter()
        .filter_map(|a| element.attr(a))
        .flat_map(|v| v.chars().take(200).chain([' ']))
        .flat_map(char::to_lowercase)
        .collect();
    element.attr("type").is_some_and(|t| t.eq_ignore_ascii_case("search"))
        || ["search", "sousuo", "keyword", "搜索", "检索", "关键字", "关键词"].iter().any(|w| said.contains(w))
}

/// The box that a control without a form stands in: the smallest block above it that holds another control, not far up.
fn box_of(layout: &Layout<'_>, control: Id) -> Id {
    const FAR: usize = 6;
    let tree = layout.tree;
    let mut found = tree.parent(control);
    let write = tree.name(control) == "textarea";
    for above in tree.ancestors(control).take(FAR) {
        if above == layout.body || layout.weight(above).text > 1_500 {
            break;
        }
        if !is_block(tree.name(above)) {
            continue;
        }
        found = above;
        let controls = tree
            .descendants(above)
            .take(400)
            .filter(|n| matches!(tree.name(*n), "input" | "textarea" | "select" | "button"))
            .take(4)
            .count();
        if controls >= if write { 4 } else { 2 } {
            break;
        }
    }
    if found == NONE { layout.body } else { found }
}

fn kind_of(element: &Element) -> String {
    match element.name() {
        "input" => element
            .attr("type")
            .map(|t| t.trim().to_ascii_lowercase())
            .filter(|t| !t.is_empty())
            .unwrap_or_else(|| "text".to_owned()),
        "button" => element.attr("type").map_or("submit".to_owned(), |t| t.trim().to_ascii_lowercase()),
        name => name.to_owned(),
    }
}

/// Controls of a subtree in order, with their labels; one pass.
fn controls(layout: &Layout<'_>, holder: Id, labels: &BTreeMap<String, String>, held: &mut BTreeSet<Id>) -> Vec<Control> {
    let tree = layout.tree;
    let mut found: Vec<Control> = Vec::new();
    // Text since the control before: what stands before a control names it.
    let mut before = String::new();
    for id in tree.descendants(holder).take(20_000) {
        match tree.kind(id) {
            Kind::Text(text) if before.len() < 240 && !text.trim().is_empty() => {
                let parent = tree.name(tree.parent(id));
                if !matches!(parent, "script" | "style" | "option" | "textarea") {
                    before.push_str(text);
                    before.push(' ');
                }
            }
            Kind::Element(element) if matches!(element.name(), "input" | "textarea" | "select" | "button") => {
                held.insert(id);
                if found.len() >= MAX_CONTROLS {
                    continue;
                }
                let kind = kind_of(element);
                let own = |name: &str| element.attr(name).map(squeeze).filter(|v| !v.is_empty());
                let named = || own("id").and_then(|id| labels.get(&id).cloned()).filter(|l| !l.is_empty());
                let hint = || own("value").filter(|_| is_line(&kind) || matches!(kind.as_str(), "submit" | "button"));
                let inside = || Some(layout.text(id, 240)).filter(|t| element.name() == "button" && !t.is_empty());
                let ahead = || Some(squeeze(&before)).filter(|t| !t.is_empty());
                let label = named()
                    .or_else(|| own("aria-label"))
                    .or_else(|| own("title"))
                    .or_else(|| own("placeholder"))
                    .or_else(inside)
                    .or_else(hint)
                    .or_else(|| own("alt"))
                    .or_else(ahead)
                    .unwrap_or_default();
                let name = own("name").or_else(|| own("id")).unwrap_or_default();
                found.push(Control { name: shorten(&name, 80), kind: shorten(&kind, 20), label: shorten(&label, MAX_LABEL) });
                before.clear();
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::Purpose;
    use super::*;
    use crate::facts::tree::Tree;
    use crate::url::CanonicalUrl;

    fn read(source: &str) -> Vec<Form> {
        let tree = Tree::parse(source);
        let layout = Layout::of(&tree);
        let url = CanonicalUrl::parse("http://www.a.gov.cn/x/").unwrap();
        let resolver = Resolver::new(&layout, &url, encoding_rs::UTF_8);
        collect(&layout, &resolver)
    }

    fn purposes(source: &str) -> Vec<Purpose> {
        read(source).iter().map(Form::purpose).collect()
    }

    #[test]
    fn search_boxes_with_and_without_a_form() {
        assert_eq!(
            purposes("<form action='/s' method=get><input name=q><input type=submit value=搜索></form>"),
            [Purpose::Search]
        );
        let bare = "<div class=top><input id=qt class=search-text value='请输入关键字'><a onclick='go()'>搜</a></div>";
        assert_eq!(purposes(bare), [Purpose::Search]);
        assert_eq!(read(bare)[0].method, "script");
        // A field of a calculator is no search box.
        assert_eq!(purposes("<div><input name=amount></div>"), []);
        assert_eq!(purposes("<form><input name=user><input type=password name=p></form>"), [Purpose::Login]);
    }

    #[test]
    fn letters_and_requests() {
        let letter = "<h2>局长信箱</h2><form method=POST action=save.jsp><label for=t>信件标题</label><input id=t name=title>\
            姓名：<input name=n><textarea name=c></textarea><input type=submit></form>";
        assert_eq!(purposes(letter), [Purpose::Message]);
        let form = &read(letter)[0];
        assert_eq!((form.method.as_str(), form.action.as_ref().unwrap().path()), ("post", "/x/save.jsp"));
        assert_eq!(form.controls[0].label, "信件标题");
        assert_eq!(form.controls[1].label, "姓名：");
        let request = "<div><p>申请人姓名 <input name=a></p><p>证件号码 <input name=b></p><p>所需政府信息 <textarea name=c></textarea></p><button>提交申请</button></div>";
        assert_eq!(purposes(request), [Purpose::Request]);
    }

    #[test]
    fn a_form_between_table_and_rows_keeps_its_controls() {
        let forms = read(
            "<table><form action=a.jsp><tr><td>标题</td><td><input name=t></td></tr><tr><td>内容</td><td><textarea name=c></textarea></td></tr></form></table>",
        );
        assert_eq!((forms.len(), forms[0].controls.len()), (1, 2));
        assert_eq!(forms[0].controls[0].label, "标题");
    }

    #[test]
    fn many_controls_are_bounded() {
        let forms =
            read(&format!("<form>{}</form>{}", "<input name=a>".repeat(5_000), "<form><input name=q></form>".repeat(500)));
        assert!(forms.len() <= MAX_FORMS && forms.iter().all(|f| f.controls.len() <= MAX_CONTROLS));
    }
}
