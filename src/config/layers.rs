//! The layers: defaults ◄ file ◄ environment ◄ flags, merged value by value.

use super::units::UnitEntry;
use super::{Config, check};
use crate::checklist::place::{Half, Origin, Step, suggest};
use crate::error::{Error, Result};
use crate::plan::Unit;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Built in.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// A flag of the command line.
    Flag(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Default => f.write_str("默认 / default"),
            Source::File(path) => write!(f, "来自文件 / from file {}", path.display()),
            Source::Environment(name) => write!(f, "来自环境变量 / from environment {name}"),
            Source::Flag(name) => write!(f, "来自命令行 / from flag {name}"),
        }
    }
}

/// Everything that configuration says.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Effective values.
    pub config: Config,
    /// Where each value comes from, by field name.
    pub origins: BTreeMap<String, Source>,
    /// `[[unit]]` tables of the file.
    pub units: Vec<Unit>,
    /// `operator` of the file.
    pub operator: Option<String>,
    /// `checklists` of the file; paths are relative to the file's folder.
    pub checklists: Vec<String>,
}

impl Loaded {
    /// One line per value with its origin, for `--explain-config`.
    pub fn explain(&self) -> String {
        let table = Table::try_from(&self.config).unwrap_or_default();
        let line = |(name, source): (&String, &Source)| match table.get(name) {
            Some(value) => format!("{name} = {value}  # {source}\n"),
            None => format!("# {name}  # {source}\n"),
        };
        self.origins.iter().map(line).collect()
    }
}

/// What a configuration file may hold beside the values of [`Config`].
const BESIDE: [&str; 3] = ["unit", "operator", "checklists"];

#[derive(Deserialize, Default)]
struct Beside {
    #[serde(default)]
    unit: Vec<UnitEntry>,
    operator: Option<String>,
    #[serde(default)]
    checklists: Vec<String>,
}

/// Merges the layers. `env` looks a variable up (`XUNCHA_MAX_PAGES`); `flags` hold what was typed, by field name with hyphens or
/// underscores, lists separated by commas. Every refusal names the value and where it comes from.
pub fn load(file: Option<&Path>, env: &dyn Fn(&str) -> Option<String>, flags: &BTreeMap<String, String>) -> Result<Loaded> {
    let mut values = Table::try_from(Config::default()).map_err(|e| Error::Internal(e.to_string()))?;
    let mut origins: BTreeMap<String, Source> = check::names().map(|name| (name.to_owned(), Source::Default)).collect();
    let mut beside = Beside::default();
    let origin = file.map(Origin::read).transpose()?;
    if let Some(origin) = &origin {
        beside = merge_file(origin, &mut values, &mut origins)?;
    }
    for name in check::names() {
        let variable = format!("XUNCHA_{}", name.to_ascii_uppercase());
        if let Some(text) = env(&variable).filter(|text| !text.trim().is_empty()) {
            set(&mut values, &mut origins, name, &text, Source::Environment(variable))?;
        }
    }
    for (flag, text) in flags {
        let name = flag.trim_start_matches('-').replace('-', "_");
        let Some(known) = check::names().find(|known| *known == name) else {
            return Err(Error::Internal(format!("no configuration value is called {flag}")));
        };
        set(&mut values, &mut origins, known, text, Source::Flag(format!("--{}", known.replace('_', "-"))))?;
    }
    let config: Config = Value::Table(values).try_into().map_err(|e| Error::Internal(format!("merged configuration: {e}")))?;
    for (name, source) in &origins {
        if let Err((message, hint)) = check::value(&config, name) {
            return Err(refuse(origin.as_ref(), name, source, &shown(&config, name), message, hint));
        }
    }
    let units = match &origin {
        Some(origin) => super::units::settle(beside.unit, beside.operator.as_deref(), origin)?,
        None => Vec::new(),
    };
    let folder = file.and_then(Path::parent);
    let checklists = beside.checklists.into_iter().map(|name| relative(name, folder)).collect();
    Ok(Loaded { config, origins, units, operator: beside.operator, checklists })
}

/// A checklist file named in the configuration stands beside it, wherever the program is started.
fn relative(name: String, folder: Option<&Path>) -> String {
    match folder {
        Some(folder) if name.ends_with(".toml") || name.contains(['/', '\\']) => folder.join(&name).display().to_string(),
        _ => name,
    }
}

fn merge_file(origin: &Origin, values: &mut Table, origins: &mut BTreeMap<String, Source>) -> Result<Beside> {
    let table: Table = toml::from_str(&origin.text).map_err(|e| origin.refuse(&e))?;
    for key in table.keys() {
        if !check::names().any(|name| name == key) && !BESIDE.contains(&key.as_str()) {
            let hint = suggest(key, check::names().chain(BESIDE));
            return Err(origin.wrong(&[key.as_str().into()], Half::Key, format!("未知字段 / unknown field `{key}`"), hint));
        }
    }
    let beside: Beside = toml::from_str(&origin.text).map_err(|e| origin.refuse(&e))?;
    for (key, value) in table {
        if BESIDE.contains(&key.as_str()) {
            continue;
        }
        // `max_bytes = "32M"` is as good here as on the command line; a whole number is as good as one with a fraction.
        let value = match (&value, check::shape(&key)) {
            (Value::String(text), Some(shape @ check::Shape::Bytes)) => match shape.read(text) {
                Ok(value) => value,
                Err((message, hint)) => return Err(origin.wrong(&[key.as_str().into()], Half::Value, message, hint)),
            },
            (Value::Integer(number), Some(check::Shape::Seconds | check::Shape::Number)) => Value::Float(*number as f64),
            _ => value,
        };
        values.insert(key.clone(), value);
        // One value at a time, so that a wrong type is told where it stands.
        let one: Table = [(key.clone(), values[&key].clone())].into_iter().collect();
        if let Err(error) = Value::Table(one).try_into::<Config>() {
            let (message, hint) = crate::checklist::place::explain(error.message());
            let steps: [Step; 1] = [key.as_str().into()];
            return Err(origin.wrong(&steps, Half::Value, format!("{key}: {message}"), hint));
        }
        origins.insert(key, Source::File(origin.file.clone()));
    }
    Ok(beside)
}

fn set(values: &mut Table, origins: &mut BTreeMap<String, Source>, name: &str, text: &str, source: Source) -> Result<()> {
    let shape = check::shape(name).ok_or_else(|| Error::Internal(format!("no shape for {name}")))?;
    match shape.read(text.trim()) {
        Ok(value) => {
            values.insert(name.to_owned(), value);
            origins.insert(name.to_owned(), source);
            Ok(())
        }
        Err((message, hint)) => Err(refuse(None, name, &source, text.trim(), message, hint)),
    }
}

fn shown(config: &Config, name: &str) -> String {
    Table::try_from(config).ok().and_then(|table| table.get(name).map(Value::to_string)).unwrap_or_default()
}

fn refuse(origin: Option<&Origin>, name: &str, source: &Source, value: &str, message: String, hint: Option<String>) -> Error {
    match (source, origin) {
        (Source::File(_), Some(origin)) => {
            origin.wrong(&[name.into()], Half::Value, format!("{name} = {value}: {message}"), hint)
        }
        _ => Error::Usage { message: format!("{name} = {value}（{source}）: {message}"), hint },
    }
}
