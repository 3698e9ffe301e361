//! The title that a reader sees, chosen among what the page offers.

use crate::facts::dates::written;
use crate::facts::header::{Field, MetadataHeader};
use crate::facts::layout::Layout;
use crate::facts::links::Region;
use crate::facts::meta::MetaTag;
use crate::facts::page_kind::PageKind;
use crate::facts::tree::Id;
use crate::text::{fold, shorten, squeeze};

/// What a title is chosen from.
pub(in crate::facts) struct Sources<'a> {
    /// `<title>`, squeezed.
    pub(in crate::facts) tag: &'a str,
    /// Meta tags.
    pub(in crate::facts) meta: &'a [MetaTag],
    /// Labelled values.
    pub(in crate::facts) header: &'a MetadataHeader,
    /// Kind of the page.
    pub(in crate::facts) kind: PageKind,
    /// Container of the text.
    pub(in crate::facts) content: Option<Id>,
}

impl Sources<'_> {
    fn meta(&self, name: &str) -> Option<&str> {
        self.meta.iter().find(|m| m.name.eq_ignore_ascii_case(name)).map(|m| m.content.as_str()).filter(|c| !c.is_empty())
    }
}

/// The title to show; empty when the page has none at all.
pub(in crate::facts) fn best(layout: &Layout<'_>, sources: &Sources<'_>) -> String {
    let title = match sources.kind {
        PageKind::Article => article(layout, sources),
        PageKind::Column => column(layout, sources),
        PageKind::Home | PageKind::Other => None,
    };
    let title = title.or_else(|| Some(without_site(sources.tag, sources.meta("SiteName"))).filter(|t| !t.is_empty()));
    let title = title.or_else(|| headings(layout).into_iter().next()).or_else(|| sources.meta("ArticleTitle").map(str::to_owned));
    shorten(&title.unwrap_or_default(), 300)
}

fn column(layout: &Layout<'_>, sources: &Sources<'_>) -> Option<String> {
    if let Some(name) = sources.meta("ColumnName") {
        return Some(name.to_owned());
    }
    let tag = without_site(sources.tag, sources.meta("SiteName"));
    if !tag.is_empty() {
        return Some(tag);
    }
    headings(layout).into_iter().next()
}

fn article(layout: &Layout<'_>, sources: &Sources<'_>) -> Option<String> {
    let tag = fold(sources.tag);
    let meta = sources.meta("ArticleTitle");
    let meta_folded = meta.map(fold).unwrap_or_default();
    // A tag that was cut short confirms the title that it is the beginning of.
    let stem = Some(meta_folded.trim_end_matches(['.', '…'])).filter(|stem| *stem != meta_folded && stem.chars().count() >= 8);
    let labelled = if sources.header.block { sources.header.value(Field::Title) } else { None };
    let confirmed = |text: &str| {
        let folded = fold(text);
        folded.chars().count() >= 4
            && (tag.starts_with(&folded) || folded == meta_folded || stem.is_some_and(|stem| folded.starts_with(stem)))
    };
    if let Some(title) = labelled.filter(|t| t.chars().count() >= 4) {
        return Some(title.to_owned());
    }
    let headings = headings(layout);
    if let Some(title) = headings.iter().find(|h| confirmed(h)) {
        return Some(title.clone());
    }
    let cleaned = without_site(sources.tag, sources.meta("SiteName"));
    if let Some(title) = seen_above(layout, sources.content, &confirmed) {
        // The beginning of a title alone (the name of the issuing body on a line of its own) is not the title.
        let (seen, all) = (fold(&title).chars().count(), fold(&cleaned).chars().count());
        if seen * 10 >= all * 7 || fold(&title) == meta_folded {
            return Some(title);
        }
    }
    if let Some(meta) = meta {
        return Some(meta.to_owned());
    }
    if let [only] = headings.as_slice()
        && only.chars().count() >= 8
    {
        return Some(only.clone());
    }
    let generic = cleaned.chars().count() <= 4
        || is_link_text(layout, &cleaned)
        || sources.meta("SiteName").is_some_and(|site| fold(site) == fold(&cleaned));
    if generic && let Some(title) = above_date(layout, &fold(&cleaned)) {
        return Some(title);
    }
    None
}

/// Texts of `<h1>` in the main region, then of other elements that templates name a title.
fn headings(layout: &Layout<'_>) -> Vec<String> {
    let tree = layout.tree;
    tree.named("h1")
        .filter(|id| layout.region(*id) == Region::Main && layout.hidden(*id).is_none())
        .take(6)
        .map(|id| layout.text(id, 900))
        .filter(|t| !t.is_empty())
        .collect()
}

/// The longest visible text of the main region that the `<title>` or the meta confirms, no later than the start of the text. A
/// title set in several lines is put together.
fn seen_above(layout: &Layout<'_>, content: Option<Id>, confirmed: &dyn Fn(&str) -> bool) -> Option<String> {
    let until = content.map_or(u32::MAX, |c| layout.order(c));
    let lines = layout.lines.iter().filter(|l| l.hidden.is_none() && layout.region(l.node) == Region::Main);
    let lines: Vec<&str> = lines
        .take_while(|l| layout.order(l.node) <= until.saturating_add(40))
        .take(300)
        .map(|l| if l.linked == 0 { l.text.as_str() } else { "" })
        .collect();
    let mut best: Option<String> = None;
    for (n, first) in lines.iter().enumerate() {
        if !(4..=200).contains(&first.chars().count()) || !confirmed(first) {
            continue;
        }
        let mut whole = (*first).to_owned();
        for next in lines[n + 1..].iter().take(4).filter(|l| !l.is_empty()) {
            let longer = format!("{whole}{next}");
            if !confirmed(&longer) {
                break;
            }
            whole = longer;
        }
        if best.as_ref().is_none_or(|b| b.chars().count() < whole.chars().count()) {
            best = Some(whole);
        }
    }
    best
}

/// The line above the first visible date of the main region.
fn above_date(layout: &Layout<'_>, generic: &str) -> Option<String> {
    let lines: Vec<&str> = layout
        .lines
        .iter()
        .filter(|l| l.hidden.is_none() && l.linked == 0 && layout.region(l.node) == Region::Main)
        .take(200)
        .map(|l| l.text.as_str())
        .collect();
    let date = lines.iter().position(|t| t.chars().count() < 100 && written::first(t).is_some_and(|f| f.range.start < 40))?;
    let above = lines[..date].iter().rev().take(3).find(|t| (6..=120).contains(&t.chars().count()) && fold(t) != generic)?;
    Some((*above).to_owned())
}

fn is_link_text(layout: &Layout<'_>, text: &str) -> bool {
    let tree = layout.tree;
    tree.named("a").take(2_000).any(|id| squeeze(&tree.text(id, 200)) == text)
}

/// `<title>` without the name of the site behind or before a separator.
pub(in crate::facts) fn without_site(tag: &str, site: Option<&str>) -> String {
    let site = site.map(fold).filter(|s| !s.is_empty());
    let is_site = |part: &str| {
        let folded = fold(part);
        folded.is_empty()
            || Some(&folded) == site.as_ref()
            || [
                "网",
                "网站",
                "人民政府",
                "门户",
                "门户网站",
                "政府网",
                "官网",
                "信息公开平台",
                "委员会",
                "部",
                "局",
                "公报",
                "首页",
            ]
            .iter()
            .any(|end| folded.ends_with(end) && folded.chars().count() <= 24)
            || folded.starts_with("中国")
    };
    let mut parts = split_title(tag);
    while parts.len() > 1 && parts.last().is_some_and(|p| is_site(p)) {
        parts.pop();
    }
    if parts.len() > 1 && site.is_some() && Some(fold(parts[0])) == site {
        parts.remove(0);
    }
    match parts.as_slice() {
        [] => tag.trim().to_owned(),
        [first, .., last] => {
            let start = first.as_ptr() as usize - tag.as_ptr() as usize;
            let end = last.as_ptr() as usize - tag.as_ptr() as usize + last.len();
            tag.get(start..end).unwrap_or(tag).trim().to_owned()
        }
        [only] => only.trim().to_owned(),
    }
}

/// Parts between `_`, `|`, a dash with blanks, long dashes; parts are slices of `tag`.
fn split_title(tag: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, c) in tag.char_indices() {
        let around_blank = tag[..at].ends_with(' ') || tag[at + c.len_utf8()..].starts_with(' ');
        let separates = match c {
            '_' | '|' | '｜' | '»' => true,
            '-' | '–' | '—' | '·' => around_blank || !tag[..at].ends_with(|p: char| p.is_ascii_alphanumeric()) && c == '-',
            _ => false,
        };
        if separates {
            let part = tag[start..at].trim();
            if !part.is_empty() {
                parts.push(part);
            }
            start = at + c.len_utf8();
        }
    }
    let part = tag[start..].trim();
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::without_site;

    #[test]
    fn site_names_are_taken_off() {
        for (tag, site, expected) in [
            ("关于公开的通知_某某市公安局", None, "关于公开的通知"),
            ("关于公开的通知__2007年第23号国务院公报_中国政府网", None, "关于公开的通知"),
            ("工作动态 | 测试门户", Some("测试门户"), "工作动态"),
            ("发言人表态 — 中华人民共和国外交部", None, "发言人表态"),
            ("某市公安局-通知公告", Some("某市公安局"), "通知公告"),
            ("18-20日多云", None, "18-20日多云"),
            ("某某市公安局", Some("某某市公安局"), "某某市公安局"),
            ("COVID-19 report", None, "COVID-19 report"),
        ] {
            assert_eq!(without_site(tag, site), expected, "{tag}");
        }
    }
}
