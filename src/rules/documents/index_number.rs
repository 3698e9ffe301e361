//! The index number (索引号) of a document is whole: no leaked null, no broken part, and a right check character where it begins with
//! a code that has one.
//!
//! Offices number in many ways, and an unknown way passes. Only a 统一社会信用代码 (GB 32100) or 组织机构代码 (GB 11714) that is plainly
//! meant as such is computed.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::header::Field;
use crate::facts::identifiers::{IndexNumber as Parts, IndexOwner, credit_check, organisation_check};
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::narrow;
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IndexNumber {}

impl Rule for IndexNumber {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        vec![match page.header.value(Field::IndexNumber) {
            Some(value) => answer(page, value),
            None => Observation::inapplicable(), // `document-element` asks whether there has to be one
        }]
    }
}

fn answer(page: &Page, value: &str) -> Observation {
    let fault = |key: &str| {
        Observation::failed(key)
            .at(Locus::Name("index-number".to_owned()))
            .with("value", value)
            .prove("value", value)
            .seen(Location::text(&page.url, value))
    };
    let plain: String = narrow(value).chars().filter(|c| !crate::text::is_blank(*c)).collect();
    if has_null(&plain) {
        return fault("null-value");
    }
    if is_debris(&plain) {
        return fault("malformed");
    }
    let Some(number) = Parts::parse(&plain) else {
        return Observation::passed();
    };
    if !number.checks() {
        let expected = match number.owner {
            IndexOwner::Credit => credit_check(number.code),
            IndexOwner::Organisation => organisation_check(number.code),
        };
        let expected = expected.map(String::from).unwrap_or_default();
        let wrong = fault("check-digit");
        // Bodies no longer have codes of nine characters; an office may number on from one of its own making.
        let wrong = if number.owner == IndexOwner::Organisation { wrong.suspected() } else { wrong };
        return wrong.with("code", number.code).with("expected", expected.as_str()).prove("expected", expected);
    }
    // The code is right, so what follows is meant in its usual form: a date and a serial number.
    if number.rest.is_empty() || number.is_dated() == Some(false) {
        return fault("malformed");
    }
    Observation::passed()
}

/// What a content management system prints for a variable without value.
fn has_null(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    if lower.starts_with("null") || lower.ends_with("null") || lower.contains("undefined") {
        return true;
    }
    lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| matches!(part, "null" | "nan" | "none"))
}

/// Markup, template places and undecodable characters.
fn is_debris(value: &str) -> bool {
    ["\u{fffd}", "<", "{{", "${", "[object", "%}"].iter().any(|debris| value.contains(debris))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_told_from_letters_that_hold_it() {
        for value in ["null02D/01A/D3C20190807", "QX/null/2021-1", "undefined/2021", "NaN-1", "11/2021-null"] {
            assert!(has_null(value), "{value}");
        }
        for value in ["annulled/2021-1", "QSHQ--2023-0756", "nanning/2021-00001", "HN-NONGYE-1"] {
            assert!(!has_null(value), "{value}");
        }
    }
}
