//! What becomes of an answer: read where it is a page or a file of the site, kept as it is elsewhere.

use super::{End, Read, Visitor};
use crate::crawl::fetch::{Answer, Failure};
use crate::crawl::frontier::Waiting;
use crate::exchange::{Exchange, Gathering, Method, Profile};
use crate::run::Held;
use crate::unfetched::{Reason, Unfetched};
use crate::url::CanonicalUrl;
use std::sync::Arc;

impl Visitor {
    pub(super) async fn answered(
        &self,
        waiting: &Waiting,
        held: Option<Arc<Held>>,
        answer: Answer,
        method: Method,
        attempts: u32,
    ) -> End {
        if is_useless_redirect(&answer, &waiting.url) {
            let location = answer.header("location").unwrap_or("no Location").to_owned();
            return unfetched(waiting, Failure::new(Reason::BadRedirect, format!("{}: {location}", answer.status)), attempts);
        }
        let exchange = Exchange {
            url: waiting.url.clone(),
            method,
            gathering: waiting.gathering,
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
            at: answer.at,
            hops: waiting.hops,
            via: waiting.via.clone(),
            attempts: attempts.max(1),
            look: waiting.look,
            elapsed: answer.elapsed,
            profile: waiting.profile,
        };
        if exchange.status == 304
            && let Some(held) = held
        {
            return End::Answered(Box::new(exchange), Some(Read::Unchanged(held)));
        }
        // An error page is no page of the site: its text and links are the server's.
        let read = matches!(waiting.gathering, Gathering::Pages | Gathering::Attachments);
        if !read || !(200..300).contains(&exchange.status) {
            return End::Answered(Box::new(exchange), None);
        }
        let exchange = Arc::new(exchange);
        let (shared, extractor, most) = (exchange.clone(), self.extractor.clone(), self.most(waiting.gathering));
        let reading = self.reading.clone();
        let page = self.readers.done(move || match held.filter(|held| held.is_same(&shared)) {
            Some(held) => (Some(Read::Unchanged(held)), shared),
            None => (crate::run::page_of(&shared, &reading).map(|page| Read::Page(Box::new(page))), shared),
        });
        let read = match (page.await, extractor) {
            (None, _) => {
                tracing::error!("{}: facts: the page could not be read", exchange.url);
                None
            }
            (Some((Some(read), _)), _) => Some(read),
            (Some((None, _)), None) => None,
            // A file is read by a child, which has limits of its own.
            (Some((None, shared)), Some(extractor)) => {
                let file = move || crate::run::files::file_of(&shared, &extractor, most).map(|file| Read::File(Box::new(file)));
                tokio::task::spawn_blocking(file).await.unwrap_or_else(|panic| {
                    tracing::error!("{}: facts: {panic}", exchange.url);
                    None
                })
            }
        };
        End::Answered(Box::new(Arc::unwrap_or_clone(exchange)), read)
    }
}

/// Is the status worth another attempt?
pub(super) fn later(status: u16, attempt: u32) -> bool {
    match status {
        429 | 503 => true,
        500 | 502 | 504 => attempt < 2,
        _ => false,
    }
}

/// The cookie of a response that redirects to its own URL and sets one.
pub(super) fn wall_cookie(url: &CanonicalUrl, answer: &Answer) -> Option<String> {
    let target = exchange(url, Gathering::Pages, answer).redirect()?;
    if target != *url {
        return None;
    }
    let pairs = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    let pairs: Vec<&str> = pairs.filter_map(|(_, value)| value.split(';').next()).map(str::trim).collect();
    (!pairs.is_empty()).then(|| pairs.join("; "))
}

/// A redirect status whose Location leads nowhere.
pub(super) fn is_useless_redirect(answer: &Answer, url: &CanonicalUrl) -> bool {
    matches!(answer.status, 301 | 302 | 303 | 307 | 308) && exchange(url, Gathering::Pages, answer).redirect().is_none()
}

pub(super) fn exchange(url: &CanonicalUrl, gathering: Gathering, answer: &Answer) -> Exchange {
    Exchange {
        url: url.clone(),
        method: Method::Get,
        gathering,
        status: answer.status,
        headers: answer.headers.clone(),
        body: answer.body.clone(),
        at: answer.at,
        hops: 0,
        via: None,
        attempts: 1,
        look: 1,
        elapsed: answer.elapsed,
        profile: Profile::Own,
    }
}

/// A URL that ended without a response.
pub fn unfetched(waiting: &Waiting, failure: Failure, attempts: u32) -> End {
    End::Unfetched(Box::new(Unfetched {
        url: waiting.url.clone(),
        reason: failure.reason,
        detail: failure.detail,
        attempts,
        via: waiting.via.clone(),
        gathering: waiting.gathering,
        hops: waiting.hops,
        look: waiting.look,
        at: crate::clock::now(),
    }))
}
