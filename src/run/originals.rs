//! Records of other captures that `revisit` records refer to.

use crate::capture::entry::Understanding;
use crate::capture::{Entry, Reader};
use crate::error::{Error, Result};
use crate::exchange::Exchange;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::PathBuf;

/// Where the wanted records stand.
#[derive(Debug)]
pub(super) struct Originals {
    /// File and offset by record id.
    places: BTreeMap<String, (usize, u64)>,
    files: Vec<PathBuf>,
    limit: u64,
}

impl Originals {
    /// Looks for records by id. A file that is gone or broken holds none, or those before the break: what is not found is for the
    /// caller to tell.
    pub(super) fn find(files: &[PathBuf], wanted: &HashSet<String>, limit: u64) -> Result<Self> {
        let mut places = BTreeMap::new();
        for (number, path) in files.iter().enumerate() {
            let Ok(file) = File::open(path) else { continue };
            let Ok(mut reader) = Reader::new(file, 0) else { continue };
            while places.len() < wanted.len()
                && let Some(Ok(record)) = reader.next_record()
            {
                let id = record.fields.get("WARC-Record-ID").unwrap_or_default().trim_matches(['<', '>']);
                if wanted.contains(id) {
                    places.insert(id.to_owned(), (number, record.offset));
                }
            }
        }
        Ok(Originals { places, files: files.to_vec(), limit })
    }

    /// A revisit with status, headers and body of its original, as if it had been sent whole.
    pub(super) fn whole(&self, revisit: &Exchange, record: &str) -> Option<Exchange> {
        let original = self.exchange(record).ok()??;
        Some(Exchange {
            status: original.status,
            headers: original.headers,
            body: original.body,
            elapsed: original.elapsed,
            ..revisit.clone()
        })
    }

    fn exchange(&self, record: &str) -> Result<Option<Exchange>> {
        let Some((number, offset)) = self.places.get(record) else { return Ok(None) };
        let Some(path) = self.files.get(*number) else { return Ok(None) };
        let failed = |e| Error::io(path, e);
        let mut file = File::open(path).map_err(failed)?;
        file.seek(SeekFrom::Start(*offset)).map_err(failed)?;
        let Ok(mut reader) = Reader::new(file, self.limit) else { return Ok(None) };
        Ok(match reader.next_record() {
            Some(Ok(record)) if record.digest_holds != Some(false) => match Understanding::default().of(record) {
                Entry::Answer { exchange, has_body: true } => Some(*exchange),
                _ => None,
            },
            _ => None,
        })
    }
}
