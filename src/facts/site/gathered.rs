//! What a fold keeps of each page until it ends: small drafts, the home page, the footers, the ends.

use super::columns::{self, Assembled};
use super::paging::{address, folder};
use super::pairing::{self, PairDrafts, Paired};
use super::targets::Targets;
use super::{Ends, Look, Site, UrlState, home, membership};
use crate::checklist::columns::ColumnBook;
use crate::exchange::Gathering;
use crate::facts::accounts::Accounts;
use crate::facts::annual_report::gathered::Reports;
use crate::facts::breadcrumb::Crumb;
use crate::facts::catalogue::{self, CatalogueRow};
use crate::facts::column_list::filler::is_filler;
use crate::facts::column_list::{ColumnList, ListItem};
use crate::facts::document_kind::DocumentKind;
use crate::facts::file::{File, FileSummary};
use crate::facts::footer::Footer;
use crate::facts::links::{Link, Region, Role};
use crate::facts::messages::Message;
use crate::facts::offers::Offers;
use crate::facts::page::Page;
use crate::facts::page_kind::PageKind;
use crate::facts::pairs::draft as pair_draft;
use crate::facts::particulars::Particulars;
use crate::facts::platform::Platform;
use crate::facts::probes::Probes;
use crate::facts::simhash::Simhash;
use crate::facts::table::Table;
use crate::shelf::Shelf;
use crate::text::{fold, is_han, shorten};
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Distinct footers kept; a site has a handful.
const MOST_FOOTERS: usize = 500;
/// Messages kept of one site.
const MOST_MESSAGES: usize = 20_000;
/// Rows of catalogues kept of one site.
const MOST_ROWS: usize = 5_000;
/// Links of a list page that may lead to sub-columns or, without a list, to its articles.
const MOST_LEADS: usize = 500;
/// A page that is neither column nor article holds a list when it shows this many rows.
const ROWS_OF_A_LIST: usize = 5;

/// What a fold ends with.
pub(super) struct Around<'a> {
    /// How URLs ended.
    pub ends: &'a Ends,
    /// Own origins.
    pub own: &'a dyn Fn(&CanonicalUrl) -> bool,
    /// The column book.
    pub book: &'a ColumnBook,
    /// Day of judgement.
    pub until: Option<Date>,
    /// The run was cut.
    pub cut: bool,
    /// What is said of columns.
    pub bound: &'a [super::Bound],
}

impl Around<'_> {
    /// A date that can show how fresh something is.
    pub(super) fn believe(&self, date: Option<Date>) -> Option<Date> {
        date.filter(|d| self.until.is_none_or(|until| *d <= until))
    }
}

/// What is kept of every page.
#[derive(Debug)]
pub(super) struct Draft {
    pub url: CanonicalUrl,
    pub kind: PageKind,
    pub document_kind: Option<DocumentKind>,
    pub title: String,
    pub publish_date: Option<Date>,
    pub publish_time: Option<String>,
    pub written_date: Option<Date>,
    pub index_number: Option<String>,
    pub hops: u32,
    /// Shared by the pages of a column.
    pub crumbs: Arc<[Crumb]>,
    pub offers: Offers,
    pub simhash: Option<Simhash>,
    /// Of list pages only.
    pub list: Option<Box<ListDraft>>,
    /// Of pages that may have a counterpart only.
    pub pairing: Option<Paired>,
}

/// What is kept of all pages.
pub(super) type Drafts = BTreeMap<CanonicalUrl, Box<Draft>>;

/// What is kept of a list page beside.
#[derive(Debug)]
pub(super) struct ListDraft {
    /// The list; none on a page that only leads on.
    pub list: Option<ColumnList>,
    /// ColumnName meta.
    pub column_name: Option<String>,
    /// First `<h1>`.
    pub heading: Option<String>,
    /// Links of the main content.
    pub leads: Vec<ListItem>,
    /// What it shows where it shows no rows: the beginning of a text (机构职能 and the like are no lists), a file, a picture.
    pub text: Option<String>,
    /// Does it show no rows, but a frame whose content is another page?
    pub framed: bool,
}

/// The fold before its end.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub drafts: Drafts,
    paired: PairDrafts,
    /// Trails that were met before.
    trails: HashSet<Arc<[Crumb]>>,
    home: Option<(home::Rank, Box<Page>)>,
    footers: BTreeMap<String, (Footer, u64, CanonicalUrl)>,
    unfetched: BTreeMap<Reason, u64>,
    cut: bool,
    files: BTreeMap<CanonicalUrl, FileSummary>,
    reports: Reports,
    messages: BTreeMap<CanonicalUrl, Vec<Message>>,
    held_messages: usize,
    particulars: BTreeMap<CanonicalUrl, Particulars>,
    catalogues: BTreeMap<CanonicalUrl, Vec<CatalogueRow>>,
    held_rows: usize,
    pub probes: Probes,
    platforms: BTreeMap<Platform, (u64, String)>,
    load_times: Vec<(CanonicalUrl, u32)>,
}

/// Pages whose times are kept.
const MOST_TIMES: usize = 2_000;

impl Gathered {
    /// Nothing yet; what does not fit into memory goes to the shelf.
    pub(super) fn new(shelf: Shelf) -> Self {
        Gathered { paired: PairDrafts::new(shelf), ..Gathered::default() }
    }

    pub(super) fn add_page(&mut self, page: &Page, homes: &[CanonicalUrl]) {
        if let Some(rank) = home::rank(page, homes)
            && self.home.as_ref().is_none_or(|(best, _)| rank < *best)
        {
            self.home = Some((rank, Box::new(page.clone())));
        }
        self.add_footer(page);
        if let Some(sign) = &page.platform {
            self.platforms.entry(sign.platform).or_insert_with(|| (0, sign.sign.clone())).0 += 1;
        }
        if let Some(report) = &page.report {
            self.reports.add_page(report);
        }
        if !page.messages.is_empty() && self.held_messages < MOST_MESSAGES {
            self.held_messages += page.messages.len();
            self.messages.insert(page.url.clone(), page.messages.clone());
        }
        if let Some(elapsed) = page.transport.elapsed.filter(|_| self.load_times.len() < MOST_TIMES) {
            self.load_times.push((page.url.clone(), elapsed));
        }
        let of_file = |particulars: &Particulars| matches!(particulars, Particulars::Accounts(_));
        if let Some(particulars) = page.particulars.as_deref().filter(|p| page.document_kind.sure || of_file(p)) {
            self.particulars.insert(page.url.clone(), particulars.clone());
        }
        self.add_catalogue(&page.url, &page.tables);
        let crumbs = self.trail(page.breadcrumb.as_ref().map_or(&[], |trail| &trail.steps));
        let pairing = pair_draft::of(page).and_then(|draft| self.paired.put(&draft));
        self.drafts.insert(page.url.clone(), Box::new(draft(page, crumbs, pairing)));
    }

    fn trail(&mut self, steps: &[Crumb]) -> Arc<[Crumb]> {
        if let Some(known) = self.trails.get(steps) {
            return known.clone();
        }
        let new: Arc<[Crumb]> = steps.into();
        self.trails.insert(new.clone());
        new
    }

    fn add_catalogue(&mut self, source: &CanonicalUrl, tables: &[Table]) {
        if self.held_rows >= MOST_ROWS {
            return;
        }
        let mut rows: Vec<CatalogueRow> = tables.iter().flat_map(|table| catalogue::rows(table, source)).collect();
        rows.truncate(MOST_ROWS - self.held_rows);
        if !rows.is_empty() {
            self.held_rows += rows.len();
            self.catalogues.insert(source.clone(), rows);
        }
    }

    pub(super) fn add_file(&mut self, file: &File) {
        self.reports.add_file(file);
        self.files.insert(file.url.clone(), FileSummary::of(file));
        let title = format!("{}{}", file.name, file.text.iter().take(5).map(String::as_str).collect::<String>());
        let captions = file.tables.iter().filter_map(|table| table.caption.as_deref());
        if let Some(accounts) = Accounts::of(&title, file.text.iter().map(String::as_str).chain(captions)) {
            self.particulars.insert(file.url.clone(), Particulars::Accounts(accounts));
        }
        self.add_catalogue(&file.url, &file.tables);
    }

    fn add_footer(&mut self, page: &Page) {
        // The text holds visitor counts and the like: footers are one when their elements are.
        let elements = Footer { text: String::new(), ..page.footer.clone() };
        let key = format!("{elements:?}");
        if let Some((_, times, _)) = self.footers.get_mut(&key) {
            *times += 1;
        } else if self.footers.len() < MOST_FOOTERS {
            self.footers.insert(key, (page.footer.clone(), 1, page.url.clone()));
        }
    }

    pub(super) fn add_end(&mut self, state: &UrlState) {
        if matches!(state.gathering, Gathering::Robots | Gathering::Sitemap) {
            return;
        }
        if let Some(Look::Unfetched { reason, .. }) = state.looks.last() {
            *self.unfetched.entry(*reason).or_default() += 1;
            let cuts = matches!(reason, Reason::Budget | Reason::Stopped | Reason::HostGivenUp | Reason::NotInFolder);
            self.cut |= cuts && state.gathering == Gathering::Pages;
        }
    }

    pub(super) fn finish(self, around: &Around<'_>, targets: Targets) -> Site {
        let Gathered {
            mut drafts,
            mut paired,
            home,
            footers,
            unfetched,
            cut,
            files,
            reports,
            messages,
            catalogues,
            particulars,
            probes,
            platforms,
            load_times,
            ..
        } = self;
        let home = home.map(|(_, page)| page);
        if let Some(home) = &home
            && let Some(draft) = drafts.get_mut(&home.url)
        {
            draft.list = None;
        }
        let home_address = home.as_ref().map(|page| address(&page.url));
        let Assembled { columns, of_page } = columns::assemble(&drafts, &targets, home_address.as_deref(), around);
        // Columns have the rows now.
        for list in drafts.values_mut().filter_map(|draft| draft.list.as_deref_mut()) {
            (list.list, list.leads) = (None, Vec::new());
        }
        let pairs = pairing::pairs(&drafts, &columns, &mut paired);
        drop(paired);
        let home_newest = home.as_deref().and_then(|page| home::newest(page, &drafts, around));
        let mut footers: Vec<(Footer, u64, CanonicalUrl)> = footers.into_values().collect();
        footers.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.2.cmp(&b.2)));
        let trust = super::trust::of(&drafts, home.as_deref(), &footers);
        // Here the drafts end, one after the other.
        let pages = membership::summaries(drafts, &columns, &of_page, home_address.as_deref());
        let reports = reports.finish(&columns);
        let (targets, sources) = targets.finish(around.ends, around.own);
        let pairs = pairs.unwrap_or_else(|error| {
            sources.fail(error);
            Vec::new()
        });
        let named = super::Named::of(around.book, &targets, &pages);
        let complete = !(cut || around.cut);
        let moved = super::bound::moved(&pages, &targets, around, complete);
        Site {
            bound: around.bound.to_vec(),
            moved,
            named,
            home,
            pages,
            columns,
            targets,
            footers,
            home_newest,
            complete,
            unfetched,
            files,
            reports,
            messages: messages.into_iter().flat_map(|(url, all)| all.into_iter().map(move |m| (url.clone(), m))).collect(),
            pairs,
            particulars,
            catalogues: catalogues.into_values().flatten().collect(),
            probes,
            platform: most_frequent(platforms),
            load_times,
            trust,
            sources: Some(sources),
            lookups: Default::default(),
        }
    }
}

/// The family of most pages; none when two are equally frequent.
fn most_frequent(platforms: BTreeMap<Platform, (u64, String)>) -> Option<(Platform, u64, String)> {
    let most = platforms.values().map(|(count, _)| *count).max()?;
    let mut best = platforms.into_iter().filter(|(_, (count, _))| *count == most);
    let (platform, (count, sign)) = best.next()?;
    best.next().is_none().then_some((platform, count, sign))
}

fn draft(page: &Page, crumbs: Arc<[Crumb]>, pairing: Option<Paired>) -> Draft {
    let rows = page.list.as_ref().map_or(0, |l| l.items.len());
    let is_list = page.kind == PageKind::Column || page.kind == PageKind::Other && rows >= ROWS_OF_A_LIST;
    Draft {
        url: page.url.clone(),
        kind: page.kind,
        document_kind: page.document_kind.sure.then_some(page.document_kind.kind),
        title: page.title().to_owned(),
        publish_date: page.publish_date(),
        publish_time: crate::facts::dates::publish_time(&page.dates).map(str::to_owned),
        written_date: page.written_date(),
        index_number: page.index_number().map(|n| shorten(n, 100)),
        hops: page.hops,
        offers: Offers::of(page),
        crumbs,
        simhash: page.simhash,
        list: is_list.then(|| {
            Box::new(ListDraft {
                list: page.list.clone(),
                column_name: page.meta("ColumnName").map(str::to_owned),
                heading: page.document.h1.iter().find(|h| !h.is_empty()).cloned(),
                leads: leads(page),
                text: if rows == 0 { own_text(page).or_else(|| own_file(page)) } else { None },
                framed: rows == 0 && shows(page, Role::Frame),
            })
        }),
        pairing,
    }
}

/// The first paragraph of a text that is neither link, trail nor the name of the page; none when all of them say next to nothing.
fn own_text(page: &Page) -> Option<String> {
    const LEAST: usize = 8;
    let known: BTreeSet<String> =
        page.links.iter().map(|link| fold(&link.text)).chain([fold(page.title()), fold(&page.document.title)]).collect();
    let mut sum = 0;
    let mut first: Option<&str> = None;
    for block in page.document.main.iter().filter(|block| block.hidden.is_none()) {
        let folded = fold(&block.text);
        if known.contains(&folded) || folded.contains("位置:") || folded.contains("位置：") || is_filler(&block.text) {
            continue;
        }
        let rest = known.iter().filter(|link| link.chars().count() > 1).fold(folded, |text, link| text.replace(link, ""));
        let said = rest.chars().filter(|c| is_han(*c)).count();
        if said >= 4 {
            sum += said;
            first = first.or(Some(&block.text));
        }
    }
    first.filter(|_| sum >= LEAST).map(|text| shorten(text, 200))
}

/// Without rows and text, a file or a picture in the main content may be the content: nothing shows that the page is empty.
fn own_file(page: &Page) -> Option<String> {
    let file = page.attachments.first().map(|file| file.name.clone());
    file.or_else(|| shows(page, Role::Image).then(|| "图片 / picture".to_owned()))
}

fn shows(page: &Page, role: Role) -> bool {
    page.links.iter().any(|link| link.role == role && link.region == Region::Main && link.hidden.is_none())
}

/// Links of the main content, hidden ones too (modules under tabs). Beside a list only those below the page's own folder matter.
fn leads(page: &Page) -> Vec<ListItem> {
    let here = address(&page.url);
    let has_list = page.list.as_ref().is_some_and(|list| !list.items.is_empty());
    let lead = |link: &Link| {
        let fits = link.role == Role::Anchor && link.region == Region::Main;
        let url = link.target.clone().filter(|url| fits && (!has_list || address(url).starts_with(folder(&here))))?;
        Some(ListItem { title: link.title.clone().unwrap_or_else(|| link.text.clone()), url: Some(url), date: None })
    };
    page.links.iter().filter_map(lead).take(MOST_LEADS).collect()
}
