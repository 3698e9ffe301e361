//! A run folder as [`Material`]: rows streamed from `run.db` in canonical order, never all in memory.
//!
//! Judging is synchronous and may run anywhere: on a blocking thread of a runtime or in a plain program. So the rows come from a
//! thread of their own with a small runtime, through a bounded channel.

use super::db::{self, Db};
use super::{RunFolder, files, probes, rows};
use crate::error::{Error, Result};
use crate::facts::page::Glance;
use crate::facts::probes::Probes;
use crate::facts::site::UrlState;
use crate::facts::{File, Page, Rendering};
use crate::judge::{Material, RunInfo};
use crate::shelf::Shelf;
use crate::url::Sharing;
use futures_util::StreamExt;
use sqlx::sqlite::SqliteRow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};

/// Rows in flight between the reading and the judging thread.
const AHEAD: usize = 4;

impl Material for RunFolder {
    fn info(&self) -> &RunInfo {
        &self.info
    }

    fn for_each_page(&self, visit: &mut dyn FnMut(Page) -> Result<()>) -> Result<()> {
        stream(&self.path, rows::PAGES, rows::read_page, visit)
    }

    fn for_each_state(&self, visit: &mut dyn FnMut(UrlState) -> Result<()>) -> Result<()> {
        let mut open = None;
        stream(&self.path, rows::LOOKS, rows::read_look, &mut |look| match rows::fold(&mut open, Some(look)) {
            Some(state) => visit(state),
            None => Ok(()),
        })?;
        open.map_or(Ok(()), visit)
    }

    fn for_each_file(&self, visit: &mut dyn FnMut(File) -> Result<()>) -> Result<()> {
        stream(&self.path, files::FILES, files::read_file_row, visit)
    }

    fn shelf(&self) -> Shelf {
        Shelf::in_folder(&self.path)
    }

    fn renderings(&self) -> Result<Vec<Rendering>> {
        self.all_renderings()
    }

    fn probes(&self) -> Result<Probes> {
        let mut kept = Vec::new();
        stream(&self.path, probes::PROBES, probes::read, &mut |row| {
            kept.extend(row);
            Ok(())
        })?;
        if kept.is_empty() {
            return Ok(Probes::default());
        }
        // Only the pages that a probe speaks of.
        let mut pages = BTreeMap::new();
        stream(&self.path, probes::PAGES, rows::read_page, &mut |page| {
            pages.insert(page.url.clone(), page);
            Ok(())
        })?;
        Ok(probes::assemble(kept, &pages))
    }
}

impl RunFolder {
    /// Shows the pages that are wanted at a glance, in canonical URL order: all facts of all pages are some hundred times as long.
    pub fn for_each_page_wanted(
        &self,
        wanted: &mut dyn FnMut(&Glance) -> bool,
        visit: &mut dyn FnMut(Page) -> Result<()>,
    ) -> Result<()> {
        let mut urls = Vec::new();
        stream(&self.path, rows::GLANCES, rows::read_glance, &mut |glance| {
            if wanted(&glance) {
                urls.push(glance.url.to_string());
            }
            Ok(())
        })?;
        urls.into_iter().try_for_each(|url| stream_with(&self.path, rows::PAGE, Some(url), rows::read_page, visit))
    }
}

/// Shows every row of a query.
pub(super) fn stream<T: Send>(
    folder: &Path,
    sql: &'static str,
    read: impl Fn(&SqliteRow) -> Result<T> + Send,
    visit: &mut dyn FnMut(T) -> Result<()>,
) -> Result<()> {
    stream_with(folder, sql, None, read, visit)
}

/// Likewise of a query that asks for one text.
pub(super) fn stream_with<T: Send>(
    folder: &Path,
    sql: &'static str,
    text: Option<String>,
    read: impl Fn(&SqliteRow) -> Result<T> + Send,
    visit: &mut dyn FnMut(T) -> Result<()>,
) -> Result<()> {
    let file = folder.join("run.db");
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(AHEAD);
        let reading = scope.spawn(move || send_rows(file, sql, text, read, sender));
        let mut result = Ok(());
        for row in receiver {
            result = row.and_then(&mut *visit);
            if result.is_err() {
                break;
            }
        }
        match reading.join() {
            Ok(()) => result,
            Err(_) => Err(Error::Internal("reading run.db panicked".into())),
        }
    })
}

/// Ends when the rows end, after an error, or when nobody listens any more.
fn send_rows<T>(
    file: PathBuf,
    sql: &'static str,
    text: Option<String>,
    read: impl Fn(&SqliteRow) -> Result<T>,
    sender: SyncSender<Result<T>>,
) {
    let work = async {
        let _sharing = Sharing::begin();
        let mut connection = Db::open_to_read(&file).await?;
        let query = sqlx::query(sql);
        let mut rows = match text {
            Some(text) => query.bind(text),
            None => query,
        }
        .fetch(&mut connection);
        while let Some(row) = rows.next().await {
            let value = row.map_err(|e| db::failed(&file, &e)).and_then(|row| read(&row));
            let ended = value.is_err();
            if sender.send(value).is_err() || ended {
                break;
            }
        }
        Ok(())
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(work),
        Err(e) => Err(Error::Internal(format!("runtime: {e}"))),
    };
    if let Err(e) = result {
        let _ = sender.send(Err(e));
    }
}
