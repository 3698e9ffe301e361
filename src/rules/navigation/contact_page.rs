//! A visitor finds how to reach the office: a link to its contacts, a mail or telephone link, or the address at the bottom.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::finding::{Locus, Observation};
use crate::rules::{Context, Rule, notices};
use crate::text::is_han;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContactPage {
    /// Further words that name such a page.
    words: Vec<String>,
}

/// Longest name of such a page, in Chinese characters.
const LONGEST_NAME: usize = 10;
/// Words of common languages, folded; the beginning of a word is enough.
const WORDS: &[&str] = &[
    "联系",
    "聯繫",
    "聯絡",
    "联络",
    "电话",
    "电邮",
    "热线",
    "信箱",
    "邮箱",
    "意见反馈",
    "contact",
    "getintouch",
    "feedback",
    "writetous",
    "callus",
    "impressum",
    "kontakt",
    "anfahrt",
    "nouscontacter",
    "coordonnées",
    "contacto",
    "contáct",
    "contato",
    "fale",
    "contatti",
    "contattaci",
    "urp",
    "контакт",
    "обратнаясвязь",
    "зв'язок",
    "お問い合わせ",
    "お問合せ",
    "問合せ",
    "连络先",
    "連絡先",
    "연락처",
    "문의",
    "찾아오시는길",
    "اتصل",
    "تواصل",
    "yhteystiedot",
    "iletişim",
    "liênhệ",
    "hubungi",
    "kontak",
    "ติดต่อ",
    "επικοινων",
    "צורקשר",
    "संपर्क",
    "kapcsolat",
    "elérhetőség",
    "stik",
    "kontaktid",
    "sazin",
    "susisiek",
    "връзка",
];

/// Is a folded text short enough for the name of a page? A longer one that speaks of contact is the title of a text about it.
fn is_short(folded: &str) -> bool {
    folded.chars().filter(|c| is_han(*c)).count() <= LONGEST_NAME && folded.chars().count() <= 4 * LONGEST_NAME
}

impl Rule for ContactPage {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, _: &Context<'_>) -> Vec<Observation> {
        let words: Vec<String> =
            WORDS.iter().map(|word| (*word).to_owned()).chain(self.words.iter().map(|word| crate::text::fold(word))).collect();
        let answer = match notices::look(site, &words, &is_short) {
            notices::Seen::Nowhere => Observation::failed("absent").suspected(),
            notices::Seen::Unsure => Observation::cannot_tell("unsure"),
            notices::Seen::NoPages => return vec![Observation::untested("unseen")],
            notices::Seen::Here => return vec![Observation::passed()],
        };
        let answer = answer.at(Locus::Name("contact".to_owned()));
        vec![notices::home(site).into_iter().fold(answer, |answer, place| answer.seen(place))]
    }
}
