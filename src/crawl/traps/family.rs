//! Which URLs are of one making: the same address but for numbers, values and tokens that a server puts in.

use crate::facts::site::continuation;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Shortest piece of letters and digits that is a token made by a machine.
const SHORTEST_TOKEN: usize = 16;
/// A token changes from letters to digits or back at least so often.
const FEWEST_TURNS: usize = 3;
/// Names before a session's token, in a query or after a semicolon.
const SESSIONS: [&str; 10] =
    ["jsessionid", "phpsessid", "aspsessionid", "sessionid", "session_id", "session", "sid", "sessid", "cfid", "cftoken"];

/// Where a URL belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Family {
    /// Same for all members.
    pub key: String,
    /// Same for all pages of one path, lists and their later pages: they link to one another.
    pub kin: String,
    /// Of later pages of a list: the family of the list itself, and the address of its first page.
    pub list: Option<(String, String)>,
    /// Of pages in a folder below that of the page they were found on: the part of the site where links lead down and down.
    pub down: Option<String>,
    /// Of URLs with a token: where it stands, and the URL without it.
    pub token: Option<(String, String)>,
}

/// The family of a URL that was found on that page.
pub(super) fn family(url: &CanonicalUrl, via: Option<&CanonicalUrl>) -> Family {
    let down = via.and_then(|via| down(url, via));
    let kin = kin(url);
    let token = token(url);
    if let Some(later) = continuation(url)
        && let Some(first) = later.firsts.into_iter().next()
    {
        // Later pages of a list are a family of their own: what another list shows, too, says nothing about them.
        let list = CanonicalUrl::parse(&format!("http://{first}")).map_or_else(|_| kin.clone(), |first| keyed(&kin, &first));
        return Family { key: format!("{first} …"), kin, list: Some((list, first)), down, token };
    }
    Family { key: keyed(&kin, url), kin, list: None, down, token }
}

fn down(url: &CanonicalUrl, via: &CanonicalUrl) -> Option<String> {
    let folder = |url: &CanonicalUrl| url.path().rfind('/').map_or(0, |slash| slash + 1);
    let (own, above) = (&url.path()[..folder(url)], &via.path()[..folder(via)]);
    let below = own.len() > above.len() && own.starts_with(above) && url.authority() == via.authority();
    let first = own.split('/').find(|segment| !segment.is_empty())?;
    below.then(|| format!("{}/{first}/…/", url.authority()))
}

/// Host and shape of the path.
pub(super) fn kin(url: &CanonicalUrl) -> String {
    format!("{}{}", url.authority(), shape(url.path()))
}

/// The shape of a path, and whether there is a query: the names in it differ with every filter that is added.
fn keyed(kin: &str, url: &CanonicalUrl) -> String {
    if url.query().is_some() { format!("{kin}?…") } else { kin.to_owned() }
}

fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split(['&', ';']).filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Digits as `N`, tokens as `X`; a segment that came before comes no second time, so that a path which feeds on itself keeps its shape.
fn shape(path: &str) -> String {
    let mut seen: Vec<String> = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let shaped = without_digits(&without(segment, &|piece| is_token(piece).then(|| "X".to_owned())));
        if !seen.contains(&shaped) {
            seen.push(shaped);
        }
    }
    let slash = if path.ends_with('/') { "/" } else { "" };
    format!("/{}{slash}", seen.join("/"))
}

/// Runs of digits as `N`.
fn without_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_ascii_digit() {
            out.push(c);
        } else if !out.ends_with('N') {
            out.push('N');
        }
    }
    out
}

/// Replaces pieces of letters and digits.
fn without(text: &str, replace: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut piece = String::new();
    let close = |piece: &mut String, out: &mut String| {
        match replace(piece) {
            Some(instead) => out.push_str(&instead),
            None => out.push_str(piece),
        }
        piece.clear();
    };
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            piece.push(c);
        } else {
            close(&mut piece, &mut out);
            out.push(c);
        }
    }
    close(&mut piece, &mut out);
    out
}

/// Long, of letters and digits mixed: no word of any language, no word with a year behind it, and no date.
fn is_token(piece: &str) -> bool {
    let turns = || piece.as_bytes().windows(2).filter(|two| two[0].is_ascii_digit() != two[1].is_ascii_digit()).count();
    piece.len() >= SHORTEST_TOKEN && turns() >= FEWEST_TURNS
}

/// Where the first token of a URL stands, and the URL without it.
fn token(url: &CanonicalUrl) -> Option<(String, String)> {
    let host = url.authority();
    let mut before = String::new();
    for segment in url.path().split('/') {
        let (name, session) = segment.split_once(';').map_or((segment, None), |(name, rest)| (name, Some(rest)));
        if let Some(session) = session.and_then(|rest| rest.split_once('=')).filter(|(key, _)| is_session(key)) {
            let bare = url.as_str().replacen(&format!(";{}={}", session.0, session.1), "", 1);
            return Some((format!("{host};{}", session.0.to_ascii_lowercase()), bare));
        }
        // "(S(4gq5…))" and plain tokens alike.
        if let Some(token) = name.split(|c: char| !c.is_ascii_alphanumeric()).find(|piece| is_token(piece))
            && !name.contains('.')
        {
            let stands = name.replacen(token, "X", 1);
            return Some((format!("{host}{before}/{stands}"), url.as_str().replacen(token, "X", 1)));
        }
        if !name.is_empty() {
            before = format!("{before}/{name}");
        }
    }
    let (name, value) = pairs(url.query()?).find(|(name, value)| is_session(name) && value.len() >= 4 || is_token(value))?;
    Some((format!("{host}?{name}"), url.as_str().replacen(&format!("{name}={value}"), &format!("{name}=X"), 1)))
}

fn is_session(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SESSIONS.contains(&name.as_str())
}

/// A link's target without dates, which calendars make, and without tokens that several links of the page share.
pub(super) fn bare(url: &CanonicalUrl, shared: &BTreeSet<String>) -> String {
    let whole = without_repetition(url);
    let without_tokens = without(&whole, &|piece| shared.contains(piece).then(|| "X".to_owned()));
    let bytes = without_tokens.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match date_at(bytes, at) {
            0 => {
                let next = (at + 1..=bytes.len()).find(|end| without_tokens.is_char_boundary(*end)).unwrap_or(bytes.len());
                out.push_str(&without_tokens[at..next]);
                at = next;
            }
            length => {
                out.push('D');
                at += length;
            }
        }
    }
    out
}

/// The URL without segments of its path that came before: what a relative link that feeds on itself makes of one target.
fn without_repetition(url: &CanonicalUrl) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let segments: Vec<&str> = url.path().split('/').collect();
    if segments.len() < 3 {
        return url.as_str().to_owned();
    }
    for segment in segments.into_iter().filter(|segment| !segment.is_empty()) {
        // Short numbers are parts of dates and ids.
        if !seen.contains(&segment) || segment.bytes().all(|b| b.is_ascii_digit()) {
            seen.push(segment);
        }
    }
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{}{query}", url.authority(), seen.join("/"))
}

/// Bytes of a date (20240517, 2024-5-17, 2024/05, 2024_05 …) that begins here; 0 when none does.
fn date_at(bytes: &[u8], at: usize) -> usize {
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    if at > 0 && digit(at - 1) || !(0..4).all(|i| digit(at + i)) || !matches!(&bytes[at..at + 2], b"19" | b"20" | b"21") {
        return 0;
    }
    let run = (at..).take_while(|i| digit(*i)).count();
    if run == 8 || run == 6 {
        return run;
    }
    if run != 4 {
        return 0;
    }
    let mut end = at + 4;
    for _ in 0..2 {
        let part =
            if bytes.get(end).is_some_and(|b| b"-/_.".contains(b)) { (end + 1..).take_while(|i| digit(*i)).count() } else { 0 };
        if !(1..=2).contains(&part) {
            break;
        }
        end += 1 + part;
    }
    if end == at + 4 { 0 } else { end - at }
}

/// Tokens that occur in more than one of these URLs: a session's, where the ids of documents differ.
pub(super) fn shared_tokens<'a>(urls: impl Iterator<Item = &'a CanonicalUrl>) -> BTreeSet<String> {
    let (mut once, mut shared) = (BTreeSet::new(), BTreeSet::new());
    for url in urls {
        for piece in url.as_str().split(|c: char| !c.is_ascii_alphanumeric()).filter(|piece| is_token(piece)) {
            if !once.insert(piece.to_owned()) {
                shared.insert(piece.to_owned());
            }
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Family {
        family(&CanonicalUrl::parse(text).unwrap(), None)
    }

    #[test]
    fn numbers_values_and_repetitions_make_no_family() {
        for (one, other) in [
            ("http://x.cn/rl?year=2024&month=5", "http://x.cn/rl?month=11&year=1999"),
            ("http://x.cn/rl/2024/5/", "http://x.cn/rl/1999/"),
            ("http://x.cn/list?sort=asc&view=grid", "http://x.cn/list?view=table&sort=desc"),
            ("http://x.cn/list?sort=asc", "http://x.cn/list?region=5&view=table"),
            ("http://x.cn/a/b/a/b/a/", "http://x.cn/a/b/"),
            ("http://x.cn/s/0a1b2c3d4e5f60718293/n.html", "http://x.cn/s/ffee0011aabbccdd2233/n.html"),
        ] {
            assert_eq!(of(one).key, of(other).key, "{one} {other}");
        }
        assert_ne!(of("http://x.cn/list?sort=a").key, of("http://x.cn/lists?sort=a").key);
    }

    #[test]
    fn links_that_lead_down() {
        let down =
            |text: &str, via: &str| family(&CanonicalUrl::parse(text).unwrap(), Some(&CanonicalUrl::parse(via).unwrap())).down;
        assert_eq!(down("http://x.cn/a/b/c/", "http://x.cn/a/b/"), Some("x.cn/a/…/".to_owned()));
        assert_eq!(down("http://x.cn/a/b/t1.html", "http://x.cn/a/b/"), None, "the same folder");
        assert_eq!(down("http://x.cn/b/", "http://x.cn/a/"), None);
        assert_eq!(down("http://y.cn/a/b/", "http://x.cn/a/"), None);
    }

    #[test]
    fn every_list_has_later_pages_of_its_own() {
        assert_eq!(of("http://x.cn/list?cat=1&page=2").key, of("http://x.cn/list?cat=1&page=77").key);
        assert_ne!(of("http://x.cn/list?cat=1&page=2").key, of("http://x.cn/list?cat=2&page=2").key);
        assert_ne!(of("http://x.cn/col/12/index_3.html").key, of("http://x.cn/col/13/index_3.html").key);
        assert_eq!(of("http://x.cn/list?cat=1&page=2").list.unwrap().0, of("http://x.cn/list?cat=9").key);
    }

    #[test]
    fn tokens_are_found_where_they_stand() {
        let token = |text: &str| of(text).token;
        let (place, bare) = token("http://x.cn/a.jsp;jsessionid=0A1B2C?x=1").unwrap();
        assert_eq!((place.as_str(), bare.as_str()), ("x.cn;jsessionid", "http://x.cn/a.jsp?x=1"));
        let (place, bare) = token("http://x.cn/s/0a1b2c3d4e5f60718293/n.html").unwrap();
        assert_eq!((place.as_str(), bare.as_str()), ("x.cn/s/X", "http://x.cn/s/X/n.html"));
        assert_eq!(token("http://x.cn/n?id=5&sid=abcd").unwrap().0, "x.cn?sid");
        assert_eq!(token("http://x.cn/art/2024/5/17/art_1234567890123456_1.html"), None, "digits are an id");
        assert_eq!(token("http://x.cn/zhengfuxinxigongkainianbao2024/"), None, "words are words");
    }

    #[test]
    fn dates_and_repetitions_of_links_say_nothing() {
        let shared = BTreeSet::new();
        let bare = |text: &str| bare(&CanonicalUrl::parse(text).unwrap(), &shared);
        assert_eq!(bare("http://x.cn/add?day=2031-05-17"), "http://x.cn/add?day=D");
        assert_eq!(bare("http://x.cn/art/2024/5/17/art_9_1.html"), "x.cn/art/D/art_9_1.html");
        assert_eq!(bare("http://x.cn/t20240517_123456.html"), "http://x.cn/tD_123456.html");
        assert_eq!(bare("http://x.cn/a/2024.html"), "x.cn/a/2024.html");
        assert_eq!(bare("http://x.cn/a/b/a/b/c/"), bare("http://x.cn/a/b/c/"));
        assert_eq!(bare("http://x.cn/公/20240517/文"), bare("http://x.cn/公/20250101/文"));
    }
}
