//! What the templates of content and plants may say.

use super::super::bureau::Bureau;
use super::super::random::Random;
use super::super::words::{self, EVENTS, SENTENCES, WORKS};
use crate::error::{Error, Result};
use jiff::Span;
use jiff::civil::Date;
use minijinja::Environment;
use std::sync::{Arc, Mutex};

/// Betting words of the lexicon's own kinds, as spam writes them.
const BETTING: [&str; 8] = ["欧洲杯投注", "365体育", "六合彩", "买球", "beat365", "CBA直播", "365bet", "世界杯买球"];

/// What a text is spoken about.
#[derive(Debug, Clone, Copy)]
pub struct Speech<'a> {
    /// The body: `unit`, `site`, `place`, `host`, `other_host`, `origin` (scheme and host), `code`, `credit`, `icp`, `phone`, `number_word`.
    pub bureau: &'a Bureau,
    /// Name of the column: `column`.
    pub column: &'a str,
    /// Date of the entry: `date`, `date_zh`, `year_of`.
    pub date: Date,
    /// Path of the page that takes a plant: `path`; its address: `url`. Empty for content.
    pub path: &'a str,
    /// Title of that page before the plant: `title`.
    pub title: &'a str,
    /// Number of the entry: `n`.
    pub n: u32,
    /// Path of the column above the page: `above`.
    pub above: &'a str,
    /// What follows the last dash of its name, the number of a series: `tail`.
    pub tail: &'a str,
}

/// Speaks templates; functions in them draw from one seeded source.
#[derive(Debug)]
pub struct Speaker {
    environment: Environment<'static>,
}

impl Speaker {
    /// With a source of choices.
    pub fn new(random: Random) -> Self {
        let random = Arc::new(Mutex::new(random));
        let mut environment = Environment::new();
        environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        let mut choice = |name: &'static str, words: &'static [&'static str]| {
            let random = Arc::clone(&random);
            environment.add_function(name, move || draw(&random, |r| r.word(words).to_owned()));
        };
        choice("work", &WORKS);
        choice("event", &EVENTS);
        choice("sentence", &SENTENCES);
        choice("betting", &BETTING);
        let mut made = |name: &'static str, make: fn(&mut Random) -> String| {
            let random = Arc::clone(&random);
            environment.add_function(name, move || draw(&random, make));
        };
        made("person", words::person);
        made("phone", words::office_phone);
        made("mobile", |r| format!("1{}{}", r.word(&["39", "58", "86", "35"]), r.digits(8)));
        made("id_number", words::id_number);
        made("bank_card", words::bank_card);
        made("slug", |r| format!("{:06x}", r.draw() & 0xFF_FFFF));
        let source = Arc::clone(&random);
        environment.add_function("number", move |first: i64, last: i64| draw(&source, |r| r.between(first, last)));
        let source = Arc::clone(&random);
        environment.add_function("pick", move |of: Vec<String>| {
            draw(&source, |r| of.get(r.below(of.len())).cloned().unwrap_or_default())
        });
        Speaker { environment }
    }

    /// Fills a template.
    pub fn say(&mut self, text: &str, speech: &Speech<'_>) -> Result<String> {
        if !text.contains("{{") && !text.contains("{%") {
            return Ok(text.to_owned());
        }
        let as_of = speech.bureau.as_of;
        self.environment.add_function("day", move |n: i64| as_of.saturating_sub(Span::new().days(n)).to_string());
        self.environment.add_function("day_zh", move |n: i64| chinese(as_of.saturating_sub(Span::new().days(n))));
        let columns = speech.bureau.columns.clone();
        // A column that this kind of body does not have is at no address: links to it would be faults of their own.
        self.environment.add_function("path_of", move |id: &str| {
            columns
                .get(id)
                .cloned()
                .ok_or_else(|| minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, format!("no column {id}")))
        });
        let own = speech.date;
        self.environment.add_function("before", move |n: i64| own.saturating_sub(Span::new().days(n)).to_string());
        self.environment.add_function("before_zh", move |n: i64| chinese(own.saturating_sub(Span::new().days(n))));
        let codes = &speech.bureau.codes;
        let first = codes.site.bytes().fold(0_usize, |sum, byte| sum * 7 + usize::from(byte));
        self.environment.add_function("rule_name", move |n: usize| words::RULES[(first + n) % words::RULES.len()]);
        let bureau = speech.bureau;
        let known = serde_json::json!({
            "unit": bureau.unit, "site": bureau.name, "place": bureau.place, "host": bureau.host, "origin": bureau.origin(),
            "other_host": bureau.other_host, "path": speech.path, "title": speech.title, "tail": speech.tail, "url": format!("{}{}", bureau.origin(), speech.path),
            "code": codes.site, "credit": codes.credit, "icp": codes.icp, "police": codes.police, "number_word": codes.number_word,
            "office": codes.phone, "kind": bureau.kind, "division": codes.division,
            "year": as_of.year(), "month": as_of.month(), "today": as_of.to_string(),
            "column": speech.column, "date": speech.date.to_string(), "date_zh": chinese(speech.date),
            "year_of": speech.date.year() - i16::from(speech.date.month() < 7), "n": speech.n, "above": speech.above,
        });
        self.environment
            .render_str(text, crate::report::html::view::convert(known))
            .map_err(|e| Error::Internal(format!("template {text:?}: {e}")))
    }
}

fn draw<T>(random: &Mutex<Random>, make: impl FnOnce(&mut Random) -> T) -> T {
    // Nothing panics while it holds the lock; a poisoned one still holds a good source.
    let mut random = random.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    make(&mut random)
}

/// 2026年3月20日.
fn chinese(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}
