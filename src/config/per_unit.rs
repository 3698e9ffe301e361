//! Values that a unit or a group of units may have of its own: pace, hours, budgets, what counts as a fault. What belongs to the machine or
//! to one run (`resolve`, `browser`, `shared_gates` …) does not.

use super::Config;
use super::check;
use crate::checklist::place::explain;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use toml::{Table, Value};

/// Their names.
pub const PER_UNIT: [&str; 18] = [
    "rate",
    "at_once",
    "quiet_hours",
    "allowed_hours",
    "max_requests",
    "max_total_bytes",
    "max_time",
    "max_host_requests",
    "max_host_bytes",
    "max_host_time",
    "connect_timeout",
    "timeout",
    "max_bytes",
    "max_attachment_bytes",
    "max_pages",
    "max_hops",
    "fail_on",
    "min_score",
];

/// Checks one value, and puts it into the form that [`with`] takes. A refusal says what is wrong and what to do.
pub fn check(name: &str, value: &Value) -> std::result::Result<Value, (String, Option<String>)> {
    if !PER_UNIT.contains(&name) {
        let message = match check::shape(name) {
            Some(_) => format!("{name} 不能按单位设置 / `{name}` is no value of a unit"),
            None => format!("未知字段 / unknown field `{name}`"),
        };
        return Err((message, crate::checklist::place::suggest(name, PER_UNIT)));
    }
    let value = match (value, check::shape(name)) {
        (Value::String(text), Some(shape @ check::Shape::Bytes)) => shape.read(text)?,
        (Value::Integer(number), Some(check::Shape::Seconds | check::Shape::Number)) => Value::Float(*number as f64),
        _ => value.clone(),
    };
    let one: Table = [(name.to_owned(), value.clone())].into_iter().collect();
    let config: Config = Value::Table(one).try_into().map_err(|error: toml::de::Error| {
        let (message, hint) = explain(error.message());
        (format!("{name}: {message}"), hint)
    })?;
    check::value(&config, name)?;
    Ok(value)
}

/// A configuration with values of a unit in the place of its own.
pub fn with(config: &Config, values: &BTreeMap<String, Value>) -> Result<Config> {
    let internal = |e: &dyn std::fmt::Display| Error::Internal(format!("profile: {e}"));
    let mut table = Table::try_from(config).map_err(|e| internal(&e))?;
    for (name, value) in values {
        let value = check(name, value).map_err(|(message, hint)| Error::Usage { message, hint })?;
        table.insert(name.clone(), value);
    }
    Value::Table(table).try_into().map_err(|e| internal(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_unit_are_checked_as_those_of_a_file() {
        assert_eq!(check("rate", &Value::Integer(1)), Ok(Value::Float(1.0)));
        assert_eq!(check("max_bytes", &Value::String("32M".into())), Ok(Value::Integer(32 << 20)));
        for (name, value) in
            [("rate", Value::Integer(0)), ("rate", Value::String("x".into())), ("browser", Value::String("x".into()))]
        {
            assert!(check(name, &value).is_err(), "{name} {value}");
        }
        assert!(
            check("max_page", &Value::Integer(5)).is_err_and(|(_, hint)| hint.is_some_and(|hint| hint.contains("max_pages")))
        );
        let values = BTreeMap::from([("max_pages".to_owned(), Value::Integer(50))]);
        assert!(with(&Config::default(), &values).is_ok_and(|config| config.max_pages == 50));
        assert!(PER_UNIT.iter().all(|name| check::shape(name).is_some()));
    }
}
