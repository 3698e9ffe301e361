//! An earlier run as the measure of the next: pages and requests by origin, Crawl-delays as its robots.txt files said.

use super::{Basis, Expected};
use crate::capture::entry::Understanding;
use crate::capture::{Entry, Reader};
use crate::crawl::forecast::Load;
use crate::crawl::robots;
use crate::error::{Error, Result};
use crate::exchange::{Gathering, decode_body};
use crate::facts::site::{Look, UrlState};
use crate::judge::Material;
use crate::plan::{Plan, Target};
use crate::run::{RunFolder, State};
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

/// Largest record of a capture that is read for a robots.txt.
const MOST_BYTES: u64 = 4 << 20;

/// A finished run.
#[derive(Debug)]
pub(super) struct Earlier {
    folder: String,
    finished: String,
    plan: Plan,
    own: BTreeMap<String, Load>,
    external: BTreeSet<String>,
    external_requests: u64,
}

impl Earlier {
    /// Reads a run folder; sends nothing and changes nothing that was gathered.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let refuse = |what: &str| {
            Err(Error::usage_with(
                format!("--since {}: {what}", path.display()),
                "给出已完成运行的 --out 目录 / give the --out folder of a finished run",
            ))
        };
        let Ok(text) = fs::read(path.join("plan.json")) else { return refuse("不是运行目录 / is no run folder") };
        let Ok(plan) = serde_json::from_slice::<Plan>(&text) else {
            return refuse("由其他版本写成 / was written by another version");
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| Error::Internal(format!("runtime: {e}")))?;
        let (run, state) = runtime.block_on(RunFolder::open(path, &plan))?;
        if state != State::Complete {
            return refuse("运行尚未完成 / the run is not finished");
        }
        let finished = run.info().map(|info| info.finished_at.to_string()).unwrap_or_default();
        let mut earlier = Earlier {
            folder: path.display().to_string(),
            finished,
            plan,
            own: BTreeMap::new(),
            external: BTreeSet::new(),
            external_requests: 0,
        };
        run.for_each_state(&mut |state| {
            earlier.add(&state);
            Ok(())
        })?;
        let delays = delays(&path.join("capture.warc.gz"), &earlier.own);
        for (origin, delay) in delays {
            if let Some(load) = earlier.own.get_mut(&origin) {
                load.delay = Some(delay);
            }
        }
        Ok(earlier)
    }

    fn add(&mut self, state: &UrlState) {
        let sent = requests(state);
        let own = self.plan.scope.contains(&state.url, None);
        if !own {
            if sent > 0 {
                self.external.insert(state.url.origin());
                self.external_requests += sent;
            }
            return;
        }
        let load = self.own.entry(state.url.origin()).or_insert_with(|| Load {
            origin: state.url.origin(),
            host: state.url.host().to_owned(),
            addresses: Vec::new(),
            pages: 0,
            requests: 0,
            delay: None,
        });
        load.pages += u64::from(state.gathering == Gathering::Pages);
        load.requests += sent.max(u64::from(state.gathering == Gathering::Pages));
    }

    /// Was it a run of that site?
    pub(super) fn covers(&self, seeds: &[CanonicalUrl]) -> bool {
        match &self.plan.target {
            Target::Live(known) => seeds.iter().any(|seed| known.iter().any(|known| known.origin() == seed.origin())),
            _ => false,
        }
    }

    /// What the next run of it will ask for.
    pub(super) fn expected(&mut self, target: &str, max_pages: u64) -> (Expected, Vec<Load>) {
        let mut loads: Vec<Load> = self.own.values().cloned().collect();
        let mut left = if max_pages == 0 { u64::MAX } else { max_pages };
        for load in &mut loads {
            load.requests += super::ASIDE;
            let cut = load.pages.saturating_sub(left);
            load.pages -= cut;
            load.requests = load.requests.saturating_sub(cut);
            left -= load.pages;
        }
        let basis = Basis::Run { folder: self.folder.clone(), finished: self.finished.clone() };
        let expected = Expected {
            target: target.to_owned(),
            basis,
            pages: loads.iter().map(|load| load.pages).sum(),
            requests: loads.iter().map(|load| load.requests).sum(),
            external_hosts: Some(self.external.len() as u64),
            external_requests: Some(self.external_requests),
        };
        (expected, loads)
    }
}

/// Requests that a URL took, as far as its looks tell; none for what was never asked for.
fn requests(state: &UrlState) -> u64 {
    let sent = |look: &Look| match look {
        Look::Answered { .. } => 1,
        Look::Unfetched { reason: Reason::Budget, .. } => 1,
        Look::Unfetched { attempts, .. } => u64::from(*attempts),
    };
    state.looks.iter().map(sent).sum()
}

/// Crawl-delays by origin, from the robots.txt files in a capture. What cannot be read says nothing.
fn delays(capture: &Path, origins: &BTreeMap<String, Load>) -> HashMap<String, Duration> {
    let mut delays = HashMap::new();
    let Some(mut reader) = File::open(capture).ok().and_then(|file| Reader::new(file, MOST_BYTES).ok()) else { return delays };
    let mut understanding = Understanding::default();
    let mut left = origins.len();
    while let Some(Ok(record)) = reader.next_record() {
        let Entry::Answer { exchange, has_body: true } = understanding.of(record) else { continue };
        if exchange.gathering != Gathering::Robots || !origins.contains_key(&exchange.url.origin()) {
            continue;
        }
        if (200..300).contains(&exchange.status)
            && let Ok(body) = decode_body(&exchange, MOST_BYTES)
            && let Some(delay) = robots::read(&body).delay()
        {
            delays.insert(exchange.url.origin(), delay);
        }
        left -= 1;
        if left == 0 {
            break;
        }
    }
    delays
}
