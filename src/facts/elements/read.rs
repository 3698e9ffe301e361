//! Reads the elements of a page from its lines and its cells.

use super::vocabulary::{LONGEST, exactly, heading, hinted, shown};
use super::{Element, Elements, Labelled, Shape};
use crate::facts::breadcrumb::begins_trail;
use crate::facts::layout::{Layout, Line};
use crate::facts::links::Region;
use crate::facts::tree::{Id, NONE};
use crate::text::{fold, is_blank, shorten};
use regex::Regex;
use std::sync::LazyLock;

/// Most labels kept.
const MAX_LABELS: usize = 80;
/// Longest line that can be a heading.
const MAX_HEADING: usize = 24;
/// Longest line that can be a title.
const MAX_TITLE: usize = 50;
/// Most colons of a page looked at for a label before them.
const MAX_COLONS: usize = 4_000;
/// Most characters looked through for words and forms.
const MAX_TEXT: usize = 60_000;

/// Labels of other things that may follow an empty value on its line.
const AFTER: [&str; 12] = [
    "邮编:",
    "邮政编码:",
    "备注:",
    "联系人:",
    "监督电话:",
    "投诉电话:",
    "投诉:",
    "监督:",
    "乘车路线:",
    "责任编辑:",
    "来源:",
    "发布时间:",
];

static NUMBERING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[(（【\[]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[①-⑳])[)）】\]]?\s*[、.．:：]?\s*|第[一二三四五六七八九十]{1,3}[章节条部分]{1,2}\s*|[●■◆★▪•·▶]\s*)").ok()
});

/// Elements of the main region, tabs that are folded away included.
pub(in crate::facts) fn read(layout: &Layout<'_>) -> Elements {
    let lines: Vec<&Line> = layout
        .lines
        .iter()
        .filter(|l| {
            layout.region(l.node) == Region::Main && l.hidden.is_none_or(|h| matches!(h, "display-none" | "hidden-attribute"))
        })
        .take(6_000)
        .collect();
    let mut elements = Elements::default();
    let marks = Marks::of(layout);
    let mut colons = MAX_COLONS;
    for (at, line) in lines.iter().enumerate() {
        if elements.labelled.len() >= MAX_LABELS {
            break;
        }
        if line.text.len() > 6_000 || line.linked as usize * 2 > line.text.chars().count() {
            continue;
        }
        let found = headed(layout, &lines, at, &marks);
        if found.is_empty() {
            in_line(line, layout, &mut colons, &mut elements.labelled)
        } else {
            elements.labelled.extend(found)
        }
    }
    elements.labelled.truncate(MAX_LABELS);
    let mut text = String::new();
    // The names of columns in the trail are no hint at what the page says: 信息公开平台 is no way to apply.
    let own =
        |l: &&&Line| l.linked as usize * 2 <= l.text.chars().count() && !is_title_of_guide(&l.text) && !begins_trail(&l.text);
    for line in lines.iter().filter(own) {
        if text.len() > MAX_TEXT {
            break;
        }
        text.push_str(&line.text);
        text.push('\n');
    }
    let hints = hinted(&text);
    for element in Element::ALL {
        if shown(element, &text) {
            elements.shown.insert(element);
        } else if hints.contains(&element) {
            elements.hinted.insert(element);
        }
    }
    elements
}

/// 开具无犯罪记录证明办事指南: what it names is the item, and says nothing of the papers it takes.
fn is_title_of_guide(line: &str) -> bool {
    let line = line.trim();
    line.ends_with("指南") && line.chars().count() <= MAX_TITLE
}

/// Pictures and ways on of the main region, by their place in the document.
struct Marks {
    pictures: Vec<u32>,
    links: Vec<u32>,
}

impl Marks {
    fn of(layout: &Layout<'_>) -> Marks {
        let tree = layout.tree;
        let mut marks = Marks { pictures: Vec::new(), links: Vec::new() };
        for id in tree.descendants(layout.body) {
            if !matches!(
                tree.name(id),
                "img" | "iframe" | "embed" | "object" | "video" | "a" | "canvas" | "input" | "select" | "textarea"
            ) || layout.region(id) != Region::Main
            {
                continue;
            }
            let order = layout.order(id);
            if tree.name(id) == "a" {
                if tree.attr(id, "href").is_some() {
                    marks.links.push(order);
                }
            } else if matches!(tree.name(id), "input" | "select" | "textarea") {
                // A field to fill in is no empty value.
                marks.links.push(order);
            } else {
                marks.pictures.push(order);
            }
        }
        marks
    }

    /// What stands between two places.
    fn between(&self, from: u32, to: u32) -> Shape {
        let any = |all: &[u32]| {
            let first = all.partition_point(|o| *o <= from);
            all.get(first).is_some_and(|o| *o < to)
        };
        if any(&self.pictures) {
            Shape::Picture
        } else if any(&self.links) {
            Shape::Link
        } else {
            Shape::Empty
        }
    }
}

/// A line without numbering, brackets and a closing colon; was it numbered, did it have a colon?
fn bare(text: &str) -> (String, bool) {
    let without = NUMBERING.as_ref().map_or_else(|| text.into(), |p| p.replace(text, ""));
    let numbered = without.len() != text.len();
    let folded = fold(&without);
    let folded = folded.trim_matches(['[', ']', '【', '】', '「', '」', '<', '>', '"', '“', '”']);
    let folded = folded.trim_end_matches([':', '.', '。']);
    // 申请材料（一式两份）
    let end = folded.find(['(', '（']).filter(|at| *at > 0 && folded.ends_with([')', '）'])).unwrap_or(folded.len());
    (folded[..end].to_owned(), numbered)
}

/// A line that is nothing but a label, with the value beside, below or behind it.
fn headed(layout: &Layout<'_>, lines: &[&Line], at: usize, marks: &Marks) -> Vec<Labelled> {
    let line = lines[at];
    if line.text.chars().count() > MAX_HEADING {
        return Vec::new();
    }
    let (folded, numbered) = bare(&line.text);
    let found = heading(&folded);
    if found.is_empty() {
        return Vec::new();
    }
    let tree = layout.tree;
    let (value, shape) = match cell_value(layout, line.node) {
        Cell::Value(cell) => {
            let text = layout.text(cell, 800);
            let end = layout.order(cell) + tree.descendants(cell).take(400).count() as u32;
            let shape = if text.is_empty() { marks.between(layout.order(cell), end) } else { Shape::Text };
            (text, shape)
        }
        Cell::Heading => return Vec::new(),
        Cell::None => below(layout, lines, at, numbered, marks),
    };
    let source = tree.element(line.node).map(|e| e.line);
    let labelled =
        |element| Labelled { element, label: shorten(&line.text, MAX_HEADING), value: shorten(&value, 120), shape, line: source };
    found.into_iter().map(labelled).collect()
}

enum Cell {
    /// The cell that holds the value.
    Value(Id),
    /// A heading of a column without rows, or one heading of many rows: no single value.
    Heading,
    /// No cell.
    None,
}

/// The cell beside a label, or below it where the labels stand in a row.
fn cell_value(layout: &Layout<'_>, node: Id) -> Cell {
    let tree = layout.tree;
    let Some(cell) =
        std::iter::once(node).chain(tree.ancestors(node).take(2)).find(|id| matches!(tree.name(*id), "td" | "th" | "dt"))
    else {
        return Cell::None;
    };
    if layout.weight(cell).text > 2 * MAX_HEADING as u32 {
        return Cell::None;
    }
    let is_label = |id: Id| {
        let text = layout.text(id, 200);
        text.chars().count() <= MAX_HEADING && !heading(&bare(&text).0).is_empty()
    };
    let next = tree.next_element(cell);
    let previous = tree.previous_element(cell);
    let in_row =
        tree.name(cell) != "dt" && ((next != NONE && is_label(next)) || (next == NONE && previous != NONE && is_label(previous)));
    if !in_row {
        return if next == NONE { Cell::None } else { Cell::Value(next) };
    }
    // A row of labels: the value stands below.
    let row = tree.parent(cell);
    let mut place = 0;
    let mut before = tree.previous_element(cell);
    while before != NONE && place < 64 {
        place += 1;
        before = tree.previous_element(before);
    }
    let mut below = tree.next_element(row);
    if below == NONE && tree.name(tree.parent(row)) == "thead" {
        let body = tree.next_element(tree.parent(row));
        below = tree.descendants(body).take(40).find(|n| tree.name(*n) == "tr").unwrap_or(NONE);
    }
    if below == NONE || tree.name(below) != "tr" {
        return Cell::Heading;
    }
    let mut value = tree.first(below);
    while value != NONE && tree.element(value).is_none() {
        value = tree.next(value);
    }
    for _ in 0..place {
        value = if value == NONE { NONE } else { tree.next_element(value) };
    }
    if value == NONE { Cell::Heading } else { Cell::Value(value) }
}

/// The lines below a heading up to the next one.
fn below(layout: &Layout<'_>, lines: &[&Line], at: usize, numbered: bool, marks: &Marks) -> (String, Shape) {
    let mut value = String::new();
    let mut until = u32::MAX;
    for line in lines.iter().skip(at + 1).take(60) {
        let short = line.text.chars().count() <= MAX_HEADING;
        if short {
            let (folded, own_number) = bare(&line.text);
            if !heading(&folded).is_empty() || (numbered && own_number && is_chapter(&line.text)) {
                until = layout.order(line.node);
                break;
            }
        }
        if starts_with_label(&line.text) && value.is_empty() && !numbered {
            // 单位：甲 under a title of a box: the next label ends an empty one.
            until = layout.order(line.node);
            break;
        }
        value.push_str(&line.text);
        if value.len() > 400 {
            break;
        }
    }
    if value.trim().is_empty() {
        (String::new(), marks.between(layout.order(lines[at].node), until))
    } else {
        (value, Shape::Text)
    }
}

fn is_chapter(text: &str) -> bool {
    let text = text.trim_start();
    ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"].iter().any(|n| text.starts_with(n)) && text.contains('、')
}

fn starts_with_label(text: &str) -> bool {
    let Some(colon) = text.find([':', '：']) else { return false };
    let label = fold(&text[..colon]);
    label.chars().count() <= *LONGEST && !exactly(&label).is_empty()
}

/// Labels before a colon within a line: 地址：甲路1号 电话：123.
fn in_line(line: &Line, layout: &Layout<'_>, budget: &mut usize, out: &mut Vec<Labelled>) {
    let chars: Vec<char> = line.text.chars().collect();
    // (start of the label, behind the colon, elements)
    let mut found: Vec<(usize, usize, &'static [Element])> = Vec::new();
    for (colon, _) in chars.iter().enumerate().filter(|(_, c)| matches!(c, ':' | '：' | '︰')) {
        if *budget == 0 {
            break;
        }
        *budget -= 1;
        if let Some((start, elements)) = label_before(&chars, colon) {
            found.push((start, colon + 1, elements));
        }
        if found.len() >= 20 {
            break;
        }
    }
    let source = layout.tree.element(line.node).map(|e| e.line);
    for (n, (start, from, elements)) in found.iter().enumerate() {
        let last = n + 1 == found.len();
        let until = found.get(n + 1).map_or(chars.len(), |next| next.0).max(*from);
        let value: String = chars[*from..until].iter().collect();
        let value = value
            .trim_matches(|c: char| is_blank(c) || matches!(c, '，' | '。' | '；' | '、' | ',' | ';' | '|' | '_'))
            .to_owned();
        let value = if AFTER.iter().any(|label| fold(&value).starts_with(label)) { String::new() } else { value };
        // A label at the end of its line has its value in the next block, or nowhere: the lines below tell.
        if value.is_empty() && last {
            let next = next_text(layout, line);
            push(out, elements, &chars[*start..*from], next.as_deref().unwrap_or_default(), next.is_none(), source);
        } else {
            push(out, elements, &chars[*start..*from], &value, value.is_empty(), source);
        }
    }
}

/// Text of the next block beside a line, when it is no label itself.
fn next_text(layout: &Layout<'_>, line: &Line) -> Option<String> {
    let sibling = layout.tree.next_element(line.node);
    let inside = layout
        .tree
        .descendants(line.node)
        .take(60)
        .any(|n| matches!(layout.tree.name(n), "img" | "input" | "select" | "textarea"));
    if inside {
        return Some("…".to_owned());
    }
    if sibling == NONE {
        return None;
    }
    let text = layout.text(sibling, 400);
    (!text.is_empty() && !starts_with_label(&text) && heading(&bare(&text).0).is_empty()).then_some(text)
}

fn push(out: &mut Vec<Labelled>, elements: &[Element], label: &[char], value: &str, empty: bool, line: Option<u32>) {
    for element in elements {
        out.push(Labelled {
            element: *element,
            label: label.iter().collect::<String>().trim_end_matches([':', '：', '︰']).trim().to_owned(),
            value: shorten(value, 120),
            shape: if empty { Shape::Empty } else { Shape::Text },
            line,
        });
    }
}

/// The longest label that ends just before a colon, blanks inside allowed, and begins at a boundary.
fn label_before(chars: &[char], colon: usize) -> Option<(usize, &'static [Element])> {
    let mut folded = String::new();
    let mut best = None;
    let mut at = colon;
    while at > 0 && folded.chars().count() < *LONGEST {
        at -= 1;
        let c = chars[at];
        if is_blank(c) {
            continue;
        }
        if !(c.is_alphabetic() || c == '-') {
            break;
        }
        folded.insert_str(0, &fold(c.encode_utf8(&mut [0; 4])));
        let boundary = at == 0 || !chars[at - 1].is_alphanumeric();
        if boundary && !exactly(&folded).is_empty() {
            best = Some((at, exactly(&folded)));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::Standing;
    use super::*;
    use crate::facts::tree::Tree;

    fn elements(source: &str) -> Elements {
        let tree = Tree::parse(source);
        read(&Layout::of(&tree))
    }

    fn standing(source: &str, element: Element) -> Standing {
        elements(source).standing(element)
    }

    #[test]
    fn labels_in_cells_headings_terms_and_lines() {
        for source in [
            "<table><tr><td>设定依据</td><td>某法第三条</td></tr><tr><td>备注</td><td>x</td></tr></table>",
            "<table><tr><th>事项名称</th><th>设定依据</th></tr><tr><td>甲</td><td>某法第三条</td></tr></table>",
            "<table><thead><tr><th>事项名称</th><th>设定依据</th></tr></thead><tbody><tr><td>甲</td><td>某法第三条</td></tr></tbody></table>",
            "<p>一、设定依据</p><p>某法第三条</p><p>二、其他</p>",
            "<dl><dt>设 定 依 据：</dt><dd>某法第三条</dd></dl>",
            "<p>设定依据：某法第三条　收费标准：不收费</p>",
            "<div style='display:none'><h3>设定依据</h3><p>某法第三条</p></div>",
        ] {
            let all = elements(source);
            assert_eq!(all.standing(Element::Basis), Standing::Shown, "{source} {all:?}");
            assert!(all.label(Element::Basis).unwrap().value.contains("某法第三条"), "{source} {all:?}");
        }
    }

    #[test]
    fn empty_is_not_absent_and_pictures_are_neither() {
        let table = "<table><tr><td>传真号码</td><td></td></tr><tr><td>电子邮箱</td><td>a@b.gov.cn</td></tr></table>";
        assert_eq!(standing(table, Element::Fax), Standing::Empty);
        assert_eq!(standing(table, Element::Internet), Standing::Shown);
        assert_eq!(standing(table, Element::Materials), Standing::Absent);
        assert_eq!(
            standing("<h3>办理流程</h3><p><img src=a.png></p><h3>收费标准</h3><p>不收费</p>", Element::Process),
            Standing::Elsewhere
        );
        assert_eq!(standing("<h3>一、办理材料</h3><h3>二、收费标准</h3><p>不收费</p>", Element::Materials), Standing::Empty);
        assert_eq!(standing("<p>传真：　邮编：516600</p>", Element::Fax), Standing::Empty);
        assert_eq!(standing("<p>请携带身份证到窗口办理</p>", Element::Materials), Standing::Hinted);
        // Neither are the names of columns in the trail.
        assert_eq!(
            standing("<p>您的位置：首页 > 信息公开平台 > 依申请公开</p><p>向本机关申请。</p>", Element::Internet),
            Standing::Absent
        );
        // The title of a guide is no hint at what it leaves out.
        assert_eq!(standing("<h1>开具业务证明办事指南</h1><p>受理条件：本人</p>", Element::Materials), Standing::Absent);
        // A form to fill in holds labels and fields.
        assert_eq!(standing("<p>传真：<input name=f></p>", Element::Fax), Standing::Elsewhere);
    }

    #[test]
    fn values_are_read_as_they_stand() {
        let all = elements(
            "<p>机构名称：某局办公室 办公地址：某市大道10号 办公时间：工作日9:00—12:00 联系电话：0500-5553000 传 真：0500-5553001</p>",
        );
        let of = |e| all.label(e).map(|l| l.value.clone()).unwrap_or_default();
        assert_eq!(of(Element::BodyName), "某局办公室");
        assert_eq!(of(Element::Hours), "工作日9:00—12:00");
        assert_eq!(of(Element::Fax), "0500-5553001");
    }
}
