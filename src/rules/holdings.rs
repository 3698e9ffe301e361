//! What the columns of given ids hold, how much of them was seen, and whose a document is: shared by the rules about documents that
//! belong together and about yearly duties.

use crate::checklist::columns::{ColumnBook, ColumnMatch};
use crate::facts::header::Field;
use crate::facts::site::{Column, TargetOutcome};
use crate::facts::{Page, Site};
use crate::text::fold;
use std::collections::BTreeSet;

/// The columns with everything below them.
pub(super) struct Holdings<'a> {
    /// In order of their URLs, each once.
    pub(super) columns: Vec<&'a Column>,
    /// Is one of them, or one that is like them, filled by script?
    pub(super) scripted: bool,
    /// Was every page of each of them fetched?
    pub(super) complete: bool,
}

/// The columns of these ids. A column that is only alike takes part in the doubts, not in the columns.
pub(super) fn of<'a>(site: &'a Site, ids: &[String]) -> Holdings<'a> {
    let mut columns: Vec<&Column> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<&Column> = Vec::new();
    let (mut scripted, mut complete) = (false, true);
    for column in site.columns.values() {
        match &column.matched {
            ColumnMatch::Is(id) if ids.contains(id) => open.push(column),
            ColumnMatch::Like(like) if like.iter().any(|id| ids.contains(id)) => {
                scripted |= column.script_filled;
                complete &= column.complete;
            }
            _ => {}
        }
    }
    open.reverse();
    while let Some(column) = open.pop() {
        if !seen.insert(&column.url) {
            continue;
        }
        scripted |= column.script_filled;
        complete &= column.complete;
        columns.push(column);
        open.extend(column.children.iter().filter_map(|child| site.columns.get(child)));
    }
    Holdings { columns, scripted, complete }
}

/// A link to another host that carries the name of one of the columns: the duty may be fulfilled there.
pub(super) fn elsewhere<'a>(site: &'a Site, book: &ColumnBook, ids: &[String]) -> Option<&'a str> {
    let names: BTreeSet<String> = ids
        .iter()
        .filter_map(|id| book.find(id))
        .flat_map(|e| std::iter::once(&e.name).chain(&e.synonyms))
        .map(|n| fold(n))
        .collect();
    site.targets
        .values()
        .filter(|target| !target.own && !matches!(target.outcome, TargetOutcome::Dead { .. }))
        .find(|target| target.sources.iter().any(|source| names.contains(&fold(&source.text))))
        .map(|target| target.url.as_str())
}

/// Whose a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Of the body whose site it is, or nothing says otherwise.
    Own,
    /// Of a body above, or forwarded from one.
    Superior,
    /// Of another body, and nothing tells in what relation.
    Unknown,
}

/// Bodies of the whole country.
const NATIONAL: [&str; 8] = ["国务院", "国家", "中共中央", "全国人", "全国政协", "中华人民共和国", "最高人民", "中央"];

/// Whose a page's document is, by the body that issued it and by its title.
pub(super) fn whose(page: &Page, site: &Site) -> Whose {
    let title = fold(page.title());
    let head: String = title.chars().take(40).collect();
    if head.starts_with("转发")
        || head.contains("关于转发")
        || head.contains("局转发")
        || head.contains("办公室转发")
        || head.contains("(转)")
    {
        return Whose::Superior;
    }
    let of_title = title.find("关于").filter(|at| *at > 0 && *at <= 75).map(|at| title[..at].to_owned());
    let issuer = page.header.value(Field::IssuingBody).map(fold).or(of_title).filter(|name| name.chars().count() >= 3);
    let Some(issuer) = issuer else { return Whose::Own };
    let names = names(site);
    if names.iter().any(|name| name.contains(issuer.as_str()) || issuer.contains(name.as_str())) {
        return Whose::Own;
    }
    let held = |word: &str| names.iter().any(|name| name.contains(word));
    if NATIONAL.iter().any(|word| issuer.starts_with(word) && !held(word)) {
        return Whose::Superior;
    }
    // 司法部, 市场监管总局
    let ministry = issuer.chars().count() <= 10
        && ["部", "部办公厅", "总局", "总署", "部委"].iter().any(|end| issuer.ends_with(end))
        // 市场 is no city; a staff (指挥部, 武装部) is no ministry.
        && !["县", "区", "州", "乡", "镇", "指挥部", "武装部", "支部"].iter().any(|word| issuer.contains(word))
        && !issuer.replace("市场", "").contains('市');
    if ministry && !held(&issuer) {
        return Whose::Superior;
    }
    if names.is_empty() {
        return Whose::Own;
    }
    let governs = held("人民政府");
    // A bureau's column may hold documents of its government, and of the same bureau a level above.
    let above = (issuer.contains("人民政府") || issuer.contains("政府办公")) && !governs;
    let level = ["省", "自治区", "厅"].iter().any(|word| issuer.contains(word) && !held(word));
    if above || level {
        return Whose::Superior;
    }
    let place: String = issuer.chars().take(2).collect();
    if governs && held(&place) { Whose::Own } else { Whose::Unknown }
}

/// Folded names of the body whose site it is: meta tag, title of the home page, sponsor of the footer.
fn names(site: &Site) -> Vec<String> {
    let home = site.home.as_deref();
    let of_home = home.map(|home| [home.meta("SiteName").map(str::to_owned), Some(home.document.title.clone())]);
    let sponsor = site.footers.first().and_then(|(footer, ..)| footer.sponsor.clone());
    let all = of_home.into_iter().flatten().chain([sponsor]).flatten();
    let plain = |name: String| {
        let folded = fold(&name);
        let cut = folded.split(['-', '_', '|', ',', '，']).map(|part| {
            let part = part
                .trim_end_matches("门户网站")
                .trim_end_matches("官方网站")
                .trim_end_matches("政府网站")
                .trim_end_matches("网站");
            part.trim_end_matches("首页").to_owned()
        });
        cut.filter(|part| part.chars().count() >= 4).collect::<Vec<_>>()
    };
    all.flat_map(plain).collect()
}
