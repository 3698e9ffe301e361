//! The block of labelled values above a document (regulations.md 5.2 labels, 5.4 shapes).

mod labels;

use super::layout::{Layout, Line, is_block};
use super::links::Region;
use super::tree::{Id, NONE};
use crate::text::shorten;
use labels::Label;
use serde::{Deserialize, Serialize};

/// Canonical name of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// 索引号
    IndexNumber,
    /// 名称, 标题
    Title,
    /// 文号, 发文字号
    DocumentNumber,
    /// 统一编号
    UnifiedNumber,
    /// 发布机构, 发文机关
    IssuingBody,
    /// 主题分类, 分类
    Topic,
    /// 成文日期, 生成日期, 发文日期
    WrittenDate,
    /// 发布日期
    PublishDate,
    /// 有效性
    Validity,
    /// 关键词, 主题词
    Keywords,
    /// 公开范围, 公开方式
    DisclosureScope,
    /// 实施日期, 生效日期
    EffectiveDate,
    /// 废止日期, 失效日期
    RepealDate,
    /// 来源
    Source,
}

/// One label with its value as found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelledValue {
    /// Canonical name.
    pub field: Field,
    /// Label as written, squeezed, without the colon: 发文日期 is ambiguous and stays visible.
    pub label: String,
    /// Value, squeezed; empty when the label stands there with nothing.
    pub value: String,
}

/// The labelled values of a page in document order. Present labels with empty values are kept: absent and empty differ.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MetadataHeader {
    /// In document order; the first of a field counts.
    pub values: Vec<LabelledValue>,
    /// Is this a real header block (at least two labels of a document together), not a lone 来源 or 发布时间 line?
    pub block: bool,
}

impl MetadataHeader {
    /// First entry of a field, empty or not.
    pub fn entry(&self, field: Field) -> Option<&LabelledValue> {
        self.values.iter().find(|v| v.field == field)
    }

    /// First non-empty value of a field; the word 无 and dashes count as empty.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.values
            .iter()
            .filter(|v| v.field == field)
            .map(|v| v.value.as_str())
            .find(|v| !v.is_empty() && !matches!(*v, "无" | "無" | "-" | "--" | "—" | "——" | "/"))
    }
}

/// Fields that only documents have. Two of them together make a header block.
fn is_document_field(field: Field) -> bool {
    !matches!(field, Field::Source | Field::PublishDate | Field::Title | Field::Keywords)
}

/// Lines between two labels of one block, at most.
const BLOCK_GAP: usize = 8;

/// Longest value kept, in characters.
const MAX_VALUE: usize = 300;

struct Entry {
    line: usize,
    value: LabelledValue,
}

/// Reads the labelled values. `in_list` tells of a block element whether it stands in a list of records, where labels belong to
/// the rows; `content` is the container of the text: what comes after its beginning is text.
pub(super) fn read(layout: &Layout<'_>, content: Option<Id>, in_list: &dyn Fn(Id) -> bool) -> MetadataHeader {
    let mut entries: Vec<Entry> = Vec::new();
    let start = content.map(|c| layout.order(c));
    let mut text_lines = 0;
    for (number, line) in layout.lines.iter().enumerate() {
        if line.hidden.is_some() || layout.region(line.node) == Region::Footer {
            continue;
        }
        if start.is_some_and(|s| layout.order(line.node) >= s) {
            text_lines += 1;
        }
        // Deep in the text labels are words of the text.
        if text_lines > 60 || number > 1_500 {
            break;
        }
        if line.text.len() > 3_000 {
            continue;
        }
        if let Some(value) = led_by_label(layout, line) {
            if !in_list(line.node) {
                entries.push(Entry { line: number, value });
            }
            continue;
        }
        let labels = labels::find(&line.text);
        if labels.is_empty() || in_list(line.node) {
            continue;
        }
        read_line(layout, number, line, &labels, &mut entries);
    }
    assemble(entries)
}

/// `<li><strong>索引号</strong><span>…</span></li>`: label and value are elements of one block, with nothing between them.
fn led_by_label(layout: &Layout<'_>, line: &Line) -> Option<LabelledValue> {
    let tree = layout.tree;
    let mut first = tree.first(line.node);
    while first != NONE && tree.element(first).is_none() && layout.text(first, 20).trim().is_empty() {
        first = tree.next(first);
    }
    if first == NONE || tree.element(first).is_none() || is_block(tree.name(first)) {
        return None;
    }
    // A block behind it is a line of its own: the label fills its line.
    let holder = tree.next_element(first);
    if holder == NONE || is_block(tree.name(holder)) {
        return None;
    }
    let label = layout.text(first, 60);
    let found = labels::find(&label);
    let [only] = found.as_slice() else { return None };
    let field = only.field.filter(|_| is_label_only(&label))?;
    let value = clean(line.text.strip_prefix(label.as_str())?);
    let value = if field == Field::Source { clean_source(&value) } else { value };
    // Another label behind it: a line of several, read by its words.
    if !labels::find(&value).is_empty() {
        return None;
    }
    Some(LabelledValue { field, label: only.text.clone(), value: shorten(&value, MAX_VALUE) })
}

fn read_line(layout: &Layout<'_>, number: usize, line: &Line, labels: &[Label], entries: &mut Vec<Entry>) {
    let length = line.text.chars().count();
    let slice = |from: usize, to: usize| -> String { line.text.chars().skip(from).take(to.saturating_sub(from)).collect() };
    let bare = labels.iter().filter(|l| !l.colon && l.field.is_some_and(is_document_field)).count();
    for (n, label) in labels.iter().enumerate() {
        let Some(field) = label.field else { continue };
        let until = labels.get(n + 1).map_or(length, |next| next.start);
        let mut value = clean(&slice(label.end, until));
        let alone = label.start <= 1 && fills(&line.text, label.end);
        if alone {
            // The label fills its line: the value stands in the next cell or block.
            match beside(layout, number, line.node) {
                Beside::Value(text) => value = clean(&text),
                Beside::Nothing if label.colon || is_cell(layout, line.node) => value.clear(),
                Beside::Nothing | Beside::Heading | Beside::Control => continue,
            }
        } else if !label.colon {
            // Without a colon a label is a word, unless labels follow one another as in a stripped table.
            let leads = label.start == 0 && field == Field::IndexNumber;
            if !(leads || bare >= 2 || (bare >= 1 && labels.iter().filter(|l| !l.colon).count() >= 2)) {
                continue;
            }
        }
        if matches!(label.text.as_str(), "时间" | "日期" | "時間")
            && crate::facts::dates::written::first(&value).is_none_or(|f| f.range.start > 0)
        {
            continue;
        }
        if field == Field::Source {
            value = clean_source(&value);
        }
        let value = shorten(&value, MAX_VALUE);
        entries.push(Entry { line: number, value: LabelledValue { field, label: label.text.clone(), value } });
    }
}

enum Beside {
    Value(String),
    Nothing,
    /// The next cell is a label too: these are the headings of a table.
    Heading,
    /// A field to fill in.
    Control,
}

fn is_cell(layout: &Layout<'_>, node: Id) -> bool {
    matches!(layout.tree.name(node), "td" | "th" | "dt")
}

fn is_label_only(text: &str) -> bool {
    let labels = labels::find(text);
    labels.len() == 1 && labels[0].start <= 1 && fills(text, labels[0].end)
}

/// Does a label that ends there fill its text? A bracket may follow, a value of one character (有效性：是) is none.
fn fills(text: &str, end: usize) -> bool {
    let mut behind = text.chars().skip(end);
    behind.next().is_none_or(|c| !c.is_alphanumeric()) && behind.next().is_none()
}

/// What stands beside a block that holds nothing but a label.
fn beside(layout: &Layout<'_>, number: usize, node: Id) -> Beside {
    let tree = layout.tree;
    // The value may stand in a block inside the label's own, or behind a line break.
    if let Some(next) = layout.lines.get(number + 1)
        && layout.holds(node, next.node)
        && next.hidden.is_none()
        && labels::find(&next.text).first().is_none_or(|l| l.start > 0)
    {
        return Beside::Value(next.text.clone());
    }
    let is_control = |id: Id| {
        tree.descendants(id).take(30).any(|n| {
            matches!(tree.name(n), "select" | "textarea")
                || (tree.name(n) == "input" && !matches!(tree.attr(n, "type"), Some("hidden")))
        })
    };
    if is_control(node) {
        return Beside::Control;
    }
    let cell = matches!(tree.name(node), "td" | "th");
    if cell {
        let previous = tree.previous_element(node);
        if previous != NONE && is_label_only(&layout.text(previous, 200)) && layout.text(previous, 200).chars().count() > 1 {
            return Beside::Heading;
        }
    }
    let mut sibling = tree.next_element(node);
    if sibling == NONE && !cell {
        // One wrapper around the label.
        let parent = tree.parent(node);
        if parent != NONE && parent != layout.body && layout.weight(parent).text == layout.weight(node).text {
            sibling = tree.next_element(parent);
        }
    }
    if sibling == NONE {
        return Beside::Nothing;
    }
    if is_control(sibling) {
        return Beside::Control;
    }
    let text = layout.text(sibling, 1_200);
    if cell && is_label_only(&text) {
        return Beside::Heading;
    }
    if text.chars().count() > MAX_VALUE || labels::find(&text).first().is_some_and(|l| l.start == 0 && l.field.is_some()) {
        return Beside::Nothing;
    }
    Beside::Value(text)
}

/// Separators and brackets at the ends of a value.
fn clean(value: &str) -> String {
    let value = value.trim().trim_start_matches([':', '：', '|', '｜', ']', '】']).trim();
    value.trim_end_matches(['|', '｜', '[', '【', '　', ' ', '；', ';']).trim().to_owned()
}

/// A source as a name: without what follows it on the same line, without `（…供稿）`.
fn clean_source(value: &str) -> String {
    let mut value = value.trim();
    let found = crate::facts::dates::written::first(value);
    if let Some(found) = found {
        value = value[..found.range.start].trim();
    }
    for stop in ["【", "[", "分享", "打印", "字体", "浏览", "点击", "责任编辑"] {
        if let Some(at) = value.find(stop).filter(|at| *at > 0) {
            value = value[..at].trim();
        }
    }
    for (open, close) in [("（", "）"), ("(", ")")] {
        if let Some(inner) = value.strip_prefix(open).and_then(|v| v.strip_suffix(close)) {
            value = inner.strip_suffix("供稿").unwrap_or(inner);
        }
    }
    let value = value.trim_matches(['|', ' ', '　', '【', '[']);
    if matches!(value, "【" | "】" | "[" | "]") { String::new() } else { value.to_owned() }
}

/// Decides which entries are the header's.
fn assemble(mut entries: Vec<Entry>) -> MetadataHeader {
    // The same label again and again: records of a list, not the header of this page.
    for field in [Field::IndexNumber, Field::DocumentNumber, Field::IssuingBody, Field::PublishDate, Field::WrittenDate] {
        if entries.iter().filter(|e| e.value.field == field).count() >= 4 {
            entries.retain(|e| {
                !is_document_field(e.value.field) && e.value.field != Field::PublishDate && e.value.field != Field::Title
            });
            break;
        }
    }
    // The first run of lines in which at least two different fields of documents stand.
    let mut block: Option<(usize, usize)> = None;
    for (n, entry) in entries.iter().enumerate().filter(|(_, e)| is_document_field(e.value.field)) {
        let close = |other: &Entry| other.line.abs_diff(entry.line) <= BLOCK_GAP && other.value.field != entry.value.field;
        if entries[n + 1..].iter().any(|o| is_document_field(o.value.field) && close(o)) {
            block = Some((entry.line, entry.line));
            break;
        }
    }
    if let Some((first, last)) = &mut block {
        for entry in &entries {
            if entry.line >= *first && entry.line <= *last + BLOCK_GAP {
                *last = entry.line;
            }
        }
        for entry in entries.iter().rev() {
            if entry.line <= *first && entry.line + BLOCK_GAP >= *first {
                *first = entry.line;
            }
        }
    }
    let inside = |entry: &Entry| block.is_some_and(|(first, last)| (first..=last).contains(&entry.line));
    let (lead, rest): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(|e| inside(e));
    let mut values: Vec<LabelledValue> = lead.iter().map(|e| e.value.clone()).collect();
    // Outside of the block only what a line above the text says; a name or a title there is a word of the text.
    values.extend(
        rest.iter()
            .filter(|e| {
                matches!(e.value.field, Field::Source | Field::PublishDate)
                    || (block.is_none() && is_document_field(e.value.field))
            })
            .map(|e| e.value.clone()),
    );
    // 发文日期 alone may mean either date: it counts for both, so that neither is called missing.
    let has = |field: Field, not: &str| values.iter().any(|v| v.field == field && v.label != not);
    if let Some(at) = values.iter().position(|v| v.label == "发文日期" || v.label == "發文日期")
        && !has(Field::PublishDate, "")
    {
        let both = LabelledValue { field: Field::PublishDate, ..values[at].clone() };
        values.insert(at + 1, both);
    }
    values.truncate(60);
    MetadataHeader { values, block: block.is_some() }
}
