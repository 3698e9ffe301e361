//! `xuncha sites`: the office's table of units and sites, and the columns that a first crawl proposes.

use crate::error::{Error, Result};
use crate::exit;
use crate::finding::Language;
use crate::registry::fault::Fault;
use crate::registry::table::{self, Taken};
use crate::registry::{Registry, SiteState};
use crate::report::plain;
use clap::Subcommand;
use std::io::Write;
use std::path::PathBuf;

/// What is asked.
#[derive(Debug, Clone, Subcommand)]
pub enum Asked {
    /// 检查名录表，列出每一处问题，不写入 / read a table, name every bad row, and take nothing
    Check {
        /// 名录表：xlsx、xls、et 或 csv / the table
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// 语言 / language
        #[arg(long, value_enum, default_value_t)]
        lang: Language,
    },
    /// What the store keeps.
    #[command(flatten)]
    Kept(super::registry::Asked),
}

/// Runs it.
pub fn run(asked: &Asked) -> Result<u8> {
    match asked {
        Asked::Check { file, lang } => match table::read(file, &Registry::default())? {
            Taken::Whole { registry, ignored } => print(&summary(&registry, &ignored, *lang), exit::CLEAN),
            Taken::Nothing(faults) => print(&listed(&faults, *lang), exit::USAGE),
        },
        Asked::Kept(asked) => super::registry::run(asked),
    }
}

fn print(text: &str, code: u8) -> Result<u8> {
    // A closed pipe is no error of ours.
    let _ = std::io::stdout().lock().write_all(plain::lines(text).as_bytes());
    Ok(code)
}

/// Every fault on its line, and what became of the file.
pub fn listed(faults: &[Fault], language: Language) -> String {
    let mut text: String = faults.iter().map(|fault| fault.line(language) + "\n").collect();
    let rows: std::collections::BTreeSet<(&str, u32)> = faults.iter().map(|fault| (fault.sheet.as_str(), fault.row)).collect();
    text.push_str(&match language {
        Language::Zh => format!("{} 处问题，{} 行：什么也没有导入\n", faults.len(), rows.len()),
        Language::En => format!("{} mistakes in {} rows: nothing was taken\n", faults.len(), rows.len()),
    });
    text
}

/// A registry as a table, with its counts and the columns of its file that were not read.
pub fn summary(registry: &Registry, ignored: &[String], language: Language) -> String {
    let zh = language == Language::Zh;
    let mut shown = comfy_table::Table::new();
    shown.load_style(comfy_table::presets::NOTHING);
    shown.set_header(match zh {
        true => ["网站", "标识码", "网址", "状态", "单位"],
        false => ["site", "code", "address", "state", "units"],
    });
    for site in &registry.sites {
        let units = registry.holdings.iter().filter(|held| held.site == site.id);
        let names: Vec<&str> = units.filter_map(|held| Some(registry.unit(&held.unit)?.name.as_str())).collect();
        let some = names.iter().take(3).copied().collect::<Vec<_>>().join("、");
        let address = site.addresses.first().map_or("", |url| url.as_str());
        let units = if names.len() > 3 { format!("{some} … ({})", names.len()) } else { some };
        let state = if site.standing.state == SiteState::Running { "" } else { site.standing.state.word() };
        shown.add_row([site.name.as_str(), site.code.as_deref().unwrap_or(""), address, state, &units]);
    }
    let counts = (registry.units.len(), registry.sites.len(), registry.platforms.len());
    let mut text = format!("{shown}\n");
    text.push_str(&match zh {
        true => format!("{} 个单位，{} 个网站，{} 个平台：可以导入\n", counts.0, counts.1, counts.2),
        false => format!("{} units, {} sites, {} platforms: can be imported\n", counts.0, counts.1, counts.2),
    });
    if !ignored.is_empty() {
        let list = ignored.join("、");
        text.push_str(&match zh {
            true => format!("没有读的列：{list}\n"),
            false => format!("columns that were not read: {list}\n"),
        });
    }
    text
}

/// A usage error that a table is wrong, for commands that go on with it.
pub fn refused(faults: &[Fault], language: Language) -> Error {
    Error::usage(listed(faults, language).trim_end())
}
