//! `<meta name content>`: the page tags of 国办发〔2017〕47号 and others.

use super::tree::{ROOT, Tree};
use crate::text::{shorten, squeeze};
use serde::{Deserialize, Serialize};

/// One tag as written; markup inside the content is stripped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetaTag {
    /// `name` (or `property`) as written.
    pub name: String,
    /// `content`, squeezed.
    pub content: String,
}

/// Most tags kept of a page.
const MAX_TAGS: usize = 200;

/// Every named meta tag in document order.
pub(super) fn collect(tree: &Tree) -> Vec<MetaTag> {
    let mut tags = Vec::new();
    for id in tree.descendants(ROOT) {
        if tree.name(id) != "meta" {
            continue;
        }
        let Some(name) = tree.attr(id, "name").or_else(|| tree.attr(id, "property")).map(str::trim).filter(|n| !n.is_empty())
        else {
            continue;
        };
        let content = tree.attr(id, "content").unwrap_or_default();
        let content = if content.contains('<') { without_markup(content) } else { content.to_owned() };
        tags.push(MetaTag { name: shorten(name, 100), content: shorten(&squeeze(&content), 4_000) });
        if tags.len() == MAX_TAGS {
            break;
        }
    }
    tags
}

/// Drops `<…>` and the entities that editors leave in attribute values.
fn without_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        match after.find('>') {
            Some(end) if is_tag => {
                out.push(' ');
                rest = &after[end + 1..];
            }
            _ if is_tag => return out,
            _ => {
                out.push('<');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out.replace("&nbsp;", " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_inside_content_is_stripped() {
        let tree = Tree::parse(
            "<meta name=ArticleTitle content='关于<br/>公开的 <font color=red>通知</font>'><meta name=a content='1 < 2'><meta charset=utf-8>",
        );
        let tags = collect(&tree);
        assert_eq!(tags[0].content, "关于 公开的 通知");
        assert_eq!(tags[1].content, "1 < 2");
        assert_eq!(tags.len(), 2);
    }
}
