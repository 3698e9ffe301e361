//! Strict parsing of checklist files with place and nearest name.

use crate::error::Error;
use std::path::Path;

/// A TOML error with file, line and column.
pub fn located(file: &Path, text: &str, error: &toml::de::Error) -> Error {
    let at = error.span().map_or(0, |s| s.start).min(text.len());
    let before = text.get(..at).unwrap_or_default();
    Error::Located {
        file: file.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
        message: error.message().to_owned(),
        hint: None,
    }
}
