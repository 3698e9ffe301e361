//! Keeping what a crawl gathered: first the record of the capture, then the rows of `run.db`.

use super::earlier::{Held, HeldRow};
use super::files::{ContentRow, FileRow};
use super::probes::ProbeRow;
use super::rows::{Kept, PageRow};
use super::{RunFolder, answered, is_page, not_answered};
use crate::capture::challenge;
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering};
use crate::extract::Fetched;
use crate::facts::Page;
use crate::facts::probes::Looked;
use crate::facts::site::Look;
use crate::unfetched::Unfetched;
use crate::url::CanonicalUrl;

impl RunFolder {
    /// Appends an exchange to the capture and its state (and page facts) to `run.db`, in one commit. `page` spares a second parse:
    /// facts are kept where [`page_of`] says so, whatever is passed here, so that replay finds the same pages.
    pub async fn keep(&mut self, exchange: &Exchange, page: Option<&Page>) -> Result<()> {
        let written = match &mut self.capture {
            Some(capture) => Some(capture.exchange(exchange).await?),
            None => None,
        };
        // What a browser asks for on the way to a page is evidence of that page, and no URL of the site.
        if exchange.gathering == Gathering::Render {
            return self.written(0).await;
        }
        if exchange.gathering.is_probe() {
            let exchange = exchange.clone();
            let read = tokio::task::spawn_blocking(move || ProbeRow::of_exchange(&exchange));
            let row = read.await.map_err(|e| Error::Internal(format!("probe: {e}")))??;
            return self.keep_probe(&row).await;
        }
        let challenge = challenge::sign(exchange);
        let facts = if !is_page(exchange, challenge.as_deref()) {
            None
        } else if let Some(page) = page {
            Some(PageRow::of(page)?)
        } else {
            let (exchange, reading) = (exchange.clone(), self.reading.clone());
            let read = tokio::task::spawn_blocking(move || {
                crate::facts::page::read_with(&exchange, &reading.selectors).map(|p| PageRow::of(&p))
            });
            read.await.map_err(|e| Error::Internal(format!("page facts: {e}")))?.transpose()?
        };
        let held = HeldRow::of(exchange, written);
        self.put(Kept { page: facts, held, ..Kept::of(answered(exchange, challenge)) }).await
    }

    /// Appends an exchange that gave a file, likewise.
    pub async fn keep_file(&mut self, exchange: &Exchange, file: &Fetched) -> Result<()> {
        let written = match &mut self.capture {
            Some(capture) => Some(capture.exchange(exchange).await?),
            None => None,
        };
        let look = answered(exchange, challenge::sign(exchange));
        let content = file.contents.as_ref().map(|c| ContentRow::of(&file.digest, c)).transpose()?;
        let kept = Kept {
            file: Some(FileRow::of(&exchange.url, file)),
            content,
            held: HeldRow::of(exchange, written),
            ..Kept::of(look)
        };
        self.put(kept).await
    }

    async fn put(&mut self, kept: Kept) -> Result<()> {
        self.db.get_mut().keep_all(&[kept]).await?;
        self.written(1).await
    }

    /// Appends an answer that has not changed since the earlier run: a `revisit` record, and its facts as they were.
    pub async fn keep_unchanged(&mut self, exchange: &Exchange, held: &Held) -> Result<()> {
        // Of pages that lead to it at the same distance the first to answer counts. Where the one of then still does, it stays: an
        // unchanged site gives equal runs.
        let exchange = &match &held.reached {
            (hops, Some(via)) if *hops == exchange.hops && self.db.get_mut().is_taken_over(via).await? => {
                Exchange { via: Some(via.clone()), ..exchange.clone() }
            }
            _ => exchange.clone(),
        };
        if let (Some(capture), Some(original)) = (&mut self.capture, &held.original) {
            capture.revisit(exchange, original).await?;
        }
        let (number, mut state) = answered(exchange, None);
        for look in &mut state.looks {
            if let Look::Answered { status, media_type, .. } = look
                && *status == 304
            {
                (*status, *media_type) = (200, held.media_type.clone());
            }
        }
        let run = self.since.as_ref().map(|since| since.run.as_str()).unwrap_or_default();
        let held = Some(HeldRow::again(exchange, held, run));
        let kept = Kept { held, taken_over: true, ..Kept::of((number, state)) };
        self.db.get_mut().keep_again(&kept, &exchange.url).await?;
        self.written(1).await
    }

    /// What the earlier run (`--since`) holds of a URL: none without one, or where it has to be fetched whole.
    pub async fn held(&mut self, url: &CanonicalUrl, gathering: Gathering) -> Result<Option<Held>> {
        match &self.since {
            Some(since) if !self.full && matches!(gathering, Gathering::Pages | Gathering::Attachments) => {
                self.db.get_mut().held(since, url, gathering, self.capture.is_some()).await
            }
            _ => Ok(None),
        }
    }

    /// The evidence on which the earlier run cut a URL off as one of a trap. It holds as long as the page that leads there is unchanged:
    /// the pages of that family are not read again, and so show nothing new.
    pub async fn earlier_cut(&mut self, url: &CanonicalUrl, via: &CanonicalUrl) -> Result<Option<String>> {
        match &self.since {
            Some(since) if since.cut_traps && !self.full => self.db.get_mut().earlier_cut(url, via).await,
            _ => Ok(None),
        }
    }

    /// Pages with facts, and how many of them were taken over from earlier runs without being read again.
    pub async fn pages_and_taken_over(&self) -> Result<(u64, u64)> {
        self.db.lock().await.pages_and_taken_over().await
    }

    /// Appends an unfetched URL likewise (a WARC metadata record).
    pub async fn keep_unfetched(&mut self, unfetched: &Unfetched) -> Result<()> {
        if let Some(capture) = &mut self.capture {
            capture.unfetched(unfetched).await?;
        }
        if unfetched.gathering == Gathering::Render {
            return self.written(0).await;
        }
        if unfetched.gathering.is_probe() {
            return self.keep_probe(&ProbeRow::of_unfetched(unfetched)).await;
        }
        self.put(Kept::of(not_answered(unfetched))).await
    }

    /// Appends what a handshake or a look-up showed likewise.
    pub async fn keep_looked(&mut self, looked: &Looked, chain: &[Vec<u8>]) -> Result<()> {
        let at = crate::clock::now();
        if let Some(capture) = &mut self.capture {
            capture.looked(looked, chain, at).await?;
        }
        self.keep_probe(&ProbeRow::of_looked(looked)?).await
    }

    async fn keep_probe(&mut self, row: &ProbeRow) -> Result<()> {
        self.db.get_mut().keep_probes(std::slice::from_ref(row)).await?;
        self.written(1).await
    }
}
