//! The requests of a page: each is paused, judged, asked for on its behalf, and answered.

use super::super::Broken;
use super::super::routes::{Asked, Route, is_brought, is_told, route};
use super::{Paused, Tab};
use crate::crawl::fetch::Answer;
use crate::crawl::visit::End;
use crate::crawl::visit::asset::{Got, Wanted};
use crate::exchange::{Gathering, Method};
use crate::facts::rendering::SPARED;
use crate::unfetched::{Reason, Unfetched};
use crate::url::CanonicalUrl;
use data_encoding::BASE64;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Requests of one page.
const MOST_REQUESTS: u32 = 120;
/// Bytes that they bring together, and one of them.
const MOST_BYTES: u64 = 32 << 20;
const MOST_BODY: u64 = 8 << 20;
/// Times that a page may be loaded anew, by itself or by redirects.
const MOST_LOADS: u32 = 10;
/// Bytes of scripts and styles that are kept for the next pages.
const MOST_KEPT: usize = 32 << 20;

/// Scripts and styles that several pages share.
#[derive(Debug, Default)]
pub struct Shelf {
    answers: HashMap<CanonicalUrl, Answer>,
    bytes: usize,
}

impl Shelf {
    fn put(&mut self, url: &CanonicalUrl, answer: &Answer) {
        if answer.status == 200 && self.bytes + answer.body.len() <= MOST_KEPT && !self.answers.contains_key(url) {
            self.bytes += answer.body.len();
            self.answers.insert(url.clone(), answer.clone());
        }
    }
}

impl Tab<'_, '_> {
    /// A request of the page.
    pub(super) async fn paused(&mut self, params: &Value, session: String) -> Result<(), Broken> {
        let request = &params["request"];
        let url = request["url"].as_str().and_then(|url| CanonicalUrl::parse(url).ok());
        let kind = params["resourceType"].as_str().unwrap_or_default();
        let main = kind == "Document" && session == self.session && params["frameId"].as_str() == Some(self.frame.as_str());
        let id = params["requestId"].as_str().unwrap_or_default().to_owned();
        if self.closing {
            return self.refuse(id, &session).await;
        }
        let asked = Asked {
            method: request["method"].as_str().unwrap_or_default(),
            url: url.as_ref(),
            kind,
            main,
            own: url.as_ref().is_some_and(self.desk.own),
        };
        let counted = |count: u32, most: u32| if count >= most { Some("too-many") } else { None };
        let over = counted(self.showing.requests + self.open.len() as u32, MOST_REQUESTS)
            .or_else(|| counted(if main { self.loads } else { 0 }, MOST_LOADS))
            .or((self.bytes >= MOST_BYTES).then_some("too-much"));
        let cause = match (route(&asked, self.page), url, over) {
            (Route::Refuse(cause), ..) => cause,
            (Route::Moves, Some(url), _) => {
                self.moved = Some(url);
                "moved"
            }
            (Route::Ask(_), _, Some(cause)) => cause,
            (Route::Ask(method), Some(url), None) => {
                let paused = Paused { id, session, keeps: matches!(kind, "Script" | "Stylesheet"), main, url };
                return self.ask(paused, method, &request["headers"]).await;
            }
            (_, None, _) => SPARED,
        };
        if cause != SPARED {
            self.stirred();
        }
        *self.showing.refused.entry(cause.to_owned()).or_default() += 1;
        self.refuse(id, &session).await
    }

    async fn ask(&mut self, paused: Paused, method: Method, headers: &Value) -> Result<(), Broken> {
        self.stirred();
        if paused.main {
            self.loads += 1;
        }
        if paused.keeps
            && let Some(kept) = self.desk.kept.answers.get(&paused.url).cloned()
        {
            return self.fulfil(&paused, &kept).await;
        }
        let (mut beside, mut cookie) = (Vec::new(), None);
        for (name, value) in headers.as_object().into_iter().flatten() {
            let (name, Some(value)) = (name.to_ascii_lowercase(), value.as_str()) else { continue };
            if name == "cookie" {
                cookie = Some(value.to_owned());
            } else if is_brought(&name) && value.len() <= 4_096 {
                beside.push((name, value.to_owned()));
            }
        }
        let wanted = Wanted { url: paused.url.clone(), method, beside, cookie, most: MOST_BODY };
        self.open.insert(paused.id.clone(), paused.url.clone());
        let (asked, clock) = ((self.desk.ask)(wanted), self.clock.clone());
        self.running.push(Box::pin(async move { (paused, clock.watch(asked).await) }));
        Ok(())
    }

    /// Passes on to the browser what a request of its own brought.
    pub(super) async fn pass_on(&mut self, paused: Paused, got: Got) -> Result<(), Broken> {
        self.stirred();
        self.open.remove(&paused.id);
        let Got { answer, ends } = got;
        self.showing.ends.extend(ends);
        match answer {
            Ok(answer) => {
                self.showing.requests += 1;
                self.bytes += answer.body.len() as u64;
                if paused.main && !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
                    self.status = answer.status;
                    self.document = Some(paused.url.clone());
                }
                if paused.keeps {
                    self.desk.kept.put(&paused.url, &answer);
                }
                // Rows that a server refuses to give are not seen: the page is not whole without them.
                if !paused.main && answer.status >= 400 {
                    *self.showing.refused.entry(format!("status-{}", answer.status)).or_default() += 1;
                }
                self.fulfil(&paused, &answer).await
            }
            Err(failure) => {
                if paused.main {
                    self.failed = Some(failure);
                } else {
                    *self.showing.refused.entry(failure.reason.word().to_owned()).or_default() += 1;
                }
                self.refuse(paused.id, &paused.session).await
            }
        }
    }

    async fn fulfil(&mut self, paused: &Paused, answer: &Answer) -> Result<(), Broken> {
        let headers: Vec<Value> = answer
            .headers
            .iter()
            .filter(|(name, _)| is_told(name))
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let params = json!({
            "requestId": paused.id,
            "responseCode": answer.status,
            "responseHeaders": headers,
            "body": BASE64.encode(&answer.body),
        });
        self.pipe.send("Fetch.fulfillRequest", params, Some(&paused.session)).await.map(drop)
    }

    async fn refuse(&mut self, id: String, session: &str) -> Result<(), Broken> {
        let params = json!({ "requestId": id, "errorReason": "BlockedByClient" });
        self.pipe.send("Fetch.failRequest", params, Some(session)).await.map(drop)
    }

    /// Requests that were under way when the page had to end were made, too.
    pub(super) fn abandon(&mut self) {
        for url in self.open.drain().map(|(_, url)| url) {
            *self.showing.refused.entry("timeout".to_owned()).or_default() += 1;
            self.showing.ends.push(End::Unfetched(Box::new(Unfetched {
                url,
                reason: Reason::Budget,
                detail: "render_timeout".to_owned(),
                attempts: 1,
                via: Some(self.page.clone()),
                gathering: Gathering::Render,
                hops: 0,
                look: 1,
                at: crate::clock::now(),
            })));
        }
    }
}
