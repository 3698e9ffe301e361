//! The breadcrumb trail (当前位置).

use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crumb {
    /// Name as shown.
    pub name: String,
    /// Its link, where it has one.
    pub url: Option<CanonicalUrl>,
}

/// The trail from the home page to here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Breadcrumb {
    /// Outermost first; 首页 included when shown.
    pub steps: Vec<Crumb>,
}
