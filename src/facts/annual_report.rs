//! 政府信息公开工作年度报告: its parts, its three tables by their labels, figures of the text; from a page or a file.

use crate::url::CanonicalUrl;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One annual report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnnualReport {
    /// The page or file that holds it.
    pub url: CanonicalUrl,
    /// The page that offers the file, or the page itself.
    pub page: CanonicalUrl,
    /// Title.
    pub title: String,
    /// The body that reports, from the title.
    pub body: Option<String>,
    /// The year reported about, from title and period.
    pub year: Option<i16>,
    /// Publish date of the page.
    pub published: Option<Date>,
}
