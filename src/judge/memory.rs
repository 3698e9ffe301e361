//! A run held in memory: the material of tests and of the cases in rule fixtures.

use super::{Material, RunInfo};
use crate::error::Result;
use crate::exchange::Gathering;
use crate::facts::charset::Charset;
use crate::facts::document::Document;
use crate::facts::document_kind::KindOfDocument;
use crate::facts::footer::Footer;
use crate::facts::header::MetadataHeader;
use crate::facts::page_kind::PageKind;
use crate::facts::probes::Probes;
use crate::facts::site::{Look, UrlState};
use crate::facts::{File, Page};
use crate::url::CanonicalUrl;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Pages and URL states in canonical order, with what the run tells about itself.
#[derive(Debug, Clone)]
pub struct Memory {
    info: RunInfo,
    pages: Vec<Page>,
    states: Vec<UrlState>,
    files: Vec<File>,
    probes: Probes,
}

impl Memory {
    /// A complete run that gathered pages and checked links, ended at an instant, and holds nothing yet.
    pub fn new(at: Timestamp) -> Self {
        let info = RunInfo {
            id: "memory".into(),
            started_at: at,
            finished_at: at,
            complete: true,
            capture_sha256: String::new(),
            seeds: Vec::new(),
            gatherings: vec![Gathering::Pages, Gathering::LinkCheck],
            inputs: BTreeMap::new(),
            shrunk: None,
        };
        Memory { info, pages: Vec::new(), states: Vec::new(), files: Vec::new(), probes: Probes::default() }
    }

    /// What the run tells about itself, to be changed.
    pub fn info_mut(&mut self) -> &mut RunInfo {
        &mut self.info
    }

    /// Adds a page. Its URL gets a state with one answered look, unless it has a state already.
    pub fn add_page(&mut self, page: Page) {
        if self.states.binary_search_by(|s| s.url.cmp(&page.url)).is_err() {
            let look = Look::Answered {
                status: page.status,
                redirect: None,
                media_type: Some("text/html".into()),
                challenge: None,
                at: self.info.finished_at,
            };
            let (url, via) = (page.url.clone(), page.via.clone());
            self.add_state(UrlState { url, gathering: Gathering::Pages, hops: page.hops, via, looks: vec![look] });
        }
        match self.pages.binary_search_by(|p| p.url.cmp(&page.url)) {
            Ok(at) => self.pages[at] = page,
            Err(at) => self.pages.insert(at, page),
        }
    }

    /// Adds a URL state, in place of the one that its URL may have.
    pub fn add_state(&mut self, state: UrlState) {
        match self.states.binary_search_by(|s| s.url.cmp(&state.url)) {
            Ok(at) => self.states[at] = state,
            Err(at) => self.states.insert(at, state),
        }
    }

    /// Adds a URL that answered every look with a status.
    pub fn add_status(&mut self, url: &CanonicalUrl, status: u16, looks: usize) {
        let look = Look::Answered { status, redirect: None, media_type: None, challenge: None, at: self.info.finished_at };
        let looks = vec![look; looks];
        self.add_state(UrlState { url: url.clone(), gathering: Gathering::LinkCheck, hops: 1, via: None, looks });
    }

    /// Adds a file that was fetched and read; the run then holds attachments.
    pub fn add_file(&mut self, file: File) {
        if !self.info.gatherings.contains(&Gathering::Attachments) {
            self.info.gatherings.push(Gathering::Attachments);
        }
        match self.files.binary_search_by(|f| f.url.cmp(&file.url)) {
            Ok(at) => self.files[at] = file,
            Err(at) => self.files.insert(at, file),
        }
    }

    /// The answers to probes, to be changed; add the gathering to [`Memory::info_mut`], too.
    pub fn probes_mut(&mut self) -> &mut Probes {
        &mut self.probes
    }

    /// The pages in canonical order.
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The URL states in canonical order.
    pub fn states(&self) -> &[UrlState] {
        &self.states
    }
}

/// A page of no kind with nothing on it, to be filled by hand.
pub fn blank(url: CanonicalUrl) -> Page {
    Page {
        url,
        status: 200,
        hops: 1,
        via: None,
        digest: String::new(),
        bytes: 0,
        charset: Charset { used: "utf-8".into(), by: "detection".into(), ..Charset::default() },
        document: Document::default(),
        kind: PageKind::Other,
        links: Vec::new(),
        meta: Vec::new(),
        header: MetadataHeader::default(),
        dates: Vec::new(),
        document_kind: KindOfDocument::default(),
        list: None,
        breadcrumb: None,
        footer: Footer::default(),
        attachments: Vec::new(),
        tables: Vec::new(),
        forms: Vec::new(),
        elements: crate::facts::elements::Elements::default(),
        messages: Vec::new(),
        accessibility: Default::default(),
        search_box: Default::default(),
        transport: Default::default(),
        report: None,
        selected: Vec::new(),
        platform: None,
        simhash: None,
        concealed: Vec::new(),
        particulars: None,
        by_script: None,
        rendered: false,
    }
}

impl Material for Memory {
    fn info(&self) -> &RunInfo {
        &self.info
    }

    fn for_each_page(&self, visit: &mut dyn FnMut(Page) -> Result<()>) -> Result<()> {
        self.pages.iter().cloned().try_for_each(visit)
    }

    fn for_each_state(&self, visit: &mut dyn FnMut(UrlState) -> Result<()>) -> Result<()> {
        self.states.iter().cloned().try_for_each(visit)
    }

    fn for_each_file(&self, visit: &mut dyn FnMut(File) -> Result<()>) -> Result<()> {
        self.files.iter().cloned().try_for_each(visit)
    }

    fn probes(&self) -> Result<Probes> {
        Ok(self.probes.clone())
    }
}
