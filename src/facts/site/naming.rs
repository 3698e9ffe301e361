//! Names of columns: from the ColumnName meta, the breadcrumb, the heading, or the links that lead to them.

use super::gathered::{Draft, ListDraft};
use super::paging::address;
use crate::facts::breadcrumb::Crumb;
use crate::text::{fold, squeeze};

/// Words that stand where a name would and name nothing.
const NAMELESS: [&str; 28] = [
    "首页",
    "网站首页",
    "网站主页",
    "主页",
    "返回首页",
    "正文",
    "文章正文",
    "列表",
    "文章列表",
    "信息列表",
    "列表页",
    "详情",
    "详细内容",
    "内容",
    "更多",
    "查看更多",
    "更多内容",
    "more",
    "home",
    "当前位置",
    "您的位置",
    "栏目",
    "栏目首页",
    "上一页",
    "下一页",
    "尾页",
    "末页",
    "返回",
];

/// A name without the arrows and colons around it; none when it names nothing.
pub(super) fn clean(name: &str) -> Option<String> {
    let edge = |c: char| {
        matches!(c, '>' | '<' | '»' | '«' | '›' | '·' | '|' | '+' | '-' | ':' | '：' | '→' | '【' | '】' | '[' | ']' | '…')
            || c.is_whitespace()
    };
    let name = squeeze(name.trim_matches(edge));
    let folded = fold(&name);
    let nameless = folded.is_empty()
        || NAMELESS.contains(&folded.as_str())
        || folded.chars().all(|c| c.is_ascii_digit() || c.is_ascii_punctuation());
    (!nameless).then_some(name)
}

/// The trail of a page: names above it and, where the trail shows it, its own.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Trail {
    /// Names above, outermost first, without the home page.
    pub above: Vec<String>,
    /// Its own name at the end of the trail.
    pub own: Option<String>,
}

/// Reads a breadcrumb. `home` is the address of the home page.
pub(super) fn trail(draft: &Draft, home: Option<&str>) -> Trail {
    let here = address(&draft.url);
    let is_home = |step: &Crumb| {
        step.url.as_ref().is_some_and(|url| url.is_root() || home == Some(address(url).as_str())) || fold(&step.name) == "首页"
    };
    let mut steps: Vec<(&Crumb, String)> =
        draft.crumbs.iter().filter(|s| !is_home(s)).filter_map(|s| Some((s, clean(&s.name)?))).collect();
    let ends_here = |step: &Crumb, name: &str| match &step.url {
        Some(url) => address(url) == here,
        None => draft.list.is_some() || fold(name) == fold(&draft.title),
    };
    let own = match steps.last() {
        Some((step, name)) if ends_here(step, name) => steps.pop().map(|(_, name)| name),
        _ => None,
    };
    Trail { above: steps.into_iter().map(|(_, name)| name).collect(), own }
}

/// Every name that a column goes by, best first, without repetition.
pub(super) fn names(
    draft: &Draft,
    list: &ListDraft,
    own: Option<&str>,
    meta_is_shared: bool,
    links: &[(&str, u32)],
) -> Vec<String> {
    let meta = list.column_name.as_deref().and_then(clean);
    let own = own.and_then(clean);
    let heading = list.heading.as_deref().and_then(clean);
    let title = clean(&draft.title);
    let mut names = Vec::new();
    let mut add = |name: Option<String>| {
        if let Some(name) = name
            && name.chars().count() <= 40
            && !names.iter().any(|n: &String| fold(n) == fold(&name))
        {
            names.push(name);
        }
    };
    // One name on several lists is the template's, not the column's.
    if !(meta_is_shared && own.is_some()) {
        add(meta);
    }
    add(own);
    add(heading);
    for (text, _) in links.iter().take(3) {
        add(clean(text));
    }
    add(title);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_arrows_and_words_without_meaning() {
        assert_eq!(clean("工作动态 >>"), Some("工作动态".into()));
        assert_eq!(clean("更多>>"), None);
        assert_eq!(clean("【 12 】"), None);
        assert_eq!(clean("网站首頁"), None);
    }
}
