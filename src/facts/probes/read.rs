//! From the answers to probes, as they were kept one by one, to what they show together.

use super::{Looked, Probes, RandomPath, Search, SecondProfile, SecurityTxt};
use crate::exchange::{Exchange, Gathering, Profile, decode_body};
use crate::facts::Page;
use crate::facts::links::{Link, Role};
use crate::facts::page;
use crate::facts::simhash::Simhash;
use crate::text::{fold, shorten};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of a security.txt that are read.
const MOST_TEXT: usize = 32 << 10;
/// Links and blocks told of one profile.
const MOST_SHOWN: usize = 100;

/// What is kept of one answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// What was asked for.
    pub url: CanonicalUrl,
    /// The page that the question is about: a redirect's origin, the page whose title is searched for.
    pub via: Option<CanonicalUrl>,
    /// What it was asked for.
    pub gathering: Gathering,
    /// As whom.
    pub profile: Profile,
    /// Status.
    pub status: u16,
    /// Target of a redirect.
    pub redirect: Option<CanonicalUrl>,
    /// Media type, lower case.
    pub media_type: Option<String>,
    /// SHA-256 of the decoded body, hex; empty when it does not decode.
    pub digest: String,
    /// The page, where the answer is one; error pages, too.
    pub page: Option<Box<Page>>,
    /// The text of a security.txt.
    pub text: Option<String>,
}

impl Answered {
    /// What is kept of an exchange.
    pub fn of(exchange: &Exchange) -> Self {
        let body = decode_body(exchange, 16 << 20).ok();
        let text = body.as_ref().filter(|_| exchange.gathering == Gathering::SecurityTxt);
        Answered {
            url: exchange.url.clone(),
            via: exchange.via.clone(),
            gathering: exchange.gathering,
            profile: exchange.profile,
            status: exchange.status,
            redirect: exchange.redirect(),
            media_type: exchange.media_type(),
            digest: body.as_ref().map(|b| data_encoding::HEXLOWER.encode(&Sha256::digest(b))).unwrap_or_default(),
            page: page::read(exchange).map(Box::new),
            text: text.map(|bytes| String::from_utf8_lossy(&bytes[..bytes.len().min(MOST_TEXT)]).into_owned()),
        }
    }

    fn is_dead_end(&self) -> bool {
        self.redirect.is_none()
    }
}

/// Puts kept answers together. `pages` holds the own pages that they speak of: those asked for again, those searched for.
pub fn assemble(answers: &[Answered], looked: Vec<Looked>, pages: &BTreeMap<CanonicalUrl, Page>) -> Probes {
    let mut probes = Probes::default();
    for one in looked {
        match one {
            Looked::Certificate(certificate) => probes.certificates.push(certificate),
            Looked::Addresses(addresses) => probes.addresses.push(addresses),
        }
    }
    let of = |gathering: Gathering| -> Vec<&Answered> { answers.iter().filter(|a| a.gathering == gathering).collect() };
    probes.random_paths = starts(&of(Gathering::RandomPath)).map(|(start, end)| random_path(start, end)).collect();
    probes.security = starts(&of(Gathering::SecurityTxt)).map(|(start, end)| security_txt(start, end)).collect();
    probes.second_profiles = second_profiles(&of(Gathering::SecondProfile), pages);
    probes.searches = searches(&of(Gathering::Search), pages);
    probes
}

/// First questions with the answer to which their redirects led.
fn starts<'a>(answers: &[&'a Answered]) -> impl Iterator<Item = (&'a Answered, &'a Answered)> {
    let by_url: BTreeMap<CanonicalUrl, &'a Answered> = answers.iter().map(|a| (a.url.clone(), *a)).collect();
    let targets: BTreeSet<CanonicalUrl> = answers.iter().filter_map(|a| a.redirect.clone()).collect();
    let first: Vec<&'a Answered> = answers.iter().copied().filter(|a| a.via.is_none() && !targets.contains(&a.url)).collect();
    first.into_iter().map(move |start| {
        let mut end = start;
        for _ in 0..20 {
            match end.redirect.as_ref().and_then(|target| by_url.get(target)) {
                Some(next) if !std::ptr::eq(*next, end) => end = next,
                _ => break,
            }
        }
        (start, end)
    })
}

fn random_path(start: &Answered, end: &Answered) -> RandomPath {
    let text = end.page.as_ref().map(|page| page.document.main.iter().chain(&page.document.around));
    let pieces = text.into_iter().flatten().filter(|block| block.hidden.is_none()).map(|block| block.text.as_str());
    RandomPath {
        url: start.url.clone(),
        status: end.status,
        landed: start.redirect.is_some().then(|| end.redirect.clone().unwrap_or_else(|| end.url.clone())),
        digest: end.digest.clone(),
        title: end.page.as_ref().map(|page| page.document.title.clone()).unwrap_or_default(),
        simhash: Simhash::of(pieces).map_or(0, |print| print.hash),
    }
}

fn security_txt(start: &Answered, end: &Answered) -> SecurityTxt {
    let text = end.text.as_deref().unwrap_or_default();
    let values = |name: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|(n, _)| n.trim().eq_ignore_ascii_case(name)).map(|(_, value)| shorten(value.trim(), 300)).take(20).collect()
    };
    SecurityTxt {
        url: start.url.clone(),
        status: end.status,
        media_type: end.media_type.clone(),
        contacts: values("contact"),
        expires: values("expires"),
        html: end.page.is_some(),
    }
}

/// What only another profile is shown: not in the page as we were shown it first, and not when we asked again at that moment.
fn second_profiles(answers: &[&Answered], pages: &BTreeMap<CanonicalUrl, Page>) -> Vec<SecondProfile> {
    let control: BTreeMap<&CanonicalUrl, &Answered> =
        answers.iter().filter(|a| a.profile == Profile::Own).map(|a| (&a.url, *a)).collect();
    let mut found = Vec::new();
    for answer in answers.iter().filter(|a| a.profile != Profile::Own) {
        let Some(first) = pages.get(&answer.url) else { continue };
        let again = control.get(&answer.url);
        // Without a second look as ourselves, only an answer that is the same byte by byte says something.
        let same = answer.digest == first.digest;
        if !same && again.is_none() {
            continue;
        }
        let ours: Vec<&Page> = std::iter::once(first).chain(again.and_then(|a| a.page.as_deref())).collect();
        let links: BTreeSet<String> = ours.iter().flat_map(|page| page.links.iter().map(address)).collect();
        let texts: BTreeSet<String> = ours
            .iter()
            .flat_map(|page| page.document.main.iter().chain(&page.document.around))
            .map(|block| fold(&block.text))
            .collect();
        let theirs = answer.page.as_deref().filter(|_| !same);
        let mut only_there: Vec<(String, String)> = theirs
            .into_iter()
            .flat_map(|page| &page.links)
            .filter(|link| link.role == Role::Anchor && !links.contains(&address(link)))
            .map(|link| (shorten(&address(link), 500), link.text.clone()))
            .take(MOST_SHOWN)
            .collect();
        if let Some(target) = answer.redirect.as_ref().filter(|_| again.is_none_or(|a| a.redirect.is_none())) {
            only_there.insert(0, (target.to_string(), String::new()));
        }
        let blocks = theirs.into_iter().flat_map(|page| page.document.main.iter().chain(&page.document.around));
        found.push(SecondProfile {
            url: answer.url.clone(),
            profile: answer.profile.word().to_owned(),
            status: answer.status,
            title: answer.page.as_ref().map(|page| page.document.title.clone()).unwrap_or_default(),
            only_there,
            text_only_there: blocks
                .filter(|block| !texts.contains(&fold(&block.text)))
                .map(|block| shorten(&block.text, 300))
                .take(MOST_SHOWN)
                .collect(),
        });
    }
    found
}

fn address(link: &Link) -> String {
    link.target.as_ref().map_or_else(|| link.raw.clone(), CanonicalUrl::to_string)
}

/// Phrases of a result page that found nothing, folded.
const NOTHING: [&str; 16] = [
    "没有找到",
    "未找到",
    "没有搜索到",
    "未搜索到",
    "未检索到",
    "没有检索到",
    "没有查询到",
    "暂无结果",
    "无搜索结果",
    "找到0",
    "共0条",
    "0条结果",
    "noresults",
    "0results",
    "nothingfound",
    "nomatch",
];

fn searches(answers: &[&Answered], pages: &BTreeMap<CanonicalUrl, Page>) -> Vec<Search> {
    // What every result page shows is its frame.
    let mut shown: BTreeMap<String, usize> = BTreeMap::new();
    for page in answers.iter().filter_map(|a| a.page.as_deref()) {
        let distinct: BTreeSet<String> = page.links.iter().map(address).collect();
        distinct.into_iter().for_each(|address| *shown.entry(address).or_default() += 1);
    }
    let frame: BTreeSet<&String> = shown.iter().filter(|(_, times)| **times > 1).map(|(address, _)| address).collect();
    let mut found = Vec::new();
    for answer in answers.iter().filter(|a| a.is_dead_end()) {
        let Some(wanted) = answer.via.as_ref().and_then(|url| pages.get(url)) else { continue };
        let page = answer.page.as_deref();
        let title = fold(wanted.title());
        let is_it = |link: &&Link| {
            link.target.as_ref().is_some_and(|url| url.key() == wanted.url.key())
                || link.role == Role::Anchor && !title.is_empty() && fold(&link.text).contains(&title)
        };
        let hit = page.is_some_and(|page| page.links.iter().any(|link| is_it(&link)));
        let results = page.map_or(0, |page| {
            page.links.iter().filter(|link| link.role == Role::Anchor && !frame.contains(&address(link))).count()
        });
        let says_nothing = page.is_some_and(|page| {
            let blocks = page.document.main.iter().chain(&page.document.around).filter(|block| block.hidden.is_none());
            blocks.map(|block| fold(&block.text)).any(|text| NOTHING.iter().any(|phrase| text.contains(phrase)))
        });
        found.push(Search {
            url: answer.url.clone(),
            title: wanted.title().to_owned(),
            wanted: wanted.url.clone(),
            status: answer.status,
            script_filled: !hit && !says_nothing && results == 0,
            found: hit,
        });
    }
    found
}
