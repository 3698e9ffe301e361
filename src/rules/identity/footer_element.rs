//! The footer shows what 国办发〔2017〕47号 asks of every government site.
//!
//! Footers often come by script or frame: an element is absent only when nothing unseen could bring it, and neither the home page nor
//! the other pages show it.

use crate::exchange::Gathering;
use crate::facts::footer::Footer;
use crate::facts::{Page, Site};
use crate::finding::{Location, Locus, Observation, RootCause};
use crate::rules::{Context, Rule};
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FooterElement {
    /// Elements that have to be there.
    elements: Vec<Element>,
}

/// The nine elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Element {
    PartyGovernmentMark,
    SiteIdCode,
    Icp,
    Police,
    Sponsor,
    Contact,
    ErrorReport,
    Accessibility,
    SiteMap,
}

const ALL: [Element; 9] = [
    Element::PartyGovernmentMark,
    Element::SiteIdCode,
    Element::Icp,
    Element::Police,
    Element::Sponsor,
    Element::Contact,
    Element::ErrorReport,
    Element::Accessibility,
    Element::SiteMap,
];

impl Default for FooterElement {
    fn default() -> Self {
        FooterElement { elements: ALL.to_vec() }
    }
}

impl Rule for FooterElement {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, _: &Context<'_>) -> Vec<Observation> {
        let Some(home) = &site.home else {
            return vec![Observation::untested("unseen")];
        };
        let answers: Vec<Observation> = self.elements.iter().filter_map(|element| fault(*element, home, site)).collect();
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}

/// What is wrong with one element, if anything.
fn fault(element: Element, home: &Page, site: &Site) -> Option<Observation> {
    if element.of(&home.footer) || element.is_linked(home) {
        return None;
    }
    let pages: u64 = site.footers.iter().map(|(_, pages, _)| pages).sum();
    let shown: u64 = site.footers.iter().filter(|(footer, ..)| element.of(footer)).map(|(_, pages, _)| pages).sum();
    let place = |observation: Observation| {
        observation.at(Locus::Name(element.word().to_owned())).with("element", element.word()).seen(Location {
            text: Some(crate::text::shorten(&home.footer.text, 60)).filter(|text| !text.is_empty()),
            ..Location::page(&home.url)
        })
    };
    if home.footer.scripted {
        return Some(place(Observation::cannot_tell("scripted")));
    }
    // On more than one page in twenty: the home page has another footer, and somebody has to see which one counts.
    if shown * 20 > pages {
        return Some(place(Observation::cannot_tell("elsewhere")).with("pages", shown as i64));
    }
    Some(
        place(Observation::failed("absent"))
            .prove("footer", crate::text::shorten(&home.footer.text, 300))
            .prove("pages-seen", pages.max(1).to_string())
            .cause(RootCause::Template),
    )
}

impl Element {
    fn of(self, footer: &Footer) -> bool {
        match self {
            Element::PartyGovernmentMark => footer.party_government_mark.is_some(),
            Element::SiteIdCode => footer.site_id_code.is_some(),
            Element::Icp => footer.icp.is_some(),
            Element::Police => footer.police.is_some() || footer.police_text.is_some() || footer.police_link_code.is_some(),
            Element::Sponsor => footer.sponsor.is_some(),
            Element::Contact => footer.contact.is_some(),
            Element::ErrorReport => footer.error_report.is_some(),
            Element::Accessibility => footer.accessibility.is_some(),
            Element::SiteMap => footer.site_map.is_some(),
        }
    }

    /// Does any link of the page show it, wherever it stands? Entries like 无障碍 and 网站地图 are often at the top.
    fn is_linked(self, page: &Page) -> bool {
        let (hosts, words): (&[&str], &[&str]) = match self {
            Element::PartyGovernmentMark => (&["conac.cn"], &["党政机关网站标识"]),
            Element::Police => (&["beian.gov.cn", "beian.mps.gov.cn"], &["公网安备"]),
            Element::ErrorReport => (&["zfwzzc.www.gov.cn", "pucha.kaipuyun.cn"], &["网站找错"]),
            Element::Accessibility => (&[], &["无障碍", "适老", "长者", "关怀版", "老年"]),
            Element::SiteMap => (&[], &["网站地图", "站点地图"]),
            Element::Contact => (&[], &["联系我们", "联系方式"]),
            Element::SiteIdCode | Element::Icp | Element::Sponsor => return false,
        };
        page.links.iter().any(|link| {
            hosts.iter().any(|host| link.raw.contains(host))
                || [Some(&link.text), link.title.as_ref()].into_iter().flatten().any(|text| {
                    let text = fold(text);
                    words.iter().any(|word| text.contains(word))
                })
        })
    }

    fn word(self) -> &'static str {
        match self {
            Element::PartyGovernmentMark => "party-government-mark",
            Element::SiteIdCode => "site-id-code",
            Element::Icp => "icp",
            Element::Police => "police",
            Element::Sponsor => "sponsor",
            Element::Contact => "contact",
            Element::ErrorReport => "error-report",
            Element::Accessibility => "accessibility",
            Element::SiteMap => "site-map",
        }
    }
}
