//! The block of labelled values above a document (regulations.md 5.2 labels, 5.4 shapes).

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
