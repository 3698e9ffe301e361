//! Files that nobody reads half of: written beside, then moved into place.

use crate::error::{Error, Result};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes a file whole: what stood there stays until `write` is done, and stays when it fails. The name of the partial file ends in `.part`.
pub fn write<T>(out: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<T>) -> Result<T> {
    let partial = beside(out);
    let done = written(&partial, write);
    match done {
        Ok(done) => fs::rename(&partial, out).map(|()| done).map_err(|e| Error::io(out, e)),
        Err(e) => {
            // Nothing to be done about a file that cannot be removed either.
            let _ = fs::remove_file(&partial);
            Err(e)
        }
    }
}

/// Writes bytes likewise.
pub fn write_bytes(out: &Path, bytes: &[u8]) -> Result<()> {
    write(out, |file| file.write_all(bytes).map_err(|e| Error::io(out, e)))
}

fn written<T>(partial: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<T>) -> Result<T> {
    let mut file = BufWriter::new(File::create(partial).map_err(|e| Error::io(partial, e))?);
    let done = write(&mut file)?;
    file.flush().and_then(|()| file.get_ref().sync_all()).map_err(|e| Error::io(partial, e))?;
    Ok(done)
}

fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    out.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_writing_leaves_what_stood_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.json");
        write_bytes(&file, b"first").unwrap();
        let failed: Result<()> = write(&file, |out| {
            out.write_all(b"second").unwrap();
            Err(Error::Internal("in the middle".into()))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&file).unwrap(), b"first");
        write_bytes(&file, b"third").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"third");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing partial is left");
        assert!(write_bytes(&folder.path().join("absent/x"), b"").is_err());
    }
}
