//! Whose turn it is: rounds of pages, links to be checked, second looks; and the lanes in which origins are visited side by side.

use super::*;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use std::collections::{BTreeMap, VecDeque};

/// URLs that have their turn, one after another.
enum Turn {
    /// Pages of one hop count.
    Pages(Round),
    /// Links that are no pages of the scope.
    Checks(Round),
    /// Second looks.
    Again(Sorted),
}

/// A visit under way, and its origin.
type Running = BoxFuture<'static, (String, Visit)>;

/// URLs of a turn by origin, as far as they are in memory.
#[derive(Default)]
struct Lanes {
    lanes: BTreeMap<String, VecDeque<Waiting>>,
    /// Origins whose lane has not been opened, in order.
    order: VecDeque<String>,
    /// Requests under way, by origin.
    open: HashMap<String, u32>,
    waiting: usize,
}

impl Lanes {
    fn push(&mut self, waiting: Waiting) {
        let origin = waiting.url.origin();
        let lane = self.lanes.entry(origin.clone()).or_default();
        if lane.is_empty() && !self.open.contains_key(&origin) {
            self.order.push_back(origin);
        }
        lane.push_back(waiting);
        self.waiting += 1;
    }

    /// What may be asked for now: at most so many of each origin, and not too many origins.
    fn ready(&mut self, at_once: impl Fn(&Waiting) -> u32) -> Vec<(String, Waiting)> {
        let mut ready = Vec::new();
        while self.open.len() < ORIGINS_AT_ONCE
            && let Some(origin) = self.order.pop_front()
        {
            self.open.insert(origin.clone(), 0);
            self.fill(&origin, &at_once, &mut ready);
        }
        ready
    }

    /// One request of an origin has ended.
    fn ended(&mut self, origin: &str, at_once: impl Fn(&Waiting) -> u32) -> Vec<(String, Waiting)> {
        let mut ready = Vec::new();
        if let Some(running) = self.open.get_mut(origin) {
            *running -= 1;
        }
        self.fill(origin, &at_once, &mut ready);
        if self.open.get(origin) == Some(&0) {
            self.open.remove(origin);
            self.lanes.remove(origin);
        }
        ready
    }

    fn fill(&mut self, origin: &str, at_once: impl Fn(&Waiting) -> u32, ready: &mut Vec<(String, Waiting)>) {
        let Some(running) = self.open.get_mut(origin) else { return };
        while let Some(lane) = self.lanes.get_mut(origin)
            && lane.front().is_some_and(|next| *running < at_once(next).max(1))
            && let Some(next) = lane.pop_front()
        {
            *running += 1;
            self.waiting -= 1;
            ready.push((origin.to_owned(), next));
        }
    }

    /// Nothing more begins.
    fn clear(&mut self) {
        self.lanes.clear();
        self.order.clear();
        self.waiting = 0;
    }
}

impl<K: Keep> Crawl<'_, K> {
    /// All pages that wait, round by round; a spent budget ends the rest.
    pub(super) async fn pages(&mut self) -> Result<()> {
        while let Some(mut round) = self.frontier.round(if self.budget == 0 { u64::MAX } else { self.budget })? {
            if self.budget > 0 {
                for evidence in self.traps.weigh()? {
                    self.progress.say(&format!("只通向自身，不再跟进 / only leads to itself, not followed: {evidence}"));
                }
                let turn = self.visit_all(Turn::Pages(round)).await?;
                if let Turn::Pages(rest) = turn {
                    self.frontier.put_back(rest)?;
                }
                continue;
            }
            let refused = Failure::new(Reason::Budget, format!("max_pages {}", self.plan.config.max_pages));
            while let Some(waiting) = self.frontier.next(&mut round)? {
                self.end_without_request(waiting, refused.clone()).await?;
            }
            self.frontier.put_back(round)?;
        }
        Ok(())
    }

    /// Is the page further from the seeds than links are followed? The later pages of a list lead only to one another: such steps are
    /// not counted, or a long list would end in its middle.
    fn too_deep(&self, waiting: &Waiting) -> Option<Failure> {
        let most = self.plan.config.max_hops;
        if waiting.hops <= most {
            return None;
        }
        let later = std::iter::once(&waiting.url).chain(&waiting.via).filter_map(crate::facts::site::continuation);
        let steps = later.map(|page| page.number).max().unwrap_or(0);
        (waiting.hops > most.saturating_add(steps)).then(|| Failure::new(Reason::Budget, format!("max_hops {most}")))
    }

    /// Links that are no pages of the scope: asked for once each, where the plan wants to know.
    pub(super) async fn link_checks(&mut self) -> Result<()> {
        let checks = self.frontier.checks()?;
        self.visit_all(Turn::Checks(checks)).await.map(drop)
    }

    /// Looks again at what looked dead, on new connections. False when there was nothing to look at.
    pub(super) async fn second_looks(&mut self) -> Result<bool> {
        // Without any page there is nothing whose links could be dead.
        if self.doubtful.is_empty() || !self.obtained {
            return Ok(false);
        }
        let count = self.doubtful.len();
        let again = std::mem::replace(&mut self.doubtful, Line::new(&self.spill)).close()?;
        self.progress.say(&format!(
            "复查 {count} 个失效或未能核实的网址 / second look at {count} URLs that are possibly dead, or could not be verified"
        ));
        let pause = Duration::try_from_secs_f64(self.plan.config.second_look_after).unwrap_or(SECOND_LOOK).max(SECOND_LOOK);
        // A folder does not change its mind.
        if let Some(last) = self.doubted_at.take() {
            while last + pause > Instant::now() {
                self.stop_if_wanted()?;
                tokio::time::sleep_until((last + pause).min(Instant::now() + STOP_CHECK)).await;
            }
        }
        self.visit_all(Turn::Again(again)).await?;
        Ok(true)
    }

    /// The next URL to be visited; those that nobody is asked for end here.
    async fn next(&mut self, turn: &mut Turn) -> Result<Option<Waiting>> {
        loop {
            let next = match turn {
                Turn::Pages(round) | Turn::Checks(round) => self.frontier.next(round)?,
                Turn::Again(sorted) => {
                    sorted.pop()?.map(|waiting| Waiting { look: 2, until: None, profile: Profile::Browser, ..waiting })
                }
            };
            let Some(waiting) = next else { return Ok(None) };
            // Nothing would be sent, and nothing be learned.
            if matches!(turn, Turn::Again(_)) && self.visitor.gave_up(&waiting.url) {
                continue;
            }
            let refused = match turn {
                Turn::Pages(_) if looks_endless(&waiting.url) => {
                    Some(Failure::new(Reason::Trap, "the path repeats itself, or is longer than servers take"))
                }
                Turn::Pages(_) if self.too_deep(&waiting).is_some() => self.too_deep(&waiting),
                Turn::Pages(_) => match self.say(&waiting).await? {
                    Say::Go => {
                        self.budget = self.budget.saturating_sub(1);
                        None
                    }
                    Say::Hold => {
                        self.frontier.hold(waiting)?;
                        continue;
                    }
                    Say::Cut(evidence) => Some(Failure::new(Reason::Trap, evidence)),
                },
                Turn::Checks(_) if !self.is_wanted(&waiting) => Some(Failure::new(Reason::NotRequested, "")),
                Turn::Checks(_) | Turn::Again(_) => None,
            };
            match refused {
                Some(refused) => self.end_without_request(waiting, refused).await?,
                None => return Ok(Some(waiting)),
            }
        }
    }

    /// Shall a page be asked for now, by what pages showed in this run, or in the run before of those that have not changed?
    async fn say(&mut self, waiting: &Waiting) -> Result<Say> {
        if let Some(via) = &waiting.via
            && let Some(evidence) = self.keep.earlier_cut(&waiting.url, via).await?
        {
            return Ok(Say::Cut(evidence));
        }
        Ok(self.traps.say(waiting))
    }

    /// Does the plan want to know where this link leads?
    fn is_wanted(&self, waiting: &Waiting) -> bool {
        let own = self.plan.scope.contains(&waiting.url, None);
        let wanted = waiting.gathering == Gathering::Attachments
            || self.plan.gatherings.contains(&Gathering::LinkCheck) && (own || self.plan.config.external);
        let folder = matches!(self.plan.target, crate::plan::Target::Folder { .. });
        wanted && (!folder || own || self.plan.config.folder_external)
    }

    /// Visits the URLs of a turn in order, at most `at_once` per origin, and settles each as it ends. Gives back what is left of the turn.
    async fn visit_all(&mut self, mut turn: Turn) -> Result<Turn> {
        let plan = self.plan;
        let at_once = |waiting: &Waiting| plan.config.at_once_for(waiting.url.host());
        let mut lanes = Lanes::default();
        let mut running: FuturesUnordered<Running> = FuturesUnordered::new();
        let mut over = false;
        loop {
            // Much at a time: the frontier is asked once in a while, and a commit may come in between.
            if !over && lanes.waiting < IN_LANES / 2 {
                while lanes.waiting < IN_LANES {
                    self.commit_if_due().await?;
                    match self.next(&mut turn).await? {
                        Some(waiting) => lanes.push(waiting),
                        None => {
                            over = true;
                            break;
                        }
                    }
                }
            }
            self.start(lanes.ready(at_once), &mut running).await?;
            let Some((origin, visit)) = self.first_ended(&mut running, &mut lanes, &mut over).await? else { break };
            let next = lanes.ended(&origin, at_once);
            self.start(next, &mut running).await?;
            self.settle(visit, lanes.waiting as u64).await?;
        }
        self.stop_if_wanted()?;
        Ok(turn)
    }

    async fn start(&mut self, ready: Vec<(String, Waiting)>, running: &mut FuturesUnordered<Running>) -> Result<()> {
        for (origin, waiting) in ready {
            let held = match waiting.look {
                1 => self.keep.held(&waiting.url, waiting.gathering).await?.map(Arc::new),
                _ => None,
            };
            let visitor = self.visitor.clone();
            running.push(Box::pin(async move { (origin, visitor.visit_held(waiting, held).await) }));
        }
        Ok(())
    }

    /// The visit that ends first; what waits for a commit is committed meanwhile. None when none is under way.
    async fn first_ended(
        &mut self,
        running: &mut FuturesUnordered<Running>,
        lanes: &mut Lanes,
        over: &mut bool,
    ) -> Result<Option<(String, Visit)>> {
        loop {
            if self.progress.wants_stop() {
                lanes.clear();
                *over = true;
            }
            let soon = Instant::now() + STOP_CHECK;
            let until = self.keep.due().map_or(soon, |due| due.min(soon));
            tokio::select! {
                biased;
                ended = running.next() => return Ok(ended),
                said = self.visitor.told() => self.progress.say(&said),
                () = tokio::time::sleep_until(until) => self.commit_if_due().await?,
            }
        }
    }

    async fn commit_if_due(&mut self) -> Result<()> {
        match self.keep.due() {
            Some(due) if due <= Instant::now() => self.keep.commit().await,
            _ => Ok(()),
        }
    }

    /// Ends the crawl when whoever watches wants it; what waits is in the run folder.
    pub(in crate::crawl) fn stop_if_wanted(&self) -> Result<()> {
        if self.progress.wants_stop() { Err(Error::Stopped { path: Default::default() }) } else { Ok(()) }
    }
}
