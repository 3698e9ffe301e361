//! Serves one fixture site on loopback: one listener on 127.0.0.1 port 0, the site chosen by the Host header.
//!
//! Paths are keys of a map of the site's own files, so that no request can leave it. Connections and answers are bounded.

use super::site::{FixtureSite, Host, Route};
use crate::error::{Error, Result};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, HeaderName, HeaderValue, LOCATION};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, oneshot};

/// Connections served at once.
const CONNECTIONS: usize = 64;
/// How long `first_status` is answered after the first request: shorter than any second look waits.
const FIRST_LOOK: Duration = Duration::from_millis(1500);
/// A client that sends no request head for so long is dropped.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// The longest delay a route may ask for.
const LONGEST_DELAY: u64 = 60_000;

/// A running server; dropping it stops it.
#[derive(Debug)]
pub struct Server {
    port: u16,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts serving on its own thread, so that the audit's runtime is not shared.
    pub fn start(site: Arc<FixtureSite>) -> Result<Self> {
        let at = "127.0.0.1:0";
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|e| Error::io(at, e))?;
        listener.set_nonblocking(true).map_err(|e| Error::io(at, e))?;
        let port = listener.local_addr().map_err(|e| Error::io(at, e))?.port();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| Error::io(at, e))?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name(format!("demo-{}", site.id))
            .spawn(move || runtime.block_on(serve(site, listener, stopped)))
            .map_err(|e| Error::io(at, e))?;
        Ok(Server { port, stop: Some(stop), thread: Some(thread) })
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the service shares between connections.
struct Served {
    site: Arc<FixtureSite>,
    first_seen: Mutex<BTreeMap<usize, Instant>>,
}

async fn serve(site: Arc<FixtureSite>, listener: TcpListener, mut stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let served = Arc::new(Served { site, first_seen: Mutex::new(BTreeMap::new()) });
    let seats = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(seat) = Arc::clone(&seats).acquire_owned().await else { return };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => return,
        };
        // A failed accept (a client gone again, no descriptor left) is no reason to stop serving, nor to spin.
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let served = Arc::clone(&served);
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request| answer(Arc::clone(&served), request));
            let _ = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_PATIENCE)
                .serve_connection(TokioIo::new(stream), service)
                .await;
            drop(seat);
        });
    }
}

/// Why a connection is closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("closed on purpose")]
struct Closed;

async fn answer(served: Arc<Served>, request: Request<Incoming>) -> std::result::Result<Response<Full<Bytes>>, Closed> {
    let site = &served.site;
    let name = request.headers().get(HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let name = name.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let Some(host) = site.file.hosts.iter().find(|host| host.name == name) else {
        return Ok(page(StatusCode::MISDIRECTED_REQUEST, "本服务器不提供该站点", None));
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(page(StatusCode::METHOD_NOT_ALLOWED, "只接受 GET 与 HEAD", None));
    }
    let path = decoded(request.uri().path());
    let found = route(&site.file.routes, &name, &path, request.uri().query().unwrap_or_default());
    let Some((index, route)) = found else {
        return Ok(file_of(site, host, &path, &path));
    };
    tokio::time::sleep(Duration::from_millis(route.delay_ms.min(LONGEST_DELAY))).await;
    if route.reset {
        return Err(Closed);
    }
    let first = {
        let mut seen = served.first_seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.entry(index).or_insert_with(Instant::now).elapsed() < FIRST_LOOK
    };
    let head_status = if request.method() == Method::HEAD { route.head_status } else { None };
    let status = head_status
        .or(if first { route.first_status } else { None })
        .or(route.status)
        .or(route.location.as_ref().map(|_| 302))
        .and_then(|code| StatusCode::from_u16(code).ok())
        .unwrap_or(StatusCode::OK);
    let mut response = match &route.file {
        Some(file) => file_of(site, host, &format!("/{file}"), &path),
        None if status.is_success() => file_of(site, host, &path, &path),
        None => page(status, status.canonical_reason().unwrap_or("错误"), None),
    };
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    let location = route.location.iter().map(|to| (LOCATION.as_str(), to.as_str()));
    for (name, value) in location.chain(route.headers.iter().map(|(n, v)| (n.as_str(), v.as_str()))) {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// The first route that fits, with its place: the key under which its first request is remembered.
fn route<'a>(routes: &'a [Route], host: &str, path: &str, query: &str) -> Option<(usize, &'a Route)> {
    let given: BTreeMap<_, _> = ::url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    routes.iter().enumerate().find(|(_, route)| {
        route.host == host && route.path == path && route.query.iter().all(|(key, value)| given.get(key) == Some(value))
    })
}

/// Percent-decoded; bytes that are no UTF-8 are looked up as replaced, and so not found.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        let hex = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
        let mut ahead = rest.clone();
        match (byte, hex(ahead.next()), hex(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn file_of(site: &FixtureSite, host: &Host, path: &str, asked: &str) -> Response<Full<Bytes>> {
    let missing = || page(StatusCode::NOT_FOUND, "您访问的页面不存在", None);
    let Some(folder) = &host.folder else { return missing() };
    let key = format!("{folder}{path}");
    let index = format!("{}/index.html", key.trim_end_matches('/'));
    let (key, bytes) = match (site.files.get(&key), site.files.get(&index)) {
        (Some(bytes), _) => (key, bytes),
        (None, Some(bytes)) if path.ends_with('/') => (index, bytes),
        (None, Some(_)) => return page(StatusCode::MOVED_PERMANENTLY, "页面已移动", Some(&format!("{asked}/"))),
        (None, None) => return missing(),
    };
    let mut response = Response::new(Full::new(Bytes::copy_from_slice(bytes)));
    let media = media_type(key.rsplit('.').next().unwrap_or_default());
    let value = match (&host.charset, media) {
        (Some(charset), "text/html") => format!("{media}; charset={charset}"),
        _ => media.to_owned(),
    };
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
    response
}

/// A short page of the server's own.
fn page(status: StatusCode, text: &str, location: Option<&str>) -> Response<Full<Bytes>> {
    let code = status.as_u16();
    let body = format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{code}</title></head><body><p>{code} {text}</p></body></html>\n"
    );
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Some(value) = location.and_then(|to| HeaderValue::from_str(to).ok()) {
        response.headers_mut().insert(LOCATION, value);
    }
    response
}

fn media_type(extension: &str) -> &'static str {
    match extension {
        "html" | "htm" | "shtml" | "jsp" => "text/html",
        "css" => "text/css",
        "js" => "application/javascript",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "png" => "image/png",
        "gif" => "image/gif",
        "jpg" | "jpeg" => "image/jpeg",
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}
