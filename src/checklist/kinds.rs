//! `kinds.toml`: kinds of body (公安局, 人防办, 县政府 …), to which checklists and items apply.

use crate::finding::Text;
use serde::Deserialize;
use std::sync::OnceLock;

/// One kind of body.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Id that `applies_to`, `kinds` and units name; a built-in checklist of the same id is its own checklist.
    pub id: String,
    /// Name.
    pub name: Text,
}

/// The file built in.
pub const BUILT_IN: &str = include_str!("../../checklists/kinds.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: Vec<Kind>,
}

/// Every kind, in file order.
pub fn all() -> &'static [Kind] {
    static KINDS: OnceLock<Vec<Kind>> = OnceLock::new();
    // A test keeps the embedded file right.
    KINDS.get_or_init(|| toml::from_str::<File>(BUILT_IN).map(|file| file.kind).unwrap_or_default())
}

/// The kind of that id.
pub fn find(id: &str) -> Option<&'static Kind> {
    all().iter().find(|kind| kind.id == id)
}

/// The ids, for messages.
pub fn ids() -> impl Iterator<Item = &'static str> {
    all().iter().map(|kind| kind.id.as_str())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_embedded_file_parses_and_its_ids_are_distinct() {
        let ids: std::collections::BTreeSet<&str> = super::ids().collect();
        assert_eq!(ids.len(), super::all().len());
        assert!(super::find("public-security-bureau").is_some_and(|k| k.name.zh == "公安机关"));
    }
}
