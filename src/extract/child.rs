//! The child's side: bytes in, limits set, facts out. Started by [`super::Extractor`] only.
//!
//! Two lines of JSON are printed: the kind of the file, before anything is read, so that a file on which the child dies is named;
//! then the contents.

use crate::facts::file::{self, Contents, FileKind, Reading};
use rlimit::Resource;
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The subcommand.
pub const WORD: &str = "read-file";
/// Exit code: memory ran out where it could be told.
pub const OUT_OF_MEMORY: i32 = 90;
/// Exit code: the reader failed in a way that it could tell.
pub const CRASHED: i32 = 91;
/// Exit code: the limits could not be set, so nothing was read.
const NO_LIMITS: i32 = 92;
/// Stack of the thread that reads: parsers descend into what is nested.
const STACK: usize = 64 << 20;

/// Reads stdin and prints its facts. Gives the exit code.
pub fn run(memory: u64, processor: u64) -> i32 {
    if let Err(error) = set_limits(memory, processor) {
        eprintln!("limits: {error}");
        return NO_LIMITS;
    }
    // A panic is told by the exit code; its message would only speak of the file.
    std::panic::set_hook(Box::new(|_| {}));
    let mut bytes = Vec::new();
    if let Err(error) = std::io::stdin().lock().read_to_end(&mut bytes) {
        return if error.kind() == std::io::ErrorKind::OutOfMemory { OUT_OF_MEMORY } else { CRASHED };
    }
    let kind = catch_unwind(AssertUnwindSafe(|| file::kind(&bytes))).unwrap_or(FileKind::Unknown);
    if print(&kind).is_err() {
        return CRASHED;
    }
    let read = std::thread::Builder::new().stack_size(STACK).spawn(move || file::read(&bytes));
    let contents = match read.map(std::thread::JoinHandle::join) {
        Ok(Ok(contents)) => contents,
        Ok(Err(_)) => Contents::ended(kind, Reading::Limit("crash".to_owned())),
        Err(_) => return OUT_OF_MEMORY,
    };
    if print(&contents).is_ok() { 0 } else { CRASHED }
}

fn print(value: &impl serde::Serialize) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Address space, processor time, no core file, no file written. Never more than the system allows already.
fn set_limits(memory: u64, processor: u64) -> std::io::Result<()> {
    let lower = |resource: Resource, soft: u64, hard: u64| -> std::io::Result<()> {
        let (_, allowed) = resource.get()?;
        resource.set(soft.min(allowed), hard.min(allowed))
    };
    lower(Resource::CORE, 0, 0)?;
    lower(Resource::FSIZE, 0, 0)?;
    lower(Resource::AS, memory, memory)?;
    // The signal of the soft limit says what ran out; the hard one is for who ignores it.
    lower(Resource::CPU, processor, processor + 2)
}
