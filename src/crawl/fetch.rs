//! Fetchers: one request, one answer or one reason. Where the answers come from (the network, a folder) shows nowhere else.

#[cfg(all(feature = "browser", unix))]
pub mod browser;
pub mod folder;
pub mod live;
pub mod names;

use crate::exchange::{Method, Profile};
use crate::run::Held;
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use jiff::Timestamp;

/// How much of a body is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// All of it; more bytes than this are too many.
    Whole(u64),
    /// The beginning is enough: reading stops there.
    Prefix(u64),
}

/// One request.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// What is asked for.
    pub url: &'a CanonicalUrl,
    /// How.
    pub method: Method,
    /// How much of the body.
    pub limit: Limit,
    /// A cookie to send: only ever one that the same redirect loop has just set.
    pub cookie: Option<&'a str>,
    /// On a new connection, with the name looked up anew?
    pub fresh: bool,
    /// As whom.
    pub profile: Profile,
    /// Header fields that a browser sends with it, names in lower case; they take the place of ours.
    pub beside: &'a [(String, String)],
    /// What an earlier run holds of it: then it is wanted only if it has changed since.
    pub held: Option<&'a Held>,
}

/// One response.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Header fields, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as received.
    pub body: bytes::Bytes,
    /// When it was whole.
    pub at: Timestamp,
    /// Milliseconds from sending the request to the end of the response; none where nothing was sent.
    pub elapsed: Option<u32>,
}

impl Answer {
    /// First value of a header field; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// No response, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Why.
    pub reason: Reason,
    /// What the network said.
    pub detail: String,
}

impl Failure {
    /// A failure with its detail.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Failure { reason, detail: detail.into() }
    }
}

/// Where answers come from.
#[derive(Debug)]
pub enum Source {
    /// The network.
    Live(live::Live),
    /// A folder of built pages; links that leave it go to the network, where that is allowed.
    Folder(folder::Folder, Option<live::Live>),
}

impl Source {
    /// The network, where this source may use it for the URL.
    pub fn live_for(&self, url: &CanonicalUrl) -> Option<&live::Live> {
        match self {
            Source::Live(live) => Some(live),
            Source::Folder(folder, live) => live.as_ref().filter(|_| !folder.holds(url)),
        }
    }

    /// Asks.
    pub async fn ask(&self, ask: &Ask<'_>) -> Result<Answer, Failure> {
        match self {
            Source::Live(live) => live.ask(ask).await,
            Source::Folder(folder, _) if folder.holds(ask.url) => folder.ask(ask).await,
            Source::Folder(_, Some(live)) => live.ask(ask).await,
            Source::Folder(_, None) => Err(Failure::new(Reason::NotRequested, "a folder sends no request")),
        }
    }
}
