//! What a browser asks for on the way to a page: once, by the same rules, through the same gate, as every other request.

use super::{Access, End, Visitor, exchange};
use crate::crawl::fetch::{Answer, Ask, Failure, Limit};
use crate::exchange::{Exchange, Gathering, Method, Profile, decode_body};
use crate::unfetched::{Reason, Unfetched};
use crate::url::CanonicalUrl;
use bytes::Bytes;
use std::sync::Mutex;

/// One request of a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What it asks for.
    pub url: CanonicalUrl,
    /// How.
    pub method: Method,
    /// Header fields that it sends and that matter to servers.
    pub beside: Vec<(String, String)>,
    /// Its cookies for that URL: set by the same sites in the same batch of pages.
    pub cookie: Option<String>,
    /// Largest body.
    pub most: u64,
}

/// What came of it.
#[derive(Debug)]
pub struct Got {
    /// The answer with its body decoded, or why there is none.
    pub answer: Result<Answer, Failure>,
    /// Records for the capture: the exchange as received, or its failure, and requests for robots.txt made on the way.
    pub ends: Vec<End>,
}

impl Visitor {
    /// Asks for what a browser wants for a page.
    pub async fn asset(&self, wanted: &Wanted, page: &CanonicalUrl, hops: u32) -> Got {
        let mut ends = Vec::new();
        let result = self.asset_answer(wanted, &mut ends).await;
        let ask = |answer: &Answer| Exchange {
            method: wanted.method,
            hops,
            via: Some(page.clone()),
            profile: Profile::Browser,
            ..exchange(&wanted.url, Gathering::Render, answer)
        };
        // What loads nothing is not asked again for every page.
        match &result {
            Ok(answer) if !matches!(answer.status, 429 | 503) => self.origin(&wanted.url).answers(),
            Err(failure) if failure.reason.is_silence() => drop(self.origin(&wanted.url).failed()),
            _ => {}
        }
        let answer = match result {
            Ok(answer) => {
                let exchange = ask(&answer);
                let (coded, most) = (exchange.clone(), wanted.most);
                ends.push(End::Answered(Box::new(exchange), None));
                let decode = move || decode_body(&coded, most).map(|body| Bytes::from(body.into_owned()));
                tokio::task::spawn_blocking(decode)
                    .await
                    .unwrap_or(Err(Reason::Coding))
                    .map(|body| Answer { body, ..answer })
                    .map_err(|reason| Failure::new(reason, "content-encoding"))
            }
            Err(failure) => {
                ends.push(End::Unfetched(Box::new(Unfetched {
                    url: wanted.url.clone(),
                    reason: failure.reason,
                    detail: failure.detail.clone(),
                    attempts: 1,
                    via: Some(page.clone()),
                    gathering: Gathering::Render,
                    hops,
                    look: 1,
                    at: crate::clock::now(),
                })));
                Err(failure)
            }
        };
        Got { answer, ends }
    }

    async fn asset_answer(&self, wanted: &Wanted, ends: &mut Vec<End>) -> Result<Answer, Failure> {
        let url = &wanted.url;
        if self.gave_up(url) {
            return Err(Failure::new(Reason::HostGivenUp, ""));
        }
        let Some(live) = self.source.live_for(url) else {
            return Err(Failure::new(Reason::NotRequested, "a folder sends no request"));
        };
        if let Some(refusal) = live.gates().refusal(url) {
            return Err(refusal);
        }
        // Before robots.txt is asked for: a host that must not or cannot be reached has none.
        live.reach(url, false).await?;
        match &*self.access(url, ends, &Mutex::default()).await {
            Access::Nothing(failure) => return Err(failure.clone()),
            Access::Rules(rules) if !rules.allows(url) => return Err(Failure::new(Reason::Robots, "robots.txt")),
            Access::Rules(_) => {}
        }
        let ask = Ask {
            url,
            method: wanted.method,
            limit: Limit::Whole(wanted.most),
            cookie: wanted.cookie.as_deref(),
            fresh: false,
            profile: Profile::Browser,
            beside: &wanted.beside,
            held: None,
        };
        self.source.ask(&ask).await
    }
}
