//! Keeps what a crawl gathers in memory, and makes plans without checklists.
#![allow(dead_code)] // each test file uses its own part

use std::collections::BTreeSet;
use xuncha::config::Config;
use xuncha::crawl::keep::Keep;
use xuncha::error::Result;
use xuncha::exchange::{Exchange, Gathering};
use xuncha::facts::Page;
use xuncha::facts::site::UrlState;
use xuncha::plan::{Plan, Target, Unit};
use xuncha::run::Discovered;
use xuncha::scope::Scope;
use xuncha::unfetched::{Reason, Unfetched};
use xuncha::url::CanonicalUrl;

/// One end of a URL, in the order kept.
#[derive(Debug, Clone)]
pub enum Ended {
    Answered(Exchange),
    Unfetched(Unfetched),
}

/// Everything a crawl gathered.
#[derive(Debug, Default)]
pub struct Kept {
    pub discovered: Vec<Discovered>,
    pub ends: Vec<Ended>,
    pub finished: Option<bool>,
    pub earlier: Vec<(CanonicalUrl, Gathering)>,
    pub waiting: Vec<Discovered>,
    pub once: Vec<UrlState>,
}

impl Keep for Kept {
    async fn discover(&mut self, found: &[Discovered]) -> Result<()> {
        self.discovered.extend_from_slice(found);
        Ok(())
    }
    async fn pending(&self) -> Result<Vec<Discovered>> {
        Ok(self.waiting.clone())
    }
    async fn ended(&self) -> Result<Vec<(CanonicalUrl, Gathering)>> {
        Ok(self.earlier.clone())
    }
    async fn looked_once(&self) -> Result<Vec<UrlState>> {
        Ok(self.once.clone())
    }
    async fn keep(&mut self, exchange: &Exchange, _page: Option<&Page>) -> Result<()> {
        self.ends.push(Ended::Answered(exchange.clone()));
        Ok(())
    }
    async fn keep_unfetched(&mut self, unfetched: &Unfetched) -> Result<()> {
        self.ends.push(Ended::Unfetched(unfetched.clone()));
        Ok(())
    }
    async fn finish(&mut self, complete: bool) -> Result<()> {
        self.finished = Some(complete);
        Ok(())
    }
}

impl Kept {
    /// How a URL ended, look by look: its status, or its reason in a word.
    pub fn looks(&self, url: &str) -> Vec<String> {
        self.ends
            .iter()
            .filter_map(|end| match end {
                Ended::Answered(exchange) if exchange.url.as_str() == url => Some(exchange.status.to_string()),
                Ended::Unfetched(unfetched) if unfetched.url.as_str() == url => Some(unfetched.reason.word().to_owned()),
                _ => None,
            })
            .collect()
    }

    /// The exchange of a URL.
    pub fn exchange(&self, url: &str) -> Option<&Exchange> {
        self.ends.iter().find_map(|end| match end {
            Ended::Answered(exchange) if exchange.url.as_str() == url => Some(exchange),
            _ => None,
        })
    }

    /// The first end of a URL without a response.
    pub fn unfetched(&self, url: &str) -> Option<&Unfetched> {
        self.ends.iter().find_map(|end| match end {
            Ended::Unfetched(unfetched) if unfetched.url.as_str() == url => Some(unfetched),
            _ => None,
        })
    }

    /// URLs that ended for this reason.
    pub fn ended_by(&self, reason: Reason) -> BTreeSet<String> {
        self.ends
            .iter()
            .filter_map(|end| match end {
                Ended::Unfetched(unfetched) if unfetched.reason == reason => Some(unfetched.url.to_string()),
                _ => None,
            })
            .collect()
    }

    /// Pages that were answered.
    pub fn pages(&self) -> BTreeSet<String> {
        self.ends
            .iter()
            .filter_map(|end| match end {
                Ended::Answered(exchange) if exchange.gathering == Gathering::Pages => Some(exchange.url.to_string()),
                _ => None,
            })
            .collect()
    }

    /// Every discovered URL has an end, and nothing but robots.txt and sitemaps has one that was not discovered.
    pub fn assert_complete(&self) {
        let discovered: BTreeSet<_> = self.discovered.iter().map(|found| (found.url.clone(), found.gathering)).collect();
        let ended = self.ends.iter().map(|end| match end {
            Ended::Answered(exchange) => (exchange.url.clone(), exchange.gathering),
            Ended::Unfetched(unfetched) => (unfetched.url.clone(), unfetched.gathering),
        });
        let ended: BTreeSet<_> = ended.filter(|(_, what)| !matches!(what, Gathering::Robots | Gathering::Sitemap)).collect();
        let (lost, found): (Vec<_>, Vec<_>) = (discovered.difference(&ended).collect(), ended.difference(&discovered).collect());
        let first = |of: &[&(CanonicalUrl, Gathering)]| format!("{} such as {:?}", of.len(), of.first());
        assert!(lost.is_empty(), "discovered and not ended: {}", first(&lost));
        assert!(found.is_empty(), "ended and not discovered: {}", first(&found));
        assert_eq!(self.finished, Some(true));
    }
}

/// Limits fit for loopback.
pub fn config() -> Config {
    let shared_gates = "none".into();
    Config {
        rate: 500.0,
        shared_gates,
        connect_timeout: 2.0,
        timeout: 2.0,
        max_bytes: 1 << 20,
        max_attempts: 2,
        ..Config::default()
    }
}

/// A plan for a live site that checks links.
pub fn plan(seeds: &[String], config: Config) -> Plan {
    let seeds: Vec<CanonicalUrl> = seeds.iter().map(|seed| CanonicalUrl::parse(seed).expect("a URL")).collect();
    let scope = seeds.iter().map(Scope::of_seed).fold(Scope::default(), |mut all, scope| {
        all.include.extend(scope.include);
        all
    });
    with_target(Target::Live(seeds), scope, config)
}

/// A plan for any target.
pub fn with_target(target: Target, scope: Scope, config: Config) -> Plan {
    Plan {
        target,
        units: vec![Unit { id: "unit".into(), name: "unit".into(), kind: None, scope: scope.clone() }],
        scope,
        operator: "unit".into(),
        checklists: Vec::new(),
        judgements: Vec::new(),
        bound: Vec::new(),
        gatherings: [Gathering::Pages, Gathering::LinkCheck].into(),
        cadence: None,
        as_of: None,
        config,
        book: Default::default(),
        bindings: Vec::new(),
    }
}

/// Crawls.
pub async fn crawl(plan: &Plan) -> Kept {
    let mut kept = Kept::default();
    xuncha::crawl::gather_into(plan, &mut kept, &xuncha::crawl::Silent).await.expect("a crawl ends well");
    kept.assert_complete();
    kept
}
