//! What becomes of a request that a page makes in the browser.

use crate::exchange::Method;
use crate::facts::rendering::SPARED;
use crate::url::CanonicalUrl;

/// A request as the browser shows it.
#[derive(Debug, Clone)]
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    /// None: no web address.
    pub(super) url: Option<&'a CanonicalUrl>,
    /// `Document`, `Script`, `XHR` …
    pub(super) kind: &'a str,
    /// Does it navigate the page itself?
    pub(super) main: bool,
    /// Does it lead to a URL of the plan's scope?
    pub(super) own: bool,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// It is asked for, through the gate.
    Ask(Method),
    /// The page leads elsewhere: that is another page's turn.
    Moves,
    /// It is refused; the cause in a word.
    Refuse(&'static str),
}

/// Decides. Whatever is not a safe retrieval is never sent; what only adorns the page is spared its server.
pub(super) fn route(asked: &Asked<'_>, page: &CanonicalUrl) -> Route {
    let Some(url) = asked.url else { return Route::Refuse(SPARED) };
    let spared = matches!(
        asked.kind,
        "Image"
            | "Font"
            | "Media"
            | "TextTrack"
            | "Manifest"
            | "Prefetch"
            | "Ping"
            | "CSPViolationReport"
            | "SignedExchange"
            | "FedCM"
            | "Other"
    );
    if spared {
        return Route::Refuse(SPARED);
    }
    let method = match asked.method {
        "GET" => Method::Get,
        "HEAD" => Method::Head,
        _ => return Route::Refuse("method"),
    };
    match asked.kind {
        "Document" if asked.main && url.authority() == page.authority() => Route::Ask(method),
        "Document" if asked.main => Route::Moves,
        // What a frame shows is a page of its own, or somebody else's.
        "Document" if asked.own => Route::Ask(method),
        "Document" => Route::Refuse(SPARED),
        "Script" | "Stylesheet" | "XHR" | "Fetch" => Route::Ask(method),
        _ => Route::Refuse("stream"),
    }
}

/// Is it a header field that the browser's request may bring along? The others are ours to say, or nobody's.
pub(super) fn is_brought(name: &str) -> bool {
    const OURS: [&str; 17] = [
        "host",
        "cookie",
        "user-agent",
        "accept-encoding",
        "accept-language",
        "connection",
        "content-length",
        "content-type",
        "transfer-encoding",
        "te",
        "range",
        "upgrade",
        "upgrade-insecure-requests",
        "purpose",
        "dnt",
        "cache-control",
        "pragma",
    ];
    !OURS.contains(&name) && !["sec-", "proxy-", "if-"].iter().any(|start| name.starts_with(start))
}

/// Is it a header field of a response that the browser is told? Not those that speak of the transfer, or would have it ask for more.
pub(super) fn is_told(name: &str) -> bool {
    const KEPT: [&str; 14] = [
        "content-encoding",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "strict-transport-security",
        "alt-svc",
        "link",
        "nel",
        "report-to",
        "reporting-endpoints",
        "www-authenticate",
        "speculation-rules",
        "trailer",
    ];
    !KEPT.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_requests_that_fill_the_page_leave() {
        let url = |text: &str| CanonicalUrl::parse(text).expect("a URL");
        let page = url("http://www.x.gov.cn/a/");
        let (near, far) = (url("http://www.x.gov.cn/b"), url("http://cdn.y.com/b"));
        let asked = |method, url, kind, main, own| route(&Asked { method, url, kind, main, own }, &page);
        let get = Route::Ask(Method::Get);
        assert_eq!(asked("GET", Some(&near), "Document", true, true), get);
        assert_eq!(asked("GET", Some(&far), "Document", true, false), Route::Moves);
        assert_eq!(asked("GET", Some(&far), "Document", false, false), Route::Refuse(SPARED));
        assert_eq!(asked("GET", Some(&near), "Document", false, true), get);
        assert_eq!(asked("GET", Some(&far), "Script", false, false), get);
        assert_eq!(asked("HEAD", Some(&near), "XHR", false, true), Route::Ask(Method::Head));
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "get", ""] {
            assert_eq!(asked(method, Some(&near), "Document", true, true), Route::Refuse("method"), "{method}");
            assert_eq!(asked(method, Some(&near), "XHR", false, true), Route::Refuse("method"), "{method}");
        }
        for kind in ["Image", "Font", "Media", "Ping", "Other"] {
            assert_eq!(asked("GET", Some(&near), kind, false, true), Route::Refuse(SPARED), "{kind}");
        }
        for kind in ["WebSocket", "EventSource", "Preflight", "SomethingNew"] {
            assert_eq!(asked("GET", Some(&near), kind, false, true), Route::Refuse("stream"), "{kind}");
        }
        assert_eq!(asked("GET", None, "XHR", false, true), Route::Refuse(SPARED));
    }
}
