//! Appends records to a capture. A record is written whole or, after a kill, cut off again by the committed length.

use super::draft::{Draft, payload_digest};
use super::entry::{Last, LookedRecord, Origin, Original, Shrunk, unfetched_fields};
use super::http_message::{method_word, request_head, response_head};
use super::kill;
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering, Profile};
use crate::facts::probes::Looked;
use crate::unfetched::{Reason, Unfetched};
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// Above this size a record is compressed off the async threads.
const LARGE: usize = 256 << 10;

/// `WARC-Profile` of a `304`.
const NOT_MODIFIED: &str = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";
/// `WARC-Profile` of the same bytes again.
const IDENTICAL: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";

/// A response record that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its id, `urn:uuid:…`.
    pub record: String,
    /// Digest of its payload; of a revisit that of the original.
    pub payload: String,
}

/// How far the capture is written; committed together with the states.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Bytes.
    pub length: u64,
    /// Records: the ordinal of the next one.
    pub records: u64,
    /// Response records.
    pub responses: u64,
    /// Records of URLs without response, by reason.
    pub unfetched: BTreeMap<Reason, u64>,
}

/// An open capture.
#[derive(Debug)]
pub struct Writer {
    file: File,
    path: PathBuf,
    gzip: bool,
    run_id: String,
    user_agent: Option<String>,
    position: Position,
}

impl Writer {
    /// Opens `path` at a committed position; what stands behind it is cut off. Position 0 is a new file.
    pub fn open(path: &Path, run_id: &str, user_agent: Option<String>, position: Position) -> Result<Self> {
        let io = |e| Error::io(path, e);
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).read(true).open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        if length < position.length {
            return Err(Error::usage_with(
                format!(
                    "{}: 采集文件只有 {length} 字节，应有 {} / the capture has {length} bytes, {} were recorded",
                    path.display(),
                    position.length,
                    position.length
                ),
                "换一个 --out 重新采集 / choose another --out",
            ));
        }
        file.set_len(position.length).map_err(io)?;
        file.seek(SeekFrom::End(0)).map_err(io)?;
        let gzip = !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("warc"));
        Ok(Writer { file, path: path.to_owned(), gzip, run_id: run_id.to_owned(), user_agent, position })
    }

    /// How far it is written.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// First two records.
    pub async fn begin(&mut self, origin: &Origin, plan_json: Vec<u8>) -> Result<()> {
        let file_name = self.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let info = Draft {
            kind: "warcinfo",
            id: self.id(0),
            at: origin.started,
            fields: vec![("WARC-Filename", file_name)],
            content_type: "application/warc-fields",
            head: origin.to_fields().to_bytes(),
            body: Bytes::new(),
            payload: None,
        };
        let plan = self.about_run("plan", 1, origin.started, "application/json", plan_json);
        self.append(vec![info, plan]).await.map(drop)
    }

    /// Request and response of an exchange.
    pub async fn exchange(&mut self, exchange: &Exchange) -> Result<Written> {
        let payload = payload_digest(&exchange.body);
        self.pair(exchange, "response", Vec::new(), exchange.body.clone(), payload).await
    }

    /// Request and `revisit` of an exchange whose body is that of an original elsewhere: `304`, or the same bytes again.
    pub async fn revisit(&mut self, exchange: &Exchange, original: &Original) -> Result<Written> {
        let profile = if exchange.status == 304 { NOT_MODIFIED } else { IDENTICAL };
        let fields = vec![
            ("WARC-Profile", profile.to_owned()),
            ("WARC-Refers-To", format!("<{}>", original.record)),
            ("WARC-Refers-To-Target-URI", exchange.url.to_string()),
            ("WARC-Refers-To-Date", original.at.to_string()),
            ("Xuncha-Refers-To-Run", original.run.clone()),
            ("Xuncha-Refers-To-Capture", format!("sha256:{}", original.capture)),
        ];
        self.pair(exchange, "revisit", fields, Bytes::new(), original.payload.clone()).await
    }

    async fn pair(
        &mut self,
        exchange: &Exchange,
        kind: &'static str,
        more: Vec<(&'static str, String)>,
        body: Bytes,
        payload: String,
    ) -> Result<Written> {
        let (request_id, response_id) = (self.id(self.position.records), self.id(self.position.records + 1));
        let request = Draft {
            kind: "request",
            id: request_id.clone(),
            at: exchange.at,
            fields: vec![
                ("WARC-Target-URI", exchange.url.to_string()),
                ("WARC-Concurrent-To", format!("<{response_id}>")),
                ("WARC-Warcinfo-ID", format!("<{}>", self.id(0))),
            ],
            content_type: "application/http; msgtype=request",
            head: request_head(exchange, self.user_agent.as_deref()),
            body: Bytes::new(),
            payload: Some(payload_digest(&[])),
        };
        let mut fields = vec![
            ("WARC-Target-URI", exchange.url.to_string()),
            ("WARC-Concurrent-To", format!("<{request_id}>")),
            ("WARC-Warcinfo-ID", format!("<{}>", self.id(0))),
        ];
        fields.extend(own_fields(exchange));
        fields.extend(more);
        let response = Draft {
            kind,
            id: response_id.clone(),
            at: exchange.at,
            fields,
            content_type: "application/http; msgtype=response",
            head: response_head(exchange),
            body,
            payload: Some(payload.clone()),
        };
        self.append(vec![request, response]).await?;
        self.position.responses += 1;
        Ok(Written { record: response_id, payload })
    }

    /// A URL without response.
    pub async fn unfetched(&mut self, unfetched: &Unfetched) -> Result<()> {
        let draft = Draft {
            kind: "metadata",
            id: self.id(self.position.records),
            at: unfetched.at,
            fields: vec![
                ("WARC-Target-URI", unfetched.url.to_string()),
                ("WARC-Warcinfo-ID", format!("<{}>", self.id(0))),
                ("Xuncha-Record", "unfetched".to_owned()),
            ],
            content_type: "application/warc-fields",
            head: unfetched_fields(unfetched).to_bytes(),
            body: Bytes::new(),
            payload: None,
        };
        self.append(vec![draft]).await?;
        *self.position.unfetched.entry(unfetched.reason).or_default() += 1;
        Ok(())
    }

    /// What a handshake or a look-up showed, with the certificates as sent.
    pub async fn looked(&mut self, looked: &Looked, chain: &[Vec<u8>], at: Timestamp) -> Result<()> {
        let chain = chain.iter().map(|der| data_encoding::BASE64.encode(der)).collect();
        let record = LookedRecord { looked: looked.clone(), chain };
        let head = serde_json::to_vec(&record).map_err(|e| Error::Internal(format!("probe as JSON: {e}")))?;
        let scheme = if looked.gathering() == Gathering::Certificate { "https" } else { "dns" };
        let target = if scheme == "dns" { format!("dns:{}", looked.host()) } else { format!("https://{}/", looked.host()) };
        let draft = Draft {
            kind: "metadata",
            id: self.id(self.position.records),
            at,
            fields: vec![
                ("WARC-Target-URI", target),
                ("WARC-Warcinfo-ID", format!("<{}>", self.id(0))),
                ("Xuncha-Record", "looked".to_owned()),
                ("Xuncha-Gathering", looked.gathering().word().to_owned()),
            ],
            content_type: "application/json",
            head,
            body: Bytes::new(),
            payload: None,
        };
        self.append(vec![draft]).await.map(drop)
    }

    /// The last record; then the file is forced to disk.
    pub async fn end(&mut self, complete: bool, finished: Timestamp, shrunk: Option<Shrunk>) -> Result<()> {
        let (responses, unfetched) = (self.position.responses, self.position.unfetched.clone());
        let last = Last { complete, finished, responses, unfetched, shrunk };
        let block = last.to_fields().to_bytes();
        let draft = self.about_run("last", self.position.records, finished, "application/warc-fields", block);
        self.append(vec![draft]).await?;
        self.file.sync_data().map_err(|e| Error::io(&self.path, e))
    }

    fn about_run(&self, what: &str, ordinal: u64, at: Timestamp, content_type: &'static str, head: Vec<u8>) -> Draft {
        let info = self.id(0);
        Draft {
            kind: "metadata",
            id: self.id(ordinal),
            at,
            fields: vec![
                ("WARC-Target-URI", format!("urn:xuncha:{what}")),
                ("WARC-Refers-To", format!("<{info}>")),
                ("WARC-Warcinfo-ID", format!("<{info}>")),
                ("Xuncha-Record", what.to_owned()),
            ],
            content_type,
            head,
            body: Bytes::new(),
            payload: None,
        }
    }

    /// Where each record begins.
    pub(super) async fn append(&mut self, drafts: Vec<Draft>) -> Result<Vec<u64>> {
        let (gzip, count) = (self.gzip, drafts.len() as u64);
        let large = drafts.iter().map(Draft::block_len).sum::<usize>() > LARGE;
        let make = move || drafts.iter().map(|d| d.to_bytes(gzip)).collect::<Result<Vec<_>>>();
        let members = if large {
            tokio::task::spawn_blocking(make).await.map_err(|e| Error::Internal(format!("gzip: {e}")))??
        } else {
            make()?
        };
        let mut starts = Vec::with_capacity(members.len());
        let mut at = self.position.length;
        for member in &members {
            starts.push(at);
            at += member.len() as u64;
        }
        let bytes = members.concat();
        if kill::is_now("record-half") {
            let _ = self.file.write_all(&bytes[..bytes.len() / 2]);
            kill::end();
        }
        // A short write (disk full) leaves a torn record; cut it off so that the next record begins at the committed end.
        if let Err(e) = self.file.write_all(&bytes) {
            let _ = self.file.set_len(self.position.length);
            let _ = self.file.seek(SeekFrom::Start(self.position.length));
            return Err(Error::io(&self.path, e));
        }
        self.position.length += bytes.len() as u64;
        self.position.records += count;
        kill::point("record-written");
        Ok(starts)
    }

    /// Record ids follow from run id and ordinal (a version 8 UUID), so that a resumed run cannot repeat one.
    pub(super) fn id(&self, ordinal: u64) -> String {
        let hash = Sha256::digest(format!("{} {ordinal}", self.run_id));
        let mut hex = data_encoding::HEXLOWER.encode(&hash[..16]).into_bytes();
        hex[12] = b'8';
        hex[16] = b"89ab"[usize::from(hash[8] & 3)];
        let hex = String::from_utf8_lossy(&hex).into_owned();
        format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}

/// What WARC has no field for.
pub(crate) fn own_fields(exchange: &Exchange) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("Xuncha-Gathering", exchange.gathering.word().to_owned()),
        ("Xuncha-Method", method_word(exchange.method).to_owned()),
        ("Xuncha-Hops", exchange.hops.to_string()),
        ("Xuncha-Attempts", exchange.attempts.to_string()),
        ("Xuncha-Look", exchange.look.to_string()),
    ];
    if let Some(elapsed) = exchange.elapsed {
        fields.push(("Xuncha-Elapsed", elapsed.to_string()));
    }
    if exchange.profile != Profile::Own {
        fields.push(("Xuncha-Profile", exchange.profile.word().to_owned()));
    }
    if let Some(via) = &exchange.via {
        fields.push(("Xuncha-Via", via.to_string()));
    }
    fields
}
