//! The network: the only module that opens a socket. Every request passes the gates here, so that none can be forgotten.

mod connected;
mod encrypted;
pub mod handshake;
mod hello;

pub use handshake::Shaken;

use super::names::{Found, Lookup, LookupError, Names, Way};
use super::{Answer, Ask, Failure, Limit};
use crate::config::Config;
use crate::crawl::politeness::{Gates, Pass};
use crate::error::{Error, Result};
use crate::exchange::{Method, Profile, SEARCH_ENGINE, SEARCH_PAGE, browser_agent};
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONNECTION, COOKIE, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH, REFERER, USER_AGENT,
};
use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Sends requests, politely and within limits.
#[derive(Debug)]
pub struct Live {
    pooled: reqwest::Client,
    fresh: reqwest::Client,
    /// OpenSSL, for origins that speak only what rustls has given up.
    #[cfg(feature = "legacy-tls")]
    legacy: reqwest::Client,
    names: Arc<Names>,
    gates: Gates,
    timeout: Duration,
    connect_timeout: Duration,
    /// Our name in the log of a server.
    agent: String,
    /// Per origin: how a handshake failed, and what was found to be the cause.
    explained: Mutex<HashMap<String, (Reason, Failure)>>,
}

/// Hands the client the addresses that were allowed, and no others.
#[derive(Debug)]
struct Pinned(Arc<Names>);

impl reqwest::dns::Resolve for Pinned {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let addresses = self.0.pinned(name.as_str());
        Box::pin(async move {
            let addresses = addresses.ok_or("no address was allowed")?;
            let sockets: Vec<SocketAddr> = addresses.into_iter().map(|address| SocketAddr::new(address, 0)).collect();
            Ok(Box::new(sockets.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

/// The system's own resolver.
#[derive(Debug, Clone, Copy)]
pub struct System;

impl Lookup for System {
    fn lookup(&self, name: String) -> BoxFuture<'static, Found> {
        Box::pin(async move {
            match tokio::net::lookup_host((name.as_str(), 0)).await {
                Ok(addresses) => Ok(addresses.map(|socket| socket.ip()).collect()),
                // The library hides the resolver's code; these are its texts for "no such name" (glibc, musl, BSD, Windows).
                // "No address associated" is left out: the name exists.
                Err(error) => {
                    let text = error.to_string();
                    let known = ["Name or service not known", "Name does not resolve", "nodename nor servname", "No such host"];
                    Err(if known.iter().any(|sign| text.contains(sign)) {
                        LookupError::NoSuchName(text)
                    } else {
                        LookupError::Unsure(text)
                    })
                }
            }
        })
    }
}

/// `xuncha/0.1 (+contact)`: whoever reads a server's log finds out who we are.
pub fn user_agent(contact: &str) -> String {
    let version = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    let contact: String = contact.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').collect();
    match contact.trim() {
        "" => format!("xuncha/{version}"),
        contact => format!("xuncha/{version} (+{contact})"),
    }
}

fn seconds(value: f64) -> Duration {
    Duration::try_from_secs_f64(value).unwrap_or(Duration::from_secs(30)).max(Duration::from_millis(10))
}

impl Live {
    /// The network for a run; `named` are the URLs that the user wrote.
    pub fn new(config: &Config, named: &[CanonicalUrl]) -> Result<Self> {
        Self::with_lookup(config, named, Arc::new(System))
    }

    /// Likewise with another name system.
    pub fn with_lookup(config: &Config, named: &[CanonicalUrl], lookup: Arc<dyn Lookup>) -> Result<Self> {
        // Fails only when it was installed before, by us or by the program around us.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let names = Arc::new(Names::new(config, named, lookup)?);
        let agent = user_agent(&config.contact);
        let timeout = seconds(config.timeout);
        // Within the time of a response, so that a slow connection is told from a slow answer.
        let connect_timeout = seconds(config.connect_timeout).min(timeout * 9 / 10);
        let builder = |pooled: bool| {
            reqwest::Client::builder()
                .user_agent(agent.as_str())
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .referer(false)
                // A proxy of the environment would go round our own addresses.
                .no_proxy()
                .connect_timeout(connect_timeout)
                .pool_max_idle_per_host(if pooled { config.at_once.max(1) as usize } else { 0 })
                .dns_resolver(Arc::new(Pinned(names.clone())))
                .connector_layer(connected::Tells)
        };
        let build = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| Error::Internal(format!("HTTP client: {}", with_causes(&error))))
        };
        Ok(Live {
            pooled: build(builder(true).tls_backend_rustls())?,
            fresh: build(builder(false).tls_backend_rustls())?,
            #[cfg(feature = "legacy-tls")]
            legacy: build(builder(false).tls_backend_native().tls_version_min(reqwest::tls::Version::TLS_1_0))?,
            names: names.clone(),
            gates: Gates::new(config),
            timeout,
            connect_timeout,
            agent,
            explained: Mutex::default(),
        })
    }

    /// The gates, to slow them down.
    pub fn gates(&self) -> &Gates {
        &self.gates
    }

    /// Can the URL be reached at all: is its name known and its address allowed?
    pub async fn reach(&self, url: &CanonicalUrl, fresh: bool) -> std::result::Result<(), Failure> {
        self.names.way(url, fresh).await.map(|_| ())
    }

    /// Sends one request when it is polite to, and reads the response within its deadline.
    pub async fn ask(&self, ask: &Ask<'_>) -> std::result::Result<Answer, Failure> {
        let way = self.names.way(ask.url, ask.fresh).await?;
        #[cfg(feature = "legacy-tls")]
        if self.is_outdated(ask.url) {
            return self.ask_with(&self.legacy, ask, &way).await;
        }
        let client = if ask.fresh { &self.fresh } else { &self.pooled };
        match self.ask_with(client, ask, &way).await {
            Err(failure) if ask.url.scheme() == "https" => {
                let failure = self.explain(ask.url, &way, ask.fresh, failure).await;
                #[cfg(feature = "legacy-tls")]
                if failure.reason == Reason::TlsOutdated {
                    // Outdated is not down: what the second client gets counts, and the certificate probe tells the protocol.
                    return self.ask_with(&self.legacy, ask, &way).await.map_err(|_| failure);
                }
                Err(failure)
            }
            ended => ended,
        }
    }

    /// Was the origin found to speak only what is given up?
    #[cfg(feature = "legacy-tls")]
    fn is_outdated(&self, url: &CanonicalUrl) -> bool {
        let explained = self.explained.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        explained.get(&url.origin()).is_some_and(|(_, found)| found.reason == Reason::TlsOutdated)
    }

    async fn ask_with(&self, client: &reqwest::Client, ask: &Ask<'_>, way: &Way) -> std::result::Result<Answer, Failure> {
        let pass = self.gates.pass(ask.url, way, ask.fresh).await?;
        let head_came = AtomicBool::new(false);
        let answer = match tokio::time::timeout(self.timeout, self.send(client, ask, way, &head_came, &pass)).await {
            Ok(answer) => answer,
            Err(_) if head_came.load(Ordering::Relaxed) => {
                Err(Failure::new(Reason::BodyTimeout, format!("no end of the body after {:?}", self.timeout)))
            }
            Err(_) => Err(Failure::new(Reason::FirstByteTimeout, format!("no head of a response after {:?}", self.timeout))),
        };
        pass.ended(&answer);
        answer
    }

    async fn send(
        &self,
        client: &reqwest::Client,
        ask: &Ask<'_>,
        way: &Way,
        head_came: &AtomicBool,
        pass: &Pass,
    ) -> std::result::Result<Answer, Failure> {
        let mut url = ask.url.to_url();
        if let Some(port) = way.real_port {
            // http and https URLs always take a port.
            let _ = url.set_port(Some(port));
        }
        let method = match ask.method {
            Method::Get => reqwest::Method::GET,
            Method::Head => reqwest::Method::HEAD,
        };
        // Only the beginning of a coded body could not be decoded.
        let coding = if matches!(ask.limit, Limit::Prefix(_)) { "identity" } else { "gzip, deflate" };
        let wanted = ask.beside.iter().find(|(name, _)| name == ACCEPT.as_str()).map(|(_, value)| value.as_str());
        let mut request = client
            .request(method, url)
            .header(ACCEPT, wanted.unwrap_or("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"))
            .header(ACCEPT_LANGUAGE, "zh-CN,zh;q=0.9,en;q=0.5")
            .header(ACCEPT_ENCODING, coding);
        if way.real_port.is_some() {
            request = request.header(HOST, ask.url.authority());
        }
        if ask.fresh {
            request = request.header(CONNECTION, "close");
        }
        for (name, value) in ask.beside.iter().filter(|(name, _)| name != ACCEPT.as_str()) {
            request = request.header(name, value);
        }
        if let Some(cookie) = ask.cookie {
            request = request.header(COOKIE, cookie);
        }
        if let Some(etag) = ask.held.and_then(|held| held.etag.as_deref()) {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(modified) = ask.held.and_then(|held| held.modified.as_deref()) {
            request = request.header(IF_MODIFIED_SINCE, modified);
        }
        match ask.profile {
            Profile::Own => {}
            Profile::SearchEngine => request = request.header(USER_AGENT, SEARCH_ENGINE),
            Profile::SearchReferrer => request = request.header(REFERER, SEARCH_PAGE),
            Profile::Browser => request = request.header(USER_AGENT, browser_agent(&self.agent)),
        }
        let began = tokio::time::Instant::now();
        let stage = if ask.url.scheme() == "https" { Stage::EncryptedHead } else { Stage::Head };
        let response = pass.sending(request.send()).await.map_err(|error| classify(&error, stage))?;
        pass.heard();
        head_came.store(true, Ordering::Relaxed);
        let status = response.status().as_u16();
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        pass.took(headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum())?;
        let body = match ask.method {
            Method::Head => Bytes::new(),
            Method::Get => body_of(response, limit_of(status, ask.limit), pass).await?,
        };
        Ok(Answer { status, headers, body, at: crate::clock::now(), elapsed: Some(milliseconds(began.elapsed())) })
    }
}

/// Of what is no success the beginning is enough: only a body that was wanted can be too large.
fn limit_of(status: u16, limit: Limit) -> Limit {
    match limit {
        Limit::Whole(max) if !(200..300).contains(&status) => Limit::Prefix(max),
        limit => limit,
    }
}

fn milliseconds(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

async fn body_of(response: reqwest::Response, limit: Limit, pass: &Pass) -> std::result::Result<Bytes, Failure> {
    let announced = response.content_length();
    if let (Limit::Whole(max), Some(length)) = (limit, announced)
        && length > max
    {
        return Err(Failure::new(Reason::TooLarge, format!("Content-Length {length} > {max}")));
    }
    let mut body = BytesMut::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => {
                let mut failure = classify(&error, Stage::Body);
                failure.detail =
                    format!("{} ({} of {} bytes)", failure.detail, body.len(), announced.map_or("?".into(), |n| n.to_string()));
                return Err(failure);
            }
        };
        pass.took(chunk.len())?;
        match limit {
            Limit::Whole(max) if (body.len() + chunk.len()) as u64 > max => {
                return Err(Failure::new(Reason::TooLarge, format!("more than {max} bytes")));
            }
            Limit::Prefix(most) if (body.len() + chunk.len()) as u64 >= most => {
                let rest = usize::try_from(most).unwrap_or(usize::MAX).saturating_sub(body.len());
                body.extend_from_slice(&chunk[..rest.min(chunk.len())]);
                break;
            }
            _ => body.extend_from_slice(&chunk),
        }
    }
    Ok(body.freeze())
}

/// How far a request had come when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Head,
    /// Where a connection may be cut before anything was asked.
    EncryptedHead,
    Body,
}

/// The reason behind a client error: the innermost cause that we know decides.
fn classify(error: &reqwest::Error, stage: Stage) -> Failure {
    let detail = with_causes(error);
    let mut reason = None;
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(this) = cause {
        reason = reason_of(this, stage, error.is_connect()).or(reason);
        // An I/O error hides the error it wraps from `source`.
        cause = match this.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref()) {
            Some(inner) => Some(inner),
            None => this.source(),
        };
    }
    let reason = reason.unwrap_or_else(|| match (error.is_timeout(), error.is_connect()) {
        (true, true) => Reason::ConnectTimeout,
        (true, false) => Reason::FirstByteTimeout,
        (false, true) => Reason::Refused,
        (false, false) => Reason::Protocol,
    });
    Failure::new(reason, detail)
}

fn reason_of(error: &(dyn std::error::Error + 'static), stage: Stage, connecting: bool) -> Option<Reason> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(encrypted::reason_of(tls));
    }
    let shaking = connecting && stage == Stage::EncryptedHead;
    if let Some(http) = error.downcast_ref::<hyper::Error>() {
        return if http.is_parse_too_large() {
            Some(Reason::HeaderTooLarge)
        } else if http.is_parse() || http.is_parse_status() {
            // A chunk that breaks off inside its own size is a bad chunk to the parser.
            Some(Reason::Protocol)
        } else if http.is_incomplete_message() {
            // Closed before the length that the header promised, or before any header.
            Some(if stage == Stage::Body { Reason::Truncated } else { Reason::Reset })
        } else {
            None
        };
    }
    let io = error.downcast_ref::<std::io::Error>()?;
    match io.kind() {
        ErrorKind::ConnectionRefused => Some(Reason::Refused),
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::NotConnected
            if shaking =>
        {
            Some(Reason::TlsCut)
        }
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe | ErrorKind::NotConnected => {
            Some(Reason::Reset)
        }
        ErrorKind::UnexpectedEof if stage == Stage::Body => Some(Reason::Truncated),
        ErrorKind::UnexpectedEof => Some(Reason::Reset),
        ErrorKind::TimedOut if connecting => Some(Reason::ConnectTimeout),
        ErrorKind::TimedOut => Some(if stage == Stage::Body { Reason::BodyTimeout } else { Reason::FirstByteTimeout }),
        // No route: nothing answered, as with a time-out.
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => Some(Reason::ConnectTimeout),
        _ => None,
    }
}

/// An error and what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(this) = cause {
        let more = this.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = this.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_agent_names_us() {
        assert_eq!(user_agent(""), "xuncha/0.1");
        assert_eq!(user_agent("https://example.cn/bot\r\nX: y"), "xuncha/0.1 (+https://example.cn/botX: y)");
    }
}
