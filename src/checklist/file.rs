//! Strict parsing of checklist files with place and nearest name.
//!
//! What one file alone can tell is checked here; what needs `extends` in `library`; what needs the rules in `plan`.

mod checks;

use super::Checklist;
use super::columns::ColumnBook;
use super::place::{Half, Origin, Step, suggest};
use crate::error::{Error, Result};

/// Where an item or a value stands: its file and the steps to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The file.
    pub origin: Origin,
    /// What it says, `extends` not yet resolved.
    pub checklist: Checklist,
    /// Keys given at the top level: a default is not a statement.
    pub given: std::collections::BTreeSet<String>,
}

impl Document {
    /// An error at a value of the file.
    pub fn wrong(&self, steps: &[Step], message: impl Into<String>, hint: Option<String>) -> Error {
        self.origin.wrong(steps, Half::Value, message, hint)
    }

    /// An error at a value of an item.
    pub fn item_wrong(&self, item: usize, steps: &[Step], half: Half, message: impl Into<String>, hint: Option<String>) -> Error {
        let mut all: Vec<Step> = vec!["item".into(), item.into()];
        all.extend_from_slice(steps);
        self.origin.wrong(&all, half, message, hint)
    }
}

/// Parses and checks one checklist file.
pub fn parse(origin: Origin, book: &ColumnBook) -> Result<Document> {
    let checklist: Checklist = toml::from_str(&origin.text).map_err(|e| origin.refuse(&e))?;
    let given = toml::from_str::<toml::Table>(&origin.text).map(|t| t.keys().cloned().collect()).unwrap_or_default();
    let document = Document { origin, checklist, given };
    document.check_head()?;
    let mut ids = std::collections::BTreeMap::new();
    for (at, item) in document.checklist.items.iter().enumerate() {
        if let Some(first) = ids.insert(item.id.as_str(), at) {
            let message = format!("条目 id 重复 / item id `{}` is used twice", item.id);
            let hint = format!("第一次是第 {} 个条目 / first used by item number {}", first + 1, first + 1);
            return Err(document.item_wrong(at, &["id".into()], Half::Value, message, Some(hint)));
        }
        checks::item(&document, at, item, book)?;
    }
    Ok(document)
}

impl Document {
    fn check_head(&self) -> Result<()> {
        let list = &self.checklist;
        let wrong = |key: &str, message: String, hint: Option<String>| Err(self.wrong(&[key.into()], message, hint));
        if list.format != 1 {
            return wrong("format", format!("不支持的格式版本 / format {} is not known", list.format), Some("format = 1".into()));
        }
        if self.given.contains("sha256") {
            return wrong("sha256", "未知字段 / unknown field `sha256`".into(), None);
        }
        let plain = |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !plain(&list.id) {
            let hint = "只用小写字母、数字和连字符 / lower-case letters, digits and hyphens".to_owned();
            return wrong("id", format!("清单 id 不合规 / `{}` is no checklist id", list.id), Some(hint));
        }
        for (key, text) in [("version", &list.version), ("source", &list.source), ("title", &list.title.zh)] {
            if text.trim().is_empty() {
                return wrong(key, format!("不能为空 / `{key}` must not be empty"), None);
            }
        }
        if list.authority.as_ref().is_some_and(|a| a.trim().is_empty()) {
            return wrong("authority", "不能为空：写明谁给出了分值 / must not be empty: say who gave the points".into(), None);
        }
        for (key, mark) in [
            ("full_mark", list.full_mark),
            ("pass_line", list.pass_line),
            ("bonus_gate", list.bonus_gate),
            ("bonus_cap", list.bonus_cap),
        ] {
            if mark.is_some_and(|m| !m.is_finite() || m < 0.0 || (key == "full_mark" && m == 0.0)) {
                return wrong(key, format!("分值不合理 / `{key}` makes no sense"), None);
            }
        }
        if !(0.0..=1.0).contains(&list.coverage_floor) {
            return wrong("coverage_floor", "应在 0 与 1 之间 / must be between 0 and 1".into(), None);
        }
        for (at, kind) in list.applies_to.iter().enumerate() {
            self.check_kind(&["applies_to".into(), at.into()], kind)?;
        }
        Ok(())
    }

    fn check_kind(&self, steps: &[Step], kind: &str) -> Result<()> {
        match super::kinds::find(kind) {
            Some(_) => Ok(()),
            None => {
                let message = format!("未知的单位类别 / unknown kind of body `{kind}`");
                Err(self.wrong(steps, message, suggest(kind, super::kinds::ids())))
            }
        }
    }
}
