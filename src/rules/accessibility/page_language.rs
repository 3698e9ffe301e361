//! The page names its language, and it is the one that it is written in (WCAG 3.1.1).

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, spots};
use crate::text::is_han;
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PageLanguage {}

impl Rule for PageLanguage {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        if !spots::is_read(page) {
            return vec![Observation::inapplicable()];
        }
        let place = |text: &str| Location { line: Some(1), ..Location::text(&page.url, text) };
        let locus = Locus::Name("lang".to_owned());
        let language = page.accessibility.language.as_deref().unwrap_or_default().trim();
        if language.is_empty() {
            return vec![Observation::failed("absent").at(locus).seen(place("<html"))];
        }
        let script = Script::of(page);
        let named_chinese = is_chinese(language);
        let differs = match script {
            Script::Han => !named_chinese && !may_use_han(language),
            Script::Other => named_chinese,
            Script::Mixed => false,
        };
        if !differs {
            return vec![Observation::passed()];
        }
        let fault = if named_chinese { Observation::failed("not-chinese") } else { Observation::failed("chinese") };
        vec![fault.at(locus).with("language", language).prove("lang", language).seen(place(language))]
    }
}

/// Letters from which a text shows its language.
const LEAST: usize = 300;

/// What the text of a page is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Han characters nearly alone: Chinese.
    Han,
    /// Next to no Han character.
    Other,
    /// Neither, or too little to tell.
    Mixed,
}

impl Script {
    fn of(page: &Page) -> Script {
        let (mut han, mut kana, mut letters) = (0usize, 0usize, 0usize);
        let visible = page.document.main.iter().chain(&page.document.around).filter(|block| block.hidden.is_none());
        for c in visible.flat_map(|block| block.text.chars()).take(20_000).filter(|c| crate::text::is_alphabetic(*c)) {
            letters += 1;
            han += usize::from(is_han(c));
            // Kana and Hangul: Japanese and Korean use Han characters, too.
            kana += usize::from(matches!(c, '\u{3041}'..='\u{30ff}' | '\u{ac00}'..='\u{d7af}'));
        }
        if letters < LEAST || kana * 50 > letters {
            Script::Mixed
        } else if han * 10 >= letters * 8 {
            Script::Han
        } else if han * 50 < letters {
            Script::Other
        } else {
            Script::Mixed
        }
    }
}

fn primary(language: &str) -> String {
    language.split(['-', '_', ' ', ';', ',']).next().unwrap_or_default().to_ascii_lowercase()
}

fn is_chinese(language: &str) -> bool {
    matches!(primary(language).as_str(), "zh" | "cmn" | "yue" | "cn" | "chi" | "zho" | "wuu" | "hak" | "nan" | "chinese")
}

/// Languages written with Han characters that are no Chinese, and tags that name none.
fn may_use_han(language: &str) -> bool {
    matches!(primary(language).as_str(), "ja" | "ko" | "vi" | "mul" | "und" | "za" | "ii" | "x")
}
