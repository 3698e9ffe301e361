//! `xuncha capture pack`: the capture of a run that went on from an earlier one, made whole.

use crate::error::{Error, Result};
use crate::exit;
use crate::run::pack;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// What is asked.
#[derive(Debug, Clone, Args)]
pub struct Options {
    #[command(subcommand)]
    asked: Asked,
}

#[derive(Debug, Clone, Subcommand)]
enum Asked {
    /// 把以前采集文件中的原件放进来，合成一个自足的文件 / puts the originals of earlier captures in: one file that needs no other
    Pack {
        /// 运行目录或采集文件 / a run folder or a capture
        #[arg(value_name = "RUN")]
        run: PathBuf,
        /// 写到哪个新文件 / the new file
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// 另外含有原件的采集文件，可重复 / further captures that hold originals, repeatable
        #[arg(long, value_name = "FILE")]
        with: Vec<PathBuf>,
    },
}

/// Runs it. 3 when an original was not found: the file is written, but needs another one still.
pub fn run(options: &Options) -> Result<u8> {
    let Asked::Pack { run, to, with } = &options.asked;
    let (capture, mut others) = if run.is_dir() { known(run)? } else { (run.clone(), Vec::new()) };
    others.extend(with.iter().cloned());
    if let Some(missing) = with.iter().find(|file| !file.is_file()) {
        return Err(Error::usage(format!("--with {}: 没有这个文件 / there is no such file", missing.display())));
    }
    let packed = pack::pack(&capture, &others, to)?;
    println!(
        "{}: 记录 {} 条，其中放入原件 {} 条 / {} records, {} of them originals put in",
        to.display(),
        packed.copied + packed.filled,
        packed.filled,
        packed.copied + packed.filled,
        packed.filled
    );
    if packed.absent > 0 {
        eprintln!(
            "xuncha: {} 条原件找不到，用 --with 指出以前的采集文件 / {} originals were not found; name the earlier captures by --with",
            packed.absent, packed.absent
        );
        return Ok(exit::NOTHING);
    }
    Ok(exit::CLEAN)
}

fn known(folder: &Path) -> Result<(PathBuf, Vec<PathBuf>)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|e| Error::Internal(format!("runtime: {e}")))?.block_on(pack::captures_of(folder))
}
