//! HTML tables that hold data, from a page laid out; tables that only arrange the page are passed over.

use super::{Cell, MAX_COLUMNS, MAX_ROWS, Table};
use crate::facts::layout::Layout;
use crate::facts::links::{Region, Resolver};
use crate::facts::tree::{Id, NONE, Tree};
use crate::text::{shorten, squeeze};

/// Tables kept of one page.
const MAX_TABLES: usize = 200;
/// Cells kept of one page.
const MAX_CELLS: usize = 60_000;
/// Bytes of cell text kept of one page.
const MAX_BYTES: usize = 4 * 1_024 * 1_024;
/// Characters kept of one cell.
const MAX_CELL: usize = 2_000;
/// A line above longer than this is text, not the name of a table.
const LONGEST_CAPTION: usize = 60;
/// A cell with more text than this that is also most of its table holds an article, not a value.
const LARGE_CELL: u32 = 600;

/// The tables of a page, and which of them each node stands in.
pub(in crate::facts) struct Collected {
    /// In document order.
    pub(in crate::facts) tables: Vec<Table>,
    /// By node: number of its table from 1, 0 outside of every table that was kept.
    owner: Vec<u32>,
}

impl Collected {
    /// The table that a node stands in.
    pub(in crate::facts) fn owner(&self, id: Id) -> Option<usize> {
        self.owner.get(id as usize).and_then(|n| (*n as usize).checked_sub(1))
    }
}

/// Every table of the main content with data in it.
pub(in crate::facts) fn collect(layout: &Layout<'_>, resolver: &Resolver) -> Collected {
    let tree = layout.tree;
    let preorder: Vec<Id> = tree.descendants(layout.body).collect();
    let mut collected = Collected { tables: Vec::new(), owner: vec![0; tree.len()] };
    let inner = nested_text(layout, &preorder);
    let mut room = Room { cells: MAX_CELLS, bytes: MAX_BYTES };
    let mut nodes: Vec<Id> = Vec::new();
    for &id in &preorder {
        let parent = tree.parent(id);
        if parent != NONE {
            collected.owner[id as usize] = collected.owner[parent as usize];
        }
        if tree.name(id) != "table"
            || layout.region(id) != Region::Main
            || layout.hidden(id).is_some()
            || collected.owner[id as usize] > 0
            || nodes.len() >= MAX_TABLES
            || inner[id as usize] * 2 > layout.weight(id).text
        {
            continue;
        }
        if let Some(table) = table(layout, resolver, id, &mut room) {
            nodes.push(id);
            collected.tables.push(table);
            collected.owner[id as usize] = nodes.len() as u32;
        }
    }
    captions(layout, &mut collected);
    collected
}

/// By table: characters of its text that stand in tables inside of it.
fn nested_text(layout: &Layout<'_>, preorder: &[Id]) -> Vec<u32> {
    let tree = layout.tree;
    let mut holder = vec![NONE; tree.len()];
    let mut inner = vec![0u32; tree.len()];
    for &id in preorder {
        let parent = tree.parent(id);
        let above = if parent == NONE { NONE } else { holder[parent as usize] };
        let is_table = tree.name(id) == "table";
        if is_table && above != NONE {
            inner[above as usize] = inner[above as usize].saturating_add(layout.weight(id).text);
        }
        holder[id as usize] = if is_table { id } else { above };
    }
    inner
}

/// What may still be kept of a page.
struct Room {
    cells: usize,
    bytes: usize,
}

/// Reads one table; none when it is none of data.
fn table(layout: &Layout<'_>, resolver: &Resolver, id: Id, room: &mut Room) -> Option<Table> {
    let tree = layout.tree;
    if matches!(tree.attr(id, "role"), Some("presentation" | "none")) {
        return None;
    }
    let whole = layout.weight(id).text;
    let rows = rows(tree, id);
    let mut table = Table { line: tree.element(id).map(|e| e.line), cut: rows.len() > MAX_ROWS, ..Table::default() };
    let mut widest = 0;
    for row in rows.iter().take(MAX_ROWS) {
        let in_head = tree.name(tree.parent(*row)) == "thead";
        let mut cells = Vec::new();
        let mut child = tree.first(*row);
        while child != NONE {
            if matches!(tree.name(child), "td" | "th") {
                if cells.len() >= MAX_COLUMNS || room.cells == 0 || room.bytes == 0 {
                    table.cut = true;
                    break;
                }
                let weight = layout.weight(child).text;
                if weight > LARGE_CELL && weight * 10 > whole * 8 {
                    return None;
                }
                let cell = cell(layout, resolver, child, in_head);
                room.cells -= 1;
                room.bytes = room.bytes.saturating_sub(cell.text.len());
                cells.push(cell);
            }
            child = tree.next(child);
        }
        widest = widest.max(cells.iter().map(|c| c.columns as usize).sum());
        table.rows.push(cells);
    }
    let filled = table.rows.iter().flatten().filter(|c| !c.text.is_empty()).count();
    let most = table.rows.iter().map(Vec::len).max().unwrap_or(0);
    if table.rows.len() < 2 || widest < 2 || most < 2 || filled < 3 {
        return None;
    }
    table.caption = caption(layout, id);
    Some(table)
}

/// The rows of a table, without those of tables inside it.
fn rows(tree: &Tree, id: Id) -> Vec<Id> {
    let mut rows = Vec::new();
    let mut at = tree.following(id, id);
    while at != NONE && rows.len() <= MAX_ROWS {
        match tree.name(at) {
            "table" => at = tree.following_outside(at, id),
            "tr" => {
                rows.push(at);
                at = tree.following_outside(at, id);
            }
            _ => at = tree.following(at, id),
        }
    }
    rows
}

fn cell(layout: &Layout<'_>, resolver: &Resolver, id: Id, in_head: bool) -> Cell {
    let tree = layout.tree;
    let span = |name: &str, most: u32| {
        let digits = tree.attr(id, name).map(str::trim).unwrap_or_default();
        // `rowspan=0` reaches to the end of its group; as written it is one row at least.
        digits.parse::<u32>().unwrap_or(1).clamp(1, most)
    };
    let link = tree
        .descendants(id)
        .take(500)
        .filter(|n| tree.name(*n) == "a")
        .find_map(|n| tree.attr(n, "href").and_then(|href| resolver.resolve(href)));
    Cell {
        text: shorten(&layout.text(id, MAX_CELL * 4), MAX_CELL),
        header: in_head || tree.name(id) == "th",
        rows: span("rowspan", MAX_ROWS as u32),
        columns: span("colspan", MAX_COLUMNS as u32),
        link,
    }
}

/// The table's own caption.
fn caption(layout: &Layout<'_>, id: Id) -> Option<String> {
    let tree = layout.tree;
    let mut child = tree.first(id);
    while child != NONE {
        if tree.name(child) == "caption" {
            let text = squeeze(&tree.text(child, 2_000));
            return (!text.is_empty()).then(|| shorten(&text, 200));
        }
        child = tree.next(child);
    }
    None
}

/// Tables without a caption take the short line just above them.
fn captions(layout: &Layout<'_>, collected: &mut Collected) {
    let mut above: Option<&str> = None;
    let mut last = 0;
    for line in layout.lines.iter().filter(|l| l.hidden.is_none()) {
        let owner = collected.owner(line.node).map_or(0, |n| n + 1);
        if owner != last && owner > 0 {
            let table = &mut collected.tables[owner - 1];
            if table.caption.is_none() {
                table.caption = above.filter(|t| t.chars().count() <= LONGEST_CAPTION).map(str::to_owned);
            }
        }
        last = owner;
        above = (owner == 0).then_some(line.text.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tree::Tree;
    use crate::url::CanonicalUrl;

    fn read(body: &str) -> Vec<Table> {
        let tree = Tree::parse(body);
        let layout = Layout::of(&tree);
        let url = CanonicalUrl::parse("http://x.xuncha-demo.gov.cn/a/b.html").expect("a URL");
        collect(&layout, &Resolver::new(&layout, &url, encoding_rs::UTF_8)).tables
    }

    #[test]
    fn cells_headers_links_and_captions() {
        let tables = read(
            "<h2>申请情况</h2><table><thead><tr><td colspan=2>情况</td></tr></thead><tr><th rowspan=2>一</th><td>甲 <a href='c.html'>看</a></td></tr>\
             <tr><td> 乙 </td></tr></table><table><caption>第二表</caption><tr><td>1</td><td>2</td></tr><tr><td>3</td><td></td></tr></table>",
        );
        assert_eq!(tables.len(), 2);
        assert_eq!(tables[0].caption.as_deref(), Some("申请情况"));
        assert_eq!(tables[1].caption.as_deref(), Some("第二表"));
        let first = &tables[0].rows;
        assert!(first[0][0].header && first[1][0].header && !first[1][1].header);
        assert_eq!((first[0][0].columns, first[1][0].rows), (2, 2));
        assert_eq!(first[1][1].link.as_ref().map(CanonicalUrl::as_str), Some("http://x.xuncha-demo.gov.cn/a/c.html"));
        assert_eq!(first[2][0].text, "乙");
    }

    #[test]
    fn layout_tables_are_passed_over_and_what_they_hold_is_kept() {
        let text = "本报告根据有关规定编制，内容如下。".repeat(80);
        let tables = read(&format!(
            "<table><tr><td>左</td><td>{text}<table><tr><td>项</td><td>数</td></tr><tr><td>许可</td><td>3</td></tr></table></td></tr><tr><td>a</td><td>b</td></tr></table>"
        ));
        assert_eq!(tables.len(), 1, "{tables:?}");
        assert_eq!(tables[0].rows[1][1].text, "3");
        assert!(read("<table><tr><td>一行</td><td>两格</td><td>三格</td></tr></table>").is_empty());
        assert!(read("<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>").is_empty());
    }

    #[test]
    fn hostile_tables_are_bounded() {
        let wide = format!("<table><tr>{}</tr><tr><td>x<td>y</table>", "<td colspan=9999 rowspan=99999>x".repeat(5_000));
        let tables = read(&wide);
        assert!(tables[0].cut && tables[0].rows[0].len() == MAX_COLUMNS);
        assert!(tables[0].grid().iter().all(|row| row.len() <= MAX_COLUMNS));
        let long = format!("<table>{}</table>", "<tr><td>a<td>b".repeat(20_000));
        let tables = read(&long);
        assert!(tables[0].cut && tables[0].rows.len() == MAX_ROWS);
        let nested = format!("{}x{}", "<table><tr><td>1<td>".repeat(300), "</table>".repeat(300));
        assert!(read(&nested).len() <= 2);
        let many = "<table><tr><td>a<td>b<tr><td>c<td>d</table>".repeat(1_000);
        assert_eq!(read(&many).len(), MAX_TABLES);
    }
}
