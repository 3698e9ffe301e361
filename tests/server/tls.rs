//! Servers on loopback whose TLS is wrong in one way each.
#![allow(dead_code)] // each test file uses its own part

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How a handshake goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The certificate ran out in 2021.
    Expired,
    /// The certificate begins in 2110.
    NotYet,
    /// The certificate is signed by itself.
    SelfSigned,
    /// The certificate is signed by somebody nobody knows.
    UnknownIssuer,
    /// The certificate is another host's.
    OtherName,
    /// A server of TLS 1.0: whoever offers more is answered in 1.0.
    Tls10,
    /// A server of TLS 1.2 with RSA key exchange only.
    RsaOnly,
    /// The connection ends with the ClientHello.
    Cut,
    /// Nothing is answered to the ClientHello.
    Silent,
    /// An answer in plain HTTP.
    Plain,
    /// An alert that says nothing, to old and new clients alike.
    Refusing,
}

/// Starts such a server for a host name.
pub async fn start(wrong: Wrong, host: &str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback binds");
    let address = listener.local_addr().expect("bound");
    let config = certificate(wrong, host).map(|(chain, key)| {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        Arc::new(config.expect("versions").with_no_client_auth().with_single_cert(chain, key).expect("a pair"))
    });
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let config = config.clone();
            tokio::spawn(async move {
                match config {
                    Some(config) => {
                        let _ = tokio_rustls::TlsAcceptor::from(config).accept(stream).await;
                    }
                    None => by_hand(wrong, stream).await,
                }
            });
        }
    });
    address
}

async fn by_hand(wrong: Wrong, mut stream: TcpStream) {
    let mut hello = [0; 2048];
    let Ok(read) = stream.read(&mut hello).await else { return };
    match wrong {
        Wrong::Tls10 | Wrong::RsaOnly => {
            let (minor, cipher) = if wrong == Wrong::Tls10 { (1, 0x0a) } else { (3, 0x2f) };
            let offers = hello[..read].windows(2).any(|pair| pair == [0, cipher]);
            // A client that offers neither this version nor this cipher is refused, as such servers do.
            let current = hello[..read].windows(4).any(|ids| ids == [0, 43, 0, 5] || ids == [0x13, 2, 0x13, 1]);
            if !offers || current {
                let alert = if wrong == Wrong::Tls10 { 70 } else { 40 };
                let _ = stream.write_all(&[21, 3, minor, 0, 2, 2, alert]).await;
                return;
            }
            let mut answer = vec![22, 3, minor, 0, 42, 2, 0, 0, 38, 3, minor];
            answer.extend([7; 32]);
            answer.extend([0, 0, cipher, 0]);
            let _ = stream.write_all(&answer).await;
        }
        Wrong::Refusing => {
            let _ = stream.write_all(&[21, 3, 3, 0, 2, 2, 40]).await;
        }
        Wrong::Plain => {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
        }
        Wrong::Silent => while stream.read(&mut hello).await.is_ok_and(|n| n > 0) {},
        _ => {}
    }
}

type Pair = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn certificate(wrong: Wrong, host: &str) -> Option<Pair> {
    let (name, years) = match wrong {
        Wrong::Expired => (host, (2020, 2021)),
        Wrong::NotYet => (host, (2110, 2120)),
        Wrong::SelfSigned | Wrong::UnknownIssuer => (host, (2020, 2120)),
        Wrong::OtherName => ("other.xuncha-demo.gov.cn", (2020, 2120)),
        _ => return None,
    };
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
    params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
    let key = KeyPair::generate().expect("a key");
    let made = if wrong == Wrong::SelfSigned {
        params.self_signed(&key)
    } else {
        let mut above = CertificateParams::new(Vec::new()).expect("no name");
        above.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        above.distinguished_name.push(DnType::CommonName, "Xuncha Test Root");
        params.signed_by(&key, &Issuer::new(above, KeyPair::generate().expect("a key")))
    };
    let made = CertificateDer::from(made.expect("a certificate").der().to_vec());
    Some((vec![made], PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()))))
}

/// A server of OpenSSL that speaks only what our own client does not; none where OpenSSL is not there.
pub fn old_openssl(options: &[&str]) -> Option<OldServer> {
    let folder = tempfile::tempdir().ok()?;
    let (key, cert) = (folder.path().join("key.pem"), folder.path().join("cert.pem"));
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj", "/CN=old.xuncha-demo.gov.cn", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        eprintln!("skipped: no openssl");
        return None;
    }
    let mut child = std::process::Command::new("openssl")
        .args(["s_server", "-accept", "127.0.0.1:0", "-www", "-key"])
        .arg(&key)
        .arg("-cert")
        .arg(&cert)
        .args(options)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .stdin(std::process::Stdio::piped())
        .spawn()
        .ok()?;
    let stdout = child.stdout.take()?;
    for line in std::io::BufRead::lines(std::io::BufReader::new(stdout)).map_while(Result::ok) {
        if let Some(address) = line.strip_prefix("ACCEPT ").and_then(|address| address.parse().ok()) {
            return Some(OldServer { address, child, _folder: folder });
        }
    }
    let _ = child.kill();
    eprintln!("skipped: openssl does not say where it listens");
    None
}

/// It ends with this value.
pub struct OldServer {
    pub address: SocketAddr,
    child: std::process::Child,
    _folder: tempfile::TempDir,
}

impl Drop for OldServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
