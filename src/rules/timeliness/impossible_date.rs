//! A date that cannot be: an item dated after the day on which it was seen, a document published before it was written, or before
//! there were such sites. Always suspected: a slip of the keyboard looks the same.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::dates::{DateFact, DateOrigin, publish_fact};
use crate::facts::page_kind::PageKind;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::fold;
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ImpossibleDate {
    /// No page was published before this day.
    earliest: Date,
    /// Days that a date may lie after the day of judgement.
    ahead_days: i32,
}

impl Default for ImpossibleDate {
    fn default() -> Self {
        // The first government sites of the country date from 1996.
        ImpossibleDate { earliest: jiff::civil::date(1996, 1, 1), ahead_days: 1 }
    }
}

/// Lists of what is to come bear dates to come.
const TO_COME: [&str; 14] =
    ["预告", "日程", "安排", "计划", "活动", "会议", "招聘", "考试", "公示期", "停电", "停水", "直播", "访谈", "截止"];

impl Rule for ImpossibleDate {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let mut faults = Vec::new();
        match page.kind {
            PageKind::Article => faults.extend(self.article(page, context)),
            _ => faults.extend(self.rows(page, context)),
        }
        let dated =
            publish_fact(&page.dates).is_some() || page.list.as_ref().is_some_and(|l| l.items.iter().any(|i| i.date.is_some()));
        match (faults.is_empty(), dated) {
            (false, _) => faults,
            (true, true) => vec![Observation::passed()],
            (true, false) => vec![Observation::inapplicable()],
        }
    }
}

impl ImpossibleDate {
    fn too_late(&self, date: Date, context: &Context<'_>) -> bool {
        (date - context.as_of).get_days() > self.ahead_days
    }

    /// A date of an article that a reader sees.
    fn article(&self, page: &Page, context: &Context<'_>) -> Option<Observation> {
        let published = publish_fact(&page.dates).filter(|d| seen(d))?;
        let place = |o: Observation| {
            o.suspected()
                .at(Locus::Name("publish-date".to_owned()))
                .with("date", published.date)
                .with("title", page.title())
                .prove("publish-date", published.text.clone())
                .seen(Location::text(&page.url, published.text.clone()))
        };
        // 时间 alone may be that of what is announced.
        let vague = matches!(fold(&published.label).as_str(), "" | "时间" | "日期");
        if self.too_late(published.date, context) && !(vague && to_come(page.title())) {
            let today = context.as_of;
            return Some(place(Observation::failed("future")).with("today", today).prove("today", today.to_string()));
        }
        if published.date < self.earliest {
            return Some(place(Observation::failed("too-early")).with("earliest", self.earliest));
        }
        let written = page.dates.iter().find(|d| d.origin == DateOrigin::WrittenLabel && fold(&d.label) == "成文日期")?;
        let labelled = published.origin == DateOrigin::VisibleLabel && fold(&published.label) != "成文日期";
        (labelled && published.date < written.date).then(|| {
            place(Observation::failed("before-written"))
                .with("written", written.date)
                .prove("written-date", format!("{}: {}", written.label, written.text))
        })
    }

    /// Rows of a list whose pages were not seen: a page that was speaks for itself.
    fn rows(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let Some(list) = &page.list else { return Vec::new() };
        let names = [page.title(), page.document.title.as_str()];
        if names.into_iter().any(to_come) {
            return Vec::new();
        }
        let unseen = |url: &CanonicalUrl| !context.site.pages.contains_key(url);
        // The home page and a column above repeat rows of the column to which they belong: one row is one fault.
        let depth = context.site.columns.values().find(|column| column.pages.contains(&page.url)).map_or(0, |c| c.path.len() + 1);
        let below = |url: &CanonicalUrl| {
            let deeper = context.site.columns.values().filter(|column| column.path.len() + 1 > depth);
            deeper.flat_map(|column| &column.items).any(|item| item.url.as_ref() == Some(url))
        };
        let rows = list.items.iter().filter_map(|item| Some((item, item.date?, item.url.as_ref()?)));
        let late =
            rows.filter(|(item, date, url)| self.too_late(*date, context) && unseen(url) && !to_come(&item.title) && !below(url));
        late.map(|(item, date, url)| {
            Observation::failed("future")
                .suspected()
                .at(Locus::Target(url.key()))
                .with("date", date)
                .with("title", item.title.as_str())
                .with("today", context.as_of)
                .prove("row", format!("{} {date}", item.title))
                .prove("today", context.as_of.to_string())
                .seen(Location::text(&page.url, item.title.clone()))
        })
        .take(50)
        .collect()
    }
}

fn seen(date: &DateFact) -> bool {
    matches!(date.origin, DateOrigin::VisibleLabel | DateOrigin::VisibleNearTitle | DateOrigin::VisibleMarked)
}

fn to_come(text: &str) -> bool {
    let text = fold(text);
    TO_COME.iter().any(|word| text.contains(word))
}
