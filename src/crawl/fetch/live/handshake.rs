//! The certificate probe: one handshake that completes whatever the certificate, and what it showed.
//!
//! The crawl itself refuses what does not verify. This probe asks why, so that a site whose pages could not be had for their
//! certificate is told so, with its dates and names.

use super::{Live, seconds};
use crate::crawl::fetch::Failure;
use crate::facts::probes::{Addresses, Certificate};
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, SignatureScheme};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

/// A name that has had an IPv6 address for twenty years: without it, our own resolver shows none.
const CONTROL: &str = "a.root-servers.net";

/// A handshake's end.
#[derive(Debug, Clone)]
pub struct Shaken {
    /// What it showed.
    pub certificate: Certificate,
    /// Certificates as sent, the host's own first, DER.
    pub chain: Vec<Vec<u8>>,
}

/// The chain as sent, and what the real verification says of it.
type Seen = (Vec<Vec<u8>>, Result<(), rustls::Error>);

/// Notes the chain and what the real verification says of it, and lets the handshake go on.
#[derive(Debug)]
struct Recording {
    real: Arc<dyn ServerCertVerifier>,
    seen: Mutex<Option<Seen>>,
}

impl ServerCertVerifier for Recording {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verdict = self.real.verify_server_cert(end, between, name, ocsp, now).map(|_| ());
        let chain = std::iter::once(end).chain(between).take(10).map(|der| der.as_ref().to_vec()).collect();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((chain, verdict));
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.real.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.real.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.real.supported_verify_schemes()
    }
}

impl Live {
    /// Shakes hands with an encrypted origin, politely and within the time of a request.
    pub async fn certificate(&self, url: &CanonicalUrl) -> Result<Shaken, Failure> {
        let way = self.names.way(url, false).await?;
        let _pass = self.gates.pass(url, &way, true).await?;
        let port = way.real_port.unwrap_or_else(|| super::super::names::port_of(url));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let real = rustls_platform_verifier::Verifier::new(provider.clone())
            .map_err(|e| Failure::new(Reason::Tls, format!("trust store of this machine: {e}")))?;
        let work = shake(url.host(), &way.addresses, port, provider, Arc::new(real));
        match tokio::time::timeout(self.timeout.max(seconds(1.0)), work).await {
            Ok(shaken) => shaken,
            Err(_) => Err(Failure::new(Reason::ConnectTimeout, "no end of the handshake")),
        }
    }

    /// The public addresses of a host, with a control. None where a look-up proves nothing: the user said where the host is, or it is
    /// on this machine or a private network.
    pub async fn addresses(&self, url: &CanonicalUrl) -> Option<Addresses> {
        if self.names.is_settled(url) || url.host().parse::<IpAddr>().is_ok() || url.host().starts_with('[') {
            return None;
        }
        let mut found: Vec<IpAddr> = Vec::new();
        // Twice: a resolver that loses one answer shows only half of the addresses.
        for _ in 0..2 {
            found.extend(self.names.every_address(url.host()).await?);
        }
        found.retain(|address| !super::super::names::is_private(*address));
        found.sort_unstable();
        found.dedup();
        if found.is_empty() {
            return None;
        }
        let control = self.names.every_address(CONTROL).await.unwrap_or_default();
        let of = |six: bool| found.iter().filter(|a| a.is_ipv6() == six).map(ToString::to_string).take(8).collect();
        Some(Addresses { host: url.host().to_owned(), v4: of(false), v6: of(true), control: control.iter().any(IpAddr::is_ipv6) })
    }
}

/// One handshake; the first address that takes a connection counts.
async fn shake(
    host: &str,
    addresses: &[IpAddr],
    port: u16,
    provider: Arc<CryptoProvider>,
    real: Arc<dyn ServerCertVerifier>,
) -> Result<Shaken, Failure> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(bare.to_owned()).map_err(|e| Failure::new(Reason::Tls, e.to_string()))?;
    let mut stream = Err(Failure::new(Reason::DnsFailure, "no address"));
    for address in addresses {
        stream =
            TcpStream::connect(SocketAddr::new(*address, port)).await.map_err(|e| Failure::new(Reason::Refused, e.to_string()));
        if stream.is_ok() {
            break;
        }
    }
    let recording = Arc::new(Recording { real, seen: Mutex::default() });
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Failure::new(Reason::Tls, e.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(recording.clone())
        .with_no_client_auth();
    let ended = TlsConnector::from(Arc::new(config)).connect(name.clone(), stream?).await;
    let seen = recording.seen.lock().unwrap_or_else(PoisonError::into_inner).take();
    let protocol = ended.as_ref().ok().and_then(|stream| stream.get_ref().1.protocol_version()).map(|version| match version {
        rustls::ProtocolVersion::TLSv1_3 => "TLSv1.3".to_owned(),
        rustls::ProtocolVersion::TLSv1_2 => "TLSv1.2".to_owned(),
        other => format!("{other:?}"),
    });
    let mut certificate = Certificate {
        host: host.to_owned(),
        not_after: None,
        not_before: None,
        names: Vec::new(),
        issuer: String::new(),
        fault: None,
        detail: String::new(),
        protocol,
    };
    let Some((chain, verdict)) = seen else {
        // Before any certificate: no common protocol, or no TLS at all.
        let Err(error) = ended else { return Err(Failure::new(Reason::Tls, "no certificate")) };
        let text = error.to_string();
        if !is_refusal(&error) {
            return Err(Failure::new(Reason::Tls, text));
        }
        certificate.fault = Some("outdated-protocol".to_owned());
        certificate.detail = text;
        return Ok(Shaken { certificate, chain: Vec::new() });
    };
    read_leaf(&mut certificate, &chain);
    certificate.fault = fault(&chain, &name, verdict.as_ref().err()).map(str::to_owned);
    certificate.detail = verdict.err().map(|e| e.to_string()).unwrap_or_default();
    Ok(Shaken { certificate, chain })
}

/// Did the other side refuse every protocol and cipher that we offer?
fn is_refusal(error: &std::io::Error) -> bool {
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>());
    matches!(
        inner,
        Some(
            rustls::Error::AlertReceived(rustls::AlertDescription::ProtocolVersion | rustls::AlertDescription::HandshakeFailure)
                | rustls::Error::PeerIncompatible(_)
        )
    )
}

/// Dates, names and issuer of the first certificate.
fn read_leaf(certificate: &mut Certificate, chain: &[Vec<u8>]) {
    let Some((_, leaf)) = chain.first().and_then(|der| X509Certificate::from_der(der).ok()) else { return };
    let day = |time: x509_parser::time::ASN1Time| {
        let instant = jiff::Timestamp::from_second(time.timestamp()).ok()?;
        Some(instant.to_zoned(crate::clock::shanghai()).date())
    };
    certificate.not_before = day(leaf.validity().not_before);
    certificate.not_after = day(leaf.validity().not_after);
    certificate.issuer = leaf.issuer().to_string().chars().take(300).collect();
    if let Ok(Some(names)) = leaf.subject_alternative_name() {
        let readable = names.value.general_names.iter().filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress(bytes) => match bytes.len() {
                4 => <[u8; 4]>::try_from(*bytes).ok().map(|b| IpAddr::from(b).to_string()),
                16 => <[u8; 16]>::try_from(*bytes).ok().map(|b| IpAddr::from(b).to_string()),
                _ => None,
            },
            _ => None,
        });
        certificate.names = readable.take(100).collect();
    }
}

/// What is wrong, the most telling first: dates and names can be read whoever issued the certificate.
fn fault(chain: &[Vec<u8>], name: &ServerName<'_>, verdict: Option<&rustls::Error>) -> Option<&'static str> {
    let error = verdict?;
    let der = CertificateDer::from(chain.first()?.as_slice());
    let Ok((_, leaf)) = X509Certificate::from_der(chain.first()?) else { return Some("unreadable") };
    let now = crate::clock::now().as_second();
    if leaf.validity().not_after.timestamp() < now {
        return Some("expired");
    }
    if leaf.validity().not_before.timestamp() > now {
        return Some("not-yet-valid");
    }
    if let Ok(parsed) = ParsedCertificate::try_from(&der)
        && rustls::client::verify_server_name(&parsed, name).is_err()
    {
        return Some("wrong-name");
    }
    // Whatever a verifier calls a certificate that vouches for itself (an authority's own is no host's), no browser takes it.
    if leaf.issuer() == leaf.subject() && matches!(error, rustls::Error::InvalidCertificate(_)) {
        return Some("self-signed");
    }
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Revoked) => Some("revoked"),
        // Others were sent, and none of them leads to a root that this machine knows.
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) if chain.len() > 1 => Some("unknown-issuer"),
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => Some("incomplete-chain"),
        rustls::Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            Some("expired-issuer")
        }
        _ => Some("invalid"),
    }
}

#[cfg(test)]
mod tests;
