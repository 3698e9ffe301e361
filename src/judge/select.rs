//! Which subjects an item is about: what is not selected is no subject at all.

use crate::checklist::Select;
use crate::checklist::columns::{ColumnBook, ColumnMatch};
use crate::facts::site::Column;
use crate::facts::{Page, Site};

/// Is the page selected? A page belongs to the column whose list holds it, or that its breadcrumb names; the first page of a list to
/// its own. A kind of document that is
/// not sure is let through: the rule has to say that it cannot tell.
pub fn takes_page(select: &Select, page: &Page, site: &Site, book: &ColumnBook) -> bool {
    if !select.page_kind.is_empty() && !select.page_kind.contains(&page.kind) {
        return false;
    }
    if !select.document_kind.is_empty() && !select.document_kind.contains(&page.document_kind.kind) {
        return false;
    }
    if select.column.is_empty() && select.except_column.is_empty() && select.class.is_empty() {
        return true;
    }
    let above = || {
        let column = site.pages.get(&page.url).and_then(|summary| summary.column.as_ref());
        column.and_then(|id| site.columns.get(id))
    };
    match site.columns.get(&page.url).or_else(above) {
        Some(column) => takes_column(select, column, book),
        None => select.column.is_empty() && select.class.is_empty(),
    }
}

/// Is the column selected?
pub fn takes_column(select: &Select, column: &Column, book: &ColumnBook) -> bool {
    let id = match &column.matched {
        ColumnMatch::Is(id) => Some(id),
        ColumnMatch::Like(_) | ColumnMatch::None => None,
    };
    let named = id.is_some_and(|id| select.column.contains(id));
    let excepted = id.is_some_and(|id| select.except_column.contains(id));
    let of_book = || id.and_then(|id| book.entries.iter().find(|entry| entry.id == *id)).map(|entry| entry.class);
    let class = id.and_then(|_| column.confirmed()?.class).or_else(of_book);
    let classed = class.is_some_and(|class| select.class.contains(&class));
    (select.column.is_empty() || named) && !excepted && (select.class.is_empty() || classed)
}
