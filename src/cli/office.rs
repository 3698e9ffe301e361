//! What every subcommand of an office shares: `--office`, `--store`, and a runtime for the store.

use crate::cadence::office::Office;
use crate::config::{self, Config};
use crate::error::{Error, Result};
use crate::store::Store;
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Options of an office.
#[derive(Debug, Clone, Args)]
pub struct OfficeOptions {
    /// 办公室配置文件（默认 office.toml，若有）/ the office's file; office.toml where there is one
    #[arg(long, value_name = "FILE", env = "XUNCHA_OFFICE")]
    pub office: Option<PathBuf>,
    /// 库：SQLite 文件或 postgres:// 网址 / the store: a SQLite file or a postgres:// URL
    #[arg(long, value_name = "STORE", env = "XUNCHA_STORE", hide_env_values = true)]
    pub store: Option<String>,
}

/// An office at work.
pub struct Desk {
    /// Its file.
    pub office: Office,
    /// How its crawls are configured.
    pub config: Config,
    /// Its store.
    pub store: Store,
    /// What the store runs on.
    pub runtime: tokio::runtime::Runtime,
}

impl OfficeOptions {
    /// Reads the files and opens the store.
    pub fn open(&self) -> Result<Desk> {
        let file = self.office.clone().or_else(|| Some(PathBuf::from("office.toml")).filter(|file| file.is_file()));
        let mut office = match &file {
            Some(file) => Office::read(file)?,
            None => Office::default(),
        };
        if let Some(store) = &self.store {
            office.store.clone_from(store);
        }
        let loaded = config::load(office.crawl.as_deref().map(Path::new), &|name| std::env::var(name).ok(), &BTreeMap::new())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|e| Error::Internal(format!("runtime: {e}")))?;
        let store = runtime.block_on(Store::open(&office.store))?;
        Ok(Desk { office, config: loaded.config, store, runtime })
    }
}
