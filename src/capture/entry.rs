//! What a record means to us: an exchange, a URL without response, something about the run, or nothing.

use super::fields::Fields;
use super::http_message::{announces_chunks, dechunk, read_request_method, read_response};
use super::read::Record;
use super::rendered::{Parts, Rendered};
use crate::exchange::{Exchange, Gathering, Method, Profile};
use crate::facts::probes::Looked;
use crate::unfetched::{Reason, Unfetched};
use crate::url::CanonicalUrl;
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What our warcinfo record tells of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Run id.
    pub run_id: String,
    /// First instant.
    pub started: Timestamp,
    /// SHA-256 of the recorded plan, hex.
    pub plan_sha256: String,
    /// `--as-of`, when it was given.
    pub as_of: Option<jiff::civil::Date>,
    /// Gatherings of the plan.
    pub gatherings: Vec<Gathering>,
    /// Seeds.
    pub seeds: Vec<CanonicalUrl>,
}

/// What our last record tells: the run ended, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    /// Did every discovered URL end without the run being cut?
    pub complete: bool,
    /// Last instant.
    pub finished: Timestamp,
    /// Response records written.
    pub responses: u64,
    /// Records of URLs without response, by reason.
    pub unfetched: BTreeMap<Reason, u64>,
    /// Did it get far fewer pages than the run that it went on from?
    pub shrunk: Option<Shrunk>,
}

/// Pages of the run before, and of this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shrunk {
    /// Then.
    pub before: u64,
    /// Now.
    pub now: u64,
}

/// The record that holds the body of a `revisit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Its id, `urn:uuid:…`.
    pub record: String,
    /// Its date.
    pub at: Timestamp,
    /// Digest of the payload, Base32 of SHA-1.
    pub payload: String,
    /// Id of the run whose capture holds it.
    pub run: String,
    /// SHA-256 of that capture, hex.
    pub capture: String,
}

/// A record understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// Our warcinfo.
    Origin(Box<Origin>),
    /// What the run was planned to gather, JSON of our second record.
    Plan(serde_json::Value),
    /// A response.
    Answer {
        /// The exchange.
        exchange: Box<Exchange>,
        /// Is the body here, and all of it? A `revisit` record refers to one elsewhere; other tools keep cut ones.
        has_body: bool,
    },
    /// One of our own answers whose body is elsewhere.
    Revisit {
        /// The exchange, without a body: a `304`, or the same bytes again.
        exchange: Box<Exchange>,
        /// Where the body is.
        original: Box<Original>,
    },
    /// A URL without response, or one whose body passes the limit.
    Unfetched(Box<Unfetched>),
    /// What a handshake or a look-up showed.
    Looked(Box<Looked>),
    /// What showing a page to a browser gave.
    Rendered(Box<Rendered>),
    /// Our last record.
    Last(Last),
    /// Nothing that we use: a request, foreign metadata, dns, a log.
    Nothing,
}

impl Origin {
    /// The block of our warcinfo record.
    pub fn to_fields(&self) -> Fields {
        let mut fields = Fields::new();
        fields.push("software", concat!("xuncha/", env!("CARGO_PKG_VERSION")));
        fields.push("format", "WARC File Format 1.1");
        fields.push("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/");
        fields.push("isPartOf", &self.run_id);
        fields.push("run-id", &self.run_id);
        fields.push("started", self.started.to_string());
        fields.push("plan-sha256", &self.plan_sha256);
        if let Some(date) = self.as_of {
            fields.push("as-of", date.to_string());
        }
        fields.push("gatherings", self.gatherings.iter().map(|g| g.word()).collect::<Vec<_>>().join(", "));
        for seed in &self.seeds {
            fields.push("seed", seed.as_str());
        }
        fields
    }

    /// Reads it back. None for the warcinfo of another tool.
    pub fn from_fields(fields: &Fields) -> Option<Self> {
        fields.get("software").filter(|s| s.starts_with("xuncha/"))?;
        let words = fields.get("gatherings").unwrap_or_default().split(',');
        Some(Origin {
            run_id: fields.get("run-id")?.to_owned(),
            started: fields.get("started")?.parse().ok()?,
            plan_sha256: fields.get("plan-sha256").unwrap_or_default().to_owned(),
            as_of: fields.get("as-of").and_then(|v| v.parse().ok()),
            gatherings: words.filter_map(|w| Gathering::of_word(w.trim())).collect(),
            seeds: fields.all("seed").filter_map(|v| CanonicalUrl::parse(v).ok()).collect(),
        })
    }
}

impl Last {
    /// The block of our last record.
    pub fn to_fields(&self) -> Fields {
        let mut fields = Fields::new();
        fields.push("complete", if self.complete { "true" } else { "false" });
        fields.push("finished", self.finished.to_string());
        fields.push("responses", self.responses.to_string());
        fields.push("unfetched", self.unfetched.values().sum::<u64>().to_string());
        for (reason, count) in &self.unfetched {
            fields.push(&format!("unfetched-{}", reason.word()), count.to_string());
        }
        if let Some(shrunk) = self.shrunk {
            fields.push("pages-before", shrunk.before.to_string());
            fields.push("pages-now", shrunk.now.to_string());
        }
        fields
    }

    /// Reads it back.
    pub fn from_fields(fields: &Fields) -> Option<Self> {
        let counts = fields
            .iter()
            .filter_map(|(name, value)| Some((Reason::of_word(name.strip_prefix("unfetched-")?)?, value.parse().ok()?)));
        Some(Last {
            complete: fields.get("complete")? == "true",
            finished: fields.get("finished")?.parse().ok()?,
            responses: fields.get("responses")?.parse().ok()?,
            unfetched: counts.collect(),
            shrunk: number(fields, "pages-before").zip(number(fields, "pages-now")).map(|(before, now)| Shrunk { before, now }),
        })
    }
}

/// The block of the record of a [`Looked`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LookedRecord {
    /// What was read of it.
    #[serde(flatten)]
    pub looked: Looked,
    /// Certificates as sent, the site's own first: DER in Base64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<String>,
}

/// The block of the record of a URL without response.
pub fn unfetched_fields(unfetched: &Unfetched) -> Fields {
    let mut fields = Fields::new();
    fields.push("reason", unfetched.reason.word());
    fields.push("detail", &unfetched.detail);
    fields.push("attempts", unfetched.attempts.to_string());
    fields.push("gathering", unfetched.gathering.word());
    fields.push("look", unfetched.look.to_string());
    fields.push("hopsFromSeed", unfetched.hops.to_string());
    if let Some(via) = &unfetched.via {
        fields.push("via", via.as_str());
    }
    fields
}

/// Turns records into entries; remembers the request before a response for its method.
#[derive(Debug, Default)]
pub struct Understanding {
    request: Option<(String, Method)>,
    last_date: Option<Timestamp>,
    /// Page and picture of a rendering whose own record is still to come.
    parts: Parts,
}

impl Understanding {
    /// What the record means.
    pub fn of(&mut self, record: Record) -> Entry {
        self.last_date = record.date().or(self.last_date);
        match record.kind().as_str() {
            "warcinfo" => {
                let fields = Fields::parse(record.block.as_deref().unwrap_or_default());
                Origin::from_fields(&fields).map_or(Entry::Nothing, |o| Entry::Origin(Box::new(o)))
            }
            "request" => {
                let method = record.block.as_deref().and_then(read_request_method);
                self.request = record.target().zip(method).map(|(target, method)| (target.to_owned(), method));
                Entry::Nothing
            }
            "response" => self.answer(record, true),
            "revisit" => self.revisit(record),
            "conversion" => self.parts.page(&record),
            "resource" if self.parts.picture(&record) => Entry::Nothing,
            "resource" => self.resource(record),
            "metadata" => self.metadata(&record).unwrap_or(Entry::Nothing),
            _ => Entry::Nothing,
        }
    }

    /// `WARC-Date` of the record, else of the one before.
    fn date(&self, record: &Record) -> Timestamp {
        record.date().or(self.last_date).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Ours names run and capture of its original; another tool's is an answer without its body.
    fn revisit(&mut self, record: Record) -> Entry {
        let field = |name: &str| record.fields.get(name).map(|value| value.trim_matches(['<', '>']).to_owned());
        let after_colon = |value: String| value.split_once(':').map_or(value.clone(), |(_, rest)| rest.to_owned());
        let original = field("Xuncha-Refers-To-Run").and_then(|run| {
            Some(Box::new(Original {
                run,
                record: field("WARC-Refers-To")?,
                at: field("WARC-Refers-To-Date")?.parse().ok()?,
                payload: field("WARC-Payload-Digest").map(after_colon)?,
                capture: field("Xuncha-Refers-To-Capture").map(after_colon)?,
            }))
        });
        match (self.answer(record, false), original) {
            (Entry::Answer { exchange, .. }, Some(original)) => Entry::Revisit { exchange, original },
            (entry, _) => entry,
        }
    }

    fn answer(&mut self, record: Record, has_body: bool) -> Entry {
        let Some(url) = record.target().and_then(|t| CanonicalUrl::parse(t).ok()) else {
            return Entry::Nothing;
        };
        if record.media_type() != "application/http" {
            return Entry::Nothing;
        }
        let Some(block) = record.block.as_deref() else {
            return self.too_large(&record, url);
        };
        let Some(response) = read_response(block) else {
            return Entry::Nothing;
        };
        let recorded = record.fields.get("Xuncha-Method").map(|m| if m == "HEAD" { Method::Head } else { Method::Get });
        let asked = self.request.take().filter(|(target, _)| Some(target.as_str()) == record.target()).map(|(_, m)| m);
        let (head, raw) = block.split_at(response.body_at);
        let body = match announces_chunks(head).then(|| dechunk(raw)).flatten() {
            Some(whole) => Bytes::from(whole),
            None => Bytes::copy_from_slice(raw),
        };
        let has_body = has_body && (recorded.is_some() || is_whole(&record.fields, &response.headers, body.len()));
        let mut exchange = Exchange {
            url,
            method: recorded.or(asked).unwrap_or(Method::Get),
            gathering: Gathering::Pages,
            status: response.status,
            headers: response.headers,
            body: if has_body { body } else { Bytes::new() },
            at: self.date(&record),
            hops: number(&record.fields, "Xuncha-Hops").unwrap_or(0),
            via: record.fields.get("Xuncha-Via").and_then(|v| CanonicalUrl::parse(v).ok()),
            attempts: number(&record.fields, "Xuncha-Attempts").unwrap_or(1),
            look: number(&record.fields, "Xuncha-Look").unwrap_or(1),
            elapsed: number(&record.fields, "Xuncha-Elapsed"),
            profile: record.fields.get("Xuncha-Profile").and_then(Profile::of_word).unwrap_or_default(),
        };
        exchange.gathering =
            record.fields.get("Xuncha-Gathering").and_then(Gathering::of_word).unwrap_or_else(|| likely_gathering(&exchange));
        Entry::Answer { exchange: Box::new(exchange), has_body }
    }

    /// A `resource` record of a web URL is a document had without HTTP; other tools' logs and manifests are none.
    fn resource(&self, record: Record) -> Entry {
        let Some(url) = record.target().and_then(|t| CanonicalUrl::parse(t).ok()) else {
            return Entry::Nothing;
        };
        let at = self.date(&record);
        let headers = record.fields.get("Content-Type").map(|v| ("content-type".to_owned(), v.to_owned()));
        let Some(block) = record.block else {
            return self.too_large(&record, url);
        };
        let mut exchange = Exchange {
            url,
            method: Method::Get,
            gathering: Gathering::Pages,
            status: 200,
            headers: headers.into_iter().collect(),
            body: Bytes::from(block),
            at,
            hops: 0,
            via: None,
            attempts: 1,
            look: 1,
            elapsed: None,
            profile: Default::default(),
        };
        exchange.gathering = likely_gathering(&exchange);
        Entry::Answer { exchange: Box::new(exchange), has_body: true }
    }

    fn too_large(&self, record: &Record, url: CanonicalUrl) -> Entry {
        let length = record.fields.get("Content-Length").unwrap_or("?");
        Entry::Unfetched(Box::new(Unfetched {
            url,
            reason: Reason::TooLarge,
            detail: format!("{length} bytes in the capture"),
            attempts: number(&record.fields, "Xuncha-Attempts").unwrap_or(1),
            via: record.fields.get("Xuncha-Via").and_then(|v| CanonicalUrl::parse(v).ok()),
            gathering: record.fields.get("Xuncha-Gathering").and_then(Gathering::of_word).unwrap_or(Gathering::Pages),
            hops: number(&record.fields, "Xuncha-Hops").unwrap_or(0),
            look: number(&record.fields, "Xuncha-Look").unwrap_or(1),
            at: self.date(record),
        }))
    }

    fn metadata(&mut self, record: &Record) -> Option<Entry> {
        let block = record.block.as_deref()?;
        match record.fields.get("Xuncha-Record")? {
            "plan" => serde_json::from_slice(block).ok().map(Entry::Plan),
            "looked" => serde_json::from_slice::<LookedRecord>(block).ok().map(|record| Entry::Looked(Box::new(record.looked))),
            "rendering" => self.parts.ended(block).map(|rendered| Entry::Rendered(Box::new(rendered))),
            "last" => Last::from_fields(&Fields::parse(block)).map(Entry::Last),
            "unfetched" => {
                let fields = Fields::parse(block);
                Some(Entry::Unfetched(Box::new(Unfetched {
                    url: CanonicalUrl::parse(record.target()?).ok()?,
                    reason: Reason::of_word(fields.get("reason")?)?,
                    detail: fields.get("detail").unwrap_or_default().to_owned(),
                    attempts: number(&fields, "attempts")?,
                    via: fields.get("via").and_then(|v| CanonicalUrl::parse(v).ok()),
                    gathering: Gathering::of_word(fields.get("gathering")?)?,
                    hops: number(&fields, "hopsFromSeed")?,
                    look: number(&fields, "look")?,
                    at: self.date(record),
                })))
            }
            _ => None,
        }
    }
}

/// Did another tool keep the whole body? What a cut page lacks would be called missing from the site.
fn is_whole(fields: &Fields, headers: &[(String, String)], kept: usize) -> bool {
    let announced = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, v)| v.parse::<usize>().ok());
    fields.get("WARC-Truncated").is_none() && announced.is_none_or(|length| kept >= length)
}

pub(super) fn number<T: std::str::FromStr>(fields: &Fields, name: &str) -> Option<T> {
    fields.get(name)?.parse().ok()
}

/// What a tool that does not say so fetched the URL for. Files and images are link checks, as in our own crawl.
fn likely_gathering(exchange: &Exchange) -> Gathering {
    if exchange.url.path() == "/robots.txt" {
        return Gathering::Robots;
    }
    let page = match exchange.media_type().as_deref() {
        None | Some("" | "text/html" | "application/xhtml+xml") => true,
        Some(_) => !(200..300).contains(&exchange.status),
    };
    if page { Gathering::Pages } else { Gathering::LinkCheck }
}
