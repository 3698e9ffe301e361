//! Site facts: folds over the pages and URL states of one run, for one unit's scope.

pub mod bound;
mod columns;
pub mod ends;
mod gathered;
mod home;
pub mod lookups;
mod membership;
mod named;
mod naming;
mod paging;
mod pairing;
mod sorted;
mod sources;
mod targets;
pub mod trust;

pub use bound::{Bound, Moved, Said};
pub use ends::{Ends, Truth, truth};
pub use named::Named;
pub(crate) use paging::continuation;
pub use sources::{LinkSource, Sources};
use targets::Targets;
pub use trust::Trust;

use super::annual_report::AnnualReport;
use super::catalogue::CatalogueRow;
use super::column_list::ListItem;
use super::document_kind::DocumentKind;
use super::file::{File, FileSummary};
use super::footer::Footer;
use super::messages::Message;
use super::offers::Offers;
use super::page::Page;
use super::page_kind::PageKind;
use super::pairs::Pair;
use super::particulars::Particulars;
use super::platform::Platform;
use super::probes::Probes;
use super::simhash::Simhash;
use crate::checklist::columns::{ColumnBook, ColumnMatch};
use crate::error::Error;
use crate::exchange::Gathering;
use crate::shelf::Shelf;
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How a URL of the run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct UrlState {
    /// The URL.
    pub url: CanonicalUrl,
    /// What it was asked for.
    pub gathering: Gathering,
    /// Links followed from a seed.
    pub hops: u32,
    /// The page that led here first.
    pub via: Option<CanonicalUrl>,
    /// Every look, in order: one, or two when the first looked dead.
    pub looks: Vec<Look>,
}

/// One look at a URL.
#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    /// A response came.
    Answered {
        /// HTTP status.
        status: u16,
        /// Target of a redirect.
        redirect: Option<CanonicalUrl>,
        /// Media type, lower case.
        media_type: Option<String>,
        /// A sign that the answer is a challenge or a wall (body or header marker), in a word.
        challenge: Option<String>,
        /// When.
        at: jiff::Timestamp,
    },
    /// No response.
    Unfetched {
        /// Why.
        reason: Reason,
        /// Detail for people.
        detail: String,
        /// Requests made.
        attempts: u32,
        /// When.
        at: jiff::Timestamp,
    },
}

/// What following a link leads to, after redirects; the three-valued truth of design.md 2.7.
#[derive(Debug, Clone, PartialEq)]
pub enum TargetOutcome {
    /// It answers.
    Works {
        /// Last status.
        status: u16,
    },
    /// Two looks agree that there is nothing: 404, 410, a name that does not exist, a redirect loop …
    Dead {
        /// The cause in a word: `404`, `410`, `name-not-found`, `redirect-loop` …
        cause: String,
    },
    /// It may be there: 401, 403, 412, 429, 5xx, challenge, time-out, robots, reset: its own count, never dead.
    Blocked {
        /// The cause in a word.
        cause: String,
    },
    /// Not looked at in this run.
    Unseen {
        /// The cause in a word.
        cause: String,
    },
}

/// A distinct target with the places that refer to it.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkTarget {
    /// The target.
    pub url: CanonicalUrl,
    /// Inside the unit's or the site's scope (by origin)?
    pub own: bool,
    /// Is it a file offered for download?
    pub attachment: bool,
    /// What following it leads to.
    pub outcome: TargetOutcome,
    /// Every URL of the redirect chain after the first.
    pub chain: Vec<CanonicalUrl>,
    /// The looks that decided; none of a target that works.
    pub looks: Vec<Look>,
    /// First 50 sources in canonical page order.
    pub sources: Sources,
    /// Links in all (each link of each page once, with its repetitions on a page).
    pub occurrences: u64,
    /// Distinct pages that refer to it.
    pub pages: u64,
}

/// A column: a list page and its continuation pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Canonical URL of the list's first page: its identity.
    pub url: CanonicalUrl,
    /// Name: ColumnName meta, breadcrumb end, heading, or the text of the links that lead here.
    pub name: String,
    /// Names of the columns above, outermost first, without 首页.
    pub path: Vec<String>,
    /// Which column of the book it is.
    pub matched: ColumnMatch,
    /// Items of all its fetched pages, in order.
    pub items: Vec<ListItem>,
    /// Pages fetched of it.
    pub pages: Vec<CanonicalUrl>,
    /// Was every page of the list fetched?
    pub complete: bool,
    /// Is the list filled by script, or shown in a frame?
    pub script_filled: bool,
    /// A note why there is nothing, or what stands in place of a list: the beginning of a text, a file, a picture.
    pub note: Option<String>,
    /// Newest date of items, or of the pages they lead to where rows show none.
    pub newest: Option<Date>,
    /// How the newest date was known, for evidence: `list`, `article`, or `sub-column` (the newest of its children).
    pub newest_from: Option<String>,
    /// Title and URL of the newest item.
    pub newest_item: Option<ListItem>,
    /// Has sub-columns of its own with content (then emptiness of its own list is no fault).
    pub children: Vec<CanonicalUrl>,
    /// Fewest links from the home page.
    pub hops: u32,
    /// What the office says of it.
    pub bound: Option<Bound>,
}

/// What site-level rules need of each page: small, whatever the page's size.
#[derive(Debug, Clone, PartialEq)]
pub struct PageSummary {
    /// The page.
    pub url: CanonicalUrl,
    /// Its kind.
    pub kind: PageKind,
    /// Document kind, when sure.
    pub document_kind: Option<DocumentKind>,
    /// Title.
    pub title: String,
    /// Publish date to believe.
    pub publish_date: Option<Date>,
    /// Hour and minute of the publish date, where the page gives them.
    pub publish_time: Option<String>,
    /// 成文日期.
    pub written_date: Option<Date>,
    /// 索引号.
    pub index_number: Option<String>,
    /// The column it belongs to (first list that holds it).
    pub column: Option<CanonicalUrl>,
    /// Names of the columns above it, outermost first; shared by the pages of a column.
    pub column_path: Arc<[String]>,
    /// What it offers for the duties of its column.
    pub offers: Offers,
    /// Print of its main text.
    pub simhash: Option<Simhash>,
}

/// All site facts of one unit (or of the whole site).
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// The home page, when it was fetched.
    pub home: Option<Box<Page>>,
    /// Pages by URL.
    pub pages: BTreeMap<CanonicalUrl, Box<PageSummary>>,
    /// Columns by identity.
    pub columns: BTreeMap<CanonicalUrl, Column>,
    /// Link targets by URL.
    pub targets: BTreeMap<CanonicalUrl, LinkTarget>,
    /// The footers that occur, each with the number of pages and the first page that shows it, most frequent first.
    pub footers: Vec<(Footer, u64, CanonicalUrl)>,
    /// Newest dated item that the home page links to, with its title and where the date came from.
    pub home_newest: Option<(Date, String, String)>,
    /// Did the crawl see everything it discovered (no budget, stop or host given up)?
    pub complete: bool,
    /// URLs that ended without response, by reason.
    pub unfetched: BTreeMap<Reason, u64>,
    /// Files that were fetched and read, by URL.
    pub files: BTreeMap<CanonicalUrl, FileSummary>,
    /// Annual reports on disclosure, of pages and of files, by URL.
    pub reports: Vec<AnnualReport>,
    /// Messages of the public, by the page that shows them, in canonical order; at most 20,000.
    pub messages: Vec<(CanonicalUrl, Message)>,
    /// Rows of the unit's own catalogues, from pages and files; at most 5,000.
    pub catalogues: Vec<CatalogueRow>,
    /// Pages that belong together, sorted by kind, first and second.
    pub pairs: Vec<Pair>,
    /// What is read of documents by their kind, by URL: of pages whose kind is sure, and of files.
    pub particulars: BTreeMap<CanonicalUrl, Particulars>,
    /// Answers to the planned probes.
    pub probes: Probes,
    /// The content management system that most of its telling pages betray, with the number of pages and a sign.
    pub platform: Option<(Platform, u64, String)>,
    /// Milliseconds that pages took, the first 2,000 in canonical order.
    pub load_times: Vec<(CanonicalUrl, u32)>,
    /// How far its dates can be trusted.
    pub trust: Trust,
    /// Which targets and pages carry names of columns.
    pub named: Named,
    /// What the office says of the unit's columns, or was proposed; empty: nobody has bound any.
    pub bound: Vec<Bound>,
    /// Lists that people named are gone, so many that the site was rebuilt.
    pub moved: Option<Moved>,
    /// Where the sources of its targets are read.
    sources: Option<Arc<sources::Kept>>,
    lookups: lookups::Lookups,
}

impl Site {
    /// What kept link sources or drafts of pairs from being read: what was judged without them does not hold.
    pub fn failure(&self) -> Option<Error> {
        self.sources.as_ref()?.failure()
    }
}

/// A test of URLs.
type Predicate<'a> = Box<dyn Fn(&CanonicalUrl) -> bool + 'a>;

/// Folds pages and URL states into a [`Site`]. Pages come in canonical URL order (sources and footers keep the first of them);
/// states in any order, before or after the pages.
pub struct SiteBuilder<'a> {
    own: Predicate<'a>,
    within: Option<Predicate<'a>>,
    book: &'a ColumnBook,
    homes: Vec<CanonicalUrl>,
    until: Option<Date>,
    cut: bool,
    bound: Vec<Bound>,
    ends: Ends,
    gathered: gathered::Gathered,
    targets: Targets,
}

impl<'a> SiteBuilder<'a> {
    /// An empty fold. `own` tells the own origins (twins included) from external ones.
    pub fn new(own: impl Fn(&CanonicalUrl) -> bool + 'a, book: &'a ColumnBook) -> Self {
        SiteBuilder {
            own: Box::new(own),
            within: None,
            book,
            homes: Vec::new(),
            until: None,
            cut: false,
            bound: Vec::new(),
            ends: Ends::default(),
            gathered: gathered::Gathered::default(),
            targets: Targets::default(),
        }
    }

    /// Which URLs are the unit's: decides whose missing pages make the site incomplete. Default: the own origins.
    pub fn within(mut self, within: impl Fn(&CanonicalUrl) -> bool + 'a) -> Self {
        self.within = Some(Box::new(within));
        self
    }

    /// Where link sources and drafts of pairs are put away; in memory without one. Said before the first page.
    pub fn shelf(mut self, shelf: Shelf) -> Self {
        self.gathered = gathered::Gathered::new(shelf.another());
        self.targets = Targets::new(shelf);
        self
    }

    /// Where the home page is looked for, best first: seeds, roots of the unit's scope. A page that calls itself home is found
    /// without.
    pub fn homes(mut self, homes: Vec<CanonicalUrl>) -> Self {
        self.homes = homes;
        self
    }

    /// The day of judgement: dates after it are mistakes or appointments, and show nothing of how fresh a list is.
    pub fn until(mut self, day: Date) -> Self {
        self.until = Some(day);
        self
    }

    /// Says that the run was cut, whatever its states show.
    pub fn cut(mut self, cut: bool) -> Self {
        self.cut = cut;
        self
    }

    /// What is said of the unit's columns.
    pub fn bound(mut self, bound: Vec<Bound>) -> Self {
        self.bound = bound;
        self
    }

    /// Adds a page; only what answered 200 is a page of a site, other documents are passed over.
    pub fn add_page(&mut self, page: &Page) {
        if page.status == 200 {
            self.gathered.add_page(page, &self.homes);
            self.targets.add_page(page);
        }
    }

    /// Adds a file that was fetched and read.
    pub fn add_file(&mut self, file: &File) {
        self.gathered.add_file(file);
    }

    /// Adds the answers to probes.
    pub fn add_probes(&mut self, probes: Probes) {
        self.gathered.probes = probes;
    }

    /// Adds how a URL ended.
    pub fn add_state(&mut self, state: &UrlState) {
        self.ends.add(state);
        self.add_end(state);
    }

    /// Counts how a URL ended without keeping its looks, for [`SiteBuilder::finish_with`].
    pub fn add_end(&mut self, state: &UrlState) {
        let within = self.within.as_deref().unwrap_or(&*self.own);
        if within(&state.url) {
            self.gathered.add_end(state);
        }
    }

    /// Ends the fold.
    pub fn finish(mut self) -> Site {
        let ends = std::mem::take(&mut self.ends);
        self.finish_with(&ends)
    }

    /// Ends the fold with looks that several folds share.
    pub fn finish_with(self, ends: &Ends) -> Site {
        let SiteBuilder { own, book, until, cut, bound, gathered, targets, .. } = self;
        gathered.finish(&gathered::Around { ends, own: &*own, book, until, cut, bound: &bound }, targets)
    }
}
