//! A faultless site with its pages read: several rounds plant into copies of it.

use super::bureau::grow::Address;
use super::bureau::{Bureau, Sent, grow};
use super::manner::{Manner, Writer};
use super::random::Random;
use super::source::Source;
use crate::checklist::columns::ColumnBook;
use crate::checklist::library;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering, Method, Profile};
use crate::facts::selected::Selector;
use crate::facts::{Page, page};
use crate::plan::{Plan, Request, Target, Unit, make};
use crate::scope::{Scope, ScopeRule};
use crate::url::CanonicalUrl;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use std::collections::BTreeMap;

/// Kinds of body that take turns.
const KINDS: [&str; 3] = ["public-security-bureau", "civil-air-defence-office", "county-government"];

/// First and last day of judgement.
const DAYS: (Date, Date) = (date(2026, 2, 26), date(2026, 11, 20));

/// The site before anything is planted.
#[derive(Debug)]
pub struct Ground {
    /// Every built-in checklist that concerns its kind, and the measurement's own.
    pub plan: Plan,
    /// Its pages as data.
    pub bureau: Bureau,
    /// How they are dressed.
    pub manner: Manner,
    /// When they were fetched.
    pub at: Timestamp,
    selectors: Vec<Selector>,
    /// By path: digest of the HTML, and the facts.
    read: BTreeMap<String, (u128, Option<Page>)>,
}

impl Ground {
    /// Grows site `number` of a seed, and reads it.
    pub fn grow(seed: u64, number: u64, source: &Source) -> Result<Self> {
        let mut random = Random::new(seed).fork(number + 1);
        let manner = Manner::ALL[number as usize % Manner::ALL.len()];
        let kind = KINDS[(number as usize / Manner::ALL.len() + number as usize) % KINDS.len()];
        let host = format!("www.bureau{number}.gov.cn");
        let as_of = random.day(DAYS.0, DAYS.1);
        // Two sites of three are encrypted, of every kind and manner.
        let address = Address { host: &host, https: !number.is_multiple_of(3) };
        let plan = plan(address, kind, as_of, source)?;
        let around = grow::Around { plan: &plan, content: &source.content, paths: &|place| manner.path(place) };
        let bureau = grow::grow(&around, &mut random, address, kind, as_of)?;
        let day = bureau.as_of.at(4, 0, 0, 0).to_zoned(crate::clock::shanghai()).map_err(|e| Error::Internal(e.to_string()))?;
        let selectors = plan.selectors();
        let mut ground = Ground { plan, bureau, manner, at: day.timestamp(), selectors, read: BTreeMap::new() };
        for (path, html) in Writer::new(manner, &source.templates[manner.at()])?.write(&ground.bureau)? {
            let digest = digest(&html);
            let page = ground.fresh(&ground.bureau, &path, html, &Sent::default())?;
            ground.read.insert(path, (digest, page));
        }
        Ok(ground)
    }

    /// The facts of a page, read anew only where no plant left it alone.
    pub fn page(&self, bureau: &Bureau, path: &str, html: String, sent: &Sent) -> Result<Option<Page>> {
        match self.read.get(path) {
            Some((known, page)) if *known == digest(&html) && bureau.host == self.bureau.host && *sent == Sent::default() => {
                Ok(page.clone())
            }
            _ => self.fresh(bureau, path, html, sent),
        }
    }

    fn fresh(&self, bureau: &Bureau, path: &str, html: String, sent: &Sent) -> Result<Option<Page>> {
        let declared = sent.declared.as_deref().unwrap_or("utf-8");
        let body = match sent.encoding.as_deref().and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes())) {
            Some(encoding) => encoding.encode(&html).0.into_owned(),
            None => html.into_bytes(),
        };
        let mut exchange = exchange(absolute(bureau, path)?, body, self.at);
        exchange.headers = vec![("content-type".into(), format!("text/html; charset={declared}"))];
        Ok(page::read_with(&exchange, &self.selectors))
    }
}

/// How a page of HTML in UTF-8 was answered.
pub fn exchange(url: CanonicalUrl, body: Vec<u8>, at: Timestamp) -> Exchange {
    Exchange {
        method: Method::Get,
        gathering: Gathering::Pages,
        status: 200,
        headers: vec![("content-type".into(), "text/html; charset=utf-8".into())],
        body: body.into(),
        at,
        hops: u32::from(!url.is_root()),
        url,
        via: None,
        attempts: 1,
        look: 1,
        elapsed: Some(180),
        profile: Profile::Own,
    }
}

/// A path of a site, or an address as it is.
pub fn absolute(bureau: &Bureau, path: &str) -> Result<CanonicalUrl> {
    let text = if path.starts_with('/') { format!("{}{path}", bureau.origin()) } else { path.to_owned() };
    CanonicalUrl::parse(&text).map_err(|e| Error::Internal(format!("{text}: {e}")))
}

fn digest(html: &str) -> u128 {
    xxhash_rust::xxh3::xxh3_128(html.as_bytes())
}

/// Every built-in checklist that concerns the kind, and the measurement's own.
pub fn plan(address: Address<'_>, kind: &str, as_of: Date, source: &Source) -> Result<Plan> {
    let scheme = if address.https { "https" } else { "http" };
    let seed = CanonicalUrl::parse(&format!("{scheme}://{}/", address.host)).map_err(|e| Error::Internal(e.to_string()))?;
    let mut request = Request::new(Target::Live(vec![seed.clone()]), Config::default());
    request.as_of = Some(as_of);
    let book = ColumnBook::load();
    for id in library::ids() {
        let kinds = library::resolve(id, &book)?.checklist.applies_to;
        if kinds.is_empty() || kinds.iter().any(|k| k == kind) {
            request.checklists.push(id.to_owned());
        }
    }
    request.texts.push(("fixtures/bureaus/checklist.toml".into(), source.checklist.clone()));
    let mut scope = Scope::of_seed(&seed);
    scope.include.push(ScopeRule { host: Some(grow::other_host(address.host)), ..ScopeRule::default() });
    request.units = vec![Unit { id: "bureau".into(), name: "bureau".into(), kind: Some(kind.to_owned()), scope }];
    make(request)
}
