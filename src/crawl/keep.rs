//! Where a crawl keeps what it gathered. The loop knows only this; in earnest it is the run folder.

use super::politeness::Ledger;
use crate::capture::Rendered;
use crate::config::Render;
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering};
use crate::extract::{Extractor, Fetched};
use crate::facts::Page;
use crate::facts::page::Glance;
use crate::facts::probes::Looked;
use crate::facts::site::UrlState;
use crate::run::{Discovered, Ended, Held, Left, Probed, RunFolder};
use crate::unfetched::Unfetched;
use crate::url::CanonicalUrl;
use bytes::Bytes;
use jiff::Timestamp;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use tokio::time::Instant;

/// Takes everything that a crawl discovers and how it ended.
pub trait Keep: Send {
    /// Takes URLs that were found; known ones are ignored.
    fn discover(&mut self, found: &[Discovered]) -> impl Future<Output = Result<()>> + Send;
    /// URLs of an earlier part of this run that wait.
    fn pending(&self) -> impl Future<Output = Result<Vec<Discovered>>> + Send;
    /// URLs of an earlier part of this run that ended.
    fn ended(&self) -> impl Future<Output = Result<Vec<(CanonicalUrl, Gathering)>>> + Send;
    /// URLs of an earlier part of this run that were looked at once and gave an error or nothing.
    fn looked_once(&self) -> impl Future<Output = Result<Vec<UrlState>>> + Send;
    /// Shows all three one by one, so that nobody has to hold them together.
    fn left(&mut self, show: &mut (dyn FnMut(Left) + Send)) -> impl Future<Output = Result<()>> + Send {
        async move {
            for (url, gathering) in self.ended().await? {
                show(Left::Ended(Ended { url, gathering, answered: true, reason: None, redirect: None }));
            }
            self.pending().await?.into_iter().for_each(|one| show(Left::Waits(one)));
            self.looked_once().await?.into_iter().for_each(|one| show(Left::LookedOnce(one, 0)));
            Ok(())
        }
    }
    /// A folder for what does not fit into memory; none: it has to fit.
    fn scratch(&self) -> Option<&Path> {
        None
    }
    /// When what was taken has to be made lasting; none when nothing waits for that.
    fn due(&self) -> Option<Instant> {
        None
    }
    /// Makes lasting what was taken.
    fn commit(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
    /// Takes a response and the facts of its page.
    fn keep(&mut self, exchange: &Exchange, page: Option<&Page>) -> impl Future<Output = Result<()>> + Send;
    /// Takes a response that gave a file.
    fn keep_file(&mut self, exchange: &Exchange, _file: &Fetched) -> impl Future<Output = Result<()>> + Send {
        self.keep(exchange, None)
    }
    /// Who reads attachments; none: they are fetched and kept, not read.
    fn extractor(&self) -> Option<Arc<Extractor>> {
        None
    }
    /// What an earlier run holds of a URL, where that spares fetching it whole.
    fn held(&mut self, url: &CanonicalUrl, gathering: Gathering) -> impl Future<Output = Result<Option<Held>>> + Send {
        let _ = (url, gathering);
        async { Ok(None) }
    }
    /// Takes an answer that has not changed since that run.
    fn keep_unchanged(&mut self, exchange: &Exchange, held: &Held) -> impl Future<Output = Result<()>> + Send {
        let _ = held;
        self.keep(exchange, None)
    }
    /// Takes a URL without a response.
    fn keep_unfetched(&mut self, unfetched: &Unfetched) -> impl Future<Output = Result<()>> + Send;
    /// Shows a glance at every page that was kept, in canonical order.
    fn show_glances(&mut self, show: &mut (dyn FnMut(Glance) + Send)) -> impl Future<Output = Result<()>> + Send {
        let _ = show;
        async { Ok(()) }
    }
    /// Why the earlier run cut a URL off as one of a trap, where that still holds.
    fn earlier_cut(&mut self, url: &CanonicalUrl, via: &CanonicalUrl) -> impl Future<Output = Result<Option<String>>> + Send {
        let _ = (url, via);
        async { Ok(None) }
    }
    /// One page as it was kept.
    fn page(&mut self, url: &CanonicalUrl) -> impl Future<Output = Result<Option<Page>>> + Send {
        let _ = url;
        async { Ok(None) }
    }
    /// Takes what the run has spent of its budgets.
    fn keep_ledger(&mut self, ledger: &Ledger) -> impl Future<Output = Result<()>> + Send {
        let _ = ledger;
        async { Ok(()) }
    }
    /// What an earlier part of this run had spent.
    fn ledger(&mut self) -> impl Future<Output = Result<Option<Ledger>>> + Send {
        async { Ok(None) }
    }
    /// Probes of an earlier part of this run.
    fn probed(&mut self) -> impl Future<Output = Result<Vec<Probed>>> + Send {
        async { Ok(Vec::new()) }
    }
    /// Pages that are to be shown to a browser and have not been, nearest first, at most so many.
    fn unrendered(&mut self, render: Render, most: u32) -> impl Future<Output = Result<Vec<Discovered>>> + Send {
        let _ = (render, most);
        async { Ok(Vec::new()) }
    }
    /// Takes what a browser showed of a page; the facts that hold after it.
    fn keep_rendered(
        &mut self,
        rendered: Rendered,
        picture: Option<&Bytes>,
        at: Timestamp,
    ) -> impl Future<Output = Result<Option<Page>>> + Send {
        let _ = (rendered, picture, at);
        async { Ok(None) }
    }
    /// Takes what a handshake or a look-up showed, with the certificates as sent.
    fn keep_looked(&mut self, looked: &Looked, chain: &[Vec<u8>]) -> impl Future<Output = Result<()>> + Send {
        let _ = (looked, chain);
        async { Ok(()) }
    }
    /// Closes the run.
    fn finish(&mut self, complete: bool) -> impl Future<Output = Result<()>> + Send;
}

impl Keep for RunFolder {
    async fn discover(&mut self, found: &[Discovered]) -> Result<()> {
        RunFolder::discover(self, found).await
    }
    async fn pending(&self) -> Result<Vec<Discovered>> {
        RunFolder::pending(self).await
    }
    async fn ended(&self) -> Result<Vec<(CanonicalUrl, Gathering)>> {
        RunFolder::ended(self).await
    }
    async fn looked_once(&self) -> Result<Vec<UrlState>> {
        RunFolder::looked_once(self).await
    }
    async fn left(&mut self, show: &mut (dyn FnMut(Left) + Send)) -> Result<()> {
        RunFolder::left(self, show).await
    }
    fn scratch(&self) -> Option<&Path> {
        Some(self.path())
    }
    fn due(&self) -> Option<Instant> {
        RunFolder::due(self)
    }
    async fn commit(&mut self) -> Result<()> {
        RunFolder::commit(self).await
    }
    async fn keep(&mut self, exchange: &Exchange, page: Option<&Page>) -> Result<()> {
        RunFolder::keep(self, exchange, page).await
    }
    async fn keep_file(&mut self, exchange: &Exchange, file: &Fetched) -> Result<()> {
        RunFolder::keep_file(self, exchange, file).await
    }
    fn extractor(&self) -> Option<Arc<Extractor>> {
        RunFolder::extractor(self)
    }
    async fn held(&mut self, url: &CanonicalUrl, gathering: Gathering) -> Result<Option<Held>> {
        RunFolder::held(self, url, gathering).await
    }
    async fn keep_unchanged(&mut self, exchange: &Exchange, held: &Held) -> Result<()> {
        RunFolder::keep_unchanged(self, exchange, held).await
    }
    async fn keep_unfetched(&mut self, unfetched: &Unfetched) -> Result<()> {
        RunFolder::keep_unfetched(self, unfetched).await
    }
    async fn show_glances(&mut self, show: &mut (dyn FnMut(Glance) + Send)) -> Result<()> {
        RunFolder::show_glances(self, show).await
    }
    async fn earlier_cut(&mut self, url: &CanonicalUrl, via: &CanonicalUrl) -> Result<Option<String>> {
        RunFolder::earlier_cut(self, url, via).await
    }
    async fn page(&mut self, url: &CanonicalUrl) -> Result<Option<Page>> {
        RunFolder::page(self, url).await
    }
    async fn keep_ledger(&mut self, ledger: &Ledger) -> Result<()> {
        let text = serde_json::to_string(ledger).map_err(|e| Error::Internal(format!("ledger: {e}")))?;
        RunFolder::note(self, "ledger", &text).await
    }
    async fn ledger(&mut self) -> Result<Option<Ledger>> {
        // One that cannot be read is of another version: budgets begin anew then.
        Ok(RunFolder::noted(self, "ledger").await?.and_then(|text| serde_json::from_str(&text).ok()))
    }
    async fn probed(&mut self) -> Result<Vec<Probed>> {
        RunFolder::probed(self).await
    }
    async fn unrendered(&mut self, render: Render, most: u32) -> Result<Vec<Discovered>> {
        RunFolder::unrendered(self, render, most).await
    }
    async fn keep_rendered(&mut self, rendered: Rendered, picture: Option<&Bytes>, at: Timestamp) -> Result<Option<Page>> {
        RunFolder::keep_rendered(self, rendered, picture, at).await
    }
    async fn keep_looked(&mut self, looked: &Looked, chain: &[Vec<u8>]) -> Result<()> {
        RunFolder::keep_looked(self, looked, chain).await
    }
    async fn finish(&mut self, complete: bool) -> Result<()> {
        RunFolder::finish(self, complete).await
    }
}
