//! The list of a column: items with title, URL and date, and its paging.

use crate::url::CanonicalUrl;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItem {
    /// Title as shown (the full `title` attribute wins over a cut text).
    pub title: String,
    /// Target, where it is a web URL.
    pub url: Option<CanonicalUrl>,
    /// Date shown in the row.
    pub date: Option<Date>,
}

/// The main list of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ColumnList {
    /// Rows in document order.
    pub items: Vec<ListItem>,
    /// Is the list, or its paging, filled by script (JSON in a script, an empty container with a loader)?
    pub script_filled: bool,
    /// Links to pages 2…n of this list found on this page.
    pub paging: Vec<CanonicalUrl>,
    /// Number of this page in its list, from 1, where it can be told (URL or 第n页 text).
    pub page_number: Option<u32>,
    /// Number of pages stated, where told.
    pub page_count: Option<u32>,
    /// A note that says why there is nothing (情况说明, 暂无…): a column with one is not empty.
    pub note: Option<String>,
}

impl ColumnList {
    /// Newest date of the rows: a pinned old row may stand first.
    pub fn newest(&self) -> Option<Date> {
        self.items.iter().filter_map(|i| i.date).max()
    }
}
