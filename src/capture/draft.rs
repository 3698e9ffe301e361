//! One WARC record ready to be written: its fields, its block, both digests.

use crate::error::{Error, Result};
use bytes::Bytes;
use data_encoding::BASE32;
use flate2::{Compression, write::GzEncoder};
use jiff::Timestamp;
use sha1::{Digest, Sha1};
use std::io::Write as _;

/// SHA-1 of a payload in Base32, as web archives write it.
pub fn payload_digest(payload: &[u8]) -> String {
    BASE32.encode(&Sha1::digest(payload))
}

/// A record before it is put into bytes.
#[derive(Debug, Clone)]
pub struct Draft {
    /// `warcinfo`, `request`, `response`, `revisit`, `metadata`.
    pub kind: &'static str,
    /// `<urn:uuid:…>` without the brackets.
    pub id: String,
    /// `WARC-Date`.
    pub at: Timestamp,
    /// Further named fields in order.
    pub fields: Vec<(&'static str, String)>,
    /// Media type of the block.
    pub content_type: &'static str,
    /// First part of the block: an HTTP head, or all of it.
    pub head: Vec<u8>,
    /// Second part: an HTTP body.
    pub body: Bytes,
    /// Digest of its payload, where it has one apart from the block (HTTP messages); of a revisit that of the original. See [`payload_digest`].
    pub payload: Option<String>,
}

impl Draft {
    /// Bytes of the block.
    pub fn block_len(&self) -> usize {
        self.head.len() + self.body.len()
    }

    /// The record in bytes, as a gzip member of its own when asked.
    pub fn to_bytes(&self, gzip: bool) -> Result<Vec<u8>> {
        let head = self.record_head();
        let parts: [&[u8]; 4] = [head.as_bytes(), &self.head, &self.body, b"\r\n\r\n"];
        if !gzip {
            return Ok(parts.concat());
        }
        let mut member = GzEncoder::new(Vec::with_capacity(self.block_len() / 3 + 512), Compression::fast());
        for part in parts {
            member.write_all(part).map_err(|e| Error::Internal(format!("gzip: {e}")))?;
        }
        member.finish().map_err(|e| Error::Internal(format!("gzip: {e}")))
    }

    fn record_head(&self) -> String {
        let mut out =
            format!("WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: <{}>\r\nWARC-Date: {}\r\n", self.kind, self.id, self.at);
        for (name, value) in &self.fields {
            out.push_str(&format!("{name}: {}\r\n", super::fields::one_line(value)));
        }
        let mut block = Sha1::new();
        block.update(&self.head);
        block.update(&self.body);
        out.push_str(&format!("WARC-Block-Digest: sha1:{}\r\n", BASE32.encode(&block.finalize())));
        if let Some(payload) = &self.payload {
            out.push_str(&format!("WARC-Payload-Digest: sha1:{payload}\r\n"));
        }
        out.push_str(&format!("Content-Type: {}\r\nContent-Length: {}\r\n\r\n", self.content_type, self.block_len()));
        out
    }
}
