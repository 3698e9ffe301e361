//! A shelf: records that are put away in order and read again, on disk past a bound. What grows with every page of a site stands here
//! and not in memory.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Bytes that are kept in memory: a small site writes no file.
const IN_MEMORY: usize = 256 << 10;
/// Bytes that are read at once when all records are shown.
const READ_AHEAD: usize = 64 << 10;
/// Bytes before a record that tell its length.
const HEAD: usize = 4;

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    at: u64,
    length: u32,
}

/// Records in the order in which they were put.
#[derive(Debug, Default)]
pub struct Shelf {
    folder: Option<PathBuf>,
    in_memory: Option<usize>,
    file: Option<ShelfFile>,
    /// What the file does not hold yet.
    tail: Vec<u8>,
    /// Bytes in the file.
    written: u64,
}

impl Shelf {
    /// A shelf that holds everything in memory.
    pub fn in_memory() -> Self {
        Shelf::default()
    }

    /// A shelf whose file stands in this folder, without a name of its own where the system allows it: it goes with the shelf.
    pub fn in_folder(folder: &Path) -> Self {
        Shelf { folder: Some(folder.to_owned()), ..Shelf::default() }
    }

    /// With another bound of bytes in memory.
    pub fn with_bound(self, in_memory: usize) -> Self {
        Shelf { in_memory: Some(in_memory), ..self }
    }

    /// An empty shelf of the same kind.
    pub fn another(&self) -> Self {
        Shelf { folder: self.folder.clone(), in_memory: self.in_memory, ..Shelf::default() }
    }

    /// Bytes that it keeps in memory where it has a folder.
    pub fn bound(&self) -> usize {
        self.in_memory.unwrap_or(IN_MEMORY)
    }

    /// Puts a record behind the others.
    pub fn put(&mut self, record: &[u8]) -> Result<Place> {
        let length = u32::try_from(record.len()).map_err(|_| Error::Internal("a record of 4 GB".into()))?;
        let place = Place { at: self.written + (self.tail.len() + HEAD) as u64, length };
        self.tail.extend_from_slice(&length.to_le_bytes());
        self.tail.extend_from_slice(record);
        if self.tail.len() >= self.bound()
            && let Some(folder) = &self.folder
        {
            if self.file.is_none() {
                self.file = Some(ShelfFile::create(folder)?);
            }
            if let Some(file) = &self.file {
                file.write(&self.tail, self.written)?;
                self.written += self.tail.len() as u64;
                self.tail.clear();
            }
        }
        Ok(place)
    }

    /// Reads a record.
    pub fn get(&self, place: Place, record: &mut Vec<u8>) -> Result<()> {
        record.clear();
        record.resize(place.length as usize, 0);
        self.read(place.at, record)
    }

    /// Shows every record in order.
    pub fn each(&self, show: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let end = self.written + self.tail.len() as u64;
        let (mut at, mut buffer, mut used) = (0, Vec::new(), 0);
        loop {
            while let Some(record) = record_at(&buffer, used) {
                show(record)?;
                used += HEAD + record.len();
            }
            if at == end {
                return Ok(());
            }
            buffer.drain(..used);
            used = 0;
            // At least the whole of the next record.
            let next =
                buffer.get(..HEAD).and_then(|head| head.try_into().ok()).map_or(0, |head| u32::from_le_bytes(head) as usize);
            let more = (READ_AHEAD.max(next) as u64).min(end - at);
            let from = buffer.len();
            buffer.resize(from + more as usize, 0);
            self.read(at, &mut buffer[from..])?;
            at += more;
        }
    }

    fn read(&self, at: u64, bytes: &mut [u8]) -> Result<()> {
        let gone = || Error::Internal("a shelf does not hold what was asked for".into());
        let in_file = self.written.saturating_sub(at).min(bytes.len() as u64) as usize;
        let (front, back) = bytes.split_at_mut(in_file);
        if !front.is_empty() {
            self.file.as_ref().ok_or_else(gone)?.read(front, at)?;
        }
        if !back.is_empty() {
            let from = (at.max(self.written) - self.written) as usize;
            back.copy_from_slice(self.tail.get(from..from + back.len()).ok_or_else(gone)?);
        }
        Ok(())
    }
}

/// The record that begins there; none when it is not all there.
fn record_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = u32::from_le_bytes(bytes.get(at..at + HEAD)?.try_into().ok()?) as usize;
    bytes.get(at + HEAD..at + HEAD + length)
}

/// Its file.
#[derive(Debug)]
struct ShelfFile {
    file: File,
    path: PathBuf,
}

/// How the files are called.
pub const NAME: &str = "shelf-";
/// How their names end.
pub const ENDING: &str = ".spill";

impl ShelfFile {
    fn create(folder: &Path) -> Result<Self> {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{NAME}{}-{number}{ENDING}", std::process::id()));
        let file = File::options().create(true).truncate(true).read(true).write(true).open(&path);
        let file = file.map_err(|e| Error::io(&path, e))?;
        // An open file needs no name: nothing is left behind by a run that is killed.
        #[cfg(unix)]
        let _ = std::fs::remove_file(&path);
        Ok(ShelfFile { file, path })
    }

    #[cfg(unix)]
    fn write(&self, bytes: &[u8], at: u64) -> Result<()> {
        use std::os::unix::fs::FileExt;
        self.file.write_all_at(bytes, at).map_err(|e| Error::io(&self.path, e))
    }

    #[cfg(unix)]
    fn read(&self, bytes: &mut [u8], at: u64) -> Result<()> {
        use std::os::unix::fs::FileExt;
        self.file.read_exact_at(bytes, at).map_err(|e| Error::io(&self.path, e))
    }

    #[cfg(not(unix))]
    fn write(&self, bytes: &[u8], at: u64) -> Result<()> {
        use std::io::{Seek, SeekFrom, Write};
        let mut file = &self.file;
        let written = file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(bytes));
        written.map_err(|e| Error::io(&self.path, e))
    }

    #[cfg(not(unix))]
    fn read(&self, bytes: &mut [u8], at: u64) -> Result<()> {
        use std::io::{Read, Seek, SeekFrom};
        let mut file = &self.file;
        let read = file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(bytes));
        read.map_err(|e| Error::io(&self.path, e))
    }
}

impl Drop for ShelfFile {
    fn drop(&mut self) {
        if cfg!(not(unix)) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(mut shelf: Shelf) {
        let record = |n: usize| vec![n as u8; n * 7919 % 3000];
        let places: Vec<Place> = (0..1000).map(|n| shelf.put(&record(n)).expect("puts")).collect();
        let large = vec![7; 3 * READ_AHEAD];
        let last = shelf.put(&large).expect("puts");
        let mut read = Vec::new();
        for n in [0, 999, 1, 500, 120] {
            shelf.get(places[n], &mut read).expect("reads");
            assert_eq!(read, record(n));
        }
        shelf.get(last, &mut read).expect("reads");
        assert_eq!(read, large);
        let mut n = 0;
        let shown = shelf.each(&mut |shown| {
            assert!(if n == 1000 { shown == large } else { shown == record(n) }, "{n}");
            n += 1;
            Ok(())
        });
        shown.expect("shows");
        assert_eq!(n, 1001);
    }

    #[test]
    fn what_was_put_is_read_again() {
        holds(Shelf::in_memory());
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::in_folder(folder.path());
        holds(shelf.another());
        assert_eq!(std::fs::read_dir(folder.path()).expect("reads").count(), 0, "nothing is left behind");
    }

    #[test]
    fn past_its_bound_it_is_on_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut shelf = Shelf::in_folder(folder.path());
        for _ in 0..100 {
            shelf.put(&[1; 10_000]).expect("puts");
        }
        assert!(shelf.written > 600_000 && shelf.tail.len() < IN_MEMORY);
    }

    #[test]
    fn a_place_of_another_shelf_is_an_error() {
        let mut other = Shelf::in_memory();
        other.put(&[1; 100]).expect("puts");
        let place = other.put(&[2; 100]).expect("puts");
        assert!(Shelf::in_memory().get(place, &mut Vec::new()).is_err());
    }
}
