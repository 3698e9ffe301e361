//! A line of waiting URLs that comes out in order: by hop count, then canonical URL, then gathering. Past a bound what waits goes to a
//! file, sorted, a stretch at a time; coming out, the stretches are merged again.

use super::Waiting;
use crate::error::{Error, Result};
use crate::exchange::{Gathering, Profile};
use crate::shelf::ENDING;
use crate::url::CanonicalUrl;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// URLs of a line in memory; with their texts about 5 MB.
const IN_MEMORY: usize = 1 << 14;
/// Bytes of a stretch that are read at once.
const READ_AHEAD: usize = 16 << 10;

/// Where lines put what does not fit into memory. Files vanish with the line, and those of a killed run with the next one.
#[derive(Debug, Clone, Default)]
pub struct Spill {
    folder: Option<PathBuf>,
    in_memory: Option<usize>,
}

/// How the files are called.
const NAME: &str = "waiting-";

impl Spill {
    /// Into this folder; what a killed run left there goes.
    pub fn into_folder(folder: &Path) -> Self {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = name.starts_with(NAME) || name.starts_with(crate::shelf::NAME);
            if ours && name.ends_with(ENDING) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
        Spill { folder: Some(folder.to_owned()), in_memory: None }
    }

    /// With another bound of URLs in memory a line.
    pub fn with_bound(self, in_memory: usize) -> Self {
        Spill { in_memory: Some(in_memory.max(1)), ..self }
    }

    fn bound(&self) -> usize {
        self.in_memory.unwrap_or(IN_MEMORY)
    }
}

/// Orders waiting URLs as they come out.
fn key(waiting: &Waiting) -> (u32, &CanonicalUrl, Gathering) {
    (waiting.hops, &waiting.url, waiting.gathering)
}

/// A line that takes URLs.
#[derive(Debug, Default)]
pub struct Line {
    spill: Spill,
    here: Vec<Waiting>,
    file: Option<SpillFile>,
    /// Begin and end of each sorted stretch of the file.
    stretches: Vec<(u64, u64)>,
    count: u64,
}

impl Line {
    /// An empty line.
    pub fn new(spill: &Spill) -> Self {
        Line { spill: spill.clone(), ..Line::default() }
    }

    /// URLs in it.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Takes a URL.
    pub fn push(&mut self, waiting: Waiting) -> Result<()> {
        self.here.push(waiting);
        self.count += 1;
        if self.here.len() >= self.spill.bound() && self.spill.folder.is_some() { self.spill_over() } else { Ok(()) }
    }

    fn spill_over(&mut self) -> Result<()> {
        let Some(folder) = &self.spill.folder else { return Ok(()) };
        if self.file.is_none() {
            self.file = Some(SpillFile::create(folder)?);
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        self.here.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        let begin = file.length;
        let failed = |e| Error::io(&file.path, e);
        file.file.seek(SeekFrom::Start(begin)).map_err(failed)?;
        let mut out = BufWriter::with_capacity(256 << 10, &mut file.file);
        let mut record = Vec::new();
        let mut length = begin;
        for waiting in self.here.drain(..) {
            record.clear();
            put(&mut record, &waiting);
            out.write_all(&record).map_err(failed)?;
            length += record.len() as u64;
        }
        out.flush().map_err(failed)?;
        drop(out);
        file.length = length;
        self.stretches.push((begin, length));
        Ok(())
    }

    /// Ends the taking; now it gives.
    pub fn close(mut self) -> Result<Sorted> {
        // From the end, so that the first is popped first.
        self.here.sort_unstable_by(|a, b| key(b).cmp(&key(a)));
        let mut sorted = Sorted {
            here: self.here,
            file: self.file,
            stretches: self
                .stretches
                .iter()
                .map(|(begin, end)| Stretch { at: *begin, end: *end, buffer: Vec::new(), used: 0 })
                .collect(),
            heads: BinaryHeap::new(),
            count: self.count,
        };
        for index in 0..sorted.stretches.len() {
            sorted.refill(index)?;
        }
        Ok(sorted)
    }
}

/// A line that gives its URLs in order.
#[derive(Debug, Default)]
pub struct Sorted {
    here: Vec<Waiting>,
    file: Option<SpillFile>,
    stretches: Vec<Stretch>,
    /// The first of each stretch.
    heads: BinaryHeap<Reverse<Head>>,
    count: u64,
}

impl Sorted {
    /// URLs left.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Is nothing left?
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The next URL, if there is one.
    pub fn pop(&mut self) -> Result<Option<Waiting>> {
        let from_file = match (self.heads.peek(), self.here.last()) {
            (Some(Reverse(head)), Some(here)) => key(&head.waiting) < key(here),
            (Some(_), None) => true,
            (None, _) => false,
        };
        let next = if from_file {
            let Some(Reverse(head)) = self.heads.pop() else { return Ok(None) };
            self.refill(head.stretch)?;
            Some(head.waiting)
        } else {
            self.here.pop()
        };
        self.count -= u64::from(next.is_some());
        Ok(next)
    }

    /// Reads the next URL of a stretch.
    fn refill(&mut self, index: usize) -> Result<()> {
        if let (Some(file), Some(stretch)) = (&mut self.file, self.stretches.get_mut(index))
            && let Some(waiting) = stretch.next(file)?
        {
            self.heads.push(Reverse(Head { waiting, stretch: index }));
        }
        Ok(())
    }
}

/// The first URL of a stretch.
#[derive(Debug)]
struct Head {
    waiting: Waiting,
    stretch: usize,
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (key(&self.waiting), self.stretch).cmp(&(key(&other.waiting), other.stretch))
    }
}

/// A sorted part of the file.
#[derive(Debug)]
struct Stretch {
    at: u64,
    end: u64,
    buffer: Vec<u8>,
    used: usize,
}

impl Stretch {
    fn next(&mut self, file: &mut SpillFile) -> Result<Option<Waiting>> {
        loop {
            if let Some((waiting, used)) = self.buffer.get(self.used..).and_then(take) {
                self.used += used;
                return Ok(Some(waiting));
            }
            if self.at >= self.end {
                return Ok(None);
            }
            self.buffer.drain(..self.used);
            self.used = 0;
            let more = usize::try_from(self.end - self.at).unwrap_or(usize::MAX).min(READ_AHEAD);
            let from = self.buffer.len();
            self.buffer.resize(from + more, 0);
            let failed = |e| Error::io(&file.path, e);
            file.file.seek(SeekFrom::Start(self.at)).map_err(failed)?;
            file.file.read_exact(&mut self.buffer[from..]).map_err(failed)?;
            self.at += more as u64;
        }
    }
}

/// A file that is gone with its line.
#[derive(Debug)]
struct SpillFile {
    file: File,
    path: PathBuf,
    length: u64,
}

impl SpillFile {
    fn create(folder: &Path) -> Result<Self> {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{NAME}{}-{number}{ENDING}", std::process::id()));
        let file = File::options().create(true).truncate(true).read(true).write(true).open(&path);
        Ok(SpillFile { file: file.map_err(|e| Error::io(&path, e))?, path, length: 0 })
    }
}

impl Drop for SpillFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A record: lengths of URL and via, then hops, redirects, gathering, look, profile, then the texts. `until` is not kept: only seeds
/// have one, and they are never so many.
fn put(record: &mut Vec<u8>, waiting: &Waiting) {
    let url = waiting.url.as_str().as_bytes();
    let via = waiting.via.as_ref().map_or(&[][..], |via| via.as_str().as_bytes());
    for number in [url.len() as u32, via.len() as u32, waiting.hops, waiting.redirects] {
        record.extend_from_slice(&number.to_le_bytes());
    }
    record.extend_from_slice(&[gathering_byte(waiting.gathering), waiting.look, profile_byte(waiting.profile)]);
    record.extend_from_slice(url);
    record.extend_from_slice(via);
}

/// The record at the beginning of the bytes and its length; none when it is not all there.
fn take(bytes: &[u8]) -> Option<(Waiting, usize)> {
    let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let (url, via) = (number(0)? as usize, number(4)? as usize);
    let text = |from: usize, length: usize| std::str::from_utf8(bytes.get(from..from + length)?).ok();
    let waiting = Waiting {
        url: canonical(text(19, url)?)?,
        gathering: GATHERINGS.get(usize::from(*bytes.get(16)?)).copied()?,
        hops: number(8)?,
        via: if via == 0 { None } else { canonical(text(19 + url, via)?) },
        redirects: number(12)?,
        until: None,
        look: *bytes.get(17)?,
        profile: PROFILES.get(usize::from(*bytes.get(18)?)).copied()?,
    };
    (bytes.len() >= 19 + url + via).then_some((waiting, 19 + url + via))
}

/// A URL that was canonical when it was written: it need not be parsed again.
fn canonical(text: &str) -> Option<CanonicalUrl> {
    let text: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    CanonicalUrl::deserialize(text).ok()
}

const GATHERINGS: [Gathering; 5] =
    [Gathering::Pages, Gathering::LinkCheck, Gathering::Attachments, Gathering::Robots, Gathering::Sitemap];
const PROFILES: [Profile; 3] = [Profile::Own, Profile::SearchEngine, Profile::SearchReferrer];

fn gathering_byte(gathering: Gathering) -> u8 {
    // What is no link of a page never waits in a line.
    GATHERINGS.iter().position(|one| *one == gathering).unwrap_or(0) as u8
}

fn profile_byte(profile: Profile) -> u8 {
    PROFILES.iter().position(|one| *one == profile).unwrap_or(0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(number: u64) -> Waiting {
        let url = CanonicalUrl::parse(&format!("http://x.gov.cn/{}/{number}", "长".repeat((number % 7) as usize * 40))).unwrap();
        Waiting {
            via: (!number.is_multiple_of(3)).then(|| url.clone()),
            url,
            gathering: GATHERINGS[(number % 3) as usize],
            hops: (number % 4) as u32,
            redirects: (number % 5) as u32,
            until: None,
            look: 1,
            profile: Profile::Own,
        }
    }

    fn all(mut sorted: Sorted) -> Vec<Waiting> {
        let (mut all, count) = (Vec::new(), sorted.len());
        while let Some(next) = sorted.pop().expect("reads") {
            all.push(next);
            assert_eq!(sorted.len(), count - all.len() as u64);
        }
        assert!(sorted.is_empty());
        all
    }

    #[test]
    fn what_goes_through_the_file_comes_out_as_from_memory() {
        let space = tempfile::tempdir().unwrap();
        for left in ["waiting-1-1.spill", "shelf-1-1.spill"] {
            std::fs::write(space.path().join(left), "of a killed run").unwrap();
        }
        for count in [0, 1, 9, 10, 11, 1_000] {
            let spill = Spill::into_folder(space.path()).with_bound(10);
            let (mut line, mut memory) = (Line::new(&spill), Line::new(&Spill::default()));
            for number in 0..count {
                // Scattered, so that stretches overlap.
                let one = waiting(number * 7_919 % 1_009);
                line.push(one.clone()).unwrap();
                memory.push(one).unwrap();
            }
            assert_eq!(line.len(), count);
            let files = || std::fs::read_dir(space.path()).unwrap().count();
            assert_eq!(files(), usize::from(count >= 10));
            let (out, expected) = (all(line.close().unwrap()), all(memory.close().unwrap()));
            assert_eq!(out, expected);
            assert!(out.is_sorted_by(|a, b| key(a) <= key(b)));
            assert_eq!(files(), 0, "gone with the line");
        }
    }
}
