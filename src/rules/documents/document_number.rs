//! The number of a document (文号) is written as GB/T 9704-2012 7.2.5 says: 机关代字〔年份〕序号号.
//!
//! Judged only where a number is given: many kinds of document need none. Announcements and orders count otherwise (公告2024年第3号,
//! 令第52号): another legal form, not a fault.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::dates::{DateFact, DateOrigin};
use crate::facts::header::Field;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::{fold, narrow, to_simplified};
use crate::url::CanonicalUrl;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentNumber {}

/// Any attempt at the form, its parts in groups; brackets of any kind, a closing one may be of another kind.
static ATTEMPT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?<body>[\p{Han}A-Za-z·、]{1,30})(?<open>[〔〖﹝\[(（【［])(?<year>\d{2,4})年?(?<close>[〕〗﹞\])）】］])(?<word>第)?(?<serial>\d{1,6})(?<suffix>号)?$").ok()
});

/// A body, a year and a serial number without whole brackets: `国办公开办函〔202130`, `某政办发2021 12号`.
static BROKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^\p{Han}{1,20}?(发|办|函|字|规|政|通|呈|报|复)[〔〖﹝\[(（【［]?(19|20)\d{2}[〕〗﹞\])）】］]?[-—]?(第)?\d{1,5}(号)?$",
    )
    .ok()
});

/// Words of the legal forms that count without a bracketed year.
const OTHER_FORMS: [&str; 6] = ["公告", "通告", "令", "公报", "决议", "通知书"];

impl Rule for DocumentNumber {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        match page.header.value(Field::DocumentNumber) {
            Some(value) => judge(&page.url, &page.dates, value),
            None => vec![Observation::inapplicable()],
        }
    }
}

fn judge(url: &CanonicalUrl, dates: &[DateFact], value: &str) -> Vec<Observation> {
    let place = |observation: Observation, key: &str| {
        observation.at(Locus::Name(key.to_owned())).with("value", value).prove("value", value).seen(Location::text(url, value))
    };
    // Blanks are the template's; full-width digits and Traditional characters are no fault. Full-width brackets stay what they are.
    let plain: String = to_simplified(value)
        .chars()
        .filter(|c| !crate::text::is_blank(*c))
        .map(|c| if matches!(c, '０'..='９') { narrow(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c) } else { c })
        .collect();
    let numbers = plain.matches('号').count().max(plain.chars().filter(|c| "〔〖﹝[【［".contains(*c)).count());
    if numbers > 1 || plain.contains([';', '；', ',', '，']) {
        return vec![place(Observation::cannot_tell("several"), "several")];
    }
    let Some(parts) = ATTEMPT.as_ref().and_then(|attempt| attempt.captures(&plain)) else {
        return vec![unlike(&plain, place)];
    };
    let other_form = OTHER_FORMS.iter().any(|form| parts["body"].ends_with(form));
    let mut keys = Vec::new();
    if (&parts["open"], &parts["close"]) != ("〔", "〕") {
        keys.push("bracket");
    }
    match parts["year"].len() {
        2 => keys.push("short-year"),
        4 if parts["year"].starts_with("19") || parts["year"].starts_with("20") => {}
        _ => keys.push("malformed"),
    }
    if parts.name("word").is_some() {
        keys.push("ordinal-word");
    }
    if parts["serial"].starts_with('0') {
        keys.push("leading-zero");
    }
    if parts.name("suffix").is_none() {
        keys.push("missing-suffix");
    }
    if other_form && (!keys.is_empty() || parts.name("word").is_some()) {
        return vec![Observation::inapplicable()];
    }
    let mut faults: Vec<Observation> = keys.iter().map(|key| place(Observation::failed(key), key)).collect();
    let year = parts["year"].parse().ok().filter(|_| !keys.contains(&"short-year") && !keys.contains(&"malformed"));
    if let Some(written) = year.and_then(|year| year_differs(dates, year)) {
        faults.push(
            place(Observation::failed("year-differs"), "year-differs")
                .suspected()
                .with("written", written)
                .prove("written-date", written.to_string()),
        );
    }
    if faults.is_empty() { vec![Observation::passed()] } else { faults }
}

/// A value that is not of the form: another legal form, a broken number, or something that we cannot read.
fn unlike(plain: &str, place: impl Fn(Observation, &str) -> Observation) -> Observation {
    let year_ordinal = plain.contains("年第") || plain.contains("年") && plain.ends_with('号');
    let bare_ordinal = plain.contains('第') && !plain.contains(['〔', '[', '［', '【', '﹝']);
    if year_ordinal || bare_ordinal || OTHER_FORMS.iter().any(|form| plain.contains(form)) {
        return Observation::inapplicable();
    }
    if BROKEN.as_ref().is_some_and(|broken| broken.is_match(plain)) {
        return place(Observation::failed("malformed"), "malformed");
    }
    place(Observation::cannot_tell("unread"), "unread")
}

/// The date of writing, when its year is another one. Only the label 成文日期 means that date for certain, and a number given in the
/// last days of a year may be signed in the next.
fn year_differs(dates: &[DateFact], year: i16) -> Option<jiff::civil::Date> {
    let written = dates.iter().find(|d| d.origin == DateOrigin::WrittenLabel && fold(&d.label) == "成文日期")?.date;
    let turn = (written.year() == year + 1 && written.month() <= 2) || (written.year() + 1 == year && written.month() == 12);
    (written.year() != year && !turn).then_some(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Outcome;
    use proptest::prelude::*;

    fn keys(value: &str) -> Vec<String> {
        let url = CanonicalUrl::parse("http://a.gov.cn/").unwrap();
        judge(&url, &[], value)
            .into_iter()
            .map(|o| if o.outcome == Outcome::CannotTell { format!("?{}", o.message) } else { o.message })
            .collect()
    }

    #[test]
    fn real_numbers() {
        for (value, expected) in [
            ("国办发〔2017〕47号", "passed"),
            ("国办公开办函〔2019〕 60 号", "passed"),
            ("臺政發〔2021〕3號", "passed"),
            ("国办秘函﹝2019﹞19号", "bracket"),
            ("黔府发［2021］5号", "bracket"),
            ("X政办（2021）5号", "bracket"),
            ("X政办〔2021〕05号", "leading-zero"),
            ("X政办〔2021〕第5号", "ordinal-word"),
            ("X政办〔2021〕5", "missing-suffix"),
            ("X政办〔21〕5号", "short-year"),
            ("国办公开办函〔202130", "malformed"),
            ("某政办发2021-12号", "malformed"),
            ("公告2024年第3号", "inapplicable"),
            ("国家税务总局公告2024年第3号", "inapplicable"),
            ("财政部令第87号", "inapplicable"),
            ("公告〔2024〕第3号", "inapplicable"),
            ("X政发〔2021〕5号、6号", "?several"),
            ("桂政办发〔2021〕规5号", "?unread"),
            ("县政府办公室", "?unread"),
        ] {
            assert_eq!(keys(value), [expected], "{value}");
        }
        assert_eq!(keys("X政办[2021]05"), ["bracket", "leading-zero", "missing-suffix"]);
    }

    proptest! {
        #[test]
        fn every_value_has_an_answer(value in "\\PC{0,60}") {
            prop_assert!(!keys(&value).is_empty());
        }
    }
}
