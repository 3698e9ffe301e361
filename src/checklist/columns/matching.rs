//! Matching of column names: exact on folded text, else the nearest three, which prove nothing.

use super::{ColumnEntry, ColumnMatch};
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Least likeness (0 to 1) at which a name is worth showing to a person.
const ALIKE: f64 = 0.6;
/// Longest column name that is compared, in characters; longer ones are headlines, not names.
const LONGEST: usize = 40;

/// Words that say only "this is a column of the disclosure platform": two names that share nothing else are not alike.
const GENERIC: [&str; 12] = [
    "政府信息公开",
    "政务信息公开",
    "政务公开",
    "信息公开",
    "政府信息",
    "主动公开",
    "专栏",
    "栏目",
    "信息",
    "工作",
    "公开",
    "相关",
];

#[derive(Debug, Clone, Default)]
struct Accepted {
    id: String,
    /// Folded names of accepted parents; none: anywhere.
    under: Option<BTreeSet<String>>,
}

/// Folded names of the whole book.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    exact: BTreeMap<String, Vec<Accepted>>,
    /// (distinctive part, id) of every name that is accepted anywhere.
    names: Vec<(String, String)>,
    /// (folded beginning, id).
    starts: Vec<(String, String)>,
}

impl Index {
    pub(super) fn of(entries: &[ColumnEntry]) -> Self {
        let mut index = Index::default();
        for entry in entries {
            for name in std::iter::once(&entry.name).chain(&entry.synonyms) {
                let key = key(name);
                index.exact.entry(key.clone()).or_default().push(Accepted { id: entry.id.clone(), under: None });
                index.names.push((distinctive(&key), entry.id.clone()));
            }
            index.starts.extend(entry.starts.iter().map(|start| (key(start), entry.id.clone())));
            let under = parents(entries, entry);
            for name in &entry.ambiguous {
                index.exact.entry(key(name)).or_default().push(Accepted { id: entry.id.clone(), under: Some(under.clone()) });
            }
        }
        index
    }

    pub(super) fn lookup(&self, name: &str, path: &[String]) -> ColumnMatch {
        let wanted = key(name);
        if wanted.is_empty() || wanted.chars().count() > LONGEST {
            return ColumnMatch::None;
        }
        let Some(accepted) = self.exact.get(&wanted) else {
            let place =
                |start: &String| wanted.strip_prefix(start.as_str()).is_some_and(|rest| (2..=4).contains(&rest.chars().count()));
            return match self.starts.iter().find(|(start, _)| place(start)) {
                Some((_, id)) => ColumnMatch::Is(id.clone()),
                None => self.nearest(&wanted),
            };
        };
        let above: BTreeSet<String> = path.iter().map(|p| key(p)).collect();
        // A name tied to its parent says more than the same name accepted anywhere.
        let mut here: Vec<&str> = ids(accepted.iter().filter(|a| a.under.as_ref().is_some_and(|u| !u.is_disjoint(&above))));
        if here.is_empty() {
            here = ids(accepted.iter().filter(|a| a.under.is_none()));
        }
        match here[..] {
            [only] => ColumnMatch::Is(only.to_owned()),
            [] => like(ids(accepted.iter())),
            _ => like(here),
        }
    }

    fn nearest(&self, wanted: &str) -> ColumnMatch {
        let wanted = distinctive(wanted);
        let mut best: BTreeMap<&str, f64> = BTreeMap::new();
        for (name, id) in &self.names {
            let score = likeness(&wanted, name);
            let known = best.entry(id).or_insert(score);
            *known = known.max(score);
        }
        let mut near: Vec<(&str, f64)> = best.into_iter().filter(|(_, score)| *score >= ALIKE).collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        like(near.into_iter().map(|(id, _)| id).collect())
    }
}

fn ids<'a>(accepted: impl Iterator<Item = &'a Accepted>) -> Vec<&'a str> {
    let mut ids: Vec<&str> = Vec::new();
    for one in accepted {
        if !ids.contains(&one.id.as_str()) {
            ids.push(&one.id);
        }
    }
    ids
}

fn like(ids: Vec<&str>) -> ColumnMatch {
    if ids.is_empty() { ColumnMatch::None } else { ColumnMatch::Like(ids.into_iter().take(3).map(str::to_owned).collect()) }
}

/// Every name of the accepted parents: a parent is a book id (all its names count) or a plain name.
fn parents(entries: &[ColumnEntry], entry: &ColumnEntry) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for parent in &entry.parents {
        match entries.iter().find(|e| e.id == *parent) {
            Some(known) => names.extend(std::iter::once(&known.name).chain(&known.synonyms).map(|n| key(n))),
            None => {
                names.insert(key(parent));
            }
        }
    }
    names
}

/// Folded, without punctuation, a count in brackets at the end, or the words 栏目 and 更多 around the name.
fn key(name: &str) -> String {
    let folded = fold(name);
    let mut text = folded.as_str();
    if let Some((head, tail)) = text.rsplit_once('(')
        && tail.trim_end_matches(')').chars().all(|c| c.is_ascii_digit())
    {
        text = head;
    }
    let letters: String = text.chars().filter(|c| crate::text::is_alphanumeric(*c) || crate::text::is_han(*c)).collect();
    for word in ["更多", "栏目"] {
        if let Some(rest) = letters.strip_suffix(word)
            && rest.chars().count() >= 2
        {
            return rest.to_owned();
        }
    }
    letters
}

/// The name without words that many columns share; the whole name when nothing else is left.
fn distinctive(key: &str) -> String {
    let mut rest = key.to_owned();
    for word in GENERIC {
        if let Some(at) = rest.find(word)
            && rest.len() > word.len()
        {
            rest.replace_range(at..at + word.len(), "");
        }
    }
    if rest.chars().count() < 2 { key.to_owned() } else { rest }
}

/// 1 = equal. Containment of a name of at least three characters counts as alike, more so the more of the longer one it covers.
fn likeness(a: &str, b: &str) -> f64 {
    let (short, long) = if a.chars().count() <= b.chars().count() { (a, b) } else { (b, a) };
    let (few, many) = (short.chars().count(), long.chars().count());
    let share = few as f64 / many.max(1) as f64;
    if long.contains(short) && (few >= 4 || (few >= 2 && share >= 0.5)) {
        return ALIKE + (1.0 - ALIKE) * share;
    }
    if share < ALIKE { 0.0 } else { strsim::normalized_levenshtein(a, b) }
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnBook, ColumnClass};
    use super::*;

    fn lookup(name: &str, path: &[&str]) -> ColumnMatch {
        ColumnBook::load().lookup(name, &path.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>())
    }

    fn is(id: &str) -> ColumnMatch {
        ColumnMatch::Is(id.to_owned())
    }

    #[test]
    fn names_and_synonyms_match_whatever_their_width_and_script() {
        assert_eq!(lookup("政府信息公开指南", &[]), is("disclosure-guide"));
        assert_eq!(lookup("【政務公開】", &[]), is("disclosure"));
        assert_eq!(lookup("政府信息公開　指南", &[]), is("disclosure-guide"));
        assert_eq!(lookup("【通知公告】", &[]), is("notices"));
        assert_eq!(lookup("通知公告（128）", &[]), is("notices"));
        assert_eq!(lookup("规范性文件", &[]), is("normative-documents"));
        assert_eq!(lookup("走進青麓", &[]), is("overview"));
        assert_eq!(lookup("走进我局民警的一天", &[]), ColumnMatch::None, "more than the name of a place");
    }

    #[test]
    fn an_ambiguous_name_needs_its_parent() {
        assert_eq!(lookup("指南", &["政府信息公开"]), is("disclosure-guide"));
        assert_eq!(lookup("指南", &["旅游"]), ColumnMatch::Like(vec!["disclosure-guide".into()]));
        assert!(matches!(lookup("指南", &[]), ColumnMatch::Like(_)));
    }

    #[test]
    fn alike_is_not_equal_and_generic_words_do_not_make_alike() {
        let ColumnMatch::Like(near) = lookup("行政规范性文件库及清理", &[]) else { panic!("alike") };
        assert_eq!(near[0], "normative-documents");
        assert!(near.len() <= 3);
        assert_eq!(lookup("政府信息公开橱窗", &[]), ColumnMatch::None);
        assert_eq!(lookup("天气", &[]), ColumnMatch::None);
        assert_eq!(lookup("", &[]), ColumnMatch::None);
        assert_eq!(lookup(&"通知公告".repeat(100_000), &[]), ColumnMatch::None);
    }

    #[test]
    fn every_entry_is_found_by_each_of_its_names() {
        let book = ColumnBook::load();
        assert!(book.entries.len() >= 60, "the embedded book parses");
        for entry in &book.entries {
            for name in std::iter::once(&entry.name).chain(&entry.synonyms) {
                assert_eq!(book.lookup(name, &[]), is(&entry.id), "{name}");
            }
            for parent in &entry.parents {
                let parent_name = book.find(parent).map_or(parent.clone(), |p| p.name.clone());
                for name in &entry.ambiguous {
                    assert_eq!(
                        book.lookup(name, std::slice::from_ref(&parent_name)),
                        is(&entry.id),
                        "{name} under {parent_name}"
                    );
                }
            }
            assert_eq!(entry.ambiguous.is_empty(), entry.parents.is_empty(), "{}", entry.id);
            assert_eq!(entry.window_days.or(entry.class.window().map(|w| w.days)), entry.window());
        }
        assert_eq!(ColumnClass::Static.window(), None);
    }
}
