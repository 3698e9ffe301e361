//! `xuncha outpost`: a machine on another network, its key, and the signed files that it ships.

use super::office::OfficeOptions;
use crate::cadence::outpost;
use crate::cadence::period::Period;
use crate::error::Result;
use crate::exit;
use clap::Subcommand;
use jiff::civil::Date;
use std::path::PathBuf;

/// What is done.
#[derive(Debug, Clone, Subcommand)]
pub enum Asked {
    /// 前哨：生成密钥，打印公钥 / on the outpost: make its key and print the public one
    Key {
        /// 密钥文件（自行保管，不要外传）/ the key file; keep it to yourself
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// 办公室：登记前哨及其公钥 / at the office: register an outpost
    Add {
        /// 名称，与前哨的 vantage 相同 / its name: the vantage that it calls itself
        name: String,
        /// 公钥 / public key
        key: String,
        /// 登记人 / who registers it
        #[arg(long)]
        by: Option<String>,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
    /// 前哨：导出一段时间的探测和运行，成一个签名文件 / on the outpost: visits and runs of some days in one signed file
    Export {
        /// 密钥文件 / the key file
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// 从哪天起 / first day
        #[arg(long, value_name = "DATE")]
        since: Date,
        /// 到哪天止，默认今天 / last day, today when left out
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
        /// 写到哪里 / where
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
    /// 办公室：导入前哨的文件；重复导入不重复计 / at the office: take such a file in; twice is once
    Import {
        /// 文件 / the file
        file: PathBuf,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
}

/// Does it.
pub fn run(asked: &Asked) -> Result<u8> {
    let now = crate::clock::now();
    match asked {
        Asked::Key { out } => println!("{}", outpost::make_key(out)?),
        Asked::Add { name, key, by, office } => {
            let desk = office.open()?;
            desk.runtime.block_on(desk.store.add_outpost(name, key.trim(), by.as_deref(), now.as_second()))?;
            println!("{name}");
        }
        Asked::Export { key, since, until, out, office } => {
            let desk = office.open()?;
            let (from, _) = Period::Day(*since).bounds();
            let (_, to) = Period::Day(until.unwrap_or_else(|| crate::clock::date_of(now))).bounds();
            let (runs, rounds) = desk.runtime.block_on(outpost::export(&desk.store, &desk.office, key, (from, to), out))?;
            println!("{}: {runs} 次运行 runs, {rounds} 轮探测 rounds", out.display());
        }
        Asked::Import { file, office } => {
            let desk = office.open()?;
            let taken = desk.runtime.block_on(outpost::import(&desk.store, &desk.office, file))?;
            println!(
                "运行 {} 次（已有 {}），探测 {} 轮（已有 {}）/ {} runs ({} known), {} rounds ({} known)",
                taken.runs,
                taken.known_runs,
                taken.rounds,
                taken.known_rounds,
                taken.runs,
                taken.known_runs,
                taken.rounds,
                taken.known_rounds
            );
        }
    }
    Ok(exit::CLEAN)
}
