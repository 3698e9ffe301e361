//! Names and addresses: where a request really goes, and whether it may.
//!
//! `--resolve` is asked first; `--only-resolved` allows nothing else. A private address is fine where the user named it and refused
//! where a link or redirect leads to it. "No such name" is believed only while another name can be looked up.

use super::Failure;
use crate::error::{Error, Result};
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use futures_util::future::BoxFuture;
use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A look-up that takes longer says nothing about the name; no longer than a connection may take.
const LONGEST_LOOKUP: Duration = Duration::from_secs(10);
/// How long an answer is used again.
const REMEMBERED: Duration = Duration::from_secs(300);
/// Most addresses of one host that are tried.
const MOST_ADDRESSES: usize = 4;

/// One `--resolve HOST:PORT:ADDR`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolve {
    /// Host, lower case.
    pub host: String,
    /// Port of the URL.
    pub port: u16,
    /// Address to connect to.
    pub address: IpAddr,
    /// Port to connect to, when it is another one.
    pub real_port: Option<u16>,
}

/// Reads `HOST:PORT:ADDR`; ADDR is an IP address, or one with a port (`127.0.0.1:8080`, `[::1]:8080`).
pub fn parse_resolve(text: &str) -> Result<Resolve> {
    let read = || {
        let (host, rest) = text.split_once(':')?;
        let (port, address) = rest.split_once(':')?;
        // The URL parser puts the host into the form that URLs will carry (lower case, punycode).
        let host = CanonicalUrl::parse(&format!("http://{host}/")).ok()?.host().to_owned();
        let port = port.parse().ok().filter(|port| *port != 0)?;
        let (address, real_port) = match address.parse::<SocketAddr>() {
            Ok(socket) if socket.port() != 0 => (socket.ip(), Some(socket.port())),
            Ok(_) => return None,
            Err(_) => (address.trim_start_matches('[').trim_end_matches(']').parse().ok()?, None),
        };
        Some(Resolve { host, port, address, real_port })
    };
    read().ok_or_else(|| {
        Error::usage_with(
            format!("--resolve {text}: 不是 HOST:PORT:ADDR / is not HOST:PORT:ADDR"),
            "例如 / for example: --resolve www.example.gov.cn:80:127.0.0.1:8080",
        )
    })
}

/// What the name system answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookupError {
    /// There is no such name.
    NoSuchName(String),
    /// No answer, or none that decides.
    Unsure(String),
    /// No answer in time.
    TimedOut(String),
}

/// Addresses of a name, or why there are none.
pub type Found = std::result::Result<Vec<IpAddr>, LookupError>;

/// Looks names up. The system does it in earnest; tests bring a table.
pub trait Lookup: Send + Sync + std::fmt::Debug {
    /// Addresses of a name.
    fn lookup(&self, name: String) -> BoxFuture<'static, Found>;
}

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Addresses, the one to try first in front.
    pub addresses: Vec<IpAddr>,
    /// Port to connect to, when it is not the URL's.
    pub real_port: Option<u16>,
}

/// Everything known about names in a run.
#[derive(Debug)]
pub struct Names {
    resolve: HashMap<(String, u16), (IpAddr, Option<u16>)>,
    only_resolved: bool,
    allow_private: bool,
    patience: Duration,
    named: HashSet<(String, u16)>,
    system: Arc<dyn Lookup>,
    remembered: Mutex<HashMap<String, (Instant, Found)>>,
    pinned: Mutex<HashMap<String, Vec<IpAddr>>>,
    worked: Mutex<Option<String>>,
}

impl Names {
    /// Rules for a run. `named` are the URLs that the user wrote.
    pub fn new(config: &crate::config::Config, named: &[CanonicalUrl], system: Arc<dyn Lookup>) -> Result<Self> {
        let mut resolve = HashMap::new();
        for text in &config.resolve {
            let entry = parse_resolve(text)?;
            resolve.insert((entry.host, entry.port), (entry.address, entry.real_port));
        }
        // http and https of a named host at their usual ports count as named: a site on an intranet redirects between them.
        let ports = |url: &CanonicalUrl| [port_of(url), 80, 443];
        let named = named.iter().flat_map(|url| ports(url).map(|port| (url.host().to_owned(), port))).collect();
        Ok(Names {
            resolve,
            only_resolved: config.only_resolved,
            allow_private: config.allow_private,
            patience: Duration::try_from_secs_f64(config.connect_timeout).unwrap_or(LONGEST_LOOKUP).min(LONGEST_LOOKUP),
            named,
            system,
            remembered: Mutex::default(),
            pinned: Mutex::default(),
            worked: Mutex::default(),
        })
    }

    /// Where a request for the URL goes. `fresh`: without anything remembered.
    pub async fn way(&self, url: &CanonicalUrl, fresh: bool) -> std::result::Result<Way, Failure> {
        let key = (url.host().to_owned(), port_of(url));
        if let Some((address, real_port)) = self.resolve.get(&key) {
            self.pin(url.host(), vec![*address]);
            return Ok(Way { addresses: vec![*address], real_port: real_port.filter(|port| *port != key.1) });
        }
        if self.only_resolved {
            return Err(Failure::new(Reason::NotResolved, format!("{}:{}", key.0, key.1)));
        }
        let addresses = match url.to_url().host() {
            Some(::url::Host::Ipv4(address)) => vec![IpAddr::V4(address)],
            Some(::url::Host::Ipv6(address)) => vec![IpAddr::V6(address)],
            _ => self.look_up(url.host(), fresh).await?,
        };
        let allowed: Vec<IpAddr> = if self.allow_private || self.named.contains(&key) {
            addresses.clone()
        } else {
            addresses.iter().copied().filter(|address| !is_private(*address)).collect()
        };
        if allowed.is_empty() {
            let first = addresses.first().map(ToString::to_string).unwrap_or_default();
            return Err(Failure::new(Reason::PrivateAddress, format!("{} → {first}", key.0)));
        }
        self.pin(url.host(), allowed.clone());
        Ok(Way { addresses: allowed, real_port: None })
    }

    async fn look_up(&self, name: &str, fresh: bool) -> std::result::Result<Vec<IpAddr>, Failure> {
        let remembered = {
            let table = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
            table.get(name).filter(|(at, _)| !fresh && at.elapsed() < REMEMBERED).map(|(_, answer)| answer.clone())
        };
        let answer = match remembered {
            Some(answer) => answer,
            None => {
                let answer = self.ask_system(name).await;
                // "Unsure" is worth another try; only answers are remembered.
                if !matches!(answer, Err(LookupError::Unsure(_) | LookupError::TimedOut(_))) {
                    let mut table = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
                    table.insert(name.to_owned(), (Instant::now(), answer.clone()));
                }
                answer
            }
        };
        match answer {
            Ok(addresses) => {
                // A name that leads to loopback comes from this machine's own table and proves nothing about the network.
                if addresses.iter().any(|address| !address.to_canonical().is_loopback()) {
                    *self.worked.lock().unwrap_or_else(PoisonError::into_inner) = Some(name.to_owned());
                }
                Ok(addresses)
            }
            Err(LookupError::Unsure(text)) => Err(Failure::new(Reason::DnsFailure, text)),
            Err(LookupError::TimedOut(text)) => Err(Failure::new(Reason::DnsTimeout, text)),
            Err(LookupError::NoSuchName(text)) => {
                let control = self.worked.lock().unwrap_or_else(PoisonError::into_inner).clone();
                match control {
                    Some(control) if self.ask_system(&control).await.is_ok() => {
                        Err(Failure::new(Reason::NameNotFound, format!("{text}; {control} was found")))
                    }
                    Some(control) => Err(Failure::new(Reason::DnsFailure, format!("{text}; {control} was not found either"))),
                    None => Err(Failure::new(Reason::DnsFailure, format!("{text}; no other name to compare with"))),
                }
            }
        }
    }

    async fn ask_system(&self, name: &str) -> Found {
        match tokio::time::timeout(self.patience, self.system.lookup(name.to_owned())).await {
            Ok(Ok(mut addresses)) => {
                addresses.dedup();
                addresses.truncate(MOST_ADDRESSES);
                if addresses.is_empty() { Err(LookupError::Unsure("no address".into())) } else { Ok(addresses) }
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(LookupError::TimedOut(format!("no answer after {:?}", self.patience))),
        }
    }

    /// Did the user say where the host is, or that nothing else is looked up?
    pub fn is_settled(&self, url: &CanonicalUrl) -> bool {
        self.only_resolved || self.resolve.keys().any(|(host, _)| host == url.host())
    }

    /// Every address of a name, looked up anew; none without an answer.
    pub async fn every_address(&self, name: &str) -> Option<Vec<IpAddr>> {
        let found = tokio::time::timeout(self.patience, self.system.lookup(name.to_owned())).await;
        found.ok()?.ok().filter(|addresses| !addresses.is_empty())
    }

    fn pin(&self, host: &str, addresses: Vec<IpAddr>) {
        self.pinned.lock().unwrap_or_else(PoisonError::into_inner).insert(host.to_owned(), addresses);
    }

    /// The addresses that [`way`](Self::way) allowed for a host: the only ones a connection may be made to.
    pub fn pinned(&self, host: &str) -> Option<Vec<IpAddr>> {
        self.pinned.lock().unwrap_or_else(PoisonError::into_inner).get(host).cloned()
    }
}

/// Port of a URL, the default one where none is written.
pub fn port_of(url: &CanonicalUrl) -> u16 {
    url.to_url().port_or_known_default().unwrap_or(80)
}

/// Loopback, private, link-local and other addresses that no public site has.
pub fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || a == 0
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (18..20).contains(&b))
                || a >= 240
        }
        IpAddr::V6(v6) => {
            let [a, b, ..] = v6.segments();
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || (a & 0xfe00) == 0xfc00
                || (a & 0xffc0) == 0xfe80
                // NAT64 and 6to4 carry an IPv4 address that may be private.
                || (a == 0x64 && b == 0xff9b && is_private(IpAddr::V4(last_four(v6))))
                || (a == 0x2002 && is_private(IpAddr::V4(six_to_four(v6))))
        }
    }
}

fn last_four(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

fn six_to_four(address: Ipv6Addr) -> Ipv4Addr {
    let [_, _, a, b, c, d, ..] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
mod tests;
