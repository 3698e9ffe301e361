//! The text of a page can be read: no pinyin in brackets after its characters, no damaged charset.
//!
//! Pages that went through a rewriting or stealing tool carry `報(bào)告` or `辦(ban)公(gong)廳` all over. A text that glosses one or
//! two rare characters is no such page. Damage is what decodes to replacement characters, or what makes sense only when its bytes
//! are read in another charset.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::{is_han, shorten, to_simplified};
use encoding_rs::Encoding;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GarbledText {}

/// A character with its pronunciation in brackets.
static GLOSS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?<han>\p{Han})[(（](?<pinyin>[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ]{1,7})[)）]").ok());

/// A toneless syllable as Mandarin has them; units and abbreviations (kg, mm, co) are none.
static SYLLABLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])(iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ue|ui|uo|ve|a|e|i|o|u|v)$|^(ai|ei|ao|ou|an|en|ang|er)$").ok()
});

/// The hundred and more characters that official texts are full of: nobody explains how they are read.
const COMMON: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严务厅综镇乡街";

/// Fewest glosses, and their share of all Han characters, from which a text is looked at.
const FEWEST: usize = 5;
const SHARE: f64 = 0.005;
/// The same for toneless ones, which other texts may hold by chance.
const TONELESS_SHARE: f64 = 0.02;

impl Rule for GarbledText {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let text = page.document.main_text();
        let answers: Vec<Observation> =
            [pinyin(page, &text), damaged(page, &text), misdeclared(page, &text)].into_iter().flatten().collect();
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}

fn pinyin(page: &Page, text: &str) -> Option<Observation> {
    // Each gloss has its bracket.
    if text.matches(['(', '（']).take(FEWEST).count() < FEWEST {
        return None;
    }
    let (gloss, syllable) = (GLOSS.as_ref()?, SYLLABLE.as_ref()?);
    let han = text.chars().filter(|c| is_han(*c)).count();
    let (mut toned, mut toneless) = (0usize, 0usize);
    let mut glossed: BTreeSet<char> = BTreeSet::new();
    let mut first = None;
    for found in gloss.captures_iter(text) {
        let pronunciation = &found["pinyin"];
        if !pronunciation.is_ascii() {
            toned += 1;
        } else if syllable.is_match(pronunciation) {
            toneless += 1;
        } else {
            continue;
        }
        glossed.extend(found["han"].chars());
        first.get_or_insert_with(|| found.get(0).map_or(0, |m| m.start()));
    }
    let hits = toned + toneless;
    let dense = hits as f64 > han as f64 * if toned * 2 >= hits { SHARE } else { TONELESS_SHARE };
    if hits < FEWEST || !dense {
        return None;
    }
    let quote = shorten(&text[first.unwrap_or(0)..], 40);
    // A reader is helped once, with a rare character; a tool glosses the same common ones over and over.
    let distinct = glossed.len();
    let common = glossed.iter().filter(|c| to_simplified(c.encode_utf8(&mut [0; 4])).chars().any(|c| COMMON.contains(c))).count();
    let senseless = common * 2 >= distinct || hits >= distinct * 3;
    let observation = if senseless { Observation::failed("pinyin") } else { Observation::cannot_tell("unsure") };
    Some(
        place(observation, page, "pinyin", &quote)
            .with("count", hits)
            .prove("glosses", hits.to_string())
            .prove("han", han.to_string()),
    )
}

fn damaged(page: &Page, text: &str) -> Option<Observation> {
    let lost = text.matches('\u{fffd}').count();
    let foreign: Vec<&str> = page.document.main.iter().map(|b| b.text.as_str()).filter(|t| is_misread(t)).collect();
    let classic = text.matches("锟斤拷").count();
    let latin = text.match_indices('Ã').filter(|(at, _)| text[at + 2..].starts_with(is_high_latin)).count();
    if lost == 0 && foreign.is_empty() && classic == 0 && latin == 0 {
        return None;
    }
    let all = text.chars().count();
    let quote = foreign.first().map(|t| shorten(t, 40)).or_else(|| {
        let at = text.find('\u{fffd}').or_else(|| text.find("锟斤拷")).or_else(|| text.find('Ã'))?;
        Some(text[at..].chars().take(20).collect())
    });
    let quote = quote.unwrap_or_default();
    // Replacement characters are the page's own only where the charset was declared; a guessed charset may be our mistake.
    let lost_for_sure = lost >= 10 && lost * 200 > all && page.charset.by != "detection";
    let sure = lost_for_sure || !foreign.is_empty() || classic >= 2 || latin >= 10;
    let unsure = lost >= 3 || classic > 0 || latin >= 3;
    let observation = match (sure, unsure) {
        (true, _) => Observation::failed("damaged"),
        (_, true) => Observation::cannot_tell("unsure"),
        _ => return None,
    };
    Some(
        place(observation, page, "damaged", &quote)
            .with("count", lost + foreign.len() + classic + latin)
            .prove("declared", page.charset.header.clone().or(page.charset.meta.clone()).unwrap_or_default())
            .prove("charset", page.charset.used.clone()),
    )
}

/// A declared charset that the bytes contradict: we read the page by its bytes, a browser goes by the declaration and shows garble.
fn misdeclared(page: &Page, text: &str) -> Option<Observation> {
    const LEAST: usize = 10;
    let charset = &page.charset;
    let declared = charset.header.as_deref().or(charset.meta.as_deref())?;
    let (meant, used) =
        (encoding_rs::Encoding::for_label(declared.as_bytes())?, encoding_rs::Encoding::for_label(charset.used.as_bytes())?);
    let family = |e: &'static encoding_rs::Encoding| if e == encoding_rs::GBK { encoding_rs::GB18030 } else { e };
    // Only between UTF-8 and the Chinese charsets is the evidence of the bytes beyond doubt.
    let known = [meant, used].iter().all(|e| [encoding_rs::UTF_8, encoding_rs::GB18030, encoding_rs::BIG5].contains(&family(e)));
    if charset.by != "detection" || family(meant) == family(used) || !known || text.chars().filter(|c| is_han(*c)).count() < LEAST
    {
        return None;
    }
    let quote = shorten(text.lines().max_by_key(|line| line.chars().filter(|c| is_han(*c)).count()).unwrap_or_default(), 40);
    Some(
        place(Observation::failed("misdeclared"), page, "damaged", &quote)
            .with("declared", declared)
            .with("used", charset.used.as_str())
            .prove("declared", declared)
            .prove("charset", charset.used.as_str()),
    )
}

fn place(observation: Observation, page: &Page, name: &str, quote: &str) -> Observation {
    observation.at(Locus::Name(name.to_owned())).with("quote", quote).prove("quote", quote).seen(Location::text(&page.url, quote))
}

/// The upper half of Latin-1's controls and signs: what a second byte of UTF-8 becomes.
fn is_high_latin(c: char) -> bool {
    ('\u{80}'..='\u{bf}').contains(&c)
}

/// Do a block's characters, written in the charset in which they were wrongly read, turn out to be UTF-8? Text that means something
/// in Chinese never does over six characters: its bytes would have to be lead and trail bytes of three-byte sequences.
fn is_misread(block: &str) -> bool {
    if block.chars().filter(|c| !c.is_ascii()).take(9).count() < 9 {
        return false;
    }
    if is_latin_gbk(block) {
        return true;
    }
    [encoding_rs::GBK, encoding_rs::WINDOWS_1252].into_iter().filter(|wrong| may_be_misread(block, wrong)).any(|wrong| {
        let (bytes, ..) = wrong.encode(block);
        let high = bytes.iter().filter(|b| !b.is_ascii()).count();
        let mut within = 0;
        let mut at = 0;
        while at + 2 < bytes.len() {
            let three = matches!(bytes[at], 0xe1..=0xef) && bytes[at + 1] & 0xc0 == 0x80 && bytes[at + 2] & 0xc0 == 0x80;
            within += if three { 3 } else { 0 };
            at += if three { 3 } else { 1 };
        }
        within >= 18 && within * 10 >= high * 7
    })
}

/// Lead bytes of three-byte sequences and bytes beyond ASCII that a character has in GBK, once it is known: 1 + leads + 4 * high.
static IN_GBK: [AtomicU8; 0x1_0000] = [const { AtomicU8::new(0) }; 0x1_0000];

/// Has the block enough bytes that can begin a sequence? Nearly no text has, and counting them costs a fraction of writing it.
fn may_be_misread(block: &str, wrong: &'static Encoding) -> bool {
    let bytes_of = |c: char| {
        let mut utf8 = [0; 4];
        let (bytes, ..) = wrong.encode(c.encode_utf8(&mut utf8));
        let leads = bytes.iter().filter(|b| matches!(b, 0xe1..=0xef)).count();
        (leads, bytes.iter().filter(|b| !b.is_ascii()).count())
    };
    let (mut leads, mut high) = (0, 0);
    for c in block.chars().filter(|c| !c.is_ascii()) {
        let (own_leads, own_high) = match IN_GBK.get(c as usize) {
            // Of Western letters each is a byte: no table is needed to see that there are none.
            _ if wrong == encoding_rs::WINDOWS_1252 && c > '\u{2122}' => (0, 0),
            Some(known) if wrong == encoding_rs::GBK => match known.load(Ordering::Relaxed) {
                0 => {
                    let (leads, high) = bytes_of(c);
                    known.store((1 + leads + 4 * high) as u8, Ordering::Relaxed);
                    (leads, high)
                }
                packed => (usize::from((packed - 1) & 3), usize::from((packed - 1) >> 2)),
            },
            _ => bytes_of(c),
        };
        leads += own_leads;
        high += own_high;
    }
    leads * 3 >= 18 && leads * 30 >= high * 7
}

/// Letters of Western Europe alone that, as bytes, are common Chinese characters: no language doubles its accents like that.
fn is_latin_gbk(block: &str) -> bool {
    let high: Vec<char> = block.chars().filter(|c| !c.is_ascii()).collect();
    if high.len() < 16 || !high.iter().all(|c| ('\u{80}'..='\u{ff}').contains(c)) {
        return false;
    }
    let bytes: Vec<u8> = block.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
    // A soft hyphen among them is lost on the way: from there on the pairs of bytes begin one byte later, so both beginnings count.
    let common = |bytes: &[u8]| encoding_rs::GBK.decode(bytes).0.chars().filter(|c| COMMON.contains(*c)).count();
    let pairs = high.len() / 2;
    (common(&bytes) + common(bytes.get(1..).unwrap_or_default())) * 2 >= pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "为进一步做好政务公开工作，现将有关事项通知如下，请认真贯彻执行。";

    #[test]
    fn misread_bytes_are_known_by_reading_them_right() {
        let (gbk, ..) = encoding_rs::GBK.decode(PLAIN.as_bytes());
        assert!(is_misread(&gbk), "{gbk}");
        let (latin, ..) = encoding_rs::WINDOWS_1252.decode(PLAIN.as_bytes());
        assert!(is_misread(&latin), "{latin}");
        let (bytes, ..) = encoding_rs::GBK.encode(PLAIN);
        let letters: String = bytes.iter().map(|b| char::from(*b)).collect();
        assert!(is_misread(&letters), "{letters}");
        let lossy: String = letters.chars().enumerate().filter(|(at, _)| *at != 17).map(|(_, c)| c).collect();
        assert!(is_misread(&lossy), "{lossy}");
        let (twice, ..) = encoding_rs::GBK.decode(gbk.as_bytes());
        assert!(is_misread(&twice), "{twice}");
    }

    #[test]
    fn real_text_is_never_misread() {
        for text in [
            PLAIN,
            "湖南省公安廳2019年政府信息公開工作年度報告",
            "Le préfet a décidé: « été », à côté, où, déjà, Noël, cœur, français, élève",
            "日本語のテキストもそのまま読めます。漢字とかな交じり文です。",
            "联通联通联通联通联通联通",
            "Привет, это обычный русский текст без повреждений.",
            "①②③④⑤⑥⑦⑧⑨⑩、《》“”‘’——……",
        ] {
            assert!(!is_misread(text), "{text}");
        }
    }

    #[test]
    fn syllables_are_not_units() {
        let syllable = SYLLABLE.as_ref().unwrap();
        for word in ["ban", "gong", "zhuang", "xue", "er", "shi", "nv", "liu"] {
            assert!(syllable.is_match(word), "{word}");
        }
        for word in ["kg", "mm", "a", "e", "km", "pdf", "doc", "x", "vip", "app"] {
            assert!(!syllable.is_match(word), "{word}");
        }
    }
}
