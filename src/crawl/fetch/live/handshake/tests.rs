//! Handshakes with real servers on loopback.

use super::*;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// An authority and its certificates for servers.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: CertificateDer<'static>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap();
        let root = CertificateDer::from(root.der().to_vec());
        Authority { issuer: Issuer::new(params, key), root }
    }

    fn certificate(&self, name: &str, years: (i32, i32)) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
        params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
        let key = KeyPair::generate().unwrap();
        let made = params.signed_by(&key, &self.issuer).unwrap();
        (CertificateDer::from(made.der().to_vec()), PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())))
    }

    fn verifier(&self) -> Arc<dyn ServerCertVerifier> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.root.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        rustls::client::WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap()
    }
}

/// A server that shakes hands once with what it is given.
async fn serve(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> u16 {
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = TlsAcceptor::from(Arc::new(config.clone()));
            tokio::spawn(async move { acceptor.accept(stream).await.map(|_| ()) });
        }
    });
    port
}

async fn ask(port: u16, real: Arc<dyn ServerCertVerifier>) -> Result<Shaken, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    shake("www.gaj.xuncha-demo.gov.cn", &["127.0.0.1".parse().unwrap()], port, provider, real).await
}

#[tokio::test]
async fn valid_expired_wrong_name_and_unknown() {
    const NAME: &str = "www.gaj.xuncha-demo.gov.cn";
    let authority = Authority::new("Xuncha Test Root");
    for (name, years, fault) in [
        (NAME, (2020, 2120), None),
        (NAME, (2020, 2021), Some("expired")),
        (NAME, (2110, 2120), Some("not-yet-valid")),
        ("other.xuncha-demo.gov.cn", (2020, 2120), Some("wrong-name")),
    ] {
        let (certificate, key) = authority.certificate(name, years);
        let port = serve(vec![certificate], key).await;
        let shaken = ask(port, authority.verifier()).await.unwrap();
        assert_eq!(shaken.certificate.fault.as_deref(), fault, "{name} {years:?}: {}", shaken.certificate.detail);
        assert_eq!(shaken.certificate.names, [name]);
        assert_eq!(shaken.certificate.not_after.map(|d| i32::from(d.year())), Some(years.1));
        assert_eq!(shaken.certificate.protocol.as_deref(), Some("TLSv1.3"));
        assert!(shaken.certificate.issuer.contains("Xuncha Test Root") && shaken.chain.len() == 1);
    }
    let (certificate, key) = authority.certificate(NAME, (2020, 2120));
    let port = serve(vec![certificate.clone()], key.clone_key()).await;
    let stranger = Authority::new("Another Root").verifier();
    assert_eq!(ask(port, stranger.clone()).await.unwrap().certificate.fault.as_deref(), Some("incomplete-chain"));
    let port = serve(vec![certificate, authority.root.clone()], key).await;
    assert_eq!(ask(port, stranger.clone()).await.unwrap().certificate.fault.as_deref(), Some("unknown-issuer"));
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec![NAME.to_owned()]).unwrap().self_signed(&key).unwrap();
    let own = CertificateDer::from(own.der().to_vec());
    let port = serve(vec![own], PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()))).await;
    assert_eq!(ask(port, stranger).await.unwrap().certificate.fault.as_deref(), Some("self-signed"));
}

#[tokio::test]
async fn no_tls_at_all_is_a_failure_and_no_fault() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    assert_eq!(ask(port, Authority::new("Xuncha Test Root").verifier()).await.unwrap_err().reason, Reason::Tls);
}
