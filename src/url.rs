//! Canonical URLs: one spelling per resource, used as key everywhere.
//!
//! Canonical form: scheme and host in lower case, default port dropped, fragment dropped, dot segments resolved (all by the
//! WHATWG parser), percent-encodings in upper case with unreserved characters decoded. The query keeps its order: servers may care.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Borrow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

/// Why a reference is not a URL we can use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// The WHATWG parser refused it.
    #[error("not a URL: {0}")]
    Malformed(String),
    /// It parsed, but is neither http nor https (mailto:, javascript:, data: …).
    #[error("scheme {0} is not fetched")]
    Scheme(String),
}

/// An http or https URL in canonical form. Ordering is by text, so that "hop count, then canonical URL" is total.
// Copies share their text: a page is named by every link on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, schemars::JsonSchema)]
#[schemars(transparent)]
pub struct CanonicalUrl(#[schemars(with = "String")] Arc<str>);

impl Serialize for CanonicalUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for CanonicalUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // What was written as one is one: no parser runs for every link of a stored page.
        deserializer.deserialize_str(AsWritten)
    }
}

struct AsWritten;

impl serde::de::Visitor<'_> for AsWritten {
    type Value = CanonicalUrl;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a URL")
    }

    fn visit_str<E>(self, text: &str) -> Result<CanonicalUrl, E> {
        KNOWN.with_borrow_mut(|known| {
            let Some(known) = known else { return Ok(CanonicalUrl(text.into())) };
            if let Some(url) = known.get(text) {
                return Ok(url.clone());
            }
            if known.len() >= MOST_KNOWN {
                known.clear();
            }
            let url = CanonicalUrl(text.into());
            known.insert(url.clone());
            Ok(url)
        })
    }
}

/// URLs remembered while stored pages are read.
const MOST_KNOWN: usize = 50_000;

thread_local! {
    static KNOWN: RefCell<Option<HashSet<CanonicalUrl>>> = const { RefCell::new(None) };
}

/// As long as it lives, URLs that this thread reads back share their text with equal ones: the links of a template are on every page.
#[derive(Debug)]
#[must_use]
pub struct Sharing(());

impl Sharing {
    /// Begins.
    pub fn begin() -> Self {
        KNOWN.set(Some(HashSet::new()));
        Sharing(())
    }
}

impl Drop for Sharing {
    fn drop(&mut self) {
        KNOWN.set(None);
    }
}

impl Borrow<str> for CanonicalUrl {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Directory index names that stand for their folder in [`CanonicalUrl::key`].
pub const INDEX_FILES: [&str; 7] =
    ["index.html", "index.htm", "index.shtml", "index.jsp", "index.php", "index.aspx", "default.html"];

impl CanonicalUrl {
    /// Parses an absolute URL.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let url = ::url::Url::parse(text.trim()).map_err(|e| UrlError::Malformed(e.to_string()))?;
        Self::from_url(url)
    }

    /// A URL that was one when it was written down: no parser runs.
    pub(crate) fn as_written(text: &str) -> Self {
        CanonicalUrl(text.into())
    }

    /// Resolves `reference` against this URL. `encoding` is the charset of the page: the WHATWG rule encodes the query (never
    /// the path) of a link in the charset of its page, so a GB18030 page's `?q=公告` is not its UTF-8 spelling.
    pub fn join(&self, reference: &str, encoding: &'static encoding_rs::Encoding) -> Result<Self, UrlError> {
        let base = ::url::Url::parse(&self.0).map_err(|e| UrlError::Malformed(e.to_string()))?;
        let encode = whole_lifetimes(|text| encoding.encode(text).0);
        let options = ::url::Url::options().base_url(Some(&base));
        let reference = reference.trim();
        // To the WHATWG any run of slashes before a host is two; the parser takes the third for an empty host.
        let host = reference.trim_start_matches(['/', '\\']);
        let slashes = reference.len() - host.len();
        let reference = if slashes > 2 { format!("//{host}").into() } else { std::borrow::Cow::from(reference) };
        let url = if encoding == encoding_rs::UTF_8 {
            options.parse(&reference)
        } else {
            options.encoding_override(Some(&encode)).parse(&reference)
        };
        Self::from_url(url.map_err(|e| UrlError::Malformed(e.to_string()))?)
    }

    /// Resolves what needs no parser: a path from the root, or a whole URL of the same scheme and authority, of characters that stand
    /// for themselves, without dot segments. None for anything else, which says nothing about it.
    pub fn plain(&self, reference: &str) -> Option<Self> {
        let root = &self.0[..self.0.len() - self.after_authority().len()];
        let path = reference.strip_prefix(root).unwrap_or(reference);
        let path = path.split_once('#').map_or(path, |(path, _)| path);
        let (before, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let stands = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.');
        let plain = path.starts_with('/')
            && !path.starts_with("//")
            && before.bytes().all(stands)
            && !before.contains("/.")
            && query.is_none_or(|q| !q.is_empty() && q.bytes().all(|b| stands(b) || matches!(b, b'=' | b'&')));
        plain.then(|| CanonicalUrl(format!("{root}{path}").into()))
    }

    /// Path and query.
    fn after_authority(&self) -> &str {
        let rest = self.after_scheme();
        &rest[rest.find(['/', '?']).unwrap_or(rest.len())..]
    }

    /// Puts a parsed URL into canonical form.
    pub fn from_url(mut url: ::url::Url) -> Result<Self, UrlError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlError::Scheme(url.scheme().to_owned()));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(UrlError::Malformed("no host".into()));
        }
        url.set_fragment(None);
        // Decoding may join a stray `%` with what follows it into another triple, and `.` into dot segments: once more until it rests.
        for _ in 0..8 {
            let path = normal_percent(url.path());
            if path == url.path() {
                break;
            }
            url.set_path(&path);
        }
        if let Some(query) = url.query() {
            let mut normal = normal_percent(query);
            for _ in 0..8 {
                let next = normal_percent(&normal);
                if next == normal {
                    break;
                }
                normal = next;
            }
            let normal = (!normal.is_empty()).then_some(normal);
            if normal.as_deref() != url.query() {
                url.set_query(normal.as_deref());
            }
        }
        Ok(CanonicalUrl(String::from(url).into()))
    }

    /// The whole URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parsed form, for parts that this type does not offer.
    pub fn to_url(&self) -> ::url::Url {
        ::url::Url::parse(&self.0).unwrap_or_else(|_| unreachable!("canonical URLs parse"))
    }

    fn after_scheme(&self) -> &str {
        // The scheme is one of two; hosts are asked for by every link of every page.
        let start = if self.0.as_bytes().get(4) == Some(&b':') { "http://".len() } else { "https://".len() };
        self.0.get(start..).unwrap_or_default()
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &str {
        if self.0.as_bytes().get(4) == Some(&b':') { "http" } else { "https" }
    }

    /// Host with port if it is not the default one, without credentials.
    pub fn authority(&self) -> &str {
        let rest = self.after_scheme();
        let end = rest.bytes().position(|b| matches!(b, b'/' | b'?')).unwrap_or(rest.len());
        let authority = &rest[..end];
        authority.rsplit_once('@').map_or(authority, |(_, host)| host)
    }

    /// Host without port.
    pub fn host(&self) -> &str {
        let authority = self.authority();
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        }
    }

    /// `scheme://authority`.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme(), self.authority())
    }

    /// Path, always starting with `/`.
    pub fn path(&self) -> &str {
        let rest = self.after_scheme();
        let start = rest.find('/').unwrap_or(rest.len());
        let path = &rest[start..];
        path.split_once('?').map_or(path, |(path, _)| path)
    }

    /// Query without `?`.
    pub fn query(&self) -> Option<&str> {
        self.0.split_once('?').map(|(_, query)| query)
    }

    /// Value of the first query parameter of that name, percent-decoded.
    pub fn query_value(&self, key: &str) -> Option<String> {
        self.to_url().query_pairs().find(|(k, _)| k == key).map(|(_, v)| v.into_owned())
    }

    /// Path and query with index files folded into their folder: how an own URL enters a fingerprint (design.md 2.10).
    pub fn key(&self) -> String {
        let path = self.path();
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let mut key =
            if INDEX_FILES.contains(&file.to_ascii_lowercase().as_str()) { format!("{folder}/") } else { path.to_owned() };
        if let Some(query) = self.query() {
            key.push('?');
            key.push_str(query);
        }
        key
    }

    /// Is this the root page of its host, under any usual index name?
    pub fn is_root(&self) -> bool {
        self.key() == "/"
    }

    /// Lower-case extension of the last path segment, without the dot.
    pub fn extension(&self) -> Option<String> {
        let file = self.path().rsplit('/').next()?;
        let (stem, extension) = file.rsplit_once('.')?;
        (!stem.is_empty() && (1..=5).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphanumeric()))
            .then(|| extension.to_ascii_lowercase())
    }
}

impl fmt::Display for CanonicalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Gives a closure the higher-ranked signature that the URL parser asks for.
fn whole_lifetimes<F: Fn(&str) -> std::borrow::Cow<'_, [u8]>>(encode: F) -> F {
    encode
}

/// Upper-case hex, unreserved characters decoded; a stray `%` stays as it is.
fn normal_percent(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |i: usize| bytes.get(i).and_then(|b| (*b as char).to_digit(16));
        if bytes[at] == b'%'
            && let (Some(high), Some(low)) = (hex(at + 1), hex(at + 2))
        {
            let value = (high * 16 + low) as u8;
            if value.is_ascii_alphanumeric() || matches!(value, b'-' | b'.' | b'_' | b'~') {
                out.push(value as char);
            } else {
                out.push_str(&format!("%{value:02X}"));
            }
            at += 3;
            continue;
        }
        let char = text[at..].chars().next().unwrap_or('%');
        out.push(char);
        at += char.len_utf8();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        CanonicalUrl::parse(text).expect("parses").to_string()
    }

    #[test]
    fn one_spelling_per_resource() {
        for (given, expected) in [
            ("HTTP://WWW.Example.GOV.CN:80/a/../b", "http://www.example.gov.cn/b"),
            ("https://x.gov.cn", "https://x.gov.cn/"),
            ("http://x.gov.cn/%7euser/%e4%b8%ad#top", "http://x.gov.cn/~user/%E4%B8%AD"),
            ("http://x.gov.cn/中", "http://x.gov.cn/%E4%B8%AD"),
            ("http://x.gov.cn/?", "http://x.gov.cn/"),
            ("http://x.gov.cn/100%", "http://x.gov.cn/100%"),
            ("http://x.gov.cn/%%37%45?%%37%45", "http://x.gov.cn/~?~"),
        ] {
            assert_eq!(canonical(given), expected, "{given}");
            assert_eq!(canonical(expected), expected, "canonical form is a fixed point");
        }
    }

    #[test]
    fn plain_references_resolve_as_the_parser_does() {
        let base = CanonicalUrl::parse("http://x.gov.cn:81/a/b.html?c").expect("parses");
        for (reference, plain) in [
            ("/", true),
            ("/col01/202401/t1.html#top", true),
            ("/search.html?col=1&p=2", true),
            ("http://x.gov.cn:81/c//d.html", true),
            ("http://x.gov.cn:81", false),
            ("http://x.gov.cn:8180/c", false),
            ("http://x.gov.cn/c", false),
            ("//y.cn/", false),
            ("/a/../b", false),
            ("/.well-known/x", false),
            ("/a%7e", false),
            ("/a?", false),
            ("/a\\b", false),
            ("/公告", false),
            ("b.html", false),
            ("?p=2", false),
            ("#top", false),
        ] {
            let found = base.plain(reference);
            assert_eq!(found.is_some(), plain, "{reference}");
            if let Some(found) = found {
                assert_eq!(Ok(found), base.join(reference, encoding_rs::UTF_8), "{reference}");
            }
        }
    }

    #[test]
    fn only_web_schemes() {
        assert_eq!(CanonicalUrl::parse("mailto:a@b.cn"), Err(UrlError::Scheme("mailto".into())));
        assert!(matches!(CanonicalUrl::parse("no url"), Err(UrlError::Malformed(_))));
    }

    #[test]
    fn query_is_encoded_in_the_charset_of_the_page() {
        let base = CanonicalUrl::parse("http://x.gov.cn/").expect("parses");
        let gbk = base.join("/公告?q=公", encoding_rs::GBK).expect("joins");
        assert_eq!(gbk.as_str(), "http://x.gov.cn/%E5%85%AC%E5%91%8A?q=%B9%AB");
    }

    #[test]
    fn keys_fold_index_files_and_forget_the_origin() {
        assert_eq!(CanonicalUrl::parse("http://a.cn:81/x/index.html?p=1").expect("parses").key(), "/x/?p=1");
        assert!(CanonicalUrl::parse("http://a.cn/index.shtml").expect("parses").is_root());
        assert_eq!(CanonicalUrl::parse("http://u@a.cn:81/").expect("parses").host(), "a.cn");
    }
}
