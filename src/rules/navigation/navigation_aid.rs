//! A visitor sees where a page stands and finds the rest: a breadcrumb on columns and articles, a search and a site map on the home
//! page (国办发〔2017〕47号 4.2, 4.3).

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::links::{Link, Region, Role};
use crate::facts::page_kind::PageKind;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, spots};
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NavigationAid {
    /// Aids that have to be there.
    aids: Vec<Aid>,
}

/// What helps to find one's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Aid {
    Breadcrumb,
    Search,
    SiteMap,
}

impl Default for NavigationAid {
    fn default() -> Self {
        // The site map is one of the footer's elements, and told there.
        NavigationAid { aids: vec![Aid::Breadcrumb, Aid::Search] }
    }
}

impl Rule for NavigationAid {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        if !spots::is_read(page) {
            return vec![Observation::inapplicable()];
        }
        let answers: Vec<Observation> = self.aids.iter().filter_map(|aid| aid.look(page)).collect();
        if answers.is_empty() { vec![Observation::inapplicable()] } else { answers }
    }
}

/// Words of a trail that a script may complete.
const TRAIL: [&str; 5] = ["位置:", "位置是", "当前位置", "breadcrumb", "youarehere"];
/// Words of a site map.
const MAP: [&str; 14] = [
    "网站地图",
    "站点地图",
    "导航地图",
    "sitemap",
    "siteindex",
    "plandusite",
    "mapadelsitio",
    "mapadosite",
    "mappadelsito",
    "mapaweb",
    "seitenübersicht",
    "картасайта",
    "サイトマップ",
    "사이트맵",
];
/// Fewer links at the head: the page has no navigation in which it could stand.
const NAVIGATION: usize = 3;

impl Aid {
    /// The answer about one aid; none where it does not concern the page.
    fn look(self, page: &Page) -> Option<Observation> {
        let home = page.kind == PageKind::Home;
        match self {
            Aid::Breadcrumb if home => None,
            Aid::Breadcrumb => breadcrumb(page),
            _ if !home => None,
            Aid::Search if page.search_box.seen.is_some() => Some(Observation::passed()),
            Aid::Search if page.search_box.mentioned => Some(self.place(page, Observation::cannot_tell("scripted"))),
            Aid::Search => Some(self.place(page, Observation::failed("no-search"))),
            Aid::SiteMap if page.links.iter().any(|link| says(link, &MAP)) => Some(Observation::passed()),
            Aid::SiteMap if page.footer.scripted => Some(self.place(page, Observation::cannot_tell("scripted"))),
            Aid::SiteMap => Some(self.place(page, Observation::failed("no-site-map"))),
        }
    }

    fn place(self, page: &Page, observation: Observation) -> Observation {
        let word = match self {
            Aid::Breadcrumb => "breadcrumb",
            Aid::Search => "search",
            Aid::SiteMap => "site-map",
        };
        let title = Some(page.document.title.clone()).filter(|title| !title.is_empty());
        observation.at(Locus::Name(word.to_owned())).with("aid", word).seen(Location { text: title, ..Location::page(&page.url) })
    }
}

fn breadcrumb(page: &Page) -> Option<Observation> {
    if page.breadcrumb.is_some() {
        return Some(Observation::passed());
    }
    let navigation = page.links.iter().filter(|link| link.role == Role::Anchor && link.region == Region::Header).count();
    // A page right below the home page, or one that is shown alone, has nowhere to stand.
    if page.hops == 0 || navigation < NAVIGATION {
        return None;
    }
    let blocks = page.document.main.iter().chain(&page.document.around);
    let begun = blocks.filter(|block| block.text.len() < 600).any(|block| {
        let text = fold(&block.text);
        TRAIL.iter().any(|word| text.contains(word)) || has_steps(&text)
    });
    let observation = if begun { Observation::cannot_tell("scripted") } else { Observation::failed("no-breadcrumb") };
    Some(Aid::Breadcrumb.place(page, observation))
}

/// A short line whose words are parted as the steps of a trail are; `更多>>` is none.
fn has_steps(text: &str) -> bool {
    text.chars().count() <= 120
        && text.split(['>', '›', '»', '→']).skip(1).any(|after| after.chars().next().is_some_and(char::is_alphanumeric))
}

fn says(link: &Link, words: &[&str]) -> bool {
    let texts = [Some(link.text.as_str()), link.title.as_deref(), Some(link.raw.as_str()).filter(|raw| raw.len() < 300)];
    texts.into_iter().flatten().any(|text| {
        let text = fold(text).replace('-', "");
        words.iter().any(|word| text.contains(word))
    })
}
