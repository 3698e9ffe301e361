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
    /// The name system did not answer in time.
    DnsTimeout,
    /// Connection refused.
    Refused,
    /// Connection reset or closed before the head of a response.
    Reset,
    /// No connection in time.
    ConnectTimeout,
    /// Connected, but the TLS handshake did not end in time.
    TlsTimeout,
    /// Connected, but the head of a response did not come in time.
    FirstByteTimeout,
    /// The head came, but the body did not end in time.
    BodyTimeout,
    /// Out of time, and nobody knows where: the patience for a seed ended, or a capture of an earlier version says no more.
    ReadTimeout,
    /// The TLS handshake failed for a cause that none of the following names.
    Tls,
    /// The certificate, or one above it, has expired.
    TlsExpired,
    /// The certificate is not valid yet.
    TlsNotYetValid,
    /// The certificate vouches for itself.
    TlsSelfSigned,
    /// No root that this machine knows vouches for the certificate; a missing intermediate looks the same.
    TlsUnknownIssuer,
    /// The certificate is another host's.
    TlsWrongName,
    /// The certificate was revoked.
    TlsRevoked,
    /// The server speaks only protocols or ciphers that are given up (TLS 1.0, 1.1, RSA key exchange, CBC): outdated, not down.
    TlsOutdated,
    /// The connection was cut in the middle of the handshake.
    TlsCut,
    /// What answers at the port does not speak TLS.
    NotTls,
    /// The response broke HTTP (bad head, bad chunk).
    Protocol,
    /// The body ended before the length that its head promised, or before its last chunk.
    Truncated,
    /// The head of the response passed the size limit.
    HeaderTooLarge,
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
    /// One of a family of URLs that only leads to more of itself; the detail holds the evidence.
    Trap,
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
            Reason::DnsTimeout => "dns-timeout",
            Reason::Refused => "refused",
            Reason::Reset => "reset",
            Reason::ConnectTimeout => "connect-timeout",
            Reason::TlsTimeout => "tls-timeout",
            Reason::FirstByteTimeout => "first-byte-timeout",
            Reason::BodyTimeout => "body-timeout",
            Reason::ReadTimeout => "read-timeout",
            Reason::Tls => "tls",
            Reason::TlsExpired => "tls-expired",
            Reason::TlsNotYetValid => "tls-not-yet-valid",
            Reason::TlsSelfSigned => "tls-self-signed",
            Reason::TlsUnknownIssuer => "tls-unknown-issuer",
            Reason::TlsWrongName => "tls-wrong-name",
            Reason::TlsRevoked => "tls-revoked",
            Reason::TlsOutdated => "tls-outdated",
            Reason::TlsCut => "tls-cut",
            Reason::NotTls => "not-tls",
            Reason::Protocol => "protocol",
            Reason::Truncated => "truncated",
            Reason::HeaderTooLarge => "header-too-large",
            Reason::Coding => "coding",
            Reason::TooLarge => "too-large",
            Reason::RedirectLoop => "redirect-loop",
            Reason::TooManyRedirects => "too-many-redirects",
            Reason::BadRedirect => "bad-redirect",
            Reason::Robots => "robots",
            Reason::RobotsUnreachable => "robots-unreachable",
            Reason::Budget => "budget",
            Reason::Trap => "trap",
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
                | Reason::TlsCut
                | Reason::Protocol
                | Reason::Truncated
                | Reason::Coding
                | Reason::RobotsUnreachable
        ) || self.is_timeout()
    }

    /// Did something take too long?
    pub fn is_timeout(self) -> bool {
        matches!(
            self,
            Reason::DnsTimeout
                | Reason::ConnectTimeout
                | Reason::TlsTimeout
                | Reason::FirstByteTimeout
                | Reason::BodyTimeout
                | Reason::ReadTimeout
        )
    }

    /// Did no encrypted connection come about, for a cause that another request would meet, too?
    pub fn is_tls(self) -> bool {
        matches!(
            self,
            Reason::Tls
                | Reason::TlsExpired
                | Reason::TlsNotYetValid
                | Reason::TlsSelfSigned
                | Reason::TlsUnknownIssuer
                | Reason::TlsWrongName
                | Reason::TlsRevoked
                | Reason::TlsOutdated
                | Reason::NotTls
        )
    }

    /// Does it speak of a host that does not answer?
    pub fn is_silence(self) -> bool {
        matches!(self, Reason::DnsFailure | Reason::Refused | Reason::Reset | Reason::TlsCut | Reason::RobotsUnreachable)
            || self.is_timeout()
    }

    /// Did the server take the request, so that the fault is in what it answered?
    pub fn is_after_asking(self) -> bool {
        matches!(
            self,
            Reason::FirstByteTimeout
                | Reason::BodyTimeout
                | Reason::ReadTimeout
                | Reason::Reset
                | Reason::Protocol
                | Reason::Truncated
                | Reason::HeaderTooLarge
                | Reason::Coding
                | Reason::TooLarge
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
