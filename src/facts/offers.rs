//! What a page offers for the duties of its column: small enough to keep of every page of a site.

use super::column_list::filler::is_byline;
use super::elements::{Element, Standing};
use super::form::Purpose;
use super::links::{Region, Role};
use super::messages::MessageKind;
use super::page::Page;
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// What a page offers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offers {
    /// Letters, digits and Han characters of its own text, as far as known: links, the trail, its title and the line below that are
    /// left out.
    pub characters: u32,
    /// Pictures in the main content.
    pub pictures: u32,
    /// Frames in the main content.
    pub frames: u32,
    /// Files for download.
    pub files: u32,
    /// What its visible forms are for.
    pub forms: BTreeSet<Purpose>,
    /// Has it a form beside the search box at the head or foot of every page?
    pub own_form: bool,
    /// Elements that are not absent, and how they stand.
    pub elements: BTreeMap<Element, Standing>,
    /// Letters of the public shown on it; requests for disclosure are none.
    pub messages: u32,
    /// Does its list come by script?
    pub scripted: bool,
    /// Does it speak of searching anywhere (a search box may be drawn by script)?
    pub speaks_of_search: bool,
}

impl Offers {
    /// Of a page.
    pub fn of(page: &Page) -> Offers {
        let shows = |role: Role| {
            page.links.iter().filter(|l| l.role == role && l.region == Region::Main && l.hidden.is_none()).count() as u32
        };
        let title = fold(page.title());
        // A title is hardly longer before it is folded; long texts are not folded for nothing.
        let is_title = |text: &str| text.len() <= title.len() * 2 && fold(text) == title;
        let (aside, own): (Vec<&str>, Vec<&str>) = page
            .document
            .main
            .iter()
            .map(|b| b.text.as_str())
            .partition(|text| is_title(text) || is_byline(text) || is_trail(text, page));
        let all: usize = own.into_iter().flat_map(str::chars).filter(|c| crate::text::is_alphanumeric(*c)).count();
        let linked: usize = page
            .links
            .iter()
            .filter(|l| l.region == Region::Main && l.role == Role::Anchor && !aside.iter().any(|text| text.contains(&l.text)))
            .map(|l| l.times as usize * l.text.chars().filter(|c| crate::text::is_alphanumeric(*c)).count())
            .sum();
        Offers {
            characters: all.saturating_sub(linked) as u32,
            pictures: shows(Role::Image),
            frames: shows(Role::Frame),
            files: page.attachments.len() as u32,
            forms: page.forms.iter().filter(|f| f.hidden.is_none()).map(|f| f.purpose()).collect(),
            own_form: page
                .forms
                .iter()
                .filter(|f| f.hidden.is_none())
                .any(|f| !matches!(f.region, Region::Header | Region::Footer) || f.purpose() != Purpose::Search),
            elements: Element::ALL
                .into_iter()
                .map(|e| (e, page.elements.standing(e)))
                .filter(|(_, standing)| *standing != Standing::Absent)
                .collect(),
            messages: page.messages.iter().filter(|m| m.kind == MessageKind::Letter).count() as u32,
            scripted: page.list.as_ref().is_some_and(|l| l.script_filled),
            speaks_of_search: page
                .document
                .main
                .iter()
                .chain(&page.document.around)
                .map(|b| b.text.as_str())
                .chain(page.links.iter().flat_map(|l| [l.text.as_str(), l.raw.as_str()]))
                .any(|text| ["搜索", "检索", "查询", "search", "sousuo"].iter().any(|word| text.contains(word))),
        }
    }

    /// How an element stands.
    pub fn standing(&self, element: Element) -> Standing {
        self.elements.get(&element).copied().unwrap_or(Standing::Absent)
    }

    /// Shows it fewer characters than that, and nothing else either?
    pub fn is_blank(&self, characters: u32) -> bool {
        self.characters < characters && !self.has_other_content() && !self.own_form && !self.scripted
    }

    /// May what is asked for stand in a picture, a frame or a file?
    pub fn has_other_content(&self) -> bool {
        self.pictures > 0 || self.frames > 0 || self.files > 0
    }
}

/// Does a block hold the trail to the page (当前位置) and hardly anything else?
fn is_trail(text: &str, page: &Page) -> bool {
    let Some(trail) = &page.breadcrumb else { return false };
    let mut rest = text;
    for name in trail.names().filter(|name| !name.is_empty()) {
        match rest.split_once(name) {
            // 您现在的位置是：
            Some((before, behind)) if before.chars().filter(|c| crate::text::is_alphanumeric(*c)).count() <= 14 => rest = behind,
            _ => return false,
        }
    }
    rest.len() < text.len() && rest.chars().filter(|c| crate::text::is_alphanumeric(*c)).count() <= 4
}
