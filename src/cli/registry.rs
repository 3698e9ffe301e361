//! `xuncha sites` where the store is concerned: import of the office's table, list, export, state.

use super::office::OfficeOptions;
use super::sites;
use crate::error::{Error, Result};
use crate::exit;
use crate::finding::Language;
use crate::registry::table::{self, Taken};
use crate::registry::{SiteState, Standing};
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
