//! A solicitation of comments offers what people need to comment: the draft, its basis, its explanation, the time, ways to answer.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::particulars::Particulars;
use crate::facts::solicitation::Solicitation;
use crate::finding::{Location, Locus, Observation};
use crate::rules::drafts::{self, Draft};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Element {
    /// The draft: a file, a link or the text.
    Draft,
    /// On what it is based.
    Basis,
    /// 起草说明
    Explanation,
    /// The time for comments.
    Period,
    /// Ways to answer.
    Channel,
}

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SolicitationElement {
    /// Elements that have to be there.
    elements: Vec<Element>,
    /// Fewest different ways to answer.
    channels: usize,
}

impl Default for SolicitationElement {
    fn default() -> Self {
        use Element::{Basis, Channel, Draft, Explanation, Period};
        SolicitationElement { elements: vec![Draft, Basis, Explanation, Period, Channel], channels: 2 }
    }
}

/// A text shorter than this holds nothing to judge: what there is stands in a picture, a file or a script.
const LEAST: u32 = 80;

impl Rule for SolicitationElement {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let Some(Particulars::Solicitation(solicitation)) = page.particulars.as_deref() else {
            return vec![Observation::inapplicable()];
        };
        let draft = drafts::of(page, context.site);
        if page.status != 200 || matches!(draft, Draft::None | Draft::Superior) {
            return vec![Observation::inapplicable()];
        }
        let here = Location::text(&page.url, page.title());
        if !page.document_kind.sure || solicitation.characters < LEAST {
            return vec![Observation::cannot_tell("unread").with("title", page.title()).seen(here)];
        }
        let faults: Vec<Observation> = self
            .elements
            .iter()
            .filter_map(|element| self.fault(*element, solicitation))
            .map(|(name, observation)| {
                let files = solicitation.files.to_string();
                observation.at(Locus::Name(name.to_owned())).with("title", page.title()).seen(here.clone()).prove("files", files)
            })
            .collect();
        if faults.is_empty() { vec![Observation::passed()] } else { faults }
    }
}

impl SolicitationElement {
    /// What is wrong with an element. Files that we have not read, or whose names tell nothing, may hold it.
    fn fault(&self, element: Element, solicitation: &Solicitation) -> Option<(&'static str, Observation)> {
        let hidden = solicitation.files > 0 && solicitation.plain_files;
        let in_file = |name: &'static str| (name, Observation::cannot_tell("in-file").with("element", name));
        match element {
            Element::Draft if solicitation.draft.is_some() => None,
            Element::Draft if solicitation.files > 0 => Some(in_file("draft")),
            Element::Draft => Some(("draft", Observation::failed("draft-missing"))),
            Element::Basis if solicitation.basis.is_some() => None,
            Element::Basis if hidden => Some(in_file("basis")),
            // The draft itself, or its explanation, names the basis.
            Element::Basis if solicitation.files > 0 => Some(("basis", Observation::failed("basis-missing").suspected())),
            Element::Basis => Some(("basis", Observation::failed("basis-missing"))),
            Element::Explanation if solicitation.explanation.is_some() => None,
            Element::Explanation if hidden => Some(in_file("explanation")),
            Element::Explanation if solicitation.files > 0 => {
                Some(("explanation", Observation::failed("explanation-missing").suspected()))
            }
            Element::Explanation => Some(("explanation", Observation::failed("explanation-missing"))),
            Element::Period if solicitation.period.is_stated() => None,
            Element::Period if solicitation.files > 0 || solicitation.period.hinted => Some(in_file("period")),
            Element::Period => Some(("period", Observation::failed("period-missing"))),
            Element::Channel if solicitation.channels.len() >= self.channels.max(1) => None,
            Element::Channel if solicitation.channels.is_empty() && solicitation.files > 0 => Some(in_file("channel")),
            Element::Channel if solicitation.channels.is_empty() => Some(("channel", Observation::failed("channel-missing"))),
            Element::Channel => {
                let words: Vec<String> = solicitation.channels.keys().map(|channel| channel.word().to_owned()).collect();
                let quotes: Vec<&str> = solicitation.channels.values().map(String::as_str).collect();
                let observation = Observation::failed("forms-few").with("channels", words).with("limit", self.channels);
                Some(("channel", observation.prove("channels", quotes.join(" | "))))
            }
        }
    }
}
