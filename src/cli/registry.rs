//! `xuncha sites` where the store is concerned: import of the office's table, list, export, state.

use super::office::{Desk, OfficeOptions};
use super::{finished, sites};
use crate::cadence::quarterly::DEEP;
use crate::checklist::columns::ColumnBook;
use crate::error::{Error, Result};
use crate::exit;
use crate::finding::Language;
use crate::registry::columns;
use crate::registry::profile;
use crate::registry::propose::Line;
use crate::registry::sample::{self, Quota, Stratum};
use crate::registry::table::{self, Taken};
use crate::registry::{Binding, SiteState, Standing};
use crate::whole;
use clap::Subcommand;
use jiff::civil::Date;
use std::path::PathBuf;

/// What is done.
#[derive(Debug, Clone, Subcommand)]
pub enum Asked {
    /// 导入名册：有一行不对则全部不导入 / take a table in, whole or not at all
    Import {
        /// xlsx、xls、et、csv
        file: PathBuf,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
        /// 语言 / language
        #[arg(long, value_enum, default_value_t)]
        lang: Language,
    },
    /// 列出名册 / list what is watched
    List {
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
        /// 语言 / language
        #[arg(long, value_enum, default_value_t)]
        lang: Language,
    },
    /// 导出名册 / write the registry as a table
    Export {
        /// 写到哪里 / where
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
    /// 从各网站最近的深度扫描提出栏目对应，写成一张工作簿；已确认的照旧 / propose the columns of every site, from its last deep scan
    Columns {
        /// 写到哪里（xlsx）/ where the workbook goes
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
    /// 导入改过的栏目工作簿：有一行不对则全部不导入 / bind columns as a corrected workbook says, whole or not at all
    Bind {
        /// 工作簿 / the workbook
        file: PathBuf,
        /// 谁确认的 / who says so
        #[arg(long, value_name = "NAME")]
        by: String,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
        /// 语言 / language
        #[arg(long, value_enum, default_value_t)]
        lang: Language,
    },
    /// 导入分级配置（全国、地区、分组、单位）/ take the profile of country, regions, groups and units in
    ImportProfile {
        /// TOML 文件 / the file
        file: PathBuf,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
    /// 抽查：按公布的种子和比例抽取网站，谁都可以复算 / draw sites by a published seed and quotas; anyone can draw them again
    Sample {
        /// 种子，应事先公布 / the seed, to be published before
        #[arg(long)]
        seed: String,
        /// 每层抽百分之几 / percent of each stratum
        #[arg(long, value_name = "N", conflicts_with = "count", required_unless_present = "count", value_parser = clap::value_parser!(u32).range(1..=100))]
        percent: Option<u32>,
        /// 每层抽几个 / so many of each stratum
        #[arg(long, value_name = "N")]
        count: Option<u64>,
        /// 按什么分层：region、level、kind / what strata are made of
        #[arg(long, value_enum, value_delimiter = ',', default_value = "region,level")]
        by: Vec<By>,
        /// 哪一天，默认今天 / on which day, today when left out
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
        /// 输出 JSON / as JSON
        #[arg(long)]
        json: bool,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
    /// 登记网站状态：改版、临时关停、下线、恢复 / file a state of a site
    State {
        /// 网站编码 / site id
        site: String,
        /// 状态 / state
        #[arg(value_enum)]
        state: State,
        /// 从哪天起 / first day
        #[arg(long, value_name = "DATE")]
        since: Option<Date>,
        /// 到哪天止 / last day
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
        /// 备案依据 / the filing that says so
        #[arg(long, value_name = "TEXT")]
        basis: Option<String>,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
}

/// Strata as typed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum By {
    /// 地区
    Region,
    /// 层级
    Level,
    /// 机构类型
    Kind,
}

/// States as typed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum State {
    /// 正常运行
    Running,
    /// 升级改版
    Redesign,
    /// 临时关停
    Suspended,
    /// 永久下线
    Closed,
}

/// Does it.
pub fn run(asked: &Asked) -> Result<u8> {
    match asked {
        Asked::Import { file, office, lang } => {
            let desk = office.open()?;
            let known = desk.runtime.block_on(desk.store.registry())?;
            let registry = match table::read(file, &known)? {
                Taken::Whole { registry, .. } => registry,
                Taken::Nothing(faults) => return Err(sites::refused(&faults, *lang)),
            };
            let changes = desk.runtime.block_on(desk.store.put_registry(&registry))?;
            println!(
                "新增 {}，更改 {}，未变 {} / {} added, {} changed, {} as they were",
                changes.added, changes.changed, changes.same, changes.added, changes.changed, changes.same
            );
            Ok(exit::CLEAN)
        }
        Asked::List { office, lang } => {
            let desk = office.open()?;
            print!("{}", sites::summary(&desk.runtime.block_on(desk.store.registry())?, &[], *lang));
            Ok(exit::CLEAN)
        }
        Asked::Export { out, office } => {
            let desk = office.open()?;
            let bytes = table::write_xlsx(&desk.runtime.block_on(desk.store.registry())?)?;
            std::fs::write(out, bytes).map_err(|e| Error::io(out, e))?;
            println!("{}", out.display());
            Ok(exit::CLEAN)
        }
        Asked::Columns { out, office } => {
            let desk = office.open()?;
            let lines = columns_of(&desk)?;
            let known = desk.runtime.block_on(desk.store.bindings(None))?;
            let proposed: Vec<Binding> = lines.iter().filter_map(|line| line.binding.clone()).collect();
            let now = crate::clock::now().as_second();
            let new = desk.runtime.block_on(desk.store.propose(&proposed, now))?;
            let lines = columns::with_known(lines, &known);
            whole::write_bytes(out, &columns::write_xlsx(&lines, &ColumnBook::load())?)?;
            println!(
                "{}: {} 个栏目，新提出 {new} 个 / {} columns, {new} newly proposed",
                out.display(),
                proposed.len(),
                proposed.len()
            );
            Ok(exit::CLEAN)
        }
        Asked::Bind { file, by, office, lang } => {
            let desk = office.open()?;
            let registry = desk.runtime.block_on(desk.store.registry())?;
            let corrected = match columns::read(file, &ColumnBook::load(), &registry)? {
                columns::Taken::Whole(corrected) => corrected,
                columns::Taken::Nothing(faults) => return Err(sites::refused(&faults, *lang)),
            };
            let now = crate::clock::now().as_second();
            desk.runtime.block_on(desk.store.propose(&corrected.proposed, now))?;
            let said = desk.runtime.block_on(desk.store.bind(&corrected.said, by, now))?;
            print!("{}", sites::bindings(&corrected, *lang));
            println!("{said} 条已记入 / were taken in ({by})");
            Ok(exit::CLEAN)
        }
        Asked::ImportProfile { file, office } => {
            let desk = office.open()?;
            let read = profile::read(file, &crate::config::per_unit::check)?;
            let registry = desk.runtime.block_on(desk.store.registry())?;
            for holder in read.unknown(&registry) {
                eprintln!("名册里没有 / the registry does not have: {holder}");
            }
            let now = crate::clock::now().as_second();
            desk.runtime.block_on(desk.store.put_profile(&read, &file.display().to_string(), now))?;
            println!("{}", file.display());
            Ok(exit::CLEAN)
        }
        Asked::Sample { seed, percent, count, by, on, json, office } => {
            let desk = office.open()?;
            let registry = desk.runtime.block_on(desk.store.registry())?;
            let quota = percent.map_or_else(|| Quota::Count(count.unwrap_or(1)), Quota::Percent);
            let by: Vec<Stratum> = by
                .iter()
                .map(|by| match by {
                    By::Region => Stratum::Region,
                    By::Level => Stratum::Level,
                    By::Kind => Stratum::Kind,
                })
                .collect();
            let day = on.unwrap_or_else(|| crate::clock::date_of(crate::clock::now()));
            let sample = sample::draw(&registry, seed, day, &by, quota);
            if *json {
                println!("{}", serde_json::to_string_pretty(&sample).map_err(|e| Error::Internal(e.to_string()))?);
                return Ok(exit::CLEAN);
            }
            for stratum in &sample.strata {
                println!("{}  {}/{}", stratum.name, stratum.sites.len(), stratum.of);
                stratum.sites.iter().for_each(|(id, number)| println!("  {id}  {number}"));
            }
            Ok(exit::CLEAN)
        }
        Asked::State { site, state, since, until, basis, office } => {
            let desk = office.open()?;
            let state = match state {
                State::Running => SiteState::Running,
                State::Redesign => SiteState::Redesign,
                State::Suspended => SiteState::Suspended,
                State::Closed => SiteState::Closed,
            };
            if state != SiteState::Running && basis.as_deref().is_none_or(|basis| basis.trim().is_empty()) {
                let hint =
                    "未备案而打不开的网站要判不合格：写明 --basis / a site that is down without a filing fails: say --basis";
                return Err(Error::usage_with("没有备案依据 / the filing is not said", hint));
            }
            let standing = Standing { state, since: *since, until: *until, basis: basis.clone() };
            if !desk.runtime.block_on(desk.store.set_standing(site, &standing))? {
                let ids = desk.runtime.block_on(desk.store.registry())?.sites;
                let near = crate::checklist::place::suggest(site, ids.iter().map(|site| site.id.as_str()));
                let message = format!("没有网站 {site} / no site is called {site}");
                return Err(near.map_or_else(|| Error::usage(&*message), |near| Error::usage_with(&*message, near)));
            }
            println!("{site}: {}", state.word());
            Ok(exit::CLEAN)
        }
    }
}

/// What the last deep scan of every site proposes for its units.
fn columns_of(desk: &Desk) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for watched in desk.runtime.block_on(desk.store.watched())? {
        let Some(folder) = desk.runtime.block_on(desk.store.last_folder(watched.no, &DEEP))?.map(PathBuf::from) else {
            eprintln!("{}: 还没有完整的深度扫描 / no complete deep scan yet", watched.site.id);
            continue;
        };
        let (plan, run) = finished::open(&folder)?;
        for (id, facts) in crate::judge::unit_sites(&plan, &run)? {
            if let Some(unit) = plan.unit(&id).filter(|unit| watched.units.iter().any(|(held, _)| held.id == unit.id)) {
                lines.extend(sites::of_unit(&plan, unit, &watched.site.id, &facts));
            }
        }
    }
    Ok(lines)
}
