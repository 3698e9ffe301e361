//! Weighs what speaks for a kind of document: the column it stands in, its title, its number and its labels.

use super::{DocumentKind, KindOfDocument, records};
use crate::facts::document::TextBlock;
use crate::facts::header::{Field, MetadataHeader};
use crate::facts::meta::MetaTag;
use crate::text::pattern::Pattern;
use crate::text::{fold, shorten};
use std::collections::HashSet;
use std::sync::LazyLock;

/// What the kind is read from.
pub(in crate::facts) struct Sources<'a> {
    /// Title as a reader sees it.
    pub(in crate::facts) title: &'a str,
    /// Names of the columns above, outermost first.
    pub(in crate::facts) path: Vec<&'a str>,
    /// Meta tags.
    pub(in crate::facts) meta: &'a [MetaTag],
    /// Labelled values.
    pub(in crate::facts) header: &'a MetadataHeader,
    /// 来源, where given.
    pub(in crate::facts) source: Option<&'a str>,
    /// Blocks of the main text: which labels they begin with.
    pub(in crate::facts) text: &'a [TextBlock],
}

/// 关于…的通知 and the other forms in which bodies issue documents.
static ISSUED: LazyLock<Option<Pattern>> = LazyLock::new(|| {
    Pattern::new(
        r"(?:关于.*(?:的|做好.*|开展.*)?(?:通知|意见|决定|通报|批复|复函|函|公告|通告|命令|办法|规定|细则|方案|规划|报告|答复|请示|纪要)|(?:办法|规定|细则|条例|规则|实施方案|管理制度|工作规程|命令|令))(?:[(（][^)）]{1,20}[)）])?$",
    )
});

/// 代字 with 规: the number series of normative documents (市规、府规、公规 …).
static NORMATIVE_NUMBER: LazyLock<Option<Pattern>> = LazyLock::new(|| Pattern::new(r"规(?:字|发|范|备)?[〔\[（(【﹝]"));

fn matches(pattern: &LazyLock<Option<Pattern>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(text))
}

/// The evidence, folded for comparison.
pub(super) struct Weighing<'a> {
    sources: &'a Sources<'a>,
    /// The title.
    pub(super) title: String,
    /// Names of the columns.
    pub(super) path: Vec<String>,
    /// Beginnings of the blocks of text, as far as a label may reach.
    labels: HashSet<String>,
}

/// Blocks of text looked at for labels, and the longest label.
const LABELLED_BLOCKS: usize = 400;
const LABEL: usize = 16;

impl Weighing<'_> {
    fn title_has(&self, words: &[&str]) -> Option<String> {
        words.iter().find(|w| self.title.contains(*w)).map(|w| format!("title: {w}"))
    }

    /// Those of the words that blocks of the text begin with, as labels: a colon or nothing follows, or the word is numbered.
    pub(super) fn labels_among(&self, words: &[&'static str]) -> Vec<&'static str> {
        words.iter().copied().filter(|word| self.labels.contains(*word)).collect()
    }

    /// The innermost column whose name holds one of the words.
    pub(super) fn path_has(&self, words: &[&str]) -> Option<String> {
        self.path.iter().rev().find(|p| words.iter().any(|w| p.contains(w))).map(|p| format!("column: {p}"))
    }

    fn value(&self, field: Field) -> Option<String> {
        self.sources.header.value(field).map(|v| format!("{}: {}", label(field), shorten(v, 60)))
    }

    fn issued(&self) -> Option<String> {
        matches(&ISSUED, &self.title).then(|| format!("title form: {}", shorten(self.sources.title, 60)))
    }
}

fn label(field: Field) -> &'static str {
    match field {
        Field::DocumentNumber => "number",
        Field::UnifiedNumber => "unified number",
        Field::Validity => "validity",
        Field::Topic => "topic",
        _ => "label",
    }
}

fn kind(kind: DocumentKind, sure: bool, evidence: impl IntoIterator<Item = Option<String>>) -> Option<KindOfDocument> {
    Some(KindOfDocument { kind, sure, evidence: evidence.into_iter().flatten().collect() })
}

/// The part of a block that may be a label: up to a colon, or all of a short one; without numbering and brackets.
fn label_of(text: &str) -> Option<String> {
    let head: String = text.chars().take(LABEL + 8).collect();
    let (head, ended) = match head.split_once([':', '：']) {
        Some((before, _)) => (before, true),
        None => (head.as_str(), text.chars().count() <= LABEL),
    };
    let folded = fold(head);
    let numbering = |c: char| "一二三四五六七八九十0123456789第条(（)）、.【】[]".contains(c);
    let plain = folded.trim_start_matches(numbering).trim_end_matches([')', '】', ']']);
    (ended && !plain.is_empty() && plain.chars().count() <= LABEL).then(|| plain.to_owned())
}

fn weighing<'a>(sources: &'a Sources<'a>) -> Weighing<'a> {
    let metas = ["ColumnName", "ColumnType"];
    let of_meta = metas.iter().filter_map(|n| sources.meta.iter().find(|m| m.name.eq_ignore_ascii_case(n)));
    let path =
        sources.path.iter().copied().chain(of_meta.map(|m| m.content.as_str())).map(fold).filter(|p| !p.is_empty()).collect();
    let blocks = sources.text.iter().filter(|b| b.hidden.is_none()).take(LABELLED_BLOCKS);
    Weighing { sources, title: fold(sources.title), path, labels: blocks.filter_map(|b| label_of(&b.text)).collect() }
}

/// The kind of an article.
pub(in crate::facts) fn read(sources: &Sources<'_>) -> KindOfDocument {
    let w = weighing(sources);
    let by_form = || {
        annual_report(&w)
            .or_else(|| solicitation(&w))
            .or_else(|| interpretation(&w))
            .or_else(|| normative(&w).filter(|k| k.sure))
            .or_else(|| reprint(&w))
    };
    let first = by_form();
    if let Some(first) = first.as_ref().filter(|k| k.sure) {
        return first.clone();
    }
    let record = records::read(&w, false).map(|(kind, sure, evidence)| KindOfDocument { kind, sure, evidence });
    if let Some(record) = record.as_ref().filter(|k| k.sure) {
        return record.clone();
    }
    let other = || normative(&w).or_else(|| announcement(&w)).or_else(|| document(&w)).or_else(|| news(&w));
    match (first, record, other()) {
        (Some(first), ..) => first,
        (None, Some(record), Some(other)) => {
            if other.sure {
                other
            } else {
                record
            }
        }
        (None, record, other) => other.or(record).unwrap_or_default(),
    }
}

/// The kind of a column that is a text of its own: functions, leaders, guides.
pub(in crate::facts) fn read_standing(sources: &Sources<'_>) -> KindOfDocument {
    let w = weighing(sources);
    records::read(&w, true).map(|(kind, sure, evidence)| KindOfDocument { kind, sure, evidence }).unwrap_or_default()
}

fn annual_report(w: &Weighing<'_>) -> Option<KindOfDocument> {
    let title = (w.title.contains("信息公开") || w.title.contains("政务公开"))
        && (w.title.contains("年度报告") || w.title.ends_with("年报"));
    let notice = w.title.contains("通知") || w.title.contains("解读");
    if !title || notice {
        return None;
    }
    let column = w.path_has(&["年报", "年度报告"]);
    kind(DocumentKind::AnnualReport, w.title.contains("20") || column.is_some(), [Some("title: 年度报告".to_owned()), column])
}

fn solicitation(w: &Weighing<'_>) -> Option<KindOfDocument> {
    const ASKS: [&str; 7] = ["征求意见", "征集意见", "意见征集", "公开征求", "征询意见", "意见建议的公告", "征求公众意见"];
    const RESULTS: [&str; 6] = ["采纳情况", "征集结果", "结果反馈", "意见反馈", "反馈情况", "征求意见情况"];
    let (asks, results) = (w.title_has(&ASKS), w.title_has(&RESULTS));
    let result_column = w.path_has(&["征集结果", "结果反馈", "意见反馈", "反馈结果"]);
    if results.is_some() || (result_column.is_some() && asks.is_some() && w.title.contains("结果")) {
        let sure = asks.is_some() || result_column.is_some() || w.title.contains("采纳情况");
        return kind(DocumentKind::SolicitationResult, sure, [results, asks, result_column]);
    }
    let column = w.path_has(&["意见征集", "征求意见", "民意征集", "征集调查"]);
    if result_column.is_some() && asks.is_none() {
        return kind(DocumentKind::SolicitationResult, false, [result_column]);
    }
    match (asks, column) {
        (Some(asks), column) => kind(DocumentKind::Solicitation, true, [Some(asks), column]),
        (None, Some(column)) => kind(DocumentKind::Solicitation, false, [Some(column)]),
        (None, None) => None,
    }
}

fn interpretation(w: &Weighing<'_>) -> Option<KindOfDocument> {
    let title = w.title_has(&["解读", "一图读懂", "图解", "一图看懂", "答记者问"]);
    let column = w.path_has(&["解读"]);
    let ends =
        w.title.ends_with("解读") || w.title.contains("政策解读") || w.title.contains("一图读懂") || w.title.contains("图解");
    (title.is_some() || column.is_some()).then(|| {
        let sure = (title.is_some() && column.is_some()) || ends;
        kind(DocumentKind::Interpretation, sure, [title, column]).unwrap_or_default()
    })
}

fn normative(w: &Weighing<'_>) -> Option<KindOfDocument> {
    let column = w
        .path
        .iter()
        .find(|p| {
            p.contains("规范性文件")
                && !["清理", "立改废", "废止", "解读", "目录", "备案", "草案", "征求", "意见", "审查", "制度", "和其他"]
                    .iter()
                    .any(|w| p.contains(w))
        })
        .map(|p| format!("column: {p}"));
    let (issued, number, unified) = (w.issued(), w.value(Field::DocumentNumber), w.value(Field::UnifiedNumber));
    let series = w
        .sources
        .header
        .value(Field::DocumentNumber)
        .filter(|n| matches(&NORMATIVE_NUMBER, n))
        .map(|n| format!("number series: {n}"));
    let (validity, topic) = (w.value(Field::Validity), w.value(Field::Topic));
    let elsewhere = w.path.iter().any(|p| ["其他文件", "其它文件", "部门文件", "一般文件"].iter().any(|o| p.contains(o)));
    let by_labels = issued.is_some() && number.is_some() && validity.is_some() && topic.is_some() && !elsewhere;
    let sure = (column.is_some() && issued.is_some()) || unified.is_some() || series.is_some();
    if !sure && column.is_none() && !by_labels {
        return None;
    }
    // Labels alone make it likely: plans and notices without general force carry the same ones.
    kind(DocumentKind::NormativeDocument, sure, [column, issued, number, unified, series, validity, topic])
}

fn reprint(w: &Weighing<'_>) -> Option<KindOfDocument> {
    const MEDIA: [&str; 14] = [
        "新华社",
        "新华网",
        "人民日报",
        "人民网",
        "央视",
        "中国政府网",
        "光明日报",
        "经济日报",
        "求是",
        "法治日报",
        "中国新闻网",
        "央广网",
        "日报",
        "晚报",
    ];
    let column = w.path_has(&["上级文件", "上级政策", "国务院文件", "省政府文件", "国务院信息", "国务院要闻", "转载"]);
    let source = w.sources.source.filter(|s| MEDIA.iter().any(|m| s.contains(m))).map(|s| format!("source: {s}"));
    (column.is_some() || source.is_some()).then(|| kind(DocumentKind::Reprint, true, [column, source]).unwrap_or_default())
}

fn announcement(w: &Weighing<'_>) -> Option<KindOfDocument> {
    let ends = ["公告", "公示", "通告", "公示表", "公示名单", "启事", "中标公告", "成交公告"]
        .iter()
        .find(|e| w.title.trim_end_matches([')', '）']).ends_with(**e));
    let title = ends.map(|e| format!("title: …{e}")).or_else(|| w.title_has(&["公示", "公告"]));
    let column = w.path_has(&["公示", "公告"]);
    let sure = ends.is_some() || (title.is_some() && column.is_some());
    // A notice in a column of notices is a document when it has a number.
    if title.is_none() && (w.value(Field::DocumentNumber).is_some() || w.issued().is_some()) {
        return None;
    }
    (title.is_some() || column.is_some()).then(|| kind(DocumentKind::Announcement, sure, [title, column]).unwrap_or_default())
}

fn document(w: &Weighing<'_>) -> Option<KindOfDocument> {
    let (issued, number) = (w.issued(), w.value(Field::DocumentNumber));
    let block = w.sources.header.block.then(|| "header block".to_owned());
    let column = w.path_has(&["文件", "公文", "政策法规", "法规"]);
    if number.is_none() && issued.is_none() {
        return None;
    }
    let sure = number.is_some() || (issued.is_some() && (block.is_some() || column.is_some()));
    kind(DocumentKind::OtherDocument, sure, [issued, number, block, column])
}

fn news(w: &Weighing<'_>) -> Option<KindOfDocument> {
    let column = w.path_has(&["动态", "要闻", "新闻", "快讯", "资讯", "媒体", "图片", "视频", "简讯", "讯息"])?;
    kind(DocumentKind::News, w.sources.header.block.then_some(()).is_none(), [Some(column)])
}
