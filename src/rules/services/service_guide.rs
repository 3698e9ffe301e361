//! A service guide (办事指南) states the elements that people need: item, legal basis, conditions, materials, and what a checklist adds.
//!
//! A guide counts as such when its kind is sure, or when it carries at least three labels of one. An element is missing when its label
//! has nothing under it, or when the text has not a word of it; guides in pictures and files, and those that only lead to the services
//! platform, are for a person to look at.

use crate::checklist::platforms;
use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::document_kind::DocumentKind;
use crate::facts::elements::{Element, Standing};
use crate::facts::links::{Region, Role};
use crate::facts::offers::Offers;
use crate::facts::page_kind::PageKind;
use crate::finding::{Location, Observation};
use crate::rules::places::{LITTLE_TEXT, is_in};
use crate::rules::{Context, Rule};
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceGuide {
    /// Elements that have to be there.
    elements: Vec<Element>,
    /// A guide is at fault when it lacks at least this many.
    at_least: usize,
}

impl Default for ServiceGuide {
    fn default() -> Self {
        let elements = vec![Element::ItemName, Element::Basis, Element::Conditions, Element::Materials];
        ServiceGuide { elements, at_least: 1 }
    }
}

/// Labels that together only guides carry.
const OF_GUIDES: [Element; 7] = [
    Element::ItemName,
    Element::Basis,
    Element::Conditions,
    Element::Materials,
    Element::Process,
    Element::Fee,
    Element::TimeLimit,
];
/// So many of them make a page a guide.
const LABELS_OF_A_GUIDE: usize = 3;

impl Rule for ServiceGuide {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let place = Location { text: Some(page.title().to_owned()), ..Location::page(&page.url) };
        let say = |observation: Observation| vec![observation.with("title", page.title()).seen(place.clone())];
        match is_guide(page, context) {
            None => return say(Observation::cannot_tell("unsure")),
            Some(false) => return vec![Observation::inapplicable()],
            Some(true) => {}
        }
        let offers = Offers::of(page);
        if offers.characters < LITTLE_TEXT / 2 && leads_to_platform(page) {
            return say(Observation::cannot_tell("on-platform"));
        }
        let elsewhere = offers.characters < LITTLE_TEXT && (offers.has_other_content() || offers.scripted);
        let (mut missing, mut unread) = (Vec::new(), Vec::new());
        for element in &self.elements {
            // The title of a guide names its item.
            if *element == Element::ItemName && !page.title().is_empty() {
                continue;
            }
            match page.elements.standing(*element) {
                Standing::Shown => {}
                Standing::Absent if elsewhere => unread.push(element.word()),
                Standing::Absent | Standing::Empty => missing.push(element.word()),
                Standing::Hinted | Standing::Elsewhere => unread.push(element.word()),
            }
        }
        if missing.len() >= self.at_least.max(1) {
            let count = missing.len();
            let observation = Observation::failed("missing").prove("missing", missing.join(", ")).with("elements", missing);
            return say(observation.with("count", count).prove("labels", labels(page)));
        }
        if missing.len() + unread.len() >= self.at_least.max(1) {
            missing.extend(unread);
            return say(Observation::cannot_tell("unread").with("elements", missing));
        }
        vec![Observation::passed()]
    }
}

fn labels(page: &Page) -> String {
    let mut labels: Vec<&str> = page.elements.labelled.iter().map(|l| l.label.as_str()).collect();
    labels.dedup();
    labels.truncate(20);
    labels.join("、")
}

/// Is the page a guide to a service? None: perhaps.
fn is_guide(page: &Page, context: &Context<'_>) -> Option<bool> {
    if page.kind == PageKind::Home || page.list.as_ref().is_some_and(|l| l.items.len() >= 3) {
        return Some(false);
    }
    let kind = &page.document_kind;
    if kind.sure && kind.kind != DocumentKind::ServiceGuide && kind.kind != DocumentKind::Unknown {
        return Some(false);
    }
    let title = fold(page.title());
    let labelled = page.elements.labels_of(&OF_GUIDES) >= LABELS_OF_A_GUIDE;
    if kind.sure && kind.kind == DocumentKind::ServiceGuide {
        // A chart of the procedure, a form to download, questions and answers: parts of a guide, which stands elsewhere.
        let part = ["流程", "须知", "表", "样本", "下载", "问答", "常见问题", "提示"].iter().any(|w| title.contains(w));
        return if labelled || !part { Some(true) } else { None };
    }
    let about = ["公开指南", "报考", "旅游", "避险", "防护", "操作", "投资", "通知", "解读", "招聘", "申报通知"];
    if about.iter().any(|w| title.contains(w)) {
        return Some(false);
    }
    let named = ["办事指南", "服务指南", "办理指南"].iter().any(|w| title.ends_with(w) && title.chars().count() > 4);
    let column = is_in(context, &page.url, &["service-guides".to_owned()]);
    match (named, labelled, column) {
        (true, _, _) | (_, true, true) => Some(true),
        (false, true, false) if title.contains("指南") || title.contains("办理") => Some(true),
        _ if kind.kind == DocumentKind::ServiceGuide => None,
        _ => Some(false),
    }
}

/// Does the main content lead to an official platform of services?
fn leads_to_platform(page: &Page) -> bool {
    page.links.iter().filter(|l| l.region == Region::Main && l.role == Role::Anchor).any(|l| {
        let platform = l.target.as_ref().and_then(|t| platforms::of_host(t.host()));
        platform.is_some_and(|p| p.fulfils.iter().any(|c| c == "service-guides"))
    })
}
