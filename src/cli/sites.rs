//! `xuncha sites`: the office's table of units and sites, and the columns that a first crawl proposes.

use super::finished;
use crate::checklist::columns::ColumnBook;
use crate::config::per_unit;
use crate::error::{Error, Result};
use crate::exit;
use crate::facts::Site;
use crate::finding::Language;
use crate::judge;
use crate::plan::{Plan, Target, Unit};
use crate::registry::columns::{self, Corrected};
use crate::registry::fault::Fault;
use crate::registry::propose::{Line, MOST_OF_ALIKE, Required, SURE, Seen, propose};
use crate::registry::table::{self, Taken};
use crate::registry::{self, BindingState, Registry, SiteState, profile};
use crate::report::plain;
use crate::whole;
use clap::Subcommand;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

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
    /// 从首次抓取提出各单位的栏目对应，写成一张工作簿，供核对 / propose the columns of every unit of runs, as one workbook to be corrected
    Propose {
        /// 运行目录（--out 所写）/ run folders (as --out writes them)
        #[arg(value_name = "RUN", required = true)]
        runs: Vec<PathBuf>,
        /// 写到哪里（xlsx）/ where the workbook goes
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// 语言 / language
        #[arg(long, value_enum, default_value_t)]
        lang: Language,
    },
    /// 检查分级设置，显示某个单位最后适用哪些值、各来自哪一级 / check a profile, and show what holds for a unit and where it comes from
    Profile {
        /// 分级设置（TOML）/ the profile
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// 单位名称或编码 / name or id of the unit
        #[arg(long, default_value = "")]
        unit: String,
        /// 所在地区 / its region
        #[arg(long)]
        region: Option<String>,
        /// 所在分组 / its group
        #[arg(long)]
        group: Option<String>,
    },
    /// 读改过的工作簿，列出会怎样对应，不写入 / read a corrected workbook, and print what it would bind
    Bindings {
        /// 工作簿 / the workbook
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
        Asked::Propose { runs, out, lang } => {
            let mut lines = Vec::new();
            for run in runs {
                lines.extend(proposals(run)?);
            }
            whole::write_bytes(out, &columns::write_xlsx(&lines, &ColumnBook::load())?)?;
            print(&counted(&lines, out, *lang), exit::CLEAN)
        }
        Asked::Profile { file, unit, region, group } => {
            let profile = profile::read(file, &per_unit::check)?;
            let (region, group) = (region.clone(), group.clone());
            let settled =
                profile.settle(&registry::Unit { id: unit.clone(), name: unit.clone(), region, group, ..Default::default() });
            print(&settled.explain(), exit::CLEAN)
        }
        Asked::Bindings { file, lang } => match columns::read(file, &ColumnBook::load(), &Registry::default())? {
            columns::Taken::Whole(corrected) => print(&bindings(&corrected, *lang), exit::CLEAN),
            columns::Taken::Nothing(faults) => print(&listed(&faults, *lang), exit::USAGE),
        },
        Asked::Kept(asked) => super::registry::run(asked),
    }
}

/// What a finished run proposes for each of its units.
pub fn proposals(run: &Path) -> Result<Vec<Line>> {
    let (plan, folder) = finished::open(run)?;
    let info = folder.info().ok_or_else(|| Error::Internal("the run folder is not finished".into()))?;
    let seed = info.seeds.first().cloned().or_else(|| match &plan.target {
        Target::Live(seeds) => seeds.first().cloned(),
        Target::Folder { base, .. } => Some(base.clone()),
        Target::Warc(_) => None,
    });
    let site = seed.map(|seed| seed.authority().trim_start_matches("www.").replace(':', "-")).unwrap_or_default();
    let mut lines = Vec::new();
    for (id, facts) in judge::unit_sites(&plan, &folder)? {
        if let Some(unit) = plan.unit(&id) {
            lines.extend(of_unit(&plan, unit, &site, &facts));
        }
    }
    Ok(lines)
}

/// What one unit of a plan is proposed, on a site of that id.
pub fn of_unit(plan: &Plan, unit: &Unit, site: &str, facts: &Site) -> Vec<Line> {
    let required: Vec<Required> =
        plan.required_columns(unit).into_iter().map(|(column, within)| Required { column, within }).collect();
    // A unit that nobody named is called as its site calls its sponsor.
    let sponsor = || facts.footers.first().and_then(|(footer, ..)| footer.sponsor.clone());
    let name = if unit.name == unit.id { sponsor().unwrap_or_else(|| unit.name.clone()) } else { unit.name.clone() };
    propose(&Seen { unit: &unit.id, name: &name, site, kind: unit.kind.as_deref(), facts, book: &plan.book, required: &required })
}

fn counted(lines: &[Line], out: &Path, language: Language) -> String {
    let units: BTreeSet<&str> = lines.iter().map(|line| line.unit.as_str()).collect();
    let duty = |line: &&Line| line.binding.as_ref().is_some_and(|binding| binding.column.is_some());
    let of = |least: f64, most: f64| {
        let inside = |line: &&Line| line.binding.as_ref().is_some_and(|b| b.confidence >= least && b.confidence < most);
        lines.iter().filter(duty).filter(inside).count()
    };
    let (sure, look) = (of(SURE, f64::MAX), of(MOST_OF_ALIKE + 0.001, SURE));
    let alike = lines.iter().filter(duty).count() - sure - look;
    let missing = lines.iter().filter(|line| line.missing.is_some()).count();
    let out = out.display();
    match language {
        Language::Zh => format!(
            "{out}: {} 个单位，{} 个栏目；对应有把握 {sure}，要看一眼 {look}，仅近似 {alike}；清单要求而没有找到 {missing}\n",
            units.len(),
            lines.len() - missing
        ),
        Language::En => format!(
            "{out}: {} units, {} columns; {sure} proposed surely, {look} worth a look, {alike} only alike; {missing} required ones not found\n",
            units.len(),
            lines.len() - missing
        ),
    }
}

/// What a corrected workbook says, as a table with its counts.
pub fn bindings(corrected: &Corrected, language: Language) -> String {
    let book = ColumnBook::load();
    let mut shown = comfy_table::Table::new();
    let zh = language == Language::Zh;
    shown.load_style(comfy_table::presets::NOTHING).set_header(match zh {
        true => ["单位", "栏目", "网址", "对应", "说法"],
        false => ["unit", "column", "address", "is", "said"],
    });
    for binding in &corrected.said {
        let column = binding.column.as_deref().and_then(|id| book.find(id)).map_or("", |entry| match zh {
            true => &entry.name,
            false => &entry.name_en,
        });
        let said = match (binding.state, zh) {
            (BindingState::Confirmed, true) => "确认",
            (BindingState::Confirmed, false) => "confirmed",
            (BindingState::Rejected, true) => "否定",
            (BindingState::Rejected, false) => "rejected",
            (BindingState::Proposed, true) => "待定",
            (BindingState::Proposed, false) => "open",
        };
        shown.add_row([binding.unit.as_str(), &binding.name, binding.url.as_str(), column, said]);
    }
    let count = |state: BindingState| corrected.said.iter().filter(|binding| binding.state == state).count();
    let (confirmed, rejected) = (count(BindingState::Confirmed), count(BindingState::Rejected));
    let table = if corrected.said.is_empty() { String::new() } else { format!("{shown}\n") };
    table
        + &match zh {
            true => format!("确认 {confirmed}，否定 {rejected}，没有人看过的提议 {}\n", corrected.proposed.len()),
            false => format!(
                "{confirmed} confirmed, {rejected} rejected, {} proposals that nobody looked at\n",
                corrected.proposed.len()
            ),
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
