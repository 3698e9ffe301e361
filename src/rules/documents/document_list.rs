//! The list of normative documents that stay in force, or the result of their clean-up, is published.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::finding::{Location, Locus, Observation};
use crate::rules::yearly::{self, Entry};
use crate::rules::{Context, Rule, holdings};
use serde::{Deserialize, Serialize};

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum List {
    /// 继续有效目录; the result of a clean-up holds it
    Valid,
    /// 清理结果
    CleanUp,
    /// 废止、失效目录
    Repealed,
}

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentList {
    /// What has to be there.
    lists: Vec<List>,
    /// Not older than this year.
    since_year: Option<i16>,
    /// Columns that hold it.
    columns: Vec<String>,
}

impl Default for DocumentList {
    fn default() -> Self {
        DocumentList {
            lists: vec![List::Valid],
            since_year: None,
            columns: vec!["document-cleanup".to_owned(), "normative-documents".to_owned()],
        }
    }
}

impl Rule for DocumentList {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let published = yearly::published(site, &self.columns);
        let first = published.holdings.columns.first();
        self.lists
            .iter()
            .map(|list| {
                let (word, is): (&str, fn(&str) -> bool) = match list {
                    List::Valid => ("valid", is_valid),
                    List::CleanUp => ("clean-up", is_clean_up),
                    List::Repealed => ("repealed", is_repealed),
                };
                let newest = published
                    .entries
                    .iter()
                    .filter(|entry| is_about(entry) && is(&entry.title) && !is_column(site, entry))
                    .map(|entry| (entry.dated.or(entry.years().last().copied()), entry))
                    .max_by_key(|(year, _)| *year);
                let place = |observation: Observation| {
                    let here = first.map(|c| Location::text(&c.url, c.name.clone()));
                    let here = here.or(site.home.as_ref().map(|home| Location::page(&home.url)));
                    let observation = observation.at(Locus::Name(word.to_owned())).with("list", word);
                    match here {
                        Some(here) => observation.seen(here),
                        None => observation,
                    }
                };
                let old = match (newest, self.since_year) {
                    (Some((Some(year), entry)), Some(since)) if year < since => Some((year, entry)),
                    (Some(_), _) => return Observation::passed(),
                    (None, _) => None,
                };
                // A body without normative documents has nothing to list.
                if published.holdings.columns.iter().all(|c| c.items.is_empty()) && old.is_none() && !published.holdings.scripted
                {
                    return Observation::inapplicable();
                }
                if published.holdings.scripted {
                    return place(Observation::cannot_tell("scripted"));
                }
                if !site.complete || !published.holdings.complete {
                    return place(Observation::untested("incomplete"));
                }
                if let Some(url) = holdings::elsewhere(site, context.book, &self.columns) {
                    return place(Observation::cannot_tell("elsewhere")).with("url", url);
                }
                match old {
                    Some((year, entry)) => place(Observation::failed("old-year-only"))
                        .with("newest", i64::from(year))
                        .with("found", &*entry.shown)
                        .prove("found", &*entry.shown)
                        .prove("newest", year.to_string())
                        .seen(Location::text(entry.url, &*entry.shown)),
                    None => place(Observation::failed("missing")).prove("pages-seen", site.pages.len().to_string()),
                }
            })
            .collect()
    }
}

/// A column that is called 文件清理结果 lists such matters; only one without rows may be the matter itself.
fn is_column(site: &Site, entry: &Entry<'_>) -> bool {
    site.columns.get(entry.url).is_some_and(|column| !column.items.is_empty() || !column.children.is_empty())
}

fn is_about(entry: &Entry<'_>) -> bool {
    (entry.title.contains("规范性文件") || entry.inside && entry.title.contains("文件")) && !entry.title.contains("解读")
}

fn is_valid(title: &str) -> bool {
    let lists = title.contains("目录")
        || title.contains("清单")
        || title.contains("公告")
        || title.contains("公布")
        || title.contains("文件库");
    (["继续有效", "现行有效", "继续执行", "保留", "有效的"].iter().any(|word| title.contains(word)) && lists)
        || is_clean_up(title)
}

fn is_clean_up(title: &str) -> bool {
    let done = ["结果", "情况", "公布", "公告", "决定", "目录", "公示"].iter().any(|word| title.contains(word));
    (title.contains("清理") && done) || title.contains("立改废")
}

fn is_repealed(title: &str) -> bool {
    ["废止", "失效", "宣布失效"].iter().any(|word| title.contains(word)) || is_clean_up(title)
}
