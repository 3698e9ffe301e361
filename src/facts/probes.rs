//! Answers to the planned probes of a run (design.md 2.1): what a site said to requests that no visitor's link leads to.

mod read;

pub use read::{Answered, assemble};

use crate::exchange::Gathering;
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// All probes of one run. An empty list means that nothing of the kind was gathered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Probes {
    /// Paths that cannot exist, with what came.
    pub random_paths: Vec<RandomPath>,
    /// Pages fetched a second time for another client profile.
    pub second_profiles: Vec<SecondProfile>,
    /// Certificates by host.
    pub certificates: Vec<Certificate>,
    /// Addresses by host.
    pub addresses: Vec<Addresses>,
    /// Searches for known titles.
    pub searches: Vec<Search>,
    /// `/.well-known/security.txt` by origin.
    pub security: Vec<SecurityTxt>,
}

/// What an origin keeps under `/.well-known/security.txt` (RFC 9116).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityTxt {
    /// What was asked for.
    pub url: CanonicalUrl,
    /// Status of the last answer.
    pub status: u16,
    /// Media type of the answer, lower case.
    pub media_type: Option<String>,
    /// Values of `Contact`, at most 20.
    pub contacts: Vec<String>,
    /// Values of `Expires` as written; there may be only one.
    pub expires: Vec<String>,
    /// Is the answer a web page, whatever its status says?
    pub html: bool,
}

/// An answer that is no exchange: what a handshake or a look-up showed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Looked {
    /// A certificate.
    Certificate(Certificate),
    /// Addresses.
    Addresses(Addresses),
}

impl Looked {
    /// Whose it is.
    pub fn host(&self) -> &str {
        match self {
            Looked::Certificate(certificate) => &certificate.host,
            Looked::Addresses(addresses) => &addresses.host,
        }
    }

    /// What it was looked for.
    pub fn gathering(&self) -> Gathering {
        match self {
            Looked::Certificate(_) => Gathering::Certificate,
            Looked::Addresses(_) => Gathering::Aaaa,
        }
    }
}

/// A path that cannot exist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RandomPath {
    /// What was asked for.
    pub url: CanonicalUrl,
    /// Status of the last answer.
    pub status: u16,
    /// Where redirects led.
    pub landed: Option<CanonicalUrl>,
    /// Digest of the body.
    pub digest: String,
    /// `<title>`.
    pub title: String,
    /// Simhash of the text, to find soft 404 pages alike.
    pub simhash: u64,
}

/// The same page for another client profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondProfile {
    /// The page.
    pub url: CanonicalUrl,
    /// The profile: `search-engine` (user agent), `search-referrer`.
    pub profile: String,
    /// Status for that profile.
    pub status: u16,
    /// Its `<title>`.
    pub title: String,
    /// Link targets and texts that only that profile is shown, at most 100.
    pub only_there: Vec<(String, String)>,
    /// Text blocks that only that profile is shown, at most 100.
    pub text_only_there: Vec<String>,
}

/// The certificate that a host shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Host.
    pub host: String,
    /// Last day of validity of the leaf.
    pub not_after: Option<Date>,
    /// First day of validity of the leaf.
    pub not_before: Option<Date>,
    /// Names it is for.
    pub names: Vec<String>,
    /// Issuer as written.
    pub issuer: String,
    /// What the handshake or the verification complains of: `expired`, `wrong-name`, `incomplete-chain`, `unknown-issuer`, `outdated-protocol`
    /// …; none when all is well.
    pub fault: Option<String>,
    /// Detail for people.
    pub detail: String,
    /// Protocol version that was agreed, `TLSv1.3` …
    pub protocol: Option<String>,
}

/// The addresses of a host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addresses {
    /// Host.
    pub host: String,
    /// IPv4 addresses.
    pub v4: Vec<String>,
    /// IPv6 addresses.
    pub v6: Vec<String>,
    /// Did a control look-up of a name with AAAA work (else our resolver may be at fault)?
    pub control: bool,
}

/// A search for a title that the site itself published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// The request.
    pub url: CanonicalUrl,
    /// The title searched for.
    pub title: String,
    /// Where that title is.
    pub wanted: CanonicalUrl,
    /// Status.
    pub status: u16,
    /// Is the result page filled by script?
    pub script_filled: bool,
    /// Did the results name the title or its page?
    pub found: bool,
}
