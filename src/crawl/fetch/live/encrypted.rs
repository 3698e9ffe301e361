//! Why no encrypted connection came about: the cause behind a failed handshake, asked for once per origin and politely.
//!
//! A wrong certificate, an outdated protocol and a cut handshake are faults of different people, and none of them says that the site
//! is down.

use super::hello::{self, Reply};
use super::{Live, Way, seconds};
use crate::crawl::fetch::Failure;
use crate::crawl::fetch::names::port_of;
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use rustls::{AlertDescription, CertificateError};
use std::net::SocketAddr;
use std::sync::PoisonError;

/// The reason that a TLS error tells by itself.
pub(super) fn reason_of(error: &rustls::Error) -> Reason {
    match error {
        rustls::Error::InvalidCertificate(fault) => match fault {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Reason::TlsExpired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Reason::TlsNotYetValid,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Reason::TlsWrongName,
            CertificateError::Revoked => Reason::TlsRevoked,
            CertificateError::UnknownIssuer => Reason::TlsUnknownIssuer,
            _ => Reason::Tls,
        },
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(AlertDescription::ProtocolVersion | AlertDescription::InsufficientSecurity) => {
            Reason::TlsOutdated
        }
        rustls::Error::InvalidMessage(_) => Reason::NotTls,
        _ => Reason::Tls,
    }
}

/// The reason behind a fault that the certificate probe found.
fn reason_of_fault(fault: &str) -> Reason {
    match fault {
        "expired" | "expired-issuer" => Reason::TlsExpired,
        "not-yet-valid" => Reason::TlsNotYetValid,
        "wrong-name" => Reason::TlsWrongName,
        "self-signed" => Reason::TlsSelfSigned,
        "revoked" => Reason::TlsRevoked,
        "unknown-issuer" | "incomplete-chain" => Reason::TlsUnknownIssuer,
        _ => Reason::Tls,
    }
}

impl Live {
    /// Finds the cause of a failure to connect to an encrypted origin. What was found holds for its other URLs; `fresh` asks anew.
    pub(super) async fn explain(&self, url: &CanonicalUrl, way: &Way, fresh: bool, failure: Failure) -> Failure {
        if failure.reason == Reason::ConnectTimeout {
            return self.which_phase(url, way, failure).await;
        }
        let unclear = matches!(failure.reason, Reason::Tls | Reason::TlsUnknownIssuer | Reason::TlsOutdated | Reason::TlsCut);
        if !unclear {
            return failure;
        }
        let origin = url.origin();
        let known = self.explained.lock().unwrap_or_else(PoisonError::into_inner).get(&origin).cloned();
        if let Some((first, found)) = known
            && !fresh
            && first == failure.reason
        {
            return found;
        }
        let first = failure.reason;
        let found = self.look_into(url, way, failure).await;
        self.explained.lock().unwrap_or_else(PoisonError::into_inner).insert(origin, (first, found.clone()));
        found
    }

    async fn look_into(&self, url: &CanonicalUrl, way: &Way, failure: Failure) -> Failure {
        let fault = match self.certificate(url).await {
            Ok(shaken) => shaken.certificate.fault.map(|fault| (fault, shaken.certificate.detail)),
            Err(_) => None,
        };
        match fault {
            Some((fault, detail)) if fault != "outdated-protocol" => {
                return Failure::new(reason_of_fault(&fault), format!("{fault}: {detail}"));
            }
            // A certificate came, and nothing is wrong with it: what we met was of that moment.
            None if !matches!(failure.reason, Reason::Tls | Reason::TlsOutdated | Reason::TlsCut) => return failure,
            _ => {}
        }
        let reply = self.greet_as_of_old(url, way).await;
        let detail = format!("{}; {}", failure.detail, reply.words());
        let reason = if reply.is_outdated() { Reason::TlsOutdated } else { failure.reason };
        Failure::new(reason, detail)
    }

    /// Greets as a client of the past: first one that knows TLS 1.2, then one that knows no more than 1.0.
    async fn greet_as_of_old(&self, url: &CanonicalUrl, way: &Way) -> Reply {
        let Some(address) = way.addresses.first() else { return Reply::Nothing };
        let socket = SocketAddr::new(*address, way.real_port.unwrap_or_else(|| port_of(url)));
        let mut random = [0; 32];
        // Without it the greeting is as good: no key is made from it.
        let _ = rustls::crypto::ring::default_provider().secure_random.fill(&mut random);
        let mut last = Reply::Nothing;
        for version in [0x0303, 0x0301] {
            let Ok(_pass) = self.gates.pass(url, way, true).await else { break };
            let work = hello::greet(socket, url.host(), version, random);
            match tokio::time::timeout(self.connect_timeout.max(seconds(1.0)), work).await {
                Ok(Ok(reply @ Reply::Chose { .. })) => return reply,
                Ok(Ok(Reply::Alert(alert))) => last = Reply::Alert(alert),
                _ => {}
            }
        }
        last
    }

    /// One more connection tells whether the wait was for the connection or for the handshake.
    async fn which_phase(&self, url: &CanonicalUrl, way: &Way, failure: Failure) -> Failure {
        let Some(address) = way.addresses.first() else { return failure };
        let socket = SocketAddr::new(*address, way.real_port.unwrap_or_else(|| port_of(url)));
        let Ok(_pass) = self.gates.pass(url, way, true).await else { return failure };
        match tokio::time::timeout(self.connect_timeout, tokio::net::TcpStream::connect(socket)).await {
            Ok(Ok(_)) => Failure::new(Reason::TlsTimeout, format!("connected, but no end of the handshake: {}", failure.detail)),
            _ => failure,
        }
    }
}
