//! One row per page, for `--facts`.

use super::PageRow;
use crate::facts::Page;
use crate::facts::header::Field;

impl PageRow {
    /// What was read of a page.
    pub fn of(page: &Page) -> Self {
        let header = |field: Field| page.header.value(field).map(str::to_owned);
        let meta = |name: &str| page.meta(name).map(str::to_owned).filter(|value| !value.is_empty());
        PageRow {
            url: page.url.clone(),
            kind: page.kind,
            document_kind: page.document_kind.sure.then_some(page.document_kind.kind),
            status: page.status,
            title: page.title().to_owned(),
            publish_date: page.publish_date().map(|date| date.to_string()),
            written_date: page.written_date().map(|date| date.to_string()),
            source: header(Field::Source).or_else(|| meta("ContentSource")),
            document_number: header(Field::DocumentNumber),
            index_number: header(Field::IndexNumber),
            issuing_body: header(Field::IssuingBody),
            validity: header(Field::Validity),
            site_id_code: page.footer.site_id_code.clone().or_else(|| meta("SiteIDCode")),
            icp: page.footer.icp.clone(),
            police: page.footer.police.clone(),
            declared_charset: page.charset.header.clone().or_else(|| page.charset.meta.clone()),
            charset: page.charset.used.clone(),
            digest: page.digest.clone(),
        }
    }
}
