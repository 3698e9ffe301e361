//! Threads that read the files of a capture beside the thread that goes through it.

use super::Wanted;
use crate::error::{Error, Result};
use crate::extract::Extractor;
use crate::run::files::ContentRow;
use crate::run::rows::Kept;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc::Sender;

/// Threads, and files that wait for them: each holds its bytes.
const THREADS: usize = 2;

/// Takes files to read.
pub(super) struct Readers(Option<SyncSender<(String, Vec<u8>)>>);

impl Readers {
    /// Has bytes read; waits when too many are on the way.
    pub(super) fn read(&self, digest: String, bytes: Vec<u8>) {
        if let Some(sender) = &self.0 {
            let _ = sender.send((digest, bytes));
        }
    }
}

/// Works with readers that send contents as they have them; ends when both have.
pub(super) fn with(wanted: &Wanted, sender: &Sender<Kept>, work: impl FnOnce(&Readers) -> Result<()>) -> Result<()> {
    let Some(extractor) = wanted.extractor.as_deref() else { return work(&Readers(None)) };
    let (to, from) = sync_channel(THREADS);
    let from = Mutex::new(from);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| read_all(&from, extractor, sender))).collect();
        let readers = Readers(Some(to));
        let worked = work(&readers);
        drop(readers);
        for thread in threads {
            thread.join().map_err(|_| Error::Internal("reading a file panicked".into()))??;
        }
        worked
    })
}

fn read_all(from: &Mutex<Receiver<(String, Vec<u8>)>>, extractor: &Extractor, sender: &Sender<Kept>) -> Result<()> {
    loop {
        let next = from.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((digest, bytes)) = next else { return Ok(()) };
        if let Some(contents) = extractor.read(&bytes) {
            let content = Some(ContentRow::of(&digest, &contents)?);
            // Nobody listens any more: the receipt of the next look says so.
            let _ = sender.blocking_send(Kept { content, ..Kept::default() });
        }
    }
}
