//! What deserves another look: what says that there is nothing, and what may have been of the moment.
//!
//! Nothing is dead at the first look, and nothing is unverified before another moment, another connection and another client profile
//! have been tried. A wall that stands before every page is left alone: asking it again and again is no second look.

use super::{End, LONGEST_PAUSE, Visitor, exchange};
use crate::capture::challenge;
use crate::crawl::fetch::Answer;
use crate::crawl::politeness::retry_after;
use crate::exchange::{Exchange, Gathering};
use crate::facts::site::Look;
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Challenges in a row at one origin after which they are believed to stand before everything.
const WALL: u32 = 5;
/// A challenge is small; larger answers with status 200 are not looked through for one.
const LARGEST_CHALLENGE: usize = 16 * 1024;

/// Challenges in a row, by origin.
#[derive(Debug, Default)]
pub(super) struct Walls(Mutex<HashMap<String, u32>>);

impl Walls {
    /// Notes an answer. True when it is a challenge that may be of the moment.
    pub(super) fn passing(&self, url: &CanonicalUrl, answer: &Answer) -> bool {
        let challenged = is_challenge(url, answer);
        let mut walls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = walls.entry(url.origin()).or_default();
        *row = if challenged { *row + 1 } else { 0 };
        challenged && *row < WALL
    }

    fn stands(&self, url: &CanonicalUrl) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&url.origin()).is_some_and(|row| *row >= WALL)
    }
}

fn is_challenge(url: &CanonicalUrl, answer: &Answer) -> bool {
    if answer.status == 200 && answer.body.len() > LARGEST_CHALLENGE {
        return false;
    }
    challenge::sign(&exchange(url, Gathering::Pages, answer)).is_some()
}

impl Visitor {
    /// Does the end of a first look deserve a second one?
    pub fn is_doubtful(&self, end: &End) -> bool {
        match end {
            End::Answered(exchange, _) => {
                says_nothing_there(exchange.status)
                    || is_of_the_moment(exchange.status) && !wants_long_pause(exchange)
                    || challenge::sign(exchange).is_some() && !self.walls.stands(&exchange.url)
            }
            End::Unfetched(unfetched) => leads_nowhere(unfetched.reason) || may_pass(unfetched.reason),
        }
    }

    /// Was the URL's origin given up, so that no request would be sent?
    pub fn gave_up(&self, url: &CanonicalUrl) -> bool {
        self.origin(url).is_given_up()
    }
}

/// Does a look recorded in an earlier part of the run deserve a second one?
pub fn was_doubtful(look: &Look) -> bool {
    match look {
        Look::Answered { status, challenge, .. } => {
            says_nothing_there(*status) || is_of_the_moment(*status) || challenge.is_some()
        }
        Look::Unfetched { reason, .. } => leads_nowhere(*reason) || may_pass(*reason),
    }
}

fn says_nothing_there(status: u16) -> bool {
    matches!(status, 404 | 410)
}

fn is_of_the_moment(status: u16) -> bool {
    matches!(status, 429 | 500..=599)
}

/// A server that wants to be left alone for longer than this run waits is not asked again.
fn wants_long_pause(exchange: &Exchange) -> bool {
    retry_after(exchange.status, exchange.header("retry-after"), exchange.at).is_some_and(|wanted| wanted > LONGEST_PAUSE)
}

fn leads_nowhere(reason: Reason) -> bool {
    matches!(reason, Reason::NameNotFound | Reason::RedirectLoop | Reason::TooManyRedirects | Reason::BadRedirect)
}

/// Rules that could not be had are asked for once an origin; everything else of the moment may be over.
fn may_pass(reason: Reason) -> bool {
    reason.is_transient() && reason != Reason::RobotsUnreachable
}
