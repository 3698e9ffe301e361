//! `xuncha explain RULE`: what it looks at, why, its parameters, a good and a bad example, how to mend.

pub mod pages;

use crate::error::{Error, Result};
use crate::finding::{Language, Outcome, Text};
use crate::rules::fixture::{self, Case};
use crate::rules::{self, Entry};
use std::io::Write;

/// Prints the explanation of a rule.
pub fn explain(id: &str, language: Language, out: &mut dyn Write) -> Result<()> {
    let Some(entry) = rules::find(id) else {
        return Err(unknown(id));
    };
    let text = render(entry, language)?;
    out.write_all(text.as_bytes()).map_err(|e| Error::io("<stdout>", e))
}

/// What `explain` is asked: one rule, or pages of all of them.
pub fn run(
    rule: Option<&str>,
    all: bool,
    folder: Option<&std::path::Path>,
    language: Language,
    out: &mut dyn Write,
) -> Result<()> {
    match (rule, all, folder) {
        (Some(rule), false, None) => explain(rule, language, out),
        (None, true, Some(folder)) => {
            let count = pages::write(folder)?;
            writeln!(out, "{}: {count} 页 pages", folder.display()).map_err(|e| Error::io("<stdout>", e))
        }
        _ => Err(Error::usage_with(
            "给出一条规则，或 --all --out 目录 / give a rule, or --all --out DIR",
            "xuncha explain dead-link",
        )),
    }
}

fn unknown(id: &str) -> Error {
    let nearest = rules::all()
        .iter()
        .map(|entry| (strsim::damerau_levenshtein(id, entry.id), entry.id))
        .min()
        .filter(|(distance, name)| *distance <= name.len() / 2)
        .map_or_else(|| "xuncha rules 列出全部规则 / lists every rule".to_owned(), |(_, name)| format!("xuncha explain {name}"));
    Error::usage_with(format!("没有规则 {id} / no rule {id}"), nearest)
}

/// The whole explanation as text.
fn render(entry: &Entry, language: Language) -> Result<String> {
    let texts = fixture::texts(entry);
    let say = |zh: &'static str, en: &'static str| if language == Language::Zh { zh } else { en };
    let mut out = String::new();
    let mut part = |name: &str, body: &str| {
        out.push_str(name);
        out.push('\n');
        for line in body.lines() {
            out.push_str(if line.is_empty() { "" } else { "  " });
            out.push_str(line);
            out.push('\n');
        }
        out.push('\n');
    };
    part(&format!("{}  {}", entry.id, texts.title.get(language)), &say_kind(entry, language));
    part(say("为什么", "Why"), texts.why.get(language));
    part(say("检查什么", "What is looked at"), entry.doc);
    let messages: Vec<String> = texts.messages.iter().map(|(key, text)| format!("{key}: {}", text.get(language))).collect();
    part(say("会说什么", "What it says"), &messages.join("\n"));
    let parameters = parameters(entry, language);
    part(say("参数（默认值）", "Parameters (defaults)"), if parameters.is_empty() { say("无", "none") } else { &parameters });
    let variants = texts.fix_by_platform.iter().map(|(platform, fix)| format!("{platform}: {}", fix.get(language)));
    let fix: Vec<String> = std::iter::once(texts.fix.get(language).to_owned()).chain(variants).collect();
    part(say("怎么改", "How to mend"), &fix.join("\n"));
    let cases = fixture::cases(entry.fixture).map_err(|e| Error::Internal(format!("{}: {e}", entry.id)))?;
    for (outcome, name) in
        [(Outcome::Passed, say("好的例子", "A good example")), (Outcome::Failed, say("坏的例子", "A bad example"))]
    {
        if let Some(case) = cases.iter().find(|case| case.outcome == outcome) {
            part(name, &example(case));
        }
    }
    Ok(out)
}

/// Category, subject and what has to be gathered, in one line.
fn say_kind(entry: &Entry, language: Language) -> String {
    let subject = subject(entry).get(language).to_owned();
    let gatherings: Vec<&str> = entry.gatherings.iter().map(|gathering| gathering.word()).collect();
    match language {
        Language::Zh => format!("类别 {}，对象 {subject}，依据采集 {}", entry.category, gatherings.join("、")),
        Language::En => format!("category {}, about a {subject}, needs {}", entry.category, gatherings.join(", ")),
    }
}

/// What a rule is asked about, in words.
pub(super) fn subject(entry: &Entry) -> Text {
    let (zh, en) = match entry.subject {
        "page" => ("页面", "page"),
        "column" => ("栏目", "column"),
        "link-target" => ("链接目标", "link target"),
        "attachment" => ("附件", "attachment"),
        "annual-report" => ("政府信息公开年度报告", "annual report"),
        "site" => ("网站", "site"),
        other => (other, other),
    };
    Text { zh: zh.to_owned(), en: en.to_owned() }
}

fn parameters(entry: &Entry, language: Language) -> String {
    let texts = fixture::texts(entry);
    let defaults = (entry.defaults)();
    let names = defaults.as_object().into_iter().flatten();
    let lines: Vec<String> = names
        .map(|(name, default)| {
            let meaning = texts.params.get(name).map_or("", |text| text.get(language));
            format!("{name} = {default}\n    {meaning}")
        })
        .collect();
    lines.join("\n")
}

/// A case as its heading, settings and pages, blank ends cut.
fn example(case: &Case) -> String {
    let heading = case.heading.split_once(':').map_or(case.heading.as_str(), |(_, shows)| shows).trim();
    let mut out = format!("{heading}\n");
    if case.params.as_object().is_some_and(|params| !params.is_empty()) {
        out.push_str(&format!("params = {}\n", case.params));
    }
    for block in &case.blocks {
        let attributes: Vec<String> = block.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
        out.push_str(&format!("\n{} {}\n", block.url, attributes.join(" ")).replace(" \n", "\n"));
        out.push_str(&block.body);
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_explained_in_both_languages() {
        for entry in rules::all() {
            for language in [Language::Zh, Language::En] {
                let mut out = Vec::new();
                explain(entry.id, language, &mut out).unwrap();
                let text = String::from_utf8(out).unwrap();
                let texts = fixture::texts(entry);
                for part in [entry.id, texts.title.get(language), texts.why.get(language), texts.fix.get(language)] {
                    assert!(text.contains(part), "{}: {part} is not in\n{text}", entry.id);
                }
                let good = if language == Language::Zh { "坏的例子" } else { "A bad example" };
                assert!(text.contains(good) && text.contains("://"), "{text}");
            }
        }
    }

    #[test]
    fn a_wrong_name_leads_to_the_nearest() {
        let error = explain("dead-links", Language::En, &mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains("xuncha explain dead-link"), "{error}");
        let error = explain("q", Language::En, &mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains("xuncha rules"), "{error}");
    }
}
