//! The disclosure guide states the fields that Article 12 asks for: name, address, hours, telephone, fax, internet contact …
//!
//! Judged on the guide itself: the text of its column, or its newest article. A field whose words occur in no form that can be read, a
//! guide that is a picture or a file, and one split over several pages are for a person to look at.

use crate::checklist::columns::ColumnMatch;
use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::document_kind::DocumentKind;
use crate::facts::elements::{Element, Standing};
use crate::facts::offers::Offers;
use crate::facts::page_kind::PageKind;
use crate::facts::site::Column;
use crate::finding::{Location, Locus, Observation};
use crate::rules::places::{LITTLE_TEXT, column_of};
use crate::rules::{Context, Rule};
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// Id of the guide's column in the book.
const COLUMN: &str = "disclosure-guide";

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GuideField {
    /// Fields that the guide has to state.
    fields: Vec<Element>,
}

impl Default for GuideField {
    fn default() -> Self {
        let fields = vec![Element::BodyName, Element::Address, Element::Hours, Element::Phone, Element::Fax, Element::Internet];
        GuideField { fields }
    }
}

/// How a page relates to the guide.
enum Guide {
    /// It is the guide.
    Whole,
    /// It is the list of a guide in several parts.
    Split,
    /// Something else.
    No,
}

impl Rule for GuideField {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let place = |text: Option<String>| Location { text, ..Location::page(&page.url) };
        match guide(page, context) {
            Guide::No => return vec![Observation::inapplicable()],
            Guide::Split => return vec![Observation::cannot_tell("split").with("title", page.title()).seen(place(None))],
            Guide::Whole => {}
        }
        let offers = Offers::of(page);
        let little = offers.characters < LITTLE_TEXT;
        let mut faults = Vec::new();
        let mut unread = Vec::new();
        for field in &self.fields {
            let label = page.elements.label(*field).map(|l| l.label.clone());
            let fault = |observation: Observation| {
                observation
                    .at(Locus::Name(field.word()))
                    .with("field", field.word())
                    .seen(place(Some(label.clone().unwrap_or_else(|| page.title().to_owned()))))
                    .prove("characters", offers.characters.to_string())
            };
            match page.elements.standing(*field) {
                Standing::Shown => {}
                Standing::Empty => faults.push(fault(Observation::failed("empty"))),
                Standing::Absent if !(little && (offers.has_other_content() || offers.scripted)) => {
                    faults.push(fault(Observation::failed("absent")))
                }
                Standing::Absent | Standing::Elsewhere | Standing::Hinted => unread.push(field.word()),
            }
        }
        if !unread.is_empty() {
            faults.push(Observation::cannot_tell("unread").with("fields", unread).seen(place(None)));
        }
        if faults.is_empty() { vec![Observation::passed()] } else { faults }
    }
}

fn guide(page: &Page, context: &Context<'_>) -> Guide {
    let own = context.site.columns.values().find(|c| c.pages.contains(&page.url));
    if let Some(column) = own.filter(|c| c.matched == ColumnMatch::Is(COLUMN.to_owned())) {
        let titled = |c: &Column| c.items.iter().any(|item| is_title(&item.title));
        return match (column.items.is_empty() && column.children.is_empty(), titled(column)) {
            (true, _) if column.url == page.url => Guide::Whole,
            (false, false) if column.url == page.url => Guide::Split,
            _ => Guide::No,
        };
    }
    if page.kind == PageKind::Home || own.is_some() || !is_title(page.title()) {
        return Guide::No;
    }
    let holder = column_of(context.site, &page.url).filter(|c| c.matched == ColumnMatch::Is(COLUMN.to_owned()));
    let sure = page.document_kind.sure && page.document_kind.kind == DocumentKind::DisclosureGuide;
    let Some(holder) = holder else {
        return if sure { Guide::Whole } else { Guide::No };
    };
    // Of several editions the newest counts.
    let date = |url| context.site.pages.get(url).and_then(|p| p.publish_date);
    let mine = page.publish_date();
    let newer = holder
        .items
        .iter()
        .filter(|item| is_title(&item.title))
        .filter_map(|item| item.url.as_ref())
        .any(|url| *url != page.url && date(url) > mine);
    if newer { Guide::No } else { Guide::Whole }
}

/// 某局政府信息公开指南, and no notice about one, no guide to requests.
fn is_title(title: &str) -> bool {
    let title = fold(title);
    (title.contains("公开指南") || title.contains("公开工作指南"))
        && !["解读", "通知", "申请", "修订说明", "操作"].iter().any(|w| title.contains(w))
}
