//! A greeting in the TLS of the past, to learn what a server speaks that our own client does not. Nothing is decrypted and no key is
//! made: the first message of the server says version and cipher in clear, and there the connection ends.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Bytes of an answer that are read: a ServerHello fits many times.
const MOST: usize = 4096;
/// Ciphers that a current client takes in TLS 1.2, as servers of today prefer them.
const CURRENT: [u16; 6] = [0xc02f, 0xc030, 0xc02b, 0xc02c, 0xcca8, 0xcca9];
/// Ciphers that are given up, with their names.
const GIVEN_UP: [(u16, &str); 16] = [
    (0xc013, "ECDHE_RSA_WITH_AES_128_CBC_SHA"),
    (0xc014, "ECDHE_RSA_WITH_AES_256_CBC_SHA"),
    (0xc027, "ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
    (0x009e, "DHE_RSA_WITH_AES_128_GCM_SHA256"),
    (0x009f, "DHE_RSA_WITH_AES_256_GCM_SHA384"),
    (0x0033, "DHE_RSA_WITH_AES_128_CBC_SHA"),
    (0x0039, "DHE_RSA_WITH_AES_256_CBC_SHA"),
    (0x009c, "RSA_WITH_AES_128_GCM_SHA256"),
    (0x009d, "RSA_WITH_AES_256_GCM_SHA384"),
    (0x003c, "RSA_WITH_AES_128_CBC_SHA256"),
    (0x003d, "RSA_WITH_AES_256_CBC_SHA256"),
    (0x002f, "RSA_WITH_AES_128_CBC_SHA"),
    (0x0035, "RSA_WITH_AES_256_CBC_SHA"),
    (0x000a, "RSA_WITH_3DES_EDE_CBC_SHA"),
    (0x0005, "RSA_WITH_RC4_128_SHA"),
    (0x0004, "RSA_WITH_RC4_128_MD5"),
];

/// What a server answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    /// It chose a version and a cipher.
    Chose {
        /// 0x0301 is TLS 1.0.
        version: u16,
        /// Number of the cipher suite.
        cipher: u16,
    },
    /// It refused, with this alert.
    Alert(u8),
    /// It cut the connection, or what it said is no TLS.
    Nothing,
}

impl Reply {
    /// Does it show a server that speaks, but nothing that a current client takes?
    pub(super) fn is_outdated(self) -> bool {
        matches!(self, Reply::Chose { version, cipher } if version < 0x0303 || !CURRENT.contains(&cipher))
    }

    /// In words, for people.
    pub(super) fn words(self) -> String {
        match self {
            Reply::Chose { version, cipher } => {
                let version = match version {
                    0x0300 => "SSL 3.0",
                    0x0301 => "TLS 1.0",
                    0x0302 => "TLS 1.1",
                    0x0303 => "TLS 1.2",
                    _ => "an unknown version of TLS",
                };
                match GIVEN_UP.iter().find(|(number, _)| *number == cipher) {
                    Some((_, name)) => format!("the server speaks {version} with {name}"),
                    None => format!("the server speaks {version} with cipher 0x{cipher:04x}"),
                }
            }
            Reply::Alert(alert) => format!("the server refuses old clients, too (alert {alert})"),
            Reply::Nothing => "the server gives old clients no answer either".to_owned(),
        }
    }
}

/// Greets the server at an address as a client of the past; the caller bounds the time.
pub(super) async fn greet(address: SocketAddr, host: &str, version: u16, random: [u8; 32]) -> std::io::Result<Reply> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(&greeting(host, version, random)).await?;
    let mut answer = Vec::new();
    let mut piece = [0; 1024];
    while answer.len() < MOST && read(&answer).is_none() {
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => break,
            Ok(n) => answer.extend_from_slice(&piece[..n]),
        }
    }
    Ok(read(&answer).unwrap_or(Reply::Nothing))
}

/// A ClientHello of that highest version.
fn greeting(host: &str, version: u16, random: [u8; 32]) -> Vec<u8> {
    let mut body = version.to_be_bytes().to_vec();
    body.extend(random);
    body.push(0);
    let old = GIVEN_UP.iter().map(|(number, _)| *number);
    let ciphers: Vec<u8> = CURRENT.into_iter().chain(old).flat_map(u16::to_be_bytes).collect();
    put(&mut body, &ciphers);
    body.extend([1, 0]);
    let mut extensions = Vec::new();
    // An address has no place in a server name.
    if host.parse::<std::net::IpAddr>().is_err() && !host.starts_with('[') && host.len() < 256 {
        let mut name = vec![0];
        put(&mut name, host.as_bytes());
        let mut names = Vec::new();
        put(&mut names, &name);
        extend(&mut extensions, 0, &names);
    }
    // Groups x25519, P-256, P-384, P-521; uncompressed points; signatures with SHA-2 and SHA-1 over RSA and ECDSA.
    extend(&mut extensions, 10, &[0, 8, 0, 29, 0, 23, 0, 24, 0, 25]);
    extend(&mut extensions, 11, &[1, 0]);
    if version >= 0x0303 {
        extend(&mut extensions, 13, &[0, 16, 4, 1, 4, 3, 5, 1, 5, 3, 6, 1, 6, 3, 2, 1, 2, 3]);
    }
    put(&mut body, &extensions);
    let length = body.len() as u32;
    let mut message = vec![1];
    message.extend(&length.to_be_bytes()[1..]);
    message.extend(body);
    let mut record = vec![22, 3, 1];
    put(&mut record, &message);
    record
}

/// A field with two bytes of length before it.
fn put(out: &mut Vec<u8>, field: &[u8]) {
    out.extend((field.len() as u16).to_be_bytes());
    out.extend(field);
}

fn extend(out: &mut Vec<u8>, number: u16, content: &[u8]) {
    out.extend(number.to_be_bytes());
    put(out, content);
}

/// What an answer says so far; none while it says nothing yet.
fn read(answer: &[u8]) -> Option<Reply> {
    let number = |at: usize| Some(u16::from_be_bytes([*answer.get(at)?, *answer.get(at + 1)?]));
    match answer.first()? {
        21 => Some(Reply::Alert(*answer.get(6)?)),
        // Record of 5 bytes, handshake of 4, then version, 32 random bytes, session id, cipher.
        22 if *answer.get(5)? == 2 => {
            let version = number(9)?;
            let session = usize::from(*answer.get(43)?);
            Some(Reply::Chose { version, cipher: number(44 + session)? })
        }
        _ => (answer.len() >= 6).then_some(Reply::Nothing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_and_nonsense_is_none() {
        let mut hello = vec![22, 3, 1, 0, 45, 2, 0, 0, 41, 3, 1];
        hello.extend([7; 32]);
        hello.extend([3, 9, 9, 9, 0, 0x2f, 0]);
        for cut in 0..hello.len() - 1 {
            assert_eq!(read(&hello[..cut]), None, "{cut}");
        }
        let reply = read(&hello).unwrap();
        assert_eq!(reply, Reply::Chose { version: 0x0301, cipher: 0x002f });
        assert!(reply.is_outdated());
        assert_eq!(reply.words(), "the server speaks TLS 1.0 with RSA_WITH_AES_128_CBC_SHA");
        assert!(Reply::Chose { version: 0x0303, cipher: 0x002f }.is_outdated());
        assert!(!Reply::Chose { version: 0x0303, cipher: 0xc02f }.is_outdated(), "then the fault lies elsewhere");
        assert_eq!(read(&[21, 3, 1, 0, 2, 2, 40]), Some(Reply::Alert(40)));
        assert_eq!(read(b"HTTP/1.1 400 Bad Request"), Some(Reply::Nothing));
        assert!(!Reply::Nothing.is_outdated());
    }

    #[test]
    fn the_greeting_counts_its_lengths_right() {
        for host in ["www.gaj.xuncha-demo.gov.cn", "127.0.0.1", "[::1]"] {
            let record = greeting(host, 0x0303, [0; 32]);
            let length = |at: usize| usize::from(u16::from_be_bytes([record[at], record[at + 1]]));
            assert_eq!(length(3) + 5, record.len());
            assert_eq!(length(7) + 9, record.len());
            let named = record.windows(host.len()).any(|window| window == host.as_bytes());
            assert_eq!(named, host.starts_with("www"));
        }
    }
}
