//! Why a URL was not had: a closed list. "Blocked" is never "dead" (design.md 2.7).

use crate::exchange::Gathering;
use crate::url::CanonicalUrl;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The reason, one word per cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The name does not exist, while a control look-up worked.
    NameNotFound,
    /// The name could not be looked up, or the control look-up failed too: our side may be at fault.
    DnsFailure,
    /// Connection refused.
    Refused,
    /// Connection reset or closed before the response was whole.
    Reset,
    /// No connection in time.
    ConnectTimeout,
    /// Connected, but the response did not come, or did not end, in time.
    ReadTimeout,
    /// The TLS handshake failed.
    Tls,
    /// The response broke HTTP (bad header, bad chunk, wrong length).
    Protocol,
    /// The body broke its content coding (a truncated gzip, for example).
    Coding,
    /// The body passed the size limit; what came before is not kept.
    TooLarge,
    /// A redirect led back to a URL of its own chain.
    RedirectLoop,
    /// More redirects than the limit.
    TooManyRedirects,
    /// A redirect without a usable Location.
    BadRedirect,
    /// robots.txt excludes it.
    Robots,
    /// robots.txt itself answered with a server error or not at all: RFC 9309 says to stay away.
    RobotsUnreachable,
    /// The budget (pages, bytes, time) was spent.
    Budget,
    /// The host had failed too often in a row.
    HostGivenUp,
    /// A private or loopback address reached by redirect or link, without `--allow-private`.
    PrivateAddress,
    /// `--only-resolved` and the host has no `--resolve`.
    NotResolved,
    /// A link check that this run does not make (a folder without `--external`).
    NotRequested,
    /// A replayed capture or a folder does not hold it.
    NotInCapture,
    /// A folder of loose pages does not hold it: whether it is there is not known.
    NotInFolder,
    /// The run was stopped before its turn.
    Stopped,
}

impl Reason {
    /// The word used in reports and captures.
    pub fn word(self) -> &'static str {
        match self {
            Reason::NameNotFound => "name-not-found",
            Reason::DnsFailure => "dns-failure",
            Reason::Refused => "refused",
            Reason::Reset => "reset",
            Reason::ConnectTimeout => "connect-timeout",
            Reason::ReadTimeout => "read-timeout",
            Reason::Tls => "tls",
            Reason::Protocol => "protocol",
            Reason::Coding => "coding",
            Reason::TooLarge => "too-large",
            Reason::RedirectLoop => "redirect-loop",
            Reason::TooManyRedirects => "too-many-redirects",
            Reason::BadRedirect => "bad-redirect",
            Reason::Robots => "robots",
            Reason::RobotsUnreachable => "robots-unreachable",
            Reason::Budget => "budget",
            Reason::HostGivenUp => "host-given-up",
            Reason::PrivateAddress => "private-address",
            Reason::NotResolved => "not-resolved",
            Reason::NotRequested => "not-requested",
            Reason::NotInCapture => "not-in-capture",
            Reason::NotInFolder => "not-in-folder",
            Reason::Stopped => "stopped",
        }
    }

    /// Reads the word back.
    pub fn of_word(word: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
    }

    /// May another attempt, later, go better?
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Reason::DnsFailure
                | Reason::Refused
                | Reason::Reset
                | Reason::ConnectTimeout
                | Reason::ReadTimeout
                | Reason::Protocol
                | Reason::Coding
                | Reason::RobotsUnreachable
        )
    }
}

/// A URL without a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfetched {
    /// What was asked for.
    pub url: CanonicalUrl,
    /// Why it was not had.
    pub reason: Reason,
    /// What the network or the server said, for people; never judged.
    pub detail: String,
    /// Requests made, retries included; 0 when none was sent.
    pub attempts: u32,
    /// The page that led here; none for a seed.
    pub via: Option<CanonicalUrl>,
    /// What the request was for.
    pub gathering: Gathering,
    /// Links followed from a seed.
    pub hops: u32,
    /// 1 for the first look, 2 for the second look at a possibly dead link.
    pub look: u8,
    /// When it was given up.
    pub at: Timestamp,
}
