//! Columns: list pages put together with their continuation pages, named, dated and tied to their sub-columns.

use super::Column;
use super::gathered::{Around, Draft, Drafts, ListDraft};
use super::naming::{self, clean};
use super::paging::{self, Continuation, address, continuation, folder, place};
use super::targets::Targets;
use crate::checklist::columns::ColumnMatch;
use crate::facts::column_list::ListItem;
use crate::facts::page_kind::PageKind;
use crate::text::fold;
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Columns above one another that a site can have; deeper trails are loops.
const MOST_DEPTH: usize = 12;

/// Articles by digest of their address, with the date to believe.
type Articles = HashMap<u128, Option<Date>>;

/// The columns, and which column each list page belongs to.
pub(super) struct Assembled {
    pub columns: BTreeMap<CanonicalUrl, Column>,
    pub of_page: BTreeMap<CanonicalUrl, CanonicalUrl>,
}

/// One list page on the way to its column.
struct Node<'a> {
    draft: &'a Draft,
    list: &'a ListDraft,
    address: String,
    continuation: Option<Continuation>,
    trail: naming::Trail,
    /// Folded name that the page gives itself, to keep different lists apart.
    called: Option<String>,
}

impl Node<'_> {
    /// Does its address say that it is a later page of a list? A bare number says so only beside its first page.
    fn is_later(&self) -> bool {
        self.continuation.as_ref().is_some_and(|c| !c.bare)
    }

    /// Order within a column: pages that continue no other page of it first, then by number, the shortest first.
    fn rank(&self, members: &BTreeSet<&str>) -> (bool, u32, usize, &CanonicalUrl) {
        let continues = self.continuation.as_ref().filter(|c| c.firsts.iter().any(|first| members.contains(first.as_str())));
        let stated = self.list.list.as_ref().and_then(|l| l.page_number);
        let number = stated.or(continues.map(|c| c.number)).unwrap_or(1).max(1);
        (continues.is_some() || number > 1, number, self.draft.url.as_str().len(), &self.draft.url)
    }
}

/// Puts the columns together.
pub(super) fn assemble(drafts: &Drafts, targets: &Targets, home: Option<&str>, around: &Around<'_>) -> Assembled {
    let nodes: Vec<Node<'_>> = drafts.values().filter_map(|draft| node(draft, home)).collect();
    let groups = group(&nodes);
    let shared = shared_names(&nodes, &groups);
    let articles: Articles = drafts
        .values()
        .filter(|d| d.kind == PageKind::Article)
        .map(|d| (place(&d.url), around.believe(d.publish_date)))
        .collect();
    let mut columns = BTreeMap::new();
    let mut of_page = BTreeMap::new();
    let mut candidates = BTreeMap::new();
    for members in &groups {
        let mut column = one_column(&nodes, members, &articles, around);
        let first = &nodes[members[0]];
        let mut links: BTreeMap<&str, u32> = BTreeMap::new();
        for &member in members.iter().filter(|m| nodes[**m].continuation.is_none() || !nodes[**m].is_later() && **m == members[0])
        {
            for (text, times) in targets.names(&nodes[member].draft.url) {
                *links.entry(text).or_default() += times;
            }
        }
        let mut links: Vec<(&str, u32)> = links.into_iter().collect();
        links.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let is_shared = first.list.column_name.as_deref().and_then(clean).is_some_and(|n| shared.contains(&fold(&n)));
        let names = naming::names(first.draft, first.list, first.trail.own.as_deref(), is_shared, &links);
        column.name = names.first().cloned().unwrap_or_default();
        column.path = first.trail.above.clone();
        column.path.dedup();
        if column.path.last().is_some_and(|last| fold(last) == fold(&column.name)) {
            column.path.pop();
        }
        for &member in members {
            of_page.insert(nodes[member].draft.url.clone(), column.url.clone());
        }
        candidates.insert(column.url.clone(), names);
        columns.insert(column.url.clone(), column);
    }
    let by_address: BTreeMap<String, CanonicalUrl> =
        of_page.iter().map(|(page, column)| (address(page), column.clone())).collect();
    paths_by_folder(&mut columns, &nodes, &of_page, &by_address);
    for (url, column) in &mut columns {
        let names = candidates.get(url).map(Vec::as_slice).unwrap_or_default();
        column.matched = look_up(names, &column.path, around);
    }
    super::bound::apply(&mut columns, around.bound);
    tie_children(&mut columns, &nodes, &of_page, &by_address, home);
    Assembled { columns, of_page }
}

fn node<'a>(draft: &'a Draft, home: Option<&str>) -> Option<Node<'a>> {
    let list = draft.list.as_ref()?;
    let address = address(&draft.url);
    if home == Some(address.as_str()) {
        return None;
    }
    let trail = naming::trail(draft, home);
    let called = list.column_name.as_deref().and_then(clean).or_else(|| trail.own.clone()).map(|name| fold(&name));
    Some(Node { draft, list, address, continuation: continuation(&draft.url), trail, called })
}

/// Groups of nodes that are one list, each in page order. Twins of one address are one; later pages join by URL pattern where their
/// first page was seen, or by the paging links of the list; pages that call themselves differently never join.
fn group(nodes: &[Node<'_>]) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..nodes.len()).collect();
    let mut by_address: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, node) in nodes.iter().enumerate() {
        match by_address.get(node.address.as_str()) {
            Some(&first) => join(&mut parent, first, i),
            None => {
                by_address.insert(&node.address, i);
            }
        }
    }
    let alike = |a: &Node<'_>, b: &Node<'_>| a.called.is_none() || b.called.is_none() || a.called == b.called;
    for (i, node) in nodes.iter().enumerate() {
        if let Some(continuation) = &node.continuation {
            let first = continuation.firsts.iter().filter_map(|f| by_address.get(f.as_str())).find(|f| alike(&nodes[**f], node));
            if let Some(&first) = first {
                join(&mut parent, first, i);
            }
        }
        for next in node.list.list.iter().flat_map(|list| &list.paging) {
            let next = address(next);
            if let Some(&j) = by_address.get(next.as_str())
                && folder(&next) == folder(&node.address)
                && (nodes[j].is_later() || node.is_later())
                && alike(node, &nodes[j])
            {
                join(&mut parent, i, j);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for i in 0..nodes.len() {
        let root = root(&mut parent, i);
        groups.entry(root).or_default().push(i);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    for members in &mut groups {
        let addresses: BTreeSet<&str> = members.iter().map(|i| nodes[*i].address.as_str()).collect();
        members.sort_by(|a, b| nodes[*a].rank(&addresses).cmp(&nodes[*b].rank(&addresses)));
    }
    groups
}

fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

fn join(parent: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parent, a), root(parent, b));
    parent[a.max(b)] = a.min(b);
}

/// ColumnName values that three or more lists share: a template's, not a column's.
fn shared_names(nodes: &[Node<'_>], groups: &[Vec<usize>]) -> BTreeSet<String> {
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for members in groups {
        if let Some(name) = nodes[members[0]].list.column_name.as_deref().and_then(clean) {
            *times.entry(fold(&name)).or_default() += 1;
        }
    }
    times.into_iter().filter(|(_, n)| *n >= 3).map(|(name, _)| name).collect()
}

fn one_column(nodes: &[Node<'_>], members: &[usize], articles: &Articles, around: &Around<'_>) -> Column {
    let first = &nodes[members[0]];
    let lists = || members.iter().filter_map(|m| nodes[*m].list.list.as_ref());
    let mut items: Vec<ListItem> = Vec::new();
    let mut held = BTreeSet::new();
    for item in lists().flat_map(|list| &list.items) {
        if held.insert(item.url.as_ref().map_or_else(|| fold(&item.title), address)) {
            items.push(item.clone());
        }
    }
    if items.is_empty() {
        items = led_to(nodes, members, articles);
    }
    let (newest, from, newest_item) = newest_of(&items, articles, around);
    let addresses: BTreeSet<&str> = members.iter().map(|m| nodes[*m].address.as_str()).collect();
    let stated = lists().filter_map(|list| list.page_count).max();
    let framed = items.is_empty() && members.iter().any(|m| nodes[*m].list.framed);
    let script_filled = framed || lists().any(|list| list.script_filled);
    let links_seen = lists().flat_map(|list| &list.paging).all(|url| addresses.contains(address(url).as_str()));
    let count_seen = stated.is_none_or(|count| addresses.len() as u64 >= u64::from(count));
    Column {
        url: first.draft.url.clone(),
        name: String::new(),
        path: Vec::new(),
        matched: ColumnMatch::None,
        items,
        pages: members.iter().map(|m| nodes[*m].draft.url.clone()).collect(),
        complete: links_seen && count_seen && !script_filled,
        script_filled,
        note: lists().find_map(|list| list.note.clone()).or_else(|| members.iter().find_map(|m| nodes[*m].list.text.clone())),
        newest,
        newest_from: from.map(str::to_owned),
        newest_item,
        children: Vec::new(),
        hops: members.iter().map(|m| nodes[*m].draft.hops).min().unwrap_or_default(),
        bound: None,
    }
}

/// A page that only leads on shows its articles without a list that we know the shape of: those of its own folder are its content,
/// others when they are many.
fn led_to(nodes: &[Node<'_>], members: &[usize], articles: &Articles) -> Vec<ListItem> {
    const MANY: usize = 5;
    let (mut inside, mut all) = (Vec::new(), Vec::new());
    let mut held = BTreeSet::new();
    for node in members.iter().map(|m| &nodes[*m]) {
        let mine = folder(&node.address);
        for lead in &node.list.leads {
            let at = lead.url.as_ref().map(address).unwrap_or_default();
            if lead.url.as_ref().is_some_and(|url| articles.contains_key(&place(url))) && held.insert(at.clone()) {
                if mine.matches('/').count() > 1 && at.starts_with(mine) {
                    inside.push(lead.clone());
                }
                all.push(lead.clone());
            }
        }
    }
    if all.len() >= MANY { all } else { inside }
}

/// Newest date of the rows; a row that shows none lends the date of the article it leads to. Unknown when most rows have neither:
/// the newest may be among them.
fn newest_of(
    items: &[ListItem],
    articles: &Articles,
    around: &Around<'_>,
) -> (Option<Date>, Option<&'static str>, Option<ListItem>) {
    let mut newest: Option<(Date, &'static str, &ListItem)> = None;
    let mut dated = 0;
    for item in items {
        let shown = item.date.map(|date| (date, "list"));
        let led_to = || item.url.as_ref().and_then(|url| *articles.get(&place(url))?).map(|date| (date, "article"));
        let Some((date, from)) = shown.or_else(led_to) else { continue };
        dated += 1;
        if around.believe(Some(date)).is_some() && newest.as_ref().is_none_or(|(best, ..)| date > *best) {
            newest = Some((date, from, item));
        }
    }
    match newest {
        Some((date, from, item)) if dated * 2 >= items.len() => {
            let item = ListItem { date: Some(date), ..item.clone() };
            (Some(date), Some(from), Some(item))
        }
        _ => (None, None, None),
    }
}

/// Columns without a trail hang below the column of the nearest folder above them.
fn paths_by_folder(
    columns: &mut BTreeMap<CanonicalUrl, Column>,
    nodes: &[Node<'_>],
    of_page: &BTreeMap<CanonicalUrl, CanonicalUrl>,
    by_address: &BTreeMap<String, CanonicalUrl>,
) {
    let trailed: BTreeSet<&CanonicalUrl> =
        nodes.iter().filter(|n| !n.draft.crumbs.is_empty()).filter_map(|n| of_page.get(&n.draft.url)).collect();
    let mut bare: Vec<CanonicalUrl> = columns.keys().filter(|url| !trailed.contains(url)).cloned().collect();
    // Parents before children: a parent's own path may come from its folder, too.
    bare.sort_by_key(|url| (folder(&address(url)).len(), url.clone()));
    for url in bare {
        let at = address(&url);
        let mut above = at.as_str();
        let mut parent = None;
        for _ in 0..MOST_DEPTH {
            above = folder(above.trim_end_matches('/'));
            if !above.contains('/') {
                break;
            }
            parent = by_address.get(above).filter(|parent| **parent != url).and_then(|parent| columns.get(parent));
            if parent.is_some() {
                break;
            }
        }
        if let Some(parent) = parent {
            let mut path = parent.path.clone();
            path.push(parent.name.clone());
            if let Some(column) = columns.get_mut(&url) {
                column.path = path;
            }
        }
    }
}

/// The first name that the book knows decides; then the first that it knows something like.
fn look_up(names: &[String], path: &[String], around: &Around<'_>) -> ColumnMatch {
    let mut like = ColumnMatch::None;
    for name in names {
        match around.book.lookup(name, path) {
            ColumnMatch::Is(id) => return ColumnMatch::Is(id),
            near @ ColumnMatch::Like(_) if like == ColumnMatch::None => like = near,
            _ => {}
        }
    }
    like
}

/// Sub-columns with content, and the newest date that they lend to the column above them.
fn tie_children(
    columns: &mut BTreeMap<CanonicalUrl, Column>,
    nodes: &[Node<'_>],
    of_page: &BTreeMap<CanonicalUrl, CanonicalUrl>,
    by_address: &BTreeMap<String, CanonicalUrl>,
    home: Option<&str>,
) {
    let mut below: BTreeMap<CanonicalUrl, BTreeSet<CanonicalUrl>> = BTreeMap::new();
    let mut tie = |parent: &CanonicalUrl, child: &CanonicalUrl| {
        if parent != child {
            below.entry(parent.clone()).or_default().insert(child.clone());
        }
    };
    for node in nodes {
        let Some(me) = of_page.get(&node.draft.url) else { continue };
        let above = node.draft.crumbs.iter().rev().filter_map(|step| step.url.as_ref()).map(address);
        let above = above.filter(|step| home != Some(step.as_str())).find_map(|step| by_address.get(&step).filter(|c| *c != me));
        if let Some(parent) = above {
            tie(parent, me);
        }
        let rows = node.list.list.iter().flat_map(|list| &list.items);
        let mine = folder(&node.address);
        let inside = |lead: &&ListItem| {
            let to = lead.url.as_ref().map(address).unwrap_or_default();
            mine.matches('/').count() > 1 && folder(&to).len() > mine.len() && to.starts_with(mine)
        };
        for led_to in rows.chain(node.list.leads.iter().filter(inside)) {
            if let Some(child) = led_to.url.as_ref().and_then(|url| by_address.get(&paging::address(url))) {
                tie(me, child);
            }
        }
    }
    // Content and dates rise one level a round.
    for _ in 0..MOST_DEPTH {
        let mut changes = Vec::new();
        for (parent, children) in &below {
            let Some(column) = columns.get(parent) else { continue };
            let full: Vec<&Column> = children.iter().filter_map(|c| columns.get(c)).filter(|c| has_content(c)).collect();
            let names: Vec<CanonicalUrl> = full.iter().map(|c| c.url.clone()).collect();
            let newest = full.iter().filter_map(|c| Some((c.newest?, c.newest_item.clone()))).max_by_key(|(date, _)| *date);
            let newer = newest.filter(|(date, _)| column.newest.is_none_or(|mine| *date > mine));
            if newer.is_some() || names != column.children {
                changes.push((parent.clone(), names, newer));
            }
        }
        if changes.is_empty() {
            break;
        }
        for (parent, children, newer) in changes {
            let Some(column) = columns.get_mut(&parent) else { continue };
            column.children = children;
            if let Some((date, item)) = newer {
                column.newest = Some(date);
                column.newest_from = Some("sub-column".into());
                column.newest_item = item;
            }
        }
    }
}

fn has_content(column: &Column) -> bool {
    !column.items.is_empty() || !column.children.is_empty() || column.script_filled || column.note.is_some()
}
