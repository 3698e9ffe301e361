//! A fixture site: its `site.toml`, its files and its planted truth, as they lie in `fixtures/sites/` and inside the binary.
//!
//! The format is described for authors in `fixtures/sites/README.md`. It is parsed strictly: an unknown field is an error.

use crate::error::{Error, Result};
use crate::finding::{Certainty, RootCause, Text};
use crate::plan::Unit;
use crate::scope::{Scope, ScopeRule};
use crate::url::CanonicalUrl;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `fixtures/sites/`: read from the source folder by debug builds, carried in the binary by release builds.
#[derive(rust_embed::RustEmbed)]
#[folder = "fixtures/sites/"]
struct Bundle;

/// `site.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteFile {
    /// Version of this format; 1.
    pub format: u32,
    /// Name of the site.
    pub title: Text,
    /// The day on which the site is judged.
    pub as_of: jiff::civil::Date,
    /// Where the crawl begins.
    pub seeds: Vec<CanonicalUrl>,
    /// Id of the unit that runs the site.
    pub operator: String,
    /// Checklists by id; empty: the default ones and those of the units' kinds.
    #[serde(default)]
    pub checklists: Vec<String>,
    /// Hosts that the server answers for.
    #[serde(rename = "host")]
    pub hosts: Vec<Host>,
    /// Bodies that are judged.
    #[serde(rename = "unit")]
    pub units: Vec<FixtureUnit>,
    /// Answers that a file alone does not give; the first that fits counts.
    #[serde(default, rename = "route")]
    pub routes: Vec<Route>,
}

/// One host name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// The name, in lower case.
    pub name: String,
    /// Folder with its files, below the site's; none: only routes answer, all else is 404.
    pub folder: Option<String>,
    /// Charset in the Content-Type of HTML; none: `text/html` without one.
    pub charset: Option<String>,
}

/// One body that is judged.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixtureUnit {
    /// Id, unique in the site.
    pub id: String,
    /// Name for reports.
    pub name: String,
    /// Kind of body.
    pub kind: Option<String>,
    /// At least one must hold.
    pub include: Vec<ScopeRule>,
    /// None may hold.
    #[serde(default)]
    pub exclude: Vec<ScopeRule>,
}

/// One answer that differs from "the file of that path, 200".
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Host name.
    pub host: String,
    /// Path, percent-decoded.
    pub path: String,
    /// Query parameters that must be there with these values; others do not matter.
    #[serde(default)]
    pub query: BTreeMap<String, String>,
    /// File in the host's folder; none: the file of the path.
    pub file: Option<String>,
    /// HTTP status; 200, or 302 with `location`.
    pub status: Option<u16>,
    /// Status of the first look: of every request until 1.5 seconds after the first.
    pub first_status: Option<u16>,
    /// Status of HEAD requests.
    pub head_status: Option<u16>,
    /// Milliseconds before the answer.
    #[serde(default)]
    pub delay_ms: u64,
    /// Location header.
    pub location: Option<String>,
    /// The connection is closed without an answer.
    #[serde(default)]
    pub reset: bool,
    /// More headers; they replace what the server would send.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// `expected.json`: every planted fault, and nothing else may be reported.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The faults.
    pub faults: Vec<Fault>,
}

/// One planted fault; what is not given does not matter.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Rule id.
    pub rule: String,
    /// `url` of the finding.
    pub url: CanonicalUrl,
    /// Unit that it belongs to.
    pub unit: Option<String>,
    /// Text that its message, evidence or locations must hold: tells several faults of one page apart.
    pub text: Option<String>,
    /// Proved or suspected.
    pub certainty: Option<Certainty>,
    /// Where it has to be mended.
    pub root_cause: Option<RootCause>,
    /// Full number of places.
    pub occurrences: Option<u64>,
    /// What was planted, for people.
    pub note: String,
}

/// A fixture site with everything it needs.
#[derive(Debug)]
pub struct FixtureSite {
    /// Id: the folder's name.
    pub id: String,
    /// `site.toml`.
    pub file: SiteFile,
    /// `expected.json`.
    pub expected: Expected,
    /// Files by path below the site's folder.
    pub files: BTreeMap<String, Cow<'static, [u8]>>,
}

/// Ids of the bundled sites, sorted.
pub fn ids() -> Vec<String> {
    let mut ids: Vec<String> = Bundle::iter().filter_map(|path| path.strip_suffix("/site.toml").map(str::to_owned)).collect();
    ids.sort();
    ids
}

impl FixtureSite {
    /// Loads a bundled site. What is wrong in it is told with file and place, like every other configuration.
    pub fn load(id: &str) -> Result<Self> {
        let prefix = format!("{id}/");
        let files: BTreeMap<String, Cow<'static, [u8]>> = Bundle::iter()
            .filter_map(|path| {
                let inner = path.strip_prefix(&prefix)?.to_owned();
                Bundle::get(&path).map(|file| (inner, file.data))
            })
            .collect();
        if files.is_empty() {
            let known = ids().join(", ");
            return Err(Error::usage_with(format!("没有演示站点 {id} / no demo site {id}"), known));
        }
        let file: SiteFile = read(id, "site.toml", &files, |text| {
            toml::from_str(text).map_err(|e| (e.span().map_or(0, |span| span.start), e.message().to_owned()))
        })?;
        let expected: Expected = read(id, "expected.json", &files, json)?;
        let site = FixtureSite { id: id.to_owned(), file, expected, files };
        site.check()?;
        Ok(site)
    }

    /// Units in the form of a plan.
    pub fn units(&self) -> Vec<Unit> {
        let unit = |u: &FixtureUnit| Unit {
            id: u.id.clone(),
            name: u.name.clone(),
            kind: u.kind.clone(),
            scope: Scope { include: u.include.clone(), exclude: u.exclude.clone() },
        };
        self.file.units.iter().map(unit).collect()
    }

    /// `HOST:80:127.0.0.1:PORT` for every host.
    pub fn resolve(&self, port: u16) -> Vec<String> {
        self.file.hosts.iter().map(|host| format!("{}:80:127.0.0.1:{port}", host.name)).collect()
    }

    fn check(&self) -> Result<()> {
        let wrong = |what: String| Err(Error::usage(format!("fixtures/sites/{}/site.toml: {what}", self.id)));
        if self.file.format != 1 {
            return wrong(format!("format {} is not known", self.file.format));
        }
        if !self.file.units.iter().any(|unit| unit.id == self.file.operator) {
            return wrong(format!("operator {} is no unit", self.file.operator));
        }
        for route in &self.file.routes {
            let Some(host) = self.file.hosts.iter().find(|host| host.name == route.host) else {
                return wrong(format!("route on unknown host {}", route.host));
            };
            if let (Some(file), Some(folder)) = (&route.file, &host.folder)
                && !self.files.contains_key(&format!("{folder}/{file}"))
            {
                return wrong(format!("route to missing file {folder}/{file}"));
            }
        }
        Ok(())
    }
}

fn json<T: DeserializeOwned>(text: &str) -> std::result::Result<T, (usize, String)> {
    serde_json::from_str(text).map_err(|e| {
        let line: usize = text.split_inclusive('\n').take(e.line().saturating_sub(1)).map(str::len).sum();
        (line + e.column().saturating_sub(1), e.to_string())
    })
}

/// Reads one file of a site; `parse` tells where in the text it failed, as a byte offset.
fn read<T>(
    id: &str,
    name: &str,
    files: &BTreeMap<String, Cow<'static, [u8]>>,
    parse: impl Fn(&str) -> std::result::Result<T, (usize, String)>,
) -> Result<T> {
    let file = PathBuf::from(format!("fixtures/sites/{id}/{name}"));
    let Some(bytes) = files.get(name) else {
        return Err(Error::usage(format!("{} 不存在 / is missing", file.display())));
    };
    let text = String::from_utf8_lossy(bytes);
    parse(&text).map_err(|(at, message)| {
        let before = text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Error::Located { file, line, column, message, hint: None }
    })
}
