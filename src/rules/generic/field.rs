//! A page shows a labelled value: a field of its header block, or any label that the office names; filled, or matching a pattern.
//!
//! A label is found in the block of labelled values above a document, or as a short line of the page `label：value`, where the value may
//! stand in the next line (a table cell). What is far down a text that was cut is not missing.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::document::TextBlock;
use crate::facts::header::Field as HeaderField;
use crate::finding::{Location, Locus, Observation, Text};
use crate::rules::own_words::{self, Pattern};
use crate::rules::{Context, Rule};
use crate::text::{fold, is_blank, shorten, squeeze};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// A field of the header block, whatever its label says (`document-number`).
    #[serde(default)]
    field: Option<HeaderField>,
    /// Labels as people write them; any of them will do.
    #[serde(default)]
    labels: Vec<String>,
    /// What is asked of it.
    #[serde(default)]
    must: Must,
    /// What the value has to hold, with `match`.
    #[serde(default)]
    pattern: Option<Pattern>,
    /// The finding in the office's own words.
    #[serde(default)]
    says: Option<Text>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Must {
    /// The label is there.
    Present,
    /// The label is there with a value.
    #[default]
    Filled,
    /// The label is there, and its value matches.
    Match,
}

/// A label with its value.
struct Found {
    label: String,
    value: String,
}

/// Longest line that may be a label with its value, in characters.
const LINE: usize = 200;

impl Rule for Field {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        if self.field.is_none() && self.labels.is_empty() {
            return vec![Observation::inapplicable()];
        }
        let name = self.name();
        let failed = |key: &str| {
            let observation = own_words::failed(key, self.says.as_ref()).at(Locus::Name(name.clone()));
            observation.with("field", name.as_str()).with("title", page.title())
        };
        let found = self.find(page);
        if found.is_empty() {
            if page.document.cut {
                return vec![Observation::cannot_tell("cut").with("field", name.as_str()).at(Locus::Name(name.clone()))];
            }
            return vec![failed("absent").seen(Location::text(&page.url, page.title())).prove("labels", self.looked_for())];
        }
        let holds = |found: &Found| match (self.must, &self.pattern) {
            (Must::Present, _) => true,
            (Must::Match, Some(pattern)) => pattern.is_in(&found.value),
            _ => !is_empty(&found.value),
        };
        // The first label that is filled speaks for the page: navigation may repeat a label without a value.
        if found.iter().any(holds) {
            return vec![Observation::passed()];
        }
        let best = found.iter().find(|f| !is_empty(&f.value)).unwrap_or(&found[0]);
        let place = Location::text(&page.url, best.label.as_str());
        if is_empty(&best.value) {
            return vec![failed("empty").with("label", best.label.as_str()).prove("label", best.label.as_str()).seen(place)];
        }
        let pattern = self.pattern.as_ref().map_or("", Pattern::text);
        let value = shorten(&best.value, 100);
        vec![
            failed("differs")
                .with("label", best.label.as_str())
                .with("value", value.as_str())
                .with("pattern", pattern)
                .prove("value", value.as_str())
                .seen(Location::text(&page.url, value.as_str())),
        ]
    }
}

impl Field {
    /// What it is called in messages.
    fn name(&self) -> String {
        match (self.labels.first(), self.field) {
            (Some(label), _) => label.clone(),
            (None, Some(field)) => word(field),
            (None, None) => String::new(),
        }
    }

    fn looked_for(&self) -> String {
        self.labels.iter().cloned().chain(self.field.map(word)).collect::<Vec<_>>().join("、")
    }

    fn find(&self, page: &Page) -> Vec<Found> {
        let labels: Vec<String> = self.labels.iter().map(|label| fold(label)).collect();
        let mut found: Vec<Found> = Vec::new();
        for value in &page.header.values {
            if self.field == Some(value.field) || labels.contains(&fold(&value.label)) {
                found.push(Found { label: value.label.clone(), value: value.value.clone() });
            }
        }
        // The block knows which value is whose: below a label that is empty there stands something else.
        let in_block: Vec<&String> = labels.iter().filter(|label| found.iter().any(|one| fold(&one.label) == **label)).collect();
        for blocks in [&page.document.main, &page.document.around] {
            let shown: Vec<&TextBlock> = blocks.iter().filter(|block| block.hidden.is_none()).collect();
            for (at, block) in shown.iter().enumerate() {
                // The title below a block of labels is nobody's value.
                let is_title = |text: &str| text == page.title() || page.document.h1.iter().any(|h1| h1 == text);
                let next = shown.get(at + 1).map(|block| block.text.as_str()).filter(|next| !is_title(next));
                found.extend(
                    labels.iter().filter_map(|label| read(&block.text, next.filter(|_| !in_block.contains(&label)), label)),
                );
            }
        }
        found
    }
}

/// Without a colon the line has to be the label: one of many more characters folds to something else.
fn may_be_label_alone(line: &str, label: &str) -> bool {
    line.chars().filter(|c| !is_blank(*c)).count() <= label.chars().count() * 2 + 4
}

/// `label：value` in a line, or a line that is the label with its value in the next.
fn read(line: &str, next: Option<&str>, label: &str) -> Option<Found> {
    if line.chars().count() > LINE || !(line.contains([':', '：']) || may_be_label_alone(line, label)) {
        return None;
    }
    // Several labels may stand in one line: 电话：… 地址：…
    let mut folded = String::with_capacity(line.len());
    let mut ends: Vec<usize> = Vec::new();
    for (at, c) in line.char_indices() {
        let one = fold(&line[at..at + c.len_utf8()]);
        ends.extend(std::iter::repeat_n(at + c.len_utf8(), one.len()));
        folded.push_str(&one);
    }
    let mut from = 0;
    while let Some(at) = folded.get(from..)?.find(label).map(|at| at + from) {
        let end = at + label.len();
        from = end;
        let starts = at == 0 || folded[..at].ends_with(|c: char| !c.is_alphanumeric()) || is_gap(line, &ends, at);
        let rest = line.get(*ends.get(end - 1)?..)?;
        let led = rest.trim_start();
        let Some(value) = led.strip_prefix([':', '：']) else {
            if at == 0 && led.is_empty() {
                let value = next.unwrap_or_default().trim_start_matches([':', '：']);
                let value = if value.ends_with([':', '：']) { "" } else { value };
                return Some(Found { label: squeeze(line), value: squeeze(value) });
            }
            continue;
        };
        if !starts {
            continue;
        }
        let value = squeeze(value);
        let value = if value.is_empty() && at == 0 {
            next.filter(|next| !next.contains([':', '：'])).map(squeeze).unwrap_or_default()
        } else {
            value
        };
        return Some(Found { label: label.to_owned(), value });
    }
    None
}

/// Does a blank stand before that place of the folded line?
fn is_gap(line: &str, ends: &[usize], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|n| ends.get(n)) else { return true };
    line.get(*before..).is_some_and(|rest| rest.starts_with(crate::text::is_blank))
}

fn is_empty(value: &str) -> bool {
    matches!(value.trim(), "" | "无" | "無" | "-" | "--" | "—" | "——" | "/")
}

fn word(field: HeaderField) -> String {
    match serde_json::to_value(field) {
        Ok(serde_json::Value::String(word)) => word,
        _ => format!("{field:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_beside_and_below_their_label() {
        let value = |line: &str, next: Option<&str>| read(line, next, &fold("联系电话")).map(|f| f.value);
        assert_eq!(value("联系电话：0734-5580001", None).as_deref(), Some("0734-5580001"));
        assert_eq!(value("地址：某路1号 联系电话: 5580001", None).as_deref(), Some("5580001"));
        assert_eq!(value("联 系 电 话", Some("5580001")).as_deref(), Some("5580001"));
        assert_eq!(value("联系电话：", Some("5580001")).as_deref(), Some("5580001"));
        assert_eq!(value("联系电话：", Some("传真：5580002")).as_deref(), Some(""));
        assert_eq!(value("原联系电话：1", None), None, "another label");
        assert_eq!(value("本单位联系电话已经变更", None), None, "words of a text");
        assert_eq!(value("如有疑问请拨打联系电话", Some("x")), None);
    }
}
