//! The site says what it does with personal data: a link to its privacy statement, in whatever language.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::finding::{Locus, Observation};
use crate::rules::{Context, Rule, notices};
use crate::text::is_han;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PrivacyPage {
    /// Further words that name such a page.
    words: Vec<String>,
}

/// Words of common languages, folded; the beginning of a word is enough.
const WORDS: &[&str] = &[
    "隐私",
    "个人信息保护",
    "privacy",
    "dataprotection",
    "cookiepolicy",
    "cookiestatement",
    "personaldata",
    "datenschutz",
    "confidentialité",
    "donnéespersonnelles",
    "mentionslégales",
    "vieprivée",
    "privacidad",
    "proteccióndedatos",
    "datospersonales",
    "privacidade",
    "proteçãodedados",
    "dadospessoais",
    "riservatezza",
    "datipersonali",
    "privacyverklaring",
    "persoonsgegevens",
    "конфиденциальн",
    "персональныхданных",
    "персональнихданих",
    "プライバシ",
    "個人情報",
    "个人情报",
    "개인정보",
    "الخصوصية",
    "prywatności",
    "danychosobowych",
    "integritet",
    "personuppgift",
    "privatliv",
    "persondata",
    "personvern",
    "tietosuoja",
    "osobníchúdajů",
    "osobnýchúdajov",
    "gizlilik",
    "kişiselveri",
    "bảomật",
    "quyềnriêngtư",
    "privasi",
    "ความเป็นส่วนตัว",
    "απορρήτου",
    "προσωπικώνδεδομένων",
    "פרטיות",
    "गोपनीयता",
    "adatvédel",
    "adatkezelés",
    "confidențialitate",
    "protecțiadatelor",
    "zasebnost",
    "privatnost",
    "andmekaitse",
    "privātum",
    "privatum",
    "поверителност",
];

impl Rule for PrivacyPage {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, _: &Context<'_>) -> Vec<Observation> {
        let own: Vec<String> = self.words.iter().map(|word| crate::text::fold(word)).collect();
        let words: Vec<String> = WORDS.iter().map(|word| (*word).to_owned()).chain(own.iter().cloned()).collect();
        let is_name = |text: &str| is_name(text) || own.iter().any(|word| text.contains(word.as_str()));
        let answer = match notices::look(site, &words, &is_name) {
            notices::Seen::Nowhere => Observation::failed("absent").suspected(),
            notices::Seen::Unsure => Observation::cannot_tell("unsure"),
            notices::Seen::NoPages => return vec![Observation::untested("unseen")],
            notices::Seen::Here => return vec![Observation::passed()],
        };
        let answer = answer.at(Locus::Name("privacy".to_owned()));
        vec![notices::home(site).into_iter().fold(answer, |answer, place| answer.seen(place))]
    }
}

/// Longer Chinese texts are titles of news about privacy, unless they say what they are.
const LONGEST: usize = 8;

/// What a statement calls itself.
const STATEMENTS: [&str; 10] = ["声明", "政策", "条款", "说明", "协议", "规则", "指引", "告知", "须知", "策略"];

/// Is this the name of a statement, no title of news about privacy?
fn is_name(text: &str) -> bool {
    text.chars().filter(|c| is_han(*c)).count() <= LONGEST || STATEMENTS.iter().any(|word| text.contains(word))
}
