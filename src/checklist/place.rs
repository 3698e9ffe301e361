//! Places in TOML files: which line and column a wrong value stands on, and the nearest known name.

use crate::error::Error;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// One step from a table or an array towards a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into the value of a key.
    Key(String),
    /// Into an element of an array.
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Step::Key(key.to_owned())
    }
}
impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Step::Index(index)
    }
}

/// Which half of `key = value` is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// The key: an unknown field or parameter.
    Key,
    /// The value.
    Value,
}

/// A TOML file as the user wrote it, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file as the user named it; of a built-in one its path in the project.
    pub file: PathBuf,
    /// Its text.
    pub text: String,
}

impl Origin {
    /// A file with its text.
    pub fn new(file: &Path, text: &str) -> Self {
        Origin { file: file.to_owned(), text: text.to_owned() }
    }

    /// Reads a file; bytes that are no UTF-8 are located too.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(file).map_err(|e| Error::io(file, e))?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Origin { file: file.to_owned(), text: text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned() }),
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned();
                let message = "文件不是 UTF-8 编码 / the file is not UTF-8";
                let hint = "另存为 UTF-8 / save it as UTF-8";
                Err(Origin { file: file.to_owned(), text }.error(good..good, message, Some(hint.to_owned())))
            }
        }
    }

    /// An error at a range of bytes.
    pub fn error(&self, at: Range<usize>, message: impl Into<String>, hint: Option<String>) -> Error {
        let mut start = at.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let before = &self.text[..start];
        Error::Located {
            file: self.file.clone(),
            line: before.bytes().filter(|b| *b == b'\n').count() + 1,
            column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
            message: message.into(),
            hint,
        }
    }

    /// An error at the value (or key) that the steps lead to; where they lead nowhere, at the nearest table above.
    pub fn wrong(&self, steps: &[Step], half: Half, message: impl Into<String>, hint: Option<String>) -> Error {
        self.error(self.find(steps, half).unwrap_or(0..0), message, hint)
    }

    /// An error of the TOML parser or of serde, in our words and with the nearest name.
    pub fn refuse(&self, error: &toml::de::Error) -> Error {
        let span = error.span().unwrap_or(0..0);
        let (message, hint) = explain(error.message());
        self.error(span, message, hint)
    }

    fn find(&self, steps: &[Step], half: Half) -> Option<Range<usize>> {
        let table = DeTable::parse(&self.text).ok()?;
        let (last, above) = steps.split_last()?;
        let root = table.get_ref();
        let mut value: Option<&DeValue<'_>> = None;
        let mut known = 0..0;
        for step in above {
            let Some((_, span, inner)) = enter(root, value, step) else { return Some(known) };
            (known, value) = (span, inner);
        }
        match enter(root, value, last) {
            Some((key, _, _)) if half == Half::Key => Some(key),
            Some((_, span, _)) => Some(span),
            None => Some(known),
        }
    }
}

type Entered<'a, 'i> = (Range<usize>, Range<usize>, Option<&'a DeValue<'i>>);

/// Key span, value span and value of one step; `value` none means the root table.
fn enter<'a, 'i>(root: &'a DeTable<'i>, value: Option<&'a DeValue<'i>>, step: &Step) -> Option<Entered<'a, 'i>> {
    let found = match step {
        Step::Key(key) => {
            let table = value.map_or(Some(root), DeValue::as_table)?;
            let (key, value) = table.iter().find(|(k, _)| k.get_ref() == key.as_str())?;
            (key.span(), value)
        }
        Step::Index(index) => {
            let value = value?.as_array()?.get(*index)?;
            (value.span(), value)
        }
    };
    Some((found.0, found.1.span(), Some(found.1.get_ref())))
}

/// Words of serde and of the TOML parser in both languages, with the nearest of the names that they list.
pub fn explain(message: &str) -> (String, Option<String>) {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    for (start, zh) in [("unknown field", "未知字段"), ("unknown variant", "未知取值")] {
        if message.starts_with(start)
            && let [wrong, known @ ..] = &quoted[..]
        {
            let en = if start == "unknown field" { "unknown field" } else { "unknown value" };
            return (format!("{zh} / {en} `{wrong}`"), suggest(wrong, known.iter().copied()));
        }
    }
    if message.starts_with("missing field")
        && let [name] = quoted[..]
    {
        return (format!("缺少字段 / missing field `{name}`"), None);
    }
    if let Some(rest) = message.strip_prefix("invalid type: ") {
        return (format!("类型不对 / wrong type: {rest}"), None);
    }
    if let Some(rest) = message.strip_prefix("invalid value: ") {
        return (format!("取值不对 / wrong value: {rest}"), None);
    }
    if let Some(rest) = message.strip_prefix("invalid length ") {
        return (format!("长度不对 / wrong length {rest}"), None);
    }
    (format!("不是正确的 TOML / not valid TOML: {}", message.trim_end()), None)
}

/// The hint for a wrong name: the nearest known one, else the known ones when they are few.
pub fn suggest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(wrong, known.iter().copied()) {
        Some(name) => Some(format!("是不是 `{name}`？/ did you mean `{name}`?")),
        None if known.is_empty() => None,
        None if known.len() <= 40 => Some(format!("可用的 / known: {}", known.join(", "))),
        None => None,
    }
}

/// The known name nearest to a wrong one, when it is near enough to be meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = plain(wrong);
    known
        .into_iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(&wrong, &plain(name)), name))
        .filter(|(score, _)| *score >= 0.55)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

/// `dead_link`, `Dead-Link` and `dead-link` are one slip apart, not three.
fn plain(name: &str) -> String {
    name.chars().take(64).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_that_of_the_very_value() {
        let origin = Origin::new(Path::new("a.toml"), "x = 1\n[[item]]\nid = \"一\"\n[[item]]\n  params = { a = [1,\n 2] }\n");
        let place = |steps: &[Step], half| match origin.wrong(steps, half, "m", None) {
            Error::Located { line, column, .. } => (line, column),
            other => panic!("{other}"),
        };
        assert_eq!(place(&["x".into()], Half::Value), (1, 5));
        assert_eq!(place(&["item".into(), 0.into(), "id".into()], Half::Value), (3, 6));
        let deep: [Step; 5] = ["item".into(), 1.into(), "params".into(), "a".into(), 1.into()];
        assert_eq!(place(&deep, Half::Value), (6, 2));
        assert_eq!(place(&deep[..4], Half::Key), (5, 14));
        assert_eq!(place(&["item".into(), 1.into(), "gone".into()], Half::Value).0, 4, "at the table that should hold it");
    }

    #[test]
    fn nearest_is_near_or_nothing() {
        assert_eq!(nearest("dead_lnk", ["dead-link", "dead-attachment"]), Some("dead-link"));
        assert_eq!(nearest("zzz", ["dead-link"]), None);
        assert!(suggest("zzz", ["dead-link"]).is_some_and(|hint| hint.contains("known: dead-link")));
    }
}
