//! `xuncha accuracy`: measures the rules on synthetic sites with known faults, and holds the figures against an earlier table.

use crate::accuracy::{self, Options as Amount, table};
use crate::error::{Error, Result};
use crate::exit;
use clap::Args;
use std::path::PathBuf;

/// What is measured, and where it goes.
#[derive(Debug, Args)]
pub struct Options {
    /// 种子：同一种子，同样的站点和数字 / same seed, same sites, same figures
    #[arg(long, default_value_t = 20_261_122)]
    seed: u64,
    /// 轮数：每轮一个站点，每条规则一处问题和一处近似 / sites, each with one fault and one near-miss of every rule
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u64).range(1..))]
    rounds: u64,
    /// 只测这些规则 / only these rules
    #[arg(long, value_delimiter = ',')]
    rule: Vec<String>,
    /// 表格写到这个文件 / write the table to a file
    #[arg(long)]
    out: Option<PathBuf>,
    /// 与这个文件里的表格比较，变差即失败 / compare with the table in a file; a drop fails
    #[arg(long)]
    against: Option<PathBuf>,
}

/// Runs it.
pub fn run(options: &Options) -> Result<u8> {
    if let Some(unknown) = options.rule.iter().find(|id| crate::rules::find(id).is_none()) {
        return Err(Error::usage_with(format!("没有这条规则 / no rule {unknown}"), "xuncha rules"));
    }
    let amount = Amount { seed: options.seed, rounds: options.rounds, only: options.rule.clone() };
    let bar = indicatif::ProgressBar::new(options.rounds);
    let measured = accuracy::measure(&amount, &mut |done| bar.set_position(done))?;
    bar.finish_and_clear();
    let earlier = match &options.against {
        Some(file) => table::earlier(&std::fs::read_to_string(file).map_err(|e| Error::io(file, e))?),
        None => std::collections::BTreeMap::new(),
    };
    let text = table::markdown(&measured);
    match &options.out {
        Some(file) => std::fs::write(file, &text).map_err(|e| Error::io(file, e))?,
        None => print!("{text}"),
    }
    println!("seed {}, {} rounds, {} pages", options.seed, measured.rounds, measured.pages);
    for wrong in &measured.wrong {
        eprintln!("{}", crate::report::plain::lines(wrong));
    }
    let shortfalls = table::shortfalls(&measured, &earlier);
    for shortfall in &shortfalls {
        eprintln!("{shortfall}");
    }
    Ok(if shortfalls.is_empty() { exit::CLEAN } else { exit::FINDINGS })
}
