//! The numbers in the footer name one province, and the site code is the same wherever it stands.
//!
//! The first two digits of the 网站标识码, the letter of the ICP number and the first two digits of the 14-digit police number each
//! name a province; a footer that mixes them was copied from another site. Codes of State Council bodies (`bm…`) name none.

use crate::exchange::Gathering;
use crate::facts::footer::Footer;
use crate::facts::{Site, provinces};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProvinceConsistency {}

impl Rule for ProvinceConsistency {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, _: &Context<'_>) -> Vec<Observation> {
        let Some(home) = &site.home else {
            // Without a home page, the footer that most pages show.
            return match site.footers.first() {
                Some((footer, _, url)) => vec![provinces_of(footer, url)],
                None => vec![Observation::untested("unseen")],
            };
        };
        let mut answers = vec![provinces_of(&home.footer, &home.url)];
        answers.extend(codes(&home.footer, home.meta("SiteIDCode"), &home.url));
        answers
    }
}

/// Do the three numbers name one province?
fn provinces_of(footer: &Footer, url: &CanonicalUrl) -> Observation {
    let code = footer.site_id_code.as_deref().unwrap_or_default();
    if code.to_ascii_lowercase().starts_with("bm") {
        return Observation::inapplicable();
    }
    let icp = footer.icp.as_deref().unwrap_or_default();
    let police = footer.police.as_deref().unwrap_or_default();
    let found: Vec<(&str, &str, u8)> = [
        ("site-id-code", code, (code.len() == 10).then(|| provinces::of_number(code)).flatten()),
        ("icp", icp, icp.chars().next().and_then(provinces::of_letter)),
        ("police", police, (police.len() == 14).then(|| provinces::of_number(police)).flatten()),
    ]
    .into_iter()
    .filter_map(|(name, value, province)| Some((name, value, province?)))
    .collect();
    if found.len() < 2 {
        return Observation::inapplicable();
    }
    if found.iter().all(|(.., province)| *province == found[0].2) {
        return Observation::passed();
    }
    let mut observation = Observation::failed("differs").at(Locus::Name("province".to_owned()));
    let mut numbers = Vec::new();
    for (name, value, province) in found {
        let place = provinces::name(province).map_or("", |(zh, _)| zh);
        numbers.push(format!("{value} ({place})"));
        observation = observation.prove(name, value).prove(&format!("{name}-province"), place).seen(Location::text(url, value));
    }
    observation.with("numbers", numbers)
}

/// Do the site codes of footer, meta tag and error-report link agree?
fn codes(footer: &Footer, meta: Option<&str>, url: &CanonicalUrl) -> Vec<Observation> {
    let Some(footer_code) = footer.site_id_code.as_deref().and_then(site_code) else {
        return Vec::new();
    };
    [("meta-SiteIDCode", meta), ("error-report-link", footer.error_report_code.as_deref())]
        .into_iter()
        .filter_map(|(place, other)| Some((place, site_code(other?)?)))
        .filter(|(_, other)| *other != footer_code)
        .map(|(place, other)| {
            Observation::failed("code-differs")
                .at(Locus::Name(place.to_owned()))
                .with("footer", footer_code.as_str())
                .with("place", place)
                .with("other", other.as_str())
                .prove("footer", footer_code.as_str())
                .prove(place, other.as_str())
                .seen(Location::text(url, other.as_str()))
        })
        .collect()
}

/// A site code in one spelling: ten digits, or `bm` with eight; anything else is no code to compare.
fn site_code(text: &str) -> Option<String> {
    let code = text.trim().to_ascii_lowercase();
    let digits = code.strip_prefix("bm").unwrap_or(&code);
    (code.len() == 10 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}
