//! The labels of regulations.md 5.2 and their synonyms, found in a line of text.

use super::Field;
use crate::text::to_simplified;
use regex::Regex;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Synonyms by field. Blanks inside a label and Traditional characters are allowed for when matching.
const LABELS: [(Field, &[&str]); 14] = [
    (Field::IndexNumber, &["信息索引号", "索引号", "索引码"]),
    (Field::Title, &["信息名称", "文件名称", "公文名称", "信息标题", "文件标题", "名称", "标题"]),
    (Field::DocumentNumber, &["发文字号", "文件编号", "发文文号", "文件文号", "公文文号", "文件字号", "文号"]),
    (Field::UnifiedNumber, &["规范性文件统一编号", "统一编号", "统一登记号"]),
    (
        Field::IssuingBody,
        &["发布机构", "发文机关", "发文机构", "发布机关", "公开主体", "发布单位", "发文单位", "制发机关", "制定机关", "发文部门"],
    ),
    (Field::Topic, &["主题分类", "组配分类", "信息分类", "体裁分类", "公文种类", "信息类别", "分类"]),
    (
        Field::WrittenDate,
        &["成文日期", "生成日期", "发文日期", "印发日期", "产生日期", "成文时间", "生成时间", "发文时间", "印发时间", "制发日期"],
    ),
    (
        Field::PublishDate,
        &[
            "发布日期",
            "发布时间",
            "公开日期",
            "公开时间",
            "发稿时间",
            "发表时间",
            "信息时间",
            "发布于",
            "添加时间",
            "时间",
            "日期",
        ],
    ),
    (Field::Validity, &["有效性", "效力状态", "是否有效", "时效性"]),
    (Field::Keywords, &["关键词", "主题词", "关键字"]),
    (Field::DisclosureScope, &["公开范围", "公开方式", "服务对象", "公开类别", "公开属性"]),
    (Field::EffectiveDate, &["实施日期", "生效日期", "施行日期", "生效时间"]),
    (Field::RepealDate, &["废止日期", "失效日期", "失效时间", "废止时间"]),
    (Field::Source, &["信息来源", "文章来源", "稿件来源", "稿源", "来源"]),
];

/// Words that end the value before them and are no field of ours.
const STOPS: [&str; 30] = [
    "责任编辑",
    "作者",
    "编辑",
    "审核",
    "浏览次数",
    "浏览量",
    "浏览",
    "点击次数",
    "点击量",
    "点击数",
    "点击",
    "阅读次数",
    "阅读量",
    "阅读",
    "访问次数",
    "访问量",
    "字体大小",
    "字体",
    "字号",
    "打印本页",
    "打印",
    "分享到",
    "分享",
    "保存",
    "关闭",
    "视力保护色",
    "有效期",
    "撰稿",
    "摄影",
    "文字大小",
];

/// A label in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    /// Which field; none for a word that only ends the value before it.
    pub(super) field: Option<Field>,
    /// Characters before it.
    pub(super) start: usize,
    /// Characters up to its end, colon and bracket included.
    pub(super) end: usize,
    /// As written, without blanks.
    pub(super) text: String,
    /// Followed by a colon?
    pub(super) colon: bool,
}

fn spaced(label: &str) -> String {
    label.chars().map(String::from).collect::<Vec<_>>().join(r"\s?")
}

static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let mut labels: Vec<&str> = LABELS.iter().flat_map(|(_, l)| l.iter().copied()).chain(STOPS).collect();
    labels.sort_by_key(|l| std::cmp::Reverse(l.chars().count()));
    let labels: Vec<String> = labels.iter().map(|l| spaced(l)).collect();
    Regex::new(&format!(r"(?:^|[\s\[【|｜（(;；,，、)）\]】])({})\s?[\]】)）]?\s?([:：︰]|\s|$|[\]】])", labels.join("|"))).ok()
});

/// The first two characters of every label: a line in which no two follow one another like that, blanks left out, has none.
static BEGINNINGS: LazyLock<HashSet<(char, char)>> = LazyLock::new(|| {
    let beginning = |label: &str| {
        let mut chars = label.chars();
        Some((chars.next()?, chars.next()?))
    };
    LABELS.iter().flat_map(|(_, l)| l.iter().copied()).chain(STOPS).filter_map(beginning).collect()
});

fn may_hold(line: &str) -> bool {
    let mut before = '\0';
    line.chars().filter(|c| !c.is_whitespace()).any(|c| BEGINNINGS.contains(&(std::mem::replace(&mut before, c), c)))
}

fn field_of(label: &str) -> Option<Field> {
    LABELS.iter().find(|(_, labels)| labels.contains(&label)).map(|(field, _)| *field)
}

/// Traditional lines in Simplified, where no character is gained or lost.
fn simplified(line: &str) -> Cow<'_, str> {
    const TRADITIONAL: [char; 12] = ['號', '標', '稱', '機', '類', '發', '來', '關', '詞', '範', '時', '題'];
    if !line.contains(TRADITIONAL) {
        return Cow::Borrowed(line);
    }
    let simple = to_simplified(line);
    if simple.chars().count() == line.chars().count() { simple } else { Cow::Borrowed(line) }
}

/// Every label of a squeezed line, in order. Offsets are in characters, so that they hold for the line as written.
pub(super) fn find(line: &str) -> Vec<Label> {
    let simple = simplified(line);
    let mut found = Vec::new();
    if !may_hold(&simple) {
        return found;
    }
    let mut from = 0;
    while let Some(captures) = PATTERN.as_ref().and_then(|p| p.captures_at(&simple, from)) {
        let (Some(whole), Some(label), Some(tail)) = (captures.get(0), captures.get(1), captures.get(2)) else { break };
        let colon = tail.as_str().starts_with([':', '：', '︰']);
        let plain: String = label.as_str().chars().filter(|c| !c.is_whitespace()).collect();
        let chars_to = |byte: usize| simple[..byte].chars().count();
        let start = chars_to(label.start());
        found.push(Label {
            field: field_of(&plain),
            start,
            end: chars_to(if colon { tail.end() } else { tail.start() }),
            text: line.chars().skip(start).take(label.as_str().chars().count()).filter(|c| !c.is_whitespace()).collect(),
            colon,
        });
        // The blank behind a label may stand before the next one.
        from = if colon { whole.end() } else { tail.start() }.max(label.end());
        if colon && simple[from..].chars().next().is_none() {
            break;
        }
        // A colon is no separator before a label, but an empty value may be followed by one at once.
        if found.len() >= 40 {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &str) -> Vec<(Option<Field>, String)> {
        find(line).into_iter().map(|l| (l.field, l.text)).collect()
    }

    #[test]
    fn inner_blanks_missing_colons_and_traditional_characters() {
        assert_eq!(fields("索 引 号：000"), [(Some(Field::IndexNumber), "索引号".to_owned())]);
        assert_eq!(fields("發布機構 ：某局")[0], (Some(Field::IssuingBody), "發布機構".to_owned()));
        assert_eq!(
            fields("索引号 1134/2021 组配分类 公开制度"),
            [(Some(Field::IndexNumber), "索引号".to_owned()), (Some(Field::Topic), "组配分类".to_owned())]
        );
        assert_eq!(fields("有效性 有效 关键词").len(), 2);
        assert_eq!(fields("[索引号]：1").len(), 1);
        assert_eq!(fields("项目名称：某工程"), []);
        assert_eq!(fields("来源地：某地"), []);
    }

    #[test]
    fn every_label_is_found_as_itself() {
        for (field, labels) in LABELS {
            for label in labels {
                assert_eq!(fields(&format!("{label}：值")), [(Some(field), (*label).to_owned())], "{label}");
            }
        }
    }
}
