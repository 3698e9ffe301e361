//! Facts against hand-labelled pages: per field, how many labelled values are read right and how many absent ones are filled.
//!
//! A folder holds pages and `labels.jsonl`, one object per page: `file` (its name in the folder), `url` (where it was; optional), and
//! fields by name; `null` says that the page does not show it, a field that is not there was not labelled.

use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering, Method};
use crate::facts::{Page, page};
use crate::text::fold;
use crate::url::CanonicalUrl;
use serde_json::Value;
use std::path::Path;

/// Least share of labelled values that has to be read right, in per cent; of fewer than [`FEW`] one may be wrong.
pub const RIGHT: usize = 96;
/// Fewer labelled values than this are counted singly.
pub const FEW: usize = 25;
/// Most absent values that may be filled, in per cent.
pub const FILLED: usize = 1;

/// One field: what the label says against what was read, in comparable form.
struct Field {
    name: &'static str,
    /// Keys of the label; the first that is there counts.
    labels: &'static [&'static str],
    /// Must reach the rates; the others are printed for information.
    required: bool,
    read: fn(&Page) -> Option<String>,
    /// How both sides are made comparable before they must be equal. Nothing beyond width, blanks, letter case and script for
    /// texts; digits alone for police numbers (dashes are written or not).
    comparable: fn(&str) -> String,
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// gb2312, gbk and gb18030 are one charset to us: the label tells which subset the bytes happen to need.
fn charset(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "gb2312" | "gbk") { "gb18030".to_owned() } else { lower }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

const fn field(
    name: &'static str,
    labels: &'static [&'static str],
    required: bool,
    read: fn(&Page) -> Option<String>,
    comparable: fn(&str) -> String,
) -> Field {
    Field { name, labels, required, read, comparable }
}

const FIELDS: [Field; 14] = [
    field("title", &["title"], true, |p| Some(p.title().to_owned()).filter(|t| !t.is_empty()), fold),
    field("publish date", &["publish_date", "date"], true, |p| p.publish_date().map(|d| d.to_string()), fold),
    field("document number", &["doc_number"], true, |p| owned(p.document_number()), fold),
    field("index number", &["index_number"], true, |p| owned(p.index_number()), fold),
    field("issuing body", &["issuing_body"], true, |p| owned(p.issuing_body()), fold),
    field("site code", &["site_id_code"], true, |p| owned(p.site_id_code()), fold),
    field("icp", &["icp"], true, |p| p.footer.icp.clone(), fold),
    field("police", &["police"], true, |p| p.footer.police.clone(), digits),
    field("written date", &["written_date"], false, |p| p.written_date().map(|d| d.to_string()), fold),
    field("source", &["source"], false, |p| owned(p.source()), fold),
    field("validity", &["validity"], false, |p| owned(p.validity()), fold),
    field("page type", &["page_type"], false, |p| serde_json::to_value(p.kind).ok()?.as_str().map(str::to_owned), fold),
    field("declared charset", &["declared_charset"], false, |p| owned(p.charset.declared()), fold),
    field("charset", &["true_charset"], false, |p| Some(p.charset.used.clone()), charset),
];

/// How one field was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldTally {
    /// Its name.
    pub name: &'static str,
    /// Must it reach the rates?
    pub required: bool,
    /// Labelled values.
    pub labelled: usize,
    /// Labelled values that were read right.
    pub right: usize,
    /// Labelled values that were read as another one.
    pub other: usize,
    /// Values that the label says are absent.
    pub null: usize,
    /// Absent values that were filled.
    pub filled: usize,
}

impl FieldTally {
    /// Does it reach the rates?
    pub fn holds(&self) -> bool {
        let wrong = self.labelled - self.right;
        let right = if self.labelled < FEW { wrong <= 1 } else { self.right * 100 >= self.labelled * RIGHT };
        right && self.filled * 100 <= self.null * FILLED
    }
}

/// What a labelled folder showed.
#[derive(Debug, Clone, Default)]
pub struct Labelled {
    /// Fields that are labelled in it.
    pub fields: Vec<FieldTally>,
    /// Pages read.
    pub pages: usize,
    /// Every value that was not read as labelled, in words.
    pub wrong: Vec<String>,
}

/// Reads every labelled page of a folder. A labelled file that is no HTML page (a PDF) has to be known as none: it is passed over.
pub fn measure(folder: &Path) -> Result<Labelled> {
    let file = folder.join("labels.jsonl");
    let labels = std::fs::read_to_string(&file).map_err(|e| Error::io(&file, e))?;
    let blank =
        |f: &Field| FieldTally { name: f.name, required: f.required, labelled: 0, right: 0, other: 0, null: 0, filled: 0 };
    let mut found = Labelled { fields: FIELDS.iter().map(blank).collect(), ..Labelled::default() };
    for (number, line) in labels.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |text: &str| Error::usage(format!("{}:{}: {text}", file.display(), number + 1));
        let label: Value = serde_json::from_str(line).map_err(|e| wrong(&e.to_string()))?;
        let name = label["file"].as_str().ok_or_else(|| wrong("没有 file / no file"))?;
        let path = folder.join(name);
        let body = std::fs::read(&path).map_err(|e| Error::io(&path, e))?;
        let address =
            label["url"].as_str().map_or_else(|| format!("http://folder.invalid/{}", name.replace(' ', "-")), str::to_owned);
        let url = CanonicalUrl::parse(&address).map_err(|e| wrong(&e.to_string()))?;
        match page::read(&exchange(url, body)) {
            Some(page) => compare(&page, &label, name, &mut found),
            None if !name.to_ascii_lowercase().ends_with(".pdf") => found.wrong.push(format!("{name}: not read as a page")),
            None => {}
        }
    }
    found.fields.retain(|field| field.labelled + field.null > 0);
    Ok(found)
}

fn compare(page: &Page, label: &Value, name: &str, found: &mut Labelled) {
    found.pages += 1;
    for (field, tally) in FIELDS.iter().zip(&mut found.fields) {
        let Some(value) = field.labels.iter().find_map(|key| label.get(key)) else { continue };
        let read = (field.read)(page);
        match value.as_str() {
            Some(expected) => {
                tally.labelled += 1;
                if read.as_deref().is_some_and(|r| (field.comparable)(r) == (field.comparable)(expected)) {
                    tally.right += 1;
                } else {
                    tally.other += usize::from(read.is_some());
                    found.wrong.push(format!("{}: {name}: {read:?}, labelled {expected:?}", field.name));
                }
            }
            None => {
                tally.null += 1;
                if let Some(read) = read {
                    tally.filled += 1;
                    found.wrong.push(format!("{}: {name}: {read:?}, labelled null", field.name));
                }
            }
        }
    }
}

fn exchange(url: CanonicalUrl, body: Vec<u8>) -> Exchange {
    Exchange {
        url,
        method: Method::Get,
        gathering: Gathering::Pages,
        status: 200,
        headers: Vec::new(),
        body: body.into(),
        at: jiff::Timestamp::UNIX_EPOCH,
        hops: 0,
        via: None,
        attempts: 1,
        look: 1,
        elapsed: None,
        profile: crate::exchange::Profile::Own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_wrong_filled_and_not_labelled_are_told_apart() {
        let folder = std::env::temp_dir().join(format!("xuncha-fields-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let html = "<html><head><title>关于供水的通知</title></head><body><h1>关于供水的通知</h1>\
                    <p>发布时间：2026-03-20</p><p>通知正文在这里，内容有一些。</p></body></html>";
        for name in ["a.html", "b.html", "c.html"] {
            std::fs::write(folder.join(name), html).expect("a page");
        }
        let labels = r#"{"file":"a.html","title":"关于供水的通知","date":"2026-03-20"}
{"file":"b.html","title":"另一个标题","date":"2026-03-20"}
{"file":"c.html","title":"关于供水的通知","date":null}"#;
        std::fs::write(folder.join("labels.jsonl"), labels).expect("labels");
        let found = measure(&folder).expect("measures");
        std::fs::remove_dir_all(&folder).expect("removed");
        let of = |name: &str| found.fields.iter().find(|f| f.name == name).cloned();
        let title = of("title").expect("title");
        assert_eq!((title.labelled, title.right, title.other, title.holds()), (3, 2, 1, true));
        let date = of("publish date").expect("date");
        assert_eq!((date.labelled, date.right, date.null, date.filled, date.holds()), (2, 2, 1, 1, false));
        assert!(of("icp").is_none());
        assert_eq!((found.pages, found.wrong.len()), (3, 2));
    }
}
