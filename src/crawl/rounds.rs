//! The loop: rounds of pages by hop count, sitemaps, checked links, second looks, until nothing waits.

use super::Progress;
use super::fetch::{Failure, Source};
use super::frontier::{Frontier, Line, Offered, Round, Sorted, Spill, Waiting, fingerprint, looks_endless};
use super::keep::Keep;
use super::purpose;
use super::traps::{Say, Traps};
use super::visit::{End, GIVEN_UP_AFTER, Read, Visit, Visitor, unfetched, was_doubtful};
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering, Profile};
use crate::facts::links::Role;
use crate::plan::Plan;
use crate::run::{Left, Reading};
use crate::shelf::Shelf;
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

mod resume;
mod sources;
mod turns;

/// Most origins that are talked to at once.
const ORIGINS_AT_ONCE: usize = 64;
/// URLs that stand in the lanes of their origins; the rest of a turn waits in the frontier.
const IN_LANES: usize = 1 << 15;
/// How often a crawl that waits asks whether it shall stop.
const STOP_CHECK: Duration = Duration::from_millis(200);
/// A second look comes no sooner than this after the first.
const SECOND_LOOK: Duration = Duration::from_secs(2);

/// A crawl under way.
pub struct Crawl<'a, K> {
    pub(super) plan: &'a Plan,
    pub(super) keep: &'a mut K,
    pub(super) progress: &'a dyn Progress,
    pub(super) visitor: Arc<Visitor>,
    frontier: Frontier,
    /// Pages that may still be asked for.
    budget: u64,
    spill: Spill,
    /// URLs whose first look found nothing, and when the last of them over the network was.
    doubtful: Line,
    doubted_at: Option<Instant>,
    /// Redirects seen: from, to.
    redirects: HashMap<u128, u128>,
    traps: Traps,
    /// robots.txt and sitemap files that an earlier part of the run has kept already.
    kept_aside: std::collections::HashSet<(CanonicalUrl, Gathering)>,
    ended: u64,
    pub(super) obtained: bool,
    /// The browser that pages are shown to, where there is one.
    #[cfg(all(feature = "browser", unix))]
    pub(super) screen: Option<super::render::Screen>,
}

impl<'a, K: Keep> Crawl<'a, K> {
    /// A crawl that begins nowhere yet.
    pub fn new(plan: &'a Plan, source: Source, keep: &'a mut K, progress: &'a dyn Progress) -> Self {
        let extractor = keep.extractor();
        if extractor.is_none() && plan.gatherings.contains(&Gathering::Attachments) {
            progress.say("没有读取附件的程序，附件只存不读 / no program to read attachments: they are kept, not read");
        }
        let spill = keep.scratch().map(Spill::into_folder).unwrap_or_default();
        let traps = Traps::new(keep.scratch().map(Shelf::in_folder).unwrap_or_default());
        Crawl {
            plan,
            keep,
            progress,
            visitor: Arc::new(Visitor::new(source, plan.config.clone(), extractor).reading(Reading::of(plan))),
            frontier: Frontier::new(spill.clone()),
            budget: if plan.config.max_pages == 0 { u64::MAX } else { plan.config.max_pages },
            doubtful: Line::new(&spill),
            doubted_at: None,
            spill,
            redirects: HashMap::new(),
            traps,
            kept_aside: std::collections::HashSet::new(),
            ended: 0,
            obtained: false,
            #[cfg(all(feature = "browser", unix))]
            screen: None,
        }
    }

    /// Pages that scripts fill are shown to this browser.
    #[cfg(all(feature = "browser", unix))]
    pub fn showing(self, screen: Option<super::render::Screen>) -> Self {
        let live = self.visitor.asks_servers();
        Crawl { screen: screen.filter(|_| live), ..self }
    }

    /// Crawls from the seeds, or goes on where an earlier part of the run stopped.
    pub async fn run(mut self, seeds: Vec<CanonicalUrl>) -> Result<()> {
        match self.go(seeds).await {
            Err(Error::Stopped { path }) => {
                self.keep.commit().await?;
                Err(Error::Stopped { path })
            }
            ended => ended,
        }
    }

    async fn go(&mut self, seeds: Vec<CanonicalUrl>) -> Result<()> {
        self.resume().await?;
        let seeds: Vec<Waiting> = seeds.into_iter().map(|url| waiting(url, Gathering::Pages, 0, None)).collect();
        self.offer(seeds.clone()).await?;
        let mut sitemaps_read = false;
        loop {
            self.pages().await?;
            if !sitemaps_read {
                sitemaps_read = true;
                if self.obtained && self.budget > 0 {
                    self.sitemaps(&seeds).await?;
                    continue;
                }
            }
            self.link_checks().await?;
            if self.frontier.has_pages() {
                continue;
            }
            if self.second_looks().await? || !self.frontier.is_empty() {
                continue;
            }
            // What only scripts show leads further.
            #[cfg(all(feature = "browser", unix))]
            if self.obtained && self.render().await? {
                continue;
            }
            break;
        }
        self.probes(&seeds).await?;
        self.keep.finish(true).await?;
        if let Some(why) = self.keep.extractor().and_then(|extractor| extractor.failure()) {
            self.progress.say(&format!("附件未能读取 / attachments could not be read: {why}"));
        }
        Ok(())
    }

    /// Puts new URLs into the run folder and the frontier.
    pub(super) async fn offer(&mut self, found: Vec<Waiting>) -> Result<()> {
        let mut new = Vec::new();
        for waiting in found {
            let discovered = waiting.discovered();
            if self.frontier.offer(waiting)? != Offered::Known {
                new.push(discovered);
            }
        }
        if new.is_empty() { Ok(()) } else { self.keep.discover(&new).await }
    }

    /// Waits for something, and passes on what the gates say meanwhile.
    pub(super) async fn hear<T>(&self, awaited: impl Future<Output = T>) -> T {
        tokio::pin!(awaited);
        loop {
            tokio::select! {
                biased;
                done = &mut awaited => return done,
                said = self.visitor.told() => self.progress.say(&said),
            }
        }
    }

    /// One visit outside the rounds.
    pub(super) async fn visit(&self, waiting: Waiting) -> Visit {
        self.hear(self.visitor.visit(waiting)).await
    }

    /// Keeps how a URL ended and takes what it leads to.
    async fn settle(&mut self, visit: Visit, waiting_here: u64) -> Result<()> {
        let Visit { waiting, end, aside, given_up } = visit;
        for end in aside {
            self.keep_aside(end).await?;
        }
        if given_up {
            let host = waiting.url.authority();
            self.progress.say(&format!(
                "{host}: 连续 {GIVEN_UP_AFTER} 次无响应，不再请求 / {GIVEN_UP_AFTER} URLs without an answer, given up"
            ));
        }
        let url = waiting.url.clone();
        let end = self.without_loops(&waiting, end);
        let doubtful = waiting.look == 1 && self.visitor.is_doubtful(&end);
        let found = match &end {
            End::Answered(exchange, read) => {
                self.obtained |= waiting.gathering == Gathering::Pages;
                if let Some(Read::Page(page)) = read {
                    if page.links.len() >= crate::facts::links::MAX_LINKS {
                        self.progress.say(&format!(
                            "{url}: 链接超过 {n} 个，其余不跟进 / more than {n} links, the rest is not followed",
                            n = crate::facts::links::MAX_LINKS
                        ));
                    }
                    self.traps.saw(&waiting, page)?;
                }
                match read {
                    Some(Read::Unchanged(held)) => self.linked(&waiting, held.links()?),
                    _ => self.led_to(&waiting, exchange, read.as_ref()),
                }
            }
            End::Unfetched(_) => Vec::new(),
        };
        // First what it leads to, then its end: a run that is killed in between asks again.
        self.offer(found).await?;
        self.record(&end).await?;
        if let Some(ledger) = self.visitor.ledger() {
            self.keep.keep_ledger(&ledger).await?;
        }
        if doubtful {
            if self.visitor.is_live(&waiting.url) {
                self.doubted_at = Some(Instant::now());
            }
            self.doubtful.push(waiting)?;
        }
        self.progress.step(self.ended, self.frontier.len() + waiting_here, &url);
        Ok(())
    }

    pub(super) async fn record(&mut self, end: &End) -> Result<()> {
        self.ended += 1;
        match end {
            End::Answered(exchange, Some(Read::File(file))) => self.keep.keep_file(exchange, file).await,
            End::Answered(exchange, Some(Read::Page(page))) => self.keep.keep(exchange, Some(page)).await,
            End::Answered(exchange, Some(Read::Unchanged(held))) => self.keep.keep_unchanged(exchange, held).await,
            End::Answered(exchange, None) => self.keep.keep(exchange, None).await,
            End::Unfetched(unfetched) => self.keep.keep_unfetched(unfetched).await,
        }
    }

    /// Keeps a robots.txt or sitemap, once; no link led there, so it was never discovered.
    pub(super) async fn keep_aside(&mut self, end: End) -> Result<()> {
        let key = match &end {
            End::Answered(exchange, _) => (exchange.url.clone(), exchange.gathering),
            End::Unfetched(unfetched) => (unfetched.url.clone(), unfetched.gathering),
        };
        if self.kept_aside.insert(key) {
            self.record(&end).await?;
        }
        Ok(())
    }

    async fn end_without_request(&mut self, waiting: Waiting, failure: Failure) -> Result<()> {
        self.record(&unfetched(&waiting, failure, 0)).await?;
        self.progress.step(self.ended, self.frontier.len(), &waiting.url);
        Ok(())
    }

    /// A redirect that closes a circle ends as one, and the last of too many redirects too, so that nobody has to walk them.
    fn without_loops(&mut self, waiting: &Waiting, end: End) -> End {
        let End::Answered(exchange, _) = &end else { return end };
        let from = fingerprint(&waiting.url);
        let Some(target) = exchange.redirect() else {
            self.redirects.remove(&from);
            return end;
        };
        let to = fingerprint(&target);
        self.redirects.insert(from, to);
        let mut at = to;
        for _ in 0..=self.plan.config.max_redirects {
            if at == from {
                return unfetched(waiting, Failure::new(Reason::RedirectLoop, format!("→ {target}")), exchange.attempts);
            }
            match self.redirects.get(&at) {
                Some(next) => at = *next,
                None => break,
            }
        }
        if waiting.redirects >= self.plan.config.max_redirects {
            return unfetched(waiting, Failure::new(Reason::TooManyRedirects, format!("→ {target}")), exchange.attempts);
        }
        end
    }

    /// What a response leads to: the target of its redirect, or the links of its page.
    fn led_to(&self, from: &Waiting, exchange: &Exchange, read: Option<&Read>) -> Vec<Waiting> {
        if let Some(target) = exchange.redirect() {
            let gathering = purpose::of_url(self.plan, &target);
            return vec![Waiting {
                redirects: from.redirects + 1,
                until: from.until,
                ..waiting(target, gathering, from.hops, Some(from.url.clone()))
            }];
        }
        let links = match read {
            Some(Read::Page(page)) => page.links.as_slice(),
            _ => &[],
        };
        self.linked(from, links.iter().filter_map(|link| Some((link.role, link.target.clone()?))))
    }

    /// The targets of a page's links that are asked for.
    pub(super) fn linked(&self, from: &Waiting, links: impl IntoIterator<Item = (Role, CanonicalUrl)>) -> Vec<Waiting> {
        let asked = links.into_iter().filter_map(|(role, url)| {
            let gathering = purpose::of_link(self.plan, &url, role)?;
            Some(waiting(url, gathering, from.hops + 1, Some(from.url.clone())))
        });
        asked.collect()
    }
}

/// Is it kept beside the URLs of the site?
fn is_aside(gathering: Gathering) -> bool {
    matches!(gathering, Gathering::Robots | Gathering::Sitemap)
}

pub(super) fn waiting(url: CanonicalUrl, gathering: Gathering, hops: u32, via: Option<CanonicalUrl>) -> Waiting {
    Waiting { url, gathering, hops, via, redirects: 0, until: None, look: 1, profile: Profile::Own }
}
