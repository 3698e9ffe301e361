//! `report.html`: one self-contained file for the webmaster. No external resource, readable without script, in both languages.
//!
//! The template, its style and its script are `reports/templates/report.*`. Every value is escaped by the template engine; the page
//! carries a content security policy that allows nothing but its own style and its own script, by hash.

mod charts;
mod groups;
pub(crate) mod view;

use super::Report;
use crate::error::{Error, Result};
use crate::finding::Language;
use data_encoding::BASE64;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use sha2::{Digest, Sha256};
use std::io::Write;

const TEMPLATE: &str = include_str!("../../reports/templates/report.html.jinja");
const STYLE: &str = include_str!("../../reports/templates/report.css");
const SCRIPT: &str = include_str!("../../reports/templates/report.js");
/// The name decides nothing; escaping is set for every template.
const NAME: &str = "report.html";

/// Writes the report. `language` is the one shown first; the other is one click away.
pub fn write(report: &Report, language: Language, out: &mut dyn Write) -> Result<()> {
    write_with(TEMPLATE, report, language, out)
}

/// [`write`] with an office's own template. A name that the template uses and nobody gives is an error, not a blank.
pub fn write_with(template: &str, report: &Report, language: Language, out: &mut dyn Write) -> Result<()> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|error| Error::Internal(error.to_string()))?);
    let wrong = |error: minijinja::Error| Error::usage(format!("报告模板有误 / report template: {error:#}"));
    environment.add_template(NAME, template).map_err(wrong)?;
    let template = environment.get_template(NAME).map_err(wrong)?;
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        BASE64.encode(&Sha256::digest(SCRIPT.as_bytes()))
    );
    let values = context! {
        r => view::of(report),
        english => language == Language::En,
        policy,
        style => minijinja::Value::from_safe_string(STYLE.to_owned()),
        script => minijinja::Value::from_safe_string(SCRIPT.to_owned()),
    };
    template.render_captured_to(values, out).map_err(wrong)?;
    Ok(())
}
