//! The reports of a site: those on pages, those in files, and pages that only offer a file joined with what it holds.

use super::{AnnualReport, Form, read};
use crate::facts::file::File;
use crate::facts::site::Column;
use crate::url::CanonicalUrl;
use std::collections::BTreeMap;

/// Reports kept of one site: a platform may hold those of many bodies and years.
const MOST: usize = 20_000;

/// The fold before its end.
#[derive(Debug, Default)]
pub(in crate::facts) struct Reports {
    pages: BTreeMap<CanonicalUrl, AnnualReport>,
    files: BTreeMap<CanonicalUrl, AnnualReport>,
}

impl Reports {
    /// Adds the report of a page.
    pub(in crate::facts) fn add_page(&mut self, report: &AnnualReport) {
        if self.pages.len() < MOST {
            self.pages.insert(report.url.clone(), report.clone());
        }
    }

    /// Adds a file, which may hold one.
    pub(in crate::facts) fn add_file(&mut self, file: &File) {
        if self.files.len() < MOST
            && let Some(report) = read::of_file(file)
        {
            self.files.insert(file.url.clone(), report);
        }
    }

    /// Every report once, by URL. A file's report takes date and page from the page that offers it; where that page tells the
    /// report itself, the file is its copy.
    pub(in crate::facts) fn finish(self, columns: &BTreeMap<CanonicalUrl, Column>) -> Vec<AnnualReport> {
        let Reports { mut pages, mut files } = self;
        let mut reports: BTreeMap<CanonicalUrl, AnnualReport> = BTreeMap::new();
        for page in pages.values() {
            for url in &page.files {
                if page.form == Form::Text {
                    files.remove(url);
                } else if let Some(mut report) = files.remove(url) {
                    report.page = page.url.clone();
                    report.title = page.title.clone();
                    report.body = page.body.clone().or(report.body);
                    report.year = page.year.or(report.year);
                    report.published = page.published;
                    report.date_shown = page.date_shown;
                    report.earliest = page.earliest;
                    reports.insert(url.clone(), report);
                }
            }
        }
        pages.retain(|_, page| page.form == Form::Text || !page.files.iter().any(|url| reports.contains_key(url)));
        // A file that a list offers is dated by its row.
        for (url, mut report) in files {
            let item = columns.values().flat_map(|c| &c.items).find(|item| item.url.as_ref() == Some(&url));
            if let Some(item) = item {
                report.published = item.date;
                report.date_shown = item.date.is_some();
            }
            reports.insert(url, report);
        }
        reports.extend(pages);
        reports.into_values().collect()
    }
}
