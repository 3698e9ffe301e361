//! What a run saw that daily reports speak of: the newest item of the home page, columns with their rhythm, dead links of the home page,
//! the certificate. Kept beside the run in the store, as JSON.

use crate::checklist::columns::ColumnMatch;
use crate::facts::Site;
use crate::facts::site::TargetOutcome;
use crate::plan::Plan;
use crate::registry::{Binding, BindingState};
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Columns that are kept of a run at most.
const MOST_COLUMNS: usize = 2_000;

/// What was seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Seen {
    /// Was the home page there?
    pub home: bool,
    /// Newest date that it shows.
    pub home_newest: Option<Date>,
    /// Distinct dead targets that the home page links to.
    pub home_dead: Vec<CanonicalUrl>,
    /// Columns that have a rhythm, by URL.
    pub columns: Vec<SeenColumn>,
    /// Certificates by host.
    pub certificates: Vec<SeenCertificate>,
}

/// A column with a rhythm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeenColumn {
    /// Its first page.
    pub url: CanonicalUrl,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Its id in the book.
    pub column: Option<String>,
    /// Newest date; none when nothing dated was seen.
    pub newest: Option<Date>,
    /// Longest time without an update, in days.
    pub window: u32,
    /// Did a person confirm what it is?
    pub confirmed: bool,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenCertificate {
    /// Host.
    pub host: String,
    /// Last day.
    pub until: Option<Date>,
    /// What is wrong with it.
    pub fault: Option<String>,
}

impl Seen {
    /// What a run's site facts show.
    pub fn of(plan: &Plan, site: &Site, bindings: &[Binding]) -> Self {
        let mut columns = Vec::new();
        for column in site.columns.values().take(MOST_COLUMNS) {
            let bound = bindings.iter().find(|b| b.url == column.url && b.state != BindingState::Rejected);
            let rejected = bindings.iter().any(|b| b.url == column.url && b.state == BindingState::Rejected);
            let by_name = match &column.matched {
                ColumnMatch::Is(id) if !rejected => Some(id.clone()),
                _ => None,
            };
            let id = bound.and_then(|b| b.column.clone()).or(by_name);
            let of_book = id.as_deref().and_then(|id| plan.book.find(id)).and_then(|entry| entry.window());
            let Some(window) = bound.and_then(|b| b.window_days).or(of_book) else { continue };
            columns.push(SeenColumn {
                url: column.url.clone(),
                name: column.name.clone(),
                unit: unit_of(plan, &column.url).to_owned(),
                column: id,
                newest: column.newest,
                window,
                confirmed: bound.is_some_and(|b| b.state == BindingState::Confirmed),
            });
        }
        let home = site.home.as_ref().map(|home| &home.url);
        let dead = site.targets.values().filter(|target| {
            matches!(target.outcome, TargetOutcome::Dead { .. })
                && target.sources.iter().any(|source| Some(&source.page) == home && source.hidden.is_none())
        });
        Seen {
            home: home.is_some(),
            home_newest: site.home_newest.as_ref().map(|(date, ..)| *date),
            home_dead: dead.map(|target| target.url.clone()).collect(),
            columns,
            certificates: site
                .probes
                .certificates
                .iter()
                .map(|c| SeenCertificate { host: c.host.clone(), until: c.not_after, fault: c.fault.clone() })
                .collect(),
        }
    }
}

/// The unit to whose scope a URL belongs; the operator where none.
fn unit_of<'p>(plan: &'p Plan, url: &CanonicalUrl) -> &'p str {
    let weighed = plan.units.iter().filter_map(|unit| Some((unit.scope.matched(url, None)?, unit)));
    let best = weighed.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map_or(plan.operator.as_str(), |(_, unit)| unit.id.as_str())
}
