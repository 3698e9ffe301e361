//! Which URL is a later page of which list: `index_2.html`, `list_2.shtml`, `list/2.htm`, `?page=2` …

use crate::url::CanonicalUrl;

/// Query parameters that number the pages of a list.
const NUMBERING: [&str; 16] = [
    "page",
    "pageno",
    "page_no",
    "pagenum",
    "page_num",
    "pagenumber",
    "pageindex",
    "page_index",
    "currentpage",
    "curpage",
    "cur_page",
    "nowpage",
    "pn",
    "p",
    "pageid",
    "currentpageno",
];

/// File endings of generated list pages.
const ENDINGS: [&str; 8] = ["html", "htm", "shtml", "shtm", "jsp", "jhtml", "php", "aspx"];

/// Host without `www.`, path and query with index files folded: twins of a page have one address.
pub(super) fn address(url: &CanonicalUrl) -> String {
    let host = url.authority();
    let bare = host.strip_prefix("www.").unwrap_or(host);
    format!("{}{}", bare.to_ascii_lowercase(), url.key())
}

/// A digest of the [`address`]: sixteen bytes where maps hold one of every page.
pub(super) fn place(url: &CanonicalUrl) -> u128 {
    xxhash_rust::xxh3::xxh3_128(address(url).as_bytes())
}

/// Folder of an address or of a path: up to and with the last slash before the query.
pub(super) fn folder(address: &str) -> &str {
    let path = address.split_once('?').map_or(address, |(path, _)| path);
    path.rfind('/').map_or(path, |slash| &path[..=slash])
}

/// The number of a later page by its URL, with the addresses that its first page may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Continuation {
    /// As written in the URL: counted from 0, 1 or 2, as the site's system does.
    pub number: u32,
    /// Likely first pages, best first.
    pub firsts: Vec<String>,
    /// Is the file's name nothing but a number? Columns may be called so, too: only the first page shows what it is.
    pub bare: bool,
}

/// Reads the pattern of a URL.
pub(crate) fn continuation(url: &CanonicalUrl) -> Option<Continuation> {
    by_query(url).or_else(|| by_file(url))
}

fn by_query(url: &CanonicalUrl) -> Option<Continuation> {
    let query = url.query()?;
    let pairs: Vec<&str> = query.split('&').collect();
    let numbered = |pair: &&str| {
        let (name, value) = pair.split_once('=')?;
        let known = NUMBERING.contains(&name.to_ascii_lowercase().as_str());
        (known && (1..=5).contains(&value.len())).then(|| value.parse::<u32>().ok()).flatten()
    };
    let at = pairs.iter().position(|pair| numbered(pair).is_some())?;
    let number = numbered(&pairs[at])?;
    let name = pairs[at].split_once('=').map_or("", |(name, _)| name);
    let whole = address(url);
    let path = whole.split_once('?').map_or(whole.as_str(), |(path, _)| path);
    let with = |replacement: Option<String>| {
        let kept: Vec<String> = pairs
            .iter()
            .enumerate()
            .filter_map(|(i, pair)| if i == at { replacement.clone() } else { Some((*pair).to_owned()) })
            .collect();
        if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
    };
    let mut firsts = vec![with(None)];
    firsts.extend((0..number.min(2)).rev().map(|n| with(Some(format!("{name}={n}")))));
    Some(Continuation { number, firsts, bare: false })
}

fn by_file(url: &CanonicalUrl) -> Option<Continuation> {
    let whole = address(url);
    let (path, query) = whole.split_once('?').map_or((whole.as_str(), None), |(path, query)| (path, Some(query)));
    let (folder, file) = path.rsplit_once('/')?;
    let (stem, ending) = file.rsplit_once('.')?;
    if !ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) {
        return None;
    }
    if (1..=4).contains(&stem.len()) && stem.bytes().all(|b| b.is_ascii_digit()) && folder.contains('/') {
        // A list with a folder of its name for its later pages, counted from either end: `/tzgg.htm`, `/tzgg/7.htm`.
        return Some(Continuation { number: stem.parse().ok()?, firsts: vec![format!("{folder}.{ending}")], bare: true });
    }
    let tail = query.map(|q| format!("?{q}")).unwrap_or_default();
    let (base, digits) = stem.rsplit_once(['_', '-'])?;
    if base.is_empty() || !(1..=4).contains(&digits.len()) {
        return None;
    }
    let number: u32 = digits.parse().ok()?;
    let mut firsts = Vec::new();
    if matches!(base.to_ascii_lowercase().as_str(), "index" | "default") {
        firsts.push(format!("{folder}/{tail}"));
    }
    firsts.push(format!("{folder}/{base}.{ending}{tail}"));
    let separator = &stem[base.len()..=base.len()];
    firsts.extend((0..number.min(2)).rev().map(|n| format!("{folder}/{base}{separator}{n}.{ending}{tail}")));
    Some(Continuation { number, firsts, bare: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> CanonicalUrl {
        CanonicalUrl::parse(text).expect("parses")
    }

    #[test]
    fn twins_have_one_address() {
        assert_eq!(address(&url("https://www.x.cn/a/index.html")), address(&url("http://x.cn/a/")));
        assert_ne!(address(&url("http://x.cn/a/?c=1")), address(&url("http://x.cn/a/?c=2")));
        assert_eq!(folder("x.cn/a/b.html?u=/c/d"), "x.cn/a/");
    }

    #[test]
    fn later_pages_name_their_first() {
        let firsts = |text: &str| continuation(&url(text)).map(|c| (c.number, c.firsts));
        assert_eq!(
            firsts("http://x.cn/gzdt/index_2.html"),
            Some((
                2,
                ["x.cn/gzdt/", "x.cn/gzdt/index.html", "x.cn/gzdt/index_1.html", "x.cn/gzdt/index_0.html"]
                    .map(String::from)
                    .to_vec()
            ))
        );
        assert_eq!(
            firsts("http://x.cn/list.jsp?col=7&page=2"),
            Some((
                2,
                ["x.cn/list.jsp?col=7", "x.cn/list.jsp?col=7&page=1", "x.cn/list.jsp?col=7&page=0"].map(String::from).to_vec()
            ))
        );
        assert_eq!(firsts("http://x.cn/xwdt/tzgg/7.htm"), Some((7, vec!["x.cn/xwdt/tzgg.htm".to_owned()])));
        assert_eq!(firsts("http://x.cn/gzdt/t20260101_12345.html"), None, "an article's number is too long for a page");
        assert_eq!(firsts("http://x.cn/xw/gzdt/2.htm"), Some((2, vec!["x.cn/xw/gzdt.htm".to_owned()])));
        assert_eq!(firsts("http://x.cn/2.htm"), None, "a page at the root continues none");
        assert_eq!(firsts("http://x.cn/gzdt/"), None);
        assert_eq!(firsts("http://x.cn/gzdt/a.html?id=5"), None);
    }
}
