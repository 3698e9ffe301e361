//! Elements that a duty asks a text for: 设定依据, 办理材料, 办公地址, 联系电话 …, as labels with what stands under them.
//!
//! A label is a heading, a cell beside or above its value, a term of a list of terms, or a word before a colon. What a text says without
//! a label counts too, where its form leaves no doubt (a telephone number, an address of mail); a word alone is a hint: neither there nor
//! missing.

pub(super) mod read;
mod vocabulary;

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Element {
    /// 事项名称
    ItemName,
    /// 设定依据
    Basis,
    /// 申请条件
    Conditions,
    /// 办理材料
    Materials,
    /// 办理流程
    Process,
    /// 收费标准
    Fee,
    /// 办理时限
    TimeLimit,
    /// 机构名称
    BodyName,
    /// 办公地址, 办理地点
    Address,
    /// 办公时间, 办理时间
    Hours,
    /// 联系电话
    Phone,
    /// 传真
    Fax,
    /// 互联网联系方式: mail, site
    Internet,
    /// 政府信息的分类
    Categories,
    /// 编排体系
    Arrangement,
    /// 获取方式
    Obtaining,
    /// 机关职能
    Functions,
    /// 机构设置, 内设机构
    Structure,
    /// 负责人姓名
    Head,
}

impl Element {
    /// Every element.
    pub const ALL: [Element; 19] = [
        Element::ItemName,
        Element::Basis,
        Element::Conditions,
        Element::Materials,
        Element::Process,
        Element::Fee,
        Element::TimeLimit,
        Element::BodyName,
        Element::Address,
        Element::Hours,
        Element::Phone,
        Element::Fax,
        Element::Internet,
        Element::Categories,
        Element::Arrangement,
        Element::Obtaining,
        Element::Functions,
        Element::Structure,
        Element::Head,
    ];

    /// Its word, as checklists write it.
    pub fn word(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(word)) => word,
            _ => format!("{self:?}"),
        }
    }
}

/// What stands under a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Text.
    Text,
    /// A picture and no text.
    Picture,
    /// A file or a link on and no text.
    Link,
    /// Nothing.
    Empty,
}

/// One label with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labelled {
    /// Which element.
    pub element: Element,
    /// Label as written.
    pub label: String,
    /// Beginning of the value, at most 120 characters.
    pub value: String,
    /// What the value is.
    pub shape: Shape,
    /// Line in the source, where known.
    pub line: Option<u32>,
}

/// How an element stands on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is there.
    Shown,
    /// As a picture, a file or a link: a person has to look.
    Elsewhere,
    /// Its words occur, in no form that we can read.
    Hinted,
    /// Its label is there and nothing under it.
    Empty,
    /// Not a word of it.
    Absent,
}

/// The elements of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Elements {
    /// Labels in document order, at most 80.
    pub labelled: Vec<Labelled>,
    /// What the text shows without a label, by its form.
    pub shown: BTreeSet<Element>,
    /// What the text has words of.
    pub hinted: BTreeSet<Element>,
}

impl Elements {
    /// How an element stands.
    pub fn standing(&self, element: Element) -> Standing {
        let of = |shapes: &[Shape]| self.labelled.iter().any(|l| l.element == element && shapes.contains(&l.shape));
        if self.shown.contains(&element) || of(&[Shape::Text]) {
            Standing::Shown
        } else if of(&[Shape::Picture, Shape::Link]) {
            Standing::Elsewhere
        } else if of(&[Shape::Empty]) {
            Standing::Empty
        } else if self.hinted.contains(&element) {
            Standing::Hinted
        } else {
            Standing::Absent
        }
    }

    /// The first label of an element.
    pub fn label(&self, element: Element) -> Option<&Labelled> {
        self.labelled.iter().find(|l| l.element == element)
    }

    /// How many of these elements have a label.
    pub fn labels_of(&self, elements: &[Element]) -> usize {
        elements.iter().filter(|e| self.label(**e).is_some()).count()
    }
}
