//! Reading fetched files in child processes of our own program: a hostile file costs its child, never the crawl.
//!
//! The child ([`child`]) gets the bytes on stdin, sets its own limits and prints what it read; the parent kills it by wall clock, bounds
//! its output and tells by its end what happened. A few children at most run at once. Everything here blocks: async callers use a
//! blocking thread.

pub mod child;
mod served;

pub use served::served_name;

use crate::facts::file::{Contents, FileKind, Reading};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What one child may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Address space, bytes.
    pub memory: u64,
    /// Processor seconds.
    pub processor: u64,
    /// Wall clock. Well above the processor seconds: what a busy machine delays is no fault of the file, and two runs agree.
    pub wall: Duration,
    /// Bytes printed.
    pub output: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { memory: 1 << 30, processor: 20, wall: Duration::from_secs(60), output: 32 << 20 }
    }
}

/// Children at once: reading is bound by the processor, and each may use its whole memory.
const AT_ONCE: usize = 2;
/// Bytes kept of what a child says on stderr.
const SAID: u64 = 8 << 10;

/// Reads files by means of our own program.
#[derive(Debug)]
pub struct Extractor {
    program: PathBuf,
    limits: Limits,
    running: Mutex<usize>,
    freed: Condvar,
    claimed: Mutex<HashSet<String>>,
    failure: Mutex<Option<String>>,
}

/// A fetched file with what is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    /// SHA-256, hex.
    pub digest: String,
    /// Bytes, without content coding.
    pub bytes: u64,
    /// Media type of the response.
    pub media_type: Option<String>,
    /// See [`served_name`].
    pub served_name: Option<String>,
    /// What is in it; none when equal bytes are being read already, or nobody can read them.
    pub contents: Option<Contents>,
}

/// SHA-256, hex.
pub fn digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

impl Extractor {
    /// With a program that has the subcommand [`child::WORD`].
    pub fn new(program: PathBuf) -> Self {
        Self::with_limits(program, Limits::default())
    }

    /// Likewise with other limits.
    pub fn with_limits(program: PathBuf, limits: Limits) -> Self {
        Extractor {
            program,
            limits,
            running: Mutex::new(0),
            freed: Condvar::new(),
            claimed: Mutex::default(),
            failure: Mutex::default(),
        }
    }

    /// With the program that is running.
    pub fn of_this_program() -> Result<Self, String> {
        std::env::current_exe().map(Self::new).map_err(|e| e.to_string())
    }

    /// The program.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Why files could not be read at all, if so: said once, where people see it.
    pub fn failure(&self) -> Option<String> {
        lock(&self.failure).clone()
    }

    /// True for the first who wants these bytes read.
    pub fn claim(&self, digest: &str) -> bool {
        lock(&self.claimed).insert(digest.to_owned())
    }

    /// Reads a file; none when the program itself does not run, which is our fault and no file's ([`Extractor::failure`]).
    pub fn read(&self, bytes: &[u8]) -> Option<Contents> {
        let _slot = self.slot();
        match self.try_read(bytes) {
            Ok(contents) => Some(contents),
            Err(why) => {
                tracing::error!("{}: {why}", self.program.display());
                lock(&self.failure).get_or_insert(format!("{}: {why}", self.program.display()));
                None
            }
        }
    }

    fn slot(&self) -> Slot<'_> {
        let running = lock(&self.running);
        let mut running = self.freed.wait_while(running, |running| *running >= AT_ONCE).unwrap_or_else(PoisonError::into_inner);
        *running += 1;
        Slot(self)
    }

    fn try_read(&self, bytes: &[u8]) -> Result<Contents, String> {
        let mut child = self.start().map_err(|e| e.to_string())?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(mut to), Some(from), Some(errors)) = pipes else {
            let _ = child.kill();
            return Err("no pipes".to_owned());
        };
        let most = self.limits.output;
        std::thread::scope(|scope| {
            // A child that ends early closes its end: what it did not take was not wanted.
            scope.spawn(move || to.write_all(bytes).and_then(|()| to.flush()));
            let printed = scope.spawn(move || bounded(from, most));
            let said = scope.spawn(move || {
                let mut errors = errors;
                let said = bounded(&mut errors, SAID);
                let _ = std::io::copy(&mut errors, &mut std::io::sink());
                said
            });
            let status = wait(&mut child, self.limits.wall).map_err(|e| e.to_string())?;
            let printed = printed.join().map_err(|_| "reading its output panicked")?;
            let said = said.join().map_err(|_| "reading its errors panicked")?;
            settle(status, &printed, &said, most)
        })
    }

    fn start(&self) -> std::io::Result<Child> {
        Command::new(&self.program)
            .args([child::WORD, &self.limits.memory.to_string(), &self.limits.processor.to_string()])
            .env_clear()
            // The allocator would take a gibibyte of addresses at once, more than the limit gives.
            .env("MIMALLOC_ARENA_RESERVE", "16384")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    }
}

/// A place among the children that run at once.
struct Slot<'a>(&'a Extractor);

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *lock(&self.0.running) -= 1;
        self.0.freed.notify_one();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// At most one byte more than allowed: that byte tells that there was more.
fn bounded(from: impl Read, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = from.take(most + 1).read_to_end(&mut bytes);
    bytes
}

/// The end of a child; none when its time was up and it was killed.
fn wait(child: &mut Child, most: Duration) -> std::io::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + most;
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// What the end of a child says about the file.
fn settle(status: Option<ExitStatus>, printed: &[u8], said: &[u8], most: u64) -> Result<Contents, String> {
    let mut lines = printed.splitn(2, |b| *b == b'\n');
    let kind: Option<FileKind> = lines.next().and_then(|line| serde_json::from_slice(line).ok());
    let limit = |reason: &str| Ok(Contents::ended(kind.unwrap_or(FileKind::Unknown), Reading::Limit(reason.to_owned())));
    let Some(status) = status else { return limit("time") };
    if printed.len() as u64 > most {
        return limit("output");
    }
    let said = String::from_utf8_lossy(said);
    if status.success() {
        // It ended well: what it printed has to be ours.
        let facts = lines.next().and_then(|rest| serde_json::from_slice(rest).ok());
        return facts.ok_or_else(|| "the program does not read files / 该程序不会读取附件".to_owned());
    }
    if let Some(code) = status.code() {
        return match code {
            child::OUT_OF_MEMORY => limit("memory"),
            child::CRASHED => limit("crash"),
            code => Err(format!("exit code {code}: {}", crate::facts::file::one_line(&said))),
        };
    }
    limit(killed_by(status, &said))
}

#[cfg(unix)]
fn killed_by(status: ExitStatus, said: &str) -> &'static str {
    use std::os::unix::process::ExitStatusExt;
    /// Out of processor time, on Linux and the BSDs alike.
    const SIGXCPU: i32 = 24;
    /// From the kernel, when memory or the hard limit of processor time runs out.
    const SIGKILL: i32 = 9;
    match status.signal() {
        Some(SIGXCPU) => "time",
        Some(SIGKILL) => "memory",
        _ if said.contains("memory allocation of") => "memory",
        _ => "crash",
    }
}

#[cfg(not(unix))]
fn killed_by(_: ExitStatus, _: &str) -> &'static str {
    "crash"
}
