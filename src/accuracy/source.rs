//! Where the measurement's texts come from: what the program carries, or a `fixtures` folder, so that plants can be written without
//! building the program anew.

use super::content::Content;
use super::manner::Manner;
use super::plant::{self, Plant};
use crate::error::{Error, Result};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The folder `fixtures/bureaus`.
#[derive(rust_embed::Embed)]
#[folder = "fixtures/bureaus"]
struct Carried;

/// Texts of the measurement, read and checked.
#[derive(Debug, Clone)]
pub struct Source {
    /// Faults and near-misses.
    pub plants: Vec<Plant>,
    /// What columns hold.
    pub content: Content,
    /// Template of each manner, in the order of [`Manner::ALL`].
    pub templates: Vec<String>,
    /// The checklist that asks what no built-in one asks: parameters that only an office can choose.
    pub checklist: String,
}

impl Source {
    /// Reads everything; `folder` has the form of `fixtures`, without one it is what the program carries. Only the plants of `rules`
    /// are read, of all when there are none.
    pub fn read(folder: Option<&Path>, rules: &[String]) -> Result<Self> {
        let texts = Texts { folder: folder.map(Path::to_path_buf) };
        // What stands wrong in somebody's folder is theirs to mend, what we carry is our own fault.
        let wrong = |text: String| if folder.is_some() { Error::usage(text) } else { Error::Internal(text) };
        let mut content = Content::default();
        for (name, text) in texts.contents()? {
            let part: Content = toml::from_str(&text).map_err(|e| wrong(format!("{name}: {e}")))?;
            content.fillings.extend(part.fillings);
        }
        let templates = Manner::ALL.iter().map(|manner| texts.one(&format!("{}.html", manner.word()))).collect::<Result<_>>()?;
        let mut plants = Vec::new();
        for entry in crate::rules::all().iter().filter(|e| rules.is_empty() || rules.iter().any(|id| id == e.id)) {
            let text = match folder {
                Some(folder) => read_file(&folder.join(format!("rules/{}/{}.md", entry.category, entry.id)))?,
                None => entry.fixture.to_owned(),
            };
            let own =
                plant::read(entry.id, &text).map_err(|e| wrong(format!("rules/{}/{}.md: {e}", entry.category, entry.id)))?;
            plants.extend(own);
        }
        Ok(Source { plants, content, templates, checklist: texts.one("checklist.toml")? })
    }

    /// Rules that have plants.
    pub fn rules(&self) -> BTreeSet<&'static str> {
        self.plants.iter().map(|plant| plant.rule).collect()
    }

    /// The same with the plants of these rules alone.
    pub fn only(&self, rules: &BTreeSet<&str>) -> Self {
        let plants = self.plants.iter().filter(|plant| rules.contains(plant.rule)).cloned().collect();
        Source { plants, ..self.clone() }
    }
}

struct Texts {
    folder: Option<PathBuf>,
}

impl Texts {
    /// A file of `bureaus`.
    fn one(&self, name: &str) -> Result<String> {
        match &self.folder {
            Some(folder) => read_file(&folder.join("bureaus").join(name)),
            None => {
                let file = Carried::get(name).ok_or_else(|| Error::Internal(format!("fixtures/bureaus/{name} is missing")))?;
                String::from_utf8(file.data.into_owned()).map_err(|e| Error::Internal(format!("{name}: {e}")))
            }
        }
    }

    /// Name and text of every file of `bureaus/content`, by name.
    fn contents(&self) -> Result<Vec<(String, String)>> {
        let mut names: Vec<String> = match &self.folder {
            Some(folder) => {
                let folder = folder.join("bureaus/content");
                let entries = std::fs::read_dir(&folder).map_err(|e| Error::io(&folder, e))?;
                entries.flatten().map(|entry| format!("content/{}", entry.file_name().to_string_lossy())).collect()
            }
            None => Carried::iter().map(|name| name.to_string()).filter(|name| name.starts_with("content/")).collect(),
        };
        names.retain(|name| name.ends_with(".toml"));
        names.sort();
        names.into_iter().map(|name| self.one(&name).map(|text| (name, text))).collect()
    }
}

fn read_file(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Error::io(path, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_carries_is_read_and_names_known_columns() {
        let source = Source::read(None, &[]).expect("reads");
        let book = crate::checklist::columns::ColumnBook::load();
        for id in source.content.fillings.iter().flat_map(|f| &f.columns).filter(|id| !id.starts_with("class:")) {
            assert!(book.find(id).is_some(), "{id}");
        }
        for class in ["news", "notice", "policy", "annual", "other", "static"] {
            assert!(source.content.of("", class).is_some(), "{class}");
        }
        assert!(!source.plants.is_empty());
    }
}
