//! `xuncha capture pack`: one capture that needs no other, with the original in place of every `revisit`.

use super::db::Db;
use super::originals::Originals;
use super::replay::BLOCK_LIMIT;
use crate::capture::draft::{Draft, payload_digest};
use crate::capture::entry::Understanding;
use crate::capture::http_message::response_head;
use crate::capture::write::own_fields;
use crate::capture::{Entry, Reader};
use crate::error::{Error, Result};
use crate::exchange::Exchange;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What packing did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Packed {
    /// Records copied as they were.
    pub copied: u64,
    /// Originals put in.
    pub filled: u64,
    /// Revisits whose original is in none of the captures; they stay what they are.
    pub absent: u64,
}

/// The capture of a run folder, and the captures that hold its originals as far as they are known.
pub async fn captures_of(folder: &Path) -> Result<(PathBuf, Vec<PathBuf>)> {
    let file = folder.join("run.db");
    if !file.is_file() {
        return Err(Error::usage_with(
            format!("{}: 不是巡查的运行目录 / is no run folder", folder.display()),
            "给出 --out 的目录或其中的采集文件 / give the folder of an --out, or its capture",
        ));
    }
    let mut db = Db::open(&file).await?;
    let stored = db.stored().await?.filter(|stored| stored.finished);
    let capture = stored.and_then(|stored| stored.capture).ok_or_else(|| {
        Error::usage_with(
            format!("{}: 未完成，或没有留存采集文件 / is not finished, or kept no capture", folder.display()),
            "先把它跑完，不用 --capture none / finish it, without --capture none",
        )
    })?;
    // A folder that was moved has its capture beside its run.db.
    let beside = capture.file_name().map(|name| folder.join(name)).filter(|path| !capture.is_file() && path.is_file());
    let originals = db.since().await?.map(|since| since.captures.into_values().map(|one| one.path).collect()).unwrap_or_default();
    Ok((beside.unwrap_or(capture), originals))
}

/// Copies `capture` to `to`, a new file, with the originals out of `others` put in.
pub fn pack(capture: &Path, others: &[PathBuf], to: &Path) -> Result<Packed> {
    let io = |e| Error::io(to, e);
    let mut wanted = HashSet::new();
    let mut ends = Vec::new();
    each(capture, &mut |entry, offset| {
        ends.push(offset);
        if let Entry::Revisit { original, .. } = entry {
            wanted.insert(original.record);
        }
        Ok(())
    })?;
    let source = File::open(capture).map_err(|e| Error::io(capture, e))?;
    ends.push(source.metadata().map_err(|e| Error::io(capture, e))?.len());
    let originals = Originals::find(others, &wanted, BLOCK_LIMIT)?;
    let gzip = is_gzip(capture)?;
    let file = File::options().write(true).create_new(true).open(to).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Error::usage_with(
            format!("{}: 文件已存在 / the file exists", to.display()),
            "换一个 --to，或先移走它 / choose another --to or move it away",
        ),
        _ => Error::io(to, e),
    })?;
    let (mut out, mut packed, mut at) = (BufWriter::new(file), Packed::default(), 0);
    each(capture, &mut |entry, offset| {
        at += 1;
        let end = ends.get(at).copied().unwrap_or(offset);
        if let Entry::Revisit { exchange, original } = &entry {
            if let Some(whole) = originals.whole(exchange, &original.record) {
                packed.filled += 1;
                return out.write_all(&response(&whole, capture, offset)?.to_bytes(gzip)?).map_err(io);
            }
            packed.absent += 1;
        }
        packed.copied += 1;
        copy(&source, capture, offset, end, &mut out)
    })?;
    out.flush().map_err(io)?;
    Ok(packed)
}

/// Goes through a capture of ours: every record as understood, with its offset. A broken one is refused.
fn each(capture: &Path, see: &mut dyn FnMut(Entry, u64) -> Result<()>) -> Result<()> {
    let broken = |e: &dyn std::fmt::Display| {
        Error::usage_with(format!("{}: {e}", capture.display()), "只能合成完好的采集文件 / only a sound capture can be packed")
    };
    let file = File::open(capture).map_err(|e| Error::io(capture, e))?;
    let mut reader = Reader::new(file, BLOCK_LIMIT).map_err(|e| broken(&e))?;
    let mut understanding = Understanding::default();
    while let Some(record) = reader.next_record() {
        let record = record.map_err(|e| broken(&e))?;
        let offset = record.offset;
        see(understanding.of(record), offset)?;
    }
    Ok(())
}

/// A response record in place of the revisit at that offset: its id, its date, the original's answer.
fn response(whole: &Exchange, capture: &Path, offset: u64) -> Result<Draft> {
    let mut file = File::open(capture).map_err(|e| Error::io(capture, e))?;
    file.seek(SeekFrom::Start(offset)).map_err(|e| Error::io(capture, e))?;
    let record = Reader::new(file, BLOCK_LIMIT).ok().and_then(|mut reader| reader.next_record()?.ok());
    let record = record.ok_or_else(|| Error::Internal("a record that was read is gone".into()))?;
    let field = |name: &str| record.fields.get(name).unwrap_or_default().to_owned();
    let mut fields = vec![
        ("WARC-Target-URI", whole.url.to_string()),
        ("WARC-Concurrent-To", field("WARC-Concurrent-To")),
        ("WARC-Warcinfo-ID", field("WARC-Warcinfo-ID")),
    ];
    fields.extend(own_fields(whole));
    Ok(Draft {
        kind: "response",
        id: field("WARC-Record-ID").trim_matches(['<', '>']).to_owned(),
        at: whole.at,
        fields,
        content_type: "application/http; msgtype=response",
        head: response_head(whole),
        body: whole.body.clone(),
        payload: Some(payload_digest(&whole.body)),
    })
}

fn copy(mut source: &File, capture: &Path, from: u64, to: u64, out: &mut dyn Write) -> Result<()> {
    source.seek(SeekFrom::Start(from)).map_err(|e| Error::io(capture, e))?;
    std::io::copy(&mut source.take(to.saturating_sub(from)), out).map(drop).map_err(|e| Error::io(capture, e))
}

fn is_gzip(path: &Path) -> Result<bool> {
    let mut head = [0; 2];
    let mut file = File::open(path).map_err(|e| Error::io(path, e))?;
    Ok(file.read_exact(&mut head).is_ok() && head == [0x1f, 0x8b])
}
