//! A document of certain kinds shows the elements that its kind requires, and none of them is empty.
//!
//! Judged only when the kind is sure. A title in the heading, or a date beside the title, is shown: it need not stand in the block of
//! labelled values as well.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::dates::DateOrigin;
use crate::facts::document_kind::DocumentKind;
use crate::facts::header::Field;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, meta_tags};
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentElement {
    /// Elements that have to be there.
    fields: Vec<Field>,
    /// Kinds of document that have to have them.
    kinds: Vec<DocumentKind>,
}

impl Default for DocumentElement {
    fn default() -> Self {
        DocumentElement {
            fields: vec![
                Field::Title,
                Field::DocumentNumber,
                Field::IssuingBody,
                Field::IndexNumber,
                Field::Topic,
                Field::WrittenDate,
                Field::PublishDate,
                Field::Validity,
            ],
            kinds: vec![DocumentKind::NormativeDocument],
        }
    }
}

impl Rule for DocumentElement {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let kind = &page.document_kind;
        let asked = if kind.sure { self.kinds.contains(&kind.kind) } else { page.header.block };
        if !asked || !meta_tags::concerns(page) {
            return vec![Observation::inapplicable()];
        }
        let faults: Vec<(Field, &str)> = self.fields.iter().filter_map(|f| Some((*f, fault(page, *f)?))).collect();
        if faults.is_empty() {
            return vec![Observation::passed()];
        }
        let evidence = kind.evidence.join("; ");
        if !kind.sure {
            let names = faults.iter().map(|(field, _)| word(*field)).collect::<Vec<_>>();
            return vec![
                Observation::cannot_tell("unsure").with("fields", names).seen(Location::page(&page.url)).prove("kind", evidence),
            ];
        }
        // A label that stands on the page, outside of what was read as values, was written in a shape that we do not know.
        let (unread, faults): (Vec<_>, Vec<_>) =
            faults.into_iter().partition(|(field, key)| *key == "absent" && is_written(page, *field));
        let names: Vec<String> = unread.iter().map(|(field, _)| word(*field)).collect();
        let doubt =
            Observation::cannot_tell("unread").with("fields", names).with("title", page.title()).seen(Location::page(&page.url));
        faults
            .into_iter()
            .map(|(field, key)| {
                let label = page.header.entry(field).map(|entry| entry.label.clone());
                Observation::failed(key)
                    .at(Locus::Name(word(field)))
                    .with("field", word(field))
                    .with("title", page.title())
                    .prove("kind", evidence.clone())
                    .seen(Location { text: label.or(Some(page.title().to_owned())), ..Location::page(&page.url) })
            })
            .chain((!unread.is_empty()).then_some(doubt))
            .collect()
    }
}

/// What is wrong with an element, if anything.
fn fault(page: &Page, field: Field) -> Option<&'static str> {
    if page.header.value(field).is_some() {
        return None;
    }
    let dated = |origins: &[DateOrigin]| page.dates.iter().any(|date| origins.contains(&date.origin));
    let shown = match field {
        Field::Title => !page.document.h1.iter().all(|h| h.is_empty()) || !page.document.best_title.is_empty(),
        Field::PublishDate => dated(&[DateOrigin::VisibleLabel, DateOrigin::VisibleNearTitle]),
        Field::WrittenDate => dated(&[DateOrigin::WrittenLabel]),
        _ => false,
    };
    match page.header.entry(field) {
        _ if shown => None,
        Some(_) => Some("empty"),
        None => Some("absent"),
    }
}

/// Does a short line of the page begin with a label of the field?
fn is_written(page: &Page, field: Field) -> bool {
    const LINE: usize = 60;
    let labels: &[&str] = match field {
        Field::IndexNumber => &["索引号", "信息索引"],
        Field::DocumentNumber => &["文号", "发文字号", "文件编号", "发文文号"],
        Field::IssuingBody => &["发布机构", "发文机关", "发文机构", "发布机关", "公开主体", "发布单位"],
        Field::Topic => &["主题分类", "信息分类", "组配分类", "体裁分类", "分类"],
        Field::WrittenDate => &["成文日期", "生成日期", "发文日期", "印发日期"],
        Field::Validity => &["有效性", "效力状态"],
        Field::Keywords => &["关键词", "主题词"],
        _ => return false,
    };
    page.document.main.iter().chain(&page.document.around).filter(|block| block.text.chars().count() <= LINE).any(|block| {
        let line = fold(&block.text);
        labels.iter().any(|label| line.starts_with(label))
    })
}

/// The field's word, as checklists write it.
fn word(field: Field) -> String {
    match serde_json::to_value(field) {
        Ok(serde_json::Value::String(word)) => word,
        _ => format!("{field:?}"),
    }
}
