//! What kind of draft a solicitation asks comments on: shared by the rules about solicitations.

use super::holdings::{Whose, whose};
use crate::facts::document_kind::DocumentKind;
use crate::facts::{Page, Site};
use crate::text::fold;

/// The draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Draft {
    /// Of a major administrative decision.
    Decision,
    /// Of a normative document.
    Normative,
    /// Of a normative document, in a column of major decisions: either may be meant.
    Either,
    /// A draft whose weight nothing tells.
    Unclear,
    /// Of a superior body: its own duty.
    Superior,
    /// No draft: a survey, ideas, clues, a name or emblem.
    None,
}

/// Of a page that solicits.
pub(super) fn of(page: &Page, site: &Site) -> Draft {
    let title = fold(page.title());
    let asks = ["征求", "征询", "征集意见", "意见征集", "听取"].iter().any(|word| title.contains(word))
        || title.contains('稿')
        || title.contains("草案");
    const OTHERS: [&str; 20] = [
        "问卷",
        "调查",
        "线索",
        "征名",
        "标识",
        "logo",
        "作品",
        "征文",
        "金点子",
        "候选",
        "评选",
        "志愿",
        "专家库",
        "典型案例",
        "需求",
        "拟表彰",
        "标准",
        "项目建议",
        "议题",
        "立法计划",
    ];
    if page.document_kind.kind != DocumentKind::Solicitation || !asks || OTHERS.iter().any(|word| title.contains(word)) {
        return Draft::None;
    }
    if whose(page, site) == Whose::Superior {
        return Draft::Superior;
    }
    if title.contains("重大行政决策") || title.contains("重大决策") {
        return Draft::Decision;
    }
    const FORMS: [&str; 9] = ["办法", "规定", "细则", "规则", "意见", "通告", "措施", "规范性文件", "管理制度"];
    let named = title.split_once('《').and_then(|(_, rest)| rest.split_once('》')).map(|(name, _)| name);
    let normative = title.contains("规范性文件")
        || named.is_some_and(|name| {
            let bare = name.split(['(', '（']).next().unwrap_or(name);
            FORMS.iter().any(|form| bare.ends_with(form) || bare.ends_with(&format!("{form}的通知")))
        });
    let of_decisions = page
        .breadcrumb
        .iter()
        .flat_map(|trail| trail.names())
        .map(fold)
        .any(|name| name.contains("重大") && name.contains("决策"));
    match (of_decisions, normative) {
        (true, true) => Draft::Either,
        (true, false) => Draft::Decision,
        (false, true) => Draft::Normative,
        (false, false) => Draft::Unclear,
    }
}
