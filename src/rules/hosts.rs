//! Hosts that are known by name, as data: `checklists/lexicon/known-hosts.toml`; and hosts whose names advertise betting.

use serde::Deserialize;
use std::collections::HashMap;
use std::sync::OnceLock;

const HOSTS: &str = include_str!("../../checklists/lexicon/known-hosts.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code, reason = "read to refuse another format")]
    format: u32,
    class: Vec<Class>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    id: String,
    #[allow(dead_code, reason = "for people who read the file")]
    name: crate::finding::Text,
    hosts: Vec<String>,
}

fn classes() -> &'static HashMap<String, String> {
    static CLASSES: OnceLock<HashMap<String, String>> = OnceLock::new();
    CLASSES.get_or_init(|| parse(HOSTS).unwrap_or_default())
}

fn parse(text: &str) -> Result<HashMap<String, String>, toml::de::Error> {
    let file: File = toml::from_str(text)?;
    Ok(file.class.into_iter().flat_map(|class| class.hosts.into_iter().map(move |host| (host, class.id.clone()))).collect())
}

/// The class of a host, by its own name or the longest known name above it.
pub(super) fn class(host: &str) -> Option<&'static str> {
    let host = host.to_ascii_lowercase();
    let mut name = host.as_str();
    loop {
        if let Some(class) = classes().get(name) {
            return Some(class);
        }
        name = name.split_once('.')?.1;
    }
}

/// Hosts of state and party bodies and of those that carry their names: `.gov.cn`, `.政务`, schools, institutions, media.
pub(super) fn is_trusted(host: &str) -> bool {
    !matches!(class(host), None | Some("advertising" | "shop")) || is_local(host)
}

/// A government's own domain: `.gov.cn` or `.政务`.
pub(super) fn is_government(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    // xn--zfr164b is 政务.
    host == "gov.cn" || host.ends_with(".gov.cn") || host.ends_with(".xn--zfr164b")
}

/// Addresses and names that are no public host: tests, folders, networks of a house.
pub(super) fn is_local(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let reserved = ["localhost", "test", "invalid", "local", "lan", "internal"];
    is_address(&host) || !host.contains('.') || reserved.iter().any(|name| host == *name || host.ends_with(&format!(".{name}")))
}

/// An IPv4 or IPv6 address in place of a name.
fn is_address(host: &str) -> bool {
    host.contains(':') || (!host.is_empty() && host.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}

/// Names that promoters of betting give to their hosts.
const BETTING: [&str; 31] = [
    "bet365",
    "365bet",
    "beat365",
    "manbetx",
    "casino",
    "baccarat",
    "jackpot",
    "poker88",
    "kaiyunsport",
    "kaiyuntiyu",
    "leyusport",
    "leyutiyu",
    "huatihui",
    "milansport",
    "bobtiyu",
    "bobsport",
    "wbtiyu",
    "amxpj",
    "weinisiren",
    "vnsr",
    "taiyangcheng",
    "liuhecai",
    "shishicai",
    "pk10",
    "dafabet",
    "188bet",
    "betway",
    "1xbet",
    "fun88",
    "m88bet",
    "tiyutouzhu",
];
/// Others' names, too: they count beside two digits (yabo123).
const NUMBERED: [&str; 12] =
    ["yabo", "wanbo", "pujing", "bocai", "caipiao", "leyu", "kaiyun", "hth", "xpj", "yinhe", "jinsha", "maiqiu"];
/// The same for pornography.
const PORN: [&str; 16] = [
    "porn", "xvideos", "xnxx", "91porn", "javbus", "javhd", "avtt", "hentai", "sexvideo", "chengren", "huangse", "seqing",
    "youjizz", "xhamster", "redtube", "caoliu",
];

/// Does the name of a host itself advertise? The class of spam, when it does.
pub(super) fn advertises(host: &str) -> Option<&'static str> {
    let host = host.to_ascii_lowercase();
    if class(&host) == Some("official") {
        return None;
    }
    let labels = || host.split('.').filter(|label| !matches!(*label, "www" | "com" | "cn" | "net" | "org" | "m" | "wap"));
    let any = |words: &[&str]| labels().any(|label| words.iter().any(|word| label.contains(word)));
    if any(&PORN) {
        return Some("porn");
    }
    // `bet` beside digits: bet88, 1688bet; not alphabet, tibet, diabetes.
    let numbered = |label: &str| {
        label.match_indices("bet").any(|(at, _)| {
            let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
            let bytes = label.as_bytes();
            let (before, after) = (at.checked_sub(1).and_then(|i| bytes.get(i)), bytes.get(at + 3));
            (digit(before) || at == 0) && digit(after) || digit(before) && after.is_none()
        })
    };
    let beside =
        |label: &str| label.bytes().filter(u8::is_ascii_digit).count() >= 2 && NUMBERED.iter().any(|word| label.contains(word));
    (any(&BETTING) || labels().any(|label| numbered(label) || beside(label))).then_some("betting")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads_and_names_stand_once() {
        let file: File = toml::from_str(HOSTS).unwrap();
        let mut all: Vec<&String> = file.class.iter().flat_map(|class| &class.hosts).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all.iter().all(|host| **host == host.to_ascii_lowercase() && !host.starts_with('.')));
    }

    #[test]
    fn classes_reach_below_names() {
        assert_eq!(class("www.gd.gov.cn"), Some("official"));
        assert_eq!(class("s4.cnzz.com"), Some("statistics"));
        assert_eq!(class("pos.baidu.com"), Some("advertising"));
        assert_eq!(class("www.baidu.com"), Some("share"));
        assert_eq!(class("notgov.cn"), None);
        assert!(is_trusted("www.cnr.cn") && is_trusted("127.0.0.1") && !is_trusted("www.shop.example.com"));
    }

    #[test]
    fn names_advertise_by_habit_not_by_chance() {
        for host in
            ["www.bet365.com", "m.1688bet.net", "bet88.cc", "casino-x.com", "www.91porn.com", "manbetx.vip", "yabo123.com"]
        {
            assert!(advertises(host).is_some(), "{host}");
        }
        for host in [
            "www.tibet.cn",
            "alphabet.com",
            "diabetes.org",
            "www.gov.cn",
            "365.com",
            "beta2.example.com",
            "www.sibet.ac.cn",
            "www.yabo-tech.com",
            "tj.caipiao2026.gov.cn",
        ] {
            assert_eq!(advertises(host), None, "{host}");
        }
    }
}
