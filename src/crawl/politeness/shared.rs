//! The gates that the processes of one machine share: small files in a folder of the user's, one lock each.
//!
//! A key (an origin, an address) has an entry in one of a fixed number of files; a process reads and writes the file while it holds the
//! file's advisory lock, which the system takes back when the process dies. An entry says when the next request may leave, how slow the
//! strictest process concerned is, and how many requests each process has in flight. A process is alive while it holds the lock on a
//! file of its own; what a dead one had in flight is forgotten. Old entries are dropped with every write, so files stay small.
//!
//! Moments are wall-clock time, because nothing else means the same in two processes. A clock that is set back is seen by entries from
//! the future, one that is set forward by comparing it with the process's own steady clock; both only make us wait once.

mod entry;

use entry::{Entry, Held};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Files over which keys are spread.
const FILES: u64 = 64;
/// Most entries of a file; the ones touched longest ago go first.
const MOST_ENTRIES: usize = 256;
/// Most bytes of a file that are read: what is longer was not written by us.
const MOST_BYTES: u64 = 1 << 20;
/// While a file's lock is held by another process: how often and how long between looks, before the caller is sent to sleep.
const LOOKS: u32 = 20;
const BETWEEN: Duration = Duration::from_micros(50);
/// While another process has as many requests in flight as are allowed.
const FULL: Duration = Duration::from_millis(20);
/// Who goes ahead keeps its place for so long after the moment at which it may look again.
const PLACE: Duration = Duration::from_secs(1);
/// The clock may wander by so much before it counts as set.
const WANDER: i64 = 50_000;

/// What a request wants of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Want {
    /// The key.
    pub key: String,
    /// Time until the next request.
    pub interval: Duration,
    /// As long as it is not known to have arrived, this much more: its connection has to be opened first.
    pub slack: Duration,
    /// Requests at once.
    pub at_once: u32,
    /// Does it go before all that do not? Visits of availability do: a crawl can wait.
    pub ahead: bool,
}

/// The answer to a want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Go.
    Now,
    /// Not yet; the index of the want that has to wait longest.
    Wait(Duration, usize),
    /// Another process holds a lock: ask again in a moment.
    Busy,
}

/// A folder of shared gates.
#[derive(Debug)]
pub(super) struct Shared {
    folder: PathBuf,
    /// Name of the file whose lock says that we live, and the file.
    name: String,
    alive: File,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    files: HashMap<u64, File>,
    /// Requests of ours in flight, by key.
    mine: HashMap<String, u32>,
    /// Keys whose entry still says that we have more in flight than we have.
    owed: BTreeSet<String>,
    /// The two clocks at our last look.
    clocks: Option<(i64, Instant)>,
    /// After the clock was set: nothing before this.
    settle: Option<Instant>,
}

/// Where the gates of this user are kept, unless configuration says otherwise.
pub(super) fn user_folder(env: &dyn Fn(&str) -> Option<std::ffi::OsString>) -> Option<PathBuf> {
    let folder = |name: &str| env(name).filter(|value| !value.is_empty()).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = folder("XDG_STATE_HOME").or_else(|| folder("HOME").map(|home| home.join(".local").join("state")));
    state.or_else(|| folder("LOCALAPPDATA")).map(|state| state.join("xuncha").join("gates"))
}

impl Shared {
    /// Opens or makes the folder.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let living = folder.join("living");
        make(&living)?;
        sweep(&living);
        let (name, alive) = announce(&living)?;
        Ok(Shared { folder: folder.to_owned(), name, alive, state: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a turn at every key at once, or at none. `most` is the longest that the request may be in flight.
    pub(super) fn take(&self, wants: &[Want], most: Duration) -> io::Result<Turn> {
        let mut state = self.state();
        let longest = wants.iter().map(|want| want.interval).max().unwrap_or_default();
        if let Some(left) = state.settling(longest) {
            return Ok(Turn::Wait(left, 0));
        }
        let keys: Vec<&str> = wants.iter().map(|want| want.key.as_str()).collect();
        let Some(mut open) = self.open_files(&mut state, &keys)? else { return Ok(Turn::Busy) };
        let now = crate::clock::micros();
        let mut wait = (Duration::ZERO, 0);
        for (at, want) in wants.iter().enumerate() {
            let entry = open.entry(&want.key);
            entry.settle_clock(now);
            let mine = state.mine.get(&want.key).copied().unwrap_or(0);
            let before_us = !want.ahead && entry.is_another_ahead(&self.name, now);
            let left = match entry.wait(now, want.interval) {
                Duration::ZERO
                    if mine + entry.others(&self.name, now, &|name| self.lives(name)) >= entry.room(want.at_once, now) =>
                {
                    FULL
                }
                left if before_us => left.max(FULL),
                left => left,
            };
            if left > wait.0 {
                wait = (left, at);
            }
        }
        if !wait.0.is_zero() {
            let place = now.saturating_add(micros(wait.0 + PLACE));
            let waiting: Vec<&Want> = wants.iter().filter(|want| want.ahead).collect();
            waiting.iter().for_each(|want| open.entry(&want.key).keep_place(now, &self.name, place));
            if !waiting.is_empty() {
                open.write(now)?;
            }
            return Ok(Turn::Wait(wait.0, wait.1));
        }
        for want in wants {
            let mine = state.mine.entry(want.key.clone()).or_default();
            *mine += 1;
            let held = Held { count: *mine, until: now.saturating_add(micros(most)) };
            open.entry(&want.key).pass(now, want, &self.name, held);
            state.owed.remove(&want.key);
        }
        open.write(now)?;
        Ok(Turn::Now)
    }

    /// Our last request has reached its server by now: the next one counts from here. Others may have passed since; then nothing changes.
    pub(super) fn arrived(&self, wants: &[Want]) {
        self.change(wants.iter().map(|want| want.key.as_str()), |key, entry, now| {
            if let Some(want) = wants.iter().find(|want| want.key == key) {
                entry.arrived(now, want, &self.name);
            }
        });
    }

    /// A request ended.
    pub(super) fn free(&self, wants: &[Want]) {
        {
            let mut state = self.state();
            for want in wants {
                match state.mine.get_mut(&want.key) {
                    Some(mine) if *mine > 1 => *mine -= 1,
                    _ => {
                        state.mine.remove(&want.key);
                    }
                }
                state.owed.insert(want.key.clone());
            }
        }
        self.change(wants.iter().map(|want| want.key.as_str()), |_, _, _| {});
    }

    /// The host asked everybody to wait.
    pub(super) fn close(&self, key: &str, pause: Duration) {
        self.change([key].into_iter(), |_, entry, now| entry.close(now, pause));
    }

    /// Changes entries, and says how many requests of ours are in flight at them. What cannot be written now is written with the next
    /// turn, or forgotten by all when we end.
    fn change<'a>(&self, keys: impl Iterator<Item = &'a str>, mut how: impl FnMut(&str, &mut Entry, i64)) {
        let mut state = self.state();
        let keys: Vec<&str> = keys.collect();
        let Ok(Some(mut open)) = self.open_files(&mut state, &keys) else { return };
        let now = crate::clock::micros();
        for key in keys {
            let mine = state.mine.get(key).copied().unwrap_or(0);
            let entry = open.entry(key);
            entry.settle_clock(now);
            how(key, entry, now);
            entry.hold(&self.name, mine);
            state.owed.remove(key);
        }
        let _ = open.write(now);
    }

    /// Locks and reads the files of these keys, in order; none while another process holds one. What we owe to them is paid.
    fn open_files(&self, state: &mut State, keys: &[&str]) -> io::Result<Option<Open>> {
        let numbers: BTreeSet<u64> = keys.iter().map(|key| number(key)).collect();
        let mut open = Open { files: Vec::with_capacity(numbers.len()) };
        for number in numbers {
            let Some(file) = self.lock(state, number)? else { return Ok(None) };
            let mut locked = Locked { number, entries: BTreeMap::new(), length: 0, file };
            locked.read()?;
            for key in state.owed.iter().filter(|key| self::number(key) == number) {
                let mine = state.mine.get(key).copied().unwrap_or(0);
                if let Some(entry) = locked.entries.get_mut(key) {
                    entry.hold(&self.name, mine);
                }
            }
            open.files.push(locked);
        }
        Ok(Some(open))
    }

    fn lock(&self, state: &mut State, number: u64) -> io::Result<Option<File>> {
        for look in 0..LOOKS {
            let file = match state.files.entry(number) {
                std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::hash_map::Entry::Vacant(new) => {
                    let path = self.folder.join(format!("{number:02x}"));
                    let options = || File::options().create(true).truncate(false).read(true).write(true).open(&path);
                    let made = options().or_else(|_| make(&self.folder).and_then(|()| options()))?;
                    new.insert(made)
                }
            };
            match file.try_lock() {
                Ok(()) if is_gone(file) => {
                    // Somebody cleared the folder: a lock on what is no longer there excludes nobody.
                    let _ = file.unlock();
                    state.files.remove(&number);
                }
                Ok(()) => return file.try_clone().map(Some),
                Err(TryLockError::WouldBlock) if look + 1 < LOOKS => std::thread::sleep(BETWEEN),
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Does that process still live? Its file is locked while it does.
    fn lives(&self, name: &str) -> bool {
        let path = self.folder.join("living").join(name);
        match File::options().read(true).write(true).open(&path) {
            Ok(file) => match file.try_lock() {
                Ok(()) => {
                    let _ = std::fs::remove_file(&path);
                    false
                }
                Err(_) => true,
            },
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.folder.join("living").join(&self.name));
        let _ = self.alive.unlock();
    }
}

impl State {
    /// Notices a clock that was set forward: what others wrote then looks older than it is. Time to wait until that no longer matters.
    fn settling(&mut self, longest: Duration) -> Option<Duration> {
        let (wall, now) = (crate::clock::micros(), Instant::now());
        if let Some((then_wall, then)) = self.clocks.replace((wall, now)) {
            let expected = then_wall.saturating_add(micros(now.saturating_duration_since(then)));
            if wall - expected > WANDER {
                self.settle = Some(now + longest.min(Duration::from_secs(60)));
            }
        }
        self.settle.map(|settle| settle.saturating_duration_since(now)).filter(|left| !left.is_zero())
    }
}

/// Files whose locks we hold; they are given back when this is dropped.
#[derive(Debug)]
struct Open {
    files: Vec<Locked>,
}

#[derive(Debug)]
struct Locked {
    number: u64,
    entries: BTreeMap<String, Entry>,
    length: usize,
    file: File,
}

impl Open {
    fn entry(&mut self, key: &str) -> &mut Entry {
        let number = number(key);
        let at = self.files.iter().position(|file| file.number == number).unwrap_or(0);
        self.files[at].entries.entry(key.to_owned()).or_default()
    }

    fn write(&mut self, now: i64) -> io::Result<()> {
        self.files.iter_mut().try_for_each(|file| file.write(now))
    }
}

impl Locked {
    fn read(&mut self) -> io::Result<()> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        (&self.file).take(MOST_BYTES).read_to_end(&mut bytes)?;
        self.length = bytes.len();
        // What cannot be read was torn or is not ours: nothing is known then, and the next write puts it right.
        self.entries = serde_json::from_slice(&bytes).unwrap_or_default();
        Ok(())
    }

    /// Written in one call and never cut before: whatever moment a process dies at, the file is the old or the new one.
    fn write(&mut self, now: i64) -> io::Result<()> {
        self.entries.retain(|_, entry| !entry.is_over(now));
        while self.entries.len() > MOST_ENTRIES {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.at).map(|(key, _)| key.clone());
            self.entries.remove(&oldest.unwrap_or_default());
        }
        let mut bytes = serde_json::to_vec(&self.entries).map_err(io::Error::other)?;
        let room = bytes.len().next_multiple_of(512).max(self.length);
        bytes.resize(room, b' ');
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&bytes)
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

fn number(key: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(key.as_bytes()) % FILES
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX / 4)
}

/// Makes a folder that only its user can look into.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(unix)]
fn is_gone(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|metadata| metadata.nlink() == 0)
}

#[cfg(not(unix))]
fn is_gone(_file: &File) -> bool {
    false
}

/// A locked file whose name nobody else has.
fn announce(living: &Path) -> io::Result<(String, File)> {
    use std::hash::{BuildHasher, Hasher};
    for _ in 0..100 {
        let random = std::hash::RandomState::new().build_hasher().finish();
        let name = format!("{}-{random:016x}", std::process::id());
        let path = living.join(&name);
        let Ok(file) = File::options().create_new(true).read(true).write(true).open(&path) else {
            make(living)?;
            continue;
        };
        match file.try_lock() {
            // Somebody who sweeps may have taken it away before it was locked.
            Ok(()) if path.exists() => return Ok((name, file)),
            Ok(()) | Err(TryLockError::WouldBlock) => continue,
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::Error::other("no file of our own"))
}

/// Takes away the files of processes that have died.
fn sweep(living: &Path) {
    for entry in std::fs::read_dir(living).into_iter().flatten().flatten().take(1_000) {
        if let Ok(file) = File::options().read(true).write(true).open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests;
