//! How URLs ended, and what following a link leads to: works, dead, blocked or unseen (design.md 2.7).

use super::{Look, TargetOutcome, UrlState};
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use std::collections::{BTreeSet, HashMap};

/// Redirects followed through states before the chain is given up; crawls stop far earlier.
const MOST_REDIRECTS: usize = 20;

/// The looks at every URL of a run. One value serves the folds of all units. It holds something of every URL, so it is small: nearly
/// all of them answered once and led nowhere else.
#[derive(Debug, Default)]
pub struct Ends {
    /// By fingerprint of the URL.
    looks: HashMap<u128, Looks>,
}

/// The looks at one URL.
#[derive(Debug)]
enum Looks {
    /// One answer that is neither a redirect nor a wall.
    Plain { status: u16, at: jiff::Timestamp },
    /// Anything else.
    All(Box<[Look]>),
}

impl Looks {
    fn of(mut looks: Vec<Look>) -> Self {
        match looks.as_mut_slice() {
            [Look::Answered { status, redirect: None, challenge: None, at, .. }] => Looks::Plain { status: *status, at: *at },
            _ => {
                looks.sort_by_key(instant);
                Looks::All(looks.into())
            }
        }
    }

    fn all(&self) -> Vec<Look> {
        match self {
            Looks::Plain { status, at } => {
                vec![Look::Answered { status: *status, redirect: None, media_type: None, challenge: None, at: *at }]
            }
            Looks::All(all) => all.to_vec(),
        }
    }
}

fn fingerprint(url: &CanonicalUrl) -> u128 {
    xxhash_rust::xxh3::xxh3_128(url.as_str().as_bytes())
}

/// What one URL answered by itself, redirects not followed.
enum Answer {
    Works(u16),
    Redirect(CanonicalUrl),
    Dead(String),
    Blocked(String),
    Unseen(String),
}

/// What is known of one URL by itself, redirects not followed: three values, of which the third is no fault of anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// It answers.
    Works,
    /// Two looks agree that there is nothing; the cause in a word.
    Dead(String),
    /// Nobody knows; why, in a word of the reports.
    Unverified(String),
}

/// What the looks at a URL prove.
pub fn truth(url: &CanonicalUrl, looks: &[Look]) -> Truth {
    match answer(looks) {
        Answer::Redirect(next) if walls_in(url, &next) => Truth::Unverified("login-wall".to_owned()),
        // Its target is a URL of its own, with its own truth.
        Answer::Works(_) | Answer::Redirect(_) => Truth::Works,
        Answer::Dead(cause) => Truth::Dead(cause),
        Answer::Blocked(cause) => Truth::Unverified(sort_of(&cause)),
        Answer::Unseen(cause) => Truth::Unverified(cause),
    }
}

/// One word for all answers of a sort: the exact status stands with the finding.
fn sort_of(cause: &str) -> String {
    let word = match cause {
        "412" => "challenge",
        "401" | "407" => "login-wall",
        "403" => "forbidden",
        "429" => "rate-limited",
        cause if cause.starts_with("challenge-") => "challenge",
        cause => match cause.parse::<u16>() {
            Ok(400..=499) => "client-error",
            Ok(500..=599) => "server-error",
            Ok(_) => "other-status",
            Err(_) => cause,
        },
    };
    word.to_owned()
}

impl Ends {
    /// Adds a URL state; looks of several gatherings at one URL are put together in the order of their time.
    pub fn add(&mut self, state: &UrlState) {
        let print = fingerprint(&state.url);
        let mut looks = self.looks.remove(&print).map(|known| known.all()).unwrap_or_default();
        looks.extend(state.looks.iter().cloned());
        self.looks.insert(print, Looks::of(looks));
    }

    /// The looks at a URL, in order of time. The media type of a plain answer is not kept.
    pub fn looks(&self, url: &CanonicalUrl) -> Vec<Look> {
        self.looks.get(&fingerprint(url)).map_or_else(Vec::new, Looks::all)
    }

    /// Did the URL, asked by itself, answer with a challenge or a wall?
    pub fn is_challenged(&self, url: &CanonicalUrl) -> bool {
        match self.looks.get(&fingerprint(url)) {
            Some(Looks::All(all)) => matches!(all.last(), Some(Look::Answered { challenge: Some(_), .. })),
            _ => false,
        }
    }

    /// What following a link to the URL leads to, and the URLs of the redirect chain after the first.
    pub fn resolve(&self, url: &CanonicalUrl) -> (TargetOutcome, Vec<CanonicalUrl>) {
        let mut chain: Vec<CanonicalUrl> = Vec::new();
        let mut passed = BTreeSet::from([url.clone()]);
        loop {
            let at = chain.last().unwrap_or(url);
            let outcome = match answer(&self.looks(at)) {
                Answer::Works(_) if walls_in(url, at) => TargetOutcome::Blocked { cause: "login-wall".into() },
                Answer::Works(status) => TargetOutcome::Works { status },
                Answer::Dead(cause) => TargetOutcome::Dead { cause },
                Answer::Blocked(cause) => TargetOutcome::Blocked { cause },
                Answer::Unseen(cause) => TargetOutcome::Unseen { cause },
                Answer::Redirect(_) if chain.len() == MOST_REDIRECTS => {
                    TargetOutcome::Blocked { cause: Reason::TooManyRedirects.word().into() }
                }
                Answer::Redirect(next) => match self.looks.contains_key(&fingerprint(&next)) {
                    // Its own state is missing: the first answer alone proves nothing about the end.
                    false => {
                        chain.push(next);
                        TargetOutcome::Unseen { cause: "redirect-unseen".into() }
                    }
                    true if !passed.insert(next.clone()) => {
                        chain.push(next);
                        // A cookie may open the circle: one walk round it is one look.
                        match passed.iter().any(|url| self.looks(url).len() > 1) {
                            true => TargetOutcome::Dead { cause: Reason::RedirectLoop.word().into() },
                            false => TargetOutcome::Blocked { cause: "one-look".into() },
                        }
                    }
                    true => {
                        chain.push(next);
                        continue;
                    }
                },
            };
            return (outcome, chain);
        }
    }
}

fn instant(look: &Look) -> jiff::Timestamp {
    match look {
        Look::Answered { at, .. } | Look::Unfetched { at, .. } => *at,
    }
}

/// The last look decides, but only two looks that agree make a URL dead.
fn answer(looks: &[Look]) -> Answer {
    let Some(last) = looks.last() else { return Answer::Unseen("not-looked-at".into()) };
    match single(last) {
        Answer::Dead(cause) => {
            let before = looks[..looks.len() - 1].iter().rev().map(single).find(|a| !matches!(a, Answer::Unseen(_)));
            match before {
                Some(Answer::Dead(first)) if agree(&first, &cause) => Answer::Dead(cause),
                Some(Answer::Blocked(first)) => Answer::Blocked(first),
                Some(_) => Answer::Blocked("looks-differ".into()),
                None => Answer::Blocked("one-look".into()),
            }
        }
        // A second look that was never made takes nothing back, and proves nothing.
        Answer::Unseen(cause) => match looks[..looks.len() - 1].last().map(single) {
            Some(Answer::Dead(_)) => Answer::Blocked("one-look".into()),
            Some(other) => other,
            None => Answer::Unseen(cause),
        },
        other => other,
    }
}

fn agree(first: &str, second: &str) -> bool {
    first == second || [first, second].iter().all(|c| matches!(*c, "404" | "410"))
}

fn single(look: &Look) -> Answer {
    match look {
        // A wall known by its status alone is told as that status.
        Look::Answered { challenge: Some(sign), status, .. } if *sign == format!("status-{status}") => {
            Answer::Blocked(status.to_string())
        }
        Look::Answered { challenge: Some(sign), .. } => Answer::Blocked(format!("challenge-{sign}")),
        Look::Answered { redirect: Some(next), .. } => Answer::Redirect(next.clone()),
        Look::Answered { status, .. } => match status {
            200..=299 | 304 => Answer::Works(*status),
            404 | 410 => Answer::Dead(status.to_string()),
            301 | 302 | 303 | 307 | 308 => Answer::Dead(Reason::BadRedirect.word().into()),
            _ => Answer::Blocked(status.to_string()),
        },
        Look::Unfetched { reason, .. } => {
            let cause = reason.word().to_owned();
            match reason {
                // A successful answer whose body was more than is kept: the target is there.
                Reason::TooLarge => Answer::Works(200),
                Reason::NameNotFound | Reason::RedirectLoop | Reason::TooManyRedirects | Reason::BadRedirect => {
                    Answer::Dead(cause)
                }
                Reason::Budget
                | Reason::Trap
                | Reason::Stopped
                | Reason::HostGivenUp
                | Reason::NotRequested
                | Reason::NotInCapture
                | Reason::NotInFolder
                | Reason::NotResolved
                | Reason::PrivateAddress => Answer::Unseen(cause),
                Reason::DnsFailure
                | Reason::DnsTimeout
                | Reason::Refused
                | Reason::Reset
                | Reason::ConnectTimeout
                | Reason::TlsTimeout
                | Reason::FirstByteTimeout
                | Reason::BodyTimeout
                | Reason::ReadTimeout
                | Reason::Tls
                | Reason::TlsExpired
                | Reason::TlsNotYetValid
                | Reason::TlsSelfSigned
                | Reason::TlsUnknownIssuer
                | Reason::TlsWrongName
                | Reason::TlsRevoked
                | Reason::TlsOutdated
                | Reason::TlsCut
                | Reason::NotTls
                | Reason::Protocol
                | Reason::Truncated
                | Reason::HeaderTooLarge
                | Reason::Coding
                | Reason::Robots
                | Reason::RobotsUnreachable => Answer::Blocked(cause),
            }
        }
    }
}

/// A link that ends at a login page it did not name shows nothing about what stands behind.
fn walls_in(first: &CanonicalUrl, last: &CanonicalUrl) -> bool {
    const SIGNS: [&str; 8] = ["login", "signin", "passport", "sso", "cas", "oauth", "oauth2", "logon"];
    let shows = |url: &CanonicalUrl| {
        let path = url.path().to_ascii_lowercase();
        path.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| SIGNS.contains(&word))
    };
    first != last && shows(last) && !shows(first)
}
