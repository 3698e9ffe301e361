//! The loop: rounds of pages by hop count, sitemaps, checked links, second looks, until nothing waits.

use super::Progress;
use super::fetch::{Failure, Source};
use super::frontier::{Frontier, Waiting, fingerprint, looks_endless};
use super::keep::Keep;
use super::purpose;
use super::visit::{End, GIVEN_UP_AFTER, Read, Visit, Visitor, unfetched};
use crate::error::Result;
use crate::exchange::{Exchange, Gathering, Profile};
use crate::facts::site::Look;
use crate::plan::Plan;
use crate::run::Reading;
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

mod sources;

/// Most origins that are talked to at once.
const ORIGINS_AT_ONCE: usize = 64;
/// A second look comes no sooner than this after the first.
const SECOND_LOOK: Duration = Duration::from_secs(2);

/// A crawl under way.
pub struct Crawl<'a, K> {
    pub(super) plan: &'a Plan,
    pub(super) keep: &'a mut K,
    progress: &'a dyn Progress,
    pub(super) visitor: Arc<Visitor>,
    frontier: Frontier,
    /// Pages that may still be asked for.
    budget: u64,
    /// URLs whose first look found nothing, and when that was.
    doubtful: Vec<(Waiting, Instant)>,
    /// Redirects seen: from, to.
    redirects: HashMap<u128, u128>,
    /// robots.txt and sitemap files that an earlier part of the run has kept already.
    kept_aside: std::collections::HashSet<(CanonicalUrl, Gathering)>,
    ended: u64,
    pub(super) obtained: bool,
}

impl<'a, K: Keep> Crawl<'a, K> {
    /// A crawl that begins nowhere yet.
    pub fn new(plan: &'a Plan, source: Source, keep: &'a mut K, progress: &'a dyn Progress) -> Self {
        let extractor = keep.extractor();
        if extractor.is_none() && plan.gatherings.contains(&Gathering::Attachments) {
            progress.say("没有读取附件的程序，附件只存不读 / no program to read attachments: they are kept, not read");
        }
        Crawl {
            plan,
            keep,
            progress,
            visitor: Arc::new(Visitor::new(source, plan.config.clone(), extractor).reading(Reading::of(plan))),
            frontier: Frontier::default(),
            budget: if plan.config.max_pages == 0 { u64::MAX } else { plan.config.max_pages },
            doubtful: Vec::new(),
            redirects: HashMap::new(),
            kept_aside: std::collections::HashSet::new(),
            ended: 0,
            obtained: false,
        }
    }

    /// Crawls from the seeds, or goes on where an earlier part of the run stopped.
    pub async fn run(mut self, seeds: Vec<CanonicalUrl>) -> Result<()> {
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
            if !self.second_looks().await? && self.frontier.is_empty() {
                break;
            }
        }
        self.probes(&seeds).await?;
        self.keep.finish(true).await?;
        if let Some(why) = self.keep.extractor().and_then(|extractor| extractor.failure()) {
            self.progress.say(&format!("附件未能读取 / attachments could not be read: {why}"));
        }
        Ok(())
    }

    async fn resume(&mut self) -> Result<()> {
        for (url, gathering) in self.keep.ended().await? {
            match gathering {
                Gathering::Robots | Gathering::Sitemap => {
                    self.kept_aside.insert((url, gathering));
                    continue;
                }
                Gathering::Pages => {
                    self.obtained = true;
                    self.budget = self.budget.saturating_sub(1);
                }
                _ => {}
            }
            self.ended += 1;
            self.frontier.ended(&url);
        }
        for found in self.keep.pending().await? {
            if !matches!(found.gathering, Gathering::Robots | Gathering::Sitemap) {
                self.frontier.offer(waiting(found.url, found.gathering, found.hops, found.via));
            }
        }
        for state in self.keep.looked_once().await? {
            if !matches!(state.gathering, Gathering::Robots | Gathering::Sitemap) && state.looks.iter().all(looks_dead) {
                self.doubtful.push((waiting(state.url, state.gathering, state.hops, state.via), Instant::now()));
            }
        }
        Ok(())
    }

    /// Puts new URLs into the run folder and the frontier.
    async fn offer(&mut self, found: Vec<Waiting>) -> Result<()> {
        let mut new = Vec::new();
        for waiting in found {
            let discovered = waiting.discovered();
            if self.frontier.offer(waiting) {
                new.push(discovered);
            }
        }
        if new.is_empty() { Ok(()) } else { self.keep.discover(&new).await }
    }

    /// All pages that wait, round by round; a spent budget ends the rest.
    async fn pages(&mut self) -> Result<()> {
        loop {
            if self.budget == 0 {
                while let Some(rest) = Some(self.frontier.round(1024)).filter(|rest| !rest.is_empty()) {
                    for waiting in rest {
                        let spent = Failure::new(Reason::Budget, format!("max_pages {}", self.plan.config.max_pages));
                        self.end_without_request(waiting, spent).await?;
                    }
                }
                return Ok(());
            }
            let mut round = self.frontier.round(self.budget);
            if round.is_empty() {
                return Ok(());
            }
            if let Some(failure) = round.first().and_then(|first| self.too_deep(first)) {
                for waiting in round {
                    self.end_without_request(waiting, failure.clone()).await?;
                }
                continue;
            }
            let (endless, rest): (Vec<_>, Vec<_>) = round.drain(..).partition(|waiting| looks_endless(&waiting.url));
            for waiting in endless {
                self.end_without_request(waiting, Failure::new(Reason::Budget, "the URL looks like one of an endless family"))
                    .await?;
            }
            self.budget = self.budget.saturating_sub(rest.len() as u64);
            self.visit_all(rest).await?;
        }
    }

    fn too_deep(&self, first: &Waiting) -> Option<Failure> {
        let most = self.plan.config.max_hops;
        (first.hops > most).then(|| Failure::new(Reason::Budget, format!("max_hops {most}")))
    }

    /// Links that are no pages of the scope: asked for once each, where the plan wants to know.
    async fn link_checks(&mut self) -> Result<()> {
        let mut asked = Vec::new();
        for waiting in self.frontier.checks() {
            let own = self.plan.scope.contains(&waiting.url, None);
            let wanted = waiting.gathering == Gathering::Attachments
                || self.plan.gatherings.contains(&Gathering::LinkCheck) && (own || self.plan.config.external);
            let folder = matches!(self.plan.target, crate::plan::Target::Folder { .. });
            if !wanted || (folder && !own && !self.plan.config.folder_external) {
                self.end_without_request(waiting, Failure::new(Reason::NotRequested, "")).await?;
            } else {
                asked.push(waiting);
            }
        }
        self.visit_all(asked).await
    }

    /// Looks again at what looked dead, on new connections. False when there was nothing to look at.
    async fn second_looks(&mut self) -> Result<bool> {
        // Without any page there is nothing whose links could be dead.
        if self.doubtful.is_empty() || !self.obtained {
            return Ok(false);
        }
        let doubtful = std::mem::take(&mut self.doubtful);
        self.progress.say(&format!(
            "复查 {} 个疑似失效链接 / second look at {} possibly dead links",
            doubtful.len(),
            doubtful.len()
        ));
        let pause = Duration::try_from_secs_f64(self.plan.config.second_look_after).unwrap_or(SECOND_LOOK).max(SECOND_LOOK);
        // A folder does not change its mind.
        if let Some(last) = doubtful.iter().filter(|(waiting, _)| self.visitor.is_live(&waiting.url)).map(|(_, at)| *at).max() {
            tokio::time::sleep_until(last + pause).await;
        }
        let mut again: Vec<Waiting> =
            doubtful.into_iter().map(|(waiting, _)| Waiting { look: 2, until: None, ..waiting }).collect();
        again.sort_by(|a, b| (a.hops, &a.url).cmp(&(b.hops, &b.url)));
        self.visit_all(again).await?;
        Ok(true)
    }

    /// Visits URLs in order, at most `at_once` per origin, and settles each as it ends.
    async fn visit_all(&mut self, urls: Vec<Waiting>) -> Result<()> {
        let mut lanes: BTreeMap<String, VecDeque<Waiting>> = BTreeMap::new();
        let mut order: VecDeque<String> = VecDeque::new();
        for waiting in urls {
            let origin = waiting.url.origin();
            let lane = lanes.entry(origin.clone()).or_default();
            if lane.is_empty() {
                order.push_back(origin);
            }
            lane.push_back(waiting);
        }
        let mut waiting_here: u64 = lanes.values().map(|lane| lane.len() as u64).sum();
        let mut running: FuturesUnordered<BoxFuture<'static, (String, Visit)>> = FuturesUnordered::new();
        let mut open: HashMap<String, u32> = HashMap::new();
        let start = |visitor: &Arc<Visitor>, origin: String, waiting: Waiting| -> BoxFuture<'static, (String, Visit)> {
            let visitor = visitor.clone();
            Box::pin(async move { (origin, visitor.visit(waiting).await) })
        };
        loop {
            while open.len() < ORIGINS_AT_ONCE
                && let Some(origin) = order.pop_front()
            {
                let lane = lanes.entry(origin.clone()).or_default();
                let first: Vec<Waiting> = lane.drain(..lane.len().min(at_once(self.plan, lane))).collect();
                open.insert(origin.clone(), first.len() as u32);
                running.extend(first.into_iter().map(|waiting| start(&self.visitor, origin.clone(), waiting)));
            }
            let Some((origin, visit)) = self.hear(running.next()).await else { return Ok(()) };
            if let Some(next) = lanes.get_mut(&origin).and_then(VecDeque::pop_front) {
                running.push(start(&self.visitor, origin, next));
            } else if let Some(left) = open.get_mut(&origin) {
                *left -= 1;
                if *left == 0 {
                    open.remove(&origin);
                }
            }
            waiting_here = waiting_here.saturating_sub(1);
            self.settle(visit, waiting_here).await?;
        }
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
        let doubtful = waiting.look == 1 && is_doubtful(&end);
        let found = match &end {
            End::Answered(exchange, page) => {
                self.obtained |= waiting.gathering == Gathering::Pages;
                self.led_to(&waiting, exchange, page.as_ref())
            }
            End::Unfetched(_) => Vec::new(),
        };
        // First what it leads to, then its end: a run that is killed in between asks again.
        self.offer(found).await?;
        self.record(&end).await?;
        if doubtful {
            self.doubtful.push((waiting, Instant::now()));
        }
        self.progress.step(self.ended, self.frontier.len() + waiting_here, &url);
        Ok(())
    }

    pub(super) async fn record(&mut self, end: &End) -> Result<()> {
        self.ended += 1;
        match end {
            End::Answered(exchange, Some(Read::File(file))) => self.keep.keep_file(exchange, file).await,
            End::Answered(exchange, Some(Read::Page(page))) => self.keep.keep(exchange, Some(page)).await,
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
        links
            .iter()
            .filter_map(|link| {
                let url = link.target.clone()?;
                let gathering = purpose::of_link(self.plan, &url, link.role)?;
                Some(waiting(url, gathering, from.hops + 1, Some(from.url.clone())))
            })
            .collect()
    }
}

/// Requests at once to the origin of a lane.
fn at_once(plan: &Plan, lane: &VecDeque<Waiting>) -> usize {
    lane.front().map_or(1, |first| plan.config.at_once_for(first.url.host()) as usize)
}

fn waiting(url: CanonicalUrl, gathering: Gathering, hops: u32, via: Option<CanonicalUrl>) -> Waiting {
    Waiting { url, gathering, hops, via, redirects: 0, until: None, look: 1, profile: Profile::Own }
}

/// Might a link to it be dead? Blocked is not dead: only what says that there is nothing is looked at again.
fn is_doubtful(end: &End) -> bool {
    match end {
        End::Answered(exchange, _) => says_nothing_there(exchange.status),
        End::Unfetched(unfetched) => leads_nowhere(unfetched.reason),
    }
}

fn looks_dead(look: &Look) -> bool {
    match look {
        Look::Answered { status, .. } => says_nothing_there(*status),
        Look::Unfetched { reason, .. } => leads_nowhere(*reason),
    }
}

fn says_nothing_there(status: u16) -> bool {
    matches!(status, 404 | 410)
}

fn leads_nowhere(reason: Reason) -> bool {
    matches!(reason, Reason::NameNotFound | Reason::RedirectLoop | Reason::TooManyRedirects | Reason::BadRedirect)
}
