//! `xuncha rules`: every rule with its category, what it is about and its title.

use crate::error::{Error, Result};
use crate::finding::Language;
use crate::rules::{all, fixture};
use comfy_table::{Table, presets};
use std::io::Write;

/// Prints the table of rules.
pub fn list(language: Language, out: &mut dyn Write) -> Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(match language {
        Language::Zh => ["规则", "类别", "对象", "检查什么"],
        Language::En => ["rule", "category", "about", "what"],
    });
    for entry in all() {
        let subject = super::explain::subject(entry);
        table.add_row([entry.id, entry.category, subject.get(language), fixture::texts(entry).title.get(language)]);
    }
    writeln!(out, "{}", table.trim_fmt()).map_err(|e| Error::io("<stdout>", e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_listed_with_its_title() {
        let mut out = Vec::new();
        list(Language::Zh, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        for entry in all() {
            let line = text.lines().find(|line| line.trim_start().starts_with(&format!("{} ", entry.id)));
            assert!(line.is_some_and(|line| line.contains(&fixture::texts(entry).title.zh)), "{}:\n{text}", entry.id);
        }
    }
}
