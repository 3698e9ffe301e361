//! A column, or the page at an address, has something newer than so many days or working days.
//!
//! The office names the column or the address and the period. Without dates, behind a script, or beyond the data of working days it
//! does not let us decide; a column that does not exist is the matter of `required-column`.

use crate::checklist::columns::ColumnMatch;
use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::column_list::ListItem;
use crate::facts::site::Column;
use crate::finding::{Location, Locus, Observation, RootCause, Text};
use crate::rules::own_words;
use crate::rules::{Context, Rule};
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdatedWithin {
    /// Id of the column in the column book.
    #[serde(default)]
    column: Option<String>,
    /// Path (with query) of a list or a page: `/zwgk/ggtz/`.
    #[serde(default)]
    path: Option<String>,
    /// Most days since the newest item.
    #[serde(default)]
    days: Option<u32>,
    /// Most working days since the newest item.
    #[serde(default)]
    working_days: Option<u32>,
    /// The finding in the office's own words.
    #[serde(default)]
    says: Option<Text>,
}

/// What is known of how new a place is.
struct Newest<'a> {
    url: &'a CanonicalUrl,
    name: &'a str,
    date: Option<Date>,
    title: &'a str,
    /// Why the date may not be the newest, as a message key and whether it was seen at all.
    doubt: Option<&'static str>,
}

impl Rule for UpdatedWithin {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        if self.days.is_none() && self.working_days.is_none() {
            return vec![Observation::inapplicable()];
        }
        let places = self.places(site, context.as_of);
        if places.is_empty() {
            return vec![match &self.path {
                Some(path) if !site.complete => self.say(Observation::untested("unseen"), path),
                Some(path) => self.say(Observation::cannot_tell("nowhere"), path),
                None => Observation::inapplicable(),
            }];
        }
        places.iter().map(|place| self.answer(place, context)).collect()
    }
}

impl UpdatedWithin {
    fn places<'a>(&self, site: &'a Site, as_of: Date) -> Vec<Newest<'a>> {
        let wanted = self.path.as_deref().map(|path| path.trim_end_matches("index.html"));
        let here = |url: &CanonicalUrl| wanted.is_some_and(|path| url.key() == path || url.path() == path);
        let named = |column: &Column| matches!((&column.matched, &self.column), (ColumnMatch::Is(is), Some(id)) if is == id);
        let columns: Vec<Newest<'a>> =
            site.columns.values().filter(|c| named(c) || here(&c.url)).map(|column| of_column(column, as_of)).collect();
        if !columns.is_empty() {
            return columns;
        }
        let pages = site.pages.values().map(|page| &**page).filter(|page| here(&page.url));
        let of_page = |page: &'a crate::facts::site::PageSummary| Newest {
            url: &page.url,
            name: &page.title,
            date: page.publish_date.filter(|date| *date <= as_of),
            title: &page.title,
            doubt: None,
        };
        pages.map(of_page).collect()
    }

    fn answer(&self, place: &Newest<'_>, context: &Context<'_>) -> Observation {
        let name = place.name;
        let Some(newest) = place.date else {
            let key = place.doubt.unwrap_or("undated");
            let observation = if key == "incomplete" { Observation::untested(key) } else { Observation::cannot_tell(key) };
            return self.say(observation, name).seen(Location::page(place.url));
        };
        let (passed, unit) = match (self.working_days, self.days) {
            (Some(limit), _) => match context.calendar.working_days_between(newest, context.as_of) {
                Some(passed) if passed <= i64::from(limit) => return Observation::passed(),
                Some(passed) => (passed, "working-days"),
                None => return self.say(Observation::cannot_tell("calendar"), name).with("newest", newest),
            },
            (None, limit) => {
                let passed = newest.until(context.as_of).map_or(0, |span| i64::from(span.get_days()));
                if passed <= i64::from(limit.unwrap_or(u32::MAX)) {
                    return Observation::passed();
                }
                (passed, "days")
            }
        };
        if let Some(doubt) = place.doubt {
            let observation = if doubt == "incomplete" { Observation::untested(doubt) } else { Observation::cannot_tell(doubt) };
            return self.say(observation, name).seen(Location::page(place.url));
        }
        let limit = self.working_days.or(self.days).unwrap_or_default();
        self.say(own_words::failed("stale", self.says.as_ref()), name)
            .with("newest", newest)
            .with("passed", passed)
            .with("limit", i64::from(limit))
            .with("unit", unit)
            .with("title", place.title)
            .prove("newest", newest.to_string())
            .prove("as-of", context.as_of.to_string())
            .prove(unit, passed.to_string())
            .cause(RootCause::Column)
            .seen(Location::text(place.url, if place.title.is_empty() { name } else { place.title }))
    }

    fn say(&self, observation: Observation, name: &str) -> Observation {
        // One place may be asked for with two periods by two items: that is one fault, told once.
        let place = self.column.as_deref().or(self.path.as_deref()).unwrap_or_default();
        observation.with("place", name).at(Locus::Name(place.to_owned()))
    }
}

fn of_column(column: &Column, as_of: Date) -> Newest<'_> {
    let doubt = if column.script_filled {
        Some("scripted")
    } else if !column.complete && !is_sorted(&column.items, as_of) {
        Some("incomplete")
    } else if column.items.iter().take(3).any(|item| item.date.is_none()) && column.newest_from.as_deref() == Some("list") {
        Some("undated")
    } else {
        None
    };
    Newest {
        url: &column.url,
        name: &column.name,
        date: column.newest.filter(|date| *date <= as_of),
        title: column.newest_item.as_ref().map_or("", |item| item.title.as_str()),
        doubt,
    }
}

/// Do the dated items go from new to old, but for at most three pinned ones at the head? Then later pages hold nothing newer.
fn is_sorted(items: &[ListItem], as_of: Date) -> bool {
    let dates: Vec<Date> = items.iter().filter_map(|item| item.date).filter(|date| *date <= as_of).collect();
    (0..=3).any(|pinned| dates.len() >= pinned + 3 && dates[pinned..].windows(2).all(|pair| pair[0] >= pair[1]))
}
