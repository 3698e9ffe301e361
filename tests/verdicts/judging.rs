//! Makes findings of pages: through the reading, the crawl and the judging that an audit goes through, kept in memory.

use crate::book::Found;
use std::collections::BTreeMap;
use std::path::Path;
use xuncha::capture::challenge;
use xuncha::checklist::columns::ColumnBook;
use xuncha::checklist::library;
use xuncha::config::Config;
use xuncha::crawl::keep::Keep;
use xuncha::error::Result;
use xuncha::exchange::{Exchange, Gathering, Method};
use xuncha::facts::page::Glance;
use xuncha::facts::site::{Look, UrlState};
use xuncha::facts::{Page, page};
use xuncha::judge::memory::Memory;
use xuncha::judge::{Judged, judge};
use xuncha::plan::{Plan, Request, Target, Unit, make};
use xuncha::run::Discovered;
use xuncha::scope::Scope;
use xuncha::unfetched::{Reason, Unfetched};
use xuncha::url::CanonicalUrl;

/// Kinds of body as which a page is judged; none: only what is meant for all.
pub const KINDS: [Option<&str>; 3] = [None, Some("county-government"), Some("public-security-bureau")];

/// The day of judgement: after the youngest page, before today's checklists end.
const DAY: jiff::civil::Date = jiff::civil::date(2024, 6, 3);

/// What pages are judged by.
pub struct Judging {
    lists: Vec<(Option<&'static str>, Vec<String>)>,
}

impl Judging {
    /// By every built-in checklist that concerns these kinds.
    pub fn new(kinds: &[Option<&'static str>]) -> Self {
        let book = ColumnBook::load();
        let concerns = |id: &str, kind: Option<&str>| {
            let applies = library::resolve(id, &book).expect("built in").checklist.applies_to;
            applies.is_empty() || kind.is_some_and(|kind| applies.iter().any(|k| k == kind))
        };
        let of =
            |kind: &Option<&'static str>| (*kind, library::ids().filter(|id| concerns(id, *kind)).map(str::to_owned).collect());
        Judging { lists: kinds.iter().map(of).collect() }
    }

    /// By one checklist.
    pub fn of_list(id: &str) -> Self {
        Judging { lists: vec![(None, vec![id.to_owned()])] }
    }

    fn plans(&self, target: &Target, base: &CanonicalUrl) -> Vec<Plan> {
        let plan = |(kind, lists): &(Option<&'static str>, Vec<String>)| {
            let mut request = Request::new(target.clone(), Config::default());
            request.as_of = Some(DAY);
            request.checklists.clone_from(lists);
            let scope = Scope::of_seed(base);
            request.units = vec![Unit { id: "unit".into(), name: "unit".into(), kind: kind.map(str::to_owned), scope }];
            make(request).expect("a plan")
        };
        self.lists.iter().map(plan).collect()
    }

    /// A page of a site of which nothing else was seen: neither its home page nor what it links to.
    pub fn page(&self, name: &str, url: CanonicalUrl, body: Vec<u8>) -> Vec<Found> {
        let door = url.join("/", encoding_rs::UTF_8).expect("a door");
        let plans = self.plans(&Target::Folder { path: name.into(), base: door.clone() }, &door);
        let exchange = Exchange {
            url: url.clone(),
            method: Method::Get,
            gathering: Gathering::Pages,
            status: 200,
            headers: Vec::new(),
            body: body.into(),
            at: jiff::Timestamp::UNIX_EPOCH,
            hops: 1,
            via: None,
            attempts: 1,
            look: 1,
            elapsed: None,
            profile: Default::default(),
        };
        let Some(page) = page::read_with(&exchange, &selectors(&plans)) else {
            assert!(name.ends_with(".pdf"), "{name} is no page");
            return Vec::new();
        };
        let mut memory = Memory::new(exchange.at);
        for target in page.links.iter().filter_map(|link| link.target.as_ref()).chain([&door]) {
            let own = target.authority() == door.authority();
            memory.add_state(not_seen(target, if own { Reason::NotInFolder } else { Reason::NotRequested }));
        }
        let look = Look::Answered { status: 200, redirect: None, media_type: None, challenge: None, at: exchange.at };
        memory.add_state(UrlState { looks: vec![look], ..not_seen(&url, Reason::Stopped) });
        memory.add_page(page);
        let named = |_: &CanonicalUrl| name.to_owned();
        plans.iter().flat_map(|plan| found(&judge(plan, &memory).expect("judged"), &named)).collect()
    }

    /// A folder, crawled as an audit does it.
    pub fn folder(&self, path: &Path, base: &str) -> Vec<Found> {
        let base = CanonicalUrl::parse(base).expect("a base");
        let target = Target::Folder { path: path.canonicalize().expect("a folder"), base: base.clone() };
        let plans = self.plans(&target, &base);
        selectors(&plans);
        let mut kept = Kept::default();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(xuncha::crawl::gather_into(&plans[0], &mut kept, &xuncha::crawl::Silent)).expect("gathered");
        let memory = kept.memory(&base);
        let named = |url: &CanonicalUrl| url.path().trim_start_matches('/').to_owned();
        plans.iter().flat_map(|plan| found(&judge(plan, &memory).expect("judged"), &named)).collect()
    }
}

/// What pages are read with; one reading serves every plan only when they ask for the same.
fn selectors(plans: &[Plan]) -> Vec<xuncha::facts::selected::Selector> {
    let all: Vec<_> = plans.iter().map(Plan::selectors).collect();
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "the checklists select different parts of a page");
    all.into_iter().next().unwrap_or_default()
}

fn not_seen(url: &CanonicalUrl, reason: Reason) -> UrlState {
    let look = Look::Unfetched { reason, detail: String::new(), attempts: 0, at: jiff::Timestamp::UNIX_EPOCH };
    UrlState { url: url.clone(), gathering: Gathering::Pages, hops: 1, via: None, looks: vec![look] }
}

fn found(judged: &Judged, name: &dyn Fn(&CanonicalUrl) -> String) -> Vec<Found> {
    assert!(judged.panics.is_empty(), "{:?}", judged.panics);
    let found = |finding: &xuncha::finding::Finding| Found {
        rule: finding.rule.clone(),
        fingerprint: finding.fingerprint.clone(),
        page: name(&finding.url),
        message: finding.message.en.replace(['\n', '\r'], " "),
        places: finding
            .locations
            .iter()
            .map(|l| {
                let text = l.text.as_deref().unwrap_or_default().chars().take(160).collect::<String>().replace(['\n', '\r'], " ");
                format!("{}:{} {text}", name(&l.url), l.line.unwrap_or_default())
            })
            .collect(),
        occurrences: finding.occurrences,
    };
    judged.findings.iter().map(found).collect()
}

/// What a crawl gathered.
#[derive(Default)]
struct Kept {
    pages: Vec<Page>,
    states: BTreeMap<CanonicalUrl, UrlState>,
    finished: bool,
}

impl Kept {
    fn look(&mut self, state: UrlState) {
        match self.states.get_mut(&state.url) {
            Some(known) => known.looks.extend(state.looks),
            None => {
                self.states.insert(state.url.clone(), state);
            }
        }
    }

    fn memory(self, base: &CanonicalUrl) -> Memory {
        assert!(self.finished, "a folder is gathered whole");
        let mut memory = Memory::new(jiff::Timestamp::UNIX_EPOCH);
        memory.info_mut().seeds = vec![base.clone()];
        self.states.into_values().for_each(|state| memory.add_state(state));
        self.pages.into_iter().for_each(|page| memory.add_page(page));
        memory
    }
}

impl Keep for Kept {
    async fn discover(&mut self, _: &[Discovered]) -> Result<()> {
        Ok(())
    }
    async fn pending(&self) -> Result<Vec<Discovered>> {
        Ok(Vec::new())
    }
    async fn ended(&self) -> Result<Vec<(CanonicalUrl, Gathering)>> {
        Ok(Vec::new())
    }
    async fn looked_once(&self) -> Result<Vec<UrlState>> {
        Ok(Vec::new())
    }
    async fn keep(&mut self, exchange: &Exchange, page: Option<&Page>) -> Result<()> {
        let look = Look::Answered {
            status: exchange.status,
            redirect: exchange.redirect(),
            media_type: exchange.media_type(),
            challenge: challenge::sign(exchange),
            at: exchange.at,
        };
        let Exchange { url, gathering, hops, via, .. } = exchange.clone();
        if !matches!(gathering, Gathering::Robots | Gathering::Sitemap) {
            self.look(UrlState { url, gathering, hops, via, looks: vec![look] });
        }
        self.pages.extend(page.cloned());
        Ok(())
    }
    async fn keep_unfetched(&mut self, unfetched: &Unfetched) -> Result<()> {
        let Unfetched { url, gathering, reason, hops, via, at, attempts, .. } = unfetched.clone();
        let look = Look::Unfetched { reason, detail: String::new(), attempts, at };
        self.look(UrlState { url, gathering, hops, via, looks: vec![look] });
        Ok(())
    }
    async fn show_glances(&mut self, show: &mut (dyn FnMut(Glance) + Send)) -> Result<()> {
        self.pages.iter().map(Glance::of).for_each(show);
        Ok(())
    }
    async fn finish(&mut self, complete: bool) -> Result<()> {
        self.finished = complete;
        Ok(())
    }
}
