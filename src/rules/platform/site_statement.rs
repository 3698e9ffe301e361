//! The annual statement of the website (政府网站工作年度报表) of last year is published by 31 January, and reached from the home page.
//!
//! Before 1 February the statement of the year before is asked for. Missing only when the site was seen whole, or when the complete list
//! of its column ends with an earlier year.

use crate::checklist::columns::ColumnMatch;
use crate::exchange::Gathering;
use crate::facts::document_kind::DocumentKind;
use crate::facts::links::Role;
use crate::facts::site::{Column, TargetOutcome};
use crate::facts::{Page, Site};
use crate::finding::{Location, Locus, Observation, RootCause};
use crate::rules::{Context, Rule};
use crate::text::fold;
use crate::url::CanonicalUrl;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SiteStatement {
    /// Id of its column in the book.
    column: String,
    /// Most links from the home page to its column.
    max_hops: u32,
}

impl Default for SiteStatement {
    fn default() -> Self {
        SiteStatement { column: "site-annual-statement".to_owned(), max_hops: 2 }
    }
}

/// Fewer links than this make a home page that is drawn by script.
const FEWEST_LINKS: usize = 5;

/// A statement of a year that was found.
struct Found<'a> {
    url: &'a CanonicalUrl,
    title: Cow<'a, str>,
    published: Option<Date>,
}

impl Rule for SiteStatement {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let due_this_year = context.as_of > date(context.as_of.year(), 1, 31);
        let year = context.as_of.year() - if due_this_year { 1 } else { 2 };
        vec![self.answer(site, year).at(Locus::Name(year.to_string())).with("year", i64::from(year))]
    }
}

impl SiteStatement {
    fn answer(&self, site: &Site, year: i16) -> Observation {
        let columns: Vec<&Column> = site.columns.values().filter(|c| c.matched == ColumnMatch::Is(self.column.clone())).collect();
        let home = site.home.as_ref().map(|home| &home.url).or_else(|| site.pages.keys().next());
        let Some(home) = home else { return Observation::untested("incomplete") };
        let place = Location::page(columns.first().map_or(home, |c| &c.url));
        if let Some(found) = self.find(site, &columns, year) {
            let due = date(year + 1, 1, 31);
            // A date of another year is one of moving house: it proves no lateness.
            if let Some(day) = found.published.filter(|day| *day > due && day.year() == due.year()) {
                return Observation::failed("late")
                    .with("published", day)
                    .with("title", &*found.title)
                    .prove("published", day.to_string())
                    .seen(Location::text(found.url, &*found.title));
            }
            let deep = columns.iter().map(|c| c.hops).min().filter(|hops| *hops > self.max_hops);
            return match deep {
                Some(hops) => Observation::failed("too-deep")
                    .with("hops", i64::from(hops))
                    .with("limit", i64::from(self.max_hops))
                    .prove("hops", hops.to_string())
                    .seen(place)
                    .cause(RootCause::Template),
                None => Observation::passed(),
            };
        }
        let linked = site
            .targets
            .values()
            .find(|t| !matches!(t.outcome, TargetOutcome::Dead { .. }) && t.sources.iter().any(|s| is_statement(&s.text)));
        if columns.iter().any(|c| c.script_filled) {
            return Observation::cannot_tell("scripted").seen(place);
        }
        let years: Vec<i16> = columns.iter().flat_map(|c| c.items.iter()).filter_map(|item| year_of(&item.title)).collect();
        let listed = columns.iter().any(|c| !c.items.is_empty() && c.complete)
            && years.len() >= columns.iter().map(|c| c.items.len()).sum();
        if listed {
            let newest = years.iter().max().map(i16::to_string).unwrap_or_default();
            return Observation::failed("missing").prove("newest-year", newest).seen(place).cause(RootCause::Column);
        }
        if !columns.is_empty() {
            return Observation::cannot_tell("no-years").seen(place);
        }
        if let Some(target) = linked {
            return Observation::cannot_tell("link-unclear").with("url", target.url.as_str()).seen(place);
        }
        let links = |page: &Page| page.links.iter().filter(|l| l.role == Role::Anchor && l.target.is_some()).count();
        match &site.home {
            Some(home) if links(home) < FEWEST_LINKS => return Observation::cannot_tell("scripted").seen(place),
            Some(_) if site.complete => {}
            // Only the home page and the whole site show that it is nowhere.
            _ => return Observation::untested("incomplete").seen(place),
        }
        Observation::failed("missing").prove("pages-seen", site.pages.len().to_string()).seen(place)
    }

    fn find<'a>(&self, site: &'a Site, columns: &[&'a Column], year: i16) -> Option<Found<'a>> {
        let of_year = |title: &str| year_of(title) == Some(year);
        let page = site
            .pages
            .values()
            .find(|p| of_year(&p.title) && (p.document_kind == Some(DocumentKind::SiteStatement) || is_statement(&p.title)));
        if let Some(page) = page {
            return Some(Found { url: &page.url, title: Cow::from(&page.title), published: page.publish_date });
        }
        let mut items = columns.iter().flat_map(|c| c.items.iter().map(move |item| (&c.url, item)));
        if let Some((column, item)) = items.find(|(_, item)| of_year(&item.title)) {
            return Some(Found { url: item.url.as_ref().unwrap_or(column), title: Cow::from(&item.title), published: item.date });
        }
        site.targets
            .values()
            .filter(|t| !matches!(t.outcome, TargetOutcome::Dead { .. }))
            .find_map(|t| t.sources.iter().find(|s| is_statement(&s.text) && of_year(&s.text)).map(|s| (t, s)))
            .map(|(target, source)| Found { url: &target.url, title: Cow::from(source.text.to_string()), published: None })
    }
}

/// 政府网站工作年度报表(2025年度), and no notice about it.
fn is_statement(title: &str) -> bool {
    // Most titles are about something else: no need to fold them.
    if !title.contains(['网', '網']) {
        return false;
    }
    let title = fold(title);
    title.contains("网站")
        && (title.contains("报表") || title.contains("年报"))
        && !["通知", "解读"].iter().any(|w| title.contains(w))
}

/// The only year that a title names.
fn year_of(title: &str) -> Option<i16> {
    let digits: Vec<char> = fold(title).chars().collect();
    let mut years = digits.windows(4).enumerate().filter(|(at, w)| {
        w.iter().all(char::is_ascii_digit)
            && w[0] == '2'
            && w[1] == '0'
            && (*at == 0 || !digits[*at - 1].is_ascii_digit())
            && digits.get(*at + 4).is_none_or(|c| !c.is_ascii_digit())
    });
    let (_, first) = years.next()?;
    let year = first.iter().collect::<String>().parse().ok()?;
    years.next().is_none().then_some(year)
}
