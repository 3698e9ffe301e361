//! One URL from its turn to its end: robots, attempts with back-off, the page's facts. Everything that may take long is here.

use super::fetch::live::Shaken;
use super::fetch::{Answer, Ask, Failure, Limit, Source};
use super::frontier::Waiting;
use super::politeness::{Gates, Ledger, patience, retry_after};
use crate::config::Config;
use crate::exchange::{Exchange, Gathering, Method, Profile, decode_body};
use crate::extract::{Extractor, Fetched};
use crate::facts::Page;
use crate::facts::probes::Addresses;
use crate::run::{Held, Reading};
use crate::unfetched::{Reason, Unfetched};
use crate::url::CanonicalUrl;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

mod access;
mod answer;
#[cfg(all(feature = "browser", unix))]
pub mod asset;
mod doubt;
mod readers;

pub use access::Access;
use access::Origin;
pub use answer::unfetched;
use answer::{exchange, is_useless_redirect, later, wall_cookie};
use doubt::Walls;
pub use doubt::was_doubtful;
use readers::Readers;

/// URLs of one origin in a row without any answer, after which the rest is not tried.
pub const GIVEN_UP_AFTER: u32 = 5;
/// Bytes of a checked link that are read: enough to tell a challenge page.
const PREFIX: u64 = 64 * 1024;
/// A server that wants a longer pause than this is not asked again.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// First back-off; it doubles.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// What was read from a response.
#[derive(Debug)]
pub enum Read {
    /// A page.
    Page(Box<Page>),
    /// A file.
    File(Box<Fetched>),
    /// What an earlier run has read already.
    Unchanged(Arc<Held>),
}

/// How a request for one URL ended.
#[derive(Debug)]
pub enum End {
    /// With a response, and what was read from it.
    Answered(Box<Exchange>, Option<Read>),
    /// Without one.
    Unfetched(Box<Unfetched>),
}

/// A finished visit.
#[derive(Debug)]
pub struct Visit {
    /// What was asked for.
    pub waiting: Waiting,
    /// How it ended.
    pub end: End,
    /// robots.txt requests made on the way.
    pub aside: Vec<End>,
    /// Was the origin given up with this URL?
    pub given_up: bool,
}

/// Visits URLs; shared by all visits in flight.
#[derive(Debug)]
pub struct Visitor {
    source: Source,
    config: Config,
    /// Reads attachments, where they are wanted.
    extractor: Option<Arc<Extractor>>,
    origins: Mutex<HashMap<String, Arc<Origin>>>,
    reading: Reading,
    walls: Walls,
    readers: Readers,
}

impl Visitor {
    /// A visitor that gets its answers from `source`.
    pub fn new(source: Source, config: Config, extractor: Option<Arc<Extractor>>) -> Self {
        Visitor {
            source,
            config,
            extractor,
            origins: Mutex::default(),
            reading: Reading::default(),
            walls: Walls::default(),
            readers: Readers::new(),
        }
    }

    /// Pages are read like this.
    pub fn reading(self, reading: Reading) -> Self {
        Visitor { reading, ..self }
    }

    /// Are there servers to ask, or only a folder?
    pub fn asks_servers(&self) -> bool {
        self.source.is_live()
    }

    /// The certificate of an encrypted origin.
    pub async fn certificate(&self, url: &CanonicalUrl) -> Result<Shaken, Failure> {
        match self.source.live_for(url) {
            Some(live) => live.certificate(url).await,
            None => Err(Failure::new(Reason::NotRequested, "a folder sends no request")),
        }
    }

    /// The public addresses of a host; none where they prove nothing.
    pub async fn addresses(&self, url: &CanonicalUrl) -> Option<Addresses> {
        self.source.live_for(url)?.addresses(url).await
    }

    /// Does the URL's answer come over the network?
    pub fn is_live(&self, url: &CanonicalUrl) -> bool {
        self.source.live_for(url).is_some()
    }

    /// The next thing that the gates have to say; never, where no request is sent.
    pub async fn told(&self) -> String {
        match self.gates() {
            Some(gates) => gates.told().await,
            None => std::future::pending().await,
        }
    }

    /// What the run has spent of its budgets; none where nothing is limited.
    pub fn ledger(&self) -> Option<Ledger> {
        self.gates()?.ledger()
    }

    /// Goes on from what an earlier part of the run had spent.
    pub fn take_up(&self, ledger: &Ledger) {
        if let Some(gates) = self.gates() {
            gates.take_up(ledger);
        }
    }

    fn gates(&self) -> Option<&Gates> {
        match &self.source {
            Source::Live(live) | Source::Folder(_, Some(live)) => Some(live.gates()),
            Source::Folder(_, None) => None,
        }
    }

    fn origin(&self, url: &CanonicalUrl) -> Arc<Origin> {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        origins.entry(url.origin()).or_default().clone()
    }

    /// Visits one URL. A seed (and what it redirects to) ends by its own deadline, whatever its server does.
    pub async fn visit(&self, waiting: Waiting) -> Visit {
        self.visit_held(waiting, None).await
    }

    /// Likewise one of which an earlier run holds the answer: it is asked for only if it has changed, and read only if it differs.
    pub async fn visit_held(&self, mut waiting: Waiting, held: Option<Arc<Held>>) -> Visit {
        let mut aside = Vec::new();
        let began = Instant::now();
        if waiting.hops == 0 && waiting.until.is_none() {
            waiting.until = began.checked_add(Duration::try_from_secs_f64(self.config.seed_patience).unwrap_or(LONGEST_PAUSE));
        }
        let origin = self.origin(&waiting.url);
        let last = Mutex::new((0, None));
        let ended = match waiting.until {
            // Our own waiting for a polite moment does not count.
            Some(until) => {
                let visit = self.go(&mut waiting, held.as_deref(), &origin, &mut aside, &last);
                let (ended, moved) = patience::until(until, visit).await;
                waiting.until = Some(moved);
                ended.unwrap_or_else(|| Err(Failure::new(Reason::ReadTimeout, "")))
            }
            None => self.go(&mut waiting, held.as_deref(), &origin, &mut aside, &last).await,
        };
        let (attempts, last) = last.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut given_up = false;
        let end = match ended {
            Ok((answer, method)) => {
                // Who still says "later" after all attempts wants to be left alone as much as who says nothing.
                if matches!(answer.status, 429 | 503) {
                    given_up = origin.failed();
                } else {
                    origin.answers();
                }
                self.answered(&waiting, held, answer, method, attempts).await
            }
            Err(failure) => {
                // A visit cut off by its deadline has the reason of its last attempt.
                let failure = match last {
                    Some(last) if failure.detail.is_empty() => last,
                    _ if failure.detail.is_empty() => Failure::new(failure.reason, "no answer within the seed's patience"),
                    _ => failure,
                };
                if failure.reason.is_silence() {
                    given_up = origin.failed();
                } else if failure.reason.is_transient() || failure.reason == Reason::TooLarge {
                    // Broken or too much, but an answer.
                    origin.answers();
                }
                unfetched(&waiting, failure, attempts)
            }
        };
        Visit { waiting, end, aside, given_up }
    }

    /// Largest body of a gathering.
    fn most(&self, gathering: Gathering) -> u64 {
        if gathering == Gathering::Attachments { self.config.max_attachment_bytes } else { self.config.max_bytes }
    }

    async fn go(
        &self,
        waiting: &mut Waiting,
        held: Option<&Held>,
        origin: &Origin,
        aside: &mut Vec<End>,
        last: &Mutex<(u32, Option<Failure>)>,
    ) -> Result<(Answer, Method), Failure> {
        if origin.is_given_up() {
            return Err(Failure::new(Reason::HostGivenUp, format!("{GIVEN_UP_AFTER} URLs in a row without an answer")));
        }
        let again = waiting.look > 1;
        // Before robots.txt is asked for: a host that must not or cannot be reached has none.
        if let Some(live) = self.source.live_for(&waiting.url) {
            if let Some(refusal) = live.gates().refusal(&waiting.url) {
                return Err(refusal);
            }
            match live.reach(&waiting.url, again).await {
                Err(failure) if !failure.reason.is_transient() => return Err(failure),
                _ => {}
            }
        }
        match &*self.access(&waiting.url, aside, last).await {
            Access::Nothing(failure) => return Err(failure.clone()),
            Access::Rules(rules) if !rules.allows(&waiting.url) => {
                return Err(Failure::new(Reason::Robots, "robots.txt"));
            }
            Access::Rules(_) => {}
        }
        let whole = Limit::Whole(self.most(waiting.gathering));
        // The second look is the last: one more attempt than the first had.
        let most = self.config.max_attempts.saturating_add(u32::from(again));
        let get = |limit| Ask {
            url: &waiting.url,
            method: Method::Get,
            limit,
            cookie: None,
            fresh: again,
            profile: waiting.profile,
            beside: &[],
            held,
        };
        if waiting.gathering != Gathering::LinkCheck {
            let answer = self.attempts(&get(whole), most, last).await?;
            // A wall that sends everybody without its cookie back to the same URL is no redirect loop.
            if let Some(cookie) = wall_cookie(&waiting.url, &answer) {
                let with_cookie = Ask { cookie: Some(&cookie), ..get(whole) };
                return self.attempts(&with_cookie, 1, last).await.map(|answer| (answer, Method::Get));
            }
            return Ok((answer, Method::Get));
        }
        // HEAD is only believed when it says that the target is there, and "accepted" is what challenges say; a second look does not
        // ask it.
        if !again {
            let head = Ask { method: Method::Head, ..get(Limit::Prefix(0)) };
            match self.attempts(&head, 1, last).await {
                Ok(answer)
                    if answer.status < 400
                        && answer.status != 202
                        && !is_useless_redirect(&answer, &waiting.url)
                        && wall_cookie(&waiting.url, &answer).is_none() =>
                {
                    return Ok((answer, Method::Head));
                }
                Err(failure) if failure.reason.is_tls() => return Err(failure),
                _ => {}
            }
        }
        let start = Limit::Prefix(PREFIX);
        let answer = self.attempts(&get(start), most, last).await?;
        if let Some(cookie) = wall_cookie(&waiting.url, &answer) {
            let with_cookie = Ask { cookie: Some(&cookie), ..get(start) };
            return self.attempts(&with_cookie, 1, last).await.map(|answer| (answer, Method::Get));
        }
        Ok((answer, Method::Get))
    }

    /// Asks until there is an answer to keep: transient failures, challenges and "come back later" are repeated, each time through the
    /// gate; after a challenge on another connection.
    async fn attempts(&self, ask: &Ask<'_>, most: u32, last: &Mutex<(u32, Option<Failure>)>) -> Result<Answer, Failure> {
        let mut pause = FIRST_PAUSE;
        let mut attempt = 1;
        let mut ask = ask.clone();
        loop {
            let ask = &mut ask;
            last.lock().unwrap_or_else(PoisonError::into_inner).0 += 1;
            let result = match self.source.ask(ask).await {
                Ok(answer) => self.whole(ask, answer).await,
                Err(failure) => Err(failure),
            };
            let (repeat, wanted) = match &result {
                Ok(answer) => {
                    // The answer to HEAD has no body to know a challenge by.
                    let challenged = ask.method == Method::Get && self.walls.passing(ask.url, answer);
                    ask.fresh |= challenged;
                    (
                        later(answer.status, attempt) || challenged,
                        retry_after(answer.status, answer.header("retry-after"), answer.at),
                    )
                }
                Err(failure) => {
                    last.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(failure.clone());
                    // A page that dripped for the whole time-out will hardly do better a third time.
                    let unreached = matches!(failure.reason, Reason::DnsTimeout | Reason::ConnectTimeout);
                    let patience = match (failure.reason.is_timeout(), ask.profile == Profile::Browser, unreached) {
                        // Nor in the second look.
                        (true, true, _) => 1,
                        (true, false, false) => 2,
                        _ => u32::MAX,
                    };
                    (failure.reason.is_transient() && attempt < patience, None)
                }
            };
            // The gate keeps the pause for every request to the origin; one beyond reason makes this URL end here.
            if !repeat || attempt >= most || wanted.is_some_and(|wanted| wanted > LONGEST_PAUSE) {
                return result;
            }
            tokio::time::sleep(wanted.unwrap_or(pause).max(pause)).await;
            pause *= 2;
            attempt += 1;
        }
    }

    /// A whole body has to decode: what was cut inside its gzip is as broken as what was cut on the wire.
    async fn whole(&self, ask: &Ask<'_>, answer: Answer) -> Result<Answer, Failure> {
        let Limit::Whole(max) = ask.limit else { return Ok(answer) };
        if answer.header("content-encoding").is_none() || answer.body.is_empty() {
            return Ok(answer);
        }
        let exchange = exchange(ask.url, Gathering::Pages, &answer);
        let decoded = tokio::task::spawn_blocking(move || decode_body(&exchange, max).map(|_| ())).await;
        match decoded.unwrap_or(Err(Reason::Coding)) {
            Ok(()) => Ok(answer),
            Err(reason) => {
                let coding = answer.header("content-encoding").unwrap_or_default();
                Err(Failure::new(reason, format!("content-encoding: {coding}, {} bytes", answer.body.len())))
            }
        }
    }
}
