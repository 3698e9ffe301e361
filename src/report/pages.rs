//! One row per page, for `--facts`.

use super::PageRow;
use crate::facts::Page;

impl PageRow {
    /// What was read of a page.
    pub fn of(page: &Page) -> Self {
        let owned = |value: Option<&str>| value.map(str::to_owned);
        PageRow {
            url: page.url.clone(),
            kind: page.kind,
            document_kind: page.document_kind.sure.then_some(page.document_kind.kind),
            status: page.status,
            title: Some(page.title()).filter(|title| !title.is_empty()).map(str::to_owned),
            publish_date: page.publish_date().map(|date| date.to_string()),
            written_date: page.written_date().map(|date| date.to_string()),
            source: owned(page.source()),
            document_number: owned(page.document_number()),
            index_number: owned(page.index_number()),
            issuing_body: owned(page.issuing_body()),
            validity: owned(page.validity()),
            site_id_code: owned(page.site_id_code()),
            icp: page.footer.icp.clone(),
            police: page.footer.police.clone(),
            declared_charset: owned(page.charset.declared()),
            charset: page.charset.used.clone(),
            digest: page.digest.clone(),
            rendered: page.rendered,
        }
    }
}
