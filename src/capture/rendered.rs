//! What a browser showed of a page, as records.
//!
//! The page as shown is a `conversion` of the response that was sent, which it refers to: another form of the same resource, made by a
//! program, and so a reader of archives never takes it for what the server sent. The screenshot is no form of the page that anything
//! could be read from, but a thing of its own that the browser made: a `resource` under `urn:view:`, the name that other archiving
//! browsers give it. Both stand before a `metadata` record that says how it went, and is written alone where nothing was shown.

use super::draft::Draft;
use super::entry::{Entry, number};
use super::read::Record;
use super::write::{Writer, own_fields};
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering, Method, Profile};
use crate::facts::Rendering;
use crate::url::CanonicalUrl;
use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Before the URL of a page in the name of its screenshot.
const VIEW: &str = "urn:view:";
/// Number of the look at a page that a browser made; the first and second are requests of ours.
pub const LOOK: u8 = 3;

/// What the records of a rendering say together.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// How it went.
    pub rendering: Rendering,
    /// The page as shown, where it was: its body is the document in UTF-8.
    pub page: Option<Exchange>,
    /// Where the record of the screenshot begins in its file.
    pub picture_at: Option<u64>,
}

/// Records read so far of a rendering whose last one is still to come.
#[derive(Debug, Default)]
pub(super) struct Parts {
    page: Option<Exchange>,
    picture_at: Option<u64>,
}

impl Parts {
    /// Takes the page; a conversion by another tool means nothing to us.
    pub(super) fn page(&mut self, record: &Record) -> Entry {
        let fields = &record.fields;
        let url = record.target().and_then(|target| CanonicalUrl::parse(target).ok());
        let look = number::<u8>(fields, "Xuncha-Look").filter(|look| *look == LOOK);
        if let (Some(url), Some(look), Some(block)) = (url, look, record.block.as_deref()) {
            self.picture_at = None;
            self.page = Some(Exchange {
                url,
                method: Method::Get,
                gathering: Gathering::Pages,
                status: number(fields, "Xuncha-Status").unwrap_or(200),
                headers: vec![("content-type".to_owned(), CONTENT_TYPE.to_owned())],
                body: Bytes::copy_from_slice(block),
                at: record.date().unwrap_or(Timestamp::UNIX_EPOCH),
                hops: number(fields, "Xuncha-Hops").unwrap_or(0),
                via: fields.get("Xuncha-Via").and_then(|via| CanonicalUrl::parse(via).ok()),
                attempts: number(fields, "Xuncha-Attempts").unwrap_or(1),
                look,
                elapsed: None,
                profile: Profile::Browser,
            });
        }
        Entry::Nothing
    }

    /// Takes the screenshot, if the record is one of ours.
    pub(super) fn picture(&mut self, record: &Record) -> bool {
        let view = record.target().and_then(|target| target.strip_prefix(VIEW));
        let ours = view.is_some() && view == self.page.as_ref().map(|page| page.url.as_str());
        if ours {
            self.picture_at = Some(record.offset);
        }
        ours
    }

    /// The record that ends it.
    pub(super) fn ended(&mut self, block: &[u8]) -> Option<Rendered> {
        let (page, picture_at) = (self.page.take(), self.picture_at.take());
        let rendering: Rendering = serde_json::from_slice(block).ok()?;
        let page = page.filter(|page| page.url == rendering.url && rendering.failed.is_none());
        // Shown, and its page is not there: nothing can be said of it.
        if rendering.failed.is_none() && page.is_none() {
            return None;
        }
        let picture_at = picture_at.filter(|_| rendering.picture.is_some());
        Some(Rendered { rendering, page, picture_at })
    }
}

/// Of the page as shown.
pub const CONTENT_TYPE: &str = "text/html; charset=utf-8";

impl Writer {
    /// What a browser showed of a page: the page, its screenshot and how it went. `original` is the record of the response that was
    /// sent, where there is one. Where the record of the screenshot begins.
    pub async fn rendered(
        &mut self,
        rendering: &Rendering,
        page: Option<&Exchange>,
        picture: Option<&Bytes>,
        original: Option<&str>,
        at: Timestamp,
    ) -> Result<Option<u64>> {
        let info = format!("<{}>", self.id(0));
        let mut next = self.position().records;
        let mut id = || {
            next += 1;
            self.id(next - 1)
        };
        let mut drafts = Vec::new();
        let mut shown = None;
        if let Some(page) = page {
            let mut fields = vec![("WARC-Target-URI", page.url.to_string()), ("WARC-Warcinfo-ID", info.clone())];
            fields.extend(original.map(|record| ("WARC-Refers-To", format!("<{record}>"))));
            fields.push(("Xuncha-Status", page.status.to_string()));
            fields.extend(own_fields(page));
            let record = id();
            shown = Some(record.clone());
            drafts.push(draft("conversion", record, at, fields, CONTENT_TYPE, page.body.clone()));
        }
        let beside = |shown: &Option<String>| shown.as_ref().map(|record| ("WARC-Concurrent-To", format!("<{record}>")));
        if let Some(picture) = picture {
            let mut fields = vec![("WARC-Target-URI", format!("{VIEW}{}", rendering.url)), ("WARC-Warcinfo-ID", info.clone())];
            fields.extend(beside(&shown));
            drafts.push(draft("resource", id(), at, fields, "image/png", picture.clone()));
        }
        let json = serde_json::to_vec(rendering).map_err(|e| Error::Internal(format!("rendering as JSON: {e}")))?;
        let mut fields = vec![
            ("WARC-Target-URI", rendering.url.to_string()),
            ("WARC-Warcinfo-ID", info),
            ("Xuncha-Record", "rendering".to_owned()),
            ("Xuncha-Gathering", Gathering::Render.word().to_owned()),
        ];
        fields.extend(beside(&shown));
        drafts.push(draft("metadata", id(), at, fields, "application/json", json.into()));
        let place = drafts.iter().position(|draft| draft.kind == "resource");
        let starts = self.append(drafts).await?;
        Ok(place.and_then(|place| starts.get(place).copied()))
    }
}

fn draft(
    kind: &'static str,
    id: String,
    at: Timestamp,
    fields: Vec<(&'static str, String)>,
    content_type: &'static str,
    body: Bytes,
) -> Draft {
    Draft { kind, id, at, fields, content_type, head: Vec::new(), body, payload: None }
}

/// The screenshot that begins at that place of a capture, if its digest is still the one that was noted.
pub fn picture(path: &std::path::Path, at: u64, sha256: &str) -> Option<Vec<u8>> {
    use std::io::{Seek, SeekFrom};
    let mut file = std::fs::File::open(path).ok()?;
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut reader = super::Reader::new(file, 64 << 20).ok()?;
    let block = reader.next_record()?.ok()?.block?;
    (data_encoding::HEXLOWER.encode(&Sha256::digest(&block)) == sha256).then(|| block.to_vec())
}
