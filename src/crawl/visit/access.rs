//! What the robots.txt of an origin lets us do.

use super::{End, GIVEN_UP_AFTER, Visitor, unfetched};
use crate::crawl::fetch::{Ask, Failure, Limit};
use crate::crawl::frontier::Waiting;
use crate::crawl::politeness::{LONGEST_DELAY, patience};
use crate::crawl::robots::{self, Disregarded, NoRules, Rules};
use crate::exchange::{Gathering, Method, Profile, decode_body};
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Redirects followed from a robots.txt (RFC 9309 asks for at least five).
const REDIRECTS: u32 = 5;
/// Wildcards of a hostile robots.txt may take long to compile.
const PARSING: Duration = Duration::from_secs(30);

/// What is known of an origin.
#[derive(Debug, Default)]
pub(super) struct Origin {
    pub(super) access: tokio::sync::Mutex<Option<Arc<Access>>>,
    /// URLs in a row without any answer.
    failures: AtomicU32,
}

impl Origin {
    /// Notes a URL without an answer. True when the origin is given up with it.
    pub(super) fn failed(&self) -> bool {
        self.failures.fetch_add(1, Ordering::Relaxed) + 1 == GIVEN_UP_AFTER
    }

    /// Notes an answer.
    pub(super) fn answers(&self) {
        // What was given up stays so: requests that were under way do not change it.
        if !self.is_given_up() {
            self.failures.store(0, Ordering::Relaxed);
        }
    }

    /// Is nothing asked of it any more?
    pub(super) fn is_given_up(&self) -> bool {
        self.failures.load(Ordering::Relaxed) >= GIVEN_UP_AFTER
    }
}

/// What robots.txt lets us do.
#[derive(Debug)]
pub enum Access {
    /// These rules.
    Rules(Box<dyn Rules>),
    /// Nothing: it could not be had.
    Nothing(Failure),
}

impl Visitor {
    /// What the robots.txt of a URL's origin lets us do; asked for once, and again while nothing could be reached.
    pub async fn access(&self, url: &CanonicalUrl, aside: &mut Vec<End>, last: &Mutex<(u32, Option<Failure>)>) -> Arc<Access> {
        let origin = self.origin(url);
        // Whoever asks for it first may have to wait for a turn; that is no silence of the server.
        let mut access = patience::turn(origin.access.lock()).await;
        if let Some(known) = &*access {
            return known.clone();
        }
        let (mut found, lasts) = self.ask_robots(url, &origin, aside, last).await;
        if let Some(live) = self.source.live_for(url) {
            let authority = self.config.authority_for(url.host());
            if authority.is_some_and(|authority| authority.ignore_robots) {
                found = disregarded(found);
            }
            let own_rate = authority.is_some_and(|authority| authority.rate.is_some());
            if let Access::Rules(rules) = &found
                && let Some(delay) = rules.delay().filter(|_| !own_rate)
            {
                if delay > LONGEST_DELAY {
                    // Shortened it would be ignored, and kept it would never end: as good as an exclusion, and told as one.
                    found = Access::Nothing(Failure::new(Reason::Robots, format!("Crawl-delay: {}", delay.as_secs())));
                } else {
                    live.gates().slow_down(url, delay);
                }
            }
        }
        let found = Arc::new(found);
        if lasts {
            *access = Some(found.clone());
        }
        found
    }

    /// Asks for a robots.txt. The flag says whether the answer holds for the rest of the run.
    async fn ask_robots(
        &self,
        url: &CanonicalUrl,
        origin: &Origin,
        aside: &mut Vec<End>,
        last: &Mutex<(u32, Option<Failure>)>,
    ) -> (Access, bool) {
        let Ok(mut at) = url.join("/robots.txt", encoding_rs::UTF_8) else {
            return (Access::Rules(Box::new(NoRules)), true);
        };
        for redirects in 0..=REDIRECTS {
            let waiting = Waiting {
                url: at.clone(),
                gathering: Gathering::Robots,
                hops: 0,
                via: (redirects > 0).then(|| url.clone()),
                redirects,
                until: None,
                look: 1,
                profile: Profile::Own,
            };
            let before = last.lock().unwrap_or_else(PoisonError::into_inner).0;
            // Twice the limit is read, so that one past it is still a robots.txt whose first part counts.
            let limit = Limit::Prefix(2 * robots::MOST_BYTES as u64);
            let ask = Ask {
                url: &at,
                method: Method::Get,
                limit,
                cookie: None,
                fresh: false,
                profile: Profile::Own,
                beside: &[],
                held: None,
            };
            // A host that has just been silent is asked once.
            let silent = origin.failures.load(Ordering::Relaxed) > 0;
            let result = self.attempts(&ask, if silent { 1 } else { self.config.max_attempts }, last).await;
            let attempts = {
                // Attempts are those of the URL itself; the ones for robots.txt have their own record.
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                std::mem::replace(&mut last.0, before).saturating_sub(before)
            };
            let answer = match result {
                Ok(answer) => answer,
                Err(failure) => {
                    aside.push(unfetched(&waiting, failure.clone(), attempts));
                    return (Access::Nothing(robots_failure(failure, redirects)), false);
                }
            };
            let mut exchange = super::exchange(&at, Gathering::Robots, &answer);
            exchange.attempts = attempts.max(1);
            exchange.via.clone_from(&waiting.via);
            let target = exchange.redirect();
            aside.push(End::Answered(Box::new(exchange), None));
            match answer.status {
                200..=299 => {
                    let coded = super::exchange(&at, Gathering::Robots, &answer);
                    let parsing =
                        tokio::task::spawn_blocking(move || match decode_body(&coded, 16 * robots::MOST_BYTES as u64) {
                            Ok(body) => robots::read(&body),
                            Err(_) => Box::new(NoRules),
                        });
                    return match tokio::time::timeout(PARSING, parsing).await {
                        Ok(rules) => (Access::Rules(rules.unwrap_or_else(|_| Box::new(NoRules))), true),
                        // Rules made to be slow: we do not know them, so we stay away.
                        Err(_) => {
                            (Access::Nothing(Failure::new(Reason::RobotsUnreachable, "robots.txt: too slow to parse")), true)
                        }
                    };
                }
                // 429 is the server's trouble, not the absence of a file.
                429 | 500..=599 => {
                    let failure = Failure::new(Reason::RobotsUnreachable, format!("robots.txt: HTTP {}", answer.status));
                    return (Access::Nothing(failure), true);
                }
                300..=399 => match target {
                    Some(target) if target != at => at = target,
                    _ => break,
                },
                _ => break,
            }
        }
        // Not there (4xx), or redirected too often: RFC 9309 says to go on as if there were none.
        (Access::Rules(Box::new(NoRules)), true)
    }
}

/// With recorded authority robots.txt excludes nothing, and its own failure nothing either; a host without any answer still has none.
fn disregarded(found: Access) -> Access {
    match found {
        Access::Rules(rules) => Access::Rules(Box::new(Disregarded(rules))),
        Access::Nothing(failure) if failure.reason == Reason::RobotsUnreachable => Access::Rules(Box::new(NoRules)),
        nothing => nothing,
    }
}

/// Without a connection, robots.txt fails as every other URL of the origin would; with one, we know that we do not know the rules.
/// A host that robots.txt redirects to says nothing about the origin either.
fn robots_failure(failure: Failure, redirects: u32) -> Failure {
    if failure.reason.is_after_asking() || redirects > 0 {
        Failure::new(Reason::RobotsUnreachable, format!("robots.txt: {}: {}", failure.reason.word(), failure.detail))
    } else {
        failure
    }
}
