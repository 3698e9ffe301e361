//! Tables of a page or of a file: cells with their spans, as written.

pub(super) mod collect;

use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// Most rows kept of one table.
pub const MAX_ROWS: usize = 2_000;
/// Most cells kept of one row.
pub const MAX_COLUMNS: usize = 64;

/// One cell as written: a spanning cell stands once, at its first row and column.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cell {
    /// Squeezed text, at most 2,000 characters.
    pub text: String,
    /// `<th>`, or a cell of the table's heading rows.
    pub header: bool,
    /// Rows covered, from 1.
    pub rows: u32,
    /// Columns covered, from 1.
    pub columns: u32,
    /// Target of the first link inside.
    pub link: Option<CanonicalUrl>,
}

/// One table with data in it; tables that only lay out a page are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    /// `<caption>`, else the sheet's name, else the line just above.
    pub caption: Option<String>,
    /// Rows in order, cells as written.
    pub rows: Vec<Vec<Cell>>,
    /// Line in the source, or page of the file, from 1, where known.
    pub line: Option<u32>,
    /// Was it cut at a limit?
    pub cut: bool,
}

impl Table {
    /// The table as a grid of equal rows: a spanning cell fills every place that it covers; a place that no cell covers is `None`.
    pub fn grid(&self) -> Vec<Vec<Option<&Cell>>> {
        let mut grid: Vec<Vec<Option<&Cell>>> = Vec::new();
        for (y, row) in self.rows.iter().enumerate() {
            let mut x = 0;
            for cell in row {
                while grid.get(y).and_then(|r| r.get(x)).is_some_and(Option::is_some) {
                    x += 1;
                }
                let (high, wide) =
                    (cell.rows.clamp(1, MAX_ROWS as u32) as usize, cell.columns.clamp(1, MAX_COLUMNS as u32) as usize);
                for down in y..(y + high).min(self.rows.len()) {
                    if grid.len() <= down {
                        grid.resize_with(down + 1, Vec::new);
                    }
                    let line = &mut grid[down];
                    for across in x..(x + wide).min(MAX_COLUMNS) {
                        if line.len() <= across {
                            line.resize(across + 1, None);
                        }
                        line[across] = Some(cell);
                    }
                }
                x += wide;
                if x >= MAX_COLUMNS {
                    break;
                }
            }
        }
        grid.resize_with(self.rows.len(), Vec::new);
        let width = grid.iter().map(Vec::len).max().unwrap_or(0);
        grid.iter_mut().for_each(|row| row.resize(width, None));
        grid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_fill_the_grid() {
        let cell = |text: &str, rows, columns| Cell { text: text.into(), rows, columns, ..Cell::default() };
        let table =
            Table { rows: vec![vec![cell("a", 2, 1), cell("b", 1, 2)], vec![cell("c", 1, 1)], vec![]], ..Table::default() };
        let texts: Vec<Vec<&str>> =
            table.grid().iter().map(|row| row.iter().map(|c| c.map_or("-", |c| c.text.as_str())).collect()).collect();
        assert_eq!(texts, [["a", "b", "b"], ["a", "c", "-"], ["-", "-", "-"]]);
    }
}
