//! Availability visits: one safe GET of a home page, through the gate, timed from the moment it leaves the gate (指标“站点无法访问”: 15 s).
//!
//! A refusal (challenge, 401, 403, 412, 429, a login) proves that the site can be reached. What our own side or robots.txt keeps from being
//! asked is void: it says nothing of the site.

use super::fetch::live::Live;
use super::fetch::{Answer, Ask, Failure, Limit};
use super::robots::{self, NoRules, Rules};
use crate::config::Config;
use crate::error::Result;
use crate::exchange::{Exchange, Gathering, Method, Profile, decode_body};
use crate::facts::history::ProbeOutcome;
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a home page that are looked at: a challenge is small.
const MOST_BYTES: u64 = 1 << 20;

/// Makes visits.
#[derive(Debug)]
pub struct Prober {
    live: Live,
    seconds: f64,
    max_redirects: u32,
    authority: Config,
    /// robots.txt by origin, as long as this lives: a scheduler makes a new one every day.
    rules: Mutex<HashMap<String, Arc<dyn Rules>>>,
}

/// One visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Visited {
    /// How it ended.
    pub outcome: ProbeOutcome,
    /// When it was asked for, seconds.
    pub at: i64,
    /// Milliseconds of all requests together, waits at the gate not counted.
    pub millis: Option<i64>,
    /// Last status.
    pub status: Option<u16>,
    /// Phase and cause, where it was no plain success.
    pub cause: Option<String>,
}

impl Prober {
    /// A prober for these addresses; `seconds` after which an answer is none.
    pub fn new(config: &Config, addresses: &[CanonicalUrl], seconds: f64) -> Result<Self> {
        let config = Config { timeout: seconds, connect_timeout: seconds, ..config.clone() };
        let live = Live::new(&config, addresses)?;
        live.gates().go_ahead();
        Ok(Prober { live, seconds, max_redirects: config.max_redirects, authority: config, rules: Mutex::default() })
    }

    /// Visits an address once.
    pub async fn visit(&self, address: &CanonicalUrl) -> Visited {
        let at = crate::clock::now().as_second();
        let mut visited = Visited { outcome: ProbeOutcome::Void, at, millis: None, status: None, cause: None };
        let mut url = address.clone();
        let mut millis = 0;
        for _ in 0..=self.max_redirects {
            if !self.allows(&url).await {
                visited.cause = Some("robots".to_owned());
                return visited;
            }
            let answer = match self.ask(&url).await {
                Ok(answer) => answer,
                Err(failure) => {
                    visited.outcome = outcome_of(failure.reason);
                    visited.cause = Some(format!("{}: {}", failure.reason.word(), crate::text::shorten(&failure.detail, 200)));
                    return visited;
                }
            };
            millis += i64::from(answer.elapsed.unwrap_or_default());
            visited.millis = Some(millis);
            visited.status = Some(answer.status);
            let exchange = as_exchange(&url, answer);
            if let Some(next) = exchange.redirect() {
                url = next;
                continue;
            }
            let (outcome, cause) = outcome_of_answer(&exchange);
            visited.outcome = outcome;
            visited.cause = cause;
            if outcome == ProbeOutcome::Answered && millis as f64 >= self.seconds * 1_000.0 {
                visited.outcome = ProbeOutcome::Failed;
                visited.cause = Some(format!("slow: {millis} ms"));
            }
            return visited;
        }
        visited.outcome = ProbeOutcome::Failed;
        visited.cause = Some(Reason::TooManyRedirects.word().to_owned());
        visited
    }

    async fn ask(&self, url: &CanonicalUrl) -> std::result::Result<Answer, Failure> {
        self.live
            .ask(&Ask {
                url,
                method: Method::Get,
                limit: Limit::Prefix(MOST_BYTES),
                cookie: None,
                // The name is looked up anew and a connection opened, as a visitor's browser does.
                fresh: true,
                profile: Profile::Own,
                beside: &[],
                held: None,
            })
            .await
    }

    /// Does robots.txt let us? One that cannot be had decides nothing about a single home page; the visit itself will tell.
    async fn allows(&self, url: &CanonicalUrl) -> bool {
        if self.authority.authority_for(url.host()).is_some_and(|authority| authority.ignore_robots) {
            return true;
        }
        let origin = url.origin();
        let known = self.rules.lock().unwrap_or_else(PoisonError::into_inner).get(&origin).cloned();
        let rules = match known {
            Some(rules) => rules,
            None => {
                let Ok(robots) = CanonicalUrl::parse(&format!("{origin}/robots.txt")) else { return true };
                let rules: Arc<dyn Rules> = match self.ask(&robots).await {
                    Ok(answer) if answer.status == 200 => {
                        let exchange = as_exchange(&robots, answer);
                        let body = decode_body(&exchange, MOST_BYTES);
                        body.map_or_else(|_| Arc::new(NoRules) as Arc<dyn Rules>, |body| Arc::from(robots::read(&body)))
                    }
                    Ok(_) => Arc::new(NoRules),
                    // Not remembered: it may be had the next time.
                    Err(_) => return true,
                };
                self.rules.lock().unwrap_or_else(PoisonError::into_inner).insert(origin, rules.clone());
                rules
            }
        };
        rules.allows(url)
    }
}

fn as_exchange(url: &CanonicalUrl, answer: Answer) -> Exchange {
    Exchange {
        url: url.clone(),
        method: Method::Get,
        gathering: Gathering::Pages,
        status: answer.status,
        headers: answer.headers,
        body: answer.body,
        at: answer.at,
        hops: 0,
        via: None,
        attempts: 1,
        look: 1,
        elapsed: answer.elapsed,
        profile: Profile::Own,
    }
}

/// What an answer says of the site.
fn outcome_of_answer(exchange: &Exchange) -> (ProbeOutcome, Option<String>) {
    if let Some(sign) = crate::capture::challenge::sign(exchange) {
        return (ProbeOutcome::Blocked, Some(format!("challenge: {sign}")));
    }
    let status = exchange.status;
    let cause = Some(status.to_string());
    match status {
        200..=299 => (ProbeOutcome::Answered, None),
        401 | 403 | 407 | 412 | 421 | 429 | 451 => (ProbeOutcome::Blocked, cause),
        // "Later" by its own words is a limit that we met; without them the page does not open.
        503 if exchange.header("retry-after").is_some() => (ProbeOutcome::Blocked, cause),
        _ => (ProbeOutcome::Failed, cause),
    }
}

/// What a failure says of the site.
fn outcome_of(reason: Reason) -> ProbeOutcome {
    match reason {
        // The server answered: what is wrong is its certificate or its age, and other rules tell that.
        Reason::TlsExpired
        | Reason::TlsNotYetValid
        | Reason::TlsSelfSigned
        | Reason::TlsUnknownIssuer
        | Reason::TlsWrongName
        | Reason::TlsRevoked
        | Reason::TlsOutdated => ProbeOutcome::Blocked,
        // Our side, or our own restraint.
        Reason::DnsFailure
        | Reason::Robots
        | Reason::RobotsUnreachable
        | Reason::Budget
        | Reason::Trap
        | Reason::HostGivenUp
        | Reason::PrivateAddress
        | Reason::NotResolved
        | Reason::NotRequested
        | Reason::NotInCapture
        | Reason::NotInFolder
        | Reason::Stopped => ProbeOutcome::Void,
        _ => ProbeOutcome::Failed,
    }
}
