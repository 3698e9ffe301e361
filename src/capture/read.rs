//! Reads WARC/1.0 and 1.1 records one by one, ours and other tools', with bounded memory, and says at which byte a file breaks.

use super::fields::Fields;
use super::member::Content;
use data_encoding::{BASE32, HEXLOWER};
use sha1::{Digest, Sha1};
use std::fmt;
use std::io::Read;

/// Largest line of a record head.
const LINE_LIMIT: usize = 64 << 10;
/// Most bytes of a record that is passed over; a file that announces more is not believed.
const SKIP_LIMIT: u64 = 4 << 30;

/// Where and why a file cannot be read further. Everything before it is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Byte offset in the file: of the gzip member, or of the record in a plain file.
    pub offset: u64,
    /// The cause, in Chinese and English.
    pub cause: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "字节 / byte {}: {}", self.offset, self.cause)
    }
}

/// A record as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Byte offset in the file (see [`Broken::offset`]).
    pub offset: u64,
    /// Named fields.
    pub fields: Fields,
    /// The block; none when it is larger than the limit and was passed over.
    pub block: Option<Vec<u8>>,
    /// Does the block match its digest? None: no digest that we know.
    pub digest_holds: Option<bool>,
}

impl Record {
    /// `WARC-Type` in lower case.
    pub fn kind(&self) -> String {
        self.fields.get("WARC-Type").unwrap_or_default().to_ascii_lowercase()
    }

    /// `WARC-Target-URI`, also in the angle brackets that some tools write.
    pub fn target(&self) -> Option<&str> {
        self.fields.get("WARC-Target-URI").map(|t| t.trim_start_matches('<').trim_end_matches('>'))
    }

    /// Media type of the block, lower case, without parameters.
    pub fn media_type(&self) -> String {
        let value = self.fields.get("Content-Type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// `WARC-Date`.
    pub fn date(&self) -> Option<jiff::Timestamp> {
        self.fields.get("WARC-Date")?.parse().ok()
    }
}

/// Reads records in file order.
#[derive(Debug)]
pub struct Reader<R> {
    content: Content<R>,
    limit: u64,
    ended: bool,
    /// A break found behind the record that was handed out.
    behind: Option<Broken>,
}

impl<R: Read> Reader<R> {
    /// `limit`: the largest block that is handed out; larger ones are passed over.
    pub fn new(source: R, limit: u64) -> Result<Self, Broken> {
        let content = Content::open(source).map_err(|e| Broken { offset: 0, cause: e.to_string() })?;
        Ok(Reader { content, limit, ended: false, behind: None })
    }

    /// The next record; none at the end. After a break nothing more comes.
    pub fn next_record(&mut self) -> Option<Result<Record, Broken>> {
        if self.ended {
            return None;
        }
        let result = self.behind.take().map_or_else(|| self.record().transpose(), |broken| Some(Err(broken)));
        if !matches!(result, Some(Ok(_))) {
            self.ended = true;
        }
        result
    }

    fn broken(&self, cause: impl Into<String>) -> Broken {
        Broken { offset: self.content.offset(), cause: cause.into() }
    }

    fn peek(&mut self) -> Result<&[u8], Broken> {
        if let Err(e) = self.content.peek() {
            return Err(self.broken(match e.kind() {
                std::io::ErrorKind::UnexpectedEof => "文件在此截断 / the file is cut here".to_owned(),
                _ => format!("gzip 损坏 / damaged gzip: {e}"),
            }));
        }
        // Shows the same bytes again; asked twice because the error arm above needs the reader.
        let offset = self.content.offset();
        self.content.peek().map_err(|e| Broken { offset, cause: e.to_string() })
    }

    fn record(&mut self) -> Result<Option<Record>, Broken> {
        self.skip_line_breaks()?;
        if self.peek()?.is_empty() {
            return Ok(None);
        }
        let offset = self.content.offset();
        let at = |mut broken: Broken| {
            broken.offset = offset;
            broken
        };
        let member = self.content.member();
        let mut head = Vec::new();
        let first = self.line().map_err(at)?;
        if !first.starts_with(b"WARC/1.") && !first.starts_with(b"WARC/0.1") {
            let shown: String = String::from_utf8_lossy(&first).chars().take(40).collect();
            return Err(at(self.broken(format!("这里应是 WARC 记录 / a WARC record was expected: {shown:?}"))));
        }
        loop {
            let line = self.line().map_err(at)?;
            if line.is_empty() {
                break;
            }
            head.extend_from_slice(&line);
            head.push(b'\n');
            if head.len() > super::HEAD_LIMIT {
                return Err(at(self.broken("记录头过长 / record head is too long")));
            }
        }
        let fields = Fields::parse(&head);
        let Some(length) = fields.get("Content-Length").and_then(|v| v.parse::<u64>().ok()) else {
            return Err(at(self.broken("缺少 Content-Length / no usable Content-Length")));
        };
        let block = self.block(length, member).map_err(at)?;
        self.end_of_record(member).map_err(at)?;
        let digest_holds = block.as_deref().and_then(|block| digest_holds(fields.get("WARC-Block-Digest")?, block));
        Ok(Some(Record { offset, fields, block, digest_holds }))
    }

    /// What follows a block must be the end of the record, else Content-Length lied and the block is not what it seems. Looks as far
    /// as the next record, so that a gzip member is believed only with its checksum; a break behind it is kept for the next call.
    fn end_of_record(&mut self, member: u64) -> Result<(), Broken> {
        let looked = self.skip_line_breaks().and_then(|()| self.peek().map(|next| next[..next.len().min(5)].to_vec()));
        match looked {
            Err(broken) if self.content.member() == member && self.content.is_gzip() => Err(broken),
            Err(broken) => {
                self.behind = Some(broken);
                Ok(())
            }
            Ok(next) if self.content.member() == member && !b"WARC/".starts_with(&next) => {
                Err(self.broken("Content-Length 与内容不符 / Content-Length does not fit the block"))
            }
            Ok(_) => Ok(()),
        }
    }

    fn skip_line_breaks(&mut self) -> Result<(), Broken> {
        loop {
            let next = self.peek()?;
            let breaks = next.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            let more = breaks > 0 && breaks == next.len();
            self.content.skip(breaks);
            if !more {
                return Ok(());
            }
        }
    }

    /// One line without its end.
    fn line(&mut self) -> Result<Vec<u8>, Broken> {
        let mut line = Vec::new();
        loop {
            let next = self.peek()?;
            if next.is_empty() {
                return Err(self.broken("文件在记录头中截断 / the file is cut in a record head"));
            }
            match next.iter().position(|b| *b == b'\n') {
                Some(end) => {
                    line.extend_from_slice(&next[..end]);
                    self.content.skip(end + 1);
                    if line.last() == Some(&b'\r') {
                        line.pop();
                    }
                    return Ok(line);
                }
                None => {
                    let amount = next.len();
                    line.extend_from_slice(next);
                    self.content.skip(amount);
                }
            }
            if line.len() > LINE_LIMIT {
                return Err(self.broken("行过长 / a line is too long"));
            }
        }
    }

    fn block(&mut self, length: u64, member: u64) -> Result<Option<Vec<u8>>, Broken> {
        let keep = length <= self.limit;
        if !keep && length > SKIP_LIMIT {
            return Err(self.broken(format!("记录声称 {length} 字节 / a record of {length} bytes is not believed")));
        }
        let mut block = Vec::with_capacity(if keep { length.min(1 << 20) as usize } else { 0 });
        let mut left = length;
        while left > 0 {
            let next = self.peek()?;
            if next.is_empty() {
                return Err(self.broken("文件在记录中截断 / the file is cut inside a record"));
            }
            let amount = next.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if keep {
                block.extend_from_slice(&next[..amount]);
            }
            if self.content.member() != member {
                return Err(self.broken("记录超出其 gzip 成员 / a record is longer than its gzip member"));
            }
            self.content.skip(amount);
            left -= amount as u64;
        }
        Ok(keep.then_some(block))
    }
}

/// Compares with `sha1:BASE32` or `sha1:hex`; other algorithms are not judged.
fn digest_holds(value: &str, block: &[u8]) -> Option<bool> {
    let (algorithm, digest) = value.split_once(':')?;
    if !algorithm.eq_ignore_ascii_case("sha1") {
        return None;
    }
    let real = Sha1::digest(block);
    match digest.len() {
        32 => Some(BASE32.encode(&real).eq_ignore_ascii_case(digest)),
        40 => Some(HEXLOWER.encode(&real).eq_ignore_ascii_case(digest)),
        _ => None,
    }
}
