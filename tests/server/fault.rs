//! A server on loopback that misbehaves as told, and remembers every request with its moment and its connection.
#![allow(dead_code)] // each test file uses its own part

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a request is answered with.
pub enum Reply {
    /// A response with its right length.
    Full(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// These bytes as they are, then the connection ends.
    Raw(Vec<u8>),
    /// A head, then the piece again and again with a pause, up to so many times.
    Flow { head: String, piece: Vec<u8>, times: u64, pause: Duration },
    /// These bytes as they are, then the connection is reset.
    Cut(Vec<u8>),
    /// The connection is reset without an answer.
    Reset,
    /// Nothing, for as long as the client waits.
    Silence,
}

/// `200` with HTML.
pub fn html(text: impl Into<String>) -> Reply {
    Reply::Full(200, vec![("Content-Type", "text/html; charset=utf-8".into())], text.into().into_bytes())
}

/// A status with a few words.
pub fn status(code: u16) -> Reply {
    Reply::Full(code, vec![("Content-Type", "text/html".into())], format!("<html><title>{code}</title>").into_bytes())
}

/// A redirect.
pub fn redirect(to: impl Into<String>) -> Reply {
    Reply::Full(302, vec![("Location", to.into())], Vec::new())
}

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub at: Instant,
    pub connection: u64,
    pub method: String,
    pub path: String,
    pub host: String,
    pub head: String,
    /// How many requests for this path came before.
    pub before: usize,
}

/// A running server; it stops with its runtime.
#[derive(Clone)]
pub struct Server {
    pub address: SocketAddr,
    log: Arc<Mutex<Vec<Seen>>>,
    /// Bytes of bodies that clients took from flows.
    pub flowed: Arc<std::sync::atomic::AtomicU64>,
}

impl Server {
    /// Starts on a free port.
    pub async fn start<F>(answer: F) -> Server
    where
        F: Fn(&Seen) -> Reply + Send + Sync + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback binds");
        let server = Server { address: listener.local_addr().expect("bound"), log: Arc::default(), flowed: Arc::default() };
        let (this, answer) = (server.clone(), Arc::new(answer));
        tokio::spawn(async move {
            let mut connection = 0;
            while let Ok((stream, _)) = listener.accept().await {
                connection += 1;
                tokio::spawn(this.clone().serve(stream, connection, answer.clone()));
            }
        });
        server
    }

    async fn serve<F>(self, mut stream: TcpStream, connection: u64, answer: Arc<F>)
    where
        F: Fn(&Seen) -> Reply + Send + Sync + 'static,
    {
        let mut buffer = Vec::new();
        loop {
            let end = loop {
                if let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                    break end + 4;
                }
                let mut piece = [0; 4096];
                match stream.read(&mut piece).await {
                    Ok(n) if n > 0 => buffer.extend_from_slice(&piece[..n]),
                    _ => return,
                }
            };
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            buffer.drain(..end);
            let seen = self.note(&head, connection);
            let head_only = seen.method == "HEAD";
            match answer(&seen) {
                Reply::Full(code, headers, body) => {
                    let mut out = format!("HTTP/1.1 {code} X\r\nContent-Length: {}\r\n", body.len());
                    for (name, value) in headers {
                        out.push_str(&format!("{name}: {value}\r\n"));
                    }
                    out.push_str("\r\n");
                    let mut bytes = out.into_bytes();
                    if !head_only {
                        bytes.extend_from_slice(&body);
                    }
                    if stream.write_all(&bytes).await.is_err() {
                        return;
                    }
                }
                Reply::Raw(bytes) => {
                    let _ = stream.write_all(&bytes).await;
                    let _ = stream.shutdown().await;
                    return;
                }
                Reply::Flow { head, piece, times, pause } => {
                    let _ = stream.write_all(head.as_bytes()).await;
                    for _ in 0..if head_only { 0 } else { times } {
                        if stream.write_all(&piece).await.is_err() {
                            return;
                        }
                        self.flowed.fetch_add(piece.len() as u64, std::sync::atomic::Ordering::SeqCst);
                        if !pause.is_zero() {
                            tokio::time::sleep(pause).await;
                        }
                    }
                    return;
                }
                Reply::Cut(bytes) => {
                    let _ = stream.write_all(&bytes).await;
                    // Long enough that what was sent has been read.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    #[allow(deprecated)]
                    let _ = stream.set_linger(Some(Duration::ZERO));
                    return;
                }
                Reply::Reset => {
                    // Zero linger sends RST instead of FIN.
                    #[allow(deprecated)]
                    let _ = stream.set_linger(Some(Duration::ZERO));
                    return;
                }
                Reply::Silence => {
                    // Until the client goes away.
                    let mut rest = [0; 64];
                    while stream.read(&mut rest).await.is_ok_and(|n| n > 0) {}
                    return;
                }
            }
        }
    }

    fn note(&self, head: &str, connection: u64) -> Seen {
        let mut first = head.lines().next().unwrap_or_default().split(' ');
        let method = first.next().unwrap_or_default().to_owned();
        let path = first.next().unwrap_or_default().to_owned();
        let host = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("host: ").map(str::to_owned));
        let mut log = self.log.lock().expect("no test panics while logging");
        let before = log.iter().filter(|seen| seen.path == path).count();
        let host = host.unwrap_or_default();
        let seen = Seen { at: Instant::now(), connection, method, path, host, head: head.to_owned(), before };
        log.push(seen.clone());
        seen
    }

    /// Every request so far.
    pub fn log(&self) -> Vec<Seen> {
        self.log.lock().expect("no test panics while logging").clone()
    }

    /// Requests for a path.
    pub fn asked(&self, path: &str) -> Vec<Seen> {
        self.log().into_iter().filter(|seen| seen.path == path).collect()
    }

    /// A URL on this server by its address.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// `--resolve` for a host name at the usual port.
    pub fn resolve(&self, host: &str) -> String {
        format!("{host}:80:{}", self.address)
    }
}

/// A sitemap of paths.
pub fn sitemap(paths: &[&str]) -> Reply {
    let entries: String = paths.iter().map(|path| format!("<url><loc>{path}</loc></url>")).collect();
    Reply::Full(200, vec![("Content-Type", "application/xml".into())], format!("<urlset>{entries}</urlset>").into_bytes())
}
