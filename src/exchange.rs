//! One request and its response, as data. A redirect is an exchange of its own: its target is another URL with its own exchange.

mod coding;

pub use coding::decode_body;

use crate::url::CanonicalUrl;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a request is made for; recorded in the capture, declared by rules (design.md 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Gathering {
    /// Pages inside the scope.
    Pages,
    /// Targets of links that are not pages of the scope: external ones, images, files.
    LinkCheck,
    /// Attachments inside the scope, kept whole.
    Attachments,
    /// robots.txt of an origin.
    Robots,
    /// Sitemaps.
    Sitemap,
    /// A path that cannot exist.
    RandomPath,
    /// The same page for another client profile.
    SecondProfile,
    /// Certificate chain.
    Certificate,
    /// IPv6 address look-up.
    Aaaa,
    /// The site's own search.
    Search,
    /// `/.well-known/security.txt`.
    SecurityTxt,
    /// A rendered page.
    Render,
}

impl Gathering {
    /// The word used in captures and reports.
    pub fn word(self) -> &'static str {
        match self {
            Gathering::Pages => "pages",
            Gathering::LinkCheck => "link-check",
            Gathering::Attachments => "attachments",
            Gathering::Robots => "robots",
            Gathering::Sitemap => "sitemap",
            Gathering::RandomPath => "random-path",
            Gathering::SecondProfile => "second-profile",
            Gathering::Certificate => "certificate",
            Gathering::Aaaa => "aaaa",
            Gathering::Search => "search",
            Gathering::SecurityTxt => "security-txt",
            Gathering::Render => "render",
        }
    }

    /// Is it a probe: something asked for that no link leads to, whose answer belongs to no page of the site?
    pub fn is_probe(self) -> bool {
        matches!(
            self,
            Gathering::RandomPath
                | Gathering::SecondProfile
                | Gathering::Certificate
                | Gathering::Aaaa
                | Gathering::Search
                | Gathering::SecurityTxt
        )
    }

    /// Reads the word back.
    pub fn of_word(word: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
    }
}

/// One request and its response.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// The URL that was asked for.
    pub url: CanonicalUrl,
    /// `GET` or `HEAD`.
    pub method: Method,
    /// What it was made for.
    pub gathering: Gathering,
    /// HTTP status of the response.
    pub status: u16,
    /// Header fields in the order received, names in lower case, values with bytes beyond ASCII replaced.
    pub headers: Vec<(String, String)>,
    /// The body as received, without transfer coding, still in its content coding (gzip …).
    pub body: bytes::Bytes,
    /// When the response was whole.
    pub at: Timestamp,
    /// Links followed from a seed.
    pub hops: u32,
    /// The page that led here; none for a seed.
    pub via: Option<CanonicalUrl>,
    /// Requests made until this one succeeded, this one included.
    pub attempts: u32,
    /// 1 for the first look, 2 for the second look at a possibly dead link.
    pub look: u8,
    /// Milliseconds from sending the request to the end of the response; none where nobody measured them.
    pub elapsed: Option<u32>,
    /// As whom we asked.
    pub profile: Profile,
}

/// As whom a request is made. A page that shows others what it does not show us is asked as them, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// As ourselves.
    #[default]
    Own,
    /// With the user agent of a search engine.
    SearchEngine,
    /// With a search engine's result page as referrer.
    SearchReferrer,
    /// With a user agent as browsers send it, which still ends in our own name: how the second look at a failure is made.
    Browser,
}

/// The user agent of [`Profile::SearchEngine`], as the most used search engine of the country publishes it.
pub const SEARCH_ENGINE: &str = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)";
/// The referrer of [`Profile::SearchReferrer`].
pub const SEARCH_PAGE: &str = "https://www.baidu.com/s?wd=site";

/// The user agent of [`Profile::Browser`]. Whoever reads the server's log still finds out who we are.
pub fn browser_agent(own: &str) -> String {
    format!("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) {own}")
}

impl Profile {
    /// The word used in captures.
    pub fn word(self) -> &'static str {
        match self {
            Profile::Own => "own",
            Profile::SearchEngine => "search-engine",
            Profile::SearchReferrer => "search-referrer",
            Profile::Browser => "browser",
        }
    }

    /// Reads the word back.
    pub fn of_word(word: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
    }
}

/// The only two methods that we ever send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// A safe retrieval.
    Get,
    /// Headers only; a refusal is repeated as GET before anything is believed.
    Head,
}

impl Exchange {
    /// First value of a header field; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Media type in lower case, without parameters.
    pub fn media_type(&self) -> Option<String> {
        self.header("content-type").map(|v| v.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// Target of a redirect (301, 302, 303, 307, 308 with a Location that resolves).
    pub fn redirect(&self) -> Option<CanonicalUrl> {
        if !matches!(self.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        self.url.join(self.header("location")?, encoding_rs::UTF_8).ok()
    }
}
